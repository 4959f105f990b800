"""Wallets (鍵情報, R-PROGMAT-T6): the address that speaks for an investor in one product."""

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

from genbo.storage.tables.columns import an_address, instant, metadata, text

wallet = Table(
    "wallet",
    metadata,
    text("product_id", "受益権ID"),
    text("address", "アドレス: one investor's for ever, in this product"),
    text("investor_id", "投資家ID"),
    instant("valid_from", "有効開始"),
    instant("valid_until", "有効終了: replaced keys stay listed", null=True),
    PrimaryKeyConstraint("product_id", "address"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    an_address("address"),
    CheckConstraint("valid_until >= valid_from", name="valid_until"),
    Index(None, "investor_id", "product_id"),
    Index(
        "wallet_active_uq",
        "investor_id",
        "product_id",
        unique=True,
        postgresql_where=sql("valid_until IS NULL"),
    ),
    comment="鍵情報: one active address per investor and product (R-PROGMAT-T6)",
)
