"""KYC (本人確認): what a provider was asked, and what it answered. No claim of a person is kept."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from genbo.compliance.kyc import KycOutcome
from genbo.storage.tables.columns import hash32, instant, metadata, one_of, text

kyc_session = Table(
    "kyc_session",
    metadata,
    text("session_id", "本人確認セッションID: ours, random"),
    text("investor_id", "投資家ID"),
    text("provider", "本人確認事業者: issuer of its callbacks"),
    text("provider_ref", "事業者側の参照: once the provider has taken it", null=True),
    instant("started_at", "開始日時"),
    text("started_by", "開始者"),
    PrimaryKeyConstraint("session_id"),
    UniqueConstraint("provider", "provider_ref"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    Index(None, "investor_id"),
    comment="本人確認セッション: what a provider was asked",
)

kyc_result = Table(
    "kyc_result",
    metadata,
    text("provider", "本人確認事業者"),
    text("result_id", "結果ID: the provider's, never used again (jti)"),
    text("session_id", "本人確認セッションID"),
    text("investor_id", "投資家ID"),
    text("outcome", "結果"),
    text("method", "本人確認方法: the provider's word for it"),
    text("rule_version", "判定規則の版: trust framework and assurance level"),
    text("evidence_ref", "証跡参照: reference of the evidence, never its content"),
    hash32("digest", "通知のダイジェスト: keyed, so that nobody finds the content by trying"),
    Column("name_matches", Boolean, comment="氏名一致: whether the vault has the same"),
    Column("address_matches", Boolean, comment="住所一致: whether the vault has the same"),
    instant("checked_at", "確認日時: when the person was checked"),
    instant("expires_at", "有効期限: first instant it no longer holds", null=True),
    instant("issued_at", "通知の発行日時: by the provider; later ones come after"),
    instant("received_at", "受領日時"),
    text("received_by", "受領者"),
    PrimaryKeyConstraint("provider", "result_id"),
    ForeignKeyConstraint(["session_id"], ["kyc_session.session_id"]),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    one_of("outcome", *KycOutcome),
    CheckConstraint("expires_at > checked_at", name="expires_at"),
    CheckConstraint("(outcome = 'passed') <= (expires_at IS NOT NULL)", name="passed"),
    CheckConstraint("evidence_ref <> ''", name="evidence_ref"),
    Index(None, "session_id", "issued_at"),
    comment="本人確認結果: what a provider answered",
)
