"""Jobs (一括処理): bulk acts with their rows, and the batches they went out in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.governance import (
    AuditAction,
    AuditEntry,
    Batch,
    BatchState,
    CommandId,
    CommandState,
    Job,
    JobId,
    JobKind,
)
from genbo.governance.audit import AuditFact
from genbo.governance.job import JobRow, JobState, Progress, RowRefused, require_room
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import command as command_table
from genbo.storage.tables import job as table
from genbo.storage.tables import job_batch as batch_table
from genbo.storage.tables import job_row as row_table


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJob:
    """A job as it stands."""

    job: Job
    state: JobState
    rows: int
    gas_fixed: int | None
    """Gas of a batch without rows; None while it was not estimated."""
    gas_per_row: int | None
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A batch on its way, and how far its command is."""

    batch: Batch
    state: CommandState
    landed: bool
    """Whether it stands in a block, final or not."""
    gas_used: int | None


class Jobs:
    """The jobs of one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    # Writing -------------------------------------------------------------------------------------

    def order(
        self,
        job: Job,
        rows: Sequence[JobRow],
        *,
        at: datetime,
        by: str | None = None,
        proof: Mapping[str, AuditFact] | None = None,
    ) -> bool:
        """Stores a job with its rows; whether it is new. The same key with the same body changes nothing.

        Args:
            by: who handed it in, for the records, where that is not the maker: the credential of a system.
            proof: that the maker ordered it, where the maker signed elsewhere: account, digest and signature. The
                records keep it.

        Raises:
            Refusal: `command_key_reused` when another body has the key; `key_malformed` when the reference leaves no
                room for row numbers.
        """
        require_room(job.ref, len(rows))
        digest = job.body_digest(rows)
        added = self._connection.execute(
            insert_or(table)
            .values(
                job_id=job.id,
                chain_id=self._chain_id,
                key=job.key,
                body_digest=digest,
                kind=job.kind.value,
                state=JobState.RUNNING.value,
                product_id=job.product,
                ref=job.ref,
                arguments=dict(job.arguments),
                maker=job.maker,
                account=job.account,
                people=list(job.people),
                row_count=len(rows),
                made_at=at,
                changed_at=at,
            )
            .on_conflict_do_nothing(index_elements=["chain_id", "key"])
            .returning(table.c.job_id)
        ).one_or_none()
        if added is None:
            known = self._connection.scalar(
                select(table.c.body_digest).where(table.c.job_id == job.id)
            )
            if known != digest:
                raise Refusal(Reason.COMMAND_KEY_REUSED, key=job.key)
            return False
        bulk.insert_new(
            self._connection,
            row_table,
            [
                {
                    "job_id": job.id,
                    "ordinal": ordinal,
                    "address": row.address,
                    "units": None if row.units is None else int(row.units),
                }
                for ordinal, row in enumerate(rows)
            ],
        )
        facts: dict[str, AuditFact] = {
            "kind": job.kind.value,
            "rows": len(rows),
            "body": digest,
            "ref": job.ref,
            **(proof or {}),
        }
        self._audit(AuditAction.JOB_ORDERED, job.id, job.product, facts, by=by or job.maker, at=at)
        return True

    def learn(self, job: JobId, *, fixed: int, per_row: int) -> None:
        """Keeps what a batch costs."""
        self._connection.execute(
            update(table).where(table.c.job_id == job).values(gas_fixed=fixed, gas_per_row=per_row)
        )

    def add_batch(self, job: JobId, batch: Batch) -> None:
        """Keeps that these rows go out under that command."""
        self._connection.execute(
            insert(batch_table).values(
                job_id=job,
                first=batch.first,
                last=batch.last,
                state=batch.state.value,
                command_id=batch.command,
            )
        )

    def end_batch(self, job: JobId, batch: Batch, state: BatchState) -> None:
        """Keeps what became of a batch."""
        self._connection.execute(
            update(batch_table)
            .where(
                batch_table.c.job_id == job,
                batch_table.c.first == batch.first,
                batch_table.c.last == batch.last,
            )
            .values(state=state.value)
        )

    def end(self, job: JobId, state: JobState, *, at: datetime) -> None:
        """Keeps that a job has ended, or was cancelled."""
        ended = self._connection.execute(
            update(table)
            .where(table.c.job_id == job, table.c.state == JobState.RUNNING.value)
            .values(state=state.value, changed_at=at)
            .returning(table.c.product_id)
        ).one_or_none()
        if ended is not None:
            facts = {"state": state.value}
            self._audit(AuditAction.JOB_ENDED, job, ended.product_id, facts, by="genbo", at=at)

    def _audit(
        self,
        action: AuditAction,
        job: JobId,
        product: ProductId,
        facts: Mapping[str, AuditFact],
        *,
        by: str,
        at: datetime,
    ) -> None:
        """An entry about a job. Its digest of the body stands for the job and all of its rows."""
        AuditLog(self._connection).append(
            [AuditEntry(at=at, action=action, actor=by, subject=job, product=product, facts=facts)]
        )

    # Questions -----------------------------------------------------------------------------------

    def get(self, job: JobId, *, to_change: bool = False) -> StoredJob:
        """A job as it stands; with `to_change` nobody else moves it until the transaction ends.

        Raises:
            Refusal: `job_unknown`.
        """
        query = select(table).where(table.c.chain_id == self._chain_id, table.c.job_id == job)
        if to_change:
            query = query.with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise Refusal(Reason.JOB_UNKNOWN, job=job)
        return stored_job(row)

    def made_at(self, job: JobId) -> datetime | None:
        """When a job was ordered; None when it was not."""
        return self._connection.scalar(
            select(table.c.made_at).where(table.c.chain_id == self._chain_id, table.c.job_id == job)
        )

    def all(self, *, running: bool = False) -> list[StoredJob]:
        """Jobs in the order they were made."""
        query = select(table).where(table.c.chain_id == self._chain_id)
        if running:
            query = query.where(table.c.state == JobState.RUNNING.value)
        return [
            stored_job(row) for row in self._connection.execute(query.order_by(table.c.made_at))
        ]

    def rows(self, job: JobId, first: int, last: int) -> list[JobRow]:
        """The rows `first` to `last`, both included."""
        return [
            JobRow(address=row.address, units=row.units)
            for row in self._connection.execute(
                select(row_table.c.address, row_table.c.units)
                .where(row_table.c.job_id == job, row_table.c.ordinal.between(first, last))
                .order_by(row_table.c.ordinal)
            )
        ]

    def next_row(self, job: JobId) -> int:
        """The first row that never went out."""
        last = self._connection.scalar(
            select(func.max(batch_table.c.last)).where(batch_table.c.job_id == job)
        )
        return 0 if last is None else int(last) + 1

    def open_batches(self, job: JobId) -> list[OpenBatch]:
        """Batches whose outcome was not noted yet, in the order of their rows."""
        rows = self._connection.execute(
            select(
                batch_table,
                command_table.c.state.label("command_state"),
                command_table.c.block,
                command_table.c.gas_used,
            )
            .join_from(
                batch_table, command_table, command_table.c.command_id == batch_table.c.command_id
            )
            .where(batch_table.c.job_id == job, batch_table.c.state == BatchState.OPEN.value)
            .order_by(batch_table.c.first)
        )
        return [
            OpenBatch(
                batch=_batch(row),
                state=CommandState(row.command_state),
                landed=row.block is not None,
                gas_used=row.gas_used,
            )
            for row in rows
        ]

    def batches(self, job: JobId) -> list[Batch]:
        """Every batch that ever went out, by its rows."""
        rows = self._connection.execute(
            select(batch_table)
            .where(batch_table.c.job_id == job)
            .order_by(batch_table.c.first, batch_table.c.last.desc())
        )
        return [_batch(row) for row in rows]

    def refused(self, job: JobId, *, most: int = 100, after: int | None = None) -> list[RowRefused]:
        """Rows that cannot succeed, with their reasons: those after the row `after`, counted from 0."""
        rows = self._connection.execute(
            select(
                batch_table.c.first,
                row_table.c.address,
                command_table.c.reason,
                command_table.c.facts,
            )
            .join_from(
                batch_table, command_table, command_table.c.command_id == batch_table.c.command_id
            )
            .join(
                row_table,
                (row_table.c.job_id == batch_table.c.job_id)
                & (row_table.c.ordinal == batch_table.c.first),
            )
            .where(
                batch_table.c.job_id == job,
                batch_table.c.state == BatchState.REFUSED.value,
                batch_table.c.first > (-1 if after is None else after),
            )
            .order_by(batch_table.c.first)
            .limit(most)
        )
        return [
            RowRefused(
                ordinal=row.first, address=row.address, reason=Reason(row.reason), facts=row.facts
            )
            for row in rows
        ]

    def progress(self, job: JobId, *, at: datetime) -> Progress:
        """How far a job is. Raises Refusal(job_unknown)."""
        stored = self.get(job)
        counted: dict[str, int] = {
            row.state: int(row.rows)
            for row in self._connection.execute(
                select(
                    batch_table.c.state,
                    func.sum(batch_table.c.last - batch_table.c.first + 1).label("rows"),
                )
                .where(batch_table.c.job_id == job)
                .group_by(batch_table.c.state)
            )
        }
        return Progress(
            job=job,
            state=stored.state,
            of=stored.rows,
            done=counted.get(BatchState.DONE.value, 0),
            refused=counted.get(BatchState.REFUSED.value, 0),
            under_way=counted.get(BatchState.OPEN.value, 0),
            began=stored.made_at,
            at=at if stored.state is JobState.RUNNING else stored.changed_at,
        )


def stored_job(row: Row[Any]) -> StoredJob:
    return StoredJob(
        job=Job(
            key=row.key,
            chain_id=row.chain_id,
            kind=JobKind(row.kind),
            product=row.product_id,
            ref=row.ref,
            arguments=row.arguments,
            maker=row.maker,
            people=tuple(row.people),
            account=row.account,
        ),
        state=JobState(row.state),
        rows=row.row_count,
        gas_fixed=row.gas_fixed,
        gas_per_row=row.gas_per_row,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        first=row.first,
        last=row.last,
        command=CommandId(row.command_id),
        state=BatchState(row.state),
    )
