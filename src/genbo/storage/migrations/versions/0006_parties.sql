-- Firms and their contracts: tables T4, T5 and T8 to T13, the bank master, names of products, former rows.

CREATE FUNCTION keep_former() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_row (table_name, row_key, "row", until_at, until_by)
    VALUES (TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(OLD), NEW.updated_at, NEW.updated_by);
    RETURN NULL;
END $$;
CREATE FUNCTION made_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'created_at and created_by are set once';
END $$;
CREATE FUNCTION former_row_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'former_row is append only';
END $$;

CREATE TABLE bank (
    bank_code TEXT NOT NULL,
    bank_name TEXT NOT NULL,
    bank_name_kana TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT bank_pk PRIMARY KEY (bank_code),
    CONSTRAINT bank_bank_code_ck CHECK (bank_code ~ '^[0-9]{4}$')
);
COMMENT ON TABLE bank IS '金融機関: banks; one that merged away stays listed for what refers to it';
COMMENT ON COLUMN bank.bank_code IS '金融機関コード: four digits';
COMMENT ON COLUMN bank.bank_name IS '金融機関名';
COMMENT ON COLUMN bank.bank_name_kana IS '金融機関名（カナ）: half-width, as in a transfer file';
COMMENT ON COLUMN bank.recorded_at IS '登録日時';
COMMENT ON COLUMN bank.recorded_by IS '登録者';
CREATE TABLE former_row (
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    row JSONB NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_by TEXT NOT NULL,
    CONSTRAINT former_row_pk PRIMARY KEY (number)
);
CREATE INDEX former_row_table_name_row_key_ix ON former_row (table_name, row_key);
COMMENT ON TABLE former_row IS '変更前の行: what masters said before each change; append only, kept by the database';
COMMENT ON COLUMN former_row.number IS '番号: in the order of the changes';
COMMENT ON COLUMN former_row.table_name IS '表: of which master';
COMMENT ON COLUMN former_row.row_key IS '主キー: of the row';
COMMENT ON COLUMN former_row.row IS '変更前の行: as it was; sealed columns stay sealed';
COMMENT ON COLUMN former_row.until_at IS '変更日時: when it was changed';
COMMENT ON COLUMN former_row.until_by IS '変更者: who changed it';
CREATE TRIGGER former_row_append_only BEFORE UPDATE OR DELETE ON former_row
    FOR EACH ROW EXECUTE FUNCTION former_row_append_only();
