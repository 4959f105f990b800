-- The sixteen tables by their names, as views: whoever reads one is seen by the rules of the tables behind it.

CREATE SCHEMA progmat;
COMMENT ON SCHEMA progmat IS '十六表: the tables of the consortium''s report by their names; the masters behind them are in public';

CREATE VIEW progmat.token WITH (security_invoker = true) AS
SELECT
    '0x' || encode(lot.from_tx, 'hex') || ':' || lot.from_log_index AS token_tx_id,
    lot.units AS quantity,
    wallet.investor_id,
    trust_contract.trustee_id AS issuer_info,
    lot.product_id AS token_identifier
FROM lot
JOIN product USING (product_id)
JOIN trust_contract USING (trust_contract_id)
LEFT JOIN wallet ON wallet.product_id = lot.product_id AND wallet.address = lot.address
WHERE lot.until_block IS NULL;
COMMENT ON VIEW progmat.token IS 'トークン: token (R-PROGMAT-T1)';
COMMENT ON COLUMN progmat.token.token_tx_id IS 'トークンのTxID: Which lot it is: the transaction and the log that made it. (T1.1)';
COMMENT ON COLUMN progmat.token.quantity IS '数量: Units of the lot, whole and positive; the lots of a product add up to its total issued. (T1.2)';
COMMENT ON COLUMN progmat.token.investor_id IS '投資家ID: Pseudonym of the holder, registered in the investor table; nothing on the ledger says who that is. (T1.3)';
COMMENT ON COLUMN progmat.token.issuer_info IS '発行者情報: The registrar or trustee that issued the product; fixed at issue. (T1.4)';
COMMENT ON COLUMN progmat.token.token_identifier IS 'トークン識別子: Which product it is a unit of; an additional issue of the product has the same. (T1.5)';

CREATE VIEW progmat.transfer WITH (security_invoker = true) AS
WITH moved AS (
    SELECT product_id, from_block, from_log_index, from_at, from_tx, ref, kind, source, target, units, reverses
    FROM trade
    UNION ALL
    -- An ordinary transfer without a reference leaves no movement: its lots say what it did.
    SELECT
        lot.product_id, lot.from_block, lot.from_log_index, min(lot.from_at), lot.from_tx, NULL, lot.opened_by,
        min(parent.address), lot.address, sum(lot.units), NULL
    FROM lot
    JOIN lot AS parent ON parent.product_id = lot.product_id AND parent.from_block = lot.parent_block
        AND parent.from_log_index = lot.parent_log_index AND parent.ordinal = lot.parent_ordinal
    WHERE lot.opened_by = 4 AND lot.ref IS NULL AND parent.address <> lot.address
    GROUP BY lot.product_id, lot.from_block, lot.from_log_index, lot.from_tx, lot.opened_by, lot.address
)
SELECT
    '0x' || encode(trade.from_tx, 'hex') || ':' || trade.from_log_index AS transfer_tx_id,
    coalesce(trade.ref, '0x' || encode(trade.from_tx, 'hex') || ':' || trade.from_log_index) AS trade_id,
    (
        SELECT array_agg('0x' || encode(lot.from_tx, 'hex') || ':' || lot.from_log_index || ':' || lot.ordinal ORDER BY lot.from_block, lot.from_log_index, lot.ordinal)
        FROM lot
        WHERE lot.product_id = trade.product_id AND (
            (lot.from_block, lot.from_log_index) = (trade.from_block, trade.from_log_index)
            OR (lot.until_block, lot.until_log_index) = (trade.from_block, trade.from_log_index)
        )
    ) AS token_tx_id,
    CASE WHEN command.duty IS NULL AND giver.investor_id IS NOT NULL
        THEN investor.safekeeping_id ELSE trust_contract.trustee_id END AS creator_id,
    trade.product_id AS beneficial_right_id,
    giver.investor_id AS from_investor_id,
    taker.investor_id AS to_investor_id,
    trade.units AS quantity,
    (trade.from_at AT TIME ZONE 'Asia/Tokyo')::date AS delivery_date,
    CASE trade.kind WHEN 1 THEN 'issue' WHEN 2 THEN 'additional_issue' WHEN 3 THEN 'distribute' WHEN 4 THEN 'transfer' WHEN 5 THEN 'redeem' WHEN 6 THEN 'split' WHEN 7 THEN 'forced' WHEN 8 THEN 'redistribute' WHEN 9 THEN 'reverse' WHEN 10 THEN 'cancel' WHEN 11 THEN 'rekey' END AS transfer_type,
    trade.reverses AS cancel_target_trade_id,
    coalesce(command.made_at, trade.from_at) AS registered_at,
    command.maker AS registered_by
