"""The register in the database: lots, positions and totals with the stretch of the ledger each holds for.

Rows come from the fold (`genbo.register.fold`) as `Changes` and are written as sets. Writing the same changes again
changes nothing. "As of T" is everything that happened before T: a row counts when its log is before T and the log
that ended it is not (decision I-11: 2022-01-31 24:00 JST is the first instant that no longer belongs to the day).
As of a block is everything up to and including it, which tells apart blocks of the same second too.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
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
    true,
    union_all,
    update,
)

from genbo.kernel import Address, BlockStamp, ProductId, Units
from genbo.register import (
    Changes,
    LogPosition,
    Lot,
    LotId,
    OpenState,
    Position,
    TotalIssued,
)
from genbo.storage import bulk
from genbo.storage.entries import Entries, first_of
from genbo.storage.spans import spans_over
from genbo.storage.tables import lot, position, product, total_issued, trade, trade_piece
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
_LATEST_FIRST = {
    "position": (
        position.c.from_at.desc(),
        position.c.from_block.desc(),
        position.c.from_log_index.desc(),
    ),
    "trade": (trade.c.from_block.desc(), trade.c.from_log_index.desc()),
}
"""The order of an index of the table."""
_KINDS = {int(kind): kind for kind in MovementKind}


class Register:
    """The register of the products on one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    # ------------------------------------------------------------------------------------------- writing

    def save(self, changes: Sequence[Changes]) -> None:
        """Adds what is new and ends what is over. The changes stand in ledger order.

        Whoever reads a chain holds its cursor, so what was written of a product ends at one log: what comes after
        it is new, and what does not was written before.
        """
        products = {named.product for each in changes if (named := first_of(each)) is not None}
        upto = self._written_upto(products)
        entries = Entries()
        for each in changes:
            if _comes_after(each, upto):
                entries.add(each)
        self.add(entries)

    def add(self, entries: Entries) -> None:
        """Adds what is new and ends what is over, where nothing of it was written before."""
        entries.write(self._connection)

    def rewind(self, block: int) -> None:
        """Forgets everything from `block` on: what began there is removed, what ended there stands again."""
        for table in (lot, total_issued, trade_piece, trade):
            self._connection.execute(
                delete(table).where(self._ours(table), table.c.from_block >= block)
            )
        self._connection.execute(
            update(lot)
            .where(self._ours(lot), covers(block))
            .values(dict.fromkeys((*_UNTIL, "span")))
        )
        self._connection.execute(
            update(total_issued)
            .where(self._ours(total_issued), total_issued.c.until_block >= block)
            .values(dict.fromkeys(_UNTIL))
        )
        self._rewind_positions(block)

    def _rewind_positions(self, block: int) -> None:
        """By address, as every address that ever appeared has a row that stands: no history is read."""
        standing = position.alias("standing")
        removed = self._connection.execute(
            delete(position)
            .where(
                self._ours(standing),
                standing.c.until_block.is_(None),
                position.c.product_id == standing.c.product_id,
                position.c.address == standing.c.address,
                position.c.from_block >= block,
            )
            .returning(position.c.product_id, position.c.address)
        )
        pairs = [
            {"product_id": each[0], "address": each[1]} for each in {tuple(r) for r in removed}
        ]
        with bulk.given(self._connection, position, ["product_id", "address"], pairs) as these:
            self._connection.execute(
                update(position)
                .where(
                    position.c.product_id == these.new.c.product_id,
                    position.c.address == these.new.c.address,
                    position.c.until_block >= block,
                )
                .values(dict.fromkeys(_UNTIL)),
                these.parameters,
            )

    def _ours(self, table: FromClause) -> ColumnElement[bool]:
        """The row is of a product on this chain."""
        return table.c.product_id.in_(
            select(product.c.product_id).where(product.c.chain_id == self._chain_id)
        )

    def _written_upto(self, products: Set[ProductId]) -> dict[ProductId, tuple[int, int]]:
        """Block and log index of the last log of each product that made a row; products without rows left out."""
        upto: dict[ProductId, tuple[int, int]] = {}
        for table in (position, trade):
            last = (
                select(table.c.from_block, table.c.from_log_index)
                .where(table.c.product_id == product.c.product_id)
                .order_by(*_LATEST_FIRST[table.name])
                .limit(1)
                .lateral("last")
            )
            rows = self._connection.execute(
                select(product.c.product_id, last.c.from_block, last.c.from_log_index)
                .select_from(product.join(last, true()))
                .where(bulk.among(product.c.product_id, products))
            )
            for product_id, *log in rows:
                upto[product_id] = max(upto.get(product_id, (-1, -1)), (log[0], log[1]))
        return upto

    # ----------------------------------------------------------------------------------------- questions

    def positions(self, product_id: ProductId, *, as_of: AsOf | None = None) -> list[Position]:
        """What every address holds as of an instant or a block (None: now), by address; addresses that hold nothing
        any more included."""
        standing = position.alias("standing")
        now = select(standing).where(
            standing.c.product_id == product_id, standing.c.until_block.is_(None)
        )
        if as_of is None:
            return self._positions(now.order_by(standing.c.address), standing)
        # Every address that ever appeared has a row that stands; from there to the one of that time.
        then = (
            select(position)
            .where(
                position.c.product_id == standing.c.product_id,
                position.c.address == standing.c.address,
                position.c.from_block < self.block_at(product_id, as_of),
            )
            .order_by(position.c.from_block.desc(), position.c.from_log_index.desc())
            .limit(1)
            .lateral("then")
        )
        return self._positions(
            now.join(then, true()).order_by(standing.c.address),
            then,
        )

    def position(
        self, product_id: ProductId, address: Address, *, as_of: AsOf | None = None
    ) -> Position | None:
        """What one address holds as of an instant or a block; None when nothing had happened to it."""
        query = select(position).where(
            position.c.product_id == product_id, position.c.address == address
        )
        if as_of is not None:
            query = query.where(position.c.from_block < self.block_at(product_id, as_of))
        found = self._positions(
            query.order_by(position.c.from_block.desc(), position.c.from_log_index.desc()).limit(1),
            position,
        )
        return found[0] if found else None

    def history(self, product_id: ProductId, address: Address) -> list[Position]:
        """Everything that ever happened to one address, first to last."""
        return self._positions(
            select(position)
            .where(position.c.product_id == product_id, position.c.address == address)
            .order_by(position.c.from_block, position.c.from_log_index),
            position,
        )

    def lots(
        self,
        product_id: ProductId,
        *,
        as_of: AsOf | None = None,
        address: Address | None = None,
    ) -> list[Lot]:
        """The lots as of an instant or a block (None: now), by address, day of acquisition and id."""
        of_product = lot.c.product_id == product_id
        if address is not None:
            of_product &= lot.c.address == address
        wanted = [select(lot).where(of_product, lot.c.until_block.is_(None))]
        if as_of is not None:
            block = self.block_at(product_id, as_of)
            wanted[0] = wanted[0].where(lot.c.from_block < block)
            wanted.append(select(lot).where(of_product, covers(block)))
        found = union_all(*wanted).subquery()
        return self._lots(
            select(found).order_by(found.c.address, found.c.acquired, *_lot_id(found)), found
        )

    def lot_count(self, product_id: ProductId, *, as_of: AsOf) -> int:
        """How many lots `lots` gives."""
        block = self.block_at(product_id, as_of)
        of_product = lot.c.product_id == product_id
        standing = select(func.count()).where(
            of_product, lot.c.until_block.is_(None), lot.c.from_block < block
        )
        ended = select(func.count()).where(of_product, covers(block))
        return int(self._connection.execute(standing).scalar_one()) + int(
            self._connection.execute(ended).scalar_one()
        )

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
                .order_by(position.c.product_id, position.c.address),
                position,
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

    def block_at(self, product_id: ProductId, as_of: AsOf) -> int:
        """The block from which on nothing of the product counts: blocks follow in time."""
        if isinstance(as_of, int):
            return as_of + 1
        last = self._connection.scalar(
            select(position.c.from_block)
            .where(position.c.product_id == product_id, position.c.from_at < as_of)
            .order_by(position.c.from_at.desc(), position.c.from_block.desc())
            .limit(1)
        )
        return 0 if last is None else last + 1

    def _totals(self, query: Select[Any]) -> list[TotalIssued]:
        stamps = _Stamps(self._chain_id)
        names = ("product_id", "units", "factor", *_FROM)
        wanted = query.with_only_columns(*(total_issued.c[name] for name in names))
        return [
            TotalIssued(
                product=product_id,
                units=Units(int(units)),
                position=stamps.position(*log),
                factor=int(factor),
            )
            for product_id, units, factor, *log in _rows(self._connection, wanted)
        ]

    def _positions(self, query: Select[Any], source: FromClause) -> list[Position]:
        stamps = _Stamps(self._chain_id)
        wanted = query.with_only_columns(
            *(source.c[name] for name in _POSITION), maintain_column_froms=True
        )
        return [
            Position(
                product=product_id,
                address=address,
                units=Units(int(units)),
                frozen=Units(int(frozen)),
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
            ) in _rows(self._connection, wanted)
        ]

    def _lots(self, query: Select[Any], source: FromClause = lot) -> list[Lot]:
        stamps = _Stamps(self._chain_id)
        wanted = query.with_only_columns(*(source.c[name] for name in _LOT))
        return [
            Lot(
                id=LotId(block=log[0], log_index=log[1], ordinal=ordinal),
                product=product_id,
                address=address,
                units=Units(int(units)),
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
            ) in _rows(self._connection, wanted)
        ]


