"""The journal: one step of reading the ledger, kept whole or not at all.

Raw events, what the fold made of them and the cursor go into one transaction. A step that was kept is not kept again,
so a process that is killed anywhere may start over from the cursor.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import BlockStamp
from genbo.register import Changes, LedgerEvent, OpenState
from genbo.storage.audit import AuditLog
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.events import Events, RawEvent
from genbo.storage.register import Register
from genbo.storage.step import Step


class Overtaken(Exception):
    """Another reader of the same database has come further: begin again, fold and all, from where it stands."""

    def __init__(self, cursor: Cursor) -> None:
        super().__init__(f"the cursor stands at block {cursor.next_block}")
        self.cursor = cursor


class RegisterJournal:
    """The memory of the register of one chain, in one transaction. A `register.Journal`."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self.cursors = Cursors(connection, chain_id)
        self.events = Events(connection, chain_id)
        self.register = Register(connection, chain_id)

    def open_state(self) -> OpenState:
        """What is open now."""
        return self.register.open_state()

    def keep(
        self,
        *,
        events: Sequence[LedgerEvent],
        changes: Sequence[Changes],
        upto: BlockStamp,
        raw: Sequence[RawEvent] = (),
        headers: Sequence[BlockStamp] = (),
    ) -> None:
        """Records that the ledger said `events` up to the block `upto`, and what followed from them.

        A step that was kept before is left as it is.

        Args:
            events: what the contracts said, decoded; they tell whether the step fits to the cursor. They are not
                stored, because the raw events say it all.
            raw: the raw events of the same blocks, those without a meaning for the register too.
            headers: headers of blocks of this step, to notice a later reorganisation by.

        Raises:
            Overtaken: another reader has kept the beginning of the step; nothing was done.
            ValueError: an event lies beyond the step, or the cursor was never started.
        """
        cursor = self.cursors.get(to_move=True)
        if cursor is None:
            raise ValueError("the cursor of this chain was never started")
        if upto.number < cursor.next_block:
            return
        blocks = [
            *(event.position.stamp.number for event in events),
            *(event.stamp.number for event in raw),
        ]
        if blocks and min(blocks) < cursor.next_block:
            raise Overtaken(cursor)
        if blocks and max(blocks) > upto.number:
            raise ValueError(f"an event of block {max(blocks)} in a step up to {upto.number}")
        self.events.append(raw)
        self.register.save(changes)
        self.cursors.move(upto, headers)

    def keep_step(self, step: Step) -> None:
        """Records a step of which nothing was recorded before, as it begins where the cursor stands.

        Raises:
            Overtaken: the cursor stands elsewhere; nothing was done.
            ValueError: the cursor was never started.
        """
        cursor = self.cursors.get(to_move=True)
        if cursor is None:
            raise ValueError("the cursor of this chain was never started")
        if cursor.next_block != step.first:
            raise Overtaken(cursor)
        self.events.append(step.raw)
        self.register.add(step.entries)
        self.cursors.move(step.upto, step.headers)

    def rollback_to(self, block: int) -> Cursor:
        """Takes back everything after `block`, which is the last one both chains share; returns the cursor. Nothing
        when nothing after it was read: another reader has gone further back, and what it has not read again is not
        passed over.

        Raw events are marked, derived rows removed or standing again. A fold must be made anew from `open_state`. The
        entry in the audit chain is of the time of the last block that was read.
        """
        before = self.cursors.get(to_move=True)
        if before is not None and before.next_block <= block:
            return before
        orphaned = self.events.orphan_from(block + 1)
        self.register.rewind(block + 1)
        after = self.cursors.rewind(block + 1)
        if before is not None and before.last is not None and before.last.number > block:
            AuditLog(self._connection).append(
                [
                    AuditEntry(
                        at=before.last.at,
                        action=AuditAction.REGISTER_ROLLED_BACK,
                        actor="indexer",
                        subject=str(before.last.chain_id),
                        facts={
                            "to_block": block,
                            "from_block": before.last.number,
                            "from_hash": before.last.hash,
                            "events_orphaned": orphaned,
                        },
                    )
                ]
            )
        return after