FROM moved AS trade
JOIN product USING (product_id)
JOIN trust_contract USING (trust_contract_id)
LEFT JOIN wallet AS giver ON giver.product_id = trade.product_id AND giver.address = trade.source
LEFT JOIN wallet AS taker ON taker.product_id = trade.product_id AND taker.address = trade.target
LEFT JOIN investor ON investor.investor_id = giver.investor_id
LEFT JOIN LATERAL (
    SELECT command.duty, command.maker, command.made_at FROM command
    WHERE command.product_id = trade.product_id AND command.ref = trade.ref AND command.state = 'final'
    ORDER BY command.number LIMIT 1
) AS command ON true;
COMMENT ON VIEW progmat.transfer IS '移転情報: transfer (R-PROGMAT-T2)';
COMMENT ON COLUMN progmat.transfer.transfer_tx_id IS '移転情報のTxID: Which transfer it is: its transaction and log. (T2.1)';
COMMENT ON COLUMN progmat.transfer.trade_id IS '取引ID: Business key of whoever instructs; given again, it moves nothing again. (T2.2)';
COMMENT ON COLUMN progmat.transfer.token_tx_id IS 'トークンのTxID: The lots that the transfer used up or made. (T2.3)';
COMMENT ON COLUMN progmat.transfer.creator_id IS '移転情報作成者ID: Institution that made the instruction: for its own customer, or with an administrative duty. (T2.4)';
COMMENT ON COLUMN progmat.transfer.beneficial_right_id IS '受益権ID: The product, whose status and transfer group allow this type of transfer. (T2.5)';
COMMENT ON COLUMN progmat.transfer.from_investor_id IS '異動元投資家ID: Who gives; empty for an issue only. (T2.6)';
COMMENT ON COLUMN progmat.transfer.to_investor_id IS '異動先投資家ID: Who receives, judged by evidence, class and screening when it executes; empty for a redemption only. (T2.7)';
COMMENT ON COLUMN progmat.transfer.quantity IS '数量: Units that move: a multiple of the lot, and no more than is free, unless the type is administrative. (T2.8)';
COMMENT ON COLUMN progmat.transfer.delivery_date IS '受渡日: Business day in Japan on which the register changes; it decides who is a holder on a record date. (T2.9)';
COMMENT ON COLUMN progmat.transfer.transfer_type IS '移転区分: What the movement is by law; exactly one of a closed list. (T2.10)';
COMMENT ON COLUMN progmat.transfer.cancel_target_trade_id IS '取消対象取引ID: The executed trade that is cancelled or reversed, with the same units and the sides exchanged; once only. Empty for every other type. (T2.11)';
COMMENT ON COLUMN progmat.transfer.registered_at IS '登録日時: When it was registered. (T2.12)';
COMMENT ON COLUMN progmat.transfer.registered_by IS '登録者: User who registered it. Kept in the database, never on the ledger, because it points at a person. (T2.13)';

CREATE VIEW progmat.beneficial_right WITH (security_invoker = true) AS
SELECT
    product.product_id AS beneficial_right_id,
    (
        SELECT product_name.name FROM product_name
        WHERE product_name.product_id = product.product_id
            AND product_name.effective <= (now() AT TIME ZONE 'Asia/Tokyo')::date
        ORDER BY product_name.effective DESC, product_name.version DESC LIMIT 1
    ) AS name,
    product.transfer_control_id,
    product.right_kind,
    product.isin,
    product.trust_contract_id,
    product.initial_beneficiary_id,
    product.beneficiary_agent_id,
    product.set_quantity,
    product.set_date,
    product.status,
    product.redemption_date,
    product.record_date_1,
    product.record_date_2,
    product.holiday_adjustment,
    product.register_note,
    product.free_comment_1,
    product.free_comment_2,
    product.created_at,
    product.created_by,
    product.updated_at,
    product.updated_by
