"""Investors (投資家情報, R-PROGMAT-T7): who they are, sealed; what was found about them; who looked."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from genbo.masters import AmlClass, InvestorKind, InvestorStatus, SafekeepingKind
from genbo.storage.tables.columns import (
    day,
    flag,
    instant,
    made_and_changed,
    metadata,
    never_before_made,
    number,
    octets,
    one_of,
    sealed,
    text,
)
from genbo.storage.tables.former import a_master

KINDS = tuple(each.value for each in InvestorKind)
SAFEKEEPING_KINDS = tuple(each.value for each in SafekeepingKind)
STATUSES = tuple(each.value for each in InvestorStatus)
AML_CLASSES = tuple(each.value for each in AmlClass)

investor = Table(
    "investor",
    metadata,
    text("investor_id", "投資家ID: random, never reused (T7.1)"),
    text("kind", "個人・法人の別"),
    text("safekeeping_kind", "保護預り区分 (T7.5)"),
    text("safekeeping_id", "保護預り先ID: the broker (T7.6)", null=True),
    text("broker_customer_id", "保護預り先内管理ID: unique within the broker (T7.7)", null=True),
    text("custodian_id", "カストディアンID: when delegated (T7.8)", null=True),
    text("status", "投資家ステータス (T7.21)"),
    text("aml_class", "AML区分 (T7.22)"),
    number("investor_class", "投資家区分: class that products permit, 0 to 31"),
    sealed("corporate_number", "法人番号 (T7.2), sealed"),
    sealed("contact_addressee", "連絡先宛名 (T7.9), sealed"),
    sealed("contact_postal_code", "連絡先郵便番号 (T7.10), sealed"),
    sealed("contact_address", "連絡先住所 (T7.11), sealed"),
    sealed("contact_phone", "連絡先電話番号 (T7.12), sealed"),
    sealed("contact_email", "連絡先メールアドレス (T7.13), sealed"),
    sealed("payee_bank_code", "支払先金融機関コード (T7.14), sealed"),
    sealed("payee_bank_name_kana", "支払先金融機関名（カナ） (T7.15), sealed"),
    sealed("payee_branch_code", "支払先本支店コード (T7.16), sealed"),
    sealed("payee_branch_name_kana", "支払先本支店名（カナ） (T7.17), sealed"),
    sealed("payee_account_kind", "支払先預金種目 (T7.18), sealed"),
    sealed("payee_account_number", "支払先口座番号 (T7.19), sealed"),
    sealed("payee_account_holder_kana", "支払先口座名義（カナ） (T7.20), sealed"),
    *made_and_changed(),
    PrimaryKeyConstraint("investor_id"),
    UniqueConstraint("safekeeping_id", "broker_customer_id"),
    ForeignKeyConstraint(["safekeeping_id"], ["safekeeping_firm.safekeeping_id"]),
    ForeignKeyConstraint(["custodian_id"], ["custodian.custodian_id"]),
    Index(None, "custodian_id"),
    one_of("kind", *KINDS),
    one_of("safekeeping_kind", *SAFEKEEPING_KINDS),
    one_of("status", *STATUSES),
    one_of("aml_class", *AML_CLASSES),
    CheckConstraint("investor_class BETWEEN 0 AND 31", name="investor_class"),
    CheckConstraint(
        "(safekeeping_kind = 'delegated') = (custodian_id IS NOT NULL)", name="custodian_id"
    ),
    never_before_made(),
    comment="投資家情報: investors (R-PROGMAT-T7); personal data is sealed by the investor's own key",
)
a_master(investor)

identity = Table(
    "identity",
    metadata,
    text("investor_id", "投資家ID"),
    number("version", "版: counts up from 1; the later of two with one effective day counts"),
    day("effective", "効力発生日: the day it holds from"),
    sealed("name", "投資家名称: as on the statutory register (T7.3), sealed", null=False),
    sealed("registered_address", "住所（登記住所）: statutory (T7.4), sealed", null=False),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    sealed("name_kana", "氏名（カナ）: as its bearer reads it, sealed"),
    sealed("name_romaji", "氏名（ローマ字）: as its bearer writes it, sealed"),
    PrimaryKeyConstraint("investor_id", "version"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("version > 0", name="version"),
    comment="氏名・住所の履歴: name and address of an investor, versioned (T7.3, T7.4)",
)

investor_key = Table(
    "investor_key",
    metadata,
    text("investor_id", "投資家ID"),
    text("kek_id", "鍵暗号化鍵のID: which key wraps this one"),
    octets("wrapped_key", "包まれたデータ鍵: empty once destroyed", null=True),
    instant("created_at", "作成日時"),
    instant("destroyed_at", "破棄日時: the sealed data is unreadable from here on", null=True),
    text("destroyed_by", "破棄者", null=True),
    text("destroyed_for", "破棄の根拠: reference of the decision", null=True),
    PrimaryKeyConstraint("investor_id"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint(
        "(wrapped_key IS NULL) = (destroyed_at IS NOT NULL)"
        " AND (destroyed_at IS NULL) = (destroyed_by IS NULL)"
        " AND (destroyed_at IS NULL) = (destroyed_for IS NULL)",
        name="destroyed",
    ),
    comment="投資家別データ鍵: one data key per investor; destroying it erases the investor",
)

verdict = Table(
    "verdict",
    metadata,
    text("investor_id", "投資家ID"),
    instant("checked_at", "確認日時: when the person was checked"),
    instant("expires_at", "有効期限: first instant it no longer holds"),
    number("investor_class", "投資家区分: 0 to 31"),
    text("aml_class", "AML区分"),
    flag("blocked", "取引停止: neither sends nor receives"),
    text("evidence_ref", "証跡参照: reference of the evidence, never its content"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    text("method", "本人確認方法", null=True),
    text("rule_version", "判定規則の版", null=True),
    text("result_id", "本人確認結果ID: the result it rests on", null=True),
    instant("revokes", "取消: it takes back the verdict of that instant, nothing holds", null=True),
    PrimaryKeyConstraint("investor_id", "checked_at"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("expires_at > checked_at", name="expires_at"),
    CheckConstraint("investor_class BETWEEN 0 AND 31", name="investor_class"),
    one_of("aml_class", *AML_CLASSES),
    CheckConstraint("blocked = (aml_class = 'blocked')", name="blocked"),
    CheckConstraint("evidence_ref <> ''", name="evidence_ref"),
    CheckConstraint("revokes < checked_at", name="revokes"),
    comment="確認結果: KYC and AML evidence and how long it holds",
)

reading = Table(
    "reading",
    metadata,
    Column("reading_id", Integer, Identity(always=True), comment="閲覧番号"),
    instant("at", "閲覧日時"),
    text("actor", "閲覧者"),
    text("purpose", "閲覧目的"),
    Column("fields", ARRAY(Text), nullable=False, comment="閲覧項目: columns opened"),
    Column("investors", ARRAY(Text), nullable=False, comment="対象投資家ID"),
    PrimaryKeyConstraint("reading_id"),
    Index(None, "investors", postgresql_using="gin"),
    comment="個人情報の閲覧記録: one row per opening of sealed data",
)
