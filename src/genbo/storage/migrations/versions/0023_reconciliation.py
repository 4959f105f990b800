"""Books that are compared, difference cases, balance certificates.

Revision ID: 0023
"""

from genbo.storage.migrations.script import run_sql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
