"""Corporate actions (コーポレートアクション): redemptions, splits, additional issues, from decision to end."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import JSONB

from genbo.entitlements import ActionKind, ActionState
from genbo.storage.tables.columns import day, hash32, height, instant, metadata, one_of, text

corporate_action = Table(
    "corporate_action",
    metadata,
    text("action_id", "決定ID: the reference of the acts on the ledger begins with it"),
    text("kind", "種別"),
    text("product_id", "受益権ID"),
    day("day", "効力発生日: from 00:00 JST on"),
    Column("terms", JSONB, nullable=False, comment="条件: what belongs to the kind"),
    text("resolution", "決議の参照: no personal data"),
    hash32("evidence", "決議書のダイジェスト: SHA-256"),
    text("state", "状態"),
    text("command_id", "指図ID: whose signatures approve it"),
    instant("made_at", "起案日時"),
    text("maker", "起案者"),
    instant("decided_at", "承認・却下日時", null=True),
    text("decided_by", "承認者・却下者: an approver is somebody else than the maker", null=True),
    height("before_block", "実行前の原簿のブロック番号", null=True),
    hash32("before_digest", "実行前の原簿のダイジェスト: without names", null=True),
    height("after_block", "実行後の原簿のブロック番号", null=True),
    hash32("after_digest", "実行後の原簿のダイジェスト: without names", null=True),
    instant("done_at", "実行日時", null=True),
    PrimaryKeyConstraint("action_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("kind", *(each.value for each in ActionKind)),
    one_of("state", *(each.value for each in ActionState)),
    CheckConstraint("resolution ~ '[^[:space:]]'", name="resolution"),
    CheckConstraint(
        "(state = 'draft') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
        name="decided_at",
    ),
    CheckConstraint("state NOT IN ('approved', 'done') OR decided_by <> maker", name="decided_by"),
    CheckConstraint("(before_block IS NULL) = (before_digest IS NULL)", name="before_block"),
    CheckConstraint(
        "(state = 'done') = (done_at IS NOT NULL)"
        " AND (done_at IS NULL) = (after_block IS NULL) AND (done_at IS NULL) = (after_digest IS NULL)",
        name="done_at",
    ),
    CheckConstraint("after_block IS NULL OR before_block IS NOT NULL", name="after_block"),
    comment="コーポレートアクション: redemptions, splits and additional issues (R-JSTOA-6.1.1.4 to 6.1.1.6)",
)
