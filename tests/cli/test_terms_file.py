"""A product file that is wrong is named line by line, and nothing is done.

given a product file with a field that is missing, wrong, unknown or given twice
├── it should name each of them with line, field and what is allowed, and count them; within the part of a bond too
└── it should end with 2, in both languages and as JSON, and leave everything as it was
given a file that is no list of fields at all
└── it should be one line that says why, with the place
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.command import EXAMPLE, Ran, inside
from tests.support.database import everything

from contract_sources import ROOT

TERMS = (EXAMPLE / "product.yaml").read_text("utf-8")
NEW = TERMS.replace("product_id: SHIBUYA-JINNAN", "product_id: ANOTHER")


def line_of(text: str, field: str) -> int:
    return next(
        number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"{field}:")
    )


@pytest.fixture
def create(system: Path, tmp_path: Path) -> Any:
    """Writes the file, runs the command, and asserts that it did nothing."""
    before = everything(system)

    def run(content: str | bytes, *arguments: str) -> Ran:
        path = tmp_path / "product.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        ran = inside("product", "create", path, *arguments, data=system)
        assert ran.code == 2
        assert everything(system) == before
        return ran

    return run


def replaced(field: str, *lines: str) -> str:
    """The terms with these lines in the place of a field's."""
    at = line_of(NEW, field) - 1
    text = NEW.splitlines()
    return "\n".join([*text[:at], *lines, *text[at + 1 :]]) + "\n"


INVALID = [
    ("legal_form", "share_option", "allowed: beneficiary_certificate_trust, "),
    ("set_quantity", "many", "allowed: "),
    ("set_quantity", "-1", "allowed: "),
    ("set_quantity", "1453.5", "allowed: "),
    ("set_date", "2021-02-30", "allowed: a day"),
    ("redemption_date", "2021-08-01", "allowed: a day after the set_date, 2021-08-11"),
    ("record_date_1", "'02-30'", "allowed: a day of the year, MM-DD"),
    ("isin", "JP4000010002", "allowed: "),
    ("authorised_cap", "1", "allowed: at least the set_quantity, 1453"),
    ("right_kind", "[a, b]", "allowed: general, preferred, subordinated"),
    ("right_kind", "!!python/name:os.system", "allowed: general, preferred, subordinated"),
]


@pytest.mark.parametrize(("field", "value", "allowed"), INVALID)
def test_create__value_is_wrong__is_named_with_its_line(
    create: Any, field: str, value: str, allowed: str
) -> None:
    text = replaced(field, f"{field}: {value}")
    told, count = create(text).err.splitlines()
    assert told.startswith(f"field_invalid: The field '{field}' is not valid: '")
    assert f" in product.yaml, line {line_of(NEW, field)}. Correct it; {allowed}" in told
    assert count == "product.yaml: 1 problem; nothing was applied."


def test_create__field_is_missing__is_named(create: Any) -> None:
    told, count = create(replaced("symbol")).err.splitlines()
    assert told.startswith(
        "field_missing: The field 'symbol' is missing in product.yaml. Add it; allowed: "
    )
    assert count == "product.yaml: 1 problem; nothing was applied."


@pytest.mark.parametrize("name", ["symboll", "1", "yes", "~"])
def test_create__field_is_unknown__is_named_with_its_line(create: Any, name: str) -> None:
    text = replaced("symbol", "symbol: KRT-JINNAN", f"{name}: x")
    told, count = create(text).err.splitlines()
    assert told.startswith(
        f"field_unknown: There is no field '{name}' in product.yaml, line {line_of(NEW, 'symbol') + 1}. "
        "Remove it or correct its name; allowed: product_id, name, symbol, "
    )
    assert count == "product.yaml: 1 problem; nothing was applied."


def test_create__field_is_given_twice__is_named_with_both_lines(create: Any) -> None:
    text = replaced("symbol", "symbol: KRT-JINNAN", "isin: JP4000010001")
    first, second = (
        number for number, line in enumerate(text.splitlines(), 1) if line.startswith("isin:")
    )
    assert sorted((first, second)) == [first, second]
    assert create(text).err.splitlines() == [
        f"field_twice: The field 'isin' stands twice in product.yaml, line {second}, first on line {first}. "
        "Keep one of them.",
        "product.yaml: 1 problem; nothing was applied.",
    ]


