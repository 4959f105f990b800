"""What custody needs from outside: a tree of addresses, a judge of signatures, and a memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from genbo.custody.model import Challenge, Key, Proof, PublicKey
from genbo.kernel import Address, InvestorId, ProductId


class AddressTree(Protocol):
    """A custodian's extended public key."""

    @property
    def fingerprint(self) -> str:
        """Names the tree; derives nothing."""

    def at(self, index: int) -> PublicKey | None:
        """The key of an index; None for one that the standard leaves out."""


class PossessionCheck(Protocol):
    """Knows how challenges are signed."""

    def __call__(self, challenge: Challenge, proof: Proof) -> PublicKey | None:
        """Whose key made the signature over exactly this challenge; None when it is no signature."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a tree was handed out."""

    next_index: int
    """The first index that was never used, nor any after it."""
    last_registered: int | None
    """The highest index whose key was ever registered; None when none was."""


class Keys(Protocol):
    """Every key there ever was. One transaction; whoever asks for an extent has the tree to himself until it ends."""

    def of_investor(self, product: ProductId, investor: InvestorId) -> Sequence[Key]:
        """The investor's keys in the product, first to last."""

    def at_address(self, address: Address) -> Key | None:
        """The key of that address, of whatever product."""

    def extent(self, tree: str) -> Extent:
        """How much of the tree was handed out."""

    def keep(self, key: Key) -> None:
        """Keeps a new key, or what became of one."""


class Challenges(Protocol):
    """The challenges that were met."""

    def spend(self, challenge: Challenge, *, at: datetime) -> bool:
        """Marks it as met, once for all; False when it was before."""
