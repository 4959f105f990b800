"""Keys and certificates with which the systems of institutions sign in.

Revision ID: 0014
"""

from genbo.storage.migrations.script import run_sql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
