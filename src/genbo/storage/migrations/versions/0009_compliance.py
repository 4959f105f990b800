"""KYC and AML: sessions, results, lists, screenings, releases.

Revision ID: 0009
"""

from genbo.storage.migrations.script import run_sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
