"""Deliveries (配信): a notice on its way to a webhook, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from genbo.governance.notices.notice import Notice
from genbo.governance.notices.webhook import DeliveryState, Webhook, WebhookId
from genbo.kernel import ProductId


@dataclass(frozen=True, slots=True)
class Due:
    """Something to post: the next notice of a lane, or one by itself, that is replayed."""

    webhook: WebhookId
    product: str
    """Empty for what is about no product."""
    position: int | None = None
    """Of the notice, where it is replayed by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A notice that nobody else posts until the transaction ends."""

    due: Due
    webhook: Webhook
    notice: Notice
    tries: int
    """Failed tries so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a try came to."""

    delivered: bool
    status: int | None
    """The HTTP status of the answer, where there was one."""
    problem: str | None
    """Why it failed, in words of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a notice."""

    webhook: WebhookId
    position: int
    product: ProductId | None
    number: int
    type: str
    state: DeliveryState
    tries: int
    status: int | None
    problem: str | None
    first_at: datetime
    last_at: datetime
