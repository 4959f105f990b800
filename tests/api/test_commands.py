"""Commands through the interface: an issue, which takes two persons, from the order to its block.

given an issue that a registrar's machine orders
├── dry run: allowed, or the contract's reason; nothing is stored
├── prepare: typed data whose hash another library makes as well; nothing is stored
├── submit with the maker's signature: 201, checked; an approver's signature queues it; it reaches its block
│   ├── the same key with the same body: the stored answer; with another body: `command_key_reused`
│   ├── a hundred at once: one command, one act
│   ├── a signature of somebody else, over other bytes, or of another command: `signature_invalid`, nothing stored
│   ├── an account without the duty: `duty_missing`
│   └── an act that the contract refuses: its reason with the command, which is kept as refused
├── approve: by the maker `same_person`; by a stranger `duty_missing`; twice by one: once
├── withdraw: by the institution that ordered it; queued ones are not open
└── another institution: `not_found`; another role: no such route; a reference token: `scope_missing`
"""

from __future__ import annotations

from tests.api.conftest import World
from tests.api.signing import (
    DOCUMENT,
    account,
    approved,
    delivered,
    ordered,
    prepared,
)
from tests.support.office import PRODUCT

ISSUES = "/products/P1/issues"


def an_issue(ref: str, units: int = 10) -> dict[str, object]:
    return {"units": units, "ref": ref, "evidence": DOCUMENT}


def how_many(world: World) -> int:
    return len(world.ask("R1", "/commands", params={"limit": 1000}).json()["items"])


def total(world: World) -> int:
    return int(world.firm.office.token(PRODUCT).total_supply().value)


def test_issue__made_by_one_and_approved_by_another__reaches_its_block(world: World) -> None:
    before = total(world)
    told = prepared(world, "R1", ISSUES, an_issue("C-1"), maker="issue-1", key="c-1")
    assert told["needed"] == 2
    assert account("issue-2") in told["entitled"]
    answer = ordered(world, "R1", ISSUES, an_issue("C-1"), maker="issue-1", key="c-1")
    assert answer.status_code == 201, answer.text
    one = answer.json()
    assert (one["state"], one["command"], one["duty"]) == ("checked", told["command"], "ISSUER")
    assert [each["name"] for each in one["signatures"]] == ["issue-1"]
    second = approved(world, "R1", one["command"], by="issue-2")
    assert (second.status_code, second.json()["state"]) == (201, "queued")
    ended = delivered(world, one["command"])
    assert ended.outcome.reason is None
    assert total(world) == before + 10
    shown = world.ask("R1", f"/commands/{one['command']}").json()
    assert shown["state"] in ("sent", "final")
    assert shown["block"] == ended.outcome.block
    assert [each["name"] for each in shown["signatures"]] == ["issue-1", "issue-2"]
    evidence = world.ask("R1", f"/commands/{one['command']}/evidence").json()
    assert evidence["tx"] == ended.outcome.tx
