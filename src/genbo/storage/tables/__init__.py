"""The schema: one file per noun, every column with its meaning in Japanese and English.

What must always hold (positive quantities, known codes, one active address, one standing row) is a constraint of the
database, so no path around this code can break it.
"""

from genbo.storage.tables.audit import audit
from genbo.storage.tables.bank import bank, bank_branch
from genbo.storage.tables.chain import block, cursor, deployment, event_raw
from genbo.storage.tables.columns import metadata
from genbo.storage.tables.command import approval, command
from genbo.storage.tables.contract import trust_contract
from genbo.storage.tables.control import market_status, transfer_control
from genbo.storage.tables.corporate_action import corporate_action
from genbo.storage.tables.disclosure import disclosure
from genbo.storage.tables.document_job import document_job, document_job_part
from genbo.storage.tables.entitlement import (
    distribution,
    entitlement,
    payee_line,
    payment,
    payment_file,
    record_date,
    tax_category,
)
from genbo.storage.tables.firm import (
    asset_manager,
    beneficiary_agent,
    custodian,
    institution,
    introduction,
    owner_key,
    product_firm,
    safekeeping_firm,
    settlor,
    trustee,
)
from genbo.storage.tables.former import former_row
from genbo.storage.tables.import_file import import_file
from genbo.storage.tables.inspection import inspection
from genbo.storage.tables.investor import identity, investor, investor_key, reading, verdict
from genbo.storage.tables.job import job, job_batch, job_row
from genbo.storage.tables.kyc import kyc_result, kyc_session
from genbo.storage.tables.market import (
    book_closing,
    calendar_override,
    market_decision,
    market_hours,
)
from genbo.storage.tables.notice import (
    notice,
    notice_cursor,
    notice_stream,
    webhook,
    webhook_delivery,
    webhook_lane,
)
from genbo.storage.tables.order import transfer_order
from genbo.storage.tables.outbox import attempt, outbox, signer
from genbo.storage.tables.product import product
from genbo.storage.tables.product_name import product_name
from genbo.storage.tables.reconciliation import (
    balance_certificate,
    book_check,
    certifier,
    difference_case,
)
from genbo.storage.tables.register import lot, position, total_issued, trade, trade_piece
from genbo.storage.tables.request import request
from genbo.storage.tables.screening import (
    release_proposal,
    sanctions_entry,
    sanctions_list,
    screening,
    screening_release,
    screening_thresholds,
)
from genbo.storage.tables.token_payment import payment_terms, token_batch, token_payment
from genbo.storage.tables.upload import upload, upload_part
from genbo.storage.tables.user import (
    access_proposal,
    app_user,
    client_assertion,
    credential,
    user_permission,
)
from genbo.storage.tables.vault import (
    blind_index,
    legal_hold,
    relation_end,
    use_restriction,
    vault_secret,
)
from genbo.storage.tables.visibility import digest_secret
from genbo.storage.tables.wallet import address_tree, challenge, wallet

__all__ = [
    "access_proposal",
    "address_tree",
    "app_user",
    "approval",
    "asset_manager",
    "attempt",
    "audit",
    "balance_certificate",
    "bank",
    "bank_branch",
    "beneficiary_agent",
    "blind_index",
    "block",
    "book_check",
    "book_closing",
    "calendar_override",
    "certifier",
    "challenge",
    "client_assertion",
    "command",
    "corporate_action",
    "credential",
    "cursor",
    "custodian",
    "deployment",
    "difference_case",
    "digest_secret",
    "disclosure",
    "distribution",
    "document_job",
    "document_job_part",
    "entitlement",
    "event_raw",
    "former_row",
    "identity",
    "import_file",
    "inspection",
    "institution",
    "introduction",
    "investor",
    "investor_key",
    "job",
    "job_batch",
    "job_row",
    "kyc_result",
    "kyc_session",
    "legal_hold",
    "lot",
    "market_decision",
    "market_hours",
    "market_status",
    "metadata",
    "notice",
    "notice_cursor",
    "notice_stream",
    "outbox",
    "owner_key",
    "payee_line",
    "payment",
    "payment_file",
    "payment_terms",
    "position",
    "product",
    "product_firm",
    "product_name",
    "reading",
    "record_date",
    "relation_end",
    "release_proposal",
    "request",
    "safekeeping_firm",
    "sanctions_entry",
    "sanctions_list",
    "screening",
    "screening_release",
    "screening_thresholds",
    "settlor",
    "signer",
    "tax_category",
    "token_batch",
    "token_payment",
    "total_issued",
    "trade",
    "trade_piece",
    "transfer_control",
    "transfer_order",
    "trust_contract",
    "trustee",
    "upload",
    "upload_part",
    "use_restriction",
    "user_permission",
    "vault_secret",
    "verdict",
    "wallet",
    "webhook",
    "webhook_delivery",
    "webhook_lane",
]
