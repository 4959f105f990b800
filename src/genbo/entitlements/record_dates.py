"""Record dates of a product (権利確定日): which days of which year, before and after their adjustment.

given a day and the terms of a product
    when it is a yearly record date, adjusted as the terms say
        it is one of the deed, and needs no notice
    when it is another day, with the day of its notice
        it is one by notice: two weeks and a day after it, or the notice period was missed
    when it is another day without notice
        it is refused
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from genbo.entitlements.coupon import bond_of, coupons
from genbo.entitlements.days import Deadlines, deadlines, payment_day
from genbo.kernel import ProductId, Reason, Refusal
from genbo.token import ProductTerms
from genbo.token.record_date import HolidayAdjustment, IsHoliday, adjusted


class RecordDateKind(StrEnum):
    """Where a record date comes from."""

    FIRST = "record_date_1"
    """権利確定日1 (R-PROGMAT-T3.13)."""
    SECOND = "record_date_2"
    """権利確定日2 (R-PROGMAT-T3.14)."""
    NOTICE = "notice"
    """公告による基準日: set for once, by a notice (Trust Act 189)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDate:
    """One record date of one product."""

    product: ProductId
    kind: RecordDateKind
    nominal: date
    """Before its adjustment for holidays; payment days count from it."""
    day: date
    """After it: whoever holds at 24:00 JST of that day has the rights (R-PROGMAT-CTL-5)."""
    noticed_on: date | None = None
    """公告日, of a date that the deed does not set."""

    @property
    def deadlines(self) -> Deadlines:
        """Notice and exercise."""
        return deadlines(self.day)

    @property
    def notice_missed(self) -> bool:
        """公告期間不足: a warning, since whether the date still holds is for counsel to say."""
        is_noticed = self.kind is RecordDateKind.NOTICE
        return is_noticed and self.deadlines.notice_missed(self.noticed_on)


def yearly(
    terms: ProductTerms,
    year: int,
    *,
    is_holiday: IsHoliday,
    how: HolidayAdjustment | None = None,
) -> list[RecordDate]:
    """The record dates that the deed sets in a year, in order; those up to the set date and after redemption left out.

    Args:
        how: another adjustment than the terms', to look ahead.
    """
    found = []
    for kind, day in (
        (RecordDateKind.FIRST, terms.record_date_1),
        (RecordDateKind.SECOND, terms.record_date_2),
    ):
        if day is None:
            continue
        nominal = day.in_year(year)
        moved = adjusted(nominal, how or terms.holiday_adjustment, is_holiday)
        if terms.set_date < moved <= terms.redemption_date:
            found.append(
                RecordDate(product=terms.product_id, kind=kind, nominal=nominal, day=moved)
            )
    return sorted(found, key=lambda each: each.day)


def payable_by_terms(terms: ProductTerms, record: RecordDate, *, is_holiday: IsHoliday) -> date:
    """The day on which money of a record date is paid: of a bond, with the first coupon after it, as long as there is
    one; else the corresponding day a month later (R-PROGMAT-T3.15)."""
    if terms.bond is not None:
        for each in coupons(bond_of(terms), is_holiday=is_holiday):
            if each.payable > record.day:
                return each.payable
    return payment_day(record.nominal, how=terms.holiday_adjustment, is_holiday=is_holiday)


def record_date_on(
    terms: ProductTerms, day: date, *, noticed_on: date | None, is_holiday: IsHoliday
) -> RecordDate:
    """The record date that `day` is.

    Raises:
        Refusal: `record_date_unknown` for a day that the deed does not set and that no notice names.
    """
    # A day at the turn of the year can be adjusted across it.
    known = [
        each
        for year in (day.year - 1, day.year, day.year + 1)
        for each in yearly(terms, year, is_holiday=is_holiday)
    ]
    for each in known:
        if each.day == day:
            return each
    if noticed_on is not None and terms.set_date <= day <= terms.redemption_date:
        return RecordDate(
            product=terms.product_id,
            kind=RecordDateKind.NOTICE,
            nominal=day,
            day=day,
            noticed_on=noticed_on,
        )
    near = sorted(known, key=lambda each: abs((each.day - day).days))[:2]
    raise Refusal(
        Reason.RECORD_DATE_UNKNOWN,
        product=terms.product_id,
        day=day.isoformat(),
        known=", ".join(sorted(each.day.isoformat() for each in near)) or None,
    )
