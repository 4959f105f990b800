"""The sixteen tables, column by column, in our own words (R-PROGMAT-T1 to T16)."""
