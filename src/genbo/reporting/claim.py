"""What a file claims to be: a printed register read back, whatever its form, and where it differs from the true one.

Nothing in a file is believed. What is read here says which register to make anew and what to compare with it.
"""

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from genbo.compliance.reasons import Language
from genbo.kernel import Reason, Refusal
from genbo.reporting.csv_form import BOM, as_csv
from genbo.reporting.excel_form import FACTS, TABLE
from genbo.reporting.extent import Extent, Form
from genbo.reporting.paper import attached
from genbo.reporting.register_sheet import register_sheet
from genbo.reporting.statutory_register import FORMAT, StatutoryRegister

_MOST_UNPACKED = 2**30
_MOST_FACTS, _MOST_COLUMNS = 200, 40
_PERSONAL = frozenset({"name", "registered_address", "氏名又は名称", "住所", "Name", "Address"})
"""Fields whose values are told to nobody by a comparison."""
_LOT = frozenset({"lot", "ロット", "Lot"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a file says of itself, and what it has."""

    form: Form
    language: Language | None
    """None where the form has no language."""
    product: str
    extent: Extent
    institution: str | None
    holder: str | None
    as_of: datetime
    chain_id: int
    block: int
    block_at: datetime
    head: Mapping[str, Any] = field(repr=False)
    """Everything but the lines, by key."""
    lines: Sequence[Mapping[str, Any]] = field(repr=False)
    """The lines by the keys, or the headings, of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where a file is not what the register gives."""

    line: int | None
    """Which line of the register, from 1; None for its head, and for a line that is missing."""
    lot: str | None
    """Which lot; None for the head."""
    what: str
    """Which field; `line` for a whole line."""
    said: str | None = field(repr=False)
    """What the file says; None for personal data and for what is missing."""
    true: str | None = field(repr=False)
    """What the register says; None for personal data and for what should not be there."""


def read_claim(content: bytes, *, name: str) -> Claim:
    """The claim of a printed file.

    Raises:
        Refusal: `printout_unreadable`.
    """
    try:
        if content.startswith(b"%PDF"):
            inside = attached(content)
            if inside is None:
                raise ValueError("no register is attached to it")
            return _of_document(_json(inside), Form.PDF)
        if content.startswith(b"PK"):
            return _of_workbook(content)
        if content.lstrip(BOM).startswith(b"#"):
            return _of_csv(content)
        return _of_document(_json(content), Form.JSON)
    except Refusal:
        raise
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):
        # What went wrong may quote the file, and names are in it.
        raise Refusal(Reason.PRINTOUT_UNREADABLE, file=name) from None


def _json(content: bytes) -> Mapping[str, Any]:
    # orjson ends a nesting that would end this process; the other one keeps numbers of any length.
    orjson.loads(content)
    document: Mapping[str, Any] = json.loads(content)
    return document


def _of_document(document: Mapping[str, Any], form: Form) -> Claim:
    head = {key: value for key, value in document.items() if key != "lines"}
    block = head["block"]
    return _claim(
        form,
        None,
        head,
        {
            **head,
            "chain_id": block["chain_id"],
            "block": block["number"],
            "block_at": block["at"],
        },
        list(document["lines"]),
    )


def _of_csv(content: bytes) -> Claim:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    facts = {row[0][1:]: row[1] for row in rows if row and row[0].startswith("#") and len(row) > 1}
    table = [row for row in rows if row and not row[0].startswith("#")]
    return _of_table(Form.CSV, facts, table)


def _of_workbook(content: bytes) -> Claim:
    try:
        facts, table = _sheets(content)
    except Exception:  # a broken workbook makes its reader stumble in every possible way
        raise ValueError("no workbook of ours") from None
    return _of_table(Form.XLSX, facts, table)


def _sheets(content: bytes) -> tuple[dict[str, str], list[list[str]]]:
    from openpyxl import load_workbook  # takes a moment to load

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
            raise ValueError("it unpacks to more than a register has")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as an extension that openpyxl does not know
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in (book[FACTS], book[TABLE]):
            sheet.reset_dimensions()
        facts = {
            str(row[0]): _text(row[2] if len(row) > 2 else None)
            for row in book[FACTS].iter_rows(values_only=True, max_col=3, max_row=_MOST_FACTS)
            if row and row[0] is not None
        }
        table: list[list[str]] = []
        for row in book[TABLE].iter_rows(values_only=True, max_col=_MOST_COLUMNS):
            cells = [_text(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            table.append(cells + [""] * (len(table[0]) - len(cells) if table else 0))
    return facts, table


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _of_table(form: Form, facts: Mapping[str, str], table: Sequence[Sequence[str]]) -> Claim:
    headings, *rows = table
    return _claim(
        form,
        Language(facts["language"]),
        dict(facts),
        facts,
        [dict(zip(headings, row, strict=True)) for row in rows],
    )


def _claim(
    form: Form,
    language: Language | None,
    head: Mapping[str, Any],
    said: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> Claim:
    if said["format"] != FORMAT:
        raise ValueError("another format")
    return Claim(
        form=form,
        language=language,
        product=str(said["product"]),
        extent=Extent(said["extent"]),
        institution=said["institution"] or None,
        holder=said["holder"] or None,
        as_of=_instant(said["as_of"]),
        chain_id=int(said["chain_id"]),
        block=int(said["block"]),
        block_at=_instant(said["block_at"]),
        head=head,
        lines=lines,
    )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at


# Where it differs -----------------------------------------------------------------------------------


def differences(claim: Claim, register: StatutoryRegister, *, most: int = 100) -> list[Difference]:
    """Where the file is not what the register gives, head first; at most `most` of them."""
    if claim.form in (Form.JSON, Form.PDF):
        true: Mapping[str, Any] = json.loads(register.as_json)
        head: Mapping[str, Any] = {key: value for key, value in true.items() if key != "lines"}
        lines: Sequence[Mapping[str, Any]] = true["lines"]
    else:
        head, lines = _as_table(claim, register)
    found: list[Difference] = []
    for each in _compared(claim, head, lines):
        found.append(each)
        if len(found) == most:
            break
    return found


def _as_table(
    claim: Claim, register: StatutoryRegister
) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """The true register as a file of that form gives it back."""
    sheet = register_sheet(register, claim.language or Language.EN)
    if claim.form is Form.CSV:
        true = _of_csv(as_csv(sheet))
        return true.head, true.lines
    headings = [column.heading for column in sheet.columns]
    return (
        {key: text for key, _, text in sheet.facts},
        [dict(zip(headings, map(_text, row), strict=True)) for row in sheet.rows],
    )


def _compared(
    claim: Claim, head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Iterable[Difference]:
    for key in dict.fromkeys((*head, *claim.head)):
        said, true = claim.head.get(key), head.get(key)
        if said != true:
            yield Difference(line=None, lot=None, what=key, said=_said(said), true=_said(true))
    ours = {_lot(line): (number, line) for number, line in enumerate(lines, 1)}
    seen: set[str] = set()
    for number, line in enumerate(claim.lines, 1):
        lot = _lot(line)
        if lot not in ours or lot in seen:
            yield Difference(line=number, lot=lot, what="line", said="there", true=None)
            continue
        seen.add(lot)
        for key in dict.fromkeys((*ours[lot][1], *line)):
            said, true = line.get(key), ours[lot][1].get(key)
            if said != true:
                hidden = key in _PERSONAL
                yield Difference(
                    line=number,
                    lot=lot,
                    what=key,
                    said=None if hidden else _said(said),
                    true=None if hidden else _said(true),
                )
    for lot in ours:
        if lot not in seen:
            yield Difference(line=None, lot=lot, what="line", said=None, true="there")


def _lot(line: Mapping[str, Any]) -> str:
    return next((str(value) for key, value in line.items() if key in _LOT), "")


def _said(value: object) -> str | None:
    return None if value is None else str(value)[:120]
