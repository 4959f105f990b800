"""Schedule (開局・閉局の予定): the hours in which the market is open on business days, in Japan's time."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import pairwise

from genbo.governance.market.calendar import BankCalendar
from genbo.kernel import JST, UTC, Reason, Refusal, business_date, end_of_day

_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Window:
    """An open stretch of time; half-open, like every span here."""

    opens: datetime
    closes: datetime
    """The first instant it is closed again."""


@dataclass(frozen=True, slots=True)
class Session:
    """Hours of a day in Japan. Closing at 00:00 means at the end of the day.

    Raises:
        Refusal: `market_hours_invalid` when it closes before it opens, or a time carries a zone of its own.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise Refusal(Reason.MARKET_HOURS_INVALID, problem="a time carries a zone")
        if self.closes <= self.opens and self.closes != _MIDNIGHT:
            raise Refusal(Reason.MARKET_HOURS_INVALID, problem=f"{self} closes before it opens")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def on(self, day: date) -> Window:
        """The session of that day."""
        closes = end_of_day(day) if self.closes == _MIDNIGHT else _instant(day, self.closes)
        return Window(_instant(day, self.opens), closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketHours:
    """The sessions of each business day from a day on. None at all: the market stays closed.

    Raises:
        Refusal: `market_hours_invalid` when sessions overlap or are not in order; `calendar_day_passed` when they were
            to begin on a day that was over.
    """

    effective: date
    sessions: tuple[Session, ...]
    by: str
    at: datetime
    why: str = field(repr=False)

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.sessions):
            if earlier.closes == _MIDNIGHT or later.opens <= earlier.closes:
                raise Refusal(
                    Reason.MARKET_HOURS_INVALID, problem=f"{later} does not come after {earlier}"
                )
        if self.effective < business_date(self.at):
            raise Refusal(Reason.CALENDAR_DAY_PASSED, day=str(self.effective))


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every version of the hours, in the order in which they were recorded; none is edited."""

    versions: tuple[MarketHours, ...] = ()

    def changed(self, hours: MarketHours) -> "Schedule":
        """The schedule with another version; where two begin on one day, the later record counts."""
        return replace(self, versions=(*self.versions, hours))

    def windows(self, day: date, calendar: BankCalendar) -> tuple[Window, ...]:
        """When the market is to be open on that day; never on a bank holiday."""
        if calendar.is_holiday(day):
            return ()
        begun = [each for each in reversed(self.versions) if each.effective <= day]
        if not begun:
            return ()
        hours = max(begun, key=lambda each: each.effective)  # the first of equals: recorded last
        return tuple(session.on(day) for session in hours.sessions)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, JST).astimezone(UTC)
