"""An order is taken at any hour, and its delivery planned by asking when it may run.

given an order accepted at any time of day and night
├── it should be delivered on its date, in a window in which each instant may execute
├── when the book is closed on the day of our choice: it should be the next day it is open
├── when the agreed day is over, no business day, closed or beyond the redemption: it should be refused
└── switches that are off today: they should not stand in the way
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.market import (
    CALENDAR,
    MARKET,
    MONDAY,
    OFF,
    PRODUCT,
    REDEMPTION,
    TRADING,
    instants,
    jst,
    markets,
    rows,
    said,
)

from genbo.governance.market import (
    Market,
    Schedule,
    delivery_window,
    first_delivery_date,
)
from genbo.kernel import Reason, Refusal, business_date, end_of_day, start_of_day

COUNTED = [row for row in rows("calendar_vectors.csv") if row["case"].startswith("trade")]


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["nominal_date"])
def test_first_delivery_date__trade_of_a_vector__is_counted_in_bank_days(
    row: dict[str, str],
) -> None:
    accepted = jst(f"{row['nominal_date']} 14:59")
    found = first_delivery_date(accepted, lag=int(row["case"][-1]), market=MARKET)
    assert found == date.fromisoformat(row["adjusted_date"])


@given(accepted=instants, lag=st.integers(0, 3), share=st.floats(0, 1), market=markets)
def test_delivery_window__any_order__is_on_its_date_and_may_execute_throughout(
    accepted: datetime, lag: int, share: float, market: Market
) -> None:
    try:
        window = delivery_window(PRODUCT, accepted=accepted, market=market, lag=lag)
    except Refusal as refusal:
        is_late = CALENDAR.business_day(business_date(accepted), lag + 5) > REDEMPTION
        if refusal.reason is Reason.DELIVERY_OUTSIDE_LIFE and is_late:
            return
        raise
    assert window.delivery_date >= first_delivery_date(accepted, lag=lag, market=market)
    assert accepted <= window.opens < window.closes
    assert start_of_day(window.delivery_date) <= window.opens
    assert window.closes <= end_of_day(window.delivery_date)
    inside = window.opens + (window.closes - timedelta(seconds=1) - window.opens) * share
    assert said(inside, window.delivery_date, market=market)[0] is None
    assert said(window.closes, window.delivery_date, market=market)[0] is not None


@pytest.mark.parametrize(
    ("accepted", "lag", "opens"),
    [
        ("2022-02-04 03:00", 0, "2022-02-04 09:00"),
        ("2022-02-04 10:30", 0, "2022-02-04 10:30"),
        ("2022-02-04 15:00", 0, "2022-02-07 09:00"),
        ("2022-02-05 23:59", 0, "2022-02-07 09:00"),
        ("2022-02-10 14:59", 2, "2022-02-15 09:00"),
        ("2022-02-10 15:00", 2, "2022-02-16 09:00"),
        ("2022-01-31 16:00", 0, "2022-02-03 09:00"),
        ("2021-08-01 09:00", 0, "2021-08-10 09:00"),
    ],
    ids=["night", "session", "closed", "weekend", "T+2", "T+2 late", "book closed", "not set yet"],
)
def test_delivery_window__order_at_any_hour__is_the_first_open_one(
    accepted: str, lag: int, opens: str
) -> None:
    window = delivery_window(PRODUCT, accepted=jst(accepted), market=MARKET, lag=lag)
    assert window.opens == jst(opens)
    assert window.delivery_date == jst(opens).date()
    assert window.closes == jst(opens).replace(hour=15, minute=0)


@pytest.mark.parametrize(
    ("agreed", "reason"),
    [
        ("2022-01-28", Reason.DELIVERY_PASSED),
        ("2022-01-31", Reason.MARKET_CLOSED),
        ("2022-02-02", Reason.BOOK_CLOSED),
        ("2022-02-05", Reason.DELIVERY_NOT_BUSINESS_DAY),
        ("2026-08-03", Reason.DELIVERY_OUTSIDE_LIFE),
    ],
)
def test_delivery_window__agreed_day_cannot_be__is_refused(agreed: str, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        delivery_window(
            PRODUCT,
            accepted=jst("2022-01-31 15:30"),
            market=MARKET,
            delivery_date=date.fromisoformat(agreed),
        )
    assert refused.value.reason is reason


def test_delivery_window__set_on_a_holiday__is_the_business_day_after_it() -> None:
    saturday = replace(PRODUCT, set_date=date(2022, 2, 5))
    window = delivery_window(saturday, accepted=jst("2022-02-01 10:00"), market=MARKET)
    assert window.delivery_date == MONDAY


def test_delivery_window__agreed_day__is_kept() -> None:
    agreed = date(2022, 2, 8)
    window = delivery_window(PRODUCT, accepted=TRADING, market=MARKET, delivery_date=agreed)
    assert (window.delivery_date, window.opens) == (agreed, jst("2022-02-08 09:00"))


def test_delivery_window__switched_off_today__is_planned_all_the_same() -> None:
    today = replace(MARKET, is_stopped=True, is_closed=True, **OFF)
    assert delivery_window(PRODUCT, accepted=TRADING, market=today) == delivery_window(
        PRODUCT, accepted=TRADING, market=MARKET
    )


def test_delivery_window__no_hours_at_all__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        delivery_window(PRODUCT, accepted=TRADING, market=replace(MARKET, schedule=Schedule()))
    assert refused.value.reason is Reason.MARKET_CLOSED
