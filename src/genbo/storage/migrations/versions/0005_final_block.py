"""The final block beside the cursor.

Revision ID: 0005
"""

from genbo.storage.migrations.script import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
