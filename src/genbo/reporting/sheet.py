"""Sheet (表): a document as a table with what it is of above it, for CSV and Excel.

The facts above the table are pairs of key and text; a CSV file has them in lines that begin with #, a workbook on a
sheet of its own. Whoever reads the file back knows from them what it claims to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """A column."""

    heading: str
    width: int
    """Characters, for a spreadsheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table and what it is of."""

    title: str
    facts: Sequence[tuple[str, str, str]] = field(repr=False)
    """Key, label and text."""
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Cell]] = field(repr=False)
    """Read once."""
