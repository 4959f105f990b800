"""Retention: until when personal data is kept, and why (B.5, I-15).

given an investor
├── when the relation lasts, units are held, or a hold has no known end
│   └── it should have no day of erasure, and say so first
├── when the contract ended and nothing was ever traded
│   └── it should count seven years from the end of the contract, and ten for the books
├── when there was a transaction later than that
│   └── it should count from the later day
└── when a hold ends later than everything else
    └── it should keep the data until then
given any facts
└── it should never erase on a day that any ground still covers, and always the day after the last
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.compliance.privacy import (
    Ground,
    Kept,
    KeptFor,
    LegalHold,
    RetentionRules,
    earliest_erasure,
    kept_for,
    require_erasable,
)
from genbo.kernel import InvestorId, Reason, Refusal

RULES = RetentionRules()
SHORT_BOOKS = RetentionRules(book_years=0)
ONE = InvestorId("IV-1")
END = date(2022, 3, 31)


def kept(
    contract_end: date | None = END,
    last_transaction: date | None = None,
    units_held: int = 0,
    holds: tuple[LegalHold, ...] = (),
) -> Kept:
    return Kept(
        contract_end=contract_end,
        last_transaction=last_transaction,
        units_held=units_held,
        holds=holds,
    )


@pytest.mark.parametrize(
    ("facts", "ground"),
    [
        (kept(contract_end=None), Ground.RELATION),
        (kept(units_held=1), Ground.UNITS_HELD),
        (kept(holds=(LegalHold(reference="SUIT-1"),)), Ground.LEGAL_HOLD),
    ],
)
def test_earliest__a_ground_is_open__is_none(facts: Kept, ground: Ground) -> None:
    assert earliest_erasure(facts, RULES) is None
    assert kept_for(facts, RULES)[0].ground is ground
    with pytest.raises(Refusal) as caught:
        require_erasable(ONE, facts, RULES, today=date(2999, 1, 1))
    assert caught.value.reason is Reason.RETENTION_NOT_OVER
    assert (caught.value.facts["ground"], caught.value.facts["earliest"]) == (ground, None)


def test_earliest__contract_ended__counts_by_the_calendar() -> None:
    assert earliest_erasure(kept(), SHORT_BOOKS) == date(2029, 4, 1)
    assert earliest_erasure(kept(), RULES) == date(2032, 4, 1)
    assert kept_for(kept(), RULES) == (
        KeptFor(ground=Ground.BOOKS, until=date(2032, 3, 31)),
        KeptFor(ground=Ground.IDENTIFICATION, until=date(2029, 3, 31)),
    )


def test_earliest__last_day_of_february__is_the_last_day_there_is() -> None:
    leap = kept(contract_end=date(2024, 2, 29))
    assert earliest_erasure(leap, SHORT_BOOKS) == date(2031, 3, 1)
    assert earliest_erasure(leap, RetentionRules(book_years=8)) == date(2032, 3, 1)


def test_earliest__transaction_after_the_end__counts_from_it() -> None:
    later = kept(last_transaction=date(2023, 1, 10))
    assert earliest_erasure(later, SHORT_BOOKS) == date(2030, 1, 11)
    assert earliest_erasure(later, RULES) == date(2033, 1, 11)


def test_earliest__hold_with_an_end__keeps_until_then_when_it_is_the_last() -> None:
    long = kept(holds=(LegalHold(reference="SUIT-1", until=date(2040, 1, 31)),))
    short = kept(holds=(LegalHold(reference="SUIT-2", until=date(2025, 1, 31)),))
    assert earliest_erasure(long, RULES) == date(2040, 2, 1)
    assert earliest_erasure(short, RULES) == earliest_erasure(kept(), RULES)
    with pytest.raises(Refusal) as caught:
        require_erasable(ONE, long, RULES, today=date(2040, 1, 31))
    assert caught.value.facts == {
        "investor": ONE,
        "ground": "legal_hold",
        "reference": "SUIT-1",
        "earliest": "2040-02-01",
    }
    require_erasable(ONE, long, RULES, today=date(2040, 2, 1))


@pytest.mark.parametrize(
    "years", [{"contract_years": 6}, {"transaction_years": 0}, {"book_years": -1}]
)
def test_rules__shorter_than_the_law__are_none(years: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="seven"):
        RetentionRules(**years)


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(
    contract_end=days,
    last_transaction=st.none() | days,
    holds=st.lists(days, max_size=3),
    books=st.integers(0, 30),
)
def test_earliest__any_facts__is_the_day_after_the_last_ground(
    contract_end: date, last_transaction: date | None, holds: list[date], books: int
) -> None:
    rules = RetentionRules(book_years=books)
    facts = kept(
        contract_end,
        last_transaction,
        holds=tuple(LegalHold(reference=f"H-{n}", until=day) for n, day in enumerate(holds)),
    )
    grounds = kept_for(facts, rules)
    earliest = earliest_erasure(facts, rules)
    assert earliest is not None
    assert grounds[0].until == earliest - timedelta(days=1)
    assert all(each.until is not None and each.until < earliest for each in grounds)
    seven = max(day for day in (contract_end, last_transaction) if day is not None)
    assert earliest.year - seven.year >= 7
