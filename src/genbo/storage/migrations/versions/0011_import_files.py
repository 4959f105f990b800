"""Import-file control (T15).

Revision ID: 0011
"""

from genbo.storage.migrations.script import run_sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
