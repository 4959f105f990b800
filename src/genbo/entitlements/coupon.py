"""Coupons of a bond (利払い): on which days, for which days, how much one unit brings.

Interest counts from the day after the payment date to the redemption date, both ends as B.9 has them: the day of a
period's beginning is not counted, its last day is. A whole period brings the yearly rate divided by the periods of a
year; a broken one (端数期間) its share of the whole period that it is part of, by actual days. A due date on a bank
holiday is paid on the business day before, for the same amount. Points beside the cash (ポイント) are computed alike,
by a rate of their own.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from genbo.entitlements.days import months_later
from genbo.kernel import Reason, Refusal
from genbo.token import COUPONS_A_YEAR, DayCount, HolidayAdjustment, ProductTerms, adjusted
from genbo.token.record_date import IsHoliday

_FINEST = Decimal("1E-10")
_DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """What decides the coupons."""

    face: int
    """各社債の金額: yen of one unit."""
    rate: Decimal
    """Per cent a year, before tax, in cash."""
    points_rate: Decimal = Decimal(0)
    """Per cent a year that is given in points beside it."""
    issued: date
    """払込期日: interest counts from the day after."""
    matures: date
    """償還期限."""
    periods: int = 2
    """Coupons a year: 1, 2, 4 or 12."""
    first: date | None = None
    """The first due date; None: such that the last one is the maturity."""
    end_of_month: bool = False
    """Whether due dates are the last days of their months."""
    day_count: DayCount = DayCount.PERIODS
    how: HolidayAdjustment = HolidayAdjustment.PRECEDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """One coupon."""

    after: date
    """The day after which its interest counts."""
    due: date
    """The last day it counts, and the due date before its adjustment."""
    payable: date
    """支払日: the due date after its adjustment."""
    days: int
    is_broken: bool
    per_unit: Decimal
    """Yen of one unit before tax; payees' amounts are cut to the yen, this is not."""
    points_per_unit: Decimal = Decimal(0)
    """Points of one unit beside it."""


def bond_of(terms: ProductTerms) -> Bond:
    """The bond that the terms of a product describe.

    Raises:
        Refusal: `field_missing` when they state no interest.
    """
    bond = terms.bond
    if bond is None:
        raise Refusal(
            Reason.FIELD_MISSING, field="bond", allowed="the interest of a bond, in its terms"
        )
    return Bond(
        face=terms.unit_price_yen,
        rate=bond.rate,
        points_rate=bond.points_rate,
        issued=bond.interest_from - timedelta(days=1),
        matures=terms.redemption_date,
        periods=bond.coupons_a_year,
        first=bond.first_coupon,
        end_of_month=bond.end_of_month,
        day_count=bond.day_count,
        how=terms.holiday_adjustment,
    )


def coupon_after(terms: ProductTerms, record_day: date, *, is_holiday: IsHoliday) -> Coupon:
    """The coupon that the holders of a record date are paid: the first one that is payable after it.

    Raises:
        Refusal: `field_missing` when the terms are of no bond; `field_invalid` after the last coupon.
    """
    known = coupons(bond_of(terms), is_holiday=is_holiday)
    for each in known:
        if each.payable > record_day:
            return each
    raise Refusal(
        Reason.FIELD_INVALID,
        field="record_day",
        value=record_day.isoformat(),
        allowed=f"a day before the last coupon is paid, {known[-1].payable}",
    )


def coupons(bond: Bond, *, is_holiday: IsHoliday) -> list[Coupon]:
    """Every coupon of the bond, in order.

    Raises:
        Refusal: `field_invalid` for a bond that cannot be.
    """
    _require(bond)
    found = []
    after = bond.issued
    for due, whole in _due_dates(bond):
        days = (due - after).days
        found.append(
            Coupon(
                after=after,
                due=due,
                payable=adjusted(due, bond.how, is_holiday),
                days=days,
                is_broken=days != whole,
                per_unit=_amount(bond, bond.rate, days, whole),
                points_per_unit=_amount(bond, bond.points_rate, days, whole),
            )
        )
        after = due
    return found


def _amount(bond: Bond, rate: Decimal, days: int, whole: int) -> Decimal:
    yearly = bond.face * rate / 100
    if bond.day_count is DayCount.ACTUAL_365:
        amount = yearly * days / _DAYS_OF_A_YEAR
    else:
        amount = yearly / bond.periods if days == whole else yearly * days / (bond.periods * whole)
    return amount.quantize(_FINEST, ROUND_FLOOR)


def _due_dates(bond: Bond) -> list[tuple[date, int]]:
    """Due dates in order, each with the days of the whole period that its interest is part of."""
    step = 12 // bond.periods
    anchor = bond.first or bond.matures

    def regular(number: int) -> date:
        # Counted from the one anchor: 31 March, 30 September, and 31 March again.
        return months_later(anchor, step * number, end_of_month=bond.end_of_month)

    number = 0
    while bond.first is None and regular(number - 1) > bond.issued:
        number -= 1
    found = []
    while True:
        due = min(regular(number), bond.matures)
        found.append((due, (regular(number) - regular(number - 1)).days))
        if due == bond.matures:
            return found
        number += 1


def _require(bond: Bond) -> None:
    for wrong, field, allowed in (
        (bond.periods not in COUPONS_A_YEAR, "periods", "1, 2, 4, 12"),
        (bond.face <= 0, "face", "yen, more than 0"),
        *(
            (not rate.is_finite() or rate < 0, name, "per cent a year, 0 or more")
            for name, rate in (("rate", bond.rate), ("points_rate", bond.points_rate))
        ),
        (bond.matures <= bond.issued, "matures", f"a day after {bond.issued}"),
        (
            bond.first is not None and not bond.issued < bond.first <= bond.matures,
            "first",
            f"a day after {bond.issued}, up to {bond.matures}",
        ),
    ):
        if wrong:
            raise Refusal(Reason.FIELD_INVALID, field=field, allowed=allowed)
