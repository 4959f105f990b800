"""A file of investors (投資家), read in one go: what `genbo investor import` and the stories take in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from genbo.bootstrap.files.investors import new_investor, verdict_of
from genbo.cli.files.columns import INVESTOR, TEXT
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.table import Column, read_table
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters.file_table import FILE_TABLES
from genbo.masters.import_file import ImportTarget, ProcessingKind
from genbo.masters.sheet_check import SheetCheck, bad_cell
from genbo.providers.files.delivered import delivered
from genbo.storage.investors import NewInvestor
from genbo.storage.verdicts import Verdict

_FIXTURE = "fixture"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorRow:
    """One investor of a file, with the verdict that came along."""

    line: int
    new: NewInvestor
    verdict: Verdict | None
    """None when the file names no verdict."""

    @property
    def investor_id(self) -> InvestorId:
        return self.new.investor.investor_id


def read_investors(path: Path, *, today: date | None = None) -> list[InvestorRow]:
    """The investors of a file. Whether their banks, brokers and customer numbers can be, is asked where they are
    registered.

    Args:
        today: nobody was verified after this day; None asks nothing.

    Raises:
        FileProblems: everything that is wrong, with line and column.
        Fault: `file_unreadable`.
    """
    check = SheetCheck(FILE_TABLES[ImportTarget.INVESTOR], ProcessingKind.NEW)
    rows = []
    with delivered(path) as file:
        for row in check.rows(file.rows()):
            verdict = row.record.verdict
            if today is not None and verdict is not None and verdict.verified_at > today:
                problem, allowed = "it has not come yet", f"a day up to {today}"
                check.reject([bad_cell(row.line, "verified_at", problem, allowed)])
                continue
            rows.append(
                InvestorRow(
                    line=row.line, new=new_investor(row.record), verdict=verdict_of(row.record)
                )
            )
    if check.problems:
        problems = [each.refusal() for each in check.rejections]
        raise FileProblems(path, problems, count=check.problems)
    return rows


def refuse_registered(
    path: Path, rows: Sequence[InvestorRow], registered: Collection[InvestorId]
) -> None:
    """Nothing, unless some of the rows are registered already.

    Raises:
        FileProblems: `investor_exists`, each with its line.
    """
    problems = [
        Refusal(
            Reason.INVESTOR_EXISTS, investor=row.investor_id, line=row.line, column="investor_id"
        )
        for row in rows
        if row.investor_id in registered
    ]
    if problems:
        raise FileProblems(path, problems)


def fixture_names(path: Path) -> dict[str, InvestorId]:
    """The names that a story's file gives its investors."""
    columns: dict[str, Column] = {_FIXTURE: TEXT, "investor_id": INVESTOR}
    known = {each.column for each in FILE_TABLES[ImportTarget.INVESTOR].fields}
    rows = read_table(
        path,
        columns,
        lambda _, row: (row[_FIXTURE], row["investor_id"]),
        ignored=frozenset(known - {"investor_id"}),
    )
    return dict(rows)
