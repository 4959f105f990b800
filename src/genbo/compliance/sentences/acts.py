"""Why an administrative act on a token is refused."""

from genbo.compliance.entry import ContractError, ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.DUTY_MISSING,
        errors=(
            ContractError("TokenDutyMissing", ("caller", "selector")),
            ContractError("PlatformDutyMissing", ("caller", "selector")),
            ContractError("FactoryDutyMissing", ("caller", "selector")),
            ContractError("SettlementDutyMissing", ("caller", "selector")),
            ContractError("AnchorDutyMissing", ("caller", "selector")),
            ContractError("DisbursementDutyMissing", ("caller", "selector")),
            ContractError("DocumentDutyMissing", ("caller", "selector")),
            ContractError("AccessManagerUnauthorizedAccount", ("caller", "duty")),
        ),
        en=Text(
            "{caller} does not hold the duty for this act[ (function {selector})][ (duty {duty})].",
            "Let an account that holds the duty act; docs/powers.md lists who may do what.",
        ),
        ja=Text(
            "{caller} にはこの処理の権限がありません[（関数 {selector}）][（職務 {duty}）]。",
            "権限を持つアカウントで実行してください。権限の一覧は docs/powers.md にあります。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_PLATFORM,
        errors=(ContractError("TokenNotPlatform", ("caller",)),),
        en=Text(
            "{caller} is not the platform; only the platform writes the stop and market bits.",
            "Use stop, resume, open or close of the platform.",
        ),
        ja=Text(
            (
                "{caller} はプラットフォームではありません。停止・"
                "開閉局の状態を書けるのはプラットフォームのみです。"
            ),
            "プラットフォームの停止・再開・開局・閉局の機能を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RELEASE_NEEDS_TWO_PERSONS,
        errors=(ContractError("TokenReleaseNeedsTwoPersons", ("caller",)),),
        en=Text(
            "{caller} may raise restrictions but not lift them; lifting takes two persons.",
            "Propose the release in the two-person account that holds the RELEASER duty.",
        ),
        ja=Text(
            "{caller} は制限の設定のみ可能です。制限の解除には2名の承認が必要です。",
            "解除権限（RELEASER）を持つ2名承認のアカウントで起案してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ZERO_UNITS,
        errors=(ContractError("TokenZeroUnits"),),
        en=Text("The act names zero units.", "Name at least one unit."),
        ja=Text("数量がゼロです。", "1口以上を指定してください。"),
    ),
    ReasonEntry(
        reason=Reason.SAME_ADDRESS,
        errors=(ContractError("TokenSameAddress", ("account",)),),
        en=Text(
            "{account} is named as giver and as receiver.",
            "Name two different addresses; an act on oneself must not shed a freeze.",
        ),
        ja=Text(
            "移転元と移転先が同じアドレス {account} です。",
            "異なるアドレスを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.LENGTH_MISMATCH,
        errors=(ContractError("TokenLengthMismatch", ("accounts", "quantities")),),
        en=Text(
            "The batch names {accounts} addresses and {quantities} quantities.",
            "Give one quantity for each address.",
        ),
        ja=Text(
            "一括処理のアドレスは {accounts} 件、数量は {quantities} 件で、一致しません。",
            "アドレスごとに数量を1つ指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.REFERENCE_MISSING,
        errors=(ContractError("TokenReferenceMissing"),),
        en=Text(
            "The act carries no business reference.",
            "Give it a reference of its own; it is what makes a repeat harmless.",
        ),
        ja=Text(
            "取引IDが指定されていません。",
            "固有の取引IDを指定してください。二重実行の防止に使われます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.REFERENCE_USED,
        errors=(ContractError("TokenReferenceUsed", ("ref",)),),
        en=Text(
            (
                "The reference {ref} was already used for this product; nothing was done a "
                "second time."
            ),
            "Look up what {ref} did; a new act needs a new reference.",
        ),
        ja=Text(
            "取引ID {ref} はこの銘柄で使用済みです。二重には実行されません。",
            "{ref} の実行結果を確認してください。別の処理には新しい取引IDが必要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.EVIDENCE_MISSING,
        errors=(ContractError("TokenEvidenceMissing", ("ref",)),),
        en=Text(
            "The act {ref} names no evidence.",
            "Give the digest of the order, decision or application it rests on.",
        ),
        ja=Text(
            "処理 {ref} に根拠資料が指定されていません。",
            "根拠となる命令・決定・申請書のダイジェストを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ALREADY_REVERSED,
        errors=(ContractError("TokenAlreadyReversed", ("original_ref",)),),
        en=Text(
            "The trade {original_ref} was already reversed; a trade is reversed once.",
            "If more has to go back, use a forced transfer with its legal basis.",
        ),
        ja=Text(
            "取引 {original_ref} は既に逆移転済みです。逆移転は1回限りです。",
            "さらに戻す必要がある場合は、法的根拠のある強制移転を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_INCOMPLETE,
        errors=(ContractError("TokenProductIncomplete", ("missing",)),),
        en=Text(
            "The product is incomplete: {missing} is not set, so it cannot be issued.",
            "Complete the terms first (two persons).",
        ),
        ja=Text(
            "銘柄の発行条件が未完成です（{missing} が未設定）。",
            "先に発行条件を設定してください（2名の承認）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CAP_EXCEEDED,
        errors=(ContractError("TokenCapExceeded", ("cap", "would_be")),),
        en=Text(
            "Total issued would be {would_be}, above the authorised cap of {cap} units.",
            "Issue less, or have the cap raised (two persons).",
        ),
        ja=Text(
            "総発行数量が {would_be} 口となり、授権枠 {cap} 口を超えます。",
            "発行数量を減らすか、授権枠を引き上げてください（2名の承認）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.REDEMPTION_NOT_DUE,
        errors=(ContractError("TokenRedemptionNotDue", ("redemption_date", "now")),),
        en=Text(
            "The product is redeemable from {redemption_date}; it is {now}.",
            "Redeem on or after that day.",
        ),
        ja=Text(
            "償還日は {redemption_date} です（現在 {now}）。",
            "償還日以後に実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SPLIT_FACTOR_INVALID,
        errors=(ContractError("TokenSplitFactorInvalid", ("factor",)),),
        en=Text(
            "A split by {factor} is not possible.",
            "Give a whole factor from 2 to 1,000,000.",
        ),
        ja=Text(
            "分割比率 {factor} は指定できません。",
            "2以上1,000,000以下の整数を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SPLIT_OVERFLOW,
        errors=(ContractError("TokenSplitOverflow", ("total", "factor")),),
        en=Text(
            "{total} units times {factor} are more than an account can hold.",
            "Split by a smaller factor.",
        ),
        ja=Text(
            "{total} 口を {factor} 倍すると、記録できる上限を超えます。",
            "より小さい分割比率を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.UNITS_TOO_LARGE,
        errors=(ContractError("TokenUnitsTooLarge", ("units",)),),
        en=Text(
            "{units} units are more than this act allows.",
            "Unfreeze at most what is frozen, and name no figure above 80 bits.",
        ),
        ja=Text(
            "数量 {units} 口は、この処理で指定できる上限を超えています。",
            "凍結解除は凍結数量以下、その他は80ビット以下の数量を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TARGET_NOT_EMPTY,
        errors=(ContractError("TokenTargetNotEmpty", ("account",)),),
        en=Text(
            (
                "{account} cannot take over an account: it holds or freezes units, is retired, "
                "or is the old address."
            ),
            "Give the holder a fresh address.",
        ),
        ja=Text(
            "{account} には引き継げません（残高・凍結がある、失効済み、または旧アドレスと同一）。",
            "保有者に新しいアドレスを用意してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_BURNED,
        errors=(ContractError("TokenNotBurned", ("burn_ref", "burned", "asked")),),
        en=Text(
            "{burn_ref} destroyed {burned} units that were not re-created yet, {asked} were asked.",
            "Name the act that destroyed the units, and at most that many.",
        ),
        ja=Text(
            (
                "{burn_ref} で消滅し未だ再配布されていない数量は {burned} 口で、指定の {asked} "
                "口に足りません。"
            ),
            "消滅させた処理の取引IDと、その数量以下を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CLASS_UNKNOWN,
        errors=(ContractError("TokenClassUnknown", ("investor_class",)),),
        en=Text(
            "{investor_class} is not an investor class.",
            "Name a class from 0 to 31.",
        ),
        ja=Text(
            "投資家区分 {investor_class} は存在しません。",
            "0から31までの区分を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SPENDER_INVALID,
        errors=(ContractError("ERC20InvalidSpender", ("spender",)),),
        en=Text(
            "{spender} cannot be given an allowance.",
            "Name the address that shall act for the holder.",
        ),
        ja=Text(
            "{spender} に承認（approve）を与えることはできません。",
            "保有者のために移転を行うアドレスを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SPLIT_EPOCH_INVALID,
        errors=(ContractError("TokenSplitEpochInvalid", ("epoch", "expected")),),
        en=Text(
            "The split was decided after {epoch} splits, but there were {expected}.",
            "Look whether it was carried out already; decide it anew if not.",
        ),
        ja=Text(
            "この分割は分割 {epoch} 回の時点で決定されましたが、現在は {expected} 回です。",
            "既に実行済みでないか確認し、未実行なら改めて決定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COUNTING_TOO_LATE,
        errors=(ContractError("TokenCountingTooLate"),),
        en=Text(
            "Holders can be counted from the first unit on only; units exist already.",
            "Create the product anew when its holders must be counted.",
        ),
        ja=Text(
            "保有者数の計数は最初の発行前にのみ開始できます。",
            "計数が必要な場合は銘柄を作り直してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BENEFICIARY_FIXED,
        errors=(ContractError("TokenBeneficiaryFixed", ("account",)),),
        en=Text(
            "The initial beneficiary is {account} and stays so once units were issued.",
            "Keep {account} in the terms; when its key is lost, re-key it.",
        ),
        ja=Text(
            "当初受益者 {account} は、発行後は変更できません。",
            "発行条件の当初受益者を {account} のままにしてください。鍵を失った場合は鍵の更新を行ってください。",
        ),
    ),
)
