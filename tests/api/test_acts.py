"""Acts under a duty through the interface: each from its body to the call, and every no as the ledger says it.

given any act of the table
├── its machine may ask about it, and prepare it for the people who hold its duty
├── what it is told to do is what the ledger then does
└── what the ledger or the registry refuses is told under the same reason
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.api.conftest import World, admit, refused
from tests.api.signing import (
    DOCUMENT,
    account,
    approved,
    delivered,
    done,
    ordered,
    prepared,
    signed,
)
from tests.support.office import PRODUCT

from genbo.api.v1 import ACCESS
from genbo.bootstrap.acts import ACTS, ActName
from genbo.bootstrap.rekeyed import follow_rekeyings
from genbo.bootstrap.split_followed import Splits
from genbo.bootstrap.wallets import issue_challenge, prove_key
from genbo.chain.accounts import account_of
from genbo.chain.networks import EMBEDDED_CHAIN_ID
from genbo.chain.possession import digest_of
from genbo.custody import ProofForm
from genbo.governance import CommandState, Duty, JobId
from genbo.kernel import Address, InvestorId, Reference
from genbo.storage.products import Products
from genbo.storage.verdicts import Verdict, Verdicts

ISSUERS, REPAIRERS = ("issue-1", "issue-2"), ("repair-1", "repair-2")
RELEASERS = ("compliance-1", "compliance-2")
P1 = "/products/P1"
IV1, IV2, IV3, IV4 = ({"investor": f"IV-{number}"} for number in (1, 2, 3, 4))
LATER = "2031-01-01T00:00:00Z"

BENEFICIARY = {
    "address": account_of(InvestorId("IV-0"), PRODUCT, chain_id=EMBEDDED_CHAIN_ID).address.lower()
}
CASES: dict[ActName, tuple[str, str, dict[str, Any]]] = {
    ActName.ISSUE: ("issue-1", f"{P1}/issues", {"units": 1, "ref": "X", "evidence": DOCUMENT}),
    ActName.ALLOT: (
        "distribution-1",
        f"{P1}/allotments",
        {"ref": "X", "rows": [{"investor": "IV-1", "units": 2}]},
    ),
    ActName.REDEEM: (
        "issue-1",
        f"{P1}/redemptions",
        {"ref": "X", "evidence": DOCUMENT, "rows": [{"holder": IV1, "units": 1}]},
    ),
    ActName.SPLIT: (
        "issue-1",
        f"{P1}/splits",
        {"factor": 2, "epoch": 0, "ref": "X", "evidence": DOCUMENT},
    ),
    ActName.PAY_IN_TOKEN: ("issue-1", f"{P1}/distributions/{{distribution}}/token-payments", {}),
    ActName.FREEZE_UNITS: (
        "compliance-1",
        f"{P1}/restrictions",
        {"kind": "units", "holder": IV1, "units": 1},
    ),
    ActName.FREEZE_ADDRESS: (
        "compliance-1",
        f"{P1}/restrictions",
        {"kind": "address", "holder": IV1},
    ),
    ActName.LOCK_UP: (
        "compliance-1",
        f"{P1}/restrictions",
        {"kind": "lock_up", "holder": IV1, "until": LATER},
    ),
    ActName.LOCK_UP_PRODUCT: (
        "compliance-1",
        f"{P1}/restrictions",
        {"kind": "product_lock_up", "until": LATER},
    ),
    ActName.PERMIT_CLASSES: (
        "compliance-1",
        f"{P1}/restrictions",
        {"kind": "permitted_classes", "classes": [0, 1]},
    ),
    ActName.RECORD_VERDICT: ("compliance-1", f"{P1}/verdicts", {"investor": "IV-1"}),
    ActName.UNFREEZE_UNITS: (
        "compliance-2",
        f"{P1}/releases",
        {"kind": "units", "holder": IV1, "units": 1},
    ),
    ActName.UNFREEZE_ADDRESS: (
        "compliance-2",
        f"{P1}/releases",
        {"kind": "address", "holder": IV1},
    ),
    ActName.RELEASE_LOCK_UP: (
        "compliance-2",
        f"{P1}/releases",
        {"kind": "lock_up", "holder": IV1, "until": None},
    ),
    ActName.RELEASE_PRODUCT: (
        "compliance-2",
        f"{P1}/releases",
        {"kind": "product_lock_up", "until": None},
    ),
    ActName.RELEASE_CLASSES: (
        "compliance-2",
        f"{P1}/releases",
        {"kind": "permitted_classes", "classes": [0, 1, 2]},
    ),
    ActName.FORCE_TRANSFER: (
        "repair-1",
        f"{P1}/forced-transfers",
        {"source": IV2, "target": IV1, "units": 1, "ref": "X", "evidence": DOCUMENT},
    ),
    ActName.REVERSE_TRANSFER: (
        "repair-1",
        f"{P1}/reverse-transfers",
        {
            "original": "A-1/1-1",
            "source": IV1,
            "target": BENEFICIARY,
            "units": 10,
            "ref": "X",
            "evidence": DOCUMENT,
        },
    ),
    ActName.REDISTRIBUTE: (
        "repair-1",
        f"{P1}/redistributions",
        {"lost": IV2, "target": IV1, "units": 1, "ref": "X", "evidence": DOCUMENT},
    ),
    ActName.RECREATE: (
        "repair-1",
        f"{P1}/redistributions",
        {"burned": "R-1", "target": IV1, "units": 1, "ref": "X", "evidence": DOCUMENT},
    ),
    ActName.REKEY: (
        "repair-1",
        f"{P1}/rekeyings",
        {"investor": "IV-1", "new": "0x" + 40 * "7", "ref": "X", "evidence": DOCUMENT},
    ),
    ActName.STOP: ("operator-1", "/market/stops", {}),
    ActName.RESUME: ("supervisor-1", "/market/resumptions", {}),
    ActName.OPEN_MARKET: ("market-1", "/market/openings", {"why": "the morning"}),
    ActName.CLOSE_MARKET: ("market-1", "/market/closings", {"why": "the evening"}),
    ActName.SWITCH_GROUP: ("repair-1", "/transfer-groups/{group}/switches", {"enabled": False}),
    ActName.ANCHOR: (
        "anchor-1",
        f"{P1}/register-documents/anchors",
        {},
    ),
}
"""Each act by somebody who may make it."""


def case(world: World, name: ActName) -> tuple[str, str, str, dict[str, Any]]:
    maker, path, body = CASES[name]
    if name is ActName.ANCHOR:
        body = {"as_of": f"block:{world.firm.office.now().number}"}
    group = world.firm.office.platform.group_of(world.firm.office.token(PRODUCT).address).value
    who = "PF" if path.startswith("/market") else "R1"
    return who, path.format(group=group, distribution="D-1"), maker, body


def balances(world: World, *numbers: int) -> list[int]:
    return world.firm.balances(numbers)


# The table -------------------------------------------------------------------------------------------


def test_table__has_every_act_and_every_act_a_route() -> None:
    assert set(ACTS) == set(ActName) == set(CASES)
    routes = {(method, path) for method, path in ACCESS if method == "POST"}
    for name, (_, path, _) in CASES.items():
        route = ("POST", "/v1" + path.replace(P1, "/products/{product}"))
        assert route in routes, name
        assert ACCESS[route].roles == {ACTS[name].role}


@pytest.mark.parametrize("name", [*ActName])
def test_act__prepared__is_under_its_duty_and_names_who_signs(world: World, name: ActName) -> None:
    if name in (ActName.REKEY, ActName.PAY_IN_TOKEN):
        pytest.skip("needs a waiting key, or a distribution: see its own test")
    who, path, maker, body = case(world, name)
    asked = world.order(who, path, {**body, "maker": {"account": account(maker)}}, mode="dry_run")
    assert asked.status_code == 200, asked.text
    told = prepared(world, who, path, body, maker=maker, key=f"p-{name}")
    assert told["act"] == name
    assert Duty[told["duty"]] in ACTS[name].duties
    assert account(maker) in told["entitled"]
    assert (told["needed"], told["safe"] is None) in ((1, True), (2, False))
    other = "anchor-1" if maker != "anchor-1" else "compliance-1"
    stranger = {**body, "maker": {"account": account(other)}}
    assert refused(world.order(who, path, stranger, mode="prepare")) == "duty_missing"
    unsigned = {**body, "maker": {"account": account(maker)}}
    assert refused(world.order(who, path, unsigned)) == "request_malformed"


# Allotment (D.1.2, D.1.3) ------------------------------------------------------------------------------


def allotment(ref: str, *rows: tuple[str, int]) -> dict[str, Any]:
    return {"ref": ref, "rows": [{"investor": who, "units": units} for who, units in rows]}


def test_allotment__that_is_right__is_distributed(world: World) -> None:
    before = balances(world, 1, 4)
    stored = done(
        world,
        "R1",
        f"{P1}/allotments",
        allotment("AL-1", ("IV-1", 5), ("IV-4", 6)),
        people=("distribution-1",),
        key="al-1",
    )
    assert stored.outcome.reason is None
    assert balances(world, 1, 4) == [before[0] + 5, before[1] + 6]


def test_allotment__with_wrong_rows__is_refused_as_a_whole_with_their_list(world: World) -> None:
    with world.firm.office.house.database.read() as connection:
        terms = Products(connection).get(PRODUCT).terms
    few = terms.application_minimum - 1
    body = allotment("AL-2", ("IV-1", few), ("IV-2", 51), ("IV-2", 51), ("IV-4", few))
    body["maker"] = {"account": account("distribution-1")}
    answer = world.order("R1", f"{P1}/allotments", body, mode="prepare")
    assert (answer.status_code, refused(answer)) == (409, "below_minimum_lot")
    told = [(each["facts"]["line"], each["reason"]) for each in answer.json()["problems"]]
    assert told == [(1, "below_minimum_lot"), (3, "investor_twice"), (4, "below_minimum_lot")]
    over = allotment("AL-3", ("IV-1", terms.set_quantity), ("IV-2", few + 1))
    asked = world.order("R1", f"{P1}/allotments", over, mode="dry_run").json()
    assert asked["refusal"]["reason"] == "over_offering_quantity"
    unknown = world.order("R1", f"{P1}/allotments", allotment("AL-4", ("IV-77", 2)), mode="dry_run")
    assert unknown.json()["refusal"]["reason"] == "key_unknown"


def test_allotment__whose_verdict_expires_meanwhile__is_refused_at_execution(world: World) -> None:
    office = world.firm.office
    address, node = world.firm.address(4), office.house.node
    node.mine([])  # type: ignore[attr-defined]
    until = node.stamp().at + timedelta(seconds=4)
    office.act(
        office.token(PRODUCT).set_verdict(address, until=until, investor_class=1), Duty.RESTRICTOR
    )
    answer = ordered(
        world,
        "R1",
        f"{P1}/allotments",
        allotment("AL-5", ("IV-4", 2)),
        maker="distribution-1",
        key="al-5",
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "queued"), answer.text
    while node.stamp().at < until:
        time.sleep(0.2)
        node.mine([])  # type: ignore[attr-defined]
    assert delivered(world, answer.json()["command"]).state is CommandState.REFUSED
    shown = world.ask("R1", f"/commands/{answer.json()['command']}").json()
    assert shown["refusal"]["reason"] == "recipient_verdict_expired"


def test_allotment__of_more_rows_than_one_act_takes__is_a_job_that_its_maker_signs_once(
    world: World,
) -> None:
    office, path = world.firm.office, f"{P1}/allotments"
    numbers = range(1_000, 1_120)
    admit(world.firm, {f"IV-{number}": "B1" for number in numbers})
    world.firm.verify(list(numbers))
    body = allotment("AL-7", *((f"IV-{number}", 2) for number in numbers))
    asked = world.order("R1", path, body, mode="dry_run").json()
    assert asked["allowed"] is True
    told = prepared(world, "R1", path, body, maker="distribution-1", key="al-7")
    assert told["rows"] == 120
    short = {**body, "rows": body["rows"][:-1]}
    whole = {"maker": signed("distribution-1", told)}
    forged = world.order("R1", path, {**short, **whole}, key="al-7")
    assert refused(forged) == "signature_invalid"
    answer = world.order("R1", path, {**body, **whole}, key="al-7")
    assert (answer.status_code, answer.json()) == (202, {"job": told["job"], "rows": 120})
    assert answer.headers["Location"] == f"/v1/jobs/{told['job']}"
    again = world.order("R1", path, {**body, **whole}, key="al-7")
    assert again.json() == answer.json()
    ended = office.bulk.run(JobId(told["job"]))
    assert (ended.done, ended.refused) == (120, 0)
    shown = world.ask("R1", answer.headers["Location"].removeprefix("/v1"))
    assert (shown.status_code, shown.json()["state"]) == (200, "done")
    assert refused(world.ask("R2", f"/jobs/{told['job']}")) == "not_found"
    assert set(world.firm.balances(list(numbers))) == {2}
    with office.house.database.read() as connection:
        (entry,) = connection.execute(
            text("SELECT actor, facts FROM audit WHERE subject = :id AND action LIKE '%ordered'"),
            {"id": told["job"]},
        )
    assert entry.actor == "machine:K-R1-update"
    assert entry.facts["signature"] == whole["maker"]["signature"]
    stranger = {**body, "maker": {"account": account("issue-1")}}
    assert refused(world.order("R1", path, stranger, mode="prepare")) == "duty_missing"


def test_verdict__of_an_investor__is_what_the_registry_says(world: World) -> None:
    token = world.firm.office.token(PRODUCT)
    stored = done(
        world, "R1", f"{P1}/verdicts", {"investor": "IV-4"}, people=("compliance-1",), key="v-1"
    )
    assert stored.outcome.reason is None
    word = token.account(world.firm.address(4)).value
    assert word.verified_until == int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
    later = datetime(2032, 1, 1, tzinfo=UTC)
    newer = Verdict(
        investor_id=InvestorId("IV-4"),
        checked_at=world.firm.office.house.now() + timedelta(seconds=1),
        expires_at=later,
        investor_class=1,
        aml_class="clear",
        evidence_ref="KYC-2",
    )
    with world.firm.office.house.database.begin() as connection:
        Verdicts(connection).record([newer], at=later, by="compliance-1")
    again = ordered(
        world, "R1", f"{P1}/verdicts", {"investor": "IV-4"}, maker="compliance-1", key="v-1"
    )
    assert (again.status_code, again.json()["command"]) == (201, stored.id)
    done(world, "R1", f"{P1}/verdicts", {"investor": "IV-4"}, people=("compliance-1",), key="v-2")
    assert token.account(world.firm.address(4)).value.verified_until == int(later.timestamp())


def test_key__of_one_person_that_the_sender_has_not__is_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = world.firm.office.signed_outside
    key = Address(account("distribution-1"))
    rest = {each: held for each, held in outside._keys.items() if each != key}
    monkeypatch.setattr(outside, "_keys", rest)
    answer = ordered(
        world,
        "R1",
        f"{P1}/allotments",
        allotment("AL-6", ("IV-1", 2)),
        maker="distribution-1",
        key="al-6",
    )
    assert (answer.status_code, refused(answer)) == (503, "key_missing")


# Restrictions ------------------------------------------------------------------------------------------


def test_freeze__raised_by_one__is_lifted_by_two(world: World) -> None:
    token, holder = world.firm.office.token(PRODUCT), world.firm.address(2)
    freeze = {"kind": "units", "holder": IV2, "units": 5}
    done(world, "R1", f"{P1}/restrictions", freeze, people=("compliance-1",), key="f-1")
    assert token.frozen_units(holder).value == 5
    lift = ordered(world, "R1", f"{P1}/releases", freeze, maker="compliance-1", key="f-2").json()
    assert lift["state"] == "checked"
    approved(world, "R1", lift["command"], by="compliance-2")
    delivered(world, lift["command"])
    assert token.frozen_units(holder).value == 0


def test_lifting__by_one_who_may_only_raise__is_refused(world: World) -> None:
    lock = {"kind": "lock_up", "holder": IV2, "until": LATER}
    done(world, "R1", f"{P1}/restrictions", lock, people=("compliance-1",), key="f-3")
    less = {**lock, "until": None}
    asked = world.order("R1", f"{P1}/restrictions", less, mode="dry_run").json()
    assert asked["allowed"] is False
    stored = done(world, "R1", f"{P1}/releases", less, people=RELEASERS, key="f-4")
    assert stored.outcome.reason is None


# Repair ------------------------------------------------------------------------------------------------


def test_forced_transfer__on_evidence_by_two__moves_units_once(world: World) -> None:
    before = balances(world, 2, 3)
    body = {"source": IV3, "target": IV2, "units": 10, "ref": "COURT-1", "evidence": DOCUMENT}
    done(world, "R1", f"{P1}/forced-transfers", body, people=REPAIRERS, key="r-1")
    assert balances(world, 2, 3) == [before[0] + 10, before[1] - 10]
    again = ordered(world, "R1", f"{P1}/forced-transfers", body, maker="repair-1", key="r-2")
    assert (again.status_code, refused(again)) == (409, "reference_used")
    bare = {**body, "ref": "COURT-2", "evidence": None}
    answer = ordered(world, "R1", f"{P1}/forced-transfers", bare, maker="repair-1", key="r-3")
    assert (answer.status_code, refused(answer)) == (422, "evidence_missing")
    nameless = {**body, "ref": None}
    answer = ordered(world, "R1", f"{P1}/forced-transfers", nameless, maker="repair-1", key="r-4")
    assert refused(answer) == "reference_missing"


def test_reverse_transfer__of_a_trade__takes_it_back_once(world: World) -> None:
    firm, token = world.firm, world.firm.office.token(PRODUCT)
    trade = Reference("TRADE-9")
    firm.office.act_as_holder(
        token.transfer(firm.address(2), 4, trade),
        investor=InvestorId("IV-3"),
        signer=firm.key(3),
        product=PRODUCT,
        ref=trade,
    )
    before = balances(world, 2, 3)
    body = {
        "original": "TRADE-9",
        "source": {"address": firm.address(2).lower()},
        "target": IV3,
        "units": 4,
        "ref": "REV-9",
        "evidence": DOCUMENT,
    }
    done(world, "R1", f"{P1}/reverse-transfers", body, people=REPAIRERS, key="r-5")
    assert balances(world, 2, 3) == [before[0] - 4, before[1] + 4]
    twice = {**body, "ref": "REV-10"}
    answer = ordered(world, "R1", f"{P1}/reverse-transfers", twice, maker="repair-1", key="r-6")
    assert refused(answer) == "already_reversed"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"original": "TRADE-NOBODY-KNOWS"}, "trade_unknown"),
        ({"units": 3}, "reversal_mismatch"),
        ({"source": {"investor": "IV-2"}}, "reversal_mismatch"),
    ],
    ids=["unknown", "units", "sides"],
)
def test_reverse_transfer__that_mirrors_no_trade__is_refused(
    world: World, change: dict[str, Any], reason: str
) -> None:
    maker, path, body = CASES[ActName.REVERSE_TRANSFER]
    wrong = {**body, **change, "ref": "REV-11"}
    wrong["maker"] = {"account": account(maker)}
    asked = world.order("R1", path, wrong, mode="dry_run").json()
    assert (asked["allowed"], asked["refusal"]["reason"]) == (False, reason)
    assert refused(world.order("R1", path, wrong, mode="prepare")) == reason


def test_rekeying__to_the_waiting_key__and_the_same_order_again(world: World) -> None:
    office, investor = world.firm.office, InvestorId("IV-1")
    signer = account_of(InvestorId("IV-1-new"), PRODUCT, chain_id=office.deployment.chain_id)
    new, form = signer.address, ProofForm.TYPED_DATA
    asked = issue_challenge(office, PRODUCT, investor, new, custodian="B1", by="broker-1")
    proof = signer.sign_digest(digest_of(asked, form))
    prove_key(office, asked.nonce, form=form, signature=proof, by="broker-1")
    before = balances(world, 1)
    body = {"investor": "IV-1", "new": new, "ref": "REKEY-1", "evidence": DOCUMENT}
    stranger = {**body, "new": "0x" + 40 * "9", "maker": {"account": account("repair-1")}}
    told = world.order("R1", f"{P1}/rekeyings", stranger, mode="prepare")
    assert refused(told) == "key_unknown"
    told = prepared(world, "R1", f"{P1}/rekeyings", body, maker="repair-1", key="r-7")
    whole = {**body, "maker": signed("repair-1", told)}
    first = world.order("R1", f"{P1}/rekeyings", whole, key="r-7")
    assert first.status_code == 201, first.text
    approved(world, "R1", first.json()["command"], by="repair-2")
    stored = delivered(world, first.json()["command"])
    assert stored.outcome.block is not None
    follow_rekeyings(office, office.deployment.first_block)
    assert office.token(PRODUCT).balance_of(new).value == before[0]
    again = world.order("R1", f"{P1}/rekeyings", whole, key="r-7")
    assert (again.status_code, again.json()["command"]) == (201, stored.id)


# Redemption, split -------------------------------------------------------------------------------------


def test_redemption__of_some_or_all__ends_units_once(world: World) -> None:
    before = balances(world, 2, 3)
    row = {"holder": IV3, "units": 2}
    body = {"ref": "RD-1", "evidence": DOCUMENT, "rows": [row]}
    done(world, "R1", f"{P1}/redemptions", body, people=ISSUERS, key="rd-1")
    assert balances(world, 2, 3) == [before[0], before[1] - 2]
    again = ordered(world, "R1", f"{P1}/redemptions", body, maker="issue-1", key="rd-2")
    assert refused(again) == "reference_used"
    mixed = {**body, "rows": [row, {"holder": IV2}]}
    assert refused(world.order("R1", f"{P1}/redemptions", mixed)) == "request_malformed"
    whole = {**body, "ref": "RD-3", "rows": [{"holder": IV3}]}
    asked = world.order("R1", f"{P1}/redemptions", whole, mode="dry_run").json()
    assert asked["allowed"] is True
    told = prepared(world, "R1", f"{P1}/redemptions", whole, maker="issue-1", key="rd-3")
    assert told["what"] == "redeem all units of 1 (RD-3)"


@pytest.mark.parametrize("factor", [0, 1])
def test_split__by_a_factor_that_is_none__is_refused(world: World, factor: int) -> None:
    body = {"factor": factor, "epoch": 0, "ref": f"SP-{factor}", "evidence": DOCUMENT}
    asked = world.order("R1", f"{P1}/splits", body, mode="dry_run").json()
    assert asked["refusal"]["reason"] == "split_factor_invalid"


# The market --------------------------------------------------------------------------------------------


def test_market__closed_and_opened_by_its_operator__is_told_to_everybody(world: World) -> None:
    done(world, "PF", "/market/closings", {"why": "an incident"}, people=("market-1",), key="m-1")
    shown = world.ask("B1", "/market").json()
    assert (shown["status"], shown["closed_by_decision"]) == ("closed", True)
    done(world, "PF", "/market/openings", {"why": "repaired"}, people=("market-1",), key="m-2")
    shown = world.ask("B1", "/market").json()
    assert (shown["status"], shown["closed_by_decision"]) == ("open", False)
    assert refused(world.order("R1", "/market/closings", {"why": "x"})) == "route_unknown"


def test_group__of_its_own_product__is_switched_by_two(world: World) -> None:
    who, path, _, body = case(world, ActName.SWITCH_GROUP)
    done(world, who, path, body, people=REPAIRERS, key="g-1")
    group = path.split("/")[2]
    platform = world.firm.office.platform
    assert platform.is_transfer_enabled(group).value is False
    done(world, who, path, {"enabled": True}, people=REPAIRERS, key="g-2")
    assert platform.is_transfer_enabled(group).value is True
    assert refused(world.order("R2", path, body, mode="dry_run")) == "not_found"
    other = "/transfer-groups/OTHER/switches"
    assert refused(world.order("R1", other, body, mode="dry_run")) == "not_found"
    shown = world.ask("R1", "/commands", params={"limit": 1}).json()["items"][0]["command"]
    assert world.ask("R1", f"/commands/{shown}").status_code == 200


# Stop and resume (D.10.1, D.10.2) ----------------------------------------------------------------------


def test_stop__by_one__refuses_every_act_until_two_others_resume(world: World) -> None:
    platform = world.firm.office.platform
    supply = world.firm.office.token(PRODUCT).total_supply().value
    done(world, "PF", "/market/stops", {}, people=("operator-1",), key="s-1")
    assert world.ask("R1", "/market").json()["status"] == "stopped"
    stops = {ActName.STOP, ActName.RESUME, ActName.SWITCH_GROUP, ActName.REKEY, ActName.ANCHOR}
    stops |= {ActName.PAY_IN_TOKEN}  # money, which the platform does not stop
    for name in sorted(set(ActName) - stops):
        who, path, _, body = case(world, name)
        told = world.order(who, path, body, mode="dry_run").json()
        assert told["refusal"]["reason"] == "platform_stopped", name
    who, path, _, body = case(world, ActName.ANCHOR)
    assert world.order(who, path, body, mode="dry_run").json()["allowed"], "what stands is told"
    assert world.ask("R1", "/products/P1").status_code == 200

    alone = ordered(world, "PF", "/market/resumptions", {}, maker="supervisor-1", key="s-2").json()
    assert alone["state"] == "checked"
    body = {"maker": {"account": account("operator-1")}}
    assert refused(world.order("PF", "/market/resumptions", body, mode="prepare")) == "duty_missing"
    told = world.order(
        "PF",
        f"/commands/{alone['command']}/approvals",
        {"account": account("operator-1")},
        mode="prepare",
    )
    assert refused(told) == "duty_missing"
    assert refused(world.ask("R1", f"/commands/{alone['command']}")) == "not_found"
    approved(world, "PF", alone["command"], by="supervisor-2")
    delivered(world, alone["command"])
    assert platform.status().value.name == "CLOSED"

    # Units that an error destroyed come back, once, before the market opens.
    mistaken = {"ref": "ERR-1", "evidence": DOCUMENT, "rows": [{"holder": IV2, "units": 2}]}
    done(world, "R1", f"{P1}/redemptions", mistaken, people=ISSUERS, key="s-4")
    token, held = world.firm.office.token(PRODUCT), balances(world, 2)
    assert token.total_supply().value == supply - 2
    back = {"burned": "ERR-1", "target": IV2, "units": 2, "ref": "INC-1", "evidence": DOCUMENT}
    done(world, "R1", f"{P1}/redistributions", back, people=REPAIRERS, key="s-5")
    assert token.total_supply().value == supply
    assert balances(world, 2) == [held[0] + 2]
    twice = ordered(world, "R1", f"{P1}/redistributions", back, maker="repair-1", key="s-6")
    assert refused(twice) == "reference_used"
    done(world, "PF", "/market/openings", {"why": "resumed"}, people=("market-1",), key="s-3")
    assert world.ask("B1", "/market").json()["status"] == "open"


# A split (D.1.4), last: it changes what everybody holds ------------------------------------------------


def test_split__by_two__multiplies_units_and_the_terms_follow_once(world: World) -> None:
    office = world.firm.office
    token = office.token(PRODUCT)
    freeze = {"kind": "units", "holder": IV2, "units": 5}
    done(world, "R1", f"{P1}/restrictions", freeze, people=("compliance-1",), key="sp-0")
    supply, held = token.total_supply().value, balances(world, 2, 3)
    price = world.ask("R1", P1).json()["unit_price_yen"]
    uneven = {"factor": 10**9 + 7, "epoch": 0, "ref": "SP-9", "evidence": DOCUMENT}
    asked = world.order("R1", f"{P1}/splits", uneven, mode="dry_run").json()
    assert asked["refusal"]["reason"] == "field_invalid"
    body = {"factor": 10, "epoch": 0, "ref": "SP-10", "evidence": DOCUMENT}
    done(world, "R1", f"{P1}/splits", body, people=ISSUERS, key="sp-1")
    assert token.total_supply().value == 10 * supply
    assert balances(world, 2, 3) == [10 * each for each in held]
    assert token.frozen_units(world.firm.address(2)).value == 50
    for _ in range(2):
        Splits(office).step()
    assert world.ask("R1", P1).json()["unit_price_yen"] * 10 == price
    again = ordered(world, "R1", f"{P1}/splits", body, maker="issue-1", key="sp-1")
    assert again.status_code == 201
    late = ordered(
        world, "R1", f"{P1}/splits", {**body, "ref": "SP-11"}, maker="issue-1", key="sp-2"
    )
    assert refused(late) == "split_epoch_invalid"
