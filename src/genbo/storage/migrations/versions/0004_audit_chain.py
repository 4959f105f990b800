"""The audit chain.

Revision ID: 0004
"""

from genbo.storage.migrations.script import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
