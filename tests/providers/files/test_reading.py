"""Files of tables are read as they come, and whatever is wrong with one is said, never a traceback.

given a CSV file
├── in UTF-8 with or without mark, or in Shift_JIS; lines ended by CR LF, LF or CR
│   └── it should give the same rows, with the line each begins on
├── with quotes, commas and line ends inside cells
│   └── it should give the cells
├── with blank lines
│   └── it should pass over them
├── with a quote that stands alone, or is never closed
│   └── it should say line and cell, and read on unless everything after it is inside the quote
├── with a control character, an over-long cell or line, too many cells
│   └── it should say line and cell
├── in no encoding, or another than it was told
│   └── it should say so with the line
└── that changes while it is read
    └── it should say so at the end
given anything else than a file of text
└── it should say why it cannot be read
given any cells
└── written and read again they should be the same, and none should begin like a formula
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import Fault, Reason
from genbo.masters.sheet import SheetRow
from genbo.providers.files.delimited import LONGEST_CELL, LONGEST_LINE, delimited_rows
from genbo.providers.files.delivered import Encoding, delivered
from genbo.providers.files.writer import write_csv

SECRET = "見本花子"


def rows_of(folder: Path, content: bytes, encoding: Encoding | None = None) -> list[SheetRow]:
    path = folder / "file.csv"
    path.write_bytes(content)
    with delivered(path) as file:
        assert (file.size, file.sha256) == (
            len(content),
            "0x" + hashlib.sha256(content).hexdigest(),
        )
        return list(file.rows(encoding))


def problem_of(folder: Path, content: bytes, encoding: Encoding | None = None) -> Fault:
    with pytest.raises(Fault) as caught:
        rows_of(folder, content, encoding)
    assert caught.value.reason is Reason.FILE_UNREADABLE
    assert SECRET not in str(caught.value)
    return caught.value


def fault(row: SheetRow) -> tuple[int, int | None, str]:
    (only,) = row.faults
    assert SECRET not in only.problem + only.allowed
    return row.line, only.index, only.problem


TEXT = [
    "番号,氏名",
    f"1,{SECRET}",
    "2,ｶﾅ　全角１２３～",
    "",
    '3,"二行\n目、""引用"", 末"',
    ",",
    "4,終",
]
ROWS = [
    (1, ("番号", "氏名")),
    (2, ("1", SECRET)),
    (3, ("2", "ｶﾅ　全角１２３～")),
    (5, ("3", '二行\n目、"引用", 末')),
    (8, ("4", "終")),
]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("told", [True, False])
def test_rows__any_encoding_and_line_end__are_the_same(
    tmp_path: Path, end: str, codec: str, told: bool
) -> None:
    encoding = Encoding.SHIFT_JIS if codec == "cp932" else Encoding.UTF_8
    text = end.join(line.replace("\n", end) for line in TEXT)
    found = rows_of(tmp_path, text.encode(codec), encoding if told else None)
    expected = [(line, tuple(cell.replace("\n", end) for cell in cells)) for line, cells in ROWS]
    assert [(row.line, row.cells) for row in found] == expected
    assert not any(row.faults for row in found)


@pytest.mark.parametrize(
    ("content", "line", "index", "problem"),
    [
        ('a,b\n1,"x"y\n2,z\n', 2, 1, "a quote stands alone"),
        ('a,b\n"1" ,y\n2,z\n', 2, 0, "a quote stands alone"),
        ('a,b\n"1","y\n2,z\n', 2, 1, "a quote is not closed"),
        ('a,b\n1,"', 2, 1, "a quote is not closed"),
        ("a,b\n1,x\0\n", 2, 1, "a control character stands in it"),
        ('a,b\n1,"\x1b[2J"\n', 2, 1, "a control character stands in it"),
        ("a,b\n1,\uf8f3x\n", 2, 1, "a control character stands in it"),
        ("a,b\n1,\ufeffx\n", 2, 1, "a control character stands in it"),
        (f"a,b\n1,{'x' * (LONGEST_CELL + 1)}\n", 2, 1, "it has 4,001 characters"),
        ("a,b\n1,x\n" + "," * 400 + "y\n", 3, None, "the row has 401 cells"),
    ],
)
def test_rows__row_is_wrong__says_line_and_cell(
    tmp_path: Path, content: str, line: int, index: int | None, problem: str
) -> None:
    found = rows_of(tmp_path, content.encode())
    (wrong,) = [row for row in found if row.faults]
    assert fault(wrong) == (line, index, problem)


def test_rows__quote_stands_alone__reads_on(tmp_path: Path) -> None:
    found = rows_of(tmp_path, b'a,b\n"1"x,y\n2,"z"z\n3,ok\n')
    assert [row.line for row in found if row.faults] == [2, 3]
    assert found[-1].cells == ("3", "ok")


def test_rows__quote_never_closed_in_a_long_file__ends_there(tmp_path: Path) -> None:
    found = rows_of(tmp_path, b'a,b\n1,"x\n' + b"2,yyyyyyyyyyyyyyyy\n" * 100_000)
    assert [row.line for row in found] == [1, 2]
    assert fault(found[1]) == (2, 1, "a quote is not closed")


def test_rows__line_without_end__ends_there(tmp_path: Path) -> None:
    found = rows_of(tmp_path, b"a,b\n" + b"x" * (LONGEST_LINE * 20) + b"\n1,2\n")
    assert fault(found[-1])[0] == 2
    assert "too long" in found[-1].faults[0].problem


@pytest.mark.parametrize(
    ("content", "told", "line", "problem"),
    [
        (b"a,b\n1,\x81\x00\n", None, 2, "neither utf-8 nor shift_jis text"),
        ("a,b\n\n1,見本花子\n".encode("cp932"), Encoding.UTF_8, 3, "not utf-8 text"),
        ("a,b\n1,髙﨑🍣\n".encode(), Encoding.SHIFT_JIS, 2, "it is utf-8 text, not shift_jis"),
        ("a,b\n1,見".encode()[:-1], Encoding.UTF_8, 2, "not utf-8 text"),
        ("a,b\n1,見本花子\n".encode("utf-16"), None, None, "UTF-16 text; save it as CSV UTF-8"),
        (b"", None, None, "it is empty"),
        (b"\xd0\xcf\x11\xe0rest", None, None, "an Excel file of the old kind or with a password"),
        (b"PK\x03\x04rest", None, None, "it is damaged, or no Excel workbook"),
    ],
)
def test_file__cannot_be_read__says_why_and_where(
    tmp_path: Path, content: bytes, told: Encoding | None, line: int | None, problem: str
) -> None:
    found = problem_of(tmp_path, content, told)
    assert found.facts.get("line") == line
    assert str(found.facts["problem"]).startswith(problem)


def test_file__is_none__says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, problem in [
        (tmp_path / "missing.csv", "no such file or directory"),
        (tmp_path, "is a directory"),
        (tmp_path / "pipe", "it is not a file"),
        (Path("/dev/zero"), "it is not a file"),
    ]:
        with pytest.raises(Fault) as caught, delivered(path):
            pass
        assert caught.value.facts["problem"] == problem


def test_file__changes_while_it_is_read__says_so(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" + b"1,x\n" * 200_000)
    with delivered(path) as file:
        rows = file.rows()
        next(rows)
        with path.open("r+b") as other:
            other.seek(799_000)
            other.write(b"9")
        with pytest.raises(Fault, match="it changed while it was read"):
            list(rows)


@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(
                    exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"
                )
                | st.sampled_from("=+-@＝'\",\t\n"),
                max_size=20,
            ),
            min_size=2,
            max_size=5,
        ),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
)
def test_write__any_cells__are_read_again_and_begin_no_formula(
    table: list[list[str]], mark: bool
) -> None:
    file = io.BytesIO()
    write_csv(file, table, mark=mark)
    content = file.getvalue()
    assert content.startswith(b"\xef\xbb\xbf") is mark
    found = list(delimited_rows("x", io.BytesIO(content), "utf-8-sig"))  # type: ignore[arg-type]
    told = [tuple(row) for row in table if any(row)]
    assert [row.cells for row in found] == told
    raw = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert not any(cell[:1] in tuple("=+-@\t＝") for row in raw for cell in row if cell)
