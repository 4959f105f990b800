"""Users (ユーザ情報, R-PROGMAT-T14): who works for an institution, what two persons granted, what waits for one."""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from genbo.governance.users import AccountKind, Scope, UserStatus
from genbo.storage.tables.columns import (
    hash32,
    height,
    instant,
    made_and_changed,
    metadata,
    never_before_made,
    number,
    octets,
    one_of,
    sealed,
    text,
)

PROPOSAL_KINDS = ("permission", "means", "credential")
"""What a proposal is about: a permission, a user's means of sign-in, a machine credential."""

PROPOSAL_STATES = ("open", "approved", "withdrawn")

app_user = Table(
    "app_user",
    metadata,
    text("user_id", "ユーザID: personal, never shared or reused (T14.1)"),
    text("branch_code", "所属部支店コード (T14.2)"),
    text("branch_name", "所属部店名 (T14.3)"),
    text("section_group", "課・グループ (T14.4)"),
    text("account_kind", "アカウント区分 (T14.5)"),
    sealed("user_name", "ユーザ名 (T14.6), sealed by the user's own key", null=False),
    sealed("employee_code", "社員番号・コード (T14.7), sealed by the user's own key", null=False),
    text("password_hash", "パスワード: Argon2id (T14.8)"),
    text("password_hash_prev1", "パスワード（前回） (T14.9)", null=True),
    text("password_hash_prev2", "パスワード（2回前） (T14.10)", null=True),
    number("failed_password_count", "パスワード失敗回数: since the last good sign-in (T14.11)"),
    instant("last_logon_at", "最終ログオン日時 (T14.12)", null=True),
    text("user_status", "ユーザステータス (T14.13)"),
    instant(
        "password_changed_at",
        "最終パスワード更新日時: none while somebody else's choice (T14.14)",
        null=True,
    ),
    *made_and_changed(),
    text("institution_id", "関係機関ID: whom the user works for"),
    octets(
        "employee_code_digest",
        "社員番号の照合値: keyed, by which a code is one person's; none once erased",
        null=True,
    ),
    instant("active_since", "有効化日時: registered, unlocked or enabled last"),
    sealed("second_factor_secret", "二要素認証の秘密 (TOTP), sealed by the user's own key"),
    height("second_factor_step", "二要素認証の最終使用ステップ: no code counts twice", null=True),
    hash32("oidc_subject", "外部認証ID: keyed digest of issuer and subject", null=True),
    Column(
        "suspended_by",
        ARRAY(Text),
        nullable=False,
        comment="再設定者: who reset since the last confirmation; permissions rest meanwhile",
    ),
    PrimaryKeyConstraint("user_id"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    one_of("account_kind", *AccountKind),
    one_of("user_status", *UserStatus),
    CheckConstraint(
        "password_hash LIKE '$argon2id$%' AND password_hash_prev1 LIKE '$argon2id$%'"
        " AND password_hash_prev2 LIKE '$argon2id$%'",
        name="password_hash",
    ),
    CheckConstraint("failed_password_count >= 0", name="failed_password_count"),
    CheckConstraint(
        "(second_factor_secret IS NULL) = (second_factor_step IS NULL)", name="second_factor"
    ),
    CheckConstraint("octet_length(employee_code_digest) = 32", name="employee_code_digest"),
    CheckConstraint("octet_length(oidc_subject) = 32", name="oidc_subject"),
    never_before_made(),
    Index(
        "app_user_employee_code_ix",
        "institution_id",
        "employee_code_digest",
        unique=True,
        postgresql_where=sql("user_status <> 'deleted'"),
    ),
    Index(
        "app_user_oidc_subject_ix",
        "oidc_subject",
        unique=True,
        postgresql_where=sql("user_status <> 'deleted'"),
    ),
    comment="ユーザ情報: users of the service (R-PROGMAT-T14); staff data is sealed by the user's own key",
)

_MADE_ONCE = """
CREATE TRIGGER app_user_made_once BEFORE UPDATE ON app_user
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
"""
# No master (`former.a_master`): former rows would keep what must be forgotten, such as hashes of old passwords. What
# changed, and when, is told by the entries of the audit chain.
event.listen(app_user, "after_create", DDL(_MADE_ONCE))  # type: ignore[no-untyped-call]

access_proposal = Table(
    "access_proposal",
    metadata,
    text("proposal_id", "起案ID: made from the maker and the idempotency key"),
    text("key", "冪等キー: one proposal of a maker, one key"),
    hash32("body_digest", "本文のダイジェスト: another body under the same key is refused"),
    text("kind", "種別: permission, means of sign-in, credential"),
    text("institution_id", "関係機関ID"),
    text("user_id", "対象ユーザID: none for a credential", null=True),
    Column("content", JSONB, nullable=False, comment="起案内容: what is proposed, in full"),
    hash32("digest", "起案のダイジェスト: what the approver approves"),
    text("state", "状態"),
    text("maker", "起案者: user id"),
    instant("made_at", "起案日時"),
    text("ended_by", "承認者・取下者: user id", null=True),
    instant("ended_at", "承認・取下日時", null=True),
    PrimaryKeyConstraint("proposal_id"),
    UniqueConstraint("maker", "key"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["user_id"], ["app_user.user_id"]),
    ForeignKeyConstraint(["maker"], ["app_user.user_id"]),
    ForeignKeyConstraint(["ended_by"], ["app_user.user_id"]),
    one_of("kind", *PROPOSAL_KINDS),
    one_of("state", *PROPOSAL_STATES),
    CheckConstraint("(kind = 'credential') = (user_id IS NULL)", name="user_id"),
    CheckConstraint(
        "(state = 'open') = (ended_by IS NULL) AND (state = 'open') = (ended_at IS NULL)",
        name="ended",
    ),
    CheckConstraint("state <> 'approved' OR ended_by <> maker", name="two_persons"),
    CheckConstraint("user_id IS NULL OR user_id <> maker", name="not_for_oneself"),
    Index(
        "access_proposal_open_ix",
        "institution_id",
        "made_at",
        postgresql_where=sql("state = 'open'"),
    ),
    comment="利用者・権限の起案: changes of access that wait, or waited, for a second person",
)

user_permission = Table(
    "user_permission",
    metadata,
    text("user_id", "ユーザID"),
    text("permission", "権限: work:level"),
    instant("granted_at", "付与日時"),
    text("proposal_id", "付与の起案ID: none for the first administrators", null=True),
    instant("revoked_at", "剥奪日時", null=True),
    text("revocation_id", "剥奪の起案ID", null=True),
    PrimaryKeyConstraint("user_id", "permission", "granted_at"),
    ForeignKeyConstraint(["user_id"], ["app_user.user_id"]),
    ForeignKeyConstraint(["proposal_id"], ["access_proposal.proposal_id"]),
    ForeignKeyConstraint(["revocation_id"], ["access_proposal.proposal_id"]),
    CheckConstraint("permission ~ '^[a-z_]+:(read|request|make|approve)$'", name="permission"),
    CheckConstraint("(revoked_at IS NULL) = (revocation_id IS NULL)", name="revoked"),
    CheckConstraint("revoked_at >= granted_at", name="revoked_at"),
    Index(
        "user_permission_held_ix",
        "user_id",
        "permission",
        unique=True,
        postgresql_where=sql("revoked_at IS NULL"),
    ),
    comment="権限: what two persons granted to a user, and when it was revoked",
)

credential = Table(
    "credential",
    metadata,
    text("credential_id", "認証情報ID: public, never used again"),
    text("institution_id", "関係機関ID: whose systems show it"),
    text("scope", "区分: reference or update"),
    octets(
        "secret_hash",
        "シークレットのSHA-256: of 256 random bits; none with a public key",
        null=True,
    ),
    instant("valid_from", "有効開始日時"),
    instant("valid_until", "有効終了日時: first instant at which it is not valid"),
    text("proposal_id", "発行の起案ID: maker, approver and evidence"),
    instant("issued_at", "発行日時"),
    instant("revoked_at", "失効日時", null=True),
    text("revoked_by", "失効者: user id", null=True),
    text(
        "public_key",
        "公開鍵 (JWK): by which the system proves itself, instead of a secret",
        null=True,
    ),
    octets(
        "certificate_hash",
        "証明書のSHA-256: of the client certificate that the system connects with, if it must",
        null=True,
    ),
    PrimaryKeyConstraint("credential_id"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["proposal_id"], ["access_proposal.proposal_id"]),
    ForeignKeyConstraint(["revoked_by"], ["app_user.user_id"]),
    one_of("scope", *Scope),
    CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
    CheckConstraint("(secret_hash IS NULL) = (public_key IS NOT NULL)", name="proof"),
    CheckConstraint("octet_length(certificate_hash) = 32", name="certificate_hash"),
    CheckConstraint("valid_until > valid_from", name="valid_until"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
    Index(None, "institution_id"),
    comment="機関の認証情報: what the systems of an institution show the API (R-PROGMAT-API-3)",
)

client_assertion = Table(
    "client_assertion",
    metadata,
    text("credential_id", "認証情報ID: whose key signed it"),
    hash32("number_hash", "アサーション番号 (jti) のSHA-256: taken once"),
    instant("expires_at", "保存期限: after it the assertion would be refused as too old"),
    PrimaryKeyConstraint("credential_id", "number_hash"),
    ForeignKeyConstraint(["credential_id"], ["credential.credential_id"]),
    Index(None, "expires_at"),
    comment="使用済みのクライアントアサーション: none is taken twice (RFC 7523); forgotten once it is too old",
)
