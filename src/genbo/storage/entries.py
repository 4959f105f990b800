"""Entries: what a run of changes adds to the derived tables, and which of the older rows it ends.

Collected in Python and written as sets: a row that ends within the run is written as ended, and no row that stands
in the database is touched more than once.
"""

from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection

from genbo.kernel import BlockStamp
from genbo.register import Changes, LogPosition, Lot, LotClosed, LotId, Position, TotalIssued, Trade
from genbo.storage import binary
from genbo.storage.copy import copy_in, driver_cursor
from genbo.storage.spans import span_of
from genbo.storage.tables import lot, position, total_issued, trade, trade_piece

# What all rows of a block share stands first.
_FROM: Final = ("from_block", "from_at", "from_hash", "from_log_index", "from_tx")
_UNTIL: Final = ("until_block", "until_at", "until_log_index")
_LOT: Final = (
    *("product_id", *_FROM, "ordinal", "address", "units", "acquired"),
    *("parent_block", "parent_log_index", "parent_ordinal", "opened_by", "ref", *_UNTIL, "span"),
)
_POSITION: Final = (
    *("product_id", *_FROM, "address", "units", "frozen", "address_frozen"),
    *("locked_until", "verified_until", "blocked", "retired", *_UNTIL),
)
_TOTAL: Final = ("product_id", *_FROM, "units", "factor", *_UNTIL)
_TRADE: Final = (
    *("product_id", *_FROM, "ref", "kind", "source", "target"),
    *("units", "factor", "reverses"),
)
_PIECE: Final = ("product_id", "from_block", "from_log_index", "ordinal", "acquired", "units")

_STANDS: Final = binary.NULL * len(_UNTIL)
_OPEN: Final = _STANDS + binary.NULL
_NO_LOT: Final = binary.NULL * 3
_LOT_HEAD: Final = binary.heading(len(_LOT))
_POSITION_HEAD: Final = binary.heading(len(_POSITION))
_TOTAL_HEAD: Final = binary.heading(len(_TOTAL))
_TRADE_HEAD: Final = binary.heading(len(_TRADE))
_PIECE_HEAD: Final = binary.heading(len(_PIECE))

_END_LOTS: Final = """
UPDATE lot
SET until_at = ended.at, until_block = ended.block, until_log_index = ended.log_index, span = ended.span
FROM unnest(%b::text[], %b::int8[], %b::int4[], %b::int4[], %b::int8[], %b::timestamptz[], %b::int4[], %b::int8[])
    AS ended (product_id, from_block, from_log_index, ordinal, block, at, log_index, span)
WHERE lot.product_id = ended.product_id AND lot.from_block = ended.from_block
    AND lot.from_log_index = ended.from_log_index AND lot.ordinal = ended.ordinal
    AND lot.until_block IS NULL
"""
_END_POSITIONS: Final = """
UPDATE position SET until_at = ended.at, until_block = ended.block, until_log_index = ended.log_index
FROM unnest(%b::text[], %b::text[], %b::int8[], %b::timestamptz[], %b::int4[])
    AS ended (product_id, address, block, at, log_index)
WHERE position.product_id = ended.product_id AND position.address = ended.address
    AND position.until_block IS NULL
"""
_END_TOTALS: Final = """
UPDATE total_issued SET until_at = ended.at, until_block = ended.block, until_log_index = ended.log_index
FROM unnest(%b::text[], %b::int8[], %b::timestamptz[], %b::int4[])
    AS ended (product_id, block, at, log_index)
WHERE total_issued.product_id = ended.product_id AND total_issued.until_block IS NULL
"""


_ENDED_TOTAL: Final = (binary.TEXT, binary.INT8, binary.TIMESTAMPTZ, binary.INT4)
_ENDED_POSITION: Final = (binary.TEXT, *_ENDED_TOTAL)
_ENDED_LOT: Final = (
    binary.TEXT,
    binary.INT8,
    binary.INT4,
    binary.INT4,
    *_ENDED_TOTAL[1:],
    binary.INT8,
)


class _Standing:
    """New rows, of which at most one of each name stands: each ends the one before it."""

    def __init__(self) -> None:
        self.ended: list[tuple[bytes, ...]] = []
        """Names of rows in the database that stand no longer, each with the log that ends it."""
        self._rows: dict[tuple[str, ...], list[bytes]] = {}
        """By name, in turn: a row without its end, and its end. The last one stands and has none yet."""
        self._latest: dict[tuple[str, ...], LogPosition] = {}

    def add(self, name: tuple[str, ...], at: LogPosition, row: bytes, until: bytes) -> None:
        """A row from `at` on; `until` is the end it puts to the one before."""
        rows = self._rows.get(name)
        if rows is None:
            self._rows[name] = [row]
            self.ended.append((*map(binary.word, name), *_end(at)))
        elif self._latest[name] is at:  # of two that one log makes, the later counts
            rows[-1] = row
        else:
            rows += (until, row)
        self._latest[name] = at

    def rows(self) -> list[bytes]:
        """All of them, by name: rows that stand side by side in an index are written in one go."""
        found = []
        for rows in self._rows.values():
            found += rows
            found.append(_STANDS)
        return found


class _Block:
    """What all rows of one block share."""

    def __init__(self, stamp: BlockStamp) -> None:
        self.stamp = stamp
        number, at = binary.int8(stamp.number), binary.instant(stamp.at)
        self.begins = number + at + binary.hash32(stamp.hash)
        self.ends = number + at


