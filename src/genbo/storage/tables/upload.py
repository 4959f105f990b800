"""Uploads (アップロード): files for masters that come in parts, sealed until they are applied."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
)

from genbo.storage.tables.columns import hash32, instant, metadata, number, octets, text

upload = Table(
    "upload",
    metadata,
    text("file_id", "取込ファイルID"),
    text("institution_id", "関係者ID: whose file it is"),
    number("part_size", "分割サイズ: bytes of every part but the last"),
    instant("begun_at", "開始日時"),
    text("begun_by", "開始者"),
    instant("ended_at", "終了日時: its bytes are gone since then", null=True),
    PrimaryKeyConstraint("file_id"),
    ForeignKeyConstraint(["file_id"], ["import_file.file_id"]),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    CheckConstraint("part_size > 0", name="part_size"),
    CheckConstraint("ended_at >= begun_at", name="ended_at"),
    comment="アップロード: files that come over the interface",
)

upload_part = Table(
    "upload_part",
    metadata,
    text("file_id", "取込ファイルID"),
    number("part", "分割番号: from 1"),
    number("size", "バイト数"),
    hash32("part_hash", "分割ハッシュ: SHA-256 of its bytes"),
    octets("content", "内容: sealed with the key of the file, gone when it has ended"),
    instant("received_at", "受領日時"),
    PrimaryKeyConstraint("file_id", "part"),
    ForeignKeyConstraint(["file_id"], ["upload.file_id"]),
    CheckConstraint("part > 0 AND size > 0", name="part"),
    comment="アップロードの分割: parts of a file that has not been applied yet",
)
