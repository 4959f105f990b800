-- Orders that carry the giver's signature; what changing requests were answered; files that come in parts.

-- Rows that are there keep their digests in the audit chain: what is added is empty in them.
ALTER TABLE transfer_order ADD COLUMN authorised_after BIGINT;
ALTER TABLE transfer_order ADD COLUMN authorised_before BIGINT;
ALTER TABLE transfer_order ADD COLUMN authorisation BYTEA;
ALTER TABLE transfer_order ADD COLUMN raw_transaction BYTEA;
ALTER TABLE transfer_order ADD CONSTRAINT transfer_order_authorisation_ck CHECK ((authorisation IS NULL) = (authorised_after IS NULL) AND (authorisation IS NULL) = (authorised_before IS NULL));
ALTER TABLE transfer_order ADD CONSTRAINT transfer_order_raw_transaction_ck CHECK (authorisation IS NULL OR raw_transaction IS NULL);
COMMENT ON COLUMN transfer_order.authorised_after IS '移転承認の有効開始: UTC seconds, valid after it';
COMMENT ON COLUMN transfer_order.authorised_before IS '移転承認の有効終了: UTC seconds, valid before it';
COMMENT ON COLUMN transfer_order.authorisation IS '移転承認の署名: of the giver''s key (ERC-3009)';
COMMENT ON COLUMN transfer_order.raw_transaction IS '署名済取引: of a giver who sends by his own account';
ALTER TABLE transfer_order ALTER COLUMN facts SET DEFAULT '{}'::jsonb;
ALTER TABLE command ALTER COLUMN facts SET DEFAULT '{}'::jsonb;

CREATE TABLE request (
    institution_id TEXT NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer JSON NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT request_pk PRIMARY KEY (institution_id, key),
    CONSTRAINT request_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT request_status_ck CHECK (status BETWEEN 200 AND 299)
);
COMMENT ON TABLE request IS '依頼の記録: what was answered, kept in the transaction that did it';
COMMENT ON COLUMN request.institution_id IS '関係者ID: who asked';
COMMENT ON COLUMN request.key IS '冪等キー: one act, one key';
COMMENT ON COLUMN request.route IS '経路: method and path as described';
COMMENT ON COLUMN request.body_digest IS '本文のダイジェスト: another body under the same key is refused';
COMMENT ON COLUMN request.status IS 'HTTPステータス';
COMMENT ON COLUMN request.answer IS '回答: ids and figures, no personal data';
COMMENT ON COLUMN request.answered_at IS '回答日時';
ALTER TABLE request ENABLE ROW LEVEL SECURITY;

CREATE TABLE upload (
    file_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    part_size INTEGER NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    begun_by TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT upload_pk PRIMARY KEY (file_id),
    CONSTRAINT upload_file_id_fk FOREIGN KEY(file_id) REFERENCES import_file (file_id),
    CONSTRAINT upload_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT upload_part_size_ck CHECK (part_size > 0),
    CONSTRAINT upload_ended_at_ck CHECK (ended_at >= begun_at)
);
COMMENT ON TABLE upload IS 'アップロード: files that come over the interface';
COMMENT ON COLUMN upload.file_id IS '取込ファイルID';
COMMENT ON COLUMN upload.institution_id IS '関係者ID: whose file it is';
COMMENT ON COLUMN upload.part_size IS '分割サイズ: bytes of every part but the last';
COMMENT ON COLUMN upload.begun_at IS '開始日時';
COMMENT ON COLUMN upload.begun_by IS '開始者';
COMMENT ON COLUMN upload.ended_at IS '終了日時: its bytes are gone since then';
ALTER TABLE upload ENABLE ROW LEVEL SECURITY;

CREATE TABLE upload_part (
    file_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    size INTEGER NOT NULL,
    part_hash BYTEA NOT NULL,
    content BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT upload_part_pk PRIMARY KEY (file_id, part),
    CONSTRAINT upload_part_file_id_fk FOREIGN KEY(file_id) REFERENCES upload (file_id),
    CONSTRAINT upload_part_part_ck CHECK (part > 0 AND size > 0)
);
COMMENT ON TABLE upload_part IS 'アップロードの分割: parts of a file that has not been applied yet';
COMMENT ON COLUMN upload_part.file_id IS '取込ファイルID';
COMMENT ON COLUMN upload_part.part IS '分割番号: from 1';
COMMENT ON COLUMN upload_part.size IS 'バイト数';
COMMENT ON COLUMN upload_part.part_hash IS '分割ハッシュ: SHA-256 of its bytes';
COMMENT ON COLUMN upload_part.content IS '内容: sealed with the key of the file, gone when it has ended';
COMMENT ON COLUMN upload_part.received_at IS '受領日時';
ALTER TABLE upload_part ENABLE ROW LEVEL SECURITY;
