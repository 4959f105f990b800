-- Redemptions, splits, additional issues.

CREATE TABLE corporate_action (
    action_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id TEXT NOT NULL,
    day DATE NOT NULL,
    terms JSONB NOT NULL,
    resolution TEXT NOT NULL,
    evidence BYTEA NOT NULL,
    state TEXT NOT NULL,
    command_id TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    maker TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    before_block BIGINT,
    before_digest BYTEA,
    after_block BIGINT,
    after_digest BYTEA,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT corporate_action_pk PRIMARY KEY (action_id),
    CONSTRAINT corporate_action_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT corporate_action_kind_ck CHECK (kind IN ('redemption', 'split', 'additional_issue')),
    CONSTRAINT corporate_action_state_ck CHECK (state IN ('draft', 'approved', 'rejected', 'done')),
    CONSTRAINT corporate_action_resolution_ck CHECK (resolution ~ '[^[:space:]]'),
    CONSTRAINT corporate_action_decided_at_ck CHECK ((state = 'draft') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT corporate_action_decided_by_ck CHECK (state NOT IN ('approved', 'done') OR decided_by <> maker),
    CONSTRAINT corporate_action_before_block_ck CHECK ((before_block IS NULL) = (before_digest IS NULL)),
    CONSTRAINT corporate_action_done_at_ck CHECK ((state = 'done') = (done_at IS NOT NULL) AND (done_at IS NULL) = (after_block IS NULL) AND (done_at IS NULL) = (after_digest IS NULL)),
    CONSTRAINT corporate_action_after_block_ck CHECK (after_block IS NULL OR before_block IS NOT NULL)
);
COMMENT ON TABLE corporate_action IS 'コーポレートアクション: redemptions, splits and additional issues (R-JSTOA-6.1.1.4 to 6.1.1.6)';
COMMENT ON COLUMN corporate_action.action_id IS '決定ID: the reference of the acts on the ledger begins with it';
COMMENT ON COLUMN corporate_action.kind IS '種別';
COMMENT ON COLUMN corporate_action.product_id IS '受益権ID';
COMMENT ON COLUMN corporate_action.day IS '効力発生日: from 00:00 JST on';
COMMENT ON COLUMN corporate_action.terms IS '条件: what belongs to the kind';
COMMENT ON COLUMN corporate_action.resolution IS '決議の参照: no personal data';
COMMENT ON COLUMN corporate_action.evidence IS '決議書のダイジェスト: SHA-256';
COMMENT ON COLUMN corporate_action.state IS '状態';
COMMENT ON COLUMN corporate_action.command_id IS '指図ID: whose signatures approve it';
COMMENT ON COLUMN corporate_action.made_at IS '起案日時';
COMMENT ON COLUMN corporate_action.maker IS '起案者';
COMMENT ON COLUMN corporate_action.decided_at IS '承認・却下日時';
COMMENT ON COLUMN corporate_action.decided_by IS '承認者・却下者: an approver is somebody else than the maker';
COMMENT ON COLUMN corporate_action.before_block IS '実行前の原簿のブロック番号';
COMMENT ON COLUMN corporate_action.before_digest IS '実行前の原簿のダイジェスト: without names';
COMMENT ON COLUMN corporate_action.after_block IS '実行後の原簿のブロック番号';
COMMENT ON COLUMN corporate_action.after_digest IS '実行後の原簿のダイジェスト: without names';
COMMENT ON COLUMN corporate_action.done_at IS '実行日時';
ALTER TABLE corporate_action ENABLE ROW LEVEL SECURITY;

CREATE POLICY corporate_action_seen ON corporate_action FOR SELECT TO genbo_viewer
    USING (product_id = ANY ((SELECT registers_seen())::text[]));
GRANT SELECT ON corporate_action TO genbo_viewer;
