"""From the chain: the register made from what the node says now, and from nothing that is stored.

What an auditor runs: the logs are read afresh, folded with the rule the service uses, and give the same digest as the
service's own rows, or the place where the two part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from genbo.chain.cursor import Batch, Cursor, RolledBack
from genbo.chain.deployments import Deployment
from genbo.chain.node import BlockUnknown, Node, RawLog
from genbo.kernel import Address, BlockStamp, Fault, ProductId, Reason, Refusal, Units
from genbo.reconciliation.difference import Difference, earliest, first_row_apart
from genbo.register import RegisterFold
from genbo.register.derived import DerivedRows
from genbo.storage.cursor import Cursors
from genbo.storage.digest import DERIVED, derived_digest, derived_rows
from genbo.storage.engine import Database
from genbo.storage.events import Events, RawEvent
from genbo.storage.products import Products
from genbo.storage.wallets import Wallets

_ATTEMPTS = 3
"""Readings that may be overtaken by a reorganisation."""

Progress = Callable[[int], None]
"""Told how many more blocks were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """What the chain says of one product."""

    product: ProductId
    digest: str
    """Digest of the derived rows, as `derived_digest` has it."""
    total: Units
    holders: int
    """Addresses with at least one unit."""
    lots: int
    """Open lots."""
    events: int
    """Events that had a meaning for the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A register made from the chain."""

    stamp: BlockStamp
    """The last block that belongs to it."""
    logs: int
    """Logs that were read, those without a meaning for the register too."""
    products: tuple[Retold, ...]
    compared: bool = False
    """Whether stored rows and raw events were compared."""
    difference: Difference | None = None
    """The first difference; None when there is none, or nothing was compared."""


def replay(
    node: Node,
    deployment: Deployment,
    *,
    block: int | None = None,
    product: ProductId | None = None,
    progress: Progress = lambda _: None,
) -> Replay:
    """The register as of a block (None: the latest), from the chain alone.

    Args:
        product: only this product.

    Raises:
        Refusal: `block_unknown`; `product_unknown` when the platform has no such product.
        Fault: `node_unreachable`.
    """
    stamp = _stamp_of(node, deployment, block)
    told = _read(node, deployment, stamp, product, progress, lambda _: None)
    return Replay(stamp=stamp, logs=told.logs, products=told.retold(product))


def replay_and_compare(
    node: Node,
    deployment: Deployment,
    database: Database,
    *,
    product: ProductId | None = None,
    progress: Progress = lambda _: None,
) -> Replay:
    """As `replay`, as of the block to which the database was read; with the first difference to what is stored.

    Compared are the header of that block, every raw event, and every derived row, to the byte. Changes nothing.

    Raises:
        Refusal, Fault: as `replay`; `deployment_missing` when nothing was ever read; `database_unreachable`.
    """
    with database.read() as connection:
        cursor = Cursors(connection, deployment.chain_id).get()
        if cursor is None or cursor.last is None:
            raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=deployment.chain_id)
        stamp = cursor.last
        if apart := _header_apart(node, stamp):
            return Replay(stamp=stamp, logs=0, products=(), compared=True, difference=apart)
        raw = _RawComparison(Events(connection, deployment.chain_id))
        told = _read(node, deployment, stamp, product, progress, raw.compare)
        products = told.retold(product)
        rows = [_rows_apart(connection, told.rows, each) for each in products]
        recorded = set(Products(connection).tokens(deployment.chain_id).values())
        missing = [
            Difference(
                product=each.product,
                block=told.registered[each.product],
                log_index=None,
                what="product",
                expected="recorded",
                found="nothing",
            )
            for each in products
            if each.product not in recorded
        ]
        first = earliest([raw.first, *rows, *missing])
        if first is not None and first.product is not None:
            first = first.whose(Wallets(connection).owners(first.product))
    return Replay(stamp=stamp, logs=told.logs, products=products, compared=True, difference=first)


