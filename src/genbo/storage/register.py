"""The register in the database: lots, positions and totals with the stretch of the ledger each holds for.

Rows come from the fold (`genbo.register.fold`) as `Changes` and are written as sets. Writing the same changes again
changes nothing. "As of T" is everything that happened before T: a row counts when its log is before T and the log
that ended it is not (decision I-11: 2022-01-31 24:00 JST is the first instant that no longer belongs to the day).
As of a block is everything up to and including it, which tells apart blocks of the same second too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from genbo.kernel import Address, BlockStamp, ProductId, Units
from genbo.register import (
    Changes,
    LogPosition,
    Lot,
    LotClosed,
    LotId,
    OpenState,
    Position,
    TotalIssued,
)
from genbo.storage import bulk
from genbo.storage.tables import lot, position, product, total_issued, trade
from genbo.storage.trades import Trades
from genbo.token import MovementKind

AsOf: TypeAlias = datetime | int
"""An instant, and everything before it counts; or the number of a block, and it and everything before it counts."""

_UNTIL = ("until_at", "until_block", "until_log_index")
_FROM = ("from_block", "from_log_index", "from_at", "from_hash", "from_tx")

# Ten thousand rows are read by position: reading them by name would take as long again.
_POSITION = (
    *("product_id", "address", "units", "frozen", "address_frozen"),
    *("locked_until", "verified_until", "blocked", "retired"),
    *_FROM,
)
_LOT = (
    *("product_id", "ordinal", "address", "units", "acquired"),
    *("parent_block", "parent_log_index", "parent_ordinal", "opened_by", "ref"),
    *_FROM,
)
_KINDS = {int(kind): kind for kind in MovementKind}


class Register:
    """The register of the products on one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    # ------------------------------------------------------------------------------------------- writing

    def save(self, changes: Sequence[Changes]) -> None:
        """Adds what is new and ends what is over. The changes stand in ledger order."""
        self._save_lots(changes)
        self._supersede(
            position,
            ("product_id", "address"),
            [_position_row(each) for change in changes for each in change.positions],
        )
        self._supersede(
            total_issued,
            ("product_id",),
            [_total_row(each) for change in changes for each in change.totals],
        )
        Trades(self._connection).save([each for change in changes for each in change.trades])

    def rewind(self, block: int) -> None:
        """Forgets everything from `block` on: what began there is removed, what ended there stands again."""
        for table in (lot, position, total_issued, trade):
            self._connection.execute(
                delete(table).where(self._ours(table), table.c.from_block >= block)
            )
        for table in (lot, position, total_issued):
            self._connection.execute(
                update(table)
                .where(self._ours(table), table.c.until_block >= block)
                .values(dict.fromkeys(_UNTIL))
            )

    def _ours(self, table: Table) -> ColumnElement[bool]:
        """The row is of a product on this chain."""
        return table.c.product_id.in_(
            select(product.c.product_id).where(product.c.chain_id == self._chain_id)
        )

    def _save_lots(self, changes: Sequence[Changes]) -> None:
        rows = {
            (each.product, each.id): _lot_row(each) for change in changes for each in change.opened
        }
        within, older = [], []
        for change in changes:
            for closed in change.closed:
                until = _end_of(closed)
                ended = {
                    "product_id": closed.product,
                    "from_block": closed.id.block,
                    "from_log_index": closed.id.log_index,
                    "ordinal": closed.id.ordinal,
                } | until
                opened = rows.get((closed.product, closed.id))
                if opened is None:
                    older.append(ended)
                else:
                    opened.update(until)
                    within.append(ended)
        added = bulk.insert_new(self._connection, lot, list(rows.values()))
        if added < len(rows):  # some of them were there before, and stand
            older += within
        self._end_lots(older)

    def _supersede(self, table: Table, pair: tuple[str, ...], made: list[dict[str, Any]]) -> None:
        """Each row ends the one before it of the same pair; of two that one log makes, the later counts."""
        key = (*pair, "from_block", "from_log_index")
        rows = list({tuple(row[name] for name in key): row for row in made}.values())
        latest: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in rows:
            before = latest.get(named := tuple(row[name] for name in pair))
            if before is not None:
                before.update(
                    until_at=row["from_at"],
                    until_block=row["from_block"],
                    until_log_index=row["from_log_index"],
                )
            latest[named] = row
        self._end_standing(table, pair, rows)
        bulk.insert_new(self._connection, table, rows)

    def _end_standing(
        self, table: Table, pair: tuple[str, ...], rows: list[dict[str, Any]]
    ) -> None:
        """Ends the standing row of each pair at the first of `rows` that comes after it, if any does."""
        if not rows:
            return
        columns = [*pair, "from_at", "from_block", "from_log_index"]
        with bulk.given(self._connection, table, columns, rows) as these:
            new = these.new
            comes_after = and_(
                *(table.c[name] == new.c[name] for name in pair),
                table.c.until_block.is_(None),
                tuple_(table.c.from_block, table.c.from_log_index)
                < tuple_(new.c.from_block, new.c.from_log_index),
            )
            ranked = (
                select(
                    *(new.c[name] for name in columns),
                    func.row_number()
                    .over(
                        partition_by=[new.c[name] for name in pair],
                        order_by=[new.c.from_block, new.c.from_log_index],
                    )
                    .label("rank"),
                )
                .where(comes_after)
                .subquery()
            )
            self._connection.execute(
                update(table)
                .where(*(table.c[name] == ranked.c[name] for name in pair))
                .where(table.c.until_block.is_(None), ranked.c.rank == 1)
                .values(
                    until_at=ranked.c.from_at,
                    until_block=ranked.c.from_block,
                    until_log_index=ranked.c.from_log_index,
                ),
                these.parameters,
            )

    def _end_lots(self, rows: list[dict[str, Any]]) -> None:
        """Ends standing lots that are named by their primary key."""
        if not rows:
            return
        with bulk.given(self._connection, lot, list(rows[0]), rows) as these:
            self._connection.execute(
                update(lot)
                .where(*(column == these.new.c[column.name] for column in lot.primary_key))
                .where(lot.c.until_block.is_(None))
                .values({name: these.new.c[name] for name in _UNTIL}),
                these.parameters,
            )

    # ----------------------------------------------------------------------------------------- questions

    def positions(self, product_id: ProductId, *, as_of: AsOf | None = None) -> list[Position]:
        """What every address holds as of an instant or a block (None: now), by address; addresses that hold nothing
        any more included."""
        return self._positions(
            select(position)
            .where(position.c.product_id == product_id, _stands(position, as_of))
            .order_by(position.c.address)
        )

    def position(
        self, product_id: ProductId, address: Address, *, as_of: AsOf | None = None
    ) -> Position | None:
        """What one address holds as of an instant or a block; None when nothing had happened to it."""
        found = self._positions(
            select(position).where(
                position.c.product_id == product_id,
                position.c.address == address,
                _stands(position, as_of),
            )
        )
        return found[0] if found else None

    def history(self, product_id: ProductId, address: Address) -> list[Position]:
        """Everything that ever happened to one address, first to last."""
        return self._positions(
            select(position)
            .where(position.c.product_id == product_id, position.c.address == address)
            .order_by(position.c.from_block, position.c.from_log_index)
        )

    def lots(
        self,
        product_id: ProductId,
        *,
        as_of: AsOf | None = None,
        address: Address | None = None,
    ) -> list[Lot]:
        """The lots as of an instant or a block (None: now), by address, day of acquisition and id."""
        query = select(lot).where(lot.c.product_id == product_id, _stands(lot, as_of))
        if address is not None:
            query = query.where(lot.c.address == address)
        return self._lots(query.order_by(lot.c.address, lot.c.acquired, *_lot_id(lot)))

    def total(self, product_id: ProductId, *, as_of: AsOf | None = None) -> Units:
        """Total issued as of an instant or a block; 0 before the first issue."""
        found = self._connection.scalar(
            select(total_issued.c.units).where(
                total_issued.c.product_id == product_id, _stands(total_issued, as_of)
            )
        )
        return Units(found or 0)

    def totals(self, product_id: ProductId) -> list[TotalIssued]:
        """Every change of total issued, first to last."""
        return self._totals(
            select(total_issued)
            .where(total_issued.c.product_id == product_id)
            .order_by(total_issued.c.from_block, total_issued.c.from_log_index)
        )

    def open_state(self) -> OpenState:
        """What stands now, of every product on the chain: where a fold goes on."""
        return OpenState(
            lots=self._lots(
                select(lot)
                .where(self._ours(lot), _stands(lot, None))
                .order_by(lot.c.product_id, lot.c.address, lot.c.acquired, *_lot_id(lot))
            ),
            positions=self._positions(
                select(position)
                .where(self._ours(position), _stands(position, None))
                .order_by(position.c.product_id, position.c.address)
            ),
            totals=self._totals(
                select(total_issued)
                .where(self._ours(total_issued), _stands(total_issued, None))
                .order_by(total_issued.c.product_id)
            ),
        )

    def provenance(self, product_id: ProductId, lot_id: LotId) -> list[Lot]:
        """The lot and every lot its units came through, the lot first and the issue last.

        Empty when there is no such lot.
        """
        chain = (
            select(lot)
            .where(
                lot.c.product_id == product_id,
                lot.c.from_block == lot_id.block,
                lot.c.from_log_index == lot_id.log_index,
                lot.c.ordinal == lot_id.ordinal,
            )
            .cte("chain", recursive=True)
        )
        parent = lot.alias("parent")
        chain = chain.union_all(
            select(parent).where(
                parent.c.product_id == chain.c.product_id,
                parent.c.from_block == chain.c.parent_block,
                parent.c.from_log_index == chain.c.parent_log_index,
                parent.c.ordinal == chain.c.parent_ordinal,
            )
        )
        newest_first = (column.desc() for column in _lot_id(chain))
        return self._lots(select(chain).order_by(*newest_first), chain)

    def _totals(self, query: Select[Any]) -> list[TotalIssued]:
        stamps = _Stamps(self._chain_id)
        return [
            TotalIssued(
                product=row.product_id,
                units=row.units,
                position=stamps.position(*(row._mapping[name] for name in _FROM)),
                factor=row.factor,
            )
            for row in self._connection.execute(query)
        ]

    def _positions(self, query: Select[Any]) -> list[Position]:
        stamps = _Stamps(self._chain_id)
        wanted = query.with_only_columns(*(position.c[name] for name in _POSITION))
        rows = self._connection.execute(wanted).all()
        return [
            Position(
                product=product_id,
                address=address,
                units=units,
                frozen=frozen,
                address_frozen=address_frozen,
                locked_until=locked_until,
                verified_until=verified_until,
                blocked=blocked,
                retired=retired,
                position=stamps.position(*log),
            )
            for (
                product_id,
                address,
                units,
                frozen,
                address_frozen,
                locked_until,
                verified_until,
                blocked,
                retired,
                *log,
            ) in rows
        ]

    def _lots(self, query: Select[Any], source: FromClause = lot) -> list[Lot]:
        stamps = _Stamps(self._chain_id)
        wanted = query.with_only_columns(*(source.c[name] for name in _LOT))
        rows = self._connection.execute(wanted).all()
        return [
            Lot(
                id=LotId(block=log[0], log_index=log[1], ordinal=ordinal),
                product=product_id,
                address=address,
                units=units,
                acquired=acquired,
                parent=None
                if block is None
                else LotId(block=block, log_index=log_index, ordinal=parent_ordinal),
                opened=stamps.position(*log),
                opened_by=_KINDS[opened_by],
                ref=ref,
            )
            for (
                product_id,
                ordinal,
                address,
                units,
                acquired,
                block,
                log_index,
                parent_ordinal,
                opened_by,
                ref,
                *log,
            ) in rows
        ]


