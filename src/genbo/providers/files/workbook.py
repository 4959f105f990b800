"""Workbook (Excel .xlsx): typed cells become the text that a rule reads; what a program calculated is refused."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from genbo.kernel import Fault, Reason
from genbo.masters.sheet import CellFault, SheetRow
from genbo.providers.files.delimited import FEW_CELLS, MOST_CELLS, faults_of

MOST_WORKBOOK_BYTES = 2**26
"""The largest workbook that is taken, 64 MiB; a spreadsheet program does not open much more."""
_MOST_PARTS = 1_000
_MOST_UNPACKED = {"xl/worksheets/": 2**29, "xl/sharedStrings.xml": 2**27}
_MOST_OF_A_PART = 2**24
"""Bytes of any other part, unpacked: openpyxl holds these whole."""
_LONGEST_ROW = 2**20
"""Bytes between the beginnings of two rows of a sheet."""
_MOST_ROWS = 1_048_576

VALUES = "the value itself; copy the cells and paste them as values"


def workbook_rows(name: str, file: io.RawIOBase) -> Iterator[SheetRow]:
    """The rows of the only sheet of a workbook.

    Dates become 2025-03-31, and numbers their digits, marked as numbers; truths `true` and `false`. Formulas and
    errors are faults of their cells.

    Raises:
        Fault: `file_unreadable` for what is no workbook, has several sheets, or unpacks to more than it should.
    """
    from openpyxl import load_workbook  # its libraries take a quarter of a second to load

    content = io.BytesIO(file.read())
    try:
        _require_small(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an extension that openpyxl does not know
            book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
            try:
                if len(book.sheetnames) != 1 or not book.worksheets:
                    raise _unreadable(name, f"it has {len(book.sheetnames)} sheets; keep one")
                sheet = book.worksheets[0]
                sheet.reset_dimensions()
                yield from _rows(sheet.iter_rows(max_row=_MOST_ROWS))
            finally:
                book.close()
    except Fault:
        raise
    except Exception as error:  # a broken workbook makes its reader stumble in every possible way
        problem = f"it is damaged, or no Excel workbook ({type(error).__name__})"
        raise _unreadable(name, problem) from None


def _rows(rows: Iterator[tuple[Any, ...]]) -> Iterator[SheetRow]:
    width = 0
    for line, row in enumerate(rows, 1):
        if not row:
            continue
        if len(row) > MOST_CELLS:
            # Nothing after it: a sheet full of such rows would take hours.
            yield SheetRow(
                line, (), (CellFault(None, f"the row has {len(row):,} cells", FEW_CELLS),)
            )
            return
        if (found := _row(line, row, width)) is not None:
            width = width or len(found.cells)
            yield found


def _unreadable(name: str, problem: str) -> Fault:
    return Fault(Reason.FILE_UNREADABLE, file=name, problem=problem)


def _require_small(name: str, content: io.BytesIO) -> None:
    """Nothing, unless the parts unpack to more than a table of a master: then it is a bomb, or no such table."""
    with zipfile.ZipFile(content) as parts:
        listed = parts.infolist()
        if len(listed) > _MOST_PARTS:
            raise _unreadable(name, f"it has {len(listed):,} parts")
        for part in listed:
            most = next(
                (most for start, most in _MOST_UNPACKED.items() if part.filename.startswith(start)),
                _MOST_OF_A_PART,
            )
            if part.file_size > most:
                raise _unreadable(name, f"a part of it unpacks to {part.file_size:,} bytes")
            if part.filename.startswith("xl/worksheets/") and not _has_short_rows(parts, part):
                raise _unreadable(name, f"a row of it has more than {_LONGEST_ROW:,} bytes")


def _has_short_rows(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether no row is so long that holding it would be dear: a sheet is read row by row."""
    since = 0
    with parts.open(part) as sheet:
        while piece := sheet.read(_LONGEST_ROW // 4):
            found = max(piece.rfind(b"<row"), piece.rfind(b":row"))
            since = since + len(piece) if found < 0 else len(piece) - found
            if since > _LONGEST_ROW:
                return False
    return True


def _row(line: int, row: tuple[Any, ...], width: int) -> SheetRow | None:
    """The row, as wide as the heading at least; None for a blank one."""
    cells: list[str] = []
    faults: list[CellFault] = []
    numbers: list[int] = []
    for index, cell in enumerate(row):
        value, kind = cell.value, cell.data_type
        if value is None:
            cells.append("")
        elif kind == "f":
            cells.append("")
            faults.append(CellFault(index, "a formula stands in it", VALUES))
        elif kind == "e":
            cells.append("")
            faults.append(CellFault(index, "an error stands in it", VALUES))
        elif isinstance(value, bool):
            cells.append("true" if value else "false")
        elif isinstance(value, int | float):
            numbers.append(index)
            cells.append(str(int(value)) if value == int(value) else str(value))
        elif isinstance(value, datetime):
            midnight = value.time() == time()
            cells.append((value.date() if midnight else value).isoformat())
        elif isinstance(value, date | time):
            cells.append(value.isoformat())
        else:
            cells.append(str(value))
    while cells and not cells[-1] and not any(each.index == len(cells) - 1 for each in faults):
        cells.pop()
    if not cells:
        return None
    cells += [""] * (width - len(cells))
    return SheetRow(line, tuple(cells), (*faults, *faults_of(tuple(cells))), tuple(numbers))
