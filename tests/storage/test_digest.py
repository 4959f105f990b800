"""Digest of the derived rows: the same for the same rows, another for any other; with a database and without."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text
from tests.storage.builders import CHAIN, P1, Ledger, account, deploy

from genbo.kernel import ProductId
from genbo.register import LockUpSet, RegisterFold
from genbo.register.derived import COLUMNS, KEYS, DerivedRows, row_text
from genbo.storage.digest import DERIVED, derived_digest, derived_rows
from genbo.storage.register import Register
from genbo.storage.tables import metadata
from genbo.token import MovementKind


def test_digest__derived_again__is_the_same(connection: Connection) -> None:
    deploy(connection)
    register = Register(connection, CHAIN)
    empty = derived_digest(connection, P1)
    ledger = Ledger()
    ledger.issue(10, ref="I-1")
    register.save(ledger.changes)
    first = derived_digest(connection, P1)
    assert first != empty
    ledger.at(2).move(MovementKind.TRANSFER, 1, 2, 3, ref="T-1")
    register.save(ledger.changes)
    second = derived_digest(connection, P1)
    assert second not in (empty, first)
    register.rewind(2)
    assert derived_digest(connection, P1) == first
    register.rewind(0)
    assert derived_digest(connection, P1) == empty
    register.save(ledger.changes)
    assert derived_digest(connection, P1) == second
    assert derived_digest(connection, ProductId("P2")) == empty


def test_digest__one_figure_changed_by_hand__is_another(connection: Connection) -> None:
    deploy(connection)
    ledger = Ledger()
    ledger.issue(10, ref="I-1")
    ledger.at(2).move(MovementKind.TRANSFER, 1, 2, 3, ref="T-1")
    Register(connection, CHAIN).save(ledger.changes)
    before = derived_digest(connection, P1)
    for table in DERIVED:
        with connection.begin_nested() as savepoint:
            connection.execute(text(f"UPDATE {table.name} SET units = units + 1"))
            assert derived_digest(connection, P1) != before
            savepoint.rollback()
        assert derived_digest(connection, P1) == before


def test_derived__tables_with_a_product_and_a_log__are_all_of_them() -> None:
    logged = {name for name, table in metadata.tables.items() if "from_log_index" in table.c}
    assert {table.name for table in DERIVED} == logged


def test_derived__columns_and_keys__are_those_of_the_tables() -> None:
    """A column that only helps to find rows, and follows from the others, need not be digested."""
    for table in DERIVED:
        assert KEYS[table.name] == tuple(key.name for key in table.primary_key)
        columns = [column.name for column in table.columns if column.name not in HELPERS]
        assert sorted(COLUMNS[table.name]) == sorted(columns)


HELPERS = {"span"}


def a_history() -> Ledger:
    """Every kind of change, several in one log's block, and values that need quotation marks."""
    ledger = Ledger()
    ledger.issue(1453, ref="I-1")
    for number in range(2, 40):
        ledger.transfer(1, number, number, ref=f"D:1/{number}")
    ledger.freeze(3, 2)
    ledger.freeze(3, 1)
    ledger.at(3, datetime(2022, 1, 31, 15, tzinfo=UTC)).transfer(4, 5, 4, ref="T-1")
    ledger.transfer(5, 41, 9)
    ledger.at(5).split(10)
    ledger.at(6).move(MovementKind.REVERSE, 41, 4, 30, ref="R-1", reverses="T-1")
    ledger.move(MovementKind.REKEY, 6, 42, 60, ref="K-1")
    ledger.at(7).move(MovementKind.REDEEM, 7, None, 40, ref="B-1")
    ledger.at(8).move(MovementKind.REDISTRIBUTE, None, 7, 15, ref="X-1", reverses="B-1")
    ledger.move(MovementKind.REDISTRIBUTE, None, 7, 5, ref="X-2", reverses="B-1")
    ledger.transfer(8, 8, 1, ref="SELF")
    ledger.say(
        LockUpSet(
            product=P1,
            position=ledger._next(),
            address=account(9),
            until=datetime(2022, 6, 1, tzinfo=UTC) + timedelta(seconds=1),
        )
    )
    return ledger


def test_derived_rows__without_a_database__are_the_stored_ones_to_the_byte(
    connection: Connection,
) -> None:
    deploy(connection)
    ledger = a_history()
    register = Register(connection, CHAIN)
    alone = DerivedRows()
    fold = RegisterFold(history=alone)
    for event, changes in zip(ledger.events, ledger.changes, strict=True):
        own = fold.apply(event)
        assert own == changes
        alone.record(own)
    for part in range(0, len(ledger.changes), 7):
        register.save(ledger.changes[part : part + 7])
    for table in DERIVED:
        stored = list(derived_rows(connection, P1, table))
        assert stored, table.name
        assert [row_text(row) for row in alone.rows(P1, table.name)] == [
            row_text(row) for row in stored
        ]
    assert alone.digest(P1) == derived_digest(connection, P1)
    assert alone.products == [P1]


def test_row_text__whatever_the_value__is_as_postgresql_writes_it(connection: Connection) -> None:
    values = [
        "a",
        "",
        " ",
        "a b",
        "a,b",
        "(a)",
        '"',
        "a\\b",
        "\t",
        "数量　口",
        "é",
        "\u00a0",
        "\u3000",
        None,
    ]
    listed = ", ".join(f"CAST(:v{at} AS text)" for at in range(len(values)))
    written = connection.scalar(
        text(f"SELECT ROW({listed})::text"), {f"v{at}": value for at, value in enumerate(values)}
    )
    assert row_text(values) == written
