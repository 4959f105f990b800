"""Yearly statements (支払通知書): what each payee of a product was owed and had withheld in a calendar year."""

from datetime import date
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.record_date import FIRST_YEAR, LAST_YEAR
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import router as a_router
from genbo.bootstrap.statements import yearly_statements
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
    found = yearly_statements(ask.office, year, product=ProductId(product), by=ask.by)
    rows = [each.statement for each in found if begin is None or each.statement.holder > begin[0]][
        : limit + 1
    ]
    return Page(
        items=[YearlyStatement.of(each) for each in rows[:limit]],
        next=next_of(question, [(each.holder,) for each in rows], limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/statements"): reads(BY_PRODUCT),
}
