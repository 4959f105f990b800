"""Excel workbooks give the same rows as CSV; what a program calculated or changed is refused with what to do.

given a workbook
├── with texts, dates, truths and numbers
│   └── it should give texts, and mark the numbers
├── with a formula or an error
│   └── it should say the cell, and to paste values
├── with several sheets
│   └── it should be refused
├── that unpacks to more than a table, or is damaged
│   └── it should be refused in little time and memory
└── that was written here
    └── it should give the same texts, zeros in front included
"""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from genbo.kernel import Fault, Reason
from genbo.masters.sheet import SheetRow
from genbo.providers.files.delivered import delivered
from genbo.providers.files.writer import write_workbook

HALF_PAST_NINE = datetime(2025, 3, 31, 9, 30)  # noqa: DTZ001 workbooks know no zones


def read(path: Path) -> list[SheetRow]:
    with delivered(path) as file:
        return list(file.rows())


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(Fault) as caught:
        read(path)
    assert caught.value.reason is Reason.FILE_UNREADABLE
    return str(caught.value.facts["problem"])


def test_rows__typed_cells__are_texts_and_numbers_are_marked(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["番号", "日", "時", "真", "数", "小数", "空"],
        ["001", date(2025, 3, 31), HALF_PAST_NINE, True, 1, 0.5, None],
        [None] * 7,
        ["2"],
    )
    heading, first, last = read(path)
    assert heading.cells == ("番号", "日", "時", "真", "数", "小数", "空")
    assert first.cells == ("001", "2025-03-31", "2025-03-31T09:30:00", "true", "1", "0.5", "")
    assert first.numbers == (4, 5)
    assert (last.line, last.cells) == (4, ("2", "", "", "", "", "", ""))


def test_rows__formula_or_error__says_the_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", "b"], ["=1+1", "x"], ["y", "#REF!"])
    _, formula, error = read(path)
    assert [(each.index, each.problem) for each in formula.faults] == [
        (0, "a formula stands in it")
    ]
    assert [(each.index, each.problem) for each in error.faults] == [(1, "an error stands in it")]
    assert "paste them as values" in formula.faults[0].allowed


def test_rows__several_sheets__are_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("two")
    book.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == "it has 2 sheets; keep one"


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(path) as parts:
        content = {each: parts.read(each) for each in parts.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, each in content.items():
            parts.writestr(name, change(name, each))


BOMBS: dict[str, Callable[[str, bytes], bytes]] = {
    "styles": lambda name, each: each + b" " * 2**25 if name == "xl/styles.xml" else each,
    "one row": lambda name, each: (
        each.replace(
            b"<sheetData>", b"<sheetData><row>" + b"<c><v>1</v></c>" * 2_000_000 + b"</row>"
        )
        if "worksheets" in name
        else each
    ),
    "far row": lambda name, each: (
        each.replace(b'<row r="2"', b'<row r="999999999999"') if "worksheets" in name else each
    ),
    "far cell": lambda name, each: (
        each.replace(b'r="A2"', b'r="XFD2"') if "worksheets" in name else each
    ),
    "entities": lambda name, each: (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
        + b"x" * 1000
        + b'"><!ENTITY b "'
        + b"&a;" * 1000
        + b'">]><sst>&b;&b;&b;</sst>'
        if name == "xl/sharedStrings.xml"
        else each
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_rows__bomb__costs_little(tmp_path: Path, bomb: str) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", "b"], ["1", "2"])
    repacked(path, BOMBS[bomb])
    tracemalloc.start()
    began = time.process_time()
    try:
        with suppress(Fault):
            assert len(read(path)) <= 2
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 20
    assert peak < 2**26


def test_rows__damaged__are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", "b"], *(["1", "2"] for _ in range(200)))
    content = path.read_bytes()
    chance = random.Random(7)
    for _ in range(150):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            del broken[chance.randrange(5, len(broken)) :]
        path.write_bytes(broken)
        with suppress(Fault):
            read(path)


def test_write__texts__are_read_again(tmp_path: Path) -> None:
    table = [["番号", "氏名"], ["0001", "=1+1"], ["-5", "'引用"], ["+81-3", "二行\n目"]]
    file = io.BytesIO()
    write_workbook(file, table, title="investor")
    (tmp_path / "a.xlsx").write_bytes(file.getvalue())
    rows = read(tmp_path / "a.xlsx")
    assert [list(row.cells) for row in rows] == table
    assert not any(row.numbers or row.faults for row in rows)
