"""The derived rows of the register, laid out for bulk writing.

Revision ID: 0003
"""

from genbo.storage.migrations.script import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
