"""The killer: ends a process in the middle of its work, at a place that a number names.

A life is one process as far as others can tell: its connections to the database, and its questions to the node. It may
be ended between any two lines of the watched modules, before and after every statement and commit, and before and
after every question to the node: after it, the node did what it was asked and nobody heard so.

A dead life does nothing more. Its sockets are shut without a word to the server; whatever its `finally` and `except`
blocks still try meets a `Killed`, as does every new connection they ask for.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from sqlalchemy import Engine, event

import genbo
from genbo.kernel import Fault, Reason

ROOT = Path(genbo.__file__).parent

WATCHED = (
    "governance/command",
    "governance/dispatch",
    "governance/job",
    "storage/audit",
    "storage/bell",
    "storage/bulk",
    "storage/commands",
    "storage/copy",
    "storage/cursor",
    "storage/engine",
    "storage/entries",
    "storage/events",
    "storage/investors",
    "storage/jobs",
    "storage/journal",
    "storage/leads",
    "storage/outbox",
    "storage/register",
    "storage/spans",
    "storage/step",
    "storage/trades",
    "storage/verdicts",
    "storage/wallets",
    "storage/witness",
    "chain/command_message",
    "chain/competitor",
    "chain/cursor",
    "chain/desk",
    "chain/dispatcher",
    "chain/failure",
    "chain/fees",
    "chain/keyring",
    "bootstrap/approvals",
    "bootstrap/bulk",
    "bootstrap/courier",
    "bootstrap/indexer",
    "bootstrap/office",
    "bootstrap/orders",
    "bootstrap/people",
    "bootstrap/service",
)
"""The modules of the write path and of the indexer."""


class Killed(BaseException):
    """The process ends here. No `except Exception` sees it."""


class At(StrEnum):
    """What a kill is counted by."""

    LINE = "line"
    """Lines of the watched modules."""
    CONTACT = "contact"
    """Statements, commits and questions to the node, before and after each."""
    DATABASE = "database"
    """No kill: at that contact every connection to the database is lost, and the process goes on."""
    NODE = "node"
    """No kill: from that contact on, the first question to the node has no answer; it was done all the same when the
    contact is the one after it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a life ends: at the so many-th line, or the so many-th contact, from 1."""

    at: At
    number: int

    def __str__(self) -> str:
        return f"{self.at} {self.number}"


@dataclass(eq=False)
class Life:
    """One process."""

    plan: Plan | None = None
    die: Callable[[str], None] | None = None
    """What happens instead of an exception, such as the end of a real process. A life that comes back from it goes
    on."""
    dead: bool = False
    died_at: str | None = None
    lines: int = 0
    contacts: int = 0
    places: set[str] = field(default_factory=set)
    """Every line and contact it came by, when it was told to note them."""
    noting: bool = False
    questions: set[str] = field(default_factory=set)
    """Contacts that are with the node."""
    _connections: list[Any] = field(default_factory=list)

    def keep(self, connection: Any) -> None:
        """A connection of this process."""
        self._connections.append(connection)

    def line(self, code: CodeType, number: int) -> None:
        """It is about to do a line. Raises Killed when that is where it ends."""
        self.lines += 1
        if self.noting:
            self.places.add(f"{_name(code)}:{number}")
        if (plan := self.plan) and plan.at is At.LINE and self.lines == plan.number:
            self._end(f"{_name(code)}:{number}")

    def contact(self, what: str) -> None:
        """It is about to ask somebody, or has just been answered. Raises Killed when that is where it ends."""
        if self.dead:
            raise Killed("dead already")
        self.contacts += 1
        if self.noting:
            self.places.add(what)
        if (plan := self.plan) is None or plan.at is At.LINE or self.died_at is not None:
            return
        if plan.at is At.CONTACT and self.contacts == plan.number:
            self._end(what)
        if plan.at is At.DATABASE and self.contacts == plan.number:
            self.died_at = f"database lost {what}"
            self._cut()
        if plan.at is At.NODE and self.contacts >= plan.number and what in self.questions:
            self.died_at = f"node lost {what}"
            raise Fault(Reason.NODE_UNREACHABLE, url="here")

    def _end(self, where: str) -> None:
        self.died_at = where
        if self.die is not None:
            self.die(where)
            return  # it was only stopped, and goes on
        self.dead = True
        self._cut()
        for connection in self._connections:
            connection.pgconn.finish()  # frees the memory; there is no socket left to say good-bye on
        raise Killed(where)

    def _cut(self) -> None:
        for connection in self._connections:
            cut(connection)


def cut(connection: Any) -> None:
    """Shuts the socket of a connection without a word to the server, as the end of a process does."""
    if connection.closed:
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)


class Killer:
    """Watches what one life at a time does."""

    def __init__(self, engine: Engine, watched: Sequence[str] = WATCHED) -> None:
        """`engine`: the connections that the lives make."""
        self.life = Life()
        self._files = {str(ROOT / f"{name}.py") for name in watched}
        missing = [name for name in self._files if not Path(name).exists()]
        assert not missing, missing
        self._watch_database(engine)

    @contextlib.contextmanager
    def watching(self, life: Life) -> Iterator[Life]:
        """Makes this life the one that lives, and counts its lines until the block ends."""
        self.life = life
        self.resume()
        if sys.gettrace() is not None:
            threading.settrace(
                self._call
            )  # for threads that it starts: one writes behind the reader
        try:
            yield life
        finally:
            self.pause()
            threading.settrace(None)  # type: ignore[arg-type]

    def pause(self) -> None:
        """Stops counting lines: what comes is not ours, such as the node's own work."""
        sys.settrace(None)

    def resume(self) -> None:
        """Counts lines again."""
        life = self.life
        if not life.dead and (life.noting or (life.plan and life.plan.at is At.LINE)):
            sys.settrace(self._call)

    # Lines ---------------------------------------------------------------------------------------

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._step if frame.f_code.co_filename in self._files else None

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.life.line(frame.f_code, frame.f_lineno)
        return self._step

    # The database --------------------------------------------------------------------------------

    def _watch_database(self, engine: Engine) -> None:
        """Whose a connection is stands with the connection: a dead life's stay dead."""

        def connecting(*_: Any) -> None:
            self.life.contact("connect")

        def connected(connection: Any, record: Any) -> None:
            record.info["life"] = self.life
            self.life.keep(connection)

        def before(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            connection.info["life"].contact(f"before {_short(statement)}")

        def after(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            connection.info["life"].contact(f"after {_short(statement)}")

        event.listen(engine, "do_connect", connecting)
        event.listen(engine, "connect", connected)
        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
        commit = engine.dialect.do_commit

        def watched_commit(connection: Any) -> None:
            connection.info["life"].contact("before COMMIT")
            commit(connection)
            connection.info["life"].contact("after COMMIT")

        engine.dialect.do_commit = watched_commit  # type: ignore[method-assign]


def _name(code: CodeType) -> str:
    return f"{Path(code.co_filename).relative_to(ROOT)}:{code.co_name}"


def _short(statement: str) -> str:
    """What a statement does, without its columns."""
    words = statement.split()
    verb = words[0].upper()
    marks = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}
    mark = marks.get(verb)
    if mark is None or mark not in words:
        return " ".join(words[:3])
    locking = " FOR UPDATE" if statement.rstrip().endswith("FOR UPDATE") else ""
    return f"{verb} {words[words.index(mark) + 1]}{locking}"
