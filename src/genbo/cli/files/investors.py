"""A file of investors (投資家): who they are, and what was found about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from genbo.cli.files.columns import (
    DAY_ALLOWED,
    INVESTOR,
    KEY_ALLOWED,
    TEXT,
    day,
    key,
    optional,
)
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.table import Column, bad_cell, read_table
from genbo.kernel import InvestorId, Reason, Refusal, end_of_day, start_of_day
from genbo.masters import INVESTOR_FIELDS, AmlClass, Field, InvestorStatus, judge_investor
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.verdicts import Verdict

_NOTHING_OLDER = date(2000, 1, 1)
"""The day from which name and address hold where the file names none."""


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


def _cell(field: Field) -> Column:
    """A column of the catalogue as a column of a file."""
    rule = field.rule
    assert rule is not None
    if field.is_required or field.column == "investor_class":
        return Column(rule.read, rule.allowed)
    return optional(rule.read, rule.allowed)


_COLUMNS = {each.column: _cell(each) for each in INVESTOR_FIELDS} | {
    "verified_at": optional(day, DAY_ALLOWED),
    "verified_until": optional(day, DAY_ALLOWED),
    "kyc_evidence": optional(key, f"the reference of the evidence: {KEY_ALLOWED}"),
}
_FIXTURE = "fixture"
_VERDICT = ("verified_at", "verified_until", "kyc_evidence")
"""The columns that say that somebody was verified: all three, or none."""


def read_investors(path: Path, *, today: date | None = None) -> list[InvestorRow]:
    """The investors of a CSV file.

    Args:
        today: nobody was verified after this day; None asks nothing.

    Raises:
        FileProblems: everything that is wrong, with line and column.
        Fault: `file_unreadable`.
    """
    return read_table(
        path,
        _COLUMNS,
        _row,
        judge=lambda line, row: _judge(line, row, today),
        unique="investor_id",
        ignored=frozenset({_FIXTURE}),
    )


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
    rest = frozenset(_COLUMNS) - {"investor_id"}
    rows = read_table(
        path, columns, lambda _, row: (row[_FIXTURE], row["investor_id"]), ignored=rest
    )
    return dict(rows)


def _judge(line: int, row: Mapping[str, Any], today: date | None) -> list[Refusal]:
    """What is wrong between cells that are right one by one."""
    wrong: list[Refusal] = []

    def refuse(column: str, problem: str, allowed: str) -> None:
        wrong.append(bad_cell(line, column, problem, allowed))

    for problem in judge_investor(_master(row)).problems:
        refuse(str(problem.facts["field"]), "", str(problem.facts["allowed"]))
    given = [name for name in _VERDICT if row[name] is not None]
    if given and len(given) < len(_VERDICT):
        missing = next(name for name in _VERDICT if row[name] is None)
        refuse(missing, "it is empty", f"all of {', '.join(_VERDICT)}, or none of them")
    elif given and today is not None and row["verified_at"] > today:
        refuse("verified_at", "it has not come yet", f"a day up to {today}")
    elif given and row["verified_until"] < row["verified_at"]:
        refuse("verified_until", "it is before verified_at", "verified_at or a later day")
    return wrong


def _master(row: Mapping[str, Any]) -> dict[str, str | None]:
    return {each.column: row[each.column] for each in INVESTOR_FIELDS}


def _row(line: int, row: Mapping[str, Any]) -> InvestorRow:
    record = judge_investor(_master(row)).or_refuse()
    assert record.investor_class is not None
    investor = Investor(
        investor_id=record.investor_id,
        kind=record.investor_type,
        safekeeping_kind=record.safekeeping_kind,
        safekeeping_id=record.safekeeping_id,
        broker_customer_id=record.broker_customer_id,
        custodian_id=record.custodian_id,
        status=record.investor_status or InvestorStatus.ACTIVE,
        aml_class=record.aml_class or AmlClass.CLEAR,
        investor_class=int(record.investor_class),
    )
    new = NewInvestor(
        investor=investor,
        name=record.investor_name,
        registered_address=record.registered_address,
        effective=row["verified_at"] or _NOTHING_OLDER,
        personal=record.personal(),
    )
    verdict = None
    if row["verified_at"] is not None:
        verdict = Verdict(
            investor_id=record.investor_id,
            checked_at=start_of_day(row["verified_at"]),
            expires_at=end_of_day(row["verified_until"]),
            investor_class=investor.investor_class,
            aml_class=investor.aml_class,
            evidence_ref=row["kyc_evidence"],
        )
    return InvestorRow(line=line, new=new, verdict=verdict)
