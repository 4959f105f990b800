-- KYC and AML: sessions, results, lists, screenings, releases.

SELECT 1;
