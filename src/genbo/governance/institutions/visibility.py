"""Visibility (閲覧制御): the one place that decides what an institution sees of a given thing.

    given a thing and an institution
    ├── when the thing is its own: it sees what `SIGHT` grants its role
    │   ├── an issuer sees a person as an id, and the person itself under a disclosure by the registrar
    │   └── an intermediary sees a holding under the consent of its client, and nothing without
    ├── when it is the platform manager: it sees the digest of holdings and trades, and nothing else
    └── otherwise: it sees nothing; the answer is `not_found`, the same as for a thing that does not exist

This is about institutions. Whether one of its people may look is a further question: `users.work`.
"""

import re
from dataclasses import dataclass

from genbo.governance.institutions.institution import BROKERS, Institution, InstitutionId
from genbo.governance.institutions.role import InstitutionRole
from genbo.governance.institutions.sight import SIGHT, Sight, Subject
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Refusal

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}")
"""What an id looks like; see `kernel.ids`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductParties:
    """Whose a product is."""

    product: ProductId
    registrar: InstitutionId
    issuers: frozenset[InstitutionId] = frozenset()
    """Its asset manager and its fund raiser."""
    firms: frozenset[InstitutionId] = frozenset()
    """Custodians, brokers and intermediaries that handle it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerParties:
    """Whose customer an investor is."""

    investor: InvestorId
    broker: InstitutionId | None
    """The safekeeping firm that registered it; None for one that no broker did, such as a settlor."""
    custodian: InstitutionId | None = None
    """Who keeps its account keys, when the broker does not."""
    intermediary: InstitutionId | None = None
    """Who introduced it."""
    registers: tuple[ProductParties, ...] = ()
    """Products on whose register it stands or stood."""
    consents_to_intermediary: bool = False
    """Whether it lets its intermediary see what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeParties:
    """Whose a movement is. A side is None where there is none: nobody sends at issue, nobody receives at redemption."""

    product: ProductParties
    sender: CustomerParties | None
    recipient: CustomerParties | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """投資家情報の開示: a registrar's recorded decision to name a product's holders to an issuer (R-PROGMAT-VIS-4)."""

    product: ProductId
    by: InstitutionId
    """The registrar."""
    to: InstitutionId
    """The issuer."""
    purpose: str
    basis: Digest | None
    """Digest of the document that allows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeView:
    """How much of a trade is seen."""

    trade: Sight
    """The movement, its time and its quantity."""
    sender: Sight
    recipient: Sight


def sight_of_product(viewer: Institution, product: ProductParties) -> Sight:
    """How much of the terms and totals of `product` the viewer sees."""
    return _sight(viewer, Subject.PRODUCT, own=_owns_product(viewer, product))


def sight_of_person(
    viewer: Institution, customer: CustomerParties, disclosure: Disclosure | None = None
) -> Sight:
    """How much of who `customer` is the viewer sees."""
    if _is_disclosed(viewer, customer, disclosure):
        return Sight.ITSELF
    return _sight(viewer, Subject.PERSON, own=_owns_customer(viewer, customer))


def sight_of_holding(
    viewer: Institution, customer: CustomerParties, product: ProductParties
) -> Sight:
    """How much of the quantity that `customer` holds of `product` the viewer sees."""
    if viewer.role in (InstitutionRole.REGISTRAR, InstitutionRole.ISSUER):
        return _sight(viewer, Subject.HOLDING, own=_owns_product(viewer, product))
    own = _owns_customer(viewer, customer)
    consented = own and customer.consents_to_intermediary
    if viewer.role is InstitutionRole.INTERMEDIARY and consented:
        return Sight.ITSELF
    return _sight(viewer, Subject.HOLDING, own=own)


