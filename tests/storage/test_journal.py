"""The journal: one step of reading is kept whole or not at all.

given a ledger read step by step
    when a step is kept again
        it should change nothing
    when a step fails at its end
        it should have kept nothing of it (invariant 3)
    when the chain is reorganised
        it should go back to the shared block and come to what the other branch says (invariant 2)
        it should pass over nothing that another reader has taken back further (invariant 3)
    when a step leaves something out, or counts it twice
        it should be refused
"""

from typing import Any

import pytest
from sqlalchemy import Connection, select
from tests.storage.builders import CHAIN, P1, Ledger, account, deploy, raw, stamp

from genbo.register import Journal, RegisterFold
from genbo.storage import tables
from genbo.storage.cursor import Cursor
from genbo.storage.engine import Database
from genbo.storage.journal import Overtaken, RegisterJournal
from genbo.storage.trades import StoredTrades

KEPT = (
    tables.event_raw,
    tables.block,
    tables.cursor,
    tables.lot,
    tables.position,
    tables.total_issued,
    tables.trade,
    tables.trade_piece,
)


def rows(database: Database, *, with_orphans: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        found = {}
        for table in KEPT:
            query = select(table).order_by(*table.primary_key)
            if table is tables.event_raw and not with_orphans:
                query = query.where(~table.c.orphaned)
            found[table.name] = [tuple(row) for row in connection.execute(query)]
        return found


@pytest.fixture
def chain(database: Database) -> Database:
    with database.begin() as connection:
        deploy(connection)
        RegisterJournal(connection, CHAIN).cursors.start(1)
    return database


def keep(database: Database, ledger: Ledger, upto: int, salt: str = "b") -> None:
    events, changes = ledger.hush()
    with database.begin() as connection:
        RegisterJournal(connection, CHAIN).keep(
            events=events, changes=changes, upto=stamp(upto, salt=salt), raw=raw(events)
        )


def fold_of(database: Database) -> RegisterFold:
    with database.read() as connection:
        state = RegisterJournal(connection, CHAIN).open_state()
    return RegisterFold(state=state, history=StoredTrades(database))


def test_journal__is_what_the_register_asks_for(connection: Connection) -> None:
    journal: Journal = RegisterJournal(connection, CHAIN)
    assert list(journal.open_state().lots) == []


def test_keep__again__changes_nothing(chain: Database) -> None:
    ledger = Ledger()
    ledger.issue(10)
    ledger.at(2).transfer(1, 2, 3, ref="T-1")
    events, changes = list(ledger.events), list(ledger.changes)
    keep(chain, ledger, upto=3)
    once = rows(chain)
    assert once["cursor"] == [(CHAIN, 4, stamp(3).hash, stamp(3).at, None, None, None)]
    with chain.begin() as connection:
        RegisterJournal(connection, CHAIN).keep(
            events=events, changes=changes, upto=stamp(3), raw=raw(events)
        )
    assert rows(chain) == once


def test_keep__process_dies_before_the_commit__kept_nothing(chain: Database) -> None:
    ledger = Ledger()
    ledger.issue(10)
    keep(chain, ledger, upto=1)
    before = rows(chain)
    ledger.at(2).transfer(1, 2, 3)

    def die() -> None:
        with chain.begin() as connection:
            events, changes = ledger.events, ledger.changes
            RegisterJournal(connection, CHAIN).keep(
                events=events, changes=changes, upto=stamp(2), raw=raw(events)
            )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert rows(chain) == before
    keep(chain, ledger, upto=2)
    assert len(rows(chain)["event_raw"]) == 2


@pytest.mark.parametrize(("block", "error"), [(1, Overtaken), (3, ValueError)])
def test_keep__event_outside_the_step__is_refused(
    chain: Database, block: int, error: type[Exception]
) -> None:
    ledger = Ledger()
    ledger.issue(10)
    keep(chain, ledger, upto=1)
    before = rows(chain)
    ledger.at(block).transfer(1, 2, 3)
    with pytest.raises(error):
        keep(chain, ledger, upto=2)
    assert rows(chain) == before


def test_keep__another_reader_was_faster__is_told_where_to_begin(chain: Database) -> None:
    ledger = Ledger()
    ledger.issue(10)
    events, changes = list(ledger.events), list(ledger.changes)
    keep(chain, ledger, upto=1)
    with pytest.raises(Overtaken) as caught, chain.begin() as connection:
        RegisterJournal(connection, CHAIN).keep(
            events=events, changes=changes, upto=stamp(4), raw=raw(events)
        )
    assert caught.value.cursor == Cursor(next_block=2, last=stamp(1))


def test_keep__cursor_never_started__is_refused(database: Database) -> None:
    with database.begin() as connection:
        deploy(connection)
        with pytest.raises(ValueError, match="never started"):
            RegisterJournal(connection, CHAIN).keep(events=[], changes=[], upto=stamp(1))


def test_rollback__chain_is_reorganised__other_branch_counts(chain: Database) -> None:
    ledger = Ledger()
    ledger.issue(100)
    ledger.transfer(1, 2, 30)
    ledger.at(2).transfer(1, 3, 5)
    keep(chain, ledger, upto=2)
    ledger.at(3).transfer(2, 4, 20, ref="T-1")
    keep(chain, ledger, upto=3)
    ledger.at(4).split(10)
    keep(chain, ledger, upto=5)

    with chain.begin() as connection:
        cursor = RegisterJournal(connection, CHAIN).rollback_to(2)
    assert cursor == Cursor(next_block=3, last=stamp(2))
    fold = fold_of(chain)
    assert [each.units for each in fold.positions(P1)] == [65, 30, 5]

    branch = Ledger(fold=fold)
    branch.at(3, salt="c").transfer(2, 5, 7, ref="T-1")
    keep(chain, branch, upto=4, salt="c")
    assert [(each.address, each.units) for each in fold_of(chain).positions(P1)] == [
        (account(1), 65),
        (account(2), 23),
        (account(3), 5),
        (account(5), 7),
    ]
    with chain.read() as connection:
        journal = RegisterJournal(connection, CHAIN)
        assert journal.events.count(orphaned=True) == 2
        assert [each.stamp.hash for each in journal.events.standing(3, 9)] == [
            stamp(3, salt="c").hash
        ]

    # Nothing tells the result from one that read the winning branch alone, but the orphans.
    reorganised = rows(chain, with_orphans=False)
    with chain.begin() as connection:
        RegisterJournal(connection, CHAIN).rollback_to(0)
    straight = Ledger()
    straight.issue(100)
    straight.transfer(1, 2, 30)
    straight.at(2).transfer(1, 3, 5)
    keep(chain, straight, upto=2)
    straight.at(3, salt="c").transfer(2, 5, 7, ref="T-1")
    keep(chain, straight, upto=4, salt="c")
    assert rows(chain, with_orphans=False) == reorganised


def test_keep__two_readers_at_once__take_turns(chain: Database) -> None:
    """The second waits for the first, then finds the step kept."""
    import threading

    ledger = Ledger()
    ledger.issue(10)
    events, changes = ledger.hush()
    done: list[str] = []

    def second() -> None:
        with chain.begin() as connection:
            RegisterJournal(connection, CHAIN).keep(
                events=events, changes=changes, upto=stamp(1), raw=raw(events)
            )
        done.append("second")

    reader = threading.Thread(target=second)
    with chain.begin() as connection:
        RegisterJournal(connection, CHAIN).keep(
            events=events, changes=changes, upto=stamp(1), raw=raw(events)
        )
        reader.start()
        reader.join(0.3)
        assert reader.is_alive()
        done.append("first")
    reader.join(10)
    assert done == ["first", "second"]
    assert len(rows(chain)["event_raw"]) == 1


def test_rollback__another_went_further_back__passes_over_nothing(chain: Database) -> None:
    ledger = Ledger()
    ledger.issue(100)
    ledger.at(8).transfer(1, 2, 30)
    keep(chain, ledger, upto=10)
    with chain.begin() as connection:
        first = RegisterJournal(connection, CHAIN).rollback_to(4)
    before = rows(chain)
    with chain.begin() as connection:
        late = RegisterJournal(connection, CHAIN).rollback_to(7)
    assert late == first
    assert late.next_block == 5
    assert rows(chain) == before
