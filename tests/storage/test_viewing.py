"""A transaction that looks as an institution, and what would notice that it sees too much (invariant 11).

given an institution that is none, or a viewer without one
└── it should see nothing
given a transaction that ends early, and one that goes on after looking
└── the first should still be a view, the second see everything again
given a disclosure, before and after its time
└── it should show no name
given a policy that is dropped, or a right, a view, a table that nobody decided on
└── the walk should fail where more is shown, and `holes` should name it
given a database whose user has not the role, or does not own the tables
└── it should be refused with what the operator has to grant, and never half answered
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.storage.builders import START
from tests.storage.test_visibility import rows, walk_tables, world
from tests.storage.visible import (
    TABLES,
)
from tests.support.people import INSTITUTIONS, R1
from tests.support.sight import (
    CUSTOMERS,
    NOW,
    P1,
    PRODUCTS,
)

from genbo.governance.institutions import (
    InstitutionId,
)
from genbo.kernel import (
    Fault,
    Reason,
)
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.migrations import migrate
from genbo.storage.partial_sight import PartialSight
from genbo.storage.products import Products
from genbo.storage.server import EmbeddedServer, embedded_server
from genbo.storage.tables.visibility import VIEWS
from genbo.storage.viewing import holes, seen_by

__all__ = ["world"]


# Where there is nothing to see -------------------------------------------------------------------------


def test_viewing__an_institution_that_is_none__sees_nothing(world: Database) -> None:
    with world.viewing(InstitutionId("X9"), at=NOW) as connection:
        assert [table for table in TABLES if rows(connection, table)] == []
        for view in VIEWS:
            assert connection.scalar(text(f"SELECT count(*) FROM {view}")) == 0


def test_viewing__no_institution_named__sees_nothing(world: Database) -> None:
    with world.viewing(R1.id, at=NOW) as connection:
        for value in ("", None):
            connection.execute(
                text("SELECT set_config('genbo.institution', :value, true)"), {"value": value}
            )
            assert [table for table in TABLES if rows(connection, table)] == []


def test_viewing__transaction_that_ended_early__is_still_a_view(world: Database) -> None:
    with world.viewing(R1.id, at=NOW) as connection:
        for end in (connection.rollback, connection.commit):
            assert [row.product_id for row in rows(connection, "product")] == ["P1"]
            end()
        with pytest.raises(Exception, match=r"read-only|permission denied"):
            connection.execute(text("UPDATE product SET name = 'x'"))


def test_read__after_a_viewing_on_the_same_connection__sees_everything(world: Database) -> None:
    with world.viewing(R1.id, at=NOW) as connection:
        session = connection.scalar(text("SELECT pg_backend_pid()"))
    with world.read() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == session
        assert len(rows(connection, "product")) == len(PRODUCTS)


def test_seen_by__block_ends__the_transaction_sees_everything_again(world: Database) -> None:
    with world.begin() as connection:
        with seen_by(connection, R1.id, at=NOW):
            assert len(rows(connection, "product")) == 1
        assert len(rows(connection, "product")) == len(PRODUCTS)


def test_viewing__disclosure_before_and_after_its_time__shows_no_name(world: Database) -> None:
    """The end is the first instant at which it no longer holds."""
    names = {}
    for at in (START - timedelta(seconds=1), START, NOW, NOW + timedelta(days=1)):
        with world.viewing(InstitutionId("A1"), at=at) as connection:
            names[at] = {row.investor_id for row in rows(connection, "identity")}
    on_p1 = {each.investor for each in CUSTOMERS.values() if PRODUCTS[P1] in each.registers}
    assert list(names.values()) == [set(), on_p1, on_p1, set()]


def test_digests__each__says_nothing_but_commits_to_the_row(world: Database) -> None:
    """Two equal quantities have different digests, and the registrar can show that a digest is that of a row."""
    with world.viewing(InstitutionId("PF"), at=NOW) as connection:
        digests = PartialSight(connection).digests(first=0, last=99)
    with world.read() as connection:
        stored = len(rows(connection, "position")) + len(rows(connection, "trade"))
        opened = connection.scalar(
            text(
                "SELECT sha256(sha256(secret || convert_to('trade/P1/2/1', 'UTF8'))"
                " || convert_to(jsonb_strip_nulls(to_jsonb(trade.*))::text, 'UTF8'))"
                " FROM trade, digest_secret WHERE product_id = 'P1' AND from_block = 2"
            )
        )
    assert len({each.digest for each in digests}) == len(digests) == stored
    assert opened in {each.digest for each in digests if each.kind == "trade" and each.block == 2}
    assert all(len(each.digest) == 32 for each in digests)


# That the walk would notice ----------------------------------------------------------------------------


DAMAGE = {
    "DROP POLICY wallet_seen ON wallet": "wallet",
    "ALTER TABLE investor DISABLE ROW LEVEL SECURITY": "investor",
    "ALTER POLICY trade_seen ON trade USING (true)": "trade",
    "CREATE POLICY more ON verdict FOR SELECT TO genbo_viewer USING (true)": "verdict",
    "CREATE OR REPLACE FUNCTION sees_name(customer text) RETURNS boolean"
    " LANGUAGE sql AS 'SELECT true'": "identity",
}
"""What somebody may do to the database, and a table that then shows something else."""

HARMLESS_YET = {
    "GRANT SELECT ON audit TO genbo_viewer": "audit SELECT",
    "GRANT SELECT (facts) ON audit TO genbo_viewer": "audit.facts SELECT",
    "GRANT UPDATE ON product TO PUBLIC": "product UPDATE",
    "CREATE OR REPLACE VIEW platform_digest WITH (security_barrier) AS"
    " SELECT 'trade'::text AS kind, 1::bigint AS block, '\\x00'::bytea AS digest": "platform_digest",
    "ALTER VIEW client_trade SET (security_barrier = false)": "client_trade",
    "CREATE TABLE found (name text)": "found has no row-level security",
}


@pytest.fixture
def breakable(server: EmbeddedServer, world: Database) -> Iterator[Database]:
    world.engine.dispose()  # a database that is copied has no connections
    server.create_database("breakable", template="world")
    database = Database(server.url("breakable"))
    yield database
    database.close()
    server.drop_database("breakable")


@pytest.mark.parametrize("damage", DAMAGE)
def test_walk__a_policy_is_gone_or_shows_too_much__fails(breakable: Database, damage: str) -> None:
    apart: set[str] = set()
    with breakable.begin() as connection:
        assert holes(connection) == []
        connection.execute(text(damage))
    for viewer in INSTITUTIONS:
        apart |= walk_tables(breakable, viewer).keys()
    assert DAMAGE[damage] in apart
    with breakable.read() as connection:
        assert holes(connection) != []


@pytest.mark.parametrize("damage", HARMLESS_YET)
def test_holes__something_else_than_what_was_decided__is_named(
    breakable: Database, damage: str
) -> None:
    with breakable.begin() as connection:
        connection.execute(text(damage))
    with breakable.read() as connection:
        found = holes(connection)
    assert found
    assert all(HARMLESS_YET[damage] in each for each in found)


# An external database ----------------------------------------------------------------------------------


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server of somebody else: it has an ordinary user `app` that owns the database `app`, and no viewer role."""
    with (
        lock_folder(tmp_path / "foreign") as folder,
        embedded_server(folder, durable=False) as running,
    ):
        with running._administer() as admin:
            admin.execute("CREATE ROLE app LOGIN")
            admin.execute("CREATE DATABASE app OWNER app")
        yield running


