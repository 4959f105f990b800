"""ProductTerms: the published terms of one product (銘柄), table T3 of the register.

`parse_terms` makes them from the fields of a product file and names every field that is wrong;
what reads the file adds the line. Legal names, lot, cap, restrictions and record dates are
parameters of the product, not code (R-JSTOA-6.1.1.1c).
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from genbo.kernel import (
    MAX_UNITS,
    Address,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    start_of_day,
    to_bytes32,
)
from genbo.token.bond_terms import BondTerms, contradictions, read_bond
from genbo.token.classification import (
    InvestorClass,
    LegalCategory,
    LegalForm,
    PerfectionMethod,
    RightKind,
)
from genbo.token.isin import is_isin
from genbo.token.record_date import HolidayAdjustment, IsHoliday, RecordDay, record_dates

E = TypeVar("E", bound=Enum)

_LAST_LEDGER_DAY = date(2106, 2, 6)  # times on the ledger are 32-bit seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTerms:
    """The terms that the token itself carries: the struct `ProductTerms` of `ISecurityToken.sol`."""

    product_id: ProductId
    name: str
    symbol: str
    legal_category: int
    """`100 * form + category` (see `classification`); 0 means not yet decided."""
    terms_digest: Digest
    transfer_control_id: str
    initial_beneficiary: Address
    authorised_cap: int
    redemption_date: int
    """First UTC second of the redemption date in Japan."""
    permitted_classes: int
    """Bit n set: investor class n may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTerms:
    """One product's terms. Made by `parse_terms`, which checks them."""

    product_id: ProductId
    """受益権ID (T3.1): the key of the product on the ledger and in the register."""
    name: str
    """受益権名称 (T3.2), as printed on the register."""
    symbol: str
    """Short name on the ledger: 1 to 11 ASCII letters, digits or hyphens."""
    legal_form: LegalForm
    legal_category: LegalCategory
    perfection_method: PerfectionMethod
    right_kind: RightKind
    """受益権種類 (T3.4)."""
    isin: str | None = None
    """T3.5."""
    trust_contract_id: str
    """信託契約ID (T3.6)."""
    initial_beneficiary_id: InvestorId
    """当初受益者ID (T3.7): who receives the whole issue before it is distributed."""
    beneficiary_agent_id: str | None = None
    """受益者代理人ID (T3.8)."""
    set_quantity: int
    """設定数量 (T3.9), whole units."""
    unit_price_yen: int
    """Issue price of one unit in yen."""
    application_minimum: int
    """最低申込数量: the fewest units one investor may apply for."""
    application_step: int
    """申込単位: above the minimum, applications grow by this many units."""
    authorised_cap: int
    """Units that may be outstanding at most, additional issues included."""
    set_date: date
    """設定日 (T3.10)."""
    redemption_date: date
    """償還日 (T3.12): redemption on or after this day only."""
    record_date_1: RecordDay
    """権利確定日1 (T3.13)."""
    record_date_2: RecordDay | None = None
    """権利確定日2 (T3.14)."""
    holiday_adjustment: HolidayAdjustment
    """休日調整区分 (T3.15)."""
    register_note: str = ""
    """受益権原簿にかかる注記 (T3.16), printed verbatim."""
    transfer_control_id: str
    """移転実行可否制御ID (T3.3)."""
    permitted_classes: frozenset[InvestorClass]
    """Investor classes that may hold the product."""
    bond: BondTerms | None = None
    """社債の条件: of a bond, its interest."""

    @property
    def permitted_class_mask(self) -> int:
        """The permitted classes as the ledger keeps them: bit n for class n."""
        return sum(1 << each for each in self.permitted_classes)

    @property
    def legal_code(self) -> int:
        """Legal form and category in one number, as the ledger keeps them."""
        return 100 * self.legal_form.number + self.legal_category.number

    def as_fields(self) -> dict[str, Any]:
        """The terms as a product file writes them; `parse_terms` reads them back. What is no bond says nothing of one:
        its digest is the one that its token carries."""

        def plain(value: object) -> object:
            if isinstance(value, frozenset):
                return sorted((InvestorClass(each).key for each in value), key=_class_order)
            if isinstance(value, date | RecordDay):
                return str(value)
            if isinstance(value, BondTerms):
                return value.as_fields()
            return value.value if isinstance(value, Enum) else value

        return {
            each.name: plain(getattr(self, each.name))
            for each in fields(self)
            if each.name != "bond" or self.bond is not None
        }

    def digest(self) -> Digest:
        """SHA-256 over the terms, so that anybody with the product file can check the ledger.

        The bytes are the fields as JSON, keys sorted, no spaces, UTF-8.
        """
        text = json.dumps(
            self.as_fields(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())

    def on_ledger(self, *, initial_beneficiary: Address) -> LedgerTerms:
        """What the token is created with; the address speaks for the initial beneficiary."""
        return LedgerTerms(
            product_id=self.product_id,
            name=self.name,
            symbol=self.symbol,
            legal_category=self.legal_code,
            terms_digest=self.digest(),
            transfer_control_id=self.transfer_control_id,
            initial_beneficiary=initial_beneficiary,
            authorised_cap=self.authorised_cap,
            redemption_date=int(start_of_day(self.redemption_date).timestamp()),
            permitted_classes=self.permitted_class_mask,
        )

    def after_split(self, factor: int) -> "ProductTerms":
        """The terms after each unit became `factor` units (R-JSTOA-6.1.1.6).

        Raises:
            Refusal: `field_invalid` when the price of a unit would not be whole yen.
        """
        price, rest = divmod(self.unit_price_yen, factor)
        if rest or not price:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="unit_price_yen",
                value=self.unit_price_yen,
                allowed=f"a multiple of the split factor {factor}",
            )
        cap = min(self.authorised_cap * factor, int(MAX_UNITS))
        return replace(self, unit_price_yen=price, authorised_cap=cap)

    def record_dates(self, *, until: date, is_holiday: IsHoliday) -> list[date]:
        """The product's record dates after its set date, up to `until`, adjusted for holidays."""
        days = (self.record_date_1, self.record_date_2)
        return list(
            record_dates(
                tuple(day for day in days if day is not None),
                after=self.set_date,
                until=min(until, self.redemption_date),
                how=self.holiday_adjustment,
                is_holiday=is_holiday,
            )
        )


