-- Calendar, hours, book closings, queued orders; trees and keys.

CREATE TABLE address_tree (
    fingerprint TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    extended_key BYTEA NOT NULL,
    gap_limit INTEGER NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_by TEXT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_by TEXT,
    CONSTRAINT address_tree_pk PRIMARY KEY (fingerprint),
    CONSTRAINT address_tree_owner_id_fk FOREIGN KEY(owner_id) REFERENCES institution (institution_id),
    CONSTRAINT address_tree_fingerprint_ck CHECK (fingerprint ~ '^[0-9a-f]{8}$'),
    CONSTRAINT address_tree_gap_limit_ck CHECK (gap_limit > 0),
    CONSTRAINT address_tree_approved_at_ck CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CONSTRAINT address_tree_approved_by_ck CHECK (approved_by <> proposed_by)
);
COMMENT ON TABLE address_tree IS '鍵ツリー: extended public keys that fresh addresses are derived from (R-PROGMAT-KEY-2)';
COMMENT ON COLUMN address_tree.fingerprint IS 'フィンガープリント: names the tree, derives nothing';
COMMENT ON COLUMN address_tree.owner_id IS '保管者ID: the custodian (T9) or broker (T8) that keeps the private keys';
COMMENT ON COLUMN address_tree.extended_key IS '拡張公開鍵: joins all addresses below it, so sealed';
COMMENT ON COLUMN address_tree.gap_limit IS '未登録の上限: so many indexes in a row may wait for their verdicts';
COMMENT ON COLUMN address_tree.proposed_at IS '起案日時';
COMMENT ON COLUMN address_tree.proposed_by IS '起案者';
COMMENT ON COLUMN address_tree.approved_at IS '承認日時: no address comes from it before';
COMMENT ON COLUMN address_tree.approved_by IS '承認者: somebody else';

-- Rows that are there keep their digests in the audit chain: what is added is empty in them.
ALTER TABLE wallet ALTER COLUMN valid_from DROP NOT NULL;
ALTER TABLE wallet ADD COLUMN public_key BYTEA;
ALTER TABLE wallet ADD COLUMN keeper_id TEXT;
ALTER TABLE wallet ADD COLUMN tree TEXT;
ALTER TABLE wallet ADD COLUMN tree_index INTEGER;
ALTER TABLE wallet ADD COLUMN replaced_by TEXT;
ALTER TABLE wallet ADD COLUMN evidence BYTEA;
ALTER TABLE wallet ADD COLUMN created_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE wallet ADD CONSTRAINT wallet_tree_fk FOREIGN KEY(tree) REFERENCES address_tree (fingerprint);
ALTER TABLE wallet ADD CONSTRAINT wallet_waiting_ck CHECK (valid_from IS NOT NULL OR (valid_until IS NULL AND public_key IS NOT NULL));
ALTER TABLE wallet ADD CONSTRAINT wallet_public_key_ck CHECK (length(public_key) = 33);
ALTER TABLE wallet ADD CONSTRAINT wallet_tree_ck CHECK ((tree IS NULL) = (tree_index IS NULL) AND (tree IS NULL OR public_key IS NOT NULL));
ALTER TABLE wallet ADD CONSTRAINT wallet_tree_index_ck CHECK (tree_index >= 0);
ALTER TABLE wallet ADD CONSTRAINT wallet_replaced_ck CHECK (replaced_by IS NULL OR valid_until IS NOT NULL);
ALTER TABLE wallet ADD CONSTRAINT wallet_replaced_by_ck CHECK (replaced_by ~ '^0x[0-9A-Fa-f]{40}$');
DROP INDEX wallet_active_uq;
CREATE UNIQUE INDEX wallet_active_uq ON wallet (investor_id, product_id) WHERE valid_from IS NOT NULL AND valid_until IS NULL;
CREATE UNIQUE INDEX wallet_address_uq ON wallet (address) WHERE public_key IS NOT NULL;
CREATE UNIQUE INDEX wallet_tree_uq ON wallet (tree, tree_index);
COMMENT ON COLUMN wallet.product_id IS '受益権ID';
COMMENT ON COLUMN wallet.address IS 'アドレス: one investor''s for ever, in this product';
COMMENT ON COLUMN wallet.investor_id IS '投資家ID (T6.1)';
COMMENT ON COLUMN wallet.valid_from IS '有効開始: empty while the key waits for a verdict';
COMMENT ON COLUMN wallet.valid_until IS '有効終了: replaced keys stay listed';
COMMENT ON COLUMN wallet.public_key IS '公開鍵 (T6.2): compressed; empty where only assigned';
COMMENT ON COLUMN wallet.keeper_id IS '保管者ID: who keeps the private key';
COMMENT ON COLUMN wallet.tree IS '鍵ツリー: fingerprint of the one it comes from';
COMMENT ON COLUMN wallet.tree_index IS '鍵ツリー内の番号: never used again';
COMMENT ON COLUMN wallet.replaced_by IS '更新先アドレス';
COMMENT ON COLUMN wallet.evidence IS '更新の根拠: digest of the application or order';
COMMENT ON COLUMN wallet.created_at IS '作成日時: created or proved; empty where only assigned';

