"""The foundation: deployments, events, products, investors, the register.

Revision ID: 0001
"""

from genbo.storage.migrations.script import run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
