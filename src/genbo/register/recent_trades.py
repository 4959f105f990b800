"""Recent trades: those a fold has recorded itself, before a history that has the others.

A reversal must know what the trade it undoes had taken. The trades of one product that a history may not have yet
are remembered here; once it has them, they are forgotten, so that a reading of any length needs the same memory.
"""

from itertools import takewhile
from typing import NamedTuple

from genbo.kernel import Address, ProductId, Reference, Units
from genbo.register.model import LogPosition, Trade
from genbo.register.ports import TradeHistory


class NoHistory:
    """The history of a fold that begins at block 0."""

    def trades(self, product: ProductId, ref: Reference) -> tuple[Trade, ...]:
        return ()

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        return Units(0)


class _Restored(NamedTuple):
    """What redistributions have given back out of one redemption to one address."""

    units: int
    block: int
    """Of the last of them."""


class RecentTrades:
    """The trades of one product."""

    def __init__(self, product: ProductId, history: TradeHistory) -> None:
        self._product = product
        self._history = history
        self._trades: dict[Reference, list[Trade]] = {}
        """In ledger order; a reference belongs to one act, and so to one block."""
        self._restored: dict[tuple[Reference, Address], _Restored] = {}

    def record(self, trade: Trade) -> None:
        """Remembers a trade."""
        self._trades.setdefault(trade.ref, []).append(trade)

    def under(self, ref: Reference) -> list[Trade]:
        """Every movement under this reference, in ledger order: recorded in this run, or else before it."""
        return self._trades.get(ref) or list(self._history.trades(self._product, ref))

    def restore(self, ref: Reference, target: Address, units: int, at: LogPosition) -> int:
        """Remembers that `units` more are given back out of the redemption `ref`; what was given back before."""
        key = ref, target
        if key in self._restored:
            before = self._restored[key].units
        else:
            before = int(self._history.restored(self._product, ref, target))
        self._restored[key] = _Restored(before + units, at.stamp.number)
        return before

    def forget(self, *, upto: int) -> None:
        """Forgets what the history has: everything up to the block `upto`."""
        old = takewhile(
            lambda item: item[1][-1].position.stamp.number <= upto, self._trades.items()
        )
        for ref in [ref for ref, _ in old]:
            del self._trades[ref]
        for key in [key for key, each in self._restored.items() if each.block <= upto]:
            del self._restored[key]
