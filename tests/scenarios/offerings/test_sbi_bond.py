"""The SBI bond from issue to redemption (offerings.csv, examples/sbi-first-bond).

given its ten invented holders of 1,000 bonds of 100,000 yen, and a sale between the coupons
├── the terms should promise two coupons of 175 yen, and the days of payment
├── the first coupon should be paid to the holders of the day before, each tax cut to the yen for each of them
├── the second one should follow the sale
├── the payment files should carry the net of each payee
├── redemption should pay 100,000 yen for each bond, untaxed, on the day and not before, and end the product
└── the bond register (社債原簿) should show who held what on each day, and nobody after the end
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.offering import BY, Offering, allotted

from contract_sources import ROOT
from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.coupons import coupons_of, wanted_coupon
from genbo.bootstrap.payments import MadeFile
from genbo.bootstrap.record_dates import expected
from genbo.bootstrap.redemptions import decide_redemption
from genbo.bootstrap.statements import yearly_statements
from genbo.entitlements import ActionState, CorporateAction, RedemptionTerms, Run, per_unit
from genbo.entitlements.zengin import read
from genbo.kernel import Reason, Refusal
from genbo.storage.engine import Database
from genbo.token import ProductStatus

ISSUED, FIRST, LAST = date(2021, 4, 27), date(2021, 10, 27), date(2022, 4, 27)
HELD = {
    "H1": 7,
    "H2": 393,
    "H3": 100,
    "H4": 1,
    "H5": 250,
    "H6": 49,
    "H7": 60,
    "H8": 90,
    "H9": 40,
    "H10": 10,
}
SOLD = {**HELD, "H5": 217, "H10": 43}
# Units x 175; of it 15.315 % and 5 %, each cut to the yen; H2 is a corporation, without local tax.
FIRST_COUPON = {
    "H1": (1_225, 187, 61),  # 187.60, 61.25
    "H2": (68_775, 10_532, 0),  # 10,532.89
    "H3": (17_500, 2_680, 875),  # 2,680.12
    "H4": (175, 26, 8),  # 26.80, 8.75
    "H5": (43_750, 6_700, 2_187),  # 6,700.31, 2,187.50
    "H6": (8_575, 1_313, 428),  # 1,313.26, 428.75
    "H7": (10_500, 1_608, 525),  # 1,608.07
    "H8": (15_750, 2_412, 787),  # 2,412.11, 787.50
    "H9": (7_000, 1_072, 350),  # 1,072.05
    "H10": (1_750, 268, 87),  # 268.01, 87.50
}
LAST_COUPON = {
    **FIRST_COUPON,
    "H5": (37_975, 5_815, 1_898),  # 217 bonds: 5,815.87, 1,898.75
    "H10": (7_525, 1_152, 376),  # 43 bonds: 1,152.45, 376.25
}
PRINCIPAL = RedemptionTerms(
    record_day=date(2022, 4, 26), amounts=per_unit(capital=Decimal(100_000))
)


@dataclass
class Story:
    """What was done, and what came of it."""

    offering: Offering
    refused: Refusal
    runs: list[Run]
    files: list[MadeFile]
    redemption: CorporateAction


@pytest.fixture(scope="module")
def story(
    new_database: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    bond = allotted(
        new_database(),
        tmp_path_factory.mktemp("office"),
        "sbi-first-bond",
        begin="2021-04-20 09:00:00",
        issue_at="2021-04-27 09:00:00",
    )
    bond.at("2021-10-27 00:00:01")
    bond.fix(date(2021, 10, 26))
    first = bond.coupon("SBI-ST-1-C1", date(2021, 10, 26))
    files = [bond.paid(first)]
    bond.at("2022-01-20 10:00:00")
    bond.transfer("H5", "H10", 33)
    bond.at("2022-04-27 00:00:01")
    bond.fix(date(2022, 4, 26))
    last = bond.coupon("SBI-ST-1-C2", date(2022, 4, 26))
    files.append(bond.paid(last))
    early = bond.decision("SBI-ST-1-EARLY", date(2022, 4, 26))
    with pytest.raises(Refusal) as refused:
        decide_redemption(bond.office, early, PRINCIPAL)
    redemption = bond.redeemed("SBI-ST-1-R", LAST, PRINCIPAL)
    principal = bond.approved("SBI-ST-1-R")
    files.append(bond.paid(principal))
    bond.at("2022-05-01 09:00:00")
    yield Story(bond, refused.value, [first, last, principal], files, redemption)
    bond.office.close()


def test_terms__as_published__are_those_of_the_list_of_offerings(story: Story) -> None:
    path: Path = ROOT / "tests" / "data" / "offerings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = (each for each in csv.DictReader(file) if "SBI Securities 1st" in each["name"])
    terms = story.offering.terms
    assert (terms.set_quantity, terms.unit_price_yen) == (
        int(row["units"]),
        int(row["unit_price_jpy"]),
    )
    assert terms.bond is not None
    assert f"{terms.bond.rate}% p.a." in row["income_terms"]
    for day in (terms.set_date, FIRST, terms.redemption_date):
        assert day.isoformat() in row["key_dates"]


def test_terms__coupons__are_175_yen_on_the_two_days(story: Story) -> None:
    found = coupons_of(story.offering.office, story.offering.product)
    assert [(each.payable, each.per_unit, each.days) for each in found] == [
        (FIRST, 175, 183),
        (LAST, 175, 182),
    ]
    first, last = (
        expected(story.offering.office, story.offering.product, year)[-1] for year in (2021, 2022)
    )
    assert (first.record.day, first.payable) == (date(2021, 10, 26), FIRST)
    assert (last.record.day, last.payable) == (date(2022, 4, 26), LAST)
    with pytest.raises(Refusal) as refused:
        wanted_coupon(story.offering.office, story.offering.product, LAST, id="C3", why="-")
    assert refused.value.reason is Reason.FIELD_INVALID


@pytest.mark.parametrize(
    ("number", "owed", "sums"),
    [(0, FIRST_COUPON, (175_000, 26_798, 5_308)), (1, LAST_COUPON, (175_000, 26_797, 5_308))],
)
def test_coupon__each_payee__is_taxed_to_the_yen(
    story: Story, number: int, owed: dict[str, tuple[int, int, int]], sums: tuple[int, int, int]
) -> None:
    run = story.runs[number]
    assert {
        name: (each.gross, each.income_tax, each.local_tax)
        for name, each in story.offering.lines(run.id).items()
    } == owed
    total = run.totals
    assert (total.gross, total.income_tax, total.local_tax) == sums
    assert total.net == total.to_pay == sums[0] - sums[1] - sums[2]
    assert run.payment_day == (FIRST, LAST)[number]


def test_files__each_payment__is_the_net_of_its_payee(story: Story) -> None:
    for run, made, day in zip(story.runs, story.files, ("1027", "0427", "0427"), strict=True):
        file, *_ = read(made.content)
        lines = story.offering.lines(run.id)
        assert sorted(each.amount for each in file.transfers) == sorted(
            each.net for each in lines.values()
        )
        assert f"{file.month:02}{file.day:02}" == day
        assert len(made.content) == 120 * (10 + 3)
    file, *_ = read(story.files[0].content)
    assert "ｶｸｳｼﾖｳｼﾞ(ｶ" in {each.name for each in file.transfers}


def test_redemption__before_its_day__is_refused(story: Story) -> None:
    assert story.refused.reason is Reason.REDEMPTION_NOT_DUE


def test_redemption__on_its_day__pays_the_principal_untaxed_and_ends_the_product(
    story: Story,
) -> None:
    bond = story.offering
    assert story.redemption.state is ActionState.DONE
    assert bond.status is ProductStatus.REDEEMED
    assert bond.office.token(bond.product).total_supply().value == 0
    assert {
        name: (each.capital, each.income, each.income_tax + each.local_tax, each.due)
        for name, each in bond.lines("SBI-ST-1-R").items()
    } == {name: (units * 100_000, 0, 0, units * 100_000) for name, units in SOLD.items()}
    assert (story.runs[2].totals.to_pay, story.runs[2].payment_day) == (100_000_000, LAST)


def test_register__of_each_day__is_the_bond_register_by_law(story: Story) -> None:
    bond = story.offering
    assert bond.held(ISSUED) == bond.held(date(2022, 1, 19)) == HELD
    assert bond.held(date(2022, 1, 20)) == bond.held(date(2022, 4, 26)) == SOLD
    before, after = bond.register(date(2022, 4, 26)), bond.register(LAST)
    assert (before.title.ja, before.law.ja) == ("社債原簿", "会社法第681条")
    assert (before.total_issued, after.total_issued, list(after.lines)) == (1_000, 0, [])
    told = {each.key: each.text.ja for each in before.items}
    assert told["total"] == told["paid_in"] == "100,000,000円"
    assert told["unit_price"] == "100,000円"
    assert told["rate"] == "年0.35%（税引前）"
    assert told["interest"].startswith("2021-04-28から償還日まで付し、年2回")
    assert "前営業日" in told["interest"]
    assert "planned" not in told
    labels = {each.key: each.label.ja for each in before.items}
    assert (labels["trustee"], labels["settlor"]) == ("社債原簿管理人", "発行者")
    lots = {
        (bond.names[line.holder], int(line.units), line.acquired)
        for line in before.lines
        if line.holder in (bond.people["H5"], bond.people["H10"])
    }
    assert lots == {
        ("H5", 217, ISSUED),
        ("H10", 10, ISSUED),
        ("H10", 33, date(2022, 1, 20)),
    }


def test_statements__of_the_last_year__are_coupon_and_principal(story: Story) -> None:
    bond = story.offering
    found = {
        bond.names[each.statement.holder]: each.statement.total  # type: ignore[index]
        for each in yearly_statements(bond.office, 2022, by=BY)
    }
    assert (found["H10"].income, found["H10"].capital) == (7_525, 4_300_000)
    assert (found["H10"].income_tax, found["H10"].local_tax) == (1_152, 376)
    with bond.office.house.database.read() as connection:
        assert verify_seen(connection, None, origin=None).holds
