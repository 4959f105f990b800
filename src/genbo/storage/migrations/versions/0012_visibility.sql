-- Row-level security: who sees which row.

CREATE TABLE disclosure (
    disclosure_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    registrar_id TEXT NOT NULL,
    issuer_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    basis BYTEA NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
    maker TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approver TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    ended_by TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT disclosure_pk PRIMARY KEY (disclosure_id),
    CONSTRAINT disclosure_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT disclosure_registrar_id_fk FOREIGN KEY(registrar_id) REFERENCES institution (institution_id),
    CONSTRAINT disclosure_issuer_id_fk FOREIGN KEY(issuer_id) REFERENCES institution (institution_id),
    CONSTRAINT disclosure_purpose_ck CHECK (purpose ~ '[^[:space:]]'),
    CONSTRAINT disclosure_valid_until_ck CHECK (valid_until > valid_from),
    CONSTRAINT disclosure_approver_ck CHECK (approver <> maker),
    CONSTRAINT disclosure_approved_at_ck CHECK ((approver IS NULL) = (approved_at IS NULL)),
    CONSTRAINT disclosure_ended_at_ck CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX disclosure_standing_ix ON disclosure (issuer_id, product_id) WHERE approved_at IS NOT NULL AND ended_at IS NULL;
COMMENT ON TABLE disclosure IS '投資家情報の開示: names of a product''s holders for an issuer, by two persons of the registrar';
COMMENT ON COLUMN disclosure.disclosure_id IS '開示ID';
COMMENT ON COLUMN disclosure.product_id IS '受益権ID: whose holders';
COMMENT ON COLUMN disclosure.registrar_id IS '原簿管理者ID: who decides';
COMMENT ON COLUMN disclosure.issuer_id IS '開示先ID: asset manager or fund raiser of the product';
COMMENT ON COLUMN disclosure.purpose IS '開示目的: what the issuer may use the names for; no personal data';
COMMENT ON COLUMN disclosure.basis IS '根拠書類のダイジェスト';
COMMENT ON COLUMN disclosure.valid_from IS '開示開始日時';
COMMENT ON COLUMN disclosure.valid_until IS '開示終了日時: first instant it no longer holds';
COMMENT ON COLUMN disclosure.maker IS '起案者';
COMMENT ON COLUMN disclosure.made_at IS '起案日時';
COMMENT ON COLUMN disclosure.approver IS '承認者: somebody else';
COMMENT ON COLUMN disclosure.approved_at IS '承認日時: nothing is disclosed before';
COMMENT ON COLUMN disclosure.ended_by IS '終了させた者: one person is enough';
COMMENT ON COLUMN disclosure.ended_at IS '途中終了日時: nothing is disclosed after';

CREATE TABLE digest_secret (
    number SMALLINT NOT NULL,
    secret BYTEA NOT NULL,
    CONSTRAINT digest_secret_pk PRIMARY KEY (number),
    CONSTRAINT digest_secret_number_ck CHECK (number = 1),
    CONSTRAINT digest_secret_secret_ck CHECK (length(secret) = 32)
);
COMMENT ON TABLE digest_secret IS 'ハッシュの秘密値: without it nobody finds a quantity by trying';
COMMENT ON COLUMN digest_secret.number IS '番号: always 1, so there is one';
COMMENT ON COLUMN digest_secret.secret IS '秘密値: 32 random bytes that the digests of platform_digest are made with';

CREATE INDEX product_trust_contract_id_ix ON product (trust_contract_id);
CREATE INDEX wallet_investor_id_product_id_ix ON wallet (investor_id, product_id);

DO $$
BEGIN
    IF to_regrole('genbo_viewer') IS NULL THEN
        CREATE ROLE genbo_viewer NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server was first
END $$;

DO $$
BEGIN
    SET LOCAL ROLE genbo_viewer;
    RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
    GRANT genbo_viewer TO CURRENT_USER; -- whoever made it may
END $$;

INSERT INTO digest_secret (number, secret)
VALUES (1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

DO $$
DECLARE
    each regclass;
BEGIN
    FOR each IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', each);
    END LOOP;
END $$;

CREATE FUNCTION viewer_as(VARIADIC roles text[]) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN -- the institution that looks, where it has one of these roles
    RETURN (
        SELECT institution_id FROM institution
        WHERE institution_id = current_setting('genbo.institution', true) AND role = ANY (roles)
    );
END $$;

REVOKE ALL ON FUNCTION viewer_as(roles text[]) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION viewer_as(roles text[]) TO genbo_viewer;

CREATE FUNCTION products_seen() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    viewer text := current_setting('genbo.institution', true);
BEGIN -- the products that are the institution's own
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'registrar' THEN RETURN ARRAY(
            SELECT product_id FROM product JOIN trust_contract USING (trust_contract_id)
            WHERE trustee_id = viewer
        );
        WHEN 'issuer' THEN RETURN ARRAY(
            SELECT product_id FROM product JOIN trust_contract USING (trust_contract_id)
            WHERE settlor_id = viewer OR asset_manager_id = viewer
        );
        WHEN 'custodian', 'direct_broker', 'delegating_broker', 'intermediary' THEN RETURN ARRAY(
            SELECT product_id FROM product_firm WHERE institution_id = viewer
        );
        ELSE RETURN '{}';
    END CASE;
END $$;

REVOKE ALL ON FUNCTION products_seen() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION products_seen() TO genbo_viewer;

CREATE FUNCTION registers_seen() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN -- the products whose whole register it sees
    RETURN CASE WHEN viewer_as('registrar', 'issuer') IS NULL THEN '{}' ELSE products_seen() END;
END $$;

REVOKE ALL ON FUNCTION registers_seen() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION registers_seen() TO genbo_viewer;

CREATE FUNCTION products_kept() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN -- the products whose register it keeps
    RETURN CASE WHEN viewer_as('registrar') IS NULL THEN '{}' ELSE products_seen() END;
END $$;

REVOKE ALL ON FUNCTION products_kept() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION products_kept() TO genbo_viewer;

CREATE FUNCTION sees_person(customer text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    viewer text := current_setting('genbo.institution', true);
BEGIN -- whether the investor is the institution's customer, or stands or stood on a register that it keeps
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'registrar' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN product USING (product_id) JOIN trust_contract USING (trust_contract_id)
            WHERE investor_id = customer AND trustee_id = viewer
        );
        WHEN 'custodian' THEN RETURN EXISTS (
            SELECT FROM investor WHERE investor_id = customer AND custodian_id = viewer
        );
        WHEN 'direct_broker', 'delegating_broker' THEN RETURN EXISTS (
            SELECT FROM investor WHERE investor_id = customer AND safekeeping_id = viewer
        );
        WHEN 'intermediary' THEN RETURN EXISTS (
            SELECT FROM introduction WHERE investor_id = customer AND institution_id = viewer
        );
        ELSE RETURN false;
    END CASE;
END $$;

REVOKE ALL ON FUNCTION sees_person(customer text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION sees_person(customer text) TO genbo_viewer;

CREATE FUNCTION sees_name(customer text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    viewer text := viewer_as('issuer');
    moment timestamptz := nullif(current_setting('genbo.at', true), '')::timestamptz;
BEGIN -- whether it may read who the investor is: it sees the person, or a disclosure to it holds
    IF viewer IS NULL THEN
        RETURN sees_person(customer);
    END IF;
    RETURN EXISTS (
        SELECT FROM disclosure AS told
        JOIN product USING (product_id) JOIN trust_contract USING (trust_contract_id)
        JOIN wallet ON wallet.product_id = told.product_id AND wallet.investor_id = customer
        WHERE told.issuer_id = viewer AND told.approved_at IS NOT NULL AND told.ended_at IS NULL
          AND told.valid_from <= moment AND moment < told.valid_until
          AND told.registrar_id = trustee_id AND viewer IN (settlor_id, asset_manager_id)
    );
END $$;

REVOKE ALL ON FUNCTION sees_name(customer text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION sees_name(customer text) TO genbo_viewer;

CREATE FUNCTION sees_holder(customer text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN -- whether it sees what its customer holds; an intermediary by the client's consent
    IF viewer_as('intermediary') IS NOT NULL THEN
        RETURN EXISTS (
            SELECT FROM introduction
            WHERE investor_id = customer AND institution_id = viewer_as('intermediary')
              AND consents_to_sight
        );
    END IF;
    RETURN viewer_as('custodian', 'direct_broker', 'delegating_broker') IS NOT NULL
        AND sees_person(customer);
END $$;

REVOKE ALL ON FUNCTION sees_holder(customer text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION sees_holder(customer text) TO genbo_viewer;

CREATE FUNCTION sees_account(of_product text, at_address text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    viewer text := current_setting('genbo.institution', true);
BEGIN -- the same, asked of an address
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'custodian' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN investor USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND custodian_id = viewer
        );
        WHEN 'direct_broker', 'delegating_broker' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN investor USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND safekeeping_id = viewer
        );
        WHEN 'intermediary' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN introduction USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND institution_id = viewer
              AND consents_to_sight
        );
        ELSE RETURN false;
    END CASE;
END $$;

REVOKE ALL ON FUNCTION sees_account(of_product text, at_address text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION sees_account(of_product text, at_address text) TO genbo_viewer;

CREATE FUNCTION sees_trade(of_product text, source text, target text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN -- whether one side is its customer, and the other side's address is for it to see
    RETURN viewer_as('custodian', 'direct_broker', 'delegating_broker') IS NOT NULL
        AND (sees_account(of_product, source) OR sees_account(of_product, target));
END $$;

REVOKE ALL ON FUNCTION sees_trade(of_product text, source text, target text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION sees_trade(of_product text, source text, target text) TO genbo_viewer;

CREATE POLICY product_seen ON product FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT products_seen())::text[]));

GRANT SELECT ON product TO genbo_viewer;

CREATE POLICY product_name_seen ON product_name FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT products_seen())::text[]));

GRANT SELECT ON product_name TO genbo_viewer;

CREATE POLICY total_issued_seen ON total_issued FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT products_seen())::text[]));

