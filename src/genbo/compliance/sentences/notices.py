"""Why an address for notices, or one more stream of them, is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.WEBHOOK_URL_REFUSED,
        en=Text(
            "Notices are not posted to this address[: {problem}].",
            "Give an https address that is reachable from outside, without a user or a password in it; the operator "
            "may allow a network of its own by GENBO_WEBHOOK_NETWORKS.",
        ),
        ja=Text(
            "このアドレスには通知を送信できません[：{problem}]。",
            "外部から到達できる https のアドレスを、利用者名・パスワードを含めずに指定してください。運営者は "
            "GENBO_WEBHOOK_NETWORKS で自社ネットワークを許可できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.WEBHOOKS_EXCEEDED,
        en=Text(
            "The institution has {most} webhooks already.",
            "Delete one that is not needed, or let one receive more types and products.",
        ),
        ja=Text(
            "この機関のWebhookはすでに {most} 件あります。",
            "不要なものを削除するか、1件のWebhookで複数の種別・銘柄を受信してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.STREAMS_EXCEEDED,
        en=Text(
            "This credential has {most} streams open already.",
            "Close one of them; one stream tells everything that the institution may see.",
        ),
        ja=Text(
            "この認証情報ではすでに {most} 本のストリームが開かれています。",
            "いずれかを閉じてください。1本のストリームで閲覧範囲のすべての通知を受信できます。",
        ),
    ),
)
