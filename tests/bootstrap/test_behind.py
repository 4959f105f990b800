"""Work behind the caller.

given pieces that are handed over one after the other
    it should work on them in their order, one at a time, beside the caller
    it should hand back each piece when it is done
when the work on a piece fails
    it should raise that at the next piece, which is not begun
when the caller fails
    it should end the piece that is being worked on, and let the caller's error through
while a reading lasts
    it should look for no cycles, and do so again afterwards
"""

import gc
import sys
import threading

import pytest

from genbo.bootstrap.behind import Behind, reading_in_bulk


def test_give__several_pieces__are_done_in_order_beside_the_caller() -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(piece: int) -> None:
        threads.add(threading.get_ident())
        done.append(piece)

    with Behind(work) as behind:
        assert [behind.give(piece) for piece in range(5)] == [None, 0, 1, 2, 3]
        assert behind.finish() == 4
        assert behind.finish() is None
    assert done == list(range(5))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_give__one_piece_is_being_worked_on__the_caller_goes_on_and_the_next_waits() -> None:
    go, begun = threading.Event(), []

    def work(piece: str) -> None:
        begun.append(piece)
        go.wait(10)

    with Behind(work) as behind:
        behind.give("first")
        handing = threading.Thread(target=behind.give, args=("second",))
        handing.start()
        handing.join(0.2)
        assert handing.is_alive()
        assert begun == ["first"]
        go.set()
        handing.join(10)
    assert begun == ["first", "second"]


def test_give__the_one_before_failed__raises_and_begins_nothing() -> None:
    done: list[int] = []

    def work(piece: int) -> None:
        if piece == 1:
            raise KeyError(piece)
        done.append(piece)

    with Behind(work) as behind:
        behind.give(0)
        behind.give(1)
        with pytest.raises(KeyError):
            behind.give(2)
    assert done == [0]


def test_exit__caller_fails__ends_what_is_being_done_and_lets_the_error_through() -> None:
    begun, done = threading.Event(), []

    def work(piece: int) -> None:
        begun.set()
        done.append(piece)

    def fail() -> None:
        with Behind(work) as behind:
            behind.give(7)
            begun.wait(10)
            raise RuntimeError("the caller's")

    with pytest.raises(RuntimeError, match="the caller's"):
        fail()
    assert done == [7]


def test_reading_in_bulk__while_it_lasts__looks_for_no_cycles() -> None:
    assert gc.isenabled()
    interval = sys.getswitchinterval()
    with reading_in_bulk():
        assert not gc.isenabled()
        with reading_in_bulk():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    assert sys.getswitchinterval() == pytest.approx(interval)
