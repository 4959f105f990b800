"""Files (取込ファイル): how far a file for a master is, and what is wrong with its rows (R-PROGMAT-T15)."""

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
from genbo.compliance.reasons import Language, explain
from genbo.kernel import Reason
from genbo.masters.import_file import (
    ImportFile,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    Rejection,
)

router = a_router("files")

FilePath: TypeAlias = Annotated[
    str, Path(pattern=r"^F[0-9a-f]{16}$", description="Id of the file. 取込ファイルID")
]


class File(BaseModel):
    """A file for a master."""

    file: Annotated[str, Field(description="取込ファイルID")]
    target: Annotated[ImportTarget, Field(description="取込対象 (T15.1)", examples=["investor"])]
    kind: Annotated[ProcessingKind, Field(description="処理区分 (T15.4)")]
    status: Annotated[ImportStatus, Field(description="処理ステータス (T15.5)")]
    size: Annotated[int, Field(description="Bytes. ファイルサイズ (T15.2)")]
    sha256: Annotated[str, Field(description="ファイルハッシュ")]
    timestamp: Annotated[datetime, Field(description="When it was made. タイムスタンプ (T15.3)")]
    read: Annotated[int | None, Field(description="Rows; none before it was checked. 読込行数")]
    applied: Annotated[int | None, Field(description="反映行数")]
    unchanged: Annotated[int | None, Field(description="変更なし行数")]
    rejected: Annotated[int | None, Field(description="Rows. 却下行数")]
    problems: Annotated[int | None, Field(description="Things that are wrong. 誤り件数")]
    registered_at: Annotated[datetime, Field(description="登録日時 (T15.7)")]
    changed_at: Annotated[datetime, Field(description="状態変更日時")]

    @classmethod
    def of(cls, file: ImportFile) -> Self:
        said, result = file.announced, file.result
        return cls(
            file=file.file_id,
            target=said.target,
            kind=said.kind,
            status=file.status,
            size=said.size,
            sha256=said.sha256,
            timestamp=said.timestamp,
            read=None if result is None else result.read,
            applied=None if result is None else result.applied,
            unchanged=None if result is None else result.unchanged,
            rejected=None if result is None else result.rejected,
            problems=None if result is None else result.problems,
            registered_at=file.registered_at,
            changed_at=file.changed_at,
        )


class FileProblem(BaseModel):
    """What is wrong with a row; never the cell itself."""

    line: Annotated[int, Field(description="行番号")]
    column: Annotated[str | None, Field(description="列名")]
    reason: Annotated[Reason, Field(description="理由コード")]
    facts: Annotated[dict[str, str | int | None], Field(description="事実")]
    words: Annotated[dict[Language, Words], Field(description="日本語と英語の説明")]

    @classmethod
    def of(cls, rejection: Rejection) -> Self:
        told = {language: explain(rejection.refusal(), language) for language in Language}
        return cls(
            line=rejection.line,
            column=rejection.column,
            reason=rejection.reason,
            facts=dict(rejection.facts),
            words={
                language: Words(sentence=each.sentence, remedy=each.remedy)
                for language, each in told.items()
            },
        )


@router.get("/files")
def list_files(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[File]:
    """Files for masters that the institution's people or systems announced, the newest first. 取込ファイル一覧"""
    question = {"of": ask.institution.id, "list": "files"}
    begin = after_as(question, cursor, datetime, str)
    found = ask.work.files(before=None if begin is None else (begin[0], begin[1]), most=limit + 1)
    return Page(
        items=[File.of(each) for each in found[:limit]],
        next=next_of(question, [(each.registered_at, each.file_id) for each in found], limit=limit),
    )


@router.get("/files/{file}")
def read_file(file: FilePath, ask: Asks) -> File:
    """One file. 取込ファイル"""
    return File.of(ask.work.file(file))


@router.get("/files/{file}/problems")
def list_problems(
    file: FilePath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[FileProblem]:
    """What is wrong with its rows, by line: as many as are kept of a file. 取込エラー一覧"""
    question = {"of": ask.institution.id, "problems": file}
    begin = after_as(question, cursor, int)
    result = ask.work.file(file).result
    kept = () if result is None else result.rejections
    first = 0 if begin is None else max(0, begin[0])
    shown = kept[first : first + limit + 1]
    keys = [(number,) for number in range(first + 1, first + len(shown) + 1)]
    return Page(
        items=[FileProblem.of(each) for each in shown[:limit]],
        next=next_of(question, keys, limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/files"): reads(ALL_ROLES),
    ("GET", "/v1/files/{file}"): reads(ALL_ROLES),
    ("GET", "/v1/files/{file}/problems"): reads(ALL_ROLES),
}
