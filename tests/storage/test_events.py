"""Raw events and the cursor.

given raw events
    when they are kept again
        it should change nothing
    when their block is orphaned, and comes back
        it should mark them, and let them stand again
    when anything else touches them
        it should be refused by the database
given a cursor
    when it moves and is rewound
        it should know the block before it, as far as headers were kept
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.storage.builders import CHAIN, START, account, deploy, stamp, word

from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.events import Events, RawEvent


def event(block: int, log_index: int = 1, salt: str = "b", topics: int = 4) -> RawEvent:
    return RawEvent(
        stamp=stamp(block, salt=salt),
        log_index=log_index,
        tx=word(block * 100 + log_index),
        address=account(999),
        topics=tuple(bytes([number]) * 32 for number in range(1, topics + 1)),
        data=bytes(range(64)),
    )


@pytest.fixture
def events(connection: Connection) -> Events:
    deploy(connection)
    return Events(connection, CHAIN)


@pytest.mark.parametrize("many", [1, 2000])
def test_append__again__changes_nothing(events: Events, many: int) -> None:
    said = [event(block, topics=block % 5) for block in range(1, many + 1)]
    assert events.append(said) == many
    assert events.append(said) == 0
    assert events.append([*said[-1:], event(many + 1)]) == 1
    assert events.standing(1, many) == said
    assert events.append([]) == 0


def test_standing__asked_for_some_blocks__in_ledger_order(events: Events) -> None:
    events.append([event(3), event(2, 2), event(2, 1), event(1)])
    found = [(each.stamp.number, each.log_index) for each in events.standing(2, 3)]
    assert found == [(2, 1), (2, 2), (3, 1)]


def test_orphan__block_is_replaced_and_comes_back__one_stands(events: Events) -> None:
    first, other = [event(1), event(2)], [event(2, salt="c"), event(3, salt="c")]
    events.append(first)
    assert events.orphan_from(2) == 1
    events.append(other)
    assert events.standing(1, 9) == [first[0], *other]
    assert (events.count(), events.count(orphaned=True)) == (3, 1)
    events.orphan_from(2)
    assert events.append(first) == 1
    assert events.standing(1, 9) == first
    assert events.count(orphaned=True) == 2


def test_append__another_block_stands_there__is_refused(events: Events) -> None:
    events.append([event(2)])
    with pytest.raises(IntegrityError, match="event_raw_standing_ix"):
        events.append([event(2, salt="c")])


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM event_raw", "UPDATE event_raw SET data = ''", "UPDATE event_raw SET tx = NULL"],
)
def test_event_raw__changed_by_hand__is_refused(
    connection: Connection, events: Events, statement: str
) -> None:
    events.append([event(1)])
    with pytest.raises(DBAPIError, match="append only"):
        connection.execute(text(statement))


def test_cursor__moved_and_rewound__knows_the_block_before(connection: Connection) -> None:
    deploy(connection)
    cursors = Cursors(connection, CHAIN)
    assert cursors.get() is None
    cursors.start(5)
    cursors.start(7)
    assert cursors.get(to_move=True) == Cursor(next_block=5, last=None)
    cursors.move(stamp(9), [stamp(6), stamp(8)])
    assert cursors.get() == Cursor(next_block=10, last=stamp(9))
    cursors.move(stamp(10))
    assert cursors.header(7) is None
    assert cursors.headers_down_from(9, 2) == [stamp(9), stamp(8)]
    assert cursors.rewind(9) == Cursor(next_block=9, last=stamp(8))
    assert cursors.header(9) is None
    cursors.move(stamp(9, salt="c"))
    assert cursors.get() == Cursor(next_block=10, last=stamp(9, salt="c"))
    assert cursors.rewind(8) == Cursor(next_block=8, last=None)  # 7 was not kept
    assert cursors.get() == Cursor(next_block=8, last=None)


def test_last_before__an_instant__is_exclusive(connection: Connection) -> None:
    deploy(connection)
    cursors = Cursors(connection, CHAIN)
    cursors.start(1)
    cursors.move(stamp(2), [stamp(1)])
    assert cursors.last_before(stamp(2).at) == stamp(1)
    assert cursors.last_before(stamp(2).at + timedelta(seconds=1)) == stamp(2)
    assert cursors.last_before(START) is None


def test_cursors__of_two_chains__are_apart(connection: Connection) -> None:
    deploy(connection)
    other = replace(stamp(1), chain_id=CHAIN + 1)
    cursors = Cursors(connection, CHAIN)
    cursors.start(1)
    cursors.move(stamp(1))
    assert Cursors(connection, other.chain_id).get() is None
    assert Cursors(connection, other.chain_id).header(1) is None
