"""Record dates (権利確定) that are fixed, with who held then. A row is added once and never changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select
from sqlalchemy.dialects.postgresql import insert

from genbo.entitlements import Entitlement, RecordDate, RecordDateKind, Snapshot
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import BlockStamp, Digest, ProductId, Reason, Refusal, Units
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import entitlement
from genbo.storage.tables import record_date as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRecordDate:
    """A record date whose holders are fixed."""

    record: RecordDate
    calendar: str
    """Which version of the bank calendar it was adjusted by."""
    stamp: BlockStamp
    """The last block that belongs to it."""
    holders: int
    units: Units
    digest: Digest
    """SHA-256 over every row of the snapshot."""
    root: Digest
    """Root of the tree of its rows, as it is anchored."""
    fixed_at: datetime
    fixed_by: str


class RecordDates:
    """The record dates, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fix(
        self,
        record: RecordDate,
        snapshot: Snapshot,
        *,
        root: Digest,
        calendar: str,
        at: datetime,
        by: str,
    ) -> bool:
        """Keeps who held at the record date; whether that is new. What was fixed stays as it is."""
        deadlines = record.deadlines
        added = self._connection.execute(
            insert(table)
            .values(
                product_id=record.product,
                record_day=record.day,
                nominal_day=record.nominal,
                kind=record.kind.value,
                noticed_on=record.noticed_on,
                notice_by=deadlines.notice_by,
                exercise_by=deadlines.exercise_by,
                notice_missed=record.notice_missed,
                calendar=calendar,
                chain_id=snapshot.stamp.chain_id,
                block=snapshot.stamp.number,
                block_hash=snapshot.stamp.hash,
                block_at=snapshot.stamp.at,
                holders=len(snapshot.rows),
                units=snapshot.total,
                digest=snapshot.digest(),
                root=root,
                fixed_at=at,
                fixed_by=by,
            )
            .on_conflict_do_nothing()
            .returning(table.c.product_id)
        ).one_or_none()
        if added is None:
            return False
        bulk.insert_new(
            self._connection,
            entitlement,
            [
                {
                    "product_id": record.product,
                    "record_day": record.day,
                    "holder": each.holder,
                    "units": each.units,
                    "known": each.known,
                }
                for each in snapshot.rows
            ],
        )
        rows = vouch(
            self._connection,
            table,
            table.c.product_id == record.product,
            table.c.record_day == record.day,
        )
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.RECORD_DATE_FIXED,
                    actor=by,
                    subject=record.day.isoformat(),
                    product=record.product,
                    facts={
                        "holders": len(snapshot.rows),
                        "units": str(snapshot.total),
                        "digest": snapshot.digest(),
                        "notice_missed": record.notice_missed,
                    },
                    rows=rows[record.product, record.day],
                )
            ]
        )
        return True

    # Questions -----------------------------------------------------------------------------------

    def get(self, product: ProductId, day: date) -> FixedRecordDate:
        """The record date that was fixed.

        Raises:
            Refusal: `record_date_unknown`, with those that were.
        """
        known = self.all(product)
        for each in known:
            if each.record.day == day:
                return each
        raise Refusal(
            Reason.RECORD_DATE_UNKNOWN,
            product=product,
            day=day.isoformat(),
            known=", ".join(each.record.day.isoformat() for each in known) or None,
        )

    def all(self, product: ProductId) -> list[FixedRecordDate]:
        """Every record date of the product that was fixed, in order."""
        rows = self._connection.execute(
            select(table).where(table.c.product_id == product).order_by(table.c.record_day)
        )
        return [_fixed(row) for row in rows]

    def entitlements(self, product: ProductId, day: date) -> list[Entitlement]:
        """Who held at the record date, by holder; none when it was not fixed."""
        found = self._entitled(select(*_COLUMNS).where(*_those(product, day)))
        return sorted(found, key=lambda each: each.holder)  # the database sorts by its own alphabet

    def some_entitlements(
        self,
        product: ProductId,
        day: date,
        *,
        holders: Collection[str] | None = None,
        after: str | None,
        most: int,
    ) -> list[Entitlement]:
        """A part of them, in the database's own order of holders: those behind `after`, so many at most.

        Args:
            holders: only these.
        """
        query = select(*_COLUMNS).where(*_those(product, day))
        if holders is not None:
            query = query.where(bulk.among(entitlement.c.holder, holders))
        if after is not None:
            query = query.where(entitlement.c.holder > after)
        return self._entitled(query.order_by(entitlement.c.holder).limit(most))

    def _entitled(self, query: Select[Any]) -> list[Entitlement]:
        return [
            Entitlement(holder=holder, units=Units(units), known=known)
            for holder, units, known in self._connection.execute(query)
        ]


_COLUMNS = (entitlement.c.holder, entitlement.c.units, entitlement.c.known)


def _those(product: ProductId, day: date) -> tuple[ColumnElement[bool], ...]:
    return entitlement.c.product_id == product, entitlement.c.record_day == day


def _fixed(row: Row[Any]) -> FixedRecordDate:
    return FixedRecordDate(
        record=RecordDate(
            product=ProductId(row.product_id),
            kind=RecordDateKind(row.kind),
            nominal=row.nominal_day,
            day=row.record_day,
            noticed_on=row.noticed_on,
        ),
        calendar=row.calendar,
        stamp=BlockStamp(row.chain_id, row.block, row.block_hash, row.block_at),
        holders=row.holders,
        units=Units(row.units),
        digest=Digest(row.digest),
        root=Digest(row.root),
        fixed_at=row.fixed_at,
        fixed_by=row.fixed_by,
    )
