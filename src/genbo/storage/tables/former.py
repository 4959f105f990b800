"""Former rows (変更前の行): what a row of a master said before each change (R-PROGMAT-T3.22 and its like).

The database keeps them itself, so no path around our code can forget one. An audit entry holds the digest of every
row as it was written, and the digest of a former row is that of an earlier entry: a former value is kept and proved.
"""

from sqlalchemy import DDL, Column, Identity, Index, PrimaryKeyConstraint, Table, event
from sqlalchemy.dialects.postgresql import JSONB

from genbo.storage.tables.columns import height, instant, metadata, text

former_row = Table(
    "former_row",
    metadata,
    Column(
        "number",
        height("number", "").type,
        Identity(always=True),
        nullable=False,
        comment="番号: in the order of the changes",
    ),
    text("table_name", "表: of which master"),
    text("row_key", "主キー: of the row"),
    Column(
        "row",
        JSONB,
        nullable=False,
        comment="変更前の行: as it was; sealed columns stay sealed",
    ),
    instant("until_at", "変更日時: when it was changed"),
    text("until_by", "変更者: who changed it"),
    PrimaryKeyConstraint("number"),
    Index(None, "table_name", "row_key"),
    comment="変更前の行: what masters said before each change; append only, kept by the database",
)

_FUNCTIONS = """
CREATE FUNCTION keep_former() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_row (table_name, row_key, "row", until_at, until_by)
    VALUES (TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(OLD), NEW.updated_at, NEW.updated_by);
    RETURN NULL;
END $$;
CREATE FUNCTION made_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'created_at and created_by are set once';
END $$;
CREATE FUNCTION former_row_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'former_row is append only';
END $$;
"""
_APPEND_ONLY = """
CREATE TRIGGER former_row_append_only BEFORE UPDATE OR DELETE ON former_row
    FOR EACH ROW EXECUTE FUNCTION former_row_append_only();
"""
event.listen(metadata, "before_create", DDL(_FUNCTIONS))  # type: ignore[no-untyped-call]
event.listen(former_row, "after_create", DDL(_APPEND_ONLY))  # type: ignore[no-untyped-call]

_TRIGGERS = """
CREATE TRIGGER {table}_keep_former AFTER UPDATE OF updated_at ON {table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('{key}');
CREATE TRIGGER {table}_made_once BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
"""


def a_master(table: Table) -> None:
    """Makes `table` a master: every change leaves the row as it was before, and its maker is never rewritten.

    It has one column as its key and ends with `made_and_changed`. A change sets `updated_at`; what does not, such as
    the sealing of a row that is just being made, is none.
    """
    (key,) = table.primary_key.columns
    sql = _TRIGGERS.format(table=table.name, key=key.name)
    event.listen(table, "after_create", DDL(sql))  # type: ignore[no-untyped-call]
