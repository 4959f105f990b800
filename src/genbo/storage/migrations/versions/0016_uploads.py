"""Uploads in parts, and requests that are kept with their answers.

Revision ID: 0016
"""

from genbo.storage.migrations.script import run_sql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
