"""RegisterFold: from what the ledger said to lots, positions and totals.

A pure rule: the same events in the same order give the same changes, whoever runs it: the service as it goes along,
the reconciliation, or an auditor from block 0.

Which lots a movement takes: first in, first out by day of acquisition, then by lot number; the seller cannot choose
(decision I-16). What day the taken units carry afterwards:

    kind                        day of acquisition at the recipient
    issue, additional issue     delivery date of the issue
    distribute, transfer        delivery date of the movement: the recipient acquires that day
    forced                      as a transfer
    split, re-key               unchanged: the holder did not change
    redistribute                that of the units before they were lost
    reverse                     that of the units the reversed trade had taken

A lot is never edited. Taking a part of one closes it and opens a remainder with the same day.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from genbo.kernel import MAX_UNITS, Address, ProductId, Reference, Units
from genbo.register.lots import LotWork, OpenLots
from genbo.register.model import (
    AddressFrozen,
    Changes,
    LedgerEvent,
    LockUpSet,
    LogPosition,
    Lot,
    LotId,
    Piece,
    Position,
    TotalIssued,
    Trade,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
    VerdictGiven,
)
from genbo.register.ports import OpenState, TradeHistory
from genbo.register.recent_trades import NoHistory, RecentTrades
from genbo.token.movement import MovementKind

_CREATES = frozenset({MovementKind.ISSUE, MovementKind.ADDITIONAL_ISSUE})


class RegisterFold:
    """The register as it stands after the events applied so far."""

    def __init__(
        self, *, history: TradeHistory | None = None, state: OpenState | None = None
    ) -> None:
        self._history: TradeHistory = history or NoHistory()
        self._products: dict[ProductId, _Product] = {}
        if state is not None:
            self._restore(state)

    def apply(self, event: LedgerEvent) -> Changes:
        """Takes one event in; what it changes.

        Events come in ledger order. An event that the token contract could not have emitted (more units taken than
        held) raises ValueError: then the ledger was read wrongly, and no row may be derived from it.
        """
        return _APPLY[type(event)](self._product(event.product), event)

    def forget(self, *, upto: int) -> None:
        """The history has everything up to the block `upto` by now: what was remembered in its stead is forgotten.

        So what a fold holds grows with open lots and addresses, and not with what ever happened. Not for a fold
        without a history.
        """
        for product in self._products.values():
            product.trades.forget(upto=upto)

    # What stands now -----------------------------------------------------------------------------

    def lots(self, product: ProductId) -> Iterator[Lot]:
        """The open lots, by address, then first in first out."""
        return self._product(product).lots.all()

    def positions(self, product: ProductId) -> list[Position]:
        """The present position of every address that ever appeared, by address."""
        return [position for _, position in sorted(self._product(product).positions.items())]

    def position(self, product: ProductId, address: Address) -> Position | None:
        """The present position of one address; None when nothing ever happened to it."""
        return self._product(product).positions.get(address)

    def total(self, product: ProductId) -> Units:
        """Total issued now."""
        return Units(self._product(product).total)

    # Inside --------------------------------------------------------------------------------------

    def _product(self, product: ProductId) -> "_Product":
        found = self._products.get(product)
        if found is None:
            found = self._products[product] = _Product(product, self._history)
        return found

    def _restore(self, state: OpenState) -> None:
        for lot in state.lots:
            self._product(lot.product).lots.put(lot)
        for position in state.positions:
            self._product(position.product).positions[position.address] = position
        for total in state.totals:
            product = self._product(total.product)
            product.total, product.factor = int(total.units), total.factor


class _Product:
    """One product's open lots and positions."""

    def __init__(self, product: ProductId, history: TradeHistory) -> None:
        self.product = product
        self.lots = OpenLots()
        self.positions: dict[Address, Position] = {}
        self.total = 0
        self.factor = 1
        self.trades = RecentTrades(product, history)

    # Movements -----------------------------------------------------------------------------------

    def moved(self, event: UnitsMoved) -> Changes:
        if event.kind is MovementKind.REKEY:
            return self._rekeyed(event)
        if not event.units or event.source == event.target:
            return Changes(trades=self._recorded(event, []))
        work = self._work(event.position, event.kind)
        taken = [] if event.source is None else work.take(event.source, event.units, event.reverses)
        if event.target is not None:
            self._deliver(work, event, taken)
        return work.changes(
            positions=self._positions_of(event),
            totals=self._totals(event),
            trades=self._recorded(event, taken),
        )

    def _deliver(self, work: LotWork, event: UnitsMoved, taken: list[tuple[Lot, int]]) -> None:
        """Opens the recipient's lots, each with the lot it came out of and the day the table above gives."""
        assert event.target is not None
        if event.kind in _CREATES:
            work.open(event.target, event.units, event.delivery_date, None, event.ref)
            return
        if event.kind is MovementKind.REVERSE or event.source is None:
            days = self._days_to_restore(event)
        elif event.kind is MovementKind.REDISTRIBUTE:
            days = self._days_before_the_loss(event, taken)
        else:
            for lot, part in taken:
                work.open(event.target, part, event.delivery_date, lot.id, event.ref)
            return
        parents: list[tuple[LotId | None, int]] = [(lot.id, units) for lot, units in taken]
        if event.source is None:
            parents = [(None, int(event.units))]
        for parent, day, units in _zip_units(parents, days, event.delivery_date):
            work.open(event.target, units, day, parent, event.ref)

    def _days_to_restore(self, event: UnitsMoved) -> list[tuple[date, int]]:
        """The days of the units that the undone movement had taken, in the order it took them.

        Units that the undone movement did not cover get the delivery date: the register must hold what the ledger
        holds, even for a reversal that named no trade we know.
        """
        if event.reverses is None:
            return []
        skip = 0 if event.source is not None else self._restored_before(event)
        under = self.trades.under(event.reverses)
        undone = [
            trade
            for trade in under
            if trade.source == event.target and trade.target == event.source
        ] or [
            trade
            for trade in under
            if self._is_or_was(trade.source, event.target)
            and self._is_or_was(trade.target, event.source)
        ]
        days: list[tuple[date, int]] = []
        for trade in undone:
            scale = self.factor // trade.factor
            for piece in trade.pieces:
                units = int(piece.units) * scale
                passed = min(skip, units)
                skip -= passed
                if units > passed:
                    days.append((piece.acquired, units - passed))
        return days

    def _days_before_the_loss(
        self, event: UnitsMoved, taken: list[tuple[Lot, int]]
    ) -> list[tuple[date, int]]:
        """The days that lost units carried before the error (R-JSTOA-6.1.1.9c).

        Units that a transfer of the very loser had moved to where they were lost get the days they had with the
        loser; others keep the days they are found with.
        """
        before: dict[Reference, list[tuple[date, int]]] = {}
        days: list[tuple[date, int]] = []
        for lot, units in taken:
            if lot.ref is not None and lot.ref not in before:
                before[lot.ref] = [
                    (piece.acquired, int(piece.units) * (self.factor // trade.factor))
                    for trade in self.trades.under(lot.ref)
                    if trade.source == event.target and trade.target == event.source
                    for piece in trade.pieces
                ]
            known = before.get(lot.ref, []) if lot.ref is not None else []
            missing = units
            while missing and known:
                day, available = known.pop(0)
                part = min(missing, available)
                if available > part:
                    known.insert(0, (day, available - part))
                days.append((day, part))
                missing -= part
            if missing:
                days.append((lot.acquired, missing))
        return days

    def _is_or_was(self, then: Address | None, now: Address | None) -> bool:
        """Whether the party `then` of a trade can be the party `now`: the same, or re-keyed since."""
        if then is None or now is None or then == now:
            return then == now
        position = self.positions.get(then)
        return position is not None and position.retired

    def _restored_before(self, event: UnitsMoved) -> int:
        """What was given back already out of the redemption that this undoes, which takes its part now."""
        assert event.reverses is not None
        assert event.target is not None
        return self.trades.restore(event.reverses, event.target, int(event.units), event.position)

    def _rekeyed(self, event: UnitsMoved) -> Changes:
        """The holder stays: lots keep their days, and every restriction goes along."""
        assert event.source is not None
        assert event.target is not None
        work = self._work(event.position, event.kind)
        for lot in self.lots.take_all(event.source):
            work.close(lot)
            work.open(event.target, int(lot.units), lot.acquired, lot.id, lot.ref)
        old = self._position(event.source, event.position)
        new = self._position(event.target, event.position)
        moved = replace(
            old,
            address=event.target,
            # The contract says `Frozen` for both addresses before this log, and for neither when
            # nothing is frozen; the new one had none of its own. So the sum is right either way.
            frozen=Units(old.frozen + new.frozen),
            address_frozen=old.address_frozen or new.address_frozen,
            blocked=old.blocked or new.blocked,
            locked_until=max(filter(None, (old.locked_until, new.locked_until)), default=None),
            position=event.position,
        )
        left = replace(old, units=Units(0), frozen=Units(0), retired=True, position=event.position)
        self.positions[event.source], self.positions[event.target] = left, moved
        return work.changes(positions=(left, moved), trades=self._recorded(event, []))

    def _totals(self, event: UnitsMoved) -> tuple[TotalIssued, ...]:
        change = int(event.units) * ((event.source is None) - (event.target is None))
        if not change:
            return ()
        self.total += change
        return (self._total_at(event.position),)

    def _positions_of(self, event: UnitsMoved) -> tuple[Position, ...]:
        at = event.position
        if event.source is None:
            assert event.target is not None
            return (self._changed_by(event.units, event.target, at),)
        left = self._changed_by(-event.units, event.source, at)
        if event.target is None:
            return (left,)
        return left, self._changed_by(event.units, event.target, at)

    def _changed_by(self, units: int, address: Address, at: LogPosition) -> Position:
        """The position with so many units more. Spelt out: `replace` takes four times as long."""
        before = self._position(address, at)
        now = self.positions[address] = Position(
            product=before.product,
            address=address,
            units=Units(before.units + units),
            frozen=before.frozen,
            address_frozen=before.address_frozen,
            locked_until=before.locked_until,
            verified_until=before.verified_until,
            blocked=before.blocked,
            retired=before.retired,
            position=at,
        )
        return now

    def _recorded(self, event: UnitsMoved, taken: list[tuple[Lot, int]]) -> tuple[Trade, ...]:
        if event.ref is None:
            return ()
        trade = Trade(
            product=self.product,
            ref=event.ref,
            kind=event.kind,
            source=event.source,
            target=event.target,
            units=event.units,
            pieces=tuple(Piece(acquired=lot.acquired, units=Units(part)) for lot, part in taken),
            factor=self.factor,
            reverses=event.reverses,
            position=event.position,
        )
        self.trades.record(trade)
        return (trade,)

    # Split ---------------------------------------------------------------------------------------

    def split(self, event: UnitsSplit) -> Changes:
        """Every lot and every freeze is multiplied; days and lock-ups stay (R-JSTOA-6.1.1.6b)."""
        work = self._work(event.position, MovementKind.SPLIT)
        for lot in self.lots.clear():
            work.close(lot)
            work.open(lot.address, int(lot.units) * event.factor, lot.acquired, lot.id, lot.ref)
        self.total *= event.factor
        self.factor *= event.factor
        changed = tuple(
            self._now(
                replace(
                    position,
                    units=Units(position.units * event.factor),
                    frozen=Units(min(position.frozen * event.factor, MAX_UNITS)),
                    position=event.position,
                )
            )
            for _, position in sorted(self.positions.items())
            if position.units or position.frozen
        )
        return work.changes(positions=changed, totals=(self._total_at(event.position),))

    # Restrictions --------------------------------------------------------------------------------

    def verdict(self, event: VerdictGiven) -> Changes:
        return self._restricted(
            event, event.addresses, verified_until=event.until, blocked=event.blocked
        )

    def frozen(self, event: UnitsFrozen) -> Changes:
        return self._restricted(event, (event.address,), frozen=event.units)

    def address_frozen(self, event: AddressFrozen) -> Changes:
        return self._restricted(event, (event.address,), address_frozen=event.frozen)

    def lock_up(self, event: LockUpSet) -> Changes:
        return self._restricted(event, (event.address,), locked_until=event.until)

    def _restricted(
        self, event: LedgerEvent, addresses: tuple[Address, ...], **fields: Any
    ) -> Changes:
        # A batch may name an address twice; its last word counts, and one row says it.
        named = dict.fromkeys(addresses)
        return Changes(
            positions=tuple(
                self._now(
                    replace(
                        self._position(address, event.position), position=event.position, **fields
                    )
                )
                for address in named
            )
        )

    # Inside --------------------------------------------------------------------------------------

    def _work(self, position: LogPosition, kind: MovementKind) -> LotWork:
        return LotWork(self.product, self.lots, position, kind)

    def _position(self, address: Address, at: LogPosition) -> Position:
        found = self.positions.get(address)
        if found is not None:
            return found
        return Position(
            product=self.product,
            address=address,
            units=Units(0),
            frozen=Units(0),
            address_frozen=False,
            locked_until=None,
            verified_until=None,
            blocked=False,
            retired=False,
            position=at,
        )

    def _now(self, position: Position) -> Position:
        self.positions[position.address] = position
        return position

    def _total_at(self, position: LogPosition) -> TotalIssued:
        return TotalIssued(
            product=self.product, units=Units(self.total), position=position, factor=self.factor
        )


_APPLY: dict[type[LedgerEvent], Callable[[_Product, Any], Changes]] = {
    UnitsMoved: _Product.moved,
    UnitsSplit: _Product.split,
    VerdictGiven: _Product.verdict,
    UnitsFrozen: _Product.frozen,
    AddressFrozen: _Product.address_frozen,
    LockUpSet: _Product.lock_up,
}


def _zip_units(
    parents: list[tuple[LotId | None, int]], days: list[tuple[date, int]], otherwise: date
) -> Iterator[tuple[LotId | None, date, int]]:
    """Lays two lists of unit counts side by side and cuts both wherever either ends.

    `days` may cover less than `parents`; the rest gets the day `otherwise`.
    """
    remaining = list(reversed(days))
    for parent, units in parents:
        while units:
            day, available = remaining.pop() if remaining else (otherwise, units)
            part = min(units, available)
            if available > part:
                remaining.append((day, available - part))
            yield parent, day, part
            units -= part
