"""The examples are the offerings that were published, and one is the common fixture.

given the files of examples/shibuya-jinnan
├── it should state terms that the product reader takes, each with its source beside it
├── it should have the holders and quantities of the common fixture
├── it should have people whose every field can be stored, and numbers that check
└── it should be what its script writes
given the files of a bond
├── it should state every term, the published ones as they are, each with its source beside it
├── it should allot what is issued, to people who are invented and have an account at the bank of the example
└── its coupons should be what the offering says
"""

from __future__ import annotations

import csv
import re
import runpy
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from stdnum.jp import cn

from contract_sources import ROOT
from genbo.cli.files.firms import read_firms
from genbo.cli.files.investors import read_investors
from genbo.entitlements import bond_of, coupons
from genbo.kernel import to_bytes32
from genbo.providers.calendar import is_bank_holiday
from genbo.storage.tables.investor import KINDS, SAFEKEEPING_KINDS
from genbo.token import FIELD_NAMES, InvestorClass, parse_terms, problems_of_terms

EXAMPLE = ROOT / "examples" / "shibuya-jinnan"
DATA = ROOT / "tests" / "data"
TABLES = ("product.yaml", "offering.yaml")
SOURCES = r"SBI|DAIWA|EDINET|PRECON|TKAO|FIEA|Trust Act|Genbo's choice"
CLASSES = {each.key for each in InvestorClass}
OFFERED = 1_453


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def people() -> list[dict[str, str]]:
    return [*rows(EXAMPLE / "investors.csv"), *rows(EXAMPLE / "other-investors.csv")]


def person(fixture: str) -> dict[str, str]:
    return next(each for each in people() if each["fixture"] == fixture)


def units(name: str) -> dict[str, int]:
    return {row["investor_id"]: int(row["units"]) for row in rows(EXAMPLE / name)}


def without_source(text: str, sources: str = SOURCES) -> list[str]:
    """Lines that state a field, or one within a part, and do not say where its value comes from."""
    stating = [line for line in text.splitlines() if re.match(r"( {2})?\w+:(?! # 社債)", line)]
    return [line for line in stating if not re.search(rf"# .*({sources})", line)]


def test_product__terms__are_taken_as_they_are() -> None:
    given = yaml.safe_load((EXAMPLE / "product.yaml").read_text("utf-8"))
    assert problems_of_terms(given) == []
    assert (*given, "bond") == FIELD_NAMES
    terms = parse_terms(given)
    assert (terms.product_id, terms.isin) == ("SHIBUYA-JINNAN", "JP4000010001")
    assert (terms.set_quantity, terms.unit_price_yen) == (OFFERED, 1_000_000)
    assert (terms.application_minimum, terms.application_step) == (2, 1)
    assert (terms.set_date, terms.redemption_date) == (date(2021, 8, 11), date(2024, 8, 1))
    assert (str(terms.record_date_1), str(terms.record_date_2)) == ("01-31", "07-31")


@pytest.mark.parametrize("name", TABLES)
def test_terms__each_value__has_its_source_beside_it(name: str) -> None:
    assert without_source((EXAMPLE / name).read_text("utf-8")) == []


def test_terms__value_without_a_source__is_noticed() -> None:
    text = "a: 1 # SBI\nb: 2 # somebody said\nc: 3\nd:\n  - x\n"
    assert without_source(text) == ["b: 2 # somebody said", "c: 3", "d:"]


def test_product__keys_of_others__lead_there() -> None:
    given = yaml.safe_load((EXAMPLE / "product.yaml").read_text("utf-8"))
    firms = read_firms(EXAMPLE / "firms.yaml")
    (trust,) = firms.contracts
    names = {each.id: each.name for each in firms.firms}
    settlor = person("DS1")
    assert given["trust_contract_id"] == trust.id
    assert given["initial_beneficiary_id"] == settlor["investor_id"]
    assert settlor["investor_name"] == names[trust.settlor]
    assert settlor["investor_class"] in given["permitted_classes"]


