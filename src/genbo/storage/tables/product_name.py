"""Names of products (受益権名称の履歴, R-PROGMAT-T3.2): versions with the day they take effect."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from genbo.storage.tables.columns import day, instant, metadata, number, text

product_name = Table(
    "product_name",
    metadata,
    text("product_id", "受益権ID"),
    number("version", "版: counts up from 1; the later of two with one effective day counts"),
    day("effective", "効力発生日: the day it holds from"),
    text("name", "受益権名称: as on the statutory register (T3.2)"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("product_id", "version"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("name <> ''", name="name"),
    comment="受益権名称の履歴: name of a product, versioned (T3.2)",
)
