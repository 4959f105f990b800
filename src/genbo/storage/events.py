"""Raw events (イベント原文): what the node said, as it said it.

Append only: a reorganisation marks events as orphaned, and an event that comes back stands again. Everything the
register knows can be made again from the events that stand.
"""

from collections.abc import Sequence, Set

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.kernel import Address, BlockStamp
from genbo.kernel.record import record
from genbo.storage import binary, bulk
from genbo.storage.copy import copy_in
from genbo.storage.tables import event_raw as table

_COLUMNS = (
    *("chain_id", "block_hash", "block_number", "block_at"),
    *("log_index", "tx", "address", "topic0", "topic1", "topic2", "topic3", "data"),
)
_HEAD = binary.heading(len(_COLUMNS))
_NO_TOPICS = tuple(binary.NULL * (4 - count) for count in range(5))
"""By the number of topics there are."""


@record(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One log of one block."""

    stamp: BlockStamp
    log_index: int
    tx: str
    """Transaction hash, 0x and 64 hexadecimal digits."""
    address: Address
    """The contract that said it."""
    topics: tuple[bytes, ...]
    """Up to four words of 32 bytes."""
    data: bytes


class Events:
    """The raw events of one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def append(self, events: Sequence[RawEvent]) -> int:
        """Keeps events; returns how many did not stand before. The same once more changes nothing."""
        if not events:
            return 0
        if self._has_any({event.stamp.hash for event in events}):
            return self._append_to(events)
        copy_in(self._connection, table, _COLUMNS, _binary_rows(events))
        return len(events)

    def _has_any(self, hashes: Set[str]) -> bool:
        """Whether events of one of these blocks are there, standing or orphaned."""
        found = self._connection.scalar(
            select(
                select(table.c.log_index)
                .where(table.c.chain_id == self._chain_id, bulk.among(table.c.block_hash, hashes))
                .exists()
            )
        )
        return bool(found)

    def _append_to(self, events: Sequence[RawEvent]) -> int:
        """As `append`, where some of the events may be there."""
        rows = [_row(event) for event in events]
        columns = list(rows[0])
        with bulk.given(self._connection, table, columns, rows) as these:
            statement = insert(table).from_select(
                columns, select(*(these.new.c[name] for name in columns))
            )
            done = self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=list(table.primary_key.columns),
                    set_={"orphaned": False},
                    where=table.c.orphaned,
                ),
                these.parameters,
                execution_options={"preserve_rowcount": True},
            )
            return done.rowcount

    def orphan_from(self, block: int) -> int:
        """Marks the events of `block` and later as orphaned; returns how many stood."""
        done = self._connection.execute(
            update(table)
            .where(
                table.c.chain_id == self._chain_id,
                table.c.block_number >= block,
                ~table.c.orphaned,
            )
            .values(orphaned=True)
        )
        return done.rowcount

    def standing(self, first: int, last: int, *, topic: bytes | None = None) -> list[RawEvent]:
        """The events of the blocks `first` to `last` (both included) that stand, in ledger order.

        Args:
            topic: only those of this kind, by the hash of its signature.
        """
        query = select(table).where(
            table.c.chain_id == self._chain_id,
            table.c.block_number.between(first, last),
            ~table.c.orphaned,
        )
        if topic is not None:
            query = query.where(table.c.topic0 == topic)
        rows = self._connection.execute(query.order_by(table.c.block_number, table.c.log_index))
        return [
            RawEvent(
                stamp=BlockStamp(row.chain_id, row.block_number, row.block_hash, row.block_at),
                log_index=row.log_index,
                tx=row.tx,
                address=Address(row.address),
                topics=tuple(
                    topic for topic in (row.topic0, row.topic1, row.topic2, row.topic3) if topic
                ),
                data=row.data,
            )
            for row in rows
        ]

    def count(self, *, orphaned: bool = False) -> int:
        """How many events stand, or are orphaned."""
        counted = self._connection.scalar(
            select(func.count())
            .select_from(table)
            .where(table.c.chain_id == self._chain_id, table.c.orphaned.is_(orphaned))
        )
        return int(counted or 0)


def _row(event: RawEvent) -> dict[str, object]:
    topics = (*event.topics, None, None, None, None)
    return {
        "chain_id": event.stamp.chain_id,
        "block_hash": event.stamp.hash,
        "log_index": event.log_index,
        "block_number": event.stamp.number,
        "block_at": event.stamp.at,
        "tx": event.tx,
        "address": event.address,
        "topic0": topics[0],
        "topic1": topics[1],
        "topic2": topics[2],
        "topic3": topics[3],
        "data": event.data,
    }


def _binary_rows(events: Sequence[RawEvent]) -> list[bytes]:
    rows = []
    stamp: BlockStamp | None = None
    block = b""
    for event in events:
        if event.stamp is not stamp:
            stamp = event.stamp
            block = (
                _HEAD
                + binary.int8(stamp.chain_id)
                + binary.hash32(stamp.hash)
                + binary.int8(stamp.number)
                + binary.instant(stamp.at)
            )
        topics = event.topics
        rows.append(
            b"".join(
                (
                    block,
                    binary.int4(event.log_index),
                    binary.hash32(event.tx),
                    binary.word(event.address),
                    *map(binary.octets, topics),
                    _NO_TOPICS[len(topics)],
                    binary.octets(event.data),
                )
            )
        )
    return rows