CREATE TABLE challenge (
    nonce BYTEA NOT NULL,
    product_id TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    address TEXT NOT NULL,
    keeper_id TEXT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_by TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    met_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT challenge_pk PRIMARY KEY (nonce),
    CONSTRAINT challenge_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT challenge_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT challenge_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT challenge_met_at_ck CHECK (met_at < expires_at)
);
COMMENT ON TABLE challenge IS '保有証明のチャレンジ: what an address has to sign, once';
COMMENT ON COLUMN challenge.nonce IS 'チャレンジ: 32 random bytes';
COMMENT ON COLUMN challenge.product_id IS '受益権ID';
COMMENT ON COLUMN challenge.investor_id IS '投資家ID';
COMMENT ON COLUMN challenge.address IS 'アドレス: whose key has to sign';
COMMENT ON COLUMN challenge.keeper_id IS '保管者ID: who keeps the private key';
COMMENT ON COLUMN challenge.issued_at IS '発行日時';
COMMENT ON COLUMN challenge.issued_by IS '発行者';
COMMENT ON COLUMN challenge.expires_at IS '有効期限: the first instant at which it is too late';
COMMENT ON COLUMN challenge.met_at IS '使用日時: good once';

CREATE TABLE calendar_override (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    day DATE NOT NULL,
    is_business_day BOOLEAN NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT calendar_override_pk PRIMARY KEY (number),
    CONSTRAINT calendar_override_why_ck CHECK (why <> '')
);
COMMENT ON TABLE calendar_override IS '営業日の例外: days that are other than announced';
COMMENT ON COLUMN calendar_override.number IS '番号: order of recording';
COMMENT ON COLUMN calendar_override.day IS '対象日';
COMMENT ON COLUMN calendar_override.is_business_day IS '営業日とするか';
COMMENT ON COLUMN calendar_override.recorded_at IS '登録日時: holds from then on';
COMMENT ON COLUMN calendar_override.recorded_by IS '登録者';
COMMENT ON COLUMN calendar_override.why IS '理由';

CREATE TABLE market_hours (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    effective DATE NOT NULL,
    sessions TEXT[] NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT market_hours_pk PRIMARY KEY (number),
    CONSTRAINT market_hours_why_ck CHECK (why <> '')
);
COMMENT ON TABLE market_hours IS '市場時間の履歴: hours in which the market is open on business days';
COMMENT ON COLUMN market_hours.number IS '番号: order of recording';
COMMENT ON COLUMN market_hours.effective IS '適用開始日';
COMMENT ON COLUMN market_hours.sessions IS '市場時間: HH:MM-HH:MM in Japan, none: closed all day';
COMMENT ON COLUMN market_hours.recorded_at IS '登録日時';
COMMENT ON COLUMN market_hours.recorded_by IS '登録者';
COMMENT ON COLUMN market_hours.why IS '理由';

CREATE TABLE book_closing (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    product_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    first_day INTEGER,
    last_day INTEGER,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT book_closing_pk PRIMARY KEY (number),
    CONSTRAINT book_closing_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT book_closing_cause_ck CHECK (cause IN ('record_date', 'redemption')),
    CONSTRAINT book_closing_first_day_ck CHECK ((first_day IS NULL) = (last_day IS NULL)),
    CONSTRAINT book_closing_last_day_ck CHECK (last_day >= first_day),
    CONSTRAINT book_closing_why_ck CHECK (why <> '')
);
COMMENT ON TABLE book_closing IS '名義書換停止期間の定め: the last rule of a product and cause counts (R-PROGMAT-CTL-6)';
COMMENT ON COLUMN book_closing.number IS '番号: order of recording';
COMMENT ON COLUMN book_closing.product_id IS '受益権ID';
COMMENT ON COLUMN book_closing.cause IS '事由: what the book is closed for';
COMMENT ON COLUMN book_closing.first_day IS '開始: business days from the day itself; empty: no closing';
COMMENT ON COLUMN book_closing.last_day IS '終了: business days from the day itself';
COMMENT ON COLUMN book_closing.recorded_at IS '登録日時';
COMMENT ON COLUMN book_closing.recorded_by IS '登録者';
COMMENT ON COLUMN book_closing.why IS '理由';

