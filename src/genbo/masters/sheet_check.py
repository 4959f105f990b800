"""SheetCheck: the rows of a file become records, and whatever is wrong becomes a rejection with line and column.

given the rows of a file
├── the first is no heading of the table
│   └── nothing is read
├── a column is missing, unknown or there twice
│   └── each is named, and nothing is read
├── a row has more or fewer cells than the heading, or could not be read
│   └── it is rejected
├── a cell is a number of a workbook, or breaks a rule
│   └── it is rejected, with every other problem of the row
├── its key stands on an earlier line
│   └── it is rejected
└── otherwise
    └── it is a record
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from genbo.kernel import Reason, Refusal
from genbo.kernel.record import record
from genbo.masters.banks import BankMaster
from genbo.masters.fields import Field
from genbo.masters.file_table import FileTable
from genbo.masters.import_file import ImportResult, ProcessingKind, Rejection
from genbo.masters.record import Checked
from genbo.masters.sheet import SheetRow

__all__ = ["MOST_REJECTIONS", "FileRow", "SheetCheck", "bad_cell"]

MOST_REJECTIONS = 1_000
"""Rejections that are listed; the others are counted."""

_TYPED = "text: format the column as text and enter the value again"


def bad_cell(line: int, column: str | None, problem: str, allowed: str | None) -> Refusal:
    """What is wrong with a cell. The cell itself may be personal data, so it is not repeated."""
    facts = {"column": column, "problem": problem or None, "allowed": allowed}
    return Refusal(
        Reason.ROW_INVALID, line=line, **{name: each for name, each in facts.items() if each}
    )


@record(frozen=True, slots=True)
class FileRow:
    """One row whose every cell is right."""

    line: int
    key: tuple[str, ...]
    """Canonical values of the key columns."""
    record: Any
    """What the table's check made of it; None in a cancellation."""


