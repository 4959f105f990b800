"""Jobs (処理): how far a bulk act or a long document is, and which rows cannot succeed. The document: `job_result`.

a bulk act (一括処理) is seen by whoever ordered it and by who keeps the register; a document (帳票処理) by the
institution that asked for it, and nobody else
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, TypeAlias

from fastapi import Path, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.acting import problem_of
from genbo.api.asking import Asking, Asks
from genbo.api.ids import Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.problem import Problem, Words
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.once import once
from genbo.bootstrap.sight.work import SeenJob
from genbo.bootstrap.transfers.giving import asked_number
from genbo.compliance.reasons import Language, explain
from genbo.governance import Job as OrderedJob
from genbo.governance import JobId
from genbo.governance.document_job import DocumentJob, DocumentKind
from genbo.governance.job import JobState as OrderedState
from genbo.governance.job import RowRefused
from genbo.kernel import Reason, Refusal
from genbo.storage.document_jobs import DocumentJobs
from genbo.storage.jobs import Jobs
from genbo.storage.requests import Answered

router = a_router("jobs")

JobPath: TypeAlias = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="Id of the job. 処理ID")
]


class JobKind(StrEnum):
    """What a job does: bulk acts, and documents. 処理の種類"""

    VERDICT = "verdict"
    ISSUE = "issue"
    DISTRIBUTE = "distribute"
    TRANSFER = "transfer"
    REDEEM = "redeem"
    REGISTER = "register"
    CERTIFICATE = "certificate"
    PAYMENT_FILE = "payment_file"
    DISTRIBUTION = "distribution"


class JobState(StrEnum):
    """What became of a job. 処理の状態"""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class JobResult(BaseModel):
    """A document that was made (結果): `GET .../result` gives its bytes."""

    size: Annotated[int, Field(description="Bytes. バイト数")]
    sha256: Annotated[str, Field(description="SHA-256 of the bytes. ファイルのハッシュ")]
    until: Annotated[datetime, Field(description="First instant at which it is gone. 保存期限")]
    removed: Annotated[bool, Field(description="Whether it is gone already. 削除済")]


class Job(BaseModel):
    """A bulk act, or a document that takes longer, and how far it is."""

    job: Annotated[str, Field(description="処理ID")]
    kind: Annotated[JobKind, Field(description="処理の種類", examples=["distribute"])]
    product: Annotated[str, Field(description="受益権ID")]
    ref: Annotated[str | None, Field(description="Batches add their rows to it. 取引ID")]
    state: Annotated[JobState, Field(description="状態", examples=["running"])]
    rows: Annotated[int, Field(description="In all. 行数")]
    done: Annotated[int, Field(description="完了行数")]
    refused: Annotated[int, Field(description="Rows that cannot succeed. 拒否行数")]
    under_way: Annotated[int, Field(description="Rows whose outcome is not known yet. 処理中行数")]
    rows_a_second: Annotated[int, Field(description="Since it began. 処理速度")]
    expected_end: Annotated[datetime | None, Field(description="If it goes on like this. 終了見込")]
    made_at: Annotated[datetime, Field(description="受付日時")]
    changed_at: Annotated[datetime, Field(description="状態変更日時")]
    problem: Annotated[
        Problem | None, Field(description="Why a document could not be made. 拒否理由")
    ] = None
    result: Annotated[JobResult | None, Field(description="Of a document. 帳票処理の結果")] = None

    @classmethod
    def of_document(cls, job: DocumentJob, ask: Asking, request: Request) -> Self:
        refusal, result = job.refusal(), job.result
        at = ask.office.house.now()
        return cls(
            job=job.id,
            kind=JobKind(job.kind.value),
            product=job.product,
            ref=None,
            state=JobState(job.state.value),
            rows=job.of,
            done=job.done,
            refused=0,
            under_way=0,
            rows_a_second=job.rate(at=at),
            expected_end=job.expected_end(at=at),
            made_at=job.asked_at,
            changed_at=job.changed_at,
            problem=None if refusal is None else problem_of(refusal, ask, request),
            result=None
            if result is None or job.kind is DocumentKind.DISTRIBUTION
            else JobResult(
                size=result.size,
                sha256=result.digest,
                until=result.expires_at,
                removed=result.removed_at is not None,
            ),
        )

    @classmethod
    def of(cls, seen: SeenJob) -> Self:
        job, progress = seen.stored, seen.progress
        return cls(
            job=job.job.id,
            kind=JobKind(job.job.kind.value),
            product=job.job.product,
            ref=job.job.ref,
            state=JobState(job.state.value),
            rows=job.rows,
            done=progress.done,
            refused=progress.refused,
            under_way=progress.under_way,
            rows_a_second=progress.rate,
            expected_end=progress.expected_end,
            made_at=job.made_at,
            changed_at=job.changed_at,
        )


class RefusedRow(BaseModel):
    """A row that cannot succeed, and why."""

    row: Annotated[int, Field(description="Its number in the request, from 1. 行番号")]
    address: Annotated[str, Field(description="アドレス")]
    reason: Annotated[Reason, Field(description="理由コード")]
    facts: Annotated[dict[str, str | int | None], Field(description="事実")]
    words: Annotated[dict[Language, Words], Field(description="日本語と英語の説明")]

    @classmethod
    def of(cls, job: OrderedJob, row: RowRefused) -> Self:
        refusal = row.refusal()
        told = {language: explain(refusal, language) for language in Language}
        return cls(
            row=asked_number(job, row.ordinal),
            address=row.address,
            reason=row.reason,
            facts=dict(row.facts),
            words={
                language: Words(sentence=each.sentence, remedy=each.remedy)
                for language, each in told.items()
            },
        )


@router.get("/jobs")
def list_jobs(
    ask: Asks, request: Request, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[Job]:
    """Bulk acts on the registers that the institution keeps, or that its systems ordered, and documents that they
    asked for, the newest first. 処理一覧"""
    question = {"of": ask.institution.id, "list": "jobs"}
    begin = after_as(question, cursor, datetime, str)
    before = None if begin is None else (begin[0], begin[1])
    found = [Job.of(each) for each in ask.work.jobs(before=before, most=limit + 1)]
    with ask.office.house.database.read() as connection:
        jobs = DocumentJobs(connection, ask.office.house.vault)
        documents = jobs.page(ask.institution.id, before=before, most=limit + 1)
    found += [Job.of_document(each, ask, request) for each in documents]
    found.sort(key=lambda each: (each.made_at, each.job), reverse=True)
    return Page(
        items=found[:limit],
        next=next_of(question, [(each.made_at, each.job) for each in found], limit=limit),
    )


@router.get("/jobs/{job}")
def read_job(job: JobPath, ask: Asks, request: Request) -> Job:
    """One bulk act, or one document that was asked for. 処理"""
    document = document_of(ask, job)
    if document is not None:
        return Job.of_document(document, ask, request)
    return Job.of(ask.work.job(JobId(job)))


@router.get("/jobs/{job}/refused-rows")
def list_refused_rows(
    job: JobPath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[RefusedRow]:
    """Rows that cannot succeed, with their reasons. 拒否行一覧"""
    question = {"of": ask.institution.id, "refused": job}
    begin = after_as(question, cursor, int)
    if document_of(ask, job) is not None:
        return Page(items=[], next=None)  # it is made whole or not at all; `problem` says why not
    ordered = ask.work.job(JobId(job)).stored.job
    found = ask.work.refused_rows(
        JobId(job), after=None if begin is None else begin[0], most=limit + 1
    )
    return Page(
        items=[RefusedRow.of(ordered, each) for each in found[:limit]],
        next=next_of(question, [(each.ordinal,) for each in found], limit=limit),
    )


@router.post("/jobs/{job}/cancellation", response_model=Job)
def cancel_job(job: JobPath, ask: Asks, request: Request) -> object:
    """Lets no further row of a job go out that the institution's systems ordered; what was sent stands. A document that
    is not done yet is not made. 処理の中止"""
    if document_of(ask, job) is None:
        ask.work.job(JobId(job))  # what is not there for it is told so, as everywhere

    def act(connection: Connection) -> Answered:
        documents = DocumentJobs(connection, ask.office.house.vault)
        if documents.find(ask.institution.id, JobId(job)) is not None:
            ended = documents.cancel(JobId(job), at=ask.office.house.now(), by=ask.by)
            return answered(200, Job.of_document(ended, ask, request))
        jobs = Jobs(connection, ask.office.deployment.chain_id)
        stored = jobs.get(JobId(job), to_change=True)
        if not stored.job.key.startswith(f"api/{ask.institution.id}/"):
            raise Refusal(Reason.JOB_UNKNOWN, job=job)
        at = ask.office.house.now()
        jobs.end(JobId(job), OrderedState.CANCELLED, at=at)
        seen = SeenJob(stored=jobs.get(JobId(job)), progress=jobs.progress(JobId(job), at=at))
        return answered(200, Job.of(seen))

    key = request_key(ask, "POST /v1/jobs/{job}/cancellation", None, job=job)
    return as_response(once(ask.office.house, key, act))


# Inside ----------------------------------------------------------------------------------------------


def document_of(ask: Asking, job: str) -> DocumentJob | None:
    """The document that the institution asked for under this id, if it did."""
    house = ask.office.house
    with house.database.read() as connection:
        return DocumentJobs(connection, house.vault).find(ask.institution.id, JobId(job))


ACCESS: AccessTable = {
    ("GET", "/v1/jobs"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}/refused-rows"): reads(ALL_ROLES),
    ("POST", "/v1/jobs/{job}/cancellation"): updates(ALL_ROLES),
}
