"""Parameters of a KYC provider: a small JSON file of the operator's, with the provider's addresses and names."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from genbo.kernel import Fault, Reason

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ADDRESSES = ("sessions_url", "jwks_url", "callback_url")
_NAMES = ("issuer", "audience", "token")


@dataclass(frozen=True, slots=True, kw_only=True)
class KycParameters:
    """How a provider is reached and recognised.

    Raises:
        Fault: `setting_invalid` for an address that is not https; on this machine http will do.
    """

    issuer: str
    """Its name in callbacks (`iss`)."""
    audience: str
    """Our name in callbacks (`aud`)."""
    sessions_url: str
    """Where sessions are started."""
    jwks_url: str
    """Where its public keys are."""
    callback_url: str
    """Where it answers: `POST` of a compact JWS."""
    token: str = field(repr=False)
    """What we show when we start a session."""

    def __post_init__(self) -> None:
        for name in _NAMES:
            if not getattr(self, name):
                raise _invalid(f"{name} is empty")
        for name in _ADDRESSES:
            parts = urlsplit(getattr(self, name))
            here = parts.scheme == "http" and parts.hostname in _LOOPBACK
            if not (parts.scheme == "https" and parts.hostname) and not here:
                raise _invalid(f"{name} must be an https address")


def read_parameters(path: Path) -> KycParameters:
    """The parameters in a file.

    Raises:
        Fault: `file_unreadable`; `setting_invalid`.
    """
    try:
        given = json.loads(path.read_text("utf-8"))
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise Fault(Reason.FILE_UNREADABLE, file=path.name, problem=problem) from None
    except ValueError:
        raise _invalid("it is not JSON") from None
    wanted = {*_NAMES, *_ADDRESSES}
    if not isinstance(given, dict) or given.keys() != wanted:
        raise _invalid(f"it must have {', '.join(sorted(wanted))} and nothing else")
    if not all(isinstance(value, str) for value in given.values()):
        raise _invalid("every value must be a text")
    return KycParameters(**given)


def _invalid(problem: str) -> Fault:
    return Fault(Reason.SETTING_INVALID, setting="GENBO_KYC_FILE", problem=problem)
