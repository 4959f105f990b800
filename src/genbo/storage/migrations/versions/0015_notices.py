"""Notices to the systems of institutions, and their delivery.

Revision ID: 0015
"""

from genbo.storage.migrations.script import run_sql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
