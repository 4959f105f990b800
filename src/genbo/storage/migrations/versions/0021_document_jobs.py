"""Document jobs.

Revision ID: 0021
"""

from genbo.storage.migrations.script import run_sql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
