"""The outbox (送信簿): numbers of our signers and the transactions that carry commands, committed before broadcast."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import (
    text as sql,
)

from genbo.governance import EntryState
from genbo.storage.tables.columns import (
    WholeType,
    an_address,
    hash32,
    height,
    instant,
    metadata,
    number,
    octets,
    one_of,
    text,
)

signer = Table(
    "signer",
    metadata,
    height("chain_id", "チェーンID"),
    text("address", "署名者のアドレス"),
    height("next_nonce", "次の番号: the first that was never given out"),
    height(
        "epoch", "世代: whoever sends for this signer raises it, so an earlier sender is noticed"
    ),
    text("led_by", "送信担当プロセス", null=True),
    instant("led_at", "送信担当の開始日時", null=True),
    PrimaryKeyConstraint("chain_id", "address"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    an_address("address"),
    CheckConstraint("next_nonce >= 0 AND epoch >= 0", name="next_nonce"),
    comment="署名者: the next number of each, and who sends for it",
)

outbox = Table(
    "outbox",
    metadata,
    height("chain_id", "チェーンID"),
    text("signer", "署名者のアドレス"),
    height("nonce", "番号"),
    text("command_id", "指図ID: none for a filler", null=True),
    height("gas", "ガス上限"),
    text("state", "状態"),
    instant("since", "状態の開始日時"),
    hash32("tx", "取引ハッシュ: of the attempt that stands in a block", null=True),
    height("block", "ブロック番号", null=True),
    height("gas_used", "ガス使用量", null=True),
    PrimaryKeyConstraint("chain_id", "signer", "nonce"),
    ForeignKeyConstraint(["chain_id", "signer"], ["signer.chain_id", "signer.address"]),
    ForeignKeyConstraint(["command_id"], ["command.command_id"]),
    one_of("state", *EntryState),
    CheckConstraint("(state IN ('mined', 'done', 'failed')) = (block IS NOT NULL)", name="block"),
    CheckConstraint("(tx IS NULL) = (block IS NULL)", name="tx"),
    CheckConstraint("gas > 0 AND gas_used > 0", name="gas"),
    Index(
        "outbox_open_ix",
        "chain_id",
        "signer",
        "nonce",
        postgresql_where=sql("state NOT IN ('done', 'failed', 'lost')"),
    ),
    Index(
        "outbox_live_uq",
        "command_id",
        unique=True,
        postgresql_where=sql("state <> 'lost'"),
    ),
    comment="送信簿: one row per number of a signer; a command has at most one that can still run",
)

attempt = Table(
    "attempt",
    metadata,
    height("chain_id", "チェーンID"),
    hash32("tx", "取引ハッシュ"),
    text("signer", "署名者のアドレス"),
    height("nonce", "番号"),
    number("ordinal", "連番: each offers more than the one before"),
    octets("raw", "署名済取引: the exact bytes that are broadcast"),
    Column("price", WholeType, nullable=False, comment="ガス単価の上限: wei"),
    Column("tip", WholeType, nullable=False, comment="優先手数料: wei"),
    instant("signed_at", "署名日時"),
    PrimaryKeyConstraint("chain_id", "tx"),
    ForeignKeyConstraint(
        ["chain_id", "signer", "nonce"], ["outbox.chain_id", "outbox.signer", "outbox.nonce"]
    ),
    CheckConstraint("price >= 0 AND tip >= 0", name="price"),
    Index("attempt_number_uq", "chain_id", "signer", "nonce", "ordinal", unique=True),
    comment="送信取引: signed transactions, committed before anybody hears of them",
)
