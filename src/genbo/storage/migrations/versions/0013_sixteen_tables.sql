-- The sixteen tables by their names, as views.

SELECT 1;