def test_allotment__holders__are_those_of_the_common_fixture() -> None:
    allotted = units("allotment.csv")
    assert sum(allotted.values()) == OFFERED
    assert len(allotted) == 503
    listed = {each["fixture"]: each for each in rows(EXAMPLE / "investors.csv")}
    assert list(listed) == [f"H{number}" for number in range(1, 504)]
    for row in rows(DATA / "acceptance_kdx_like.csv"):
        if row["holder"] in listed:
            holder = listed[row["holder"]]
            assert holder["investor_type"] == row["type"]
            assert allotted[holder["investor_id"]] == int(row["units"])
    assert {allotted[listed[f"H{number}"]["investor_id"]] for number in range(4, 504)} == {2}
    held = {each: (row["safekeeping_id"], row["custodian_id"]) for each, row in listed.items()}
    assert held["H3"] == ("B2", "C1")
    assert {held[each] for each in held if each != "H3"} == {("B1", "")}


def test_allotment__refused_files__are_wrong_in_one_way_each() -> None:
    assert sum(units("allotment-over.csv").values()) == 1_460
    assert units("allotment-small.csv") == {person("H900")["investor_id"]: 1}
    assert units("allotment-unverified.csv") == {person("H901")["investor_id"]: 2}
    assert units("allotment-expired.csv") == {person("H902")["investor_id"]: 2}
    assert person("H901")["verified_until"] == ""
    assert person("H902")["verified_until"] == "2021-08-10"


def test_people__each_field__can_be_stored() -> None:
    ids = [each["investor_id"] for each in people()]
    assert len(set(ids)) == len(ids) == 514
    for each in people():
        for key in (
            "investor_id",
            "safekeeping_id",
            *(("kyc_evidence",) if each["verified_at"] else ()),
        ):
            to_bytes32(each[key])
        assert re.fullmatch(r"IV-[A-Z2-7]{12}", each["investor_id"])
        assert each["investor_type"] in KINDS
        assert each["investor_class"] in CLASSES
        assert each["safekeeping_kind"] in SAFEKEEPING_KINDS
        assert (each["safekeeping_kind"] == "delegated") == bool(each["custodian_id"])
        assert re.fullmatch(r"\d{3}-\d{4}", each["contact_postal_code"])
        assert each["investor_name"]
        assert re.search(
            r"架空町|見本町|仮名台|例示が丘|想定通|例題本町", each["registered_address"]
        )
        assert (
            bool(each["verified_at"]) == bool(each["verified_until"]) == bool(each["kyc_evidence"])
        )
        assert each["verified_at"] < "2021-08-11"
        assert each["verified_until"] in ("", "2021-08-10") or each["verified_until"] > "2024-12-31"


def test_people__corporate_numbers__check() -> None:
    for each in people():
        assert bool(each["corporate_number"]) == (each["investor_type"] == "corporation")
        if each["corporate_number"]:
            assert cn.is_valid(each["corporate_number"])
    published = {
        row["value"] for row in rows(DATA / "identifier_vectors.csv") if row["valid"] == "yes"
    }
    assert person("H3")["corporate_number"] == "7000012050002"
    assert person("H3")["corporate_number"] in published


def test_files__script_is_run__are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = EXAMPLE / "make_investors.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path)])
    runpy.run_path(str(script), run_name="__main__")
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert written == {path.name: path.read_bytes() for path in EXAMPLE.glob("*.csv")}


def test_readme__each_file_and_column__is_explained() -> None:
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    files = {path.name for path in EXAMPLE.iterdir() if path.is_file()} - {"README.md"}
    columns = {*people()[0], *rows(EXAMPLE / "allotment.csv")[0]}
    assert {name for name in files | columns if f"| `{name}` |" not in readme} == set()


# Bonds ---------------------------------------------------------------------------------------------------

