"""What is documented is what is there.

given the pages under docs/ and the code
├── it should have every generated page as the code has it
├── it should document every reason, every duty, every setting and every package of the business
├── it should name only commands, make targets, words of code and requirement ids that exist
├── it should state the twelve invariants, each with its check or its gap
└── it should keep each decision within a page, and in the index
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from contract_sources import ROOT
from genbo.compliance import REASONS
from genbo.config import PREFIX, Settings
from genbo.governance import POWERS, Duty
from genbo.kernel import Reason
from genbo.reconciliation.invariants import (
    audit_chain,
    conservation,
    eligibility,
    replay,
    restrictions,
    splits,
    visibility,
)
from genbo.reconciliation.sending import exactly_once, two_persons
from genbo.token import MovementKind

sys.path.insert(0, str(ROOT / "docs" / "_generate"))
import doc_pages

DOCS = ROOT / "docs"
WORDS = {
    "token",
    "register",
    "masters",
    "compliance",
    "custody",
    "settlement",
    "entitlements",
    "governance",
    "reconciliation",
    "reporting",
}
"""The business words: a package of that name has a page of that name."""

PROSE = sorted(
    path
    for path in (*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("*/README.md"))
    if "node_modules" not in path.parts
)


def solidity() -> list[Path]:
    """Our own sources; ape keeps copies of the libraries below contracts/.cache."""
    found = (ROOT / "contracts").rglob("*.sol")
    return sorted(path for path in found if ".cache" not in path.parts)


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text("utf-8")


def headings(text: str, level: int) -> set[str]:
    return set(re.findall(rf"^{'#' * level} (\S+)$", text, re.MULTILINE))


def test_generated_pages__code_changed__are_stale() -> None:
    stale = [page.relative_to(ROOT).as_posix() for page, _ in doc_pages.stale_pages()]
    assert stale == [], "run `make docs`"


def test_generated_pages__page_edited_by_hand__is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc_pages, "ROOT", tmp_path)
    for name, write in doc_pages.PAGES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(write(), "utf-8")
    assert doc_pages.stale_pages() == []
    edited = tmp_path / "docs" / "powers.md"
    edited.write_text(edited.read_text("utf-8").replace("two persons", "one person"), "utf-8")
    assert [page for page, _ in doc_pages.stale_pages()] == [edited]


def test_reasons__every_code__has_its_entry() -> None:
    page = read("docs", "reasons.md")
    assert headings(page, 3) == {reason.value for reason in Reason}
    for reason, entry in REASONS.items():
        start = page.index(f"### {reason.value}\n")
        section = page[start : page.find("\n### ", start)]
        for error in entry.errors:
            assert f"`{error.name}" in section, reason
        if entry.number is not None:
            assert f"number {entry.number};" in section, reason
        assert re.search(r"[ぁ-ん]", section), f"{reason} has no Japanese sentence"


def test_reasons__contracts_page__has_each_number_with_its_name() -> None:
    page = read("contracts", "README.md")
    table = page[page.index("## Reasons") : page.index("## Gas")]
    shown = {
        int(number): name for number, name in re.findall(r"\| (\d+) \| ([a-z_]+) (?=\|)", table)
    }
    numbered = {
        entry.number: reason.value for reason, entry in REASONS.items() if entry.number is not None
    }
    assert shown == {0: "allowed"} | numbered


@pytest.mark.parametrize("power", POWERS, ids=lambda power: power.duty.name)
def test_duties__each__is_in_both_tables(power) -> None:  # type: ignore[no-untyped-def]
    duty = power.duty
    generated = re.search(
        rf"^\| {duty.value} \| \[{duty.name}\]\(#\w+\) \|(.*)$", read("docs", "powers.md"), re.M
    )
    assert generated is not None
    assert power.blocks in generated[1]
    assert power.may_not in generated[1]
    assert re.search(rf"^\| {duty.value} \| {duty.name} \| ", read("contracts", "README.md"), re.M)


def test_duties__none__is_left_out_of_the_table() -> None:
    assert [power.duty for power in POWERS] == list(Duty)


def test_effect_table__each_function__is_in_the_token_interface() -> None:
    page = read("contracts", "README.md")
    table = page[page.index("## The effect table") : page.index("## Powers")]
    sources = "".join(path.read_text("utf-8") for path in solidity())
    named = set(re.findall(r"`(?:Platform\.)?([a-z]\w+)(?:\([^`]*\))?`", table)) - {
        "ref",
        "incident",
    }
    assert named >= {"issue", "redeem", "split", "forcedTransfer", "stop", "resume"}
    assert {name for name in named if f"function {name}(" not in sources} == set()


def test_account_word__bits__are_those_of_the_contract() -> None:
    page = read("contracts", "README.md")
    flags = {
        "BLOCKED_TO_SEND": "blocked to send",
        "BLOCKED_TO_RECEIVE": "blocked to receive",
        "ADDRESS_FROZEN": "address frozen",
        "OWN_ACCOUNT": "own account",
        "RETIRED": "retired",
    }
    source = read("contracts", "token", "AccountWord.sol")
    for constant, words in flags.items():
        bit = re.search(rf"constant {constant} = 1 << (\d+);", source)
        assert bit is not None, constant
        assert f"| {bit[1]} | {words} |" in page
    bits = {
        "STOPPED": "stopped",
        "MARKET_CLOSED": "market closed",
        "TRANSFER_DISABLED": "transfer disabled",
    }
    source = read("contracts", "token", "ControlWord.sol")
    for constant, words in {**bits, "PRODUCT_ENDED": "product ended"}.items():
        bit = re.search(rf"constant {constant} = (\d+);", source)
        assert bit is not None, constant
        assert f"| {160 + int(bit[1]).bit_length() - 1} | {words} |" in page


def test_contracts_map__each_source__is_in_it() -> None:
    page = read("contracts", "README.md")
    table = page[page.index("## The map") : page.index("## The account word")]
    sources = {
        path.relative_to(ROOT / "contracts").as_posix()
        for path in solidity()
        if ".cache" not in path.parts
    }
    shown = set(re.findall(r"[`/](\w+\.sol)`", table))
    assert {source for source in sources if source.rpartition("/")[2] not in shown} == set()
    assert shown <= {source.rpartition("/")[2] for source in sources}


def test_words__each_package_of_the_business__has_a_page_and_a_place_in_the_index() -> None:
    packages = {path.parent.name for path in (ROOT / "src" / "genbo").glob("*/__init__.py")}
    index = read("docs", "README.md")
    for word in packages & WORDS:
        assert (DOCS / "domain" / f"{word}.md").exists(), word
        assert f"domain/{word}.md" in index, word


def test_glossary__each_word_of_the_code__exists() -> None:
    places = [*(ROOT / "src").rglob("*.py"), *solidity()]
    code = "".join(
        path.read_text("utf-8") for path in (*places, *(ROOT / "examples").rglob("*.yaml"))
    )
    missing = []
    for line in read("docs", "glossary.md").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 5 or cells[0] in ("word", "---"):
            continue
        assert re.search(r"[぀-鿿]", cells[1]), f"{cells[0]} has no Japanese word"
        for name in re.findall(r"`([^`]+)`", cells[4]):
            path = name.replace(".", "/") if name.startswith("genbo.") else f"genbo/{name}"
            known = (ROOT / "src" / path).exists() or (
                ROOT / "examples/shibuya-jinnan" / name
            ).exists()
            known = known or any((ROOT / "contracts").rglob(name))
            parts = name.split(".")
            if not known and not all(re.search(rf"\b{re.escape(part)}\b", code) for part in parts):
                missing.append(name)
    assert missing == []


def test_glossary__each_kind_of_movement__is_explained() -> None:
    glossary = read("docs", "glossary.md").lower()
    words = {kind.name.lower().replace("_", " ") for kind in MovementKind} - {
        "none",
        "cancel",
        "forced",
    }
    words = {"re-key" if word == "rekey" else word for word in words} | {"forced transfer"}
    assert {word for word in words if word not in glossary} == set()


def test_settings__each__is_documented() -> None:
    page = read("docs", "start.md")
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"`({PREFIX}\w+)`", page)) == names


def test_make_targets__each_that_a_page_names__exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {
        target
        for path in PROSE
        for target in re.findall(
            r"(?:`|^    )make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert {"demo", "test", "contracts", "bench", "docs"} <= named
    assert named - targets == set()


def test_requirements__each_id_that_is_cited__exists() -> None:
    known = read("tests", "data", "requirement_ids.txt").split()
    cited: dict[str, str] = {}
    for folder, pattern in (
        ("docs", "*.md"),
        ("contracts", "*.md"),
        ("contracts", "*.sol"),
        ("src", "*.py"),
    ):
        for path in (ROOT / folder).rglob(pattern):
            for name in re.findall(r"R-[A-Z]+-[A-Za-z0-9.-]*[A-Za-z0-9]", path.read_text("utf-8")):
                cited.setdefault(name, path.relative_to(ROOT).as_posix())
    assert "R-JSTOA-6.1.1.8c" in cited
    assert {
        name: place
        for name, place in cited.items()
        if not any(id_.startswith(name) for id_ in known)
    } == {}


def test_decisions__each__is_a_page_in_the_index() -> None:
    index = read("docs", "decisions", "README.md")
    pages = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in pages] == [
        f"{number:04}" for number in range(1, len(pages) + 1)
    ]
    for page in pages:
        lines = page.read_text("utf-8").splitlines()
        assert lines[0].startswith(f"# {page.name[:4]} "), page.name
        assert len(lines) <= 60, page.name
        assert f"]({page.name})" in index


def test_invariants__each_number__is_stated_and_checked_or_a_visible_gap() -> None:
    page = read("docs", "invariants.md")
    stated = re.findall(r"^(\d+)\. \*\*([^*]+)\.\*\*", page, re.MULTILINE)
    assert [int(number) for number, _ in stated] == list(range(1, 13))
    table = page[page.index("## Where each is checked") :]
    rows = re.findall(r"^\| (\d+) [a-z ]+ \| (.*) \| (.*) \|$", table, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 13))
    for number, tests, _ in rows:
        assert "](../tests/" in tests or "not yet" in tests, number
        assert "not yet" not in tests or "comes with" in tests, number


def test_invariants__command_checks__are_those_of_the_table() -> None:
    page = read("docs", "invariants.md")
    asked = {int(number) for number in re.findall(r"^\| (\d+) .* \| yes \|$", page, re.MULTILINE)}
    checks = (
        *(conservation, replay, exactly_once, two_persons),
        *(audit_chain, eligibility, restrictions, splits, visibility),
    )
    assert {int((check.__doc__ or "0").split(".")[0]) for check in checks} == asked
    sentence = re.search(r"`genbo check` asks a live deployment about ([\d, and]+)\.", page)
    assert sentence is not None
    assert {int(number) for number in re.findall(r"\d+", sentence[1])} == asked


def test_invariants__test_of_one__names_a_number_that_exists() -> None:
    own = Path(__file__)
    named = {
        int(number)
        for path in (ROOT / "tests").rglob("*.py")
        if path != own
        for number in re.findall(r"\binvariant (\d+)\b", path.read_text("utf-8"))
    }
    assert named <= set(range(1, 13))
