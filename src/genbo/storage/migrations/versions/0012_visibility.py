"""Row-level security: who sees which row.

Revision ID: 0012
"""

from genbo.storage.migrations.script import run_sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
