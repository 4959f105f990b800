-- KYC and AML: sessions, results, lists, screenings, releases.

ALTER TABLE identity ADD COLUMN name_kana BYTEA, ADD COLUMN name_romaji BYTEA;
COMMENT ON COLUMN identity.name_kana IS '氏名（カナ）: as its bearer reads it, sealed';
COMMENT ON COLUMN identity.name_romaji IS '氏名（ローマ字）: as its bearer writes it, sealed';

ALTER TABLE verdict
    ADD COLUMN method TEXT,
    ADD COLUMN rule_version TEXT,
    ADD COLUMN result_id TEXT,
    ADD COLUMN revokes TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT verdict_revokes_ck CHECK (revokes < checked_at);
COMMENT ON COLUMN verdict.method IS '本人確認方法';
COMMENT ON COLUMN verdict.rule_version IS '判定規則の版';
COMMENT ON COLUMN verdict.result_id IS '本人確認結果ID: the result it rests on';
COMMENT ON COLUMN verdict.revokes IS '取消: it takes back the verdict of that instant, nothing holds';

CREATE TABLE kyc_session (
    session_id TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    provider_ref TEXT,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_by TEXT NOT NULL,
    CONSTRAINT kyc_session_pk PRIMARY KEY (session_id),
    CONSTRAINT kyc_session_provider_provider_ref_uq UNIQUE (provider, provider_ref),
    CONSTRAINT kyc_session_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id)
);
COMMENT ON TABLE kyc_session IS '本人確認セッション: what a provider was asked';
COMMENT ON COLUMN kyc_session.session_id IS '本人確認セッションID: ours, random';
COMMENT ON COLUMN kyc_session.investor_id IS '投資家ID';
COMMENT ON COLUMN kyc_session.provider IS '本人確認事業者: issuer of its callbacks';
COMMENT ON COLUMN kyc_session.provider_ref IS '事業者側の参照: once the provider has taken it';
COMMENT ON COLUMN kyc_session.started_at IS '開始日時';
COMMENT ON COLUMN kyc_session.started_by IS '開始者';
CREATE INDEX kyc_session_investor_id_ix ON kyc_session (investor_id);

CREATE TABLE kyc_result (
    provider TEXT NOT NULL,
    result_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    method TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    evidence_ref TEXT NOT NULL,
    digest BYTEA NOT NULL,
    name_matches BOOLEAN,
    address_matches BOOLEAN,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_by TEXT NOT NULL,
    CONSTRAINT kyc_result_pk PRIMARY KEY (provider, result_id),
    CONSTRAINT kyc_result_session_id_fk FOREIGN KEY(session_id) REFERENCES kyc_session (session_id),
    CONSTRAINT kyc_result_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT kyc_result_outcome_ck CHECK (outcome IN ('passed', 'review', 'failed', 'revoked')),
    CONSTRAINT kyc_result_expires_at_ck CHECK (expires_at > checked_at),
    CONSTRAINT kyc_result_passed_ck CHECK ((outcome = 'passed') <= (expires_at IS NOT NULL)),
    CONSTRAINT kyc_result_evidence_ref_ck CHECK (evidence_ref <> '')
);
COMMENT ON TABLE kyc_result IS '本人確認結果: what a provider answered';
COMMENT ON COLUMN kyc_result.provider IS '本人確認事業者';
COMMENT ON COLUMN kyc_result.result_id IS '結果ID: the provider''s, never used again (jti)';
COMMENT ON COLUMN kyc_result.session_id IS '本人確認セッションID';
COMMENT ON COLUMN kyc_result.investor_id IS '投資家ID';
COMMENT ON COLUMN kyc_result.outcome IS '結果';
COMMENT ON COLUMN kyc_result.method IS '本人確認方法: the provider''s word for it';
COMMENT ON COLUMN kyc_result.rule_version IS '判定規則の版: trust framework and assurance level';
COMMENT ON COLUMN kyc_result.evidence_ref IS '証跡参照: reference of the evidence, never its content';
COMMENT ON COLUMN kyc_result.digest IS '通知のダイジェスト: keyed, so that nobody finds the content by trying';
COMMENT ON COLUMN kyc_result.name_matches IS '氏名一致: whether the vault has the same';
COMMENT ON COLUMN kyc_result.address_matches IS '住所一致: whether the vault has the same';
COMMENT ON COLUMN kyc_result.checked_at IS '確認日時: when the person was checked';
COMMENT ON COLUMN kyc_result.expires_at IS '有効期限: first instant it no longer holds';
COMMENT ON COLUMN kyc_result.issued_at IS '通知の発行日時: by the provider; later ones come after';
COMMENT ON COLUMN kyc_result.received_at IS '受領日時';
COMMENT ON COLUMN kyc_result.received_by IS '受領者';
CREATE INDEX kyc_result_session_id_issued_at_ix ON kyc_result (session_id, issued_at);

