"""KYC and screening from the command line, beside a system that runs: nobody has to remember anything.

given a running system with three investors who were imported, verified, with an account in a product
├── when a list is loaded that names one of them
│   ├── the system should compare everybody by itself, and block that one on the ledger
│   └── the gate should say what is due, what was found and what waits, without a name
├── when two persons release it: the ledger should be restored
├── when a verdict is revoked: it should be closed on the ledger at once, and a second time change nothing
├── when verdicts run out soon: they should be listed
└── when a command is asked for what cannot be: it should be refused with its reason
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import EXAMPLE, inside, running

PRODUCT = "SHIBUYA-JINNAN"
TODAY = datetime.now(UTC).date()
PEOPLE = {
    "IV-AAAAAAAAAAA1": "Akuma Warui",
    "IV-AAAAAAAAAAA2": "Midori Sakura",
    "IV-AAAAAAAAAAA3": "",
}
LISTED, CLEAR, UNREAD = PEOPLE
COLUMNS = (
    "investor_id",
    "investor_type",
    "investor_class",
    "investor_name",
    "registered_address",
    "safekeeping_kind",
    "verified_at",
    "verified_until",
    "kyc_evidence",
    "name_romaji",
)
EVIDENCE = "0x" + 64 * "e"


@pytest.fixture
def data(founded: Path, tmp_path: Path) -> Iterator[Path]:
    with running("up", "--port", 0, "--json", data=founded) as up:
        up.await_document()
        created = inside("product", "create", EXAMPLE / "product.yaml", data=founded)
        assert created.code == 0, created.err
        imported = inside(
            "investor", "import", people(tmp_path), "--product", PRODUCT, data=founded
        )
        assert imported.code == 0, imported.err
        yield founded
        assert up.end().code == 0


def people(folder: Path) -> Path:
    file = folder / "people.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(COLUMNS)
        for number, (investor, romaji) in enumerate(PEOPLE.items()):
            rows.writerow(
                [
                    *(investor, "individual", "individual", f"見本　{number}号"),
                    *(f"東京都架空区{number}丁目", "self", TODAY - timedelta(days=2)),
                    *(TODAY + timedelta(days=20 + 300 * number), f"KYC-{number}", romaji),
                ]
            )
    return file


def a_list(folder: Path) -> Path:
    file = folder / "targets.simple.csv"
    file.write_text(
        "id,schema,name,aliases,birth_date,program_ids\nNK-1,Person,Akuma Warui,,,X\n", "utf-8"
    )
    return file


def document(data: Path, *arguments: object, code: int = 0) -> Any:
    ran = inside(*arguments, "--json", data=data)
    assert ran.code == code, ran.out + ran.err
    return ran.document


def ledger(data: Path, investor: str) -> tuple[bool, bool]:
    """Whether the ledger lets the investor hold, and whether it blocks."""
    (said,) = document(data, "kyc", "show", investor)["ledger"]
    return said["until"] is not None and not said["blocked"], said["blocked"]


def await_(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.5)


def test_compliance__beside_a_running_system__acts_by_itself(data: Path, tmp_path: Path) -> None:
    assert [ledger(data, each) for each in PEOPLE] == [(True, False)] * 3
    load = ("screening", "load", a_list(tmp_path), "--format", "opensanctions", "--name", "test")
    loaded = document(data, *load, "--published", "2026-04-01")
    assert (loaded["number"], loaded["entries"]) == (1, 1)

    # Nobody asks for it: the running system compares everybody.
    await_(lambda: document(data, "screening", "show")["due"] == 0)
    await_(lambda: ledger(data, LISTED) == (False, True) and ledger(data, UNREAD) == (False, False))
    assert ledger(data, CLEAR) == (True, False)
    shown = document(data, "screening", "show")
    outcomes = {each["investor"]: each["outcome"] for each in shown["found"]}
    assert outcomes == {LISTED: "hit", UNREAD: "unmatchable"}
    assert document(data, "screening", "run")["screened"]["clear"] == 0
    people_ran = inside("screening", "show", data=data)
    assert "NK-1" in people_ran.out
    assert "Akuma" not in people_ran.out + str(shown)
    assert "見本" not in people_ran.out + str(shown)

    # Two others release it.
    propose = ("screening", "propose-release", LISTED, "--list", "test", "--ground", "other_person")
    made = document(data, *propose, "--evidence", EVIDENCE, "--by", "compliance-2")
    approve = ("screening", "approve-release", made["proposal"], "--by")
    same = document(data, *approve, "compliance-2", code=1)
    assert same["error"]["reason"] == "screening_same_person"
    released = document(data, *approve, "compliance-3")
    assert (released["maker"], released["approver"]) == ("compliance-2", "compliance-3")
    await_(lambda: ledger(data, LISTED) == (True, False))

    # A verdict is taken back.
    revoked = document(data, "kyc", "revoke", CLEAR, "--ground", "FILE-17")
    assert (revoked["closed"], revoked["done"]) == (1, True)
    assert ledger(data, CLEAR) == (False, False)
    assert document(data, "kyc", "revoke", CLEAR, "--ground", "FILE-18")["jobs"] == []
    told = document(data, "kyc", "show", CLEAR)["verdict"]
    assert (told["revoked"], told["until"], told["evidence_ref"]) == (True, None, "FILE-17")

    # What runs out is listed.
    assert [each["investor"] for each in document(data, "kyc", "due", "--days", 30)["due"]] == [
        LISTED
    ]
    assert inside("kyc", "due", data=data).out.count(LISTED) == 1

    # What cannot be is refused.
    for reason, code, arguments in (
        ("setting_invalid", 2, ("kyc", "start", CLEAR)),
        ("investor_unknown", 1, ("kyc", "show", "IV-NOBODY")),
        ("command_invalid", 2, load),
        (
            "screening_unknown",
            1,
            (*propose[:2], CLEAR, *propose[3:], "--evidence", EVIDENCE, "--by", "compliance-2"),
        ),
        ("field_invalid", 1, (*propose, "--evidence", "0x1", "--by", "compliance-2")),
        ("field_invalid", 1, ("screening", "thresholds", "v2", "--possible", 90, "--hit", 80)),
    ):
        assert document(data, *arguments, code=code)["error"]["reason"] == reason
    assert document(data, "screening", "thresholds", "v2", "--possible", 80, "--hit", 95)
    await_(lambda: document(data, "screening", "show")["due"] == 0)
    assert inside("check", data=data).code == 0
