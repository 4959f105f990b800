"""Investors (T7)."""

from genbo.masters.fields import MasterTable, Place, column, table
from genbo.masters.identifiers import CORPORATE_NUMBER
from genbo.masters.rule import ID, LINE, one_of
from genbo.masters.status import AmlClass, InvestorStatus, SafekeepingKind
from genbo.masters.tables.blocks import CONTACT, STAMPS, account

__all__ = ["INVESTOR"]

INVESTOR: MasterTable = table(
    7,
    "投資家情報",
    "investor",
    column(
        "投資家ID",
        "investor_id",
        "Pseudonym: random, not made from anything about the person, never used again.",
        "仮名。無作為に付け、本人の情報から作らず、再使用しない。",
        rule=ID,
        place=Place.BOTH,
        required=True,
    ),
    column(
        "法人番号",
        "corporate_number",
        "Number of a corporation: 13 digits with check digit. Empty for an individual, whose own number is refused.",
        "法人の番号。検査用数字を含む13桁。個人は空欄とし、個人番号は受け付けない。",
        rule=CORPORATE_NUMBER,
        personal=True,
    ),
    column(
        "投資家名称",
        "investor_name",
        "Name or trade name as printed on the statutory register; versioned.",
        "法定の原簿に記載する氏名または名称。版として記録する。",
        rule=LINE,
        personal=True,
        required=True,
    ),
    column(
        "住所（登記住所）",
        "registered_address",
        "Address as printed on the statutory register; versioned.",
        "法定の原簿に記載する住所。版として記録する。",
        rule=LINE,
        personal=True,
        required=True,
    ),
    column(
        "保護預り区分",
        "safekeeping_kind",
        "Who keeps the key and so makes and signs transfers: the broker, a custodian for it, or the investor.",
        "鍵を保管し移転を作成・署名する者。証券会社、カストディアン、本人のいずれか。",
        rule=one_of(SafekeepingKind),
        required=True,
    ),
    column(
        "保護預り先ID",
        "safekeeping_id",
        "The broker that registered the investor; besides the registrar only it sees who the investor is.",
        "投資家を登録した証券会社。原簿管理者以外で本人の情報を見られるのはここだけ。",
        rule=ID,
    ),
    column(
        "保護預り先内管理ID",
        "broker_customer_id",
        "The broker's own customer number, one customer each.",
        "証券会社内の顧客番号。社内で一意。",
        rule=ID,
    ),
    column(
        "カストディアンID",
        "custodian_id",
        "The custodian, exactly when safekeeping is delegated.",
        "カストディアン。委託の場合に限り記入する。",
        rule=ID,
    ),
    *CONTACT,
    *account("payee_", "支払先", number_ja="支払先口座番号", personal=True),
    column(
        "投資家ステータス",
        "investor_status",
        "Applied, active, suspended, closed or erased; only an active investor receives, a closed one holds nothing.",
        "申込・有効・停止・閉鎖・消去のいずれか。受け取れるのは有効のみで、閉鎖は残高ゼロを要する。",
        rule=one_of(InvestorStatus),
        place=Place.BOTH,
    ),
    column(
        "AML区分",
        "aml_class",
        "Clear, in review or blocked; the ledger learns only whether it is blocked, which stops both sides at once.",
        "問題なし・確認中・取引停止のいずれか。台帳には停止か否かのみ記録し、停止は直ちに売り買いとも止める。",
        rule=one_of(AmlClass),
        place=Place.BOTH,
    ),
    *STAMPS,
)
