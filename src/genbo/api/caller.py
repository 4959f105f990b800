"""Callers (呼出元): which institution's systems are asking, with which credential, for which scope."""

from datetime import datetime
from typing import Protocol

from genbo.governance.users import Caller
from genbo.kernel import Refusal

__all__ = ["Authority", "Caller"]


class Authority(Protocol):
    """Knows credentials."""

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        """Whose token it is.

        Args:
            certificate: thumbprint of the certificate with which the caller's system connected (`x5t#S256` of RFC
                8705); None where it came with none.

        Raises:
            Refusal: `credential_refused`, `token_expired`, `certificate_differs`, recorded as refused.
        """

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        """Whose token it is, where that is known without asking anybody: as `caller`, and None for everything else."""

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        """Records that a caller asked for what its scope or role does not have."""
