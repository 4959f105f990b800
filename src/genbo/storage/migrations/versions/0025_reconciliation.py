"""Books that are compared, difference cases, balance certificates.

Revision ID: 0025
"""

from genbo.storage.migrations.script import run_sql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
