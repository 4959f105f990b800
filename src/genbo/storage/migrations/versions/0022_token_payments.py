"""Distributions paid in a yen token.

Revision ID: 0022
"""

from genbo.storage.migrations.script import run_sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
