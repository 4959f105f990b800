"""Keys (鍵情報, R-PROGMAT-T6): the address that speaks for an investor in one product, and its origin."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import (
    text as sql,
)

from genbo.storage.tables.columns import (
    an_address,
    hash32,
    instant,
    metadata,
    number,
    octets,
    sealed,
    text,
)

address_tree = Table(
    "address_tree",
    metadata,
    text("fingerprint", "フィンガープリント: names the tree, derives nothing"),
    text("owner_id", "保管者ID: the custodian (T9) or broker (T8) that keeps the private keys"),
    sealed("extended_key", "拡張公開鍵: joins all addresses below it, so sealed", null=False),
    number("gap_limit", "未登録の上限: so many indexes in a row may wait for their verdicts"),
    instant("proposed_at", "起案日時"),
    text("proposed_by", "起案者"),
    instant("approved_at", "承認日時: no address comes from it before", null=True),
    text("approved_by", "承認者: somebody else", null=True),
    PrimaryKeyConstraint("fingerprint"),
    ForeignKeyConstraint(["owner_id"], ["institution.institution_id"]),
    CheckConstraint("fingerprint ~ '^[0-9a-f]{8}$'", name="fingerprint"),
    CheckConstraint("gap_limit > 0", name="gap_limit"),
    CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_at"),
    CheckConstraint("approved_by <> proposed_by", name="approved_by"),
    comment="鍵ツリー: extended public keys that fresh addresses are derived from (R-PROGMAT-KEY-2)",
)

wallet = Table(
    "wallet",
    metadata,
    text("product_id", "受益権ID"),
    text("address", "アドレス: one investor's for ever, in this product"),
    text("investor_id", "投資家ID (T6.1)"),
    instant("valid_from", "有効開始: empty while the key waits for a verdict", null=True),
    instant("valid_until", "有効終了: replaced keys stay listed", null=True),
    octets("public_key", "公開鍵 (T6.2): compressed; empty where only assigned", null=True),
    text("keeper_id", "保管者ID: who keeps the private key", null=True),
    text("tree", "鍵ツリー: fingerprint of the one it comes from", null=True),
    number("tree_index", "鍵ツリー内の番号: never used again", null=True),
    text("replaced_by", "更新先アドレス", null=True),
    hash32("evidence", "更新の根拠: digest of the application or order", null=True),
    instant("created_at", "作成日時: created or proved; empty where only assigned", null=True),
    PrimaryKeyConstraint("product_id", "address"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(["tree"], ["address_tree.fingerprint"]),
    an_address("address"),
    CheckConstraint("valid_until >= valid_from", name="valid_until"),
    CheckConstraint(
        "valid_from IS NOT NULL OR (valid_until IS NULL AND public_key IS NOT NULL)", name="waiting"
    ),
    CheckConstraint("length(public_key) = 33", name="public_key"),
    CheckConstraint(
        "(tree IS NULL) = (tree_index IS NULL) AND (tree IS NULL OR public_key IS NOT NULL)",
        name="tree",
    ),
    CheckConstraint("tree_index >= 0", name="tree_index"),
    CheckConstraint("replaced_by IS NULL OR valid_until IS NOT NULL", name="replaced"),
    an_address("replaced_by"),
    Index(None, "investor_id", "product_id"),
    Index(
        "wallet_active_uq",
        "investor_id",
        "product_id",
        unique=True,
        postgresql_where=sql("valid_from IS NOT NULL AND valid_until IS NULL"),
    ),
    Index(
        "wallet_address_uq",
        "address",
        unique=True,
        postgresql_where=sql("public_key IS NOT NULL"),
    ),
    Index("wallet_tree_uq", "tree", "tree_index", unique=True),
    comment="鍵情報: one active address per investor and product (R-PROGMAT-T6)",
)

challenge = Table(
    "challenge",
    metadata,
    hash32("nonce", "チャレンジ: 32 random bytes"),
    text("product_id", "受益権ID"),
    text("investor_id", "投資家ID"),
    text("address", "アドレス: whose key has to sign"),
    text("keeper_id", "保管者ID: who keeps the private key"),
    instant("issued_at", "発行日時"),
    text("issued_by", "発行者"),
    instant("expires_at", "有効期限: the first instant at which it is too late"),
    instant("met_at", "使用日時: good once", null=True),
    PrimaryKeyConstraint("nonce"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    an_address("address"),
    CheckConstraint("met_at < expires_at", name="met_at"),
    comment="保有証明のチャレンジ: what an address has to sign, once",
)
