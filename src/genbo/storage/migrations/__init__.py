"""Migrations: how a database gets from any earlier schema to the one in `genbo.storage.tables`.

Forward only. Each version is the SQL that a database administrator can read and approve. All pending versions run in
one transaction, so a database is at one version or the next, never between.
"""

from pathlib import Path

from sqlalchemy import Connection, text

from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database

_LOCK = 0x67656E626F  # "genbo": two processes that migrate take turns
_VERSIONS = Path(__file__).parent / "versions"


def migrate(database: Database) -> str:
    """Brings the database to the schema of this version of Genbo; returns the migration it is at.

    Raises:
        Fault: `database_migration` when it is at a migration that this version does not know.
    """
    with database.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        at = _at(connection)
        if at is not None and at not in known():
            raise Fault(Reason.DATABASE_MIGRATION, actual=at, expected=latest())
        if at != latest():
            _upgrade(connection)
        return latest()


def require_current(database: Database) -> None:
    """Nothing, when the database is at the schema of this version of Genbo.

    Raises:
        Fault: `database_migration` with both migrations.
    """
    with database.read() as connection:
        at = _at(connection)
    if at != latest():
        raise Fault(Reason.DATABASE_MIGRATION, actual=at or "none", expected=latest())


def latest() -> str:
    """The migration of this version of Genbo."""
    return known()[-1]


def known() -> list[str]:
    """The migrations of this version of Genbo, first to last: the numbers their files begin with."""
    return sorted(path.name.split("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def _at(connection: Connection) -> str | None:
    """The migration that the database says it is at."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    at: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return at


def _upgrade(connection: Connection) -> None:
    # Alembic takes a third of a second to import, and most commands only ask whether there is anything to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
