"""What a paper says, before anybody knows where its lines break."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from genbo.compliance.reasons import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperColumn:
    """A column of the table."""

    heading: str
    width: float
    """Millimetres."""
    right: bool = False
    """Whether it stands at its right edge, as figures do."""
    summed: bool = False
    """Whether pages have a subtotal of it. One column at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file that goes along inside the PDF: the same document for machines."""

    name: str
    content: bytes = field(repr=False)
    description: str
    mime_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document for people: a head on every page, facts, one table, what closes it."""

    title: str
    """On every page, large."""
    heads: Sequence[str]
    """Below the title on every page: of what, as of when."""
    facts: Sequence[tuple[str, str]] = field(repr=False)
    """Label and text, on the first page above the table."""
    statement: str = field(repr=False, default="")
    """What the paper certifies, above the table."""
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]] = field(repr=False)
    """Cells as they are printed; a line break begins a new line."""
    figures: Sequence[int] = field(repr=False, default=())
    """The figure of each row that is summed."""
    total: str = ""
    """Below the last row, beside the sum of all figures; empty: no sums."""
    closing: Sequence[tuple[str, str]] = field(repr=False, default=())
    """Label and text, after the table."""
    feet: Sequence[str]
    """At the foot of every page."""
    language: Language
    file: PaperFile | None = None
    orientation: Literal["landscape", "portrait"] = "landscape"
