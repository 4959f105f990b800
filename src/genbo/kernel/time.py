"""Business time: the chain counts in UTC, the law counts in days of Japan. Converted here and nowhere else.

Every instant is half-open: "as of T" means everything that happened before T. So "as of 2022-01-31" is everything
before 2022-02-01 00:00 JST, which Japanese documents write as 2022-01-31 24:00 (decision I-11).
"""

import re
from datetime import date, datetime, time, timedelta, timezone

from genbo.kernel.reason import Reason
from genbo.kernel.refusal import Refusal

UTC = timezone.utc  # noqa: UP017  one name for both zones, side by side
JST = timezone(timedelta(hours=9), "JST")
"""Japan has no daylight saving, so a fixed offset is exact and needs no zone database."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]24:00(?::00)?(?: ?(?:JST|\+09:00))?")


def business_date(at: datetime) -> date:
    """The day in Japan that contains the instant `at` (which must know its zone)."""
    return _aware(at).astimezone(JST).date()


def end_of_day(day: date) -> datetime:
    """`day` 24:00 JST, as UTC: the first instant that no longer belongs to `day`."""
    return datetime.combine(day + timedelta(days=1), time(), JST).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """`day` 00:00 JST, as UTC: the first instant of `day`."""
    return datetime.combine(day, time(), JST).astimezone(UTC)


def parse_as_of(text: str) -> datetime:
    """The instant that `text` names, as UTC.

    `2022-01-31` and `2022-01-31 24:00` mean the end of that day in Japan; `2022-01-31T15:00:00Z` and
    `2022-01-31T12:00:00+09:00` mean that very instant; a time without a zone is Japan's.

    Raises:
        Refusal: `time_malformed`.
    """
    try:
        if _DAY.fullmatch(text):
            return end_of_day(date.fromisoformat(text))
        if midnight := _MIDNIGHT.fullmatch(text):
            return end_of_day(date.fromisoformat(midnight[1]))
        at = datetime.fromisoformat(text.replace(" JST", "+09:00"))
        return _as_utc(at if at.tzinfo else at.replace(tzinfo=JST))
    except (ValueError, OverflowError):  # overflow: at the two ends of the calendar
        raise Refusal(Reason.TIME_MALFORMED, text=text[:40]) from None


def instant_of(at: datetime) -> datetime:
    """The instant `at` (which must know its zone), as UTC.

    Raises:
        Refusal: `time_malformed` at the two ends of the calendar.
    """
    try:
        return _as_utc(_aware(at))
    except OverflowError:
        raise Refusal(Reason.TIME_MALFORMED, text=at.isoformat()[:40]) from None


def _as_utc(at: datetime) -> datetime:
    # In Japan too it must be an instant, or it could be stored and never be shown.
    return at.astimezone(JST).astimezone(UTC)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")  # a bug of the caller, not a refusal
    return at
