"""The register's facts: what the ledger said, the lots that follow from it, and the entries that record it.

A holder is an investor on the statutory register. An address is a key that speaks for a holder; it is never the
holder. The ledger keeps balances by address; the register keeps lots, because the law wants the day each right was
acquired (Trust Act 186, Companies Act 121 and 681).
"""

from datetime import date, datetime
from typing import NamedTuple

from genbo.kernel import Address, BlockStamp, Digest, ProductId, Reference, Units
from genbo.kernel.record import record
from genbo.token.movement import MovementKind


@record(frozen=True, slots=True, kw_only=True, order=True)
class LogPosition:
    """Where an event stands in the ledger: its block and its index in it. Events are folded in this order."""

    stamp: BlockStamp
    log_index: int
    tx: str
    """Transaction hash, 0x and 64 lower-case hexadecimal digits."""


@record(frozen=True, slots=True, kw_only=True)
class LedgerEvent:
    """One thing the ledger said about one product."""

    product: ProductId
    position: LogPosition


@record(frozen=True, slots=True, kw_only=True)
class UnitsMoved(LedgerEvent):
    """Units came into being, changed hands or were extinguished."""

    kind: MovementKind
    source: Address | None
    """None when the units are created."""
    target: Address | None
    """None when the units are extinguished."""
    units: Units
    delivery_date: date
    """受渡日: the business day the law counts from (R-PROGMAT-T2.9)."""
    ref: Reference | None
    evidence: Digest | None
    reverses: Reference | None = None
    """What this movement undoes: the trade of a REVERSE, the mistaken redemption of a REDISTRIBUTE."""


@record(frozen=True, slots=True, kw_only=True)
class UnitsSplit(LedgerEvent):
    """Every holding is multiplied by `factor` from this position on."""

    factor: int
    epoch: int
    total_before: Units
    total_after: Units
    delivery_date: date
    ref: Reference | None


@record(frozen=True, slots=True, kw_only=True)
class VerdictGiven(LedgerEvent):
    """Addresses may hold until `until`, as investors of `investor_class`; or they are blocked."""

    addresses: tuple[Address, ...]
    until: datetime | None
    """The first instant the verdict no longer holds, UTC; None when no verdict is given."""
    investor_class: int
    blocked: bool


@record(frozen=True, slots=True, kw_only=True)
class UnitsFrozen(LedgerEvent):
    """The frozen units of an address are `units` from here on; may exceed its balance."""

    address: Address
    units: Units


@record(frozen=True, slots=True, kw_only=True)
class AddressFrozen(LedgerEvent):
    """The whole address is frozen, or no longer."""

    address: Address
    frozen: bool


@record(frozen=True, slots=True, kw_only=True)
class LockUpSet(LedgerEvent):
    """The address may not send before `until`; None lifts the lock-up."""

    address: Address
    until: datetime | None


class LotId(NamedTuple):
    """A lot is named by the log that created it and its number among the lots of that log (R-PROGMAT-T1.1)."""

    block: int
    log_index: int
    ordinal: int

    def __str__(self) -> str:
        return f"{self.block}.{self.log_index}.{self.ordinal}"


@record(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units of one product, held at one address, acquired on one day."""

    id: LotId
    product: ProductId
    address: Address
    units: Units
    acquired: date
    """取得日. Survives splits and re-keying; a reversal restores it."""
    parent: LotId | None
    """The lot these units came out of; None at issue."""
    opened: LogPosition
    opened_by: MovementKind
    ref: Reference | None
    """The trade by which the holder acquired the units; it goes along through splits and re-keying."""


@record(frozen=True, slots=True, kw_only=True)
class LotClosed:
    """A lot ends at `position`: its units went into other lots or were extinguished."""

    id: LotId
    product: ProductId
    position: LogPosition


@record(frozen=True, slots=True, kw_only=True)
class Position:
    """What one address holds of one product from `position` on, until the next Position of that pair."""

    product: ProductId
    address: Address
    units: Units
    frozen: Units
    """Units under a partial freeze or a hold; may exceed `units`."""
    address_frozen: bool
    locked_until: datetime | None
    verified_until: datetime | None
    blocked: bool
    retired: bool
    """Replaced by re-keying; holds nothing and never will again."""
    position: LogPosition


@record(frozen=True, slots=True, kw_only=True)
class TotalIssued:
    """Total issued (総発行数量) of one product from `position` on."""

    product: ProductId
    units: Units
    position: LogPosition
    factor: int = 1
    """Product of all split factors so far: units of an old trade times `factor` now / `factor` then."""


@record(frozen=True, slots=True, kw_only=True)
class Piece:
    """Units of one acquisition day that a trade took."""

    acquired: date
    units: Units


@record(frozen=True, slots=True, kw_only=True)
class Trade:
    """A movement with a reference, and the pieces it took: what a reversal must put back."""

    product: ProductId
    ref: Reference
    kind: MovementKind
    source: Address | None
    target: Address | None
    units: Units
    pieces: tuple[Piece, ...]
    """In the order in which they were taken; their sum is `units`. Empty at issue."""
    factor: int
    """`TotalIssued.factor` when it happened."""
    reverses: Reference | None
    position: LogPosition


@record(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one ledger event changes in the register: rows to add, lots to close. Nothing is ever edited."""

    opened: tuple[Lot, ...] = ()
    closed: tuple[LotClosed, ...] = ()
    positions: tuple[Position, ...] = ()
    totals: tuple[TotalIssued, ...] = ()
    trades: tuple[Trade, ...] = ()
