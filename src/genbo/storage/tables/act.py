"""Acts: what was commanded, who approved it, and what it cost on the chain."""

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
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from genbo.storage.tables.columns import hash32, height, instant, metadata, one_of, text

act = Table(
    "act",
    metadata,
    Column("act_id", Integer, Identity(always=True), comment="処理番号"),
    instant("at", "処理日時"),
    text("command", "処理: such as distribute"),
    text("product_id", "受益権ID", null=True),
    text("ref", "取引ID: business reference", null=True),
    text("maker", "起案者"),
    Column("approvers", ARRAY(Text), nullable=False, comment="承認者"),
    text("outcome", "結果: done or refused"),
    text("reason", "拒否理由: reason code", null=True),
    height("chain_id", "チェーンID", null=True),
    hash32("tx", "取引ハッシュ", null=True),
    height("block", "ブロック番号", null=True),
    height("gas", "ガス使用量", null=True),
    Column("facts", JSONB, nullable=False, comment="事実: figures of the act, no personal data"),
    PrimaryKeyConstraint("act_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    one_of("outcome", "done", "refused"),
    CheckConstraint("(outcome = 'refused') = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("gas > 0", name="gas"),
    CheckConstraint("NOT maker = ANY (approvers)", name="approvers"),
    Index(None, "at"),
    Index(None, "product_id", "ref"),
    comment="処理記録: acts and their traces on the chain",
)
