"""Why the platform, the factory or an approval is refused."""

from genbo.compliance.entry import ContractError, ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.NOT_STOPPED,
        errors=(ContractError("PlatformNotStopped"),),
        en=Text("The platform is not stopped.", "There is nothing to resume."),
        ja=Text("プラットフォームは停止していません。", "再開の必要はありません。"),
    ),
    ReasonEntry(
        reason=Reason.ALREADY_STOPPED,
        errors=(ContractError("PlatformAlreadyStopped", ("by",)),),
        en=Text(
            "The platform is under full stop, ordered by {by}.",
            "Two other operators have to resume it first.",
        ),
        ja=Text(
            "プラットフォームは {by} により全面停止中です。",
            "先に停止者以外の2名による再開が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RESUME_NEEDS_OTHERS,
        errors=(ContractError("PlatformResumeNeedsOthers", ("stopper",)),),
        en=Text(
            "Resuming needs two persons other than {stopper}, who stopped.",
            "Resume from a two-person account of which {stopper} is not a member.",
        ),
        ja=Text(
            "再開には、停止者 {stopper} 以外の2名が必要です。",
            "{stopper} を含まない2名承認のアカウントから再開してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_EXISTS,
        errors=(ContractError("PlatformProductExists", ("product",)),),
        en=Text(
            "The product {product} exists already.",
            "Choose another product id, or continue with the existing product.",
        ),
        ja=Text(
            "銘柄 {product} は既に登録されています。",
            "別の受益権IDを指定するか、登録済みの銘柄を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_UNKNOWN,
        errors=(ContractError("PlatformProductUnknown", ("token",)),),
        en=Text(
            "There is no such product[: {product}][ (token {token})].",
            "Check the id against the list of products.",
        ),
        ja=Text(
            "該当する銘柄がありません[：{product}][（トークン {token}）]。",
            "銘柄一覧で受益権IDを確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CODE_NOT_APPROVED,
        errors=(ContractError("FactoryCodeNotApproved", ("code_hash",)),),
        en=Text(
            "The token code {code_hash} is not approved for new products.",
            "Have the code approved (two persons), or deploy the version that is.",
        ),
        ja=Text(
            "トークンのコード {code_hash} は新規銘柄用に承認されていません。",
            "コードの承認（2名）を受けるか、承認済みの版を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.APPROVALS_TOO_FEW,
        errors=(
            ContractError("GS020"),
        ),  # the code by which a Safe says it; Safe has no typed errors
        en=Text(
            "The act has too few approvals[: {given} of {needed}].",
            "Collect the missing approval from a second person over the same act.",
        ),
        ja=Text(
            "承認者が足りません[（{needed} 名中 {given} 名）]。",
            "同じ処理について、別の担当者の承認を得てください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.GROUP_UNKNOWN,
        errors=(ContractError("PlatformGroupUnknown", ("group",)),),
        en=Text(
            "There is no transfer-enable group {group}.",
            "Create the group first, or correct the transfer control id.",
        ),
        ja=Text(
            "移転実行可否制御ID {group} は登録されていません。",
            "先に登録するか、移転実行可否制御IDを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.GROUP_EXISTS,
        errors=(ContractError("PlatformGroupExists", ("group",)),),
        en=Text(
            "The transfer-enable group {group} exists already.",
            "Use it, or choose another transfer control id.",
        ),
        ja=Text(
            "移転実行可否制御ID {group} は既に登録されています。",
            "登録済みのものを使うか、別のIDを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CREATION_FAILED,
        errors=(ContractError("FactoryCreationFailed", ("product",)),),
        en=Text(
            (
                "The token of {product} could not be created; most often one with the same terms "
                "and salt exists."
            ),
            "Check whether the product was created before, or choose another salt.",
        ),
        ja=Text(
            (
                "銘柄 {product} のトークンを作成できません。同じ条件と salt "
                "のものが既にある可能性があります。"
            ),
            "作成済みでないか確認するか、別の salt を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACTS_FOREIGN,
        errors=(ContractError("FactoryActsForeign", ("acts",)),),
        en=Text(
            "The acts at {acts} ask another access manager.",
            "Name the acts that were deployed for this platform.",
        ),
        ja=Text(
            "{acts} のコードは別の権限管理を参照しています。",
            "このプラットフォーム用のコードを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DOCUMENTS_EXIST,
        en=Text(
            "The product {product} has its registry of documents already[: {account}].",
            "Set the documents there.",
        ),
        ja=Text(
            "銘柄 {product} の書類登録簿は既にあります[：{account}]。",
            "書類は既存の登録簿に登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SUCCESSOR_INVALID,
        errors=(ContractError("TokenSuccessorInvalid", ("successor",)),),
        en=Text(
            "{successor} cannot succeed the product[ {product}].",
            "Name another product of the same platform that has not ended.",
        ),
        ja=Text(
            "{successor} は銘柄[ {product} ]の承継先になれません。",
            "同じプラットフォームにある、終了していない別の銘柄を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SUCCESSOR_DIFFERS,
        errors=(ContractError("TokenSuccessorDiffers", ("successor", "units", "total")),),
        en=Text(
            "{successor} does not carry what the product carries[: {units} units against {total}]"
            "[: {differences} differences, the first: {first}].",
            "Nothing was closed. Find out who changed what since the transfers were switched off, bring both to the "
            "same state and go on.",
        ),
        ja=Text(
            "承継先 {successor} の内容が元の銘柄と一致しません[：{units} 口に対し {total} 口]"
            "[：相違 {differences} 件、最初の相違は {first}]。",
            "元の銘柄は終了していません。移転停止後の変更を調べ、両者を一致させてから続行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLDS_STANDING,
        en=Text(
            "{count} holds stand on the product {product}, the first of them {ref}[ until {until}].",
            "Have their notaries deliver or release them, or wait until they expire.",
        ),
        ja=Text(
            "銘柄 {product} には留保が {count} 件あります。最初は {ref}[（期限 {until}）]です。",
            "公証人による引渡もしくは解放を行うか、期限の到来を待ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RULE_UNKNOWN,
        en=Text(
            "The extra rule {account} of the product {product} is none that this version can carry over.",
            "Take the rule off (two persons) and plug a new one into the successor afterwards.",
        ),
        ja=Text(
            "銘柄 {product} の追加ルール {account} は、この版では引き継げません。",
            "ルールを外し（2名承認）、承継後に新しいルールを設定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SAME_PERSON,
        en=Text(
            "{account} cannot be {role}: the same account is {other} already.",
            "Another person has to do it.",
        ),
        ja=Text(
            "{account} は既に {other} であるため、{role} を兼ねられません。",
            "別の担当者が行ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.STATEMENT_MISSING,
        en=Text(
            "The {role} of the succession of {product} is not on record yet.",
            "Have that step done first.",
        ),
        ja=Text(
            "銘柄 {product} の承継について、{role} の記録がまだありません。",
            "先にその手続を行ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.STATEMENT_INVALID,
        en=Text(
            "The record of the {role} does not fit[: {problem}].",
            "Restore the record as it was written, or begin anew with the proposal.",
        ),
        ja=Text(
            "{role} の記録が合致しません[：{problem}]。",
            "記録を元の内容に戻すか、提案からやり直してください。",
        ),
    ),
)
