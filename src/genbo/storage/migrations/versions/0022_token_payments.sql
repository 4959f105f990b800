-- Distributions paid in a yen token.

ALTER TABLE distribution ADD COLUMN cash TEXT;
ALTER TABLE distribution ADD COLUMN cash_chain_id BIGINT;
ALTER TABLE distribution ADD COLUMN cash_decimals INTEGER;
ALTER TABLE distribution ADD COLUMN payer TEXT;
COMMENT ON COLUMN distribution.cash IS '円建トークン: that it is paid in; empty: by bank transfer';
COMMENT ON COLUMN distribution.cash_chain_id IS '円建トークンのチェーンID';
COMMENT ON COLUMN distribution.cash_decimals IS '円建トークンの小数桁数';
COMMENT ON COLUMN distribution.payer IS '支払人のアドレス: whose yen it is';
ALTER TABLE distribution ADD CONSTRAINT distribution_cash_ck CHECK (cash ~ '^0x[0-9A-Fa-f]{40}$');
ALTER TABLE distribution ADD CONSTRAINT distribution_payer_ck CHECK (payer ~ '^0x[0-9A-Fa-f]{40}$');
ALTER TABLE distribution ADD CONSTRAINT distribution_way_ck CHECK ((cash IS NULL) = (payer IS NULL) AND (cash IS NULL) = (cash_chain_id IS NULL) AND (cash IS NULL) = (cash_decimals IS NULL) AND cash_decimals BETWEEN 0 AND 18);

ALTER TABLE payee_line ADD COLUMN way TEXT DEFAULT 'bank' NOT NULL;
ALTER TABLE payee_line ADD COLUMN batch_number INTEGER;
COMMENT ON COLUMN payee_line.way IS '支払方法: by the bank, or in a yen token';
COMMENT ON COLUMN payee_line.batch_number IS '円建トークン支払の番号: the last batch it stands in';
ALTER TABLE payee_line DROP CONSTRAINT payee_line_hold_ck;
ALTER TABLE payee_line DROP CONSTRAINT payee_line_file_number_ck;
ALTER TABLE payee_line ADD CONSTRAINT payee_line_hold_ck CHECK (hold IN ('blocked', 'holder_unknown', 'erased', 'account', 'wallet', 'returned', 'order'));
ALTER TABLE payee_line ADD CONSTRAINT payee_line_way_ck CHECK (way IN ('bank', 'token'));
ALTER TABLE payee_line ADD CONSTRAINT payee_line_file_number_ck CHECK (state <> 'sent' OR CASE way WHEN 'bank' THEN file_number ELSE batch_number END IS NOT NULL);

