"""What the register needs from outside: the ledger's events, and a memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from genbo.kernel import Address, BlockStamp, ProductId, Reference, Units
from genbo.register.model import Changes, LedgerEvent, Lot, Position, TotalIssued, Trade


class TradeHistory(Protocol):
    """Trades recorded before the fold began."""

    def trades(self, product: ProductId, ref: Reference) -> Sequence[Trade]:
        """Every movement under this reference, in ledger order; none when there was none."""

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        """Units that redistributions have already given back to `target` out of the redemption `ref`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenState:
    """Where a fold goes on: what is open after the last block that was kept."""

    lots: Iterable[Lot] = ()
    positions: Iterable[Position] = ()
    totals: Iterable[TotalIssued] = ()


class Journal(Protocol):
    """The memory of the register. Raw events, derived rows and the cursor are kept together or not at all."""

    def open_state(self) -> OpenState:
        """What is open now."""

    def keep(
        self, *, events: Sequence[LedgerEvent], changes: Sequence[Changes], upto: BlockStamp
    ) -> None:
        """Records that the ledger said `events` up to the block `upto`, and what followed from them."""