FROM product;
COMMENT ON VIEW progmat.beneficial_right IS '受益権情報: beneficial right (product) (R-PROGMAT-T3)';
COMMENT ON COLUMN progmat.beneficial_right.beneficial_right_id IS '受益権ID: Id of the product in the register and on the ledger; never changed. (T3.1)';
COMMENT ON COLUMN progmat.beneficial_right.name IS '受益権名称: Name as printed on the statutory register; a new one is a version with the day it takes effect. (T3.2)';
COMMENT ON COLUMN progmat.beneficial_right.transfer_control_id IS '移転実行可否制御ID: The transfer group whose switch the product obeys; several products may share one. (T3.3)';
COMMENT ON COLUMN progmat.beneficial_right.right_kind IS '受益権種類: General, preferred or subordinated; different kinds are different tokens. (T3.4)';
COMMENT ON COLUMN progmat.beneficial_right.isin IS 'ISIN: International code of the security, with its check digit; one product each. (T3.5)';
COMMENT ON COLUMN progmat.beneficial_right.trust_contract_id IS '信託契約ID: The trust contract behind the right. (T3.6)';
COMMENT ON COLUMN progmat.beneficial_right.initial_beneficiary_id IS '当初受益者ID: The investor who receives the whole issue before it is distributed: the settlor. (T3.7)';
COMMENT ON COLUMN progmat.beneficial_right.beneficiary_agent_id IS '受益者代理人ID: Who acts for the beneficiaries, if anybody. (T3.8)';
COMMENT ON COLUMN progmat.beneficial_right.set_quantity IS '設定数量: Units set at issue; with additional issues and splits, less redemptions, that is the total issued. (T3.9)';
COMMENT ON COLUMN progmat.beneficial_right.set_date IS '設定日: Day of issue; nothing is delivered before it. (T3.10)';
COMMENT ON COLUMN progmat.beneficial_right.status IS '受益権ステータス: Where the product stands in its life; only listed changes are possible, and redeemed is final. (T3.11)';
COMMENT ON COLUMN progmat.beneficial_right.redemption_date IS '償還日: Redemption on this day, moved for bank holidays, or later; no ordinary transfer is delivered after it. (T3.12)';
COMMENT ON COLUMN progmat.beneficial_right.record_date_1 IS '権利確定日1: First yearly record date: month and day. (T3.13)';
COMMENT ON COLUMN progmat.beneficial_right.record_date_2 IS '権利確定日2: Second yearly record date, or nothing. (T3.14)';
COMMENT ON COLUMN progmat.beneficial_right.holiday_adjustment IS '休日調整区分: Where a record, payment or redemption date goes that falls on a bank holiday. (T3.15)';
COMMENT ON COLUMN progmat.beneficial_right.register_note IS '受益権原簿にかかる注記: Printed on the statutory register as it stands. (T3.16)';
COMMENT ON COLUMN progmat.beneficial_right.free_comment_1 IS 'フリーコメント1: Free text that no rule reads and no ledger holds. (T3.17)';
COMMENT ON COLUMN progmat.beneficial_right.free_comment_2 IS 'フリーコメント2: More free text, as the first. (T3.18)';
COMMENT ON COLUMN progmat.beneficial_right.created_at IS '作成日時: When the row was made; never changed afterwards. (T3.19)';
COMMENT ON COLUMN progmat.beneficial_right.created_by IS '作成者: The user or service that made the row. (T3.20)';
COMMENT ON COLUMN progmat.beneficial_right.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T3.21)';
COMMENT ON COLUMN progmat.beneficial_right.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T3.22)';

CREATE VIEW progmat.transfer_control WITH (security_invoker = true) AS
SELECT transfer_control_id, transfer_enabled FROM public.transfer_control;
COMMENT ON VIEW progmat.transfer_control IS '移転実行可否制御: transfer-enable control (R-PROGMAT-T4)';
COMMENT ON COLUMN progmat.transfer_control.transfer_control_id IS '移転実行可否制御ID: Id of the transfer group. (T4.1)';
COMMENT ON COLUMN progmat.transfer_control.transfer_enabled IS '移転実行可否フラグ: Whether the products of the group may be transferred. Two persons change it; repair and reading go on. (T4.2)';

CREATE VIEW progmat.trust_contract WITH (security_invoker = true) AS
SELECT
    trust_contract_id,
    trust_contract_number,
    trust_contract_name,
    fund_admin_number,
    settlor_id,
    trustee_id,
    asset_manager_id,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.trust_contract;
COMMENT ON VIEW progmat.trust_contract IS '信託契約情報: trust contract (R-PROGMAT-T5)';
COMMENT ON COLUMN progmat.trust_contract.trust_contract_id IS '信託契約ID: Id of the trust contract. (T5.1)';
COMMENT ON COLUMN progmat.trust_contract.trust_contract_number IS '信託契約番号: The trustee''s own number of it, unique for that trustee. (T5.2)';
COMMENT ON COLUMN progmat.trust_contract.trust_contract_name IS '信託契約名称: Name of the contract, printed on the register. (T5.3)';
COMMENT ON COLUMN progmat.trust_contract.fund_admin_number IS 'MTBJファンドNo: Its number in an outside fund administration, if there is one. (T5.4)';
COMMENT ON COLUMN progmat.trust_contract.settlor_id IS '委託者ID: Who settled the trust. (T5.5)';
COMMENT ON COLUMN progmat.trust_contract.trustee_id IS '受託者ID: Who holds the trust property and may act as registrar of its products. (T5.6)';
COMMENT ON COLUMN progmat.trust_contract.asset_manager_id IS 'AMID: Who manages the assets; that firm reads this product and no other. (T5.7)';
COMMENT ON COLUMN progmat.trust_contract.created_at IS '作成日時: When the row was made; never changed afterwards. (T5.8)';
COMMENT ON COLUMN progmat.trust_contract.created_by IS '作成者: The user or service that made the row. (T5.9)';
COMMENT ON COLUMN progmat.trust_contract.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T5.10)';
COMMENT ON COLUMN progmat.trust_contract.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T5.11)';

