"""The font of every page: Noto Sans JP, under the SIL Open Font License 1.1, which its folder has beside the files.

A wheel carries it in `genbo/fonts`; a checkout reads it from `node_modules`, where npm has put it. No font of the
machine is ever used, or a page would not be the same bytes everywhere.
"""

import struct
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from genbo.kernel import Fault, Reason

FAMILY = "Noto Sans JP"
REGULAR, BOLD = "NotoSansJP_400Regular.ttf", "NotoSansJP_700Bold.ttf"
MISSING = "〓"
"""下駄: what stands where the font has no such character, as Japanese printers do it."""

_PACKAGE = Path(__file__).resolve().parents[2]
_CHECKOUT = _PACKAGE.parents[1] / "node_modules" / "@expo-google-fonts" / "noto-sans-jp"


@dataclass(frozen=True, slots=True)
class Font:
    """One weight: how wide each of its characters is."""

    file: Path
    advances: dict[int, float]
    """Code point to width, in parts of the size of the type."""
    shown: "_Shown" = field(repr=False)
    """Code point to the character that is printed for it."""

    def width(self, text: str) -> float:
        """Width of printable text, in parts of the size."""
        advances = self.advances
        return sum([advances[ord(sign)] for sign in text])

    def printable(self, text: str) -> str:
        """The text as this font can show it; a character that it has not becomes `MISSING`."""
        if text.isascii() and text.isprintable():
            return text
        return unicodedata.normalize("NFC", text).translate(self.shown)


class _Shown(dict[int, int | str | None]):
    """Filled as characters are asked for; what is not in it yet is decided then."""

    def __init__(self, advances: dict[int, float]) -> None:
        super().__init__()
        self._advances = advances

    def __missing__(self, code: int) -> int | str | None:
        known = code if code in self._advances else MISSING
        self[code] = None if _is_invisible(code) else known
        return self[code]


@lru_cache(maxsize=2)
def font(name: str) -> Font:
    """The font of that file name.

    Raises:
        Fault: `file_unreadable` when it did not come along.
    """
    file = font_file(name)
    advances = _advances(file.read_bytes())
    return Font(file, advances, _Shown(advances))


def font_file(name: str) -> Path:
    """Where the font is: in the package, or in the checkout that it is run from. Raises as `font`."""
    weight = name.removeprefix("NotoSansJP_").removesuffix(".ttf")
    for path in (_PACKAGE / "fonts" / name, _CHECKOUT / weight / name):
        if path.is_file():
            return path
    raise Fault(
        Reason.FILE_UNREADABLE,
        file=name,
        problem="the font of the pages is missing; a checkout gets it by `make setup`, a wheel carries it",
    )


def _is_invisible(code: int) -> bool:
    """Marks that choose between forms of the character before them; the register keeps them, a page does without."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x200B <= code <= 0x200D


# Reading a TrueType file ---------------------------------------------------------------------------


def _advances(content: bytes) -> dict[int, float]:
    """Code point to width, from the tables `cmap`, `hmtx`, `hhea` and `head`."""
    count = struct.unpack_from(">H", content, 4)[0]
    tables = {
        tag: offset
        for tag, _, offset, _ in (
            struct.unpack_from(">4sIII", content, 12 + 16 * each) for each in range(count)
        )
    }
    per_em = struct.unpack_from(">H", content, tables[b"head"] + 18)[0]
    metrics = struct.unpack_from(">H", content, tables[b"hhea"] + 34)[0]
    widths = struct.unpack_from(f">{2 * metrics}H", content, tables[b"hmtx"])[::2]
    return {
        code: widths[min(glyph, metrics - 1)] / per_em
        for code, glyph in _glyphs(content, tables[b"cmap"])
        if glyph
    }


def _glyphs(content: bytes, cmap: int) -> list[tuple[int, int]]:
    """Code point and glyph, from the subtable of all of Unicode (format 12)."""
    count = struct.unpack_from(">H", content, cmap + 2)[0]
    for each in range(count):
        offset = cmap + struct.unpack_from(">I", content, cmap + 8 + 8 * each)[0]
        if struct.unpack_from(">H", content, offset)[0] == 12:
            groups = struct.unpack_from(">I", content, offset + 12)[0]
            found = struct.unpack_from(f">{3 * groups}I", content, offset + 16)
            return [
                (first + step, glyph + step)
                for first, last, glyph in zip(found[::3], found[1::3], found[2::3], strict=True)
                for step in range(last - first + 1)
            ]
    raise Fault(Reason.FILE_UNREADABLE, file=REGULAR, problem="it has no table of all characters")
