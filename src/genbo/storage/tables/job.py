"""Jobs (一括処理): many rows of one act, packed into batches, each of which is a command."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from genbo.governance import BatchState, JobState
from genbo.storage.tables.columns import (
    an_address,
    hash32,
    height,
    instant,
    metadata,
    number,
    one_of,
    text,
    units,
)

job = Table(
    "job",
    metadata,
    text("job_id", "一括処理ID: made from the chain and the idempotency key"),
    height("chain_id", "チェーンID"),
    text("key", "冪等キー"),
    hash32("body_digest", "本文のダイジェスト"),
    text("kind", "処理の種類: such as distribute"),
    text("state", "状態"),
    text("product_id", "受益権ID"),
    text("ref", "取引ID: batches add their rows to it", null=True),
    Column("arguments", JSONB, nullable=False, comment="共通の引数: no personal data"),
    text("maker", "起案者"),
    text("account", "実行アドレス: of a holder whose own act it is", null=True),
    Column("people", ARRAY(Text), nullable=False, comment="担当者: who acts, by name"),
    Column("row_count", Integer, nullable=False, comment="行数"),
    height("gas_fixed", "ガス見積の定数: of a batch", null=True),
    height("gas_per_row", "ガス見積の係数: of a row", null=True),
    instant("made_at", "起案日時"),
    instant("changed_at", "状態変更日時"),
    PrimaryKeyConstraint("job_id"),
    UniqueConstraint("chain_id", "key"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("state", *JobState),
    an_address("account"),
    CheckConstraint("row_count > 0", name="row_count"),
    Index("job_running_ix", "chain_id", "made_at", postgresql_where=sql("state = 'running'")),
    comment="一括処理: bulk acts",
)

job_row = Table(
    "job_row",
    metadata,
    text("job_id", "一括処理ID"),
    number("ordinal", "行番号: from 0"),
    text("address", "アドレス"),
    units("units", "数量", null=True),
    PrimaryKeyConstraint("job_id", "ordinal"),
    ForeignKeyConstraint(["job_id"], ["job.job_id"]),
    comment="一括処理の行: never edited",
)

job_batch = Table(
    "job_batch",
    metadata,
    text("job_id", "一括処理ID"),
    number("first", "最初の行番号"),
    number("last", "最後の行番号"),
    text("state", "状態"),
    text("command_id", "指図ID"),
    PrimaryKeyConstraint("job_id", "first", "last"),
    UniqueConstraint("command_id"),
    ForeignKeyConstraint(["job_id"], ["job.job_id"]),
    ForeignKeyConstraint(["command_id"], ["command.command_id"]),
    one_of("state", *BatchState),
    CheckConstraint("first >= 0 AND last >= first", name="first"),
    Index("job_batch_open_ix", "job_id", "first", postgresql_where=sql("state = 'open'")),
    comment="一括処理のまとまり: rows that go out in one transaction, whole or not at all",
)
