"""Trades (移転情報): movements with a reference, and the pieces they took, so that a reversal can put them back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from genbo.kernel import Address, BlockStamp, ProductId, Reference, Units
from genbo.register import LogPosition, Piece, Trade
from genbo.storage.engine import Database
from genbo.storage.tables import product as product_table
from genbo.storage.tables import trade as trade_table
from genbo.storage.tables import trade_piece as piece_table
from genbo.token import MovementKind

_OF_THE_TRADE = and_(
    *(
        piece_table.c[name] == trade_table.c[name]
        for name in ("product_id", "from_block", "from_log_index")
    )
)


class Trades:
    """The trades, in one transaction. A `register.TradeHistory`."""

    def __init__(self, connection: Connection, chain_id: int | None = None) -> None:
        """
        Args:
            chain_id: the chain of the products; None: each product says it.
        """
        self._connection = connection
        self._chain_id = chain_id

    def trades(self, product: ProductId, ref: Reference) -> list[Trade]:
        """Every movement under this reference, in ledger order; none when there was none."""
        chain_id = self._chain_id or self._connection.scalar(
            select(product_table.c.chain_id).where(product_table.c.product_id == product)
        )
        if chain_id is None:
            return []  # it has no token yet
        rows = self._connection.execute(
            select(trade_table)
            .where(trade_table.c.product_id == product, trade_table.c.ref == ref)
            .order_by(trade_table.c.from_block, trade_table.c.from_log_index)
        ).all()
        pieces: dict[tuple[int, int], list[Piece]] = {}
        piece_rows = self._connection.execute(
            select(piece_table)
            .join_from(piece_table, trade_table, _OF_THE_TRADE)
            .where(trade_table.c.product_id == product, trade_table.c.ref == ref)
            .order_by(*piece_table.primary_key)
        )
        for row in piece_rows:
            pieces.setdefault((row.from_block, row.from_log_index), []).append(
                Piece(acquired=row.acquired, units=Units(row.units))
            )
        return [
            _trade(row, chain_id, pieces.get((row.from_block, row.from_log_index), []))
            for row in rows
        ]

    def reversing(self, product: ProductId, *, since: datetime) -> list[Trade]:
        """Movements from that instant on that undo an earlier trade, in ledger order, without their pieces."""
        rows = self._connection.execute(
            select(trade_table, product_table.c.chain_id)
            .join(product_table, product_table.c.product_id == trade_table.c.product_id)
            .where(
                trade_table.c.product_id == product,
                trade_table.c.from_at >= since,
                trade_table.c.kind.in_((int(MovementKind.REVERSE), int(MovementKind.CANCEL))),
            )
            .order_by(trade_table.c.from_block, trade_table.c.from_log_index)
        )
        return [_trade(row, row.chain_id, []) for row in rows]

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        """Units that redistributions have already given back to `target` out of the redemption `ref`."""
        units = self._connection.scalar(
            select(func.sum(trade_table.c.units)).where(
                trade_table.c.product_id == product,
                trade_table.c.reverses == ref,
                trade_table.c.target == target,
                trade_table.c.kind == int(MovementKind.REDISTRIBUTE),
                trade_table.c.source.is_(None),
            )
        )
        return Units(int(units or 0))


class StoredTrades:
    """The trades that are committed, for a fold that outlives a transaction. A `register.TradeHistory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trades(self, product: ProductId, ref: Reference) -> list[Trade]:
        """As `Trades.trades`."""
        with self._database.read() as connection:
            return Trades(connection).trades(product, ref)

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        """As `Trades.restored`."""
        with self._database.read() as connection:
            return Trades(connection).restored(product, ref, target)


def _trade(row: Row[Any], chain_id: int, pieces: list[Piece]) -> Trade:
    return Trade(
        product=row.product_id,
        ref=row.ref,
        kind=MovementKind(row.kind),
        source=row.source,
        target=row.target,
        units=row.units,
        pieces=tuple(pieces),
        factor=row.factor,
        reverses=row.reverses,
        position=LogPosition(
            stamp=BlockStamp(chain_id, row.from_block, row.from_hash, row.from_at),
            log_index=row.from_log_index,
            tx=row.from_tx,
        ),
    )
