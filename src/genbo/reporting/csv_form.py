"""CSV: UTF-8 with a byte order mark (spreadsheet programs in Japan need it), CRLF, lines of facts that begin with #."""

import csv
import io

from genbo.reporting.sheet import Cell, Sheet

BOM = b"\xef\xbb\xbf"


def as_csv(sheet: Sheet) -> bytes:
    """The sheet as a file. A text that begins like a formula must not become one when the file is opened."""
    content = io.BytesIO()
    content.write(BOM)
    text = io.TextIOWrapper(content, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows((f"#{key}", _safe(value)) for key, _, value in sheet.facts)
    writer.writerow([column.heading for column in sheet.columns])
    writer.writerows([_safe(cell) for cell in row] for row in sheet.rows)
    text.detach()
    return content.getvalue()


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
