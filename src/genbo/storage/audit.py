"""The audit log (監査記録): entries join the chain in the transaction of the change they are about.

Entries wait until the transaction commits. Then they are numbered, chained and written, under a lock that one
transaction holds at a time and only for that moment: work that takes long keeps nobody else from working. Whatever
ends the transaction otherwise, a savepoint that is rolled back included, takes the entries about it along.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

import orjson
from psycopg import Connection as DriverConnection
from psycopg import Cursor
from sqlalchemy import Connection, Engine, Row, event, func, select

from genbo.governance.audit import (
    FIRST_PREVIOUS,
    FORMAT,
    AuditEntry,
    ChainedEntry,
    entry_hash,
    entry_members,
    instant,
)
from genbo.governance.audit_action import AuditAction
from genbo.kernel import end_of_day
from genbo.storage.tables import audit as table
from genbo.storage.tables import deployment
from genbo.storage.witness import every_row

_PAGE = 5_000
"""Rows that are read at once."""


class AuditLog:
    """The audit chain, in one transaction. It grows and never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entries: Iterable[AuditEntry]) -> None:
        """Adds entries; they join the chain when the transaction commits, in the order in which they were added.

        The transaction must be READ COMMITTED, as `Database.begin` opens it: another isolation level would not see
        the entry that another transaction added last.

        Raises:
            ValueError: an entry holds what the chain has no place for (see `entry_members`); nothing is added.
        """
        new = [entry_members(0, entry) for entry in entries]
        if new:
            _waiting.setdefault(self._connection, _Waiting()).members += new

    def settle(self) -> None:
        """Chains what waits now, without waiting for the end of the transaction, and keeps other writers waiting until
        then. For whoever wants to read what was just added."""
        waiting = _waiting.get(self._connection)
        if waiting is None or not waiting.members:
            return
        if waiting.marks:
            raise RuntimeError("entries from before a savepoint would end with it")
        members, waiting.members = waiting.members, []
        _chain(self._connection, members)

    # ----------------------------------------------------------------------------------------- questions

    def head(self) -> ChainedEntry | None:
        """The last entry; None while there is none."""
        return self._one(select(table).order_by(table.c.number.desc()).limit(1))

    def entry(self, number: int) -> ChainedEntry | None:
        """The entry of that number."""
        return self._one(select(table).where(table.c.number == number))

    def entries(
        self,
        *,
        first: int = 1,
        last: int | None = None,
        subject: str | None = None,
        action: AuditAction | None = None,
        command: str | None = None,
    ) -> Iterator[ChainedEntry]:
        """The entries from `first` to `last` (both included), in their order; only those about a subject, of an
        action or of a command when asked so. However many there are, few are in memory at once."""
        query = select(table).order_by(table.c.number).limit(_PAGE)
        for column, value in ((table.c.subject, subject), (table.c.command, command)):
            if value is not None:
                query = query.where(column == value)
        if action is not None:
            query = query.where(table.c.action == action.value)
        if last is not None:
            query = query.where(table.c.number <= last)
        while True:
            page = self._connection.execute(query.where(table.c.number >= first)).all()
            for row in page:
                yield chained_entry(row)
            if len(page) < _PAGE:
                return
            first = page[-1].number + 1

    def last_of(self, day: date) -> int:
        """The number of the last entry that belongs to the day in Japan or to an earlier one; 0 when none does.

        An entry belongs to the latest day that it or any entry before it names.
        """
        later = self._connection.scalar(
            select(func.min(table.c.number)).where(table.c.at >= end_of_day(day))
        )
        if later is not None:
            return int(later) - 1
        return int(self._connection.scalar(select(func.max(table.c.number))) or 0)

    def _one(self, query: Any) -> ChainedEntry | None:
        row = self._connection.execute(query).one_or_none()
        return None if row is None else chained_entry(row)


def watch(engine: Engine) -> None:
    """Lets the entries of every transaction of the engine join the chain when it commits, and go when it does not."""
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _forget)
    event.listen(engine, "savepoint", _mark)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _forget_since)


# What waits ------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Waiting:
    """Entries of a transaction that has not ended."""

    members: list[dict[str, Any]] = field(default_factory=list)
    """Without their numbers."""
    marks: list[int] = field(default_factory=list)
    """How many entries there were when each open savepoint was set, the innermost last."""


_waiting: WeakKeyDictionary[Connection, _Waiting] = WeakKeyDictionary()


def _commit(connection: Connection) -> None:
    waiting = _waiting.pop(connection, None)
    if waiting is not None and waiting.members:
        _chain(connection, waiting.members)


def _forget(connection: Connection) -> None:
    _waiting.pop(connection, None)


