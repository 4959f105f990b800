"""CSV (RFC 4180): cells between commas, quoted where they hold a comma, a quote or a line end."""

import csv
import io
import re
from collections.abc import Iterator

from genbo.kernel import Fault, Reason
from genbo.masters.sheet import CellFault, SheetRow

LONGEST_LINE = 2**16
"""Characters of a line; a longer one is no row of a master."""
LONGEST_CELL = 4_000
"""Characters of a cell."""
MOST_BLANK = 100_000
"""Blank lines that are passed over."""
MOST_CELLS = 256
"""Cells of a row."""

_CONTROL = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\uf8f0-\uf8f3\ufeff\ufffe\uffff]"
)
_GUARD = "'"
_FORMULA = "=+-@\t\r＝＋－＠"
"""Signs at the beginning of a cell that make a spreadsheet program calculate it."""

QUOTES = "quotes around the whole cell, doubled inside it"
TEXT = "text without control characters"
SHORT_CELL = f"at most {LONGEST_CELL:,} characters"
FEW_CELLS = f"at most {MOST_CELLS} cells"


def guarded(cell: str) -> str:
    """A cell as it may stand in a CSV file that a spreadsheet program opens: never a formula."""
    return _GUARD + cell if cell[:1] and cell[0] in _FORMULA + _GUARD else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell[:1] == _GUARD and cell[1:2] and cell[1] in _FORMULA + _GUARD else cell


def faults_of(cells: tuple[str, ...]) -> tuple[CellFault, ...]:
    """What is wrong with cells, whatever columns they are in."""
    if len(cells) > MOST_CELLS:
        return (CellFault(None, f"the row has {len(cells):,} cells", FEW_CELLS),)
    found = []
    for index, cell in enumerate(cells):
        if _CONTROL.search(cell):
            found.append(CellFault(index, "a control character stands in it", TEXT))
        elif len(cell) > LONGEST_CELL:
            found.append(CellFault(index, f"it has {len(cell):,} characters", SHORT_CELL))
    return tuple(found)


def delimited_rows(name: str, file: io.RawIOBase, codec: str) -> Iterator[SheetRow]:
    """The rows of a CSV file with their lines.

    A row that breaks the rules of quoting has a fault and no cells, and the next line is the next row. A quote that
    is never closed swallows what follows, so nothing is read after it.

    Raises:
        FileChanged: the bytes are not text, which they were a moment ago.
    """
    text = io.TextIOWrapper(io.BufferedReader(file, 2**18), codec, newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    blank = 0
    try:
        while True:
            line = lines.begin()
            try:
                cells = tuple(next(reader))
            except StopIteration:
                return
            except csv.Error:
                index = _broken_at(lines.first)
                if lines.read > line or lines.ended:
                    yield SheetRow(line, (), (CellFault(index, "a quote is not closed", QUOTES),))
                    return
                yield SheetRow(line, (), (CellFault(index, "a quote stands alone", QUOTES),))
                continue
            except _TooLong:
                allowed = f"at most {LONGEST_LINE:,} characters"
                fault = CellFault(None, "the line is too long; nothing after it was read", allowed)
                yield SheetRow(line, (), (fault,))
                return
            if lines.guards:
                cells = tuple(map(unguarded, cells))
            # Nearly every row passes this question, which is one for all of its cells.
            if lines.odd or len(cells) > MOST_CELLS:
                yield SheetRow(line, cells, faults_of(cells))
            elif any(cells):
                yield SheetRow(line, cells)
            else:
                blank += 1
                if blank > MOST_BLANK:
                    allowed = f"at most {MOST_BLANK:,} blank lines"
                    fault = CellFault(None, "too many; nothing after it was read", allowed)
                    yield SheetRow(line, (), (fault,))
                    return
    except UnicodeDecodeError:
        raise FileChanged(name) from None
    finally:
        text.detach()


class FileChanged(Fault):
    """The bytes that were read are not those that were there before: what they say does not count."""

    def __init__(self, name: str) -> None:
        super().__init__(Reason.FILE_UNREADABLE, file=name, problem="it changed while it was read")


class _TooLong(Exception):
    pass


class _Lines:
    """The lines of a text, none of them without end; and what the row that they make has to be asked."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.read = 0
        self.first = ""
        """The first line of the row."""
        self.odd = False
        """Whether a line of the row may hold what no cell may."""
        self.guards = False
        """Whether a cell of the row may be guarded."""
        self.ended = False

    def begin(self) -> int:
        """Another row begins; on which line."""
        self.first = ""
        self.odd = self.guards = False
        return self.read + 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise _TooLong
        self.read += 1
        self.first = self.first or line
        # A cell is as long as its lines together, at the most.
        self.odd = self.odd or self.first is not line or len(line) > LONGEST_CELL
        self.odd = self.odd or _CONTROL.search(line) is not None
        self.guards = self.guards or _GUARD in line
        return line


def _broken_at(line: str) -> int:
    """The cell of a line in which its quoting breaks; the one that is open at its end when it does not."""
    index, at = 0, 0
    while at < len(line):
        if line[at] != '"':
            comma = line.find(",", at)
            if comma < 0:
                return index
            index, at = index + 1, comma + 1
            continue
        end = at + 1
        while (end := line.find('"', end)) >= 0 and line[end : end + 2] == '""':
            end += 2
        if end < 0 or line[end + 1 : end + 2] not in (",", "\r", "\n", ""):
            return index
        index, at = index + 1, end + 2
    return index