CREATE VIEW progmat.key WITH (security_invoker = true) AS
SELECT investor_id, public_key FROM wallet;
COMMENT ON VIEW progmat.key IS '鍵情報: key (R-PROGMAT-T6)';
COMMENT ON COLUMN progmat.key.investor_id IS '投資家ID: For whom the key signs; there is one active key per investor and product. (T6.1)';
COMMENT ON COLUMN progmat.key.public_key IS 'pub_key: The public key and never a private one; a replaced key stays listed with the instants between which it held. (T6.2)';

CREATE VIEW progmat.investor WITH (security_invoker = true) AS
SELECT
    investor.investor_id,
    investor.corporate_number,
    identity.name AS investor_name,
    identity.registered_address,
    investor.safekeeping_kind,
    investor.safekeeping_id,
    investor.broker_customer_id,
    investor.custodian_id,
    investor.contact_addressee,
    investor.contact_postal_code,
    investor.contact_address,
    investor.contact_phone,
    investor.contact_email,
    investor.payee_bank_code,
    investor.payee_bank_name_kana,
    investor.payee_branch_code,
    investor.payee_branch_name_kana,
    investor.payee_account_kind,
    investor.payee_account_number,
    investor.payee_account_holder_kana,
    investor.status AS investor_status,
    investor.aml_class,
    investor.created_at,
    investor.created_by,
    investor.updated_at,
    investor.updated_by
FROM public.investor
LEFT JOIN LATERAL (
    SELECT identity.name, identity.registered_address FROM identity
    WHERE identity.investor_id = investor.investor_id
        AND identity.effective <= (now() AT TIME ZONE 'Asia/Tokyo')::date
    ORDER BY identity.effective DESC, identity.version DESC LIMIT 1
) AS identity ON true;
COMMENT ON VIEW progmat.investor IS '投資家情報: investor (R-PROGMAT-T7)';
COMMENT ON COLUMN progmat.investor.investor_id IS '投資家ID: Pseudonym: random, not made from anything about the person, never used again. (T7.1)';
COMMENT ON COLUMN progmat.investor.corporate_number IS '法人番号: Number of a corporation: 13 digits with check digit. Empty for an individual, whose own number is refused. (T7.2)';
COMMENT ON COLUMN progmat.investor.investor_name IS '投資家名称: Name or trade name as printed on the statutory register; versioned. (T7.3)';
COMMENT ON COLUMN progmat.investor.registered_address IS '住所（登記住所）: Address as printed on the statutory register; versioned. (T7.4)';
COMMENT ON COLUMN progmat.investor.safekeeping_kind IS '保護預り区分: Who keeps the key and so makes and signs transfers: the broker, a custodian for it, or the investor. (T7.5)';
COMMENT ON COLUMN progmat.investor.safekeeping_id IS '保護預り先ID: The broker that registered the investor; besides the registrar only it sees who the investor is. (T7.6)';
COMMENT ON COLUMN progmat.investor.broker_customer_id IS '保護預り先内管理ID: The broker''s own customer number, one customer each. (T7.7)';
COMMENT ON COLUMN progmat.investor.custodian_id IS 'カストディアンID: The custodian, exactly when safekeeping is delegated. (T7.8)';
COMMENT ON COLUMN progmat.investor.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T7.9)';
COMMENT ON COLUMN progmat.investor.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T7.10)';
COMMENT ON COLUMN progmat.investor.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T7.11)';
COMMENT ON COLUMN progmat.investor.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T7.12)';
COMMENT ON COLUMN progmat.investor.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T7.13)';
COMMENT ON COLUMN progmat.investor.payee_bank_code IS '支払先金融機関コード: Code of the bank: four digits, in the bank master. (T7.14)';
COMMENT ON COLUMN progmat.investor.payee_bank_name_kana IS '支払先金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T7.15)';
COMMENT ON COLUMN progmat.investor.payee_branch_code IS '支払先本支店コード: Code of the branch: three digits, in the bank master under that bank. (T7.16)';
COMMENT ON COLUMN progmat.investor.payee_branch_name_kana IS '支払先本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T7.17)';
COMMENT ON COLUMN progmat.investor.payee_account_kind IS '支払先預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T7.18)';
COMMENT ON COLUMN progmat.investor.payee_account_number IS '支払先口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T7.19)';
COMMENT ON COLUMN progmat.investor.payee_account_holder_kana IS '支払先口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T7.20)';
COMMENT ON COLUMN progmat.investor.investor_status IS '投資家ステータス: Applied, active, suspended, closed or erased; only an active investor receives, a closed one holds nothing. (T7.21)';
COMMENT ON COLUMN progmat.investor.aml_class IS 'AML区分: Clear, in review or blocked; the ledger learns only whether it is blocked, which stops both sides at once. (T7.22)';
COMMENT ON COLUMN progmat.investor.created_at IS '作成日時: When the row was made; never changed afterwards. (T7.23)';
COMMENT ON COLUMN progmat.investor.created_by IS '作成者: The user or service that made the row. (T7.24)';
COMMENT ON COLUMN progmat.investor.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T7.25)';
COMMENT ON COLUMN progmat.investor.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T7.26)';