def _class_order(key: str) -> int:
    return InvestorClass[key.upper()]


# ------------------------------------------------------------------------- reading the fields


def parse_terms(given: Mapping[str, object]) -> ProductTerms:
    """The terms that the fields of a product file state.

    Raises:
        Refusal: the first of `problems_of_terms`.
    """
    terms, problems = _read(given)
    if terms is None:
        raise problems[0]
    return terms


def problems_of_terms(given: Mapping[str, object]) -> Sequence[Refusal]:
    """Everything that is wrong: `field_missing`, `field_invalid` or `field_unknown`.

    Each carries the `field`, and the `allowed` values in words; an invalid one its `value` too.
    Problems between fields are looked for when every field is right by itself.
    """
    return _read(given)[1]


def _read(given: Mapping[str, object]) -> tuple[ProductTerms | None, list[Refusal]]:
    problems: list[Refusal] = []
    values: dict[str, Any] = {}
    for name, (allowed, read) in _FIELDS.items():
        value = given.get(name)
        if value is None:
            if name in _OPTIONAL:
                values[name] = _OPTIONAL[name]
            else:
                problems.append(Refusal(Reason.FIELD_MISSING, field=name, allowed=allowed))
            continue
        try:
            values[name] = read(value)
        except (ValueError, Refusal):
            problems.append(_invalid(name, value, allowed))
    values["bond"], wrong = read_bond(given.get("bond"))
    problems.extend(wrong)
    problems.extend(
        Refusal(Reason.FIELD_UNKNOWN, field=name, allowed=", ".join(FIELD_NAMES))
        for name in given
        if name not in FIELD_NAMES
    )
    if problems:
        return None, problems
    terms = ProductTerms(**values)
    problems = list(_contradictions(terms))
    return (None if problems else terms), problems


def _invalid(field: str, value: object, allowed: str) -> Refusal:
    return Refusal(Reason.FIELD_INVALID, field=field, value=str(value)[:64], allowed=allowed)


def _contradictions(terms: ProductTerms) -> Sequence[Refusal]:
    """Fields that are right by themselves and wrong together."""
    found = []
    if terms.authorised_cap < terms.set_quantity:
        allowed = f"at least the set_quantity, {terms.set_quantity}"
        found.append(_invalid("authorised_cap", terms.authorised_cap, allowed))
    if terms.application_minimum > terms.set_quantity:
        allowed = f"at most the set_quantity, {terms.set_quantity}"
        found.append(_invalid("application_minimum", terms.application_minimum, allowed))
    if terms.redemption_date <= terms.set_date:
        allowed = f"a day after the set_date, {terms.set_date}"
        found.append(_invalid("redemption_date", terms.redemption_date, allowed))
    if terms.record_date_2 == terms.record_date_1:
        allowed = "another day than record_date_1, or nothing"
        found.append(_invalid("record_date_2", terms.record_date_2, allowed))
    if terms.bond is not None:
        if terms.legal_form is not LegalForm.CORPORATE_BOND:
            found.append(_invalid("bond", "...", "nothing: the legal_form is no corporate_bond"))
        found.extend(
            contradictions(
                terms.bond, set_date=terms.set_date, redemption_date=terms.redemption_date
            )
        )
    return found


