"""What goes into the registry of investors (投資家), and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import FIRST_STATUSES, TABLES, BankMaster, Flag, InvestorStatus, check_investor
from genbo.storage.tables import investor as investor_table
from genbo.storage.tables.investor import AML_CLASSES, KINDS, SAFEKEEPING_KINDS, STATUSES
from genbo.storage.vault import Erased

PERSONAL_FIELDS = tuple(column.name for column in investor_table.c if column.info.get("sealed"))
"""The sealed columns of `investor`: contact, payee account, corporate number. Name and statutory
address are versioned apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Investor:
    """What may be known of an investor without opening anything."""

    investor_id: InvestorId
    kind: str
    """`individual` or `corporation`."""
    safekeeping_kind: str
    """保護預り区分: `direct`, `delegated` or `self`."""
    safekeeping_id: str | None = None
    """The broker that registered the investor."""
    broker_customer_id: str | None = None
    custodian_id: str | None = None
    """Set exactly when safekeeping is delegated."""
    status: str = "active"
    aml_class: str = "clear"
    investor_class: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvestor:
    """An investor to register. Its representation shows no personal data."""

    investor: Investor
    name: str = field(repr=False)
    registered_address: str = field(repr=False)
    effective: date
    """The day from which name and address hold."""
    name_kana: str | None = field(repr=False, default=None)
    """How its bearer reads the name; without it a name in kanji cannot be screened."""
    name_romaji: str | None = field(repr=False, default=None)
    personal: Mapping[str, str] = field(repr=False, default_factory=dict)
    """Further personal data by the names of `PERSONAL_FIELDS`; what is missing stays empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Name and statutory address of an investor from a day on. Opened: handle with care."""

    investor_id: InvestorId
    version: int
    effective: date
    name: str | Erased = field(repr=False)
    registered_address: str | Erased = field(repr=False)
    name_kana: str | Erased | None = field(repr=False, default=None)
    name_romaji: str | Erased | None = field(repr=False, default=None)


_CODES: Mapping[str, Sequence[str | int]] = {
    "kind": KINDS,
    "safekeeping_kind": SAFEKEEPING_KINDS,
    "status": [each for each in STATUSES if each != InvestorStatus.ERASED],
    "aml_class": AML_CLASSES,
    "investor_class": range(32),
}


def refuse_code(name: str, value: str | int) -> None:
    """Nothing, when `value` is a code or class that may be set.

    Raises:
        Refusal: `field_invalid`.
    """
    codes = _CODES[name]
    if value not in codes:
        allowed = ", ".join(map(str, codes))
        raise Refusal(Reason.FIELD_INVALID, field=name, value=value, allowed=allowed)


def canonical(new: NewInvestor, banks: BankMaster) -> tuple[NewInvestor, tuple[Flag, ...]]:
    """`new` in the one form that is kept, by the rules of table T7, and what a person should look at.

    Raises:
        Refusal: `field_missing`, `field_invalid`, `field_unknown` or `individual_number_refused`; the value stands in
            none of them but for a code word.
    """
    investor = new.investor
    for name in new.personal:
        if name not in PERSONAL_FIELDS:
            raise Refusal(Reason.FIELD_UNKNOWN, field=name)
    for name in _CODES:
        refuse_code(name, getattr(investor, name))
    if investor.status not in FIRST_STATUSES:
        allowed = ", ".join(FIRST_STATUSES)
        raise Refusal(Reason.FIELD_INVALID, field="status", value=investor.status, allowed=allowed)
    read = check_investor(
        {
            "investor_id": investor.investor_id,
            "investor_type": investor.kind,
            "safekeeping_kind": investor.safekeeping_kind,
            "safekeeping_id": investor.safekeeping_id,
            "broker_customer_id": investor.broker_customer_id,
            "custodian_id": investor.custodian_id,
            "investor_name": new.name,
            "registered_address": new.registered_address,
            **new.personal,
        },
        banks=banks,
    )
    record = read.or_refuse()
    kept = replace(
        new,
        name=record.investor_name,
        registered_address=record.registered_address,
        personal=record.personal(),
    )
    return kept, read.flags


def canonical_identity(name: str, registered_address: str) -> tuple[str, str]:
    """Name and statutory address in the form that is kept.

    Raises:
        Refusal: `field_invalid`, without the value.
    """
    table = TABLES[7]
    return (
        table["investor_name"].canonical(name),
        table["registered_address"].canonical(registered_address),
    )