CREATE VIEW progmat.safekeeping_firm WITH (security_invoker = true) AS
SELECT
    safekeeping_id,
    safekeeping_name,
    registered_address,
    own_account_investor_id,
    custodian_id,
    contact_addressee,
    contact_postal_code,
    contact_address,
    contact_phone,
    contact_email,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.safekeeping_firm;
COMMENT ON VIEW progmat.safekeeping_firm IS '保護預り先情報: safekeeping firm (broker) (R-PROGMAT-T8)';
COMMENT ON COLUMN progmat.safekeeping_firm.safekeeping_id IS '保護預り先ID: Id of the broker. (T8.1)';
COMMENT ON COLUMN progmat.safekeeping_firm.safekeeping_name IS '保護預り先名称: Trade name of the broker. (T8.2)';
COMMENT ON COLUMN progmat.safekeeping_firm.registered_address IS '登記住所: Registered address of the broker. (T8.3)';
COMMENT ON COLUMN progmat.safekeeping_firm.own_account_investor_id IS '自己口ID: Under which investor id the broker holds for itself: never mixed with what it holds for customers. (T8.4)';
COMMENT ON COLUMN progmat.safekeeping_firm.custodian_id IS 'カストディアンID: The custodian it delegates to; empty when it keeps the keys itself. (T8.5)';
COMMENT ON COLUMN progmat.safekeeping_firm.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T8.6)';
COMMENT ON COLUMN progmat.safekeeping_firm.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T8.7)';
COMMENT ON COLUMN progmat.safekeeping_firm.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T8.8)';
COMMENT ON COLUMN progmat.safekeeping_firm.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T8.9)';
COMMENT ON COLUMN progmat.safekeeping_firm.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T8.10)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T8.11)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T8.12)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T8.13)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T8.14)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T8.15)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T8.16)';
COMMENT ON COLUMN progmat.safekeeping_firm.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T8.17)';
COMMENT ON COLUMN progmat.safekeeping_firm.created_at IS '作成日時: When the row was made; never changed afterwards. (T8.18)';
COMMENT ON COLUMN progmat.safekeeping_firm.created_by IS '作成者: The user or service that made the row. (T8.19)';
COMMENT ON COLUMN progmat.safekeeping_firm.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T8.20)';
COMMENT ON COLUMN progmat.safekeeping_firm.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T8.21)';

CREATE VIEW progmat.custodian WITH (security_invoker = true) AS
SELECT
    custodian_id,
    custodian_name,
    registered_address,
    contact_addressee,
    contact_postal_code,
    contact_address,
    contact_phone,
    contact_email,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.custodian;
COMMENT ON VIEW progmat.custodian IS 'カストディアン情報: custodian (R-PROGMAT-T9)';
COMMENT ON COLUMN progmat.custodian.custodian_id IS 'カストディアンID: Id of the custodian. (T9.1)';
COMMENT ON COLUMN progmat.custodian.custodian_name IS 'カストディアン名称: Trade name of the custodian. (T9.2)';
COMMENT ON COLUMN progmat.custodian.registered_address IS '登記住所: Registered address of the custodian. (T9.3)';
COMMENT ON COLUMN progmat.custodian.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T9.4)';
COMMENT ON COLUMN progmat.custodian.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T9.5)';
COMMENT ON COLUMN progmat.custodian.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T9.6)';
COMMENT ON COLUMN progmat.custodian.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T9.7)';
COMMENT ON COLUMN progmat.custodian.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T9.8)';
COMMENT ON COLUMN progmat.custodian.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T9.9)';
COMMENT ON COLUMN progmat.custodian.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T9.10)';
COMMENT ON COLUMN progmat.custodian.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T9.11)';
COMMENT ON COLUMN progmat.custodian.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T9.12)';
COMMENT ON COLUMN progmat.custodian.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T9.13)';
COMMENT ON COLUMN progmat.custodian.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T9.14)';
COMMENT ON COLUMN progmat.custodian.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T9.15)';
COMMENT ON COLUMN progmat.custodian.created_at IS '作成日時: When the row was made; never changed afterwards. (T9.16)';
COMMENT ON COLUMN progmat.custodian.created_by IS '作成者: The user or service that made the row. (T9.17)';
COMMENT ON COLUMN progmat.custodian.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T9.18)';
COMMENT ON COLUMN progmat.custodian.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T9.19)';

