"""The calendar of Japan's banks, against a list of holidays from elsewhere.

given every day from 2019 to 2030
├── it should be a bank holiday on weekends, national holidays and from 31 December to 3 January, and on no other day
given days that bank holidays move
├── it should adjust record and payment dates as each code says
└── it should count T+1 and T+2 over bank business days only
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from genbo.providers.calendar import is_bank_holiday
from genbo.token import HolidayAdjustment
from genbo.token.record_date import adjusted

DATA = Path(__file__).parents[1] / "data"
ONE_DAY = timedelta(days=1)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def after(day: date, count: int) -> date:
    """The day `count` bank business days after `day`."""
    while count:
        day += ONE_DAY
        count -= not is_bank_holiday(day)
    return day


def test_is_bank_holiday__every_day_of_twelve_years__is_as_listed() -> None:
    national = {date.fromisoformat(row["date"]) for row in rows("holidays_jp_2019_2030.csv")}
    assert len(national) > 200
    differing = [
        day
        for day in days(date(2019, 1, 1), date(2030, 12, 31))
        if is_bank_holiday(day)
        != (
            day.weekday() >= 5
            or day in national
            or (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
        )
    ]
    assert differing == []


ADJUSTED = [row for row in rows("calendar_vectors.csv") if not row["case"].startswith("trade")]
COUNTED = [row for row in rows("calendar_vectors.csv") if row["case"].startswith("trade")]


@pytest.mark.parametrize(
    "row", ADJUSTED, ids=lambda row: f"{row['nominal_date']}-{row['convention']}"
)
def test_adjusted__day_of_a_product__goes_where_its_code_says(row: dict[str, str]) -> None:
    nominal = date.fromisoformat(row["nominal_date"])
    found = adjusted(nominal, HolidayAdjustment(row["convention"]), is_bank_holiday)
    assert found == date.fromisoformat(row["adjusted_date"])


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["nominal_date"])
def test_business_days__after_a_trade__pass_over_bank_holidays(row: dict[str, str]) -> None:
    traded = date.fromisoformat(row["nominal_date"])
    assert after(traded, int(row["case"][-1])) == date.fromisoformat(row["adjusted_date"])


def test_vectors__read__are_all_there() -> None:
    assert (len(ADJUSTED), len(COUNTED)) == (14, 4)