GRANT SELECT ON total_issued TO genbo_viewer;

CREATE POLICY transfer_control_seen ON transfer_control FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM product WHERE product.transfer_control_id = transfer_control.transfer_control_id));

GRANT SELECT ON transfer_control TO genbo_viewer;

CREATE POLICY product_firm_seen ON product_firm FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR institution_id = current_setting('genbo.institution', true));

GRANT SELECT ON product_firm TO genbo_viewer;

CREATE POLICY institution_seen ON institution FOR SELECT TO genbo_viewer
    USING (institution_id = current_setting('genbo.institution', true));

GRANT SELECT ON institution TO genbo_viewer;

CREATE POLICY safekeeping_firm_seen ON safekeeping_firm FOR SELECT TO genbo_viewer
    USING (safekeeping_id = (SELECT viewer_as('direct_broker', 'delegating_broker')));

GRANT SELECT ON safekeeping_firm TO genbo_viewer;

CREATE POLICY custodian_seen ON custodian FOR SELECT TO genbo_viewer
    USING (custodian_id = (SELECT viewer_as('custodian')));

GRANT SELECT ON custodian TO genbo_viewer;

CREATE POLICY trustee_seen ON trustee FOR SELECT TO genbo_viewer
    USING (trustee_id = (SELECT viewer_as('registrar')));

