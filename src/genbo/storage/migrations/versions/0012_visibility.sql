-- Row-level security: who sees which row.

SELECT 1;
