-- Books that are compared, difference cases, balance certificates.

CREATE TABLE book_check (
    check_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE,
    chain_id BIGINT NOT NULL,
    block_number BIGINT NOT NULL,
    block_hash BYTEA NOT NULL,
    block_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lines INTEGER NOT NULL,
    digest BYTEA NOT NULL,
    differences JSONB NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    checked_by TEXT NOT NULL,
    CONSTRAINT book_check_pk PRIMARY KEY (check_id),
    CONSTRAINT book_check_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT book_check_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT book_check_lines_ck CHECK (lines >= 0),
    CONSTRAINT book_check_differences_ck CHECK (jsonb_typeof(differences) = 'array')
);
COMMENT ON TABLE book_check IS '帳簿の照合: a firm''s book against the register at a block (R-PROGMAT-ISS-I)';
COMMENT ON COLUMN book_check.check_id IS '照合ID: made from firm, product, block and book, so the same book is one';
COMMENT ON COLUMN book_check.institution_id IS '関係者ID: whose book it is';
COMMENT ON COLUMN book_check.product_id IS '受益権ID';
COMMENT ON COLUMN book_check.as_of IS '基準時点: empty where a block was asked for';
COMMENT ON COLUMN book_check.chain_id IS 'チェーンID';
COMMENT ON COLUMN book_check.block_number IS 'ブロック番号: the last block that counts; final';
COMMENT ON COLUMN book_check.block_hash IS 'ブロックハッシュ';
COMMENT ON COLUMN book_check.block_at IS 'ブロック時刻';
COMMENT ON COLUMN book_check.lines IS '行数: of the book';
COMMENT ON COLUMN book_check.digest IS '帳簿のダイジェスト: SHA-256; the book itself stays with the firm';
COMMENT ON COLUMN book_check.differences IS '差異: holder, both numbers, and the case of each; empty when they agree';
COMMENT ON COLUMN book_check.checked_at IS '照合日時';
COMMENT ON COLUMN book_check.checked_by IS '照合者';
ALTER TABLE book_check ENABLE ROW LEVEL SECURITY;

CREATE TABLE difference_case (
    case_id TEXT NOT NULL,
    check_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    custodian_id TEXT,
    registrar_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    register_units NUMERIC(25, 0) NOT NULL,
    book_units NUMERIC(25, 0) NOT NULL,
    chain_id BIGINT NOT NULL,
    block_number BIGINT NOT NULL,
    block_hash BYTEA NOT NULL,
    block_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    escalated_at TIMESTAMP WITH TIME ZONE,
    escalated_by TEXT,
    cause TEXT,
    evidence BYTEA,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    CONSTRAINT difference_case_pk PRIMARY KEY (case_id),
    CONSTRAINT difference_case_check_id_fk FOREIGN KEY(check_id) REFERENCES book_check (check_id),
    CONSTRAINT difference_case_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT difference_case_custodian_id_fk FOREIGN KEY(custodian_id) REFERENCES institution (institution_id),
    CONSTRAINT difference_case_registrar_id_fk FOREIGN KEY(registrar_id) REFERENCES institution (institution_id),
    CONSTRAINT difference_case_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT difference_case_state_ck CHECK (state IN ('open', 'escalated', 'closed')),
    CONSTRAINT difference_case_cause_ck CHECK (cause IN ('book_entry_missing', 'book_entry_wrong', 'book_entry_twice', 'booked_on_another_day', 'order_not_carried_out', 'moved_without_order', 'customer_transferred', 'register_corrected')),
    CONSTRAINT difference_case_register_units_ck CHECK (register_units <> book_units),
    CONSTRAINT difference_case_escalated_at_ck CHECK ((escalated_at IS NULL) = (escalated_by IS NULL) AND (state <> 'open' OR escalated_at IS NULL) AND (state <> 'escalated' OR escalated_at IS NOT NULL)),
    CONSTRAINT difference_case_closed_at_ck CHECK ((state = 'closed') = (closed_at IS NOT NULL) AND num_nulls(cause, evidence, closed_at, closed_by) IN (0, 4))
);
CREATE INDEX difference_case_due_ix ON difference_case (due_at) WHERE state = 'open';
CREATE UNIQUE INDEX difference_case_standing_uq ON difference_case (institution_id, product_id, holder, register_units, book_units) WHERE closed_at IS NULL;
COMMENT ON TABLE difference_case IS '差異調査: a difference between a book and the register, until its cause is known (R-JVCEA-15.2(3), (4))';
COMMENT ON COLUMN difference_case.case_id IS '差異調査ID';
COMMENT ON COLUMN difference_case.check_id IS '照合ID: the comparison that found it first';
COMMENT ON COLUMN difference_case.institution_id IS '関係者ID: whose book it is';
COMMENT ON COLUMN difference_case.custodian_id IS 'カストディアンID: who keeps the keys for the firm';
COMMENT ON COLUMN difference_case.registrar_id IS '原簿管理者ID';
COMMENT ON COLUMN difference_case.product_id IS '受益権ID';
COMMENT ON COLUMN difference_case.holder IS '権利者: as the book names it, an investor id or an address';
COMMENT ON COLUMN difference_case.investor_id IS '投資家ID';
COMMENT ON COLUMN difference_case.register_units IS '原簿の数量';
COMMENT ON COLUMN difference_case.book_units IS '帳簿の数量';
COMMENT ON COLUMN difference_case.chain_id IS 'チェーンID';
COMMENT ON COLUMN difference_case.block_number IS 'ブロック番号';
COMMENT ON COLUMN difference_case.block_hash IS 'ブロックハッシュ';
COMMENT ON COLUMN difference_case.block_at IS 'ブロック時刻';
COMMENT ON COLUMN difference_case.opened_at IS '開始日時';
COMMENT ON COLUMN difference_case.due_at IS '期限: 18:00 JST of a business day';
COMMENT ON COLUMN difference_case.state IS '状態';
COMMENT ON COLUMN difference_case.escalated_at IS '上位報告日時';
COMMENT ON COLUMN difference_case.escalated_by IS '上位報告者';
COMMENT ON COLUMN difference_case.cause IS '原因';
COMMENT ON COLUMN difference_case.evidence IS '根拠資料のダイジェスト: SHA-256';
COMMENT ON COLUMN difference_case.closed_at IS '終了日時';
COMMENT ON COLUMN difference_case.closed_by IS '終了者';
ALTER TABLE difference_case ENABLE ROW LEVEL SECURITY;

