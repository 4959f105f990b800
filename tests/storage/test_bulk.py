"""Bulk: few rows and many take different ways and end the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, PrimaryKeyConstraint, SmallInteger, Table, select
from tests.storage.builders import word

from genbo.kernel import MAX_UNITS
from genbo.storage import bulk
from genbo.storage.tables import columns


@pytest.fixture
def table(connection: Connection) -> Iterator[Table]:
    """A table with every kind of column."""
    made = Table(
        "every_kind",
        MetaData(),
        columns.height("key", "鍵"),
        columns.text("text", "文字", null=True),
        columns.number("number", "数", null=True),
        columns.units("units", "数量", null=True),
        columns.factor("factor", "倍率"),
        columns.flag("flag", "旗"),
        columns.day("day", "日", null=True),
        columns.instant("instant", "時", null=True),
        columns.hash32("hash", "ハッシュ", null=True),
        columns.octets("octets", "バイト", null=True),
        columns.Column("small", SmallInteger),
        PrimaryKeyConstraint("key"),
    )
    made.create(connection)
    yield made
    connection.rollback()


def row(key: int) -> dict[str, Any]:
    empty = key % 3 == 0
    return {
        "key": key,
        "text": None if empty else "渋谷\t\n\\N'\"{},NULL",
        "number": None if empty else -key,
        "units": None if empty else int(MAX_UNITS) - key,
        "factor": 10**40 + key,
        "flag": key % 2 == 0,
        "day": None if empty else date(2022, 1, 31),
        "instant": None if empty else datetime(2022, 1, 31, 14, 59, 59, 999_999, tzinfo=UTC),
        "hash": None if empty else word(key),
        "octets": None if empty else bytes(range(256)),
        "small": None if empty else 11,
    }


@pytest.mark.parametrize("many", [1, bulk.COPY_FROM - 1, bulk.COPY_FROM, bulk.COPY_FROM + 1])
def test_insert_new__rows_of_every_kind__come_back_the_same(
    connection: Connection, table: Table, many: int
) -> None:
    rows = [row(key) for key in range(many)]
    assert bulk.insert_new(connection, table, rows) == many
    stored = connection.execute(select(table).order_by(table.c.key)).mappings()
    assert [dict(each) for each in stored] == rows


@pytest.mark.parametrize("many", [10, bulk.COPY_FROM + 10])
def test_insert_new__some_are_there__adds_the_others(
    connection: Connection, table: Table, many: int
) -> None:
    bulk.insert_new(connection, table, [row(key) for key in range(5)])
    again = [row(key) | {"text": "changed"} for key in range(many)]
    assert bulk.insert_new(connection, table, again) == many - 5
    assert bulk.insert_new(connection, table, again) == 0
    kept = connection.scalars(select(table.c.text).where(table.c.key < 5).order_by(table.c.key))
    assert list(kept) == [row(key)["text"] for key in range(5)]


def test_insert_new__no_rows__does_nothing(connection: Connection, table: Table) -> None:
    assert bulk.insert_new(connection, table, []) == 0


def test_among__many_values__finds_those(connection: Connection, table: Table) -> None:
    bulk.insert_new(connection, table, [row(key) for key in range(10)])
    found = connection.scalars(select(table.c.key).where(bulk.among(table.c.key, range(5, 99_999))))
    assert sorted(found) == [5, 6, 7, 8, 9]
    assert list(connection.scalars(select(table.c.key).where(bulk.among(table.c.key, [])))) == []