def test_migrate__user_may_make_no_role__says_what_to_grant(foreign: EmbeddedServer) -> None:
    database = Database(foreign.url("app").set(username="app"))
    with pytest.raises(Fault) as caught:
        migrate(database)
    assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING
    with foreign._administer() as admin:
        admin.execute("CREATE ROLE genbo_viewer NOLOGIN")
    with pytest.raises(Fault) as caught:  # the role is there, and not granted
        migrate(database)
    assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING
    with foreign._administer() as admin:
        admin.execute("GRANT genbo_viewer TO app")
    migrate(database)
    with database.read() as connection:
        assert holes(connection) == []
    with database.viewing(R1.id, at=NOW) as connection:
        assert rows(connection, "product") == []
    database.close()


def test_migrate__user_may_make_roles__needs_nobody(foreign: EmbeddedServer) -> None:
    with foreign._administer() as admin:
        admin.execute("ALTER ROLE app CREATEROLE")
    database = Database(foreign.url("app").set(username="app"))
    migrate(database)
    with database.viewing(R1.id, at=NOW) as connection:
        assert connection.scalar(text("SELECT current_user")) == "genbo_viewer"
    database.close()


def test_viewing__restored_where_the_role_is_missing__is_refused(foreign: EmbeddedServer) -> None:
    """A dump of one database has no roles."""
    database = Database(foreign.url("app"))
    with pytest.raises(Fault) as caught, database.viewing(R1.id, at=NOW) as connection:
        connection.scalar(text("SELECT 1"))
    assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING
    with database.read() as connection:
        assert holes(connection) == ["there is no role genbo_viewer"]
    database.close()


def test_read__by_a_user_who_does_not_own_the_tables__is_refused_and_not_half_answered(
    foreign: EmbeddedServer,
) -> None:
    owner = Database(foreign.url("app"))
    migrate(owner)
    with owner.begin() as connection:
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO app"))
    owner.close()
    other = Database(foreign.url("app").set(username="app"))
    with pytest.raises(Fault) as caught, other.read() as connection:
        Products(connection).all()
    assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING
    other.close()
