"""Why a hold, an authorisation, a settlement, an anchor or a document is refused."""

from genbo.compliance.entry import ContractError, ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.HOLD_EXISTS,
        errors=(ContractError("HoldExists", ("hold",)),),
        en=Text(
            "There is a hold {hold} already.",
            "Use the reference of another trade; each is held once.",
        ),
        ja=Text(
            "留保 {hold} は既に存在します。",
            "別の取引IDを使用してください。留保は取引ごとに1回です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_NOT_STANDING,
        errors=(ContractError("HoldNotStanding", ("hold", "state")),),
        en=Text(
            "The hold {hold} does not stand (state {state}).",
            "Look at the hold: it was never made, already delivered or already released.",
        ),
        ja=Text(
            "留保 {hold} は有効ではありません（状態 {state}）。",
            "留保の状態を確認してください（未作成・引渡済・解除済）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_EXPIRED,
        errors=(ContractError("HoldExpired", ("hold", "until")),),
        en=Text(
            "The hold {hold} expired at {until}.",
            "Release it, and instruct the trade anew.",
        ),
        ja=Text(
            "留保 {hold} は {until} に失効しました。",
            "留保を解除し、改めて指図してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_NOT_EXPIRED,
        errors=(ContractError("HoldNotExpired", ("hold", "until")),),
        en=Text(
            "The hold {hold} binds until {until}.",
            "Wait until then, or have the notary release it.",
        ),
        ja=Text(
            "留保 {hold} は {until} まで有効です。",
            "期限まで待つか、管理者による解除を依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_NOT_NOTARY,
        errors=(ContractError("HoldNotNotary", ("hold", "account")),),
        en=Text(
            "{account} is not the notary of the hold {hold}.",
            "Have the notary of the hold deliver it.",
        ),
        ja=Text(
            "{account} は留保 {hold} の管理者ではありません。",
            "留保の管理者が引渡を実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_EXPIRY_INVALID,
        errors=(ContractError("HoldExpiryInvalid", ("until",)),),
        en=Text(
            "A hold cannot expire at {until}, or has no notary.",
            "Name an instant in the future and a notary.",
        ),
        ja=Text(
            "留保の期限 {until} または管理者の指定が正しくありません。",
            "将来の期限と管理者を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLD_UNITS_HELD,
        errors=(ContractError("HoldUnitsHeld", ("account", "held")),),
        en=Text(
            "{held} units of {account} are held for a buyer and stay frozen.",
            "Lower the freeze to no less than what is held, or release the hold first.",
        ),
        ja=Text(
            "{account} の {held} 口は買い手のために留保されており、凍結を解除できません。",
            "留保数量を下回らない範囲で解除するか、先に留保を解除してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_USED,
        errors=(ContractError("AuthorizationUsedOrCanceled", ("account", "nonce")),),
        en=Text(
            "The authorisation {nonce} of {account} was used or cancelled.",
            "See first whether the trade was delivered; only where it was not, sign a new one under another reference.",
        ),
        ja=Text(
            "{account} の承認 {nonce} は使用済みまたは取消済みです。",
            "まず当該取引が受渡済みでないか確認し、未了の場合に限り、別の取引IDで新たに署名してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_NOT_YET_VALID,
        errors=(ContractError("AuthorizationNotYetValid", ("after",)),),
        en=Text(
            "The authorisation is valid only after {after}.",
            "Send it again after that.",
        ),
        ja=Text(
            "この承認は {after} より後に有効となります。",
            "有効となってから再送してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_EXPIRED,
        errors=(
            ContractError("AuthorizationExpired", ("until",)),
            ContractError("ERC2612ExpiredSignature", ("until",)),
        ),
        en=Text(
            "The signature was valid until {until}.",
            "Have the holder sign a new one.",
        ),
        ja=Text(
            "署名の有効期限は {until} でした。",
            "保有者に再度署名を依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_TOO_SHORT,
        en=Text(
            "The authorisation is valid after {after} and before {before}; it may take from {first} to {last} "
            "(UTC seconds).",
            "Have the holder sign one that is valid for all of that time; `mode=prepare` says for how long.",
        ),
        ja=Text(
            "承認の有効期間は {after} より後 {before} より前ですが、"
            "移転には {first} から {last} まで（UTC秒）の有効期間が必要です。",
            "全期間にわたり有効な承認に署名し直してください（`mode=prepare` で必要な期間を確認できます）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_MISSING,
        en=Text(
            "The key of {investor} is not kept here, and the order carries no signature of it.",
            "Ask with `mode=prepare` what the holder signs, and send the signature with the order.",
        ),
        ja=Text(
            "{investor} の鍵は当システムでは保管しておらず、注文に署名がありません。",
            "`mode=prepare` で署名対象を取得し、署名を付けて注文してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AUTHORISATION_NOT_RECIPIENT,
        errors=(ContractError("AuthorizationCallerNotRecipient", ("caller", "account")),),
        en=Text(
            "Only {account} may send this authorisation; {caller} sent it.",
            "Have the recipient send it.",
        ),
        ja=Text(
            "この承認を送信できるのは {account} のみです（送信者 {caller}）。",
            "受取人から送信してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SIGNATURE_INVALID,
        errors=(
            ContractError("SignatureInvalid", ("account",)),
            ContractError("SettlementSignatureInvalid", ("account",)),
        ),
        en=Text(
            "The signature is not that of {account} over these words.",
            "Check chain, contract, nonce and every field, and have {account} sign again.",
        ),
        ja=Text(
            "署名が {account} によるこの内容への署名ではありません。",
            "チェーン・コントラクト・番号・各項目を確認し、{account} に再署名を依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CASH_NOT_ALLOWED,
        errors=(
            ContractError("SettlementCashNotAllowed", ("cash",)),
            ContractError("DisbursementCashNotAllowed", ("cash",)),
        ),
        en=Text(
            "{cash} is not on the list of yen tokens for this path.",
            "Settle in a yen token of the list, or as bank money.",
        ),
        ja=Text(
            "{cash} はこの決済方法の対象通貨ではありません。",
            "登録済みの円建トークンまたは銀行送金で決済してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DEADLINE_PASSED,
        errors=(ContractError("SettlementDeadlinePassed", ("until",)),),
        en=Text(
            "The deadline {until} has passed.",
            "Agree on the trade anew.",
        ),
        ja=Text(
            "期限 {until} を過ぎました。",
            "取引を改めて合意してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NONCE_USED,
        errors=(ContractError("SettlementNonceUsed", ("account", "nonce")),),
        en=Text(
            "The number {nonce} of {account} was used or cancelled.",
            "Take a number that was not used.",
        ),
        ja=Text(
            "{account} の番号 {nonce} は使用済みまたは取消済みです。",
            "未使用の番号を使用してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TRADE_CANCELLED,
        errors=(ContractError("SettlementTradeCancelled", ("digest", "account")),),
        en=Text(
            "{account} has withdrawn from the trade ({digest}).",
            "Agree on the trade anew.",
        ),
        ja=Text(
            "{account} がこの取引を取り消しています（{digest}）。",
            "取引を改めて合意してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_INCOMPLETE,
        errors=(
            ContractError("SettlementPaymentIncomplete", ("account", "needed", "received")),
            ContractError("DisbursementPaymentIncomplete", ("account", "needed", "received")),
        ),
        en=Text(
            "{account} was to receive {needed} and received {received}.",
            "Do not use this yen token; nothing was delivered or paid.",
        ),
        ja=Text(
            "{account} の受取額は {needed} のはずが {received} でした。",
            "この円建トークンは使用しないでください。引渡も支払も行われていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.AGENT_INVALID,
        errors=(ContractError("SettlementAgentInvalid", ("account",)),),
        en=Text(
            "{account} cannot be the agent of the trade.",
            "Name who confirms the bank money.",
        ),
        ja=Text(
            "{account} は取引の確認者になれません。",
            "入金を確認する者を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_AGENT,
        errors=(ContractError("SettlementNotAgent", ("caller", "account")),),
        en=Text(
            "{caller} is not the agent of the trade; {account} is.",
            "Have the agent confirm or abort.",
        ),
        ja=Text(
            "{caller} は取引の確認者ではありません（確認者 {account}）。",
            "確認者が確認または中止してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_INSTRUCTED,
        errors=(ContractError("SettlementNotInstructed", ("ref",)),),
        en=Text(
            "There is no open instruction for the trade {ref}.",
            "Look whether it was confirmed, aborted or never instructed.",
        ),
        ja=Text(
            "取引 {ref} の未決済の指図はありません。",
            "確認済・中止済・未指図のいずれかを確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BATCH_UNBALANCED,
        errors=(ContractError("SettlementBatchUnbalanced", ("units", "amounts")),),
        en=Text(
            "The net positions do not sum to zero ({units} units, {amounts} yen).",
            "Compute the net positions anew.",
        ),
        ja=Text(
            "ネット数量・金額の合計がゼロになりません（{units} 口、{amounts} 円）。",
            "ネッティングを再計算してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BATCH_MALFORMED,
        errors=(ContractError("SettlementBatchMalformed"),),
        en=Text(
            "The batch is malformed.",
            "Name each participant once, ascending by address, with one position and one signature each.",
        ),
        ja=Text(
            "一括決済の形式が正しくありません。",
            "参加者をアドレス昇順に1回ずつ、数量・金額・署名とともに指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DELIVERY_FAILED,
        errors=(ContractError("SettlementDeliveryFailed", ("token",)),),
        en=Text(
            "{token} did not deliver; nothing was paid.",
            "Trade in a token of this platform only.",
        ),
        ja=Text(
            "{token} による引渡が行われませんでした。支払も行われていません。",
            "このプラットフォームのトークンのみを取引してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ANCHOR_EXISTS,
        errors=(ContractError("AnchorExists", ("kind", "subject", "day", "root")),),
        en=Text(
            "There is a root for {subject} of {day} already ({root}).",
            "A root is never replaced; anchor a correction under its own day.",
        ),
        ja=Text(
            "{subject} の {day} のルートは既に登録されています（{root}）。",
            "ルートは差し替えできません。訂正は別の日付で登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ANCHOR_MALFORMED,
        errors=(ContractError("AnchorMalformed"),),
        en=Text(
            "An anchor needs a subject, a day, a root and at least one leaf.",
            "Complete it.",
        ),
        ja=Text(
            "アンカーには対象・日付・ルート・1件以上の葉が必要です。",
            "不足している項目を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DAY_NOT_OVER,
        en=Text(
            "The day {day} is not over in Japan, so entries may still join it.",
            "Anchor it from midnight JST on.",
        ),
        ja=Text(
            "{day} は日本時間でまだ終わっておらず、記録が追加される可能性があります。",
            "日本時間の翌日0時以降にアンカリングしてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DAY_EMPTY,
        en=Text(
            "No entry of the audit chain belongs to {day}, so there is nothing to anchor.",
            "Nothing is to be done: the next day that has entries covers the chain before it too.",
        ),
        ja=Text(
            "{day} に属する監査記録がないため、アンカリングの対象がありません。",
            "対応は不要です。記録のある次の日のアンカーが、それ以前の記録も含みます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DOCUMENT_UNKNOWN,
        errors=(ContractError("DocumentUnknown", ("name",)),),
        en=Text(
            "There is no document {name}.",
            "Take the name from the list of documents.",
        ),
        ja=Text(
            "書類 {name} はありません。",
            "書類一覧の名称を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DOCUMENT_MALFORMED,
        errors=(ContractError("DocumentMalformed"),),
        en=Text(
            "A document needs a name and a digest.",
            "Complete it.",
        ),
        ja=Text(
            "書類には名称とダイジェストが必要です。",
            "不足している項目を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.LIMIT_INVALID,
        errors=(
            ContractError("HolderLimitInvalid", ("most",)),
            ContractError("HoldingLimitInvalid", ("most",)),
        ),
        en=Text(
            "A limit of {most} is not possible.",
            "Name a limit of at least one.",
        ),
        ja=Text(
            "上限 {most} は指定できません。",
            "1以上の上限を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLDERS_NOT_COUNTED,
        errors=(ContractError("HolderLimitNotCounted", ("token",)),),
        en=Text(
            "{token} does not count its holders, so their number cannot be limited.",
            "Switch counting on before the first issue, then create the rule.",
        ),
        ja=Text(
            "{token} は保有者数を計数していないため、保有者数を制限できません。",
            "最初の発行前に計数を有効にしてから、ルールを作成してください。",
        ),
    ),
)
