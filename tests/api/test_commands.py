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

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.api.signing import (
    DOCUMENT,
    account,
    approved,
    delivered,
    done,
    ordered,
    prepared,
    signed,
    stored_of,
)
from tests.support.office import PRODUCT

from genbo.governance import CommandState, Duty
from genbo.kernel import Digest, Reference
from genbo.token import Act

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


# Asked about, prepared -------------------------------------------------------------------------------


def test_dry_run__of_what_the_contract_would_do_or_refuse__says_so_and_stores_nothing(
    world: World,
) -> None:
    before = how_many(world)
    good = world.order("R1", ISSUES, an_issue("C-2"), mode="dry_run")
    assert (good.status_code, good.json()) == (200, {"allowed": True, "refusal": None})
    bad = world.order("R1", ISSUES, an_issue("C-2", 0), mode="dry_run").json()
    assert bad["allowed"] is False
    assert (bad["refusal"]["reason"], bad["refusal"]["status"]) == ("zero_units", 422)
    nobody = {**an_issue("C-2"), "maker": {"account": account("market-1")}}
    told = world.order("R1", ISSUES, nobody, mode="dry_run").json()
    assert told["refusal"]["reason"] == "duty_missing"
    assert how_many(world) == before


def test_prepare__again_and_again__is_the_same_and_stores_nothing(world: World) -> None:
    before = how_many(world)
    one, two = (
        prepared(world, "R1", ISSUES, an_issue("C-3"), maker="issue-1", key="c-3") for _ in range(2)
    )
    assert one == two
    assert one["act"] == "issue"
    assert how_many(world) == before
    missing = world.order("R1", ISSUES, an_issue("C-3"), mode="prepare")
    assert (missing.status_code, refused(missing)) == (422, "request_malformed")


# The same key ------------------------------------------------------------------------------------------


def test_same_key__same_body__is_the_stored_answer_and_another_body_is_refused(
    world: World,
) -> None:
    first = ordered(world, "R1", ISSUES, an_issue("C-4"), maker="issue-1", key="c-4")
    again = ordered(world, "R1", ISSUES, an_issue("C-4"), maker="issue-1", key="c-4")
    assert first.json() == again.json()
    assert approved(world, "R1", first.json()["command"], by="issue-3").status_code == 201
    delivered(world, first.json()["command"])
    late = ordered(world, "R1", ISSUES, an_issue("C-4"), maker="issue-1", key="c-4")
    assert late.status_code == 201  # although the ledger would refuse the reference now
    assert late.json()["command"] == first.json()["command"]
    other = ordered(world, "R1", ISSUES, an_issue("C-4", 11), maker="issue-1", key="c-4")
    assert (other.status_code, refused(other)) == (422, "command_key_reused")


def test_hundred_at_once__with_one_key__are_one_command_and_one_act(world: World) -> None:
    before, supply = how_many(world), total(world)
    body = an_issue("C-5", 7)
    told = prepared(world, "R1", ISSUES, body, maker="issue-1", key="c-5")
    whole = {**body, "maker": signed("issue-1", told)}
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: world.order("R1", ISSUES, whole, key="c-5"), range(100)))
    assert {each.status_code for each in answers} == {201}
    assert {each.json()["command"] for each in answers} == {told["command"]}
    assert how_many(world) == before + 1
    shown = world.order(
        "R1",
        f"/commands/{told['command']}/approvals",
        {"account": account("issue-2")},
        mode="prepare",
    ).json()
    approval = signed("issue-2", shown)
    with ThreadPoolExecutor(100) as pool:
        answers = list(
            pool.map(
                lambda _: world.order("R1", f"/commands/{told['command']}/approvals", approval),
                range(100),
            )
        )
    assert {each.status_code for each in answers} == {201}
    delivered(world, told["command"])
    assert total(world) == supply + 7
    assert len(stored_of(world, told["command"]).approvals) == 2


# Signatures that do not count --------------------------------------------------------------------------


def test_signature__of_somebody_else_or_over_other_bytes__is_invalid(world: World) -> None:
    before = how_many(world)
    body = an_issue("C-6")
    told = prepared(world, "R1", ISSUES, body, maker="issue-1", key="c-6")
    other = prepared(world, "R1", ISSUES, an_issue("C-6", 11), maker="issue-1", key="c-6")
    elsewhere = prepared(world, "R1", ISSUES, body, maker="issue-1", key="c-6-other")
    right = signed("issue-1", told)
    for forged in (
        {**signed("issue-2", told), "account": account("issue-1")},
        {**right, "signature": signed("issue-1", other)["signature"]},
        {**right, "signature": signed("issue-1", elsewhere)["signature"]},
        {**right, "signature": "0x" + 130 * "0"},
        {**right, "signature": right["signature"][:-2] + "ff"},
        {**right, "signature": signed("issue-1", told, safe=True)["safe_signature"]},
    ):
        answer = world.order("R1", ISSUES, {**body, "maker": forged}, key="c-6")
        assert (answer.status_code, refused(answer)) == (422, "signature_invalid")
    assert how_many(world) == before
    wrong = {**right, "safe_signature": right["signature"], "safe_nonce": 3}
    answer = world.order("R1", ISSUES, {**body, "maker": wrong}, key="c-6")
    assert refused(answer) == "signature_invalid"
    assert how_many(world) == before