CREATE TABLE sanctions_list (
    list_name TEXT NOT NULL,
    number INTEGER NOT NULL,
    source TEXT NOT NULL,
    published DATE NOT NULL,
    digest BYTEA NOT NULL,
    entries INTEGER NOT NULL,
    entries_digest BYTEA NOT NULL,
    loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    loaded_by TEXT NOT NULL,
    CONSTRAINT sanctions_list_pk PRIMARY KEY (list_name, number),
    CONSTRAINT sanctions_list_list_name_digest_uq UNIQUE (list_name, digest),
    CONSTRAINT sanctions_list_number_ck CHECK (number > 0),
    CONSTRAINT sanctions_list_entries_ck CHECK (entries > 0)
);
COMMENT ON TABLE sanctions_list IS '制裁対象者リスト: versions of the lists that customers are compared with';
COMMENT ON COLUMN sanctions_list.list_name IS 'リスト名: the same in every version';
COMMENT ON COLUMN sanctions_list.number IS '版番号: counts up from 1; the last one is in force';
COMMENT ON COLUMN sanctions_list.source IS '形式: what it was read from';
COMMENT ON COLUMN sanctions_list.published IS '発行日: as its publisher gives it';
COMMENT ON COLUMN sanctions_list.digest IS 'ファイルのSHA-256';
COMMENT ON COLUMN sanctions_list.entries IS '件数';
COMMENT ON COLUMN sanctions_list.entries_digest IS '収録内容のダイジェスト: over every entry, by id';
COMMENT ON COLUMN sanctions_list.loaded_at IS '取込日時';
COMMENT ON COLUMN sanctions_list.loaded_by IS '取込者';

CREATE TABLE sanctions_entry (
    list_name TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    from_number INTEGER NOT NULL,
    until_number INTEGER,
    kind TEXT NOT NULL,
    names TEXT[] NOT NULL,
    births TEXT[] NOT NULL,
    programs TEXT[] NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT sanctions_entry_pk PRIMARY KEY (list_name, entry_id, from_number),
    CONSTRAINT sanctions_entry_list_name_from_number_fk FOREIGN KEY(list_name, from_number) REFERENCES sanctions_list (list_name, number),
    CONSTRAINT sanctions_entry_kind_ck CHECK (kind IN ('person', 'organisation', 'other', 'unknown')),
    CONSTRAINT sanctions_entry_until_number_ck CHECK (until_number > from_number)
);
COMMENT ON TABLE sanctions_entry IS '制裁対象者リストの登録: published entries, each for the versions that have it';
COMMENT ON COLUMN sanctions_entry.list_name IS 'リスト名';
COMMENT ON COLUMN sanctions_entry.entry_id IS '登録ID: the list''s own';
COMMENT ON COLUMN sanctions_entry.from_number IS '開始版';
COMMENT ON COLUMN sanctions_entry.until_number IS '終了版: the first version without it';
COMMENT ON COLUMN sanctions_entry.kind IS '種別';
COMMENT ON COLUMN sanctions_entry.names IS '名称: as published';
COMMENT ON COLUMN sanctions_entry.births IS '生年月日: as published';
COMMENT ON COLUMN sanctions_entry.programs IS '措置: as published';
COMMENT ON COLUMN sanctions_entry.digest IS '登録内容のSHA-256';
CREATE INDEX sanctions_entry_from_ix ON sanctions_entry (list_name, from_number);
CREATE INDEX sanctions_entry_until_ix ON sanctions_entry (list_name, until_number);

CREATE TABLE screening_thresholds (
    number INTEGER NOT NULL,
    version TEXT NOT NULL,
    possible INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    birth_years INTEGER NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by TEXT NOT NULL,
    CONSTRAINT screening_thresholds_pk PRIMARY KEY (version),
    CONSTRAINT screening_thresholds_number_uq UNIQUE (number),
    CONSTRAINT screening_thresholds_possible_ck CHECK (possible BETWEEN 1 AND hit AND hit <= 100),
    CONSTRAINT screening_thresholds_birth_years_ck CHECK (birth_years >= 0)
);
COMMENT ON TABLE screening_thresholds IS '照合の判定基準: versions; from which scores a match is possible, and a hit';
COMMENT ON COLUMN screening_thresholds.number IS '順番: the last one is in force';
COMMENT ON COLUMN screening_thresholds.version IS '判定基準の版';
COMMENT ON COLUMN screening_thresholds.possible IS '要確認の下限スコア';
COMMENT ON COLUMN screening_thresholds.hit IS '該当の下限スコア';
COMMENT ON COLUMN screening_thresholds.birth_years IS '生年の許容差: years';
COMMENT ON COLUMN screening_thresholds.set_at IS '設定日時';
COMMENT ON COLUMN screening_thresholds.set_by IS '設定者';

