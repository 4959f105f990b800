"""The calendar of Japan's banks (Bank Act 15, its Order 5): which days money can move.

Saturdays, Sundays, national holidays and 31 December to 3 January are holidays. The days come from the library
`holidays`, which is kept up with each year's announcement of the equinoxes; years ahead are forecasts.
"""

from datetime import date
from functools import cache
from importlib.metadata import version

import holidays

VERSION = f"holidays {version('holidays')}"
"""Which announcement the days are of."""

_SATURDAY = 5


def is_bank_holiday(day: date) -> bool:
    """Whether Japan's banks are closed on that day."""
    return day.weekday() >= _SATURDAY or day in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("JP", years=year, categories=("public", "bank"))
