-- Orders carry the giver's authorisation and no transaction of his own: nothing ever wrote one.

ALTER TABLE transfer_order DROP COLUMN raw_transaction;
