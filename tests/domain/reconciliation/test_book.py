"""A firm's book beside the register (R-PROGMAT-ISS-I).

given a book and the register at a block
├── when every number is the same, in whatever order and by investor or by address: they agree
├── when a line says something else: a difference with both numbers, and no other
├── when the register has units that the book does not speak of: a difference, the book's number being 0
├── when the book speaks of somebody without an address: a difference, the register's number being 0
├── when it names a holder twice, or an investor as a whole and by address: refused
└── its digest is the same in whatever order the lines come, and another for any other number
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import Address, InvestorId, Reason, Refusal, Units
from genbo.reconciliation.book import Apart, BookLine, RegisterLine, compare, digest_of

H3, H5 = InvestorId("H3"), InvestorId("H5")


def address(number: int) -> Address:
    return Address(f"0x{number:040x}")


REGISTER = [
    RegisterLine(investor=H3, address=address(1), units=Units(300)),
    RegisterLine(investor=H3, address=address(2), units=Units(50)),
    RegisterLine(investor=H5, address=address(3), units=Units(200)),
]


def book(**said: int) -> list[BookLine]:
    return [BookLine(holder=InvestorId(who), units=Units(units)) for who, units in said.items()]


def test_compare__same_numbers__agree() -> None:
    assert compare(book(H5=200, H3=350), REGISTER) == []
    by_address = [
        BookLine(holder=each.address, units=each.units) for each in REGISTER if each.investor == H3
    ]
    assert compare([*by_address, *book(H5=200)], REGISTER) == []


def test_compare__another_number__is_the_difference_with_both() -> None:
    assert compare(book(H3=349, H5=200), REGISTER) == [
        Apart(holder=H3, investor=H3, register=Units(350), book=Units(349))
    ]
    lines = [BookLine(holder=address(2), units=Units(49)), *book(H5=200)]
    assert [(each.holder, each.investor, each.register, each.book) for each in compare(lines, REGISTER)] == [
        (address(2), H3, 50, 49),
        (H3, H3, 300, 0),
    ]  # fmt: skip


def test_compare__one_side_is_silent__is_a_difference_of_all_units() -> None:
    found = compare(book(H3=350, H9=7), REGISTER)
    assert [(each.holder, each.register, each.book) for each in found] == [
        ("H5", 200, 0),
        ("H9", 0, 7),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [*book(H3=350), *book(H3=350)],
        [*book(H3=350), BookLine(holder=address(2), units=Units(50))],
    ],
)
def test_compare__holder_is_said_twice__is_refused(lines: list[BookLine]) -> None:
    with pytest.raises(Refusal) as refused:
        compare(lines, REGISTER)
    assert (refused.value.reason, refused.value.facts["value"]) == (Reason.FIELD_INVALID, "H3")


HOLDINGS = st.dictionaries(st.integers(1, 30), st.integers(0, 9), max_size=12)


@given(said=HOLDINGS, stands=HOLDINGS)
def test_compare__any_two__differ_exactly_where_the_numbers_do(
    said: dict[int, int], stands: dict[int, int]
) -> None:
    lines = [BookLine(holder=InvestorId(f"H{n}"), units=Units(units)) for n, units in said.items()]
    register = [
        RegisterLine(investor=InvestorId(f"H{n}"), address=address(n), units=Units(units))
        for n, units in stands.items()
    ]
    found = {each.holder: (each.register, each.book) for each in compare(lines, register)}
    assert found == {
        f"H{n}": (stands.get(n, 0), said.get(n, 0))
        for n in said.keys() | stands.keys()
        if stands.get(n, 0) != said.get(n, 0)
    }
    assert digest_of(lines) == digest_of(lines[::-1])


def test_digest__another_number__is_another() -> None:
    assert len({digest_of(book(**said)) for said in ({"H3": 1}, {"H3": 2}, {"H5": 1}, {})}) == 4
