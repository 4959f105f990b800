"""Finality (確定): from which depth on a block of a chain is taken to stand for good."""

from dataclasses import dataclass

REORGANISATION_DEPTH = 4_096
"""Blocks that may be taken back unless the operator says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finality:
    """What the operator of a chain relies on."""

    confirmations: int = 0
    """Blocks that must stand upon a block before it counts as final; 0 where a block is final at once."""
    reorganisation_depth: int = REORGANISATION_DEPTH
    """How many of the latest blocks may be taken back and read again. A deeper reorganisation is refused: somebody
    has to look at it."""

    def final_block(self, head: int) -> int:
        """As the function of that name."""
        return final_block(head, self.confirmations)


def final_block(head: int, confirmations: int) -> int:
    """The number of the latest block that is final when `head` is the latest block; -1 when none is deep enough.

    A block is final when at least `confirmations` blocks stand upon it, so a receipt of block `n` is final exactly
    when `n <= final_block(head, confirmations)`.
    """
    return max(head - confirmations, -1)