def test_signature__of_an_approval__is_not_good_for_another_command(world: World) -> None:
    one, two = (
        ordered(world, "R1", ISSUES, an_issue(f"C-7-{n}"), maker="issue-1", key=f"c-7-{n}").json()
        for n in (1, 2)
    )
    path = "/commands/{}/approvals"
    told = world.order(
        "R1", path.format(one["command"]), {"account": account("issue-2")}, mode="prepare"
    )
    answer = world.order("R1", path.format(two["command"]), signed("issue-2", told.json()))
    assert (answer.status_code, refused(answer)) == (422, "signature_invalid")
    assert world.ask("R1", f"/commands/{two['command']}").json()["state"] == "checked"


def test_account__without_the_duty__may_not_make_it(world: World) -> None:
    body = {**an_issue("C-8"), "maker": {"account": account("repair-1")}}
    answer = world.order("R1", ISSUES, body, mode="prepare")
    assert (answer.status_code, refused(answer)) == (403, "duty_missing")


# Refused by the contract -------------------------------------------------------------------------------


def test_refused__by_the_contract__is_a_problem_and_is_kept(world: World) -> None:
    body = an_issue("C-9", 10**9)
    answer = ordered(world, "R1", ISSUES, body, maker="issue-1", key="c-9")
    assert (answer.status_code, refused(answer)) == (409, "cap_exceeded")
    kept = world.ask("R1", f"/commands/{answer.json()['facts']['command']}").json()
    assert (kept["state"], kept["refusal"]["reason"]) == ("refused", "cap_exceeded")
    again = ordered(world, "R1", ISSUES, body, maker="issue-1", key="c-9")
    assert again.json()["facts"] == answer.json()["facts"]


# The second person -------------------------------------------------------------------------------------


def test_approval__by_the_maker_a_stranger_or_twice__adds_nobody(world: World) -> None:
    one = ordered(world, "R1", ISSUES, an_issue("C-10"), maker="issue-1", key="c-10").json()
    path = f"/commands/{one['command']}/approvals"
    for name, reason in (("issue-1", "same_person"), ("repair-1", "duty_missing")):
        told = world.order("R1", path, {"account": account(name)}, mode="prepare")
        assert refused(told) == reason
        asked = world.order("R1", path, {"account": account(name)}, mode="dry_run").json()
        assert asked["refusal"]["reason"] == reason
        mine = {"account": account(name), "signature": "0x" + 130 * "1"}
        assert refused(world.order("R1", path, mine)) == reason
    assert approved(world, "R1", one["command"], by="issue-3").json()["state"] == "queued"
    told = world.order("R1", path, {"account": account("issue-3")}, mode="prepare").json()
    again = world.order("R1", path, signed("issue-3", told))
    assert (again.status_code, len(again.json()["signatures"])) == (201, 2)
    late = world.order("R1", path, {"account": account("issue-2")}, mode="prepare")
    assert refused(late) == "command_not_open"
    delivered(world, one["command"])


def test_safe_signatures__given_with_both__carry_the_act_without_any_key_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = world.firm.office
    body = an_issue("C-11")
    one = ordered(world, "R1", ISSUES, body, maker="issue-1", key="c-11", safe=True).json()
    assert approved(world, "R1", one["command"], by="issue-2", safe=True).status_code == 201
    owners = {account(name) for name in ("issue-1", "issue-2", "issue-3")}
    found = office.ring.signer_of
    monkeypatch.setattr(office.ring, "signer_of", lambda one: None if one in owners else found(one))
    assert delivered(world, one["command"]).outcome.reason is None


def test_safe_signatures__over_a_number_that_is_used__are_given_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = world.firm.office
    late, first = (
        ordered(world, "R1", ISSUES, an_issue(ref), maker="issue-1", key=ref, safe=True).json()
        for ref in ("C-12", "C-13")
    )
    approved(world, "R1", first["command"], by="issue-2", safe=True)
    delivered(world, first["command"])
    owners = {account(name) for name in ("issue-1", "issue-2", "issue-3")}
    found = office.ring.signer_of
    monkeypatch.setattr(office.ring, "signer_of", lambda one: None if one in owners else found(one))
    approved(world, "R1", late["command"], by="issue-2", safe=True)
    office.courier.turn_all()
    assert stored_of(world, late["command"]).state is CommandState.QUEUED
    path = f"/commands/{late['command']}/safe-signatures"
    stranger = world.order("R1", path, {"account": account("issue-3")}, mode="prepare")
    assert refused(stranger) == "duty_missing"
    told = world.order("R1", path, {"account": account("issue-1")}, mode="prepare").json()
    again = signed("issue-1", told, safe=True)
    del again["signature"]
    assert world.order("R1", path, again).status_code == 201
    assert delivered(world, late["command"]).outcome.reason is None


