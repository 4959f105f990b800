"""RegisterAnchor: roots of registers, payee lists and audit days (アンカリング); see `chain.merkle`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import yyyymmdd
from genbo.chain.contracts.managed import Managed
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.merkle import Record
from genbo.chain.node import At, Pinned
from genbo.kernel import UTC, Digest, to_bytes32


class AnchorKind(IntEnum):
    """What a root commits to; the numbers are those of `IRegisterAnchor.sol`."""

    REGISTER = 0
    """The register of a product at a record date (権利確定日)."""
    PAYEE_LIST = 1
    """The payees of a distribution (分配)."""
    AUDIT_DAY = 2
    """The audit log of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A root on the ledger, for good."""

    root: Digest
    leaves: int
    """How many records it covers."""
    anchored: datetime


class RegisterAnchor(Managed):
    """The anchors of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "RegisterAnchor"

    def anchored(
        self, kind: AnchorKind, subject: str, day: date, at: At = None
    ) -> Pinned[Anchor | None]:
        """The root of that day in Japan; None when none was anchored."""
        read = self._read("rootOf", int(kind), to_bytes32(subject), yyyymmdd(day), at=at)
        root, leaves, anchored = read.value
        if not anchored:
            return Pinned(None, read.stamp)
        found = Anchor(
            root=Digest(hex_of(root)),
            leaves=int(leaves),
            anchored=datetime.fromtimestamp(anchored, UTC),
        )
        return Pinned(found, read.stamp)

    def proves(
        self,
        kind: AnchorKind,
        subject: str,
        day: date,
        *,
        record: Record,
        proof: Sequence[bytes],
        at: At = None,
    ) -> Pinned[bool]:
        """Whether the record belongs to the root of that day. The contract learns its digest, nothing more."""
        words = (int(kind), to_bytes32(subject), yyyymmdd(day), record.digest(), proof)
        read = self._read("proves", *words, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def anchor(
        self, kind: AnchorKind, subject: str, day: date, *, root: Digest, leaves: int
    ) -> Call:
        """ANCHORER: once per kind, subject (a product, a distribution, an audit chain) and day in Japan."""
        return self._write(
            f"anchor the {kind.name.lower().replace('_', ' ')} of {subject}, {day} ({leaves:,} records)",
            "anchor",
            int(kind),
            to_bytes32(subject),
            yyyymmdd(day),
            bytes_of(root),
            leaves,
        )
