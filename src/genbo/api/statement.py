"""Statements (支払通知書): what each payee of a product was owed and had withheld in a year; points beside cash."""

from datetime import date
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.distribution import RunPath
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.record_date import FIRST_YEAR, LAST_YEAR
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import router as a_router
from genbo.bootstrap.statements import some_points, some_statements
from genbo.entitlements import Statement, StatementEntry
from genbo.entitlements.statement import Amounts
from genbo.kernel import ProductId

router = a_router("statements")


class Amount(BaseModel):
    """Yen of a payment, or of a year (金額)."""

    income: Annotated[int, Field(description="分配金・利子")]
    capital: Annotated[int, Field(description="元本の払戻し")]
    income_tax: Annotated[int, Field(description="所得税・復興特別所得税")]
    local_tax: Annotated[int, Field(description="地方税")]
    net: Annotated[int, Field(description="税引後")]
    points: Annotated[int, Field(description="ポイント")]

    @classmethod
    def of(cls, each: Amounts) -> Self:
        return cls(
            income=each.income,
            capital=each.capital,
            income_tax=each.income_tax,
            local_tax=each.local_tax,
            net=each.net,
            points=each.points,
        )


class StatedPayment(BaseModel):
    """One distribution in a statement."""

    distribution: Annotated[str, Field(description="分配ID")]
    record_day: Annotated[date, Field(description="権利確定日")]
    payment_day: Annotated[date, Field(description="支払日")]
    units: Annotated[int, Field(description="数量")]
    corrects: Annotated[str | None, Field(description="訂正元")]
    amounts: Annotated[Amount, Field(description="金額")]

    @classmethod
    def of(cls, each: StatementEntry) -> Self:
        return cls(
            distribution=each.run,
            record_day=each.record_day,
            payment_day=each.payment_day,
            units=each.units,
            corrects=each.corrects,
            amounts=Amount.of(each.amounts),
        )


class YearlyStatement(BaseModel):
    """A year of one payee (支払通知書), without the name."""

    holder: Annotated[str, Field(description="投資家ID")]
    year: Annotated[int, Field(description="年")]
    payments: Annotated[list[StatedPayment], Field(description="By payment day. 支払")]
    total: Annotated[Amount, Field(description="合計")]

    @classmethod
    def of(cls, each: Statement) -> Self:
        return cls(
            holder=each.holder,
            year=each.year,
            payments=[StatedPayment.of(one) for one in each.entries],
            total=Amount.of(each.total),
        )


@router.get("/products/{product}/statements")
def list_statements(
    product: ProductPath,
    ask: Asks,
    year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="暦年")],
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[YearlyStatement]:
    """What each payee of a product was owed and had withheld in a calendar year, by id; names are asked for with their
    own purpose. 支払通知書"""
    ask.sight.product(ProductId(product))
    question = {"of": ask.institution.id, "statements": product, "year": year}
    begin = after_as(question, cursor, str)
    rows = some_statements(
        ask.office,
        year,
        ProductId(product),
        after=None if begin is None else begin[0],
        most=limit + 1,
    )
    return Page(
        items=[YearlyStatement.of(each) for each in rows[:limit]],
        next=next_of(question, [(each.holder,) for each in rows], limit=limit),
    )


class Points(BaseModel):
    """Points of a payee, beside cash (ポイント)."""

    line: Annotated[int, Field(description="明細番号")]
    holder: Annotated[str, Field(description="投資家ID")]
    units: Annotated[int, Field(description="数量")]
    points: Annotated[int, Field(description="By a correction the difference. ポイント")]


@router.get("/products/{product}/distributions/{distribution}/points")
def list_points(
    product: ProductPath,
    distribution: RunPath,
    ask: Asks,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Points]:
    """Who gets how many points by a distribution, for their provider: ids and numbers, no account and no name. Lines
    without points are left out of a page, which may be empty while others follow. ポイント一覧"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    question = {"of": ask.institution.id, "points": product, "run": distribution}
    begin = after_as(question, cursor, int)
    rows = some_points(ask.office, run, after=None if begin is None else begin[0], most=limit + 1)
    return Page(
        items=[
            Points(line=each.line, holder=each.holder, units=each.units, points=each.points)
            for each in rows[:limit]
            if each.points
        ],
        next=next_of(question, [(each.line,) for each in rows], limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/distributions/{distribution}/points"): reads(BY_PRODUCT),
    ("GET", "/v1/products/{product}/statements"): reads(BY_PRODUCT),
}
