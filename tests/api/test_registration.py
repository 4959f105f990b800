"""Customers and their addresses, registered through the interface (D.4.1, D.5.1).

given somebody who is not registered
├── when a broker registers it: it is its own customer, kept as the broker's contract says
├── when a number has a wrong check digit, or is an individual's: refused, and the number is not repeated
├── when the same is sent again, or from a hundred at once: one investor, one answer
└── when the id or the customer number is taken: refused
given a customer
├── when it changes with the version that stands: it is changed, and has another version
├── when it changes with an older version, or none: refused
└── when another firm changes it: not found
given an address of a customer
├── when its holder signs the challenge: it waits for a verdict
├── when somebody else signs, or the proof is sent for another customer: refused
└── when the keeper has a tree: a fresh address comes from it, the same one until it speaks
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.support.keys import TREE

from genbo.bootstrap.wallets import approve_tree, take_tree
from genbo.chain.hexes import hex_of


def somebody(**more: Any) -> dict[str, Any]:
    return {
        "kind": "individual",
        "name": "見本 花子",
        "name_kana": "ミホン ハナコ",
        "registered_address": "東京都千代田区見本町1-1",
        "investor_class": "individual",
        **more,
    }


def a_company(number: str) -> dict[str, Any]:
    return somebody(
        kind="corporation",
        name="見本株式会社",
        name_kana=None,
        investor_class="corporation",
        corporate_number=number,
    )


def registered(world: World, who: str = "B1", **more: Any) -> dict[str, Any]:
    answer = world.order(who, "/investors", somebody(**more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def change(
    world: World, investor: str, body: dict[str, Any], *, tag: str | None, who: str = "B1"
) -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return world.order(who, f"/investors/{investor}", body, method="PATCH", headers=headers)


def tag_of(world: World, investor: str, who: str = "B1") -> str:
    return str(world.ask(who, f"/investors/{investor}").headers["ETag"])


def name_of(world: World, investor: str, on: str) -> str:
    answer = world.client.post(
        "/v1/investors/names",
        json={"investors": [investor], "purpose": "register", "on": on},
        headers={"Authorization": "Bearer B1:reference"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["items"][0]["name"])


# Registered ------------------------------------------------------------------------------------------


def test_investor__of_a_delegating_broker__is_kept_at_its_custodian(world: World) -> None:
    made = registered(world, "B2", broker_customer_id="C-0001")
    assert (made["broker"], made["custodian"]) == ("B2", "C1")
    assert (made["safekeeping_kind"], made["status"]) == ("delegated", "active")
    assert world.ask("C1", f"/investors/{made['investor']}").status_code == 200
    assert refused(world.ask("B1", f"/investors/{made['investor']}")) == "not_found"


def test_investor__of_a_direct_broker__is_kept_by_itself(world: World) -> None:
    made = registered(world)
    assert (made["broker"], made["custodian"], made["safekeeping_kind"]) == ("B1", None, "direct")


def test_corporation__number_with_its_check_digit__is_registered(world: World) -> None:
    answer = world.order("B2", "/investors", a_company("7000012050002"))
    assert answer.status_code == 201, answer.text


def test_corporation__wrong_check_digit__is_refused_and_not_repeated(world: World) -> None:
    answer = world.order("B2", "/investors", a_company("8000012050002"))
    assert refused(answer) == "field_invalid"
    assert answer.status_code == 422
    assert "8000012050002" not in answer.text


def test_individual__twelve_digits__is_refused_and_not_repeated(world: World) -> None:
    answer = world.order("B2", "/investors", somebody(corporate_number="123456789018"))
    assert refused(answer) == "individual_number_refused"
    assert "123456789018" not in answer.text


@pytest.mark.parametrize("who", ["C1", "R1", "A1", "F1"])
def test_investor__registered_by_who_is_no_broker__has_no_such_route(
    world: World, who: str
) -> None:
    assert refused(world.order(who, "/investors", somebody())) == "route_unknown"


def test_investor__id_or_number_is_taken__is_refused(world: World) -> None:
    registered(world, investor="IV-TAKEN", broker_customer_id="N-1")
    again = world.order("B1", "/investors", somebody(investor="IV-TAKEN"))
    assert refused(again) == "investor_exists"
    number = world.order("B1", "/investors", somebody(broker_customer_id="N-1"))
    assert refused(number) == "field_invalid"
    assert registered(world, "B2", broker_customer_id="N-1")["broker"] == "B2"


def test_investor__same_key_from_a_hundred__is_registered_once(world: World) -> None:
    body = somebody(broker_customer_id="N-100")
    with ThreadPoolExecutor(100) as pool:
        answers = list(
            pool.map(lambda _: world.order("B1", "/investors", body, key="hundred"), range(100))
        )
    assert {(each.status_code, each.text) for each in answers} == {(201, answers[0].text)}
    other = world.order("B1", "/investors", somebody(broker_customer_id="N-101"), key="hundred")
    assert refused(other) == "command_key_reused"


def test_request__as_it_is_kept__holds_nothing_personal(world: World) -> None:
    registered(world, name="見本 カナリア", contact_email="canary@example.test")
    with world.firm.office.house.database.read() as connection:
        kept = connection.execute(text("SELECT request::text FROM request")).scalars().all()
    assert kept
    assert not any("カナリア" in each or "canary" in each for each in kept)


# Changed ---------------------------------------------------------------------------------------------


def test_change__with_the_version_that_stands__is_made_once(world: World) -> None:
    made = registered(world, broker_customer_id="N-7", contact_phone="03-0000-0000")
    investor = made["investor"]
    tag = tag_of(world, investor)
    body = {"name": "見本 次郎", "effective": "2026-05-01", "broker_customer_id": "N-8"}
    answer = change(world, investor, body, tag=tag)
    assert answer.status_code == 200, answer.text
    assert answer.json()["broker_customer_id"] == "N-8"
    assert answer.headers["ETag"] == tag_of(world, investor) != tag
    assert refused(change(world, investor, {"name": "見本 三郎"}, tag=tag)) == "version_differs"
    assert name_of(world, investor, "2026-05-02") == "見本 次郎"
    assert name_of(world, investor, "2026-04-02") == "見本 花子"


def test_change__without_a_version__is_refused(world: World) -> None:
    made = registered(world)
    answer = change(world, made["investor"], {"name": "見本 四郎"}, tag=None)
    assert (answer.status_code, refused(answer)) == (428, "version_missing")


def test_change__of_the_payee_account__stays_beside_what_is_there(world: World) -> None:
    made = registered(world, contact_phone="03-0000-0000")
    investor = made["investor"]
    answer = change(world, investor, {"contact_phone": "03-1111-1111"}, tag="*")
    assert answer.status_code == 200, answer.text
    cleared = change(world, investor, {"contact_phone": None}, tag="*")
    assert cleared.status_code == 200
    unknown = change(world, investor, {"favourite_colour": "blue"}, tag="*")
    assert refused(unknown) == "request_malformed"


def test_change__by_another_firm__is_not_found(world: World) -> None:
    made = registered(world)
    answer = change(world, made["investor"], {"name": "見本 五郎"}, tag="*", who="B2")
    assert refused(answer) == "not_found"


# Addresses -------------------------------------------------------------------------------------------


def asked_for(world: World, investor: str, address: str, who: str = "B1") -> dict[str, Any]:
    body = {"product": "P1", "address": address}
    answer = world.order(who, f"/investors/{investor}/wallets", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "asked"
    return dict(answer.json()["challenge"])


@pytest.mark.parametrize("form", ["eip191", "eip712"])
def test_wallet__its_holder_signs__waits_for_a_verdict(world: World, form: str) -> None:
    investor = registered(world)["investor"]
    key = Account.create()
    asked = asked_for(world, investor, key.address.lower())
    message = (
        encode_defunct(text=asked["text"])
        if form == "eip191"
        else encode_typed_data(full_message=asked["typed_data"])
    )
    proof = {
        "challenge": asked["challenge"],
        "form": form,
        "signature": hex_of(bytes(key.sign_message(message).signature)),
    }
    path = f"/investors/{investor}/wallets/proofs"
    answer = world.order("B1", path, proof, key=f"proof-{form}")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["address"]) == ("waiting", key.address)
    assert world.order("B1", path, proof, key=f"proof-{form}").text == answer.text
    assert refused(world.order("B1", path, proof)) == "challenge_used"
    listed = world.ask("B1", f"/investors/{investor}/wallets").json()["items"]
    assert [each["address"] for each in listed] == [key.address]


def test_wallet__somebody_else_signs__is_refused(world: World) -> None:
    investor, other = registered(world)["investor"], registered(world)["investor"]
    key, stranger = Account.create(), Account.create()
    asked = asked_for(world, investor, key.address)
    message = encode_defunct(text=asked["text"])
    proof = {
        "challenge": asked["challenge"],
        "form": "eip191",
        "signature": hex_of(bytes(stranger.sign_message(message).signature)),
    }
    mine = f"/investors/{investor}/wallets/proofs"
    assert refused(world.order("B1", mine, proof)) == "signature_invalid"
    proof["signature"] = hex_of(bytes(key.sign_message(message).signature))
    wrong = f"/investors/{other}/wallets/proofs"
    assert refused(world.order("B1", wrong, proof)) == "challenge_unknown"


def test_wallet__below_the_custodian_s_tree__is_the_same_until_it_speaks(world: World) -> None:
    office = world.firm.office
    investor = registered(world, "B2")["investor"]
    path = f"/investors/{investor}/wallets"
    assert refused(world.order("B2", path, {"product": "P1"})) == "tree_unknown"
    take_tree(office, TREE.serialised(), fingerprint=TREE.fingerprint, owner="C1", by="custody-1")
    approve_tree(office, TREE.fingerprint, by="custody-2")
    first = world.order("B2", path, {"product": "P1"})
    assert first.status_code == 201, first.text
    assert first.json()["state"] == "waiting"
    assert world.order("C1", path, {"product": "P1"}).json()["address"] == first.json()["address"]
    assert refused(world.order("B1", path, {"product": "P1"})) == "not_found"
