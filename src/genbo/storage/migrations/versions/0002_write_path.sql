-- The write path: commands, approvals, the outbox, jobs.

CREATE TABLE command (
    command_id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    chain_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    state TEXT NOT NULL,
    what TEXT NOT NULL,
    maker TEXT NOT NULL,
    maker_account TEXT NOT NULL,
    account TEXT NOT NULL,
    duty TEXT,
    target TEXT,
    data BYTEA NOT NULL,
    product_id TEXT,
    ref TEXT,
    evidence BYTEA,
    gas BIGINT,
    reason TEXT,
    facts JSONB NOT NULL,
    tx BYTEA,
    block BIGINT,
    gas_used BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT command_pk PRIMARY KEY (command_id),
    CONSTRAINT command_chain_id_key_uq UNIQUE (chain_id, key),
    CONSTRAINT command_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT command_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT command_state_ck CHECK (state IN ('draft', 'checked', 'approved', 'queued', 'sent', 'final', 'refused', 'superseded')),
    CONSTRAINT command_maker_account_ck CHECK (maker_account ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT command_account_ck CHECK (account ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT command_target_ck CHECK (target ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT command_reason_ck CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT command_tx_ck CHECK ((tx IS NULL) = (block IS NULL)),
    CONSTRAINT command_gas_ck CHECK (gas > 0 AND gas_used > 0),
    CONSTRAINT command_changed_at_ck CHECK (changed_at >= made_at)
);
COMMENT ON TABLE command IS '指図: commands with their exact bytes and what became of them';
COMMENT ON COLUMN command.command_id IS '指図ID: made from the chain and the idempotency key';
COMMENT ON COLUMN command.number IS '受付順';
COMMENT ON COLUMN command.chain_id IS 'チェーンID';
COMMENT ON COLUMN command.key IS '冪等キー: one act, one key';
COMMENT ON COLUMN command.body_digest IS '本文のダイジェスト: another body under the same key is refused';
COMMENT ON COLUMN command.digest IS '署名対象: EIP-712 hash that maker and approvers sign';
COMMENT ON COLUMN command.state IS '状態';
COMMENT ON COLUMN command.what IS '処理: the act in a few words';
COMMENT ON COLUMN command.maker IS '起案者';
COMMENT ON COLUMN command.maker_account IS '起案者のアドレス';
COMMENT ON COLUMN command.account IS '実行アドレス: the maker''s own, or a Safe';
COMMENT ON COLUMN command.duty IS '職務';
COMMENT ON COLUMN command.target IS '宛先コントラクト: none for a change of the registry alone';
COMMENT ON COLUMN command.data IS '呼出データ: the exact bytes';
COMMENT ON COLUMN command.product_id IS '受益権ID';
COMMENT ON COLUMN command.ref IS '取引ID: business reference';
COMMENT ON COLUMN command.evidence IS '根拠書類のダイジェスト';
COMMENT ON COLUMN command.gas IS 'ガス上限: none is found by a rehearsal';
COMMENT ON COLUMN command.reason IS '拒否理由: reason code';
COMMENT ON COLUMN command.facts IS '事実: of the refusal, no personal data';
COMMENT ON COLUMN command.tx IS '取引ハッシュ: of the transaction that stands in a block';
COMMENT ON COLUMN command.block IS 'ブロック番号';
COMMENT ON COLUMN command.gas_used IS 'ガス使用量';
COMMENT ON COLUMN command.made_at IS '起案日時';
COMMENT ON COLUMN command.changed_at IS '状態変更日時';
CREATE INDEX command_made_at_ix ON command (made_at);
CREATE INDEX command_open_ix ON command (chain_id, account, number) WHERE state NOT IN ('final', 'refused', 'superseded');
CREATE INDEX command_product_id_ref_ix ON command (product_id, ref);

CREATE TABLE approval (
    command_id TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    signature BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    safe_nonce BIGINT,
    safe_signature BYTEA,
    CONSTRAINT approval_pk PRIMARY KEY (command_id, account),
    CONSTRAINT approval_command_id_name_uq UNIQUE (command_id, name),
    CONSTRAINT approval_command_id_fk FOREIGN KEY(command_id) REFERENCES command (command_id),
    CONSTRAINT approval_account_ck CHECK (account ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT approval_signature_ck CHECK (length(signature) = 65),
    CONSTRAINT approval_safe_nonce_ck CHECK ((safe_nonce IS NULL) = (safe_signature IS NULL))
);
COMMENT ON TABLE approval IS '承認: signatures over exactly one command, its maker''s included';
COMMENT ON COLUMN approval.command_id IS '指図ID';
COMMENT ON COLUMN approval.account IS '署名者のアドレス';
COMMENT ON COLUMN approval.name IS '署名者: a name of the key store';
COMMENT ON COLUMN approval.signature IS '署名: over the command''s EIP-712 hash';
COMMENT ON COLUMN approval.at IS '署名日時';
COMMENT ON COLUMN approval.safe_nonce IS '二名承認口座の番号: that the next signature is for';
COMMENT ON COLUMN approval.safe_signature IS '二名承認口座への署名: over the Safe transaction';

CREATE TABLE signer (
    chain_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    next_nonce BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    led_by TEXT,
    led_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT signer_pk PRIMARY KEY (chain_id, address),
    CONSTRAINT signer_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT signer_address_ck CHECK (address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT signer_next_nonce_ck CHECK (next_nonce >= 0 AND epoch >= 0)
);
COMMENT ON TABLE signer IS '署名者: the next number of each, and who sends for it';
COMMENT ON COLUMN signer.chain_id IS 'チェーンID';
COMMENT ON COLUMN signer.address IS '署名者のアドレス';
COMMENT ON COLUMN signer.next_nonce IS '次の番号: the first that was never given out';
COMMENT ON COLUMN signer.epoch IS '世代: whoever sends for this signer raises it, so an earlier sender is noticed';
COMMENT ON COLUMN signer.led_by IS '送信担当プロセス';
COMMENT ON COLUMN signer.led_at IS '送信担当の開始日時';

CREATE TABLE outbox (
    chain_id BIGINT NOT NULL,
    signer TEXT NOT NULL,
    nonce BIGINT NOT NULL,
    command_id TEXT,
    gas BIGINT NOT NULL,
    state TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    tx BYTEA,
    block BIGINT,
    gas_used BIGINT,
    CONSTRAINT outbox_pk PRIMARY KEY (chain_id, signer, nonce),
    CONSTRAINT outbox_chain_id_signer_fk FOREIGN KEY(chain_id, signer) REFERENCES signer (chain_id, address),
    CONSTRAINT outbox_command_id_fk FOREIGN KEY(command_id) REFERENCES command (command_id),
    CONSTRAINT outbox_state_ck CHECK (state IN ('signed', 'sent', 'unknown', 'mined', 'done', 'failed', 'lost')),
    CONSTRAINT outbox_block_ck CHECK ((state IN ('mined', 'done', 'failed')) = (block IS NOT NULL)),
    CONSTRAINT outbox_tx_ck CHECK ((tx IS NULL) = (block IS NULL)),
    CONSTRAINT outbox_gas_ck CHECK (gas > 0 AND gas_used > 0)
);
COMMENT ON TABLE outbox IS '送信簿: one row per number of a signer; a command has at most one that can still run';
COMMENT ON COLUMN outbox.chain_id IS 'チェーンID';
COMMENT ON COLUMN outbox.signer IS '署名者のアドレス';
COMMENT ON COLUMN outbox.nonce IS '番号';
COMMENT ON COLUMN outbox.command_id IS '指図ID: none for a filler';
COMMENT ON COLUMN outbox.gas IS 'ガス上限';
COMMENT ON COLUMN outbox.state IS '状態';
COMMENT ON COLUMN outbox.since IS '状態の開始日時';
COMMENT ON COLUMN outbox.tx IS '取引ハッシュ: of the attempt that stands in a block';
COMMENT ON COLUMN outbox.block IS 'ブロック番号';
COMMENT ON COLUMN outbox.gas_used IS 'ガス使用量';
CREATE UNIQUE INDEX outbox_live_uq ON outbox (command_id) WHERE state <> 'lost';
CREATE INDEX outbox_open_ix ON outbox (chain_id, signer, nonce) WHERE state NOT IN ('done', 'failed', 'lost');

CREATE TABLE attempt (
    chain_id BIGINT NOT NULL,
    tx BYTEA NOT NULL,
    signer TEXT NOT NULL,
    nonce BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    raw BYTEA NOT NULL,
    price NUMERIC NOT NULL,
    tip NUMERIC NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT attempt_pk PRIMARY KEY (chain_id, tx),
    CONSTRAINT attempt_chain_id_signer_nonce_fk FOREIGN KEY(chain_id, signer, nonce) REFERENCES outbox (chain_id, signer, nonce),
    CONSTRAINT attempt_price_ck CHECK (price >= 0 AND tip >= 0)
);
COMMENT ON TABLE attempt IS '送信取引: signed transactions, committed before anybody hears of them';
COMMENT ON COLUMN attempt.chain_id IS 'チェーンID';
COMMENT ON COLUMN attempt.tx IS '取引ハッシュ';
COMMENT ON COLUMN attempt.signer IS '署名者のアドレス';
COMMENT ON COLUMN attempt.nonce IS '番号';
COMMENT ON COLUMN attempt.ordinal IS '連番: each offers more than the one before';
COMMENT ON COLUMN attempt.raw IS '署名済取引: the exact bytes that are broadcast';
COMMENT ON COLUMN attempt.price IS 'ガス単価の上限: wei';
COMMENT ON COLUMN attempt.tip IS '優先手数料: wei';
COMMENT ON COLUMN attempt.signed_at IS '署名日時';
CREATE UNIQUE INDEX attempt_number_uq ON attempt (chain_id, signer, nonce, ordinal);

CREATE TABLE job (
    job_id TEXT NOT NULL,
    chain_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    product_id TEXT NOT NULL,
    ref TEXT,
    arguments JSONB NOT NULL,
    maker TEXT NOT NULL,
    account TEXT,
    people TEXT[] NOT NULL,
    row_count INTEGER NOT NULL,
    gas_fixed BIGINT,
    gas_per_row BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT job_pk PRIMARY KEY (job_id),
    CONSTRAINT job_chain_id_key_uq UNIQUE (chain_id, key),
    CONSTRAINT job_chain_id_fk FOREIGN KEY(chain_id) REFERENCES deployment (chain_id),
    CONSTRAINT job_product_id_fk FOREIGN KEY(product_id) REFERENCES product (product_id),
    CONSTRAINT job_state_ck CHECK (state IN ('running', 'done', 'cancelled')),
    CONSTRAINT job_account_ck CHECK (account ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT job_row_count_ck CHECK (row_count > 0)
);
COMMENT ON TABLE job IS '一括処理: bulk acts';
COMMENT ON COLUMN job.job_id IS '一括処理ID: made from the chain and the idempotency key';
COMMENT ON COLUMN job.chain_id IS 'チェーンID';
COMMENT ON COLUMN job.key IS '冪等キー';
COMMENT ON COLUMN job.body_digest IS '本文のダイジェスト';
COMMENT ON COLUMN job.kind IS '処理の種類: such as distribute';
COMMENT ON COLUMN job.state IS '状態';
COMMENT ON COLUMN job.product_id IS '受益権ID';
COMMENT ON COLUMN job.ref IS '取引ID: batches add their rows to it';
COMMENT ON COLUMN job.arguments IS '共通の引数: no personal data';
COMMENT ON COLUMN job.maker IS '起案者';
COMMENT ON COLUMN job.account IS '実行アドレス: of a holder whose own act it is';
COMMENT ON COLUMN job.people IS '担当者: who acts, by name';
COMMENT ON COLUMN job.row_count IS '行数';
COMMENT ON COLUMN job.gas_fixed IS 'ガス見積の定数: of a batch';
COMMENT ON COLUMN job.gas_per_row IS 'ガス見積の係数: of a row';
COMMENT ON COLUMN job.made_at IS '起案日時';
COMMENT ON COLUMN job.changed_at IS '状態変更日時';
CREATE INDEX job_running_ix ON job (chain_id, made_at) WHERE state = 'running';

CREATE TABLE job_row (
    job_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    address TEXT NOT NULL,
    units NUMERIC(25, 0),
    CONSTRAINT job_row_pk PRIMARY KEY (job_id, ordinal),
    CONSTRAINT job_row_job_id_fk FOREIGN KEY(job_id) REFERENCES job (job_id)
);
COMMENT ON TABLE job_row IS '一括処理の行: never edited';
COMMENT ON COLUMN job_row.job_id IS '一括処理ID';
COMMENT ON COLUMN job_row.ordinal IS '行番号: from 0';
COMMENT ON COLUMN job_row.address IS 'アドレス';
COMMENT ON COLUMN job_row.units IS '数量';

CREATE TABLE job_batch (
    job_id TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    state TEXT NOT NULL,
    command_id TEXT NOT NULL,
    CONSTRAINT job_batch_pk PRIMARY KEY (job_id, first, last),
    CONSTRAINT job_batch_command_id_uq UNIQUE (command_id),
    CONSTRAINT job_batch_job_id_fk FOREIGN KEY(job_id) REFERENCES job (job_id),
    CONSTRAINT job_batch_command_id_fk FOREIGN KEY(command_id) REFERENCES command (command_id),
    CONSTRAINT job_batch_state_ck CHECK (state IN ('open', 'done', 'cut', 'refused')),
    CONSTRAINT job_batch_first_ck CHECK (first >= 0 AND last >= first)
);
COMMENT ON TABLE job_batch IS '一括処理のまとまり: rows that go out in one transaction, whole or not at all';
COMMENT ON COLUMN job_batch.job_id IS '一括処理ID';
COMMENT ON COLUMN job_batch.first IS '最初の行番号';
COMMENT ON COLUMN job_batch.last IS '最後の行番号';
COMMENT ON COLUMN job_batch.state IS '状態';
COMMENT ON COLUMN job_batch.command_id IS '指図ID';
CREATE INDEX job_batch_open_ix ON job_batch (job_id, first) WHERE state = 'open';

-- What was recorded before there were commands: no bytes and no signatures were kept then, so the bytes are empty and
-- the approvers' names stand among the facts.
INSERT INTO command (
    command_id, chain_id, key, body_digest, digest, state, what, maker, maker_account, account, data, product_id, ref,
    reason, facts, tx, block, gas_used, made_at, changed_at
)
SELECT
    md5('genbo act ' || act_id),
    coalesce(chain_id, (SELECT min(chain_id) FROM deployment)),
    'act-' || act_id,
    decode(repeat('00', 32), 'hex'),
    decode(repeat('00', 32), 'hex'),
    CASE outcome WHEN 'done' THEN 'final' ELSE 'refused' END,
    command,
    maker,
    '0x' || repeat('0', 40),
    '0x' || repeat('0', 40),
    ''::bytea,
    product_id,
    ref,
    reason,
    facts || CASE WHEN approvers = '{}' THEN '{}'::jsonb
        ELSE jsonb_build_object('approvers', array_to_string(approvers, ', ')) END,
    tx,
    block,
    gas,
    at,
    at
FROM act ORDER BY act_id;
DROP TABLE act;
