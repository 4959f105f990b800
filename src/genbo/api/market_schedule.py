"""Market schedule (市場の予定): hours of business days, days other than announced, and book closings.

Each is a further version from a moment on; none is edited. The service opens and closes by them.
"""

from datetime import date, datetime, time
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, updates
from genbo.api.asking import Asks
from genbo.api.ids import ProductPath
from genbo.api.market_control import Why
from genbo.api.record_date import in_range
from genbo.api.request import answered, done_once
from genbo.api.router import router as a_router
from genbo.bootstrap import market
from genbo.governance.institutions import InstitutionRole
from genbo.governance.market import BookClosingRule, ClosingCause, MarketHours, Override, Session
from genbo.kernel import ProductId, business_date
from genbo.storage.requests import Answered

router = a_router("market")

_Day: TypeAlias = Annotated[int, Field(ge=-60, le=60, strict=True)]
"""Business days from the day itself."""
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class HoursOfDay(BaseModel):
    """From when to when a day trades, in Japan. 取引時間帯"""

    model_config = ConfigDict(extra="forbid")

    opens: Annotated[str, Field(pattern=_TIME, description="開始時刻", examples=["09:00"])]
    closes: Annotated[
        str,
        Field(
            pattern=_TIME,
            description="`00:00`: the end of the day. 終了時刻",
            examples=["11:30"],
        ),
    ]

    def session(self) -> Session:
        """Raises Refusal(market_hours_invalid)."""
        return Session(time.fromisoformat(self.opens), time.fromisoformat(self.closes))


class NewHours(BaseModel):
    """Hours of business days from a day on. 取引時間の設定"""

    model_config = ConfigDict(extra="forbid")

    effective: Annotated[
        date | None, Field(description="The first day; by default today. 適用開始日")
    ] = None
    sessions: Annotated[
        list[HoursOfDay], Field(max_length=10, description="In their order; none: closed. 取引時間")
    ]
    why: Why


class Hours(BaseModel):
    """A version of the hours. 取引時間"""

    effective: Annotated[date, Field(description="適用開始日")]
    sessions: Annotated[list[HoursOfDay], Field(description="取引時間")]
    recorded_at: Annotated[datetime, Field(description="記録日時")]
    recorded_by: Annotated[str, Field(description="記録者")]

    @classmethod
    def of(cls, hours: MarketHours) -> Self:
        return cls(
            effective=hours.effective,
            sessions=[
                HoursOfDay(opens=f"{each.opens:%H:%M}", closes=f"{each.closes:%H:%M}")
                for each in hours.sessions
            ],
            recorded_at=hours.at,
            recorded_by=hours.by,
        )


class NewOverride(BaseModel):
    """A day other than announced. 営業日の変更"""

    model_config = ConfigDict(extra="forbid")

    day: Annotated[date, Field(description="日付")]
    business_day: Annotated[bool, Field(description="What it is to be. 銀行営業日")]
    why: Why


class Overridden(BaseModel):
    """A day that is other than announced. 変更された日"""

    day: Annotated[date, Field(description="日付")]
    business_day: Annotated[bool, Field(description="銀行営業日")]
    recorded_at: Annotated[datetime, Field(description="記録日時")]
    recorded_by: Annotated[str, Field(description="記録者")]


class NewBookClosing(BaseModel):
    """When the book of a product is closed. 名義書換停止期間の設定"""

    model_config = ConfigDict(extra="forbid")

    cause: Annotated[ClosingCause, Field(description="事由")]
    days: Annotated[
        tuple[_Day, _Day] | None,
        Field(
            description="First and last business day, counted from the day itself: `[-1, 0]` is the day and the one "
            "before; null: it is not closed. 停止期間",
            examples=[[-1, 0]],
        ),
    ]
    why: Why


class BookClosing(BaseModel):
    """A rule of a product's book. 名義書換停止期間"""

    product: Annotated[str, Field(description="受益権ID")]
    cause: Annotated[ClosingCause, Field(description="事由")]
    days: Annotated[tuple[int, int] | None, Field(description="停止期間")]
    recorded_at: Annotated[datetime, Field(description="記録日時")]
    recorded_by: Annotated[str, Field(description="記録者")]


@router.post("/market/hours", status_code=201, response_model=Hours)
def set_hours(body: NewHours, ask: Asks) -> object:
    """Sets the hours of business days from a day on; the market opens and closes by them. 取引時間の設定"""
    in_range(body.effective)

    def act(connection: Connection) -> Answered:
        at = ask.office.house.now()
        hours = MarketHours(
            effective=body.effective or business_date(at),
            sessions=tuple(each.session() for each in body.sessions),
            by=ask.by,
            at=at,
            why=body.why,
        )
        market.set_hours(ask.office, hours, connection=connection)
        return answered(201, Hours.of(hours))

    return done_once(ask, "POST /v1/market/hours", body, act)


@router.post("/calendar/overrides", status_code=201, response_model=Overridden)
def override_day(body: NewOverride, ask: Asks) -> object:
    """Makes a day a bank holiday, or a business day, other than announced. 営業日の変更"""
    in_range(body.day)

    def act(connection: Connection) -> Answered:
        override = Override(
            day=body.day,
            is_business_day=body.business_day,
            by=ask.by,
            at=ask.office.house.now(),
            why=body.why,
        )
        market.override_day(ask.office, override, connection=connection)
        told = Overridden(
            day=override.day,
            business_day=override.is_business_day,
            recorded_at=override.at,
            recorded_by=override.by,
        )
        return answered(201, told)

    return done_once(ask, "POST /v1/calendar/overrides", body, act)


@router.post("/products/{product}/book-closings", status_code=201, response_model=BookClosing)
def close_book(product: ProductPath, body: NewBookClosing, ask: Asks) -> object:
    """Closes the book of a product around its record dates or its redemption. 名義書換停止期間の設定"""
    ask.sight.product(ProductId(product))

    def act(connection: Connection) -> Answered:
        rule = BookClosingRule(
            product=ProductId(product),
            cause=body.cause,
            days=body.days,
            by=ask.by,
            at=ask.office.house.now(),
            why=body.why,
        )
        market.set_book_closing(ask.office, rule, connection=connection)
        told = BookClosing(
            product=product,
            cause=rule.cause,
            days=rule.days,
            recorded_at=rule.at,
            recorded_by=rule.by,
        )
        return answered(201, told)

    return done_once(ask, "POST /v1/products/{product}/book-closings", body, act, product=product)


_OPERATOR = updates({InstitutionRole.PLATFORM_MANAGER})

ACCESS: AccessTable = {
    ("POST", "/v1/market/hours"): _OPERATOR,
    ("POST", "/v1/calendar/overrides"): _OPERATOR,
    ("POST", "/v1/products/{product}/book-closings"): updates({InstitutionRole.REGISTRAR}),
}
