"""Movements (異動) as the register has them: what changed between two instants, with both sides before and after.

They are read from the positions, which have a row for everything that happened to an address; so nothing that moved
units can be missing, whether it had a reference or not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, and_, select, true, tuple_

from genbo.kernel import Address, BlockStamp, ProductId, Reference
from genbo.storage.register import AsOf, Register
from genbo.storage.tables import lot, position, trade
from genbo.token import MovementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSide:
    """An account that a movement changed."""

    account: Address
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What stood against the disposal of an account."""

    frozen: int
    address_frozen: bool
    locked_until: datetime | None
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One entry of the ledger that changed the register."""

    stamp: BlockStamp
    log_index: int
    tx: str
    kind: MovementKind | None
    """None for a change of restrictions."""
    ref: Reference | None
    source: MovedSide | None
    target: MovedSide | None
    """The account whose restrictions changed, where nothing moved."""
    restricted: tuple[Restricted, Restricted] | None = None
    """Before and after, of a change of restrictions."""

    @property
    def units(self) -> int:
        """How many moved; of a split, how many an account gained."""
        sides = [side for side in (self.source, self.target) if side is not None]
        return max((abs(side.after - side.before) for side in sides), default=0)


class Movements:
    """What changed, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def between(self, product: ProductId, *, since: AsOf, until: AsOf | None) -> list[Movement]:
        """Every change after the register as of `since` up to that as of `until` (None: now), in ledger order.
        Renewed verdicts change nothing that a register says, and are left out."""
        register = Register(self._connection, self._chain_id)
        now = position.alias("now")
        then = (
            select(position)
            .where(
                position.c.product_id == now.c.product_id,
                position.c.address == now.c.address,
                tuple_(position.c.from_block, position.c.from_log_index)
                < tuple_(now.c.from_block, now.c.from_log_index),
            )
            .order_by(position.c.from_block.desc(), position.c.from_log_index.desc())
            .limit(1)
            .lateral("then")
        )
        stretch = [now.c.from_block >= register.block_at(product, since)]
        if until is not None:
            stretch.append(now.c.from_block < register.block_at(product, until))
        rows = self._connection.execute(
            select(
                *(now.c[name] for name in ("address", *_LOG)),
                *(now.c[name].label(f"now_{name}") for name in _STATE),
                *(then.c[name].label(f"then_{name}") for name in _STATE),
                trade.c.kind,
                trade.c.ref,
                select(lot.c.opened_by)
                .where(_same_log(lot, now))
                .limit(1)
                .scalar_subquery()
                .label("opened_by"),
            )
            .select_from(now.outerjoin(then, true()).outerjoin(trade, _same_log(trade, now)))
            .where(now.c.product_id == product, *stretch)
            .order_by(now.c.from_block, now.c.from_log_index, now.c.address)
        )
        return [
            movement
            for _, changed in groupby(rows, key=lambda row: (row.from_block, row.from_log_index))
            for movement in self._movements([*changed])
        ]

    def _movements(self, rows: Sequence[Any]) -> Iterator[Movement]:
        """What one log did: a movement has a giver, a taker or both; a split gives to everybody."""
        first = rows[0]
        log = {
            "stamp": BlockStamp(self._chain_id, first.from_block, first.from_hash, first.from_at),
            "log_index": first.from_log_index,
            "tx": first.from_tx,
            "ref": first.ref,
        }
        moved = [row for row in rows if row.now_units != (row.then_units or 0)]
        if not moved:
            for row in rows:
                before, after = _restricted(row, "then"), _restricted(row, "now")
                if before != after:
                    yield Movement(
                        kind=None, source=None, target=_side(row), restricted=(before, after), **log
                    )
            return
        code = first.kind if first.kind is not None else first.opened_by
        kind = None if code is None else MovementKind(code)
        givers = [row for row in moved if row.now_units < (row.then_units or 0)]
        takers = [row for row in moved if row.now_units > (row.then_units or 0)]
        if len(givers) <= 1 and len(takers) <= 1:
            yield Movement(
                kind=kind,
                source=_side(givers[0]) if givers else None,
                target=_side(takers[0]) if takers else None,
                **log,
            )
            return
        for row in givers:
            yield Movement(kind=kind, source=_side(row), target=None, **log)
        for row in takers:
            yield Movement(kind=kind, source=None, target=_side(row), **log)


_LOG = ("from_block", "from_log_index", "from_at", "from_hash", "from_tx")
_STATE = ("units", "frozen", "address_frozen", "locked_until", "blocked")


def _same_log(table: Any, now: Any) -> Any:
    return and_(
        table.c.product_id == now.c.product_id,
        table.c.from_block == now.c.from_block,
        table.c.from_log_index == now.c.from_log_index,
    )


def _side(row: Row[Any]) -> MovedSide:
    return MovedSide(
        account=Address(row.address), before=int(row.then_units or 0), after=int(row.now_units)
    )


def _restricted(row: Row[Any], when: str) -> Restricted:
    values = row._mapping
    return Restricted(
        frozen=int(values[f"{when}_frozen"] or 0),
        address_frozen=bool(values[f"{when}_address_frozen"]),
        locked_until=values[f"{when}_locked_until"],
        blocked=bool(values[f"{when}_blocked"]),
    )