def _text(value: object) -> str:
    """One line of text, not empty."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError
    return value.strip()


def _note(value: object) -> str:
    """Any text, of several lines if need be."""
    if not isinstance(value, str):
        raise ValueError
    return value.strip()


def _key(value: object) -> str:
    text = _text(value)
    to_bytes32(text)
    return text


def _symbol(value: object) -> str:
    text = _text(value)
    if len(text) > 11 or not text.isascii() or not text.replace("-", "").isalnum():
        raise ValueError
    return text


def _isin(value: object) -> str:
    text = _text(value)
    if not is_isin(text):
        raise ValueError
    return text


def _number(most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise ValueError
        return value

    return read


def _day(value: object) -> date:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if type(day) is not date or not date(1970, 1, 2) <= day <= _LAST_LEDGER_DAY:
        raise ValueError
    return day


def _record_day(value: object) -> RecordDay:
    return RecordDay.parse(_text(value))


def _one_of(kind: type[E]) -> Callable[[object], E]:
    return lambda value: kind(value)


def _classes(value: object) -> frozenset[InvestorClass]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError
    by_key = {each.key: each for each in InvestorClass if each is not InvestorClass.UNCLASSIFIED}
    if not all(isinstance(each, str) and each in by_key for each in value):
        raise ValueError
    return frozenset(by_key[each] for each in value)


def _values(kind: type[Enum]) -> str:
    return ", ".join(str(each.value) for each in kind)


_KEY = "1 to 32 of A-Z a-z 0-9 . _ : / -"
_UNITS = f"a whole number from 1 to {MAX_UNITS}"
_DAY = "a day, 2022-01-31, from 1970-01-02 to 2106-02-06"
_CLASSES = ", ".join(each.key for each in InvestorClass if each is not InvestorClass.UNCLASSIFIED)

_FIELDS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "product_id": (_KEY, _key),
    "name": ("one line of text", _text),
    "symbol": ("1 to 11 ASCII letters, digits or hyphens", _symbol),
    "legal_form": (_values(LegalForm), _one_of(LegalForm)),
    "legal_category": (_values(LegalCategory), _one_of(LegalCategory)),
    "perfection_method": (_values(PerfectionMethod), _one_of(PerfectionMethod)),
    "right_kind": (_values(RightKind), _one_of(RightKind)),
    "isin": ("12 characters with the right check digit, or nothing", _isin),
    "trust_contract_id": (_KEY, _key),
    "initial_beneficiary_id": (_KEY, _key),
    "beneficiary_agent_id": (f"{_KEY}, or nothing", _key),
    "set_quantity": (_UNITS, _number(MAX_UNITS)),
    "unit_price_yen": ("a whole number of yen from 1", _number(10**15)),
    "application_minimum": (_UNITS, _number(MAX_UNITS)),
    "application_step": (_UNITS, _number(MAX_UNITS)),
    "authorised_cap": (_UNITS, _number(MAX_UNITS)),
    "set_date": (_DAY, _day),
    "redemption_date": (_DAY, _day),
    "record_date_1": ("a day of the year, MM-DD", _record_day),
    "record_date_2": ("a day of the year, MM-DD, or nothing", _record_day),
    "holiday_adjustment": (_values(HolidayAdjustment), _one_of(HolidayAdjustment)),
    "register_note": ("text, or nothing", _note),
    "transfer_control_id": (_KEY, _key),
    "permitted_classes": (f"a list of one or more of {_CLASSES}", _classes),
}
"""Every field of a product file: what is allowed in words, and how it is read."""

_OPTIONAL: dict[str, object] = {
    "isin": None,
    "beneficiary_agent_id": None,
    "record_date_2": None,
    "register_note": "",
}

FIELD_NAMES: tuple[str, ...] = (*_FIELDS, "bond")
"""The fields of a product file, in the order in which they are written; the last, of a bond, is a list of its own."""
