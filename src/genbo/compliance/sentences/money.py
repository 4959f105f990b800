"""Why a record date, a distribution or a payment file is refused. Nothing was changed, and no file was written."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.RECORD_DATE_UNKNOWN,
        en=Text(
            "{day} is not fixed as a record date of {product}[: {known}].",
            "Name one of the dates, or fix it first with `genbo record-date fix`; a date that the deed does not set "
            "needs `--noticed`, the day of its notice.",
        ),
        ja=Text(
            "{day} は {product} の権利確定日として確定していません[：{known}]。",
            "`genbo record-date fix` で確定した日を指定してください。定めのない日には公告日（`--noticed`）が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECORD_DATE_NOT_OVER,
        en=Text(
            "The record date {day} of {product} is not over in Japan: its holders can still change.",
            "Fix it from midnight JST on.",
        ),
        ja=Text(
            "{product} の権利確定日 {day} は日本時間でまだ終わっておらず、権利者が変わる可能性があります。",
            "日本時間の翌日0時以降に確定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECORD_DATE_NOT_FINAL,
        en=Text(
            "The register of {product} at the end of {day} is not final yet.",
            "Wait until the chain below it is deep enough (GENBO_CONFIRMATIONS), and order it again.",
        ),
        ja=Text(
            "{day} 終了時点の {product} の原簿はまだ確定していません。",
            "必要な承認数（GENBO_CONFIRMATIONS）に達してから再度実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECORD_DATE_EMPTY,
        en=Text(
            "Nobody held units of {product} at the end of {day}.",
            "There is nobody whose rights could be fixed.",
        ),
        ja=Text(
            "{day} 終了時点で {product} の保有者がいません。",
            "確定すべき権利者がいません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TAX_RATE_MISSING,
        en=Text(
            "No rate of withholding is known for {category} on {day}.",
            "Rates are dated data: add the rates in force that day before money is paid then.",
        ),
        ja=Text(
            "{day} の {category} に適用する源泉徴収税率が登録されていません。",
            "税率は日付付きのデータです。支払日に施行されている税率を追加してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISTRIBUTION_UNKNOWN,
        en=Text(
            "There is no distribution {distribution}.",
            "Look for it with `genbo distribution show`.",
        ),
        ja=Text(
            "分配 {distribution} はありません。",
            "`genbo distribution show` で確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISTRIBUTION_EXISTS,
        en=Text(
            "There is a distribution {distribution} already, with other contents.",
            "Choose another id; a distribution that was wrong is corrected by `genbo distribution correct`.",
        ),
        ja=Text(
            "分配 {distribution} は別の内容で既に登録されています。",
            "別の番号を使ってください。誤りは `genbo distribution correct` で訂正します。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISTRIBUTION_NOT_OPEN,
        en=Text(
            "The distribution {distribution} is {state}, so this cannot be done to it[: {needed}].",
            "See its state with `genbo distribution show`.",
        ),
        ja=Text(
            "分配 {distribution} の状態が {state} のため、実行できません[：{needed}]。",
            "`genbo distribution show` で状態を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DISTRIBUTION_CORRECTED,
        en=Text(
            "The distribution {distribution} was corrected by {by} already.",
            "Correct {by}, which stands in its place.",
        ),
        ja=Text(
            "分配 {distribution} は {by} で既に訂正されています。",
            "現在有効な {by} を訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_DAY_CLOSED,
        en=Text(
            "Banks do not pay on {day}[: {problem}].",
            "Name a bank business day that is not over.",
        ),
        ja=Text(
            "{day} は振込指定日にできません[：{problem}]。",
            "過ぎていない銀行営業日を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_NOTHING_DUE,
        en=Text(
            "Nothing of the distribution {distribution} waits to be paid.",
            "What was put aside waits until `genbo distribution release`.",
        ),
        ja=Text(
            "分配 {distribution} に支払待ちの明細はありません。",
            "留保中の明細は `genbo distribution release` で解除するまで支払われません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LINE_UNWRITABLE,
        en=Text(
            "The payment of line {line} to {holder} cannot be written: {field}[ ({problem})].",
            "Correct the account of the investor, or put the line aside with `--put-aside`; no file was written.",
        ),
        ja=Text(
            "明細 {line}（{holder}）の振込データを作成できません：{field}[（{problem}）]。",
            "投資家の口座情報を訂正するか、`--put-aside` で留保してください。ファイルは作成されていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LINE_UNKNOWN,
        en=Text(
            "Line {line} names no payment of the distribution {distribution}[: {problem}].",
            "Take code and amount as they stand in the payment file; nothing of the file was applied.",
        ),
        ja=Text(
            "{line} 行目に該当する分配 {distribution} の支払がありません[：{problem}]。",
            "振込データの顧客コードと金額をそのまま使ってください。ファイルの内容は適用されていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LINE_STATE,
        en=Text(
            "The payment {number} of {distribution} is {state}, so this cannot be done to it.",
            "See what is unpaid with `genbo distribution unpaid`.",
        ),
        ja=Text(
            "{distribution} の明細 {number} の状態が {state} のため、実行できません。",
            "`genbo distribution unpaid` で未払の状態を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_FILE_MALFORMED,
        en=Text(
            "Record {record} is no record of a bank transfer file[: {field}][ ({problem})].",
            "A file has records of 120 bytes: one header, data, one trailer, one end.",
        ),
        ja=Text(
            "レコード {record} は総合振込データとして読めません[：{field}][（{problem}）]。",
            "120バイトのヘッダー・データ・トレーラー・エンドの順に並んでいる必要があります。",
        ),
    ),
)
