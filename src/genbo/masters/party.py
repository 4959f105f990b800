"""Whole records of the parties (T8 to T13), of trust contracts (T5), transfer groups (T4) and the bank master."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from genbo.masters.account import BANK_CODE, BRANCH_CODE
from genbo.masters.banks import Bank, BankMaster, Branch
from genbo.masters.catalogue import TABLES
from genbo.masters.fields import MasterTable, column, table
from genbo.masters.kana import transfer_kana
from genbo.masters.record import Checked, Values, account_of, checked, read_cells
from genbo.masters.rule import LINE, Rule

__all__ = [
    "BANK",
    "BRANCH",
    "PARTIES",
    "MasterRecord",
    "check_bank",
    "check_branch",
    "check_record",
]

PARTIES: frozenset[int] = frozenset(range(8, 14))
"""The tables of parties: broker, custodian, beneficiaries' agent, settlor, trustee, asset manager."""

_CHECKED_HERE = PARTIES | {4, 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRecord:
    """A row of one of the tables whose every cell is canonical. Made by `check_record`."""

    table: MasterTable
    values: Mapping[str, str | None] = field(repr=False)
    """By column, all that the table is given; None where a cell is empty."""

    @property
    def id(self) -> str:
        """The value of the first column, which is the key of every one of these tables."""
        key = self.values[self.table.fields[0].column]
        assert key is not None
        return key


def check_record(
    number: int, given: Mapping[str, str | None], *, banks: BankMaster | None = None
) -> Checked[MasterRecord]:
    """The row of table `number` (4, 5 or 8 to 13) that `given` makes, or everything that is wrong with it.

    Whether an id that it refers to exists, is for whoever keeps the tables to ask.

    Args:
        banks: the bank master that accounts must agree with; None asks no master.
    """
    if number not in _CHECKED_HERE:
        raise ValueError(f"table {number} has a check of its own")
    of = TABLES[number]
    values, problems = read_cells(of.given(), given)
    wrong, flags = account_of(values, "settlement_", banks) if number in PARTIES else ((), ())
    return checked(
        values,
        [*problems, *wrong],
        lambda values: MasterRecord(table=of, values=MappingProxyType(values)),
        flags=flags,
    )


# --------------------------------------------------------------------------------- bank master

_KANA = Rule(
    "kana, letters, digits, spaces and ( ) - .",
    "カナ・英数字・空白・( ) - .",
    transfer_kana,
)
"""Of any length: it is the master's name, and a transfer file cuts what it has no place for."""

BANK: MasterTable = table(
    0,
    "金融機関マスタ",
    "bank",
    column("金融機関コード", "code", "Code of the bank.", "金融機関コード。", rule=BANK_CODE, required=True),
    column("金融機関名", "name", "Name of the bank.", "金融機関名。", rule=LINE, required=True),
    column("金融機関名（カナ）", "kana", "The name in transfer kana.", "振込用カナの名称。", rule=_KANA, required=True),
)  # fmt: skip
"""A row of the bank master; not one of the sixteen tables."""

BRANCH: MasterTable = table(
    0,
    "本支店マスタ",
    "branch",
    column("金融機関コード", "bank_code", "Code of its bank.", "金融機関コード。", rule=BANK_CODE, required=True),
    column("本支店コード", "code", "Code of the branch.", "本支店コード。", rule=BRANCH_CODE, required=True),
    column("本支店名", "name", "Name of the branch.", "本支店名。", rule=LINE, required=True),
    column("本支店名（カナ）", "kana", "The name in transfer kana.", "振込用カナの名称。", rule=_KANA, required=True),
)  # fmt: skip
"""A row of the branches of the bank master."""


def check_bank(given: Mapping[str, str | None]) -> Checked[Bank]:
    """The bank that the columns `code`, `name` and `kana` make, or everything that is wrong."""
    values, problems = read_cells(BANK.fields, given)
    return checked(values, problems, lambda values: Bank(**_all(values)))


def check_branch(given: Mapping[str, str | None]) -> Checked[Branch]:
    """The branch that the columns `bank_code`, `code`, `name` and `kana` make, or everything that is wrong."""
    values, problems = read_cells(BRANCH.fields, given)
    return checked(values, problems, lambda values: Branch(**_all(values)))


def _all(values: Values) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
