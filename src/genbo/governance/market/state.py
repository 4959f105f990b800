"""Market: the platform's switches, calendar and hours at one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from genbo.governance.market.calendar import BankCalendar
from genbo.governance.market.groups import TransferGroup
from genbo.governance.market.hours import Schedule, Window
from genbo.kernel import Reason, Refusal, business_date

_HORIZON = 400
"""Days looked ahead for the next opening: longer than any run of holidays, short enough to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What decides for every product (R-PROGMAT-CTL-4, R-PROGMAT-T16)."""

    calendar: BankCalendar
    schedule: Schedule
    groups: Mapping[str, TransferGroup] = field(default_factory=dict)
    is_stopped: bool = False
    """全面停止: nothing runs."""
    is_closed: bool = False
    """閉局 by an operator; the schedule does not open what an operator closed."""

    def should_be_open(self, at: datetime) -> bool:
        """What the market on the ledger has to be at that instant."""
        return not self.is_stopped and not self.is_closed and self.closing_after(at) is not None

    def closing_after(self, at: datetime) -> datetime | None:
        """When the opening that `at` falls into ends by the schedule; None outside of any.

        Sessions that touch at midnight are one opening.
        """
        window = next(
            (each for each in self._openings(business_date(at)) if at < each.closes), None
        )
        return None if window is None or at < window.opens else window.closes

    def next_opening(self, at: datetime) -> datetime | None:
        """The first scheduled opening after `at`; None when none is known within the year ahead."""
        openings = (window.opens for window in self._openings(business_date(at)))
        return next((opens for opens in openings if opens > at), None)

    def next_change(self, at: datetime) -> datetime | None:
        """When the schedule next opens or closes the market: when to look at the ledger again."""
        return self.closing_after(at) or self.next_opening(at)

    def last_close(self, day: date) -> datetime | None:
        """When the last session of that day ends; None on a day without any."""
        windows = self.schedule.windows(day, self.calendar)
        return windows[-1].closes if windows else None

    def as_planned(self) -> "Market":
        """The same market with every switch on: what is known of days to come."""
        return replace(
            self,
            is_stopped=False,
            is_closed=False,
            groups={name: replace(group, is_enabled=True) for name, group in self.groups.items()},
        )

    def group(self, name: str) -> TransferGroup:
        """The transfer-enable group of that id.

        Raises:
            Refusal: `group_unknown`.
        """
        if name not in self.groups:
            raise Refusal(Reason.GROUP_UNKNOWN, group=name)
        return self.groups[name]

    def _openings(self, first: date) -> Iterator[Window]:
        """The openings from the beginning of that day on, those that touch made one."""
        current: Window | None = None
        for number in range(_HORIZON):
            for window in self.schedule.windows(first + timedelta(days=number), self.calendar):
                if current is None:
                    current = window
                elif current.closes == window.opens:
                    current = Window(current.opens, window.closes)
                else:
                    yield current
                    current = window
        if current is not None:
            yield current
