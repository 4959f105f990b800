"""Days (日付) as people type them."""

from datetime import date

from genbo.kernel import Fault, Reason

FIRST_YEAR, LAST_YEAR = 1970, 2105
"""As in files for masters: what lies beyond cannot be counted with, and could be stored and never be shown."""


def day_of(text: str) -> date:
    """The day, YYYY-MM-DD. Raises ValueError for anything else, and for a day of another age."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return day


def day_option(text: str, field: str) -> date:
    """The day of an argument or option.

    Raises:
        Fault: `field_invalid`.
    """
    try:
        return day_of(text)
    except ValueError:
        raise Fault(
            Reason.FIELD_INVALID, field=field, value=text[:32], allowed="YYYY-MM-DD"
        ) from None
