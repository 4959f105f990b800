"""Trades (移転情報): movements with a reference, and the pieces they took, so that a reversal can put them back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from genbo.kernel import Address, BlockStamp, ProductId, Reference, Units
from genbo.register import LogPosition, Piece, Trade
from genbo.storage import bulk
from genbo.storage.engine import Database
from genbo.storage.tables import product as product_table
from genbo.storage.tables import trade as trade_table
from genbo.storage.tables import trade_piece as piece_table
from genbo.token import MovementKind


class Trades:
    """The trades, in one transaction. A `register.TradeHistory`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, trades: Sequence[Trade]) -> None:
        """Keeps trades with their pieces. The same once more changes nothing."""
        bulk.insert_new(self._connection, trade_table, [_trade_row(trade) for trade in trades])
        bulk.insert_new(
            self._connection,
            piece_table,
            [
                {
                    "product_id": trade.product,
                    "from_block": trade.position.stamp.number,
                    "from_log_index": trade.position.log_index,
                    "ordinal": ordinal,
                    "acquired": piece.acquired,
                    "units": piece.units,
                }
                for trade in trades
                for ordinal, piece in enumerate(trade.pieces)
            ],
        )

    def trades(self, product: ProductId, ref: Reference) -> list[Trade]:
        """Every movement under this reference, in ledger order; none when there was none."""
        chain_id = self._connection.scalar(
            select(product_table.c.chain_id).where(product_table.c.product_id == product)
        )
        rows = self._connection.execute(
            select(trade_table)
            .where(trade_table.c.product_id == product, trade_table.c.ref == ref)
            .order_by(trade_table.c.from_block, trade_table.c.from_log_index)
        ).all()
        pieces: dict[tuple[int, int], list[Piece]] = {}
        piece_rows = self._connection.execute(
            select(piece_table)
            .join_from(piece_table, trade_table)
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


def _trade_row(trade: Trade) -> dict[str, Any]:
    at = trade.position
    return {
        "product_id": trade.product,
        "from_block": at.stamp.number,
        "from_log_index": at.log_index,
        "from_at": at.stamp.at,
        "from_hash": at.stamp.hash,
        "from_tx": at.tx,
        "ref": trade.ref,
        "kind": int(trade.kind),
        "source": trade.source,
        "target": trade.target,
        "units": trade.units,
        "factor": trade.factor,
        "reverses": trade.reverses,
    }


def _trade(row: Row[Any], chain_id: int | None, pieces: list[Piece]) -> Trade:
    assert chain_id is not None  # a product with trades has a token
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
