"""Jobs (一括処理): how far a bulk act is, and which of its rows cannot succeed."""

from datetime import datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Path
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.problem import Words
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.once import once
from genbo.bootstrap.sight.work import SeenJob
from genbo.bootstrap.transfers.giving import asked_number
from genbo.compliance.reasons import Language, explain
from genbo.governance import Job as OrderedJob
from genbo.governance import JobId, JobState
from genbo.governance.job import JobKind, RowRefused
from genbo.kernel import Reason, Refusal
from genbo.storage.jobs import Jobs
from genbo.storage.requests import Answered

router = a_router("jobs")

JobPath: TypeAlias = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="Id of the bulk act. 一括処理ID")
]


class Job(BaseModel):
    """A bulk act and how far it is."""

    job: Annotated[str, Field(description="一括処理ID")]
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

    @classmethod
    def of(cls, seen: SeenJob) -> Self:
        job, progress = seen.stored, seen.progress
        return cls(
            job=job.job.id,
            kind=job.job.kind,
            product=job.job.product,
            ref=job.job.ref,
            state=job.state,
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
def list_jobs(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[Job]:
    """Bulk acts on the registers that the institution keeps, or that its systems ordered, the newest first.
    一括処理一覧"""
    question = {"of": ask.institution.id, "list": "jobs"}
    begin = after_as(question, cursor, datetime, str)
    found = ask.work.jobs(before=None if begin is None else (begin[0], begin[1]), most=limit + 1)
    return Page(
        items=[Job.of(each) for each in found[:limit]],
        next=next_of(
            question, [(each.stored.made_at, each.stored.job.id) for each in found], limit=limit
        ),
    )


@router.get("/jobs/{job}")
def read_job(job: JobPath, ask: Asks) -> Job:
    """One bulk act. 一括処理"""
    return Job.of(ask.work.job(JobId(job)))


@router.get("/jobs/{job}/refused-rows")
def list_refused_rows(
    job: JobPath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[RefusedRow]:
    """Rows that cannot succeed, with their reasons. 拒否行一覧"""
    question = {"of": ask.institution.id, "refused": job}
    begin = after_as(question, cursor, int)
    ordered = ask.work.job(JobId(job)).stored.job
    found = ask.work.refused_rows(
        JobId(job), after=None if begin is None else begin[0], most=limit + 1
    )
    return Page(
        items=[RefusedRow.of(ordered, each) for each in found[:limit]],
        next=next_of(question, [(each.ordinal,) for each in found], limit=limit),
    )


@router.post("/jobs/{job}/cancellation", response_model=Job)
def cancel_job(job: JobPath, ask: Asks) -> object:
    """Lets no further row of a job go out that the institution's systems ordered; what was sent stands.
    一括処理の中止"""
    ask.work.job(JobId(job))  # what is not there for it is told so, as everywhere

    def act(connection: Connection) -> Answered:
        jobs = Jobs(connection, ask.office.deployment.chain_id)
        stored = jobs.get(JobId(job), to_change=True)
        if not stored.job.key.startswith(f"api/{ask.institution.id}/"):
            raise Refusal(Reason.JOB_UNKNOWN, job=job)
        at = ask.office.house.now()
        jobs.end(JobId(job), JobState.CANCELLED, at=at)
        seen = SeenJob(stored=jobs.get(JobId(job)), progress=jobs.progress(JobId(job), at=at))
        return answered(200, Job.of(seen))

    request = request_key(ask, "POST /v1/jobs/{job}/cancellation", None, job=job)
    return as_response(once(ask.office.house, request, act))


ACCESS: AccessTable = {
    ("GET", "/v1/jobs"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}/refused-rows"): reads(ALL_ROLES),
    ("POST", "/v1/jobs/{job}/cancellation"): updates(ALL_ROLES),
}
