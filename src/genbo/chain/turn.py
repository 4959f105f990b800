"""A turn: what a dispatcher got done in one go, and what it waits for."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Turn:
    """What one turn came to."""

    sent: int = 0
    settled: int = 0
    """Entries and commands whose state changed."""
    open: int = 0
    """Entries that are still looked after."""
    waiting: int = 0
    """Queued commands that could not go yet."""
    problems: list[str] = field(default_factory=list)
    """What a node, or a missing signature, said against sending; no personal data."""

    @property
    def idle(self) -> bool:
        """Whether nothing moved."""
        return not (self.sent or self.settled)
