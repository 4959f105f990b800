"""The register in the database.

given what a ledger said
    when it is asked as of an instant
        it should count what happened before it, and nothing that happened at it or later (D.2.1, decision I-11)
    when the same changes are written again, whole or in part
        it should change nothing
    when a fold goes on from what stands
        it should come to the same rows as one that never stopped (invariant 2)
    when a lot is followed back
        it should lead to its issue
given a row that must not be
    when anybody writes it
        it should be refused by the database
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import CHAIN, P1, Ledger, account, deploy, stamp

from genbo.kernel import MAX_UNITS, Reference, Units, parse_as_of
from genbo.register import Changes, LockUpSet, RegisterFold, VerdictGiven, lines, provenance
from genbo.storage import tables
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.storage.trades import StoredTrades, Trades
from genbo.token import MovementKind

DERIVED = (tables.lot, tables.position, tables.total_issued, tables.trade, tables.trade_piece)


@pytest.fixture
def register(connection: Connection) -> Register:
    deploy(connection)
    return Register(connection, CHAIN)


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every derived row, in the order of its key."""
    return {
        table.name: [
            tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
        ]
        for table in DERIVED
    }


def story(ledger: Ledger) -> list[Changes]:
    """Issue, distribution, a sale out of two lots, a freeze, a split, a reversal, a re-keying, a redemption."""
    ledger.at(1).issue(100, ref="I-1")
    for holder in (2, 3, 4):
        ledger.at(holder).move(MovementKind.DISTRIBUTE, 1, holder, 10, ref="D-1")
    ledger.at(5, datetime(2021, 12, 1, 3, tzinfo=UTC)).transfer(3, 2, 4)
    ledger.at(6, datetime(2021, 12, 2, 3, tzinfo=UTC)).transfer(2, 5, 12, ref="T-1")
    ledger.freeze(5, 3)
    ledger.at(7, datetime(2022, 4, 1, tzinfo=UTC)).split(10)
    ledger.at(8, datetime(2022, 4, 2, tzinfo=UTC)).move(
        MovementKind.REVERSE, 5, 2, 120, ref="R-1", reverses="T-1"
    )
    ledger.at(9, datetime(2022, 4, 3, tzinfo=UTC)).move(MovementKind.REKEY, 3, 7, 60, ref="K-1")
    ledger.at(10, datetime(2022, 4, 4, tzinfo=UTC)).move(
        MovementKind.REDEEM, 4, None, 40, ref="B-1"
    )
    ledger.say(
        VerdictGiven(
            product=P1,
            position=ledger._next(),
            addresses=(account(2), account(4)),
            until=datetime(2025, 3, 31, 15, tzinfo=UTC),
            investor_class=1,
            blocked=False,
        )
    )
    ledger.say(
        LockUpSet(
            product=P1,
            position=ledger._next(),
            address=account(2),
            until=datetime(2022, 6, 1, tzinfo=UTC),
        )
    )
    return ledger.changes


@pytest.mark.parametrize(
    ("executed", "counts"),
    [
        ("2022-01-31T14:59:59+00:00", True),
        ("2022-01-31T15:00:00+00:00", False),
        ("2022-01-31T15:00:01+00:00", False),
    ],
)
def test_as_of__around_midnight_in_japan__the_day_ends_at_24_00(
    register: Register, executed: str, counts: bool
) -> None:
    ledger = Ledger()
    ledger.issue(1453)
    at = datetime.fromisoformat(executed)
    ledger.at(2, at).transfer(1, 504, 3, day=date(2022, 2, 1))
    ledger.at(3, at + timedelta(days=1)).transfer(1, 504, 5)
    register.save(ledger.changes)
    for as_of in (
        parse_as_of("2022-01-31"),
        parse_as_of("2022-01-31 24:00"),
        datetime(2022, 2, 1, tzinfo=parse_as_of("2022-01-31").tzinfo) - timedelta(hours=9),
    ):
        moved = register.position(P1, account(504), as_of=as_of)
        assert (moved is not None) == counts
        held = {each.address: each.units for each in register.positions(P1, as_of=as_of)}
        assert held == ({account(1): 1450, account(504): 3} if counts else {account(1): 1453})
        lots = register.lots(P1, as_of=as_of)
        assert sum(each.units for each in lots) == register.total(P1, as_of=as_of) == 1453
        assert [each.units for each in register.lots(P1, as_of=as_of, address=account(504))] == (
            [3] if counts else []
        )


