"""Transfers through the interface (R-PROGMAT-T2, D.5.3).

given a customer of a broker that keeps its keys itself
├── when it is asked whether the transfer runs: every reason against it, and nothing is kept
├── when what is to be signed is asked for: typed data whose nonce is the trade id, and a whole transaction
├── when it is ordered without a signature: `authorisation_missing`
├── when it is ordered with the holder's signature: it is sent at once, and delivered once
└── when the signature is another's, over, or too short: refused with the reason
given a customer whose keys a custodian keeps
└── when broker or custodian order it: it is delivered by the routine
given somebody else's customer
└── it is not found, whoever asks, and that is recorded
given the same key from many at once
└── one order, one act, one answer
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from tests.api.conftest import World, refused

from genbo.bootstrap.deliveries import Deliveries
from genbo.chain.hexes import hex_of
from genbo.kernel import Reference, to_bytes32
from genbo.storage.audit import AuditLog
from genbo.storage.commands import Commands
from genbo.storage.transfer_orders import TransferOrders


@pytest.fixture(scope="module")
def world(trading: World) -> World:
    return trading


_trades: Iterator[int] = itertools.count(1)


def transfer(
    source: str = "IV-1", target: str = "IV-2", units: int = 1, **more: Any
) -> dict[str, Any]:
    return {
        "product": "P1",
        "trade": f"T-{next(_trades)}",
        "from": source,
        "to": target,
        "units": units,
        **more,
    }


def signed(world: World, body: dict[str, Any], *, by: int = 1, who: str = "B1") -> dict[str, Any]:
    """The same with the holder's authorisation, signed over what `prepare` answers."""
    answer = world.order(who, "/transfers", body, mode="prepare")
    assert answer.status_code == 200, answer.text
    data = answer.json()["typed_data"]
    given = encode_typed_data(full_message=data)
    signature = Account.sign_message(given, world.firm.key(by)._account.key).signature
    return {
        **body,
        "authorisation": {
            "valid_after": data["message"]["validAfter"],
            "valid_before": data["message"]["validBefore"],
            "nonce": data["message"]["nonce"],
            "signature": hex_of(bytes(signature)),
        },
    }


def settle(world: World) -> None:
    """The sender and the routine of deliveries, until nothing is left to do."""
    office = world.firm.office
    routine = Deliveries(office)
    for _ in range(30):
        busy = routine.step()
        sent = [not turn.idle for turn in office.courier.turn_all()]
        if not busy and not any(sent):
            office.read()
            return
    raise AssertionError("the routines never rest")


