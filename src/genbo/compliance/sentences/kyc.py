"""Why a KYC session, a callback of a provider or a verdict is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.KYC_SESSION_UNKNOWN,
        en=Text(
            "There is no KYC session {session} of the provider {provider}.",
            "Start a session for the investor first; a provider answers what it was asked.",
        ),
        ja=Text(
            "事業者 {provider} の本人確認セッション {session} はありません。",
            "先に投資家の本人確認セッションを開始してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_UNSIGNED,
        en=Text(
            "The callback of the KYC provider is not signed as it must be: {problem}.",
            "Nothing was kept. Have the provider send it again, signed with ES256 or RS256.",
        ),
        ja=Text(
            "本人確認事業者の通知の署名が正しくありません：{problem}。",
            "何も記録していません。ES256 または RS256 の署名で再送を依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_KEY_UNKNOWN,
        en=Text(
            "The callback names the key {key}, which the KYC provider {provider} does not publish.",
            "Compare the key set of the provider with the one in the settings.",
        ),
        ja=Text(
            "通知の鍵 {key} は、本人確認事業者 {provider} が公開していない鍵です。",
            "事業者の公開鍵一覧（JWKS）の設定を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_AUDIENCE,
        en=Text(
            "The callback is not from {provider} to us: {problem}.",
            "Nothing was kept. Compare issuer and audience in the settings with the provider's.",
        ),
        ja=Text(
            "通知が事業者 {provider} から当社宛のものではありません：{problem}。",
            "何も記録していません。発行者と宛先の設定を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_STALE,
        en=Text(
            "The callback was issued at {issued}, too far from the time it came.",
            "Have the provider sign and send it again; compare the clocks.",
        ),
        ja=Text(
            "通知の発行時刻 {issued} が受信時刻から離れすぎています。",
            "再署名して再送するよう依頼し、時計を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_MALFORMED,
        en=Text(
            "The callback cannot be understood at {claim}: {problem}.",
            "Nothing was kept. It must have the shape of OpenID Connect for Identity Assurance.",
        ),
        ja=Text(
            "通知の {claim} を解釈できません：{problem}。",
            "何も記録していません。OpenID Connect for Identity Assurance の形式が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_OUT_OF_ORDER,
        en=Text(
            "A later callback of the session {session} was here before this one.",
            "Nothing was kept: what the provider said last counts.",
        ),
        ja=Text(
            "セッション {session} については、より新しい通知を受領済みです。",
            "何も記録していません。最後の通知が有効です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_CALLBACK_REPLAYED,
        en=Text(
            "The result {result} of {provider} was received before, with another content.",
            "Nothing was kept. Ask the provider which of the two it meant.",
        ),
        ja=Text(
            "事業者 {provider} の結果 {result} は、異なる内容で受領済みです。",
            "何も記録していません。どちらが正しいか事業者に確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KYC_PROVIDER_UNREACHABLE,
        en=Text(
            "The KYC provider {provider} cannot be reached: {problem}.",
            "Nothing opens meanwhile. Try again when it answers.",
        ),
        ja=Text(
            "本人確認事業者 {provider} に接続できません：{problem}。",
            "その間、受領は許可されません。回復後に再度実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.VERDICT_MISSING,
        en=Text(
            "{investor} has no verdict that could be taken back.",
            "Nothing stands open for this investor.",
        ),
        ja=Text(
            "{investor} には取り消す確認結果がありません。",
            "この投資家に許可されているものはありません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.VERDICT_OVERTAKEN,
        en=Text(
            "The registry no longer lets {investor} hold: {state}.",
            "What was on its way for the investor was stopped. Give a new verdict when the investor may hold again.",
        ),
        ja=Text(
            "{investor} は現在保有を認められていません：{state}。",
            "この投資家について送信中のものを止めました。再び認められるときに新しい確認結果を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_UNKNOWN,
        en=Text(
            "There is no screening of {investor} against {list} that stands.",
            "Run the screening first; `genbo screening show` lists what stands.",
        ),
        ja=Text(
            "{investor} の {list} との有効な照合結果はありません。",
            "先に照合を実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RELEASE_UNKNOWN,
        en=Text(
            "There is no proposal {proposal} of a release that waits.",
            "It was approved already, or never made.",
        ),
        ja=Text(
            "承認待ちの解除申請 {proposal} はありません。",
            "承認済みか、申請されていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_LIST_KNOWN,
        en=Text(
            "That file is version {number} of the list {list} already, and not the one in force.",
            "Load the newest file of the publisher; an older version does not come back.",
        ),
        ja=Text(
            "このファイルはリスト {list} の旧版（第{number}版）として取込済みです。",
            "発行元の最新のファイルを取り込んでください。旧版には戻せません。",
        ),
    ),
)
