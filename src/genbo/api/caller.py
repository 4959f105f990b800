"""Callers (呼出元): which institution's systems are asking, with which credential, for which scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from genbo.governance.institutions import Institution
from genbo.governance.users import CredentialId, Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. What it may see and do is decided elsewhere, from this."""

    credential: CredentialId
    institution: Institution
    scope: Scope

    @property
    def actor(self) -> str:
        """How the records name it."""
        return f"machine:{self.credential}"


class Authority(Protocol):
    """Knows credentials."""

    def caller(self, token: str, *, at: datetime) -> Caller:
        """Whose token it is.

        Raises:
            Refusal: `credential_refused`, recorded as refused.
        """

    def refused(self, caller: Caller | None, route: str, *, at: datetime) -> None:
        """Records that a caller asked for what its scope or role does not have."""
