-- Record dates, distributions, payments.

CREATE TABLE record_date (
    product_id TEXT NOT NULL,
    record_day DATE NOT NULL,
    nominal_day DATE NOT NULL,
    kind TEXT NOT NULL,
    noticed_on DATE,
    notice_by DATE NOT NULL,
    exercise_by DATE NOT NULL,
    notice_missed BOOLEAN NOT NULL,
    calendar TEXT NOT NULL,
    chain_id BIGINT NOT NULL,
    block BIGINT NOT NULL,
    block_hash BYTEA NOT NULL,
    block_at TIMESTAMP WITH TIME ZONE NOT NULL,
    holders INTEGER NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    digest BYTEA NOT NULL,
    root BYTEA NOT NULL,
    fixed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fixed_by TEXT NOT NULL,
    CONSTRAINT record_date_pk PRIMARY KEY (product_id, record_day),
    CONSTRAINT record_date_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT record_date_kind_ck CHECK (kind IN ('record_date_1', 'record_date_2', 'notice')),
    CONSTRAINT record_date_holders_ck CHECK (holders > 0 AND units > 0),
    CONSTRAINT record_date_noticed_on_ck CHECK ((noticed_on IS NOT NULL) = (kind = 'notice'))
);
COMMENT ON TABLE record_date IS '権利確定: record dates whose holders are fixed; never written again (R-PROGMAT-CTL-5)';
COMMENT ON COLUMN record_date.product_id IS '受益権ID';
COMMENT ON COLUMN record_date.record_day IS '権利確定日: after its adjustment; holders at 24:00 JST';
COMMENT ON COLUMN record_date.nominal_day IS '調整前の権利確定日';
COMMENT ON COLUMN record_date.kind IS '種別: which record date of the deed, or one by notice';
COMMENT ON COLUMN record_date.noticed_on IS '公告日: of a date that the deed does not set';
COMMENT ON COLUMN record_date.notice_by IS '公告期限: two full weeks before';
COMMENT ON COLUMN record_date.exercise_by IS '権利行使期限: three months later';
COMMENT ON COLUMN record_date.notice_missed IS '公告期間不足: a warning';
COMMENT ON COLUMN record_date.calendar IS '営業日カレンダーの版';
COMMENT ON COLUMN record_date.chain_id IS 'チェーンID';
COMMENT ON COLUMN record_date.block IS 'ブロック番号: the last that belongs to it';
COMMENT ON COLUMN record_date.block_hash IS 'ブロックハッシュ';
COMMENT ON COLUMN record_date.block_at IS 'ブロック日時';
COMMENT ON COLUMN record_date.holders IS '権利者数';
COMMENT ON COLUMN record_date.units IS '総口数';
COMMENT ON COLUMN record_date.digest IS '権利者一覧のダイジェスト: SHA-256 over every row';
COMMENT ON COLUMN record_date.root IS '権利者一覧のルート: anchored on the ledger';
COMMENT ON COLUMN record_date.fixed_at IS '確定日時';
COMMENT ON COLUMN record_date.fixed_by IS '確定者';
ALTER TABLE record_date ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION fixed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is fixed for good', TG_TABLE_NAME;
END $$;
CREATE TRIGGER record_date_fixed BEFORE UPDATE OR DELETE ON record_date
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();

CREATE TABLE entitlement (
    product_id TEXT NOT NULL,
    record_day DATE NOT NULL,
    holder TEXT NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    known BOOLEAN NOT NULL,
    CONSTRAINT entitlement_pk PRIMARY KEY (product_id, record_day, holder),
    CONSTRAINT entitlement_product_id_record_day_fk FOREIGN KEY(product_id, record_day) REFERENCES record_date (product_id, record_day),
    CONSTRAINT entitlement_units_ck CHECK (units > 0)
);
COMMENT ON TABLE entitlement IS '権利者一覧: who held how much at a record date';
COMMENT ON COLUMN entitlement.product_id IS '受益権ID';
COMMENT ON COLUMN entitlement.record_day IS '権利確定日';
COMMENT ON COLUMN entitlement.holder IS '権利者: investor id; the address where nobody is known behind it';
COMMENT ON COLUMN entitlement.units IS '口数';
COMMENT ON COLUMN entitlement.known IS '投資家が判明しているか';
ALTER TABLE entitlement ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER entitlement_fixed BEFORE UPDATE OR DELETE ON entitlement
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();

