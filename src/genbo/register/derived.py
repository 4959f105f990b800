"""The derived rows (導出行) of the register, made from the changes of a fold without any database.

The service keeps these rows in its tables; whoever folds the ledger's events alone comes to the same rows, and so to
the same digest, which is how an auditor compares a register with the chain. A row's values stand here as the text in
which PostgreSQL writes them, so that equal rows are equal to the byte.

The digest of a product is SHA-256 over its rows, table by table in the order of `COLUMNS`, the rows of a table in the
order of its key (text by code point), each as `(value,value,...)` and a line feed. Nothing stands for an empty value.
A value that is empty text or holds a space, a comma, a parenthesis, a quotation mark or a backslash is put in
quotation marks, and every quotation mark and backslash in it is doubled.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from genbo.kernel import UTC, Address, ProductId, Reference, Units
from genbo.register.model import Changes, LogPosition, Lot, LotId, Position, TotalIssued, Trade
from genbo.token.movement import MovementKind

_FROM: Final = ("from_block", "from_log_index", "from_at", "from_hash", "from_tx")
_UNTIL: Final = ("until_at", "until_block", "until_log_index")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "lot": (
        *("product_id", *_FROM, "ordinal", "address", "units", "acquired"),
        *("parent_block", "parent_log_index", "parent_ordinal", "opened_by", "ref", *_UNTIL),
    ),
    "position": (
        *("product_id", "address", *_FROM, "units", "frozen", "address_frozen"),
        *("locked_until", "verified_until", "blocked", "retired", *_UNTIL),
    ),
    "total_issued": ("product_id", *_FROM, "units", "factor", *_UNTIL),
    "trade": (
        *("product_id", *_FROM, "ref", "kind", "source", "target"),
        *("units", "factor", "reverses"),
    ),
    "trade_piece": ("product_id", "from_block", "from_log_index", "ordinal", "acquired", "units"),
}
"""The derived tables and the columns of each that follow from the ledger, in the order in which they are digested."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "lot": ("product_id", "from_block", "from_log_index", "ordinal"),
    "position": ("product_id", "address", "from_block", "from_log_index"),
    "total_issued": ("product_id", "from_block", "from_log_index"),
    "trade": ("product_id", "from_block", "from_log_index"),
    "trade_piece": ("product_id", "from_block", "from_log_index", "ordinal"),
}
"""What names a row in each table."""

Row: TypeAlias = list[str | None]
"""The values of a row in the order of its columns, as text; None for an empty one."""


class DerivedRows:
    """The rows of every product, from the first change on. A `register.TradeHistory` of what it has seen.

    Kept are the facts of the register themselves, each with the log that ended it; they become rows when somebody asks.
    """

    def __init__(self) -> None:
        self._products: dict[ProductId, _Product] = {}

    def record(self, changes: Changes) -> None:
        """Takes in what one event changed; changes come in ledger order.

        Raises:
            KeyError: a lot ends that never began: the changes are not those of a fold from the beginning.
        """
        for lot in changes.opened:
            self._product(lot.product).lots[lot.id] = [lot, None]
        for closed in changes.closed:
            ended = self._product(closed.product).lots[closed.id]
            ended[1] = ended[1] or closed.position
        for position in changes.positions:
            positions = self._product(position.product).positions
            _supersede(positions.setdefault(position.address, []), position)
        for total in changes.totals:
            _supersede(self._product(total.product).totals, total)
        for trade in changes.trades:
            self._product(trade.product).trades.append(trade)
            self._product(trade.product).by_ref.setdefault(trade.ref, []).append(trade)

    @property
    def products(self) -> list[ProductId]:
        """The products that have rows, by id."""
        return sorted(self._products)

    def rows(self, product: ProductId, table: str) -> Iterator[Row]:
        """The rows of a product in one of the tables, in the order of the key."""
        found = self._products.get(product)
        return iter(()) if found is None else found.rows(table)

    def digest(self, product: ProductId) -> str:
        """SHA-256 over all rows of a product, past and present, as hexadecimal digits."""
        digest = hashlib.sha256()
        for table in COLUMNS:
            for row in self.rows(product, table):
                digest.update(row_text(row).encode() + b"\n")
        return digest.hexdigest()

    def trades(self, product: ProductId, ref: Reference) -> list[Trade]:
        """Every movement under this reference, in ledger order."""
        return list(self._product(product).by_ref.get(ref, ()))

    def restored(self, product: ProductId, ref: Reference, target: Address) -> Units:
        """Units that redistributions gave back to `target` out of the redemption `ref`."""
        return Units(
            sum(
                trade.units
                for trade in self._product(product).trades
                if trade.kind is MovementKind.REDISTRIBUTE
                and trade.source is None
                and trade.reverses == ref
                and trade.target == target
            )
        )

    def _product(self, product: ProductId) -> "_Product":
        found = self._products.get(product)
        if found is None:
            found = self._products[product] = _Product()
        return found


