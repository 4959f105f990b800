"""Entitlement snapshot (権利者確定): who held how much at the end of a record date. Taken once, never written again.

What happens later - a cancellation, a forced transfer - is a movement of its own day and changes no snapshot; claims
between the parties are settled in cash (decision I-19).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from genbo.kernel import Address, BlockStamp, Digest, InvestorId, ProductId, Units, end_of_day
from genbo.kernel.record import record


@record(frozen=True, slots=True, kw_only=True, order=True)
class Entitlement:
    """The units of one holder."""

    holder: str
    """Investor id; the address itself where the registry knows nobody behind it, which is a finding."""
    units: Units
    known: bool = True

    def content(self) -> bytes:
        """The record that stands in the tree of the snapshot."""
        return _json({"holder": self.holder, "units": int(self.units)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The holders of a product at 24:00 JST of a record date."""

    product: ProductId
    record_day: date
    stamp: BlockStamp
    """The last block that belongs to it."""
    rows: tuple[Entitlement, ...]
    """By holder, each once, each with units."""

    @property
    def as_of(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return end_of_day(self.record_day)

    @property
    def total(self) -> Units:
        return Units(sum(each.units for each in self.rows))

    def digest(self) -> Digest:
        """SHA-256 over product, day and every row, so that a row that was changed is seen."""
        hashed = hashlib.sha256(
            _json({"product": self.product, "record_day": self.record_day.isoformat()})
        )
        for each in self.rows:
            hashed.update(b"\n" + each.content())
        return Digest("0x" + hashed.hexdigest())


def snapshot_of(
    product: ProductId,
    record_day: date,
    *,
    stamp: BlockStamp,
    held: Iterable[tuple[Address, Units]],
    owners: Mapping[Address, InvestorId],
) -> Snapshot:
    """The snapshot that balances by address make; the addresses of one investor count together."""
    units: dict[tuple[str, bool], int] = {}
    for address, amount in held:
        if amount:
            owner = owners.get(address)
            key = (address if owner is None else owner, owner is not None)
            units[key] = units.get(key, 0) + amount
    return Snapshot(
        product=product,
        record_day=record_day,
        stamp=stamp,
        rows=tuple(
            Entitlement(holder=holder, units=Units(count), known=known)
            for (holder, known), count in sorted(units.items())
        ),
    )


def _json(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
