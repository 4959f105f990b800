"""Indexer: brings what the ledger said into the register, block range by block range.

The cursor, the raw logs and the rows derived from them are committed together, so a process killed anywhere reads
every log exactly once. When the chain changes its mind, everything after the fork is taken back in one transaction
and read again.

While one batch is being written, the next is read and folded (`behind`). What this process remembers is then ahead of
what is committed; whatever fails, it begins again from the database.

Several processes may read one chain into one database, as `genbo up` and a command beside it do. Whoever is about to
keep a range holds the cursor first; finding it elsewhere than expected, it begins again from what the others kept.
"""

from typing import TypeAlias

from genbo.bootstrap.behind import Behind, reading_in_bulk
from genbo.chain.cursor import Batch, Cursor, Registration, RolledBack
from genbo.chain.deploy import adopt_products
from genbo.chain.deployments import Deployment
from genbo.chain.node import Node
from genbo.kernel import BlockStamp, Fault, Reason
from genbo.register import Changes, RegisterFold
from genbo.storage.engine import Database
from genbo.storage.events import RawEvent
from genbo.storage.journal import RegisterJournal
from genbo.storage.products import Products
from genbo.storage.trades import StoredTrades

_CHECKPOINTS = 4_096
"""Headers handed to the cursor, to find where a reorganisation began."""


_Step: TypeAlias = tuple[Batch, list[Changes]]
"""A batch, and what the fold made of its events."""


class _Overtaken(Exception):
    """Another process has moved the cursor."""


class Indexer:
    """One chain's events, read into one database."""

    def __init__(self, node: Node, database: Database, deployment: Deployment) -> None:
        self._node = node
        self._database = database
        self._deployment = deployment
        self._cursor: Cursor | None = None
        self._fold = RegisterFold()

    def catch_up(self) -> BlockStamp | None:
        """Reads everything there is to read; the last block read, None when there was never any.

        Raises:
            Fault: `node_unreachable`, `database_unreachable`; `product_unrecorded` when a product stands on the
                platform whose terms the database does not have. What was committed before stays, the rest was not
                done.
        """
        while True:
            cursor = self._cursor or self._begin()
            try:
                self._read(cursor)
                return cursor.through
            except _Overtaken:
                self._cursor = None
            except BaseException:
                # What this process remembers may be ahead of what was committed: begin again from the database.
                self._cursor = None
                raise

    def _read(self, cursor: Cursor) -> None:
        """Keeps each batch behind the reading of the next one."""
        with reading_in_bulk(), Behind(self._keep) as behind:
            for found in cursor.read():
                if isinstance(found, Batch):
                    changes = [self._fold.apply(event) for event in found.events]
                    self._forget(behind.give((found, changes)))
                else:
                    behind.finish()
                    self._take_back(found)
            self._forget(behind.finish())

    def _forget(self, kept: _Step | None) -> None:
        if kept is not None:
            self._fold.forget(upto=kept[0].through.number)

    def _begin(self) -> Cursor:
        with self._database.begin() as connection:
            journal = RegisterJournal(connection, self._deployment.chain_id)
            journal.cursors.start(self._deployment.first_block)
            stored = journal.cursors.get(to_move=True)
            assert stored is not None
            headers = journal.cursors.headers_down_from(stored.next_block - 1, _CHECKPOINTS)
            recorded = set(Products(connection).tokens(self._deployment.chain_id).values())
            self._fold = self._open_fold(journal)
        if recorded - self._deployment.tokens.keys():
            # Another process has created a product since this one read the deployment file.
            self._deployment = adopt_products(self._node, self._deployment)
        self._cursor = Cursor(
            self._node,
            platform=self._deployment.platform,
            first_block=self._deployment.first_block,
            registered=self._registered(below=stored.next_block),
            checkpoints=list(reversed(headers)),
        )
        return self._cursor

    def _registered(self, *, below: int) -> list[Registration]:
        """The products whose creation was read already; the cursor finds the others itself."""
        return [
            Registration(product=product, token=token.address, group="", block=token.block)
            for product, token in self._deployment.tokens.items()
            if token.block < below
        ]

    def _keep(self, step: _Step) -> None:
        batch, changes = step
        raw = [
            RawEvent(
                stamp=batch.stamps[log.block],
                log_index=log.log_index,
                tx=log.tx,
                address=log.address,
                topics=log.topics,
                data=log.data,
            )
            for log in batch.logs
        ]
        with self._database.begin() as connection:
            journal = RegisterJournal(connection, self._deployment.chain_id)
            stands = journal.cursors.get(to_move=True)
            if stands is None or stands.next_block != batch.first:
                raise _Overtaken
            self._require_recorded(Products(connection), batch)
            journal.keep(
                events=batch.events,
                changes=changes,
                upto=batch.through,
                raw=raw,
                headers=list(batch.stamps.values()),
            )

    def _require_recorded(self, products: Products, batch: Batch) -> None:
        """Nothing is read past a product that the database does not know: its movements could not be kept."""
        if batch.registered:
            recorded = products.tokens(self._deployment.chain_id)
            for each in batch.registered:
                if recorded.get(each.token) != each.product:
                    raise Fault(Reason.PRODUCT_UNRECORDED, product=each.product, token=each.token)

    def _take_back(self, fork: RolledBack) -> None:
        shared = self._deployment.first_block - 1 if fork.to is None else fork.to.number
        with self._database.begin() as connection:
            journal = RegisterJournal(connection, self._deployment.chain_id)
            journal.rollback_to(shared)
            self._fold = self._open_fold(journal)

    def _open_fold(self, journal: RegisterJournal) -> RegisterFold:
        return RegisterFold(state=journal.open_state(), history=StoredTrades(self._database))
