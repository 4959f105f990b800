"""Whole rows of the firms (T8 to T13), of trust contracts (T5), of the bank master, and of any other table."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from types import MappingProxyType

from genbo.governance.institutions import InstitutionId
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters.account import BANK_CODE, BRANCH_CODE
from genbo.masters.banks import BankBranch, BankMaster
from genbo.masters.catalogue import TABLES
from genbo.masters.contract import TrustContract
from genbo.masters.fields import MasterTable, column, table
from genbo.masters.firm import BankAccount, Contact, Firm, FirmKind
from genbo.masters.kana import transfer_kana
from genbo.masters.record import Checked, Values, account_of, checked, read_cells
from genbo.masters.rule import LINE, Rule

__all__ = [
    "BANK_BRANCH",
    "FIRM_TABLES",
    "canonical_firm",
    "check_bank_branch",
    "check_contract",
    "check_firm",
    "check_row",
    "contract_row",
    "firm_row",
]

FIRM_TABLES: Mapping[FirmKind, MasterTable] = MappingProxyType(
    {kind: TABLES[8 + place] for place, kind in enumerate(FirmKind)}
)
"""Which table describes which kind of firm."""

_CONTACT, _ACCOUNT = "contact_", "settlement_"


def check_row(number: int, given: Mapping[str, str | None]) -> Checked[Values]:
    """The canonical cells of a row of table `number`, or everything that is wrong with them one by one."""
    values, problems = read_cells(TABLES[number].given(), given)
    return checked(values, problems, lambda values: values)


def check_firm(
    kind: FirmKind, given: Mapping[str, str | None], *, banks: BankMaster | None = None
) -> Checked[Firm]:
    """The firm that a row of its table makes, or everything that is wrong with it. An account is whole or absent.

    Args:
        banks: the bank master that the account must agree with; None asks no master.
    """
    values, problems = read_cells(FIRM_TABLES[kind].given(), given)
    account = _part(values, _ACCOUNT)
    if any(account.values()) and not problems:
        problems += [
            Refusal(Reason.FIELD_MISSING, field=_ACCOUNT + name)
            for name, value in account.items()
            if value is None
        ]
    wrong, flags = account_of(values, _ACCOUNT, banks)
    return checked(values, [*problems, *wrong], lambda values: _firm(kind, values), flags=flags)


def check_contract(given: Mapping[str, str | None]) -> Checked[TrustContract]:
    """The trust contract that a row of T5 makes, or everything that is wrong with it."""
    values, problems = read_cells(TABLES[5].given(), given)
    return checked(values, problems, _contract)


def firm_row(firm: Firm) -> dict[str, str]:
    """The row of its table that says what `firm` says; what is empty is left out."""
    prefix = firm.kind.prefix
    row: dict[str, str | None] = {
        "custodian_id": firm.custodian_id,
        "own_account_investor_id": firm.own_account_investor_id,
        f"{prefix}_id": firm.id,  # of a custodian this is its own id
        f"{prefix}_name": firm.name,
        "registered_address": firm.registered_address,
    }
    for part, beginning in ((firm.contact, _CONTACT), (firm.account, _ACCOUNT)):
        if part is not None:
            row |= {beginning + each.name: getattr(part, each.name) for each in fields(part)}
    return {name: value for name, value in row.items() if value}


def canonical_firm(firm: Firm) -> Firm:
    """`firm` in the one form that is kept.

    Raises:
        Refusal: `field_missing`, `field_invalid` or `field_unknown`, without the value.
    """
    if firm.kind is FirmKind.CUSTODIAN and firm.custodian_id is not None:
        raise Refusal(Reason.FIELD_UNKNOWN, field="custodian_id")
    kept = check_firm(firm.kind, firm_row(firm)).or_refuse()
    # An empty contact says that there is none, where None says nothing of it.
    empty = firm.contact is not None and kept.contact is None
    return replace(kept, contact=Contact()) if empty else kept


def contract_row(contract: TrustContract) -> dict[str, str]:
    """The row of T5 that says what `contract` says; what is empty is left out."""
    row = {
        "trust_contract_id": contract.id,
        "trust_contract_number": contract.number,
        "trust_contract_name": contract.name,
        "fund_admin_number": contract.fund_admin_number,
        "settlor_id": contract.settlor,
        "trustee_id": contract.trustee,
        "asset_manager_id": contract.asset_manager,
    }
    return {name: value for name, value in row.items() if value}


def _part(values: Values, prefix: str) -> Values:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _firm(kind: FirmKind, values: Values) -> Firm:
    contact, account = _given(_part(values, _CONTACT)), _given(_part(values, _ACCOUNT))
    own = values.get("own_account_investor_id")
    stated = _given(values)
    return Firm(
        kind=kind,
        id=stated[f"{kind.prefix}_id"],
        name=stated[f"{kind.prefix}_name"],
        registered_address=stated["registered_address"],
        contact=Contact(**contact) if contact else None,
        account=BankAccount(**account) if account else None,
        custodian_id=values.get("custodian_id") if kind is FirmKind.SAFEKEEPING_FIRM else None,
        own_account_investor_id=None if own is None else InvestorId(own),
    )


def _contract(values: Values) -> TrustContract:
    stated, manager = _given(values), values["asset_manager_id"]
    return TrustContract(
        id=stated["trust_contract_id"],
        number=stated["trust_contract_number"],
        name=stated["trust_contract_name"],
        settlor=InstitutionId(stated["settlor_id"]),
        trustee=InstitutionId(stated["trustee_id"]),
        asset_manager=None if manager is None else InstitutionId(manager),
        fund_admin_number=values["fund_admin_number"],
    )


# --------------------------------------------------------------------------------- bank master

_KANA = Rule(
    "kana, letters, digits, spaces and ( ) - .",
    "カナ・英数字・空白・( ) - .",
    transfer_kana,
)
"""Of any length: it is the master's name, and a transfer file cuts what it has no place for."""

_needed = partial(column, required=True)

BANK_BRANCH: MasterTable = table(
    0,
    "金融機関マスタ",
    "bank master",
    _needed("金融機関コード", "bank_code", "Code of the bank.", "金融機関コード。", rule=BANK_CODE),
    _needed("金融機関名", "bank_name", "Name of the bank.", "金融機関名。", rule=LINE),
    _needed("金融機関名（カナ）", "bank_name_kana", "Its name in transfer kana.", "振込用カナの名称。", rule=_KANA),
    _needed("本支店コード", "branch_code", "Code of the branch.", "本支店コード。", rule=BRANCH_CODE),
    _needed("本支店名", "branch_name", "Name of the branch.", "本支店名。", rule=LINE),
    _needed("本支店名（カナ）", "branch_name_kana", "Its name in transfer kana.", "振込用カナの名称。", rule=_KANA),
)  # fmt: skip
"""A row of the bank master; not one of the sixteen tables."""


def check_bank_branch(given: Mapping[str, str | None]) -> Checked[BankBranch]:
    """The branch that a row of the bank master makes, or everything that is wrong with it."""
    values, problems = read_cells(BANK_BRANCH.fields, given)
    return checked(values, problems, lambda values: BankBranch(**_given(values)))


def _given(values: Values) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
