"""Fields in binary form: what is stored is what a statement would have stored.

given values of every kind
    when they are copied in binary form, and when they are inserted by statement
        it should store the same
given whole columns as arrays in binary form
    it should unfold them to the same rows
given a row that the database refuses, or a connection that is lost
    it should be the error that SQLAlchemy raises everywhere else, and nothing stays
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import CHAIN, P1, Ledger, deploy

from genbo.kernel import MAX_UNITS, Fault, Reason
from genbo.storage import binary
from genbo.storage.copy import copy_in, driver_cursor
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.storage.tables import columns, lot

COLUMNS = ("key", "text", "number", "units", "factor", "flag", "day", "instant", "hash", "octets", "small")  # fmt: skip
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | WORDS,
        "number": st.integers(-(2**31), 2**31 - 1),
        "units": st.integers(0, int(MAX_UNITS)) | st.sampled_from([0, 1, 9_999, 10_000, 10**24]),
        "factor": st.integers(-(10**40), 10**40),
        "flag": st.booleans(),
        "day": st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        "instant": st.none()
        | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        "hash": st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex()),
        "octets": st.none() | st.binary(max_size=60),
        "small": st.integers(-(2**15), 2**15 - 1),
    }
)


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(
        "every_field",
        MetaData(),
        columns.height("key", "鍵"),
        columns.text("text", "文字", null=True),
        columns.number("number", "数"),
        columns.units("units", "数量"),
        columns.factor("factor", "倍率"),
        columns.flag("flag", "旗"),
        columns.day("day", "日", null=True),
        columns.instant("instant", "時", null=True),
        columns.hash32("hash", "ハッシュ"),
        columns.octets("octets", "バイト", null=True),
        columns.Column("small", SmallInteger),
        PrimaryKeyConstraint("key"),
    )


@pytest.fixture
def stored(connection: Connection, table: Table) -> Iterator[Connection]:
    table.create(connection)
    yield connection
    connection.rollback()


def fields(key: int, row: dict[str, Any]) -> bytes:
    return b"".join(
        (
            binary.heading(len(COLUMNS)),
            binary.int8(key),
            binary.text(row["text"]),
            binary.int4(row["number"]),
            binary.whole(row["units"]),
            binary.whole(row["factor"]),
            binary.flag(row["flag"]),
            binary.day(row["day"]),
            binary.instant(row["instant"]),
            binary.hash32(row["hash"]),
            binary.octets(row["octets"]),
            binary.int2(row["small"]),
        )
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_copy_in__rows_of_every_kind__are_what_a_statement_stores(
    stored: Connection, table: Table, rows: list[dict[str, Any]]
) -> None:
    question = select(*(table.c[name] for name in COLUMNS)).order_by(table.c.key)
    stored.execute(insert(table), [{"key": key, **row} for key, row in enumerate(rows)])
    by_statement = stored.execute(question).all()
    stored.execute(delete(table))
    copy_in(stored, table, COLUMNS, [fields(key, row) for key, row in enumerate(rows)])
    copied = stored.execute(question).all()
    stored.execute(delete(table))
    assert copied == by_statement


def test_copy_in__many_pieces__are_all_there(stored: Connection, table: Table) -> None:
    row = {
        **dict.fromkeys(("text", "day", "instant", "octets")),
        **dict.fromkeys(("number", "units", "factor", "small"), 1),
        "flag": True,
        "hash": "0x" + "ab" * 32,
    }
    pieces = []
    for key in range(5_000):
        whole = fields(key, row)
        pieces += (whole[:20], whole[20:])
    copy_in(stored, table, COLUMNS, pieces)
    assert stored.scalar(text("SELECT count(*) FROM every_field")) == 5_000
    copy_in(stored, table, COLUMNS, [])


def test_array__columns_of_every_kind__are_unfolded_to_rows(connection: Connection) -> None:
    at = datetime(2022, 1, 31, 15, tzinfo=UTC)
    with driver_cursor(connection) as cursor:
        found = cursor.execute(
            "SELECT * FROM unnest(%b::text[], %b::int8[], %b::int4[], %b::timestamptz[])",
            [
                binary.Array(binary.TEXT, [binary.text("a'{},\""), binary.text("渋谷")]),
                binary.Array(binary.INT8, [binary.int8(2**40), binary.NULL]),
                binary.Array(binary.INT4, [binary.int4(-1), binary.int4(7)]),
                binary.Array(
                    binary.TIMESTAMPTZ,
                    [binary.instant(at), binary.instant(at + timedelta(microseconds=1))],
                ),
            ],
        ).fetchall()
    assert found == [
        ("a'{},\"", 2**40, -1, at),
        ("渋谷", None, 7, at + timedelta(microseconds=1)),
    ]


def test_copy_in__row_that_is_there__is_the_error_of_a_statement(connection: Connection) -> None:
    deploy(connection)
    ledger = Ledger()
    ledger.issue(10)
    register = Register(connection, CHAIN)
    register.save(ledger.changes)
    (row,) = connection.execute(select(lot)).all()
    names = ("product_id", "from_block", "from_log_index", "ordinal")
    twice = binary.heading(len(names)) + b"".join(
        (
            binary.text(row.product_id),
            binary.int8(row.from_block),
            binary.int4(row.from_log_index),
            binary.int4(row.ordinal),
        )
    )
    with pytest.raises(IntegrityError), connection.begin_nested():
        copy_in(connection, lot, names, [twice])
    assert [each.units for each in register.lots(P1)] == [10]


def test_copy_in__connection_is_lost_in_the_middle__is_a_fault_and_nothing_stays(
    database: Database,
) -> None:
    with database.begin() as connection:
        deploy(connection)
    ledger = Ledger()
    ledger.issue(10)

    def lose() -> None:
        with database.begin() as connection:
            register = Register(connection, CHAIN)
            register.save(ledger.changes)
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
            with database.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            ledger.at(2).transfer(1, 2, 3)
            register.save(ledger.changes)

    with pytest.raises(Fault) as caught:
        lose()
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    with database.read() as connection:
        assert Register(connection, CHAIN).lots(P1) == []