def _mark(connection: Connection, *_: object) -> None:
    waiting = _waiting.setdefault(connection, _Waiting())
    waiting.marks.append(len(waiting.members))


def _release(connection: Connection, *_: object) -> None:
    if (waiting := _waiting.get(connection)) is not None:
        waiting.marks.pop()


def _forget_since(connection: Connection, *_: object) -> None:
    if (waiting := _waiting.get(connection)) is not None:
        del waiting.members[waiting.marks.pop() :]


# The chain -------------------------------------------------------------------------------------------


def _chain(connection: Connection, members: list[dict[str, Any]]) -> None:
    """Numbers and writes the entries. Until the transaction ends nobody else adds one."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, DriverConnection)
    with driver.cursor() as cursor:
        number, previous = _last(cursor)
        if number == 0:
            beginning = [_beginning(connection, members[0]), *_taken_over(connection, members)]
            members = [*(entry_members(0, entry) for entry in beginning), *members]
        rows = list(_rows(members, number, previous))
        if len(rows) < _COPY_FROM:
            values = ", ".join([_PLACES] * len(rows))
            cursor.execute(f"INSERT INTO audit {_COLUMNS} VALUES {values}", [*chain(*rows)])
        else:
            with cursor.copy(f"COPY audit {_COLUMNS} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _last(cursor: Cursor[Any]) -> tuple[int, bytes]:
    """Number and hash of the last entry, under the lock."""
    # Two statements in one message: the second sees what was committed while the first waited for the lock.
    cursor.execute(_LOCK_AND_LAST)
    ((isolation, _),) = cursor.fetchall()
    cursor.nextset()
    if isolation != "read committed":
        raise RuntimeError(f"an audit entry in a transaction that is {isolation}")
    last = cursor.fetchone()
    return (0, FIRST_PREVIOUS) if last is None else (int(last[0]), bytes(last[1]))


def _rows(
    members: list[dict[str, Any]], number: int, previous: bytes
) -> Iterator[tuple[object, ...]]:
    for each in members:
        number += 1
        each["number"] = number
        hashed = entry_hash(previous, each)
        yield (
            number,
            each["at"],
            each["action"],
            each["actor"],
            each["subject"],
            each["product"],
            each["command"],
            orjson.dumps(each["facts"]).decode(),
            orjson.dumps(each["rows"]).decode(),
            previous,
            hashed,
        )
        previous = hashed


_LOCK_AND_LAST: LiteralString = (
    "SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock(418581342580);"
    "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
)
_COLUMNS: LiteralString = (
    "(number, at, action, actor, subject, product_id, command, facts, row_digests, previous, hash)"
)
_PLACES: LiteralString = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_COPY_FROM = 50
"""Rows from which on COPY is the faster way."""


def _beginning(connection: Connection, first: dict[str, Any]) -> AuditEntry:
    """The entry that binds the chain to the deployment, and makes its hashes its own."""
    bound = connection.execute(
        select(deployment).order_by(deployment.c.chain_id).limit(1)
    ).one_or_none()
    return AuditEntry(
        at=datetime.fromisoformat(first["at"]),
        action=AuditAction.AUDIT_BEGUN,
        actor="genbo",
        facts={
            "format": FORMAT,
            "chain_id": bound.chain_id if bound else None,
            "first_block_hash": bound.first_block_hash if bound else None,
            "platform": bound.platform if bound else None,
            "salt": os.urandom(32).hex(),
        },
    )


def _taken_over(connection: Connection, members: list[dict[str, Any]]) -> Iterator[AuditEntry]:
    """Entries that vouch for the rows of which no entry speaks, because they are older than the chain."""
    told = {row for each in members for row in each["rows"]}
    older = [(row, digest) for row, digest in every_row(connection) if row not in told]
    for start in range(0, len(older), _TAKEN_OVER_AT_ONCE):
        rows = dict(older[start : start + _TAKEN_OVER_AT_ONCE])
        yield AuditEntry(
            at=datetime.fromisoformat(members[0]["at"]),
            action=AuditAction.ROWS_TAKEN_OVER,
            actor="genbo",
            facts={"rows": len(rows)},
            rows=rows,
        )


_TAKEN_OVER_AT_ONCE = 500
"""Rows of one entry: an entry is read as a whole."""


def chained_entry(row: Row[Any]) -> ChainedEntry:
    return ChainedEntry(
        number=row.number,
        previous=bytes.fromhex(row.previous[2:]),
        hash=bytes.fromhex(row.hash[2:]),
        members={
            "number": row.number,
            "at": instant(row.at),
            "action": row.action,
            "actor": row.actor,
            "subject": row.subject,
            "product": row.product_id,
            "command": row.command,
            "facts": row.facts,
            "rows": row.row_digests,
        },
    )
