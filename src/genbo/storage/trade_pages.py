"""Pages of what moved (移転情報の頁): movements of a product in ledger order, each page found by its key."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, text, tuple_

from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Reference, Units
from genbo.kernel.record import record
from genbo.register import LogPosition
from genbo.storage import bulk
from genbo.storage.customers import Customers
from genbo.storage.register_pages import owner_of
from genbo.storage.tables import trade, wallet
from genbo.token import MovementKind

FEW = 5_000
"""Accounts of a firm that are named one by one in the question; with more of them a page finds its rows among the next
few thousand trades."""


def few_accounts(
    connection: Connection, product: ProductId, customers: Customers | None
) -> list[Address] | None:
    """The accounts of the customers in a product where there are few; None for everybody's, and for many.

    It only says where to look, and is asked before the transaction begins to look as the institution: row by row the
    database would ask as often whether each is seen. What is found there is then seen or not.
    """
    if customers is None:
        return None
    ours = select(customers.investor_id).where(customers.ours).limit(FEW + 1)
    if (connection.scalar(select(func.count()).select_from(ours.subquery())) or 0) > FEW:
        return None
    found = connection.scalars(
        select(wallet.c.address).where(
            wallet.c.product_id == product, wallet.c.investor_id.in_(ours)
        )
    )
    return [Address(each) for each in found]


@record(frozen=True, slots=True, kw_only=True)
class Movement:
    """A movement, as far as it is seen. An address is None where there is none, or it is not to be seen."""

    product: ProductId
    ref: Reference
    kind: MovementKind
    units: Units
    source: Address | None
    target: Address | None
    sender: InvestorId | None
    """Who `source` is, where that is seen."""
    recipient: InvestorId | None
    reverses: Reference | None
    position: LogPosition | None
    """Its place in the ledger."""
    at: datetime
    block: int
    log_index: int


class TradePages:
    """Pages of the trades of the products on one chain, in one transaction that looks as an institution."""

    def __init__(
        self, connection: Connection, chain_id: int, few: Collection[Address] | None = None
    ) -> None:
        """
        Args:
            few: the accounts whose trades are wanted, as of `few_accounts`; None: whatever the transaction sees.
        """
        self._connection = connection
        self._chain_id = chain_id
        self._few = few

    def trades(
        self,
        product: ProductId,
        *,
        since: datetime | None,
        until: datetime | None,
        upto: int,
        after: tuple[int, int] | None = None,
        most: int,
        ref: Reference | None = None,
    ) -> list[Movement]:
        """Movements of a product, `most` at most, up to the block `upto`.

        Args:
            since: the first instant that counts.
            until: the first instant that no longer counts.
            after: block and log index of the row before.
            ref: only those of one act.
        """
        key = (trade.c.from_block, trade.c.from_log_index)
        where = [trade.c.product_id == product, trade.c.from_block <= upto]
        if since is not None:
            where.append(trade.c.from_at >= since)
        if until is not None:
            where.append(trade.c.from_at < until)
        if after is not None:
            where += [tuple_(*key) > tuple_(*after), trade.c.from_block >= after[0]]
        if ref is not None:
            where.append(trade.c.ref == ref)
        if self._few is not None:
            where.append(
                or_(bulk.among(trade.c.source, self._few), bulk.among(trade.c.target, self._few))
            )
        query = (
            select(
                trade,
                owner_of(trade.c.product_id, trade.c.source).label("sender"),
                owner_of(trade.c.product_id, trade.c.target).label("recipient"),
            )
            .where(*where)
            .order_by(*key)
            .limit(most)
        )
        return [self._movement(row) for row in self._connection.execute(query)]

    def of_clients(
        self,
        product: ProductId,
        *,
        since: datetime | None,
        until: datetime | None,
        upto: int,
        after: tuple[int, int] | None = None,
        most: int,
        ref: Reference | None = None,
    ) -> list[Movement]:
        """As `trades`, of the clients of the intermediary that looks: without addresses, and of two sides only its
        own."""
        rows = self._connection.execute(
            text(
                "SELECT product_id, from_block, from_log_index, from_at, ref, kind, units,"
                " max(investor_id) FILTER (WHERE side = 'sender') AS sender,"
                " max(investor_id) FILTER (WHERE side = 'recipient') AS recipient"
                " FROM client_trade WHERE product_id = :product AND from_block <= :upto"
                " AND (CAST(:since AS timestamptz) IS NULL OR from_at >= :since)"
                " AND (CAST(:until AS timestamptz) IS NULL OR from_at < :until)"
                " AND (CAST(:ref AS text) IS NULL OR ref = :ref)"
                " AND (from_block, from_log_index) > (:block, :log_index)"
                " GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY from_block, from_log_index LIMIT :most"
            ),
            {
                "product": product,
                "upto": upto,
                "since": since,
                "until": until,
                "ref": ref,
                "block": after[0] if after else -1,
                "log_index": after[1] if after else -1,
                "most": most,
            },
        )
        return [
            Movement(
                product=ProductId(row.product_id),
                ref=Reference(row.ref),
                kind=MovementKind(row.kind),
                units=Units(int(row.units)),
                source=None,
                target=None,
                sender=row.sender and InvestorId(row.sender),
                recipient=row.recipient and InvestorId(row.recipient),
                reverses=None,
                position=None,
                at=row.from_at,
                block=row.from_block,
                log_index=row.from_log_index,
            )
            for row in rows
        ]

    def _movement(self, row: Row[Any]) -> Movement:
        return Movement(
            product=ProductId(row.product_id),
            ref=Reference(row.ref),
            kind=MovementKind(row.kind),
            units=Units(row.units),
            source=row.source and Address(row.source),
            target=row.target and Address(row.target),
            sender=row.sender and InvestorId(row.sender),
            recipient=row.recipient and InvestorId(row.recipient),
            reverses=row.reverses and Reference(row.reverses),
            position=LogPosition(
                stamp=BlockStamp(self._chain_id, row.from_block, row.from_hash, row.from_at),
                log_index=row.from_log_index,
                tx=row.from_tx,
            ),
            at=row.from_at,
            block=row.from_block,
            log_index=row.from_log_index,
        )
