"""Days of money (支払に関する日): months that end early, the payment day after a record date, and its legal deadlines.

Civil Code 140 and 143: the first day of a period is not counted, and a period of months ends with the same day of the
calendar, or with the last day of a month that has none.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from genbo.token.record_date import HolidayAdjustment, IsHoliday, adjusted

NOTICE_WEEKS = 2
"""Full weeks between the notice of a record date and the record date (Trust Act 189, Companies Act 124)."""
EXERCISE_MONTHS = 3
"""Months within which rights fixed by a record date are exercised (the same)."""


def months_later(day: date, months: int, *, end_of_month: bool = False) -> date:
    """The corresponding day so many months later, cut to the end of a shorter month; earlier when negative.

    Args:
        end_of_month: the last day of a month goes to the last day: 28 February to 31 March.
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    last = calendar.monthrange(year, month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, last if end_of_month and is_last else min(day.day, last))


def payment_day(
    nominal: date, *, months: int = 1, how: HolidayAdjustment, is_holiday: IsHoliday
) -> date:
    """The day on which money of a record date is paid: the corresponding day `months` later, as the terms adjust it.

    Args:
        nominal: the record date before its own adjustment: 31 July, also where that is a Sunday (R-PROGMAT-T3.15).
    """
    return adjusted(months_later(nominal, months), how, is_holiday)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """What the law ties to a record date (D.2.7)."""

    record_day: date
    notice_by: date
    """公告期限: the last day for the notice of a date that the deed does not set. Two full weeks lie between."""
    exercise_by: date
    """権利行使期限: the last day on which the rights can be exercised."""

    def notice_missed(self, noticed_on: date | None) -> bool:
        """Whether the notice period was missed (公告期間不足); None: no notice was given."""
        return noticed_on is None or noticed_on > self.notice_by


def deadlines(record_day: date) -> Deadlines:
    """The deadlines of a record date."""
    return Deadlines(
        record_day=record_day,
        notice_by=record_day - timedelta(weeks=NOTICE_WEEKS, days=1),
        exercise_by=months_later(record_day, EXERCISE_MONTHS),
    )
