CREATE TABLE inspection (
    inspection_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id TEXT NOT NULL,
    investor_id TEXT,
    extent TEXT NOT NULL,
    institution_id TEXT,
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    block BIGINT NOT NULL,
    facts_digest BYTEA NOT NULL,
    lots INTEGER NOT NULL,
    form TEXT NOT NULL,
    language TEXT NOT NULL,
    requester TEXT NOT NULL,
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by TEXT NOT NULL,
    CONSTRAINT inspection_pk PRIMARY KEY (inspection_id),
    CONSTRAINT inspection_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT inspection_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT inspection_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT inspection_kind_ck CHECK (kind IN ('register', 'certificate')),
    CONSTRAINT inspection_extent_ck CHECK (extent IN ('full', 'reduced', 'own_customers')),
    CONSTRAINT inspection_form_ck CHECK (form IN ('json', 'csv', 'xlsx', 'pdf')),
    CONSTRAINT inspection_language_ck CHECK (language IN ('en', 'ja')),
    CONSTRAINT inspection_purpose_ck CHECK (purpose IN ('register', 'certificate', 'payment', 'notice', 'verification', 'order', 'addresses', 'administration', 'maintenance')),
    CONSTRAINT inspection_investor_id_ck CHECK ((kind = 'certificate') = (investor_id IS NOT NULL)),
    CONSTRAINT inspection_lots_ck CHECK (lots >= 0),
    CONSTRAINT inspection_requester_ck CHECK (requester ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$'),
    CONSTRAINT inspection_reason_ck CHECK (reason ~ '[^[:space:]]' AND length(reason) <= 200)
);
COMMENT ON TABLE inspection IS '閲覧記録: registers and certificates that were issued, to whom and why; append only';
COMMENT ON COLUMN inspection.inspection_id IS '閲覧記録ID';
COMMENT ON COLUMN inspection.kind IS '種類: the register, or a certificate of entries';
COMMENT ON COLUMN inspection.product_id IS '受益権ID: whose register';
COMMENT ON COLUMN inspection.investor_id IS '投資家ID: whose entries, of a certificate';
COMMENT ON COLUMN inspection.extent IS '範囲: how much was shown';
COMMENT ON COLUMN inspection.institution_id IS '関係機関ID: as which institution it was asked for';
COMMENT ON COLUMN inspection.as_of IS '基準時点: first instant that no longer belongs to it';
COMMENT ON COLUMN inspection.block IS 'ブロック: the last one that belongs to it';
COMMENT ON COLUMN inspection.facts_digest IS '事実のハッシュ: SHA-256 of what was issued, without names';
COMMENT ON COLUMN inspection.lots IS '行数: lots that were shown';
COMMENT ON COLUMN inspection.form IS '形式: json, csv, xlsx or pdf';
COMMENT ON COLUMN inspection.language IS '言語';
COMMENT ON COLUMN inspection.requester IS '請求者: id of an institution, an investor or a document; never a name';
COMMENT ON COLUMN inspection.purpose IS '利用目的: why sealed names were opened';
COMMENT ON COLUMN inspection.reason IS '閲覧の理由: no personal data';
COMMENT ON COLUMN inspection.at IS '閲覧日時';
COMMENT ON COLUMN inspection.by IS '登録者: the user or credential that issued it';
CREATE INDEX inspection_investor_id_ix ON inspection (investor_id);
CREATE INDEX inspection_product_id_at_ix ON inspection (product_id, at);

CREATE FUNCTION inspection_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'inspection is append only';
END $$;
CREATE TRIGGER inspection_append_only BEFORE UPDATE OR DELETE ON inspection
    FOR EACH ROW EXECUTE FUNCTION inspection_append_only();
CREATE TRIGGER inspection_never_emptied BEFORE TRUNCATE ON inspection
    FOR EACH STATEMENT EXECUTE FUNCTION inspection_append_only();

ALTER TABLE inspection ENABLE ROW LEVEL SECURITY;
