"""Open lots of one product, and the work that one event does on them: some are closed, others opened."""

from bisect import insort
from collections.abc import Iterator
from datetime import date

from genbo.kernel import Address, ProductId, Reference, Units
from genbo.register.model import (
    Changes,
    LogPosition,
    Lot,
    LotClosed,
    LotId,
    Position,
    TotalIssued,
    Trade,
)
from genbo.token.movement import MovementKind


class OpenLots:
    """By address, in the order in which they are taken: first in, first out by day, then by number."""

    def __init__(self) -> None:
        self._lots: dict[Address, list[Lot]] = {}

    def put(self, lot: Lot) -> None:
        """Files a lot where it is taken in turn."""
        lots = self._lots.get(lot.address)
        if lots is None:
            self._lots[lot.address] = [lot]
            return
        if lots:
            last = lots[-1]
            if last.acquired > lot.acquired or (last.acquired == lot.acquired and last.id > lot.id):
                insort(lots, lot, key=_turn)
                return
        lots.append(lot)  # what comes is mostly the latest

    def take(self, address: Address, units: int, first: Reference | None) -> list[tuple[Lot, int]]:
        """Removes the lots that `units` come out of; what each of them gives, the last perhaps not all it has.

        First in, first out; but what the trade `first` had brought goes first.

        Raises:
            ValueError: there are fewer units.
        """
        lots = self._lots.get(address, [])
        queue = lots
        if first is not None:
            queue = sorted(lots, key=lambda lot: lot.ref != first)  # the order among equals stays
        missing = units
        taken: list[tuple[Lot, int]] = []
        for lot in queue:
            part: int = lot.units
            if part >= missing:
                taken.append((lot, missing))
                missing = 0
                break
            missing -= part
            taken.append((lot, part))
        if missing:
            raise ValueError(f"{address} gives {units} units and lacks {missing} of them")
        if queue is lots:
            del lots[: len(taken)]
        else:
            gone = {lot.id for lot, _ in taken}
            lots[:] = [lot for lot in lots if lot.id not in gone]
        return taken

    def take_all(self, address: Address) -> list[Lot]:
        """Removes every lot of the address, and gives them in their order."""
        return self._lots.pop(address, [])

    def all(self) -> Iterator[Lot]:
        """Every lot, by address, then first in first out."""
        for _, lots in sorted(self._lots.items()):
            yield from lots

    def clear(self) -> list[Lot]:
        """Removes every lot, and gives them as `all` does."""
        lots = list(self.all())
        self._lots.clear()
        return lots


class LotWork:
    """The lots that one event closes and opens."""

    def __init__(
        self, product: ProductId, lots: OpenLots, position: LogPosition, kind: MovementKind
    ) -> None:
        self._product = product
        self._lots = lots
        self._position = position
        self._kind = kind
        self._opened: list[Lot] = []
        self._closed: list[LotClosed] = []

    def take(self, address: Address, units: int, first: Reference | None) -> list[tuple[Lot, int]]:
        """As `OpenLots.take`: closes the lots, and opens what is left of the last one."""
        taken = self._lots.take(address, units, first)
        for lot, part in taken:
            self.close(lot)
            if part < lot.units:
                self.open(address, lot.units - part, lot.acquired, lot.id, lot.ref)
        return taken

    def close(self, lot: Lot) -> None:
        """Ends a lot; its units go on in others, or not at all."""
        self._closed.append(LotClosed(id=lot.id, product=self._product, position=self._position))

    def open(
        self,
        address: Address,
        units: int,
        acquired: date,
        parent: LotId | None,
        ref: Reference | None,
    ) -> None:
        """Begins a lot."""
        position = self._position
        lot = Lot(
            id=LotId(position.stamp.number, position.log_index, len(self._opened)),
            product=self._product,
            address=address,
            units=Units(units),
            acquired=acquired,
            parent=parent,
            opened=position,
            opened_by=self._kind,
            ref=ref,
        )
        self._opened.append(lot)
        self._lots.put(lot)

    def changes(
        self,
        *,
        positions: tuple[Position, ...] = (),
        totals: tuple[TotalIssued, ...] = (),
        trades: tuple[Trade, ...] = (),
    ) -> Changes:
        """Everything that this event did."""
        return Changes(
            opened=tuple(self._opened),
            closed=tuple(self._closed),
            positions=positions,
            totals=totals,
            trades=trades,
        )


def _turn(lot: Lot) -> tuple[date, LotId]:
    """Whose turn it is to be taken."""
    return lot.acquired, lot.id
