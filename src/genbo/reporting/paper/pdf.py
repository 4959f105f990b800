"""PDF: the pages drawn by Typst, as PDF/A-3 (ISO 19005-3), which keeps for decades and carries a file inside."""

import json
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genbo import __version__
from genbo.reporting.paper.drawer import draw
from genbo.reporting.paper.font import BOLD, FAMILY, REGULAR, font
from genbo.reporting.paper.layout import _SIDES, SIZE, lay_out
from genbo.reporting.paper.paper import Paper
from genbo.reporting.ticking import Tick, silent

_TEMPLATE = Path(__file__).with_name("pages.typ")


def as_pdf(paper: Paper, *, made: datetime, tick: Tick = silent) -> bytes:
    """The paper as PDF. The same paper is the same bytes.

    Args:
        made: the time of making that the file names; of what it shows, never of the moment.
        tick: hears how many rows are laid out; what it raises ends the document.

    Raises:
        Fault: `file_unreadable` when the fonts are missing.
    """
    timestamp = made.astimezone(UTC).isoformat()
    form = {"format": "pdf", "timestamp": timestamp, "pdf_standards": ["a-3b"]}
    (drawn,) = _draw(paper, form, tick=tick)
    return drawn


def as_pictures(paper: Paper, *, dots_per_inch: float = 90.0) -> list[bytes]:
    """Each page as PNG, for whoever looks at a paper before it is issued. Raises as `as_pdf`."""
    return _draw(paper, {"format": "png", "ppi": dots_per_inch}, with_file=False)


def attached(content: bytes) -> bytes | None:
    """The file inside a PDF that `as_pdf` made; None when there is none that can be read."""
    found = re.search(rb"<<[^<>]*/Type/EmbeddedFile(?:[^<>]|<<[^<>]*>>)*>>\s*stream\r?\n", content)
    length = found and re.search(rb"/Length (\d+)", found[0])
    if not found or not length:
        return None
    stored = content[found.end() : found.end() + int(length[1])]
    if b"/FlateDecode" not in found[0]:
        return stored
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None


def _draw(
    paper: Paper, form: dict[str, Any], *, with_file: bool = True, tick: Tick = silent
) -> list[bytes]:
    regular, bold = font(REGULAR), font(BOLD)
    width, height = _SIDES[paper.orientation]
    pages = lay_out(paper, regular, bold, tick=tick)
    drawing = {
        "title": regular.printable(paper.title),
        "author": f"Genbo {__version__}",
        "keywords": [regular.printable(each) for each in paper.feet],
        "language": paper.language.value,
        "font": FAMILY,
        "size": SIZE,
        "width": width,
        "height": height,
        "pages": [
            {"texts": page.texts, "rules": page.rules, "shades": page.shades} for page in pages
        ],
        "file": {},
    }
    inputs = {}
    if with_file and paper.file is not None:
        drawing["file"] = {
            "name": paper.file.name,
            "mime_type": paper.file.mime_type,
            "description": paper.file.description,
        }
        inputs["file"] = paper.file.content.decode()
    # Both go through memory: names are in them, and a file would be one more place to keep.
    inputs["paper"] = json.dumps(drawing, ensure_ascii=False)
    return draw(
        _TEMPLATE.read_bytes(),
        inputs,
        sorted({str(font(name).file.parent) for name in (REGULAR, BOLD)}),
        form,
        pages=len(pages),
        rows=len(paper.rows),
        tick=tick,
    )
