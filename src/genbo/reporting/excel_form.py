"""Excel: a sheet of facts and a sheet with the table. The same document is the same bytes."""

import io
from datetime import UTC, date, datetime

import xlsxwriter

from genbo.reporting.sheet import Sheet

FACTS, TABLE = "表紙 Cover", "原簿 Register"
MOST_LINES = 1_048_575
"""Lines that a sheet has room for below its heading."""
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits; what is longer is text."""


def as_xlsx(sheet: Sheet, *, made: datetime) -> bytes:
    """The sheet as a workbook.

    Args:
        made: the time of making that the file names; of what it shows, never of the moment.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": sheet.title,
            "author": "Genbo",
            "created": made.astimezone(UTC).replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True, "bg_color": "#E8E8E8", "border": 1, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    number = book.add_format({"num_format": "#,##0"})
    cover = book.add_worksheet(FACTS)
    cover.set_column(0, 0, 22)
    cover.set_column(1, 1, 30)
    cover.set_column(2, 2, 90)
    for row, (key, label, text) in enumerate(sheet.facts):
        cover.write_string(row, 0, key)
        cover.write_string(row, 1, label)
        cover.write_string(row, 2, text, wrapped)
    table = book.add_worksheet(TABLE)
    for place, column in enumerate(sheet.columns):
        table.set_column(place, place, column.width)
    table.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        table.write_string(0, place, column.heading, bold)
    last = 0
    for last, cells in enumerate(sheet.rows, 1):
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int) and abs(cell) < _EXACT:
                table.write_number(last, place, cell, number)
            elif isinstance(cell, date):
                table.write_datetime(last, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            else:
                table.write_string(last, place, str(cell))
    table.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
    table.set_landscape()
    table.set_paper(9)
    table.fit_to_pages(1, 0)
    table.repeat_rows(0)
    book.close()
    return target.getvalue()
