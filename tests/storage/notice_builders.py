"""What the tests of notices store: a webhook of R1, something it is told, a delivery."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection
from tests.storage.builders import P1, START

from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import NoticeType, Outcome, Telling, Webhook, WebhookId, WebhookState
from genbo.storage.notices import Notices
from genbo.storage.vault import Vault
from genbo.storage.webhook_deliveries import WebhookDeliveries
from genbo.storage.webhooks import Webhooks

LATER = START + timedelta(days=1)
BY = "machine:c-1"
WEBHOOK = Webhook(
    id=WebhookId("wh_1"),
    institution=InstitutionId("R1"),
    url="https://events.example.com/in",
    types=("register",),
    products=(),
    state=WebhookState.ACTIVE,
    secret_number=1,
    previous_until=None,
    created_at=START,
    created_by=BY,
    updated_at=START,
    updated_by=BY,
)


def a_webhook(connection: Connection, vault: Vault) -> Webhooks:
    webhooks = Webhooks(connection)
    webhooks.register(WEBHOOK, vault.secrets, at=START, by=BY)
    return webhooks


def change_webhook(connection: Connection, vault: Vault, state: WebhookState) -> None:
    a_webhook(connection, vault).change(
        WEBHOOK.id, url=WEBHOOK.url, types=("order",), products=(P1,), state=state, at=LATER, by=BY
    )


def delivered(connection: Connection, vault: Vault) -> WebhookDeliveries:
    """The webhook took the first thing that R1 was told of P1."""
    a_webhook(connection, vault)
    telling = Telling(
        institution=WEBHOOK.institution,
        product=P1,
        type=NoticeType.ISSUE,
        occurred_at=START,
        stamp=None,
        final=True,
        data={},
    )
    Notices(connection).tell([telling])
    deliveries = WebhookDeliveries(connection)
    (due,) = deliveries.due(at=LATER, most=9)
    claimed = deliveries.claim(due, at=LATER)
    assert claimed is not None
    outcome = Outcome(delivered=True, status=200, problem=None)
    deliveries.note(claimed, outcome, at=LATER, jitter=0.5)
    return deliveries


def live(connection: Connection, vault: Vault) -> None:
    """Every act there is."""
    deliveries, webhooks = delivered(connection, vault), Webhooks(connection)
    deliveries.replay_one(WEBHOOK, 1, at=LATER, by=BY)
    webhooks.rotate(WEBHOOK.id, vault.secrets, at=LATER, by=BY)
    webhooks.deactivate(WEBHOOK.id, at=LATER, by="genbo")
    for state in (WebhookState.ACTIVE, WebhookState.DELETED):
        webhooks.change(
            WEBHOOK.id, url=WEBHOOK.url, types=(), products=(P1,), state=state, at=LATER, by=BY
        )
