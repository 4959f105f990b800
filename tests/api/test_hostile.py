"""What somebody hostile, or careless, sends (R-PROGMAT-API-1 to 4).

given a body
├── when nobody known sends it: it is not even parsed
├── when it is nested deeper than anything of ours: refused before it is parsed, for the parser would end the process
├── when a text holds the character of number zero, or half of one: refused, for the database keeps none
├── when a number is something else that could pass for one: refused, and no units move on a guess
given the other form of a giver's signature, which anybody can make of it and no contract takes
└── it is refused when it comes, and not on the day of delivery
given a giver's signature that somebody else sends to the ledger first
├── when it moved the units as ordered: the order is delivered, once, and nobody is told to sign again
└── when its giver cancelled it: the order is refused
given many at once
├── when they change different things: each is answered; none waits for a connection that another one, waiting, holds
│   ├── so every change is made over one connection, and asked about over one
│   └── asked about, none holds a connection while it waits for its next thread, but a few
└── when every connection to the database is in use: 503 with the reason, not a defect
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys.constants import SECPK1_N
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import TimeoutError as PoolTimeout
from tests.api.conftest import World, refused
from tests.api.test_files import announced, send
from tests.api.test_registration import change, registered, somebody, tag_of
from tests.api.test_transfers import order_of, settle, signed, transfer
from tests.support.keys import TREE

from genbo.api.body import DEEPEST, require_shallow
from genbo.bootstrap.wallets import approve_tree, take_tree
from genbo.chain.call import Call
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.hexes import hex_of
from genbo.chain.signing import CancelAuthorisation, Domain
from genbo.kernel import ProductId, Reason, Reference, Refusal


@pytest.fixture(scope="module")
def world(trading: World) -> World:
    return trading


def sent(world: World, who: str, path: str, content: bytes, key: str) -> Any:
    """Bytes as they are."""
    return world.client.post(
        f"/v1{path}",
        content=content,
        headers={
            "Authorization": f"Bearer {who}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        },
    )


# Bodies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"[" * 900_000, b"{", b"{}"], ids=["deep", "broken", "empty"])
def test_body__of_nobody_known__is_not_looked_at(world: World, content: bytes) -> None:
    answer = sent(world, "nobody", "/transfers", content, "nobody-1")
    assert (answer.status_code, refused(answer)) == (401, "credential_refused")


@pytest.mark.parametrize("bracket", [b"[", b'{"a":', b'[{"a":'])
def test_body__nested_without_end__is_refused_and_the_service_lives(
    world: World, bracket: bytes
) -> None:
    answer = sent(world, "B1:update", "/transfers", bracket * (900_000 // len(bracket)), "deep-1")
    assert refused(answer) == "request_malformed"
    assert world.ask("B1", "/products").status_code == 200


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(each) for each in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(each) for each in value), default=0)
    return 0


@given(value=_JSON, around=st.integers(0, DEEPEST + 2))
def test_nesting__any_json__is_refused_from_one_depth_on(value: Any, around: int) -> None:
    for _ in range(around):
        value = ["[[[" * 20, value]
    body = json.dumps(value).encode()
    if _depth(value) <= DEEPEST:
        require_shallow(body)
        return
    with pytest.raises(Refusal) as no:
        require_shallow(body)
    assert no.value.reason is Reason.REQUEST_MALFORMED


@pytest.mark.parametrize("field", ["payee_bank_code", "name", "broker_customer_id", "other\0"])
def test_text__with_a_zero__is_refused(world: World, field: str) -> None:
    answer = world.order("B1", "/investors", somebody(**{field: "0\0" + "1"}))
    assert (answer.status_code, refused(answer)) == (422, "request_malformed")
    assert world.order("B1", "/investors", somebody(name="\\u0000")).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        rb'{"url": "https://a.example/\ud83d"}',
        b'{"url": "https://a.example/\xed\xa0\xbd"}',
        rb'{"terms": {"name": "\ud83d"}}',
        ('{"url": "\u0122", "a": ' + "[" * 400_000 + ' "').encode("utf-16"),
        r'{"url": "https://a.example/\u0000"}'.encode("utf-16"),
    ],
    ids=["escaped", "as it is", "unnamed", "deep in UTF-16", "zero in UTF-16"],
)
def test_text__with_what_is_no_character__is_refused(world: World, content: bytes) -> None:
    path = "/products" if b"terms" in content else "/webhooks"
    answer = sent(world, "R1:update", path, content, "half-1")
    assert (answer.status_code, refused(answer)) == (422, "request_malformed")
    whole = rb'{"url": "https://a.example/\ud83d\ude00"}'
    assert refused(sent(world, "R1:update", "/webhooks", whole, "half-2")) != "request_malformed"


@pytest.mark.parametrize("units", [True, "1", "1_0", 1.0, 1e1, 2**80, -1, None, [1]])
def test_units__not_a_whole_number__are_refused(world: World, units: object) -> None:
    body = {**transfer(), "units": units}
    assert refused(world.order("B1", "/transfers", body, mode="dry_run")) == "request_malformed"
    many = {
        "product": "P1",
        "reference": "N-1",
        "from": "IV-3",
        "rows": [{"to": "IV-4", "units": units}],
    }
    assert (
        refused(world.order("B2", "/transfers/bulk", many, mode="dry_run")) == "request_malformed"
    )


# At once ---------------------------------------------------------------------------------------------


def test_webhooks__registered_by_many_at_once__each_is_answered_at_once(world: World) -> None:
    def one(number: int) -> int:
        address = {"url": f"http://127.0.0.1:9/{number}"}
        return world.order("B1", "/webhooks", address, key=f"many-{number}").status_code

    began = monotonic()
    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(one, range(40)))
    assert monotonic() - began < 10
    assert sorted(answers) == [201] * 10 + [409] * 30


def test_webhooks__asked_about_by_many_at_once__each_is_answered_at_once(world: World) -> None:
    def one(number: int) -> int:
        address = {"url": f"http://127.0.0.1:9/{number}"}
        asked = world.order("B1", "/webhooks", address, key=f"asked-{number}", mode="dry_run")
        return asked.status_code

    began = monotonic()
    with ThreadPoolExecutor(120) as threads:
        answers = set(threads.map(one, range(120)))
    assert answers == {200}
    assert monotonic() - began < 15


@contextmanager
def connections(world: World, left: int) -> Iterator[None]:
    """So many connections to the database are left, and nobody waits long for one."""
    engine = world.firm.office.house.database.engine
    pool: Any = engine.pool
    patience, pool._timeout = pool._timeout, 0.2
    try:
        with ExitStack() as held:
            kept: list[ExitStack] = []
            with pytest.raises(PoolTimeout):  # noqa: PT012
                while True:
                    one = held.enter_context(ExitStack())
                    one.enter_context(engine.connect())
                    kept.append(one)
            for one in kept[:left]:
                one.close()
            yield
    finally:
        pool._timeout = patience


def test_change__each_that_is_answered_once__is_made_over_one_connection(world: World) -> None:
    office, holder = world.firm.office, Account.create()
    take_tree(office, TREE.serialised(), fingerprint=TREE.fingerprint, owner="C1", by="custody-1")
    approve_tree(office, TREE.fingerprint, by="custody-2")
    content = b"not what was announced"

    def done(answer: Any, status: int) -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        return dict(answer.json()) if answer.content else {}

    with connections(world, 1):
        # customers and their addresses
        own = registered(world)["investor"]
        kept = registered(world, "B2")["investor"]
        done(change(world, own, {"contact_phone": "03-0000-0000"}, tag=tag_of(world, own)), 200)
        done(world.order("B2", f"/investors/{kept}/wallets", {"product": "P1"}), 201)
        wallets = f"/investors/{own}/wallets"
        asked = world.order("B1", wallets, {"product": "P1", "address": holder.address})
        challenge = done(asked, 201)["challenge"]
        signature = holder.sign_message(encode_defunct(text=challenge["text"])).signature
        proof = {
            "challenge": challenge["challenge"],
            "form": "eip191",
            "signature": hex_of(bytes(signature)),
        }
        done(world.order("B1", f"{wallets}/proofs", proof), 201)
        # webhooks
        for each in world.ask("B1", "/webhooks").json():
            done(world.order("B1", f"/webhooks/{each['webhook']}", method="DELETE"), 204)
        made = world.order("B1", "/webhooks", {"url": "http://127.0.0.1:9/"})
        webhook = f"/webhooks/{done(made, 201)['webhook']['webhook']}"
        tag = {"If-Match": world.ask("B1", webhook).headers["ETag"]}
        paused = {"state": "paused"}
        done(world.order("B1", webhook, paused, method="PATCH", headers=tag), 200)
        tag = {"If-Match": world.ask("B1", webhook).headers["ETag"]}
        done(world.order("B1", f"{webhook}/secret", headers=tag), 200)
        nothing = world.order("B1", f"{webhook}/replay", {"from_number": 1})
        assert refused(nothing) == "field_invalid"  # there is none yet, as the table says
        # transfers
        later = transfer("IV-3", "IV-4", delivery_date="2022-04-18")
        done(world.order("B2", "/transfers", later), 201)
        done(world.order("B2", f"/transfers/P1/{later['trade']}/withdrawal", {}), 200)
        done(world.order("B2", "/transfers/orders", {"rows": [transfer("IV-3", "IV-4")]}), 200)
        rows = [{"to": "IV-4", "units": 1}]
        many = {"product": "P1", "reference": "N-2", "from": "IV-3", "rows": rows}
        job = done(world.order("B2", "/transfers/bulk", many), 202)["job"]
        done(world.order("B2", f"/jobs/{job}/cancellation"), 200)
        # difference cases
        case = f"/difference-cases/DC-{'0' * 24}"
        closing = {"cause": "book_entry_wrong", "evidence": "0x" + 64 * "9"}
        for path, body in ((f"{case}/closing", closing), (f"{case}/escalation", None)):
            assert refused(world.order("B2", path, body, mode="submit")) == "not_found"
        # files
        file = done(announced(world, content, timestamp="2022-03-01T09:00:00+09:00"), 201)["file"]
        done(send(world, file, 1, content), 200)
        done(world.order("B1", f"/files/{file}/completion"), 202)
        assert refused(world.order("R1", f"/files/{file}/approval")) == "import_file_not_ready"


def test_dry_run__of_what_is_not_there__is_asked_over_one_connection(world: World) -> None:
    rows = {"rows": [{**transfer("IV-3", "IV-4"), "from": "IV-NOBODY"}]}
    case = f"/difference-cases/DC-{'0' * 24}"
    closing = {"cause": "book_entry_wrong", "evidence": "0x" + 64 * "9"}
    with connections(world, 1):
        for who, path, body in (
            ("B1", "/investors/IV-NOBODY/introduction", {"institution": "F1", "consent": True}),
            ("B2", f"{case}/closing", closing),
            ("B2", f"{case}/escalation", None),
        ):
            told = world.order(who, path, body, mode="dry_run")
            assert (told.status_code, refused(told)) == (404, "not_found"), told.text
        asked = world.order("B2", "/transfers/orders", rows, mode="dry_run")
        assert asked.json()["refused"] == 1, asked.text


def test_database__every_connection_is_in_use__is_said(world: World) -> None:
    with connections(world, 0):
        answer = world.ask("B1", "/jobs")
    assert (answer.status_code, refused(answer)) == (503, "database_unreachable")
    assert world.ask("B1", "/jobs").status_code == 200


# Signatures ------------------------------------------------------------------------------------------


def send_as_relay(world: World, call: Call, trade: str) -> None:
    office = world.firm.office
    assert office.relay is not None
    act = office.orders.of_relay(
        call,
        relay=office.relay,
        key=f"stranger/{trade}",
        product=ProductId("P1"),
        ref=Reference(trade),
    )
    with office.house.database.begin() as connection:
        act.store(connection)
    while not all(turn.idle for turn in office.courier.turn_all()):
        pass


def services(world: World) -> TokenServices:
    office = world.firm.office
    return TokenServices(office.house.node, office.deployment.token_of(ProductId("P1")).address)


def test_authorisation__sent_by_somebody_else_first__is_the_order_delivered_once(
    world: World,
) -> None:
    settle(world)
    before = world.firm.balances([1, 2])
    body = signed(world, transfer(units=2))
    given = body["authorisation"]
    call = services(world).transfer_authorised(
        world.firm.address(1),
        world.firm.address(2),
        2,
        after=given["valid_after"],
        before=given["valid_before"],
        ref=Reference(body["trade"]),
        signature=bytes.fromhex(given["signature"][2:]),
    )
    send_as_relay(world, call, body["trade"])
    assert world.order("B1", "/transfers", body).status_code == 201
    settle(world)  # nobody has read yet what the ledger says
    settle(world)
    order = order_of(world, body)
    assert (order["state"], order["problem"]) == ("delivered", None)
    assert world.firm.balances([1, 2]) == [before[0] - 2, before[1] + 2]


def test_authorisation__cancelled_by_its_giver__refuses_the_order(world: World) -> None:
    settle(world)
    before = world.firm.balances([1, 2])
    body = signed(world, transfer(units=2))
    trade = Reference(body["trade"])
    message = CancelAuthorisation(holder=world.firm.address(1), ref=trade)
    name, _, _ = world.firm.office.token(ProductId("P1")).standing([]).value
    chain_id = world.firm.office.deployment.chain_id
    domain = Domain.of_token(name, services(world).address, chain_id=chain_id)
    signature = world.firm.key(1).sign_digest(message.digest(domain))
    call = services(world).cancel_authorisation(world.firm.address(1), trade, signature)
    send_as_relay(world, call, trade)
    assert world.order("B1", "/transfers", body).status_code == 201
    settle(world)
    settle(world)
    order = order_of(world, body)
    assert (order["state"], order["problem"]["reason"]) == ("refused", "authorisation_used")
    assert world.firm.balances([1, 2]) == before


def test_signature__in_its_other_form__is_refused_when_it_comes(world: World) -> None:
    body = signed(world, transfer(delivery_date="2022-04-18"))
    given = bytes.fromhex(body["authorisation"]["signature"][2:])
    other = SECPK1_N - int.from_bytes(given[32:64])
    turned = given[:32] + other.to_bytes(32) + bytes([55 - given[64]])
    body["authorisation"]["signature"] = hex_of(turned)
    assert refused(world.order("B1", "/transfers", body)) == "signature_invalid"
    body["authorisation"]["signature"] = hex_of(given)
    assert world.order("B1", "/transfers", body).status_code == 201
