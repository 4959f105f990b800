-- The derived rows of the register, laid out for bulk writing.
--
-- Rows of these tables follow from the events, are written by one process at a time under the lock of the cursor, and
-- are proved by replay (`genbo check`). So they carry no key into other tables, whose check would cost more than the row;
-- what a row can be checked for by itself is checked.

ALTER TABLE lot
    DROP CONSTRAINT lot_product_id_fk,
    DROP CONSTRAINT lot_parent_fk,
    DROP CONSTRAINT lot_address_ck,
    ADD COLUMN span BIGINT;
COMMENT ON COLUMN lot.span IS '区間の節: the roundest block after which it stood; finds the lots of any block (storage.spans)';

-- In binary, the highest digit in which the two blocks differ tells the roundest number above one and up to the other.
UPDATE lot SET span = (until_block >> level) << level
FROM (
    SELECT product_id, from_block, from_log_index, ordinal,
        length(ltrim((from_block # until_block)::bit(64)::text, '0')) - 1 AS level
    FROM lot WHERE until_block > from_block
) AS ended
WHERE lot.product_id = ended.product_id AND lot.from_block = ended.from_block
    AND lot.from_log_index = ended.from_log_index AND lot.ordinal = ended.ordinal;

ALTER TABLE lot
    ADD CONSTRAINT lot_address_ck CHECK (octet_length(address) = 42),
    ADD CONSTRAINT lot_span_ck CHECK ((span IS NOT NULL) = (until_block IS NOT NULL AND until_block > from_block) AND span > from_block AND span <= until_block);
DROP INDEX lot_from_ix;
DROP INDEX lot_until_ix;
DROP INDEX lot_parent_ix;
DROP INDEX lot_ref_ix;
CREATE INDEX lot_span_ix ON lot (product_id, span, from_block, until_block) WHERE span IS NOT NULL;

ALTER TABLE position
    DROP CONSTRAINT position_product_id_fk,
    DROP CONSTRAINT position_address_ck,
    ADD CONSTRAINT position_address_ck CHECK (octet_length(address) = 42);
DROP INDEX position_until_ix;
DROP INDEX position_from_ix;
CREATE INDEX position_from_ix ON position (product_id, from_at, from_block);

ALTER TABLE trade
    DROP CONSTRAINT trade_product_id_fk,
    DROP CONSTRAINT trade_source_ck,
    DROP CONSTRAINT trade_target_ck,
    ADD CONSTRAINT trade_source_ck CHECK (octet_length(source) = 42),
    ADD CONSTRAINT trade_target_ck CHECK (octet_length(target) = 42);
DROP INDEX trade_reverses_ix;
CREATE INDEX trade_reverses_ix ON trade (product_id, reverses, target) WHERE reverses IS NOT NULL;

ALTER TABLE trade_piece DROP CONSTRAINT trade_piece_trade_fk;

-- Events are kept with the cursor of their chain, which belongs to its deployment.
ALTER TABLE event_raw
    DROP CONSTRAINT event_raw_chain_id_fk,
    DROP CONSTRAINT event_raw_address_ck,
    ADD CONSTRAINT event_raw_address_ck CHECK (octet_length(address) = 42);