class _Stamps:
    """Blocks and their stamps: the rows of one block share one stamp."""

    def __init__(self, chain_id: int) -> None:
        self._chain_id = chain_id
        self._stamps: dict[int, BlockStamp] = {}

    def position(
        self, block: int, log_index: int, at: datetime, block_hash: str, tx: str
    ) -> LogPosition:
        stamp = self._stamps.get(block)
        if stamp is None:
            stamp = self._stamps[block] = BlockStamp(self._chain_id, block, block_hash, at)
        return LogPosition(stamp=stamp, log_index=log_index, tx=tx)


def _stands(table: Table, as_of: AsOf | None) -> ColumnElement[bool]:
    """The row counts as of `as_of`: it began before, and nothing before ended it; as of a block, by its end."""
    if as_of is None:
        return table.c.until_block.is_(None)
    if isinstance(as_of, int):
        return and_(
            table.c.from_block <= as_of,
            or_(table.c.until_block.is_(None), table.c.until_block > as_of),
        )
    return and_(table.c.from_at < as_of, or_(table.c.until_at.is_(None), table.c.until_at >= as_of))


def _lot_id(source: Any) -> Iterable[ColumnElement[int]]:
    return source.c.from_block, source.c.from_log_index, source.c.ordinal


def _from(at: LogPosition) -> dict[str, Any]:
    return {
        "from_block": at.stamp.number,
        "from_log_index": at.log_index,
        "from_at": at.stamp.at,
        "from_hash": at.stamp.hash,
        "from_tx": at.tx,
    }