GRANT SELECT ON trustee TO genbo_viewer;

CREATE POLICY settlor_seen ON settlor FOR SELECT TO genbo_viewer
    USING (settlor_id = (SELECT viewer_as('issuer')));

GRANT SELECT ON settlor TO genbo_viewer;

CREATE POLICY asset_manager_seen ON asset_manager FOR SELECT TO genbo_viewer
    USING (asset_manager_id = (SELECT viewer_as('issuer')));

GRANT SELECT ON asset_manager TO genbo_viewer;

CREATE POLICY trust_contract_seen ON trust_contract FOR SELECT TO genbo_viewer
    USING (trustee_id = (SELECT viewer_as('registrar')) OR settlor_id = (SELECT viewer_as('issuer')) OR asset_manager_id = (SELECT viewer_as('issuer')));

GRANT SELECT ON trust_contract TO genbo_viewer;

CREATE POLICY investor_seen ON investor FOR SELECT TO genbo_viewer
    USING (sees_person(investor_id));

GRANT SELECT ON investor TO genbo_viewer;

CREATE POLICY verdict_seen ON verdict FOR SELECT TO genbo_viewer
    USING (sees_person(investor_id));

GRANT SELECT ON verdict TO genbo_viewer;

CREATE POLICY introduction_seen ON introduction FOR SELECT TO genbo_viewer
    USING (sees_person(investor_id));

GRANT SELECT ON introduction TO genbo_viewer;

CREATE POLICY identity_seen ON identity FOR SELECT TO genbo_viewer
    USING (sees_name(investor_id));

GRANT SELECT ON identity TO genbo_viewer;

CREATE POLICY investor_key_seen ON investor_key FOR SELECT TO genbo_viewer
    USING (sees_name(investor_id));

GRANT SELECT ON investor_key TO genbo_viewer;

CREATE POLICY disclosure_seen ON disclosure FOR SELECT TO genbo_viewer
    USING (registrar_id = (SELECT viewer_as('registrar')) OR issuer_id = (SELECT viewer_as('issuer')) AND approved_at IS NOT NULL);

