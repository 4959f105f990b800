"""Inspections (閲覧記録): which documents of a register were given out, to whom, and why."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.router import router as a_router
from genbo.governance.inspection import Inspection as Made
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import InvestorId, ProductId
from genbo.storage.inspections import Inspections

router = a_router("inspections")


class Inspection(BaseModel):
    """A document that was given out (閲覧). No name is in it."""

    inspection: Annotated[str, Field(description="閲覧記録ID")]
    kind: Annotated[Literal["register", "certificate"], Field(description="書類の種別")]
    product: Annotated[str, Field(description="受益権ID")]
    investor: Annotated[str | None, Field(description="Whose entries, of a certificate. 投資家ID")]
    extent: Annotated[str, Field(description="記載範囲", examples=["reduced"])]
    institution: Annotated[
        str | None, Field(description="Who asked; none for the registrar's office. 関係者ID")
    ]
    as_of: Annotated[datetime, Field(description="First instant that is not in it. 基準時点")]
    block: Annotated[int, Field(description="ブロック番号")]
    facts_digest: Annotated[str, Field(description="Of its content without names. 内容のハッシュ")]
    lots: Annotated[int, Field(description="Lines in it. 行数")]
    form: Annotated[str, Field(description="形式", examples=["pdf"])]
    language: Annotated[str, Field(description="言語", examples=["ja"])]
    requester: Annotated[str, Field(description="An id, never a name. 請求者")]
    purpose: Annotated[str, Field(description="What names were opened for. 閲覧目的")]
    reason: Annotated[str, Field(description="閲覧の理由")]
    at: Annotated[datetime, Field(description="閲覧日時")]
    by: Annotated[str, Field(description="Never a name. 実行者")]

    @classmethod
    def of(cls, made: Made) -> Self:
        return cls(
            inspection=made.id,
            kind=made.kind,
            product=made.product,
            investor=made.investor,
            extent=made.extent,
            institution=made.institution,
            as_of=made.as_of,
            block=made.block,
            facts_digest=made.facts_digest,
            lots=made.lots,
            form=made.form,
            language=made.language,
            requester=made.request.requester,
            purpose=made.purpose,
            reason=made.request.reason,
            at=made.at,
            by=made.by,
        )


@router.get("/products/{product}/inspections")
def list_inspections(
    product: ProductPath,
    ask: Asks,
    investor: Annotated[
        str | None, Query(pattern=ID, description="Only certificates of this one. 投資家ID")
    ] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Inspection]:
    """Registers and certificates of a product that were given out, the latest first: as of when, how much of it, to
    whom and why. 閲覧記録一覧"""
    ask.sight.product(ProductId(product))
    question = {"of": ask.institution.id, "inspections": product, "investor": investor}
    begin = after_as(question, cursor, datetime, str)
    with ask.office.house.database.read() as connection:
        rows = Inspections(connection).all(
            product=ProductId(product),
            investor=None if investor is None else InvestorId(investor),
            after=None if begin is None else (begin[0], begin[1]),
            most=limit + 1,
        )
    return Page(
        items=[Inspection.of(each) for each in rows[:limit]],
        next=next_of(question, [(each.at, each.id) for each in rows], limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/inspections"): reads({InstitutionRole.REGISTRAR}),
}
