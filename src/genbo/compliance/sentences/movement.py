"""Why a movement of units is refused: the 24 reasons of `contracts/compliance/Reason.sol`, in its
order.
"""

from genbo.compliance.entry import ContractError, ReasonEntry, Side, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.PLATFORM_STOPPED,
        number=1,
        errors=(ContractError("TokenStopped"),),
        en=Text(
            "The platform is under full stop; no basic action runs.",
            (
                "Wait until two other operators have resumed it; the market is closed after "
                "that, and repair runs first."
            ),
        ),
        ja=Text(
            "プラットフォームは全面停止中のため、いずれの基本機能も実行できません。",
            (
                "停止者以外の2名による再開をお待ちください。再開後は閉局状態となり、"
                "復旧処理が先に実行されます。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.MARKET_CLOSED,
        number=2,
        errors=(ContractError("TokenMarketClosed"),),
        en=Text(
            "The market is closed; ordinary transfers wait.",
            "Send the transfer again when the market is open; acts of the registrar run meanwhile.",
        ),
        ja=Text(
            "閉局中のため、通常の移転は実行できません。",
            "開局後に改めて移転してください。原簿管理者による処理は閉局中も実行できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TRANSFER_DISABLED,
        number=3,
        errors=(ContractError("TokenTransferDisabled"),),
        en=Text(
            "Transfers of this product are switched off by its transfer-enable group.",
            (
                "Ask the registrar when the group will be enabled again; switching it takes two "
                "persons."
            ),
        ),
        ja=Text(
            "この銘柄は移転実行可否フラグがオフのため、移転できません。",
            "移転の再開時期を原簿管理者にご確認ください。フラグの変更には2名の承認が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_ENDED,
        number=4,
        errors=(ContractError("TokenProductEnded"),),
        en=Text(
            "The product has been redeemed in full and has ended.",
            "Nothing more can be moved; the register and its history stay readable.",
        ),
        ja=Text(
            "この銘柄は全額償還済みで、終了しています。",
            "以後の移動はできません。原簿と履歴は引き続き閲覧できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_LOCKED_UP,
        number=5,
        errors=(ContractError("TokenProductLockedUp", ("until",)),),
        en=Text(
            "The whole product is under lock-up until {until}.",
            "Transfer at or after that instant.",
        ),
        ja=Text(
            "この銘柄全体が {until} までロックアップ中です。",
            "その時刻以後に移転してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_RETIRED,
        number=6,
        side=Side.SENDER,
        errors=(ContractError("TokenRetired", ("account",)),),
        en=Text(
            "The sending address {account} was replaced by re-keying and is retired for good.",
            "Send from the holder's new address.",
        ),
        ja=Text(
            "移転元アドレス {account} は鍵の更新により失効しています。",
            "保有者の新しいアドレスから移転してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_FROZEN,
        number=7,
        side=Side.SENDER,
        errors=(ContractError("TokenAddressFrozen", ("account",)),),
        en=Text(
            "The sending address {account} is frozen by order.",
            "Ask the registrar about the order; lifting it takes two persons.",
        ),
        ja=Text(
            "移転元アドレス {account} は命令により凍結されています。",
            "命令の内容を原簿管理者にご確認ください。解除には2名の承認が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_BLOCKED,
        number=8,
        side=Side.SENDER,
        errors=(ContractError("TokenBlocked", ("account",)),),
        en=Text(
            "The sending address {account} is blocked by the verdict of compliance (AML).",
            "Compliance has to give a new verdict first.",
        ),
        ja=Text(
            "移転元アドレス {account} はAML区分により取引停止中です。",
            "コンプライアンス部門による新たな判定が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_UNVERIFIED,
        number=9,
        side=Side.SENDER,
        errors=(ContractError("TokenUnverified", ("account",)),),
        en=Text(
            "The sending address {account} was never verified for this product.",
            "Have the holder's identity verified and the verdict recorded for this product.",
        ),
        ja=Text(
            "移転元アドレス {account} はこの銘柄について本人確認の判定を受けていません。",
            "保有者の本人確認を行い、この銘柄に判定を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_VERDICT_EXPIRED,
        number=10,
        side=Side.SENDER,
        errors=(ContractError("TokenVerdictExpired", ("account", "until")),),
        en=Text(
            "The verdict on the sending address {account} ran out at {until}.",
            "Renew the holder's verification, then send again.",
        ),
        ja=Text(
            "移転元アドレス {account} の判定は {until} に期限切れとなりました。",
            "保有者の確認を更新してから、改めて移転してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_CLASS_NOT_PERMITTED,
        number=11,
        side=Side.SENDER,
        errors=(ContractError("TokenClassNotPermitted", ("account", "investor_class")),),
        en=Text(
            (
                "The sending address {account} is of investor class {investor_class}, which may "
                "not hold this product."
            ),
            "Check the holder's class, or ask the registrar which classes are permitted.",
        ),
        ja=Text(
            "移転元アドレス {account} の投資家区分 {investor_class} は、この銘柄の取引対象外です。",
            "投資家区分を確認するか、対象となる区分を原簿管理者にご確認ください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SENDER_LOCKED_UP,
        number=12,
        errors=(ContractError("TokenLockedUp", ("account", "until")),),
        en=Text(
            "The holder at {account} is under lock-up until {until}.",
            "Transfer at or after that instant.",
        ),
        ja=Text(
            "アドレス {account} の保有者は {until} までロックアップ中です。",
            "その時刻以後に移転してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INSUFFICIENT_BALANCE,
        number=13,
        errors=(ContractError("ERC20InsufficientBalance", ("account", "balance", "needed")),),
        en=Text(
            "{account} has {balance} units available, {needed} were asked.",
            "Ask for at most {balance} units; the act moves all or nothing.",
        ),
        ja=Text(
            "アドレス {account} の利用可能数量は {balance} 口で、指定の {needed} 口に足りません。",
            "{balance} 口以下を指定してください。一部だけの実行は行いません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INSUFFICIENT_UNFROZEN_BALANCE,
        number=14,
        errors=(
            ContractError("ERC7943InsufficientUnfrozenBalance", ("account", "needed", "unfrozen")),
        ),
        en=Text(
            (
                "Of the units at {account} only {unfrozen} are free of a freeze or hold; "
                "{needed} were asked."
            ),
            (
                "Transfer at most {unfrozen} units, or have the freeze lifted (two persons) or "
                "the hold settled."
            ),
        ),
        ja=Text(
            (
                "アドレス {account} の凍結・留保されていない数量は {unfrozen} 口で、指定の "
                "{needed} 口に足りません。"
            ),
            (
                "{unfrozen} 口以下を指定するか、"
                "凍結の解除（2名の承認）または留保の決済をお待ちください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_INVALID,
        number=15,
        errors=(ContractError("ERC20InvalidReceiver", ("account",)),),
        en=Text(
            "{account} cannot hold units.",
            "Name the address of a verified holder.",
        ),
        ja=Text(
            "アドレス {account} は保有者になれません。",
            "判定済みの保有者のアドレスを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_RETIRED,
        number=16,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenRetired", ("account",)),),
        en=Text(
            "The address {account} was replaced by re-keying and is retired for good.",
            "Use the holder's new address.",
        ),
        ja=Text(
            "アドレス {account} は鍵の更新により失効しています。",
            "保有者の新しいアドレスを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_FROZEN,
        number=17,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenAddressFrozen", ("account",)),),
        en=Text(
            "The receiving address {account} is frozen by order.",
            "Ask the registrar about the order; lifting it takes two persons.",
        ),
        ja=Text(
            "移転先アドレス {account} は命令により凍結されています。",
            "命令の内容を原簿管理者にご確認ください。解除には2名の承認が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_BLOCKED,
        number=18,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenBlocked", ("account",)),),
        en=Text(
            "The receiving address {account} is blocked by the verdict of compliance (AML).",
            "Compliance has to give a new verdict first.",
        ),
        ja=Text(
            "移転先アドレス {account} はAML区分により取引停止中です。",
            "コンプライアンス部門による新たな判定が必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_UNVERIFIED,
        number=19,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenUnverified", ("account",)),),
        en=Text(
            "The receiving address {account} was never verified for this product.",
            "Have the recipient's identity verified and the verdict recorded for this product.",
        ),
        ja=Text(
            "移転先アドレス {account} はこの銘柄について本人確認の判定を受けていません。",
            "移転先の本人確認を行い、この銘柄に判定を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_VERDICT_EXPIRED,
        number=20,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenVerdictExpired", ("account", "until")),),
        en=Text(
            "The verdict on the receiving address {account} ran out at {until}.",
            "Renew the recipient's verification, then try again.",
        ),
        ja=Text(
            "移転先アドレス {account} の判定は {until} に期限切れとなりました。",
            "移転先の確認を更新してから、改めて実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RECIPIENT_CLASS_NOT_PERMITTED,
        number=21,
        side=Side.RECIPIENT,
        errors=(ContractError("TokenClassNotPermitted", ("account", "investor_class")),),
        en=Text(
            (
                "The receiving address {account} is of investor class {investor_class}, which "
                "may not hold this product."
            ),
            "Check the recipient's class, or ask the registrar which classes are permitted.",
        ),
        ja=Text(
            "移転先アドレス {account} の投資家区分 {investor_class} は、この銘柄を保有できません。",
            "投資家区分を確認するか、対象となる区分を原簿管理者にご確認ください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RULE_REFUSED,
        number=22,
        errors=(ContractError("TokenRuleRefused", ("rule", "sender", "recipient", "units")),),
        en=Text(
            "The product's extra rule {rule} refuses {units} units from {sender} to {recipient}.",
            "Ask the registrar what the extra rule demands.",
        ),
        ja=Text(
            (
                "この銘柄の追加ルール {rule} により、{sender} から {recipient} への {units} "
                "口は認められません。"
            ),
            "追加ルールの内容を原簿管理者にご確認ください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RULE_FAILED,
        number=23,
        errors=(ContractError("TokenRuleFailed", ("rule",)),),
        en=Text(
            "The product's extra rule {rule} did not answer, so nothing moves.",
            "The registrar has to repair or replace the rule.",
        ),
        ja=Text(
            "この銘柄の追加ルール {rule} が応答しないため、実行できません。",
            "原簿管理者による追加ルールの修復または差し替えが必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INSUFFICIENT_ALLOWANCE,
        number=24,
        errors=(ContractError("ERC20InsufficientAllowance", ("spender", "allowance", "needed")),),
        en=Text(
            "{spender} may move {allowance} units for the holder, {needed} were asked.",
            "Have the holder approve at least {needed} units for this spender.",
        ),
        ja=Text(
            (
                "{spender} が保有者のために移転できるのは {allowance} 口までで、指定の {needed} "
                "口に足りません。"
            ),
            "保有者から {needed} 口以上の承認（approve）を受けてください。",
        ),
    ),
)
