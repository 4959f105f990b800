"""Record dates, distributions, payments.

Revision ID: 0018
"""

from genbo.storage.migrations.script import run_sql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
