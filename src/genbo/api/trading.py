"""Trading (取引日・取引時間): may a product be transferred now, when next, and which days are bank days."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self

from fastapi import Query, Request
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ProductPath
from genbo.api.problem import Problem, problem
from genbo.api.roles import PRODUCT_ROLES
from genbo.api.router import router as a_router
from genbo.bootstrap.product_market import ProductMarket, calendar_now, market_of
from genbo.governance.market import BankCalendar, BookClosing, ClosingCause
from genbo.kernel import ProductId, Reason, Refusal

router = a_router("market")

MOST_DAYS = 400
"""Days that are told at once."""


class Closing(BaseModel):
    """A book closing: nothing is transferred meanwhile (R-PROGMAT-CTL-5, CTL-6)."""

    cause: Annotated[ClosingCause, Field(description="事由", examples=["record_date"])]
    day: Annotated[date, Field(description="The day it is around. 基準日")]
    begins: Annotated[datetime, Field(description="開始日時")]
    ends: Annotated[datetime, Field(description="The first instant after it. 終了日時")]

    @classmethod
    def of(cls, closing: BookClosing, calendar: BankCalendar) -> Self:
        period = closing.period(calendar)
        return cls(cause=closing.cause, day=closing.day, begins=period.opens, ends=period.closes)


class Trading(BaseModel):
    """What decides whether a product may be transferred now."""

    product: Annotated[str, Field(description="受益権ID")]
    at: Annotated[datetime, Field(description="When it was looked at, UTC. 判定日時")]
    transferable: Annotated[
        bool,
        Field(description="Whether the market lets an ordinary transfer pass now. 移転可否"),
    ]
    refusal: Annotated[Problem | None, Field(description="What stands against it. 拒否理由")]
    until: Annotated[
        datetime | None,
        Field(description="Until when that holds; none until somebody decides. 有効期限"),
    ]
    market_status: Annotated[
        str, Field(description="On the ledger. 開閉局ステータス (T16.1)", examples=["open"])
    ]
    next_opening: Annotated[
        datetime | None, Field(description="By the hours and bank days. 次回開局日時")
    ]
    group: Annotated[str, Field(description="移転実行可否制御ID (T4.1)")]
    group_enabled: Annotated[bool, Field(description="移転実行可否フラグ (T4.2)")]
    set_date: Annotated[date, Field(description="設定日 (T3.10)")]
    redemption_date: Annotated[date, Field(description="償還日, after its adjustment (T3.12)")]
    ended: Annotated[bool, Field(description="Redeemed in full. 償還済")]
    locked_until: Annotated[
        datetime | None, Field(description="First instant it may move. ロックアップ期限")
    ]
    closings: Annotated[list[Closing], Field(description="帳簿閉鎖期間")]

    @classmethod
    def of(cls, found: ProductMarket, refusal: Problem | None) -> Self:
        controls = found.controls
        return cls(
            product=controls.product,
            at=found.at,
            transferable=found.is_transferable,
            refusal=refusal,
            until=found.answer.until,
            market_status=found.status.name.lower(),
            next_opening=found.market.next_opening(found.at),
            group=controls.group,
            group_enabled=found.group.is_enabled,
            set_date=controls.set_date,
            redemption_date=controls.redemption_date,
            ended=controls.is_ended,
            locked_until=controls.lock_up_until,
            closings=[Closing.of(each, found.market.calendar) for each in controls.closings],
        )


class CalendarDay(BaseModel):
    """A day in Japan."""

    day: Annotated[date, Field(description="日付")]
    business_day: Annotated[bool, Field(description="Whether banks are open. 銀行営業日")]


class Calendar(BaseModel):
    """Days of one version of the calendar."""

    version: Annotated[
        str, Field(description="Announcement and number of overrides. カレンダーの版")
    ]
    days: Annotated[list[CalendarDay], Field(description="Day by day. 日付")]


@router.get("/products/{product}/market")
def read_trading(product: ProductPath, ask: Asks, request: Request) -> Trading:
    """Whether the product may be transferred now, what decides it, and its book closings. 移転可否・帳簿閉鎖"""
    ask.sight.product(ProductId(product))
    found = market_of(ask.office, ProductId(product))
    refusal = found.answer.refusal
    if refusal is None and not found.is_transferable:
        refusal = Refusal(Reason.MARKET_CLOSED)  # the ledger was not opened yet
    told = None
    if refusal is not None:
        told = problem(refusal, request=request.state.id, language=ask.language)
    return Trading.of(found, told)


@router.get("/calendar")
def list_days(
    ask: Asks,
    first: Annotated[date, Query(description="The first day. 開始日", examples=["2026-05-01"])],
    last: Annotated[date, Query(description="The last day. 終了日", examples=["2026-05-31"])],
) -> Calendar:
    """Which days are bank days, with the operator's overrides: 400 days at most. 営業日カレンダー"""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Refusal(Reason.REQUEST_MALFORMED, field="query.last", problem="range")
    calendar = calendar_now(ask.office)
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return Calendar(
        version=calendar.version,
        days=[CalendarDay(day=day, business_day=not calendar.is_holiday(day)) for day in days],
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/market"): reads(PRODUCT_ROLES),
    ("GET", "/v1/calendar"): reads(ALL_ROLES),
}
