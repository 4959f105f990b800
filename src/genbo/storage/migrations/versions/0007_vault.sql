-- The vault: rotation, blind index, retention and erasure.

SELECT 1;
