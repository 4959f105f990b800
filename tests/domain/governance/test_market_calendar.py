"""Bank days and market hours are versions that nobody edits.

given the operator's override
├── it should change that day, from its record on, in a new version
└── it should be refused for a day that is over, or one that is so already
given market hours
├── when another version is recorded: it should count from its day on, the last record first
├── when they run over midnight: they should be one opening
└── when sessions overlap: they should be refused
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.market import CALENDAR, MARKET, MONDAY, PRODUCT, hours, jst

from genbo.governance.market import (
    Override,
    Schedule,
    Session,
    may_execute,
)
from genbo.kernel import JST, Reason, Refusal
from genbo.providers.calendar import is_bank_holiday

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