def row_text(row: Row) -> str:
    """The row as it is digested, and as PostgreSQL writes `ROW(...)::text`."""
    return f"({','.join(map(_quoted, row))})"


class _Product:
    """The facts of one product: lots, positions and totals with the log that ended each, None while it stands."""

    def __init__(self) -> None:
        self.lots: dict[LotId, list[Any]] = {}
        self.positions: dict[Address, list[list[Any]]] = {}
        self.totals: list[list[Any]] = []
        self.trades: list[Trade] = []
        self.by_ref: dict[Reference, list[Trade]] = {}

    def rows(self, table: str) -> Iterator[Row]:
        for values in _VALUES[table](self):
            yield [_cell(value) for value in values]


def _supersede(facts: list[list[Any]], new: Position | TotalIssued) -> None:
    """The new fact ends the one before it; of two that one log makes, the later counts."""
    at = new.position
    if facts:
        before = facts[-1][0].position
        if (before.stamp.number, before.log_index) == (at.stamp.number, at.log_index):
            facts[-1] = [new, None]
            return
        facts[-1][1] = at
    facts.append([new, None])


def _lots(product: _Product) -> Iterator[tuple[Any, ...]]:
    for _, (lot, until) in sorted(product.lots.items(), key=lambda each: each[0]):
        yield _lot(lot, until)


def _lot(each: Lot, until: LogPosition | None) -> tuple[Any, ...]:
    parent = each.parent
    return (
        *(each.product, *_from(each.opened), each.id.ordinal, each.address, each.units),
        each.acquired,
        *((parent.block, parent.log_index, parent.ordinal) if parent else (None, None, None)),
        *(int(each.opened_by), each.ref, *_until(until)),
    )


def _positions(product: _Product) -> Iterator[tuple[Any, ...]]:
    for _, positions in sorted(product.positions.items()):
        for each, until in positions:
            yield (
                *(each.product, each.address, *_from(each.position), each.units, each.frozen),
                *(each.address_frozen, each.locked_until, each.verified_until),
                *(each.blocked, each.retired, *_until(until)),
            )


def _totals(product: _Product) -> Iterator[tuple[Any, ...]]:
    for each, until in product.totals:
        yield each.product, *_from(each.position), each.units, each.factor, *_until(until)


def _trades(product: _Product) -> Iterator[tuple[Any, ...]]:
    for each in product.trades:
        yield (
            *(each.product, *_from(each.position), each.ref, int(each.kind), each.source),
            *(each.target, each.units, each.factor, each.reverses),
        )


def _pieces(product: _Product) -> Iterator[tuple[Any, ...]]:
    for each in product.trades:
        at = (each.position.stamp.number, each.position.log_index)
        for ordinal, piece in enumerate(each.pieces):
            yield each.product, *at, ordinal, piece.acquired, piece.units


_VALUES: Final[Mapping[str, Callable[[_Product], Iterator[tuple[Any, ...]]]]] = {
    "lot": _lots,
    "position": _positions,
    "total_issued": _totals,
    "trade": _trades,
    "trade_piece": _pieces,
}


def _from(at: LogPosition) -> tuple[Any, ...]:
    return at.stamp.number, at.log_index, at.stamp.at, _octets(at.stamp.hash), _octets(at.tx)


def _until(at: LogPosition | None) -> tuple[Any, ...]:
    return (None, None, None) if at is None else (at.stamp.at, at.stamp.number, at.log_index)


def _octets(digest: str) -> str:
    """A hash as PostgreSQL writes bytes."""
    return "\\x" + digest[2:]


def _cell(value: Any) -> str | None:
    """A value as PostgreSQL writes it, with UTC as its time zone."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return _instant(value)
    return str(value)  # a date too: year, month, day


@lru_cache(maxsize=1 << 12)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00")


def _quoted(cell: str | None) -> str:
    if cell is None:
        return ""
    if cell and not _QUOTED.intersection(cell):
        return cell
    return '"' + cell.replace("\\", "\\\\").replace('"', '""') + '"'


_QUOTED: Final = frozenset(' \t\n\r\v\f,()"\\')