CREATE VIEW progmat.beneficiary_agent WITH (security_invoker = true) AS
SELECT
    beneficiary_agent_id,
    beneficiary_agent_name,
    registered_address,
    contact_addressee,
    contact_postal_code,
    contact_address,
    contact_phone,
    contact_email,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.beneficiary_agent;
COMMENT ON VIEW progmat.beneficiary_agent IS '受益者代理人情報: beneficiary agent (R-PROGMAT-T10)';
COMMENT ON COLUMN progmat.beneficiary_agent.beneficiary_agent_id IS '受益者代理人ID: Id of the beneficiaries'' agent. (T10.1)';
COMMENT ON COLUMN progmat.beneficiary_agent.beneficiary_agent_name IS '受益者代理人名称: Trade name of the beneficiaries'' agent. (T10.2)';
COMMENT ON COLUMN progmat.beneficiary_agent.registered_address IS '登記住所: Registered address of the beneficiaries'' agent. (T10.3)';
COMMENT ON COLUMN progmat.beneficiary_agent.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T10.4)';
COMMENT ON COLUMN progmat.beneficiary_agent.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T10.5)';
COMMENT ON COLUMN progmat.beneficiary_agent.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T10.6)';
COMMENT ON COLUMN progmat.beneficiary_agent.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T10.7)';
COMMENT ON COLUMN progmat.beneficiary_agent.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T10.8)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T10.9)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T10.10)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T10.11)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T10.12)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T10.13)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T10.14)';
COMMENT ON COLUMN progmat.beneficiary_agent.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T10.15)';
COMMENT ON COLUMN progmat.beneficiary_agent.created_at IS '作成日時: When the row was made; never changed afterwards. (T10.16)';
COMMENT ON COLUMN progmat.beneficiary_agent.created_by IS '作成者: The user or service that made the row. (T10.17)';
COMMENT ON COLUMN progmat.beneficiary_agent.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T10.18)';
COMMENT ON COLUMN progmat.beneficiary_agent.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T10.19)';

CREATE VIEW progmat.settlor WITH (security_invoker = true) AS
SELECT
    settlor_id,
    settlor_name,
    registered_address,
    contact_addressee,
    contact_postal_code,
    contact_address,
    contact_phone,
    contact_email,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.settlor;
COMMENT ON VIEW progmat.settlor IS '委託者情報: settlor (R-PROGMAT-T11)';
COMMENT ON COLUMN progmat.settlor.settlor_id IS '委託者ID: Id of the settlor. (T11.1)';
COMMENT ON COLUMN progmat.settlor.settlor_name IS '委託者名称: Trade name of the settlor. (T11.2)';
COMMENT ON COLUMN progmat.settlor.registered_address IS '登記住所: Registered address of the settlor. (T11.3)';
COMMENT ON COLUMN progmat.settlor.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T11.4)';
COMMENT ON COLUMN progmat.settlor.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T11.5)';
COMMENT ON COLUMN progmat.settlor.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T11.6)';
COMMENT ON COLUMN progmat.settlor.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T11.7)';
COMMENT ON COLUMN progmat.settlor.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T11.8)';
COMMENT ON COLUMN progmat.settlor.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T11.9)';
COMMENT ON COLUMN progmat.settlor.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T11.10)';
COMMENT ON COLUMN progmat.settlor.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T11.11)';
COMMENT ON COLUMN progmat.settlor.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T11.12)';
COMMENT ON COLUMN progmat.settlor.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T11.13)';
COMMENT ON COLUMN progmat.settlor.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T11.14)';
COMMENT ON COLUMN progmat.settlor.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T11.15)';
COMMENT ON COLUMN progmat.settlor.created_at IS '作成日時: When the row was made; never changed afterwards. (T11.16)';
COMMENT ON COLUMN progmat.settlor.created_by IS '作成者: The user or service that made the row. (T11.17)';
COMMENT ON COLUMN progmat.settlor.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T11.18)';
COMMENT ON COLUMN progmat.settlor.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T11.19)';

CREATE VIEW progmat.trustee WITH (security_invoker = true) AS
SELECT
    trustee_id,
    trustee_name,
    registered_address,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.trustee;
