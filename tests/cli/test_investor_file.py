"""A file of investors that is wrong is named line by line, nobody's data is repeated, and nothing is applied.

given a file with a row that is wrong
├── it should name line, column and what is allowed, all of them, and count them
├── it should repeat no cell
└── it should end with 2, and leave every table and the chain as they were
given a file that is no table of investors
└── it should be one line that says why, and repeats nothing of it
given a file that is right
├── it should be imported, sealed; and verified on the chain where a product is named
└── it should be refused a second time, row by row
given a product that does not exist
└── it should be refused before anything is stored
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import PRODUCT
from tests.support.command import EXAMPLE, Ran, inside
from tests.support.database import database_of, everything

with (EXAMPLE / "investors.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
SECRET = "秘密の花子"
"""A name that nothing may repeat."""

Table = list[dict[str, str]]


def people(count: int = 4) -> Table:
    """Some investors under ids that nobody else has; the third is a company, its safekeeping delegated."""
    return [
        {
            **row,
            "investor_id": f"T-{number}",
            "fixture": f"T{number}",
            "investor_name": f"{SECRET}{number}",
        }
        for number, row in enumerate(ROWS[:count], 1)
    ]


def as_csv(rows: Table, columns: list[str] | None = None) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def refused(system: Path, tmp_path: Path) -> Any:
    """Writes the file, imports it, and asserts that it was refused whole and nothing of it was repeated."""
    before = everything(system)

    def run(content: str | bytes, *arguments: str) -> Ran:
        path = tmp_path / "investors.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        ran = inside("investor", "import", path, "--product", PRODUCT, *arguments, data=system)
        assert ran.code == 2
        assert SECRET not in ran.out + ran.err
        assert everything(system) == before
        return ran

    return run


def wrong(change: Callable[[Table], None], rows: int = 4) -> str:
    table = people(rows)
    change(table)
    return as_csv(table)


def cell(row: int, column: str, value: str) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        table[row][column] = value

    return change


@pytest.mark.parametrize(
    ("row", "column", "value", "problem", "allowed"),
    [
        (2, "corporate_number", "8000012050002", "", "13 digits with the right check digit"),
        (0, "corporate_number", "7000012050002", "", "nothing for an individual"),
        (0, "investor_id", "", ": it is empty", "1 to 32 of the characters"),
        (0, "investor_id", f"{SECRET}さん", "", "1 to 32 of the characters"),
        (0, "investor_id", "X" * 33, "", "1 to 32 of the characters"),
        (0, "investor_type", "person", "", "individual, corporation"),
        (0, "investor_class", "rich", "", "individual, corporation, professional"),
        (0, "investor_name", "", ": it is empty", "1 to 200 characters on one line"),
        (0, "investor_name", f"{SECRET}\nand more", "", "1 to 200 characters on one line"),
        (0, "registered_address", SECRET * 50, "", "1 to 200 characters on one line"),
        (0, "contact_postal_code", "15-00041", "", "seven digits like 150-0041"),
        (0, "contact_postal_code", "150ー004", "", "seven digits like 150-0041"),
        (0, "safekeeping_id", "証券", "", "1 to 32 of the characters"),
        (0, "safekeeping_kind", "drawer", "", "direct, delegated, self"),
        (0, "custodian_id", "C1", "", "an id when safekeeping_kind is delegated, else nothing"),
        (2, "custodian_id", "", "", "an id when safekeeping_kind is delegated, else nothing"),
        (0, "verified_at", "2021-7-19", "", "a day like 2025-03-31"),
        (0, "verified_at", "20210719", "", "a day like 2025-03-31"),
        (0, "verified_at", "2021-02-30", "", "a day like 2025-03-31"),
        (0, "verified_at", "9999-12-31", "", "a day like 2025-03-31"),
        (0, "verified_until", "2021-07-18", ": it is before verified_at", "verified_at or a later day"),
        (0, "verified_until", "", ": it is empty", "all of verified_at, verified_until, kyc_evidence"),
        (0, "kyc_evidence", "", ": it is empty", "all of verified_at, verified_until, kyc_evidence"),
    ],
)  # fmt: skip
def test_import__cell_is_wrong__is_named_and_not_repeated(
    refused: Any, row: int, column: str, value: str, problem: str, allowed: str
) -> None:
    text = wrong(cell(row, column, value))
    told, count = refused(text).err.splitlines()
    assert told.startswith(
        f"row_invalid: The row on line {row + 2} of investors.csv cannot be used, column '{column}'{problem}. "
        "Correct the row; allowed: "
    )
    assert allowed in told
    assert count == "investors.csv: 1 problem; nothing was applied."


def test_import__twelve_digits_in_the_corporate_number__are_refused_by_their_own_reason(
    refused: Any,
) -> None:
    for row in (0, 2):  # an individual, a corporation
        told, count = refused(
            wrong(cell(row, "corporate_number", "1234-5678-9018"))
        ).err.splitlines()
        assert told.startswith(
            "individual_number_refused: The field 'corporate_number' has twelve digits in investors.csv, line "
        )
        assert "9018" not in told
        assert count == "investors.csv: 1 problem; nothing was applied."


def test_import__many_cells_are_wrong__are_all_told_in_their_order(refused: Any) -> None:
    def change(table: Table) -> None:
        table[0]["investor_type"] = "person"
        table[0]["verified_at"] = "yesterday"
        table[2]["corporate_number"] = "1"
        table[3]["investor_id"] = table[1]["investor_id"]

    said = refused(wrong(change)).err.splitlines()
    assert [line.split(" cannot")[0] for line in said[:-1]] == [
        f"row_invalid: The row on line {line} of investors.csv" for line in (2, 2, 4, 5)
    ]
    assert ", column 'investor_id': it stands on line 3 already." in said[3]
    assert said[-1] == "investors.csv: 4 problems; nothing was applied."
    problems = refused(wrong(change), "--json", "--lang", "ja").error["problems"]
    assert [(each["facts"]["line"], each["facts"]["column"]) for each in problems] == [
        (2, "investor_type"),
        (2, "verified_at"),
        (4, "corporate_number"),
        (5, "investor_id"),
    ]
    assert problems[0]["sentence"].startswith(
        "investors.csv 2 行目「investor_type」列：この行は使えません"
    )


def test_import__five_hundred_good_rows_and_a_bad_one__applies_none(refused: Any) -> None:
    ran = refused(wrong(cell(400, "investor_class", "rich"), rows=503))
    assert ran.err.splitlines()[-1] == "investors.csv: 1 problem; nothing was applied."
    assert "on line 402 of" in ran.err


def test_import__quoted_line_breaks_before_a_bad_row__are_counted_as_lines(refused: Any) -> None:
    def change(table: Table) -> None:
        table[0]["fixture"] = "two\nlines"
        table[1]["investor_class"] = "rich"

    assert "on line 4 of" in refused(wrong(change)).err


@pytest.mark.parametrize(
    ("columns", "reason", "words"),
    [
        (
            lambda names: [name for name in names if name != "investor_name"],
            "field_missing",
            "The field 'investor_name' is missing in investors.csv, line 1.",
        ),
        (
            lambda names: [*names, "shoe_size"],
            "field_unknown",
            "There is no field 'shoe_size' in investors.csv, line 1. Remove it or correct its name; allowed: ",
        ),
        (
            lambda names: [*names, "investor_id"],
            "field_twice",
            "The field 'investor_id' stands twice in investors.csv, line 1.",
        ),
    ],
)
def test_import__heading_is_wrong__names_the_column(
    refused: Any, columns: Callable[[list[str]], list[str]], reason: str, words: str
) -> None:
    rows = people()
    text = as_csv(rows, columns(list(rows[0])))
    told, count = refused(text).err.splitlines()
    assert told.startswith(f"{reason}: {words}")
    assert count == "investors.csv: 1 problem; nothing was applied."


@pytest.mark.parametrize(
    ("change", "cells"),
    [(lambda line: line + ",more", 15), (lambda line: line.rpartition(",")[0], 13)],
)
def test_import__row_has_other_cells__is_named(
    refused: Any, change: Callable[[str], str], cells: int
) -> None:
    lines = as_csv(people()).splitlines()
    lines[2] = change(lines[2])
    told, _ = refused("\n".join(lines)).err.splitlines()
    assert (
        f"on line 3 of investors.csv cannot be used, column 'kyc_evidence': the row has {cells} cells. "
        "Correct the row; allowed: 14 cells, as in the heading."
    ) in told


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: b"", "file_unreadable: The file investors.csv cannot be read: it is empty"),
        (lambda text: text.encode("utf-16"), ": UTF-16 text; save it as CSV UTF-8"),
        (lambda text: text.encode() + b"\x81\0", ", line 6: neither utf-8 nor shift_jis text"),
        (lambda text: b"\n\n", ": no row stands below the heading"),
        (lambda text: text.splitlines()[0].encode(), ": no row stands below the heading"),
        (lambda text: "\n".join(text.splitlines()[1:]).encode(), "investors.csv cannot be used: the first"),
        (lambda text: text.replace(",", ";").encode(), ": the first line is not the heading"),
        (lambda text: text.encode() + b"\0", "on line 6 of investors.csv cannot be used, column"),
        (lambda text: text.encode().replace(b"T-2,", b'"T-2"x,'), "on line 3 of investors.csv cannot be used, column"),
        (lambda text: text.encode() + b'"T-9', ": a quote is not closed"),
    ],
    ids=["empty", "utf-16", "neither", "blank", "no row", "no heading", "semicolons", "binary", "quote", "torn"],
)  # fmt: skip
def test_import__no_table__is_one_line_that_repeats_nothing(
    refused: Any, spoil: Callable[[str], bytes], words: str
) -> None:
    told, *_ = refused(spoil(as_csv(people()))).err.splitlines()
    assert words in told
    assert "T-1" not in told


def test_import__unknown_product__is_refused_before_anything_is_stored(
    system: Path, tmp_path: Path
) -> None:
    path = tmp_path / "investors.csv"
    path.write_text(as_csv(people()))
    before = everything(system)
    ran = inside("investor", "import", path, "--product", "NOPE", data=system)
    assert (ran.code, ran.line.split(":")[0]) == (1, "product_unknown")
    assert everything(system) == before


def test_import__right_file__is_sealed_verified_and_not_taken_twice(
    system: Path, tmp_path: Path
) -> None:
    path = tmp_path / "investors.csv"
    table = [{**row, "investor_id": f"U-{number}"} for number, row in enumerate(people(5), 1)]
    table[4] |= {"verified_at": "", "verified_until": "", "kyc_evidence": ""}
    path.write_bytes(b"\xef\xbb\xbf" + as_csv(table).replace("\r\n", "\n\n").encode())
    ran = inside("investor", "import", path, "--product", PRODUCT, data=system)
    assert (ran.code, ran.err) == (0, "")
    assert "5 investors registered, 1 of them unverified" in ran.out
    assert f"5 accounts in {PRODUCT}, 4 of them verified on the chain" in ran.out
    assert "4 verdicts have run out already" in ran.out  # the example's end in March 2025
    stored = everything(system)
    assert SECRET not in str(stored)
    with database_of(system) as connection:
        found = connection.execute(
            "SELECT investor_id, kind, custodian_id, created_by FROM investor WHERE investor_id ^@ 'U-' ORDER BY 1"
        ).fetchall()
        verified = connection.execute(
            "SELECT count(*) AS found FROM position JOIN wallet USING (product_id, address) "
            "WHERE investor_id ^@ 'U-' AND verified_until IS NOT NULL"
        ).fetchone()
    assert [row["investor_id"] for row in found] == [f"U-{number}" for number in range(1, 6)]
    assert (found[2]["kind"], found[2]["custodian_id"]) == ("corporation", "C1")
    assert found[0]["created_by"].startswith("cli:")
    assert verified == {"found": 4}
    assert inside("check", data=system).code == 0

    table.append({**table[0], "investor_id": "U-6"})
    path.write_text(as_csv(table))
    before = everything(system)
    again = inside("investor", "import", path, "--product", PRODUCT, data=system)
    assert again.code == 2
    *told, count = again.err.splitlines()
    assert told == [
        f"investor_exists: The investor U-{number} on line {number + 1} of investors.csv, column 'investor_id', "
        "is registered already. Leave the row out; an investor id is never used twice."
        for number in range(1, 6)
    ]
    assert count == "investors.csv: 5 problems; nothing was applied."
    assert everything(system) == before


def test_import__without_a_product__opens_no_account(system: Path, tmp_path: Path) -> None:
    path = tmp_path / "investors.csv"
    path.write_text(as_csv([{**people(1)[0], "investor_id": "V-1"}]))
    ran = inside("investor", "import", path, "--json", data=system)
    assert ran.code == 0, ran.err
    assert {name: ran.document[name] for name in ("investors", "verified_on_chain", "product")} == {
        "investors": 1,
        "verified_on_chain": 0,
        "product": None,
    }
    with database_of(system) as connection:
        assert connection.execute("SELECT * FROM wallet WHERE investor_id = 'V-1'").fetchall() == []