CREATE TABLE institution (
    institution_id TEXT NOT NULL,
    role TEXT NOT NULL,
    custodian_id TEXT,
    own_account_investor_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT institution_pk PRIMARY KEY (institution_id),
    CONSTRAINT institution_custodian_id_fk FOREIGN KEY(custodian_id) REFERENCES institution (institution_id),
    CONSTRAINT institution_role_ck CHECK (role IN ('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')),
    CONSTRAINT institution_custodian_id_ck CHECK ((role = 'delegating_broker') = (custodian_id IS NOT NULL)),
    CONSTRAINT institution_own_account_investor_id_ck CHECK (own_account_investor_id IS NULL OR role IN ('direct_broker', 'delegating_broker')),
    CONSTRAINT institution_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE institution IS '関係機関: firms that have access, one role each';
COMMENT ON COLUMN institution.institution_id IS '関係機関ID: the key of its row in T8 to T13, where it has one';
COMMENT ON COLUMN institution.role IS '役割: what it is to the platform (A.2.1)';
COMMENT ON COLUMN institution.custodian_id IS 'カストディアンID: of a delegating broker (T8.5)';
COMMENT ON COLUMN institution.own_account_investor_id IS '自己口ID: of a broker (T8.4)';
COMMENT ON COLUMN institution.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN institution.created_by IS '作成者: who made it';
COMMENT ON COLUMN institution.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN institution.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER institution_keep_former AFTER UPDATE OF updated_at ON institution
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('institution_id');
CREATE TRIGGER institution_made_once BEFORE UPDATE ON institution
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE owner_key (
    owner TEXT NOT NULL,
    kek_id TEXT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT owner_key_pk PRIMARY KEY (owner)
);
COMMENT ON TABLE owner_key IS '所有者別データ鍵: data keys of whoever is no investor: firms, their people, their trees';
COMMENT ON COLUMN owner_key.owner IS '所有者: such as custodian:C1; what it owns is sealed with this key';
COMMENT ON COLUMN owner_key.kek_id IS '鍵暗号化鍵のID: which key wraps this one';
COMMENT ON COLUMN owner_key.wrapped_key IS '包まれたデータ鍵';
COMMENT ON COLUMN owner_key.created_at IS '作成日時';
CREATE TABLE transfer_control (
    transfer_control_id TEXT NOT NULL,
    transfer_enabled BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT transfer_control_pk PRIMARY KEY (transfer_control_id),
    CONSTRAINT transfer_control_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE transfer_control IS '移転実行可否制御: switches that products share (R-PROGMAT-T4)';
COMMENT ON COLUMN transfer_control.transfer_control_id IS '移転実行可否制御ID (T4.1)';
COMMENT ON COLUMN transfer_control.transfer_enabled IS '移転実行可否フラグ: off refuses ordinary transfers (T4.2)';
COMMENT ON COLUMN transfer_control.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN transfer_control.created_by IS '作成者: who made it';
COMMENT ON COLUMN transfer_control.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN transfer_control.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER transfer_control_keep_former AFTER UPDATE OF updated_at ON transfer_control
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('transfer_control_id');
CREATE TRIGGER transfer_control_made_once BEFORE UPDATE ON transfer_control
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE bank_branch (
    bank_code TEXT NOT NULL,
    branch_code TEXT NOT NULL,
    branch_name TEXT NOT NULL,
    branch_name_kana TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT bank_branch_pk PRIMARY KEY (bank_code, branch_code),
    CONSTRAINT bank_branch_bank_code_fk FOREIGN KEY(bank_code) REFERENCES bank (bank_code),
    CONSTRAINT bank_branch_branch_code_ck CHECK (branch_code ~ '^[0-9]{3}$')
);
COMMENT ON TABLE bank_branch IS '本支店: branches of banks';
COMMENT ON COLUMN bank_branch.bank_code IS '金融機関コード';
COMMENT ON COLUMN bank_branch.branch_code IS '本支店コード: three digits';
COMMENT ON COLUMN bank_branch.branch_name IS '本支店名';
COMMENT ON COLUMN bank_branch.branch_name_kana IS '本支店名（カナ）: half-width, as in a transfer file';
COMMENT ON COLUMN bank_branch.recorded_at IS '登録日時';
COMMENT ON COLUMN bank_branch.recorded_by IS '登録者';
CREATE TABLE market_status (
    chain_id BIGINT NOT NULL,
    open_status TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT market_status_pk PRIMARY KEY (chain_id),
    CONSTRAINT market_status_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT market_status_open_status_ck CHECK (open_status IN ('open', 'closed')),
    CONSTRAINT market_status_updated_at_ck CHECK (updated_at >= created_at)
);
COMMENT ON TABLE market_status IS '開閉局制御: whether the whole platform is open (R-PROGMAT-T16)';
COMMENT ON COLUMN market_status.chain_id IS 'チェーンID: one platform, one status';
COMMENT ON COLUMN market_status.open_status IS '開閉局ステータス: what an operator or the schedule decided (T16.1)';
COMMENT ON COLUMN market_status.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN market_status.created_by IS '作成者: who made it';
COMMENT ON COLUMN market_status.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN market_status.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER market_status_keep_former AFTER UPDATE OF updated_at ON market_status
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('chain_id');
CREATE TRIGGER market_status_made_once BEFORE UPDATE ON market_status
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE asset_manager (
    asset_manager_id TEXT NOT NULL,
    asset_manager_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT asset_manager_pk PRIMARY KEY (asset_manager_id),
    CONSTRAINT asset_manager_asset_manager_name_ck CHECK (asset_manager_name <> ''),
    CONSTRAINT asset_manager_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT asset_manager_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT asset_manager_settlement_bank_code_settlement_branch_code_fk FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT asset_manager_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT asset_manager_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT asset_manager_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$')
);
COMMENT ON TABLE asset_manager IS 'AM情報: asset managers (R-PROGMAT-T13)';
COMMENT ON COLUMN asset_manager.asset_manager_id IS '運用者 AMID (T13.1)';
COMMENT ON COLUMN asset_manager.asset_manager_name IS '運用者名称: trade name (.2)';
COMMENT ON COLUMN asset_manager.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN asset_manager.contact_addressee IS '連絡先宛名 (.4), sealed';
COMMENT ON COLUMN asset_manager.contact_postal_code IS '連絡先郵便番号 (.5), sealed';
COMMENT ON COLUMN asset_manager.contact_address IS '連絡先住所 (.6), sealed';
COMMENT ON COLUMN asset_manager.contact_phone IS '連絡先電話番号 (.7), sealed';
COMMENT ON COLUMN asset_manager.contact_email IS '連絡先メールアドレス (.8), sealed';
COMMENT ON COLUMN asset_manager.settlement_bank_code IS '決済口座金融機関コード (.9)';
COMMENT ON COLUMN asset_manager.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.10)';
COMMENT ON COLUMN asset_manager.settlement_branch_code IS '決済口座本支店コード (.11)';
COMMENT ON COLUMN asset_manager.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.12)';
COMMENT ON COLUMN asset_manager.settlement_account_kind IS '決済口座預金種目 (.13)';
COMMENT ON COLUMN asset_manager.settlement_account_number IS '決済口座口座番号 (.14)';
COMMENT ON COLUMN asset_manager.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.15)';
COMMENT ON COLUMN asset_manager.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN asset_manager.created_by IS '作成者: who made it';
COMMENT ON COLUMN asset_manager.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN asset_manager.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER asset_manager_keep_former AFTER UPDATE OF updated_at ON asset_manager
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('asset_manager_id');
CREATE TRIGGER asset_manager_made_once BEFORE UPDATE ON asset_manager
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE beneficiary_agent (
    beneficiary_agent_id TEXT NOT NULL,
    beneficiary_agent_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT beneficiary_agent_pk PRIMARY KEY (beneficiary_agent_id),
    CONSTRAINT beneficiary_agent_beneficiary_agent_name_ck CHECK (beneficiary_agent_name <> ''),
    CONSTRAINT beneficiary_agent_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT beneficiary_agent_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT beneficiary_agent_settlement_bank_code_settlement_branc_4817 FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT beneficiary_agent_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT beneficiary_agent_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT beneficiary_agent_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$')
);
COMMENT ON TABLE beneficiary_agent IS '受益者代理人情報: agents of the beneficiaries; they have no access (R-PROGMAT-T10)';
COMMENT ON COLUMN beneficiary_agent.beneficiary_agent_id IS '受益者代理人ID (T10.1)';
COMMENT ON COLUMN beneficiary_agent.beneficiary_agent_name IS '受益者代理人名称: trade name (.2)';
COMMENT ON COLUMN beneficiary_agent.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN beneficiary_agent.contact_addressee IS '連絡先宛名 (.4), sealed';
COMMENT ON COLUMN beneficiary_agent.contact_postal_code IS '連絡先郵便番号 (.5), sealed';
COMMENT ON COLUMN beneficiary_agent.contact_address IS '連絡先住所 (.6), sealed';
COMMENT ON COLUMN beneficiary_agent.contact_phone IS '連絡先電話番号 (.7), sealed';
COMMENT ON COLUMN beneficiary_agent.contact_email IS '連絡先メールアドレス (.8), sealed';
COMMENT ON COLUMN beneficiary_agent.settlement_bank_code IS '決済口座金融機関コード (.9)';
COMMENT ON COLUMN beneficiary_agent.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.10)';
COMMENT ON COLUMN beneficiary_agent.settlement_branch_code IS '決済口座本支店コード (.11)';
COMMENT ON COLUMN beneficiary_agent.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.12)';
COMMENT ON COLUMN beneficiary_agent.settlement_account_kind IS '決済口座預金種目 (.13)';
COMMENT ON COLUMN beneficiary_agent.settlement_account_number IS '決済口座口座番号 (.14)';
COMMENT ON COLUMN beneficiary_agent.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.15)';
COMMENT ON COLUMN beneficiary_agent.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN beneficiary_agent.created_by IS '作成者: who made it';
COMMENT ON COLUMN beneficiary_agent.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN beneficiary_agent.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER beneficiary_agent_keep_former AFTER UPDATE OF updated_at ON beneficiary_agent
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('beneficiary_agent_id');
CREATE TRIGGER beneficiary_agent_made_once BEFORE UPDATE ON beneficiary_agent
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE custodian (
    custodian_id TEXT NOT NULL,
    custodian_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT custodian_pk PRIMARY KEY (custodian_id),
    CONSTRAINT custodian_custodian_name_ck CHECK (custodian_name <> ''),
    CONSTRAINT custodian_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT custodian_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT custodian_settlement_bank_code_settlement_branch_code_fk FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT custodian_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT custodian_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT custodian_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$'),
    CONSTRAINT custodian_custodian_id_fk FOREIGN KEY(custodian_id) REFERENCES institution (institution_id)
);
COMMENT ON TABLE custodian IS 'カストディアン情報: custodians (R-PROGMAT-T9)';
COMMENT ON COLUMN custodian.custodian_id IS 'カストディアンID (T9.1)';
COMMENT ON COLUMN custodian.custodian_name IS 'カストディアン名称: trade name (.2)';
COMMENT ON COLUMN custodian.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN custodian.contact_addressee IS '連絡先宛名 (.4), sealed';
COMMENT ON COLUMN custodian.contact_postal_code IS '連絡先郵便番号 (.5), sealed';
COMMENT ON COLUMN custodian.contact_address IS '連絡先住所 (.6), sealed';
COMMENT ON COLUMN custodian.contact_phone IS '連絡先電話番号 (.7), sealed';
COMMENT ON COLUMN custodian.contact_email IS '連絡先メールアドレス (.8), sealed';
COMMENT ON COLUMN custodian.settlement_bank_code IS '決済口座金融機関コード (.9)';
COMMENT ON COLUMN custodian.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.10)';
COMMENT ON COLUMN custodian.settlement_branch_code IS '決済口座本支店コード (.11)';
COMMENT ON COLUMN custodian.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.12)';
COMMENT ON COLUMN custodian.settlement_account_kind IS '決済口座預金種目 (.13)';
COMMENT ON COLUMN custodian.settlement_account_number IS '決済口座口座番号 (.14)';
COMMENT ON COLUMN custodian.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.15)';
COMMENT ON COLUMN custodian.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN custodian.created_by IS '作成者: who made it';
COMMENT ON COLUMN custodian.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN custodian.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER custodian_keep_former AFTER UPDATE OF updated_at ON custodian
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('custodian_id');
CREATE TRIGGER custodian_made_once BEFORE UPDATE ON custodian
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE settlor (
    settlor_id TEXT NOT NULL,
    settlor_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT settlor_pk PRIMARY KEY (settlor_id),
    CONSTRAINT settlor_settlor_name_ck CHECK (settlor_name <> ''),
    CONSTRAINT settlor_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT settlor_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT settlor_settlement_bank_code_settlement_branch_code_fk FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT settlor_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT settlor_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT settlor_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$')
);
COMMENT ON TABLE settlor IS '委託者情報: settlors (R-PROGMAT-T11)';
COMMENT ON COLUMN settlor.settlor_id IS '委託者ID (T11.1)';
COMMENT ON COLUMN settlor.settlor_name IS '委託者名称: trade name (.2)';
COMMENT ON COLUMN settlor.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN settlor.contact_addressee IS '連絡先宛名 (.4), sealed';
COMMENT ON COLUMN settlor.contact_postal_code IS '連絡先郵便番号 (.5), sealed';
COMMENT ON COLUMN settlor.contact_address IS '連絡先住所 (.6), sealed';
COMMENT ON COLUMN settlor.contact_phone IS '連絡先電話番号 (.7), sealed';
COMMENT ON COLUMN settlor.contact_email IS '連絡先メールアドレス (.8), sealed';
COMMENT ON COLUMN settlor.settlement_bank_code IS '決済口座金融機関コード (.9)';
COMMENT ON COLUMN settlor.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.10)';
COMMENT ON COLUMN settlor.settlement_branch_code IS '決済口座本支店コード (.11)';
COMMENT ON COLUMN settlor.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.12)';
COMMENT ON COLUMN settlor.settlement_account_kind IS '決済口座預金種目 (.13)';
COMMENT ON COLUMN settlor.settlement_account_number IS '決済口座口座番号 (.14)';
COMMENT ON COLUMN settlor.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.15)';
COMMENT ON COLUMN settlor.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN settlor.created_by IS '作成者: who made it';
COMMENT ON COLUMN settlor.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN settlor.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER settlor_keep_former AFTER UPDATE OF updated_at ON settlor
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('settlor_id');
CREATE TRIGGER settlor_made_once BEFORE UPDATE ON settlor
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE trustee (
    trustee_id TEXT NOT NULL,
    trustee_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT trustee_pk PRIMARY KEY (trustee_id),
    CONSTRAINT trustee_trustee_name_ck CHECK (trustee_name <> ''),
    CONSTRAINT trustee_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT trustee_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT trustee_settlement_bank_code_settlement_branch_code_fk FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT trustee_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT trustee_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT trustee_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$'),
    CONSTRAINT trustee_trustee_id_fk FOREIGN KEY(trustee_id) REFERENCES institution (institution_id)
);
COMMENT ON TABLE trustee IS '受託者情報: trustees, who are registrars of their products (R-PROGMAT-T12)';
COMMENT ON COLUMN trustee.trustee_id IS '受託者ID (T12.1)';
COMMENT ON COLUMN trustee.trustee_name IS '受託者名称: trade name (.2)';
COMMENT ON COLUMN trustee.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN trustee.settlement_bank_code IS '決済口座金融機関コード (.4)';
COMMENT ON COLUMN trustee.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.5)';
COMMENT ON COLUMN trustee.settlement_branch_code IS '決済口座本支店コード (.6)';
COMMENT ON COLUMN trustee.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.7)';
COMMENT ON COLUMN trustee.settlement_account_kind IS '決済口座預金種目 (.8)';
COMMENT ON COLUMN trustee.settlement_account_number IS '決済口座口座番号 (.9)';
COMMENT ON COLUMN trustee.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.10)';
COMMENT ON COLUMN trustee.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN trustee.created_by IS '作成者: who made it';
COMMENT ON COLUMN trustee.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN trustee.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER trustee_keep_former AFTER UPDATE OF updated_at ON trustee
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('trustee_id');
CREATE TRIGGER trustee_made_once BEFORE UPDATE ON trustee
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE safekeeping_firm (
    safekeeping_id TEXT NOT NULL,
    safekeeping_name TEXT NOT NULL,
    registered_address TEXT NOT NULL,
    own_account_investor_id TEXT,
    custodian_id TEXT,
    contact_addressee BYTEA,
    contact_postal_code BYTEA,
    contact_address BYTEA,
    contact_phone BYTEA,
    contact_email BYTEA,
    settlement_bank_code TEXT,
    settlement_bank_name_kana TEXT,
    settlement_branch_code TEXT,
    settlement_branch_name_kana TEXT,
    settlement_account_kind TEXT,
    settlement_account_number TEXT,
    settlement_account_holder_kana TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT safekeeping_firm_pk PRIMARY KEY (safekeeping_id),
    CONSTRAINT safekeeping_firm_safekeeping_name_ck CHECK (safekeeping_name <> ''),
    CONSTRAINT safekeeping_firm_registered_address_ck CHECK (registered_address <> ''),
    CONSTRAINT safekeeping_firm_updated_at_ck CHECK (updated_at >= created_at),
    CONSTRAINT safekeeping_firm_settlement_bank_code_settlement_branch_code_fk FOREIGN KEY(settlement_bank_code, settlement_branch_code) REFERENCES bank_branch (bank_code, branch_code),
    CONSTRAINT safekeeping_firm_settlement_account_ck CHECK (num_nulls(settlement_bank_code, settlement_bank_name_kana, settlement_branch_code, settlement_branch_name_kana, settlement_account_kind, settlement_account_number, settlement_account_holder_kana) IN (0, 7)),
    CONSTRAINT safekeeping_firm_settlement_account_kind_ck CHECK (settlement_account_kind IN ('1', '2', '4', '9')),
    CONSTRAINT safekeeping_firm_settlement_account_number_ck CHECK (settlement_account_number ~ '^[0-9]{7}$'),
    CONSTRAINT safekeeping_firm_safekeeping_id_fk FOREIGN KEY(safekeeping_id) REFERENCES institution (institution_id),
    CONSTRAINT safekeeping_firm_custodian_id_fk FOREIGN KEY(custodian_id) REFERENCES custodian (custodian_id)
);
COMMENT ON TABLE safekeeping_firm IS '保護預り先情報: brokers (R-PROGMAT-T8)';
COMMENT ON COLUMN safekeeping_firm.safekeeping_id IS '保護預り先ID: ties an API credential to one broker (T8.1)';
COMMENT ON COLUMN safekeeping_firm.safekeeping_name IS '保護預り先名称: trade name (.2)';
COMMENT ON COLUMN safekeeping_firm.registered_address IS '登記住所 (.3)';
COMMENT ON COLUMN safekeeping_firm.own_account_investor_id IS '自己口ID (T8.4)';
COMMENT ON COLUMN safekeeping_firm.custodian_id IS 'カストディアンID: empty when it keeps keys itself (T8.5)';
COMMENT ON COLUMN safekeeping_firm.contact_addressee IS '連絡先宛名 (.6), sealed';
COMMENT ON COLUMN safekeeping_firm.contact_postal_code IS '連絡先郵便番号 (.7), sealed';
COMMENT ON COLUMN safekeeping_firm.contact_address IS '連絡先住所 (.8), sealed';
COMMENT ON COLUMN safekeeping_firm.contact_phone IS '連絡先電話番号 (.9), sealed';
COMMENT ON COLUMN safekeeping_firm.contact_email IS '連絡先メールアドレス (.10), sealed';
COMMENT ON COLUMN safekeeping_firm.settlement_bank_code IS '決済口座金融機関コード (.11)';
COMMENT ON COLUMN safekeeping_firm.settlement_bank_name_kana IS '決済口座金融機関名（カナ） (.12)';
COMMENT ON COLUMN safekeeping_firm.settlement_branch_code IS '決済口座本支店コード (.13)';
COMMENT ON COLUMN safekeeping_firm.settlement_branch_name_kana IS '決済口座本支店名（カナ） (.14)';
COMMENT ON COLUMN safekeeping_firm.settlement_account_kind IS '決済口座預金種目 (.15)';
COMMENT ON COLUMN safekeeping_firm.settlement_account_number IS '決済口座口座番号 (.16)';
COMMENT ON COLUMN safekeeping_firm.settlement_account_holder_kana IS '決済口座口座名義（カナ） (.17)';
COMMENT ON COLUMN safekeeping_firm.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN safekeeping_firm.created_by IS '作成者: who made it';
COMMENT ON COLUMN safekeeping_firm.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN safekeeping_firm.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER safekeeping_firm_keep_former AFTER UPDATE OF updated_at ON safekeeping_firm
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('safekeeping_id');
CREATE TRIGGER safekeeping_firm_made_once BEFORE UPDATE ON safekeeping_firm
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE trust_contract (
    trust_contract_id TEXT NOT NULL,
    trust_contract_number TEXT NOT NULL,
    trust_contract_name TEXT NOT NULL,
    fund_admin_number TEXT,
    settlor_id TEXT NOT NULL,
    trustee_id TEXT NOT NULL,
    asset_manager_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT trust_contract_pk PRIMARY KEY (trust_contract_id),
    CONSTRAINT trust_contract_settlor_id_fk FOREIGN KEY(settlor_id) REFERENCES settlor (settlor_id),
    CONSTRAINT trust_contract_trustee_id_fk FOREIGN KEY(trustee_id) REFERENCES trustee (trustee_id),
    CONSTRAINT trust_contract_asset_manager_id_fk FOREIGN KEY(asset_manager_id) REFERENCES asset_manager (asset_manager_id),
    CONSTRAINT trust_contract_trust_contract_number_ck CHECK (trust_contract_number <> ''),
    CONSTRAINT trust_contract_trust_contract_name_ck CHECK (trust_contract_name <> ''),
    CONSTRAINT trust_contract_updated_at_ck CHECK (updated_at >= created_at)
);
CREATE UNIQUE INDEX trust_contract_number_uq ON trust_contract (trustee_id, trust_contract_number);
CREATE INDEX trust_contract_settlor_id_ix ON trust_contract (settlor_id);
CREATE INDEX trust_contract_asset_manager_id_ix ON trust_contract (asset_manager_id);
COMMENT ON TABLE trust_contract IS '信託契約情報: trust contracts (R-PROGMAT-T5)';
COMMENT ON COLUMN trust_contract.trust_contract_id IS '信託契約ID (T5.1)';
COMMENT ON COLUMN trust_contract.trust_contract_number IS '信託契約番号: unique per trustee (T5.2)';
COMMENT ON COLUMN trust_contract.trust_contract_name IS '信託契約名称: printed on the register (T5.3)';
COMMENT ON COLUMN trust_contract.fund_admin_number IS 'MTBJファンドNo: key of outside books (T5.4)';
COMMENT ON COLUMN trust_contract.settlor_id IS '委託者ID (T5.5)';
COMMENT ON COLUMN trust_contract.trustee_id IS '受託者ID: the registrar of its products (T5.6)';
COMMENT ON COLUMN trust_contract.asset_manager_id IS '運用者 AMID: reads its products (T5.7)';
COMMENT ON COLUMN trust_contract.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN trust_contract.created_by IS '作成者: who made it';
COMMENT ON COLUMN trust_contract.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN trust_contract.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER trust_contract_keep_former AFTER UPDATE OF updated_at ON trust_contract
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('trust_contract_id');
CREATE TRIGGER trust_contract_made_once BEFORE UPDATE ON trust_contract
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();

-- What rows of before refer to, so that the references below hold: to be completed by the operator.
INSERT INTO transfer_control SELECT DISTINCT transfer_control_id, true, now(), 'migration', now(), 'migration' FROM product;
INSERT INTO institution (institution_id, role, created_at, created_by, updated_at, updated_by)
    SELECT 'UNRECORDED', 'registrar', now(), 'migration', now(), 'migration' WHERE EXISTS (SELECT FROM product);
INSERT INTO trustee (trustee_id, trustee_name, registered_address, created_at, created_by, updated_at, updated_by)
    SELECT institution_id, '（未登録）', '（未登録）', now(), 'migration', now(), 'migration' FROM institution;
INSERT INTO settlor (settlor_id, settlor_name, registered_address, created_at, created_by, updated_at, updated_by)
    SELECT institution_id, '（未登録）', '（未登録）', now(), 'migration', now(), 'migration' FROM institution;
INSERT INTO trust_contract (
    trust_contract_id, trust_contract_number, trust_contract_name, settlor_id, trustee_id,
    created_at, created_by, updated_at, updated_by
)
    SELECT DISTINCT
        trust_contract_id, trust_contract_id, '（未登録）', 'UNRECORDED', 'UNRECORDED',
        now(), 'migration', now(), 'migration'
    FROM product;
INSERT INTO beneficiary_agent (
    beneficiary_agent_id, beneficiary_agent_name, registered_address, created_at, created_by, updated_at, updated_by
)
    SELECT DISTINCT beneficiary_agent_id, '（未登録）', '（未登録）', now(), 'migration', now(), 'migration'
    FROM product WHERE beneficiary_agent_id IS NOT NULL;
INSERT INTO institution (institution_id, role, created_at, created_by, updated_at, updated_by)
    SELECT DISTINCT custodian_id, 'custodian', now(), 'migration', now(), 'migration'
    FROM investor WHERE custodian_id IS NOT NULL
    UNION
    SELECT DISTINCT safekeeping_id, 'direct_broker', now(), 'migration', now(), 'migration'
    FROM investor WHERE safekeeping_id IS NOT NULL;
INSERT INTO custodian (custodian_id, custodian_name, registered_address, created_at, created_by, updated_at, updated_by)
    SELECT institution_id, '（未登録）', '（未登録）', now(), 'migration', now(), 'migration'
    FROM institution WHERE role = 'custodian';
INSERT INTO safekeeping_firm (
    safekeeping_id, safekeeping_name, registered_address, created_at, created_by, updated_at, updated_by
)
    SELECT institution_id, '（未登録）', '（未登録）', now(), 'migration', now(), 'migration'
    FROM institution WHERE role = 'direct_broker';

ALTER TABLE product ADD COLUMN free_comment_1 TEXT;
ALTER TABLE product ADD COLUMN free_comment_2 TEXT;
COMMENT ON COLUMN product.free_comment_1 IS 'フリーコメント1: never interpreted, never on the ledger (T3.17)';
COMMENT ON COLUMN product.free_comment_2 IS 'フリーコメント2: as the first (T3.18)';
ALTER TABLE product ADD CONSTRAINT product_trust_contract_id_fk
    FOREIGN KEY (trust_contract_id) REFERENCES trust_contract (trust_contract_id);
ALTER TABLE product ADD CONSTRAINT product_beneficiary_agent_id_fk
    FOREIGN KEY (beneficiary_agent_id) REFERENCES beneficiary_agent (beneficiary_agent_id);
ALTER TABLE product ADD CONSTRAINT product_transfer_control_id_fk
    FOREIGN KEY (transfer_control_id) REFERENCES transfer_control (transfer_control_id);
ALTER TABLE investor ADD CONSTRAINT investor_safekeeping_id_fk
    FOREIGN KEY (safekeeping_id) REFERENCES safekeeping_firm (safekeeping_id);
ALTER TABLE investor ADD CONSTRAINT investor_custodian_id_fk
    FOREIGN KEY (custodian_id) REFERENCES custodian (custodian_id);
CREATE INDEX investor_custodian_id_ix ON investor (custodian_id);
CREATE TRIGGER product_keep_former AFTER UPDATE OF updated_at ON product
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('product_id');
CREATE TRIGGER product_made_once BEFORE UPDATE ON product
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TRIGGER investor_keep_former AFTER UPDATE OF updated_at ON investor
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('investor_id');
CREATE TRIGGER investor_made_once BEFORE UPDATE ON investor
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE introduction (
    investor_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    consents_to_sight BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT introduction_pk PRIMARY KEY (investor_id),
    CONSTRAINT introduction_investor_id_fk FOREIGN KEY(investor_id) REFERENCES investor (investor_id),
    CONSTRAINT introduction_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT introduction_updated_at_ck CHECK (updated_at >= created_at)
);
CREATE INDEX introduction_institution_id_ix ON introduction (institution_id);
COMMENT ON TABLE introduction IS '媒介: whose client an investor is through an intermediary (R-PROGMAT-ROLE-F)';
COMMENT ON COLUMN introduction.investor_id IS '投資家ID';
COMMENT ON COLUMN introduction.institution_id IS '仲介業者ID: who introduced the investor';
COMMENT ON COLUMN introduction.consents_to_sight IS '同意: the intermediary may see what its client holds';
COMMENT ON COLUMN introduction.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN introduction.created_by IS '作成者: who made it';
COMMENT ON COLUMN introduction.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN introduction.updated_by IS '最終更新者: who last changed it';
CREATE TRIGGER introduction_keep_former AFTER UPDATE OF updated_at ON introduction
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_former('investor_id');
CREATE TRIGGER introduction_made_once BEFORE UPDATE ON introduction
    FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at OR OLD.created_by <> NEW.created_by)
    EXECUTE FUNCTION made_once();
