"""Pages of what moved (移転情報の頁): movements of a product in ledger order, each page found by its key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, text, tuple_

from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Reference, Units
from genbo.kernel.record import record
from genbo.register import LogPosition
from genbo.storage import bulk
from genbo.storage.customers import Customers
from genbo.storage.tables import trade, wallet
from genbo.token import MovementKind

FEW = 1_000
"""Accounts of a firm that are named one by one in the question; with more of them nearly every page finds its rows
among the next few trades."""


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
        self, connection: Connection, chain_id: int, customers: Customers | None = None
    ) -> None:
        """
        Args:
            customers: whose trades are listed; None: everybody's.
        """
        self._connection = connection
        self._chain_id = chain_id
        self._customers = customers

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
        few = self._few_accounts(product)
        if few is not None:
            where.append(or_(bulk.among(trade.c.source, few), bulk.among(trade.c.target, few)))
        source, target = wallet.alias("of_source"), wallet.alias("of_target")
        query = (
            select(
                trade,
                source.c.investor_id.label("sender"),
                target.c.investor_id.label("recipient"),
            )
            .select_from(
                trade.outerjoin(
                    source,
                    and_(
                        source.c.product_id == trade.c.product_id,
                        source.c.address == trade.c.source,
                    ),
                ).outerjoin(
                    target,
                    and_(
                        target.c.product_id == trade.c.product_id,
                        target.c.address == trade.c.target,
                    ),
                )
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

    def _few_accounts(self, product: ProductId) -> list[Address] | None:
        """The accounts of the customers where there are few; None for everybody's, and for many."""
        if self._customers is None:
            return None
        found = self._connection.scalars(
            select(wallet.c.address)
            .select_from(
                self._customers.table.join(
                    wallet, wallet.c.investor_id == self._customers.investor_id
                )
            )
            .where(self._customers.ours, wallet.c.product_id == product)
            .limit(FEW + 1)
        ).all()
        return None if len(found) > FEW else [Address(each) for each in found]

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
