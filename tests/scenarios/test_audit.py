"""The audit chain as an auditor meets it: verified, exported, anchored on the ledger, and found out when altered.

given a system in which the whole life of a product happened
├── it should verify, from the database and from an export, with the same head
└── it should hold no personal data
given a day that is over
├── when it is anchored
│   ├── it should stand on the ledger, and the contract itself should prove that an entry belongs to it
│   └── it should change nothing when it is done again, also by somebody who was interrupted in the middle
├── when its end was cut off, or it was written anew with every hash
│   └── it should be found out by the ledger
└── when it is not over, or has no entries
    └── it should be refused and change nothing
given an export that somebody changed
└── it should name the first entry that does not fit, without a database
given a register that is printed with names
└── it should leave an entry that vouches for the reading
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import Ran, inside, personal_data, running
from tests.support.database import database_of, everything

from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.deployments import load
from genbo.chain.merkle import MerkleTree, Record
from genbo.chain.remote import connect
from genbo.governance.audit import entry_bytes
from genbo.governance.audit_walk import read_line

DAY = "2024-08-30"
"""The last day of the demo."""


@pytest.fixture(scope="module")
def up(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A copy of the demo's data folder, in which `genbo up` runs, and the address of its chain."""
    data = tmp_path_factory.mktemp("audited") / "data"
    subprocess.run(["cp", "-a", told.at_rest, data], check=True)
    with running("up", "--port", 0, "--json", data=data) as process:
        url = process.await_document()["node_url"]
        yield data, url
        assert process.end().code == 0


def audit(data: Path, *arguments: object, **settings: object) -> Ran:
    return inside("audit", *arguments, data=data, **settings)


def exported(data: Path, folder: Path) -> list[str]:
    file = folder / "audit.jsonl"
    assert audit(data, "export", file).code == 0
    assert file.stat().st_mode & 0o077 == 0
    return file.read_text("utf-8").splitlines()


def verified(lines: list[str], folder: Path, **settings: object) -> Ran:
    file = folder / "changed.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return audit(folder / "nothing", "verify", "--from", file, "--json", **settings)


# Everything fits -------------------------------------------------------------------------------------


def test_verify__life_of_a_product__fits_in_the_database_and_in_an_export(
    up: tuple[Path, str], tmp_path: Path
) -> None:
    data, url = up
    lines = exported(data, tmp_path)
    stored = audit(data, "verify", "--json")
    assert stored.code == 0, stored.err
    here = stored.document
    assert (here["holds"], here["compared_with_rows"], here["compared_with_ledger"]) == (
        True,
        True,
        True,
    )
    assert here["entries"] > 1_600
    alone = verified(lines, tmp_path)
    assert alone.code == 0
    assert (alone.document["head"], alone.document["entries"]) == (here["head"], here["entries"])
    assert alone.document["compared_with_ledger"] is False
    with_node = verified(lines, tmp_path, node_url=url)
    assert with_node.document["compared_with_ledger"] is True
    assert not (tmp_path / "nothing").exists()


def test_export__life_of_a_product__holds_no_personal_data(
    up: tuple[Path, str], tmp_path: Path
) -> None:
    text = "\n".join(exported(up[0], tmp_path))
    assert not [each for each in personal_data() if each in text]


def test_show__by_what_it_is_about__finds_the_entries(up: tuple[Path, str]) -> None:
    data, _ = up
    shown = audit(data, "show", "--action", "registry:wallet:replaced", "--json").document["shown"]
    assert [each["product"] for each in shown] == ["SHIBUYA-JINNAN"]
    investor = shown[0]["subject"]
    history = audit(data, "show", "--subject", investor, "--json").document["shown"]
    assert [each["action"] for each in history] == [
        "registry:investor:registered",
        "registry:verdict:recorded",
        "registry:wallet:assigned",
        "registry:wallet:replaced",
        "registry:wallet:assigned",
    ]
    one = audit(data, "show", "--number", shown[0]["number"], "--json").document["shown"]
    assert one == shown
    assert "アドレスを差し替えた" in audit(data, "show", "--subject", investor, "--lang", "ja").out
    refused = audit(data, "show", "--action", "registry:nothing:done")
    assert (refused.code, "there is no action" in refused.err) == (2, True)


