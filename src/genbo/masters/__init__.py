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
    BankBranch,
    BankMaster,
    Flag,
    FlagKind,
    MemoryBankMaster,
    judge_account,
)
from genbo.masters.catalogue import TABLES, field
from genbo.masters.contact import EMAIL, PHONE, POSTAL_CODE
from genbo.masters.contract import TrustContract
from genbo.masters.fields import Field, MasterTable, Place
from genbo.masters.firm import BankAccount, Contact, Firm, FirmKind
from genbo.masters.identifiers import (
    CORPORATE_NUMBER,
    ISIN,
    LEI,
    SECURITY_CODE,
)
from genbo.masters.investor import (
    INVESTOR_FIELDS,
    InvestorRecord,
    check_investor,
    judge_investor,
)
from genbo.masters.kana import CutKana, cut_transfer_kana, transfer_kana
from genbo.masters.party import (
    BANK_BRANCH,
    FIRM_TABLES,
    canonical_firm,
    check_bank_branch,
    check_contract,
    check_firm,
    check_row,
    contract_row,
    firm_row,
)
from genbo.masters.product import TERM_OF_COLUMN, product_row
from genbo.masters.record import Checked
from genbo.masters.rule import ID, LINE, NOTE, Rule, narrow, one_of
from genbo.masters.status import (
    FIRST_STATUSES,
    INVESTOR_TRANSITIONS,
    AmlClass,
    InvestorKind,
    InvestorStatus,
    SafekeepingKind,
    leaves_block,
    move_investor_on,
)
from genbo.masters.values import COUNT, DAY, FLAG, INSTANT, LEDGER_ID, QUANTITY, RECORD_DAY
from genbo.masters.versions import Version, version_on

__all__ = [
    "ACCOUNT_HOLDER_KANA",
    "ACCOUNT_KIND",
    "ACCOUNT_NUMBER",
    "BANK_BRANCH",
    "BANK_CODE",
    "BANK_NAME_KANA",
    "BRANCH_CODE",
    "BRANCH_NAME_KANA",
    "CORPORATE_NUMBER",
    "COUNT",
    "DAY",
    "EMAIL",
    "FIRM_TABLES",
    "FIRST_STATUSES",
    "FLAG",
    "ID",
    "INSTANT",
    "INVESTOR_FIELDS",
    "INVESTOR_TRANSITIONS",
    "ISIN",
    "LEDGER_ID",
    "LEI",
    "LINE",
    "LONGEST_BANK_NAME",
    "LONGEST_HOLDER",
    "NOTE",
    "PHONE",
    "POSTAL_CODE",
    "QUANTITY",
    "RECORD_DAY",
    "SECURITY_CODE",
    "TABLES",
    "TERM_OF_COLUMN",
    "AccountJudgement",
    "AmlClass",
    "BankAccount",
    "BankBranch",
    "BankMaster",
    "Checked",
    "Contact",
    "CutKana",
    "Field",
    "Firm",
    "FirmKind",
    "Flag",
    "FlagKind",
    "InvestorKind",
    "InvestorRecord",
    "InvestorStatus",
    "MasterTable",
    "MemoryBankMaster",
    "Place",
    "Rule",
    "SafekeepingKind",
    "TrustContract",
    "Version",
    "canonical_firm",
    "check_bank_branch",
    "check_contract",
    "check_firm",
    "check_investor",
    "check_row",
    "contract_row",
    "cut_transfer_kana",
    "field",
    "firm_row",
    "judge_account",
    "judge_investor",
    "leaves_block",
    "move_investor_on",
    "narrow",
    "one_of",
    "product_row",
    "transfer_kana",
    "version_on",
]
