"""Together (まとめて処理): work that costs little more for many than for one.

Whoever comes while a batch is being worked on waits, and goes with the next one. Nobody waits for company: whoever
comes alone is worked on at once.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Carries out what several threads ask for, as many at once as have come."""

    def __init__(self, work: Callable[[Sequence[A]], Sequence[R]], *, most: int) -> None:
        """
        Args:
            work: does all of it, and answers in the same order. When it fails for several, each is tried alone, so
                that nobody fails for what another asked.
            most: so many at once.
        """
        self._work = work
        self._most = most
        self._waiting: deque[tuple[A, Future[R]]] = deque()
        self._turn = threading.Lock()

    def do(self, item: A) -> R:
        """The answer to this one. Raises what its work raised."""
        future: Future[R] = Future()
        self._waiting.append((item, future))
        while not future.done():
            with self._turn:
                if not future.done():
                    self._do_some()
        return future.result()

    def _do_some(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            answers = self._work([item for item, _ in some])
        except BaseException as problem:
            if len(some) == 1:
                some[0][1].set_exception(problem)
                return
            for item, future in some:
                try:
                    future.set_result(self._work([item])[0])
                except BaseException as own:
                    future.set_exception(own)
            return
        for (_, future), answer in zip(some, answers, strict=True):
            future.set_result(answer)
