-- Orders that carry the giver's signature; what changing requests were answered; files that come in parts.

-- Rows that are there keep their digests in the audit chain: what is added is empty in them.
ALTER TABLE transfer_order ADD COLUMN authorised_after BIGINT;
ALTER TABLE transfer_order ADD COLUMN authorised_before BIGINT;
ALTER TABLE transfer_order ADD COLUMN authorisation BYTEA;
ALTER TABLE transfer_order ADD COLUMN raw_transaction BYTEA;
ALTER TABLE transfer_order ADD CONSTRAINT transfer_order_raw_transaction_ck CHECK (authorisation IS NULL OR raw_transaction IS NULL);
ALTER TABLE transfer_order ADD CONSTRAINT transfer_order_authorisation_ck CHECK ((authorisation IS NULL) = (authorised_after IS NULL) AND (authorisation IS NULL) = (authorised_before IS NULL));
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
