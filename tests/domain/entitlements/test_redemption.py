"""Redemption in part: whose units end.

given holders of a record date
├── the parts should add up, exceed nobody, and be within one unit of the proportion
├── the order in which holders are told should change nothing
├── leftover units should go by largest remainder, then to the earlier acquisition, then to the lower address
└── none, all, or more than there are should be no part
"""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.entitlements import Holding, redeemed_in_part
from genbo.kernel import Address, Reason, Refusal, Units

DAY = date(2021, 8, 11)


def holding(number: int, units: int, acquired: date = DAY) -> Holding:
    return Holding(
        holder=f"IV-{number}",
        units=Units(units),
        acquired=acquired,
        address=Address(f"0x{number:040x}"),
    )


REGISTERS = st.lists(
    st.tuples(st.integers(1, 10**9), st.dates(date(2020, 1, 1), date(2026, 1, 1))),
    min_size=1,
    max_size=60,
).map(lambda rows: [holding(n, units, day) for n, (units, day) in enumerate(rows, 1)])


@given(REGISTERS, st.data())
def test_parts__any_register__add_up_and_are_in_proportion(
    held: list[Holding], data: st.DataObject
) -> None:
    total = sum(each.units for each in held)
    if total < 2:
        return
    units = data.draw(st.integers(1, total - 1))
    parts = redeemed_in_part(held, units)
    assert sum(parts.values()) == units
    for each in held:
        part = parts.get(each.holder, 0)
        assert 0 <= part <= each.units
        assert abs(part - Fraction(units * each.units, total)) < 1


@given(REGISTERS, st.integers(0, 2**32), st.data())
def test_parts__holders_in_another_order__are_the_same(
    held: list[Holding], seed: int, data: st.DataObject
) -> None:
    total = sum(each.units for each in held)
    if total < 2:
        return
    units = data.draw(st.integers(1, total - 1))
    mixed = random.Random(seed).sample(held, len(held))
    assert redeemed_in_part(mixed, units) == redeemed_in_part(held, units)


def test_parts__published_register__are_453_of_1453() -> None:
    held = [holding(2, 51), holding(3, 400), *(holding(n, 2) for n in range(10, 511))]
    parts = redeemed_in_part(held, 453)
    assert (parts["IV-2"], parts["IV-3"]) == (16, 125)  # 15.9 and 124.7 exactly
    assert [parts.get(f"IV-{n}", 0) for n in range(10, 511)] == [1] * 312 + [0] * 189


def test_leftover__equal_remainders__goes_to_the_earlier_acquisition_then_the_lower_address() -> (
    None
):
    later = date(2022, 1, 1)
    held = [holding(1, 1, later), holding(2, 1), holding(4, 1), holding(3, 1)]
    assert redeemed_in_part(held, 1) == {"IV-2": 1}
    assert redeemed_in_part(held, 2) == {"IV-2": 1, "IV-3": 1}
    assert redeemed_in_part(held, 3) == {"IV-2": 1, "IV-3": 1, "IV-4": 1}


@pytest.mark.parametrize("units", [-1, 0, 3, 4])
def test_parts__none_or_all__is_refused(units: int) -> None:
    with pytest.raises(Refusal) as caught:
        redeemed_in_part([holding(1, 1), holding(2, 2)], units)
    assert caught.value.reason is Reason.FIELD_INVALID


def test_parts__holder_twice__is_a_bug() -> None:
    with pytest.raises(ValueError, match="twice"):
        redeemed_in_part([holding(1, 1), holding(1, 2)], 1)