class _Stamps:
    """Blocks and their stamps: the rows of one block share one stamp."""

    def __init__(self, chain_id: int) -> None:
        self._chain_id = chain_id
        self._stamps: dict[int, BlockStamp] = {}

    def position(
        self, block: int, log_index: int, at: datetime, block_hash: bytes, tx: bytes
    ) -> LogPosition:
        stamp = self._stamps.get(block)
        if stamp is None:
            stamp = BlockStamp(self._chain_id, block, "0x" + block_hash.hex(), at)
            self._stamps[block] = stamp
        return LogPosition(stamp=stamp, log_index=log_index, tx="0x" + tx.hex())


def _rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver has them: numbers as Decimal, hashes as bytes. Ten thousand of them take as long to
    become rows of SQLAlchemy as to be found."""
    result = connection.execute(query)
    cursor: Any = result.cursor
    found: list[tuple[Any, ...]] = cursor.fetchall()
    result.close()
    return found


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


def covers(block: int) -> ColumnElement[bool]:
    """The lot has ended, and stood before `block` and until then. The rows are those of the table `lot`."""
    upto, above = spans_over(block)
    return and_(
        lot.c.span.is_not(None),
        or_(
            and_(bulk.among(lot.c.span, upto), lot.c.until_block >= block),
            and_(bulk.among(lot.c.span, above), lot.c.from_block < block),
        ),
    )


def _lot_id(source: Any) -> Iterable[ColumnElement[int]]:
    return source.c.from_block, source.c.from_log_index, source.c.ordinal


def _comes_after(changes: Changes, upto: Mapping[ProductId, tuple[int, int]]) -> bool:
    """The changes come from a log after the last one written of their product."""
    named = first_of(changes)
    if named is None or (last := upto.get(named.product)) is None:
        return True
    return (named.position.stamp.number, named.position.log_index) > last
