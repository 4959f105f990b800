"""What the ledger shows: tokens, transfers and keys (T1, T2, T6), and the market's switch (T16)."""

from genbo.masters.fields import MasterTable, Place, column, table
from genbo.masters.rule import ID, one_of
from genbo.masters.values import DAY, INSTANT, LEDGER_ID, QUANTITY
from genbo.token.movement import MovementKind

__all__ = ["KEY", "MARKET", "TOKEN", "TRANSFER"]

_TYPES = one_of(each.name.lower() for each in MovementKind if each is not MovementKind.NONE)

TOKEN: MasterTable = table(
    1,
    "トークン",
    "token",
    column(
        "トークンのTxID",
        "token_tx_id",
        "Which lot it is: the transaction and the log that made it.",
        "ロットの識別。ロットを生成したトランザクションとログ。",
        rule=LEDGER_ID,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "数量",
        "quantity",
        "Units of the lot, whole and positive; the lots of a product add up to its total issued.",
        "ロットの口数。正の整数。銘柄の全ロットの合計は総発行数量に等しい。",
        rule=QUANTITY,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "投資家ID",
        "investor_id",
        "Pseudonym of the holder, registered in the investor table; nothing on the ledger says who that is.",
        "保有者の仮名。投資家情報に登録されたもの。台帳上に本人を示す情報はない。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "発行者情報",
        "issuer_info",
        "The registrar or trustee that issued the product; fixed at issue.",
        "銘柄を発行した原簿管理者または受託者。発行後は変わらない。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "トークン識別子",
        "token_identifier",
        "Which product it is a unit of; an additional issue of the product has the same.",
        "どの銘柄の口数か。追加発行分も同じ識別子となる。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
)

TRANSFER: MasterTable = table(
    2,
    "移転情報",
    "transfer",
    column(
        "移転情報のTxID",
        "transfer_tx_id",
        "Which transfer it is: its transaction and log.",
        "移転の識別。そのトランザクションとログ。",
        rule=LEDGER_ID,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "取引ID",
        "trade_id",
        "Business key of whoever instructs; given again, it moves nothing again.",
        "指図者が付ける業務上の番号。同じ番号で二度移転することはない。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "トークンのTxID",
        "token_tx_id",
        "The lots that the transfer used up or made.",
        "移転により消費または生成されたロット。",
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "移転情報作成者ID",
        "creator_id",
        "Institution that made the instruction: for its own customer, or with an administrative duty.",
        "指図を作成した機関。自社の顧客についてか、管理上の権限による。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "受益権ID",
        "beneficial_right_id",
        "The product, whose status and transfer group allow this type of transfer.",
        "銘柄。そのステータスと移転実行可否が移転区分を許すもの。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "異動元投資家ID",
        "from_investor_id",
        "Who gives; empty for an issue only.",
        "異動元。発行の場合のみ空欄。",
        rule=ID,
        place=Place.LEDGER,
    ),
    column(
        "異動先投資家ID",
        "to_investor_id",
        "Who receives, judged by evidence, class and screening when it executes; empty for a redemption only.",
        "異動先。実行の時点で本人確認・AML・区分を判定する。償還の場合のみ空欄。",
        rule=ID,
        place=Place.LEDGER,
    ),
    column(
        "数量",
        "quantity",
        "Units that move: a multiple of the lot, and no more than is free, unless the type is administrative.",
        "移転する口数。取引単位の倍数で、管理上の移転を除き自由な残高を超えない。",
        rule=QUANTITY,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "受渡日",
        "delivery_date",
        "Business day in Japan on which the register changes; it decides who is a holder on a record date.",
        "原簿が変わる日本の営業日。権利確定日の保有者はこれで決まる。",
        rule=DAY,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "移転区分",
        "transfer_type",
        "What the movement is by law; exactly one of a closed list.",
        "法律上の移転の種類。定められた区分のいずれか一つ。",
        rule=_TYPES,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "取消対象取引ID",
        "cancel_target_trade_id",
        "The executed trade that is cancelled or reversed, with the same units and the sides exchanged; once only. "
        "Empty for every other type.",
        "取消・逆移転の対象となる実行済みの取引。数量は同じで当事者が入れ替わり、一度に限る。他の区分では空欄。",
        rule=ID,
        place=Place.LEDGER,
    ),
    column(
        "登録日時",
        "registered_at",
        "When it was registered.",
        "登録した日時。",
        rule=INSTANT,
        place=Place.LEDGER,
        required=True,
        system=True,
    ),
    column(
        "登録者",
        "registered_by",
        "User who registered it. Kept in the database, never on the ledger, because it points at a person.",
        "登録した利用者。個人につながるため、台帳ではなくデータベースに保存する。",
        personal=True,
        required=True,
        system=True,
    ),
)

KEY: MasterTable = table(
    6,
    "鍵情報",
    "key",
    column(
        "投資家ID",
        "investor_id",
        "For whom the key signs; there is one active key per investor and product.",
        "鍵が署名する投資家。投資家と銘柄ごとに有効な鍵は一つ。",
        rule=ID,
        place=Place.LEDGER,
        required=True,
    ),
    column(
        "pub_key",
        "public_key",
        "The public key and never a private one; a replaced key stays listed with the instants between which it held.",
        "公開鍵のみ。秘密鍵は保存しない。更新された鍵も有効期間とともに残す。",
        place=Place.LEDGER,  # judged by custody, which refuses what could be a private key
        required=True,
    ),
)

MARKET: MasterTable = table(
    16,
    "開閉局制御",
    "market open/close control",
    column(
        "開閉局ステータス",
        "open_status",
        "Open or closed, for the whole platform. While closed, ordinary instructions wait or are refused; repair "
        "and reading go on.",
        "プラットフォーム全体の開局・閉局。閉局中は通常の指図を保留または拒否し、復旧処理と照会は続けられる。",
        rule=one_of(("open", "closed")),
        place=Place.BOTH,
        required=True,
    ),
)
