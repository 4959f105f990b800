"""Webhooks (通知の送信先): the addresses that notices are posted to. Their secrets are in the vault.

A webhook is never removed: what was registered, by whom, stays under its audit entries.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, literal, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import (
    MOST,
    OVERLAP,
    Webhook,
    WebhookId,
    WebhookState,
    secret_name,
)
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import institution as institution_table
from genbo.storage.tables import notice_stream, webhook_lane
from genbo.storage.tables import webhook as table
from genbo.storage.tables.columns import changed_now
from genbo.storage.vault_secrets import VaultSecrets
from genbo.storage.witness import vouch


class Webhooks:
    """The webhooks, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def register(self, new: Webhook, secrets: VaultSecrets, *, at: datetime, by: str) -> None:
        """Keeps a webhook with a fresh secret. It is posted what its institution is told from now on.

        Raises:
            Refusal: `webhooks_exceeded`.
        """
        # One registration at a time for an institution, so that there are never more than may be.
        self._connection.execute(
            select(institution_table.c.institution_id)
            .where(institution_table.c.institution_id == new.institution)
            .with_for_update(key_share=True)
        )
        if len(self.all(new.institution)) >= MOST:
            raise Refusal(Reason.WEBHOOKS_EXCEEDED, most=MOST)
        self._connection.execute(
            insert(table).values(
                webhook_id=new.id,
                institution_id=new.institution,
                url=new.url,
                types=list(new.types),
                products=list(new.products),
                state=new.state.value,
                secret_number=new.secret_number,
                previous_until=None,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
            )
        )
        secrets.make(self._connection, secret_name(new.id, new.secret_number), at=at, by=by)
        begun = select(
            literal(new.id, webhook_lane.c.webhook_id.type),
            notice_stream.c.product_id,
            notice_stream.c.last,
            literal(0, webhook_lane.c.tries.type),
            literal(at, webhook_lane.c.due_at.type),
        ).where(notice_stream.c.institution_id == new.institution)
        self._connection.execute(
            insert(webhook_lane).from_select(
                ["webhook_id", "product_id", "number", "tries", "due_at"], begun
            )
        )
        self._audit(AuditAction.WEBHOOK_REGISTERED, new.id, at=at, by=by)

    def change(
        self,
        webhook: WebhookId,
        *,
        url: str,
        types: Sequence[str],
        products: Sequence[ProductId],
        state: WebhookState,
        at: datetime,
        by: str,
    ) -> Webhook:
        """Changes address, types, products and state; one that becomes active again goes on where it stood.

        Raises:
            Refusal: `not_found`.
        """
        before = self.get(webhook, to_change=True)
        after = {
            "url": url,
            "types": list(types),
            "products": list(products),
            "state": state.value,
        }
        self._set(webhook, after, at=at, by=by)
        if state is WebhookState.ACTIVE and before.state is not WebhookState.ACTIVE:
            self._connection.execute(
                update(webhook_lane)
                .where(webhook_lane.c.webhook_id == webhook)
                .values(tries=0, due_at=at, failing_since=None)
            )
        action = (
            AuditAction.WEBHOOK_DELETED
            if state is WebhookState.DELETED
            else AuditAction.WEBHOOK_CHANGED
        )
        self._audit(action, webhook, at=at, by=by, state=state.value)
        return self._one(webhook)

    def rotate(
        self, webhook: WebhookId, secrets: VaultSecrets, *, at: datetime, by: str
    ) -> Webhook:
        """Makes a further secret; the one before counts beside it for `OVERLAP`.

        Raises:
            Refusal: `not_found`.
        """
        before = self.get(webhook, to_change=True)
        number = before.secret_number + 1
        secrets.make(self._connection, secret_name(webhook, number), at=at, by=by)
        after = {"secret_number": number, "previous_until": at + OVERLAP}
        self._set(webhook, after, at=at, by=by)
        self._audit(AuditAction.WEBHOOK_SECRET_ROTATED, webhook, at=at, by=by, number=number)
        return self._one(webhook)

    def deactivate(self, webhook: WebhookId, *, at: datetime, by: str) -> None:
        """Notes that nothing more is posted to it; nothing happens to one that is not active."""
        if self.get(webhook, to_change=True).state is not WebhookState.ACTIVE:
            return
        self._set(webhook, {"state": WebhookState.DEACTIVATED.value}, at=at, by=by)
        self._audit(AuditAction.WEBHOOK_DEACTIVATED, webhook, at=at, by=by)

    # Questions -----------------------------------------------------------------------------------

    def get(self, webhook: WebhookId, *, to_change: bool = False) -> Webhook:
        """A webhook that was not deleted; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `not_found`.
        """
        query = select(table).where(
            table.c.webhook_id == webhook, table.c.state != WebhookState.DELETED.value
        )
        row = self._connection.execute(
            query.with_for_update() if to_change else query
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.NOT_FOUND, subject="webhook", asked=webhook[:64])
        return webhook_of(row)

    def find(self, webhook: WebhookId) -> Webhook | None:
        """The webhook, deleted or not; None when there never was one."""
        row = self._connection.execute(
            select(table).where(table.c.webhook_id == webhook)
        ).one_or_none()
        return None if row is None else webhook_of(row)

    def all(self, institution: InstitutionId | None = None) -> list[Webhook]:
        """The webhooks that were not deleted: all, or those of an institution; in the order of their making."""
        query = select(table).where(table.c.state != WebhookState.DELETED.value)
        if institution is not None:
            query = query.where(table.c.institution_id == institution)
        rows = self._connection.execute(query.order_by(table.c.created_at, table.c.webhook_id))
        return [webhook_of(row) for row in rows]

    # Inside --------------------------------------------------------------------------------------

    def _one(self, webhook: WebhookId) -> Webhook:
        found = self.find(webhook)
        assert found is not None
        return found

    def _set(self, webhook: WebhookId, values: dict[str, Any], *, at: datetime, by: str) -> None:
        self._connection.execute(
            update(table)
            .where(table.c.webhook_id == webhook)
            .values(values | changed_now(table, at=at, by=by))
        )

    def _audit(
        self,
        action: AuditAction,
        webhook: WebhookId,
        *,
        at: datetime,
        by: str,
        **facts: str | int,
    ) -> None:
        rows = vouch(self._connection, table, table.c.webhook_id == webhook)[(webhook,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at, action=action, actor=by, subject=webhook, facts=dict(facts), rows=rows
                )
            ]
        )


def webhook_of(row: Row[Any]) -> Webhook:
    """A row of `webhook`."""
    return Webhook(
        id=WebhookId(row.webhook_id),
        institution=InstitutionId(row.institution_id),
        url=row.url,
        types=tuple(row.types),
        products=tuple(ProductId(each) for each in row.products),
        state=WebhookState(row.state),
        secret_number=row.secret_number,
        previous_until=row.previous_until,
        created_at=row.created_at,
        created_by=row.created_by,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )
