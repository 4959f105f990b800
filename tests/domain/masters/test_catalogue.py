"""The catalogue.

given the report's sixteen tables and 219 columns
    when they are walked in their order
        it should have each of them, by both names and in its place
given a field
    when it is described
        it should have words in both languages, and a rule or a reason why no cell can be judged alone
        it should be personal where the source says so
"""

import csv
from pathlib import Path

import pytest

from genbo.masters import TABLES, Field, Place, field

with (Path(__file__).parents[2] / "data" / "progmat_tables.csv").open(
    encoding="utf-8", newline=""
) as _file:
    REPORT = list(csv.DictReader(_file))
PLACES = {"D": Place.LEDGER, "D*": Place.LEDGER, "R": Place.DATABASE, "R+D": Place.BOTH}
ALL = [each for table in TABLES.values() for each in table.fields]


def test_catalogue__walked_in_order__is_the_report() -> None:
    assert len(ALL) == len(REPORT) == 219
    for known, row in zip(ALL, REPORT, strict=True):
        table = TABLES[known.table]
        assert (known.requirement, str(known.table), table.name_ja, table.name) == (
            row["id"],
            row["table_no"],
            row["table_ja"],
            row["table_en"],
        )
        assert (str(known.number), known.name_ja, known.column) == (
            row["col_no"],
            row["col_ja"],
            row["col_en"],
        )
        assert known.place is PLACES[row["place"]]


@pytest.mark.parametrize("row", REPORT, ids=lambda row: row["id"])
def test_field__by_number_or_column__is_found(row: dict[str, str]) -> None:
    table = TABLES[int(row["table_no"])]
    assert field(row["id"]) is field(row["id"].removeprefix("R-PROGMAT-")) is table[row["col_en"]]
    assert row["col_en"] in table


def test_field__unknown__is_no_field() -> None:
    for number in ("T17.1", "T7.27", "x"):
        with pytest.raises(KeyError):
            field(number)
    assert "my_number" not in TABLES[7]


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_field__described__has_words_of_ours_in_both_languages(each: Field) -> None:
    assert each.description.isascii()
    assert each.description.endswith(".")
    assert not each.description_ja.isascii()
    assert each.description_ja.endswith("。")
    rules = {row["id"]: row["rule"] for row in REPORT}
    assert each.description != rules[each.requirement]


@pytest.mark.parametrize("row", REPORT, ids=lambda row: row["id"])
def test_field__personal_data__is_marked(row: dict[str, str]) -> None:
    if row["rule"].startswith("Personal data"):
        assert field(row["id"]).is_personal
    if row["place"] != "R":
        assert not field(row["id"]).is_personal


def test_field__no_rule__is_written_or_judged_elsewhere() -> None:
    without = {each.id for each in ALL if each.rule is None and not each.is_system}
    assert without == {"T6.2"}  # custody judges keys, and refuses what could be a private one


def test_rule__of_every_column__has_words_in_both_languages() -> None:
    for each in ALL:
        if each.rule is not None:
            assert each.rule.allowed
            assert each.rule.allowed_ja
