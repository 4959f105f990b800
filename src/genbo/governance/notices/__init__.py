"""Notices (通知): what is told to the systems of institutions, of what, to whom, and by which ways.

Promises: an institution is told what it may see and nothing else; nothing is left out; the notices of a product come in
their order, numbered without a gap; what stands on the ledger is told when it is final; nobody's name is in a notice.
"""

from genbo.governance.notices.audience import Audience, Hearer, Shown
from genbo.governance.notices.delivery import Claimed, Delivery, Due, Outcome
from genbo.governance.notices.notice import (
    FAMILIES,
    Notice,
    NoticeType,
    Telling,
    position_in,
    require_wanted,
)
from genbo.governance.notices.signature import shown, signed_headers
from genbo.governance.notices.webhook import (
    ANSWER_SECONDS,
    DELAYS,
    MOST,
    OVERLAP,
    SILENT_FOR,
    DeliveryState,
    IpAddress,
    IpNetwork,
    Webhook,
    WebhookId,
    WebhookState,
    is_silent,
    next_try,
    require_reachable,
    require_url,
    secret_name,
)

__all__ = [
    "ANSWER_SECONDS",
    "DELAYS",
    "FAMILIES",
    "MOST",
    "OVERLAP",
    "SILENT_FOR",
    "Audience",
    "Claimed",
    "Delivery",
    "DeliveryState",
    "Due",
    "Hearer",
    "IpAddress",
    "IpNetwork",
    "Notice",
    "NoticeType",
    "Outcome",
    "Shown",
    "Telling",
    "Webhook",
    "WebhookId",
    "WebhookState",
    "is_silent",
    "next_try",
    "position_in",
    "require_reachable",
    "require_url",
    "require_wanted",
    "secret_name",
    "shown",
    "signed_headers",
]
