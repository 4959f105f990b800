"""What the ledger said, as notices (台帳の通知): the events of whole transactions, for whoever sees them.

Movements of one transaction under one reference make one notice with up to `TOGETHER` entries, in the order of the
ledger; so a bulk act of a hundred thousand entries is some hundreds of notices. Each institution gets the entries that
it sees. A split is one notice, however many it concerns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from genbo.governance.institutions import CustomerParties, InstitutionId, ProductParties
from genbo.governance.notices import Audience, NoticeType, Shown, Telling
from genbo.kernel import Address, ProductId
from genbo.register import (
    AddressFrozen,
    LedgerEvent,
    LockUpSet,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
    VerdictGiven,
)
from genbo.token import MovementKind

TOGETHER = 500
"""Entries of one notice, at most."""

_TYPES: Mapping[MovementKind, NoticeType] = {
    MovementKind.ISSUE: NoticeType.ISSUE,
    MovementKind.ADDITIONAL_ISSUE: NoticeType.ADDITIONAL_ISSUE,
    MovementKind.DISTRIBUTE: NoticeType.DISTRIBUTION,
    MovementKind.TRANSFER: NoticeType.TRANSFER,
    MovementKind.REDEEM: NoticeType.REDEMPTION,
    MovementKind.SPLIT: NoticeType.SPLIT,
    MovementKind.FORCED: NoticeType.FORCED_TRANSFER,
    MovementKind.REDISTRIBUTE: NoticeType.REDISTRIBUTION,
    MovementKind.REVERSE: NoticeType.REVERSAL,
    MovementKind.CANCEL: NoticeType.CANCELLATION,
    MovementKind.REKEY: NoticeType.REKEYING,
}

Holders = Callable[[ProductParties, set[Address]], Mapping[Address, CustomerParties]]
"""Whose customers speak by addresses of a product."""


class LedgerNotices:
    """Turns events into tellings."""

    def __init__(
        self, audience: Audience, products: Mapping[ProductId, ProductParties], holders: Holders
    ) -> None:
        self._audience = audience
        self._products = products
        self._holders = holders
        self._owners: dict[ProductId, Mapping[Address, CustomerParties]] = {}

    def of(self, events: Sequence[LedgerEvent]) -> Iterator[Telling]:
        """What is told of these events, which are in ledger order and of whole transactions."""
        self._find_owners(events)
        for _, group in groupby(events, _act):
            together = list(group)
            for start in range(0, len(together), TOGETHER):
                yield from self._tell(together[start : start + TOGETHER])

    # Inside --------------------------------------------------------------------------------------

    def _tell(self, events: Sequence[LedgerEvent]) -> Iterator[Telling]:
        first = events[0]
        product = self._products.get(first.product)
        if product is None:
            return
        if isinstance(first, UnitsMoved):
            yield from self._movements(
                product, [each for each in events if isinstance(each, UnitsMoved)]
            )
        elif isinstance(first, UnitsSplit):
            yield from self._split(product, first)
        else:
            for each in events:
                yield from self._condition(product, each)

    def _movements(self, product: ProductParties, moved: Sequence[UnitsMoved]) -> Iterator[Telling]:
        owners = self._owners[product.product]
        entries: dict[InstitutionId, list[dict[str, object]]] = {}
        for each in moved:
            sender = None if each.source is None else owners.get(each.source)
            recipient = None if each.target is None else owners.get(each.target)
            for hearer in self._audience.of_trade(product, sender, recipient):
                entries.setdefault(hearer.institution, []).append(
                    {
                        "log_index": each.position.log_index,
                        "units": int(each.units),
                        "sender": _side(hearer.sender, each.source, sender),
                        "recipient": _side(hearer.recipient, each.target, recipient),
                    }
                )
        first = moved[0]
        for institution, seen in sorted(entries.items()):
            data: dict[str, object] = {
                "ref": first.ref,
                "kind": first.kind.name.lower(),
                "delivery_date": first.delivery_date.isoformat(),
                "reverses": first.reverses,
                "tx": first.position.tx,
                "entries": seen,
            }
            yield _telling(institution, first, _TYPES[first.kind], data)

    def _split(self, product: ProductParties, split: UnitsSplit) -> Iterator[Telling]:
        data: dict[str, object] = {
            "ref": split.ref,
            "factor": split.factor,
            "epoch": split.epoch,
            "total_before": int(split.total_before),
            "total_after": int(split.total_after),
            "delivery_date": split.delivery_date.isoformat(),
            "tx": split.position.tx,
        }
        for institution in self._audience.of_product(product):
            yield _telling(institution, split, NoticeType.SPLIT, data)

    def _condition(self, product: ProductParties, event: LedgerEvent) -> Iterator[Telling]:
        """Freeze, lock-up, verdict: of one address, or of many."""
        kind, common, addresses = _conditions(event)
        if kind is None:
            return
        owners = self._owners[product.product]
        for start in range(0, len(addresses), TOGETHER):
            seen: dict[InstitutionId, list[dict[str, object] | None]] = {}
            for address in addresses[start : start + TOGETHER]:
                owner = owners.get(address)
                for institution, shown in self._audience.of_holding(product, owner):
                    seen.setdefault(institution, []).append(_side(shown, address, owner))
            for institution, holders in sorted(seen.items()):
                data = {**common, "tx": event.position.tx, "holders": holders}
                yield _telling(institution, event, kind, data)

    def _find_owners(self, events: Iterable[LedgerEvent]) -> None:
        addresses: dict[ProductId, set[Address]] = {}
        for each in events:
            found = addresses.setdefault(each.product, set())
            if isinstance(each, UnitsMoved):
                found |= {side for side in (each.source, each.target) if side is not None}
            else:
                found |= set(_conditions(each)[2])
        for product, wanted in addresses.items():
            if product in self._products:
                self._owners[product] = self._holders(self._products[product], wanted)


def _act(event: LedgerEvent) -> tuple[object, ...]:
    """What of the ledger belongs together: movements of one transaction, kind and reference; all else by itself."""
    if isinstance(event, UnitsMoved):
        return (event.product, event.position.tx, event.kind, event.ref, event.reverses)
    return (event.product, event.position.tx, event.position.log_index)


def _conditions(
    event: LedgerEvent,
) -> tuple[NoticeType | None, dict[str, object], tuple[Address, ...]]:
    """Type, what is the same for all, and whom it is about."""
    match event:
        case VerdictGiven():
            until = None if event.until is None else event.until.isoformat()
            common: dict[str, object] = {
                "verified_until": until,
                "investor_class": event.investor_class,
                "blocked": event.blocked,
            }
            return NoticeType.VERDICT, common, event.addresses
        case UnitsFrozen():
            return NoticeType.FREEZE, {"frozen_units": int(event.units)}, (event.address,)
        case AddressFrozen():
            return NoticeType.FREEZE, {"address_frozen": event.frozen}, (event.address,)
        case LockUpSet():
            until = None if event.until is None else event.until.isoformat()
            return NoticeType.LOCK_UP, {"locked_until": until}, (event.address,)
        case _:
            return None, {}, ()


def _side(
    shown: Shown, address: Address | None, owner: CustomerParties | None
) -> dict[str, object] | None:
    """One side as it is told; None where there is none, or where it is not to be told."""
    if address is None or shown is Shown.NOTHING:
        return None
    return {
        "address": None if shown is Shown.INVESTOR else address,
        "investor": None if owner is None or shown is Shown.ADDRESS else owner.investor,
    }


def _telling(
    institution: InstitutionId, event: LedgerEvent, kind: NoticeType, data: Mapping[str, object]
) -> Telling:
    return Telling(
        institution=institution,
        product=event.product,
        type=kind,
        occurred_at=event.position.stamp.at,
        stamp=event.position.stamp,
        final=True,
        data=data,
    )
