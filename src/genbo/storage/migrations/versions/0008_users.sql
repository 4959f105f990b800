-- People and machines: users, permissions, credentials.

SELECT 1;