# Reading ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Told:
    """What was read so far."""

    fold: RegisterFold = field(init=False)
    rows: DerivedRows = field(default_factory=DerivedRows)
    logs: int = 0
    events: dict[ProductId, int] = field(default_factory=dict)
    registered: dict[ProductId, int] = field(default_factory=dict)
    """The products on the platform, and the block in which each appeared."""

    def __post_init__(self) -> None:
        self.fold = RegisterFold(history=self.rows)

    def retold(self, product: ProductId | None) -> tuple[Retold, ...]:
        return tuple(
            self._of(each) for each in sorted(self.registered) if product is None or each == product
        )

    def _of(self, product: ProductId) -> Retold:
        positions = self.fold.positions(product)
        return Retold(
            product=product,
            digest=self.rows.digest(product),
            total=self.fold.total(product),
            holders=sum(1 for each in positions if each.units),
            lots=sum(1 for _ in self.fold.lots(product)),
            events=self.events.get(product, 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """Everything that the node says of a range of blocks."""

    first: int
    last: int
    logs: list[RawLog]
    batch: Batch


class _Reorganised(Exception):
    """The chain changed its mind while it was read."""


def _read(
    node: Node,
    deployment: Deployment,
    stamp: BlockStamp,
    product: ProductId | None,
    progress: Progress,
    heard: Callable[[_Range], None],
) -> _Told:
    for _ in range(_ATTEMPTS):
        try:
            return _read_once(node, deployment, stamp, product, progress, heard)
        except _Reorganised:
            continue
    raise Fault(
        Reason.NODE_UNREACHABLE, problem="the chain changed during every attempt to read it"
    )


def _read_once(
    node: Node,
    deployment: Deployment,
    stamp: BlockStamp,
    product: ProductId | None,
    progress: Progress,
    heard: Callable[[_Range], None],
) -> _Told:
    told = _Told()
    for each in _ranges(node, deployment, stamp):
        heard(each)
        told.logs += len(each.logs)
        for registration in each.batch.registered:
            if registration.block <= each.last:
                told.registered[registration.product] = registration.block
        for event in each.batch.events:
            wanted = product is None or event.product == product
            if wanted and event.position.stamp.number <= each.last:
                told.rows.record(told.fold.apply(event))
                told.events[event.product] = told.events.get(event.product, 0) + 1
        progress(each.last - each.first + 1)
    if product is not None and product not in told.registered:
        raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
    return told


def _ranges(node: Node, deployment: Deployment, stamp: BlockStamp) -> Iterator[_Range]:
    """The blocks from the deployment to `stamp`, range by range."""
    cursor = Cursor(node, platform=deployment.platform, first_block=deployment.first_block)
    for batch in cursor.read():
        if isinstance(batch, RolledBack):
            raise _Reorganised
        last = min(batch.through.number, stamp.number)
        known = batch.stamps.get(stamp.number)
        if known is not None and known.hash != stamp.hash:
            raise _Reorganised
        logs = [log for log in batch.logs if log.block <= last]
        yield _Range(first=batch.first, last=last, logs=logs, batch=batch)
        if last == stamp.number:
            break
    if node.stamp(stamp.number).hash != stamp.hash:
        raise _Reorganised


def _stamp_of(node: Node, deployment: Deployment, block: int | None) -> BlockStamp:
    latest = node.stamp()
    if block is None:
        return latest
    if not deployment.first_block <= block <= latest.number:
        raise Refusal(
            Reason.BLOCK_UNKNOWN, block=block, first=deployment.first_block, last=latest.number
        )
    return node.stamp(block)


# Comparing -------------------------------------------------------------------------------------------


def _header_apart(node: Node, stamp: BlockStamp) -> Difference | None:
    """The block to which the register was read, when the node has another one in its place."""
    try:
        there = node.stamp(stamp.number).hash
    except BlockUnknown:
        there = "no such block"
    if there == stamp.hash:
        return None
    return Difference(
        product=None,
        block=stamp.number,
        log_index=None,
        what="block: the chain was reorganised since, or it is another node's",
        expected=there,
        found=stamp.hash,
        exact=False,
        note="blocks before it may differ too; read the register up to date first",
    )


class _RawComparison:
    """The raw events that are stored against those that the node gives."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.first: Difference | None = None

    def compare(self, told: _Range) -> None:
        if self.first is not None:
            return
        stored = {_place(each): each for each in self._events.standing(told.first, told.last)}
        given = {(log.block, log.log_index): log for log in told.logs}
        for place in sorted(stored.keys() | given.keys()):
            there, here = given.get(place), stored.get(place)
            if there is None or here is None or _said(there) != _kept(here):
                self.first = Difference(
                    product=None,
                    block=place[0],
                    log_index=place[1],
                    what="raw event",
                    expected=_shown(_said(there)) if there else "nothing",
                    found=_shown(_kept(here)) if here else "nothing",
                    address=there.address if there else here.address if here else None,
                )
                return


def _place(event: RawEvent) -> tuple[int, int]:
    return event.stamp.number, event.log_index


def _said(log: RawLog) -> tuple[str, str, Address, tuple[bytes, ...], bytes]:
    return log.block_hash, log.tx, log.address, log.topics, log.data


def _kept(event: RawEvent) -> tuple[str, str, Address, tuple[bytes, ...], bytes]:
    return event.stamp.hash, event.tx, event.address, event.topics, event.data


def _shown(said: tuple[str, str, Address, tuple[bytes, ...], bytes]) -> str:
    block_hash, tx, address, topics, data = said
    words = " ".join("0x" + topic.hex() for topic in topics)
    return f"block {block_hash}, transaction {tx}, {address}, topics {words}, data 0x{data.hex()}"


def _rows_apart(connection: Connection, rows: DerivedRows, told: Retold) -> Difference | None:
    if derived_digest(connection, told.product) == told.digest:
        return None
    return earliest(
        first_row_apart(
            told.product,
            table.name,
            expected=rows.rows(told.product, table.name),
            found=derived_rows(connection, told.product, table),
        )
        for table in DERIVED
    )