@dataclass(slots=True)
class SheetCheck:
    """What is known of a file while it is read."""

    table: FileTable
    kind: ProcessingKind
    banks: BankMaster | None = None
    """What accounts must agree with; None asks no master."""
    read: int = 0
    """Rows below the heading."""
    rejected: int = 0
    problems: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    flagged: int = 0
    """Rows that a person should look at, though nothing is wrong with them."""
    columns: frozenset[str] = frozenset()
    """The columns that the file has."""
    _seen: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False)

    def reject(self, refusals: Iterable[Refusal]) -> None:
        """Takes note of everything that is wrong with one row."""
        self.rejected += 1
        for each in refusals:
            self.problems += 1
            if len(self.rejections) < MOST_REJECTIONS:
                self.rejections.append(Rejection.of(each))

    def rows(self, rows: Iterable[SheetRow]) -> Iterator[FileRow]:
        """The rows that are right, as they come; the others are rejected on the way."""
        heading: list[Field | None] | None = None
        for row in rows:
            if heading is None:
                heading = self._heading(row)
                if heading is None:
                    return
                continue
            self.read += 1
            right = self._row(row, heading)
            if right is not None:
                yield right
        if self.read == 0 and not self.problems:
            self._reject_file(1, None, "no row stands below the heading", "at least one row")

    def result(self, *, applied: int = 0, unchanged: int = 0) -> ImportResult:
        """The counts so far."""
        return ImportResult(
            read=self.read,
            applied=applied,
            unchanged=unchanged,
            rejected=self.rejected,
            problems=self.problems,
            rejections=tuple(sorted(self.rejections, key=lambda each: each.line)),
        )

    # Inside --------------------------------------------------------------------------------------

    def _reject_file(self, line: int, column: str | None, problem: str, allowed: str) -> None:
        self.reject([bad_cell(line, column, problem, allowed)])

    def _heading(self, row: SheetRow) -> list[Field | None] | None:
        """The field of each cell, None where it is ignored; None when it is no heading of this table."""
        allowed = ", ".join(each.column for each in self.table.fields)
        if row.faults:
            self.reject(bad_cell(row.line, None, each.problem, each.allowed) for each in row.faults)
            return None
        names = {
            _plain(name): each for each in self.table.fields for name in (each.column, each.name_ja)
        }
        found = [names.get(_plain(cell)) for cell in row.cells]
        required = self.table.required(self.kind)
        if not any(each in required for each in found):
            # Most likely a row stands there: somebody's data, which must not be repeated.
            self._reject_file(row.line, None, "the first line is not the heading", allowed)
            return None
        problems: list[Refusal] = [
            Refusal(
                Reason.FIELD_MISSING,
                line=row.line,
                field=each.column,
                allowed=each.rule.allowed if each.rule else None,
            )
            for each in required
            if each not in found
        ]
        for index, (cell, each) in enumerate(zip(row.cells, found, strict=True)):
            if each is not None and each in found[:index]:
                problems.append(Refusal(Reason.FIELD_TWICE, line=row.line, field=each.column))
            elif each is None and _plain(cell) not in self.table.ignored:
                problems.append(
                    Refusal(
                        Reason.FIELD_UNKNOWN,
                        line=row.line,
                        field=cell.strip()[:40],
                        allowed=allowed,
                    )
                )
        if problems:
            self.reject(problems)
            return None
        self.columns = frozenset(each.column for each in found if each is not None)
        return found

    def _row(self, row: SheetRow, heading: list[Field | None]) -> FileRow | None:
        line, cells = row.line, row.cells
        wrong: list[Refusal] = []
        if row.faults or row.numbers:
            wrong = list(self._faults(row, heading))
        elif len(cells) != len(heading):
            allowed = f"{len(heading)} cells, as in the heading"
            wrong = [bad_cell(line, _name(heading[-1]), f"the row has {len(cells)} cells", allowed)]
        if wrong:
            self.reject(wrong)
            return None
        given: dict[str, str | None] = {
            each.column: cell for each, cell in zip(heading, cells, strict=True) if each is not None
        }
        checked = self._checked(given)
        if checked.flags:
            self.flagged += 1
        wrong = [_at(line, each) for each in checked.problems]
        key = self._key(given)
        if key is not None:
            first = self._seen.setdefault(key, line)
            if first != line:
                problem = f"it stands on line {first} already"
                wrong.append(bad_cell(line, self.table.key[-1], problem, "each one once"))
        if wrong or key is None:
            self.reject(wrong)
            return None
        return FileRow(line, key, checked.record)

    def _checked(self, given: Mapping[str, str | None]) -> Checked[Any]:
        if self.kind is not ProcessingKind.CANCEL:
            return self.table.check(given, self.banks)
        problems: list[Refusal] = []
        for each in self.table.required(self.kind):
            text = (given[each.column] or "").strip()
            allowed = each.rule.allowed if each.rule else None
            if not text:
                problems.append(Refusal(Reason.FIELD_MISSING, field=each.column, allowed=allowed))
            elif each.rule is not None:
                try:
                    each.rule(text, field=each.column)
                except Refusal as refusal:
                    problems.append(refusal)
        return Checked(record=None, problems=tuple(problems))

    def _key(self, given: Mapping[str, str | None]) -> tuple[str, ...] | None:
        """The canonical key; None when it breaks its rules, which was said already."""
        values = []
        for name in self.table.key:
            rule = next(each.rule for each in self.table.fields if each.column == name)
            text = (given[name] or "").strip()
            try:
                values.append(rule(text, field=name) if rule else text)
            except Refusal:
                return None
        return tuple(values) if all(values) else None

    def _faults(self, row: SheetRow, heading: list[Field | None]) -> Iterator[Refusal]:
        for fault in row.faults:
            column = (
                heading[fault.index]
                if fault.index is not None and fault.index < len(heading)
                else None
            )
            yield bad_cell(row.line, _name(column), fault.problem, fault.allowed)
        for index in row.numbers:
            column = heading[index] if index < len(heading) else None
            if column is not None:
                problem = "it is a number, which has lost the zeros in front of it"
                yield bad_cell(row.line, column.column, problem, _TYPED)


def _at(line: int, refusal: Refusal) -> Refusal:
    """What a rule says of a cell, with its line; the reason of a rule of its own stays."""
    facts = dict(refusal.facts)
    if refusal.reason not in (Reason.FIELD_INVALID, Reason.FIELD_MISSING):
        return Refusal(refusal.reason, line=line, **facts)
    problem = facts.get("problem") or (
        "it is empty" if refusal.reason is Reason.FIELD_MISSING else ""
    )
    allowed = facts.get("allowed")
    return bad_cell(line, str(facts["field"]), str(problem), str(allowed) if allowed else None)


def _name(of: Field | None) -> str | None:
    return None if of is None else of.column


def _plain(name: str) -> str:
    """A heading as it is compared: of any width, in any case, without spaces around it."""
    return normalize("NFKC", name).strip().casefold()
