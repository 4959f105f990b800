"""Commands and jobs from the command line, of the system that the demo left behind.

given a demo that was run
├── it should list its commands, those of one product, the refused ones with their reasons
├── it should show one, and say of an unknown one what to do
├── its evidence should verify from the file alone, and on the chain; and not when it was changed
├── an act that has ended should be neither approved nor withdrawn
└── its bulk acts should be done, with their rows
given a system split into roles
├── whoever orders should be served by the sender that runs
├── when that sender is killed: another should take over
└── each should end by itself when it is asked to
"""

from __future__ import annotations

import base64
import json
import secrets
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.test_outside import ask, server
from tests.support.chain import anvil
from tests.support.command import EXAMPLE, inside, running

from genbo.storage.server import EmbeddedServer

__all__ = ["server"]

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture(scope="module")
def listed(kept: Path) -> list[dict[str, Any]]:
    ran = inside("command", "list", "--last", 500, "--json", data=kept)
    assert ran.code == 0
    commands: list[dict[str, Any]] = ran.document["commands"]
    return commands


def test_list__of_the_demo__has_every_act_and_refusal(listed: list[dict[str, Any]]) -> None:
    assert {each["state"] for each in listed} == {"final", "refused"}
    refused = [each for each in listed if each["state"] == "refused"]
    assert len(refused) >= 15
    assert all(each["reason"] for each in refused)
    on_ledger = [each for each in listed if each["state"] == "final" and each["tx"]]
    assert all(each["block"] and each["gas_used"] for each in on_ledger)
    assert len({each["tx"] for each in on_ledger}) == len(on_ledger)
    two = [each for each in on_ledger if each["duty"] in ("ISSUER", "REPAIRER", "RESUMER")]
    assert two
    assert all(each["approvers"] and each["maker"] not in each["approvers"] for each in two)


def test_list__of_one_product__has_only_its_own(kept: Path, listed: list[dict[str, Any]]) -> None:
    ran = inside("command", "list", "--product", PRODUCT, "--last", 500, "--json", data=kept)
    assert {each["product"] for each in ran.document["commands"]} == {PRODUCT}
    waiting = inside("command", "list", "--waiting", "--json", data=kept)
    assert waiting.document["commands"] == []
    people = inside("command", "list", "--last", 3, data=kept)
    assert "3 commands" in people.out


def test_show__one__tells_what_became_of_it(kept: Path, listed: list[dict[str, Any]]) -> None:
    refused = next(each for each in listed if each["reason"] == "reference_used")
    shown = inside("command", "show", refused["command"], data=kept)
    assert shown.code == 0
    assert "reference" in shown.out
    unknown = inside("command", "show", "0" * 32, data=kept)
    assert unknown.code == 1
    assert unknown.line.startswith("command_unknown: ")


def test_evidence__of_a_forced_transfer__proves_it_and_only_it(
    kept: Path, listed: list[dict[str, Any]], tmp_path: Path
) -> None:
    forced = next(
        each for each in listed if each["what"].startswith("forced transfer") and each["tx"]
    )
    file = tmp_path / "evidence.json"
    assert inside("command", "export", forced["command"], file, data=kept).code == 0
    nowhere = tmp_path / "nowhere"
    alone = inside("command", "verify", file, "--json", data=nowhere)
    assert (alone.code, alone.document["holds"]) == (0, True)
    door = json.loads((kept / "door.json").read_text())
    with_node = inside("command", "verify", file, "--node", door["node_url"], data=nowhere)
    assert with_node.code == 0, with_node.out
    assert "carries exactly the approved bytes" in with_node.out
    document = json.loads(file.read_text())
    document["signatures"].pop()
    file.write_text(json.dumps(document))
    changed = inside("command", "verify", file, data=nowhere)
    assert changed.code == 1
    assert "BROKEN" in changed.out
    file.write_text("{}")
    foreign = inside("command", "verify", file, data=nowhere)
    assert (foreign.code, foreign.line.split(":")[0]) == (2, "file_unreadable")


def test_approve__of_an_ended_act__is_refused(kept: Path, listed: list[dict[str, Any]]) -> None:
    forced = next(
        each for each in listed if each["what"].startswith("forced transfer") and each["tx"]
    )
    approve = inside("command", "approve", forced["command"], "--as", "repair-3", data=kept)
    assert (approve.code, approve.line.split(":")[0]) == (1, "command_not_open")
    maker = forced["maker"]
    withdraw = inside("command", "withdraw", forced["command"], "--as", maker, data=kept)
    assert (withdraw.code, withdraw.line.split(":")[0]) == (1, "command_not_open")


def test_jobs__of_the_demo__are_done(kept: Path) -> None:
    jobs = inside("job", "list", "--json", data=kept).document["jobs"]
    assert {each["state"] for each in jobs} == {"done"}
    assert max(each["done"] for each in jobs) >= 503
    one = inside("job", "show", jobs[0]["job"], data=kept)
    assert (one.code, "done" in one.out) == (0, True)
    again = inside("job", "resume", jobs[0]["job"], "--json", data=kept)
    assert again.document["done"] == jobs[0]["done"]
    cancelled = inside("job", "cancel", jobs[0]["job"], "--json", data=kept)
    assert cancelled.document["state"] == "done"
    unknown = inside("job", "show", "0" * 32, data=kept)
    assert (unknown.code, unknown.line.split(":")[0]) == (1, "job_unknown")


@pytest.mark.anvil
def test_roles__split_over_processes__share_the_work(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.create_database("roles")
    url = server.url("roles").render_as_string(hide_password=False)
    kek = tmp_path / "kek"
    kek.touch(mode=0o600)
    kek.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    data = tmp_path / "data"
    with anvil("--accounts", "30") as (node, _):
        settings = {"data": data, "node_url": node, "database_url": url, "kek_file": kek}
        assert inside("up", "--once", "--migrate", **settings).code == 0
        assert inside("firm", "register", EXAMPLE / "firms.yaml", **settings).code == 0
        assert inside("product", "create", EXAMPLE / "product.yaml", **settings).code == 0
        with (
            running("up", "--role", "indexer", **settings) as indexer,
            running("up", "--role", "sender", "--role", "jobs", **settings) as first,
            running("up", "--role", "sender", **settings) as second,
        ):
            for each in (indexer, first, second):
                each.await_line("Ctrl-C ends it.")
            investors = EXAMPLE / "other-investors.csv"
            imported = inside("investor", "import", investors, "--product", PRODUCT, **settings)
            assert imported.code == 0, imported.err
            signers = ask(url, "SELECT count(*) FROM signer WHERE led_by IS NOT NULL")
            assert signers[0][0] >= 1
            assert first.end(signal.SIGKILL).code == -signal.SIGKILL
            held = inside("check", "--json", **settings)
            assert (held.code, held.document["holds"]) == (0, True), held.out
            states = ask(url, "SELECT DISTINCT state FROM command")
            assert states == [("final",)]
            assert second.end(signal.SIGTERM).code == 0
            assert indexer.end(signal.SIGINT).code == 0
