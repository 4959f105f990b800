"""Behind: writes one piece while the next is being made.

Python makes a step of reading ready while the database takes in the one before: two processors, one for each. There
is never more than one piece being written, and the pieces are written in their order.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

_TURN = 0.0002
"""Seconds."""


class Behind(Generic[T]):
    """Does `work` on each piece in a thread of its own. As a context it ends when all work is done."""

    def __init__(self, work: Callable[[T], None]) -> None:
        self._work = work
        self._thread: ThreadPoolExecutor | None = None
        self._pending: tuple[Future[None], T] | None = None

    def __enter__(self) -> Behind[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def give(self, piece: T) -> T | None:
        """Hands over the next piece as soon as the one before is done; gives the one before, None at first.

        Raises:
            whatever the work on the one before raised; this piece is not begun then.
        """
        done = self.finish()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
        self._pending = self._thread.submit(self._work, piece), piece
        return done

    def finish(self) -> T | None:
        """Waits for the piece that is being worked on, and gives it; None when there is none. Raises as `give`."""
        if self._pending is None:
            return None
        (future, piece), self._pending = self._pending, None
        future.result()
        return piece


@contextmanager
def reading_in_bulk() -> Iterator[None]:
    """Python's own housekeeping, set for making objects by the million beside a thread that writes.

    No cycles are looked for: a reading makes none, and looking through its objects again and again takes as long as
    all the rest. And the thread that writes gets its turn within a fraction of a millisecond when the database is
    ready for more: by default it waits five, and the database with it.
    """
    was_on, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if was_on:
            gc.enable()
