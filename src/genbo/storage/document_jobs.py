"""Document jobs (帳票処理) in the database. What was asked and what was made are sealed with a key of each job; when
the result has expired both are deleted and the key is destroyed, so that no backup opens them either.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from genbo.governance import AuditAction, AuditEntry, JobId
from genbo.governance.audit import AuditFact
from genbo.governance.document_job import (
    MOST_RUNNING,
    DocumentJob,
    DocumentKind,
    DocumentResult,
    DocumentState,
    require_result,
)
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, Fact, InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.tables import document_job as table
from genbo.storage.tables import document_job_part as part_table
from genbo.storage.tables import investor_key
from genbo.storage.vault import Opener, Place, Purpose, Reading, Vault

PART_SIZE = 1 << 20
"""Bytes of a part, so that a result is never in memory as a whole when it is fetched."""

Part = Callable[[Connection, int], bytes | None]
"""The part of that number, opened; None behind the last one, and when the result is gone."""


class DocumentJobs:
    """The document jobs, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._keys = OwnerKeys(connection, vault)

    # Asking --------------------------------------------------------------------------------------

    def ask(self, job: DocumentJob, request: Mapping[str, Fact]) -> DocumentJob:
        """Keeps what is to be made. The same that runs already, asked by the same, is that one.

        Raises:
            Refusal: `jobs_exceeded`.
            Fault: as `Vault.fingerprint`.
        """
        content = json.dumps(request, sort_keys=True, ensure_ascii=False)
        named = "\n".join((job.institution, job.asked_by, job.kind, job.product, content))
        mark = "0x" + self._vault.fingerprint(self._connection, named.encode()).hex()
        lock = f"genbo document jobs {job.institution}"
        self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
        running = self._connection.execute(
            select(table).where(
                table.c.institution_id == job.institution,
                table.c.state == DocumentState.RUNNING.value,
            )
        ).all()
        for row in running:
            if row.request_mark == mark:
                return _job(row)
        if len(running) >= MOST_RUNNING:
            raise Refusal(Reason.JOBS_EXCEEDED, most=MOST_RUNNING)
        sealer = self._keys.sealer(_owner(job.id), at=job.asked_at, by=job.asked_by)
        self._connection.execute(
            insert(table).values(
                job_id=job.id,
                institution_id=job.institution,
                kind=job.kind.value,
                product_id=job.product,
                purpose=job.purpose,
                request=sealer.seal(InvestorId(_owner(job.id)), _REQUEST, content),
                request_mark=mark,
                state=job.state.value,
                rows_of=job.of,
                rows_done=0,
                attempts=0,
                erasures=0,
                asked_at=job.asked_at,
                asked_by=job.asked_by,
                changed_at=job.asked_at,
            )
        )
        facts = {"kind": job.kind.value, "institution": job.institution, "request": mark}
        self._audit(AuditAction.DOCUMENT_ASKED, job, facts, at=job.asked_at, by=job.asked_by)
        return job

    def cancel(self, job: JobId, *, at: datetime, by: str) -> DocumentJob:
        """Lets a job that runs not be made. One that has ended stays as it is.

        Raises:
            Refusal: `job_unknown`.
        """
        found = self.get(job, to_change=True)
        if found.state is DocumentState.RUNNING:
            self._end(found, DocumentState.CANCELLED, at=at, by=by)
        return self.get(job)

    # Making --------------------------------------------------------------------------------------

    def begin(self, job: JobId, *, at: datetime) -> tuple[DocumentJob, dict[str, Any]] | None:
        """A job that runs, begun, and what was asked; None when it does not run any more."""
        found = self.get(job, to_change=True)
        if found.state is not DocumentState.RUNNING:
            return None
        self._connection.execute(
            update(table)
            .where(table.c.job_id == job)
            .values(attempts=table.c.attempts + 1, begun_at=at, rows_done=0, erasures=_ERASURES)
        )
        sealed = self._connection.scalar(select(table.c.request).where(table.c.job_id == job))
        opened = self._keys.judge(_owner(job)).open(
            InvestorId(_owner(job)), _REQUEST, sealed or b""
        )
        return self.get(job), json.loads(str(opened))

    def put_back(self, job: JobId) -> None:
        """That it was begun does not count: something else was in its way."""
        self._connection.execute(
            update(table)
            .where(table.c.job_id == job, table.c.attempts > 0)
            .values(attempts=table.c.attempts - 1)
        )

    def note(self, job: JobId, *, done: int) -> bool:
        """Notes how far it is; whether it still runs."""
        noted = self._connection.execute(
            update(table)
            .where(table.c.job_id == job, table.c.state == DocumentState.RUNNING.value)
            .values(rows_done=done, rows_of=func.greatest(table.c.rows_of, done))
        )
        return bool(noted.rowcount)

    def finish(
        self,
        job: JobId,
        content: bytes,
        *,
        rows: int,
        facts: Mapping[str, Fact],
        at: datetime,
        expires_at: datetime,
    ) -> bool:
        """Keeps the result, in the transaction of whatever it stands for; whether the job still ran."""
        found = self.get(job, to_change=True)
        if found.state is not DocumentState.RUNNING:
            return False
        owner = InvestorId(_owner(job))
        sealer = self._keys.sealer(owner, at=at, by="genbo")
        view = memoryview(content)
        for part, first in enumerate(range(0, len(content), PART_SIZE), 1):
            sealed = sealer.seal_bytes(owner, _place(part), bytes(view[first : first + PART_SIZE]))
            row = {"job_id": job, "part": part, "content": sealed}
            bulk.insert_new(self._connection, part_table, [row])
        digest = "0x" + hashlib.sha256(content).hexdigest()
        self._connection.execute(
            update(table)
            .where(table.c.job_id == job)
            .values(
                state=DocumentState.DONE.value,
                rows_of=rows,
                rows_done=rows,
                changed_at=at,
                size=len(content),
                digest=digest,
                facts=dict(facts),
                expires_at=expires_at,
            )
        )
        told: dict[str, AuditFact] = {"state": DocumentState.DONE.value, "digest": digest}
        self._audit(AuditAction.DOCUMENT_ENDED, found, told, at=at, by="genbo")
        return True

    def refuse(self, job: JobId, refusals: Sequence[Refusal], *, at: datetime) -> None:
        """Keeps why it cannot be made."""
        found = self.get(job, to_change=True)
        if found.state is DocumentState.RUNNING:
            told = [{"reason": each.reason.value, "facts": each.facts} for each in refusals]
            self._end(found, DocumentState.REFUSED, at=at, by="genbo", refusals=told)

    # Fetching ------------------------------------------------------------------------------------

    def fetch(self, job: JobId, *, at: datetime, by: str) -> tuple[DocumentJob, Part]:
        """A job that is done, and what reads its parts in transactions of the reader's; writes down that it is fetched,
        and where somebody is named in it that personal data is read.

        Raises:
            Refusal: `job_unknown`; as `require_result`; `result_gone` also when somebody was erased since.
        """
        found = self.get(job, to_change=True)
        result = require_result(found, at=at)
        if self._names_erased(job):
            raise Refusal(Reason.RESULT_GONE, job=job, until=at.isoformat(timespec="seconds"))
        owner = _owner(job)
        if found.purpose is None:
            opener = self._keys.judge(owner)
        else:
            reading = Reading(purpose=Purpose(found.purpose), actor=by, at=at)
            opener = self._keys.opener(owner, fields=["document_job_part.content"], reading=reading)
        facts: dict[str, AuditFact] = {"kind": found.kind.value, "digest": str(result.digest)}
        self._audit(AuditAction.DOCUMENT_FETCHED, found, facts, at=at, by=by)
        return found, lambda connection, part: _part(connection, job, part, opener)

    def remove(self, job: JobId, *, at: datetime) -> None:
        """Deletes what was asked and what was made, and destroys their key."""
        found = self.get(job, to_change=True)
        if found.state is not DocumentState.RUNNING:
            self._remove(found, at=at, by="genbo")

    # Questions -----------------------------------------------------------------------------------

    def get(self, job: JobId, *, to_change: bool = False) -> DocumentJob:
        """A job; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `job_unknown`.
        """
        query = select(table).where(table.c.job_id == job)
        row = self._connection.execute(
            query.with_for_update() if to_change else query
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.JOB_UNKNOWN, job=job)
        return _job(row)

    def find(self, institution: InstitutionId, job: JobId) -> DocumentJob | None:
        """A job of the institution; None where it has none of that id."""
        row = self._connection.execute(
            select(table).where(table.c.job_id == job, table.c.institution_id == institution)
        ).one_or_none()
        return None if row is None else _job(row)

    def page(
        self, institution: InstitutionId, *, before: tuple[datetime, str] | None, most: int
    ) -> list[DocumentJob]:
        """Jobs of the institution, the newest first."""
        query = (
            select(table)
            .where(table.c.institution_id == institution)
            .order_by(table.c.asked_at.desc(), table.c.job_id.desc())
            .limit(most)
        )
        if before is not None:
            query = query.where(tuple_(table.c.asked_at, table.c.job_id) < tuple_(*before))
        return [_job(row) for row in self._connection.execute(query)]

    def running(self) -> list[JobId]:
        """Jobs to be made, first come first."""
        rows = self._connection.execute(
            select(table.c.job_id)
            .where(table.c.state == DocumentState.RUNNING.value)
            .order_by(table.c.asked_at, table.c.job_id)
        )
        return [JobId(row.job_id) for row in rows]

    def expired(self, *, at: datetime) -> list[JobId]:
        """Jobs whose result is to be removed: its time is over, or it names somebody who was erased since."""
        rows = self._connection.execute(
            select(table.c.job_id)
            .where(
                table.c.removed_at.is_(None),
                table.c.state == DocumentState.DONE.value,
                or_(table.c.expires_at <= at, _ERASED_SINCE),
            )
            .order_by(table.c.expires_at, table.c.job_id)
        )
        return [JobId(row.job_id) for row in rows]

    # Inside --------------------------------------------------------------------------------------

    def _names_erased(self, job: JobId) -> bool:
        found = select(table.c.job_id).where(table.c.job_id == job, _ERASED_SINCE)
        return self._connection.scalar(found) is not None

    def _end(
        self,
        job: DocumentJob,
        state: DocumentState,
        *,
        at: datetime,
        by: str,
        refusals: list[dict[str, Any]] | None = None,
    ) -> None:
        """It ends without a result: nothing of it is kept sealed."""
        self._connection.execute(
            update(table)
            .where(table.c.job_id == job.id)
            .values(state=state.value, changed_at=at, refusals=refusals)
        )
        told: dict[str, AuditFact] = {"state": state.value}
        if refusals:
            told |= {"reason": str(refusals[0]["reason"]), "refusals": len(refusals)}
        self._audit(AuditAction.DOCUMENT_ENDED, job, told, at=at, by=by)
        self._remove(job, at=at, by=by)

    def _remove(self, job: DocumentJob, *, at: datetime, by: str) -> None:
        removed = self._connection.execute(
            update(table)
            .where(table.c.job_id == job.id, table.c.removed_at.is_(None))
            .values(request=None, removed_at=at)
        )
        if not removed.rowcount:
            return
        self._connection.execute(delete(part_table).where(part_table.c.job_id == job.id))
        rows = self._keys.destroy(_owner(job.id), at=at, by=by, ground="document job ended")
        self._audit(AuditAction.DOCUMENT_REMOVED, job, {}, at=at, by=by, rows=rows)

    def _audit(
        self,
        action: AuditAction,
        job: DocumentJob,
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=job.id,
                    product=job.product,
                    facts=facts,
                    rows=rows or {},
                )
            ]
        )


