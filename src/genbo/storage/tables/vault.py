"""The vault (個人情報保管庫) beside its sealed columns: its secrets, the blind index, and how long somebody is kept."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import text as sql

from genbo.storage.tables.columns import day, instant, metadata, octets, text

vault_secret = Table(
    "vault_secret",
    metadata,
    text("name", "秘密の名称: `blind_index` or `fingerprint`"),
    text("kek_id", "鍵暗号化鍵のID: which key wraps it"),
    octets("wrapped_key", "包まれた秘密"),
    instant("created_at", "作成日時"),
    PrimaryKeyConstraint("name"),
    comment="保管庫の秘密: keys of the vault itself, wrapped as the data keys are",
)

blind_index = Table(
    "blind_index",
    metadata,
    text("field", "項目"),
    Column(
        "digest", LargeBinary, nullable=False, comment="鍵付きハッシュ: HMAC-SHA256 of the value"
    ),
    text("investor_id", "投資家ID"),
    PrimaryKeyConstraint("field", "digest", "investor_id"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("octet_length(digest) = 32", name="digest"),
    Index(None, "investor_id"),
    comment="ブラインドインデックス: finds whoever has a value, without showing it; goes with the investor's erasure",
)

relation_end = Table(
    "relation_end",
    metadata,
    text("investor_id", "投資家ID"),
    day("ended_on", "契約終了日: last day of the contract"),
    text("evidence_ref", "証跡参照: reference of the document, never its content"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("investor_id"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("evidence_ref <> ''", name="evidence_ref"),
    comment="取引関係の終了: the day from which the record of identification is kept on (犯収法6条)",
)

use_restriction = Table(
    "use_restriction",
    metadata,
    text("investor_id", "投資家ID"),
    instant("restricted_at", "利用制限日時: from here on only purposes the law demands"),
    text("ground", "根拠: reference of the decision or of the request"),
    text("restricted_by", "登録者"),
    PrimaryKeyConstraint("investor_id"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("ground <> ''", name="ground"),
    comment="利用制限: use is restricted until the data may be erased",
)

legal_hold = Table(
    "legal_hold",
    metadata,
    text("investor_id", "投資家ID"),
    text("reference", "保全の参照: of the dispute, order or investigation"),
    day("until", "保全終了日: last day, where it is known", null=True),
    instant("placed_at", "登録日時"),
    text("placed_by", "登録者"),
    instant("lifted_at", "解除日時", null=True),
    text("lifted_by", "解除者", null=True),
    text("lifted_for", "解除の根拠", null=True),
    PrimaryKeyConstraint("investor_id", "reference"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    CheckConstraint("reference <> ''", name="reference"),
    CheckConstraint(
        "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_for IS NULL)"
        " AND lifted_for <> '' AND lifted_by <> placed_by AND lifted_at >= placed_at",
        name="lifted",
    ),
    Index("legal_hold_standing_ix", "investor_id", postgresql_where=sql("lifted_at IS NULL")),
    comment="法的保全: whatever stands against an erasure; whoever placed it does not lift it",
)
