"""Notices (通知): what each institution was told, and the addresses that it is posted to.

A notice is written once for each institution that is told of it, as that institution sees it. So what somebody may read
is a question of whose row it is, and the numbers of a stream have no gap.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from genbo.governance.notices import DeliveryState, WebhookState
from genbo.storage.tables.columns import (
    flag,
    hash32,
    height,
    instant,
    made_and_changed,
    metadata,
    never_before_made,
    number,
    one_of,
    text,
)

notice_cursor = Table(
    "notice_cursor",
    metadata,
    height("chain_id", "チェーンID"),
    height("next_block", "次に通知するブロック番号: everything final below it was told"),
    height("audit_number", "監査記録番号: everything up to this entry was told"),
    height(
        "rollback_number",
        "巻き戻し確認済の監査記録番号: what was taken back up to this entry is known",
    ),
    PrimaryKeyConstraint("chain_id"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    CheckConstraint(
        "next_block >= 0 AND audit_number >= 0 AND rollback_number >= 0", name="next_block"
    ),
    comment="通知の読取位置: committed in one transaction with what was told",
)

notice = Table(
    "notice",
    metadata,
    text("institution_id", "関係機関ID: who is told"),
    height("position", "通し番号: 1, 2, 3 without a gap over all that it is told"),
    text("product_id", "受益権ID: empty where it is about no product"),
    height("number", "銘柄内の連番: 1, 2, 3 without a gap over what it is told of the product"),
    text("type", "種別"),
    instant("occurred_at", "発生日時"),
    height("chain_id", "チェーンID", null=True),
    height("block", "ブロック番号: where it happened on the ledger", null=True),
    hash32("block_hash", "ブロックハッシュ", null=True),
    flag("final", "確定: whether it stays so"),
    Column("data", JSONB, nullable=False, comment="内容: no personal data"),
    PrimaryKeyConstraint("institution_id", "position"),
    UniqueConstraint("institution_id", "product_id", "number"),
    CheckConstraint("position > 0 AND number > 0", name="position"),
    CheckConstraint(
        "(block IS NULL) = (block_hash IS NULL) AND (block IS NULL) = (chain_id IS NULL)",
        name="block",
    ),
    comment="通知: what an institution was told; append only",
)

notice_stream = Table(
    "notice_stream",
    metadata,
    text("institution_id", "関係機関ID"),
    text("product_id", "受益権ID: empty for what is about no product"),
    height("last", "最後の連番"),
    PrimaryKeyConstraint("institution_id", "product_id"),
    CheckConstraint("last >= 0", name="last"),
    comment="通知の系列: how far the numbers of each product have come, for each institution",
)

webhook = Table(
    "webhook",
    metadata,
    text("webhook_id", "通知先ID (Webhook)"),
    text("institution_id", "関係機関ID"),
    text("url", "送信先アドレス"),
    Column("types", ARRAY(Text), nullable=False, comment="種別: types and families; none: all"),
    Column("products", ARRAY(Text), nullable=False, comment="銘柄: none: all"),
    text("state", "状態"),
    number("secret_number", "署名鍵番号: which of its secrets in the vault counts"),
    instant("previous_until", "前の署名鍵の有効期限", null=True),
    *made_and_changed(),
    PrimaryKeyConstraint("webhook_id"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    one_of("state", *WebhookState),
    CheckConstraint("secret_number > 0", name="secret_number"),
    never_before_made(),
    Index("webhook_standing_ix", "institution_id", postgresql_where=sql("state <> 'deleted'")),
    comment="通知先 (Webhook): addresses that notices are posted to",
)

webhook_lane = Table(
    "webhook_lane",
    metadata,
    text("webhook_id", "通知先ID (Webhook)"),
    text("product_id", "受益権ID: empty for what is about no product"),
    height("number", "連番: of the last notice that is done with"),
    number("tries", "試行回数: of the next one, so far"),
    instant("due_at", "次回試行日時"),
    instant("failing_since", "失敗開始日時: since the last delivery", null=True),
    instant("delivered_at", "最終配信日時", null=True),
    PrimaryKeyConstraint("webhook_id", "product_id"),
    ForeignKeyConstraint(["webhook_id"], ["webhook.webhook_id"]),
    CheckConstraint("number >= 0 AND tries >= 0", name="number"),
    comment="配信の列: how far a webhook has come with a product; whoever delivers holds the row",
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    text("webhook_id", "通知先ID (Webhook)"),
    height("position", "通し番号: of the notice"),
    text("product_id", "受益権ID: empty for what is about no product"),
    height("number", "銘柄内の連番"),
    text("type", "種別"),
    text("state", "状態"),
    number("tries", "試行回数"),
    number("status", "HTTPステータス: of the last answer", null=True),
    text("problem", "問題: why the last try failed, in words of ours", null=True),
    instant("first_at", "最初の試行日時"),
    instant("last_at", "最後の試行日時"),
    instant("due_at", "再送予定日時: where it is replayed by itself", null=True),
    PrimaryKeyConstraint("webhook_id", "position"),
    ForeignKeyConstraint(["webhook_id"], ["webhook.webhook_id"]),
    one_of("state", *DeliveryState),
    CheckConstraint("tries >= 0", name="tries"),
    CheckConstraint("due_at IS NULL OR state = 'waiting'", name="due_at"),
    Index(
        "webhook_delivery_dead_ix",
        "webhook_id",
        "position",
        postgresql_where=sql("state = 'dead'"),
    ),
    Index("webhook_delivery_due_ix", "due_at", postgresql_where=sql("due_at IS NOT NULL")),
    comment="Webhookの配信: what became of each notice that was posted",
)
