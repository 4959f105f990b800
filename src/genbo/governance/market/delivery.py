"""Delivery (受渡): orders are taken day and night, and delivered in open windows (R-PROGMAT-CTL-8, decision I-13)."""

from dataclasses import dataclass
from datetime import date, datetime

from genbo.governance.market.execution import (
    ProductControls,
    may_execute,
    never_delivered,
)
from genbo.governance.market.state import Market
from genbo.kernel import Refusal, business_date, end_of_day, start_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWindow:
    """When an order may be executed."""

    delivery_date: date
    """受渡日."""
    opens: datetime
    closes: datetime
    """The first instant it may no longer."""


def first_delivery_date(accepted: datetime, *, lag: int, market: Market) -> date:
    """The delivery date of an order: `lag` business days after its trade date (T+lag).

    An order belongs to the business day on which it is accepted, or to the next one when it comes after the last
    session or on a holiday.
    """
    day = business_date(accepted)
    last_close = market.last_close(day)
    in_time = last_close is not None and accepted < last_close
    traded = day if in_time else market.calendar.business_day(day, 1)
    return market.calendar.business_day(traded, lag)


def delivery_window(
    product: ProductControls,
    *,
    accepted: datetime,
    market: Market,
    lag: int = 0,
    delivery_date: date | None = None,
) -> DeliveryWindow:
    """The first window in which an order accepted at `accepted` may be delivered.

    A plan by the calendars: switches that are off today do not stand in the way of days to come, and the act is asked
    again when it is executed.

    Args:
        lag: business days between trade date and delivery, where no date was agreed on; days on which the product's
            book is closed are passed over.
        delivery_date: the day that was agreed on; kept, or refused.

    Raises:
        Refusal: what stands against the agreed day (`book_closed`, `delivery_passed`, `delivery_not_business_day`,
            `delivery_outside_life`, `market_closed`); for a day of our choice, what never ends.
    """
    planned = market.as_planned()
    if delivery_date is not None:
        never = never_delivered(delivery_date, at=accepted, calendar=planned.calendar)
        if never is not None:
            raise never
    day = delivery_date or max(
        first_delivery_date(accepted, lag=lag, market=planned),
        product.set_date,
    )
    while True:
        found = _window_on(day, product, accepted, planned)
        if isinstance(found, DeliveryWindow):
            return found
        if delivery_date is not None or found.until is None:
            raise found.refusal
        later = max(business_date(found.until), planned.calendar.business_day(day, 1))
        day = _on_or_after(later, planned)


@dataclass(frozen=True, slots=True)
class _Refused:
    """What stands against a day, and until when."""

    refusal: Refusal
    until: datetime | None


def _window_on(
    day: date, product: ProductControls, accepted: datetime, market: Market
) -> DeliveryWindow | _Refused:
    """The first window of that day."""
    at = max(accepted, start_of_day(day))
    while True:
        answer = may_execute(product, at=at, market=market, delivery_date=day)
        if answer.refusal is None:
            closes = answer.until or end_of_day(day)
            return DeliveryWindow(delivery_date=day, opens=at, closes=closes)
        if answer.until is None or answer.until >= end_of_day(day):
            return _Refused(answer.refusal, answer.until)
        at = answer.until


def _on_or_after(day: date, market: Market) -> date:
    """`day`, or the next business day."""
    return market.calendar.business_day(day, 1) if market.calendar.is_holiday(day) else day
