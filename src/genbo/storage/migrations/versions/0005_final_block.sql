-- The final block beside the cursor: up to where a reorganisation is no longer expected.
ALTER TABLE cursor
    ADD COLUMN final_block bigint,
    ADD COLUMN final_hash bytea,
    ADD COLUMN final_at timestamptz,
    ADD CONSTRAINT cursor_final_block_ck CHECK (final_block >= 0 AND final_block < next_block),
    ADD CONSTRAINT cursor_final_hash_ck
        CHECK ((final_block IS NULL) = (final_hash IS NULL) AND (final_block IS NULL) = (final_at IS NULL));
COMMENT ON COLUMN cursor.final_block IS '確定ブロック番号: everything up to it is final; none before the first';
COMMENT ON COLUMN cursor.final_hash IS '確定ブロックのハッシュ';
COMMENT ON COLUMN cursor.final_at IS '確定ブロックの時刻';
