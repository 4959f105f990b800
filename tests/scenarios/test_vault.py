"""The vault by its commands: another key, in a service; what is kept for how long; an erasure by two.

given a system that runs with the key file of its data folder
├── when the key of a Vault is put first and `genbo vault rotate` is run
│   ├── it should wrap everything by it, and work without the file from then on
│   └── it should be refused when another key is first
├── when the Vault is sealed
│   └── it should end with 2 and say what to do, and open nobody
├── when a relation has ended
│   └── it should say until when the data is kept, and refuse the erasure
└── when the key ring file is none
    └── it should end with 2
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, Ran, inside
from tests.support.key_services import TransitTwin, served

PRODUCT = "SHIBUYA-JINNAN"


@dataclass
class Place:
    data: Path
    twin: TransitTwin
    token: Path

    def run(self, *arguments: object, kek: str | None = None) -> Ran:
        given: dict[str, object] = {"data": self.data}
        if kek is not None:
            given["kek"] = kek
            if "vault:" in kek:
                given |= {"vault_url": self.twin.url, "vault_token_file": self.token}
        return inside(*arguments, **given)

    @property
    def file(self) -> str:
        return f"file:{self.data / 'kek.key'}"


@pytest.fixture
def place(founded: Path, tmp_path: Path) -> Iterator[Place]:
    """A system at rest with one investor, and a Vault beside it."""
    token = tmp_path / "token"
    token.write_text("hvs.example")
    token.chmod(0o600)
    twin = TransitTwin()
    twin.make("genbo")
    file = tmp_path / "investors.csv"
    file.write_text(
        "investor_id,investor_type,investor_class,investor_name,registered_address,safekeeping_kind\n"
        "IV-1,individual,individual,架空　花子,東京都架空区1,self\n",
        "utf-8",
    )
    with served(twin):
        made = Place(founded, twin, token)
        imported = made.run("investor", "import", file)
        assert imported.code == 0, imported.err
        yield made


def test_rotate__to_a_vault__works_without_the_file_from_then_on(place: Place) -> None:
    both = f"vault:transit/genbo,{place.file}"
    wrong = place.run("vault", "rotate", "--to", "vault:transit/genbo:v1", kek=place.file)
    assert (wrong.code, wrong.out) == (2, "")
    assert "name the new key first" in wrong.line
    before = place.run("vault", "show", "--json", kek=both).document["keks"]
    assert [each["keys"] for each in before] == [0, 3]
    turned = place.run("vault", "rotate", "--to", "vault:transit/genbo:v1", "--json", kek=both)
    assert turned.document == {"kek": "vault:transit/genbo:v1", "rewrapped": 3, "remaining": 0}
    (place.data / "kek.key").rename(place.data.parent / "destroyed")
    alone = "vault:transit/genbo"
    found = place.run("vault", "show", "--json", kek=alone).document["keks"]
    assert [(each["kek"], each["keys"]) for each in found] == [("vault:transit/genbo:v1", 3)]
    reindexed = place.run("vault", "reindex", "--json", kek=alone)
    assert reindexed.document == {"rows": 2}
    place.twin.rotate("genbo")
    again = place.run("vault", "rotate", "--json", kek=alone)
    assert again.document == {"kek": "vault:transit/genbo:v2", "rewrapped": 3, "remaining": 0}
    place.twin.sealed = True
    sealed = place.run("vault", "reindex", kek=alone)
    assert (sealed.code, sealed.out) == (2, "")
    assert sealed.line.startswith("key_service_unavailable: The key service vault:transit/genbo")
    assert "unseal it" in sealed.line
    # Whatever needs no personal data goes on.
    assert place.run("command", "list", kek=alone).code == 0
    assert place.run("health", "--json", kek=alone).code == 0
    assert "開封できません" in place.run("vault", "show", "--lang", "ja", kek=alone).line


def test_retention__relation_ended__says_until_when_and_refuses(place: Place) -> None:
    ended = place.run("vault", "end", "IV-1", "--on", "2026-03-31", "--evidence-ref", "END-1")
    assert ended.code == 0, ended.err
    held = place.run("vault", "hold", "IV-1", "--reference", "SUIT-1")
    assert held.code == 0
    told = place.run("vault", "retention", "IV-1", "--json").document
    assert told["earliest_erasure"] is None
    assert {each["ground"]: each["until"] for each in told["grounds"]} == {
        "legal_hold": None,
        "books": "2036-03-31",
        "identification": "2033-03-31",
    }
    evidence = EXAMPLE / "product.yaml"
    order = ("erase", "IV-1", "--ground", "RET-1", "--evidence", evidence, "--as", "repair-1")
    refused = place.run("vault", *order)
    assert (refused.code, refused.out) == (1, "")
    assert refused.line.startswith("retention_not_over: ")
    assert "SUIT-1" in refused.line
    same = place.run("vault", "lift", "IV-1", "--reference", "SUIT-1", "--ground", "G-1", "--json")
    assert same.error["reason"] == "same_person"
    unknown = place.run("vault", "approve", "0" * 32, "--as", "repair-2", "--json")
    assert unknown.error["reason"] == "command_unknown"
    day = place.run("vault", "end", "IV-1", "--on", "soon", "--evidence-ref", "E", "--json")
    assert day.error["reason"] == "field_invalid"


def test_keys_restore__no_key_ring_file__is_refused(place: Place, tmp_path: Path) -> None:
    assert place.run("vault", "keys-restore", tmp_path / "none").code == 2
    assert place.run("vault", "keys-restore", EXAMPLE / "product.yaml").code == 2
    kept = tmp_path / "keys.json"
    assert place.run("vault", "keys-export", kept, "--json").document["file"] == str(kept)
    assert kept.stat().st_mode & 0o077 == 0
    restored = place.run("vault", "keys-restore", kept, "--json")
    assert restored.document == {"opened": 3, "erased": 0}
