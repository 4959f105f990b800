"""The register (原簿): who holds what, by law, since which day.

The ledger keeps balances by address and the registry knows persons; the register is the two joined, as a journal of
lots that is never edited. It can be derived again from the ledger's events at any time, and must come out the same.
"""

from genbo.register.fold import RegisterFold
from genbo.register.model import (
    AddressFrozen,
    Changes,
    LedgerEvent,
    LockUpSet,
    LogPosition,
    Lot,
    LotClosed,
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
from genbo.register.ports import Journal, OpenState, TradeHistory
from genbo.register.queries import Line, Step, lines, provenance

__all__ = [
    "AddressFrozen",
    "Changes",
    "Journal",
    "LedgerEvent",
    "Line",
    "LockUpSet",
    "LogPosition",
    "Lot",
    "LotClosed",
    "LotId",
    "OpenState",
    "Piece",
    "Position",
    "RegisterFold",
    "Step",
    "TotalIssued",
    "Trade",
    "TradeHistory",
    "UnitsFrozen",
    "UnitsMoved",
    "UnitsSplit",
    "VerdictGiven",
    "lines",
    "provenance",
]
