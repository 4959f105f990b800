"""The write path: commands, approvals, the outbox, jobs.

Revision ID: 0002
"""

from genbo.storage.migrations.script import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
