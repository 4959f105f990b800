"""Distributions paid in a yen token.

Revision ID: 0024
"""

from genbo.storage.migrations.script import run_sql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
