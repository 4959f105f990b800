"""The cursor and the final block beside it.

given a cursor
    when a block becomes final
        it should keep it, and never go back by itself
        it should refuse one that was not read
    when the chain is reorganised
        it should keep what is final below the fork
        it should take back what was final above it, to the last block both share
        it should have nothing final when nothing stands
"""

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import CHAIN, deploy, stamp

from genbo.kernel import Finality, final_block
from genbo.storage.cursor import Cursors


@pytest.fixture
def cursors(connection: Connection) -> Cursors:
    """Read up to block 9, each header kept."""
    deploy(connection)
    found = Cursors(connection, CHAIN)
    found.start(1)
    found.move(stamp(9), [stamp(number) for number in range(1, 9)])
    return found


def final(cursors: Cursors) -> int | None:
    cursor = cursors.get()
    assert cursor is not None
    assert cursor.final is None or cursor.final == stamp(cursor.final.number)
    return None if cursor.final is None else cursor.final.number


def test_settle__a_block__is_kept_and_never_goes_back(cursors: Cursors) -> None:
    assert final(cursors) is None
    cursors.settle(stamp(5))
    assert final(cursors) == 5
    cursors.settle(stamp(4))
    assert final(cursors) == 5
    cursors.move(stamp(12))
    cursors.settle(stamp(9))
    cursor = cursors.get()
    assert cursor is not None
    assert [cursor.is_final(number) for number in (1, 9, 10)] == [True, True, False]


def test_settle__a_block_that_was_not_read__is_refused(cursors: Cursors) -> None:
    with pytest.raises(IntegrityError):
        cursors.settle(stamp(10))


def test_rewind__above_what_is_final__keeps_it(cursors: Cursors) -> None:
    cursors.settle(stamp(5))
    back = cursors.rewind(6)
    assert (back.next_block, back.last, back.final) == (6, stamp(5), stamp(5))
    assert cursors.get() == back


def test_rewind__below_what_is_final__takes_it_back(cursors: Cursors) -> None:
    cursors.settle(stamp(5))
    back = cursors.rewind(4)
    assert (back.next_block, back.final) == (4, stamp(3))
    assert cursors.get() == back


def test_rewind__to_the_beginning__nothing_is_final(cursors: Cursors) -> None:
    cursors.settle(stamp(5))
    assert cursors.rewind(1).final is None
    assert final(cursors) is None


@pytest.mark.parametrize(
    ("head", "confirmations", "expected"),
    [(100, 0, 100), (100, 12, 88), (12, 12, 0), (11, 12, -1), (0, 0, 0)],
)
def test_final_block__head_and_confirmations(head: int, confirmations: int, expected: int) -> None:
    assert final_block(head, confirmations) == expected
    assert Finality(confirmations=confirmations).final_block(head) == expected
