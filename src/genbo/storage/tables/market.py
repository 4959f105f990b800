"""The market (市場): days, hours, book closings, decisions. Versions are added, never edited (R-PROGMAT-CTL-4)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from genbo.governance.market import ClosingCause, DecisionKind
from genbo.storage.tables.columns import day, flag, instant, metadata, number, one_of, text


def _numbered() -> Column[int]:
    return Column(
        "number", Integer, Identity(always=True), nullable=False, comment="番号: order of recording"
    )


calendar_override = Table(
    "calendar_override",
    metadata,
    _numbered(),
    day("day", "対象日"),
    flag("is_business_day", "営業日とするか"),
    instant("recorded_at", "登録日時: holds from then on"),
    text("recorded_by", "登録者"),
    text("why", "理由"),
    PrimaryKeyConstraint("number"),
    CheckConstraint("why <> ''", name="why"),
    comment="営業日の例外: days that are other than announced",
)

market_hours = Table(
    "market_hours",
    metadata,
    _numbered(),
    day("effective", "適用開始日"),
    Column(
        "sessions",
        ARRAY(Text),
        nullable=False,
        comment="市場時間: HH:MM-HH:MM in Japan, none: closed all day",
    ),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    text("why", "理由"),
    PrimaryKeyConstraint("number"),
    CheckConstraint("why <> ''", name="why"),
    comment="市場時間の履歴: hours in which the market is open on business days",
)

book_closing = Table(
    "book_closing",
    metadata,
    _numbered(),
    text("product_id", "受益権ID"),
    text("cause", "事由: what the book is closed for"),
    number("first_day", "開始: business days from the day itself; empty: no closing", null=True),
    number("last_day", "終了: business days from the day itself", null=True),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    text("why", "理由"),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("cause", *(cause.value for cause in ClosingCause)),
    CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", name="first_day"),
    CheckConstraint("last_day >= first_day", name="last_day"),
    CheckConstraint("why <> ''", name="why"),
    comment="名義書換停止期間の定め: the last rule of a product and cause counts (R-PROGMAT-CTL-6)",
)

market_decision = Table(
    "market_decision",
    metadata,
    _numbered(),
    text("kind", "種別"),
    text("group_id", "移転実行可否制御ID: of a switched group", null=True),
    instant("decided_at", "決定日時"),
    text("decided_by", "決定者"),
    text("approved_by", "承認者: somebody else, for a group", null=True),
    text("why", "理由"),
    PrimaryKeyConstraint("number"),
    one_of("kind", *(kind.value for kind in DecisionKind)),
    CheckConstraint(
        "(kind IN ('group_on', 'group_off')) = (group_id IS NOT NULL)"
        " AND (group_id IS NULL) = (approved_by IS NULL)",
        name="group_id",
    ),
    CheckConstraint("approved_by <> decided_by", name="approved_by"),
    CheckConstraint("why <> ''", name="why"),
    comment="市場に関する決定: closed, opened, stopped, groups switched; who, when and why",
)
