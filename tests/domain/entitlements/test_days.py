"""Days of money: record dates with every convention, payment days, deadlines.

given the terms of a product and a year
├── it should have its record dates, adjusted as the terms say, across the end of a month and of a year
├── it should have none up to the set date
└── a day that is none should be refused, unless a notice names it
given a record date
├── its payment day should be the corresponding day, cut to the end of a shorter month, adjusted
└── its notice should lie two full weeks before, and its exercise end three months later
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.builders import TERMS

from genbo.entitlements import (
    RecordDateKind,
    deadlines,
    months_later,
    payment_day,
    record_date_on,
    yearly,
)
from genbo.kernel import Reason, Refusal
from genbo.providers.calendar import is_bank_holiday
from genbo.token import parse_terms
from genbo.token.record_date import HolidayAdjustment, RecordDay, adjusted

DATA = Path(__file__).parents[2] / "data"
VECTORS = list(csv.DictReader((DATA / "calendar_vectors.csv").open(encoding="utf-8")))
PRODUCT = parse_terms(TERMS)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def a_day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "row", [each for each in VECTORS if each["convention"] in tuple(HolidayAdjustment)]
)
def test_adjusted__published_vector__is_that_day(row: dict[str, str]) -> None:
    how = HolidayAdjustment(row["convention"])
    assert adjusted(a_day(row["nominal_date"]), how, is_bank_holiday) == a_day(row["adjusted_date"])
    if row["case"].startswith("payment_date"):
        record = a_day(row["note"].rpartition(" ")[2])
        paid = payment_day(record, how=how, is_holiday=is_bank_holiday)
        assert paid == a_day(row["adjusted_date"])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("following", "2022-08-01"),
        ("preceding", "2022-07-29"),
        ("none", "2022-07-31"),
        ("modified_following", "2022-07-29"),
    ],
)
def test_yearly__record_date_on_a_sunday__goes_where_the_terms_say(how: str, expected: str) -> None:
    terms = parse_terms({**TERMS, "holiday_adjustment": how})
    first, second = yearly(terms, 2022, is_holiday=is_bank_holiday)
    assert (first.kind, first.day) == (RecordDateKind.FIRST, date(2022, 1, 31))
    assert (second.kind, second.nominal) == (RecordDateKind.SECOND, date(2022, 7, 31))
    assert second.day == a_day(expected)
    # Money is counted from the record date before its own adjustment.
    assert payment_day(
        second.nominal, how=HolidayAdjustment(how), is_holiday=is_bank_holiday
    ) == date(2022, 8, 31)


@pytest.mark.parametrize(
    ("day", "year", "expected"),
    [
        ("02-29", 2024, "2024-02-29"),
        ("02-29", 2023, "2023-02-28"),
        ("04-30", 2023, "2023-04-30"),
        ("12-31", 2023, "2023-12-31"),
    ],
)
def test_record_day__end_of_month_and_leap_day__is_explicit(
    day: str, year: int, expected: str
) -> None:
    assert RecordDay.parse(day).in_year(year) == a_day(expected)


def test_yearly__adjusted_across_the_year__is_found_by_its_day() -> None:
    terms = parse_terms({**TERMS, "record_date_1": "12-31", "record_date_2": None})
    found = record_date_on(terms, date(2023, 1, 4), noticed_on=None, is_holiday=is_bank_holiday)
    assert (found.nominal, found.day) == (date(2022, 12, 31), date(2023, 1, 4))


def test_yearly__up_to_the_set_date__is_none() -> None:
    assert [each.day for each in yearly(PRODUCT, 2021, is_holiday=is_bank_holiday)] == []


def test_record_date_on__no_such_day__is_refused_with_the_next_ones() -> None:
    with pytest.raises(Refusal) as refused:
        record_date_on(PRODUCT, date(2022, 7, 30), noticed_on=None, is_holiday=is_bank_holiday)
    assert refused.value.reason is Reason.RECORD_DATE_UNKNOWN
    assert "2022-08-01" in str(refused.value.facts["known"])


# Deadlines (D.2.7) ------------------------------------------------------------------------------------


def test_deadlines__record_date_of_the_story__are_to_the_day() -> None:
    found = deadlines(date(2022, 7, 31))
    assert (found.notice_by, found.exercise_by) == (date(2022, 7, 16), date(2022, 10, 31))
    assert not found.notice_missed(date(2022, 7, 16))
    assert found.notice_missed(date(2022, 7, 17))
    assert found.notice_missed(None)


def test_notice__late__is_a_warning_of_that_record_date_alone() -> None:
    for noticed, missed in ((date(2022, 6, 15), False), (date(2022, 6, 16), True)):
        found = record_date_on(
            PRODUCT, date(2022, 6, 30), noticed_on=noticed, is_holiday=is_bank_holiday
        )
        assert (found.kind, found.notice_missed) == (RecordDateKind.NOTICE, missed)
    of_the_deed = record_date_on(
        PRODUCT, date(2022, 1, 31), noticed_on=None, is_holiday=is_bank_holiday
    )
    assert not of_the_deed.notice_missed


@pytest.mark.parametrize(
    ("day", "months", "sticky", "expected"),
    [
        ("2022-01-31", 1, False, "2022-02-28"),
        ("2024-01-31", 1, False, "2024-02-29"),
        ("2022-02-28", 1, False, "2022-03-28"),
        ("2022-02-28", 1, True, "2022-03-31"),
        ("2021-11-30", 3, False, "2022-02-28"),
        ("2022-10-31", -8, False, "2022-02-28"),
        ("2021-12-31", 0, False, "2021-12-31"),
    ],
)
def test_months_later__shorter_month__is_cut_to_its_end(
    day: str, months: int, sticky: bool, expected: str
) -> None:
    assert months_later(a_day(day), months, end_of_month=sticky) == a_day(expected)


@given(DAYS, st.integers(-60, 60), st.booleans())
def test_months_later__any_day__is_in_the_month_it_should_be(
    day: date, months: int, sticky: bool
) -> None:
    found = months_later(day, months, end_of_month=sticky)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert sticky or found.day <= day.day


@given(DAYS, st.sampled_from(HolidayAdjustment))
def test_payment_day__any_record_date__is_a_business_day_unless_nothing_is_adjusted(
    day: date, how: HolidayAdjustment
) -> None:
    paid = payment_day(day, how=how, is_holiday=is_bank_holiday)
    assert how is HolidayAdjustment.NONE or not is_bank_holiday(paid)
    if how is HolidayAdjustment.MODIFIED_FOLLOWING:
        assert paid.month == months_later(day, 1).month
