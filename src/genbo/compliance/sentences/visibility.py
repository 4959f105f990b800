"""Why something is not disclosed, or cannot be looked at."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.DISCLOSURE_EXISTS,
        en=Text(
            "The disclosure {disclosure} exists already.",
            "Use another id.",
        ),
        ja=Text(
            "開示 {disclosure} は既に登録されています。",
            "別のIDを使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISCLOSURE_UNKNOWN,
        en=Text(
            "There is no disclosure {disclosure}.",
            "`genbo disclosure list` shows those there are.",
        ),
        ja=Text(
            "開示 {disclosure} は登録されていません。",
            "`genbo disclosure list` で登録済みの開示を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISCLOSURE_NOT_OPEN,
        en=Text(
            "The disclosure {disclosure} is {state}.",
            "Propose another one, with its purpose and its basis.",
        ),
        ja=Text(
            "開示 {disclosure} の状態は「{state}」です。",
            "目的と根拠を示して、新たに開示を起案してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DATABASE_RIGHTS_MISSING,
        en=Text(
            "The user of the database lacks a right: {problem}.",
            "An administrator of the server runs `CREATE ROLE genbo_viewer NOLOGIN` once, and"
            " `GRANT genbo_viewer TO` the user, who owns the database and its tables.",
        ),
        ja=Text(
            "データベースの利用者に権限がありません: {problem}",
            "サーバーの管理者が一度だけ `CREATE ROLE genbo_viewer NOLOGIN` を実行し、データベースと表を所有する利用者に"
            "`GRANT genbo_viewer TO` で付与してください。",
        ),
    ),
)