def view_trade(viewer: Institution, trade: TradeParties) -> TradeView:
    """How much of `trade`, and of its two sides, the viewer sees (R-PROGMAT-VIS-2)."""
    by_product = viewer.role in (InstitutionRole.REGISTRAR, InstitutionRole.ISSUER)
    own = (
        _owns_product(viewer, trade.product)
        if by_product
        else any(
            side is not None and _owns_customer(viewer, side)
            for side in (trade.sender, trade.recipient)
        )
    )
    seen = _sight(viewer, Subject.TRADE, own=own)
    if not own:
        return TradeView(trade=seen, sender=Sight.NOTHING, recipient=Sight.NOTHING)

    def side(customer: CustomerParties | None) -> Sight:
        if customer is None:
            return Sight.NOTHING
        mine = _owns_customer(viewer, customer)
        return SIGHT[viewer.role][Subject.PERSON if mine else Subject.COUNTERPARTY]

    return TradeView(trade=seen, sender=side(trade.sender), recipient=side(trade.recipient))


def require_seen(sight: Sight, *, subject: str, asked: str) -> Sight:
    """`sight`, where there is something to see.

    Args:
        subject: a `Subject`, or the word for another kind of thing.
        asked: what was asked for; it is repeated only when it is an id.

    Call it with `Sight.NOTHING` for a thing that does not exist, so that both answers are the same one. The caller
    writes `AuditAction.NOT_FOUND_ANSWERED` (R-PROGMAT-VIS-1).

    Raises:
        Refusal: `not_found`.
    """
    if sight is Sight.NOTHING:
        is_id = _ID.fullmatch(asked) is not None  # Somebody may have typed a name.
        raise Refusal(Reason.NOT_FOUND, subject=str(subject), **({"asked": asked} if is_id else {}))
    return sight


def require_person(
    viewer: Institution, customer: CustomerParties, disclosure: Disclosure | None = None
) -> None:
    """Nothing where the viewer may read name and address of `customer`.

    Raises:
        Refusal: `not_found` when it may not know of the customer; `purpose_missing` when it knows the customer as an
            id only: an issuer without a disclosure for that product (R-PROGMAT-VIS-4).
    """
    sight = sight_of_person(viewer, customer, disclosure)
    require_seen(sight, subject=Subject.PERSON, asked=customer.investor)
    if sight is not Sight.ITSELF:
        raise Refusal(Reason.PURPOSE_MISSING, investor=customer.investor)


def _sight(viewer: Institution, subject: Subject, *, own: bool) -> Sight:
    if own or viewer.role is InstitutionRole.PLATFORM_MANAGER:
        return SIGHT[viewer.role][subject]
    return Sight.NOTHING


def _owns_product(viewer: Institution, product: ProductParties) -> bool:
    match viewer.role:
        case InstitutionRole.REGISTRAR:
            return product.registrar == viewer.id
        case InstitutionRole.ISSUER:
            return viewer.id in product.issuers
        case InstitutionRole.PLATFORM_MANAGER:
            return False
        case _:
            return viewer.id in product.firms


def _owns_customer(viewer: Institution, customer: CustomerParties) -> bool:
    match viewer.role:
        case InstitutionRole.REGISTRAR | InstitutionRole.ISSUER:
            return any(_owns_product(viewer, product) for product in customer.registers)
        case InstitutionRole.CUSTODIAN:
            return customer.custodian == viewer.id
        case InstitutionRole.INTERMEDIARY:
            return customer.intermediary == viewer.id
        case role if role in BROKERS:
            return customer.broker == viewer.id
        case _:
            return False


def _is_disclosed(
    viewer: Institution, customer: CustomerParties, disclosure: Disclosure | None
) -> bool:
    """Whether `disclosure` is the registrar's, to this issuer, about a product whose register names the customer."""
    return (
        disclosure is not None
        and viewer.role is InstitutionRole.ISSUER
        and disclosure.to == viewer.id
        and bool(disclosure.purpose.strip())
        and disclosure.basis is not None
        and any(
            product.product == disclosure.product
            and product.registrar == disclosure.by
            and _owns_product(viewer, product)
            for product in customer.registers
        )
    )
