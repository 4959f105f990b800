"""Work that is done for many at once (`bootstrap.transfers.together`).

given a batch
├── when one has its answer: it goes, whatever is worked on next
├── when it fails for what one of them asked: the others have their answers
├── when the node is away: it is asked once, and all are told
└── when it takes too long
    ├── who waits behind it is turned away, and is not worked on afterwards
    ├── who comes then does not wait at all
    └── who comes after it ended is answered
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from genbo.bootstrap.transfers.together import Together
from genbo.kernel import Fault, Reason


class Work:
    """Doubles numbers; 0 fails, and the first batch goes on until it is let go."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.batches: list[list[int]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        if len(self.batches) == 1:
            self.begun.set()
            self.go.wait(5)
            return [2 * each for each in items]
        if self.problem is not None and (0 in items or isinstance(self.problem, Fault)):
            raise self.problem
        return [2 * each for each in items]


def asked(work: Work, together: Together[int, int], numbers: Sequence[int]) -> list[object]:
    """What each is told that comes while the first is being worked on."""

    def one(number: int) -> object:
        try:
            return together.do(number)
        except (Fault, ValueError) as problem:
            return problem

    with ThreadPoolExecutor(len(numbers) + 1) as threads:
        first = threads.submit(one, 100)
        assert work.begun.wait(5)
        others = [threads.submit(one, number) for number in numbers]
        while len(together._waiting) < len(numbers):
            sleep(0.001)
        work.go.set()
        assert first.result() == 200
        return [each.result() for each in others]


def test_batch__one_of_them_fails__the_others_are_answered() -> None:
    work = Work(ValueError("0"))
    said = asked(work, Together(work, most=100), [1, 0, 2])
    assert [str(each) for each in said] == ["2", "0", "4"]


def test_batch__the_node_is_away__it_is_asked_once() -> None:
    work = Work(Fault(Reason.NODE_UNREACHABLE, url="http://127.0.0.1:1"))
    said = asked(work, Together(work, most=100), [1, 2, 3])
    assert {each.reason for each in said if isinstance(each, Fault)} == {Reason.NODE_UNREACHABLE}
    assert [len(each) for each in work.batches] == [1, 3]


def test_batch__takes_too_long__nobody_waits_behind_it() -> None:
    work = Work()
    together: Together[int, int] = Together(work, most=100, patience=0.2)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(together.do, 100)
        assert work.begun.wait(5)
        began = monotonic()
        with pytest.raises(Fault) as behind:
            together.do(1)
        assert 0.15 < monotonic() - began < 2
        began = monotonic()
        with pytest.raises(Fault):
            together.do(2)
        assert monotonic() - began < 0.1
        work.go.set()
        assert first.result() == 200
    assert behind.value.reason is Reason.NODE_UNREACHABLE
    assert together.do(3) == 6
    assert work.batches == [[100], [3]]


def test_batch__one_has_its_answer__it_waits_for_no_other_batch() -> None:
    begun, go = threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        if items == [2]:
            begun.set()
            go.wait(5)
        else:
            sleep(0.05)
        return list(items)

    together: Together[int, int] = Together(work, most=1)
    with ThreadPoolExecutor(3) as threads:
        others = [threads.submit(together.do, number) for number in (0, 1, 3)]
        sleep(0.02)
        slow = threading.Thread(target=together.do, args=(2,))
        slow.start()
        try:
            assert begun.wait(5)
            assert [each.result(timeout=2) for each in others] == [0, 1, 3]
            assert not go.is_set()
        finally:
            go.set()
            slow.join()
