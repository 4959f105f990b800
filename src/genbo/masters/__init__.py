"""Masters (マスター): the sixteen tables, what each column means, and what may stand in it.

A rule of a column is stated here once and asked by everybody who takes data in: a file, the interface, a page. Nothing
here knows a database.

A `Rule` reads the text of one cell and gives the one form that is kept: `POSTAL_CODE("1500041", field="zip")` is
`150-0041`. It refuses with `field_invalid`, and never repeats what it was given.
"""

from genbo.masters.account import (
    ACCOUNT_HOLDER_KANA,
    ACCOUNT_KIND,
    ACCOUNT_NUMBER,
    BANK_CODE,
    BANK_NAME_KANA,
    BRANCH_CODE,
    BRANCH_NAME_KANA,
    LONGEST_BANK_NAME,
    LONGEST_HOLDER,
)
from genbo.masters.banks import (
    AccountJudgement,
    Bank,
    BankMaster,
    Branch,
    Flag,
    FlagKind,
    MemoryBankMaster,
    judge_account,
)
from genbo.masters.contact import EMAIL, PHONE, POSTAL_CODE
from genbo.masters.identifiers import (
    CORPORATE_NUMBER,
    ISIN,
    LEI,
    NO_CORPORATE_NUMBER,
    SECURITY_CODE,
)
from genbo.masters.kana import CutKana, cut_transfer_kana, transfer_kana
from genbo.masters.rule import ID, LINE, NOTE, Rule, one_of

__all__ = [
    "ACCOUNT_HOLDER_KANA",
    "ACCOUNT_KIND",
    "ACCOUNT_NUMBER",
    "BANK_CODE",
    "BANK_NAME_KANA",
    "BRANCH_CODE",
    "BRANCH_NAME_KANA",
    "CORPORATE_NUMBER",
    "EMAIL",
    "ID",
    "ISIN",
    "LEI",
    "LINE",
    "LONGEST_BANK_NAME",
    "LONGEST_HOLDER",
    "NOTE",
    "NO_CORPORATE_NUMBER",
    "PHONE",
    "POSTAL_CODE",
    "SECURITY_CODE",
    "AccountJudgement",
    "Bank",
    "BankMaster",
    "Branch",
    "CutKana",
    "Flag",
    "FlagKind",
    "MemoryBankMaster",
    "Rule",
    "cut_transfer_kana",
    "judge_account",
    "one_of",
    "transfer_kana",
]
