"""Restriction (移転の制限): what one RESTRICTOR raises, and what two persons lift."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Order, Ordered
from genbo.api.ids import AnId, ProductPath
from genbo.api.papers import AnAmount, Evidence, PartyBody
from genbo.api.router import router as a_router
from genbo.bootstrap.acts import ActDesk, Planned
from genbo.bootstrap.acts import restricting as acts
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import InvestorId

router = a_router("restrictions")

Until: TypeAlias = Annotated[
    AwareDatetime | None,
    Field(description="The first instant it no longer holds; none: at once. 期限"),
]


class _Restriction(Order):
    """What all restrictions carry."""

    evidence: Annotated[
        Evidence | None, Field(description="Kept with the records; not on the ledger. 根拠書類")
    ] = None

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        raise NotImplementedError


class UnitsFreeze(_Restriction):
    """So many units of a holder, more or fewer (口数の凍結)."""

    kind: Annotated[Literal["units"], Field(description="種類")]
    holder: Annotated[PartyBody, Field(description="保有者")]
    units: AnAmount

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        return acts.freeze_units(desk, self.holder.party, self.units, lift=lift)


class AddressFreeze(_Restriction):
    """The whole address of a holder (アドレスの凍結)."""

    kind: Annotated[Literal["address"], Field(description="種類")]
    holder: Annotated[PartyBody, Field(description="保有者")]

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        return acts.freeze_address(desk, self.holder.party, lift=lift)


class LockUp(_Restriction):
    """Until when a holder may not give (譲渡制限期間)."""

    kind: Annotated[Literal["lock_up"], Field(description="種類")]
    holder: Annotated[PartyBody, Field(description="保有者")]
    until: Until

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        return acts.lock_up(desk, self.holder.party, until=self.until, lift=lift)


class ProductLockUp(_Restriction):
    """Until when nobody may give (銘柄の譲渡制限期間)."""

    kind: Annotated[Literal["product_lock_up"], Field(description="種類")]
    until: Until

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        return acts.lock_up_product(desk, until=self.until, lift=lift)


class PermittedClasses(_Restriction):
    """Which investor classes may hold (保有できる投資家区分)."""

    kind: Annotated[Literal["permitted_classes"], Field(description="種類")]
    classes: Annotated[
        list[Annotated[int, Field(ge=0, le=31, strict=True)]],
        Field(max_length=32, description="All that may hold from then on. 投資家区分"),
    ]

    def plan(self, desk: ActDesk, *, lift: bool) -> Planned:
        return acts.permit_classes(desk, self.classes, lift=lift)


AnyRestriction: TypeAlias = Annotated[
    UnitsFreeze | AddressFreeze | LockUp | ProductLockUp | PermittedClasses,
    Field(discriminator="kind"),
]


class VerdictOrder(_Restriction):
    """Whose verdict the ledger is to be told (適格性の記帳)."""

    investor: Annotated[AnId, Field(description="投資家ID (T1.1)")]


@router.post("/products/{product}/restrictions", responses=ORDERED)
def order_restriction(product: ProductPath, body: AnyRestriction, act: Acts) -> Ordered:
    """Restricts: freezes units or an address, locks up a holder or the product, narrows the permitted classes; by one
    RESTRICTOR. 移転の制限"""
    return act.of_product(
        product, body, lambda desk: body.plan(desk, lift=False), document=_document(body)
    )


@router.post("/products/{product}/releases", responses=ORDERED)
def order_release(product: ProductPath, body: AnyRestriction, act: Acts) -> Ordered:
    """Lifts a restriction, or a part of it; by two persons. 移転の制限の解除"""
    return act.of_product(
        product, body, lambda desk: body.plan(desk, lift=True), document=_document(body)
    )


@router.post("/products/{product}/verdicts", responses=ORDERED)
def order_verdict(product: ProductPath, body: VerdictOrder, act: Acts) -> Ordered:
    """Tells the ledger of an investor what the registry's verdicts and screenings say now. What that is is never given
    by hand; taking back "blocked" takes two persons. 適格性の記帳"""
    investor = InvestorId(body.investor)
    return act.of_product(
        product,
        body,
        lambda desk: acts.record_verdict(desk, investor),
        document=_document(body),
    )


def _document(body: _Restriction) -> str | None:
    return None if body.evidence is None else body.evidence.document


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/restrictions"): updates({InstitutionRole.REGISTRAR}),
    ("POST", "/v1/products/{product}/releases"): updates({InstitutionRole.REGISTRAR}),
    ("POST", "/v1/products/{product}/verdicts"): updates({InstitutionRole.REGISTRAR}),
}
