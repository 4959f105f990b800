"""Deliveries of webhooks (通知の配信): how far each has come with each product, and what became of what was posted.

Whoever delivers holds the row of the lane until the outcome is committed with it: nobody else posts the same meanwhile,
and when he ends before that, the row is free and the notice is posted again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    func,
    null,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.notices import (
    Claimed,
    Delivery,
    DeliveryState,
    Due,
    Outcome,
    Webhook,
    WebhookId,
    WebhookState,
    is_silent,
    next_try,
)
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.notices import TOLD, notice_of, of_types, product_of
from genbo.storage.tables import notice, notice_stream, webhook
from genbo.storage.tables import webhook_delivery as table
from genbo.storage.tables import webhook_lane as lane_table
from genbo.storage.webhooks import webhook_of
from genbo.storage.witness import vouch


class WebhookDeliveries:
    """The deliveries, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Delivering ----------------------------------------------------------------------------------

    def due(self, *, at: datetime, most: int, each: int = 100) -> list[Due]:
        """What is to be posted at `at`, the longest due first.

        Args:
            each: of one webhook, at most: one with many products leaves room for others.
        """
        self._connection.execute(_NEW_LANES, {"at": at, "active": WebhookState.ACTIVE.value})
        lanes = (
            select(
                lane_table.c.webhook_id,
                lane_table.c.product_id,
                null().label("position"),
                lane_table.c.due_at,
            )
            .join(webhook, webhook.c.webhook_id == lane_table.c.webhook_id)
            .join(
                notice_stream,
                and_(
                    notice_stream.c.institution_id == webhook.c.institution_id,
                    notice_stream.c.product_id == lane_table.c.product_id,
                ),
            )
            .where(
                webhook.c.state == WebhookState.ACTIVE.value,
                lane_table.c.number < notice_stream.c.last,
                lane_table.c.due_at <= at,
            )
        )
        alone = (
            select(table.c.webhook_id, table.c.product_id, table.c.position, table.c.due_at)
            .join(webhook, webhook.c.webhook_id == table.c.webhook_id)
            .where(webhook.c.state == WebhookState.ACTIVE.value, table.c.due_at <= at)
        )
        both = union_all(lanes, alone).subquery()
        rank = func.row_number().over(partition_by=both.c.webhook_id, order_by=both.c.due_at)
        ranked = select(both, rank.label("rank")).subquery()
        rows = self._connection.execute(
            select(ranked).where(ranked.c.rank <= each).order_by(ranked.c.due_at).limit(most)
        )
        return [Due(WebhookId(row.webhook_id), row.product_id, row.position) for row in rows]

    def claim(self, due: Due, *, at: datetime) -> Claimed | None:
        """The notice to post; None when somebody else is at it, or nothing is left to do."""
        return self._claim_lane(due, at) if due.position is None else self._claim_one(due, at)

    def note(self, claimed: Claimed, outcome: Outcome, *, at: datetime, jitter: float) -> bool:
        """Keeps what a try came to; whether the webhook is to be deactivated.

        Args:
            jitter: 0 to 1, by how much the next try comes earlier or later.
        """
        tries = claimed.tries + 1
        due_at = None if outcome.delivered else next_try(tries, at=at, jitter=jitter)
        state = DeliveryState.DELIVERED
        if not outcome.delivered:
            state = DeliveryState.DEAD if due_at is None else DeliveryState.WAITING
        alone = claimed.due.position is not None
        self._keep(
            claimed,
            state,
            outcome,
            tries=tries,
            at=at,
            due_at=due_at if alone and state is DeliveryState.WAITING else None,
        )
        if alone:
            return False
        return self._move_lane(claimed, state, tries=tries, due_at=due_at, at=at)

    # Replaying -----------------------------------------------------------------------------------

    def replay_from(
        self, hook: Webhook, product: ProductId | None, number: int, *, at: datetime, by: str
    ) -> None:
        """Everything of a product from this number on is posted once more, in its order.

        Raises:
            Refusal: `field_invalid` for a number that was not posted yet.
        """
        lane = and_(lane_table.c.webhook_id == hook.id, lane_table.c.product_id == (product or ""))
        done = self._connection.scalar(select(lane_table.c.number).where(lane).with_for_update())
        if done is None or not 1 <= number <= done:
            raise Refusal(
                Reason.FIELD_INVALID, field="from_number", value=number, allowed=f"1 to {done or 0}"
            )
        self._connection.execute(
            update(lane_table).where(lane).values(number=number - 1, tries=0, due_at=at)
        )
        self._replayed(hook, at=at, by=by, product=product, from_number=number)

    def replay_one(self, hook: Webhook, position: int, *, at: datetime, by: str) -> Delivery:
        """One notice is posted once more, by itself.

        Raises:
            Refusal: `not_found` when it was never posted to this webhook, or waits to be.
        """
        key = and_(table.c.webhook_id == hook.id, table.c.position == position)
        row = self._connection.execute(
            update(table)
            .where(key, table.c.state != DeliveryState.WAITING.value)
            .values(state=DeliveryState.WAITING.value, tries=0, due_at=at)
            .returning(table)
        ).one_or_none()
        if row is None:
            raise Refusal(
                Reason.NOT_FOUND, subject="delivery", asked=f"{hook.institution}:{position}"
            )
        self._replayed(hook, at=at, by=by, position=position)
        return _delivery(row)

    # Questions -----------------------------------------------------------------------------------

    def all(
        self,
        hook: WebhookId,
        *,
        state: DeliveryState | None = None,
        after: int = 0,
        most: int = 100,
    ) -> list[Delivery]:
        """What was posted to a webhook, in the order of the notices: in one state, after a position."""
        query = select(table).where(table.c.webhook_id == hook, table.c.position > after)
        if state is not None:
            query = query.where(table.c.state == state.value)
        rows = self._connection.execute(query.order_by(table.c.position).limit(most))
        return [_delivery(row) for row in rows]

    def dead(self) -> dict[WebhookId, int]:
        """How many dead letters each webhook has, where there are any."""
        rows = self._connection.execute(
            select(table.c.webhook_id, func.count())
            .where(table.c.state == DeliveryState.DEAD.value)
            .group_by(table.c.webhook_id)
            .order_by(table.c.webhook_id)
        )
        return {WebhookId(hook): count for hook, count in rows}

    # Inside --------------------------------------------------------------------------------------

    def _claim_lane(self, due: Due, at: datetime) -> Claimed | None:
        row = self._connection.execute(
            select(webhook, lane_table.c.number, lane_table.c.tries, notice_stream.c.last)
            .join(lane_table, lane_table.c.webhook_id == webhook.c.webhook_id)
            .join(
                notice_stream,
                and_(
                    notice_stream.c.institution_id == webhook.c.institution_id,
                    notice_stream.c.product_id == lane_table.c.product_id,
                ),
            )
            .where(
                lane_table.c.webhook_id == due.webhook,
                lane_table.c.product_id == due.product,
                lane_table.c.due_at <= at,
                webhook.c.state == WebhookState.ACTIVE.value,
            )
            .with_for_update(of=lane_table, skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        hook = webhook_of(row)
        # Of what there was at that question: what is told meanwhile must not be passed over.
        wanted = _wanted(hook, due.product, after=row.number, upto=row.last)
        next_one = self._connection.execute(wanted).one_or_none()
        if next_one is None:
            self._pass_over(due, row.last)
            return None
        return Claimed(due=due, webhook=hook, notice=notice_of(next_one), tries=row.tries)

    def _claim_one(self, due: Due, at: datetime) -> Claimed | None:
        row = self._connection.execute(
            select(webhook, table.c.tries, table.c.position)
            .join(table, table.c.webhook_id == webhook.c.webhook_id)
            .where(
                table.c.webhook_id == due.webhook,
                table.c.position == due.position,
                table.c.due_at <= at,
                webhook.c.state == WebhookState.ACTIVE.value,
            )
            .with_for_update(of=table, skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        hook = webhook_of(row)
        told = self._connection.execute(
            select(notice).where(
                notice.c.institution_id == hook.institution, notice.c.position == row.position
            )
        ).one()
        return Claimed(due=due, webhook=hook, notice=notice_of(told), tries=row.tries)

    def _pass_over(self, due: Due, upto: int) -> None:
        """Nothing up to that number is wanted."""
        self._connection.execute(
            update(lane_table)
            .where(lane_table.c.webhook_id == due.webhook, lane_table.c.product_id == due.product)
            .values(number=func.greatest(lane_table.c.number, upto), tries=0)
        )

    def _keep(
        self,
        claimed: Claimed,
        state: DeliveryState,
        outcome: Outcome,
        *,
        tries: int,
        at: datetime,
        due_at: datetime | None,
    ) -> None:
        changed: dict[str, Any] = {
            "state": state.value,
            "tries": tries,
            "status": outcome.status,
            "problem": outcome.problem,
            "last_at": at,
            "due_at": due_at,
        }
        self._connection.execute(
            insert(table)
            .values(
                webhook_id=claimed.webhook.id,
                position=claimed.notice.position,
                product_id=claimed.due.product,
                number=claimed.notice.number,
                type=claimed.notice.type.value,
                first_at=at,
                **changed,
            )
            .on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
        )

    def _move_lane(
        self,
        claimed: Claimed,
        state: DeliveryState,
        *,
        tries: int,
        due_at: datetime | None,
        at: datetime,
    ) -> bool:
        values: dict[str, Any]
        if state is DeliveryState.WAITING:
            values = {"tries": tries, "due_at": due_at}
        else:
            values = {"number": claimed.notice.number, "tries": 0, "due_at": at}
        if state is DeliveryState.DELIVERED:
            values |= {"failing_since": None, "delivered_at": at}
        else:
            values["failing_since"] = func.coalesce(lane_table.c.failing_since, at)
        lane = self._connection.execute(
            update(lane_table)
            .where(
                lane_table.c.webhook_id == claimed.webhook.id,
                lane_table.c.product_id == claimed.due.product,
            )
            .values(values)
            .returning(lane_table.c.failing_since)
        ).one()
        if state is not DeliveryState.DEAD:
            return False
        last = self._connection.scalar(
            select(func.max(lane_table.c.delivered_at)).where(
                lane_table.c.webhook_id == claimed.webhook.id
            )
        )
        return is_silent(lane.failing_since, last, at=at)

    def _replayed(
        self,
        hook: Webhook,
        *,
        at: datetime,
        by: str,
        product: ProductId | None = None,
        **facts: int,
    ) -> None:
        rows = vouch(self._connection, webhook, webhook.c.webhook_id == hook.id)[(hook.id,)]
        entry = AuditEntry(
            at=at,
            action=AuditAction.WEBHOOK_REPLAYED,
            actor=by,
            subject=hook.id,
            product=product,
            facts=dict(facts),
            rows=rows,
        )
        AuditLog(self._connection).append([entry])
        self._connection.exec_driver_sql(f"NOTIFY {TOLD}")


_NEW_LANES = text(
    "INSERT INTO webhook_lane (webhook_id, product_id, number, tries, due_at)"
    " SELECT w.webhook_id, s.product_id, 0, 0, :at FROM webhook w"
    " JOIN notice_stream s USING (institution_id)"
    " WHERE w.state = :active AND NOT EXISTS (SELECT FROM webhook_lane l"
    "  WHERE l.webhook_id = w.webhook_id AND l.product_id = s.product_id)"
    " ON CONFLICT DO NOTHING"
)
"""Lanes for products that the institution was told of for the first time since its webhook was registered."""


def _wanted(hook: Webhook, product: str, *, after: int, upto: int) -> Select[Any]:
    """The next notice of a product that the webhook is for."""
    query = select(notice).where(
        notice.c.institution_id == hook.institution,
        notice.c.product_id == product,
        notice.c.number > after,
        notice.c.number <= upto,
    )
    if hook.products and product_of(product) not in hook.products:
        query = query.where(text("false"))
    if hook.types:
        query = query.where(of_types(hook.types))
    return query.order_by(notice.c.number).limit(1)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        webhook=WebhookId(row.webhook_id),
        position=row.position,
        product=product_of(row.product_id),
        number=row.number,
        type=row.type,
        state=DeliveryState(row.state),
        tries=row.tries,
        status=row.status,
        problem=row.problem,
        first_at=row.first_at,
        last_at=row.last_at,
    )