def test_create__many_fields_are_wrong__are_all_told_in_their_order(create: Any) -> None:
    text = "name: X\nsymbol: lower case\nsymbol: Y\nnonsense: 1\nset_date: never\n"
    said = create(text).err.splitlines()
    assert len(said) > 20
    *told, count = said
    assert count == f"product.yaml: {len(told)} problems; nothing was applied."
    with_lines = [line for line in told if ", line " in line]
    assert [line.split(":")[0] for line in with_lines] == [
        "field_invalid",
        "field_twice",
        "field_unknown",
        "field_invalid",
    ]
    missing = [line for line in told if line.startswith("field_missing")]
    assert len(missing) == len(told) - 4
    document = create(text, "--json", "--lang", "ja").error
    assert len(document["problems"]) == len(told)
    twice = next(each for each in document["problems"] if each["reason"] == "field_twice")
    assert twice["facts"] == {"file": "product.yaml", "field": "symbol", "line": 3, "first": 2}
    assert (
        twice["sentence"] == "product.yaml 3 行目：項目「symbol」が重複しています（初出 2 行目）。"
    )


BOND = (ROOT / "examples" / "sbi-first-bond" / "product.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told", "field"),
    [
        ('rate: "0.35"', "rate: 0.35", "field_invalid: The field 'bond.rate'", "  rate"),
        ("  interest_from:", "  #", "field_missing: The field 'bond.interest_from'", "bond"),
        ("  coupons_a_year:", "  coupons:", "field_unknown: There is no field", "  coupons_a_year"),
        ("bond: #", "bond: 5 #", "file_unreadable: The file product.yaml", None),
        ("  coupons_a_year: 2", "  rate: 2", "field_twice: The field 'bond.rate'", None),
    ],
)
def test_create__part_of_a_bond_is_wrong__is_named_with_its_line(
    create: Any, old: str, new: str, told: str, field: str | None
) -> None:
    text = BOND.replace(old, new)
    assert text != BOND
    lines = [line for line in create(text).err.splitlines() if line.startswith(told)]
    assert len(lines) == 1, create(text).err
    assert field is None or f"in product.yaml, line {line_of(BOND, field)}" in lines[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ": it is empty"),
        (b"  \n\n", ": it is empty"),
        (b"# only a remark\n", ": no list of `field: value`"),
        (b"- a\n- b\n", ", line 1: no list of `field: value`"),
        (b"just words\n", ", line 1: no list of `field: value`"),
        (b"name: X\n  symbol: Y\n", ", line 2: mapping values are not allowed here"),
        (b"name: [1, 2\nsymbol: Y\n", ", line 2: expected ',' or ']'"),
        (b"name: X\n\tsymbol: Y\n", ", line 2: found character '\\t' that cannot start any token"),
        (b"name: X\n---\nname: Y\n", "but found another document"),
        (b"name: &a [x]\nsymbol: *a\n", ", line 2: aliases (*name) are not used here"),
        (b"name: X\n\x89PNG\r\n\x1a\n\0\0", ", line 2: not UTF-8 text"),
        ("名称: 渋谷\nname: 神南".encode("cp932"), ", line 1: not UTF-8 text"),
        (b"name: X\nsymbol: \0\n", ", line 2: not UTF-8 text"),
        (b"name: \x07\n", ": special characters are not allowed"),
        (b"name: X\nsymbol: " + b"[" * 5_000, ", line 2: it is nested too deeply"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_create__no_list_of_fields__is_one_line_with_the_place(
    create: Any, content: bytes, words: str
) -> None:
    ran = create(content)
    assert ran.line.startswith("file_unreadable: The file product.yaml cannot be read")
    assert words in ran.line
    assert create(content, "--json").error["reason"] == "file_unreadable"


def test_create__no_file__is_one_line(system: Path, tmp_path: Path) -> None:
    for path, problem in (
        (tmp_path / "none", "no such file or directory"),
        (tmp_path, "is a directory"),
    ):
        ran = inside("product", "create", path, data=system)
        assert (ran.code, ran.out) == (2, "")
        assert ran.line.startswith(f"file_unreadable: The file {path} cannot be read: {problem}.")


def test_create__with_a_byte_order_mark__is_read(system: Path, tmp_path: Path) -> None:
    """As some editors save it; the command then comes as far as the product that exists already."""
    path = tmp_path / "product.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TERMS.encode())
    ran = inside("product", "create", path, data=system)
    assert (ran.code, ran.line.split(":")[0]) == (1, "product_exists")
