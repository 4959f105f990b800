"""Distribution: to the yen, for each payee, whatever the order (D.2.2, B.4).

given the holders of the common fixture and JPY 16,767 per unit
└── it should be the published figures to the yen, and not those of taxing the total
given any amounts, holders and categories
├── the payees' gross and the remainder should be the amount per unit times all units
├── no tax should be above its floor for the payee, and none be taken of returned capital
├── who holds more should never get less, and the order of the input should not matter
└── a day without a rate should be refused
given a run that was wrong
├── its correction should pay or reclaim the difference, and a correction of the correction its own
└── who was paid and is no payee should give everything back
given a snapshot
└── the addresses of one investor should count together, and an unknown holder be kept and flagged
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.entitlements import (
    RATES,
    Payee,
    PayeeLine,
    PerUnit,
    TaxCategory,
    TaxRate,
    corrected,
    distribute,
    per_unit,
    rate_on,
    snapshot_of,
    totals,
    withheld,
)
from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Reason, Refusal, Units

DATA = Path(__file__).parents[2] / "data"
PAID = date(2022, 2, 28)
INDIVIDUAL, CORPORATION, EXEMPT = TaxCategory


def acceptance() -> list[dict[str, str]]:
    """The published rows, the range of holders written out."""
    rows = []
    for row in csv.DictReader((DATA / "acceptance_kdx_like.csv").open(encoding="utf-8")):
        if several := re.match(r"H(\d+)\.\.H(\d+) ", row["holder"]):
            numbers = range(int(several[1]), int(several[2]) + 1)
            rows += [{**row, "holder": f"H{number}"} for number in numbers]
        else:
            rows.append(row)
    return rows


PUBLISHED = acceptance()
HOLDERS, TOTAL = PUBLISHED[:-1], PUBLISHED[-1]


def payees() -> list[Payee]:
    return [
        Payee(
            holder=row["holder"],
            units=Units(int(row["units"])),
            category=TaxCategory(row["type"]),
        )
        for row in HOLDERS
    ]


def test_distribute__common_fixture__is_the_published_figures_to_the_yen() -> None:
    amounts = per_unit(income=Decimal(16_767))
    lines = {each.holder: each for each in distribute(amounts, payees(), on=PAID)}
    assert len(lines) == 503
    for row in HOLDERS:
        line = lines[row["holder"]]
        found = (line.gross, line.income_tax, line.local_tax, line.net)
        assert found == tuple(
            int(row[name]) for name in ("gross", "income_tax", "local_tax", "net")
        )
    sums = totals(list(lines.values()), amounts)
    assert (sums.gross, sums.income_tax, sums.local_tax, sums.net) == (
        24_362_451,
        3_730_742,
        882_431,
        19_749_278,
    )
    assert (sums.units, sums.remainder) == (1_453, 0)
    assert sums.net == int(TOTAL["net"])


def test_distribute__taxing_the_individuals_together__would_be_717_yen_more() -> None:
    lines = [
        each
        for each in distribute(per_unit(income=Decimal(16_767)), payees(), on=PAID)
        if each.category is INDIVIDUAL
    ]
    together = withheld(sum(each.income for each in lines), rate_on(INDIVIDUAL, PAID))
    apart = sum(each.income_tax for each in lines), sum(each.local_tax for each in lines)
    assert (together.income_tax - apart[0], together.local_tax - apart[1]) == (366, 351)


def test_distribute__return_of_capital__is_apart_and_untaxed() -> None:
    amounts = per_unit(income=Decimal("100.5"), capital=Decimal("20.25"))
    (line,) = distribute(
        amounts, [Payee(holder="H1", units=Units(3), category=INDIVIDUAL)], on=PAID
    )
    assert (line.income, line.capital) == (301, 60)
    assert (line.income_tax, line.local_tax, line.net) == (46, 15, 300)
    assert totals([line], amounts).remainder == Decimal("1.25")


@pytest.mark.parametrize(
    ("category", "day", "expected"),
    [
        (INDIVIDUAL, "2022-02-28", (15_315, 5_000)),
        (CORPORATION, "2015-12-31", (15_315, 5_000)),
        (CORPORATION, "2016-01-01", (15_315, 0)),
        (EXEMPT, "2022-02-28", (0, 0)),
    ],
)
def test_rate_on__day__is_that_of_the_law_then(
    category: TaxCategory, day: str, expected: tuple[int, int]
) -> None:
    rate = rate_on(category, date.fromisoformat(day))
    assert (rate.income, rate.local) == expected
    assert withheld(100_000, rate) == expected


def test_rate_on__no_rate_for_the_day__is_refused_and_a_new_row_is_enough() -> None:
    day = date(2038, 1, 1)
    with pytest.raises(Refusal) as refused:
        rate_on(INDIVIDUAL, day)
    assert refused.value.reason is Reason.TAX_RATE_MISSING
    later = TaxRate(category=INDIVIDUAL, first=day, last=day, income=15_000, local=5_000)
    assert rate_on(INDIVIDUAL, day, (*RATES, later)) is later


@pytest.mark.parametrize(
    "amounts",
    [
        {"income": Decimal(-1)},
        {"income": Decimal("NaN")},
        {"capital": Decimal("Infinity")},
        {"income": Decimal("0.00000000001")},
        {},
    ],
)
def test_per_unit__amount_that_cannot_be__is_refused(amounts: dict[str, Decimal]) -> None:
    with pytest.raises(Refusal) as refused:
        per_unit(**amounts)
    assert refused.value.reason is Reason.FIELD_INVALID


# Properties ----------------------------------------------------------------------------------------------

AMOUNT = st.decimals(min_value=0, max_value=100_000, places=4)
SOME = st.builds(PerUnit, income=AMOUNT, capital=AMOUNT, points=AMOUNT)
PAYEES = st.dictionaries(
    st.integers(0, 10_000).map(lambda number: f"IV-{number:05}"),
    st.tuples(st.integers(1, 10**9), st.sampled_from(TaxCategory)),
    min_size=1,
    max_size=30,
).map(
    lambda found: [
        Payee(holder=holder, units=Units(units), category=category)
        for holder, (units, category) in found.items()
    ]
)


@given(SOME, PAYEES)
def test_distribute__any_amounts__conserve_what_is_distributed(
    amounts: PerUnit, payees: list[Payee]
) -> None:
    lines = distribute(amounts, payees, on=PAID)
    sums = totals(lines, amounts)
    whole = (amounts.income + amounts.capital) * sum(each.units for each in payees)
    assert sum(each.gross for each in lines) + sums.remainder == whole
    assert 0 <= sums.remainder < 2 * len(lines)  # a cut for income and one for capital
    assert sums.gross == sums.net + sums.income_tax + sums.local_tax
    assert sums.to_pay == sums.net
    if not amounts.capital:
        assert sums.remainder < len(lines)


@given(SOME, PAYEES)
def test_distribute__any_payee__is_taxed_its_own_floor_of_its_own_income(
    amounts: PerUnit, payees: list[Payee]
) -> None:
    for line in distribute(amounts, payees, on=PAID):
        rate = rate_on(line.category, PAID)
        assert 0 <= line.income * rate.income - line.income_tax * 100_000 < 100_000
        assert 0 <= line.income * rate.local - line.local_tax * 100_000 < 100_000
        assert line.net >= line.capital


@given(SOME, PAYEES, st.randoms())
def test_distribute__input_in_another_order__is_the_same(
    amounts: PerUnit, payees: list[Payee], random: object
) -> None:
    shuffled = list(payees)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert distribute(amounts, shuffled, on=PAID) == distribute(amounts, payees, on=PAID)


@given(SOME, st.integers(1, 10**6), st.sampled_from(TaxCategory))
def test_distribute__one_unit_more__is_never_less(
    amounts: PerUnit, units: int, category: TaxCategory
) -> None:
    pair = [
        Payee(holder="A", units=Units(units), category=category),
        Payee(holder="B", units=Units(units + 1), category=category),
    ]
    fewer, more = distribute(amounts, pair, on=PAID)
    assert (more.income, more.income_tax) >= (fewer.income, fewer.income_tax)
    # Taxes are cut as well: a yen of income may bring a yen of each tax.
    assert more.net >= fewer.net - 1


# Corrections ---------------------------------------------------------------------------------------------


def run(amount: int, **units: int) -> list[PayeeLine]:
    given = [
        Payee(holder=holder, units=Units(held), category=INDIVIDUAL)
        for holder, held in units.items()
    ]
    return distribute(per_unit(income=Decimal(amount)), given, on=PAID)


def test_corrected__more_and_less__is_paid_and_reclaimed() -> None:
    first = run(1_000, H1=2, H2=5, H3=1)
    right = corrected(run(1_100, H1=2, H2=3, H4=1), first)
    assert {each.holder: each.due for each in right} == {
        "H1": 1_754 - 1_594,
        "H2": 2_630 - 3_985,
        "H3": -797,
        "H4": 877,
    }
    again = corrected(run(1_100, H1=2, H2=3, H4=1), right)
    assert [each.due for each in again] == [0, 0, 0, 0]


@given(PAYEES, PAYEES, SOME, SOME)
def test_corrected__any_two_runs__together_pay_what_is_right(
    wrong: list[Payee], right: list[Payee], before: PerUnit, after: PerUnit
) -> None:
    first = distribute(before, wrong, on=PAID)
    straight = distribute(after, right, on=PAID)
    lines = corrected(straight, first)
    paid = {each.holder: each.due for each in first}
    for each in lines:
        paid[each.holder] = paid.get(each.holder, 0) + each.due
    assert {holder: sum_ for holder, sum_ in paid.items() if sum_} == {
        each.holder: each.net for each in straight if each.net
    }
    assert [each.number for each in lines] == list(range(1, len(lines) + 1))


# The snapshot --------------------------------------------------------------------------------------------

STAMP = BlockStamp(1337, 7, "0x" + 64 * "b", datetime(2022, 1, 31, 14, tzinfo=UTC))
ADDRESSES = [Address(f"0x{number:040x}") for number in range(5)]


def a_snapshot(held: dict[int, int]) -> object:
    owners = {
        ADDRESSES[0]: InvestorId("IV-1"),
        ADDRESSES[1]: InvestorId("IV-1"),
        ADDRESSES[2]: InvestorId("IV-2"),
    }
    return snapshot_of(
        ProductId("P1"),
        date(2022, 1, 31),
        stamp=STAMP,
        held=[(ADDRESSES[number], Units(units)) for number, units in held.items()],
        owners=owners,
    )


def test_snapshot__addresses_of_one_investor__count_together_and_nobody_is_silent() -> None:
    found = a_snapshot({0: 2, 1: 3, 2: 0, 3: 7})
    assert [(each.holder, each.units, each.known) for each in found.rows] == [  # type: ignore[attr-defined]
        (ADDRESSES[3], 7, False),
        ("IV-1", 5, True),
    ]
    assert found.total == 12  # type: ignore[attr-defined]


@given(st.permutations([(0, 2), (1, 3), (2, 4), (3, 7)]))
def test_snapshot__in_any_order__is_the_same(order: list[tuple[int, int]]) -> None:
    straight = a_snapshot({0: 2, 1: 3, 2: 4, 3: 7})
    assert a_snapshot(dict(order)) == straight
    assert a_snapshot(dict(order)).digest() == straight.digest()  # type: ignore[attr-defined]


def test_snapshot__one_unit_other__has_another_digest() -> None:
    assert a_snapshot({0: 2}).digest() != a_snapshot({0: 3}).digest()  # type: ignore[attr-defined]
