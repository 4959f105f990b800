"""Sign-in through the identity provider (外部認証): what the provider proves, and who that is here, put together.

To the outside there is one refusal, `sign_in_refused`; the audit chain gets the cause. Whoever keeps `Pending` between
the two steps (a session of the console) uses it once.
"""

from collections.abc import Mapping
from datetime import datetime

from genbo.bootstrap.access import Access
from genbo.config import Settings
from genbo.governance.users import SignInOutcome
from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.oidc import IdentityProvider, OidcSettings, Pending


class IdentityDoor:
    """The door for users who are bound to an identity."""

    def __init__(self, access: Access, provider: IdentityProvider) -> None:
        self._access = access
        self._provider = provider

    def begin(self, *, at: datetime) -> tuple[str, Pending]:
        """Where to send the browser, and what to keep meanwhile. Raises Fault(identity_provider_unreachable)."""
        return self._provider.begin(at=at)

    def finish(self, pending: Pending, answer: Mapping[str, str], *, at: datetime) -> SignInOutcome:
        """Lets in whom the provider has proved, if somebody here is bound to that identity.

        Args:
            answer: the query that the browser came back with.

        Raises:
            Refusal: `sign_in_refused`, without facts, once it is stored.
            Fault: `identity_provider_unreachable`.
        """
        try:
            identity = self._provider.finish(pending, answer, at=at)
        except Refusal as refusal:
            if refusal.reason is not Reason.IDENTITY_UNPROVED:
                raise
            self._access.note_unproved(str(refusal.facts["problem"]), at=at)
            raise Refusal(Reason.SIGN_IN_REFUSED) from None
        return self._access.sign_in_by_identity(identity.issuer, identity.subject, at=at)


def oidc_settings(settings: Settings) -> OidcSettings | None:
    """The identity provider that the environment names; None when it names none.

    Raises:
        Fault: `setting_invalid` when the file of the client's secret cannot be read, or is empty.
    """
    if settings.oidc_issuer is None:
        return None
    file = settings.oidc_client_secret_file
    assert file is not None  # `read_settings` takes them together or not at all
    try:
        secret = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret:
        raise Fault(
            Reason.SETTING_INVALID,
            setting="GENBO_OIDC_CLIENT_SECRET_FILE",
            problem=f"{file} holds no secret that can be read",
        )
    return OidcSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id or "",
        client_secret=secret,
        redirect_uri=settings.oidc_redirect_uri or "",
        acr_values=tuple((settings.oidc_acr or "").split()),
    )
