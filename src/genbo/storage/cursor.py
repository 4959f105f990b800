"""The cursor (読取位置): how far a chain has been read, and the headers that tell whether it was reorganised since.

The cursor is committed in one transaction with what was read, so a process that is killed anywhere neither loses nor
doubles anything. Whoever moves it holds its row until the transaction ends: two readers take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.kernel import BlockStamp
from genbo.storage import bulk
from genbo.storage.tables import block as block_table
from genbo.storage.tables import cursor as cursor_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a chain has been read."""

    next_block: int
    """The first block that has not been read."""
    last: BlockStamp | None
    """The block before it; None before the first was read."""
    final: BlockStamp | None = None
    """The latest block that is final; None before the first. It never lies behind `last`."""

    def is_final(self, block: int) -> bool:
        """Whether nothing up to and including this block is expected to change any more."""
        return self.final is not None and block <= self.final.number


class Cursors:
    """The cursor and the headers of one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def start(self, first_block: int) -> None:
        """Puts the cursor at `first_block`, unless there is one."""
        self._connection.execute(
            insert(cursor_table)
            .values(chain_id=self._chain_id, next_block=first_block)
            .on_conflict_do_nothing(index_elements=[cursor_table.c.chain_id])
        )

    def get(self, *, to_move: bool = False) -> Cursor | None:
        """Where the cursor is; None when it was never started. With `to_move` nobody else moves it until the
        transaction ends."""
        query = select(cursor_table).where(cursor_table.c.chain_id == self._chain_id)
        if to_move:
            query = query.with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        last = final = None
        if row.block_hash is not None:
            last = BlockStamp(self._chain_id, row.next_block - 1, row.block_hash, row.block_at)
        if row.final_block is not None:
            final = BlockStamp(self._chain_id, row.final_block, row.final_hash, row.final_at)
        return Cursor(next_block=row.next_block, last=last, final=final)

    def move(self, last: BlockStamp, headers: Sequence[BlockStamp] = ()) -> None:
        """Puts the cursor behind `last`, and keeps the headers of `last` and of `headers`."""
        stamps = {stamp.number: stamp for stamp in (*headers, last)}
        rows = [
            {
                "chain_id": self._chain_id,
                "number": stamp.number,
                "hash": stamp.hash,
                "at": stamp.at,
            }
            for stamp in stamps.values()
        ]
        bulk.insert_new(self._connection, block_table, rows)
        self._put(last.number + 1, last)

    def settle(self, final: BlockStamp) -> None:
        """Keeps `final`, a block that was read, as the final one, unless a later one is kept already."""
        self._connection.execute(
            update(cursor_table)
            .where(
                cursor_table.c.chain_id == self._chain_id,
                func.coalesce(cursor_table.c.final_block, -1) < final.number,
            )
            .values(_final(final))
        )

    def rewind(self, block: int) -> Cursor:
        """Puts the cursor back so that `block` is read next, and forgets the headers from there on. What was final
        from there on is not any more: the register says what the chain says."""
        self._connection.execute(
            delete(block_table).where(
                block_table.c.chain_id == self._chain_id, block_table.c.number >= block
            )
        )
        before = self.header(block - 1)
        self._connection.execute(
            update(cursor_table)
            .where(cursor_table.c.chain_id == self._chain_id, cursor_table.c.final_block >= block)
            .values(_final(before))
        )
        self._put(block, before)
        now = self.get()
        assert now is not None
        return now

    def header(self, number: int) -> BlockStamp | None:
        """The header of that block, if it was kept."""
        return self._stamp(
            self._connection.execute(
                select(block_table).where(
                    block_table.c.chain_id == self._chain_id, block_table.c.number == number
                )
            ).one_or_none()
        )

    def headers_down_from(self, number: int, most: int) -> list[BlockStamp]:
        """The last `most` headers kept up to block `number`, newest first: where a fork point is looked for."""
        rows = self._connection.execute(
            select(block_table)
            .where(block_table.c.chain_id == self._chain_id, block_table.c.number <= number)
            .order_by(block_table.c.number.desc())
            .limit(most)
        )
        return [stamp for row in rows if (stamp := self._stamp(row))]

    def last_before(self, at: datetime) -> BlockStamp | None:
        """The last header kept whose block was made before `at`: the stamp of an answer as of `at`."""
        return self._stamp(
            self._connection.execute(
                select(block_table)
                .where(block_table.c.chain_id == self._chain_id, block_table.c.at < at)
                .order_by(block_table.c.at.desc(), block_table.c.number.desc())
                .limit(1)
            ).one_or_none()
        )

    def _put(self, next_block: int, last: BlockStamp | None) -> None:
        self._connection.execute(
            update(cursor_table)
            .where(cursor_table.c.chain_id == self._chain_id)
            .values(
                next_block=next_block,
                block_hash=last.hash if last else None,
                block_at=last.at if last else None,
            )
        )

    def _stamp(self, row: Row[tuple[object, ...]] | None) -> BlockStamp | None:
        return None if row is None else BlockStamp(row.chain_id, row.number, row.hash, row.at)


def _final(stamp: BlockStamp | None) -> dict[str, object]:
    return {
        "final_block": stamp.number if stamp else None,
        "final_hash": stamp.hash if stamp else None,
        "final_at": stamp.at if stamp else None,
    }
