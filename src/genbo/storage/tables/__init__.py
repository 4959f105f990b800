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
from genbo.storage.tables.market import (
    book_closing,
    calendar_override,
    market_decision,
    market_hours,
)
from genbo.storage.tables.order import transfer_order
from genbo.storage.tables.outbox import attempt, outbox, signer
from genbo.storage.tables.product import product
from genbo.storage.tables.register import lot, position, total_issued, trade, trade_piece
from genbo.storage.tables.wallet import address_tree, challenge, wallet

__all__ = [
    "address_tree",
    "approval",
    "attempt",
    "audit",
    "block",
    "book_closing",
    "calendar_override",
    "challenge",
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
    "lot",
    "market_decision",
    "market_hours",
    "metadata",
    "outbox",
    "position",
    "product",
    "reading",
    "signer",
    "total_issued",
    "trade",
    "trade_piece",
    "transfer_order",
    "verdict",
    "wallet",
]
