"""Rehearsals (予行): work that is done as ever, in one transaction of its own, and taken back whole.

What would be stored is judged by the same statements, constraints and locks as if it were; nobody else ever sees it,
and no entry of the audit log, no event and no answer stays of it. What the work learns of the outside, as the register
does of the ledger, is stored `apart` and stays: the question does not change it.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_current: ContextVar["Rehearsal | None"] = ContextVar("rehearsal", default=None)


class Rehearsal:
    """One rehearsal. Its connection is opened when it is first needed; one thread uses it at a time."""

    def __init__(self, engine: Engine, faults: Callable[[], AbstractContextManager[None]]) -> None:
        """
        Args:
            faults: as `Database.faults`.
        """
        self.engine = engine
        self._faults = faults
        self.stays: list[Callable[[Connection], None]] = []
        """What is stored when it has come to its end."""
        self.opened: Connection | None = None
        """Its connection; None while it needed none."""

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Whatever begins within the block, in threads that it waits for too, belongs to this rehearsal."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)

    def end(self) -> None:
        """Takes everything back, and stores what stays.

        Raises:
            Fault: as `Database.begin`, of what stays.
        """
        connection, self.opened = self.opened, None
        if connection is not None:
            # Where the connection is lost, the server has taken it back already.
            with contextlib.suppress(SQLAlchemyError):
                connection.close()
        stays, self.stays = self.stays, []
        if stays:
            with self._faults(), self.engine.begin() as own:
                for store in stays:
                    store(own)

    def connection(self) -> Connection:
        """The one connection of it, within its transaction."""
        if self.opened is None:
            self.opened = self.engine.connect()
            self.opened.begin()
        return self.opened


def rehearsed(engine: Engine) -> Connection | None:
    """The connection of the rehearsal that runs on the engine; None where there is none."""
    running = _current.get()
    if running is None or running.engine is not engine:
        return None
    return running.connection()


def is_rehearsing() -> bool:
    """Whether what is done now is taken back: then nobody outside is asked to do anything."""
    return _current.get() is not None


def keep(connection: Connection, store: Callable[[Connection], None]) -> None:
    """Stores what stays although it is only rehearsed, such as that somebody was told something: when the rehearsal has
    ended, for a second connection beside its own could be one that another rehearsal holds, waiting for a second."""
    running = _current.get()
    if running is None or running.opened is not connection:
        store(connection)
    else:
        running.stays.append(store)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """What begins within the block belongs to no rehearsal."""
    before = _current.set(None)
    try:
        yield
    finally:
        _current.reset(before)
