"""Taking: rows of one file go into a master, in one transaction that is kept as a whole or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from genbo.kernel import Digest, Reason, Refusal, business_date
from genbo.masters.import_file import ProcessingKind
from genbo.masters.sheet_check import FileRow, SheetCheck, bad_cell
from genbo.storage.vault import Purpose, Reading, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One file on its way into a master."""

    connection: Connection
    vault: Vault
    check: SheetCheck
    at: datetime
    by: str
    source: Digest
    """SHA-256 of the file."""
    only: str | None = None
    """保護預り先ID: the broker whose customers alone the file may hold, and who judges nobody; None: no limit."""

    @property
    def kind(self) -> ProcessingKind:
        return self.check.kind

    @property
    def today(self) -> date:
        """The day in Japan."""
        return business_date(self.at)

    @property
    def reading(self) -> Reading:
        """Why sealed data is opened: a correction is compared with what is there."""
        return Reading(purpose=Purpose.VERIFICATION, actor=self.by, at=self.at)

    def reject(self, row: FileRow, *refusals: Refusal) -> None:
        """Takes note that the row cannot be applied."""
        self.check.reject(
            Refusal(each.reason, **{"line": row.line, **each.facts}) for each in refusals
        )

    def reject_cell(self, row: FileRow, column: str, problem: str, allowed: str) -> None:
        """As `reject`, for one cell."""
        self.check.reject([bad_cell(row.line, column, problem, allowed)])

    def reject_key(self, row: FileRow, reason: Reason) -> None:
        """As `reject`, for a row that is there already, or is not."""
        key = {"key": " ".join(row.key), "column": self.check.table.key[-1]}
        self.reject(row, Refusal(reason, **key))


class Master(Protocol):
    """A master that takes rows in and gives them out. One object is for one file."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        """Applies rows, and rejects those that cannot be; how many said what was there already."""

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        """Every row as texts, in the order of the table's columns."""
