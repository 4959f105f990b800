"""Together (まとめて処理): work that costs little more for many than for one.

Whoever comes while a batch is being worked on waits, and goes with the next one. Nobody waits for company: whoever
comes alone is worked on at once.

a batch
├── when it answers: each has its answer
├── when node or database are away: all are told so, for each by itself would wait for them as long again
├── when it fails otherwise: each is tried alone, so that nobody fails for what another asked
└── when it takes longer than anybody should wait: who waits behind it is turned away, and nothing of theirs was done
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from genbo.kernel import Fault, Reason

A = TypeVar("A")
R = TypeVar("R")

PATIENCE_SECONDS = 10.0
"""How long is waited behind others. Whoever waits holds a thread that could answer somebody else."""
_AWAY = frozenset({Reason.NODE_UNREACHABLE, Reason.DATABASE_UNREACHABLE, Reason.DATABASE_FULL})


@dataclass(eq=False, slots=True)
class _Waiting(Generic[A, R]):
    item: A
    answer: Future[R] = field(default_factory=Future)


class Together(Generic[A, R]):
    """Carries out what several threads ask for, as many at once as have come."""

    def __init__(
        self,
        work: Callable[[Sequence[A]], Sequence[R]],
        *,
        most: int,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """
        Args:
            work: does all of it, and answers in the same order.
            most: so many at once.
            patience: seconds.
        """
        self._work = work
        self._most = most
        self._patience = patience
        self._waiting: deque[_Waiting[A, R]] = deque()
        self._changed = threading.Condition()
        """Over who waits, and whether somebody works: told when a batch has ended."""
        self._began: float | None = None
        """When the batch began that is being worked on; None while nobody works."""

    def do(self, item: A) -> R:
        """The answer to this one.

        Raises:
            Fault: `node_unreachable` where what came before has had no answer for too long; whatever its work raised.
        """
        mine = _Waiting[A, R](item)
        with self._changed:
            if self._began is not None and time.monotonic() - self._began > self._patience:
                raise self._stalled()
            self._waiting.append(mine)
        while some := self._taken(mine):
            try:
                self._answer(some)
            finally:
                with self._changed:
                    self._began = None
                    self._changed.notify_all()  # who has an answer goes, before anybody works again
        return mine.answer.result()

    def _taken(self, mine: _Waiting[A, R]) -> list[_Waiting[A, R]]:
        """The next batch, once nobody else works; empty when `mine` has its answer. Raises as `do`."""
        with self._changed:
            while self._began is not None and not mine.answer.done():
                # Nobody takes back what is being worked on.
                if not self._changed.wait(self._patience) and mine in self._waiting:
                    self._waiting.remove(mine)
                    raise self._stalled()
            if mine.answer.done():
                return []
            self._began = time.monotonic()
            return [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]

    def _stalled(self) -> Fault:
        return Fault(
            Reason.NODE_UNREACHABLE,
            problem=f"what was asked before has had no answer for {self._patience:g} seconds",
        )

    def _answer(self, some: Sequence[_Waiting[A, R]]) -> None:
        try:
            answers = self._work([each.item for each in some])
        except BaseException as problem:
            away = isinstance(problem, Fault) and problem.reason in _AWAY
            for each in some:
                if away or len(some) == 1:
                    each.answer.set_exception(problem)
                else:
                    self._do_alone(each)
            return
        for each, answer in zip(some, answers, strict=True):
            each.answer.set_result(answer)

    def _do_alone(self, one: _Waiting[A, R]) -> None:
        try:
            one.answer.set_result(self._work([one.item])[0])
        except BaseException as own:
            one.answer.set_exception(own)
