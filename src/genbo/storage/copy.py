"""Copy: rows into a table by PostgreSQL's COPY, already in its binary form.

For rows that are known to be new: COPY leaves nothing out. What the database objects to is raised as SQLAlchemy
raises it everywhere else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from genbo.storage import binary

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_AT_ONCE = 2_000
"""Pieces that are put together before they are sent: some hundred kilobytes."""


def copy_in(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[bytes]
) -> None:
    """Adds rows to the table.

    Args:
        columns: in the order of the fields of each row.
        rows: each with its heading; one row may stand in several pieces that follow each other.
    """
    if not rows:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    pieces = iter(rows)
    with driver_cursor(connection) as cursor, cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        while part := b"".join(islice(pieces, _AT_ONCE)):
            copy.write(part)
        copy.write(_END)


@contextmanager
def driver_cursor(connection: Connection) -> Iterator["psycopg.Cursor[tuple[Any, ...]]"]:
    """The driver's own cursor, in the transaction of the connection; its errors come as SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor:
            cursor.adapters.register_dumper(binary.Array, binary.ArrayDumper)
            yield cursor
    except psycopg.Error as error:
        raise DBAPIError.instance(
            "by the driver",
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.broken,
            dialect=connection.dialect,
        ) from error