# Taking back -------------------------------------------------------------------------------------------


def test_withdrawal__before_it_is_queued__takes_it_back(world: World) -> None:
    one = ordered(world, "R1", ISSUES, an_issue("C-14"), maker="issue-1", key="c-14").json()
    path = f"/commands/{one['command']}/withdrawal"
    assert refused(world.order("R2", path)) == "not_found"
    taken = world.order("R1", path)
    assert (taken.status_code, taken.json()["state"]) == (201, "superseded")
    assert world.order("R1", path).json()["state"] == "superseded"
    told = world.order(
        "R1",
        f"/commands/{one['command']}/approvals",
        {"account": account("issue-2")},
        mode="prepare",
    )
    assert refused(told) == "command_not_open"
    queued = done(world, "R1", ISSUES, an_issue("C-15"), people=("issue-1", "issue-2"), key="c-15")
    late = world.order("R1", f"/commands/{queued.id}/withdrawal")
    assert (late.status_code, refused(late)) == (409, "command_not_open")


def test_withdrawal__of_what_no_machine_of_theirs_ordered__is_refused(world: World) -> None:
    office = world.firm.office
    act = Act(ref=Reference("C-16"), evidence=Digest("0x" + 64 * "a"))
    call = office.token(PRODUCT).issue([world.firm.address(0)], [1], act)
    stored = office.approvals.propose(
        call, Duty.ISSUER, maker="issue-1", key="by-hand", product=PRODUCT, ref=act.ref
    )
    answer = world.order("R1", f"/commands/{stored.id}/withdrawal")
    assert (answer.status_code, refused(answer)) == (403, "duty_missing")
    told = world.order(
        "R1", f"/commands/{stored.id}/approvals", {"account": account("issue-2")}, mode="prepare"
    )
    assert told.status_code == 200  # its people may approve it all the same


# Others ------------------------------------------------------------------------------------------------


def test_others__see_and_order_nothing_of_it(world: World) -> None:
    one = ordered(world, "R1", ISSUES, an_issue("C-17"), maker="issue-1", key="c-17").json()
    body = {**an_issue("C-18"), "maker": {"account": account("issue-1")}}
    for mode in ("dry_run", "prepare", "submit"):
        answer = world.order("R2", ISSUES, body, mode=mode)
        assert (answer.status_code, refused(answer)) == (404, "not_found")
        assert refused(world.order("B1", ISSUES, body, mode=mode)) == "route_unknown"
    path = f"/commands/{one['command']}"
    assert refused(world.ask("R2", path)) == "not_found"
    assert refused(world.ask("PF", path)) == "not_found"
    assert refused(world.ask("B1", path)) == "route_unknown"
    assert refused(world.ask("R1", f"/commands/{32 * '0'}")) == "not_found"
    mine = {"account": account("issue-2")}
    assert refused(world.order("R2", f"{path}/approvals", mine, mode="prepare")) == "not_found"
    assert world.ask("R2", "/commands").json()["items"] == []
    wrong = world.client.post(
        f"/v1{ISSUES}", json=body, headers={"Authorization": "Bearer R1:reference"}
    )
    assert refused(wrong) == "scope_missing"


def test_list__in_pages_by_state_and_product__is_whole(world: World) -> None:
    whole = world.ask("R1", "/commands", params={"limit": 1000, "product": "P1"}).json()["items"]
    parts, cursor = [], None
    while True:
        query = {"limit": 7, "product": "P1"} | ({"cursor": cursor} if cursor else {})
        told = world.ask("R1", "/commands", params=query).json()
        parts += told["items"]
        if (cursor := told["next"]) is None:
            break
    assert [each["command"] for each in parts] == [each["command"] for each in whole]
    waiting = world.ask("R1", "/commands", params={"state": "checked"}).json()["items"]
    assert {each["state"] for each in waiting} == {"checked"}
    assert refused(world.ask("R1", "/commands", params={"product": "P9"})) == "not_found"


def test_records__of_an_order__name_the_credential_and_the_maker(world: World) -> None:
    one = ordered(world, "R1", ISSUES, an_issue("C-19"), maker="issue-1", key="c-19").json()
    with world.firm.office.house.database.read() as connection:
        rows = connection.execute(
            text("SELECT actor, facts FROM audit WHERE command = :id ORDER BY number"),
            {"id": one["command"]},
        ).all()
    assert [row.actor for row in rows] == ["machine:K-R1-update"]
    assert rows[0].facts["maker"] == "issue-1"
    assert rows[0].facts["document"] == "DOC-1"