GRANT SELECT ON disclosure TO genbo_viewer;

CREATE POLICY wallet_seen ON wallet FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR sees_holder(investor_id));

GRANT SELECT ON wallet TO genbo_viewer;

CREATE POLICY position_seen ON position FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR sees_account(product_id, address));

GRANT SELECT ON position TO genbo_viewer;

CREATE POLICY lot_seen ON lot FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR sees_account(product_id, address));

GRANT SELECT ON lot TO genbo_viewer;

CREATE POLICY trade_seen ON trade FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR sees_trade(product_id, source, target));

GRANT SELECT ON trade TO genbo_viewer;

CREATE POLICY trade_piece_seen ON trade_piece FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]) OR EXISTS (SELECT FROM trade WHERE trade.product_id = trade_piece.product_id AND trade.from_block = trade_piece.from_block AND trade.from_log_index = trade_piece.from_log_index AND sees_account(trade.product_id, trade.source)));

GRANT SELECT ON trade_piece TO genbo_viewer;

CREATE POLICY command_seen ON command FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT products_kept())::text[]));

GRANT SELECT ON command TO genbo_viewer;

CREATE POLICY approval_seen ON approval FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM command WHERE command.command_id = approval.command_id));

GRANT SELECT ON approval TO genbo_viewer;

CREATE POLICY job_seen ON job FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT products_kept())::text[]));

GRANT SELECT ON job TO genbo_viewer;

CREATE POLICY job_row_seen ON job_row FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM job WHERE job.job_id = job_row.job_id));

GRANT SELECT ON job_row TO genbo_viewer;

CREATE POLICY job_batch_seen ON job_batch FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM job WHERE job.job_id = job_batch.job_id));

GRANT SELECT ON job_batch TO genbo_viewer;

CREATE POLICY block_seen ON block FOR SELECT TO genbo_viewer
    USING ((SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')) IS NOT NULL);

GRANT SELECT ON block TO genbo_viewer;

CREATE POLICY cursor_seen ON cursor FOR SELECT TO genbo_viewer
    USING ((SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')) IS NOT NULL);

GRANT SELECT ON cursor TO genbo_viewer;

CREATE POLICY market_status_seen ON market_status FOR SELECT TO genbo_viewer
    USING ((SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')) IS NOT NULL);

GRANT SELECT ON market_status TO genbo_viewer;

CREATE POLICY bank_seen ON bank FOR SELECT TO genbo_viewer
    USING ((SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')) IS NOT NULL);

GRANT SELECT ON bank TO genbo_viewer;

CREATE POLICY bank_branch_seen ON bank_branch FOR SELECT TO genbo_viewer
    USING ((SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')) IS NOT NULL);

GRANT SELECT ON bank_branch TO genbo_viewer;

CREATE VIEW client_trade WITH (security_barrier) AS
SELECT t.product_id, t.from_block, t.from_log_index, t.from_at, t.ref, t.kind, t.units,
       w.investor_id, side.name AS side
FROM introduction i
JOIN wallet w ON w.investor_id = i.investor_id
CROSS JOIN (VALUES ('sender'), ('recipient')) side(name)
JOIN trade t ON t.product_id = w.product_id
    AND w.address = CASE side.name WHEN 'sender' THEN t.source ELSE t.target END
WHERE i.institution_id = (SELECT viewer_as('intermediary'));

GRANT SELECT ON client_trade TO genbo_viewer;

CREATE VIEW platform_digest WITH (security_barrier) AS
SELECT 'position' AS kind, r.from_block AS block,
       sha256(sha256(s.secret || convert_to(concat_ws('/', 'position', r.product_id, r.address, r.from_block, r.from_log_index), 'UTF8'))
           || convert_to(jsonb_strip_nulls(to_jsonb(r.*))::text, 'UTF8')) AS digest
FROM position r CROSS JOIN digest_secret s
WHERE (SELECT viewer_as('platform_manager')) IS NOT NULL
UNION ALL
SELECT 'trade' AS kind, r.from_block AS block,
       sha256(sha256(s.secret || convert_to(concat_ws('/', 'trade', r.product_id, r.from_block, r.from_log_index), 'UTF8'))
           || convert_to(jsonb_strip_nulls(to_jsonb(r.*))::text, 'UTF8')) AS digest
FROM trade r CROSS JOIN digest_secret s
WHERE (SELECT viewer_as('platform_manager')) IS NOT NULL;

GRANT SELECT ON platform_digest TO genbo_viewer;
