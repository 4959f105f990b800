"""The register as of an instant (基準時点), made from the changes that the fold gave.

Half-open: "as of T" is everything that happened before T, so the register of a record date is that
of its 24:00 JST (decision I-11). The answer never changes afterwards: what happens later adds
changes and edits none (decision I-19).
"""

from collections.abc import Iterable
from datetime import datetime

from genbo.kernel import Address, ProductId, Units
from genbo.register.model import Changes, Lot, LotId, Position


def positions_as_of(
    history: Iterable[Changes], *, product: ProductId, at: datetime
) -> dict[Address, Position]:
    """The last position before `at` of every address that appeared before it."""
    found: dict[Address, Position] = {}
    for changes in history:
        for position in changes.positions:
            if position.product == product and position.position.stamp.at < at:
                found[position.address] = position
    return found


def holdings_as_of(
    history: Iterable[Changes], *, product: ProductId, at: datetime
) -> list[Position]:
    """The positions with at least one unit, by address (R-JSTOA-6.2.1.2)."""
    positions = positions_as_of(history, product=product, at=at)
    return [position for _, position in sorted(positions.items()) if position.units]


def lots_as_of(history: Iterable[Changes], *, product: ProductId, at: datetime) -> list[Lot]:
    """The lots that were open just before `at`, by address, then first in first out."""
    lots: dict[LotId, Lot] = {}
    for changes in history:
        lots.update(
            (lot.id, lot)
            for lot in changes.opened
            if lot.product == product and lot.opened.stamp.at < at
        )
        for closed in changes.closed:
            if closed.product == product and closed.position.stamp.at < at:
                del lots[closed.id]
    return sorted(lots.values(), key=lambda lot: (lot.address, lot.acquired, lot.id))


def total_as_of(history: Iterable[Changes], *, product: ProductId, at: datetime) -> Units:
    """Total issued (総発行数量) just before `at` (R-JSTOA-6.2.1.3)."""
    total = Units(0)
    for changes in history:
        for each in changes.totals:
            if each.product == product and each.position.stamp.at < at:
                total = each.units
    return total
