"""A bond by the commands: from its file to its coupons.

given an installation, and the files of the SBI bond
├── without its interest the product should not be created
├── created, its coupons should be told by its own terms
└── a coupon should be declared by the terms alone, and for a record date that was fixed
"""

from __future__ import annotations

from pathlib import Path

from tests.support.command import inside

from contract_sources import ROOT

BOND = ROOT / "examples" / "sbi-first-bond"


def test_bond__created_and_asked__tells_its_coupons(founded: Path, tmp_path: Path) -> None:
    assert inside("firm", "register", BOND / "firms.yaml", data=founded).code == 0
    bare = tmp_path / "bare.yaml"
    bare.write_text((BOND / "product.yaml").read_text("utf-8").partition("\nbond:")[0] + "\n")
    refused = inside("product", "create", bare, data=founded)
    assert (refused.code, refused.line.split(":")[0]) == (1, "field_missing")
    assert "rate, points_rate, coupons_a_year" in refused.line
    created = inside("product", "create", BOND / "product.yaml", data=founded)
    assert created.code == 0, created.err
    coupons = ("distribution", "coupons", "--json")
    told = inside(*coupons, "--product", "SBI-ST-1", data=founded).document["coupons"]
    assert [(each["payable"], each["per_unit"], each["points_per_unit"]) for each in told] == [
        ("2021-10-27", "175", "0"),
        ("2022-04-27", "175", "0"),
    ]
    assert inside(*coupons, data=founded).error["reason"] == "field_missing"
    declare = ("distribution", "declare", "C1", "--product", "SBI-ST-1", "--coupon", "--why", "x")
    both = inside(*declare, "--record-date", "2021-10-26", "--income", 5, data=founded)
    assert (both.code, both.line.split(":")[0]) == (2, "field_invalid")
    unfixed = inside(*declare, "--record-date", "2021-10-26", data=founded)
    assert (unfixed.code, unfixed.line.split(":")[0]) == (1, "record_date_unknown")
    late = inside(*declare, "--record-date", "2022-04-27", data=founded)
    assert (late.code, late.line.split(":")[0]) == (1, "field_invalid")
