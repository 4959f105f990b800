"""Calendar, hours, book closings, queued orders; trees and keys.

Revision ID: 0010
"""

from genbo.storage.migrations.script import run_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
