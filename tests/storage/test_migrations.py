"""Migrations: they make exactly the schema that the code declares, and a database at another one is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from genbo.kernel import Fault, Reason
from genbo.storage import migrations
from genbo.storage.engine import Database
from genbo.storage.migrations import latest, migrate, require_current
from genbo.storage.server import EmbeddedServer
from genbo.storage.tables import metadata

CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'""",
    "tables": """
        SELECT relname, obj_description(oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid), proacl::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
    "views": """
        SELECT relname, pg_get_viewdef(oid), reloptions::text, relacl::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'""",
    "policies": "SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies",
    "row security": """
        SELECT relname, relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'""",
}


def catalogue(database: Database, question: str) -> set[tuple[object, ...]]:
    with database.read() as connection:
        rows = connection.execute(text(CATALOGUE[question]))
        return {tuple(row) for row in rows if not str(row[0]).startswith("alembic_version")}


@pytest.fixture(scope="module")
def declared(server: EmbeddedServer) -> Iterator[Database]:
    """A database made from the declarations, without migrations."""
    server.create_database("declared")
    made = Database(server.url("declared"))
    with made.begin() as connection:
        metadata.create_all(connection)
    yield made
    made.close()


def test_migrations__compared_by_alembic__differ_in_nothing(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("question", CATALOGUE)
def test_migrations__compared_by_catalogue__differ_in_nothing(
    migrated: Database, declared: Database, question: str
) -> None:
    """Alembic does not see checks, predicates and triggers; the catalogue of the database does."""
    expected = catalogue(declared, question)
    assert expected
    assert catalogue(migrated, question) == expected


def test_latest__asked_of_alembic__is_the_same() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == latest()
    assert sorted(each.revision for each in scripts.walk_revisions()) == migrations.known()


def test_tables__every_one__explain_themselves_in_both_languages() -> None:
    for table in metadata.tables.values():
        for thing in (table, *table.columns):
            comment = thing.comment or ""
            assert any(ord(letter) > 0x3000 for letter in comment) or "ISIN" in comment, thing


def test_require_current__empty_database__is_refused(empty_database: Database) -> None:
    with pytest.raises(Fault) as caught:
        require_current(empty_database)
    assert caught.value.reason is Reason.DATABASE_MIGRATION
    assert caught.value.facts == {"actual": "none", "expected": latest()}


def test_migrate__twice__changes_nothing(empty_database: Database) -> None:
    assert migrate(empty_database) == latest()
    assert migrate(empty_database) == latest()
    require_current(empty_database)


def test_migrate__database_of_a_later_version__is_refused_and_untouched(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (migrate, require_current):
        with pytest.raises(Fault) as caught:
            act(database)
        assert caught.value.facts == {"actual": "9999", "expected": latest()}


def test_migrate__failing_halfway__leaves_nothing(empty_database: Database) -> None:
    with empty_database.begin() as connection:
        connection.execute(text("CREATE TABLE lot (occupied int)"))
    with pytest.raises(Exception, match="lot"):
        migrate(empty_database)
    with empty_database.read() as connection:
        tables = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
        assert set(tables) == {"lot"}
