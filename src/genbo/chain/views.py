"""Views: what a reader needs of several nodes that it does not need of one.

A sequence of questions that belong together is put to one node alone: the logs of a range from one node and its
headers from another would be two chains in one. And what several nodes know is final only as far as they agree.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from genbo.chain.node import Node
from genbo.kernel import BlockStamp, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """Two nodes that are on different chains."""

    one: str
    """Name of a node."""
    other: str
    agreed: int
    """The last block they have in common; everything up to it is the same."""
    one_hash: str
    """What each has for the block after it."""
    other_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at one node showed."""

    name: str
    head: BlockStamp | None
    """None when it did not answer."""
    seconds: float | None
    """How long the answer took."""
    trouble: Fault | None
    """Why it is left alone, should it answer or not."""


@runtime_checkable
class Views(Node, Protocol):
    """Several nodes of one chain."""

    def bind(self, number: int, block_hash: str) -> None:
        """From now on only nodes that have this block are asked.

        Raises:
            Fault: `chain_mismatch` when one of those that answer has another block there, or all are without it. One
                that has not come so far is left alone until it has.
        """

    def view(self, reaching: int) -> Node:
        """One of them, which has come to the block `reaching`.

        When each of them answers and none has come so far, the one that has come furthest: the chain became shorter.

        Raises:
            Fault: `node_unreachable` when none answers; `node_behind` when those that answer have not come so far.
        """

    def leave(self, view: Node, fault: Fault) -> bool:
        """That one failed; whether another may be asked at once."""

    def agreed(self, upto: BlockStamp) -> int:
        """The number of the last block, `upto` or before, that none of them contradicts."""

    def look(self) -> list[Look]:
        """A look at each of them, those too that failed a moment ago."""

    @property
    def dissents(self) -> list[Dissent]:
        """The pairs that were on different chains when both answered last."""
