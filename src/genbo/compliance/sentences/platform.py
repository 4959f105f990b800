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
)
