"""Questions to the register that need no memory of their own: the answers are made from rows it is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from genbo.kernel import Address, Units
from genbo.register.model import Lot, LotId
from genbo.token.movement import MovementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Units at one address, acquired on one day: a line of the printed register."""

    address: Address
    acquired: date
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in the life of units, from issue to now (所有者の来歴, R-JSTOA-6.2.1.1)."""

    lot: Lot
    kind: MovementKind
    units: Units
    address: Address
    came_from: Address | None
    """None at issue."""


def lines(lots: Iterable[Lot]) -> list[Line]:
    """The lots summed by address and day acquired, in that order."""
    sums: dict[tuple[Address, date], int] = {}
    for lot in lots:
        key = (lot.address, lot.acquired)
        sums[key] = sums.get(key, 0) + int(lot.units)
    return [
        Line(address=address, acquired=acquired, units=Units(units))
        for (address, acquired), units in sorted(sums.items())
    ]


def provenance(lot: Lot, parent_of: Callable[[LotId], Lot]) -> list[Step]:
    """How the units of `lot` came to where they are: the issue first, `lot` last.

    Remainders, which only say that a part was taken elsewhere, are left out.
    """
    chain = [lot]
    while chain[-1].parent is not None:
        chain.append(parent_of(chain[-1].parent))
    chain.reverse()
    steps: list[Step] = []
    previous: Lot | None = None
    for each in chain:
        moved = previous is None or each.address != previous.address
        split = each.opened_by is MovementKind.SPLIT
        if moved or split:
            steps.append(
                Step(
                    lot=each,
                    kind=each.opened_by,
                    units=each.units,
                    address=each.address,
                    came_from=None if previous is None else previous.address,
                )
            )
        previous = each
    return steps
