"""Bulk: many rows in one statement.

A few rows travel as one array per column and are unfolded by the database (`unnest`); many go by binary COPY into a
temporary table. Either way the statement that uses them sees a relation called `new`, works on all rows at once, and
can leave out rows that are there already, so that every write may be repeated.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import sql
from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy import (
    column as named,
)
from sqlalchemy import (
    table as relation,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import TypeDecorator, TypeEngine

Row = Mapping[str, Any]

COPY_FROM = 500
"""Rows from which on COPY is the faster way."""

_WIRE_TYPES: Mapping[type[TypeEngine[Any]], str] = {
    BigInteger: "int8",
    Boolean: "bool",
    Date: "date",
    Integer: "int4",
    LargeBinary: "bytea",
    Numeric: "numeric",
    SmallInteger: "int2",
    TIMESTAMP: "timestamptz",
    Text: "text",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that a statement can use."""

    new: FromClause
    """The relation; its columns are those of the rows."""
    parameters: dict[str, list[Any]]
    """What the statement is executed with."""


@contextlib.contextmanager
def given(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> Iterator[Rows]:
    """`rows` as a relation of `columns`, each with the type it has in `table`."""
    if len(rows) < COPY_FROM:
        # Parameters named like a column would count as values for it.
        arrays = [bindparam(f"new_{name}", type_=ARRAY(table.c[name].type)) for name in columns]
        typed = [named(name, table.c[name].type) for name in columns]
        new = func.unnest(*arrays).table_valued(*typed, name="new").render_derived()
        yield Rows(new, {f"new_{name}": [row[name] for row in rows] for name in columns})
        return
    _copy(connection, table, columns, rows)
    try:
        yield Rows(relation("new", *(named(name, table.c[name].type) for name in columns)), {})
    finally:
        if connection.in_transaction() and not connection.invalidated:
            with contextlib.suppress(Exception):  # the transaction failed: the table goes with it
                connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.new")


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of `values`, which travel as one array however many they are."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Inserts the rows whose primary key is not there yet; returns how many that were.

    All rows have the same columns. Columns that are left out take their default.
    """
    if not rows:
        return 0
    columns = list(rows[0])
    with given(connection, table, columns, rows) as these:
        statement = (
            insert(table)
            .from_select(columns, select(*(these.new.c[name] for name in columns)))
            .on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
        )
        done = connection.execute(
            statement, these.parameters, execution_options={"preserve_rowcount": True}
        )
        return done.rowcount


def _copy(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, DriverConnection)
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    converters = [_converter(connection, table.c[name].type) for name in columns]
    with driver.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE new ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
            ).format(listed, sql.Identifier(table.name))
        )
        with cursor.copy(
            sql.SQL("COPY pg_temp.new ({}) FROM STDIN (FORMAT BINARY)").format(listed)
        ) as copy:
            copy.set_types([_wire_type(table.c[name].type) for name in columns])
            for row in rows:
                copy.write_row(
                    [
                        convert(row[name]) if convert else row[name]
                        for name, convert in zip(columns, converters, strict=True)
                    ]
                )


def _wire_type(kind: TypeEngine[Any]) -> str:
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return _WIRE_TYPES[type(plain)]


def _converter(connection: Connection, kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What a statement would do to a value of this kind; only our own kinds do anything."""
    if not isinstance(kind, TypeDecorator):
        return None
    return lambda value: kind.process_bind_param(value, connection.dialect)
