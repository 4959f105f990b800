"""Why a payment in a yen token is refused. Nothing was paid: a batch is refused as a whole."""

from genbo.compliance.entry import ContractError, ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.CASH_UNFIT,
        errors=(ContractError("DisbursementCashUnfit", ("cash", "decimals")),),
        en=Text(
            "{cash} is no yen token that can be paid in[: {decimals} decimals].",
            "Name a token (ERC-20) on this chain with at most 18 decimals, one unit of which is a yen.",
        ),
        ja=Text(
            "{cash} は支払に使用できる円建トークンではありません[：小数 {decimals} 桁]。",
            "このチェーン上の、1単位が1円で小数18桁以内のトークン（ERC-20）を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_WAY_OTHER,
        en=Text(
            "{subject} is not paid in a yen token[: {problem}].",
            "See how it is paid with `genbo distribution payment-terms`; what a run was declared under stays.",
        ),
        ja=Text(
            "{subject} は円建トークンによる支払の対象ではありません[：{problem}]。",
            "`genbo distribution payment-terms` で支払方法を確認してください。起案時の支払方法は変わりません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LIST_NOT_ANCHORED,
        errors=(ContractError("DisbursementListNotAnchored", ("distribution", "day", "root")),),
        en=Text(
            "The payee list of {distribution} of {day} is not anchored on the ledger with the root {root}.",
            "Whoever keeps the anchoring key anchors it first: `genbo distribution approve` and `pay-token` do so.",
        ),
        ja=Text(
            "分配 {distribution}（{day}）の支払先一覧は、ルート {root} で台帳に登録されていません。",
            "アンカリング担当者の鍵で `genbo distribution approve` または `pay-token` を実行して先に登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LINE_INVALID,
        errors=(ContractError("DisbursementLineInvalid", ("number", "account", "yen")),),
        en=Text(
            "Line {number} cannot pay {yen} yen to {account}.",
            "Lines ascend and are of the anchored list; a payee is neither the payer nor a contract of the payment.",
        ),
        ja=Text(
            "明細 {number} では {account} に {yen} 円を支払えません。",
            "明細は番号の昇順で、登録済みの一覧に含まれ、支払先は支払人や支払用コントラクト以外である必要があります。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_LINE_PAID,
        errors=(ContractError("DisbursementLineAlreadyPaid", ("distribution", "number")),),
        en=Text(
            "The ledger has paid line {number} of {distribution} already.",
            "It is never paid twice; compare register and ledger with `genbo distribution reconcile-token`.",
        ),
        ja=Text(
            "分配 {distribution} の明細 {number} は台帳上で支払済みです。",
            "二重に支払われることはありません。`genbo distribution reconcile-token` で台帳と照合してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_FUNDS_TOO_LOW,
        errors=(
            ContractError("DisbursementFundsTooLow", ("account", "needed", "allowed", "balance")),
        ),
        en=Text(
            "{account} has {balance} of the yen token and allowed {allowed}; the batch needs {needed} "
            "(in its smallest unit).",
            "Have the payer top up, or allow the payment contract that much.",
        ),
        ja=Text(
            "支払人 {account} の残高は {balance}、許可額は {allowed} で、必要額 {needed} に足りません（最小単位）。",
            "支払人が入金するか、支払用コントラクトへの許可額を増やしてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PAYMENT_GAS_TOO_LOW,
        errors=(ContractError("DisbursementGasTooLow", ("number",)),),
        en=Text(
            "The yen token used up all gas at line {number}.",
            "Send it with more gas, or in smaller batches; nobody was refused.",
        ),
        ja=Text(
            "明細 {number} で円建トークンがガスを使い切りました。",
            "ガスを増やすか、件数を減らして送信してください。受取を拒否された支払先はありません。",
        ),
    ),
)