CREATE TABLE tax_category (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    investor_id TEXT NOT NULL,
    category TEXT NOT NULL,
    effective DATE NOT NULL,
    evidence_ref TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT tax_category_pk PRIMARY KEY (number),
    CONSTRAINT tax_category_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT tax_category_category_ck CHECK (category IN ('individual', 'corporation', 'exempt')),
    CONSTRAINT tax_category_evidence_ref_ck CHECK (evidence_ref <> '')
);
CREATE INDEX tax_category_investor_id_ix ON tax_category (investor_id);
COMMENT ON TABLE tax_category IS '税区分の履歴: other than what follows from individual or corporation; the last one of a day counts';
COMMENT ON COLUMN tax_category.number IS '番号: of recording';
COMMENT ON COLUMN tax_category.investor_id IS '投資家ID';
COMMENT ON COLUMN tax_category.category IS '税区分';
COMMENT ON COLUMN tax_category.effective IS '適用開始日: payments from that day on';
COMMENT ON COLUMN tax_category.evidence_ref IS '証跡参照: reference of the proof, never its content';
COMMENT ON COLUMN tax_category.recorded_at IS '登録日時';
COMMENT ON COLUMN tax_category.recorded_by IS '登録者';
ALTER TABLE tax_category ENABLE ROW LEVEL SECURITY;

