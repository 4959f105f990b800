"""The SQL of a migration: the file of the same name beside it."""

from pathlib import Path

from alembic import op
from psycopg import Connection


def run_sql(migration: str) -> None:
    """Runs the `.sql` file beside the migration file `migration`, as written and as one script."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, Connection)
    # Without parameters the server takes several statements at once, and no sign means anything.
    driver.execute(Path(migration).with_suffix(".sql").read_bytes())
