-- The vault: rotation, blind index, retention and erasure.

CREATE TABLE vault_secret (
    name TEXT NOT NULL,
    kek_id TEXT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT vault_secret_pk PRIMARY KEY (name)
);
COMMENT ON TABLE vault_secret IS '保管庫の秘密: keys of the vault itself, wrapped as the data keys are';
COMMENT ON COLUMN vault_secret.name IS '秘密の名称: `blind_index` or `fingerprint`';
COMMENT ON COLUMN vault_secret.kek_id IS '鍵暗号化鍵のID: which key wraps it';
COMMENT ON COLUMN vault_secret.wrapped_key IS '包まれた秘密';
COMMENT ON COLUMN vault_secret.created_at IS '作成日時';

CREATE TABLE blind_index (
    field TEXT NOT NULL,
    digest BYTEA NOT NULL,
    investor_id TEXT NOT NULL,
    CONSTRAINT blind_index_pk PRIMARY KEY (field, digest, investor_id),
    CONSTRAINT blind_index_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT blind_index_digest_ck CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE blind_index IS 'ブラインドインデックス: finds whoever has a value, without showing it; goes with the investor''s erasure';
COMMENT ON COLUMN blind_index.field IS '項目';
COMMENT ON COLUMN blind_index.digest IS '鍵付きハッシュ: HMAC-SHA256 of the value';
COMMENT ON COLUMN blind_index.investor_id IS '投資家ID';
CREATE INDEX blind_index_investor_id_ix ON blind_index (investor_id);

CREATE TABLE relation_end (
    investor_id TEXT NOT NULL,
    ended_on DATE NOT NULL,
    evidence_ref TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT relation_end_pk PRIMARY KEY (investor_id),
    CONSTRAINT relation_end_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT relation_end_evidence_ref_ck CHECK (evidence_ref <> '')
);
COMMENT ON TABLE relation_end IS '取引関係の終了: the day from which the record of identification is kept on (犯収法6条)';
COMMENT ON COLUMN relation_end.investor_id IS '投資家ID';
COMMENT ON COLUMN relation_end.ended_on IS '契約終了日: last day of the contract';
COMMENT ON COLUMN relation_end.evidence_ref IS '証跡参照: reference of the document, never its content';
COMMENT ON COLUMN relation_end.recorded_at IS '登録日時';
COMMENT ON COLUMN relation_end.recorded_by IS '登録者';

CREATE TABLE use_restriction (
    investor_id TEXT NOT NULL,
    restricted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ground TEXT NOT NULL,
    restricted_by TEXT NOT NULL,
    CONSTRAINT use_restriction_pk PRIMARY KEY (investor_id),
    CONSTRAINT use_restriction_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT use_restriction_ground_ck CHECK (ground <> '')
);
COMMENT ON TABLE use_restriction IS '利用制限: use is restricted until the data may be erased';
COMMENT ON COLUMN use_restriction.investor_id IS '投資家ID';
COMMENT ON COLUMN use_restriction.restricted_at IS '利用制限日時: from here on only purposes the law demands';
COMMENT ON COLUMN use_restriction.ground IS '根拠: reference of the decision or of the request';
COMMENT ON COLUMN use_restriction.restricted_by IS '登録者';

CREATE TABLE legal_hold (
    investor_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    until DATE,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    placed_by TEXT NOT NULL,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by TEXT,
    lifted_for TEXT,
    CONSTRAINT legal_hold_pk PRIMARY KEY (investor_id, reference),
    CONSTRAINT legal_hold_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT legal_hold_reference_ck CHECK (reference <> ''),
    CONSTRAINT legal_hold_lifted_ck CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_for IS NULL) AND lifted_for <> '' AND lifted_by <> placed_by AND lifted_at >= placed_at)
);
COMMENT ON TABLE legal_hold IS '法的保全: whatever stands against an erasure; whoever placed it does not lift it';
COMMENT ON COLUMN legal_hold.investor_id IS '投資家ID';
COMMENT ON COLUMN legal_hold.reference IS '保全の参照: of the dispute, order or investigation';
COMMENT ON COLUMN legal_hold.until IS '保全終了日: last day, where it is known';
COMMENT ON COLUMN legal_hold.placed_at IS '登録日時';
COMMENT ON COLUMN legal_hold.placed_by IS '登録者';
COMMENT ON COLUMN legal_hold.lifted_at IS '解除日時';
COMMENT ON COLUMN legal_hold.lifted_by IS '解除者';
COMMENT ON COLUMN legal_hold.lifted_for IS '解除の根拠';
CREATE INDEX legal_hold_standing_ix ON legal_hold (investor_id) WHERE lifted_at IS NULL;