def test_as_of__each_block_of_a_history__is_what_was_standing_after_it(register: Register) -> None:
    """Also where blocks share a second, which no instant can tell apart."""
    ledger = Ledger()
    second = datetime(2022, 3, 1, tzinfo=UTC)
    ledger.at(2, second).issue(1453)
    ledger.at(3, second).transfer(1, 2, 100)
    ledger.at(4, second).transfer(2, 3, 60)
    ledger.at(6, second + timedelta(days=1)).split(10)
    ledger.at(7, second + timedelta(days=2)).freeze(3, 5)
    standing = {}
    for block in range(1, 9):
        register.save([each for each in ledger.changes if _block(each) == block])
        standing[block] = (register.positions(P1), register.lots(P1), register.total(P1))
    assert standing[4] != standing[3] != standing[2]
    assert standing[5] == standing[4]
    for block, (positions, lots, total) in standing.items():
        assert register.positions(P1, as_of=block) == positions
        assert register.lots(P1, as_of=block) == lots
        assert register.total(P1, as_of=block) == total
        for each in positions:
            assert register.position(P1, each.address, as_of=block) == each


def _block(changes: Changes) -> int:
    return changes.positions[0].position.stamp.number


def test_as_of__several_logs_in_one_block__the_last_counts(register: Register) -> None:
    ledger = Ledger()
    ledger.issue(10)
    ledger.transfer(1, 2, 3)
    ledger.transfer(2, 3, 1)
    register.save(ledger.changes)
    assert register.positions(P1, as_of=stamp(1).at) == []
    after = register.positions(P1, as_of=stamp(1).at + timedelta(seconds=1))
    assert [each.units for each in after] == [7, 2, 1]
    assert [each.units for each in register.history(P1, account(1))] == [10, 7]


def test_as_of__every_instant_of_a_story__is_what_the_fold_had_then(register: Register) -> None:
    """Invariant 1: the sum of positions is the total, and the lots of an address are its balance."""
    ledger = Ledger()
    register.save(story(ledger))
    fold = RegisterFold()
    for number, event in enumerate(ledger.events):
        fold.apply(event)
        at = event.position.stamp.at + timedelta(microseconds=1)
        last_of_block = (
            number + 1 == len(ledger.events)
            or ledger.events[number + 1].position.stamp != event.position.stamp
        )
        if not last_of_block:
            continue
        assert register.positions(P1, as_of=at) == fold.positions(P1)
        assert sorted(register.lots(P1, as_of=at), key=lambda each: each.id) == sorted(
            fold.lots(P1), key=lambda each: each.id
        )
        assert register.total(P1, as_of=at) == fold.total(P1)
        assert sum(each.units for each in register.positions(P1, as_of=at)) == fold.total(P1)
    assert register.positions(P1) == fold.positions(P1)
    assert [each.units for each in register.totals(P1)] == [100, 1000, 960]
    assert [each.factor for each in register.totals(P1)] == [1, 10, 10]
    assert register.position(P1, account(999)) is None


def test_lots__five_of_seven_sold__two_of_the_later_day_remain(register: Register) -> None:
    """D.4.2: three of 2021-08-11 and four of 2021-12-01, five sold, two of 2021-12-01 remain."""
    ledger = Ledger()
    ledger.issue(7)
    ledger.transfer(1, 2, 3)
    ledger.at(2, datetime(2021, 12, 1, 3, tzinfo=UTC)).transfer(1, 2, 4)
    ledger.at(3, datetime(2022, 3, 23, 3, tzinfo=UTC)).transfer(2, 3, 5)
    register.save(ledger.changes)
    left = lines(register.lots(P1, address=account(2)))
    assert [(each.acquired, each.units) for each in left] == [(date(2021, 12, 1), 2)]
    bought = lines(register.lots(P1, address=account(3)))
    assert [(each.acquired, each.units) for each in bought] == [(date(2022, 3, 23), 5)]
    before = lines(register.lots(P1, address=account(2), as_of=parse_as_of("2022-03-22")))
    assert [(each.acquired, each.units) for each in before] == [
        (date(2021, 8, 11), 3),
        (date(2021, 12, 1), 4),
    ]


