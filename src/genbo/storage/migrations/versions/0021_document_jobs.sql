-- Document jobs.

CREATE TABLE document_job (
    job_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id TEXT NOT NULL,
    purpose TEXT,
    request BYTEA,
    request_mark BYTEA NOT NULL,
    state TEXT NOT NULL,
    rows_of INTEGER NOT NULL,
    rows_done INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    erasures INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by TEXT NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refusals JSONB,
    size BIGINT,
    digest BYTEA,
    facts JSONB,
    expires_at TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT document_job_pk PRIMARY KEY (job_id),
    CONSTRAINT document_job_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT document_job_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT document_job_kind_ck CHECK (kind IN ('register', 'certificate', 'payment_file', 'distribution')),
    CONSTRAINT document_job_state_ck CHECK (state IN ('running', 'done', 'refused', 'cancelled')),
    CONSTRAINT document_job_purpose_ck CHECK (purpose IN ('register', 'certificate', 'payment', 'notice', 'verification', 'order', 'addresses', 'administration', 'maintenance')),
    CONSTRAINT document_job_rows_done_ck CHECK (rows_done >= 0 AND rows_of >= 0 AND attempts >= 0 AND erasures >= 0),
    CONSTRAINT document_job_digest_ck CHECK ((state = 'done') = (digest IS NOT NULL)),
    CONSTRAINT document_job_size_ck CHECK ((digest IS NULL) = (size IS NULL) AND (digest IS NULL) = (facts IS NULL) AND (digest IS NULL) = (expires_at IS NULL)),
    CONSTRAINT document_job_refusals_ck CHECK ((state = 'refused') = (refusals IS NOT NULL)),
    CONSTRAINT document_job_request_ck CHECK ((removed_at IS NULL) = (request IS NOT NULL))
);
CREATE INDEX document_job_kept_ix ON document_job (expires_at) WHERE removed_at IS NULL;
CREATE INDEX document_job_of_ix ON document_job (institution_id, asked_at);
CREATE INDEX document_job_running_ix ON document_job (asked_at) WHERE state = 'running';
COMMENT ON TABLE document_job IS '帳票処理: documents that are made after they were asked for';
COMMENT ON COLUMN document_job.job_id IS '処理ID';
COMMENT ON COLUMN document_job.institution_id IS '関係機関ID: whose systems asked';
COMMENT ON COLUMN document_job.kind IS '帳票の種類';
COMMENT ON COLUMN document_job.product_id IS '受益権ID';
COMMENT ON COLUMN document_job.purpose IS '利用目的: none where nobody is named';
COMMENT ON COLUMN document_job.request IS '依頼の内容: sealed with the key of the job, gone when its result is';
COMMENT ON COLUMN document_job.request_mark IS '依頼の照合値: keyed digest of what was asked';
COMMENT ON COLUMN document_job.state IS '状態';
COMMENT ON COLUMN document_job.rows_of IS '行数: as far as it is known';
COMMENT ON COLUMN document_job.rows_done IS '処理済行数';
COMMENT ON COLUMN document_job.attempts IS '着手回数';
COMMENT ON COLUMN document_job.erasures IS '消去済投資家数: how many were erased when it was begun';
COMMENT ON COLUMN document_job.asked_at IS '受付日時';
COMMENT ON COLUMN document_job.asked_by IS '依頼者: the credential';
COMMENT ON COLUMN document_job.begun_at IS '着手日時: the last one';
COMMENT ON COLUMN document_job.changed_at IS '状態変更日時';
COMMENT ON COLUMN document_job.refusals IS '拒否理由: reasons with their facts, no personal data';
COMMENT ON COLUMN document_job.size IS '結果のバイト数';
COMMENT ON COLUMN document_job.digest IS '結果のハッシュ: SHA-256 of the bytes';
COMMENT ON COLUMN document_job.facts IS '結果の属性: what its headers say, no personal data';
COMMENT ON COLUMN document_job.expires_at IS '結果の保存期限: the first instant at which it is gone';
COMMENT ON COLUMN document_job.removed_at IS '削除日時: request and result are gone since then';
ALTER TABLE document_job ENABLE ROW LEVEL SECURITY;

CREATE TABLE document_job_part (
    job_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT document_job_part_pk PRIMARY KEY (job_id, part),
    CONSTRAINT document_job_part_job_id_fk FOREIGN KEY(job_id) REFERENCES document_job (job_id),
    CONSTRAINT document_job_part_part_ck CHECK (part > 0)
);
COMMENT ON TABLE document_job_part IS '帳票処理の結果: a document in parts, sealed';
COMMENT ON COLUMN document_job_part.job_id IS '処理ID';
COMMENT ON COLUMN document_job_part.part IS '分割番号: from 1';
COMMENT ON COLUMN document_job_part.content IS '内容: sealed with the key of the job, gone when it has expired';
ALTER TABLE document_job_part ENABLE ROW LEVEL SECURITY;