CREATE TABLE certifier (
    institution_id TEXT NOT NULL,
    account TEXT NOT NULL,
    evidence BYTEA NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_by TEXT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_by TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by TEXT,
    CONSTRAINT certifier_pk PRIMARY KEY (institution_id, account),
    CONSTRAINT certifier_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT certifier_account_ck CHECK (account ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT certifier_approved_at_ck CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CONSTRAINT certifier_approved_by_ck CHECK (approved_by <> proposed_by),
    CONSTRAINT certifier_ended_at_ck CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
COMMENT ON TABLE certifier IS '残高証明の署名者: whose signature makes a balance certificate of a custodian';
COMMENT ON COLUMN certifier.institution_id IS 'カストディアンID';
COMMENT ON COLUMN certifier.account IS '署名者のアドレス: a key of the custodian that certifies balances';
COMMENT ON COLUMN certifier.evidence IS '届出書のダイジェスト: SHA-256';
COMMENT ON COLUMN certifier.proposed_at IS '起案日時';
COMMENT ON COLUMN certifier.proposed_by IS '起案者';
COMMENT ON COLUMN certifier.approved_at IS '承認日時: nothing it signs counts before';
COMMENT ON COLUMN certifier.approved_by IS '承認者: somebody else';
COMMENT ON COLUMN certifier.ended_at IS '終了日時: nothing it signs counts from here on';
COMMENT ON COLUMN certifier.ended_by IS '終了者';
ALTER TABLE certifier ENABLE ROW LEVEL SECURITY;

CREATE TABLE balance_certificate (
    certificate_id TEXT NOT NULL,
    custodian_id TEXT NOT NULL,
    broker_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    as_of TEXT NOT NULL,
    document BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    signer TEXT NOT NULL,
    signature BYTEA NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_by TEXT NOT NULL,
    CONSTRAINT balance_certificate_pk PRIMARY KEY (certificate_id),
    CONSTRAINT balance_certificate_custodian_id_signer_fk FOREIGN KEY(custodian_id, signer) REFERENCES certifier (institution_id, account),
    CONSTRAINT balance_certificate_broker_id_fk FOREIGN KEY(broker_id) REFERENCES institution (institution_id),
    CONSTRAINT balance_certificate_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT balance_certificate_signature_ck CHECK (length(signature) = 65)
);
CREATE UNIQUE INDEX balance_certificate_of_uq ON balance_certificate (custodian_id, broker_id, product_id, as_of);
COMMENT ON TABLE balance_certificate IS '残高証明書: what a custodian keeps for a broker''s customers, signed outside (R-JVCEA-19)';
COMMENT ON COLUMN balance_certificate.certificate_id IS '残高証明書ID: from the digest of the document';
COMMENT ON COLUMN balance_certificate.custodian_id IS 'カストディアンID: who certifies';
COMMENT ON COLUMN balance_certificate.broker_id IS '保護預り先ID: whose customers they are';
COMMENT ON COLUMN balance_certificate.product_id IS '受益権ID';
COMMENT ON COLUMN balance_certificate.as_of IS '基準時点: an instant or a block, as the document writes it';
COMMENT ON COLUMN balance_certificate.document IS '証明書の本文: its very bytes';
COMMENT ON COLUMN balance_certificate.digest IS '本文のダイジェスト: SHA-256, which is signed';
COMMENT ON COLUMN balance_certificate.signer IS '署名者のアドレス';
COMMENT ON COLUMN balance_certificate.signature IS '署名: 65 bytes r, s, v (EIP-712)';
COMMENT ON COLUMN balance_certificate.issued_at IS '発行日時';
COMMENT ON COLUMN balance_certificate.issued_by IS '登録者: who handed it in';
ALTER TABLE balance_certificate ENABLE ROW LEVEL SECURITY;
