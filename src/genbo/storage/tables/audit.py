"""The audit chain: one row per change and per reading of personal data, each with the hash of the row before it."""

from sqlalchemy import DDL, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, event
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from genbo.storage.tables.columns import hash32, height, instant, metadata, text

audit = Table(
    "audit",
    metadata,
    height("number", "記録番号: 1, 2, 3 ... without a gap"),
    instant("at", "日時: when it happened"),
    text("action", "種別: source:subject:action"),
    text("actor", "実行者: an account or a part of the system, never a name"),
    text("subject", "対象ID: what it is about", null=True),
    text("product_id", "受益権ID", null=True),
    text("command", "指図ID: the command it belongs to", null=True),
    Column("facts", JSONB, nullable=False, comment="事実: ids, counts, digests; no personal data"),
    Column(
        "row_digests",
        JSONB,
        nullable=False,
        comment="行のハッシュ: `table/key` of each row written, to its digest",
    ),
    hash32("previous", "直前の記録のハッシュ"),
    hash32("hash", "この記録のハッシュ"),
    PrimaryKeyConstraint("number"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint("action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'", name="action"),
    CheckConstraint("actor <> ''", name="actor"),
    CheckConstraint("octet_length(previous) = 32 AND octet_length(hash) = 32", name="hash"),
    Index(None, "at", postgresql_using="brin"),  # entries stand almost in the order of their time
    Index(None, "subject"),
    Index("audit_command_ix", "command", postgresql_where=sql("command IS NOT NULL")),
    comment="監査記録: append only; each row holds the hash of the row before it",
)

_APPEND_ONLY = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit is append only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
event.listen(audit, "after_create", DDL(_APPEND_ONLY))  # type: ignore[no-untyped-call]
