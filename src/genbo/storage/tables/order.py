"""Orders (移転の注文): accepted at any hour, delivered in open windows (R-PROGMAT-CTL-8)."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import JSONB

from genbo.governance.market import OrderState
from genbo.storage.tables.columns import (
    day,
    height,
    instant,
    metadata,
    number,
    octets,
    one_of,
    text,
    units,
)

transfer_order = Table(
    "transfer_order",
    metadata,
    text("product_id", "受益権ID (T2.5)"),
    text("trade_id", "取引ID (T2.2): moves units once, however often it is ordered"),
    Column("number", BigInteger, Identity(always=True), nullable=False, comment="受付順"),
    text("from_investor_id", "異動元投資家ID (T2.6)"),
    text("to_investor_id", "異動先投資家ID (T2.7)"),
    units("quantity", "数量 (T2.8)"),
    day("delivery_date", "受渡日 (T2.9)"),
    instant("accepted_at", "受付日時"),
    text("accepted_by", "受付者"),
    text("state", "状態"),
    instant("changed_at", "状態の変更日時"),
    text("changed_by", "状態の変更者"),
    number("attempt", "試行回数: acts sent to the ledger so far"),
    text("command_id", "指図ID: the last act", null=True),
    text("reason", "理由: why it waits, or failed", null=True),
    Column("facts", JSONB, nullable=False, server_default=sql("'{}'::jsonb"), comment="理由の詳細"),
    text("cancelled_by", "取消取引ID: the trade that withdrew it (T2.11)", null=True),
    height("authorised_after", "移転承認の有効開始: UTC seconds, valid after it", null=True),
    height("authorised_before", "移転承認の有効終了: UTC seconds, valid before it", null=True),
    octets("authorisation", "移転承認の署名: of the giver's key (ERC-3009)", null=True),
    PrimaryKeyConstraint("product_id", "trade_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["from_investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(["to_investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(["command_id"], ["command.command_id"]),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("attempt >= 0", name="attempt"),
    one_of("state", *(state.value for state in OrderState)),
    CheckConstraint("cancelled_by IS NULL OR state = 'withdrawn'", name="cancelled_by"),
    CheckConstraint(
        "(authorisation IS NULL) = (authorised_after IS NULL)"
        " AND (authorisation IS NULL) = (authorised_before IS NULL)",
        name="authorisation",
    ),
    Index(
        "transfer_order_open_ix",
        "delivery_date",
        "number",
        postgresql_where=sql("state IN ('waiting', 'ordered')"),
    ),
    comment="移転の注文: queued transfers and what became of them (R-PROGMAT-T2, CTL-8)",
)
