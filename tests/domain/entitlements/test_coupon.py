"""Coupons: amounts, days and broken periods of bonds (B.9), and of the published offerings that carry enough terms.

given a bond
├── its whole periods should bring equal amounts, whatever their days
├── a broken period should bring its share of the whole one by actual days
├── interest should count from the day after the payment to the redemption, every day once
└── a due date on a bank holiday should be paid before it, for the same amount
given the published offerings
└── coupons and points should be the published figures
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.builders import TERMS

from genbo.entitlements import (
    Bond,
    Payee,
    RecordDate,
    RecordDateKind,
    TaxCategory,
    bond_of,
    coupon_after,
    coupons,
    distribute,
    payable_by_terms,
    per_unit,
)
from genbo.kernel import ProductId, Reason, Refusal, Units
from genbo.providers.calendar import is_bank_holiday
from genbo.token import DayCount, ProductTerms, parse_terms

OFFERINGS = {
    row["name"]: row
    for row in csv.DictReader(
        (Path(__file__).parents[2] / "data" / "offerings.csv").open(encoding="utf-8")
    )
}


def offering(words: str) -> dict[str, str]:
    (found,) = (row for name, row in OFFERINGS.items() if words in name)
    return found


def a_bond(**more: object) -> Bond:
    values: dict[str, object] = {
        "face": 100_000,
        "rate": Decimal("0.35"),
        "issued": date(2021, 4, 27),
        "matures": date(2022, 4, 27),
    }
    return Bond(**(values | more))  # type: ignore[arg-type]


def test_coupons__sbi_bond__are_175_yen_twice() -> None:
    row = offering("SBI Securities 1st")
    (rate,) = re.findall(r"^([\d.]+)% p\.a\.", row["income_terms"])
    found = coupons(
        a_bond(face=int(row["unit_price_jpy"]), rate=Decimal(rate)), is_holiday=is_bank_holiday
    )
    assert [(each.due, each.per_unit, each.is_broken) for each in found] == [
        (date(2021, 10, 27), 175, False),
        (date(2022, 4, 27), 175, False),
    ]
    assert [each.days for each in found] == [183, 182]
    # One coupon of all units: 1,000 bonds.
    (line,) = distribute(
        per_unit(income=found[0].per_unit),
        [Payee(holder="H1", units=Units(int(row["units"])), category=TaxCategory.INDIVIDUAL)],
        on=found[0].payable,
    )
    assert (line.gross, line.income_tax, line.local_tax) == (175_000, 26_801, 8_750)


@pytest.mark.parametrize("which", ["Marui Group 1st", "Marui Group 2nd"])
def test_coupons__marui_bonds__bring_cash_and_points_apart(which: str) -> None:
    row = offering(which)
    bond = a_bond(
        face=int(row["unit_price_jpy"]),
        rate=Decimal("0.3"),
        points_rate=Decimal("0.7"),
        issued=date(2022, 10, 13),
        matures=date(2023, 10, 13),
        periods=1,
    )
    (coupon,) = coupons(bond, is_holiday=is_bank_holiday)
    points = coupon.points_per_unit
    assert (coupon.per_unit, points, coupon.payable) == (30, 70, date(2023, 10, 13))
    assert coupon.per_unit + points == Decimal(100)  # 1.0 % of 10,000
    (line,) = distribute(
        per_unit(income=coupon.per_unit, points=points),
        [Payee(holder="H1", units=Units(7), category=TaxCategory.INDIVIDUAL)],
        on=coupon.payable,
    )
    assert (line.gross, line.income_tax, line.local_tax, line.points) == (210, 32, 10, 490)
    assert line.net == 168


def test_coupons__broken_first_period__is_its_share_by_actual_days() -> None:
    first, second = coupons(
        a_bond(issued=date(2021, 6, 1), rate=Decimal(1)), is_holiday=is_bank_holiday
    )
    assert (first.days, first.is_broken) == (148, True)
    assert first.per_unit == (Decimal(500) * 148 / 183).quantize(Decimal("1E-10"), "ROUND_FLOOR")
    assert (second.per_unit, second.is_broken) == (500, False)


def test_coupons__end_of_month__stays_there() -> None:
    bond = a_bond(issued=date(2021, 3, 31), matures=date(2022, 9, 30), end_of_month=True)
    assert [each.due for each in coupons(bond, is_holiday=is_bank_holiday)] == [
        date(2021, 9, 30),
        date(2022, 3, 31),
        date(2022, 9, 30),
    ]


def test_coupons__due_on_a_holiday__are_paid_before_for_the_same_amount() -> None:
    bond = a_bond(issued=date(2021, 5, 3), matures=date(2022, 5, 3))
    last = coupons(bond, is_holiday=is_bank_holiday)[-1]
    assert (last.due, last.payable, last.per_unit) == (date(2022, 5, 3), date(2022, 5, 2), 175)


def test_coupons__actual_365__counts_every_day() -> None:
    bond = a_bond(rate=Decimal("3.65"), day_count=DayCount.ACTUAL_365)
    assert [each.per_unit for each in coupons(bond, is_holiday=is_bank_holiday)] == [1_830, 1_820]


@pytest.mark.parametrize(
    "wrong",
    [
        {"periods": 3},
        {"face": 0},
        {"rate": Decimal(-1)},
        {"points_rate": Decimal("NaN")},
        {"matures": date(2021, 4, 27)},
        {"first": date(2021, 4, 27)},
    ],
)
def test_coupons__bond_that_cannot_be__is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        coupons(a_bond(**wrong), is_holiday=is_bank_holiday)
    assert refused.value.reason is Reason.FIELD_INVALID


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(1, 4_000),
    st.sampled_from((1, 2, 4, 12)),
    st.booleans(),
)
def test_coupons__any_bond__count_every_day_once(
    issued: date, days: int, periods: int, sticky: bool
) -> None:
    matures = issued + timedelta(days=days)
    bond = a_bond(issued=issued, matures=matures, periods=periods, end_of_month=sticky)
    found = coupons(bond, is_holiday=is_bank_holiday)
    assert sum(each.days for each in found) == days
    assert found[-1].due == matures
    assert all(each.days > 0 and not is_bank_holiday(each.payable) for each in found)
    assert all(each.payable <= each.due for each in found)
    assert not any(each.is_broken for each in found[1:])


# Of the terms of a product ------------------------------------------------------------------------------


def terms(**bond: object) -> ProductTerms:
    """A bond of a product, whose redemption date, 17 June 2023, is a Saturday."""
    return parse_terms(
        {
            **TERMS,
            "legal_form": "corporate_bond",
            "unit_price_yen": 10_000,
            "set_date": "2022-06-17",
            "redemption_date": "2023-06-17",
            "record_date_1": "06-15",
            "record_date_2": None,
            "holiday_adjustment": "preceding",
            "bond": {
                "rate": "0.3",
                "points_rate": "0.7",
                "coupons_a_year": 1,
                "interest_from": "2022-06-18",
                **bond,
            },
        }
    )


def test_bond_of__terms_of_a_bond__counts_from_the_day_they_say() -> None:
    (coupon,) = coupons(bond_of(terms()), is_holiday=is_bank_holiday)
    assert (coupon.after, coupon.due, coupon.payable) == (
        date(2022, 6, 17),
        date(2023, 6, 17),
        date(2023, 6, 16),
    )
    assert (coupon.days, coupon.per_unit, coupon.points_per_unit) == (365, 30, 70)
    # Interest that begins later is a broken period: 335 of 365 days.
    (later,) = coupons(bond_of(terms(interest_from="2022-07-18")), is_holiday=is_bank_holiday)
    assert (later.days, later.is_broken) == (335, True)
    assert later.per_unit == (Decimal(30) * 335 / 365).quantize(Decimal("1E-10"), "ROUND_FLOOR")


def test_bond_of__points_alone__come_without_cash() -> None:
    (coupon,) = coupons(bond_of(terms(rate="0")), is_holiday=is_bank_holiday)
    assert (coupon.per_unit, coupon.points_per_unit) == (0, 70)


def test_bond_of__terms_of_no_bond__are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        bond_of(parse_terms(TERMS))
    assert (refused.value.reason, refused.value.facts["field"]) == (Reason.FIELD_MISSING, "bond")


def test_coupon_after__record_date__is_the_next_that_is_paid() -> None:
    half_yearly = terms(coupons_a_year=2)
    for day, due in (
        (date(2022, 12, 15), date(2022, 12, 16)),  # 17 December 2022 was a Saturday
        (date(2022, 12, 16), date(2023, 6, 16)),
        (date(2023, 6, 15), date(2023, 6, 16)),
    ):
        assert coupon_after(half_yearly, day, is_holiday=is_bank_holiday).payable == due
    with pytest.raises(Refusal) as refused:
        coupon_after(half_yearly, date(2023, 6, 16), is_holiday=is_bank_holiday)
    assert refused.value.reason is Reason.FIELD_INVALID


def test_payable_by_terms__of_a_bond_and_of_a_trust__is_the_coupon_or_a_month_later() -> None:
    record = RecordDate(
        product=ProductId("P1"),
        kind=RecordDateKind.FIRST,
        nominal=date(2023, 1, 31),
        day=date(2023, 1, 31),
    )
    bond, trust = terms(), parse_terms(TERMS)
    assert payable_by_terms(bond, record, is_holiday=is_bank_holiday) == date(2023, 6, 16)
    assert payable_by_terms(trust, record, is_holiday=is_bank_holiday) == date(2023, 2, 28)
