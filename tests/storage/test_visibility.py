"""Each institution sees exactly the rows of the visibility table (invariant 11, R-PROGMAT-VIS-1 to 4).

given the world of tests.support.sight, and every institution in it
├── every table
│   ├── that has a policy: it should show the rows that the rules of governance show, and no other
│   └── that has none: it should show nothing, not even that it has rows
└── every public query of the storage layer
    ├── it should be listed in tests.storage.visible, with what it answers to whom
    └── it should answer what it answers to everybody, less what the institution may not see
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, select
from tests.storage.builders import CHAIN
from tests.storage.test_audit_everywhere import EXCEPTIONS, WRITERS, public
from tests.storage.visible import (
    BALANCES,
    DENIED,
    EMPTY,
    LOTS,
    NOT_ASKED,
    QUERIES,
    TABLES,
    UNSEEN,
    VAULT,
    Viewer,
    client_trades,
)
from tests.support.people import INSTITUTIONS
from tests.support.sight import (
    MOVEMENTS,
    NOW,
    PRODUCTS,
    furnish,
)

from genbo.kernel import (
    Fault,
    Reason,
)
from genbo.storage import tables
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.storage.server import EmbeddedServer
from genbo.storage.tables.visibility import POLICIES

from .conftest import TEMPLATE


def asking() -> set[str]:
    """Every public function of storage that is given a connection, or whose object holds one, and does not write."""
    import genbo.storage

    found = set()
    for name, function in public().items():
        owner = name.rpartition(".")[0]
        module = inspect.getmodule(function)
        taken = set(inspect.signature(function).parameters)
        if (cls := getattr(module, owner, None)) is not None and inspect.isclass(cls):
            taken |= set(inspect.signature(cls).parameters)
        if "connection" in taken:
            found.add(name)
    assert genbo.storage
    return found - WRITERS.keys() - EXCEPTIONS.keys()


def test_queries__each_that_storage_has__is_listed() -> None:
    listed = QUERIES.keys() | DENIED.keys() | NOT_ASKED.keys()
    assert sorted(asking() - listed) == [], "a query without an entry: who sees what of its answer?"
    assert listed - public().keys() == set()
    assert all(len(reason) > 10 for reason in (*UNSEEN.values(), *NOT_ASKED.values()))


# The walk --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("world", template=TEMPLATE)
    database = Database(server.url("world"))
    with database.begin() as connection:
        furnish(connection, VAULT)
    with database.read() as connection:
        for product in PRODUCTS:
            ever = {
                lot.id: lot
                for block in range(len(MOVEMENTS) + 2)
                for lot in Register(connection, CHAIN).lots(product, as_of=block)
            }
            LOTS[product] = list(ever.values())
            for each in Register(connection, CHAIN).positions(product):
                BALANCES[product, each.address] = int(each.units)
    yield database
    database.close()
    server.drop_database("world")


def rows(connection: Connection, table: str) -> list[Any]:
    wanted = tables.metadata.tables[table]
    return list(connection.execute(select(wanted).order_by(*wanted.primary_key)))


def walk_tables(database: Database, viewer: Viewer) -> dict[str, tuple[list[Any], list[Any]]]:
    """Tables where the institution sees other rows than it must: what it should see, what it sees."""
    with database.read() as connection:
        everything = {table: rows(connection, table) for table in TABLES}
    apart = {}
    with database.viewing(viewer.id, at=NOW) as connection:
        for table, sees in TABLES.items():
            expected = [row for row in everything[table] if sees(viewer, row)]
            if (actual := rows(connection, table)) != expected:
                apart[table] = (expected, actual)
    return apart


def test_tables__each__is_seen_by_a_rule_or_by_nobody() -> None:
    assert TABLES.keys() == POLICIES.keys()
    assert TABLES.keys() | UNSEEN.keys() == tables.metadata.tables.keys()


def test_world__each_table_and_query__has_something_to_show(world: Database) -> None:
    """Nothing is compared with nothing."""
    with world.read() as connection:
        assert {table for table in TABLES if not rows(connection, table)} == EMPTY
        empty = {name for name, query in QUERIES.items() if not query.ask(connection)}
    # Asked by everybody, the views show nothing: they are of one role each.
    assert empty == {"PartialSight.client_trades", "PartialSight.digests"}


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda it: it.id)
def test_tables__each_institution__sees_exactly_its_rows(world: Database, viewer: Viewer) -> None:
    assert walk_tables(world, viewer) == {}
    for table in UNSEEN:
        with (
            pytest.raises(Fault) as caught,
            world.viewing(viewer.id, at=NOW) as connection,
        ):
            rows(connection, table)
        assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda it: it.id)
def test_queries__each_institution__gets_exactly_its_answers(
    world: Database, viewer: Viewer
) -> None:
    with world.read() as connection:
        everything = {name: query.ask(connection) for name, query in QUERIES.items()}
    everything["PartialSight.client_trades"] = client_trades()
    with world.viewing(viewer.id, at=NOW) as connection:
        for name, query in QUERIES.items():
            if name != "PartialSight.digests":
                assert query.ask(connection) == query.expect(viewer, everything[name]), name
    for name, ask in DENIED.items():
        with pytest.raises(Fault) as caught, world.viewing(viewer.id, at=NOW) as connection:
            ask(connection)
        assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING, name
