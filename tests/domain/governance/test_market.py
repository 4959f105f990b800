"""One function says whether a transfer may run, why not, and until when; a delivery is planned by asking it.

given instants around sessions, holidays, record date, redemption and delivery date
└── it should answer as the vectors say
given a switch that somebody set
├── when the platform is stopped: nothing should run
├── when the market or the group is off, the product ended or locked up: it should be the ledger's own reason
└── when several things stand against it: it should be the one that the token names
given any instant
├── until the answer's end a yes should stay a yes, no no become one, and then it should be another answer
└── the schedule should say open exactly when the clock allows transfers
given an order accepted at any time of day and night
├── it should be delivered on its date, in a window in which each instant may execute
├── when the book is closed on the day of our choice: it should be the next day it is open
├── when the agreed day is over, no business day, closed or beyond the redemption: it should be refused
└── switches that are off today: they should not stand in the way
given the operator's override
├── it should change that day, from its record on, in a new version
└── it should be refused for a day that is over, or one that is so already
given market hours
├── when another version is recorded: it should count from its day on, the last record first
├── when they run over midnight: they should be one opening
└── when sessions overlap: they should be refused
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.governance.market import (
    ActKind,
    BankCalendar,
    BookClosing,
    ClosingCause,
    Market,
    MarketHours,
    Override,
    ProductControls,
    Schedule,
    Session,
    TransferGroup,
    delivery_window,
    first_delivery_date,
    may_execute,
)
from genbo.kernel import JST, ProductId, Reason, Refusal, business_date, end_of_day, start_of_day
from genbo.providers.calendar import is_bank_holiday
from genbo.token import HolidayAdjustment
from genbo.token.record_date import RecordDay, adjusted, record_dates

DATA = Path(__file__).parents[2] / "data"


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


# The vectors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("market_vectors.csv"), ids=lambda row: row["note"])
def test_may_execute__vector__answers_yes_or_the_reason_and_until_when(
    row: dict[str, str],
) -> None:
    answer = may_execute(
        PRODUCT,
        at=jst(row["at"]),
        market=MARKET,
        delivery_date=date.fromisoformat(row["delivery_date"]) if row["delivery_date"] else None,
        kind=ActKind(row["kind"]),
    )
    found = "yes" if answer.refusal is None else answer.refusal.reason.value
    assert found == row["answer"]
    assert answer.until == (jst(row["until"]) if row["until"] else None)
    if answer.refusal is not None and answer.until is not None and "until" in answer.refusal.facts:
        assert answer.refusal.facts["until"] == int(answer.until.timestamp())


def test_vectors__read__name_each_reason_of_the_calendar() -> None:
    found = {row["answer"] for row in rows("market_vectors.csv")}
    assert found == {
        "yes",
        "market_closed",
        "book_closed",
        "delivery_not_due",
        "delivery_passed",
        "delivery_not_business_day",
        "delivery_outside_life",
    }


COUNTED = [row for row in rows("calendar_vectors.csv") if row["case"].startswith("trade")]


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["nominal_date"])
def test_first_delivery_date__trade_of_a_vector__is_counted_in_bank_days(
    row: dict[str, str],
) -> None:
    accepted = jst(f"{row['nominal_date']} 14:59")
    found = first_delivery_date(accepted, lag=int(row["case"][-1]), market=MARKET)
    assert found == date.fromisoformat(row["adjusted_date"])


# Switches ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ActKind)
def test_may_execute__stopped__nothing_runs(kind: ActKind) -> None:
    answer = may_execute(PRODUCT, at=TRADING, market=replace(MARKET, is_stopped=True), kind=kind)
    assert answer.refusal is not None
    assert answer.refusal.reason is Reason.PLATFORM_STOPPED
    assert answer.until is None


OFF = {"groups": {"TC-01": group(is_enabled=False)}}
LOCKED = replace(PRODUCT, lock_up_until=TRADING + timedelta(hours=1))
ENDED = replace(LOCKED, is_ended=True)


@pytest.mark.parametrize(
    ("market", "product", "reason"),
    [
        (replace(MARKET, is_closed=True, **OFF), ENDED, Reason.MARKET_CLOSED),
        (replace(MARKET, **OFF), ENDED, Reason.TRANSFER_DISABLED),
        (MARKET, ENDED, Reason.PRODUCT_ENDED),
        (MARKET, LOCKED, Reason.PRODUCT_LOCKED_UP),
        (MARKET, PRODUCT, None),
    ],
)
def test_may_execute__several_things_against_it__is_what_the_token_names_first(
    market: Market, product: ProductControls, reason: Reason | None
) -> None:
    answer = may_execute(product, at=TRADING, market=market)
    assert (answer.refusal.reason if answer.refusal else None) is reason
    assert may_execute(product, at=TRADING, market=market, kind=ActKind.ADMINISTRATIVE).is_allowed


def test_may_execute__group_unknown__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        may_execute(replace(PRODUCT, group="TC-99"), at=TRADING, market=MARKET)
    assert refused.value.reason is Reason.GROUP_UNKNOWN


def test_group__switched_by_one_person__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        replace(group(is_enabled=True), approved_by="registrar-1")
    assert refused.value.reason is Reason.SAME_PERSON


def test_book_closing__ends_before_it_begins__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        replace(CLOSINGS[0], first=3)
    assert refused.value.reason is Reason.FIELD_INVALID


# Any instant ------------------------------------------------------------------------------------


def said(
    at: datetime, delivery_date: date | None = None, *, market: Market = MARKET
) -> tuple[Reason | None, datetime | None]:
    answer = may_execute(PRODUCT, at=at, market=market, delivery_date=delivery_date)
    return answer.refusal.reason if answer.refusal else None, answer.until


@given(
    at=instants,
    ahead=st.one_of(st.none(), st.integers(-3, 6)),
    share=st.floats(0, 1),
    market=markets,
)
def test_may_execute__until_its_end__a_yes_stays_and_no_no_becomes_one(
    at: datetime, ahead: int | None, share: float, market: Market
) -> None:
    day = None if ahead is None else business_date(at) + timedelta(days=ahead)
    answer = said(at, day, market=market)
    if answer[1] is None:
        return
    assert answer[1] > at
    within = at + (answer[1] - timedelta(seconds=1) - at) * share
    if answer[0] is None:
        assert said(within, day, market=market) == answer
    else:
        assert said(within, day, market=market)[0] is not None
    assert said(answer[1], day, market=market) != answer


@given(at=instants, market=markets)
def test_should_be_open__any_instant__is_when_nothing_but_the_product_stands_against_it(
    at: datetime, market: Market
) -> None:
    assert market.should_be_open(at) is (said(at, market=market)[0] is not Reason.MARKET_CLOSED)
    change = market.next_change(at)
    assert change is not None
    assert market.should_be_open(change) is not market.should_be_open(at)
    assert market.should_be_open(change - timedelta(seconds=1)) is market.should_be_open(at)
    assert not replace(market, is_closed=True).should_be_open(at)
    assert not replace(market, is_stopped=True).should_be_open(at)


@pytest.mark.parametrize(
    ("at", "delivery_date", "answer"),
    [
        ("2022-01-31 23:59", None, (None, "2022-02-01 00:00")),
        ("2022-02-01 00:00", None, (Reason.BOOK_CLOSED, "2022-02-03 00:00")),
        ("2022-02-02 23:59", None, (Reason.BOOK_CLOSED, "2022-02-03 00:00")),
        ("2022-02-03 00:00", None, (None, "2022-02-05 00:00")),
        ("2022-02-03 23:59", date(2022, 2, 3), (None, "2022-02-04 00:00")),
        ("2022-02-04 00:00", date(2022, 2, 3), (Reason.DELIVERY_PASSED, None)),
        ("2022-02-03 23:59", date(2022, 2, 4), (Reason.DELIVERY_NOT_DUE, "2022-02-04 00:00")),
        ("2022-02-04 00:00", date(2022, 2, 4), (None, "2022-02-05 00:00")),
    ],
)
def test_may_execute__market_open_all_day__turns_at_midnight_in_japan(
    at: str, delivery_date: date | None, answer: tuple[Reason | None, str | None]
) -> None:
    until = None if answer[1] is None else jst(answer[1])
    assert said(jst(at), delivery_date, market=ALL_DAY) == (answer[0], until)


def test_may_execute__lock_up_over__is_a_yes_from_that_instant_on() -> None:
    assert LOCKED.lock_up_until is not None
    before = LOCKED.lock_up_until - timedelta(seconds=1)
    assert not may_execute(LOCKED, at=before, market=MARKET).is_allowed
    assert may_execute(LOCKED, at=LOCKED.lock_up_until, market=MARKET).is_allowed


def test_next_opening__no_hours_at_all__is_unknown() -> None:
    answer = may_execute(PRODUCT, at=TRADING, market=replace(MARKET, schedule=Schedule()))
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.until) == (Reason.MARKET_CLOSED, None)


# Delivery ---------------------------------------------------------------------------------------


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


# Overrides --------------------------------------------------------------------------------------

CLOSED = Override(
    day=MONDAY,
    is_business_day=False,
    by="operator-1",
    at=jst("2022-02-07 08:00"),
    why="snow, no bank opens",
)


def test_override__day_closed__counts_from_its_record_on_in_a_new_version() -> None:
    changed = CALENDAR.overridden(CLOSED)
    assert changed.is_holiday(MONDAY)
    assert not CALENDAR.is_holiday(MONDAY)
    assert (CALENDAR.version, changed.version) == ("holidays+0", "holidays+1")
    assert not changed.known_at(CLOSED.at - timedelta(seconds=1)).is_holiday(MONDAY)
    assert changed.known_at(CLOSED.at).is_holiday(MONDAY)
    assert changed.business_day(date(2022, 2, 4), 1) == date(2022, 2, 8)
    assert changed.business_day(date(2022, 2, 8), -1) == date(2022, 2, 4)
    answer = may_execute(
        PRODUCT, at=jst("2022-02-07 10:00"), market=replace(MARKET, calendar=changed)
    )
    assert answer.until == jst("2022-02-08 09:00")
    assert CLOSED.why not in repr(changed)


def test_override__taken_back__is_another_version() -> None:
    back = replace(CLOSED, is_business_day=True, at=CLOSED.at + timedelta(hours=1))
    again = CALENDAR.overridden(CLOSED).overridden(back)
    assert not again.is_holiday(MONDAY)
    assert again.version == "holidays+2"
    assert again.known_at(CLOSED.at).is_holiday(MONDAY)


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        (replace(CLOSED, at=jst("2022-02-08 00:00")), Reason.CALENDAR_DAY_PASSED),
        (replace(CLOSED, is_business_day=True), Reason.CALENDAR_UNCHANGED),
        (replace(CLOSED, day=date(2022, 2, 11)), Reason.CALENDAR_UNCHANGED),
    ],
    ids=["over", "open already", "holiday already"],
)
def test_override__changes_nothing_or_the_past__is_refused(
    override: Override, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        CALENDAR.overridden(override)
    assert refused.value.reason is reason


@given(day=st.dates(date(2020, 1, 1), date(2029, 12, 31)), offset=st.integers(-12, 12))
def test_business_day__any_offset__passes_exactly_that_many_business_days(
    day: date, offset: int
) -> None:
    found = CALENDAR.business_day(day, offset)
    first, last = (day + timedelta(days=1), found) if offset > 0 else (found, day - timedelta(1))
    passed = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert sum(not is_bank_holiday(each) for each in passed) == abs(offset)
    assert offset == 0 or not is_bank_holiday(found)


# Hours ------------------------------------------------------------------------------------------


def test_schedule__another_version__counts_from_its_day_on_and_the_last_record_first() -> None:
    later = jst("2022-02-03 12:00")
    schedule = MARKET.schedule.changed(hours(MONDAY, (8, 20), at=later)).changed(
        hours(MONDAY, (9, 11), (12, 15), at=later)
    )
    friday, monday = date(2022, 2, 4), MONDAY
    assert len(schedule.windows(friday, CALENDAR)) == 1
    assert [
        (each.opens.astimezone(JST).hour, each.closes.astimezone(JST).hour)
        for each in schedule.windows(monday, CALENDAR)
    ] == [(9, 11), (12, 15)]
    assert schedule.windows(date(2022, 2, 11), CALENDAR) == ()
    assert schedule.windows(date(2021, 7, 30), CALENDAR) == ()


def test_hours__all_day__are_one_opening_from_monday_to_the_end_of_thursday() -> None:
    market = replace(MARKET, schedule=Schedule((hours(date(2021, 8, 1), (0, 24)),)))
    assert market.next_opening(jst("2022-02-05 12:00")) == jst("2022-02-07 00:00")
    end = jst("2022-02-11 00:00")  # a Friday, and a national holiday
    assert market.closing_after(jst("2022-02-07 00:00")) == end
    assert market.closing_after(jst("2022-02-10 23:59")) == end
    assert market.closing_after(end) is None


@pytest.mark.parametrize("sessions", [((9, 12), (11, 15)), ((9, 12), (12, 15)), ((9, 24), (1, 2))])
def test_hours__sessions_overlap_or_touch__are_refused(
    sessions: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(Refusal) as refused:
        hours(MONDAY, *sessions)
    assert refused.value.reason is Reason.MARKET_HOURS_INVALID


@pytest.mark.parametrize(("opens", "closes"), [(time(9), time(9)), (time(9), time(8))])
def test_session__closes_before_it_opens__is_refused(opens: time, closes: time) -> None:
    with pytest.raises(Refusal) as refused:
        Session(opens, closes)
    assert refused.value.reason is Reason.MARKET_HOURS_INVALID


def test_session__time_with_a_zone__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Session(time(9, tzinfo=JST), time(15))
    assert refused.value.reason is Reason.MARKET_HOURS_INVALID


def test_hours__begin_on_a_day_that_is_over__are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        hours(date(2022, 2, 4), (9, 15), at=jst("2022-02-05 00:00"))
    assert refused.value.reason is Reason.CALENDAR_DAY_PASSED
