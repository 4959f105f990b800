"""The sixteen tables by their names, as views.

Revision ID: 0013
"""

from genbo.storage.migrations.script import run_sql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
