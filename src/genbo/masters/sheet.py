"""Sheet (表): rows of text cells as a file has them, before any rule was asked. CSV and workbooks both come as this."""

from genbo.kernel.record import record

__all__ = ["CellFault", "SheetRow"]


@record(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell whatever column it is in. It never repeats the cell."""

    index: int | None
    """Which cell, from 0; None for the row as a whole."""
    problem: str
    allowed: str


@record(frozen=True, slots=True)
class SheetRow:
    """One row. A row without cells could not be read at all; its faults say why."""

    line: int
    """The line it begins on, from 1."""
    cells: tuple[str, ...]
    faults: tuple[CellFault, ...] = ()
    numbers: tuple[int, ...] = ()
    """Cells that a workbook keeps as numbers: zeros in front of them are lost."""
