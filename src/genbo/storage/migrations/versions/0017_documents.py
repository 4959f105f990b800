"""Register documents that were issued, and inspections.

Revision ID: 0017
"""

from genbo.storage.migrations.script import run_sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
