"""Files as they come from people and lines that fail: right ones, and right ones that something happened to."""

from __future__ import annotations

import io
from itertools import count

from hypothesis import strategies as st
from openpyxl import Workbook
from tests.support.master_files import Table, as_csv, people

_numbers = count(1)

CODECS = ("utf-8", "utf-8-sig", "cp932")
ENDS = ("\r\n", "\n", "\r")
SPOILING = "\"'=,;\r\n\t\0\x1b　１Ａｱﾞ−‐ー〜\ufeff\u2028\uf8f3髙﨑🍣é"
TEXTS = st.text(st.sampled_from(SPOILING) | st.characters(exclude_categories=["Cs"]), max_size=12)
WIDE = str.maketrans("0123456789-ｱｶｺﾅﾄﾋﾗ", "０１２３４５６７８９－アカコナトヒラ")


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of a few new investors, nobody of whom was there before."""
    rows = people(draw(st.integers(0, 6)) or 1, first=next(_numbers) * 10)
    if draw(st.booleans()):
        rows = [_widened(row) for row in rows]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        row, column = draw(st.sampled_from(rows)), draw(st.sampled_from(sorted(rows[0])))
        row[column] = draw(TEXTS | st.sampled_from([each[column] for each in rows]))
    if draw(st.integers(0, 5)) == 0:
        return _spoiled(draw, _workbook(rows, draw(st.booleans())))
    text = as_csv(rows).decode()
    text = text.replace("\r\n", draw(st.sampled_from(ENDS)))
    if draw(st.booleans()):
        text = text.replace("IV-", '"IV-').replace(
            ",individual,individual", '",individual,individual'
        )
    content = text.encode(draw(st.sampled_from(CODECS)), "replace")
    return _spoiled(draw, content)


def _widened(row: dict[str, str]) -> dict[str, str]:
    """The codes of the row as a Japanese keyboard types them, which rules make narrow again."""
    wide = {"contact_postal_code", "contact_phone", "payee_account_number", "payee_branch_code"}
    return {name: value.translate(WIDE) if name in wide else value for name, value in row.items()}


def _workbook(rows: Table, typed: bool) -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for row in rows:
        cells: list[object] = []
        for value in row.values():
            text = "".join(each for each in value if each >= " ")  # what a workbook can hold
            cells.append(int(text) if typed and text.isascii() and text.isdigit() else text)
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


def _spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes, or what became of them on the way; never nothing, which nobody can announce."""
    spoiled = bytearray(content)
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 2, 5]))):
        at = draw(st.integers(0, max(len(spoiled) - 1, 0)))
        how = draw(st.sampled_from(["change", "insert", "remove", "cut", "double"]))
        if how == "change" and spoiled:
            spoiled[at] = draw(st.integers(0, 255))
        elif how == "insert":
            spoiled[at:at] = draw(st.binary(max_size=8) | st.just(b'"') | st.just(b"\r"))
        elif how == "remove":
            del spoiled[at : at + draw(st.integers(1, 20))]
        elif how == "cut":
            del spoiled[at:]
        else:
            spoiled[at:at] = spoiled[at : at + 200]
    return bytes(spoiled) or b"\n"
