"""InvestorRecord: one row of the investor table (T7), read and judged as a whole.

given the cells of a row
    when one is missing, wrong or unknown
        every such cell is named, and none is repeated
    when an individual has a corporate number, or twelve digits that may be their own
        it is refused
    when a custodian is named without delegation, or the other way round
        it is refused
    when the bank or branch does not exist
        it is refused
    when a name differs from the bank master, the account has gaps, or a corporation has no number
        the record stands, flagged
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters.banks import BankMaster, Flag, FlagKind
from genbo.masters.catalogue import TABLES
from genbo.masters.fields import Field, MasterTable, column, table
from genbo.masters.record import Checked, Values, account_of, checked, read_cells
from genbo.masters.rule import one_of
from genbo.masters.status import AmlClass, InvestorKind, InvestorStatus, SafekeepingKind
from genbo.token.classification import InvestorClass

__all__ = ["INVESTOR_FIELDS", "InvestorRecord", "check_investor", "judge_investor"]

_FURTHER: MasterTable = table(
    0,
    "投資家の区分",
    "what the sixteen tables have no column for",
    column(
        "個人・法人の別",
        "investor_type",
        "Individual or corporation: withholding differs, and only a corporation has a corporate number.",
        "個人・法人の別。源泉徴収が異なり、法人番号は法人のみ。",
        rule=one_of(InvestorKind),
        required=True,
    ),
    column(
        "投資家区分",
        "investor_class",
        "The class that products permit.",
        "銘柄が保有を認める区分。",
        rule=one_of(each.key for each in InvestorClass),
    ),
)

INVESTOR_FIELDS: tuple[Field, ...] = (*_FURTHER.fields, *TABLES[7].given())
"""Every column that a record of an investor is read from: those of T7, and two more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorRecord:
    """An investor whose every cell is canonical. Made by `check_investor`; shows no personal data."""

    investor_id: InvestorId
    investor_type: InvestorKind
    investor_class: InvestorClass | None
    safekeeping_kind: SafekeepingKind
    safekeeping_id: str | None
    broker_customer_id: str | None
    custodian_id: str | None
    investor_status: InvestorStatus | None
    """None where the row says nothing: whoever registers decides."""
    aml_class: AmlClass | None
    investor_name: str = field(repr=False)
    registered_address: str = field(repr=False)
    corporate_number: str | None = field(repr=False)
    contact_addressee: str | None = field(repr=False)
    contact_postal_code: str | None = field(repr=False)
    contact_address: str | None = field(repr=False)
    contact_phone: str | None = field(repr=False)
    contact_email: str | None = field(repr=False)
    payee_bank_code: str | None = field(repr=False)
    payee_bank_name_kana: str | None = field(repr=False)
    payee_branch_code: str | None = field(repr=False)
    payee_branch_name_kana: str | None = field(repr=False)
    payee_account_kind: str | None = field(repr=False)
    payee_account_number: str | None = field(repr=False)
    payee_account_holder_kana: str | None = field(repr=False)

    def personal(self) -> dict[str, str]:
        """Corporate number, contact and account by column, as far as given; name and address are versioned apart."""
        return {
            name: value for name in _FURTHER_PERSONAL if (value := getattr(self, name)) is not None
        }


_FURTHER_PERSONAL = tuple(
    each.column
    for each in INVESTOR_FIELDS
    if each.is_personal and each.column not in ("investor_name", "registered_address")
)
_CODED: Mapping[str, Callable[[str], Any]] = {
    "investor_type": InvestorKind,
    "investor_class": {each.key: each for each in InvestorClass}.__getitem__,
    "safekeeping_kind": SafekeepingKind,
    "investor_status": InvestorStatus,
    "aml_class": AmlClass,
}


def check_investor(
    given: Mapping[str, str | None], *, banks: BankMaster | None = None
) -> Checked[InvestorRecord]:
    """The record that `given` makes, or everything that is wrong with it.

    Args:
        given: texts by column; an empty one is none.
        banks: the bank master that accounts must agree with; None asks no master.
    """
    values, problems = read_cells(INVESTOR_FIELDS, given)
    if problems:
        return Checked(record=None, problems=tuple(problems))
    return judge_investor(values, banks=banks)


def judge_investor(values: Values, *, banks: BankMaster | None = None) -> Checked[InvestorRecord]:
    """The record of cells that are canonical one by one, or everything that is wrong between them."""
    wrong, flags = account_of(values, "payee_", banks)
    problems = [*_corporate_number(values), *_custodian(values), *wrong]
    if values["investor_type"] == InvestorKind.CORPORATION and not values["corporate_number"]:
        missing = Flag(field="corporate_number", kind=FlagKind.CORPORATE_NUMBER_MISSING)
        flags = (missing, *flags)  # a foreign corporation has none
    return checked(values, problems, _record, flags=flags)


def _corporate_number(values: Values) -> Iterator[Refusal]:
    if values["investor_type"] == InvestorKind.INDIVIDUAL and values["corporate_number"]:
        allowed = "nothing for an individual"
        yield Refusal(Reason.FIELD_INVALID, field="corporate_number", allowed=allowed)


def _custodian(values: Values) -> Iterator[Refusal]:
    delegated = values["safekeeping_kind"] == SafekeepingKind.DELEGATED
    if delegated != (values["custodian_id"] is not None):
        allowed = "an id when safekeeping_kind is delegated, else nothing"
        yield Refusal(Reason.FIELD_INVALID, field="custodian_id", allowed=allowed)


def _record(values: Values) -> InvestorRecord:
    typed: dict[str, Any] = dict(values)
    for name, kind in _CODED.items():
        typed[name] = None if typed[name] is None else kind(typed[name])
    return InvestorRecord(**typed)
