"""Later (非同期処理): a document that takes longer than anybody waits for is made by a job, and fetched from it.

a document is asked for
├── of no more than `GENBO_DIRECT_ROWS` rows: 200 with its bytes
├── of more, or with `Prefer: respond-async` (RFC 7240): 202 with the job that makes it
└── while too many of the institution are being made: `jobs_exceeded`
"""

from typing import Annotated, Any, TypeAlias

from fastapi import Header, Request, Response
from fastapi.responses import JSONResponse

from genbo.api.asking import Asking
from genbo.api.job import Job
from genbo.governance.document_job import DocumentJob
from genbo.storage.requests import Answered

Prefer: TypeAlias = Annotated[
    str | None,
    Header(
        max_length=200,
        description="`respond-async`: a job makes it, however small it is (RFC 7240). 非同期処理の希望",
    ),
]

LATER: dict[int | str, dict[str, Any]] = {
    202: {
        "model": Job,
        "description": "A job makes it: `GET /v1/jobs/{job}` tells how far it is, `.../result` gives the file. 受付",
        "headers": {
            "Location": {
                "description": "Where the job is. 処理の所在",
                "schema": {"type": "string"},
            },
            "Preference-Applied": {
                "description": "`respond-async`, where that was asked for. 適用された希望",
                "schema": {"type": "string"},
            },
        },
    }
}
"""How such a route describes the other answer."""


def is_wanted(prefer: str | None) -> bool:
    """Whether whoever asks does not want to wait."""
    named = (each.partition("=")[0].strip().lower() for each in (prefer or "").split(","))
    return "respond-async" in {each.partition(";")[0].strip() for each in named}


def is_later(ask: Asking, rows: int, prefer: str | None) -> bool:
    """Whether a job makes a document of so many rows."""
    return rows > ask.office.house.direct_rows or is_wanted(prefer)


def accepted(job: DocumentJob, ask: Asking, request: Request, prefer: str | None) -> Response:
    """That a job makes it."""
    told = Job.of_document(job, ask, request).model_dump(mode="json", by_alias=True)
    return JSONResponse(told, status_code=202, headers=accepted_headers(job.id, prefer))


def accepted_again(kept: Answered, prefer: str | None) -> Response:
    """As `accepted`, as the request was answered when it came first."""
    where = accepted_headers(str(kept.answer["job"]), prefer)
    return JSONResponse(dict(kept.answer), status_code=kept.status, headers=where)


def accepted_headers(job: str, prefer: str | None) -> dict[str, str]:
    """Where the job is."""
    headers = {"Location": f"/v1/jobs/{job}"}
    if is_wanted(prefer):
        headers["Preference-Applied"] = "respond-async"
    return headers