BONDS = {
    "sbi-first-bond": (r"TSUKER|PRECON|DAIWA|S\d+|Genbo's choice", "SBI Securities 1st", 11),
    "marui-first-bond": (r"IRBANK|NIKKEI|DEALWATCH|S\d+|Genbo's choice", "Marui Group 1st", 11),
    "marui-second-bond": (r"IRBANK|MEGANEZ|DEALWATCH|S\d+|Genbo's choice", "Marui Group 2nd", 9),
}


@pytest.mark.parametrize("bond", BONDS)
def test_bond__terms__are_the_published_ones_with_their_sources(bond: str) -> None:
    folder, (sources, name, _) = ROOT / "examples" / bond, BONDS[bond]
    text = (folder / "product.yaml").read_text("utf-8")
    given = yaml.safe_load(text)
    assert problems_of_terms(given) == []
    assert tuple(given) == FIELD_NAMES
    assert without_source(text, sources) == []
    assert without_source((folder / "offering.yaml").read_text("utf-8"), sources) == []
    (row,) = (each for each in rows(DATA / "offerings.csv") if name in each["name"])
    terms = parse_terms(given)
    assert (terms.set_quantity, terms.unit_price_yen) == (
        int(row["units"]),
        int(row["unit_price_jpy"]),
    )
    assert terms.set_quantity * terms.unit_price_yen == int(row["total_jpy"])
    firms = read_firms(folder / "firms.yaml")
    (contract,) = firms.contracts
    assert terms.trust_contract_id == contract.id


@pytest.mark.parametrize("bond", BONDS)
def test_bond__people__are_invented_and_can_be_paid(bond: str) -> None:
    folder, (_, _, count) = ROOT / "examples" / bond, BONDS[bond]
    terms = parse_terms(yaml.safe_load((folder / "product.yaml").read_text("utf-8")))
    allotted = {row["investor_id"]: int(row["units"]) for row in rows(folder / "allotment.csv")}
    assert sum(allotted.values()) == terms.set_quantity
    issuer, *holders = read_investors(folder / "investors.csv")
    assert issuer.investor_id == terms.initial_beneficiary_id
    assert [each.investor_id for each in holders] == list(allotted)
    assert len(holders) + 1 == count
    (branch,) = read_firms(folder / "firms.yaml").branches
    for each in (issuer, *holders):
        new, verdict = each.new, each.verdict
        assert re.search(r"架空町|見本町|仮名台|想定通|例題本町", new.registered_address)
        assert (new.personal["payee_bank_code"], new.personal["payee_branch_code"]) == (
            branch.bank_code,
            branch.branch_code,
        )
        assert verdict is not None
        assert verdict.checked_at.date() < terms.set_date
        assert verdict.expires_at.date() > terms.redemption_date
        number = new.personal.get("corporate_number")
        assert bool(number) == (new.investor.kind == "corporation")
        assert number is None or (cn.is_valid(number) and number[1:5] == "9999")


@pytest.mark.parametrize("bond", BONDS)
def test_bond__coupons__are_what_the_offering_says(bond: str) -> None:
    folder = ROOT / "examples" / bond
    terms = parse_terms(yaml.safe_load((folder / "product.yaml").read_text("utf-8")))
    offering = yaml.safe_load((folder / "offering.yaml").read_text("utf-8"))
    assert [
        {
            "due": each.due,
            "yen_per_unit": each.per_unit,
            **({"points_per_unit": each.points_per_unit} if each.points_per_unit else {}),
        }
        for each in coupons(bond_of(terms), is_holiday=is_bank_holiday)
    ] == offering["coupons"]
    assert offering["total_yen"] == terms.set_quantity * terms.unit_price_yen
    assert offering["redemption_yen_per_unit"] == terms.unit_price_yen
    assert terms.bond is not None
    planned = terms.bond.planned_quantity
    assert offering.get("planned_yen") == (planned and planned * terms.unit_price_yen)