class Entries:
    """The rows of one run of changes, which stand in ledger order and are all new to the database."""

    def __init__(self) -> None:
        self._lots: list[bytes] = []
        """As `_Standing.rows`."""
        self._opened: dict[LotId, int] = {}
        """Where the end of a lot stands in `_lots`."""
        self._ended_lots: list[tuple[bytes, ...]] = []
        self._positions = _Standing()
        self._totals = _Standing()
        self._trades: list[bytes] = []
        self._pieces: list[bytes] = []
        self._block: _Block | None = None

    def add(self, changes: Changes) -> None:
        """What one log changed, after everything that earlier logs did."""
        first = first_of(changes)
        if first is None:
            return
        at = first.position
        block = self._block
        if block is None or block.stamp is not at.stamp:
            block = self._block = _Block(at.stamp)
        begins = binary.word(first.product) + block.begins + binary.int4_hash32(at.log_index, at.tx)
        ends = block.ends + binary.int4(at.log_index)
        lots = self._lots
        for opened in changes.opened:
            self._opened[opened.id] = len(lots) + 1
            lots += (_lot_row(opened, begins), _OPEN)
        for closed in changes.closed:
            self._close(closed, ends)
        add = self._positions.add
        for each in changes.positions:
            add((each.product, each.address), at, _position_row(each, begins), ends)
        for total in changes.totals:
            self._totals.add((total.product,), at, _total_row(total, begins), ends)
        for done in changes.trades:
            self._trades.append(_trade_row(done, begins))
            self._pieces += _piece_rows(done)

    def write(self, connection: Connection) -> None:
        """Ends the older rows, then adds the new ones."""
        with driver_cursor(connection) as cursor:
            for statement, kinds, rows in (
                (_END_LOTS, _ENDED_LOT, self._ended_lots),
                (_END_POSITIONS, _ENDED_POSITION, self._positions.ended),
                (_END_TOTALS, _ENDED_TOTAL, self._totals.ended),
            ):
                if rows:
                    rows.sort()  # in the order of the index, page by page
                    columns = zip(*rows, strict=True)
                    cursor.execute(statement, list(map(binary.Array, kinds, columns)))
        copy_in(connection, lot, _LOT, self._lots)
        copy_in(connection, position, _POSITION, self._positions.rows())
        copy_in(connection, total_issued, _TOTAL, self._totals.rows())
        copy_in(connection, trade, _TRADE, self._trades)
        copy_in(connection, trade_piece, _PIECE, self._pieces)

    def _close(self, closed: LotClosed, ends: bytes) -> None:
        at = closed.position
        span = span_of(closed.id.block, at.stamp.number)
        place = self._opened.get(closed.id)
        if place is not None:
            self._lots[place] = ends + (binary.NULL if span is None else binary.int8(span))
            return
        block, log_index, ordinal = closed.id
        self._ended_lots.append(
            (
                binary.word(closed.product),
                binary.int8(block),
                binary.int4(log_index),
                binary.int4(ordinal),
                *_end(at),
                binary.NULL if span is None else binary.int8(span),
            )
        )


def _end(at: LogPosition) -> tuple[bytes, bytes, bytes]:
    stamp = at.stamp
    return binary.int8(stamp.number), binary.instant(stamp.at), binary.int4(at.log_index)


def first_of(changes: Changes) -> Position | Trade | None:
    """Something that names the product and the log; None when nothing changed. Whatever changes anything makes a
    position or a trade."""
    if changes.positions:
        return changes.positions[0]
    return changes.trades[0] if changes.trades else None


def _lot_row(each: Lot, begins: bytes) -> bytes:
    parent = each.parent
    return b"".join(
        (
            _LOT_HEAD,
            begins,
            binary.int4(each.id.ordinal),
            binary.word(each.address),
            binary.whole(each.units),
            binary.day(each.acquired),
            _NO_LOT if parent is None else binary.int8_int4_int4(*parent),
            binary.int2(each.opened_by),
            binary.text(each.ref),
        )
    )


def _position_row(each: Position, begins: bytes) -> bytes:
    return b"".join(
        (
            _POSITION_HEAD,
            begins,
            binary.word(each.address),
            binary.whole(each.units),
            binary.whole(each.frozen),
            _restrictions(
                each.address_frozen,
                each.locked_until,
                each.verified_until,
                each.blocked,
                each.retired,
            ),
        )
    )


@lru_cache(maxsize=1 << 14)
def _restrictions(
    address_frozen: bool,
    locked_until: datetime | None,
    verified_until: datetime | None,
    blocked: bool,
    retired: bool,
) -> bytes:
    """What most addresses have in common."""
    return b"".join(
        (
            binary.flag(address_frozen),
            binary.instant(locked_until),
            binary.instant(verified_until),
            binary.flag(blocked),
            binary.flag(retired),
        )
    )


def _total_row(each: TotalIssued, begins: bytes) -> bytes:
    return b"".join(
        (
            _TOTAL_HEAD,
            begins,
            binary.whole(each.units),
            binary.whole(each.factor),
        )
    )


def _trade_row(each: Trade, begins: bytes) -> bytes:
    return b"".join(
        (
            _TRADE_HEAD,
            begins,
            binary.text(each.ref),
            binary.int2(each.kind),
            binary.word(each.source),
            binary.word(each.target),
            binary.whole(each.units),
            binary.whole(each.factor),
            binary.text(each.reverses),
        )
    )


def _piece_rows(each: Trade) -> list[bytes]:
    at = each.position
    head = _PIECE_HEAD + binary.word(each.product)
    return [
        head
        + binary.int8_int4_int4(at.stamp.number, at.log_index, ordinal)
        + binary.day(piece.acquired)
        + binary.whole(piece.units)
        for ordinal, piece in enumerate(each.pieces)
    ]
