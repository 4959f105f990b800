"""The broker's library: talks to a Genbo registry over HTTP and imports nothing of it.

    from genbo_sdk import Client, ClientSecret

    with Client("https://registry.example", reference=ClientSecret("K1", secret)) as client:
        for product in client.products.list():
            print(product.product, product.status)

`Client` waits for each answer, `AsyncClient` does not; both have the same calls. Whatever is refused is a `Refused`
with its reason, its facts and what to do, in Japanese and English. The names below are all that is public; what they
name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genbo_sdk import _models as models
    from genbo_sdk._async import AsyncClient
    from genbo_sdk._certificates import (
        CertifiedBalance,
        CertifiedBalances,
        sign_balance_certificate,
        verify_balance_certificate,
    )
    from genbo_sdk._credential import ClientSecret, Credential, PrivateKey
    from genbo_sdk._errors import (
        CertificateRefused,
        Conflict,
        CredentialMissing,
        GenboError,
        Invalid,
        NotAllowed,
        NotAnswered,
        NotFound,
        NotUnderstood,
        RateExceeded,
        Refused,
        SigningRefused,
        TimedOut,
        Unavailable,
        Unreachable,
        VersionDiffers,
        WebhookRefused,
        Words,
    )
    from genbo_sdk._explanation import Explanation, Why
    from genbo_sdk._json import EMPTY
    from genbo_sdk._reason import Reason
    from genbo_sdk._signing import (
        LocalSigner,
        SignedAuthorisation,
        Signer,
        sign_authorisation,
        sign_cancellation,
        sign_command,
        sign_possession,
        sign_transfer,
    )
    from genbo_sdk._sync import Client
    from genbo_sdk._typed_data import TransferIntent
    from genbo_sdk._webhooks import WebhookMessage, WebhookVerifier

    __version__: str

_MODULES = {
    "_async": ("AsyncClient",),
    "_certificates": (
        "CertifiedBalance", "CertifiedBalances", "sign_balance_certificate", "verify_balance_certificate",
    ),
    "_credential": ("ClientSecret", "Credential", "PrivateKey"),
    "_errors": (
        "CertificateRefused", "Conflict", "CredentialMissing", "GenboError", "Invalid", "NotAllowed", "NotAnswered",
        "NotFound", "NotUnderstood", "RateExceeded", "Refused", "SigningRefused", "TimedOut", "Unavailable",
        "Unreachable", "VersionDiffers", "WebhookRefused", "Words",
    ),
    "_explanation": ("Explanation", "Why"),
    "_json": ("EMPTY",),
    "_reason": ("Reason",),
    "_signing": (
        "LocalSigner", "SignedAuthorisation", "Signer", "sign_authorisation", "sign_cancellation", "sign_command",
        "sign_possession", "sign_transfer",
    ),
    "_sync": ("Client",),
    "_typed_data": ("TransferIntent",),
    "_webhooks": ("WebhookMessage", "WebhookVerifier"),
}  # fmt: skip
"""Private module to the public names in it."""

__all__ = [
    "EMPTY",
    "AsyncClient",
    "CertificateRefused",
    "CertifiedBalance",
    "CertifiedBalances",
    "Client",
    "ClientSecret",
    "Conflict",
    "Credential",
    "CredentialMissing",
    "Explanation",
    "GenboError",
    "Invalid",
    "LocalSigner",
    "NotAllowed",
    "NotAnswered",
    "NotFound",
    "NotUnderstood",
    "PrivateKey",
    "RateExceeded",
    "Reason",
    "Refused",
    "SignedAuthorisation",
    "Signer",
    "SigningRefused",
    "TimedOut",
    "TransferIntent",
    "Unavailable",
    "Unreachable",
    "VersionDiffers",
    "WebhookMessage",
    "WebhookRefused",
    "WebhookVerifier",
    "Why",
    "Words",
    "__version__",
    "models",
    "sign_authorisation",
    "sign_balance_certificate",
    "sign_cancellation",
    "sign_command",
    "sign_possession",
    "sign_transfer",
    "verify_balance_certificate",
]

_PLACES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """A public name, loaded now."""
    found: object
    if name == "__version__":
        from importlib.metadata import version

        found = version("genbo")
    elif name == "models":
        found = import_module("genbo_sdk._models")
    elif name in _PLACES:
        found = getattr(import_module(f"genbo_sdk.{_PLACES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
