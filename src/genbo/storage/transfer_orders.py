"""Orders to transfer (移転の注文), and what became of them. The body of an order is never edited."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry, CommandId
from genbo.governance.audit import AuditFact
from genbo.governance.market import Authorisation, OrderState, StoredOrder, TransferOrder
from genbo.governance.market.order import OPEN, require_transition
from genbo.kernel import InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import transfer_order as table
from genbo.storage.witness import vouch


class TransferOrders:
    """The orders, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accept(self, order: TransferOrder) -> tuple[StoredOrder, bool]:
        """Keeps an order; whether it is new. The same trade once more gives what is stored.

        Raises:
            Refusal: `order_differs` when another order has the trade id.
        """
        added = self._connection.execute(
            insert(table)
            .values(
                product_id=order.product,
                trade_id=order.trade,
                from_investor_id=order.source,
                to_investor_id=order.target,
                quantity=order.units,
                delivery_date=order.delivery_date,
                accepted_at=order.accepted_at,
                accepted_by=order.accepted_by,
                state=OrderState.WAITING.value,
                changed_at=order.accepted_at,
                changed_by=order.accepted_by,
                attempt=0,
                **_signed(order),
            )
            .on_conflict_do_nothing()
            .returning(table.c.trade_id)
        ).one_or_none()
        stored = self.get(order.product, order.trade)
        if added is None:
            if not stored.order.same_trade(order):
                raise Refusal(Reason.ORDER_DIFFERS, trade=order.trade)
            return stored, False
        facts: dict[str, AuditFact] = {"delivery_date": str(order.delivery_date)}
        self._audit(AuditAction.ORDER_ACCEPTED, stored, facts)
        return stored, True

    def accept_all(
        self, orders: Sequence[tuple[TransferOrder, CommandId | None]], *, at: datetime
    ) -> bool:
        """Keeps new orders, each with the act that was sent for it at once; False when somebody else has just taken one
        of the trade ids: then the transaction has to be taken back.

        Args:
            at: when they were accepted.
        """
        rows = [
            {
                "product_id": order.product,
                "trade_id": order.trade,
                "from_investor_id": order.source,
                "to_investor_id": order.target,
                "quantity": order.units,
                "delivery_date": order.delivery_date,
                "accepted_at": order.accepted_at,
                "accepted_by": order.accepted_by,
                "state": (OrderState.WAITING if command is None else OrderState.ORDERED).value,
                "changed_at": at,
                "changed_by": order.accepted_by,
                "attempt": 0 if command is None else 1,
                "command_id": command,
                **_signed(order),
            }
            for order, command in orders
        ]
        if bulk.insert_new(self._connection, table, rows) != len(rows):
            return False
        self._audit_all(
            [(order, order.accepted_by, command) for order, command in orders],
            AuditAction.ORDER_ACCEPTED,
            at=at,
            facts=lambda order: {"delivery_date": str(order.delivery_date)},
        )
        return True

    def deliver_all(self, stored: Sequence[StoredOrder], *, at: datetime, by: str) -> None:
        """Notes that the ledger moved the units of orders that were claimed in this transaction."""
        for each in stored:
            require_transition(each.state, OrderState.DELIVERED)
        keys = [each.order for each in stored]
        if not keys:
            return
        self._connection.execute(
            update(table)
            .where(_among(keys))
            .values(
                state=OrderState.DELIVERED.value,
                changed_at=at,
                changed_by=by,
                reason=None,
                facts={},
            )
        )
        self._audit_all(
            [(each.order, by, each.command) for each in stored],
            AuditAction.ORDER_MOVED_ON,
            at=at,
            facts=lambda _: {
                "from": OrderState.ORDERED.value,
                "to": OrderState.DELIVERED.value,
                "reason": None,
                "cancelled_by": None,
            },
        )

    def move(
        self,
        stored: StoredOrder,
        state: OrderState,
        *,
        at: datetime,
        by: str,
        refusal: Refusal | None = None,
        command: CommandId | None = None,
        cancelled_by: Reference | None = None,
    ) -> StoredOrder:
        """Notes what became of an order that was claimed in this transaction.

        Args:
            refusal: why it waits, or failed.
            command: the act that was sent for it, which counts as a further attempt.
            cancelled_by: the trade that withdraws it.

        Raises:
            ValueError: it cannot come to that state from where it is.
        """
        order = stored.order
        require_transition(stored.state, state)
        values: dict[str, Any] = {
            "state": state.value,
            "changed_at": at,
            "changed_by": by,
            "reason": None if refusal is None else refusal.reason.value,
            "facts": {} if refusal is None else dict(refusal.facts),
            "cancelled_by": cancelled_by,
        }
        if command is not None:
            values |= {"command_id": command, "attempt": stored.attempt + 1}
        self._connection.execute(
            update(table)
            .where(table.c.product_id == order.product, table.c.trade_id == order.trade)
            .values(values)
        )
        moved = self.get(order.product, order.trade)
        self._audit(
            AuditAction.ORDER_MOVED_ON,
            moved,
            {
                "from": stored.state.value,
                "to": state.value,
                "reason": None if refusal is None else refusal.reason.value,
                "cancelled_by": cancelled_by,
            },
        )
        return moved

    def get(self, product: ProductId, trade: Reference) -> StoredOrder:
        """The order of that trade. Raises Refusal(order_unknown)."""
        row = self._connection.execute(
            select(table).where(table.c.product_id == product, table.c.trade_id == trade)
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.ORDER_UNKNOWN, trade=trade, product=product)
        return _stored(row)

    def claim(
        self, product: ProductId, trade: Reference, *, wait: bool = False
    ) -> StoredOrder | None:
        """The order, for nobody else to change until the transaction ends; None when somebody else has it, unless he
        is waited for."""
        row = self._connection.execute(
            select(table)
            .where(table.c.product_id == product, table.c.trade_id == trade)
            .with_for_update(skip_locked=not wait)
        ).one_or_none()
        return None if row is None else _stored(row)

    def some(self, trades: Collection[tuple[ProductId, Reference]]) -> list[StoredOrder]:
        """Those of these orders that there are."""
        return [_stored(row) for row in self._connection.execute(_select(trades))]

    def claim_all(self, trades: Collection[tuple[ProductId, Reference]]) -> list[StoredOrder]:
        """As `claim`, for many: those that nobody else has."""
        query = _select(trades).with_for_update(skip_locked=True)
        return [_stored(row) for row in self._connection.execute(query)]

    def open(self, *, upto: date) -> list[StoredOrder]:
        """Orders that are still looked after and due on that day or before, in the order in which they came."""
        return self._list(upto=upto, states=OPEN)

    def all(
        self, *, product: ProductId | None = None, states: Collection[OrderState] = ()
    ) -> list[StoredOrder]:
        """Orders in the order in which they came: of one product, in some states."""
        return self._list(product=product, states=states)

    def page(
        self,
        sees: Callable[[ColumnElement[str]], ColumnElement[bool]],
        *,
        product: ProductId | None = None,
        before: int | None = None,
        most: int,
    ) -> list[tuple[int, StoredOrder, bool, bool]]:
        """Orders with a side that is seen, the newest first, `most` at most: the number, the order, and whether giver
        and taker are seen.

        Args:
            sees: which investors are.
            before: the number of the row before.
        """
        giver, taker = sees(table.c.from_investor_id), sees(table.c.to_investor_id)
        query = (
            select(table, giver.label("sees_giver"), taker.label("sees_taker"))
            .where(or_(giver, taker))
            .order_by(table.c.number.desc())
            .limit(most)
        )
        if product is not None:
            query = query.where(table.c.product_id == product)
        if before is not None:
            query = query.where(table.c.number < before)
        return [
            (row.number, _stored(row), row.sees_giver, row.sees_taker)
            for row in self._connection.execute(query)
        ]

    def _list(
        self,
        *,
        product: ProductId | None = None,
        states: Collection[OrderState] = (),
        upto: date | None = None,
    ) -> list[StoredOrder]:
        query = select(table).order_by(table.c.number)
        if product is not None:
            query = query.where(table.c.product_id == product)
        if states:
            query = query.where(table.c.state.in_(sorted(each.value for each in states)))
        if upto is not None:
            query = query.where(table.c.delivery_date <= upto)
        return [_stored(row) for row in self._connection.execute(query)]

    def _audit_all(
        self,
        orders: Sequence[tuple[TransferOrder, str, CommandId | None]],
        action: AuditAction,
        *,
        at: datetime,
        facts: Callable[[TransferOrder], dict[str, AuditFact]],
    ) -> None:
        rows = vouch(self._connection, table, _among([order for order, _, _ in orders]))
        AuditLog(self._connection).append(
            AuditEntry(
                at=at,
                action=action,
                actor=by,
                subject=order.trade,
                product=order.product,
                command=command,
                facts=facts(order),
                rows=rows[order.product, order.trade],
            )
            for order, by, command in orders
        )

    def _audit(self, action: AuditAction, stored: StoredOrder, facts: dict[str, AuditFact]) -> None:
        order = stored.order
        rows = vouch(
            self._connection,
            table,
            table.c.product_id == order.product,
            table.c.trade_id == order.trade,
        )
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=stored.changed_at,
                    action=action,
                    actor=stored.changed_by,
                    subject=order.trade,
                    product=order.product,
                    command=stored.command,
                    facts=facts,
                    rows=rows[order.product, order.trade],
                )
            ]
        )


