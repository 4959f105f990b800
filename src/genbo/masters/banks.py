"""The bank master (金融機関マスタ): which banks and branches exist, and what they are called in a transfer file.

An account at a bank or branch that does not exist is refused. A name that differs from the master's is flagged and
kept: the code decides where money goes, and masters are sometimes behind a merger.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from genbo.kernel import Reason, Refusal
from genbo.masters.account import LONGEST_BANK_NAME
from genbo.masters.kana import cut_transfer_kana

__all__ = [
    "AccountJudgement",
    "BankBranch",
    "BankMaster",
    "Flag",
    "FlagKind",
    "MemoryBankMaster",
    "judge_account",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankBranch:
    """One branch of one bank, by codes and by names as a transfer file has them."""

    bank_code: str
    """金融機関コード, four digits."""
    bank_name: str
    bank_name_kana: str
    """Perhaps longer than a transfer file has place for."""
    branch_code: str
    """本支店コード, three digits, unique within the bank."""
    branch_name: str
    branch_name_kana: str


class BankMaster(Protocol):
    """Whoever knows the banks."""

    def bank(self, code: str) -> str | None:
        """The name in kana of the bank with that code, or None."""

    def branch(self, bank_code: str, code: str) -> BankBranch | None:
        """The branch with that code at that bank, or None."""


class MemoryBankMaster:
    """A bank master in memory, or the part of one that a question needs."""

    def __init__(self, branches: Iterable[BankBranch] = ()) -> None:
        self._branches = {(each.bank_code, each.branch_code): each for each in branches}
        self._banks = {each.bank_code: each.bank_name_kana for each in self._branches.values()}

    def bank(self, code: str) -> str | None:
        return self._banks.get(code)

    def branch(self, bank_code: str, code: str) -> BankBranch | None:
        return self._branches.get((bank_code, code))


class FlagKind(StrEnum):
    """What may be wrong and does not stop anything."""

    NAME_DIFFERS = "name_differs"
    """名称不一致: not the name that the bank master has for the code."""
    ACCOUNT_INCOMPLETE = "account_incomplete"
    """口座情報不足: nothing can be paid to an account with a gap."""
    CORPORATE_NUMBER_MISSING = "corporate_number_missing"
    """法人番号なし: a corporation without one, as a foreign one has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something for a person to look at."""

    field: str
    kind: FlagKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountJudgement:
    """What the bank master says of one account."""

    problems: tuple[Refusal, ...] = ()
    flags: tuple[Flag, ...] = ()


def judge_account(
    banks: BankMaster,
    *,
    prefix: str,
    bank_code: str | None,
    bank_name_kana: str | None,
    branch_code: str | None,
    branch_name_kana: str | None,
) -> AccountJudgement:
    """What the master says of an account whose cells are right one by one; what is None is not asked.

    Args:
        prefix: what the names of the fields begin with, `payee_` or `settlement_`.

    Returns:
        Problems, each `field_invalid` without the value; flags for names that differ.
    """
    if bank_code is None:
        return AccountJudgement()
    bank = banks.bank(bank_code)
    if bank is None:
        return AccountJudgement(
            problems=(_unknown(f"{prefix}bank_code", "a bank of the bank master"),)
        )
    flags = _differing(f"{prefix}bank_name_kana", bank_name_kana, bank)
    if branch_code is None:
        return AccountJudgement(flags=flags)
    branch = banks.branch(bank_code, branch_code)
    if branch is None:
        wrong = _unknown(f"{prefix}branch_code", "a branch of that bank in the bank master")
        return AccountJudgement(problems=(wrong,), flags=flags)
    flags += _differing(f"{prefix}branch_name_kana", branch_name_kana, branch.branch_name_kana)
    return AccountJudgement(flags=flags)


def _unknown(field: str, allowed: str) -> Refusal:
    return Refusal(Reason.FIELD_INVALID, field=field, allowed=allowed)


def _differing(field: str, given: str | None, known: str) -> tuple[Flag, ...]:
    """A flag when the name is another one. Of a long one a transfer file holds the beginning only."""
    if given is None or given == cut_transfer_kana(known, most=LONGEST_BANK_NAME).kept:
        return ()
    return (Flag(field=field, kind=FlagKind.NAME_DIFFERS),)
