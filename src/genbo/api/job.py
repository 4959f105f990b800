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
