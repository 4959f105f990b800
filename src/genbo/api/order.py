"""Orders to transfer (移転の注文): those with a side that is one's customer, and what became of them."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.router import router as a_router
from genbo.bootstrap.sight.work import SeenOrder
from genbo.governance.institutions import BROKERS, InstitutionRole
from genbo.governance.market import OrderState
from genbo.kernel import ProductId, Reason

router = a_router("transfers")

ROLES = BROKERS | {
    InstitutionRole.REGISTRAR,
    InstitutionRole.CUSTODIAN,
    InstitutionRole.INTERMEDIARY,
}


class OrderLine(BaseModel):
    """An order to transfer as far as it is seen."""

    product: Annotated[str, Field(description="受益権ID (T2.5)")]
    trade: Annotated[str, Field(description="取引ID (T2.2)")]
    sender: Annotated[
        str | None,
        Field(description="None where it is another firm's customer. 異動元投資家ID (T2.6)"),
    ]
    recipient: Annotated[str | None, Field(description="As the sender. 異動先投資家ID (T2.7)")]
    units: Annotated[int, Field(description="数量 (T2.8)", examples=[50])]
    delivery_date: Annotated[date, Field(description="受渡日 (T2.9)")]
    state: Annotated[OrderState, Field(description="状態", examples=["waiting"])]
    reason: Annotated[Reason | None, Field(description="Why it waits, or failed. 理由コード")]
    accepted_at: Annotated[datetime, Field(description="受付日時")]
    changed_at: Annotated[datetime, Field(description="状態変更日時")]

    @classmethod
    def of(cls, seen: SeenOrder) -> Self:
        order = seen.stored.order
        return cls(
            product=order.product,
            trade=order.trade,
            sender=seen.sender,
            recipient=seen.recipient,
            units=order.units,
            delivery_date=order.delivery_date,
            state=seen.stored.state,
            reason=seen.stored.reason,
            accepted_at=order.accepted_at,
            changed_at=seen.stored.changed_at,
        )


@router.get("/transfers")
def list_orders(
    ask: Asks,
    product: Annotated[str | None, Query(pattern=ID, description="受益権ID")] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[OrderLine]:
    """Orders to transfer with a side that is a customer, for the registrar all of its products, the newest first.
    移転の注文一覧"""
    question = {"of": ask.institution.id, "orders": product}
    begin = after_as(question, cursor, int)
    found = ask.work.orders(
        product=None if product is None else ProductId(product),
        before=None if begin is None else begin[0],
        most=limit + 1,
    )
    return Page(
        items=[OrderLine.of(each) for each in found[:limit]],
        next=next_of(question, [(each.number,) for each in found], limit=limit),
    )


ACCESS: AccessTable = {("GET", "/v1/transfers"): reads(ROLES)}
