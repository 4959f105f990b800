"""Anchors (アンカー): registers, record dates and payee lists committed to on the ledger by one ANCHORER, and looked up
there by anybody."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.acting import ORDERED, Acts, Order, Ordered
from genbo.api.asking import Asks
from genbo.api.distribution import RunPath
from genbo.api.ids import ID, ProductPath
from genbo.api.record_date import DayPath, in_range
from genbo.api.router import router as a_router
from genbo.api.stamp import Stamp, as_of_from
from genbo.bootstrap.acts.anchoring import anchor_payees, anchor_record_date, anchor_register
from genbo.bootstrap.register_output import Asker
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Reason, Refusal

router = a_router("anchors")


class Anchored(StrEnum):
    """What a root commits to."""

    REGISTER = "register"
    """原簿: a document as of an instant, or the holders of a record date"""
    PAYEE_LIST = "payee_list"
    """支払先一覧"""
    AUDIT_DAY = "audit_day"
    """監査記録の一日"""

    @property
    def number(self) -> AnchorKind:
        return AnchorKind[self.name]


class AnchoredRoot(BaseModel):
    """A root on the ledger, for good (アンカー)."""

    root: Annotated[str, Field(description="マークルルート")]
    leaves: Annotated[int, Field(description="Records that it covers. 件数")]
    anchored_at: Annotated[datetime, Field(description="アンカー日時")]


class AnchorFound(BaseModel):
    """What stands on the ledger under a subject and a day."""

    kind: Annotated[Anchored, Field(description="種別")]
    subject: Annotated[str, Field(description="対象")]
    day: Annotated[date, Field(description="日付, in Japan")]
    contract: Annotated[str, Field(description="アンカーコントラクト")]
    anchor: Annotated[AnchoredRoot | None, Field(description="None where nothing stands. アンカー")]
    block: Annotated[Stamp, Field(description="The block that was asked. ブロック")]


class RegisterAnchorOrder(Order):
    """A register to commit to (原簿のアンカリング)."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        str,
        Field(
            max_length=40,
            description="A day, an instant or `block:1200`, as in a query. 基準時点",
            examples=["2022-01-31"],
        ),
    ]


class AnchorOrder(Order):
    """A root to commit to (アンカリング)."""

    model_config = ConfigDict(extra="forbid")


@router.get("/anchors")
def read_anchor(
    ask: Asks,
    kind: Annotated[Anchored, Query(description="What it commits to. 種別")],
    subject: Annotated[
        str,
        Query(
            pattern=ID,
            description="Of a record date the product, of a payee list the distribution, of a document what its "
            "verification tells. 対象",
        ),
    ],
    day: Annotated[date, Query(description="日付, in Japan")],
) -> AnchorFound:
    """What stands on the ledger: roots are no secret among those who share it. アンカーの照会"""
    in_range(day)
    contract = RegisterAnchor(ask.office.house.node, ask.office.deployment.anchor)
    found = contract.anchored(kind.number, subject, day)
    return AnchorFound(
        kind=kind,
        subject=subject,
        day=day,
        contract=ask.office.deployment.anchor,
        anchor=None
        if found.value is None
        else AnchoredRoot(
            root=found.value.root, leaves=found.value.leaves, anchored_at=found.value.anchored
        ),
        block=Stamp.of(found.stamp),
    )


@router.post("/products/{product}/register-documents/anchors", responses=ORDERED)
def anchor_document(product: ProductPath, body: RegisterAnchorOrder, act: Acts) -> Ordered:
    """Commits to the register of a product as of an instant, without a name in what is hashed. Whatever is printed of
    it, before or after, is proved against the anchor. 原簿のアンカリング"""
    as_of = as_of_from(body.as_of)
    if as_of is None:
        raise Refusal(Reason.TIME_MALFORMED, text=body.as_of)
    asker = Asker(by=act.ask.by, at=act.ask.at, institution=act.ask.institution.id)
    return act.of_product(product, body, lambda desk: anchor_register(desk, as_of, asker=asker))


@router.post("/products/{product}/record-dates/{day}/anchors", responses=ORDERED)
def anchor_day(product: ProductPath, day: DayPath, body: AnchorOrder, act: Acts) -> Ordered:
    """Commits to who held at a record date that was fixed, after comparing it with the rows.
    権利者一覧のアンカリング"""
    in_range(day)
    return act.of_product(product, body, lambda desk: anchor_record_date(desk, day))


@router.post("/products/{product}/distributions/{distribution}/anchors", responses=ORDERED)
def anchor_distribution(
    product: ProductPath, distribution: RunPath, body: AnchorOrder, act: Acts
) -> Ordered:
    """Commits to the payee list of a distribution that was approved: from then on every payee can prove its line to
    anybody. 支払先一覧のアンカリング"""
    run = act.ask.sight.payees.run(ProductId(product), distribution)
    return act.of_product(product, body, lambda desk: anchor_payees(desk, run))


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", "/v1/anchors"): reads(ALL_ROLES),
    ("POST", "/v1/products/{product}/register-documents/anchors"): updates(_REGISTRAR),
    ("POST", "/v1/products/{product}/record-dates/{day}/anchors"): updates(_REGISTRAR),
    ("POST", "/v1/products/{product}/distributions/{distribution}/anchors"): updates(_REGISTRAR),
}
