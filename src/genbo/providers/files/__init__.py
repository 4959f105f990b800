"""Files of tables, as other firms and spreadsheet programs write them: CSV in UTF-8 or Shift_JIS, and Excel workbooks.

A file is read in pieces and believed in nothing. Whatever is wrong with it is said with its line and column, as a row
with a fault or as one `Fault`; what stands in a cell is never repeated, for it may be somebody's personal data.
"""
