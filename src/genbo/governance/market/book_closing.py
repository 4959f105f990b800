"""BookClosing (名義書換停止期間): days around a record date or the redemption on which the book does not change."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from genbo.governance.market.calendar import BankCalendar
from genbo.governance.market.hours import Window
from genbo.kernel import ProductId, Reason, Refusal, end_of_day, start_of_day


class ClosingCause(StrEnum):
    """What the book is closed for."""

    RECORD_DATE = "record_date"
    """権利確定日."""
    REDEMPTION = "redemption"
    """償還日."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookClosing:
    """From `first` to `last`, counted in business days from the day it is around; both are closed all day.

    0 is the day itself, so -2 to 0 closes the day and the two business days before it, and 1 to 3 leaves a record date
    open, on which a transfer still counts (R-PROGMAT-CTL-5, CTL-6).

    Raises:
        Refusal: `field_invalid` when it ends before it begins.
    """

    cause: ClosingCause
    day: date
    """The record date or redemption date, after its adjustment for holidays."""
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refusal(
                Reason.FIELD_INVALID, field="last", value=self.last, allowed=f"{self.first} or more"
            )

    def period(self, calendar: BankCalendar) -> Window:
        """The instants between which nothing is transferred."""
        first = calendar.business_day(self.day, self.first)
        last = calendar.business_day(self.day, self.last)
        return Window(start_of_day(first), end_of_day(last))


@dataclass(frozen=True, slots=True, kw_only=True)
class BookClosingRule:
    """What a product's book is closed for, and for how long, from the moment it was recorded; None: not at all.

    None is edited; a later rule for the same product and cause counts.
    """

    product: ProductId
    cause: ClosingCause
    days: tuple[int, int] | None
    """First and last, as `BookClosing` counts them."""
    by: str
    at: datetime
    why: str = field(repr=False)

    def around(self, day: date) -> BookClosing | None:
        """The closing around that day. Raises Refusal(field_invalid) as `BookClosing`."""
        if self.days is None:
            return None
        first, last = self.days
        return BookClosing(cause=self.cause, day=day, first=first, last=last)
