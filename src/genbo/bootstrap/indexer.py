"""Indexer: brings what the ledger said into the register, block range by block range.

The cursor, the raw logs and the rows derived from them are committed together, so a process killed anywhere reads
every log exactly once. When the chain changes its mind, everything after the fork is taken back in one transaction
and read again.

Rows are read up to the latest block. What is final (確定) among them is kept beside the cursor: the block that has
enough others upon it, and that no node contradicts.

While one step is being written, the next is read and folded (`behind`). What this process remembers is then ahead of
what is committed; whatever fails, it begins again from the database.

Several processes may read one chain into one database, as `genbo up` and a command beside it do. Whoever is about to
keep a range holds the cursor first; finding it elsewhere than expected, it begins again from what the others kept.
"""

from genbo.bootstrap.behind import Behind, reading_in_bulk
from genbo.chain.cursor import SPAN, Batch, Cursor, Registration, RolledBack
from genbo.chain.deploy import adopt_products
from genbo.chain.deployments import Deployment
from genbo.chain.node import BlockUnknown, Node
from genbo.chain.views import Views
from genbo.kernel import BlockStamp, Fault, Reason
from genbo.register import RegisterFold
from genbo.storage.cursor import Cursors
from genbo.storage.engine import Database
from genbo.storage.events import RawEvent
from genbo.storage.journal import Overtaken, RegisterJournal
from genbo.storage.products import Products
from genbo.storage.step import Step
from genbo.storage.trades import StoredTrades

TOGETHER = 60_000
"""Logs from which on what was read is committed, in one transaction, without waiting for more. The more together, the
fewer rows are touched twice; some two hundred megabytes."""


