"""Why a file for a master is refused (取込ファイル, R-PROGMAT-T15)."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.IMPORT_FILE_UNKNOWN,
        en=Text(
            "No file {file_id} was announced.",
            "Look for it with `genbo file list`.",
        ),
        ja=Text(
            "取込ファイル {file_id} は予告されていません。",
            "`genbo file list` で確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_FILE_TWICE,
        en=Text(
            "The same file was announced before, as {file_id}; it is {status}.",
            "A file is never processed twice. A corrected file has another hash: announce that one.",
        ),
        ja=Text(
            "同じファイルが {file_id} として既に予告されています（状態：{status}）。",
            "同じファイルは二度処理されません。訂正したファイルを改めて予告してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_FILE_SIZE_DIFFERS,
        en=Text(
            "{announced} bytes were announced for {file_id}, {received} bytes came.",
            "Transmit the file again as a whole; nothing of it was read.",
        ),
        ja=Text(
            "{file_id} の予告サイズは {announced} バイトですが、受領したのは {received} バイトです。",
            "ファイル全体を再送してください。内容は読み込まれていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_FILE_HASH_DIFFERS,
        en=Text(
            "The file is not the one that was announced as {file_id}: its hash is {received} and not {announced}.",
            "Give the file that was announced, unchanged, or announce this one.",
        ),
        ja=Text(
            "予告した {file_id} とファイルが異なります（ハッシュ {received}、予告は {announced}）。",
            "予告したファイルをそのまま指定するか、このファイルを改めて予告してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_FILE_NOT_READY,
        en=Text(
            "The file {file_id} is {status} and cannot become {wanted}.",
            "The order is: announce, receive, check, approve, apply. `genbo file show` says what is next.",
        ),
        ja=Text(
            "取込ファイル {file_id} の状態は {status} で、{wanted} にはできません。",
            "予告・受領・検証・承認・反映の順に行います。`genbo file show` で確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_KIND_NOT_POSSIBLE,
        en=Text(
            "A file for {target} cannot be of the kind {kind}.",
            "Allowed: {allowed}.",
        ),
        ja=Text(
            "{target} のファイルに処理区分 {kind} は指定できません。",
            "指定できる値：{allowed}。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_ROW_UNKNOWN,
        en=Text(
            "The row[ on line {line}][ of {file}] names '{key}', which is not registered.",
            "Correct the id, or bring it in a file of the kind new. Nothing of the file was applied.",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]「{key}」は登録されていません。",
            "IDを訂正するか、処理区分「新規」で取り込んでください。ファイルは1件も反映されていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IMPORT_ROW_EXISTS,
        en=Text(
            "The row[ on line {line}][ of {file}] names '{key}', which is registered already.",
            "Leave the row out, or bring it in a file of the kind correction. Nothing of the file was applied.",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]「{key}」は既に登録されています。",
            "行を除くか、処理区分「訂正」で取り込んでください。ファイルは1件も反映されていません。",
        ),
    ),
)
