"""Layout (版面): where every line, rule and shade of a paper stands. Pure: a paper and two fonts give pages.

Lengths are millimetres from the upper left corner, sizes of type are points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from genbo.compliance.reasons import Language
from genbo.reporting.paper.font import MISSING, Font
from genbo.reporting.paper.paper import Paper, PaperColumn
from genbo.reporting.ticking import Tick, silent, ticking

_POINT = 25.4 / 72
_SIDES = {"landscape": (297.0, 210.0), "portrait": (210.0, 297.0)}
_LEFT = 12.0
_TOP = 32.5
_FOOT = 17.0
"""Height at the foot of the page that the body leaves free."""
SIZE = 7.5
"""Of the type of nearly every line."""
_LINE = SIZE * _POINT * 1.42
_PAD_X, _PAD_Y = 1.0, 0.9
_GAP = 2.5
"""Between a figure and the column on its right."""
_LABEL = 46.0
_NOT_FIRST = "、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
"""禁則: what does not begin a line."""


@dataclass(slots=True)
class Page:
    """What is drawn on one page."""

    texts: list[tuple[float, float, float, int, str]] = field(default_factory=list)
    """Left edge, top, size, weight, text."""
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Left edge, top, length, thickness in points."""
    shades: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Left edge, top, width, height."""


def lay_out(paper: Paper, regular: Font, bold: Font, *, tick: Tick = silent) -> list[Page]:
    """The pages of a paper, in their order; a paper has one at least."""
    return _Press(paper, regular, bold, tick).pages()


def broken(text: str, width: float, font: Font, size: float = SIZE) -> list[str]:
    """The lines that `text` is broken into so that none is wider than `width`. Words are kept whole where they can be,
    and no line begins with a mark that belongs to the one before."""
    room = width / (size * _POINT)
    return [line for part in text.split("\n") for line in _broken(font.printable(part), room, font)]


def _broken(text: str, room: float, font: Font) -> Iterator[str]:
    while font.width(text) > room:
        used, end = 0.0, 0
        while end < len(text) and used + font.advances[ord(text[end])] <= room:
            used += font.advances[ord(text[end])]
            end += 1
        end = _turn(text, max(end, 1))
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _turn(text: str, end: int) -> int:
    """Where the line that could hold `end` characters is turned."""
    end = start = _before_mark(text, end)
    while start > 0 and _in_word(text[start - 1]) and end < len(text) and _in_word(text[end]):
        start -= 1
        if not _in_word(text[start - 1] if start else " "):
            break
    return _before_mark(text, start) if 0 < start < end else end


def _before_mark(text: str, end: int) -> int:
    """As many characters, or less where a line would begin with a mark that belongs to the one before."""
    while end > 1 and end < len(text) and text[end] in _NOT_FIRST:
        end -= 1
    return end


def _in_word(sign: str) -> bool:
    """Whether it holds together with its neighbours: Latin words, figures, words in katakana."""
    if sign.isascii():
        return sign.isalnum() or sign in ".,;:!?()-_/@'"
    return "ァ" <= sign <= "ヺ" or sign == "ー"


class _Press:
    def __init__(self, paper: Paper, regular: Font, bold: Font, tick: Tick) -> None:
        self._paper = paper
        self._tick = tick
        self._regular, self._bold = regular, bold
        self._width, self._height = _SIDES[paper.orientation]
        self._bottom = self._height - _FOOT
        self._pages: list[Page] = []
        self._y = _TOP
        self._sum = 0
        self._first = 0
        """Row that the page began with."""
        self._missing: set[str] = set()

    def pages(self) -> list[Page]:
        paper = self._paper
        self._turn_page()
        self._listed(paper.facts)
        if paper.statement:
            self._y += 2.0
            self._lines(paper.statement, self._inner, size=9.0)
            self._y += 2.0
        if paper.columns:
            self._y += 1.5
            self._table(paper)
        self._y += 3.0
        self._listed(paper.closing)
        if self._missing:
            self._note_missing()
        for number, page in enumerate(self._pages, 1):
            self._frame(page, number)
        return self._pages

    @property
    def _inner(self) -> float:
        return self._width - 2 * _LEFT

    @property
    def _page(self) -> Page:
        return self._pages[-1]

    def _turn_page(self) -> None:
        self._pages.append(Page())
        self._y = _TOP

    # Text ----------------------------------------------------------------------------------------

    def _text(
        self, x: float, y: float, text: str, *, size: float = SIZE, bold: bool = False
    ) -> None:
        if text:
            self._page.texts.append((round(x, 3), round(y, 3), size, 700 if bold else 400, text))

    def _break(
        self, text: str, width: float, *, bold: bool = False, size: float = SIZE
    ) -> list[str]:
        font = self._bold if bold else self._regular
        lines = broken(text, width, font, size)
        if not text.isascii():
            self._missing.update(_lacking(text, font))
        return lines

    def _right(
        self, x: float, y: float, text: str, *, size: float = SIZE, bold: bool = False
    ) -> None:
        """A line whose right edge is `x`."""
        font = self._bold if bold else self._regular
        text = font.printable(text)
        self._text(x - font.width(text) * size * _POINT, y, text, size=size, bold=bold)

    def _lines(self, text: str, width: float, *, size: float = SIZE, x: float = _LEFT) -> None:
        height = size * _POINT * 1.5
        for line in self._break(text, width, size=size):
            if self._y + height > self._bottom:
                self._turn_page()
            self._text(x, self._y, line, size=size)
            self._y += height

    def _listed(self, items: Sequence[tuple[str, str]]) -> None:
        for label, text in items:
            names = self._break(label, _LABEL - 2, bold=True)
            lines = self._break(text, self._inner - _LABEL)
            height = max(len(names), len(lines)) * _LINE
            if self._y + min(height, 4 * _LINE) > self._bottom:
                self._turn_page()
            for place, name in enumerate(names):
                self._text(_LEFT, self._y + place * _LINE, name, bold=True)
            for line in lines:
                if self._y + _LINE > self._bottom:
                    self._turn_page()
                self._text(_LEFT + _LABEL, self._y, line)
                self._y += _LINE
            self._y += max(0, len(names) - len(lines)) * _LINE + 0.8

    def _note_missing(self) -> None:
        codes = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(self._missing))
        words = {
            Language.JA: f"{MISSING} は書体にない文字（{codes}）。添付ファイルに原文があります。",
            Language.EN: f"{MISSING} stands for characters that the font lacks ({codes}); "
            "the attached file has the text itself.",
        }
        self._y += 1.0
        self._lines(words[self._paper.language], self._inner)

    # The table -----------------------------------------------------------------------------------

    def _table(self, paper: Paper) -> None:
        summed = next((each for each in paper.columns if each.summed), None)
        reserve = 2 * _PAD_Y + _LINE if summed else 0.0
        self._heading(paper.columns)
        for number, row in enumerate(ticking(paper.rows, self._tick)):
            cells = [
                self._break(cell, _room(column)) if cell else [""]
                for cell, column in zip(row, paper.columns, strict=True)
            ]
            for part in self._parts(cells, reserve):
                height = max(map(len, part)) * _LINE + 2 * _PAD_Y
                if self._y + height + reserve > self._bottom:
                    self._subtotal(number)
                    self._turn_page()
                    self._first = number
                    self._heading(paper.columns)
                self._row(part, height)
        self._subtotal(len(paper.rows))
        if paper.total:
            if self._y + reserve > self._bottom:
                self._turn_page()
            self._sum_line(paper.total, sum(paper.figures), bold=True)

    def _parts(
        self, cells: Sequence[Sequence[str]], reserve: float
    ) -> Iterator[Sequence[Sequence[str]]]:
        """The row, or where no page could hold it, one part after the other."""
        most = int((self._bottom - _TOP - 4 * _LINE - reserve - 2 * _PAD_Y) / _LINE)
        for first in range(0, max(map(len, cells)), most):
            yield [lines[first : first + most] or [""] for lines in cells]

    def _heading(self, columns: Sequence[PaperColumn]) -> None:
        cells = [self._break(each.heading, _room(each), bold=True) for each in columns]
        height = max(map(len, cells)) * _LINE + 2 * _PAD_Y
        if self._y + height + 4 * _LINE > self._bottom:
            self._turn_page()
        width = sum(each.width for each in columns)
        self._page.shades.append((_LEFT, round(self._y, 3), width, round(height, 3)))
        self._rule(0.6)
        self._cells(cells, bold=True)
        self._y += height
        self._rule(0.6)

    def _row(self, cells: Sequence[Sequence[str]], height: float) -> None:
        self._cells(cells, bold=False)
        self._y += height
        self._rule(0.25)

    def _cells(self, cells: Sequence[Sequence[str]], *, bold: bool) -> None:
        x = _LEFT
        for column, lines in zip(self._paper.columns, cells, strict=True):
            y = self._y + _PAD_Y
            for line in lines:
                if column.right:
                    self._right(x + column.width - _GAP, y, line, bold=bold)
                else:
                    self._text(x + _PAD_X, y, line, bold=bold)
                y += _LINE
            x += column.width

    def _subtotal(self, end: int) -> None:
        """The sum of the page, and of all pages so far."""
        if not self._paper.total or end == self._first:
            return
        if self._first == 0 and end == len(self._paper.rows):
            return  # the page has all there is: its sum is the total
        here = sum(self._paper.figures[self._first : end])
        self._sum += here
        words = {
            Language.JA: f"この頁の計（{end - self._first:,} 行）／累計 {self._sum:,}",
            Language.EN: f"This page, lines: {end - self._first:,}; up to here {self._sum:,}",
        }
        self._sum_line(words[self._paper.language], here, bold=False)

    def _sum_line(self, label: str, figure: int, *, bold: bool) -> None:
        x = _LEFT
        for column in self._paper.columns:
            x += column.width
            if column.summed:
                self._right(x - _GAP, self._y + _PAD_Y, f"{figure:,}", bold=bold)
                self._right(
                    x - column.width,
                    self._y + _PAD_Y,
                    label,
                    bold=bold,
                )
        self._y += _LINE + 2 * _PAD_Y
        self._rule(0.6)

    def _rule(self, weight: float) -> None:
        width = sum(each.width for each in self._paper.columns)
        self._page.rules.append((_LEFT, round(self._y, 3), round(width, 3), weight))

    # The frame -----------------------------------------------------------------------------------

    def _frame(self, page: Page, number: int) -> None:
        """Head and foot, once it is known how many pages there are."""
        self._pages.append(page)  # so that what is written goes there
        paper, right = self._paper, self._width - _LEFT
        count = len(self._pages) - 1
        pages = {
            Language.JA: f"{number:,} / {count:,} 頁",
            Language.EN: f"page {number:,} of {count:,}",
        }
        self._text(_LEFT, 9.0, self._bold.printable(paper.title), size=13.0, bold=True)
        self._right(right, 10.5, pages[paper.language], size=8.0)
        y = 16.5
        for head in paper.heads:
            self._text(_LEFT, y, self._break(head, self._inner, size=8.0)[0], size=8.0)
            y += 4.2
        page.rules.append((_LEFT, _TOP - 2.5, self._inner, 0.8))
        page.rules.append((_LEFT, self._height - 14.0, self._inner, 0.4))
        y = self._height - 12.6
        for foot in paper.feet:
            self._text(_LEFT, y, self._regular.printable(foot), size=6.5)
            y += 3.3
        self._pages.pop()


def _room(column: PaperColumn) -> float:
    """How wide the lines of a column may be."""
    return column.width - _PAD_X - (_GAP if column.right else _PAD_X)


def _lacking(text: str, font: Font) -> set[str]:
    if MISSING in text or MISSING not in font.printable(text.replace("\n", " ")):
        return set()
    return {sign for sign in text if sign != "\n" and font.printable(sign) == MISSING}