def _among(orders: Collection[TransferOrder]) -> ColumnElement[bool]:
    """Those orders, whose rows are there."""
    return _listed({(each.product, each.trade) for each in orders})


def _select(trades: Collection[tuple[ProductId, Reference]]) -> Select[Any]:
    return select(table).where(_listed(trades)).order_by(table.c.number)


def _listed(trades: Collection[tuple[ProductId, Reference]]) -> ColumnElement[bool]:
    by_product: dict[ProductId, list[Reference]] = {}
    for product, trade in trades:
        by_product.setdefault(product, []).append(trade)
    return or_(
        false(),
        *(
            and_(table.c.product_id == product, bulk.among(table.c.trade_id, listed))
            for product, listed in by_product.items()
        ),
    )


def _signed(order: TransferOrder) -> dict[str, Any]:
    """What the giver signed, by column."""
    given = order.authorisation
    return {
        "authorised_after": None if given is None else given.after,
        "authorised_before": None if given is None else given.before,
        "authorisation": None if given is None else given.signature,
    }


def _stored(row: Row[Any]) -> StoredOrder:
    return StoredOrder(
        order=TransferOrder(
            trade=Reference(row.trade_id),
            product=ProductId(row.product_id),
            source=InvestorId(row.from_investor_id),
            target=InvestorId(row.to_investor_id),
            units=Units(row.quantity),
            delivery_date=row.delivery_date,
            accepted_at=row.accepted_at,
            accepted_by=row.accepted_by,
            authorisation=None
            if row.authorisation is None
            else Authorisation(
                after=row.authorised_after,
                before=row.authorised_before,
                signature=row.authorisation,
            ),
        ),
        state=OrderState(row.state),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        attempt=row.attempt,
        command=None if row.command_id is None else CommandId(row.command_id),
        reason=None if row.reason is None else Reason(row.reason),
        facts=row.facts,
        cancelled_by=None if row.cancelled_by is None else Reference(row.cancelled_by),
    )
