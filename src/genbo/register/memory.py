"""MemoryRegister: the register's memory in plain Python.

Keeps the changes that a fold gave and answers what a fold needs to go on (`TradeHistory`,
`OpenState`). For reconciliation, for an auditor who folds from block 0, and for tests; the service
keeps the same in its database.
"""

from collections.abc import Iterable

from genbo.kernel import Address, ProductId, Reason, Reference, Refusal, Units
from genbo.register.model import Changes, Lot, LotId, Position, TotalIssued, Trade
from genbo.register.ports import OpenState
from genbo.token.movement import MovementKind


class MemoryRegister:
    """Every lot that ever was, what is open, and every trade with a reference."""

    def __init__(self, history: Iterable[Changes] = ()) -> None:
        self._lots: dict[tuple[ProductId, LotId], Lot] = {}
        self._open: dict[tuple[ProductId, LotId], Lot] = {}
        self._positions: dict[tuple[ProductId, Address], Position] = {}
        self._totals: dict[ProductId, TotalIssued] = {}
        self._trades: dict[tuple[ProductId, Reference], list[Trade]] = {}
        for changes in history:
            self.record(changes)

    def record(self, changes: Changes) -> None:
        """Keeps what one event changed; changes come in ledger order."""
        for lot in changes.opened:
            self._lots[lot.product, lot.id] = self._open[lot.product, lot.id] = lot
        for closed in changes.closed:
            del self._open[closed.product, closed.id]
        for position in changes.positions:
            self._positions[position.product, position.address] = position
        for total in changes.totals:
            self._totals[total.product] = total
        for trade in changes.trades:
            self._trades.setdefault((trade.product, trade.ref), []).append(trade)

    def open_state(self) -> OpenState:
        """What is open now: where a fold goes on."""
        return OpenState(
            lots=tuple(self._open.values()),
            positions=tuple(self._positions.values()),
            totals=tuple(self._totals.values()),
        )

    def trades(self, product: ProductId, ref: Reference) -> tuple[Trade, ...]:
        """Every movement under this reference, in ledger order."""
        return tuple(self._trades.get((product, ref), ()))

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        """Units that redistributions gave back to `target` out of the redemption `ref`."""
        return Units(
            sum(
                trade.units
                for (of, _), trades in self._trades.items()
                if of == product
                for trade in trades
                if trade.kind is MovementKind.REDISTRIBUTE
                and trade.source is None
                and trade.reverses == ref
                and trade.target == target
            )
        )

    def lot(self, product: ProductId, lot_id: LotId) -> Lot:
        """A lot, open or closed.

        Raises:
            Refusal: `lot_unknown`.
        """
        try:
            return self._lots[product, lot_id]
        except KeyError:
            raise Refusal(Reason.LOT_UNKNOWN, lot=str(lot_id), product=product) from None
