"""Files around a payment: the account that pays (YAML), and what the bank says (CSV or Excel)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from genbo.cli.days import day_of
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.table import Column, read_table
from genbo.cli.files.terms import rows_of_sections
from genbo.cli.files.text import read_text
from genbo.entitlements import Outcome, Result
from genbo.entitlements.zengin import Remitter
from genbo.kernel import Reason, Refusal
from genbo.masters.account import ACCOUNT_NUMBER, BANK_CODE, BANK_NAME_KANA, BRANCH_CODE
from genbo.masters.kana import transfer_kana
from genbo.masters.rule import Rule

_HEADING = "remitter"
_MOST_NAME = 40


def _name(text: str) -> str:
    return transfer_kana(text, most=_MOST_NAME)


def _code(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError
    return text


def _kind(text: str) -> str:
    if text not in ("1", "2", "9"):
        raise ValueError
    return text


_RULES: Mapping[str, Rule] = {
    "code": Rule("up to 10 digits, given by the bank", "銀行が付した10桁以内の数字", _code),
    "name": Rule(f"kana of at most {_MOST_NAME} bytes", f"{_MOST_NAME}バイト以内のカナ", _name),
    "bank_code": BANK_CODE,
    "bank_name": BANK_NAME_KANA,
    "branch_code": BRANCH_CODE,
    "branch_name": BANK_NAME_KANA,
    "account_kind": Rule("1, 2 or 9", "1・2・9", _kind),
    "account_number": ACCOUNT_NUMBER,
}


def read_remitter(path: Path) -> Remitter:
    """The account that pays, from a section `remitter` with one row.

    Raises:
        FileProblems: everything that is wrong, with its line.
        Fault: `file_unreadable`.
    """
    rows = [each for each in rows_of_sections(path, read_text(path)) if each[0] == _HEADING]
    if len(rows) != 1:
        wanted = "one row under `remitter:`"
        raise FileProblems(path, [Refusal(Reason.FIELD_MISSING, field=_HEADING, allowed=wanted)])
    (_, line, given) = rows[0]
    values: dict[str, str] = {}
    problems = [
        Refusal(Reason.FIELD_UNKNOWN, line=line, field=name, allowed=", ".join(_RULES))
        for name in given
        if name not in _RULES
    ]
    for name, rule in _RULES.items():
        text = str(given.get(name) or "").strip()
        if not text:
            problems.append(
                Refusal(Reason.FIELD_MISSING, line=line, field=name, allowed=rule.allowed)
            )
            continue
        try:
            values[name] = rule.read(text)
        except ValueError:
            problems.append(
                Refusal(Reason.FIELD_INVALID, line=line, field=name, allowed=rule.allowed)
            )
    if problems:
        raise FileProblems(path, problems)
    return Remitter(**values)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _day(text: str) -> date:
    return day_of(text)


def _outcome(text: str) -> Outcome:
    return Outcome(text)


_RESULTS = {
    "customer_code": Column(_whole, "the first customer code of the payment file, digits"),
    "amount": Column(_whole, "yen, digits"),
    "outcome": Column(_outcome, ", ".join(Outcome)),
    "on": Column(_day, "YYYY-MM-DD"),
}


def read_results(path: Path) -> list[Result]:
    """What the bank says of payments: `customer_code`, `amount`, `outcome`, `on`.

    Raises:
        FileProblems: everything that is wrong, with line and column.
        Fault: `file_unreadable`.
    """

    def make(line: int, row: Mapping[str, Any]) -> Result:
        return Result(
            line=line,
            number=row["customer_code"],
            amount=row["amount"],
            outcome=row["outcome"],
            on=row["on"],
        )

    return read_table(path, _RESULTS, make, unique="customer_code")
