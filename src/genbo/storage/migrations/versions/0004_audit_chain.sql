-- The audit chain.

CREATE TABLE audit (
    number BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT,
    product_id TEXT,
    command TEXT,
    facts JSONB NOT NULL,
    row_digests JSONB NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_pk PRIMARY KEY (number),
    CONSTRAINT audit_number_ck CHECK (number > 0),
    CONSTRAINT audit_action_ck CHECK (action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'),
    CONSTRAINT audit_actor_ck CHECK (actor <> ''),
    CONSTRAINT audit_hash_ck CHECK (octet_length(previous) = 32 AND octet_length(hash) = 32)
);
CREATE INDEX audit_at_ix ON audit USING brin (at);
CREATE INDEX audit_command_ix ON audit (command) WHERE command IS NOT NULL;
CREATE INDEX audit_subject_ix ON audit (subject);
COMMENT ON TABLE audit IS '監査記録: append only; each row holds the hash of the row before it';
COMMENT ON COLUMN audit.number IS '記録番号: 1, 2, 3 ... without a gap';
COMMENT ON COLUMN audit.at IS '日時: when it happened';
COMMENT ON COLUMN audit.action IS '種別: source:subject:action';
COMMENT ON COLUMN audit.actor IS '実行者: an account or a part of the system, never a name';
COMMENT ON COLUMN audit.subject IS '対象ID: what it is about';
COMMENT ON COLUMN audit.product_id IS '受益権ID';
COMMENT ON COLUMN audit.command IS '指図ID: the command it belongs to';
COMMENT ON COLUMN audit.facts IS '事実: ids, counts, digests; no personal data';
COMMENT ON COLUMN audit.row_digests IS '行のハッシュ: `table/key` of each row written, to its digest';
COMMENT ON COLUMN audit.previous IS '直前の記録のハッシュ';
COMMENT ON COLUMN audit.hash IS 'この記録のハッシュ';

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit is append only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
