"""Payment in a yen token: its terms, and register and ledger side by side.

given a yen token
├── with 0 to 18 decimals: whole yen should be exact in its smallest unit; with others: it should be refused
└── that is its own payer: it should be refused
given any lines of a run and any payments of the ledger
├── they should agree exactly when each line that is paid in the token stands on the ledger once, with its yen
└── whatever is paid by the bank, or not paid, should not count
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.entitlements import (
    PayeeLine,
    Payment,
    PaymentState,
    PaymentWay,
    TaxCategory,
    token_sums,
    yen_token,
)
from genbo.kernel import Address, Reason, Refusal, Units

CASH, PAYER = (Address("0x" + 40 * digit) for digit in "12")
WAYS, STATES = st.sampled_from(PaymentWay), st.sampled_from(PaymentState)


@pytest.mark.parametrize("decimals", [0, 6, 18])
def test_amount__whole_yen__are_exact_in_the_smallest_unit(decimals: int) -> None:
    token = yen_token(chain_id=1, cash=CASH, decimals=decimals, payer=PAYER)
    assert token.amount(16_767) == int("16767" + "0" * decimals)


@pytest.mark.parametrize(
    ("decimals", "payer", "reason"),
    [
        (19, PAYER, Reason.CASH_UNFIT),
        (-1, PAYER, Reason.CASH_UNFIT),
        (0, CASH, Reason.FIELD_INVALID),
    ],
)
def test_token__that_cannot_be_paid_in__is_refused(
    decimals: int, payer: Address, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        yen_token(chain_id=1, cash=CASH, decimals=decimals, payer=payer)
    assert refused.value.reason is reason


def payment(number: int, due: int, way: PaymentWay, state: PaymentState) -> Payment:
    line = PayeeLine(
        number=number,
        holder=f"IV-{number}",
        units=Units(1),
        category=TaxCategory.EXEMPT,
        income=due,
        capital=0,
        income_tax=0,
        local_tax=0,
        points=0,
        due=due,
    )
    return Payment(line=line, state=state, way=way)


LINES = st.lists(st.tuples(st.integers(1, 10**6), WAYS, STATES), max_size=12).map(
    lambda rows: [payment(number, *row) for number, row in enumerate(rows, start=1)]
)


def paid_in_token(lines: list[Payment]) -> dict[int, list[int]]:
    return {
        each.line.number: [each.line.due]
        for each in lines
        if (each.way, each.state) == (PaymentWay.TOKEN, PaymentState.PAID)
    }


@given(LINES)
def test_sums__ledger_paid_what_is_marked__agree(lines: list[Payment]) -> None:
    ledger = paid_in_token(lines)
    sums = token_sums(lines, ledger)
    assert sums.agree
    assert sums.yen == sums.ledger_yen == sum(yen for (yen,) in ledger.values())
    assert sums.lines == sums.ledger_lines == len(ledger)


@given(LINES, st.integers(1, 12), st.integers(1, 10**6), st.booleans())
def test_sums__ledger_paid_something_else__names_the_line(
    lines: list[Payment], number: int, yen: int, twice: bool
) -> None:
    """One line more, one less, another amount, or the same once more, even where the sums stay the same."""
    ledger = paid_in_token(lines)
    before = ledger.pop(number, [])
    ledger[number] = [*before, *before] if twice and before else [*before, yen]
    if before and not twice:
        ledger[number] = [before[0] + yen]
    sums = token_sums(lines, ledger)
    assert not sums.agree
    assert sums.apart == (number,)
