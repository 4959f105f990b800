"""Requests (依頼) that changed something, with what they were answered: the same request again gets the same answer."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
)

from genbo.storage.tables.columns import hash32, instant, metadata, number, text

request = Table(
    "request",
    metadata,
    text("institution_id", "関係者ID: who asked"),
    text("key", "冪等キー: one act, one key"),
    text("route", "経路: method and path as described"),
    hash32("body_digest", "本文のダイジェスト: another body under the same key is refused"),
    number("status", "HTTPステータス"),
    Column(
        "answer",
        JSON,  # as it was written: JSONB would put its members into another order
        nullable=False,
        comment="回答: ids and figures, no personal data",
    ),
    instant("answered_at", "回答日時"),
    PrimaryKeyConstraint("institution_id", "key"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    CheckConstraint("status BETWEEN 200 AND 299", name="status"),
    comment="依頼の記録: what was answered, kept in the transaction that did it",
)
