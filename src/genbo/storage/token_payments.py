"""Payments in a yen token (電子決済手段による支払): the batches of each run, and what the ledger said of their lines.

A batch is kept in the transaction that stores its command, so no transaction pays a line that does not stand here; it
is settled once, from the events of its final transaction. The database keeps a line from being paid twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from genbo.entitlements import (
    BatchState,
    Hold,
    PaymentState,
    PaymentWay,
    Run,
    TokenOutcome,
)
from genbo.governance import AuditAction, CommandId
from genbo.governance.audit import AuditFact
from genbo.kernel import Address, Digest
from genbo.storage import bulk
from genbo.storage.payee_lines import PayeeLines
from genbo.storage.payments import require_approved
from genbo.storage.tables import token_batch, token_payment
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBatch:
    """A batch of payments in a yen token."""

    run: str
    number: int
    command: CommandId
    """The transaction that pays it."""
    state: BatchState
    records: int
    total: int
    """Yen of its lines."""
    made_at: datetime
    made_by: str
    tx: Digest | None
    """Once it is final."""
    block: int | None
    settled_at: datetime | None


class TokenPayments:
    """The batches of all runs, in one transaction. Whoever changes one holds its run (`Distributions.get`)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lines = PayeeLines(connection)

    # Writing -------------------------------------------------------------------------------------

    def send(
        self,
        run: Run,
        payees: Mapping[int, Address],
        *,
        command: CommandId,
        at: datetime,
        by: str,
    ) -> StoredBatch:
        """Notes that a command pays these lines, each to its address.

        Raises:
            Refusal: `distribution_not_open`; `payment_line_unknown`; `payment_line_state` for a line that is not
                payable, or not in a yen token.
        """
        require_approved(run)
        lines = self._lines.require(run, payees, PaymentState.PAYABLE, way=PaymentWay.TOKEN)
        batch = StoredBatch(
            run=run.id,
            number=self.next_batch(run.id),
            command=command,
            state=BatchState.SENT,
            records=len(lines),
            total=sum(each.line.due for each in lines),
            made_at=at,
            made_by=by,
            tx=None,
            block=None,
            settled_at=None,
        )
        self._connection.execute(
            insert(token_batch).values(
                distribution_id=run.id,
                number=batch.number,
                command_id=command,
                state=batch.state.value,
                records=batch.records,
                total=batch.total,
                made_at=at,
                made_by=by,
            )
        )
        bulk.insert_new(
            self._connection,
            token_payment,
            [
                {
                    "distribution_id": run.id,
                    "number": number,
                    "batch_number": batch.number,
                    "address": address,
                    "outcome": None,
                }
                for number, address in sorted(payees.items())
            ],
        )
        self._lines.move(
            run,
            payees,
            state=PaymentState.SENT.value,
            batch_number=batch.number,
            settled_on=None,
        )
        self._lines.audit(
            run,
            AuditAction.TOKEN_BATCH_SENT,
            lines,
            {"batch": batch.number, "command": command},
            at=at,
            by=by,
            rows=self._rows(run, batch.number),
        )
        return batch

    def settle(
        self,
        run: Run,
        batch: StoredBatch,
        paid: Mapping[int, bool],
        *,
        tx: Digest,
        block: int,
        on: date,
        at: datetime,
        by: str,
    ) -> None:
        """Takes over what a final transaction did: lines that were paid, and lines whose payee the yen token refused,
        which are owed and put aside.

        Args:
            paid: of every line of the batch, whether it was paid.
            on: the day of the block, in Japan.

        Raises:
            Refusal: `payment_line_state` for a line that does not wait for it.
        """
        self._end(run, batch, BatchState.SETTLED, at=at, tx=tx, block=block)
        for outcome in (TokenOutcome.PAID, TokenOutcome.REFUSED):
            is_paid = outcome is TokenOutcome.PAID
            numbers = [number for number, was in paid.items() if was is is_paid]
            if not numbers:
                continue
            lines = self._lines.require(run, numbers, PaymentState.SENT, way=PaymentWay.TOKEN)
            self._lines.move(
                run,
                numbers,
                state=(PaymentState.PAID if is_paid else PaymentState.HELD).value,
                hold=None if is_paid else Hold.RETURNED.value,
                settled_on=on,
            )
            self._note(run, batch, outcome, numbers=numbers)
            facts: dict[str, AuditFact] = {
                "batch": batch.number,
                "outcome": outcome.value,
                "on": on.isoformat(),
                "tx": tx,
            }
            self._lines.audit(
                run,
                AuditAction.TOKEN_BATCH_SETTLED,
                lines,
                facts,
                at=at,
                by=by,
                rows=self._rows(run, batch.number),
            )

    def void(self, run: Run, batch: StoredBatch, *, at: datetime, by: str) -> None:
        """Lets the lines of a batch be paid again whose command was refused or withdrawn: nothing was paid.

        Raises:
            Refusal: `payment_line_state` for a line that does not wait for it.
        """
        numbers = list(self.in_batch(run.id, batch.number))
        lines = self._lines.require(run, numbers, PaymentState.SENT, way=PaymentWay.TOKEN)
        self._end(run, batch, BatchState.VOID, at=at)
        self._note(run, batch, TokenOutcome.VOID, numbers=numbers)
        self._lines.move(run, numbers, state=PaymentState.PAYABLE.value)
        self._lines.audit(
            run,
            AuditAction.TOKEN_BATCH_VOID,
            lines,
            {"batch": batch.number},
            at=at,
            by=by,
            rows=self._rows(run, batch.number),
        )

    # Questions -----------------------------------------------------------------------------------

    def batches(self, run: str) -> list[StoredBatch]:
        """The batches of a run, in order."""
        return self._find(token_batch.c.distribution_id == run)

    def open(self) -> list[StoredBatch]:
        """The batches of all runs whose end is not taken over yet."""
        return self._find(token_batch.c.state == BatchState.SENT.value)

    def next_batch(self, run: str) -> int:
        """The number that the next batch of the run gets."""
        last = select(func.max(token_batch.c.number)).where(token_batch.c.distribution_id == run)
        return int(self._connection.scalar(last) or 0) + 1

    def in_batch(self, run: str, batch: int) -> dict[int, Address]:
        """The lines that a batch has, and the address of each, whatever became of them."""
        rows = self._connection.execute(
            select(token_payment.c.number, token_payment.c.address)
            .where(
                token_payment.c.distribution_id == run,
                token_payment.c.batch_number == batch,
            )
            .order_by(token_payment.c.number)
        )
        return {row.number: Address(row.address) for row in rows}

    # Inside --------------------------------------------------------------------------------------

    def _find(self, condition: ColumnElement[bool]) -> list[StoredBatch]:
        rows = self._connection.execute(
            select(token_batch)
            .where(condition)
            .order_by(token_batch.c.distribution_id, token_batch.c.number)
        )
        return [
            StoredBatch(
                run=row.distribution_id,
                number=row.number,
                command=CommandId(row.command_id),
                state=BatchState(row.state),
                records=row.records,
                total=row.total,
                made_at=row.made_at,
                made_by=row.made_by,
                tx=None if row.tx is None else Digest(row.tx),
                block=row.block,
                settled_at=row.settled_at,
            )
            for row in rows
        ]

    def _end(
        self,
        run: Run,
        batch: StoredBatch,
        state: BatchState,
        *,
        at: datetime,
        tx: Digest | None = None,
        block: int | None = None,
    ) -> None:
        self._connection.execute(
            update(token_batch)
            .where(
                token_batch.c.distribution_id == run.id,
                token_batch.c.number == batch.number,
            )
            .values(state=state.value, settled_at=at, tx=tx, block=block)
        )

    def _note(
        self, run: Run, batch: StoredBatch, outcome: TokenOutcome, *, numbers: list[int]
    ) -> None:
        self._connection.execute(
            update(token_payment)
            .where(
                token_payment.c.distribution_id == run.id,
                token_payment.c.batch_number == batch.number,
                bulk.among(token_payment.c.number, numbers),
            )
            .values(outcome=outcome.value)
        )

    def _rows(self, run: Run, batch: int) -> Mapping[str, str]:
        found = vouch(
            self._connection,
            token_batch,
            token_batch.c.distribution_id == run.id,
            token_batch.c.number == batch,
        )
        return found[run.id, batch]