def test_register_show__with_names__leaves_an_entry_that_vouches_for_the_reading(
    up: tuple[Path, str],
) -> None:
    data, _ = up
    asked = ("register", "show", "--product", "SHIBUYA-JINNAN", "--as-of", "2022-01-31")
    before = audit(data, "verify", "--json").document
    assert inside(*asked, data=data).code == 0
    assert audit(data, "verify", "--json").document == before
    assert inside(*asked, "--names", data=data).code == 0
    (entry,) = audit(data, "show", "--last", "1", "--json").document["shown"]
    assert entry["action"] == "registry:personal_data:read"
    assert entry["number"] == before["entries"] + 1
    assert entry["facts"]["investors"] == 503
    with database_of(data) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE reading SET actor = actor || 'x' WHERE reading_id = %s",
            [entry["facts"]["reading"]],
        )
    altered = audit(data, "verify", "--json")
    assert (altered.code, altered.document["first"]["number"]) == (1, entry["number"])
    assert altered.document["first"]["what"] == "row"
    checked = inside("check", data=data)
    assert checked.code == 1
    assert "BROKEN  system   6. Audit chain" in checked.out
    assert f"entry {entry['number']}, row: expected reading/" in checked.out
    with database_of(data) as connection:
        connection.execute("UPDATE reading SET actor = rtrim(actor, 'x')")
    assert audit(data, "verify").code == 0


# The ledger ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def anchored(up: tuple[Path, str]) -> dict[str, Any]:
    document: dict[str, Any] = audit(up[0], "anchor", "--day", DAY, "--json").document
    return document


def test_anchor__day_that_is_over__stands_on_the_ledger(
    up: tuple[Path, str], anchored: dict[str, Any], tmp_path: Path
) -> None:
    data, url = up
    assert anchored["already"] is False
    document = audit(data, "verify", "--json").document
    assert document["days_anchored"] == [DAY]
    assert document["anchored_through"] == anchored["last"]
    assert document["subject"] == anchored["subject"]
    lines = exported(data, tmp_path)
    assert verified(lines, tmp_path, node_url=url).document["days_anchored"] == [DAY]


def test_anchor__entry_of_the_day__is_proved_by_the_contract(
    up: tuple[Path, str], anchored: dict[str, Any], tmp_path: Path
) -> None:
    """Whoever is given one entry and the hash before it needs nothing else of the chain."""
    data, url = up
    entries = [read_line(line) for line in exported(data, tmp_path)[1:]]
    its = [each for each in entries if anchored["first"] <= each.number <= anchored["last"]]
    records = [Record(entry_bytes(each.members), each.previous) for each in its]
    tree = MerkleTree.of(records)
    assert (tree.root, len(tree)) == (anchored["root"], anchored["leaves"])
    node = connect(url)
    kind, day = AnchorKind.AUDIT_DAY, date.fromisoformat(DAY)
    contract = RegisterAnchor(node, load(data / "deployments", node.chain_id).anchor)
    for record in records:
        proof, forged = tree.proof(record.leaf()), Record(record.content + b" ", record.secret)
        proves = [
            contract.proves(kind, anchored["subject"], day, record=each, proof=proof).value
            for each in (record, forged)
        ]
        assert proves == [True, False]


def test_anchor__again__changes_nothing(up: tuple[Path, str], anchored: dict[str, Any]) -> None:
    data, _ = up
    before = everything(data)
    again = audit(data, "anchor", "--day", DAY, "--json").document
    assert again == anchored | {"already": True, "block": again["block"]}
    assert everything(data) == before


