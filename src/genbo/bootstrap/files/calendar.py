"""The calendar (営業日カレンダー) by file: days on which banks work other than announced, and taking that back.

given a row of a new override
├── the day is over, or is announced as the row has it
│   └── it is rejected
├── an override says so already
│   └── nothing is changed
└── otherwise
    └── the day is overridden, by a further version of the calendar
given a row of a cancellation
├── no override stands for the day
│   └── it is rejected
└── otherwise
    └── the day is as announced again, by a further version
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.files.taking import Taking
from genbo.bootstrap.market import records
from genbo.governance.market import BankCalendar, Override
from genbo.kernel import Reason, Refusal
from genbo.masters.import_file import ProcessingKind
from genbo.masters.sheet_check import FileRow
from genbo.storage.vault import Reading, Vault


class CalendarOverrides:
    """The overrides of the bank calendar."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        held, unchanged = records(taking.connection), 0
        calendar = held.calendar()
        for row in rows:
            day = date.fromisoformat(row.key[0])
            standing = _standing(calendar, day)
            if taking.kind is ProcessingKind.CANCEL:
                if standing is None:
                    taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
                    continue
                wanted, why = not calendar.base(day), f"taken back: {standing.why}"
            else:
                wanted, why = row.record["is_business_day"] == "true", row.record["why"]
                if standing is not None and standing.is_business_day is wanted:
                    unchanged += 1
                    continue
            override = Override(
                day=day, is_business_day=wanted, by=taking.by, at=taking.at, why=why
            )
            try:
                calendar = held.override(override)
            except Refusal as refusal:
                taking.reject(row, Refusal(refusal.reason, **refusal.facts, column="day"))
        return unchanged

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        """The overrides that stand, by day."""
        calendar = records(connection).calendar()
        for day in sorted({each.day for each in calendar.overrides}):
            if (standing := _standing(calendar, day)) is not None:
                flag = "true" if standing.is_business_day else "false"
                yield [day.isoformat(), flag, standing.why]


def _standing(calendar: BankCalendar, day: date) -> Override | None:
    """What makes the day other than announced; None where it is as announced."""
    last = next((each for each in reversed(calendar.overrides) if each.day == day), None)
    if last is None or last.is_business_day is not calendar.base(day):
        return None
    return last
