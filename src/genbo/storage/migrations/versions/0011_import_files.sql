-- Import-file control (T15).

CREATE TABLE import_file (
    file_id TEXT NOT NULL,
    import_target TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    file_timestamp TIMESTAMP WITH TIME ZONE NOT NULL,
    processing_kind TEXT NOT NULL,
    processing_status TEXT NOT NULL,
    processing_result JSONB,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    registered_by TEXT NOT NULL,
    file_hash BYTEA NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_by TEXT,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by TEXT NOT NULL,
    CONSTRAINT import_file_pk PRIMARY KEY (file_id),
    CONSTRAINT import_file_import_target_file_timestamp_file_size_file_hash_uq UNIQUE (import_target, file_timestamp, file_size, file_hash),
    CONSTRAINT import_file_import_target_ck CHECK (import_target IN ('investor', 'safekeeping_firm', 'custodian', 'beneficiary_agent', 'settlor', 'trustee', 'asset_manager', 'trust_contract', 'transfer_control', 'bank', 'calendar')),
    CONSTRAINT import_file_processing_kind_ck CHECK (processing_kind IN ('new', 'correction', 'cancel')),
    CONSTRAINT import_file_processing_status_ck CHECK (processing_status IN ('announced', 'received', 'checking', 'checked', 'approved', 'applying', 'done', 'failed')),
    CONSTRAINT import_file_file_size_ck CHECK (file_size > 0),
    CONSTRAINT import_file_approved_by_ck CHECK ((approved_at IS NULL) = (approved_by IS NULL) AND approved_by <> registered_by AND (approved_by IS NOT NULL OR processing_status NOT IN ('approved', 'applying', 'done'))),
    CONSTRAINT import_file_processing_result_ck CHECK (processing_result IS NOT NULL OR processing_status IN ('announced', 'received', 'checking')),
    CONSTRAINT import_file_changed_at_ck CHECK (changed_at >= registered_at)
);
COMMENT ON TABLE import_file IS '取込ファイル制御: files for masters; applied as a whole or not at all (R-PROGMAT-T15)';
COMMENT ON COLUMN import_file.file_id IS '取込ファイルID: made from target, time, size and hash';
COMMENT ON COLUMN import_file.import_target IS '取込対象 (T15.1)';
COMMENT ON COLUMN import_file.file_size IS 'ファイルサイズ: bytes, as announced (T15.2)';
COMMENT ON COLUMN import_file.file_timestamp IS 'タイムスタンプ: when the source made it (T15.3)';
COMMENT ON COLUMN import_file.processing_kind IS '処理区分 (T15.4)';
COMMENT ON COLUMN import_file.processing_status IS '処理ステータス (T15.5)';
COMMENT ON COLUMN import_file.processing_result IS '処理結果: counts, and the reason of each rejection; no cell of the file (T15.6)';
COMMENT ON COLUMN import_file.registered_at IS '登録日時 (T15.7)';
COMMENT ON COLUMN import_file.registered_by IS '登録者 (T15.8)';
COMMENT ON COLUMN import_file.file_hash IS 'ファイルハッシュ: SHA-256, as announced';
COMMENT ON COLUMN import_file.approved_at IS '承認日時';
COMMENT ON COLUMN import_file.approved_by IS '承認者: another than 登録者';
COMMENT ON COLUMN import_file.changed_at IS '状態変更日時';
COMMENT ON COLUMN import_file.changed_by IS '状態変更者';