def test_save__again_whole_and_in_part__changes_nothing(
    connection: Connection, register: Register
) -> None:
    changes = story(Ledger())
    register.save(changes)
    once = rows(connection)
    assert all(once.values())
    register.save(changes)
    for first in range(0, len(changes), 3):
        register.save(changes[first : first + 4])
    assert rows(connection) == once


@pytest.mark.parametrize("step", [1, 2, 5])
def test_save__in_steps_of_any_size__makes_the_same_rows(
    connection: Connection, register: Register, step: int
) -> None:
    changes = story(Ledger())
    register.save(changes)
    once = rows(connection)
    register.rewind(0)
    assert not any(rows(connection).values())
    for first in range(0, len(changes), step):
        register.save(changes[first : first + step])
    assert rows(connection) == once


@pytest.mark.parametrize("back", [1, 3, 99])
def test_save__in_overlapping_steps__makes_the_same_rows(
    connection: Connection, register: Register, back: int
) -> None:
    """Each step begins with what the steps before it wrote."""
    changes = story(Ledger())
    register.save(changes)
    once = rows(connection)
    register.rewind(0)
    for last in range(1, len(changes) + 1):
        register.save(changes[max(0, last - 1 - back) : last])
    assert rows(connection) == once


@pytest.mark.parametrize("block", range(1, 12))
def test_rewind__to_any_block_and_on_again__makes_the_same_rows(
    connection: Connection, register: Register, block: int
) -> None:
    ledger = Ledger()
    changes = story(ledger)
    register.save(changes)
    once = rows(connection)
    cut = [
        number for number, event in enumerate(ledger.events) if event.position.stamp.number < block
    ]
    register.rewind(block)
    whole = rows(connection)
    register.rewind(0)
    register.save(changes[: len(cut)])
    assert rows(connection) == whole  # as if nothing had ever been read beyond
    register.save(changes[len(cut) :])
    assert rows(connection) == once


@pytest.mark.parametrize("cut", [1, 4, 6, 8, 9, 11])
def test_open_state__fold_goes_on_from_it__makes_the_same_rows(
    database: Database, cut: int
) -> None:
    ledger = Ledger()
    changes = story(ledger)
    with database.begin() as connection:
        deploy(connection)
        Register(connection, CHAIN).save(changes)
        once = rows(connection)
        Register(connection, CHAIN).rewind(0)
        Register(connection, CHAIN).save(changes[:cut])
    with database.read() as connection:
        state = Register(connection, CHAIN).open_state()
    fold = RegisterFold(history=StoredTrades(database), state=state)
    with database.begin() as connection:
        Register(connection, CHAIN).save([fold.apply(event) for event in ledger.events[cut:]])
        assert rows(connection) == once


def test_trades__a_reference_with_several_movements__come_back_whole(
    connection: Connection, register: Register
) -> None:
    changes = story(Ledger())
    register.save(changes)
    trades = Trades(connection)
    said = [trade for change in changes for trade in change.trades]
    for ref in {trade.ref for trade in said}:
        assert trades.trades(P1, ref) == [trade for trade in said if trade.ref == ref]
    (sold,) = trades.trades(P1, Reference("T-1"))
    assert [(piece.acquired, piece.units) for piece in sold.pieces] == [
        (date(2021, 8, 11), 10),
        (date(2021, 12, 1), 2),
    ]
    assert trades.trades(P1, Reference("never")) == []


def test_restored__redistributed_in_two_steps__is_their_sum(
    connection: Connection, register: Register
) -> None:
    ledger = Ledger()
    ledger.issue(10)
    ledger.at(2).move(MovementKind.REDEEM, 1, None, 5, ref="B-1")
    ledger.at(3).move(MovementKind.REDISTRIBUTE, None, 1, 2, ref="N-1", reverses="B-1")
    ledger.at(4).move(MovementKind.REDISTRIBUTE, None, 1, 1, ref="N-2", reverses="B-1")
    ledger.at(5).move(MovementKind.REDISTRIBUTE, 1, 2, 1, ref="N-3")
    register.save(ledger.changes)
    trades = Trades(connection)
    assert trades.restored(P1, Reference("B-1"), account(1)) == 3
    assert trades.restored(P1, Reference("B-1"), account(2)) == 0