COMMENT ON VIEW progmat.trustee IS '受託者情報: trustee (R-PROGMAT-T12)';
COMMENT ON COLUMN progmat.trustee.trustee_id IS '受託者ID: Id of the trustee. (T12.1)';
COMMENT ON COLUMN progmat.trustee.trustee_name IS '受託者名称: Trade name of the trustee. (T12.2)';
COMMENT ON COLUMN progmat.trustee.registered_address IS '登記住所: Registered address of the trustee. (T12.3)';
COMMENT ON COLUMN progmat.trustee.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T12.4)';
COMMENT ON COLUMN progmat.trustee.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T12.5)';
COMMENT ON COLUMN progmat.trustee.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T12.6)';
COMMENT ON COLUMN progmat.trustee.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T12.7)';
COMMENT ON COLUMN progmat.trustee.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T12.8)';
COMMENT ON COLUMN progmat.trustee.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T12.9)';
COMMENT ON COLUMN progmat.trustee.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T12.10)';
COMMENT ON COLUMN progmat.trustee.created_at IS '作成日時: When the row was made; never changed afterwards. (T12.11)';
COMMENT ON COLUMN progmat.trustee.created_by IS '作成者: The user or service that made the row. (T12.12)';
COMMENT ON COLUMN progmat.trustee.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T12.13)';
COMMENT ON COLUMN progmat.trustee.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T12.14)';

CREATE VIEW progmat.asset_manager WITH (security_invoker = true) AS
SELECT
    asset_manager_id,
    asset_manager_name,
    registered_address,
    contact_addressee,
    contact_postal_code,
    contact_address,
    contact_phone,
    contact_email,
    settlement_bank_code,
    settlement_bank_name_kana,
    settlement_branch_code,
    settlement_branch_name_kana,
    settlement_account_kind,
    settlement_account_number,
    settlement_account_holder_kana,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM public.asset_manager;
COMMENT ON VIEW progmat.asset_manager IS 'AM情報: asset manager (R-PROGMAT-T13)';
COMMENT ON COLUMN progmat.asset_manager.asset_manager_id IS 'AMID: Id of the asset manager. (T13.1)';
COMMENT ON COLUMN progmat.asset_manager.asset_manager_name IS 'AM名称: Trade name of the asset manager. (T13.2)';
COMMENT ON COLUMN progmat.asset_manager.registered_address IS '登記住所: Registered address of the asset manager. (T13.3)';
COMMENT ON COLUMN progmat.asset_manager.contact_addressee IS '連絡先宛名: Whom mail is addressed to. (T13.4)';
COMMENT ON COLUMN progmat.asset_manager.contact_postal_code IS '連絡先郵便番号: Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN. (T13.5)';
COMMENT ON COLUMN progmat.asset_manager.contact_address IS '連絡先住所: Where mail goes. It may differ from the registered address and never appears on the statutory register. (T13.6)';
COMMENT ON COLUMN progmat.asset_manager.contact_phone IS '連絡先電話番号: Telephone number: digits and hyphens, with a plus in front of a country code. (T13.7)';
COMMENT ON COLUMN progmat.asset_manager.contact_email IS '連絡先メールアドレス: E-mail address; its syntax is checked, whether it exists is not. (T13.8)';
COMMENT ON COLUMN progmat.asset_manager.settlement_bank_code IS '決済口座金融機関コード: Code of the bank: four digits, in the bank master. (T13.9)';
COMMENT ON COLUMN progmat.asset_manager.settlement_bank_name_kana IS '決済口座金融機関名（カナ）: Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T13.10)';
COMMENT ON COLUMN progmat.asset_manager.settlement_branch_code IS '決済口座本支店コード: Code of the branch: three digits, in the bank master under that bank. (T13.11)';
COMMENT ON COLUMN progmat.asset_manager.settlement_branch_name_kana IS '決済口座本支店名（カナ）: Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one. (T13.12)';
COMMENT ON COLUMN progmat.asset_manager.settlement_account_kind IS '決済口座預金種目: Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other. (T13.13)';
COMMENT ON COLUMN progmat.asset_manager.settlement_account_number IS '決済口座口座番号: Number of the account, kept as seven digits; zeros are put in front of a shorter one. (T13.14)';
COMMENT ON COLUMN progmat.asset_manager.settlement_account_holder_kana IS '決済口座口座名義（カナ）: Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, and never silently. (T13.15)';
COMMENT ON COLUMN progmat.asset_manager.created_at IS '作成日時: When the row was made; never changed afterwards. (T13.16)';
COMMENT ON COLUMN progmat.asset_manager.created_by IS '作成者: The user or service that made the row. (T13.17)';
COMMENT ON COLUMN progmat.asset_manager.updated_at IS '最終更新日時: When the row last changed; never before it was made. (T13.18)';
COMMENT ON COLUMN progmat.asset_manager.updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T13.19)';

CREATE VIEW progmat."user" WITH (security_invoker = true) AS
SELECT
    user_id,
    branch_code,
    branch_name,
    section_group,
    account_kind,
    user_name,
    employee_code,
    password_hash,
    password_hash_prev1,
    password_hash_prev2,
    failed_password_count,
    last_logon_at,
    user_status,
    password_changed_at,
    created_at,
    created_by,
    updated_at,
    updated_by
