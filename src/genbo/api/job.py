"""Jobs (一括処理): how far a bulk act is, and which of its rows cannot succeed."""

from datetime import datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Path
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.problem import Words
from genbo.api.router import router as a_router
from genbo.bootstrap.sight.work import SeenJob
from genbo.compliance.reasons import Language, explain
from genbo.governance import JobId, JobState
from genbo.governance.job import JobKind, RowRefused
from genbo.kernel import Reason

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

    row: Annotated[int, Field(description="From 1. 行番号")]
    address: Annotated[str, Field(description="アドレス")]
    reason: Annotated[Reason, Field(description="理由コード")]
    facts: Annotated[dict[str, str | int | None], Field(description="事実")]
    words: Annotated[dict[Language, Words], Field(description="日本語と英語の説明")]

    @classmethod
    def of(cls, row: RowRefused) -> Self:
        refusal = row.refusal()
        told = {language: explain(refusal, language) for language in Language}
        return cls(
            row=row.ordinal + 1,
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
"""Jobs (一括処理): what takes longer than a request, with its progress, and the rows that could not succeed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.ids import Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.problem import Problem, problem
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.once import once
from genbo.bootstrap.transfers.giving import asked_number
from genbo.governance import JobId
from genbo.governance.job import JobState, Progress
from genbo.kernel import Reason, Refusal
from genbo.storage.jobs import Jobs, StoredJob
from genbo.storage.requests import Answered

router = a_router("jobs")

JobPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Id of the job. 一括処理ID")]


class Job(BaseModel):
    """A job and how far it is. 一括処理"""

    job: Annotated[str, Field(description="一括処理ID")]
    kind: Annotated[str, Field(description="処理の種類", examples=["transfer"])]
    product: Annotated[str, Field(description="受益権ID")]
    reference: Annotated[str | None, Field(description="取引ID")]
    state: Annotated[JobState, Field(description="状態")]
    rows: Annotated[int, Field(description="行数")]
    done: Annotated[int, Field(description="Rows that stand for good. 完了行数")]
    refused: Annotated[int, Field(description="Rows that cannot succeed. 拒否行数")]
    under_way: Annotated[int, Field(description="Rows on their way. 処理中の行数")]
    rate: Annotated[int, Field(description="Rows a second since it began. 毎秒の行数")]
    expected_end: Annotated[datetime | None, Field(description="終了予定日時")]
    began: Annotated[datetime, Field(description="開始日時")]

    @classmethod
    def of(cls, stored: StoredJob, progress: Progress) -> Self:
        return cls(
            job=stored.job.id,
            kind=stored.job.kind.value,
            product=stored.job.product,
            reference=stored.job.ref,
            state=progress.state,
            rows=progress.of,
            done=progress.done,
            refused=progress.refused,
            under_way=progress.under_way,
            rate=progress.rate,
            expected_end=progress.expected_end,
            began=progress.began,
        )


class RowState(StrEnum):
    """Which rows are listed."""

    REFUSED = "refused"
    """拒否"""


class RefusedRow(BaseModel):
    """A row that cannot succeed, and why. 拒否された行"""

    row: Annotated[int, Field(description="Its number in the request, from 1. 行番号")]
    address: Annotated[str, Field(description="アドレス")]
    problem: Annotated[Problem, Field(description="拒否理由")]


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
    found = ask.work.refused_rows(
        JobId(job), after=None if begin is None else begin[0], most=limit + 1
    )
    return Page(
        items=[RefusedRow.of(each) for each in found[:limit]],
        next=next_of(question, [(each.ordinal,) for each in found], limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/jobs"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}/refused-rows"): reads(ALL_ROLES),
}
    """A job that the firm ordered, and how far it is. 一括処理の状況"""
    with ask.office.house.database.read() as connection:
        return _told(connection, ask, JobId(job))


@router.get("/jobs/{job}/rows")
def list_job_rows(
    job: JobPath,
    ask: Asks,
    request: Request,
    state: Annotated[RowState, Query(description="Which rows. 行の状態")] = RowState.REFUSED,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[RefusedRow]:
    """The rows of a job that cannot succeed, by number, each with its reason. 拒否された行の一覧"""
    question = {"job": job, "state": state.value}
    begin = after_as(question, cursor, int)
    with ask.office.house.database.read() as connection:
        stored = _own(connection, ask, JobId(job))
        found = Jobs(connection, ask.office.deployment.chain_id).refused(
            JobId(job), most=limit + 1, after=-1 if begin is None else begin[0]
        )
    rows = [
        RefusedRow(
            row=asked_number(stored.job, each.ordinal),
            address=each.address,
            problem=problem(
                Refusal(each.reason, **each.facts),
                request=request.state.id,
                language=ask.language,
            ),
        )
        for each in found[:limit]
    ]
    return Page(
        items=rows, next=next_of(question, [(each.ordinal,) for each in found], limit=limit)
    )


@router.post("/jobs/{job}/cancellation", response_model=Job)
def cancel_job(job: JobPath, ask: Asks) -> object:
    """Lets no further row go out; what was sent stands. 一括処理の中止"""

    def act(connection: Connection) -> Answered:
        _own(connection, ask, JobId(job))
        jobs = Jobs(connection, ask.office.deployment.chain_id)
        jobs.get(JobId(job), to_change=True)
        jobs.end(JobId(job), JobState.CANCELLED, at=ask.office.house.now())
        return answered(200, _told(connection, ask, JobId(job)))

    request = request_key(ask, "POST /v1/jobs/{job}/cancellation", None, job=job)
    return as_response(once(ask.office.house, request, act))


ACCESS: AccessTable = {
    ("GET", "/v1/jobs/{job}"): reads(ALL_ROLES),
    ("GET", "/v1/jobs/{job}/rows"): reads(ALL_ROLES),
    ("POST", "/v1/jobs/{job}/cancellation"): updates(ALL_ROLES),
}


# Inside ----------------------------------------------------------------------------------------------


def _own(connection: Connection, ask: Asking, job: JobId) -> StoredJob:
    """A job that the institution ordered by the interface; every other one is not there."""
    stored = Jobs(connection, ask.office.deployment.chain_id).get(job)
    if not stored.job.key.startswith(f"api/{ask.institution.id}/"):
        raise Refusal(Reason.JOB_UNKNOWN, job=job)
    return stored


def _told(connection: Connection, ask: Asking, job: JobId) -> Job:
    stored = _own(connection, ask, job)
    jobs = Jobs(connection, ask.office.deployment.chain_id)
    return Job.of(stored, jobs.progress(job, at=ask.office.house.now()))
