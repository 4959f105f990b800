"""The vault: rotation, blind index, retention and erasure.

Revision ID: 0007
"""

from genbo.storage.migrations.script import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
