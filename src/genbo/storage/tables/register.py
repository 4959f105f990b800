"""The register's derived rows: lots, positions and totals, each with the stretch of the ledger it holds for.

A row holds from its log (`from_...`) until the log that ended it (`until_...`, empty while it stands). "As of T" is
every row with `from_at < T` and not `until_at < T`. Rows are derived: dropping them and reading the events again
gives the same rows. So they are removed only by a reorganisation, and edited never but to be ended.

They are written by one process at a time, under the lock of the cursor, by the hundred thousand. So they carry no
foreign key and no index that no question uses: both cost more than the row. What holds between rows is proved by
replay (`genbo check`), not by the database.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.schema import SchemaItem

from genbo.storage.tables.columns import (
    an_address_in_bulk,
    day,
    factor,
    flag,
    hash32,
    height,
    instant,
    metadata,
    number,
    text,
    units,
)


def _until() -> tuple[SchemaItem, ...]:
    """The log that ended a row, and that a row does not end before it began."""
    return (
        instant("until_at", "終了時刻", null=True),
        height("until_block", "終了ブロック", null=True),
        number("until_log_index", "終了ログ番号", null=True),
        CheckConstraint(
            "(until_block IS NULL) = (until_at IS NULL)"
            " AND (until_block IS NULL) = (until_log_index IS NULL)"
            " AND (until_block, until_log_index) > (from_block, from_log_index)",
            name="until",
        ),
    )


def _from() -> tuple[SchemaItem, ...]:
    """The log that began a row."""
    return (
        height("from_block", "開始ブロック: block of the log that made it"),
        number("from_log_index", "開始ログ番号: index of that log"),
        instant("from_at", "開始時刻: time of that block, UTC"),
        hash32("from_hash", "開始ブロックのハッシュ"),
        hash32("from_tx", "開始取引ハッシュ"),
    )


_STANDING = sql("until_block IS NULL")

lot = Table(
    "lot",
    metadata,
    text("product_id", "受益権ID"),
    *_from(),
    number("ordinal", "連番: among the lots of one log; with the log it names the lot (T1.1)"),
    text("address", "アドレス: where the units are"),
    units("units", "数量 (T1.2)"),
    day("acquired", "取得日: survives split and re-keying, restored by reversal"),
    height("parent_block", "元ロットのブロック", null=True),
    number("parent_log_index", "元ロットのログ番号", null=True),
    number("parent_ordinal", "元ロットの連番", null=True),
    Column("opened_by", SmallInteger, nullable=False, comment="移転区分 (T2.10): MovementKind"),
    text("ref", "取引ID: the trade by which the holder acquired the units (T2.2)", null=True),
    *_until(),
    height(
        "span",
        "区間の節: the roundest block after which it stood; finds the lots of any block (storage.spans)",
        null=True,
    ),
    PrimaryKeyConstraint("product_id", "from_block", "from_log_index", "ordinal"),
    an_address_in_bulk("address"),
    CheckConstraint("units > 0", name="units"),
    CheckConstraint("ordinal >= 0", name="ordinal"),
    CheckConstraint("opened_by BETWEEN 1 AND 11", name="opened_by"),
    CheckConstraint(
        "(parent_block IS NULL) = (parent_log_index IS NULL)"
        " AND (parent_block IS NULL) = (parent_ordinal IS NULL)",
        name="parent",
    ),
    CheckConstraint(
        "(span IS NOT NULL) = (until_block IS NOT NULL AND until_block > from_block)"
        " AND span > from_block AND span <= until_block",
        name="span",
    ),
    Index("lot_standing_ix", "product_id", "address", postgresql_where=_STANDING),
    Index(
        "lot_span_ix",
        "product_id",
        "span",
        "from_block",
        "until_block",
        postgresql_where=sql("span IS NOT NULL"),
    ),
    comment="ロット: units of one address acquired on one day (R-PROGMAT-T1)",
)

position = Table(
    "position",
    metadata,
    text("product_id", "受益権ID"),
    text("address", "アドレス"),
    *_from(),
    units("units", "数量: balance"),
    units("frozen", "凍結数量: may exceed the balance"),
    flag("address_frozen", "アドレス凍結"),
    instant("locked_until", "ロックアップ期限: first instant it may send again", null=True),
    instant("verified_until", "確認有効期限: first instant the verdict no longer holds", null=True),
    flag("blocked", "取引停止"),
    flag("retired", "失効: replaced by re-keying"),
    *_until(),
    PrimaryKeyConstraint("product_id", "address", "from_block", "from_log_index"),
    an_address_in_bulk("address"),
    CheckConstraint("units >= 0", name="units"),
    CheckConstraint("frozen >= 0", name="frozen"),
    Index("position_from_ix", "product_id", "from_at", "from_block"),
    Index("position_standing_uq", "product_id", "address", unique=True, postgresql_where=_STANDING),
    comment="残高: what an address holds of a product, for a stretch of the ledger",
)

total_issued = Table(
    "total_issued",
    metadata,
    text("product_id", "受益権ID"),
    *_from(),
    units("units", "総発行数量"),
    factor("factor", "分割累積倍率: product of all split factors so far"),
    *_until(),
    PrimaryKeyConstraint("product_id", "from_block", "from_log_index"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    CheckConstraint("units >= 0", name="units"),
    CheckConstraint("factor >= 1", name="factor"),
    Index("total_issued_standing_uq", "product_id", unique=True, postgresql_where=_STANDING),
    comment="総発行数量: total issued of a product, for a stretch of the ledger",
)

trade = Table(
    "trade",
    metadata,
    text("product_id", "受益権ID"),
    *_from(),
    text("ref", "取引ID: one act, which may have several movements (T2.2)"),
    Column("kind", SmallInteger, nullable=False, comment="移転区分 (T2.10): MovementKind"),
    text("source", "異動元アドレス (T2.6)", null=True),
    text("target", "異動先アドレス (T2.7)", null=True),
    units("units", "数量 (T2.8)"),
    factor("factor", "分割累積倍率: when it happened"),
    text("reverses", "取消対象取引ID: the trade it undoes (T2.11)", null=True),
    PrimaryKeyConstraint("product_id", "from_block", "from_log_index"),
    CheckConstraint("units >= 0", name="units"),
    CheckConstraint("kind BETWEEN 1 AND 11", name="kind"),
    CheckConstraint("factor >= 1", name="factor"),
    CheckConstraint("source IS NOT NULL OR target IS NOT NULL", name="parties"),
    an_address_in_bulk("source"),
    an_address_in_bulk("target"),
    Index("trade_ref_ix", "product_id", "ref"),
    Index(
        "trade_reverses_ix",
        "product_id",
        "reverses",
        "target",
        postgresql_where=sql("reverses IS NOT NULL"),
    ),
    comment="移転情報: movements with a reference (R-PROGMAT-T2)",
)

trade_piece = Table(
    "trade_piece",
    metadata,
    text("product_id", "受益権ID"),
    height("from_block", "移転情報のブロック"),
    number("from_log_index", "移転情報のログ番号"),
    number("ordinal", "連番: in the order in which they were taken"),
    day("acquired", "取得日: of the units taken"),
    units("units", "数量"),
    PrimaryKeyConstraint("product_id", "from_block", "from_log_index", "ordinal"),
    CheckConstraint("units > 0", name="units"),
    comment="移転元ロットの内訳: what a trade took, which a reversal puts back",
)
