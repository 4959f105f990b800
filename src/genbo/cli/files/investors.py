"""A file of investors (投資家): who they are, and what was found about them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.jp import cn

from genbo.cli.files.columns import (
    DAY_ALLOWED,
    INVESTOR,
    KEY_ALLOWED,
    TEXT,
    day,
    key,
    one_of,
    optional,
)
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.table import Column, bad_cell, read_table
from genbo.kernel import InvestorId, Reason, Refusal, end_of_day, start_of_day
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.tables.investor import KINDS, SAFEKEEPING_KINDS
from genbo.storage.verdicts import Verdict
from genbo.token import InvestorClass

_POSTAL_CODE = re.compile(r"(\d{3})-?(\d{4})", re.ASCII)
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


def _corporate_number(text: str) -> str:
    try:
        return str(cn.validate(text))
    except ValidationError:
        raise ValueError from None


def _postal_code(text: str) -> str:
    if not (found := _POSTAL_CODE.fullmatch(text)):
        raise ValueError
    return f"{found[1]}-{found[2]}"


_COLUMNS = {
    "investor_id": INVESTOR,
    "investor_type": one_of({kind: kind for kind in KINDS}),
    "investor_class": one_of({each.key: each for each in InvestorClass}),
    "investor_name": TEXT,
    "contact_postal_code": optional(_postal_code, "seven digits like 150-0041"),
    "registered_address": TEXT,
    "corporate_number": optional(
        _corporate_number, "13 digits with the right check digit (法人番号)"
    ),
    "safekeeping_kind": one_of({kind: kind for kind in SAFEKEEPING_KINDS}),
    "safekeeping_id": optional(key, f"the broker's id: {KEY_ALLOWED}"),
    "custodian_id": optional(key, f"the custodian's id: {KEY_ALLOWED}"),
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

    if row["investor_type"] == "individual" and row["corporate_number"]:
        refuse("corporate_number", "the investor is an individual", "nothing for an individual")
    if (row["safekeeping_kind"] == "delegated") != (row["custodian_id"] is not None):
        refuse("custodian_id", "", "an id when safekeeping_kind is delegated, else nothing")
    given = [name for name in _VERDICT if row[name] is not None]
    if given and len(given) < len(_VERDICT):
        missing = next(name for name in _VERDICT if row[name] is None)
        refuse(missing, "it is empty", f"all of {', '.join(_VERDICT)}, or none of them")
    elif given and today is not None and row["verified_at"] > today:
        refuse("verified_at", "it has not come yet", f"a day up to {today}")
    elif given and row["verified_until"] < row["verified_at"]:
        refuse("verified_until", "it is before verified_at", "verified_at or a later day")
    return wrong


def _row(line: int, row: Mapping[str, Any]) -> InvestorRow:
    investor = Investor(
        investor_id=row["investor_id"],
        kind=row["investor_type"],
        safekeeping_kind=row["safekeeping_kind"],
        safekeeping_id=row["safekeeping_id"],
        custodian_id=row["custodian_id"],
        investor_class=int(row["investor_class"]),
    )
    new = NewInvestor(
        investor=investor,
        name=row["investor_name"],
        registered_address=row["registered_address"],
        effective=row["verified_at"] or _NOTHING_OLDER,
        personal={
            name: row[name] for name in ("contact_postal_code", "corporate_number") if row[name]
        },
    )
    verdict = None
    if row["verified_at"] is not None:
        verdict = Verdict(
            investor_id=row["investor_id"],
            checked_at=start_of_day(row["verified_at"]),
            expires_at=end_of_day(row["verified_until"]),
            investor_class=int(row["investor_class"]),
            aml_class="clear",
            evidence_ref=row["kyc_evidence"],
        )
    return InvestorRow(line=line, new=new, verdict=verdict)
