"""The register as a document, as an officer asks for it, from the system that the demo left behind (D.2.5).

given a system that runs, with the whole life of a product in it
├── when a register is printed in any form
│   ├── it should be the same bytes each time, for its owner alone, with every lot of that day
│   └── it should be proven, and stand in the inspection log
├── when a copy was changed
│   └── it should be told which lot, with exit code 1, and no name in the answer
├── when the issuer's or a broker's part is printed
│   └── it should have what they may have
├── when a certificate, the holdings, the changes or a provenance are asked for
│   └── they should say what the demo did
└── when the register is anchored
    └── its copies should be found on the ledger
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import Ran, inside, personal_data

PRODUCT = "SHIBUYA-JINNAN"
DAY = ("--as-of", "2022-01-31")
ASKED = ("--requester", "T-1", "--reason", "record date")
Ask = Callable[..., Ran]


@pytest.fixture
def register(kept: Path) -> Ask:
    def ask(command: str, *arguments: object) -> Ran:
        return inside("register", command, *arguments, data=kept)

    return ask


def printed(register: Ask, path: Path, form: str, *more: object) -> Any:
    ran = register(
        "print",
        "--product",
        PRODUCT,
        *DAY,
        *ASKED,
        "--format",
        form,
        "--out",
        path,
        *more,
        "--json",
    )
    assert ran.code == 0, ran.err
    return ran.document


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "pdf"])
def test_print__any_form__is_the_same_bytes_and_proven(
    register: Ask, tmp_path: Path, form: str
) -> None:
    first, second = tmp_path / f"first.{form}", tmp_path / f"second.{form}"
    told = printed(register, first, form)
    printed(register, second, form)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o077 == 0
    assert (told["lots"], told["holders"], told["units"]) == (503, 503, 1_453)
    assert told["final"] is True
    proof = register("verify", first, "--json")
    assert proof.code == 0
    assert proof.document["verdict"] == "proven"
    assert proof.document["digest"] == told["digest"]
    log = register("inspections", "--product", PRODUCT, "--json").document["inspections"]
    (entry,) = [each for each in log if each["inspection"] == told["inspection"]]
    assert (entry["requester"], entry["reason"], entry["form"]) == ("T-1", "record date", form)


def test_verify__what_the_demo_printed__is_proven(register: Ask, told: Told) -> None:
    ran = register("verify", told.out / "register-2022-01-31.pdf", "--json")
    assert (ran.code, ran.document["verdict"]) == (0, "proven")


def test_verify__changed_copy__says_which_lot_and_no_name(register: Ask, tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    printed(register, path, "json")
    document = json.loads(path.read_text("utf-8"))
    line = document["lines"][7]
    line["units"] += 1
    document["lines"][9]["name"] = "偽名"
    path.write_text(json.dumps(document), "utf-8")
    ran = register("verify", path, "--json")
    assert ran.code == 1
    assert ran.document["verdict"] == "falsified"
    units, name = ran.document["differences"]
    assert (units["line"], units["lot"], units["field"]) == (8, line["lot"], "units")
    assert (units["said"], units["true"]) == (str(line["units"]), str(line["units"] - 1))
    assert (name["line"], name["field"], name["said"], name["true"]) == (10, "name", None, None)
    assert not [text for text in personal_data() if text in ran.out + ran.err]


def test_print__reduced__has_no_name(register: Ask, tmp_path: Path) -> None:
    path = tmp_path / "reduced.csv"
    told = printed(register, path, "csv", "--extent", "reduced")
    # Above the lines stand the firms: the settlor is a firm, and holds units as well.
    lines = [each for each in path.read_text("utf-8-sig").splitlines() if not each.startswith("#")]
    content = "\n".join(lines)
    assert not [text for text in personal_data() if text in content]
    rows = list(csv.reader(lines))
    assert len(rows) == 504
    assert told["extent"] == "reduced"


def test_print__for_an_institution__is_what_it_may_have(register: Ask, tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    refused = register(
        "print", "--product", PRODUCT, *DAY, *ASKED, "--for", "NOBODY", "--out", path
    )
    assert (refused.code, refused.line.split(":")[0]) == (1, "not_found")
    refused = register(
        "print", "--product", PRODUCT, *ASKED, "--extent", "own_customers", "--out", path
    )
    assert (refused.code, refused.line.split(":")[0]) == (1, "extent_not_open")
    refused = register(
        "print", "--product", PRODUCT, "--requester", "架空 花子", "--reason", "x", "--out", path
    )
    assert (refused.code, refused.line.split(":")[0]) == (1, "field_invalid")
    assert "花子" not in refused.line
    assert not path.exists()


def test_name__before_and_after_the_change__is_that_of_the_day(
    register: Ask, tmp_path: Path
) -> None:
    """The creditor H600 has units only since the court order; nobody of January is another in March."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    printed(register, old, "json")
    printed(register, new, "json", "--as-of", "2022-03-31")
    before, after = (json.loads(each.read_text("utf-8"))["lines"] for each in (old, new))
    assert sum(line["units"] for line in before) == sum(line["units"] for line in after) == 1_453
    joined = {line["investor_id"] for line in after} - {line["investor_id"] for line in before}
    assert joined
    forced = [line for line in after if line["reference"] == "COURT-2022-1"]
    assert [line["units"] for line in forced] == [10]


