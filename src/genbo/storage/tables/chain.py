"""What was heard from the chains: deployments, blocks, raw events, and how far the reading has come."""

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import JSONB

from genbo.storage.tables.columns import (
    an_address,
    an_address_in_bulk,
    hash32,
    height,
    instant,
    metadata,
    number,
    octets,
    text,
)

deployment = Table(
    "deployment",
    metadata,
    height("chain_id", "チェーンID: EIP-155 chain id"),
    height("first_block", "配備ブロック: nothing of ours is older"),
    hash32("first_block_hash", "配備ブロックのハッシュ: tells two chains with one id apart"),
    text("duty_manager", "権限管理コントラクト: address of the access manager"),
    text("platform", "共通基盤コントラクト: address of Platform"),
    text("factory", "銘柄作成コントラクト: address of TokenFactory"),
    Column("safes", JSONB, nullable=False, comment="二名承認口座: name to Safe address"),
    Column("record", JSONB, nullable=False, comment="配備記録: the deployment file as written"),
    PrimaryKeyConstraint("chain_id"),
    CheckConstraint("chain_id > 0", name="chain_id"),
    CheckConstraint("first_block >= 0", name="first_block"),
    an_address("duty_manager"),
    an_address("platform"),
    an_address("factory"),
    comment="配備: the contracts of one chain",
)

block = Table(
    "block",
    metadata,
    height("chain_id", "チェーンID"),
    height("number", "ブロック番号"),
    hash32("hash", "ブロックハッシュ"),
    instant("at", "ブロック時刻: UTC"),
    PrimaryKeyConstraint("chain_id", "number"),
    UniqueConstraint("chain_id", "hash"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    CheckConstraint("number >= 0", name="number"),
    Index(None, "chain_id", "at"),
    comment="ブロック: headers read and not orphaned, to notice a reorganisation by",
)

cursor = Table(
    "cursor",
    metadata,
    height("chain_id", "チェーンID"),
    height("next_block", "次に読むブロック番号: everything below it is in the register"),
    hash32("block_hash", "直前のブロックのハッシュ: of block next_block - 1", null=True),
    instant("block_at", "直前のブロックの時刻", null=True),
    height(
        "final_block",
        "確定ブロック番号: everything up to it is final; none before the first",
        null=True,
    ),
    hash32("final_hash", "確定ブロックのハッシュ", null=True),
    instant("final_at", "確定ブロックの時刻", null=True),
    PrimaryKeyConstraint("chain_id"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    CheckConstraint("next_block >= 0", name="next_block"),
    CheckConstraint("(block_hash IS NULL) = (block_at IS NULL)", name="block_hash"),
    CheckConstraint("final_block >= 0 AND final_block < next_block", name="final_block"),
    CheckConstraint(
        "(final_block IS NULL) = (final_hash IS NULL)"
        " AND (final_block IS NULL) = (final_at IS NULL)",
        name="final_hash",
    ),
    comment="読取位置: committed in one transaction with what was read",
)

event_raw = Table(
    "event_raw",
    metadata,
    height("chain_id", "チェーンID"),
    hash32("block_hash", "ブロックハッシュ"),
    number("log_index", "ログ番号: position in the block"),
    height("block_number", "ブロック番号"),
    instant("block_at", "ブロック時刻: UTC"),
    hash32("tx", "取引ハッシュ"),
    text("address", "発信コントラクト"),
    octets("topic0", "トピック0: which event it is", null=True),
    octets("topic1", "トピック1", null=True),
    octets("topic2", "トピック2", null=True),
    octets("topic3", "トピック3", null=True),
    octets("data", "データ: as the node gave it"),
    Column(
        "orphaned",
        Boolean,
        nullable=False,
        server_default=sql("false"),
        comment="孤立: its block is no longer part of the chain",
    ),
    PrimaryKeyConstraint("chain_id", "block_hash", "log_index"),
    CheckConstraint("log_index >= 0", name="log_index"),
    an_address_in_bulk("address"),
    Index(
        "event_raw_standing_ix",
        "chain_id",
        "block_number",
        "log_index",
        unique=True,
        postgresql_where=sql("NOT orphaned"),
    ),
    comment="イベント原文: append only; a reorganisation marks rows, nothing removes them",
)

_APPEND_ONLY = """
CREATE FUNCTION event_raw_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.orphaned := NEW.orphaned;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'event_raw is append only';
END $$;
CREATE TRIGGER event_raw_append_only BEFORE UPDATE OR DELETE ON event_raw
    FOR EACH ROW EXECUTE FUNCTION event_raw_append_only();
"""
event.listen(event_raw, "after_create", DDL(_APPEND_ONLY))  # type: ignore[no-untyped-call]
