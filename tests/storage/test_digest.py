"""Digest of the derived rows: the same for the same rows, another for any other."""

from sqlalchemy import Connection, text
from tests.storage.builders import CHAIN, P1, Ledger, deploy

from genbo.kernel import ProductId
from genbo.storage.digest import DERIVED, derived_digest
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
