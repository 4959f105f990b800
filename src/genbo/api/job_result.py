"""Results (処理の結果): what a job has made, for the institution that asked for it."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import Response
from fastapi.responses import JSONResponse, StreamingResponse

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asking, Asks
from genbo.api.distribution import Distribution
from genbo.api.document import BANK_FILE, MEDIA_TYPES, bank_file_headers, described, file_headers
from genbo.api.job import JobPath, document_of
from genbo.api.roles import HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.bootstrap import document_jobs
from genbo.bootstrap.settled import settled
from genbo.governance import JobId
from genbo.governance.document_job import DocumentJob, DocumentKind
from genbo.kernel import BlockStamp, Fact, Reason, Refusal
from genbo.reporting import Form

router = a_router("jobs")


@router.get(
    "/jobs/{job}/result",
    response_class=Response,
    responses=described(
        *Form,
        bank_file=True,
        X_Inspection="Of a register or certificate: id in the inspection log. 閲覧記録ID",
        X_Payment_File="Of a payment file: its number. 振込ファイル番号",
    ),
)
def read_result(job: JobPath, ask: Asks) -> Response:
    """The document that a job has made, for the institution that asked for it, as often as it likes until it expires.
    That it is fetched is recorded, and where names are in it that personal data is read. Of a declaration it is the
    distribution as it stands. 帳票の取得"""
    asked = document_of(ask, job)
    if asked is not None:
        ask.sight.product(asked.product)  # what it does not see any more, it does not fetch
    found = document_jobs.fetch(
        ask.office, ask.institution, JobId(job), by=ask.by, at=ask.office.house.now()
    )
    if found is None:
        ask.work.job(JobId(job))  # what is not there for it is told so, as everywhere
        raise Refusal(Reason.NOT_FOUND, subject="job", asked=job)  # a bulk act has no document
    document, parts = found
    assert document.result is not None
    if document.kind is DocumentKind.DISTRIBUTION:
        return _declared(ask, document)
    media_type, headers = _headers(ask, document.result.facts, document.result.digest)
    headers["Content-Length"] = str(document.result.size)
    return StreamingResponse(parts, media_type=media_type, headers=headers)


# Inside ----------------------------------------------------------------------------------------------


def _declared(ask: Asking, job: DocumentJob) -> Response:
    """What a declaration came to, as it stands now."""
    assert job.result is not None
    run = ask.sight.payees.run(job.product, str(job.result.facts["run"]))
    return JSONResponse(Distribution.of(run).model_dump(mode="json", by_alias=True))


def _headers(ask: Asking, facts: Mapping[str, Fact], digest: str) -> tuple[str, dict[str, str]]:
    """The kind of the result and its headers: those that the direct answer would have."""
    if facts["name"] == "transfer":
        return BANK_FILE, bank_file_headers(digest, int(str(facts["number"])))
    as_of = facts["asked_as_of"]
    stamp = BlockStamp(
        chain_id=int(str(facts["chain"])),
        number=int(str(facts["block"])),
        hash=str(facts["block_hash"]),
        at=datetime.fromisoformat(str(facts["block_at"])),
    )
    final = settled(
        ask.office.house,
        stamp,
        as_of=None if isinstance(as_of, int) else datetime.fromisoformat(str(as_of)),
        block=as_of if isinstance(as_of, int) else None,
        now=ask.at,
    ).final
    form = Form(str(facts["form"]))
    return MEDIA_TYPES[form], file_headers(
        digest,
        form,
        name=str(facts["name"]),
        facts=str(facts["facts"]),
        as_of=datetime.fromisoformat(str(facts["as_of"])),
        stamp=stamp,
        final=final,
        X_Inspection=str(facts["inspection"]),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/jobs/{job}/result"): reads(HOLDING_ROLES),
}
