"""OpenSanctions "simplified tabular" CSV (`targets.simple.csv`): one line per target, lists within a cell by `;`."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from genbo.compliance.screening import Kind, SanctionsList
from genbo.providers.sanctions.file import LINE_AT_MOST, Entries, HashingFile, invalid, open_list
from genbo.providers.sanctions.words import SCHEMATA, iso_births

SOURCE = "opensanctions-simple-csv"
NEEDED = ("id", "schema", "name", "aliases", "birth_date")
"""Columns that must be there; `program_ids` is read where it is (older files have none), others are left alone."""


def read_opensanctions_csv(path: Path, *, name: str, published: date) -> SanctionsList:
    """The list in the file at `path`, whole.

    The file does not say when it was published; its `index.json` does, and the operator gives it as `published`.

    Raises:
        Fault: `file_unreadable`.
        Refusal: `screening_list_invalid`, with the line.
    """
    entries = Entries(path)
    with open_list(path) as file:
        hashed = HashingFile(file)
        rows = csv.reader(_lines(path, hashed), strict=True)
        try:
            columns = _columns(path, next(rows, []))
            for row in rows:
                if row:
                    _take(path, entries, columns, row, rows.line_num)
        except csv.Error as error:
            raise invalid(path, f"not CSV: {error}", line=rows.line_num) from None
        except UnicodeDecodeError:
            raise invalid(path, "not UTF-8", line=rows.line_num + 1) from None
        return entries.as_list(
            name=name, source=SOURCE, published=published, digest=hashed.digest()
        )


def _lines(path: Path, hashed: HashingFile) -> Iterator[str]:
    text = io.TextIOWrapper(io.BufferedReader(hashed), "utf-8-sig", newline="")
    number = 0
    while line := text.readline(LINE_AT_MOST):
        number += 1
        if len(line) == LINE_AT_MOST:
            raise invalid(path, "a line that is too long", line=number)
        yield line.replace("\0", "\ufffd")
    text.detach()


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    columns = {title: at for at, title in enumerate(header)}
    if len(columns) != len(header):
        raise invalid(path, "a column stands twice", line=1)
    for title in NEEDED:
        if title not in columns:
            raise invalid(path, "the column is missing", line=1, field=title)
    return columns


def _take(path: Path, entries: Entries, columns: dict[str, int], row: list[str], line: int) -> None:
    if len(row) != len(columns):
        raise invalid(path, f"{len(row)} cells instead of {len(columns)}", line=line)
    cell = {title: row[at] for title, at in columns.items()}
    entries.add(
        id=cell["id"],
        kind=SCHEMATA.get(cell["schema"], Kind.UNKNOWN),
        names=[cell["name"], *cell["aliases"].split(";")],
        births=iso_births(cell["birth_date"].split(";")),
        programs=cell.get("program_ids", "").split(";"),
        line=line,
    )
