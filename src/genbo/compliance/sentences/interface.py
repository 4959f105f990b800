"""Why a request to the interface is refused before anything is asked, and what is said of a defect of ours."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.ROUTE_UNKNOWN,
        en=Text("There is no {path} here.", "See /v1/openapi.json for what there is."),
        ja=Text("{path} はありません。", "利用できる経路は /v1/openapi.json をご覧ください。"),
    ),
    ReasonEntry(
        reason=Reason.METHOD_NOT_ALLOWED,
        en=Text("{path} does not take {method}.", "Use one of: {allowed}."),
        ja=Text("{path} では {method} を使えません。", "{allowed} のいずれかを使ってください。"),
    ),
    ReasonEntry(
        reason=Reason.REQUEST_MALFORMED,
        en=Text(
            "The request is not as described[: {field}][ ({problem})].",
            "Correct it as /v1/openapi.json describes it; nothing was changed.",
        ),
        ja=Text(
            "リクエストの形式が正しくありません[：{field}][（{problem}）]。",
            "/v1/openapi.json の記載に合わせて訂正してください。何も変更されていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.REQUEST_TOO_LARGE,
        en=Text(
            "The request has more than {most} bytes.",
            "Send a file by the routes for files, or several requests.",
        ),
        ja=Text(
            "リクエストが {most} バイトを超えています。",
            "ファイル用の経路を使うか、複数のリクエストに分けてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IDEMPOTENCY_KEY_MISSING,
        en=Text(
            "The request changes something and has no Idempotency-Key.",
            "Send a key of your own, 1 to 64 of A-Z a-z 0-9 . _ : / -, and the same one when you send it again.",
        ),
        ja=Text(
            "変更を伴うリクエストに Idempotency-Key がありません。",
            "英数字と . _ : / - の1〜64文字の番号を付け、再送する場合は同じ番号を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CURSOR_INVALID,
        en=Text(
            "The cursor is none that this question gave out.",
            "Ask from the beginning, without a cursor.",
        ),
        ja=Text(
            "カーソルがこの照会のものではありません。",
            "カーソルを付けずに最初から照会してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RATE_EXCEEDED,
        en=Text(
            "The credential has used up its requests for now.",
            "Ask again in {seconds} seconds; Retry-After says the same.",
        ),
        ja=Text(
            "この認証情報で許される回数に達しました。",
            "{seconds} 秒後に再度お試しください（Retry-After と同じ）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.VERSION_MISSING,
        en=Text(
            "A change of this needs If-Match.",
            "Read it first, and send the ETag that came with it.",
        ),
        ja=Text(
            "変更には If-Match が必要です。",
            "先に照会し、応答の ETag を送ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.VERSION_DIFFERS,
        en=Text(
            "It was changed since you read it.",
            "Read it again, and decide whether your change still holds.",
        ),
        ja=Text(
            "照会の後に変更されています。",
            "再度照会し、変更内容が妥当か確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INTERNAL_ERROR,
        en=Text(
            "Something went wrong on our side[ (request {request})].",
            "Tell the operator the request id. What was sent may be sent again under the same Idempotency-Key.",
        ),
        ja=Text(
            "システム側で問題が発生しました[（リクエスト {request}）]。",
            "リクエストIDを運用者に伝えてください。同じ Idempotency-Key で再送できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.JOBS_EXCEEDED,
        en=Text(
            "{most} documents of your institution are being made already.",
            "Wait until one is done, or cancel one.",
        ),
        ja=Text(
            "貴機関の帳票処理がすでに {most} 件実行中です。",
            "いずれかの終了を待つか、中止してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.JOB_NOT_DONE,
        en=Text(
            "The job {job} has no result: it is {state}.",
            "Ask for the job until it is done; what was cancelled is asked for anew.",
        ),
        ja=Text(
            "処理 {job} の結果はありません（状態：{state}）。",
            "終了するまで処理を照会してください。中止した場合は改めて依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RESULT_GONE,
        en=Text(
            "The result of the job {job} was kept until {until} and is gone.",
            "Ask for the document anew. A payment file is made again from its number.",
        ),
        ja=Text(
            "処理 {job} の結果は保存期限（{until}）を過ぎて削除されています。",
            "帳票を改めて依頼してください。振込ファイルは番号から再作成できます。",
        ),
    ),
)
