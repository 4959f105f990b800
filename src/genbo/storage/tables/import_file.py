"""Import-file control (取込ファイル制御, R-PROGMAT-T15): files for masters, from their announcement to their end."""

from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from genbo.masters.import_file import ImportStatus, ImportTarget, ProcessingKind
from genbo.storage.tables.columns import hash32, height, instant, metadata, one_of, text

import_file = Table(
    "import_file",
    metadata,
    text("file_id", "取込ファイルID: made from target, time, size and hash"),
    text("import_target", "取込対象 (T15.1)"),
    height("file_size", "ファイルサイズ: bytes, as announced (T15.2)"),
    instant("file_timestamp", "タイムスタンプ: when the source made it (T15.3)"),
    text("processing_kind", "処理区分 (T15.4)"),
    text("processing_status", "処理ステータス (T15.5)"),
    Column(
        "processing_result",
        JSONB(none_as_null=True),
        comment="処理結果: counts, and the reason of each rejection; no cell of the file (T15.6)",
    ),
    instant("registered_at", "登録日時 (T15.7)"),
    text("registered_by", "登録者 (T15.8)"),
    hash32("file_hash", "ファイルハッシュ: SHA-256, as announced"),
    instant("approved_at", "承認日時", null=True),
    text("approved_by", "承認者: another than 登録者", null=True),
    instant("changed_at", "状態変更日時"),
    text("changed_by", "状態変更者"),
    PrimaryKeyConstraint("file_id"),
    UniqueConstraint("import_target", "file_timestamp", "file_size", "file_hash"),
    one_of("import_target", *ImportTarget),
    one_of("processing_kind", *ProcessingKind),
    one_of("processing_status", *ImportStatus),
    CheckConstraint("file_size > 0", name="file_size"),
    CheckConstraint(
        "(approved_at IS NULL) = (approved_by IS NULL) AND approved_by <> registered_by"
        " AND (approved_by IS NOT NULL OR processing_status NOT IN ('approved', 'applying', 'done'))",
        name="approved_by",
    ),
    CheckConstraint(
        "processing_result IS NOT NULL"
        " OR processing_status IN ('announced', 'received', 'checking')",
        name="processing_result",
    ),
    CheckConstraint("changed_at >= registered_at", name="changed_at"),
    comment="取込ファイル制御: files for masters; applied as a whole or not at all (R-PROGMAT-T15)",
)
