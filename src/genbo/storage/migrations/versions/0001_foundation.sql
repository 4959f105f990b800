-- The foundation: deployments, events, products, investors, the register.

CREATE TABLE deployment (
    chain_id BIGINT NOT NULL,
    first_block BIGINT NOT NULL,
    first_block_hash BYTEA NOT NULL,
    duty_manager TEXT NOT NULL,
    platform TEXT NOT NULL,
    factory TEXT NOT NULL,
    safes JSONB NOT NULL,
    record JSONB NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (chain_id),
    CONSTRAINT deployment_chain_id_ck CHECK (chain_id > 0),
    CONSTRAINT deployment_first_block_ck CHECK (first_block >= 0),
    CONSTRAINT deployment_duty_manager_ck CHECK (duty_manager ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT deployment_platform_ck CHECK (platform ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT deployment_factory_ck CHECK (factory ~ '^0x[0-9A-Fa-f]{40}$')
);
COMMENT ON TABLE deployment IS '配備: the contracts of one chain';
COMMENT ON COLUMN deployment.chain_id IS 'チェーンID: EIP-155 chain id';
COMMENT ON COLUMN deployment.first_block IS '配備ブロック: nothing of ours is older';
COMMENT ON COLUMN deployment.first_block_hash IS '配備ブロックのハッシュ: tells two chains with one id apart';
COMMENT ON COLUMN deployment.duty_manager IS '権限管理コントラクト: address of the access manager';
COMMENT ON COLUMN deployment.platform IS '共通基盤コントラクト: address of Platform';
COMMENT ON COLUMN deployment.factory IS '銘柄作成コントラクト: address of TokenFactory';
COMMENT ON COLUMN deployment.safes IS '二名承認口座: name to Safe address';
COMMENT ON COLUMN deployment.record IS '配備記録: the deployment file as written';

CREATE TABLE investor (
    investor_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    safekeeping_kind TEXT NOT NULL,
    safekeeping_id TEXT,
    broker_customer_id TEXT,
    custodian_id TEXT,
    status TEXT NOT NULL,
    aml_class TEXT NOT NULL,
    investor_class INTEGER NOT NULL,
    corporate_number BYTEA,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    payee_bank_code BYTEA,
    payee_bank_name_kana BYTEA,
    payee_branch_code BYTEA,
    payee_branch_name_kana BYTEA,
    payee_account_kind BYTEA,
    payee_account_number BYTEA,
    payee_account_holder_kana BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT investor_pk PRIMARY KEY (investor_id),
    CONSTRAINT investor_safekeeping_id_broker_customer_id_uq UNIQUE (safekeeping_id, broker_customer_id),
    CONSTRAINT investor_kind_ck CHECK (kind IN ('individual', 'corporation')),
    CONSTRAINT investor_safekeeping_kind_ck CHECK (safekeeping_kind IN ('direct', 'delegated', 'self')),
    CONSTRAINT investor_status_ck CHECK (status IN ('applied', 'active', 'suspended', 'closed', 'erased')),
    CONSTRAINT investor_aml_class_ck CHECK (aml_class IN ('clear', 'review', 'blocked')),
    CONSTRAINT investor_investor_class_ck CHECK (investor_class BETWEEN 0 AND 31),
    CONSTRAINT investor_custodian_id_ck CHECK ((safekeeping_kind = 'delegated') = (custodian_id IS NOT NULL)),
    CONSTRAINT investor_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE investor IS '投資家情報: investors (R-PROGMAT-T7); personal data is sealed by the investor''s own key';
COMMENT ON COLUMN investor.investor_id IS '投資家ID: random, never reused (T7.1)';
COMMENT ON COLUMN investor.kind IS '個人・法人の別';
COMMENT ON COLUMN investor.safekeeping_kind IS '保護預り区分 (T7.5)';
COMMENT ON COLUMN investor.safekeeping_id IS '保護預り先ID: the broker (T7.6)';
COMMENT ON COLUMN investor.broker_customer_id IS '保護預り先内管理ID: unique within the broker (T7.7)';
COMMENT ON COLUMN investor.custodian_id IS 'カストディアンID: when delegated (T7.8)';
COMMENT ON COLUMN investor.status IS '投資家ステータス (T7.21)';
COMMENT ON COLUMN investor.aml_class IS 'AML区分 (T7.22)';
COMMENT ON COLUMN investor.investor_class IS '投資家区分: class that products permit, 0 to 31';
COMMENT ON COLUMN investor.corporate_number IS '法人番号 (T7.2), sealed';
COMMENT ON COLUMN investor.contact_addressee IS '連絡先宛名 (T7.9), sealed';
COMMENT ON COLUMN investor.contact_postal_code IS '連絡先郵便番号 (T7.10), sealed';
COMMENT ON COLUMN investor.contact_address IS '連絡先住所 (T7.11), sealed';
COMMENT ON COLUMN investor.contact_phone IS '連絡先電話番号 (T7.12), sealed';
COMMENT ON COLUMN investor.contact_email IS '連絡先メールアドレス (T7.13), sealed';
COMMENT ON COLUMN investor.payee_bank_code IS '支払先金融機関コード (T7.14), sealed';
COMMENT ON COLUMN investor.payee_bank_name_kana IS '支払先金融機関名（カナ） (T7.15), sealed';
COMMENT ON COLUMN investor.payee_branch_code IS '支払先本支店コード (T7.16), sealed';
COMMENT ON COLUMN investor.payee_branch_name_kana IS '支払先本支店名（カナ） (T7.17), sealed';
COMMENT ON COLUMN investor.payee_account_kind IS '支払先預金種目 (T7.18), sealed';
COMMENT ON COLUMN investor.payee_account_number IS '支払先口座番号 (T7.19), sealed';
COMMENT ON COLUMN investor.payee_account_holder_kana IS '支払先口座名義（カナ） (T7.20), sealed';
COMMENT ON COLUMN investor.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN investor.created_by IS '作成者: who made it';
COMMENT ON COLUMN investor.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN investor.updated_by IS '最終更新者: who last changed it';

CREATE TABLE reading (
    reading_id INTEGER GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    purpose TEXT NOT NULL,
    fields TEXT[] NOT NULL,
    investors TEXT[] NOT NULL,
    CONSTRAINT reading_pk PRIMARY KEY (reading_id)
);
CREATE INDEX reading_investors_ix ON reading USING gin (investors);
COMMENT ON TABLE reading IS '個人情報の閲覧記録: one row per opening of sealed data';
COMMENT ON COLUMN reading.reading_id IS '閲覧番号';
COMMENT ON COLUMN reading.at IS '閲覧日時';
COMMENT ON COLUMN reading.actor IS '閲覧者';
COMMENT ON COLUMN reading.purpose IS '閲覧目的';
COMMENT ON COLUMN reading.fields IS '閲覧項目: columns opened';
COMMENT ON COLUMN reading.investors IS '対象投資家ID';

CREATE TABLE block (
    chain_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT block_pk PRIMARY KEY (chain_id, number),
    CONSTRAINT block_chain_id_hash_uq UNIQUE (chain_id, hash),
    CONSTRAINT block_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT block_number_ck CHECK (number >= 0)
);
CREATE INDEX block_chain_id_at_ix ON block (chain_id, at);
COMMENT ON TABLE block IS 'ブロック: headers read and not orphaned, to notice a reorganisation by';
COMMENT ON COLUMN block.chain_id IS 'チェーンID';
COMMENT ON COLUMN block.number IS 'ブロック番号';
COMMENT ON COLUMN block.hash IS 'ブロックハッシュ';
COMMENT ON COLUMN block.at IS 'ブロック時刻: UTC';

CREATE TABLE cursor (
    chain_id BIGINT NOT NULL,
    next_block BIGINT NOT NULL,
    block_hash BYTEA,
    block_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT cursor_pk PRIMARY KEY (chain_id),
    CONSTRAINT cursor_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT cursor_next_block_ck CHECK (next_block >= 0),
    CONSTRAINT cursor_block_hash_ck CHECK ((block_hash IS NULL) = (block_at IS NULL))
);
COMMENT ON TABLE cursor IS '読取位置: committed in one transaction with what was read';
COMMENT ON COLUMN cursor.chain_id IS 'チェーンID';
COMMENT ON COLUMN cursor.next_block IS '次に読むブロック番号: everything below it is in the register';
COMMENT ON COLUMN cursor.block_hash IS '直前のブロックのハッシュ: of block next_block - 1';
COMMENT ON COLUMN cursor.block_at IS '直前のブロックの時刻';

CREATE TABLE event_raw (
    chain_id BIGINT NOT NULL,
    block_hash BYTEA NOT NULL,
    log_index INTEGER NOT NULL,
    block_number BIGINT NOT NULL,
    block_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tx BYTEA NOT NULL,
    address TEXT NOT NULL,
    topic0 BYTEA,
    topic1 BYTEA,
    topic2 BYTEA,
    topic3 BYTEA,
    data BYTEA NOT NULL,
    orphaned BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT event_raw_pk PRIMARY KEY (chain_id, block_hash, log_index),
    CONSTRAINT event_raw_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT event_raw_log_index_ck CHECK (log_index >= 0),
    CONSTRAINT event_raw_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$')
);
CREATE UNIQUE INDEX event_raw_standing_ix ON event_raw (chain_id, block_number, log_index) WHERE NOT orphaned;
COMMENT ON TABLE event_raw IS 'イベント原文: append only; a reorganisation marks rows, nothing removes them';
COMMENT ON COLUMN event_raw.chain_id IS 'チェーンID';
COMMENT ON COLUMN event_raw.block_hash IS 'ブロックハッシュ';
COMMENT ON COLUMN event_raw.log_index IS 'ログ番号: position in the block';
COMMENT ON COLUMN event_raw.block_number IS 'ブロック番号';
COMMENT ON COLUMN event_raw.block_at IS 'ブロック時刻: UTC';
COMMENT ON COLUMN event_raw.tx IS '取引ハッシュ';
COMMENT ON COLUMN event_raw.address IS '発信コントラクト';
COMMENT ON COLUMN event_raw.topic0 IS 'トピック0: which event it is';
COMMENT ON COLUMN event_raw.topic1 IS 'トピック1';
COMMENT ON COLUMN event_raw.topic2 IS 'トピック2';
COMMENT ON COLUMN event_raw.topic3 IS 'トピック3';
COMMENT ON COLUMN event_raw.data IS 'データ: as the node gave it';
COMMENT ON COLUMN event_raw.orphaned IS '孤立: its block is no longer part of the chain';

CREATE FUNCTION event_raw_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.orphaned := NEW.orphaned;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'event_raw is append only';
END $$;
CREATE TRIGGER event_raw_append_only BEFORE UPDATE OR DELETE ON event_raw
    FOR EACH ROW EXECUTE FUNCTION event_raw_append_only();

CREATE TABLE identity (
    investor_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    effective DATE NOT NULL,
    name BYTEA NOT NULL,
    registered_address BYTEA NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT identity_pk PRIMARY KEY (investor_id, version),
    CONSTRAINT identity_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT identity_version_ck CHECK (version > 0)
);
COMMENT ON TABLE identity IS '氏名・住所の履歴: name and address of an investor, versioned (T7.3, T7.4)';
COMMENT ON COLUMN identity.investor_id IS '投資家ID';
COMMENT ON COLUMN identity.version IS '版: counts up from 1; the later of two with one effective day counts';
COMMENT ON COLUMN identity.effective IS '効力発生日: the day it holds from';
COMMENT ON COLUMN identity.name IS '投資家名称: as on the statutory register (T7.3), sealed';
COMMENT ON COLUMN identity.registered_address IS '住所（登記住所）: statutory (T7.4), sealed';
COMMENT ON COLUMN identity.recorded_at IS '登録日時';
COMMENT ON COLUMN identity.recorded_by IS '登録者';

CREATE TABLE investor_key (
    investor_id TEXT NOT NULL,
    kek_id TEXT NOT NULL,
    wrapped_key BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    destroyed_by TEXT,
    destroyed_for TEXT,
    CONSTRAINT investor_key_pk PRIMARY KEY (investor_id),
    CONSTRAINT investor_key_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT investor_key_destroyed_ck CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL) AND (destroyed_at IS NULL) = (destroyed_by IS NULL) AND (destroyed_at IS NULL) = (destroyed_for IS NULL))
);
COMMENT ON TABLE investor_key IS '投資家別データ鍵: one data key per investor; destroying it erases the investor';
COMMENT ON COLUMN investor_key.investor_id IS '投資家ID';
COMMENT ON COLUMN investor_key.kek_id IS '鍵暗号化鍵のID: which key wraps this one';
COMMENT ON COLUMN investor_key.wrapped_key IS '包まれたデータ鍵: empty once destroyed';
COMMENT ON COLUMN investor_key.created_at IS '作成日時';
COMMENT ON COLUMN investor_key.destroyed_at IS '破棄日時: the sealed data is unreadable from here on';
COMMENT ON COLUMN investor_key.destroyed_by IS '破棄者';
COMMENT ON COLUMN investor_key.destroyed_for IS '破棄の根拠: reference of the decision';

CREATE TABLE verdict (
    investor_id TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    investor_class INTEGER NOT NULL,
    aml_class TEXT NOT NULL,
    blocked BOOLEAN NOT NULL,
    evidence_ref TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT verdict_pk PRIMARY KEY (investor_id, checked_at),
    CONSTRAINT verdict_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT verdict_expires_at_ck CHECK (expires_at > checked_at),
    CONSTRAINT verdict_investor_class_ck CHECK (investor_class BETWEEN 0 AND 31),
    CONSTRAINT verdict_aml_class_ck CHECK (aml_class IN ('clear', 'review', 'blocked')),
    CONSTRAINT verdict_blocked_ck CHECK (blocked = (aml_class = 'blocked')),
    CONSTRAINT verdict_evidence_ref_ck CHECK (evidence_ref <> '')
);
COMMENT ON TABLE verdict IS '確認結果: KYC and AML evidence and how long it holds';
COMMENT ON COLUMN verdict.investor_id IS '投資家ID';
COMMENT ON COLUMN verdict.checked_at IS '確認日時: when the person was checked';
COMMENT ON COLUMN verdict.expires_at IS '有効期限: first instant it no longer holds';
COMMENT ON COLUMN verdict.investor_class IS '投資家区分: 0 to 31';
COMMENT ON COLUMN verdict.aml_class IS 'AML区分';
COMMENT ON COLUMN verdict.blocked IS '取引停止: neither sends nor receives';
COMMENT ON COLUMN verdict.evidence_ref IS '証跡参照: reference of the evidence, never its content';
COMMENT ON COLUMN verdict.recorded_at IS '登録日時';
COMMENT ON COLUMN verdict.recorded_by IS '登録者';

CREATE TABLE product (
    product_id TEXT NOT NULL,
    name TEXT NOT NULL,
    symbol TEXT NOT NULL,
    legal_form TEXT NOT NULL,
    legal_category TEXT NOT NULL,
    perfection_method TEXT NOT NULL,
    right_kind TEXT NOT NULL,
    isin TEXT,
    trust_contract_id TEXT NOT NULL,
    initial_beneficiary_id TEXT NOT NULL,
    beneficiary_agent_id TEXT,
    set_quantity NUMERIC(25, 0) NOT NULL,
    unit_price_yen NUMERIC(25, 0) NOT NULL,
    application_minimum NUMERIC(25, 0) NOT NULL,
    application_step NUMERIC(25, 0) NOT NULL,
    authorised_cap NUMERIC(25, 0) NOT NULL,
    set_date DATE NOT NULL,
    redemption_date DATE NOT NULL,
    record_date_1 TEXT NOT NULL,
    record_date_2 TEXT,
    holiday_adjustment TEXT NOT NULL,
    register_note TEXT NOT NULL,
    transfer_control_id TEXT NOT NULL,
    terms JSONB NOT NULL,
    terms_digest BYTEA NOT NULL,
    status TEXT NOT NULL,
    chain_id BIGINT,
    address TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT product_pk PRIMARY KEY (product_id),
    CONSTRAINT product_isin_uq UNIQUE (isin),
    CONSTRAINT product_chain_id_address_uq UNIQUE (chain_id, address),
    CONSTRAINT product_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT product_name_ck CHECK (name <> ''),
    CONSTRAINT product_legal_form_ck CHECK (legal_form IN ('beneficiary_certificate_trust', 'corporate_bond', 'share', 'specified_purpose_trust', 'plain_trust', 'silent_partnership')),
    CONSTRAINT product_legal_category_ck CHECK (legal_category IN ('tokenised_security', 'electronic_record_transfer_right', 'excluded_electronic_record_transfer_right')),
    CONSTRAINT product_perfection_method_ck CHECK (perfection_method IN ('register_entry', 'dated_notice', 'certified_system')),
    CONSTRAINT product_right_kind_ck CHECK (right_kind IN ('general', 'preferred', 'subordinated')),
    CONSTRAINT product_isin_ck CHECK (isin ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'),
    CONSTRAINT product_set_quantity_ck CHECK (set_quantity > 0),
    CONSTRAINT product_unit_price_yen_ck CHECK (unit_price_yen > 0),
    CONSTRAINT product_application_minimum_ck CHECK (application_minimum > 0),
    CONSTRAINT product_application_step_ck CHECK (application_step > 0),
    CONSTRAINT product_authorised_cap_ck CHECK (authorised_cap >= set_quantity),
    CONSTRAINT product_redemption_date_ck CHECK (redemption_date > set_date),
    CONSTRAINT product_record_date_1_ck CHECK (record_date_1 ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
    CONSTRAINT product_record_date_2_ck CHECK (record_date_2 ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
    CONSTRAINT product_holiday_adjustment_ck CHECK (holiday_adjustment IN ('none', 'following', 'preceding', 'modified_following')),
    CONSTRAINT product_status_ck CHECK (status IN ('draft', 'set', 'offering', 'active', 'suspended', 'redeeming', 'redeemed')),
    CONSTRAINT product_chain_id_ck CHECK ((chain_id IS NULL) = (address IS NULL)),
    CONSTRAINT product_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT product_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE product IS '受益権情報: products (R-PROGMAT-T3)';
COMMENT ON COLUMN product.product_id IS '受益権ID: key on the ledger too, never changed (T3.1)';
COMMENT ON COLUMN product.name IS '受益権名称: printed on the register (T3.2)';
COMMENT ON COLUMN product.symbol IS '略号: short name on the ledger';
COMMENT ON COLUMN product.legal_form IS '法形式: the law that creates the right';
COMMENT ON COLUMN product.legal_category IS '金商法上の区分 (R-JSTOA-1.1)';
COMMENT ON COLUMN product.perfection_method IS '対抗要件';
COMMENT ON COLUMN product.right_kind IS '受益権種類 (T3.4)';
COMMENT ON COLUMN product.isin IS '国際証券コード: ISIN (T3.5)';
COMMENT ON COLUMN product.trust_contract_id IS '信託契約ID (T3.6)';
COMMENT ON COLUMN product.initial_beneficiary_id IS '当初受益者ID: receives the whole issue (T3.7)';
COMMENT ON COLUMN product.beneficiary_agent_id IS '受益者代理人ID (T3.8)';
COMMENT ON COLUMN product.set_quantity IS '設定数量: units set at issue (T3.9)';
COMMENT ON COLUMN product.unit_price_yen IS '発行価格: yen per unit';
COMMENT ON COLUMN product.application_minimum IS '最低申込数量: fewest units of one application';
COMMENT ON COLUMN product.application_step IS '申込単位: units an application grows by';
COMMENT ON COLUMN product.authorised_cap IS '授権上限: units that may be outstanding at most';
COMMENT ON COLUMN product.set_date IS '設定日 (T3.10)';
COMMENT ON COLUMN product.redemption_date IS '償還日 (T3.12)';
COMMENT ON COLUMN product.record_date_1 IS '権利確定日1: MM-DD (T3.13)';
COMMENT ON COLUMN product.record_date_2 IS '権利確定日2: MM-DD (T3.14)';
COMMENT ON COLUMN product.holiday_adjustment IS '休日調整区分 (T3.15)';
COMMENT ON COLUMN product.register_note IS '受益権原簿にかかる注記: printed verbatim (T3.16)';
COMMENT ON COLUMN product.transfer_control_id IS '移転実行可否制御ID: transfer-enable group (T3.3)';
COMMENT ON COLUMN product.terms IS '発行条件: all terms as the product file has them';
COMMENT ON COLUMN product.terms_digest IS '発行条件のハッシュ: the digest that the token carries';
COMMENT ON COLUMN product.status IS '受益権ステータス (T3.11)';
COMMENT ON COLUMN product.chain_id IS 'チェーンID: where the token is';
COMMENT ON COLUMN product.address IS 'トークンのアドレス';
COMMENT ON COLUMN product.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN product.created_by IS '作成者: who made it';
COMMENT ON COLUMN product.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN product.updated_by IS '最終更新者: who last changed it';

CREATE TABLE act (
    act_id INTEGER GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    command TEXT NOT NULL,
    product_id TEXT,
    ref TEXT,
    maker TEXT NOT NULL,
    approvers TEXT[] NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    chain_id BIGINT,
    tx BYTEA,
    block BIGINT,
    gas BIGINT,
    facts JSONB NOT NULL,
    CONSTRAINT act_pk PRIMARY KEY (act_id),
    CONSTRAINT act_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT act_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT act_outcome_ck CHECK (outcome IN ('done', 'refused')),
    CONSTRAINT act_reason_ck CHECK ((outcome = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT act_gas_ck CHECK (gas > 0),
    CONSTRAINT act_approvers_ck CHECK (NOT maker = ANY (approvers))
);
CREATE INDEX act_at_ix ON act (at);
CREATE INDEX act_product_id_ref_ix ON act (product_id, ref);
COMMENT ON TABLE act IS '処理記録: acts and their traces on the chain';
COMMENT ON COLUMN act.act_id IS '処理番号';
COMMENT ON COLUMN act.at IS '処理日時';
COMMENT ON COLUMN act.command IS '処理: such as distribute';
COMMENT ON COLUMN act.product_id IS '受益権ID';
COMMENT ON COLUMN act.ref IS '取引ID: business reference';
COMMENT ON COLUMN act.maker IS '起案者';
COMMENT ON COLUMN act.approvers IS '承認者';
COMMENT ON COLUMN act.outcome IS '結果: done or refused';
COMMENT ON COLUMN act.reason IS '拒否理由: reason code';
COMMENT ON COLUMN act.chain_id IS 'チェーンID';
COMMENT ON COLUMN act.tx IS '取引ハッシュ';
COMMENT ON COLUMN act.block IS 'ブロック番号';
COMMENT ON COLUMN act.gas IS 'ガス使用量';
COMMENT ON COLUMN act.facts IS '事実: figures of the act, no personal data';

CREATE TABLE lot (
    product_id TEXT NOT NULL,
    from_block BIGINT NOT NULL,
    from_log_index INTEGER NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_hash BYTEA NOT NULL,
    from_tx BYTEA NOT NULL,
    ordinal INTEGER NOT NULL,
    address TEXT NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    acquired DATE NOT NULL,
    parent_block BIGINT,
    parent_log_index INTEGER,
    parent_ordinal INTEGER,
    opened_by SMALLINT NOT NULL,
    ref TEXT,
    until_at TIMESTAMP WITH TIME ZONE,
    until_block BIGINT,
    until_log_index INTEGER,
    CONSTRAINT lot_pk PRIMARY KEY (product_id, from_block, from_log_index, ordinal),
    CONSTRAINT lot_until_ck CHECK ((until_block IS NULL) = (until_at IS NULL) AND (until_block IS NULL) = (until_log_index IS NULL) AND (until_block, until_log_index) > (from_block, from_log_index)),
    CONSTRAINT lot_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT lot_parent_fk FOREIGN KEY(product_id, parent_block, parent_log_index, parent_ordinal) REFERENCES lot (product_id, from_block, from_log_index, ordinal),
    CONSTRAINT lot_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT lot_units_ck CHECK (units > 0),
    CONSTRAINT lot_ordinal_ck CHECK (ordinal >= 0),
    CONSTRAINT lot_opened_by_ck CHECK (opened_by BETWEEN 1 AND 11),
    CONSTRAINT lot_parent_ck CHECK ((parent_block IS NULL) = (parent_log_index IS NULL) AND (parent_block IS NULL) = (parent_ordinal IS NULL))
);
CREATE INDEX lot_standing_ix ON lot (product_id, address) WHERE until_block IS NULL;
CREATE INDEX lot_ref_ix ON lot (product_id, ref);
CREATE INDEX lot_until_ix ON lot (product_id, until_at);
CREATE INDEX lot_parent_ix ON lot (product_id, parent_block, parent_log_index, parent_ordinal);
CREATE INDEX lot_from_ix ON lot (product_id, from_at);
COMMENT ON TABLE lot IS 'ロット: units of one address acquired on one day (R-PROGMAT-T1)';
COMMENT ON COLUMN lot.product_id IS '受益権ID';
COMMENT ON COLUMN lot.from_block IS '開始ブロック: block of the log that made it';
COMMENT ON COLUMN lot.from_log_index IS '開始ログ番号: index of that log';
COMMENT ON COLUMN lot.from_at IS '開始時刻: time of that block, UTC';
COMMENT ON COLUMN lot.from_hash IS '開始ブロックのハッシュ';
COMMENT ON COLUMN lot.from_tx IS '開始取引ハッシュ';
COMMENT ON COLUMN lot.ordinal IS '連番: among the lots of one log; with the log it names the lot (T1.1)';
COMMENT ON COLUMN lot.address IS 'アドレス: where the units are';
COMMENT ON COLUMN lot.units IS '数量 (T1.2)';
COMMENT ON COLUMN lot.acquired IS '取得日: survives split and re-keying, restored by reversal';
COMMENT ON COLUMN lot.parent_block IS '元ロットのブロック';
COMMENT ON COLUMN lot.parent_log_index IS '元ロットのログ番号';
COMMENT ON COLUMN lot.parent_ordinal IS '元ロットの連番';
COMMENT ON COLUMN lot.opened_by IS '移転区分 (T2.10): MovementKind';
COMMENT ON COLUMN lot.ref IS '取引ID: the trade by which the holder acquired the units (T2.2)';
COMMENT ON COLUMN lot.until_at IS '終了時刻';
COMMENT ON COLUMN lot.until_block IS '終了ブロック';
COMMENT ON COLUMN lot.until_log_index IS '終了ログ番号';

CREATE TABLE position (
    product_id TEXT NOT NULL,
    address TEXT NOT NULL,
    from_block BIGINT NOT NULL,
    from_log_index INTEGER NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_hash BYTEA NOT NULL,
    from_tx BYTEA NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    frozen NUMERIC(25, 0) NOT NULL,
    address_frozen BOOLEAN NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    verified_until TIMESTAMP WITH TIME ZONE,
    blocked BOOLEAN NOT NULL,
    retired BOOLEAN NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    until_block BIGINT,
    until_log_index INTEGER,
    CONSTRAINT position_pk PRIMARY KEY (product_id, address, from_block, from_log_index),
    CONSTRAINT position_until_ck CHECK ((until_block IS NULL) = (until_at IS NULL) AND (until_block IS NULL) = (until_log_index IS NULL) AND (until_block, until_log_index) > (from_block, from_log_index)),
    CONSTRAINT position_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT position_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT position_units_ck CHECK (units >= 0),
    CONSTRAINT position_frozen_ck CHECK (frozen >= 0)
);
CREATE INDEX position_until_ix ON position (product_id, until_at);
CREATE INDEX position_from_ix ON position (product_id, from_at);
CREATE UNIQUE INDEX position_standing_uq ON position (product_id, address) WHERE until_block IS NULL;
COMMENT ON TABLE position IS '残高: what an address holds of a product, for a stretch of the ledger';
COMMENT ON COLUMN position.product_id IS '受益権ID';
COMMENT ON COLUMN position.address IS 'アドレス';
COMMENT ON COLUMN position.from_block IS '開始ブロック: block of the log that made it';
COMMENT ON COLUMN position.from_log_index IS '開始ログ番号: index of that log';
COMMENT ON COLUMN position.from_at IS '開始時刻: time of that block, UTC';
COMMENT ON COLUMN position.from_hash IS '開始ブロックのハッシュ';
COMMENT ON COLUMN position.from_tx IS '開始取引ハッシュ';
COMMENT ON COLUMN position.units IS '数量: balance';
COMMENT ON COLUMN position.frozen IS '凍結数量: may exceed the balance';
COMMENT ON COLUMN position.address_frozen IS 'アドレス凍結';
COMMENT ON COLUMN position.locked_until IS 'ロックアップ期限: first instant it may send again';
COMMENT ON COLUMN position.verified_until IS '確認有効期限: first instant the verdict no longer holds';
COMMENT ON COLUMN position.blocked IS '取引停止';
COMMENT ON COLUMN position.retired IS '失効: replaced by re-keying';
COMMENT ON COLUMN position.until_at IS '終了時刻';
COMMENT ON COLUMN position.until_block IS '終了ブロック';
COMMENT ON COLUMN position.until_log_index IS '終了ログ番号';

CREATE TABLE total_issued (
    product_id TEXT NOT NULL,
    from_block BIGINT NOT NULL,
    from_log_index INTEGER NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_hash BYTEA NOT NULL,
    from_tx BYTEA NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    factor NUMERIC NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    until_block BIGINT,
    until_log_index INTEGER,
    CONSTRAINT total_issued_pk PRIMARY KEY (product_id, from_block, from_log_index),
    CONSTRAINT total_issued_until_ck CHECK ((until_block IS NULL) = (until_at IS NULL) AND (until_block IS NULL) = (until_log_index IS NULL) AND (until_block, until_log_index) > (from_block, from_log_index)),
    CONSTRAINT total_issued_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT total_issued_units_ck CHECK (units >= 0),
    CONSTRAINT total_issued_factor_ck CHECK (factor >= 1)
);
CREATE UNIQUE INDEX total_issued_standing_uq ON total_issued (product_id) WHERE until_block IS NULL;
COMMENT ON TABLE total_issued IS '総発行数量: total issued of a product, for a stretch of the ledger';
COMMENT ON COLUMN total_issued.product_id IS '受益権ID';
COMMENT ON COLUMN total_issued.from_block IS '開始ブロック: block of the log that made it';
COMMENT ON COLUMN total_issued.from_log_index IS '開始ログ番号: index of that log';
COMMENT ON COLUMN total_issued.from_at IS '開始時刻: time of that block, UTC';
COMMENT ON COLUMN total_issued.from_hash IS '開始ブロックのハッシュ';
COMMENT ON COLUMN total_issued.from_tx IS '開始取引ハッシュ';
COMMENT ON COLUMN total_issued.units IS '総発行数量';
COMMENT ON COLUMN total_issued.factor IS '分割累積倍率: product of all split factors so far';
COMMENT ON COLUMN total_issued.until_at IS '終了時刻';
COMMENT ON COLUMN total_issued.until_block IS '終了ブロック';
COMMENT ON COLUMN total_issued.until_log_index IS '終了ログ番号';

CREATE TABLE trade (
    product_id TEXT NOT NULL,
    from_block BIGINT NOT NULL,
    from_log_index INTEGER NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_hash BYTEA NOT NULL,
    from_tx BYTEA NOT NULL,
    ref TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    source TEXT,
    target TEXT,
    units NUMERIC(25, 0) NOT NULL,
    factor NUMERIC NOT NULL,
    reverses TEXT,
    CONSTRAINT trade_pk PRIMARY KEY (product_id, from_block, from_log_index),
    CONSTRAINT trade_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT trade_units_ck CHECK (units >= 0),
    CONSTRAINT trade_kind_ck CHECK (kind BETWEEN 1 AND 11),
    CONSTRAINT trade_factor_ck CHECK (factor >= 1),
    CONSTRAINT trade_parties_ck CHECK (source IS NOT NULL OR target IS NOT NULL),
    CONSTRAINT trade_source_ck CHECK (source ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT trade_target_ck CHECK (target ~ '^0x[0-9A-Fa-f]{40}$')
);
CREATE INDEX trade_ref_ix ON trade (product_id, ref);
CREATE INDEX trade_reverses_ix ON trade (product_id, reverses, target);
COMMENT ON TABLE trade IS '移転情報: movements with a reference (R-PROGMAT-T2)';
COMMENT ON COLUMN trade.product_id IS '受益権ID';
COMMENT ON COLUMN trade.from_block IS '開始ブロック: block of the log that made it';
COMMENT ON COLUMN trade.from_log_index IS '開始ログ番号: index of that log';
COMMENT ON COLUMN trade.from_at IS '開始時刻: time of that block, UTC';
COMMENT ON COLUMN trade.from_hash IS '開始ブロックのハッシュ';
COMMENT ON COLUMN trade.from_tx IS '開始取引ハッシュ';
COMMENT ON COLUMN trade.ref IS '取引ID: one act, which may have several movements (T2.2)';
COMMENT ON COLUMN trade.kind IS '移転区分 (T2.10): MovementKind';
COMMENT ON COLUMN trade.source IS '異動元アドレス (T2.6)';
COMMENT ON COLUMN trade.target IS '異動先アドレス (T2.7)';
COMMENT ON COLUMN trade.units IS '数量 (T2.8)';
COMMENT ON COLUMN trade.factor IS '分割累積倍率: when it happened';
COMMENT ON COLUMN trade.reverses IS '取消対象取引ID: the trade it undoes (T2.11)';

CREATE TABLE wallet (
    product_id TEXT NOT NULL,
    address TEXT NOT NULL,
    investor_id TEXT NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT wallet_pk PRIMARY KEY (product_id, address),
    CONSTRAINT wallet_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT wallet_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT wallet_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT wallet_valid_until_ck CHECK (valid_until >= valid_from)
);
CREATE UNIQUE INDEX wallet_active_uq ON wallet (investor_id, product_id) WHERE valid_until IS NULL;
COMMENT ON TABLE wallet IS '鍵情報: one active address per investor and product (R-PROGMAT-T6)';
COMMENT ON COLUMN wallet.product_id IS '受益権ID';
COMMENT ON COLUMN wallet.address IS 'アドレス: one investor''s for ever, in this product';
COMMENT ON COLUMN wallet.investor_id IS '投資家ID';
COMMENT ON COLUMN wallet.valid_from IS '有効開始';
COMMENT ON COLUMN wallet.valid_until IS '有効終了: replaced keys stay listed';

CREATE TABLE trade_piece (
    product_id TEXT NOT NULL,
    from_block BIGINT NOT NULL,
    from_log_index INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    acquired DATE NOT NULL,
    units NUMERIC(25, 0) NOT NULL,
    CONSTRAINT trade_piece_pk PRIMARY KEY (product_id, from_block, from_log_index, ordinal),
    CONSTRAINT trade_piece_trade_fk FOREIGN KEY(product_id, from_block, from_log_index) REFERENCES trade (product_id, from_block, from_log_index) ON DELETE CASCADE,
    CONSTRAINT trade_piece_units_ck CHECK (units > 0)
);
COMMENT ON TABLE trade_piece IS '移転元ロットの内訳: what a trade took, which a reversal puts back';
COMMENT ON COLUMN trade_piece.product_id IS '受益権ID';
COMMENT ON COLUMN trade_piece.from_block IS '移転情報のブロック';
COMMENT ON COLUMN trade_piece.from_log_index IS '移転情報のログ番号';
COMMENT ON COLUMN trade_piece.ordinal IS '連番: in the order in which they were taken';
COMMENT ON COLUMN trade_piece.acquired IS '取得日: of the units taken';
COMMENT ON COLUMN trade_piece.units IS '数量';
