"""BondTerms (社債の条件): what a bond promises beside its principal; the part `bond` of a product file.

The amount of each bond is the unit price of the product, its payment date (払込期日) the set date, its maturity the
redemption date, and days on bank holidays go where the product's holiday adjustment says: for domestic bonds to the
business day before. Rates are decimals written as text, never floating point.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from genbo.kernel import MAX_UNITS, Reason, Refusal

COUPONS_A_YEAR = (1, 2, 4, 12)
_RATE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,6})?")


class DayCount(StrEnum):
    """日数計算."""

    PERIODS = "periods"
    """Whole periods in equal amounts, a broken one by its actual days: domestic bonds."""
    ACTUAL_365 = "actual/365"
    """Actual days of every period over 365."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BondTerms:
    """Interest, and what was planned to be issued. Made by `parse_terms` of the product."""

    rate: Decimal
    """利率: per cent a year before tax, paid in cash."""
    points_rate: Decimal = Decimal(0)
    """Per cent a year that is given in points beside the cash (ポイント)."""
    coupons_a_year: int
    """年間利払回数: 1, 2, 4 or 12."""
    interest_from: date
    """利息起算日: the first day that is counted; of domestic bonds the day after the payment date."""
    first_coupon: date | None = None
    """初回利払日; None: such that the last coupon falls on the redemption date."""
    end_of_month: bool = False
    """月末利払: whether coupons are due on the last days of their months."""
    day_count: DayCount = DayCount.PERIODS
    planned_quantity: int | None = None
    """発行予定口数. A bond for which less was subscribed is issued for what was (打切発行): then the set quantity of
    the product is smaller."""

    def as_fields(self) -> dict[str, Any]:
        """As a product file writes them."""

        def plain(value: object) -> object:
            if isinstance(value, Decimal):
                return f"{value.normalize():f}"
            if isinstance(value, date):
                return str(value)
            return value.value if isinstance(value, Enum) else value

        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}


def read_bond(given: object) -> tuple[BondTerms | None, list[Refusal]]:
    """The part `bond` of a product file, or everything that is wrong with it: `field_missing`, `field_invalid` and
    `field_unknown` of `bond.rate` and its like. None when there is no such part."""
    if given is None:
        return None, []
    if not isinstance(given, Mapping):
        return None, [_invalid("bond", given, f"a list of {', '.join(BOND_FIELDS)}, or nothing")]
    values: dict[str, Any] = {}
    problems = []
    for name, (allowed, read) in BOND_FIELDS.items():
        field, value = f"bond.{name}", given.get(name)
        if value is None:
            if name in _DEFAULTS:
                values[name] = _DEFAULTS[name]
            else:
                problems.append(Refusal(Reason.FIELD_MISSING, field=field, allowed=allowed))
            continue
        try:
            values[name] = read(value)
        except ValueError:
            problems.append(_invalid(field, value, allowed))
    problems += [
        Refusal(
            Reason.FIELD_UNKNOWN, field=f"bond.{str(name)[:64]}", allowed=", ".join(BOND_FIELDS)
        )
        for name in given
        if name not in BOND_FIELDS
    ]
    return (None if problems else BondTerms(**values)), problems


def contradictions(bond: BondTerms, *, set_date: date, redemption_date: date) -> list[Refusal]:
    """What the days of the product contradict: `field_invalid`."""
    first, coupon = bond.interest_from, bond.first_coupon
    found = []
    if not set_date < first <= redemption_date:
        allowed = f"a day after the set_date, {set_date}, up to the redemption_date"
        found.append(_invalid("bond.interest_from", first, allowed))
    if coupon and not first <= coupon <= redemption_date:
        allowed = f"a day from {first} to the redemption_date, {redemption_date}"
        found.append(_invalid("bond.first_coupon", coupon, allowed))
    return found


def _invalid(field: str, value: object, allowed: str) -> Refusal:
    return Refusal(Reason.FIELD_INVALID, field=field, value=str(value)[:64], allowed=allowed)


def _rate(value: object) -> Decimal:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _RATE.fullmatch(text):
        raise ValueError
    return Decimal(text)


def _times(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in COUPONS_A_YEAR:
        raise ValueError
    return value


def _day(value: object) -> date:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if type(day) is not date:
        raise ValueError
    return day


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _day_count(value: object) -> DayCount:
    return DayCount(value)  # type: ignore[arg-type]


def _units(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_UNITS:
        raise ValueError
    return value


_PER_CENT = 'per cent a year in quotes, such as "0.35"'

BOND_FIELDS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "rate": (_PER_CENT, _rate),
    "points_rate": (f"{_PER_CENT}, or nothing", _rate),
    "coupons_a_year": (", ".join(map(str, COUPONS_A_YEAR)), _times),
    "interest_from": ("a day, 2021-04-28", _day),
    "first_coupon": ("a day, 2021-10-27, or nothing", _day),
    "end_of_month": ("true, false, or nothing", _flag),
    "day_count": (", ".join(each.value for each in DayCount) + ", or nothing", _day_count),
    "planned_quantity": (f"a whole number from 1 to {MAX_UNITS}, or nothing", _units),
}
"""Every field of the part `bond`: what is allowed in words, and how it is read."""

_DEFAULTS: dict[str, object] = {
    each.name: each.default for each in fields(BondTerms) if each.default is not MISSING
}
