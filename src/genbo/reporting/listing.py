"""Listings (一覧): tables about a register that name nobody, such as holdings and changes, in the four forms.

A listing names accounts and investor ids. The same question gives the same bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from genbo.compliance.reasons import Language
from genbo.kernel import JST, BlockStamp, ProductId
from genbo.reporting.csv_form import as_csv
from genbo.reporting.excel_form import as_xlsx
from genbo.reporting.extent import Form
from genbo.reporting.paper import Paper, PaperColumn, PaperFile, as_pdf
from genbo.reporting.sheet import Cell, Sheet, SheetColumn
from genbo.reporting.statutory_register import canonical_json
from genbo.reporting.words import (
    Both,
    as_of_words,
    block_words,
    digest_words,
    stamp_fields,
    stretch_words,
)

ListingCell: TypeAlias = Cell | Both
"""A cell; words in both languages are English for machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingColumn:
    """A column: its key for machines, its heading for people."""

    key: str
    heading: Both
    width: float
    """Millimetres on paper; 0 where paper has no room for it."""
    summed: bool = False
    words: Mapping[str, Both] | None = None
    """How codes are told to people."""
    instead: str | None = None
    """The column that paper shows where this one is empty."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table about one product."""

    format: str
    """What the file says it is."""
    title: Both
    product: ProductId
    product_name: str
    since: datetime | None = None
    """The first instant that belongs to it, where it is of a stretch of time."""
    as_of: datetime
    """Everything before this instant is in, UTC."""
    stamp: BlockStamp
    facts: Mapping[str, int | str]
    """What is said of the whole."""
    fact_words: Mapping[str, Both]
    columns: Sequence[ListingColumn]
    rows: Sequence[Sequence[ListingCell]] = field(repr=False)
    """Cells in the order of the columns."""

    @cached_property
    def as_json(self) -> bytes:
        """UTF-8, keys in order, one line of the listing to a line of the file."""
        head: dict[str, object] = {
            "format": self.format,
            "title": {"ja": self.title.ja, "en": self.title.en},
            "product": self.product,
            "product_name": self.product_name,
        }
        if self.since is not None:
            head["since"] = self.since.isoformat()
        head |= {
            "as_of": self.as_of.isoformat(),
            "as_of_jst": self.as_of.astimezone(JST).isoformat(),
            "block": stamp_fields(self.stamp),
            **self.facts,
        }
        return canonical_json(head, "lines", self.lines())

    def lines(self) -> Iterator[dict[str, object]]:
        """Each line as plain values."""
        keys = [column.key for column in self.columns]
        for row in self.rows:
            yield {key: _plain(cell) for key, cell in zip(keys, row, strict=True)}

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON bytes."""
        return "0x" + hashlib.sha256(self.as_json).hexdigest()

    def rendered(self, form: Form, language: Language) -> bytes:
        """The listing as a file. Raises Fault(file_unreadable) when the fonts of the pages are missing."""
        match form:
            case Form.JSON:
                return self.as_json
            case Form.CSV:
                return as_csv(self._sheet(language))
            case Form.XLSX:
                return as_xlsx(self._sheet(language), made=self.stamp.at)
            case Form.PDF:
                return as_pdf(self.paper(language), made=self.stamp.at)

    def _sheet(self, language: Language) -> Sheet:
        stamp = self.stamp
        facts = [
            ("format", Both("形式", "Format"), self.format),
            ("language", Both("言語", "Language"), language.value),
            ("title", Both("表題", "Title"), self.title(language)),
            ("product", Both("銘柄ID", "Product id"), self.product),
            ("product_name", Both("銘柄名称", "Name"), self.product_name),
            *(
                [("since", Both("始期（UTC）", "Since (UTC)"), self.since.isoformat())]
                if self.since
                else []
            ),
            ("as_of", Both("基準時点（UTC）", "As of (UTC)"), self.as_of.isoformat()),
            ("chain_id", Both("チェーンID", "Chain id"), str(stamp.chain_id)),
            ("block", Both("ブロック", "Block"), str(stamp.number)),
            ("block_hash", Both("ブロックハッシュ", "Block hash"), stamp.hash),
            *((key, self.fact_words[key], str(value)) for key, value in self.facts.items()),
            ("digest", Both("内容のハッシュ", "Content SHA-256"), self.digest),
        ]
        return Sheet(
            title=self.title(language),
            facts=[(key, label(language), text) for key, label, text in facts],
            columns=[
                SheetColumn(
                    heading=column.heading(language).replace("\n", " "),
                    width=max(10, int(column.width / 1.6)),
                )
                for column in self.columns
            ],
            rows=[self.told(row, language) for row in self.rows],
        )

    def told(self, row: Sequence[ListingCell], language: Language) -> list[Cell]:
        """The cells of a row in words."""
        told: list[Cell] = []
        for column, cell in zip(self.columns, row, strict=True):
            if isinstance(cell, str) and column.words:
                told.append(column.words[cell](language))
            else:
                told.append(cell(language) if isinstance(cell, Both) else cell)
        return told

    def paper(self, language: Language) -> Paper:
        """The listing as pages."""
        shown = [place for place, column in enumerate(self.columns) if column.width]
        summed = next((place for place, each in enumerate(self.columns) if each.summed), None)
        figures = [] if summed is None else [_figure(row[summed]) for row in self.rows]
        when = (
            as_of_words(self.as_of, language)
            if self.since is None
            else stretch_words(self.since, self.as_of, language)
        )
        return Paper(
            title=self.title(language),
            heads=[
                Both(
                    f"{self.product_name}（{self.product}）",
                    f"{self.product_name} ({self.product})",
                )(language),
                when,
            ],
            facts=[
                (self.fact_words[key](language), f"{value:,}" if isinstance(value, int) else value)
                for key, value in self.facts.items()
            ],
            columns=[
                PaperColumn(
                    heading=self.columns[place].heading(language),
                    width=self.columns[place].width,
                    right=place == summed or _is_figure(self.rows, place),
                    summed=place == summed,
                )
                for place in shown
            ],
            rows=[self._printed(self.told(row, language), shown) for row in self.rows],
            figures=figures,
            total="" if summed is None else Both("合計", "Total")(language),
            feet=[digest_words(self.digest, language), block_words(self.stamp, language)],
            language=language,
            file=PaperFile(
                name="listing.json",
                content=self.as_json,
                description=f"{self.title.en} of {self.product}, for machines",
            ),
        )

    def _printed(self, told: Sequence[Cell], shown: Sequence[int]) -> list[str]:
        keys = [column.key for column in self.columns]
        cells = []
        for place in shown:
            instead = self.columns[place].instead
            cell = told[place]
            if cell is None and instead is not None:
                cell = told[keys.index(instead)]
            cells.append(_printed(cell))
        return cells


def _plain(cell: ListingCell) -> object:
    if isinstance(cell, Both):
        return cell.en
    return cell.isoformat() if isinstance(cell, date) else cell


def _figure(cell: ListingCell) -> int:
    return cell if isinstance(cell, int) else 0


def _is_figure(rows: Sequence[Sequence[ListingCell]], place: int) -> bool:
    cells = [row[place] for row in rows if row[place] is not None]
    return bool(cells) and all(isinstance(cell, int) for cell in cells)


def _printed(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, str) and len(cell) == 42 and cell.startswith("0x"):
        return f"{cell[:8]}…{cell[-6:]}"
    return cell if isinstance(cell, str) else cell.isoformat()