FROM app_user;
COMMENT ON VIEW progmat."user" IS 'ユーザ情報: user (R-PROGMAT-T14)';
COMMENT ON COLUMN progmat."user".user_id IS 'ユーザID: Id of one person; never shared, never used again. (T14.1)';
COMMENT ON COLUMN progmat."user".branch_code IS '所属部支店コード: Code of the unit the user works in. (T14.2)';
COMMENT ON COLUMN progmat."user".branch_name IS '所属部店名: Name of that unit. (T14.3)';
COMMENT ON COLUMN progmat."user".section_group IS '課・グループ: The section or group within the unit. (T14.4)';
COMMENT ON COLUMN progmat."user".account_kind IS 'アカウント区分: Operator, approver, administrator or auditor; a person is one of them. (T14.5)';
COMMENT ON COLUMN progmat."user".user_name IS 'ユーザ名: Name of the user. (T14.6)';
COMMENT ON COLUMN progmat."user".employee_code IS '社員番号・コード: The institution''s number of its employee, one person each. (T14.7)';
COMMENT ON COLUMN progmat."user".password_hash IS 'パスワード: Slow salted hash of the password; the password itself is kept nowhere. (T14.8)';
COMMENT ON COLUMN progmat."user".password_hash_prev1 IS 'パスワード（前回）: Hash of the password before, which may not come back yet. (T14.9)';
COMMENT ON COLUMN progmat."user".password_hash_prev2 IS 'パスワード（2回前）: Hash of the one before that, which may not come back yet either. (T14.10)';
COMMENT ON COLUMN progmat."user".failed_password_count IS 'パスワード失敗回数: Failures since the last success; the user is locked at the limit. (T14.11)';
COMMENT ON COLUMN progmat."user".last_logon_at IS '最終ログオン日次: Last successful sign-in; who stays away too long is disabled. (T14.12)';
COMMENT ON COLUMN progmat."user".user_status IS 'ユーザステータス: Active, locked, disabled or deleted; another person unlocks. (T14.13)';
COMMENT ON COLUMN progmat."user".password_changed_at IS '最終パスワード更新日時: When the password was chosen; one that is too old is changed at the next sign-in. (T14.14)';
COMMENT ON COLUMN progmat."user".created_at IS '作成日時: When the row was made; never changed afterwards. (T14.15)';
COMMENT ON COLUMN progmat."user".created_by IS '作成者: The user or service that made the row. (T14.16)';
COMMENT ON COLUMN progmat."user".updated_at IS '最終更新日時: When the row last changed; never before it was made. (T14.17)';
COMMENT ON COLUMN progmat."user".updated_by IS '最終更新者: The user or service that changed it last; earlier values are found through the audit chain. (T14.18)';

CREATE VIEW progmat.import_file_control WITH (security_invoker = true) AS
SELECT
    import_target,
    file_size,
    file_timestamp,
    processing_kind,
    processing_status,
    processing_result,
    registered_at,
    registered_by
FROM import_file;
COMMENT ON VIEW progmat.import_file_control IS '取込ファイル制御: import-file control (R-PROGMAT-T15)';
COMMENT ON COLUMN progmat.import_file_control.import_target IS '取込対象: What the file holds: investors, transfers, a calendar and so on. (T15.1)';
COMMENT ON COLUMN progmat.import_file_control.file_size IS 'ファイルサイズ: Announced size in bytes; another size is refused. (T15.2)';
COMMENT ON COLUMN progmat.import_file_control.file_timestamp IS 'タイムスタンプ: When the source made it; the same file is never taken twice. (T15.3)';
COMMENT ON COLUMN progmat.import_file_control.processing_kind IS '処理区分: New data, a correction or a cancellation. (T15.4)';
COMMENT ON COLUMN progmat.import_file_control.processing_status IS '処理ステータス: How far it has come; a file is applied whole or not at all. (T15.5)';
COMMENT ON COLUMN progmat.import_file_control.processing_result IS '処理結果: Rows read, applied and rejected, with line and reason of each rejection. (T15.6)';
COMMENT ON COLUMN progmat.import_file_control.registered_at IS '登録日時: When it was registered. (T15.7)';
COMMENT ON COLUMN progmat.import_file_control.registered_by IS '登録者: User who brought it; another user approves. (T15.8)';

CREATE VIEW progmat.market_control WITH (security_invoker = true) AS
SELECT open_status FROM market_status;
COMMENT ON VIEW progmat.market_control IS '開閉局制御: market open/close control (R-PROGMAT-T16)';
COMMENT ON COLUMN progmat.market_control.open_status IS '開閉局ステータス: Open or closed, for the whole platform. While closed, ordinary instructions wait or are refused; repair and reading go on. (T16.1)';