def test_anchor__interrupted_between_ledger_and_chain__goes_on(
    up: tuple[Path, str], anchored: dict[str, Any]
) -> None:
    """The entry that says so is gone, as if its process had been killed before it was written."""
    data, _ = up
    with database_of(data) as connection:
        connection.execute("SET session_replication_role = replica")
        gone = connection.execute(
            "SELECT * FROM audit WHERE number >= (SELECT number FROM audit"
            " WHERE action = 'audit:day:anchored') ORDER BY number"
        ).fetchall()
        connection.execute("DELETE FROM audit WHERE number >= %s", [gone[0]["number"]])
    assert audit(data, "anchor", "--day", DAY, "--json").document["already"] is True
    (entry,) = audit(data, "show", "--last", "1", "--json").document["shown"]
    assert (entry["action"], entry["number"]) == ("audit:day:anchored", gone[0]["number"])
    assert audit(data, "verify").code == 0


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2021-07-10", "day_empty"), ("2199-01-01", "day_not_over")],
)
def test_anchor__day_that_cannot_be__is_refused_and_changes_nothing(
    up: tuple[Path, str], day: str, reason: str
) -> None:
    data, _ = up
    before = everything(data)
    refused = audit(data, "anchor", "--day", day, "--json")
    assert (refused.code, refused.error["reason"]) == (1, reason)
    assert everything(data) == before
    malformed = audit(data, "anchor", "--day", "2022-01-31T10:00:00Z")
    assert (malformed.code, "is no day" in malformed.err) == (2, True)


def test_verify__anchored_day_was_cut_off__is_found_out_by_the_ledger(
    up: tuple[Path, str], anchored: dict[str, Any], tmp_path: Path
) -> None:
    """All entries from within the day on are gone, with a heading that fits: nothing else would show it."""
    data, url = up
    lines = exported(data, tmp_path)
    kept = lines[: anchored["last"]]  # the heading and one entry less than the day has
    last = json.loads(kept[-1])
    heading = json.loads(lines[0]) | {"entries": len(kept) - 1, "head": last["hash"]}
    cut = [json.dumps(heading), *kept[1:]]
    assert verified(cut, tmp_path).code == 0
    ran = verified(cut, tmp_path, node_url=url)
    assert ran.code == 1
    first = ran.document["first"]
    assert first["what"] == "anchor"
    assert anchored["root"] in first["expected"]
    assert f"{DAY}: {anchored['leaves']:,} entries" in first["expected"]
    assert f"{DAY}: {anchored['leaves'] - 1:,} entries" in first["found"]


# An export that somebody changed ---------------------------------------------------------------------


def test_verify__export_changed__names_the_first_entry_that_does_not_fit(
    up: tuple[Path, str], tmp_path: Path
) -> None:
    lines = exported(up[0], tmp_path)
    changed = json.loads(lines[700])
    changed["entry"]["actor"] = "somebody"
    spoilt = {
        "changed": ([*lines[:700], json.dumps(changed), *lines[701:]], 700, "hash"),
        "removed": ([*lines[:700], *lines[701:]], 700, "number"),
        "swapped": ([*lines[:700], lines[701], lines[700], *lines[702:]], 700, "number"),
        "cut": (lines[:-2], len(lines) - 2, "number"),
    }
    for how, (altered, number, what) in spoilt.items():
        ran = verified(altered, tmp_path)
        first = ran.document["first"]
        assert (ran.code, first["number"], first["what"]) == (1, number, what), how
        assert first["expected"] != first["found"]
    told = audit(tmp_path / "nothing", "verify", "--from", tmp_path / "changed.jsonl")
    assert "DOES NOT FIT: entry" in told.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1 is not the heading"),
        (b"{}\n", "line 1 is not the heading"),
        (b"\xff\xfe", "not UTF-8 text"),
        (None, "no such file"),
    ],
    ids=["empty", "other", "binary", "missing"],
)
def test_verify__file_that_is_no_export__is_one_line_and_2(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "audit.jsonl"
    if content is not None:
        file.write_bytes(content)
    refused = audit(tmp_path / "nothing", "verify", "--from", file)
    assert refused.code == 2
    assert refused.line.startswith("file_unreadable: ")
    assert words in refused.line


def test_verify__export_of_another_chain__is_refused(up: tuple[Path, str], tmp_path: Path) -> None:
    data, url = up
    lines = exported(data, tmp_path)
    heading = json.loads(lines[0]) | {"chain_id": 1}
    refused = verified([json.dumps(heading), *lines[1:]], tmp_path, node_url=url)
    assert (refused.code, refused.error["reason"]) == (2, "chain_mismatch")
