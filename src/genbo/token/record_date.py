"""Record dates (権利確定日): the days whose holders at 24:00 JST have the rights of a period."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from genbo.kernel import Reason, Refusal

IsHoliday: TypeAlias = Callable[[date], bool]
"""Whether banks in Japan are closed on that day; the calendar is data with a version."""

_FORM = re.compile(r"(\d{2})-(\d{2})")
_LEAP_YEAR = 2024
_ONE_DAY = timedelta(days=1)


class HolidayAdjustment(StrEnum):
    """休日調整区分 (R-PROGMAT-T3.15): where a day goes that falls on a bank holiday."""

    NONE = "none"
    """It stays."""
    FOLLOWING = "following"
    """To the next business day."""
    PRECEDING = "preceding"
    """To the business day before."""
    MODIFIED_FOLLOWING = "modified_following"
    """To the next business day, unless that is in another month: then to the one before."""


def adjusted(day: date, how: HolidayAdjustment, is_holiday: IsHoliday) -> date:
    """`day` as the product's terms adjust it for bank holidays."""
    if how is HolidayAdjustment.NONE or not is_holiday(day):
        return day
    if how is HolidayAdjustment.PRECEDING:
        return _nearest(day, -_ONE_DAY, is_holiday)
    following = _nearest(day, _ONE_DAY, is_holiday)
    if how is HolidayAdjustment.MODIFIED_FOLLOWING and following.month != day.month:
        return _nearest(day, -_ONE_DAY, is_holiday)
    return following


def _nearest(day: date, step: timedelta, is_holiday: IsHoliday) -> date:
    while is_holiday(day):
        day += step
    return day


@dataclass(frozen=True, slots=True, order=True)
class RecordDay:
    """A day of the year, `MM-DD`; the 29th of February is the 28th in other years."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> "RecordDay":
        """The day that `text` names.

        Raises:
            Refusal: `time_malformed` when it is not `MM-DD`, or no year has that day.
        """
        form = _FORM.fullmatch(text)
        month, day = (int(form[1]), int(form[2])) if form else (0, 0)
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]:
            raise Refusal(Reason.TIME_MALFORMED, text=text[:40])
        return cls(month, day)

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"

    def in_year(self, year: int) -> date:
        """The day in `year`, before any adjustment for holidays."""
        last = calendar.monthrange(year, self.month)[1]
        return date(year, self.month, min(self.day, last))


def record_dates(
    days: tuple[RecordDay, ...],
    *,
    after: date,
    until: date,
    how: HolidayAdjustment,
    is_holiday: IsHoliday,
) -> Iterator[date]:
    """The adjusted record dates later than `after` and not later than `until`, in order.

    `after` is the set date as a rule: what is set on a record date has earned nothing by then.
    """
    # A day at the turn of the year can be adjusted across it.
    for year in range(after.year - 1, until.year + 2):
        for day in sorted(days):
            adjusted_day = adjusted(day.in_year(year), how, is_holiday)
            if after < adjusted_day <= until:
                yield adjusted_day
