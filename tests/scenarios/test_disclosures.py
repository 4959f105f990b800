"""Disclosures from the command line (R-PROGMAT-VIS-4).

given a product and its asset manager
├── when one person proposes that its holders are named to it
│   ├── the same person should not approve it, and another person should
│   └── each should leave an entry, and the list should say that it holds
├── when it is ended: it should be over, and be neither approved nor ended again
└── when somebody else is to be told than an issuer of the product, or no file is there: it should be refused
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.command import EXAMPLE, Ran, inside

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture
def product(founded: Path) -> Path:
    assert inside("product", "create", EXAMPLE / "product.yaml", data=founded).code == 0
    return founded


def propose(data: Path, basis: Path, *, to: str = "AM-KIP") -> Ran:
    return inside(
        *("disclosure", "propose", "--product", PRODUCT, "--to", to, "--until", "2099-03-31"),
        *("--purpose", "notice of a meeting", "--basis", basis, "--json"),
        data=data,
    )


def actions(data: Path) -> list[Any]:
    entries = inside("audit", "show", "--last", 3, "--json", data=data).document["shown"]
    return [(each["action"], each["actor"]) for each in entries]


def test_disclosure__proposed_approved_ended__by_two_persons(
    product: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis = tmp_path / "request.pdf"
    basis.write_bytes(b"a request")

    monkeypatch.setattr("getpass.getuser", lambda: "sato")
    proposed = propose(product, basis).document
    assert proposed["state"] == "proposed"
    assert (proposed["by"], proposed["to"]) == ("TR-MUTB", "AM-KIP")
    id = proposed["disclosure"]
    own = inside("disclosure", "approve", id, "--json", data=product)
    assert (own.code, own.error["reason"]) == (1, "same_person")

    monkeypatch.setattr("getpass.getuser", lambda: "suzuki")
    ran = inside("disclosure", "approve", id, "--json", data=product)
    assert ran.document["state"] == "holds", ran
    listed = inside("disclosure", "list", "--json", data=product).document["disclosures"]
    assert [(each["disclosure"], each["state"]) for each in listed] == [(id, "holds")]
    shown = inside("disclosure", "list", data=product)
    assert "1 disclosures" in shown.out

    assert inside("disclosure", "end", id, "--json", data=product).document["state"] == "ended"
    again = inside("disclosure", "approve", id, "--json", data=product)
    assert (again.code, again.error["reason"]) == (1, "disclosure_not_open")
    assert actions(product) == [
        ("registry:disclosure:proposed", "cli:sato"),
        ("registry:disclosure:approved", "cli:suzuki"),
        ("registry:disclosure:ended", "cli:suzuki"),
    ]


def test_disclosure__to_somebody_else_or_without_a_basis__is_refused(
    product: Path, tmp_path: Path
) -> None:
    basis = tmp_path / "request.pdf"
    missing = propose(product, basis)
    assert (missing.code, missing.error["reason"]) == (2, "file_unreadable")
    basis.write_bytes(b"a request")
    broker = propose(product, basis, to="B1")
    assert (broker.code, broker.error["reason"]) == (1, "field_invalid")
    assert propose(product, basis, to="NOBODY").error["reason"] == "institution_unknown"
    assert inside("disclosure", "list", "--json", data=product).document == {"disclosures": []}
