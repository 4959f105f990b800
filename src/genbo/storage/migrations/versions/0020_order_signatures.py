"""Orders carry the giver's authorisation and no transaction of his own.

Revision ID: 0020
"""

from genbo.storage.migrations.script import run_sql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
