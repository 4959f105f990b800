"""Follower: reads the ledger as it grows, whatever goes away meanwhile.

A node or a database that is away, a disk that is full, a product whose terms are not recorded yet: reading waits, tries
again less and less often, and goes on from where it stood when the cause is gone. Each trouble is told once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from genbo.kernel import Fault, Reason

POLL_SECONDS = 1.0
"""How often a new block is looked for."""

LONGEST_WAIT = 15.0
"""Seconds between two attempts while something is away."""

PASSING = frozenset(
    {
        Reason.NODE_UNREACHABLE,
        Reason.NODE_BEHIND,
        Reason.CHAIN_MISMATCH,
        Reason.PRODUCT_UNRECORDED,
        Reason.DATABASE_UNREACHABLE,
        Reason.DATABASE_FULL,
        Reason.REORGANISATION_TOO_DEEP,
    }
)
"""Troubles that others end: somebody starts the node, makes room, records the terms."""

_PATIENCE = {Reason.PRODUCT_UNRECORDED: 3}
"""Attempts that may fail before anything is said: a product is created in the moment between two of them."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: reading waits for the end of a trouble, or goes on (None)."""

    trouble: Fault | None


class Follower:
    """One reader that goes on by itself. It does not sleep; whoever drives it does, for `pause` seconds."""

    def __init__(self, read: Callable[[], object]) -> None:
        """`read` brings everything up to the latest block, and may be tried again after any Fault."""
        self._read = read
        self._failed = 0
        self._told: Reason | None = None
        self.trouble: Fault | None = None
        """What reading waits for the end of; None while it works."""

    @property
    def pause(self) -> float:
        """Seconds until the next attempt: longer and longer while something is away."""
        return min(POLL_SECONDS * 2.0 ** max(self._failed - 1, 0), LONGEST_WAIT)

    def step(self) -> News | None:
        """One attempt; what there is to tell after it.

        Raises:
            Fault: what does not pass by itself.
        """
        try:
            self._read()
        except Fault as fault:
            if fault.reason not in PASSING:
                raise
            self._failed = 1 if self._is_new(fault) else self._failed + 1
            self.trouble = fault
            if self._told is fault.reason or self._failed < _PATIENCE.get(fault.reason, 1):
                return None
            self._told = fault.reason
            return News(fault)
        told, self._told = self._told, None
        self.trouble, self._failed = None, 0
        return None if told is None else News(None)

    def _is_new(self, fault: Fault) -> bool:
        return self.trouble is None or self.trouble.reason is not fault.reason