class Indexer:
    """One chain's events, read into one database."""

    def __init__(
        self,
        node: Node,
        database: Database,
        deployment: Deployment,
        *,
        span: int = SPAN,
        together: int = TOGETHER,
    ) -> None:
        """
        Args:
            node: says too what is relied on at its chain (`Node.finality`).
            span: blocks asked for at once.
            together: logs from which on what was read is committed without waiting for more.
        """
        self._span = span
        self._together = together
        self._node = node
        self._finality = node.finality
        self._database = database
        self._deployment = deployment
        self._cursor: Cursor | None = None
        self._settled = -1
        """The final block as this process knows it."""
        self._fold = RegisterFold()

    def catch_up(self) -> BlockStamp | None:
        """Reads everything there is to read; the last block read, None when there was never any.

        Raises:
            Fault: `node_unreachable`, `node_behind`, `database_unreachable`, `database_full`; `product_unrecorded` when
                a product stands on the platform whose terms the database does not have;
                `reorganisation_too_deep`. What was committed before stays, the rest was not done, and the next
                reading goes on from there.
        """
        while True:
            cursor = self._cursor or self._begin()
            try:
                self._read(cursor)
                self._settle(cursor)
                return cursor.through
            except Overtaken:
                self._cursor = None
            except BaseException:
                # What this process remembers may be ahead of what was committed: begin again from the database.
                self._cursor = None
                raise

    def _read(self, cursor: Cursor) -> None:
        """Keeps each step behind the reading of the next one."""
        with reading_in_bulk(), Behind(self._keep) as behind:
            reading = cursor.read()
            step: Step | None = None
            while True:
                try:
                    found = next(reading, None)
                    if isinstance(found, Batch):
                        self._require_recorded(found)
                except Fault:
                    self._finish(behind, step)  # what was read before it stays
                    raise
                if isinstance(found, Batch):
                    step = self._add(step, found)
                    if len(step.raw) >= self._together:
                        self._forget(behind.give(step))
                        step = None
                    continue
                self._finish(behind, step)
                step = None
                if found is None:
                    return
                self._take_back(found)

    def _add(self, step: Step | None, batch: Batch) -> Step:
        """The step with this batch, folded."""
        if step is None:
            step = Step(first=batch.first, after=batch.after, upto=batch.through)
        for event in batch.events:
            step.entries.add(self._fold.apply(event))
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
        step.extend(batch.through, raw, list(batch.stamps.values()))
        return step

    def _finish(self, behind: Behind[Step], step: Step | None) -> None:
        if step is not None:
            self._forget(behind.give(step))
        self._forget(behind.finish())

    def _forget(self, kept: Step | None) -> None:
        if kept is not None:
            self._fold.forget(upto=kept.upto.number)

    def _begin(self) -> Cursor:
        with self._database.begin() as connection:
            journal = RegisterJournal(connection, self._deployment.chain_id)
            journal.cursors.start(self._deployment.first_block)
            stored = journal.cursors.get(to_move=True)
            assert stored is not None
            # One more than may fall: when all of them fell, it was too deep.
            remembered = self._finality.reorganisation_depth + 1
            headers = journal.cursors.headers_down_from(stored.next_block - 1, remembered)
            recorded = set(Products(connection).tokens(self._deployment.chain_id).values())
            self._fold = self._open_fold(journal)
            self._settled = -1 if stored.final is None else stored.final.number
        if recorded - self._deployment.tokens.keys():
            # Another process has created a product since this one read the deployment file.
            self._deployment = adopt_products(self._node, self._deployment)
        self._cursor = Cursor(
            self._node,
            platform=self._deployment.platform,
            first_block=self._deployment.first_block,
            registered=self._registered(below=stored.next_block),
            checkpoints=list(reversed(headers)),
            remembered=remembered,
            span=self._span,
        )
        return self._cursor

    def _registered(self, *, below: int) -> list[Registration]:
        """The products whose creation was read already; the cursor finds the others itself."""
        return [
            Registration(product=product, token=token.address, group="", block=token.block)
            for product, token in self._deployment.tokens.items()
            if token.block < below
        ]

    def _keep(self, step: Step) -> None:
        with self._database.begin() as connection:
            RegisterJournal(connection, self._deployment.chain_id).keep_step(step)

    def _require_recorded(self, batch: Batch) -> None:
        """Nothing is read past a product that the database does not know: its movements could not be kept."""
        if batch.registered:
            with self._database.read() as connection:
                recorded = Products(connection).tokens(self._deployment.chain_id)
            for each in batch.registered:
                if recorded.get(each.token) != each.product:
                    raise Fault(Reason.PRODUCT_UNRECORDED, product=each.product, token=each.token)

    def _take_back(self, fork: RolledBack) -> None:
        if fork.depth > self._finality.reorganisation_depth:
            raise Fault(
                Reason.REORGANISATION_TOO_DEEP,
                block=fork.first,
                depth=fork.depth,
                allowed=self._finality.reorganisation_depth,
            )
        shared = self._deployment.first_block - 1 if fork.to is None else fork.to.number
        with self._database.begin() as connection:
            journal = RegisterJournal(connection, self._deployment.chain_id)
            kept = journal.rollback_to(shared)
            self._settled = -1 if kept.final is None else kept.final.number
            self._fold = self._open_fold(journal)

    def _settle(self, cursor: Cursor) -> None:
        """Keeps what has become final, as far as the nodes agree about it."""
        through = cursor.through
        number = -1 if through is None else self._finality.final_block(through.number)
        if through is None or number < self._deployment.first_block or number <= self._settled:
            return
        try:
            final = self._stamp(cursor, number, through)
            if isinstance(self._node, Views):
                agreed = self._node.agreed(final)
                if agreed <= self._settled or agreed < self._deployment.first_block:
                    return
                if agreed < number:
                    final = self._stamp(cursor, agreed, through)
        except BlockUnknown:
            return  # the chain has just changed; the next reading sees to it
        with self._database.begin() as connection:
            cursors = Cursors(connection, self._deployment.chain_id)
            stored = cursors.get(to_move=True)
            if stored is not None and stored.last == through:
                cursors.settle(final)
                self._settled = final.number

    def _stamp(self, cursor: Cursor, number: int, through: BlockStamp) -> BlockStamp:
        """The block of that number below `through`. Raises BlockUnknown when that is not on the chain any more."""
        if number == through.number:
            return through
        found, last = cursor.view().headers([number, through.number])
        if last.stamp != through:
            raise BlockUnknown(through.number)
        return found.stamp

    def _open_fold(self, journal: RegisterJournal) -> RegisterFold:
        return RegisterFold(state=journal.open_state(), history=StoredTrades(self._database))
