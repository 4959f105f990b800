"""Firms and their contracts: tables T4, T5 and T8 to T13, and the bank master.

Revision ID: 0006
"""

from genbo.storage.migrations.script import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__)