def order_of(world: World, body: dict[str, Any], who: str = "B1") -> dict[str, Any]:
    answer = world.ask(who, f"/transfers/P1/{body['trade']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def kept(world: World, trade: str) -> int:
    with world.firm.office.house.database.read() as connection:
        return len(TransferOrders(connection).some({("P1", Reference(trade))}))  # type: ignore[arg-type]


# Explained -------------------------------------------------------------------------------------------


def test_dry_run__nothing_against_it__is_allowed_and_kept_nowhere(world: World) -> None:
    body = transfer()
    answer = world.order("B1", "/transfers", body, mode="dry_run")
    assert answer.status_code == 200
    said = answer.json()
    assert said["refusals"] == []
    assert (said["allowed"], said["accepted"]) == (True, True)
    assert said["needs_signature"] is True
    assert said["window"]["delivery_date"]
    assert kept(world, body["trade"]) == 0


def test_dry_run__several_reasons_against_it__tells_each(world: World) -> None:
    body = transfer(target="IV-1", units=10_000, delivery_date="2026-01-01")
    answer = world.order("B1", "/transfers", body, mode="dry_run")
    reasons = {each["reason"] for each in answer.json()["refusals"]}
    assert reasons >= {"same_address", "insufficient_balance"}
    assert answer.json()["allowed"] is answer.json()["accepted"] is False


# Signed outside --------------------------------------------------------------------------------------


def test_prepare__own_keys__is_typed_data_that_carries_the_trade(world: World) -> None:
    body = transfer()
    said = world.order("B1", "/transfers", body, mode="prepare").json()
    message = said["typed_data"]["message"]
    assert message["nonce"] == hex_of(to_bytes32(Reference(body["trade"])))
    assert message["from"] == world.firm.address(1)
    assert (
        said["typed_data"]["domain"]["verifyingContract"]
        == world.ask("B1", "/products/P1").json()["token"]
    )
    assert said["transaction"]["nonce"] == 0
    assert said["transaction"]["to"] == said["typed_data"]["domain"]["verifyingContract"]
    assert kept(world, body["trade"]) == 0


def test_submit__own_keys_without_signature__is_refused(world: World) -> None:
    body = transfer()
    assert refused(world.order("B1", "/transfers", body)) == "authorisation_missing"
    assert kept(world, body["trade"]) == 0


def test_submit__signed_by_the_holder__is_delivered_once_under_its_trade(world: World) -> None:
    before = world.firm.balances([1, 2])
    body = signed(world, transfer(units=2))
    answer = world.order("B1", "/transfers", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "ordered"
    settle(world)
    order = order_of(world, body)
    assert (order["state"], order["is_signed"]) == ("delivered", True)
    assert order["tx"]
    assert world.firm.balances([1, 2]) == [before[0] - 2, before[1] + 2]
    again = world.order("B1", "/transfers", body)
    assert again.status_code == 201
    assert again.json()["state"] == "delivered"
    settle(world)
    assert world.firm.balances([1, 2]) == [before[0] - 2, before[1] + 2]


def test_submit__signed_by_somebody_else__is_refused(world: World) -> None:
    body = signed(world, transfer(), by=2)
    assert refused(world.order("B1", "/transfers", body)) == "signature_invalid"


def test_submit__signature_is_over_or_too_short__is_refused(world: World) -> None:
    body = signed(world, transfer())
    now = int(world.firm.office.house.now().timestamp())
    body["authorisation"] |= {"valid_before": now - 1}
    assert refused(world.order("B1", "/transfers", body)) == "authorisation_expired"
    body["authorisation"] |= {"valid_before": now + 20}
    assert refused(world.order("B1", "/transfers", body)) == "authorisation_too_short"


def test_submit__before_its_day__waits_with_its_signature(world: World) -> None:
    body = signed(world, transfer(lag=3))
    answer = world.order("B1", "/transfers", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "waiting"
    assert [each["reason"] for each in answer.json()["waits_for"]] == ["delivery_not_due"]
    settle(world)
    assert order_of(world, body)["state"] == "waiting"
    taken = world.order("B1", f"/transfers/P1/{body['trade']}/withdrawal", {"cancel": "C-1"})
    assert taken.json()["state"] == "withdrawn"
    again = world.order("B1", f"/transfers/P1/{body['trade']}/withdrawal", {})
    assert refused(again) == "order_not_open"


# Keys at the custodian -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["B2", "C1"])
def test_submit__delegated_keys__is_delivered_by_the_routine(world: World, who: str) -> None:
    before = world.firm.balances([3, 4])
    body = transfer("IV-3", "IV-4", 5)
    answer = world.order(who, "/transfers", body)
    assert answer.status_code == 201, answer.text
    settle(world)
    assert order_of(world, body, who)["state"] == "delivered"
    assert world.firm.balances([3, 4]) == [before[0] - 5, before[1] + 5]


def test_submit__taker_of_another_broker_by_address__is_told_by_address(world: World) -> None:
    body = transfer("IV-3", world.firm.address(2), 1)
    answer = world.order("B2", "/transfers", body)
    assert answer.status_code == 201, answer.text
    settle(world)
    assert order_of(world, body, "B2")["to"] == world.firm.address(2)


# Others' ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["dry_run", "prepare", "submit"])
@pytest.mark.parametrize(
    ("who", "source", "target"),
    [
        ("B2", "IV-1", "IV-3"),
        ("C1", "IV-1", "IV-3"),
        ("B1", "IV-3", "IV-1"),
        ("B1", "IV-1", "IV-99"),
    ],
)
def test_transfer__of_another_s_customer_or_to_nobody__is_not_found_and_recorded(
    world: World, who: str, source: str, target: str, mode: str
) -> None:
    database = world.firm.office.house.database
    body = transfer(source, target)
    with database.read() as connection:
        head = AuditLog(connection).head()
    assert refused(world.order(who, "/transfers", body, mode=mode)) == "not_found"
    with database.read() as connection:
        last = AuditLog(connection).head()
    assert head is not None
    assert last is not None
    assert last.number == head.number + 1
    assert last.members["action"] == "registry:visibility:not_found"
    assert last.members["subject"] == (target if target == "IV-99" else source)


def test_order__of_another_s_customer__is_not_found(world: World) -> None:
    body = transfer("IV-3", "IV-4", 1)
    world.order("B2", "/transfers", body)
    assert refused(world.ask("B1", f"/transfers/P1/{body['trade']}")) == "not_found"
    taken = world.order("B1", f"/transfers/P1/{body['trade']}/withdrawal", {})
    assert refused(taken) == "not_found"
    assert world.ask("R1", f"/transfers/P1/{body['trade']}").status_code == 200
    settle(world)


def test_order__by_a_reference_credential__is_refused_and_recorded(world: World) -> None:
    answer = world.client.post(
        "/v1/transfers",
        json=transfer(),
        headers={"Authorization": "Bearer B1:reference", "Idempotency-Key": "key-reference"},
    )
    assert refused(answer) == "scope_missing"
    assert world.tokens.recorded[-1] == "K-B1-reference POST /v1/transfers"


# The same again --------------------------------------------------------------------------------------


def test_key__with_another_body__is_refused(world: World) -> None:
    one, two = transfer("IV-3", "IV-4", 1), transfer("IV-3", "IV-4", 2)
    assert world.order("B2", "/transfers", one, key="twice").status_code == 201
    assert refused(world.order("B2", "/transfers", two, key="twice")) == "command_key_reused"
    settle(world)


def test_trade__ordered_again_with_another_amount__differs(world: World) -> None:
    body = transfer("IV-3", "IV-4", 1)
    world.order("B2", "/transfers", body)
    assert refused(world.order("B2", "/transfers", body | {"units": 2})) == "order_differs"
    settle(world)


def test_key__from_a_hundred_at_once__is_one_act_and_one_answer(world: World) -> None:
    body = signed(world, transfer(units=1))
    before = world.firm.balances([1])
    with ThreadPoolExecutor(100) as pool:
        answers = list(
            pool.map(lambda _: world.order("B1", "/transfers", body, key="hundred"), range(100))
        )
    assert {each.status_code for each in answers} == {201}
    assert len({each.text for each in answers}) == 1
    settle(world)
    office = world.firm.office
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        assert len(commands.under("P1", Reference(body["trade"]))) == 1  # type: ignore[arg-type]
    assert world.firm.balances([1]) == [before[0] - 1]


def test_trade__from_many_under_keys_of_their_own__is_one_act(world: World) -> None:
    body = signed(world, transfer(units=1))
    before = world.firm.balances([1])
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: world.order("B1", "/transfers", body), range(20)))
    assert {each.status_code for each in answers} == {201}
    settle(world)
    assert world.firm.balances([1]) == [before[0] - 1]
