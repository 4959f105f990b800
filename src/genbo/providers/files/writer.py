"""Writing tables: CSV that a spreadsheet program opens without calculating anything, and workbooks of text cells."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from genbo.providers.files.delimited import guarded


def write_csv(file: BinaryIO, rows: Iterable[Sequence[str]], *, mark: bool = False) -> None:
    """Writes rows as CSV in UTF-8, lines ended by CR LF.

    A cell that a spreadsheet program would calculate gets an apostrophe in front, which reading takes away.

    Args:
        mark: with a byte order mark, by which Excel knows that it is UTF-8.
    """
    text = io.TextIOWrapper(file, "utf-8-sig" if mark else "utf-8", newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    text.flush()
    text.detach()


def write_workbook(file: BinaryIO, rows: Iterable[Sequence[str]], *, title: str) -> None:
    """Writes rows as an Excel workbook of one sheet, every cell as text: zeros in front stay, nothing is calculated."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)
