-- Import-file control (T15).

SELECT 1;
