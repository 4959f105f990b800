"""Inspections (閲覧記録): which register or certificate was issued, to whom, why and how much of it.

The law lets certain persons inspect a register (Trust Act 190, Companies Act 125 and 684); who keeps it keeps this. No
name is in a row: a requester is an id, of an institution, an investor or a document.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    event,
)

from genbo.compliance.privacy import Purpose
from genbo.reporting.extent import Extent, Form
from genbo.storage.tables.columns import (
    hash32,
    height,
    instant,
    metadata,
    number,
    one_of,
    text,
)

KINDS = ("register", "certificate")

inspection = Table(
    "inspection",
    metadata,
    text("inspection_id", "閲覧記録ID"),
    text("kind", "種類: the register, or a certificate of entries"),
    text("product_id", "受益権ID: whose register"),
    text("investor_id", "投資家ID: whose entries, of a certificate", null=True),
    text("extent", "範囲: how much was shown"),
    text("institution_id", "関係機関ID: as which institution it was asked for", null=True),
    instant("as_of", "基準時点: first instant that no longer belongs to it"),
    height("block", "ブロック: the last one that belongs to it"),
    hash32("facts_digest", "事実のハッシュ: SHA-256 of what was issued, without names"),
    number("lots", "行数: lots that were shown"),
    text("form", "形式: json, csv, xlsx or pdf"),
    text("language", "言語"),
    text("requester", "請求者: id of an institution, an investor or a document; never a name"),
    text("purpose", "利用目的: why sealed names were opened"),
    text("reason", "閲覧の理由: no personal data"),
    instant("at", "閲覧日時"),
    text("by", "登録者: the user or credential that issued it"),
    PrimaryKeyConstraint("inspection_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    Index(None, "product_id", "at"),
    Index(None, "investor_id"),
    one_of("kind", *KINDS),
    one_of("extent", *(each.value for each in Extent)),
    one_of("form", *(each.value for each in Form)),
    one_of("language", "en", "ja"),
    one_of("purpose", *(each.value for each in Purpose)),
    CheckConstraint("(kind = 'certificate') = (investor_id IS NOT NULL)", name="investor_id"),
    CheckConstraint("lots >= 0", name="lots"),
    CheckConstraint("requester ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$'", name="requester"),
    CheckConstraint("reason ~ '[^[:space:]]' AND length(reason) <= 200", name="reason"),
    comment="閲覧記録: registers and certificates that were issued, to whom and why; append only",
)

_APPEND_ONLY = """
CREATE FUNCTION inspection_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'inspection is append only';
END $$;
CREATE TRIGGER inspection_append_only BEFORE UPDATE OR DELETE ON inspection
    FOR EACH ROW EXECUTE FUNCTION inspection_append_only();
CREATE TRIGGER inspection_never_emptied BEFORE TRUNCATE ON inspection
    FOR EACH STATEMENT EXECUTE FUNCTION inspection_append_only();
"""
event.listen(inspection, "after_create", DDL(_APPEND_ONLY))  # type: ignore[no-untyped-call]
