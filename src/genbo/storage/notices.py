"""Notices (通知): what each institution was told, numbered as it is written.

One writer at a time, who holds the cursor: numbers have no gap, and are seen in their order. What was told and how far
the telling has come are committed together, so a process that is killed anywhere neither forgets nor repeats anything.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection as DriverConnection
from sqlalchemy import ColumnElement, Connection, Row, Text, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import Notice, NoticeType, Telling
from genbo.kernel import BlockStamp, ProductId
from genbo.storage import bulk
from genbo.storage.tables import notice as table
from genbo.storage.tables import notice_cursor as cursor_table
from genbo.storage.tables import notice_stream as stream_table

TOLD = "genbo_notice"
"""The channel on which streams and deliveries hear that there are further notices."""

_COLUMNS = (
    *("institution_id", "position", "product_id", "number", "type", "occurred_at"),
    *("chain_id", "block", "block_hash", "final", "data"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCursor:
    """How far the telling has come."""

    next_block: int
    """Everything final below it was told."""
    audit_number: int
    """Everything up to this audit entry was told."""
    rollback_number: int
    """What the chain took back up to this audit entry is known."""


class Notices:
    """What was told, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def claim(self, chain_id: int, *, first_block: int) -> NoticeCursor | None:
        """How far the telling has come, for nobody else to go on until the transaction ends; None when somebody else
        is at it."""
        of_chain = cursor_table.c.chain_id == chain_id
        held = select(cursor_table).where(of_chain).with_for_update(skip_locked=True)
        row = self._connection.execute(held).one_or_none()
        if row is None:
            row = self._connection.execute(
                insert(cursor_table)
                .values(
                    chain_id=chain_id, next_block=first_block, audit_number=0, rollback_number=0
                )
                .on_conflict_do_nothing()
                .returning(cursor_table)
            ).one_or_none()
        if row is None:
            return None
        return NoticeCursor(
            next_block=row.next_block,
            audit_number=row.audit_number,
            rollback_number=row.rollback_number,
        )

    def tell(self, tellings: Sequence[Telling]) -> None:
        """Writes what is told, numbered in this order. Only for whoever has claimed the cursor."""
        if not tellings:
            return
        who = sorted({each.institution for each in tellings})
        positions = self._positions(who)
        numbers = self._numbers(who)
        rows = []
        for each in tellings:
            stream = (each.institution, each.product or "")
            positions[each.institution] = positions.get(each.institution, 0) + 1
            numbers[stream] = numbers.get(stream, 0) + 1
            rows.append(_row(each, positions[each.institution], numbers[stream]))
        self._copy(rows)
        streams = {(each.institution, each.product or "") for each in tellings}
        for institution, product in sorted(streams):
            last = numbers[institution, product]
            self._connection.execute(
                insert(stream_table)
                .values(institution_id=institution, product_id=product, last=last)
                .on_conflict_do_update(
                    index_elements=list(stream_table.primary_key), set_={"last": last}
                )
            )
        self._connection.exec_driver_sql(f"NOTIFY {TOLD}")

    def move(self, chain_id: int, cursor: NoticeCursor) -> None:
        """Puts the cursor where the telling has come to."""
        self._connection.execute(
            update(cursor_table)
            .where(cursor_table.c.chain_id == chain_id)
            .values(
                next_block=cursor.next_block,
                audit_number=cursor.audit_number,
                rollback_number=cursor.rollback_number,
            )
        )

    # Questions -----------------------------------------------------------------------------------

    def after(
        self,
        institution: InstitutionId,
        position: int,
        *,
        most: int,
        product: ProductId | None = None,
        types: Sequence[str] = (),
    ) -> list[Notice]:
        """What an institution was told after that position, in order: of one product, of some types and families."""
        query = select(table).where(
            table.c.institution_id == institution, table.c.position > position
        )
        if product is not None:
            query = query.where(table.c.product_id == product)
        if types:
            query = query.where(of_types(types))
        rows = self._connection.execute(query.order_by(table.c.position).limit(most))
        return [notice_of(row) for row in rows]

    def last(self, institution: InstitutionId) -> int:
        """The position of the last thing that an institution was told; 0 when it was told nothing."""
        found = self._connection.scalar(
            select(func.max(table.c.position)).where(table.c.institution_id == institution)
        )
        return int(found or 0)

    def lasts(self, institution: InstitutionId) -> dict[ProductId | None, int]:
        """How far the numbers of each product have come, for an institution."""
        rows = self._connection.execute(
            select(stream_table.c.product_id, stream_table.c.last)
            .where(stream_table.c.institution_id == institution)
            .order_by(stream_table.c.product_id)
        )
        return {product_of(row.product_id): int(row.last) for row in rows}

    # Inside --------------------------------------------------------------------------------------

    def _positions(self, who: Sequence[str]) -> dict[str, int]:
        return {each: self.last(InstitutionId(each)) for each in who}

    def _numbers(self, who: Sequence[str]) -> dict[tuple[str, str], int]:
        rows = self._connection.execute(
            select(stream_table).where(bulk.among(stream_table.c.institution_id, who))
        )
        return {(row.institution_id, row.product_id): int(row.last) for row in rows}

    def _copy(self, rows: Sequence[Sequence[Any]]) -> None:
        driver = self._connection.connection.driver_connection
        assert isinstance(driver, DriverConnection)
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY notice ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)


def of_types(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a notice is of one of these types or families."""
    family = func.split_part(table.c.type, ".", 1, type_=Text)
    return or_(bulk.among(table.c.type, words), bulk.among(family, words))


def product_of(column: str) -> ProductId | None:
    """What the column of a stream says: empty is about no product."""
    return ProductId(column) if column else None


def notice_of(row: Row[Any]) -> Notice:
    """A row of `notice`."""
    stamp = None
    if row.block is not None:
        stamp = BlockStamp(row.chain_id, row.block, row.block_hash, row.occurred_at)
    return Notice(
        institution=InstitutionId(row.institution_id),
        position=row.position,
        product=product_of(row.product_id),
        number=row.number,
        type=NoticeType.named(row.type),
        occurred_at=row.occurred_at,
        stamp=stamp,
        final=row.final,
        data=row.data,
    )


def _row(each: Telling, position: int, number: int) -> tuple[Any, ...]:
    stamp = each.stamp
    return (
        each.institution,
        position,
        each.product or "",
        number,
        each.type.value,
        each.occurred_at,
        None if stamp is None else stamp.chain_id,
        None if stamp is None else stamp.number,
        None if stamp is None else bytes.fromhex(stamp.hash[2:]),
        each.final,
        json.dumps(each.data, separators=(",", ":"), ensure_ascii=False),
    )
