"""Why a redemption, a split or an additional issue is refused. The ledger stands as it stood."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.ACTION_UNKNOWN,
        en=Text(
            "There is no {kind} {action}.",
            "Look for it with `genbo redemption show`, `genbo split show` or `genbo additional-issue show`.",
        ),
        ja=Text(
            "決定 {action}（{kind}）はありません。",
            "`genbo redemption show`、`genbo split show`、`genbo additional-issue show` で確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTION_EXISTS,
        en=Text(
            "There is a decision {action} already, with other contents.",
            "Choose another id; a draft that was wrong is rejected first, and its id is not used again.",
        ),
        ja=Text(
            "決定 {action} は別の内容で既に登録されています。",
            "別の番号を使ってください。誤った起案は却下してください（番号は再利用できません）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTION_NOT_OPEN,
        en=Text(
            "The decision {action} is {state}.",
            "Only a draft is approved or rejected, and only what is approved is carried out.",
        ),
        ja=Text(
            "決定 {action} の状態は {state} です。",
            "承認・却下は起案中のもの、実行は承認済のものに限ります。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTION_NOT_DUE,
        en=Text(
            "The decision {action} takes effect from {day} 00:00 JST on.",
            "Carry it out on that day.",
        ),
        ja=Text(
            "決定 {action} の効力発生日は {day}（日本時間0時）です。",
            "当日に実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTION_OVERTAKEN,
        en=Text(
            "{holders} holders no longer hold what the decision {action} rests on, their units at {record_day}.",
            "Close the market between the record date and the redemption; decide anew on a later record date.",
        ),
        ja=Text(
            "決定 {action} の前提となる {record_day} の保有口数と、{holders} 名の現在の保有が一致しません。",
            "権利確定日から償還までは移転を停止し、後の権利確定日で改めて決定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTION_INTERRUPTED,
        en=Text(
            "The bulk act {job} of the decision {action} was cancelled with {rows} rows left, whose units did not end.",
            "End the units of these rows by single redemptions on the same resolution, and pay them by a distribution.",
        ),
        ja=Text(
            "決定 {action} の一括処理 {job} は {rows} 行を残して中止され、その口数は償還されていません。",
            "残りの行は同じ決議に基づき個別に償還し、分配として支払ってください。",
        ),
    ),
)
