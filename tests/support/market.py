"""A market with one product: hours from nine to three, half-yearly record dates, a redemption."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import strategies as st

from genbo.governance.market import (
    BankCalendar,
    BookClosing,
    ClosingCause,
    Market,
    MarketHours,
    ProductControls,
    Schedule,
    Session,
    TransferGroup,
    may_execute,
)
from genbo.kernel import JST, ProductId, Reason
from genbo.providers.calendar import is_bank_holiday
from genbo.token import HolidayAdjustment
from genbo.token.record_date import RecordDay, adjusted, record_dates

DATA = Path(__file__).parents[1] / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def jst(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST)


SET_UP = jst("2021-08-01 12:00")
SET_DATE = date(2021, 8, 10)
REDEMPTION = adjusted(date(2026, 7, 31), HolidayAdjustment.PRECEDING, is_bank_holiday)
CALENDAR = BankCalendar(base=is_bank_holiday, base_version="holidays")


def hours(effective: date, *sessions: tuple[int, int], at: datetime = SET_UP) -> MarketHours:
    return MarketHours(
        effective=effective,
        sessions=tuple(Session(time(opens), time(closes % 24)) for opens, closes in sessions),
        by="operator-1",
        at=at,
        why="the hours agreed on",
    )


def group(*, is_enabled: bool) -> TransferGroup:
    return TransferGroup(
        group="TC-01",
        is_enabled=is_enabled,
        by="registrar-1",
        approved_by="registrar-2",
        at=SET_UP,
        why="set up",
    )


MARKET = Market(
    calendar=CALENDAR,
    schedule=Schedule((hours(date(2021, 8, 1), (9, 15)),)),
    groups={"TC-01": group(is_enabled=True)},
)
ALL_DAY = replace(MARKET, schedule=Schedule((hours(date(2021, 8, 1), (0, 24)),)))
"""So that book closings and delivery dates begin and end while the market is open."""
markets = st.sampled_from([MARKET, ALL_DAY])
RECORD_DATES = record_dates(
    (RecordDay(1, 31), RecordDay(7, 31)),
    after=SET_DATE,
    until=date(2026, 7, 30),
    how=HolidayAdjustment.PRECEDING,
    is_holiday=CALENDAR.is_holiday,
)
CLOSINGS = (
    *(
        BookClosing(cause=ClosingCause.RECORD_DATE, day=day, first=1, last=2)
        for day in RECORD_DATES
    ),
    BookClosing(cause=ClosingCause.REDEMPTION, day=REDEMPTION, first=-1, last=0),
)
PRODUCT = ProductControls(
    product=ProductId("ST-0001"),
    group="TC-01",
    set_date=SET_DATE,
    redemption_date=REDEMPTION,
    closings=CLOSINGS,
)
TRADING = jst("2022-02-04 10:00")
MONDAY = date(2022, 2, 7)

instants = st.integers(0, 1857 * 24 * 60 * 60).map(
    lambda seconds: jst("2021-08-01 00:00") + timedelta(seconds=seconds)
)
"""From a week before the product is set to a month after it is redeemed."""


OFF = {"groups": {"TC-01": group(is_enabled=False)}}


def said(
    at: datetime, delivery_date: date | None = None, *, market: Market = MARKET
) -> tuple[Reason | None, datetime | None]:
    answer = may_execute(PRODUCT, at=at, market=market, delivery_date=delivery_date)
    return answer.refusal.reason if answer.refusal else None, answer.until
