"""Retrace: what the events of one product say by themselves, for comparing with what is stored.

One pass over the ledger's events in their order. Gives the facts that the invariants are judged on:
units created less units extinguished, the verdict at every receipt, the sums around every split,
and the accounts around every re-keying.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from genbo.kernel import Address, ProductId, Units
from genbo.reconciliation.invariants import Account, Receipt, SplitSums
from genbo.register import (
    Changes,
    LedgerEvent,
    LogPosition,
    Position,
    RegisterFold,
    UnitsMoved,
    UnitsSplit,
)
from genbo.token.movement import MovementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraced:
    """What a fresh fold of the events came to, and what happened on the way."""

    fold: RegisterFold
    history: tuple[Changes, ...]
    issued_less_redeemed: int
    """Counted from the movements alone, splits applied; no position or lot is asked."""
    receipts: tuple[Receipt, ...]
    splits: tuple[SplitSums, ...]
    rekeyed: tuple[tuple[Address, Account, Account], ...]


def retrace(events: Iterable[LedgerEvent], *, product: ProductId) -> Retraced:
    """Folds the events of `product` from the first one on; those of other products are passed over.

    Raises:
        ValueError: as `RegisterFold.apply`, when the events cannot be those of a ledger.
    """
    fold = RegisterFold()
    history: list[Changes] = []
    receipts: list[Receipt] = []
    splits: list[SplitSums] = []
    rekeyed: list[tuple[Address, Account, Account]] = []
    positions: dict[Address, Position] = {}
    earlier: dict[Address, int] = {}
    net = 0
    for event in events:
        if event.product != product:
            continue
        held = (
            sum(each.units for each in positions.values()) if isinstance(event, UnitsSplit) else 0
        )
        old = None
        if isinstance(event, UnitsMoved):
            if event.kind is MovementKind.REKEY and event.source is not None:
                old = _before_rekey(event.source, positions, earlier, event.position)
            elif event.units and event.target is not None and event.source != event.target:
                receipts.append(_receipt(event, positions.get(event.target)))
            net += int(event.units) * ((event.source is None) - (event.target is None))
        changes = fold.apply(event)
        history.append(changes)
        for position in changes.positions:
            _remember(earlier, positions.get(position.address), position)
            positions[position.address] = position
        if isinstance(event, UnitsSplit):
            net *= event.factor
            splits.append(_split(event, held, sum(each.units for each in positions.values())))
        elif isinstance(event, UnitsMoved) and old is not None and event.target is not None:
            rekeyed.append((event.target, old, account_of(positions[event.target])))
    return Retraced(
        fold=fold,
        history=tuple(history),
        issued_less_redeemed=net,
        receipts=tuple(receipts),
        splits=tuple(splits),
        rekeyed=tuple(rekeyed),
    )


def account_of(position: Position) -> Account:
    """A position as the checks compare it."""
    return Account(
        units=position.units,
        frozen=position.frozen,
        address_frozen=position.address_frozen,
        locked_until=position.locked_until,
    )


def _remember(earlier: dict[Address, int], before: Position | None, now: Position) -> None:
    """Keeps the frozen figure that an address had before the transaction that changed it last.

    A re-keying says `Frozen(old, 0)` first, so at its movement the position has forgotten what was
    frozen. The figure from before the transaction is what must arrive at the new address.
    """
    if before is None or before.position.tx != now.position.tx:
        earlier[now.address] = int(before.frozen) if before is not None else 0


def _before_rekey(
    address: Address,
    positions: dict[Address, Position],
    earlier: dict[Address, int],
    at: LogPosition,
) -> Account | None:
    position = positions.get(address)
    if position is None:
        return None
    account = account_of(position)
    if position.position.tx != at.tx:
        return account
    return Account(
        units=account.units,
        frozen=Units(max(account.frozen, earlier.get(address, 0))),
        address_frozen=account.address_frozen,
        locked_until=account.locked_until,
    )


def _receipt(event: UnitsMoved, position: Position | None) -> Receipt:
    assert event.target is not None
    return Receipt(
        address=event.target,
        at=event.position.stamp.at,
        verified_until=None if position is None else position.verified_until,
        blocked=position is not None and position.blocked,
        where=_where(event.position),
    )


def _split(event: UnitsSplit, before: int, after: int) -> SplitSums:
    return SplitSums(
        factor=event.factor,
        before=before,
        after=after,
        announced_before=event.total_before,
        announced_after=event.total_after,
        where=_where(event.position),
    )


def _where(position: LogPosition) -> str:
    return f"{position.stamp.number}.{position.log_index}"
