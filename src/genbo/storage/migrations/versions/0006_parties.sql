-- Firms and their contracts: tables T4, T5 and T8 to T13, and the bank master.

SELECT 1;
