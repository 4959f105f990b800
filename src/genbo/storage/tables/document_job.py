"""Document jobs (帳票処理): documents that are made after they were asked for, sealed until they are fetched."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from genbo.compliance.privacy import Purpose
from genbo.governance.document_job import DocumentKind, DocumentState
from genbo.storage.tables.columns import (
    hash32,
    height,
    instant,
    metadata,
    number,
    octets,
    one_of,
    text,
)

document_job = Table(
    "document_job",
    metadata,
    text("job_id", "処理ID"),
    text("institution_id", "関係機関ID: whose systems asked"),
    text("kind", "帳票の種類"),
    text("product_id", "受益権ID"),
    text("purpose", "利用目的: none where nobody is named", null=True),
    octets(
        "request", "依頼の内容: sealed with the key of the job, gone when its result is", null=True
    ),
    hash32("request_mark", "依頼の照合値: keyed digest of what was asked"),
    text("state", "状態"),
    number("rows_of", "行数: as far as it is known"),
    number("rows_done", "処理済行数"),
    number("attempts", "着手回数"),
    number("erasures", "消去済投資家数: how many were erased when it was begun"),
    instant("asked_at", "受付日時"),
    text("asked_by", "依頼者: the credential"),
    instant("begun_at", "着手日時: the last one", null=True),
    instant("changed_at", "状態変更日時"),
    Column(
        "refusals",
        JSONB(none_as_null=True),
        comment="拒否理由: reasons with their facts, no personal data",
    ),
    height("size", "結果のバイト数", null=True),
    hash32("digest", "結果のハッシュ: SHA-256 of the bytes", null=True),
    Column(
        "facts",
        JSONB(none_as_null=True),
        comment="結果の属性: what its headers say, no personal data",
    ),
    instant("expires_at", "結果の保存期限: the first instant at which it is gone", null=True),
    instant("removed_at", "削除日時: request and result are gone since then", null=True),
    PrimaryKeyConstraint("job_id"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("kind", *DocumentKind),
    one_of("state", *DocumentState),
    one_of("purpose", *(each.value for each in Purpose)),
    CheckConstraint(
        "rows_done >= 0 AND rows_of >= 0 AND attempts >= 0 AND erasures >= 0", name="rows_done"
    ),
    CheckConstraint("(state = 'done') = (digest IS NOT NULL)", name="digest"),
    CheckConstraint(
        "(digest IS NULL) = (size IS NULL) AND (digest IS NULL) = (facts IS NULL) "
        "AND (digest IS NULL) = (expires_at IS NULL)",
        name="size",
    ),
    CheckConstraint("(state = 'refused') = (refusals IS NOT NULL)", name="refusals"),
    CheckConstraint("(removed_at IS NULL) = (request IS NOT NULL)", name="request"),
    Index("document_job_running_ix", "asked_at", postgresql_where=sql("state = 'running'")),
    Index("document_job_kept_ix", "expires_at", postgresql_where=sql("removed_at IS NULL")),
    Index("document_job_of_ix", "institution_id", "asked_at"),
    comment="帳票処理: documents that are made after they were asked for",
)

document_job_part = Table(
    "document_job_part",
    metadata,
    text("job_id", "処理ID"),
    number("part", "分割番号: from 1"),
    octets("content", "内容: sealed with the key of the job, gone when it has expired"),
    PrimaryKeyConstraint("job_id", "part"),
    ForeignKeyConstraint(["job_id"], ["document_job.job_id"]),
    CheckConstraint("part > 0", name="part"),
    comment="帳票処理の結果: a document in parts, sealed",
)
