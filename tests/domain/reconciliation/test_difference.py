"""The first difference between the rows of two registers.

given rows of one history on both sides
├── it should find none when they are equal
├── when a value, an end, a row differs
│   └── it should say which row, where in the ledger, what was expected and what was found
└── when several differ
    └── it should give the one that lies first in the ledger, and of one block the one that is known to the log
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, InvestorId
from genbo.reconciliation.difference import Difference, earliest, first_row_apart
from genbo.register import RegisterFold
from genbo.register.derived import COLUMNS, DerivedRows, Row

A, B, C = (an_address(number) for number in range(1, 4))
START = datetime(2021, 8, 11, 10, tzinfo=JST)
P = "P1"


@pytest.fixture(scope="module")
def rows() -> DerivedRows:
    ledger = TokenLedger(at=START, beneficiary=A)
    ledger.verify(A, B, C, until=START + timedelta(days=900))
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({B: 20, C: 30}, ref="ALLOT")
    ledger.transfer(B, C, 5, ref="T-1")
    ledger.transfer(C, B, 11, ref="T-2")
    derived = DerivedRows()
    fold = RegisterFold(history=derived)
    for event in ledger.events:
        derived.record(fold.apply(event))
    return derived


def side(rows: DerivedRows, table: str) -> list[Row]:
    (product,) = rows.products
    return [list(row) for row in rows.rows(product, table)]


def apart(table: str, expected: list[Row], found: list[Row]) -> Difference | None:
    return first_row_apart(P, table, expected=iter(expected), found=iter(found))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", COLUMNS)
def test_rows__equal__have_no_difference(rows: DerivedRows, table: str) -> None:
    assert side(rows, table)
    assert apart(table, side(rows, table), side(rows, table)) is None
    assert apart(table, [], []) is None


def place(table: str, row: Row) -> tuple[int, int]:
    columns = COLUMNS[table]
    return int(row[columns.index("from_block")] or 0), int(
        row[columns.index("from_log_index")] or 0
    )


def each_row(rows: DerivedRows, table: str) -> Iterator[tuple[int, tuple[int, int]]]:
    for number, row in enumerate(side(rows, table)):
        yield number, place(table, row)


@pytest.mark.parametrize("table", COLUMNS)
def test_rows__one_is_gone_or_too_many__is_named_with_its_place(
    rows: DerivedRows, table: str
) -> None:
    whole = side(rows, table)
    for number, (block, log_index) in each_row(rows, table):
        without = [*whole[:number], *whole[number + 1 :]]
        gone = apart(table, whole, without)
        added = apart(table, without, whole)
        assert gone is not None
        assert added is not None
        assert (gone.block, gone.log_index) == (added.block, added.log_index) == (block, log_index)
        assert (gone.found, added.expected) == ("nothing", "nothing")
        assert gone.expected == added.found != "nothing"


@pytest.mark.parametrize("table", ["lot", "position", "total_issued", "trade", "trade_piece"])
def test_rows__a_figure_differs__is_told_from_both_sides(rows: DerivedRows, table: str) -> None:
    at = COLUMNS[table].index("units")
    for number, (block, log_index) in each_row(rows, table):
        changed = side(rows, table)
        before = changed[number][at]
        changed[number][at] = "999"
        found = apart(table, side(rows, table), changed)
        assert found is not None
        assert (found.block, found.log_index) == (block, log_index)
        assert (found.expected, found.found) == (f"units {before}", "units 999")


def test_rows__an_end_differs__lies_where_the_first_of_both_ends(rows: DerivedRows) -> None:
    columns = COLUMNS["position"]
    at = columns.index("until_block")
    whole = side(rows, "position")
    number = next(number for number, row in enumerate(whole) if row[at] is not None)
    ended = whole[number]
    standing = side(rows, "position")
    standing[number][columns.index("until_at") : at + 2] = [None, None, None]
    later = side(rows, "position")
    later[number][at] = str(int(ended[at] or 0) + 7)
    for changed in (standing, later):
        found = apart("position", whole, changed)
        assert found is not None
        assert (found.block, found.log_index) == (int(ended[at] or 0), int(ended[at + 1] or 0))
        assert f"until_block {ended[at]}" in found.expected
        assert found.address == ended[columns.index("address")]


SPOILS: list[Callable[[list[Row]], object]] = [
    lambda rows: rows.pop(0),
    lambda rows: rows[-1].__setitem__(COLUMNS["lot"].index("acquired"), "1999-01-01"),
]


def test_rows__several_differ__the_first_in_the_ledger_counts(rows: DerivedRows) -> None:
    changed = side(rows, "lot")
    for spoil in SPOILS:
        spoil(changed)
    found = apart("lot", side(rows, "lot"), changed)
    assert found is not None
    first = side(rows, "lot")[0]
    assert (found.block, found.found) == (place("lot", first)[0], "nothing")


def test_earliest__of_one_block__prefers_what_is_known_to_the_log() -> None:
    block = Difference(
        product=None, block=5, log_index=None, what="x", expected="a", found="b", address=A
    )
    log = replace(block, log_index=3)
    assert earliest([block, None, log]) is log
    assert earliest([replace(log, log_index=2), log]).log_index == 2  # type: ignore[union-attr]
    assert earliest([log, replace(block, block=4)]).block == 4  # type: ignore[union-attr]
    assert earliest([None, None]) is None
    assert block.whose({A: InvestorId("IV-1")}).investor == "IV-1"
    assert block.whose({B: InvestorId("IV-1")}).investor is None
