"""Payment in a yen token (電子決済手段による支払): which products are paid so, and the batches that were."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy import text as sql

from genbo.entitlements import BatchState, TokenOutcome
from genbo.storage.tables.columns import (
    an_address,
    hash32,
    height,
    instant,
    metadata,
    number,
    one_of,
    text,
)
from genbo.storage.tables.entitlement import ALL_OR_NONE

payment_terms = Table(
    "payment_terms",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False, comment="番号: of recording"),
    text("product_id", "受益権ID"),
    text("cash", "円建トークン: that it is paid in; empty: by bank transfer", null=True),
    height("chain_id", "チェーンID", null=True),
    number("decimals", "小数桁数", null=True),
    text("payer", "支払人のアドレス: whose yen it is", null=True),
    text("evidence_ref", "証跡参照: reference of the decision, never its content"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    Index(None, "product_id"),
    an_address("cash"),
    an_address("payer"),
    CheckConstraint(ALL_OR_NONE.format(chain="chain_id", decimals="decimals"), name="way"),
    CheckConstraint("evidence_ref <> ''", name="evidence_ref"),
    comment="支払方法の履歴: how the distributions of a product are paid; the last one counts for runs declared then",
)

token_batch = Table(
    "token_batch",
    metadata,
    text("distribution_id", "分配ID"),
    number("number", "円建トークン支払の番号: from 1"),
    text("command_id", "指図ID: the transaction that pays it"),
    text("state", "状態"),
    number("records", "件数: of its lines"),
    Column("total", BigInteger, nullable=False, comment="合計金額: yen of its lines"),
    instant("made_at", "作成日時"),
    text("made_by", "作成者"),
    hash32("tx", "取引ハッシュ: once it is final", null=True),
    height("block", "ブロック番号", null=True),
    instant("settled_at", "確定日時", null=True),
    PrimaryKeyConstraint("distribution_id", "number"),
    UniqueConstraint("command_id"),
    ForeignKeyConstraint(["distribution_id"], ["distribution.distribution_id"]),
    ForeignKeyConstraint(["command_id"], ["command.command_id"]),
    one_of("state", *(each.value for each in BatchState)),
    CheckConstraint("number > 0 AND records > 0 AND total > 0", name="records"),
    CheckConstraint("(state = 'sent') = (settled_at IS NULL)", name="settled_at"),
    CheckConstraint(
        "(state = 'settled') = (tx IS NOT NULL) AND (tx IS NULL) = (block IS NULL)", name="tx"
    ),
    comment="円建トークン支払: batches of payments, one transaction each (電子決済手段)",
)

token_payment = Table(
    "token_payment",
    metadata,
    text("distribution_id", "分配ID"),
    number("number", "明細番号"),
    number("batch_number", "円建トークン支払の番号"),
    text("address", "受取アドレス"),
    text("outcome", "結果: empty while the batch is not final", null=True),
    PrimaryKeyConstraint("distribution_id", "number", "batch_number"),
    ForeignKeyConstraint(
        ["distribution_id", "number"], ["payee_line.distribution_id", "payee_line.number"]
    ),
    ForeignKeyConstraint(
        ["distribution_id", "batch_number"], ["token_batch.distribution_id", "token_batch.number"]
    ),
    one_of("outcome", *(each.value for each in TokenOutcome)),
    an_address("address"),
    Index(
        "token_payment_paid_uq",
        "distribution_id",
        "number",
        unique=True,
        postgresql_where=sql("outcome = 'paid'"),
    ),
    comment="円建トークン支払の明細: each line in each batch, to which address, and what the ledger said of it",
)