CREATE TABLE product_firm (
    product_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT product_firm_pk PRIMARY KEY (product_id, institution_id),
    CONSTRAINT product_firm_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT product_firm_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id)
);
CREATE INDEX product_firm_institution_id_ix ON product_firm (institution_id);
COMMENT ON TABLE product_firm IS '取扱機関: which firms handle a product';
COMMENT ON COLUMN product_firm.product_id IS '受益権ID';
COMMENT ON COLUMN product_firm.institution_id IS '関係機関ID: broker, custodian or intermediary';
COMMENT ON COLUMN product_firm.since IS '取扱開始日時';
COMMENT ON COLUMN product_firm.recorded_by IS '登録者';
CREATE TABLE product_name (
    product_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    effective DATE NOT NULL,
    name TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT product_name_pk PRIMARY KEY (product_id, version),
    CONSTRAINT product_name_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT product_name_version_ck CHECK (version > 0),
    CONSTRAINT product_name_name_ck CHECK (name <> '')
);
COMMENT ON TABLE product_name IS '受益権名称の履歴: name of a product, versioned (T3.2)';
COMMENT ON COLUMN product_name.product_id IS '受益権ID';
COMMENT ON COLUMN product_name.version IS '版: counts up from 1; the later of two with one effective day counts';
COMMENT ON COLUMN product_name.effective IS '効力発生日: the day it holds from';
COMMENT ON COLUMN product_name.name IS '受益権名称: as on the statutory register (T3.2)';
COMMENT ON COLUMN product_name.recorded_at IS '登録日時';
COMMENT ON COLUMN product_name.recorded_by IS '登録者';

INSERT INTO product_name (product_id, version, effective, name, recorded_at, recorded_by)
    SELECT product_id, 1, set_date, name, created_at, created_by FROM product;
