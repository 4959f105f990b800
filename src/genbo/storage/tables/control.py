"""Controls (制御): the transfer-enable groups (R-PROGMAT-T4) and the state of the market (R-PROGMAT-T16)."""

from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
)

from genbo.storage.tables.columns import (
    flag,
    height,
    made_and_changed,
    metadata,
    never_before_made,
    one_of,
    text,
)
from genbo.storage.tables.former import a_master

transfer_control = Table(
    "transfer_control",
    metadata,
    text("transfer_control_id", "移転実行可否制御ID (T4.1)"),
    flag("transfer_enabled", "移転実行可否フラグ: off refuses ordinary transfers (T4.2)"),
    *made_and_changed(),
    PrimaryKeyConstraint("transfer_control_id"),
    never_before_made(),
    comment="移転実行可否制御: switches that products share (R-PROGMAT-T4)",
)

market_status = Table(
    "market_status",
    metadata,
    height("chain_id", "チェーンID: one platform, one status"),
    text("open_status", "開閉局ステータス: what an operator or the schedule decided (T16.1)"),
    *made_and_changed(),
    PrimaryKeyConstraint("chain_id"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    one_of("open_status", "open", "closed"),
    never_before_made(),
    comment="開閉局制御: whether the whole platform is open (R-PROGMAT-T16)",
)

for _each in (
    transfer_control,
    market_status,
):
    a_master(_each)
