"""Redemptions, splits, additional issues.

Revision ID: 0019
"""

from genbo.storage.migrations.script import run_sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
