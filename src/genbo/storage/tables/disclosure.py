"""Disclosures (投資家情報の開示): a registrar's decision to name a product's holders to an issuer (R-PROGMAT-VIS-4)."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table
from sqlalchemy import text as sql

from genbo.storage.tables.columns import hash32, instant, metadata, text

disclosure = Table(
    "disclosure",
    metadata,
    text("disclosure_id", "開示ID"),
    text("product_id", "受益権ID: whose holders"),
    text("registrar_id", "原簿管理者ID: who decides"),
    text("issuer_id", "開示先ID: asset manager or fund raiser of the product"),
    text("purpose", "開示目的: what the issuer may use the names for; no personal data"),
    hash32("basis", "根拠書類のダイジェスト"),
    instant("valid_from", "開示開始日時"),
    instant("valid_until", "開示終了日時: first instant it no longer holds"),
    text("maker", "起案者"),
    instant("made_at", "起案日時"),
    text("approver", "承認者: somebody else", null=True),
    instant("approved_at", "承認日時: nothing is disclosed before", null=True),
    text("ended_by", "終了させた者: one person is enough", null=True),
    instant("ended_at", "途中終了日時: nothing is disclosed after", null=True),
    PrimaryKeyConstraint("disclosure_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["registrar_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["issuer_id"], ["institution.institution_id"]),
    CheckConstraint("purpose ~ '[^[:space:]]'", name="purpose"),
    CheckConstraint("valid_until > valid_from", name="valid_until"),
    CheckConstraint("approver <> maker", name="approver"),
    CheckConstraint("(approver IS NULL) = (approved_at IS NULL)", name="approved_at"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended_at"),
    Index(
        "disclosure_standing_ix",
        "issuer_id",
        "product_id",
        postgresql_where=sql("approved_at IS NOT NULL AND ended_at IS NULL"),
    ),
    comment="投資家情報の開示: names of a product's holders for an issuer, by two persons of the registrar",
)
