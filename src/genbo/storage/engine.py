"""Database: the one way to a transaction.

A request or task is one transaction, opened at the edge with `begin()` and handed to the repositories as a
connection. `read()` gives a view of one instant, so that several questions get answers that fit together.
"""

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Fault, Reason
from genbo.storage import audit, viewing
from genbo.storage.glance import Glances
from genbo.storage.rehearsal import Rehearsal, rehearsed

SECONDS_TO_CONNECT = 3

_NOTICE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""A machine that vanishes says no good-bye: within half a minute the server ends its connections, and with them its
locks, so that another may send. Without this it takes hours."""

_HOST = re.compile(r"[A-Za-z0-9._:,-]*")
# What the driver says may repeat parts of a mistyped address, and so of a password: it is only classified.
_PROBLEMS = {
    "password authentication failed": "user or password refused",
    "no password supplied": "a password is needed",
    "no pg_hba.conf entry": "the server does not admit this user from here",
    "database .* does not exist": "no such database",
    "role .* does not exist": "no such user",
    "too many": "too many connections",
    "starting up|shutting down|recovery mode|administrator command": "the server is starting or stopping",
    "read-only transaction": "the server takes no writes; it is a standby",
    "timeout|timed out": "no answer in time",
    "refused": "connection refused",
    "resolve|name or service|nodename": "host name unknown",
    "no such file": "no server there",
    "network is unreachable|no route": "host out of reach",
    "ssl|tls|certificate": "the encrypted connection failed",
}

_EVERY_ROW = "-c row_security=off"
"""Whoever works with the registry as a whole sees every row or is told that it may not: never silently fewer."""

_DISK_FULL = "53100"
_NO_RIGHT = "42501"
_NOT_THE_STATEMENT = ("08", "53", "57P", "58", "25006")
"""SQLSTATEs of a server that cannot work now: connection, resources, operator, input and output, a standby."""


_CONNECT: dict[str, Any] = {
    "connect_timeout": SECONDS_TO_CONNECT,
    "application_name": "genbo",
    "options": f"-c timezone=UTC -c jit=off {_EVERY_ROW} {_NOTICE}",
}


class Database:
    """A PostgreSQL database with its connections. Its representation shows no password."""

    def __init__(self, url: URL | str) -> None:
        """Connects to nothing yet.

        Raises:
            Fault: `setting_invalid` when `url` is no address of a PostgreSQL database.
        """
        self._url = _parse(url)
        self.engine = create_engine(
            self._url,
            hide_parameters=True,  # parameters hold what no log may hold
            pool_pre_ping=True,
            connect_args=_CONNECT,
        )
        audit.watch(self.engine)
        self._reader = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

        self._glances = Glances(self._connect)

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of its own, which commits by itself."""
        places, named = self.engine.dialect.create_connect_args(self._url)
        # Its few questions differ in ids alone, so one plan of each is as good as another.
        options = f"{_CONNECT['options']} -c plan_cache_mode=force_generic_plan"
        return psycopg.connect(
            *places, **{**named, **_CONNECT, "options": options, "autocommit": True}
        )

    def __repr__(self) -> str:
        return f"Database({self._url.render_as_string(hide_password=True)})"

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Within a `rehearsal` it is a savepoint of that.

        Raises:
            Fault: `database_unreachable`, `database_full`, now or in the middle; nothing is half done.
        """
        with self.faults():
            if (one := rehearsed(self.engine)) is not None:
                with one.begin_nested():
                    yield one
                return
            with self.engine.begin() as connection:
                yield connection

    def rehearsal(self) -> Rehearsal:
        """A rehearsal: whatever begins while it is `running` is taken back when it has come to its `end`."""
        return Rehearsal(self.engine, self.faults)

    @contextlib.contextmanager
    def within(self, connection: Connection | None) -> Iterator[Connection]:
        """The caller's transaction where there is one, otherwise as `begin`. Whoever holds a connection and waits for
        a second one waits for others who do the same: enough of them at once stand still for good."""
        if connection is not None:
            yield connection
            return
        with self.begin() as own:
            yield own

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only view of the instant of the first question. Within a `rehearsal` it sees what that has done, and
        each question what is there by then.

        Raises:
            Fault: `database_unreachable`.
        """
        with self.faults():
            if (one := rehearsed(self.engine)) is not None:
                yield one
                return
            with self._reader.connect() as connection:
                yield connection

    @contextlib.contextmanager
    def viewing(self, institution: InstitutionId, *, at: datetime) -> Iterator[Connection]:
        """As `read`, of what the institution sees at the instant `at` and of nothing else (invariant 11). Whatever
        transaction begins on the connection is such a view, also after one that ended early.

        Raises:
            Fault: `database_unreachable`; `database_rights_missing`, also for a question about a table that no
                institution reads.
        """
        with self.faults(), self._reader.connect() as connection:
            event.listen(connection, "begin", lambda it: viewing.look_as(it, institution, at))
            yield connection

    def glance(
        self,
        institution: InstitutionId,
        question: LiteralString,
        values: dict[str, Any],
        *,
        at: datetime,
    ) -> list[tuple[Any, ...]]:
        """The rows that one question finds of what the institution sees at the instant `at`, in one trip to the
        server: for what is asked very often. `question` names its `values` as `%(name)s`.

        Raises:
            Fault: as `viewing`.
        """
        with self.faults():
            return self._glances.ask(institution, question, values, at=at)

    def close(self) -> None:
        """Closes every connection."""
        self._glances.close()
        self.engine.dispose()

    @contextlib.contextmanager
    def faults(self) -> Iterator[None]:
        """Whoever loses the connection in this block, or gets none, hears it as a `Fault`."""
        try:
            yield
        except PoolTimeout:
            busy = "every connection is in use"
            raise Fault(Reason.DATABASE_UNREACHABLE, url=self._place, problem=busy) from None
        except DBAPIError as error:
            # Without a statement it happened while connecting.
            gone = error.connection_invalidated or error.statement is None
            if fault := self._fault(error.orig, gone=gone):
                raise fault from None
            raise
        except psycopg.Error as error:  # in the middle of a COPY, which goes past SQLAlchemy
            if fault := self._fault(error, gone=False):
                raise fault from None
            raise

    def _fault(self, error: BaseException | None, *, gone: bool) -> Fault | None:
        """What is wrong with the server; None when it is the statement."""
        state = getattr(error, "sqlstate", None) or ""
        if state == _DISK_FULL:
            return Fault(Reason.DATABASE_FULL, url=self._place)
        if state == _NO_RIGHT and isinstance(error, psycopg.Error):
            # It names objects of the schema, and no value.
            denied = error.diag.message_primary or "permission denied"
            return Fault(Reason.DATABASE_RIGHTS_MISSING, problem=denied)
        lost = isinstance(error, psycopg.OperationalError) and not state
        if gone or lost or state.startswith(_NOT_THE_STATEMENT):
            told = str(error).lower()
            problem = next(
                (each for words, each in _PROBLEMS.items() if re.search(words, told)), None
            )
            return Fault(
                Reason.DATABASE_UNREACHABLE, url=self._place, problem=problem or "no connection"
            )
        return None

    @property
    def _place(self) -> str:
        host = str(self._url.host or self._url.query.get("host") or "localhost")
        return f"{host}:{self._url.port or 5432}"


def _parse(url: URL | str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _no_address("is no database address") from None
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise _no_address("is no PostgreSQL address")
    if not _HOST.fullmatch(parsed.host or ""):
        # An @ in a password makes the rest of it look like the host.
        raise _no_address("has signs in its password that must be percent-encoded (@ is %40)")
    return parsed.set(drivername="postgresql+psycopg")


def _no_address(problem: str) -> Fault:
    return Fault(Reason.SETTING_INVALID, setting="GENBO_DATABASE_URL", problem=problem)
