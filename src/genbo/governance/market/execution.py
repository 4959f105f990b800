"""may_execute: whether a transfer may run at an instant, why not, and until when.

One table for the pre-check, the plan of a delivery and the ledger's switches. First come the questions that the token
asks too, in its order and with its reasons (invariant 7), then those that only the registry can ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from genbo.governance.market.book_closing import BookClosing
from genbo.governance.market.calendar import BankCalendar
from genbo.governance.market.state import Market
from genbo.kernel import (
    ProductId,
    Reason,
    Refusal,
    business_date,
    end_of_day,
    start_of_day,
)


class ActKind(StrEnum):
    """Whom the market's hours are for."""

    ORDINARY = "ordinary"
    """Holders' transfers."""
    ADMINISTRATIVE = "administrative"
    """The registrar's acts and repair: only a full stop stops them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductControls:
    """What decides for one product."""

    product: ProductId
    group: str
    """移転実行可否制御ID (T3.3)."""
    set_date: date
    """設定日 (T3.10): no delivery before it."""
    redemption_date: date
    """償還日 (T3.12), after its adjustment for holidays: no delivery after it."""
    is_ended: bool = False
    """Redeemed in full."""
    lock_up_until: datetime | None = None
    """The first instant at which the product may be transferred."""
    closings: tuple[BookClosing, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or the reason for a no; and until when that holds."""

    refusal: Refusal | None
    until: datetime | None
    """A yes is a yes until then, and no no becomes a yes before then, as far as calendars tell; another reason may
    follow. None when only somebody's decision can change it."""

    @property
    def is_allowed(self) -> bool:
        return self.refusal is None


def may_execute(
    product: ProductControls,
    *,
    at: datetime,
    market: Market,
    delivery_date: date | None = None,
    kind: ActKind = ActKind.ORDINARY,
) -> Answer:
    """Whether a transfer of the product may be executed at `at`.

    Args:
        delivery_date: 受渡日 (T2.9); None means the day in Japan that `at` falls on.
    """
    if market.is_stopped:
        return Answer(Refusal(Reason.PLATFORM_STOPPED), None)
    if kind is ActKind.ADMINISTRATIVE:
        return Answer(None, None)
    if market.is_closed:
        return Answer(Refusal(Reason.MARKET_CLOSED), None)
    closes = market.closing_after(at)
    if closes is None:
        opens = market.next_opening(at)
        return Answer(Refusal(Reason.MARKET_CLOSED, until=_second(opens)), opens)
    if not market.group(product.group).is_enabled:
        return Answer(Refusal(Reason.TRANSFER_DISABLED, group=product.group), None)
    if product.is_ended:
        return Answer(Refusal(Reason.PRODUCT_ENDED), None)
    if product.lock_up_until is not None and at < product.lock_up_until:
        until = product.lock_up_until
        return Answer(Refusal(Reason.PRODUCT_LOCKED_UP, until=_second(until)), until)
    for answer in (
        _book_closed(product, at=at, market=market),
        _outside_life(product, at=at, delivery_date=delivery_date),
        _wrong_day(at=at, market=market, delivery_date=delivery_date),
    ):
        if answer is not None:
            return answer
    return Answer(None, min(_ends(product, at, closes, market, delivery_date)))


def _book_closed(product: ProductControls, *, at: datetime, market: Market) -> Answer | None:
    for closing in product.closings:
        period = closing.period(market.calendar)
        if period.opens <= at < period.closes:
            refusal = Refusal(
                Reason.BOOK_CLOSED,
                cause=closing.cause.value,
                day=str(closing.day),
                until=_second(period.closes),
            )
            return Answer(refusal, period.closes)
    return None


def _outside_life(
    product: ProductControls, *, at: datetime, delivery_date: date | None
) -> Answer | None:
    day = delivery_date or business_date(at)
    if product.set_date <= day <= product.redemption_date:
        return None
    refusal = Refusal(
        Reason.DELIVERY_OUTSIDE_LIFE,
        delivery_date=str(day),
        first=str(product.set_date),
        last=str(product.redemption_date),
    )
    comes = delivery_date is None and day < product.set_date
    return Answer(refusal, start_of_day(product.set_date) if comes else None)


def never_delivered(day: date, *, at: datetime, calendar: BankCalendar) -> Refusal | None:
    """Why nothing can be delivered on that day any more, or ever: it is no business day, or over at `at`."""
    if calendar.is_holiday(day):
        next_day = str(calendar.business_day(day, 1))
        return Refusal(Reason.DELIVERY_NOT_BUSINESS_DAY, delivery_date=str(day), next_day=next_day)
    if at >= end_of_day(day):
        return Refusal(Reason.DELIVERY_PASSED, delivery_date=str(day))
    return None


def _wrong_day(*, at: datetime, market: Market, delivery_date: date | None) -> Answer | None:
    if delivery_date is None:
        return None
    never = never_delivered(delivery_date, at=at, calendar=market.calendar)
    if never is not None:
        return Answer(never, None)
    begins = start_of_day(delivery_date)
    if at < begins:
        refusal = Refusal(
            Reason.DELIVERY_NOT_DUE, delivery_date=str(delivery_date), until=_second(begins)
        )
        return Answer(refusal, begins)
    return None


def _ends(
    product: ProductControls,
    at: datetime,
    closes: datetime,
    market: Market,
    delivery_date: date | None,
) -> Iterator[datetime]:
    """Every instant at which a yes comes to its end by the calendars."""
    yield closes
    yield end_of_day(delivery_date or product.redemption_date)
    for closing in product.closings:
        opens = closing.period(market.calendar).opens
        if opens > at:
            yield opens


def _second(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