def test_provenance__of_a_lot_sold_split_and_rekeyed__leads_to_the_issue(
    register: Register,
) -> None:
    ledger = Ledger()
    register.save(story(ledger))
    (moved,) = register.lots(P1, address=account(7))
    chain = register.provenance(P1, moved.id)
    assert [each.opened_by for each in chain] == [
        MovementKind.REKEY,
        MovementKind.SPLIT,
        MovementKind.TRANSFER,  # the remainder of a sale
        MovementKind.DISTRIBUTE,
        MovementKind.DISTRIBUTE,  # the remainder at the initial beneficiary
        MovementKind.ISSUE,
    ]
    assert chain[0] == moved
    assert chain[-1].parent is None
    by_id = {each.id: each for each in chain}
    steps = provenance(moved, by_id.__getitem__)
    assert [step.kind for step in steps] == [
        MovementKind.ISSUE,
        MovementKind.DISTRIBUTE,
        MovementKind.SPLIT,
        MovementKind.REKEY,
    ]
    missing = type(moved.id)(block=99, log_index=0, ordinal=0)
    assert register.provenance(P1, missing) == []


def test_save__the_most_units_there_can_be__are_kept_exactly(register: Register) -> None:
    ledger = Ledger()
    ledger.issue(int(MAX_UNITS))
    ledger.freeze(1, int(MAX_UNITS))
    register.save(ledger.changes)
    position = register.position(P1, account(1))
    assert position is not None
    assert (position.units, position.frozen) == (MAX_UNITS, MAX_UNITS)
    assert register.total(P1) == MAX_UNITS
    assert register.total(P1, as_of=stamp(1).at) == 0


def test_rewind__of_one_chain__leaves_the_other(connection: Connection, register: Register) -> None:
    ledger = Ledger()
    ledger.issue(10)
    register.save(ledger.changes)
    once = rows(connection)
    Register(connection, CHAIN + 1).rewind(0)
    assert rows(connection) == once
    assert list(Register(connection, CHAIN + 1).open_state().lots) == []


@pytest.mark.parametrize(
    ("table", "wrong", "constraint"),
    [
        (tables.lot, {"units": 0}, "lot_units_ck"),
        (tables.lot, {"units": -1}, "lot_units_ck"),
        (tables.lot, {"opened_by": 12}, "lot_opened_by_ck"),
        (tables.lot, {"parent_block": 1}, "lot_parent_ck"),
        (tables.lot, {"address": "IV-1"}, "lot_address_ck"),
        (tables.lot, {"span": 1}, "lot_span_ck"),
        (
            tables.lot,
            {"until_block": 3, "until_log_index": 9, "until_at": stamp(3).at},
            "lot_span_ck",
        ),
        (tables.position, {"units": -1}, "position_units_ck"),
        (tables.position, {"frozen": -1}, "position_frozen_ck"),
        (tables.position, {"address": "IV-1"}, "position_address_ck"),
        (tables.position, {"until_block": 3}, "position_until_ck"),
        (tables.position, {}, "position_standing_uq"),
        (
            tables.position,
            {"until_block": 1, "until_log_index": 9, "until_at": stamp(1).at},
            "position_until_ck",
        ),
        (tables.total_issued, {"product_id": "P9"}, "total_issued_product_id_fk"),
        (tables.total_issued, {"units": -1}, "total_issued_units_ck"),
        (tables.total_issued, {}, "total_issued_standing_uq"),
    ],
)
def test_database__row_that_must_not_be__is_refused(
    connection: Connection, register: Register, table: Table, wrong: dict[str, Any], constraint: str
) -> None:
    ledger = Ledger()
    ledger.issue(10)
    register.save(ledger.changes)
    (row,) = connection.execute(select(table)).mappings()
    later = {"from_block": 2, "from_log_index": 2}
    with pytest.raises(IntegrityError, match=constraint):
        connection.execute(insert(table), {**row, **later, **wrong})


def test_position__log_that_made_it__comes_back(register: Register) -> None:
    ledger = Ledger()
    changes = ledger.issue(10, ref="I-1")
    register.save([changes])
    assert register.positions(P1) == list(changes.positions)
    assert register.lots(P1) == list(changes.opened)
    assert register.totals(P1) == list(changes.totals)
    assert register.total(P1) == Units(10)
