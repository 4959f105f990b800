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
        self._guard = threading.Lock()
        """Over who waits."""
        self._turn = threading.Lock()
        """Over the work."""
        self._began: float | None = None

    def do(self, item: A) -> R:
        """The answer to this one.

        Raises:
            Fault: `node_unreachable` where what came before has had no answer for too long; whatever its work raised.
        """
        began = self._began
        if began is not None and time.monotonic() - began > self._patience:
            raise self._stalled()
        mine = _Waiting[A, R](item)
        with self._guard:
            self._waiting.append(mine)
        while not mine.answer.done():
            if not self._turn.acquire(timeout=self._patience):
                if self._gave_up(mine):
                    raise self._stalled()
                continue
            try:
                if not mine.answer.done():
                    self._do_some()
            finally:
                self._turn.release()
        return mine.answer.result()

    def _gave_up(self, mine: _Waiting[A, R]) -> bool:
        """Takes back what nobody has begun; False for what is being worked on."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
        return False

    def _stalled(self) -> Fault:
        return Fault(
            Reason.NODE_UNREACHABLE,
            problem=f"what was asked before has had no answer for {self._patience:g} seconds",
        )

    def _do_some(self) -> None:
        with self._guard:
            some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        self._began = time.monotonic()
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
        finally:
            self._began = None
        for each, answer in zip(some, answers, strict=True):
            each.answer.set_result(answer)

    def _do_alone(self, one: _Waiting[A, R]) -> None:
        try:
            one.answer.set_result(self._work([one.item])[0])
        except BaseException as own:
            one.answer.set_exception(own)
