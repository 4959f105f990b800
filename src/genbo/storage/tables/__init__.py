"""The schema: one file per noun, every column with its meaning in Japanese and English.

What must always hold (positive quantities, known codes, one active address, one standing row) is a constraint of the
database, so no path around this code can break it.
"""

from genbo.storage.tables.audit import audit
from genbo.storage.tables.chain import block, cursor, deployment, event_raw
from genbo.storage.tables.columns import metadata
from genbo.storage.tables.command import approval, command
from genbo.storage.tables.investor import identity, investor, investor_key, reading, verdict
from genbo.storage.tables.job import job, job_batch, job_row
from genbo.storage.tables.kyc import kyc_result, kyc_session
from genbo.storage.tables.outbox import attempt, outbox, signer
from genbo.storage.tables.product import product
from genbo.storage.tables.register import lot, position, total_issued, trade, trade_piece
from genbo.storage.tables.screening import (
    release_proposal,
    sanctions_entry,
    sanctions_list,
    screening,
    screening_release,
    screening_thresholds,
)
from genbo.storage.tables.wallet import wallet

__all__ = [
    "approval",
    "attempt",
    "audit",
    "block",
    "command",
    "cursor",
    "deployment",
    "event_raw",
    "identity",
    "investor",
    "investor_key",
    "job",
    "job_batch",
    "job_row",
    "kyc_result",
    "kyc_session",
    "lot",
    "metadata",
    "outbox",
    "position",
    "product",
    "reading",
    "release_proposal",
    "sanctions_entry",
    "sanctions_list",
    "screening",
    "screening_release",
    "screening_thresholds",
    "signer",
    "total_issued",
    "trade",
    "trade_piece",
    "verdict",
    "wallet",
]
