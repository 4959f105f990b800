"""Why a person or a machine is refused: at the door, at an assignment of powers, at something not theirs to see.

Whoever is turned away at the door is not told which part was wrong; the audit chain knows.
"""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.SIGN_IN_REFUSED,
        en=Text(
            "The sign-in was refused.",
            "Check user id, password and code; each code is good once. After repeated failures, "
            "or long disuse, another person has to unlock you.",
        ),
        ja=Text(
            "ログオンできませんでした。",
            "利用者ID、パスワード、確認コード（一度のみ有効）を確認してください。"
            "失敗を繰り返した場合や長期間未使用の場合は、別の管理者による解除が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PASSWORD_WEAK,
        en=Text(
            "The new password breaks a rule: {rule}.",
            "Choose another one, such as several unrelated words.",
        ),
        ja=Text(
            "新しいパスワードは規則（{rule}）を満たしていません。",
            "無関係な複数の単語を並べるなど、別のパスワードを設定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PASSWORD_REUSED,
        en=Text(
            "The new password is the present one, the previous one or the one before.",
            "Choose another one.",
        ),
        ja=Text(
            "新しいパスワードは、現在・前回・2回前のいずれかと同じです。",
            "別のパスワードを設定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CODE_REFUSED,
        en=Text(
            "The code does not fit the second factor.",
            "Check the clock of the device and give the code that it shows now.",
        ),
        ja=Text(
            "確認コードが一致しません。",
            "端末の時刻を確認し、現在表示されているコードを入力してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.USER_TWICE,
        en=Text(
            "The {field} of the user {user} is taken, or was once.",
            "User ids are never used again and an employee code stands for one person: choose another.",
        ),
        ja=Text(
            "利用者 {user} の {field} は使用済みです。",
            "利用者IDは再利用できず、社員番号は一人に一つです。別の値を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.USER_NOT_ACTIVE,
        en=Text("The user {user} is {status}.", "An active user has to do it."),
        ja=Text(
            "利用者 {user} の状態は「{status}」です。",
            "有効な利用者が行ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.USER_STATUS_UNREACHABLE,
        en=Text(
            "The user {user} cannot go from {status} to {wanted} this way.",
            "Look at the state of the user and choose the act that fits it.",
        ),
        ja=Text(
            "利用者 {user} の状態を、この操作で {status} から {wanted} に変更できません。",
            "利用者の状態を確認し、対応する操作を選んでください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DUTIES_EXCLUDE,
        en=Text(
            "The user {user} cannot hold {asked} together with {held}.",
            "Assign it to another person, or have the other one revoked first.",
        ),
        ja=Text(
            "利用者 {user} は {held} と {asked} を兼ねられません。",
            "別の担当者に付与するか、先に他方の権限を剥奪してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PERMISSION_NOT_OF_ROLE,
        en=Text(
            "The people of an institution with the role {role} cannot hold {permission}.",
            "Ask the institution whose part it is; docs/powers.md has the matrix.",
        ),
        ja=Text(
            "役割が {role} の機関の利用者は {permission} を持てません。",
            "担当する機関に依頼してください（権限配分は docs/powers.md を参照）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PERMISSION_NOT_OF_KIND,
        en=Text(
            "A user of the kind {kind} cannot hold {permission}.",
            "Assign it to a user of another kind.",
        ),
        ja=Text(
            "アカウント区分が {kind} の利用者は {permission} を持てません。",
            "別の区分の利用者に付与してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PERMISSION_MISSING,
        en=Text(
            "The user {user} does not hold {permission} here.",
            "Have somebody do it who holds it, or have it granted by two persons.",
        ),
        ja=Text(
            "利用者 {user} はここでは {permission} を持っていません。",
            "権限を持つ担当者が行うか、2名による権限付与を受けてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PERMISSION_UNCHANGED,
        en=Text(
            "Nothing to {act}: as to {permission}, the user {user} is there already.",
            "Look at the permissions of the user.",
        ),
        ja=Text(
            "利用者 {user} の {permission} は既にその状態です（{act}）。",
            "利用者の権限を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PROPOSAL_DIFFERS,
        en=Text(
            "What is approved ({approved}) is not what was proposed ({proposed}).",
            "Read the proposal again and approve its digest.",
        ),
        ja=Text(
            "承認の対象（{approved}）が起案の内容（{proposed}）と異なります。",
            "起案の内容を再確認し、そのダイジェストを承認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CREDENTIAL_REFUSED,
        en=Text(
            "The machine credential was refused.",
            "Check the id and its secret or key, and that it is neither expired nor revoked; fetch another token.",
        ),
        ja=Text(
            "機関の認証情報を確認できませんでした。",
            "IDとシークレットまたは鍵、有効期間と失効の有無を確認し、トークンを取得し直してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCOPE_MISSING,
        en=Text(
            "The credential {credential} is not one for the {scope} API.",
            "Use the institution's credential for that scope; the two are apart.",
        ),
        ja=Text(
            "認証情報 {credential} では {scope} API を利用できません。",
            "参照系と更新系は別の認証情報です。対応する認証情報を使用してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_FOUND,
        en=Text("There is no such {subject}[: {asked}].", "Check the id."),
        ja=Text("該当する {subject}[「{asked}」]はありません。", "IDを確認してください。"),
    ),
    ReasonEntry(
        reason=Reason.PURPOSE_MISSING,
        en=Text(
            "Who the investor {investor} is, is not disclosed: no purpose and basis are on record.",
            "Ask the registrar of the product for a disclosure, with its purpose and its basis.",
        ),
        ja=Text(
            "投資家 {investor} の個人情報は、目的と根拠が記録されていないため開示できません。",
            "目的と根拠を示し、原簿管理者に開示を依頼してください。",
        ),
    ),
)