_ERASURES = select(func.count()).where(investor_key.c.destroyed_at.is_not(None)).scalar_subquery()
_ERASED_SINCE = and_(table.c.purpose.is_not(None), table.c.erasures < _ERASURES)
"""Whoever was erased may be in it, and would be readable for as long as it is kept. Counted, because blocks of a quiet
chain leave the time where it is."""

_REQUEST = Place(table="document_job", column="request")


def _owner(job: JobId) -> str:
    return f"document:{job}"


def _place(part: int) -> Place:
    return Place(table="document_job_part", column="content", row=str(part))


def _part(connection: Connection, job: JobId, part: int, opener: Opener) -> bytes | None:
    sealed = connection.scalar(
        select(part_table.c.content).where(part_table.c.job_id == job, part_table.c.part == part)
    )
    return (
        None if sealed is None else opener.open_bytes(InvestorId(_owner(job)), _place(part), sealed)
    )


def _job(row: Row[Any]) -> DocumentJob:
    return DocumentJob(
        id=JobId(row.job_id),
        institution=InstitutionId(row.institution_id),
        kind=DocumentKind(row.kind),
        product=ProductId(row.product_id),
        purpose=row.purpose,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        state=DocumentState(row.state),
        of=row.rows_of,
        done=row.rows_done,
        attempts=row.attempts,
        begun_at=row.begun_at,
        changed_at=row.changed_at,
        refusals=tuple(
            Refusal(Reason(each["reason"]), **each["facts"]) for each in row.refusals or ()
        ),
        result=None
        if row.digest is None
        else DocumentResult(
            size=row.size,
            digest=Digest(row.digest),
            facts=row.facts,
            expires_at=row.expires_at,
            removed_at=row.removed_at,
        ),
    )
