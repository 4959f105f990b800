"""The two Marui bonds from issue to redemption: interest in cash and in points (offerings.csv, B.4).

given the first one, of which more was issued than planned and whose maturity is a Saturday
├── it should pay 30 yen and give 70 points for each bond, listed apart, on the Friday before, for the whole year
├── its principal should be paid that Friday, and not the day before
└── the bond register should say both rates, and nothing of a cut-off
given the second one, issued for what was subscribed (打切発行)
├── interest should count from the day after payment, each of 365 days once
├── cash and points together should be the published 1.00 % of 119,070,000 yen
└── the bond register should say what was planned, and who held what until the end
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.offering import Offering, allotted

from contract_sources import ROOT
from genbo.bootstrap.coupons import coupons_of
from genbo.bootstrap.payments import MadeFile
from genbo.bootstrap.redemptions import decide_redemption
from genbo.bootstrap.statements import points_list
from genbo.entitlements import RedemptionTerms, Run, per_unit
from genbo.entitlements.zengin import read
from genbo.kernel import Reason, Refusal
from genbo.providers.calendar import is_bank_holiday
from genbo.storage.engine import Database
from genbo.token import ProductStatus

# Bonds of each holder; of units x 30 yen 15.315 % and 5 %, each cut to the yen. All are individuals.
FIRST = {
    "H1": (1, 4, 1),  # 30: 4.59, 1.5
    "H2": (100, 459, 150),  # 3,000: 459.45
    "H3": (50, 229, 75),  # 1,500: 229.72
    "H4": (777, 3_569, 1_165),  # 23,310: 3,569.92, 1,165.5
    "H5": (1_000, 4_594, 1_500),  # 30,000: 4,594.5
    "H6": (3_000, 13_783, 4_500),  # 90,000: 13,783.5
    "H7": (2_500, 11_486, 3_750),  # 75,000: 11,486.25
    "H8": (1_250, 5_743, 1_875),  # 37,500: 5,743.12
    "H9": (2_000, 9_189, 3_000),  # 60,000
    "H10": (1_500, 6_891, 2_250),  # 45,000: 6,891.75
}
SECOND = {
    "H1": (1, 4, 1),
    "H2": (30, 137, 45),  # 900: 137.83
    "H3": (300, 1_378, 450),  # 9,000: 1,378.35
    "H4": (906, 4_162, 1_359),  # 27,180: 4,162.61
    "H5": (2_000, 9_189, 3_000),
    "H6": (2_500, 11_486, 3_750),
    "H7": (1_170, 5_375, 1_755),  # 35,100: 5,375.56
    "H8": (5_000, 22_972, 7_500),  # 150,000: 22,972.5
}
ONE_DAY = timedelta(days=1)


@dataclass
class Story:
    """What was done, and what came of it."""

    bond: Offering
    holders: dict[str, tuple[int, int, int]]
    sums: tuple[int, int, int, int, int]
    """Units, cash, income tax, local tax, points."""
    begins: date
    paid: date
    refused: Refusal
    coupon: Run
    principal: Run
    files: list[MadeFile]


def told(
    database: Database,
    folder: Path,
    which: str,
    holders: dict[str, tuple[int, int, int]],
    sums: tuple[int, int, int, int, int],
    begins: date,
    paid: date,
) -> Story:
    """The life of one bond: one coupon with the principal, on one day."""
    bond = allotted(
        database,
        folder,
        f"marui-{which}-bond",
        begin=f"{begins - 7 * ONE_DAY} 09:00:00",
        issue_at=f"{begins} 09:00:00",
    )
    name, day = f"MARUI-{which.upper()}", paid - ONE_DAY
    bond.at(f"{paid} 00:00:01")
    bond.fix(day)
    coupon = bond.coupon(f"{name}-C1", day)
    terms = RedemptionTerms(record_day=day, amounts=per_unit(capital=Decimal(10_000)))
    with pytest.raises(Refusal) as refused:
        decide_redemption(bond.office, bond.decision(f"{name}-EARLY", day), terms)
    bond.redeemed(f"{name}-R", paid, terms)
    principal = bond.approved(f"{name}-R")
    files = [bond.paid(coupon), bond.paid(principal)]
    bond.at(f"{paid + 14 * ONE_DAY} 09:00:00")
    return Story(bond, holders, sums, begins, paid, refused.value, coupon, principal, files)


@pytest.fixture(scope="module", params=["first", "second"])
def story(
    request: pytest.FixtureRequest,
    new_database: Callable[[], Database],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Story]:
    made = {
        "first": (
            FIRST,
            (12_178, 365_340, 55_947, 18_266, 852_460),
            date(2022, 6, 17),
            date(2023, 6, 16),
        ),
        "second": (
            SECOND,
            (11_907, 357_210, 54_703, 17_860, 833_490),
            date(2022, 10, 13),
            date(2023, 10, 13),
        ),
    }[request.param]
    found = told(new_database(), tmp_path_factory.mktemp("office"), request.param, *made)
    yield found
    found.bond.office.close()


def test_terms__as_published__are_those_of_the_list_of_offerings(story: Story) -> None:
    which = "Marui Group 1st" if story.holders is FIRST else "Marui Group 2nd"
    path = ROOT / "tests" / "data" / "offerings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = (each for each in csv.DictReader(file) if which in each["name"])
    terms = story.bond.terms
    assert terms.set_quantity == int(row["units"]) == story.sums[0]
    assert terms.unit_price_yen == int(row["unit_price_jpy"])
    assert terms.set_quantity * terms.unit_price_yen == int(row["total_jpy"])
    assert terms.bond is not None
    assert terms.bond.rate + terms.bond.points_rate == 1
    planned = (terms.bond.planned_quantity or 0) * terms.unit_price_yen
    assert (f"{planned:,} planned" in row["use_in_tests"] + row["record_and_payment"]) or (
        "100m planned" in row["use_in_tests"] and planned == 100_000_000
    )


def test_coupon__of_the_whole_year__is_paid_on_the_business_day(story: Story) -> None:
    (coupon,) = coupons_of(story.bond.office, story.bond.product)
    assert (coupon.per_unit, coupon.points_per_unit, coupon.days) == (30, 70, 365)
    assert (coupon.after, coupon.payable, coupon.is_broken) == (story.begins, story.paid, False)
    assert is_bank_holiday(coupon.due) is (coupon.due != story.paid)
    assert story.coupon.payment_day == story.paid


def test_coupon__each_payee__is_taxed_to_the_yen_and_given_points_apart(story: Story) -> None:
    lines = story.bond.lines(story.coupon.id)
    assert {
        name: (int(each.units), each.income_tax, each.local_tax) for name, each in lines.items()
    } == story.holders
    for each in lines.values():
        assert (each.gross, each.points) == (int(each.units) * 30, int(each.units) * 70)
        assert each.due == each.gross - each.income_tax - each.local_tax
    sums = story.coupon.totals
    assert (sums.units, sums.gross, sums.income_tax, sums.local_tax, sums.points) == story.sums
    assert sums.gross + sums.points == story.bond.terms.set_quantity * 10_000 // 100


def test_points__for_their_provider__are_ids_and_numbers(story: Story) -> None:
    listed = points_list(story.bond.office, story.coupon.id).decode().split("\r\n")
    rows = {line.split(",")[1]: line.split(",")[2:] for line in listed[1:] if line}
    assert rows == {
        story.bond.people[name]: [str(units), str(units * 70)]
        for name, (units, _, _) in story.holders.items()
    }


def test_files__cash_and_principal__are_to_the_yen(story: Story) -> None:
    cash, principal = (read(each.content)[0] for each in story.files)
    _, gross, income_tax, local_tax, _ = story.sums
    assert sum(each.amount for each in cash.transfers) == gross - income_tax - local_tax
    assert sum(each.amount for each in principal.transfers) == story.sums[0] * 10_000
    for each in (cash, principal):
        assert (each.month, each.day) == (story.paid.month, story.paid.day)


def test_redemption__on_the_day_of_payment__ends_the_product(story: Story) -> None:
    bond = story.bond
    assert story.refused.reason is Reason.REDEMPTION_NOT_DUE
    assert bond.status is ProductStatus.REDEEMED
    assert bond.office.token(bond.product).total_supply().value == 0
    assert (story.principal.totals.to_pay, story.principal.payment_day) == (
        story.sums[0] * 10_000,
        story.paid,
    )
    assert story.principal.totals.income_tax == 0


def test_register__of_each_day__is_the_bond_register_by_law(story: Story) -> None:
    bond = story.bond
    units = {name: held for name, (held, _, _) in story.holders.items()}
    assert bond.held(story.begins) == bond.held(story.paid - ONE_DAY) == units
    assert bond.held(story.paid) == {}
    head = bond.register(story.paid - ONE_DAY)
    said = {each.key: each.text.ja for each in head.items}
    assert head.title.ja == "社債原簿"
    assert said["rate"] == "金銭により年0.3%（税引前）、ポイントにより年0.7%"
    assert said["interest"].startswith(f"{story.begins + ONE_DAY}から償還日まで付し、年1回")
    assert said["total"] == f"{story.sums[0] * 10_000:,}円"
    cut_off = {} if story.holders is FIRST else {"planned": "130,000,000円（打切発行）"}
    assert {key: text for key, text in said.items() if key == "planned"} == cut_off
