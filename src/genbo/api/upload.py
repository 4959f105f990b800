"""Files (取込ファイル): a firm's files for masters, in parts, checked, approved by another, applied whole or not."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Depends, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.problem import Problem
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.api.transfer import shown_problem
from genbo.bootstrap.once import once
from genbo.bootstrap.uploads import (
    Incomplete,
    UploadedFile,
    announce,
    approve,
    complete,
    discard,
    put_part,
    read_file,
)
from genbo.governance.institutions import BROKERS, InstitutionRole
from genbo.kernel import Reason, Refusal, instant_of
from genbo.masters.import_file import (
    MOST_BYTES,
    ImportFileId,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
)
from genbo.storage.requests import Answered

router = a_router("files")

SENDING = frozenset({*BROKERS, InstitutionRole.REGISTRAR})
"""Whose files are taken: a broker's of its customers, a registrar's for every master."""

FilePath = Annotated[
    str, Path(pattern=r"^F[0-9a-f]{16}$", description="Id of the file. 取込ファイルID")
]
_DIGEST = r"^(0x)?[0-9a-fA-F]{64}$"


class AnnouncedFile(BaseModel):
    """A file that will come. 取込ファイルの予告"""

    model_config = ConfigDict(extra="forbid")

    target: Annotated[ImportTarget, Field(description="Which master. 取込対象 (T15.1)")]
    kind: Annotated[ProcessingKind, Field(description="処理区分 (T15.4)")]
    size: Annotated[
        int, Field(gt=0, le=MOST_BYTES, strict=True, description="Bytes. ファイルサイズ (T15.2)")
    ]
    sha256: Annotated[str, Field(pattern=_DIGEST, description="Of the whole. ファイルハッシュ")]
    timestamp: Annotated[
        datetime,
        Field(description="When the source made it, with its offset. タイムスタンプ (T15.3)"),
    ]


class PartThere(BaseModel):
    """A part that came. 受領済の分割"""

    part: Annotated[int, Field(description="From 1. 分割番号")]
    sha256: Annotated[str, Field(description="分割ハッシュ")]


class RejectedRow(BaseModel):
    """Why a row cannot be applied; never with the cell. 行の拒否理由"""

    line: Annotated[int, Field(description="Line of the file, from 1. 行番号")]
    column: Annotated[str | None, Field(description="列")]
    problem: Annotated[Problem, Field(description="拒否理由")]


class FileResult(BaseModel):
    """What became of the rows. 処理結果 (T15.6)"""

    read: Annotated[int, Field(description="読込行数")]
    applied: Annotated[int, Field(description="適用行数")]
    unchanged: Annotated[
        int, Field(description="Of those applied, rows that said what was there. 変更なし")
    ]
    rejected: Annotated[int, Field(description="拒否行数")]
    rejections: Annotated[
        list[RejectedRow], Field(description="The first of them, by line. 拒否された行")
    ]


class Upload(BaseModel):
    """A file and how far it is. 取込ファイル"""

    file: Annotated[str, Field(description="取込ファイルID")]
    target: Annotated[ImportTarget, Field(description="取込対象")]
    kind: Annotated[ProcessingKind, Field(description="処理区分")]
    status: Annotated[ImportStatus, Field(description="処理ステータス (T15.5)")]
    size: Annotated[int, Field(description="ファイルサイズ")]
    sha256: Annotated[str, Field(description="ファイルハッシュ")]
    part_size: Annotated[int, Field(description="Bytes of every part but the last. 分割サイズ")]
    part_count: Annotated[int, Field(description="分割数")]
    parts: Annotated[list[PartThere], Field(description="Those that are there. 受領済の分割")]
    registered_by: Annotated[str, Field(description="登録者 (T15.8)")]
    approved_by: Annotated[str | None, Field(description="Another than 登録者. 承認者")]
    result: Annotated[FileResult | None, Field(description="None until it was checked. 処理結果")]

    @classmethod
    def of(cls, found: UploadedFile, ask: Asking, request: Request) -> Self:
        file, said = found.file, found.file.announced
        result = file.result
        return cls(
            file=file.file_id,
            target=said.target,
            kind=said.kind,
            status=file.status,
            size=said.size,
            sha256=said.sha256,
            part_size=found.part_size,
            part_count=found.part_count,
            parts=[
                PartThere(part=part, sha256=digest) for part, digest in sorted(found.parts.items())
            ],
            registered_by=file.registered_by,
            approved_by=file.approved_by,
            result=None
            if result is None
            else FileResult(
                read=result.read,
                applied=result.applied,
                unchanged=result.unchanged,
                rejected=result.rejected,
                rejections=[
                    RejectedRow(
                        line=each.line,
                        column=each.column,
                        problem=shown_problem(each.refusal(), ask, request),
                    )
                    for each in result.rejections
                ],
            ),
        )


@router.post("/files", status_code=201, response_model=Upload)
def announce_file(body: AnnouncedFile, ask: Asks, request: Request) -> JSONResponse:
    """Announces a file; its parts come next. The same file is taken once (R-PROGMAT-T15.3). 取込ファイルの予告"""
    if body.timestamp.tzinfo is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.timestamp", problem="no offset")
    instant_of(body.timestamp)  # what the calendar does not reach could be kept and never be read

    def act(connection: Connection) -> Answered:
        found = announce(
            ask.office,
            connection,
            ask.institution,
            target=body.target,
            kind=body.kind,
            size=body.size,
            timestamp=body.timestamp,
            sha256=body.sha256,
            by=ask.by,
        )
        return answered(201, Upload.of(found, ask, request))

    return as_response(once(ask.office.house, request_key(ask, "POST /v1/files", body), act))


@router.get("/files/{file}/parts")
def show_file(file: FilePath, ask: Asks, request: Request) -> Upload:
    """A file of the firm: its status, which parts are there, and what became of its rows. 取込ファイルの照会"""
    return Upload.of(read_file(ask.office, ask.institution, ImportFileId(file)), ask, request)


async def _bytes(request: Request) -> bytes:
    return await request.body()


_BINARY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.put("/files/{file}/parts/{part}", openapi_extra=_BINARY)
def send_part(
    file: FilePath,
    part: Annotated[int, Path(ge=1, le=100_000, description="From 1. 分割番号")],
    content: Annotated[bytes, Depends(_bytes)],
    ask: Asks,
    request: Request,
    x_part_sha256: Annotated[
        str, Header(pattern=_DIGEST, description="SHA-256 of this part's bytes. 分割ハッシュ")
    ],
) -> Upload:
    """Sends one part. Parts come in any order, and may be sent again: a part is named by its file, its number and its
    hash. After an interruption `GET` tells which are there. 分割の送信"""
    found = hashlib.sha256(content).hexdigest()
    if found != x_part_sha256.lower().removeprefix("0x"):
        raise Refusal(
            Reason.IMPORT_FILE_HASH_DIFFERS,
            file_id=file,
            announced=x_part_sha256.lower(),
            received="0x" + found,
        )
    kept = put_part(ask.office, ask.institution, ImportFileId(file), part, content, by=ask.by)
    return Upload.of(kept, ask, request)


@router.post("/files/{file}/completion", status_code=202, response_model=Upload)
def complete_file(file: FilePath, ask: Asks, request: Request) -> JSONResponse:
    """Says that every part was sent. Where they are the file that was announced it is checked, every row and none
    applied; `GET` tells how far that is. 送信完了"""

    def act(connection: Connection) -> Answered:
        found = complete(ask.office, connection, ask.institution, ImportFileId(file), by=ask.by)
        return answered(202, Upload.of(found, ask, request))

    key = request_key(ask, "POST /v1/files/{file}/completion", None, file=file)
    try:
        return as_response(once(ask.office.house, key, act))
    except Incomplete as other:
        discard(ask.office, ImportFileId(file))
        raise other.refusal from None


@router.post("/files/{file}/approval", status_code=202, response_model=Upload)
def approve_file(file: FilePath, ask: Asks, request: Request) -> JSONResponse:
    """Approves a checked file, by another credential than the one that announced it: a credential's word is that of one
    person. The file is applied then, whole or not at all. 取込ファイルの承認"""

    def act(connection: Connection) -> Answered:
        found = approve(ask.office, connection, ask.institution, ImportFileId(file), by=ask.by)
        return answered(202, Upload.of(found, ask, request))

    key = request_key(ask, "POST /v1/files/{file}/approval", None, file=file)
    return as_response(once(ask.office.house, key, act))


ACCESS: AccessTable = {
    ("POST", "/v1/files"): updates(SENDING),
    ("GET", "/v1/files/{file}/parts"): reads(SENDING),
    ("PUT", "/v1/files/{file}/parts/{part}"): updates(SENDING),
    ("POST", "/v1/files/{file}/completion"): updates(SENDING),
    ("POST", "/v1/files/{file}/approval"): updates(SENDING),
}