CREATE TABLE distribution (
    distribution_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    record_day DATE NOT NULL,
    payment_day DATE NOT NULL,
    corrects TEXT,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    income NUMERIC(22, 10) NOT NULL,
    capital NUMERIC(22, 10) NOT NULL,
    points NUMERIC(22, 10) NOT NULL,
    payees INTEGER NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    income_sum BIGINT NOT NULL,
    capital_sum BIGINT NOT NULL,
    income_tax_sum BIGINT NOT NULL,
    local_tax_sum BIGINT NOT NULL,
    points_sum BIGINT NOT NULL,
    to_pay BIGINT NOT NULL,
    to_reclaim BIGINT NOT NULL,
    remainder NUMERIC(22, 10) NOT NULL,
    digest BYTEA NOT NULL,
    root BYTEA NOT NULL,
    command_id TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    maker TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    CONSTRAINT distribution_pk PRIMARY KEY (distribution_id),
    CONSTRAINT distribution_product_id_record_day_fk FOREIGN KEY(product_id, record_day) REFERENCES record_date (product_id, record_day),
    CONSTRAINT distribution_corrects_fk FOREIGN KEY(corrects) REFERENCES distribution (distribution_id),
    CONSTRAINT distribution_state_ck CHECK (state IN ('draft', 'approved', 'rejected')),
    CONSTRAINT distribution_income_ck CHECK (income >= 0 AND capital >= 0 AND points >= 0),
    CONSTRAINT distribution_remainder_ck CHECK (remainder >= 0),
    CONSTRAINT distribution_why_ck CHECK (why ~ '[^[:space:]]'),
    CONSTRAINT distribution_decided_at_ck CHECK ((state = 'draft') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT distribution_decided_by_ck CHECK (state <> 'approved' OR decided_by <> maker),
    CONSTRAINT distribution_corrects_ck CHECK (corrects <> distribution_id)
);
CREATE UNIQUE INDEX distribution_corrects_ix ON distribution (corrects) WHERE state <> 'rejected';
COMMENT ON TABLE distribution IS '分配: runs by which holders of a record date are paid; a correction is a run of its own';
COMMENT ON COLUMN distribution.distribution_id IS '分配ID';
COMMENT ON COLUMN distribution.product_id IS '受益権ID';
COMMENT ON COLUMN distribution.record_day IS '権利確定日: whose holders are paid';
COMMENT ON COLUMN distribution.payment_day IS '支払日: decides the rates of tax';
COMMENT ON COLUMN distribution.corrects IS '訂正対象の分配ID';
COMMENT ON COLUMN distribution.why IS '摘要: the decision it rests on; no personal data';
COMMENT ON COLUMN distribution.state IS '状態';
COMMENT ON COLUMN distribution.income IS '1口当たり分配金・利子: yen before tax';
COMMENT ON COLUMN distribution.capital IS '1口当たり元本払戻し: yen, untaxed';
COMMENT ON COLUMN distribution.points IS '1口当たりポイント';
COMMENT ON COLUMN distribution.payees IS '支払先数';
COMMENT ON COLUMN distribution.units IS '総口数';
COMMENT ON COLUMN distribution.income_sum IS '分配金・利子の合計';
COMMENT ON COLUMN distribution.capital_sum IS '元本払戻しの合計';
COMMENT ON COLUMN distribution.income_tax_sum IS '所得税・復興特別所得税の合計';
COMMENT ON COLUMN distribution.local_tax_sum IS '地方税の合計';
COMMENT ON COLUMN distribution.points_sum IS 'ポイントの合計';
COMMENT ON COLUMN distribution.to_pay IS '支払額の合計';
COMMENT ON COLUMN distribution.to_reclaim IS '返還請求額の合計: of a correction';
COMMENT ON COLUMN distribution.remainder IS '端数: what the cuts to whole yen leave over';
COMMENT ON COLUMN distribution.digest IS '支払明細のダイジェスト: SHA-256 over every line';
COMMENT ON COLUMN distribution.root IS '支払先一覧のルート: anchored on the ledger';
COMMENT ON COLUMN distribution.command_id IS '指図ID: whose signatures approve it';
COMMENT ON COLUMN distribution.made_at IS '起案日時';
COMMENT ON COLUMN distribution.maker IS '起案者';
COMMENT ON COLUMN distribution.decided_at IS '承認・却下日時';
COMMENT ON COLUMN distribution.decided_by IS '承認者・却下者: an approver is somebody else than the maker';
ALTER TABLE distribution ENABLE ROW LEVEL SECURITY;

CREATE TABLE payee_line (
    distribution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    holder TEXT NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    category TEXT NOT NULL,
    income BIGINT NOT NULL,
    capital BIGINT NOT NULL,
    income_tax BIGINT NOT NULL,
    local_tax BIGINT NOT NULL,
    points BIGINT NOT NULL,
    due BIGINT NOT NULL,
    state TEXT NOT NULL,
    hold TEXT,
    file_number INTEGER,
    settled_on DATE,
    CONSTRAINT payee_line_pk PRIMARY KEY (distribution_id, number),
    CONSTRAINT payee_line_distribution_id_holder_uq UNIQUE (distribution_id, holder),
    CONSTRAINT payee_line_distribution_id_fk FOREIGN KEY(distribution_id) REFERENCES distribution (distribution_id),
    CONSTRAINT payee_line_category_ck CHECK (category IN ('individual', 'corporation', 'exempt')),
    CONSTRAINT payee_line_state_ck CHECK (state IN ('waiting', 'payable', 'held', 'sent', 'paid', 'reclaim', 'nothing', 'void')),
    CONSTRAINT payee_line_hold_ck CHECK (hold IN ('blocked', 'holder_unknown', 'erased', 'account', 'returned', 'order')),
    CONSTRAINT payee_line_income_tax_ck CHECK (income_tax + local_tax <= income),
    CONSTRAINT payee_line_units_ck CHECK (units >= 0 AND income >= 0 AND capital >= 0 AND income_tax >= 0 AND local_tax >= 0),
    CONSTRAINT payee_line_held_ck CHECK (state <> 'held' OR hold IS NOT NULL),
    CONSTRAINT payee_line_file_number_ck CHECK (state <> 'sent' OR file_number IS NOT NULL)
);
CREATE INDEX payee_line_unpaid_ix ON payee_line (distribution_id) WHERE state IN ('payable', 'held', 'sent');
COMMENT ON TABLE payee_line IS '支払明細: what each payee of a run is owed, and how far its payment is';
COMMENT ON COLUMN payee_line.distribution_id IS '分配ID';
COMMENT ON COLUMN payee_line.number IS '明細番号: the customer code of the payment file';
COMMENT ON COLUMN payee_line.holder IS '支払先: investor id; the address where nobody is known behind it';
COMMENT ON COLUMN payee_line.units IS '口数';
COMMENT ON COLUMN payee_line.category IS '税区分';
COMMENT ON COLUMN payee_line.income IS '分配金・利子';
COMMENT ON COLUMN payee_line.capital IS '元本払戻し';
COMMENT ON COLUMN payee_line.income_tax IS '所得税・復興特別所得税: cut to the yen';
COMMENT ON COLUMN payee_line.local_tax IS '地方税: cut to the yen';
COMMENT ON COLUMN payee_line.points IS 'ポイント';
COMMENT ON COLUMN payee_line.due IS '支払額: negative what is to be reclaimed';
COMMENT ON COLUMN payee_line.state IS '状態';
COMMENT ON COLUMN payee_line.hold IS '留保の理由';
COMMENT ON COLUMN payee_line.file_number IS '振込ファイル番号: the last it stands in';
COMMENT ON COLUMN payee_line.settled_on IS '入金日・返却日';
ALTER TABLE payee_line ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER payee_line_kept BEFORE DELETE ON payee_line
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();
CREATE TRIGGER payee_line_fixed BEFORE UPDATE OF distribution_id, number, holder, units, category, income, capital,
    income_tax, local_tax, points, due ON payee_line
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();

CREATE TABLE payment_file (
    distribution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    transfer_day DATE NOT NULL,
    records INTEGER NOT NULL,
    total BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by TEXT NOT NULL,
    CONSTRAINT payment_file_pk PRIMARY KEY (distribution_id, number),
    CONSTRAINT payment_file_distribution_id_fk FOREIGN KEY(distribution_id) REFERENCES distribution (distribution_id),
    CONSTRAINT payment_file_records_ck CHECK (number > 0 AND records > 0 AND total > 0)
);
COMMENT ON TABLE payment_file IS '振込ファイル: payment files that were made (総合振込)';
COMMENT ON COLUMN payment_file.distribution_id IS '分配ID';
COMMENT ON COLUMN payment_file.number IS '振込ファイル番号: from 1';
COMMENT ON COLUMN payment_file.transfer_day IS '振込指定日';
COMMENT ON COLUMN payment_file.records IS '件数: of its data records';
COMMENT ON COLUMN payment_file.total IS '合計金額';
COMMENT ON COLUMN payment_file.digest IS 'ファイルのダイジェスト: SHA-256 of its bytes, which are kept nowhere';
COMMENT ON COLUMN payment_file.made_at IS '作成日時';
COMMENT ON COLUMN payment_file.made_by IS '作成者';
ALTER TABLE payment_file ENABLE ROW LEVEL SECURITY;

CREATE TABLE payment (
    distribution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    file_number INTEGER NOT NULL,
    outcome TEXT,
    outcome_on DATE,
    CONSTRAINT payment_pk PRIMARY KEY (distribution_id, number, file_number),
    CONSTRAINT payment_distribution_id_number_fk FOREIGN KEY(distribution_id, number) REFERENCES payee_line (distribution_id, number),
    CONSTRAINT payment_distribution_id_file_number_fk FOREIGN KEY(distribution_id, file_number) REFERENCES payment_file (distribution_id, number),
    CONSTRAINT payment_outcome_ck CHECK (outcome IN ('paid', 'recalled', 'impossible')),
    CONSTRAINT payment_outcome_on_ck CHECK ((outcome IS NULL) = (outcome_on IS NULL))
);
COMMENT ON TABLE payment IS '振込: each payment in each file, and what the bank said of it';
COMMENT ON COLUMN payment.distribution_id IS '分配ID';
COMMENT ON COLUMN payment.number IS '明細番号';
COMMENT ON COLUMN payment.file_number IS '振込ファイル番号';
COMMENT ON COLUMN payment.outcome IS '結果: empty while the bank said nothing';
COMMENT ON COLUMN payment.outcome_on IS '結果の日';
ALTER TABLE payment ENABLE ROW LEVEL SECURITY;

CREATE POLICY record_date_seen ON record_date FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]));
GRANT SELECT ON record_date TO genbo_viewer;

CREATE POLICY entitlement_seen ON entitlement FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR sees_holder(holder));
GRANT SELECT ON entitlement TO genbo_viewer;

CREATE POLICY distribution_seen ON distribution FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]));
GRANT SELECT ON distribution TO genbo_viewer;

CREATE POLICY payee_line_seen ON payee_line FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM distribution WHERE distribution.distribution_id = payee_line.distribution_id) OR sees_holder(holder));
GRANT SELECT ON payee_line TO genbo_viewer;