CREATE TABLE payment_terms (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    product_id TEXT NOT NULL,
    cash TEXT,
    chain_id BIGINT,
    decimals INTEGER,
    payer TEXT,
    evidence_ref TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT payment_terms_pk PRIMARY KEY (number),
    CONSTRAINT payment_terms_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT payment_terms_cash_ck CHECK (cash ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT payment_terms_payer_ck CHECK (payer ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT payment_terms_way_ck CHECK ((cash IS NULL) = (payer IS NULL) AND (cash IS NULL) = (chain_id IS NULL) AND (cash IS NULL) = (decimals IS NULL) AND decimals BETWEEN 0 AND 18),
    CONSTRAINT payment_terms_evidence_ref_ck CHECK (evidence_ref <> '')
);
CREATE INDEX payment_terms_product_id_ix ON payment_terms (product_id);
COMMENT ON TABLE payment_terms IS '支払方法の履歴: how the distributions of a product are paid; the last one counts for runs declared then';
COMMENT ON COLUMN payment_terms.number IS '番号: of recording';
COMMENT ON COLUMN payment_terms.product_id IS '受益権ID';
COMMENT ON COLUMN payment_terms.cash IS '円建トークン: that it is paid in; empty: by bank transfer';
COMMENT ON COLUMN payment_terms.chain_id IS 'チェーンID';
COMMENT ON COLUMN payment_terms.decimals IS '小数桁数';
COMMENT ON COLUMN payment_terms.payer IS '支払人のアドレス: whose yen it is';
COMMENT ON COLUMN payment_terms.evidence_ref IS '証跡参照: reference of the decision, never its content';
COMMENT ON COLUMN payment_terms.recorded_at IS '登録日時';
COMMENT ON COLUMN payment_terms.recorded_by IS '登録者';
ALTER TABLE payment_terms ENABLE ROW LEVEL SECURITY;

CREATE TABLE token_batch (
    distribution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    state TEXT NOT NULL,
    records INTEGER NOT NULL,
    total BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by TEXT NOT NULL,
    tx BYTEA,
    block BIGINT,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT token_batch_pk PRIMARY KEY (distribution_id, number),
    CONSTRAINT token_batch_command_id_uq UNIQUE (command_id),
    CONSTRAINT token_batch_distribution_id_fk FOREIGN KEY(distribution_id) REFERENCES distribution (distribution_id),
    CONSTRAINT token_batch_command_id_fk FOREIGN KEY(command_id) REFERENCES command (command_id),
    CONSTRAINT token_batch_state_ck CHECK (state IN ('sent', 'settled', 'void')),
    CONSTRAINT token_batch_records_ck CHECK (number > 0 AND records > 0 AND total > 0),
    CONSTRAINT token_batch_settled_at_ck CHECK ((state = 'sent') = (settled_at IS NULL)),
    CONSTRAINT token_batch_tx_ck CHECK ((state = 'settled') = (tx IS NOT NULL) AND (tx IS NULL) = (block IS NULL))
);
COMMENT ON TABLE token_batch IS '円建トークン支払: batches of payments, one transaction each (電子決済手段)';
COMMENT ON COLUMN token_batch.distribution_id IS '分配ID';
COMMENT ON COLUMN token_batch.number IS '円建トークン支払の番号: from 1';
COMMENT ON COLUMN token_batch.command_id IS '指図ID: the transaction that pays it';
COMMENT ON COLUMN token_batch.state IS '状態';
COMMENT ON COLUMN token_batch.records IS '件数: of its lines';
COMMENT ON COLUMN token_batch.total IS '合計金額: yen of its lines';
COMMENT ON COLUMN token_batch.made_at IS '作成日時';
COMMENT ON COLUMN token_batch.made_by IS '作成者';
COMMENT ON COLUMN token_batch.tx IS '取引ハッシュ: once it is final';
COMMENT ON COLUMN token_batch.block IS 'ブロック番号';
COMMENT ON COLUMN token_batch.settled_at IS '確定日時';
ALTER TABLE token_batch ENABLE ROW LEVEL SECURITY;

CREATE TABLE token_payment (
    distribution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    batch_number INTEGER NOT NULL,
    address TEXT NOT NULL,
    outcome TEXT,
    CONSTRAINT token_payment_pk PRIMARY KEY (distribution_id, number, batch_number),
    CONSTRAINT token_payment_distribution_id_number_fk FOREIGN KEY(distribution_id, number) REFERENCES payee_line (distribution_id, number),
    CONSTRAINT token_payment_distribution_id_batch_number_fk FOREIGN KEY(distribution_id, batch_number) REFERENCES token_batch (distribution_id, number),
    CONSTRAINT token_payment_outcome_ck CHECK (outcome IN ('paid', 'refused', 'void')),
    CONSTRAINT token_payment_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$')
);
CREATE UNIQUE INDEX token_payment_paid_uq ON token_payment (distribution_id, number) WHERE outcome = 'paid';
COMMENT ON TABLE token_payment IS '円建トークン支払の明細: each line in each batch, to which address, and what the ledger said of it';
COMMENT ON COLUMN token_payment.distribution_id IS '分配ID';
COMMENT ON COLUMN token_payment.number IS '明細番号';
COMMENT ON COLUMN token_payment.batch_number IS '円建トークン支払の番号';
COMMENT ON COLUMN token_payment.address IS '受取アドレス';
COMMENT ON COLUMN token_payment.outcome IS '結果: empty while the batch is not final';
ALTER TABLE token_payment ENABLE ROW LEVEL SECURITY;
