"""Why a change of access is refused: a proposal, a reset, an identity at the identity provider."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.SECOND_FACTOR_MISSING,
        en=Text(
            "The user {user} has no second factor.",
            "The user signs in and enrols one; then ask again.",
        ),
        ja=Text(
            "利用者 {user} は二要素認証を登録していません。",
            "利用者がログオンして登録した後、やり直してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PASSWORD_NOT_CHOSEN,
        en=Text(
            "The password of the user {user} is one that somebody else set.",
            "The user signs in and changes it; then ask again.",
        ),
        ja=Text(
            "利用者 {user} のパスワードは、他者が設定した初期パスワードのままです。",
            "利用者がログオンして変更した後、やり直してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.POWERS_SUSPENDED,
        en=Text(
            "The permissions of the user {user} rest since a reset.",
            "An administrator who had no part in the reset speaks to the person and confirms.",
        ),
        ja=Text(
            "再設定により、利用者 {user} の権限は停止中です。",
            "再設定に関与していない管理者が本人を確認し、確認を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.POWERS_NOT_SUSPENDED,
        en=Text(
            "The permissions of the user {user} do not rest.",
            "Nothing has to be confirmed.",
        ),
        ja=Text(
            "利用者 {user} の権限は停止されていません。",
            "確認は不要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IDENTITY_MISSING,
        en=Text(
            "The user {user} is not bound to an identity provider.",
            "The user signs in with password and code as it is.",
        ),
        ja=Text(
            "利用者 {user} は外部認証に紐付けられていません。",
            "パスワードと確認コードでログオンできます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IDENTITY_TAKEN,
        en=Text(
            "The identity to bind to the user {user} is that of another user.",
            "One identity is one user: name the right subject, or release the other user first.",
        ),
        ja=Text(
            "利用者 {user} に紐付けようとした外部認証のIDは、別の利用者のものです。",
            "一つのIDは一人の利用者に限ります。IDを確認するか、先に他方の紐付けを解除してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IDENTITY_UNPROVED,
        en=Text(
            "What came back from the identity provider proves nobody's identity: {problem}.",
            "Begin the sign-in again; when it persists, compare GENBO_OIDC_* with the provider.",
        ),
        ja=Text(
            "外部認証の応答では本人を確認できません（{problem}）。",
            "ログオンをやり直してください。続く場合は GENBO_OIDC_* の設定を認証基盤の登録内容と照合してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.IDENTITY_PROVIDER_UNREACHABLE,
        en=Text(
            "The identity provider {issuer} does not answer as one: {problem}.",
            "Check GENBO_OIDC_ISSUER and the network; who has a password signs in with it meanwhile.",
        ),
        ja=Text(
            "外部認証基盤 {issuer} から正しい応答がありません（{problem}）。",
            "GENBO_OIDC_ISSUER とネットワークを確認してください。パスワード利用者は引き続きログオンできます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACCESS_FOUNDED,
        en=Text(
            "There are users already: the first administrators are founded once.",
            "An administrator registers further users.",
        ),
        ja=Text(
            "利用者が既に登録されています。初期管理者の登録は一度だけです。",
            "以降は管理者が登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PROPOSAL_UNKNOWN,
        en=Text(
            "There is no proposal {proposal} here.",
            "Look at what waits for approval.",
        ),
        ja=Text(
            "起案 {proposal} はありません。",
            "承認待ちの起案を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PROPOSAL_NOT_OPEN,
        en=Text(
            "The proposal {proposal} is {state} already.",
            "Propose anew where it is still wanted.",
        ),
        ja=Text(
            "起案 {proposal} は既に「{state}」です。",
            "必要な場合は改めて起案してください。",
        ),
    ),
)
