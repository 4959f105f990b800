"""Merkle trees for `RegisterAnchor`: one root commits to many records, and a short proof shows that one is among them.

A leaf is keccak256(keccak256(secret + record)), a node keccak256 of its two children in ascending order. The double
hash keeps a node from passing for a leaf. The secret, 32 random bytes per record, keeps anybody who sees a leaf or a
proof from guessing the record behind it (a register has few fields, and people are easy to guess); whoever shall
check a record is given its secret with it.

Leaves stand in ascending order, are paired from the left, and an odd last one goes up as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eth_utils.crypto import keccak

from genbo.chain.hexes import bytes_of, hex_of
from genbo.kernel import Digest

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Record:
    """One record, as bytes, with its secret."""

    content: bytes
    secret: bytes
    """32 random bytes, another for each record and each tree."""

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise ValueError(f"a secret has {SECRET_BYTES} bytes")  # a bug of the caller

    def digest(self) -> bytes:
        """What the contract is asked about. It hashes that once more, so no node can be put in its place."""
        return keccak(self.secret + self.content)

    def leaf(self) -> bytes:
        """The 32 bytes that stand for the record in the tree."""
        return keccak(self.digest())


class MerkleTree:
    """All levels of one tree, the leaves first."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Raises ValueError when there is no leaf, or one twice: a record's secret makes its leaf its own."""
        level = sorted(leaves)
        if not level:
            raise ValueError("a tree without leaves")
        if len(set(level)) < len(level):
            raise ValueError("a leaf twice")
        self._place = {leaf: place for place, leaf in enumerate(level)}
        self._levels = [level]
        while len(level) > 1:
            level = [_up(level[at : at + 2]) for at in range(0, len(level), 2)]
            self._levels.append(level)

    @classmethod
    def of(cls, records: Iterable[Record]) -> MerkleTree:
        return cls(record.leaf() for record in records)

    def __len__(self) -> int:
        """How many records the root covers."""
        return len(self._place)

    @property
    def root(self) -> Digest:
        return Digest(hex_of(self._levels[-1][0]))

    def proof(self, leaf: bytes) -> list[bytes]:
        """What `verify`, and the contract, need beside the leaf. Raises KeyError for a leaf of another tree."""
        place = self._place[leaf]
        path = []
        for level in self._levels[:-1]:
            sibling = place ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            place //= 2
        return path


def verify(root: Digest, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the leaf is among those that the root covers; as `RegisterAnchor.proves` finds."""
    for sibling in proof:
        leaf = _up([leaf, sibling])
    return leaf == bytes_of(root)


def verify_record(root: Digest, record: Record, proof: Sequence[bytes]) -> bool:
    """As `verify`, from the record itself: the only form that shows more than 32 bytes to be there."""
    return verify(root, record.leaf(), proof)


def _up(pair: Sequence[bytes]) -> bytes:
    """The parent of one or two nodes."""
    return pair[0] if len(pair) == 1 else keccak(b"".join(sorted(pair)))
