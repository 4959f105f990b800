"""People and machines: users, permissions, credentials.

Revision ID: 0008
"""

from genbo.storage.migrations.script import run_sql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
