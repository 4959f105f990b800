"""BankCalendar (銀行営業日カレンダー): business days, as announced and as an operator overrode them.

The days of a country come from outside. What an operator adds - a bank that closes for a disaster, a year announced
late - is an override: versioned data that says who, when and why. None is ever edited; a later one counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from genbo.kernel import Reason, Refusal, business_date

IsHoliday: TypeAlias = Callable[[date], bool]
"""Whether banks in Japan are closed on that day."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One day that is other than announced, from the moment it was recorded."""

    day: date
    is_business_day: bool
    by: str
    """Who recorded it."""
    at: datetime
    """When."""
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCalendar:
    """Business days of one version. An override makes the next version and leaves this one as it is."""

    base: IsHoliday = field(repr=False)
    base_version: str
    """Which announcement the base is."""
    overrides: tuple[Override, ...] = ()
    """In the order in which they were recorded."""

    @property
    def version(self) -> str:
        """The version of the base and the number of overrides; an answer is repeated by naming it."""
        return f"{self.base_version}+{len(self.overrides)}"

    def is_holiday(self, day: date) -> bool:
        """Whether banks are closed on that day."""
        for override in reversed(self.overrides):
            if override.day == day:
                return not override.is_business_day
        return self.base(day)

    def business_day(self, day: date, offset: int) -> date:
        """The business day that comes `offset` business days after `day`, before it when negative; `day` for 0.

        `day` itself is not counted, so T+2 is `business_day(T, 2)`, whatever day T is.
        """
        step = _ONE_DAY if offset > 0 else -_ONE_DAY
        for _ in range(abs(offset)):
            day += step
            while self.is_holiday(day):
                day += step
        return day

    def overridden(self, override: Override) -> "BankCalendar":
        """The next version.

        Raises:
            Refusal: `calendar_day_passed` for a day that was over when it was recorded; `calendar_unchanged`.
        """
        if override.day < business_date(override.at):
            raise Refusal(Reason.CALENDAR_DAY_PASSED, day=str(override.day))
        if self.is_holiday(override.day) is not override.is_business_day:
            raise Refusal(Reason.CALENDAR_UNCHANGED, day=str(override.day))
        return replace(self, overrides=(*self.overrides, override))

    def known_at(self, at: datetime) -> "BankCalendar":
        """The version that an answer of the instant `at` was given by."""
        return replace(self, overrides=tuple(each for each in self.overrides if each.at <= at))
