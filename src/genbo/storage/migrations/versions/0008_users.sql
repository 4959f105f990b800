-- People and machines: users, permissions, credentials.

CREATE TABLE app_user (
    user_id TEXT NOT NULL,
    branch_code TEXT NOT NULL,
    branch_name TEXT NOT NULL,
    section_group TEXT NOT NULL,
    account_kind TEXT NOT NULL,
    user_name BYTEA NOT NULL,
    employee_code BYTEA NOT NULL,
    password_hash TEXT NOT NULL,
    password_hash_prev1 TEXT,
    password_hash_prev2 TEXT,
    failed_password_count INTEGER NOT NULL,
    last_logon_at TIMESTAMP WITH TIME ZONE,
    user_status TEXT NOT NULL,
    password_changed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    employee_code_digest BYTEA,
    active_since TIMESTAMP WITH TIME ZONE NOT NULL,
    second_factor_secret BYTEA,
    second_factor_step BIGINT,
    oidc_subject BYTEA,
    suspended_by TEXT[] NOT NULL,
    CONSTRAINT app_user_pk PRIMARY KEY (user_id),
    CONSTRAINT app_user_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT app_user_account_kind_ck CHECK (account_kind IN ('operator', 'approver', 'administrator', 'auditor')),
    CONSTRAINT app_user_user_status_ck CHECK (user_status IN ('active', 'locked', 'disabled', 'deleted')),
    CONSTRAINT app_user_password_hash_ck CHECK (password_hash LIKE '$argon2id$%' AND password_hash_prev1 LIKE '$argon2id$%' AND password_hash_prev2 LIKE '$argon2id$%'),
    CONSTRAINT app_user_failed_password_count_ck CHECK (failed_password_count >= 0),
    CONSTRAINT app_user_second_factor_ck CHECK ((second_factor_secret IS NULL) = (second_factor_step IS NULL)),
    CONSTRAINT app_user_employee_code_digest_ck CHECK (octet_length(employee_code_digest) = 32),
    CONSTRAINT app_user_oidc_subject_ck CHECK (octet_length(oidc_subject) = 32),
    CONSTRAINT app_user_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE app_user IS 'ユーザ情報: users of the service (R-PROGMAT-T14); staff data is sealed by the user''s own key';
COMMENT ON COLUMN app_user.user_id IS 'ユーザID: personal, never shared or reused (T14.1)';
COMMENT ON COLUMN app_user.branch_code IS '所属部支店コード (T14.2)';
COMMENT ON COLUMN app_user.branch_name IS '所属部店名 (T14.3)';
COMMENT ON COLUMN app_user.section_group IS '課・グループ (T14.4)';
COMMENT ON COLUMN app_user.account_kind IS 'アカウント区分 (T14.5)';
COMMENT ON COLUMN app_user.user_name IS 'ユーザ名 (T14.6), sealed by the user''s own key';
COMMENT ON COLUMN app_user.employee_code IS '社員番号・コード (T14.7), sealed by the user''s own key';
COMMENT ON COLUMN app_user.password_hash IS 'パスワード: Argon2id (T14.8)';
COMMENT ON COLUMN app_user.password_hash_prev1 IS 'パスワード（前回） (T14.9)';
COMMENT ON COLUMN app_user.password_hash_prev2 IS 'パスワード（2回前） (T14.10)';
COMMENT ON COLUMN app_user.failed_password_count IS 'パスワード失敗回数: since the last good sign-in (T14.11)';
COMMENT ON COLUMN app_user.last_logon_at IS '最終ログオン日時 (T14.12)';
COMMENT ON COLUMN app_user.user_status IS 'ユーザステータス (T14.13)';
COMMENT ON COLUMN app_user.password_changed_at IS '最終パスワード更新日時: none while somebody else''s choice (T14.14)';
COMMENT ON COLUMN app_user.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN app_user.created_by IS '作成者: who made it';
COMMENT ON COLUMN app_user.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN app_user.updated_by IS '最終更新者: who last changed it';
COMMENT ON COLUMN app_user.institution_id IS '関係機関ID: whom the user works for';
COMMENT ON COLUMN app_user.employee_code_digest IS '社員番号の照合値: keyed, by which a code is one person''s; none once erased';
COMMENT ON COLUMN app_user.active_since IS '有効化日時: registered, unlocked or enabled last';
COMMENT ON COLUMN app_user.second_factor_secret IS '二要素認証の秘密 (TOTP), sealed by the user''s own key';
COMMENT ON COLUMN app_user.second_factor_step IS '二要素認証の最終使用ステップ: no code counts twice';
COMMENT ON COLUMN app_user.oidc_subject IS '外部認証ID: keyed digest of issuer and subject';
COMMENT ON COLUMN app_user.suspended_by IS '再設定者: who reset since the last confirmation; permissions rest meanwhile';
CREATE UNIQUE INDEX app_user_employee_code_ix ON app_user (institution_id, employee_code_digest) WHERE user_status <> 'deleted';
CREATE UNIQUE INDEX app_user_oidc_subject_ix ON app_user (oidc_subject) WHERE user_status <> 'deleted';
CREATE TRIGGER app_user_made_once BEFORE UPDATE ON app_user
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();

CREATE TABLE access_proposal (
    proposal_id TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    kind TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    user_id TEXT,
    content JSONB NOT NULL,
    digest BYTEA NOT NULL,
    state TEXT NOT NULL,
    maker TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_by TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT access_proposal_pk PRIMARY KEY (proposal_id),
    CONSTRAINT access_proposal_maker_key_uq UNIQUE (maker, key),
    CONSTRAINT access_proposal_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT access_proposal_user_id_fk FOREIGN KEY(user_id) REFERENCES app_user (user_id),
    CONSTRAINT access_proposal_maker_fk FOREIGN KEY(maker) REFERENCES app_user (user_id),
    CONSTRAINT access_proposal_ended_by_fk FOREIGN KEY(ended_by) REFERENCES app_user (user_id),
    CONSTRAINT access_proposal_kind_ck CHECK (kind IN ('permission', 'means', 'credential')),
    CONSTRAINT access_proposal_state_ck CHECK (state IN ('open', 'approved', 'withdrawn')),
    CONSTRAINT access_proposal_user_id_ck CHECK ((kind = 'credential') = (user_id IS NULL)),
    CONSTRAINT access_proposal_ended_ck CHECK ((state = 'open') = (ended_by IS NULL) AND (state = 'open') = (ended_at IS NULL)),
    CONSTRAINT access_proposal_two_persons_ck CHECK (state <> 'approved' OR ended_by <> maker),
    CONSTRAINT access_proposal_not_for_oneself_ck CHECK (user_id IS NULL OR user_id <> maker)
);
COMMENT ON TABLE access_proposal IS '利用者・権限の起案: changes of access that wait, or waited, for a second person';
COMMENT ON COLUMN access_proposal.proposal_id IS '起案ID: made from the maker and the idempotency key';
COMMENT ON COLUMN access_proposal.key IS '冪等キー: one proposal of a maker, one key';
COMMENT ON COLUMN access_proposal.body_digest IS '本文のダイジェスト: another body under the same key is refused';
COMMENT ON COLUMN access_proposal.kind IS '種別: permission, means of sign-in, credential';
COMMENT ON COLUMN access_proposal.institution_id IS '関係機関ID';
COMMENT ON COLUMN access_proposal.user_id IS '対象ユーザID: none for a credential';
COMMENT ON COLUMN access_proposal.content IS '起案内容: what is proposed, in full';
COMMENT ON COLUMN access_proposal.digest IS '起案のダイジェスト: what the approver approves';
COMMENT ON COLUMN access_proposal.state IS '状態';
COMMENT ON COLUMN access_proposal.maker IS '起案者: user id';
COMMENT ON COLUMN access_proposal.made_at IS '起案日時';
COMMENT ON COLUMN access_proposal.ended_by IS '承認者・取下者: user id';
COMMENT ON COLUMN access_proposal.ended_at IS '承認・取下日時';
CREATE INDEX access_proposal_open_ix ON access_proposal (institution_id, made_at) WHERE state = 'open';

CREATE TABLE user_permission (
    user_id TEXT NOT NULL,
    permission TEXT NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposal_id TEXT,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revocation_id TEXT,
    CONSTRAINT user_permission_pk PRIMARY KEY (user_id, permission, granted_at),
    CONSTRAINT user_permission_user_id_fk FOREIGN KEY(user_id) REFERENCES app_user (user_id),
    CONSTRAINT user_permission_proposal_id_fk FOREIGN KEY(proposal_id) REFERENCES access_proposal (proposal_id),
    CONSTRAINT user_permission_revocation_id_fk FOREIGN KEY(revocation_id) REFERENCES access_proposal (proposal_id),
    CONSTRAINT user_permission_permission_ck CHECK (permission ~ '^[a-z_]+:(read|request|make|approve)$'),
    CONSTRAINT user_permission_revoked_ck CHECK ((revoked_at IS NULL) = (revocation_id IS NULL)),
    CONSTRAINT user_permission_revoked_at_ck CHECK (revoked_at >= granted_at)
);
COMMENT ON TABLE user_permission IS '権限: what two persons granted to a user, and when it was revoked';
COMMENT ON COLUMN user_permission.user_id IS 'ユーザID';
COMMENT ON COLUMN user_permission.permission IS '権限: work:level';
COMMENT ON COLUMN user_permission.granted_at IS '付与日時';
COMMENT ON COLUMN user_permission.proposal_id IS '付与の起案ID: none for the first administrators';
COMMENT ON COLUMN user_permission.revoked_at IS '剥奪日時';
COMMENT ON COLUMN user_permission.revocation_id IS '剥奪の起案ID';
CREATE UNIQUE INDEX user_permission_held_ix ON user_permission (user_id, permission) WHERE revoked_at IS NULL;

CREATE TABLE credential (
    credential_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
    proposal_id TEXT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by TEXT,
    CONSTRAINT credential_pk PRIMARY KEY (credential_id),
    CONSTRAINT credential_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT credential_proposal_id_fk FOREIGN KEY(proposal_id) REFERENCES access_proposal (proposal_id),
    CONSTRAINT credential_revoked_by_fk FOREIGN KEY(revoked_by) REFERENCES app_user (user_id),
    CONSTRAINT credential_scope_ck CHECK (scope IN ('reference', 'update')),
    CONSTRAINT credential_secret_hash_ck CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT credential_valid_until_ck CHECK (valid_until > valid_from),
    CONSTRAINT credential_revoked_ck CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE credential IS '機関の認証情報: what the systems of an institution show the API (R-PROGMAT-API-3)';
COMMENT ON COLUMN credential.credential_id IS '認証情報ID: public, never used again';
COMMENT ON COLUMN credential.institution_id IS '関係機関ID: whose systems show it';
COMMENT ON COLUMN credential.scope IS '区分: reference or update';
COMMENT ON COLUMN credential.secret_hash IS 'シークレットのSHA-256: of 256 random bits';
COMMENT ON COLUMN credential.valid_from IS '有効開始日時';
COMMENT ON COLUMN credential.valid_until IS '有効終了日時: first instant at which it is not valid';
COMMENT ON COLUMN credential.proposal_id IS '発行の起案ID: maker, approver and evidence';
COMMENT ON COLUMN credential.issued_at IS '発行日時';
COMMENT ON COLUMN credential.revoked_at IS '失効日時';
COMMENT ON COLUMN credential.revoked_by IS '失効者: user id';
CREATE INDEX credential_institution_id_ix ON credential (institution_id);

-- The data key of an owner can be destroyed: of a user, say, who is erased.

ALTER TABLE owner_key ALTER wrapped_key DROP NOT NULL;
ALTER TABLE owner_key ADD destroyed_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE owner_key ADD destroyed_by TEXT;
ALTER TABLE owner_key ADD destroyed_for TEXT;
ALTER TABLE owner_key ADD CONSTRAINT owner_key_destroyed_ck CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL) AND (destroyed_at IS NULL) = (destroyed_by IS NULL) AND (destroyed_at IS NULL) = (destroyed_for IS NULL));
COMMENT ON COLUMN owner_key.wrapped_key IS '包まれたデータ鍵: empty once destroyed';
COMMENT ON COLUMN owner_key.destroyed_at IS '破棄日時: the sealed data is unreadable from here on';
COMMENT ON COLUMN owner_key.destroyed_by IS '破棄者';
COMMENT ON COLUMN owner_key.destroyed_for IS '破棄の根拠';