def test_print__an_instant_ahead__is_said_not_to_be_final(register: Ask, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    ran = register(
        *("print", "--product", PRODUCT, "--as-of", "2100-01-01", *ASKED),
        *("--format", "csv", "--out", path),
    )
    assert ran.code == 0
    assert "not final" in ran.out


def test_certificate__one_holder__names_nobody_else(register: Ask, tmp_path: Path) -> None:
    whole = tmp_path / "register.json"
    printed(register, whole, "json")
    lines = json.loads(whole.read_text("utf-8"))["lines"]
    holder, other = lines[0], lines[1]
    path = tmp_path / "certificate.json"
    ran = register(
        *("certificate", holder["investor_id"], "--product", PRODUCT, *DAY, *ASKED),
        *("--format", "json", "--out", path, "--json"),
    )
    assert ran.code == 0
    content = path.read_text("utf-8")
    assert json.loads(content)["title"]["ja"] == "受益権原簿記載事項証明書"
    assert holder["name"] in content
    assert other["name"] not in content
    assert register("verify", path).code == 0
    nothing = register(
        *("certificate", "IV-NOBODY", "--product", PRODUCT, *DAY, *ASKED, "--out", path)
    )
    assert (nothing.code, nothing.line.split(":")[0]) == (1, "holding_unknown")


def test_listings__of_the_demo__say_what_it_did(register: Ask, tmp_path: Path) -> None:
    held = register("holdings", "--product", PRODUCT, *DAY, "--json").document
    assert (held["holders"], held["total_issued"], held["units"]) == (503, 1_453, 1_453)
    changes = register(
        "changes", "--product", PRODUCT, "--since", "2022-01-31", "--as-of", "2022-06-30", "--json"
    ).document
    kinds = {line["kind"] for line in changes["lines"]}
    assert kinds >= {"transfer", "forced", "reverse", "rekey", "restriction"}
    assert changes["total_before"] == changes["total_after"] == 1_453
    split = register(
        "changes", "--product", PRODUCT, "--since", "2022-06-30", "--as-of", "2022-07-01", "--json"
    ).document
    assert {line["kind"] for line in split["lines"]} == {"split"}
    assert sum(line["units"] for line in split["lines"]) == 14_530 - 1_453
    forced = next(line for line in changes["lines"] if line["kind"] == "forced")
    way = register(
        *("provenance", "--product", PRODUCT, "--as-of", "2022-06-30"),
        *("--investor", forced["to_investor_id"], "--json"),
    ).document
    assert [step["kind"] for step in way["lots"][0]["steps"]] == ["issue", "distribute", "forced"]
    path = tmp_path / "changes.pdf"
    ran = register(
        *("changes", "--product", PRODUCT, "--since", "2022-01-31", "--as-of", "2022-06-30"),
        *("--format", "pdf", "--out", path, "--lang", "ja"),
    )
    assert ran.code == 0
    assert path.read_bytes().startswith(b"%PDF")


def test_anchor__a_day__is_found_for_a_copy(register: Ask, tmp_path: Path) -> None:
    anchored = register("anchor", "--product", PRODUCT, *DAY, "--json").document
    again = register("anchor", "--product", PRODUCT, *DAY, "--json").document
    assert anchored == again
    assert anchored["day"] == "2022-01-31"
    path = tmp_path / "register.pdf"
    printed(register, path, "pdf", "--lang", "en")
    proof = register("verify", path, "--json").document
    assert proof["anchor"]["root"] == anchored["root"]
    assert proof["facts_digest"] == anchored["facts_digest"]