CREATE TABLE screening (
    investor_id TEXT NOT NULL,
    list_name TEXT NOT NULL,
    list_number INTEGER NOT NULL,
    subject_version INTEGER NOT NULL,
    thresholds TEXT NOT NULL,
    trigger TEXT NOT NULL,
    outcome TEXT NOT NULL,
    score INTEGER NOT NULL,
    matches JSONB NOT NULL,
    unread BOOLEAN NOT NULL,
    screened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    screened_by TEXT NOT NULL,
    CONSTRAINT screening_pk PRIMARY KEY (investor_id, list_name, list_number, subject_version, thresholds),
    CONSTRAINT screening_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT screening_list_name_list_number_fk FOREIGN KEY(list_name, list_number) REFERENCES sanctions_list (list_name, number),
    CONSTRAINT screening_thresholds_fk FOREIGN KEY(thresholds) REFERENCES screening_thresholds (version),
    CONSTRAINT screening_trigger_ck CHECK (trigger IN ('onboarding', 'name_change', 'list_change', 'transfer', 'policy_change')),
    CONSTRAINT screening_outcome_ck CHECK (outcome IN ('clear', 'possible', 'hit', 'unmatchable')),
    CONSTRAINT screening_score_ck CHECK (score BETWEEN 0 AND 100)
);
COMMENT ON TABLE screening IS '照合結果: one customer against one version of a list; no name';
COMMENT ON COLUMN screening.investor_id IS '投資家ID';
COMMENT ON COLUMN screening.list_name IS 'リスト名';
COMMENT ON COLUMN screening.list_number IS '版番号';
COMMENT ON COLUMN screening.subject_version IS '氏名の版';
COMMENT ON COLUMN screening.thresholds IS '判定基準の版';
COMMENT ON COLUMN screening.trigger IS '契機';
COMMENT ON COLUMN screening.outcome IS '結果';
COMMENT ON COLUMN screening.score IS '最高スコア: 0 without a match';
COMMENT ON COLUMN screening.matches IS '該当候補: entry id, digest, score, ground';
COMMENT ON COLUMN screening.unread IS '照合不能の氏名あり';
COMMENT ON COLUMN screening.screened_at IS '照合日時';
COMMENT ON COLUMN screening.screened_by IS '照合者';
CREATE INDEX screening_open_ix ON screening (list_name, investor_id) WHERE outcome <> 'clear';

CREATE TABLE release_proposal (
    proposal_id TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    list_name TEXT NOT NULL,
    list_number INTEGER NOT NULL,
    subject_version INTEGER NOT NULL,
    thresholds TEXT NOT NULL,
    ground TEXT NOT NULL,
    maker TEXT NOT NULL,
    evidence BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT release_proposal_pk PRIMARY KEY (proposal_id),
    CONSTRAINT release_proposal_investor_id_list_name_list_number_subj_6ccb FOREIGN KEY(investor_id, list_name, list_number, subject_version, thresholds) REFERENCES screening (investor_id, list_name, list_number, subject_version, thresholds),
    CONSTRAINT release_proposal_ground_ck CHECK (ground IN ('other_person', 'authorised', 'read_by_hand'))
);
COMMENT ON TABLE release_proposal IS '解除申請: the maker''s half of a release';
COMMENT ON COLUMN release_proposal.proposal_id IS '解除申請ID';
COMMENT ON COLUMN release_proposal.investor_id IS '投資家ID';
COMMENT ON COLUMN release_proposal.list_name IS 'リスト名';
COMMENT ON COLUMN release_proposal.list_number IS '版番号';
COMMENT ON COLUMN release_proposal.subject_version IS '氏名の版';
COMMENT ON COLUMN release_proposal.thresholds IS '判定基準の版';
COMMENT ON COLUMN release_proposal.ground IS '解除の理由';
COMMENT ON COLUMN release_proposal.maker IS '起案者';
COMMENT ON COLUMN release_proposal.evidence IS '根拠書類のダイジェスト';
COMMENT ON COLUMN release_proposal.made_at IS '起案日時';
CREATE INDEX release_proposal_investor_id_ix ON release_proposal (investor_id);

CREATE TABLE screening_release (
    proposal_id TEXT NOT NULL,
    approver TEXT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT screening_release_pk PRIMARY KEY (proposal_id),
    CONSTRAINT screening_release_proposal_id_fk FOREIGN KEY(proposal_id) REFERENCES release_proposal (proposal_id)
);
COMMENT ON TABLE screening_release IS '解除: the second person''s half';
COMMENT ON COLUMN screening_release.proposal_id IS '解除申請ID';
COMMENT ON COLUMN screening_release.approver IS '承認者';
COMMENT ON COLUMN screening_release.approved_at IS '承認日時';