def _end_of(closed: LotClosed) -> dict[str, Any]:
    at = closed.position
    return {
        "until_at": at.stamp.at,
        "until_block": at.stamp.number,
        "until_log_index": at.log_index,
    }


_STANDS: dict[str, Any] = dict.fromkeys(_UNTIL)


def _lot_row(each: Lot) -> dict[str, Any]:
    parent = each.parent
    return (
        {
            "product_id": each.product,
            "ordinal": each.id.ordinal,
            "address": each.address,
            "units": each.units,
            "acquired": each.acquired,
            "parent_block": parent.block if parent else None,
            "parent_log_index": parent.log_index if parent else None,
            "parent_ordinal": parent.ordinal if parent else None,
            "opened_by": int(each.opened_by),
            "ref": each.ref,
        }
        | _from(each.opened)
        | _STANDS
    )


def _position_row(each: Position) -> dict[str, Any]:
    return (
        {
            "product_id": each.product,
            "address": each.address,
            "units": each.units,
            "frozen": each.frozen,
            "address_frozen": each.address_frozen,
            "locked_until": each.locked_until,
            "verified_until": each.verified_until,
            "blocked": each.blocked,
            "retired": each.retired,
        }
        | _from(each.position)
        | _STANDS
    )


def _total_row(each: TotalIssued) -> dict[str, Any]:
    return (
        {"product_id": each.product, "units": each.units, "factor": each.factor}
        | _from(each.position)
        | _STANDS
    )
