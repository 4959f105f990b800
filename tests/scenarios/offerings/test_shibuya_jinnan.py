"""Shibuya Jinnan from issue to redemption, with its money (offerings.csv, acceptance_kdx_like.csv; D.2, B.4).

given the 503 holders of the example, and a sale in the second after the first record date
├── both distributions should be the published amounts per unit, to the yen for each payee
├── the payment file of the first should be 506 records of 120 bytes, that of the second have one payee more
├── redemption should be refused before the property was sold
├── the final distribution should be paid in its two parts, of which one is taxed
├── redemption in full should end the product
└── the beneficiary register (受益権原簿) should show who held what on each day, by the name of that day, and
    nobody after
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import yaml
from tests.support.firms import BRANCH
from tests.support.offering import BY, Offering, allotted, with_account

from contract_sources import ROOT
from genbo.bootstrap.distributions import Wanted
from genbo.bootstrap.payments import MadeFile
from genbo.bootstrap.redemptions import decide_redemption
from genbo.entitlements import ActionState, CorporateAction, RedemptionTerms, Run, per_unit
from genbo.kernel import Reason, Refusal
from genbo.storage.banks import Banks
from genbo.storage.engine import Database
from genbo.storage.investors import Investors, NewInvestor
from genbo.token import ProductStatus

OFFERING = yaml.safe_load(
    (ROOT / "examples" / "shibuya-jinnan" / "offering.yaml").read_text("utf-8")
)
FINAL = OFFERING["final"]
ENDS = RedemptionTerms(
    record_day=FINAL["record_date"],
    amounts=per_unit(
        capital=Decimal(FINAL["capital_per_unit"]), income=Decimal(FINAL["income_per_unit"])
    ),
)
NEW_NAME = "架空　白波"
# What a payee is due: units, income, income tax of 15.315 %, local tax of 5 %; H3 is a corporation.
SMALL = ["H1", *(f"H{number}" for number in range(4, 504))]
SECOND = {
    **dict.fromkeys(SMALL, (2, 35_000, 5_360, 1_750)),  # 5,360.25
    "H2": (48, 840_000, 128_646, 42_000),
    "H3": (400, 7_000_000, 1_072_050, 0),
    "H504": (3, 52_500, 8_040, 2_625),  # 8,040.37
}
LAST = {
    **dict.fromkeys(SMALL, (2, 246_913, 37_814, 12_345)),  # of 246,913.56: 37,814.72, 12,345.65
    "H2": (48, 5_925_925, 907_555, 296_296),  # of 5,925,925.44: 907,555.41, 296,296.25
    "H3": (400, 49_382_712, 7_562_962, 0),  # 7,562,962.34
    "H504": (3, 370_370, 56_722, 18_518),  # of 370,370.34: 56,722.16, 18,518.5
}


@dataclass
class Story:
    """What was done, and what came of it."""

    trust: Offering
    refused: Refusal
    runs: list[Run]
    files: list[MadeFile]
    redemption: CorporateAction


def _bank(database: Database) -> None:
    from tests.support.firms import AT

    with database.begin() as connection:
        Banks(connection).load([BRANCH], at=AT, by=BY, source="0x00")


def _marries(trust: Offering) -> None:
    """H2 takes another name (D.2.5)."""
    house = trust.office.house
    with house.database.begin() as connection:
        Investors(connection, house.vault).rename(
            trust.people["H2"],
            name=NEW_NAME,
            registered_address="東京都目黒区例題本町3丁目28番5号",
            effective=date(2022, 3, 1),
            at=house.now(),
            by="registration-1",
        )


@pytest.fixture(scope="module")
def story(
    new_database: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    numbers = iter(range(1, 1_000))

    def known(new: NewInvestor) -> NewInvestor:
        return with_account(new, next(numbers))

    trust = allotted(
        new_database(),
        tmp_path_factory.mktemp("office"),
        "shibuya-jinnan",
        begin="2021-08-10 09:00:00",
        issue_at="2021-08-11 09:00:00",
        known=known,
        before=_bank,
    )
    runs, files = [], []
    for income, declared_on in zip(OFFERING["income"], ("2022-02-10", "2022-08-10"), strict=True):
        nominal = income["record_date"]
        day = date(2022, 8, 1) if nominal == date(2022, 7, 31) else nominal
        trust.clock.set("2022-02-01 00:00:01" if not runs else "2022-08-02 00:00:01")
        if not runs:
            trust.transfer("H2", "H504", 3)  # executed at 2022-01-31T15:00:01Z
        trust.at(f"{declared_on} 10:00:00")
        trust.fix(day)
        wanted = Wanted(
            id=f"D-{nominal:%Y-%m}",
            product=trust.product,
            record_day=day,
            amounts=per_unit(income=Decimal(income["yen_per_unit"])),
            why=f"resolution of {declared_on}",
        )
        runs.append(trust.declared(wanted))
        files.append(trust.paid(runs[-1]))
        if len(runs) == 1:
            trust.at("2022-03-01 10:00:00")
            _marries(trust)
    trust.at("2024-08-01 09:00:00")
    trust.fix(FINAL["record_date"])
    with pytest.raises(Refusal) as refused:
        decide_redemption(trust.office, trust.decision("R-0", date(2024, 7, 31)), ENDS)
    trust.at(f"{FINAL['redeemed']} 10:00:00")
    redemption = trust.redeemed("R-2024", FINAL["redeemed"], ENDS)
    runs.append(trust.approved("R-2024"))
    files.append(trust.paid(runs[-1]))
    trust.at("2024-09-03 09:00:00")
    yield Story(trust, refused.value, runs, files, redemption)
    trust.office.close()


def test_first_distribution__each_payee__is_the_published_row(story: Story) -> None:
    lines = story.trust.lines("D-2022-01")
    path = ROOT / "tests" / "data" / "acceptance_kdx_like.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["holder"]: row for row in csv.DictReader(file)}
    small, total = rows.pop("H4..H503 (500 holders, each)"), rows.pop("TOTAL (503 holders)")
    rows |= dict.fromkeys((f"H{number}" for number in range(4, 504)), small)
    columns = ("units", "gross", "income_tax", "local_tax", "net")
    assert {
        name: tuple(int(getattr(each, column)) for column in columns)
        for name, each in lines.items()
    } == {name: tuple(int(row[column]) for column in columns) for name, row in rows.items()}
    assert all(each.category == rows[name]["type"] for name, each in lines.items())
    sums = story.runs[0].totals
    assert (sums.gross, sums.income_tax, sums.local_tax, sums.net) == tuple(
        int(total[column]) for column in columns[1:]
    )


def test_second_distribution__each_payee__is_17_500_yen_a_unit(story: Story) -> None:
    assert {
        name: (int(each.units), each.gross, each.income_tax, each.local_tax)
        for name, each in story.trust.lines("D-2022-07").items()
    } == SECOND
    sums = story.runs[1].totals
    assert (sums.payees, sums.gross, sums.income_tax, sums.local_tax, sums.net) == (
        504,
        25_427_500,
        3_894_096,
        921_375,
        20_612_029,
    )


def test_payment_days__of_all_three__are_as_holidays_move_them(story: Story) -> None:
    assert [run.payment_day for run in story.runs] == [
        date(2022, 2, 28),
        date(
            2022, 8, 31
        ),  # a month after 31 July, not after the 1 August on which holders were fixed
        FINAL["paid"],  # 31 August 2024 was a Saturday
    ]


def test_files__506_and_507_records__end_with_count_and_sum(story: Story) -> None:
    assert [(len(made.content), made.content[-240:-221]) for made in story.files] == [
        (506 * 120, b"8000503000019749278"),
        (507 * 120, b"8000504000020612029"),
        (507 * 120, b"8000504001598410708"),
    ]
    assert story.files[0].content[:4] == b"1210"
    assert story.files[0].content[54:58] == b"0228"


def test_redemption__before_the_property_was_sold__is_refused(story: Story) -> None:
    assert story.trust.terms.redemption_date == OFFERING["property_sold"] == date(2024, 8, 1)
    assert story.refused.reason is Reason.REDEMPTION_NOT_DUE


def test_final_distribution__two_parts__are_taxed_as_such(story: Story) -> None:
    lines = story.trust.lines("R-2024")
    assert {
        name: (int(each.units), each.income, each.income_tax, each.local_tax)
        for name, each in lines.items()
    } == LAST
    assert all(each.capital == int(each.units) * 1_000_000 for each in lines.values())
    sums = story.runs[2].totals
    assert (sums.capital, sums.income, sums.income_tax, sums.local_tax, sums.net) == (
        1_453_000_000,
        179_382_420,
        27_472_053,
        6_499_659,
        1_598_410_708,
    )
    assert sums.remainder == Decimal("281.34")  # 1,453 x 123,456.78 = 179,382,701.34


def test_redemption__in_full__ends_the_product(story: Story) -> None:
    assert story.redemption.state is ActionState.DONE
    assert story.trust.status is ProductStatus.REDEEMED
    assert story.trust.office.token(story.trust.product).total_supply().value == 0


def test_register__of_each_day__is_the_beneficiary_register_by_law(story: Story) -> None:
    trust = story.trust
    first, second = ({name: each[0] for name, each in owed.items()} for owed in (SECOND, LAST))
    assert first == second
    assert trust.held(date(2022, 1, 31)) == {
        **{name: units for name, units in first.items() if name != "H504"},
        "H2": 51,
    }
    assert trust.held(date(2022, 2, 1)) == first
    before, after = trust.register(date(2024, 8, 29)), trust.register(FINAL["redeemed"])
    assert (before.title.ja, before.law.ja) == ("受益権原簿", "信託法第186条")
    assert (before.total_issued, before.units) == (1_453, 1_453)
    assert [
        {line.name for line in trust.register(day).lines if line.holder == trust.people["H2"]}
        for day in (date(2022, 1, 31), date(2022, 3, 1), date(2024, 8, 29))
    ] == [{"田村　白波"}, {NEW_NAME}, {NEW_NAME}]
    assert (after.total_issued, list(after.lines)) == (0, [])
    assert {(line.acquired, int(line.units)) for line in before.lines} == {
        (date(2021, 8, 11), 2),
        (date(2021, 8, 11), 48),
        (date(2021, 8, 11), 400),
        (date(2022, 2, 1), 3),
    }