CREATE TABLE market_decision (
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    group_id TEXT,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT NOT NULL,
    approved_by TEXT,
    why TEXT NOT NULL,
    CONSTRAINT market_decision_pk PRIMARY KEY (number),
    CONSTRAINT market_decision_kind_ck CHECK (kind IN ('closed', 'opened', 'stopped', 'resumed', 'group_on', 'group_off')),
    CONSTRAINT market_decision_group_id_ck CHECK ((kind IN ('group_on', 'group_off')) = (group_id IS NOT NULL) AND (group_id IS NULL) = (approved_by IS NULL)),
    CONSTRAINT market_decision_approved_by_ck CHECK (approved_by <> decided_by),
    CONSTRAINT market_decision_why_ck CHECK (why <> '')
);
COMMENT ON TABLE market_decision IS '市場に関する決定: closed, opened, stopped, groups switched; who, when and why';
COMMENT ON COLUMN market_decision.number IS '番号: order of recording';
COMMENT ON COLUMN market_decision.kind IS '種別';
COMMENT ON COLUMN market_decision.group_id IS '移転実行可否制御ID: of a switched group';
COMMENT ON COLUMN market_decision.decided_at IS '決定日時';
COMMENT ON COLUMN market_decision.decided_by IS '決定者';
COMMENT ON COLUMN market_decision.approved_by IS '承認者: somebody else, for a group';
COMMENT ON COLUMN market_decision.why IS '理由';

CREATE TABLE transfer_order (
    product_id TEXT NOT NULL,
    trade_id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    from_investor_id TEXT NOT NULL,
    to_investor_id TEXT NOT NULL,
    quantity NUMERIC(25, 0) NOT NULL,
    delivery_date DATE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_by TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    command_id TEXT,
    reason TEXT,
    facts JSONB NOT NULL,
    cancelled_by TEXT,
    CONSTRAINT transfer_order_pk PRIMARY KEY (product_id, trade_id),
    CONSTRAINT transfer_order_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT transfer_order_from_investor_id_fk FOREIGN KEY(from_investor_id) REFERENCES investor (investor_id),
    CONSTRAINT transfer_order_to_investor_id_fk FOREIGN KEY(to_investor_id) REFERENCES investor (investor_id),
    CONSTRAINT transfer_order_command_id_fk FOREIGN KEY(command_id) REFERENCES command (command_id),
    CONSTRAINT transfer_order_quantity_ck CHECK (quantity > 0),
    CONSTRAINT transfer_order_attempt_ck CHECK (attempt >= 0),
    CONSTRAINT transfer_order_state_ck CHECK (state IN ('waiting', 'ordered', 'delivered', 'refused', 'withdrawn')),
    CONSTRAINT transfer_order_cancelled_by_ck CHECK (cancelled_by IS NULL OR state = 'withdrawn')
);
COMMENT ON TABLE transfer_order IS '移転の注文: queued transfers and what became of them (R-PROGMAT-T2, CTL-8)';
COMMENT ON COLUMN transfer_order.product_id IS '受益権ID (T2.5)';
COMMENT ON COLUMN transfer_order.trade_id IS '取引ID (T2.2): moves units once, however often it is ordered';
COMMENT ON COLUMN transfer_order.number IS '受付順';
COMMENT ON COLUMN transfer_order.from_investor_id IS '異動元投資家ID (T2.6)';
COMMENT ON COLUMN transfer_order.to_investor_id IS '異動先投資家ID (T2.7)';
COMMENT ON COLUMN transfer_order.quantity IS '数量 (T2.8)';
COMMENT ON COLUMN transfer_order.delivery_date IS '受渡日 (T2.9)';
COMMENT ON COLUMN transfer_order.accepted_at IS '受付日時';
COMMENT ON COLUMN transfer_order.accepted_by IS '受付者';
COMMENT ON COLUMN transfer_order.state IS '状態';
COMMENT ON COLUMN transfer_order.changed_at IS '状態の変更日時';
COMMENT ON COLUMN transfer_order.changed_by IS '状態の変更者';
COMMENT ON COLUMN transfer_order.attempt IS '試行回数: acts sent to the ledger so far';
COMMENT ON COLUMN transfer_order.command_id IS '指図ID: the last act';
COMMENT ON COLUMN transfer_order.reason IS '理由: why it waits, or failed';
COMMENT ON COLUMN transfer_order.facts IS '理由の詳細';
COMMENT ON COLUMN transfer_order.cancelled_by IS '取消取引ID: the trade that withdrew it (T2.11)';
CREATE INDEX transfer_order_open_ix ON transfer_order (delivery_date, number) WHERE state IN ('waiting', 'ordered');
