-- Notices to the systems of institutions, and their delivery.
CREATE TABLE notice_cursor (
    chain_id BIGINT NOT NULL,
    next_block BIGINT NOT NULL,
    audit_number BIGINT NOT NULL,
    rollback_number BIGINT NOT NULL,
    CONSTRAINT notice_cursor_pk PRIMARY KEY (chain_id),
    CONSTRAINT notice_cursor_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT notice_cursor_next_block_ck CHECK (next_block >= 0 AND audit_number >= 0 AND rollback_number >= 0)
);
COMMENT ON TABLE notice_cursor IS '通知の読取位置: committed in one transaction with what was told';
COMMENT ON COLUMN notice_cursor.chain_id IS 'チェーンID';
COMMENT ON COLUMN notice_cursor.next_block IS '次に通知するブロック番号: everything final below it was told';
COMMENT ON COLUMN notice_cursor.audit_number IS '監査記録番号: everything up to this entry was told';
COMMENT ON COLUMN notice_cursor.rollback_number IS '巻き戻し確認済の監査記録番号: what was taken back up to this entry is known';
ALTER TABLE notice_cursor ENABLE ROW LEVEL SECURITY;

CREATE TABLE notice (
    institution_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    product_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    type TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    chain_id BIGINT,
    block BIGINT,
    block_hash BYTEA,
    final BOOLEAN NOT NULL,
    data JSONB NOT NULL,
    CONSTRAINT notice_pk PRIMARY KEY (institution_id, position),
    CONSTRAINT notice_institution_id_product_id_number_uq UNIQUE (institution_id, product_id, number),
    CONSTRAINT notice_position_ck CHECK (position > 0 AND number > 0),
    CONSTRAINT notice_block_ck CHECK ((block IS NULL) = (block_hash IS NULL) AND (block IS NULL) = (chain_id IS NULL))
);
COMMENT ON TABLE notice IS '通知: what an institution was told; append only';
COMMENT ON COLUMN notice.institution_id IS '関係機関ID: who is told';
COMMENT ON COLUMN notice.position IS '通し番号: 1, 2, 3 without a gap over all that it is told';
COMMENT ON COLUMN notice.product_id IS '受益権ID: empty where it is about no product';
COMMENT ON COLUMN notice.number IS '銘柄内の連番: 1, 2, 3 without a gap over what it is told of the product';
COMMENT ON COLUMN notice.type IS '種別';
COMMENT ON COLUMN notice.occurred_at IS '発生日時';
COMMENT ON COLUMN notice.chain_id IS 'チェーンID';
COMMENT ON COLUMN notice.block IS 'ブロック番号: where it happened on the ledger';
COMMENT ON COLUMN notice.block_hash IS 'ブロックハッシュ';
COMMENT ON COLUMN notice.final IS '確定: whether it stays so';
COMMENT ON COLUMN notice.data IS '内容: no personal data';
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY notice_seen ON notice FOR SELECT TO genbo_viewer
    USING (institution_id = (SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')));
GRANT SELECT ON notice TO genbo_viewer;

CREATE TABLE notice_stream (
    institution_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT notice_stream_pk PRIMARY KEY (institution_id, product_id),
    CONSTRAINT notice_stream_last_ck CHECK (last >= 0)
);
COMMENT ON TABLE notice_stream IS '通知の系列: how far the numbers of each product have come, for each institution';
COMMENT ON COLUMN notice_stream.institution_id IS '関係機関ID';
COMMENT ON COLUMN notice_stream.product_id IS '受益権ID: empty for what is about no product';
COMMENT ON COLUMN notice_stream.last IS '最後の連番';
ALTER TABLE notice_stream ENABLE ROW LEVEL SECURITY;
CREATE POLICY notice_stream_seen ON notice_stream FOR SELECT TO genbo_viewer
    USING (institution_id = (SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')));
GRANT SELECT ON notice_stream TO genbo_viewer;

CREATE TABLE webhook (
    webhook_id TEXT NOT NULL,
    institution_id TEXT NOT NULL,
    url TEXT NOT NULL,
    types TEXT[] NOT NULL,
    products TEXT[] NOT NULL,
    state TEXT NOT NULL,
    secret_number INTEGER NOT NULL,
    previous_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT webhook_pk PRIMARY KEY (webhook_id),
    CONSTRAINT webhook_institution_id_fk FOREIGN KEY(institution_id) REFERENCES institution (institution_id),
    CONSTRAINT webhook_state_ck CHECK (state IN ('active', 'paused', 'deactivated', 'deleted')),
    CONSTRAINT webhook_secret_number_ck CHECK (secret_number > 0),
    CONSTRAINT webhook_updated_at_ck CHECK (updated_at >= created_at)
);
CREATE INDEX webhook_standing_ix ON webhook (institution_id) WHERE state <> 'deleted';
COMMENT ON TABLE webhook IS '通知先 (Webhook): addresses that notices are posted to';
COMMENT ON COLUMN webhook.webhook_id IS '通知先ID (Webhook)';
COMMENT ON COLUMN webhook.institution_id IS '関係機関ID';
COMMENT ON COLUMN webhook.url IS '送信先アドレス';
COMMENT ON COLUMN webhook.types IS '種別: types and families; none: all';
COMMENT ON COLUMN webhook.products IS '銘柄: none: all';
COMMENT ON COLUMN webhook.state IS '状態';
COMMENT ON COLUMN webhook.secret_number IS '署名鍵番号: which of its secrets in the vault counts';
COMMENT ON COLUMN webhook.previous_until IS '前の署名鍵の有効期限';
COMMENT ON COLUMN webhook.created_at IS '作成日時: when the row was made';
COMMENT ON COLUMN webhook.created_by IS '作成者: who made it';
COMMENT ON COLUMN webhook.updated_at IS '最終更新日時: when it last changed';
COMMENT ON COLUMN webhook.updated_by IS '最終更新者: who last changed it';
ALTER TABLE webhook ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_seen ON webhook FOR SELECT TO genbo_viewer
    USING (institution_id = (SELECT viewer_as('issuer', 'registrar', 'platform_manager', 'custodian', 'direct_broker', 'delegating_broker', 'intermediary')));
GRANT SELECT ON webhook TO genbo_viewer;

CREATE TABLE webhook_lane (
    webhook_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_lane_pk PRIMARY KEY (webhook_id, product_id),
    CONSTRAINT webhook_lane_webhook_id_fk FOREIGN KEY(webhook_id) REFERENCES webhook (webhook_id),
    CONSTRAINT webhook_lane_number_ck CHECK (number >= 0 AND tries >= 0)
);
COMMENT ON TABLE webhook_lane IS '配信の列: how far a webhook has come with a product; whoever delivers holds the row';
COMMENT ON COLUMN webhook_lane.webhook_id IS '通知先ID (Webhook)';
COMMENT ON COLUMN webhook_lane.product_id IS '受益権ID: empty for what is about no product';
COMMENT ON COLUMN webhook_lane.number IS '連番: of the last notice that is done with';
COMMENT ON COLUMN webhook_lane.tries IS '試行回数: of the next one, so far';
COMMENT ON COLUMN webhook_lane.due_at IS '次回試行日時';
COMMENT ON COLUMN webhook_lane.failing_since IS '失敗開始日時: since the last delivery';
COMMENT ON COLUMN webhook_lane.delivered_at IS '最終配信日時';
ALTER TABLE webhook_lane ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_lane_seen ON webhook_lane FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM webhook WHERE webhook.webhook_id = webhook_lane.webhook_id));
GRANT SELECT ON webhook_lane TO genbo_viewer;

CREATE TABLE webhook_delivery (
    webhook_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    product_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_delivery_pk PRIMARY KEY (webhook_id, position),
    CONSTRAINT webhook_delivery_webhook_id_fk FOREIGN KEY(webhook_id) REFERENCES webhook (webhook_id),
    CONSTRAINT webhook_delivery_state_ck CHECK (state IN ('delivered', 'waiting', 'dead')),
    CONSTRAINT webhook_delivery_tries_ck CHECK (tries >= 0),
    CONSTRAINT webhook_delivery_due_at_ck CHECK (due_at IS NULL OR state = 'waiting')
);
CREATE INDEX webhook_delivery_dead_ix ON webhook_delivery (webhook_id, position) WHERE state = 'dead';
CREATE INDEX webhook_delivery_due_ix ON webhook_delivery (due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE webhook_delivery IS 'Webhookの配信: what became of each notice that was posted';
COMMENT ON COLUMN webhook_delivery.webhook_id IS '通知先ID (Webhook)';
COMMENT ON COLUMN webhook_delivery.position IS '通し番号: of the notice';
COMMENT ON COLUMN webhook_delivery.product_id IS '受益権ID: empty for what is about no product';
COMMENT ON COLUMN webhook_delivery.number IS '銘柄内の連番';
COMMENT ON COLUMN webhook_delivery.type IS '種別';
COMMENT ON COLUMN webhook_delivery.state IS '状態';
COMMENT ON COLUMN webhook_delivery.tries IS '試行回数';
COMMENT ON COLUMN webhook_delivery.status IS 'HTTPステータス: of the last answer';
COMMENT ON COLUMN webhook_delivery.problem IS '問題: why the last try failed, in words of ours';
COMMENT ON COLUMN webhook_delivery.first_at IS '最初の試行日時';
COMMENT ON COLUMN webhook_delivery.last_at IS '最後の試行日時';
COMMENT ON COLUMN webhook_delivery.due_at IS '再送予定日時: where it is replayed by itself';
ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_delivery_seen ON webhook_delivery FOR SELECT TO genbo_viewer
    USING (EXISTS (SELECT FROM webhook WHERE webhook.webhook_id = webhook_delivery.webhook_id));
GRANT SELECT ON webhook_delivery TO genbo_viewer;
