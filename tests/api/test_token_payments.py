"""Payments in a yen token through the interface, by a registrar whose people sign elsewhere.

given a product with three holders and a yen token on the list
├── terms: another address is refused; recorded, they are told, and the distribution that is declared then carries them
├── a batch is what its maker signs, line by line; under one key it is one batch
│   ├── until somebody else approves it nobody is paid; the same people as for any command
│   └── final, its lines are paid, register and ledger agree, and the next order says that nothing is due
├── a payee whom the token refuses is owed; released to the bank, the line stands there
├── a payer without funds: refused, with what is needed, and no batch
└── a distribution by bank transfer has no batches
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.api.conftest import OPEN, Tokens, World, refused
from tests.api.signing import account, approved, delivered, ordered, prepared, signed
from tests.bootstrap.test_token_payments import NETS, PAYER, a_token, yen
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.api.v1 import make_v1
from genbo.bootstrap.token_payments_settled import SettleTokenPayments
from genbo.chain.contracts.disbursement import YenToken
from genbo.kernel import Address
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer

TERMS = "/products/P1/payment-terms"
RUNS = "/products/P1/distributions"
DAY = "2022-01-31"


class Story:
    """A world in which the record date was fixed."""

    def __init__(self, world: World, register: Register, cash: Address) -> None:
        self.world, self.register, self.cash = world, register, cash

    def ask(self, path: str) -> Any:
        answer = self.world.ask("R1", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def declared(self, run: str) -> Any:
        """Declared by one, approved by another."""
        body = {"distribution": run, "record_day": DAY, "income": "1000", "why": "a resolution"}
        answer = ordered(self.world, "R1", RUNS, body, maker="issue-1", key=f"declare-{run}")
        assert answer.status_code == 201, answer.text
        path = f"{RUNS}/{run}/approvals"
        told = self.world.order("R1", path, {"account": account("issue-2")}, mode="prepare")
        done = self.world.order("R1", path, signed("issue-2", told.json()))
        assert done.json()["state"] == "approved"
        return done.json()

    def states(self, run: str) -> dict[str, tuple[str, str, int | None]]:
        lines = self.ask(f"{RUNS}/{run}/lines")["items"]
        return {each["holder"]: (each["state"], each["way"], each["batch"]) for each in lines}

    def settle(self, command: str) -> None:
        """As the service does: the sender sends, the routine takes the end over."""
        assert delivered(self.world, command).state == "final"
        assert SettleTokenPayments(self.register.office).step()

    def has(self, number: int) -> int:
        token = YenToken(self.register.office.house.node, self.cash)
        return token.balance_of(self.register.firm.address(number)).value


@pytest.fixture(scope="module")
def story(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    server.create_database("api_token_payments", template=TEMPLATE)
    database = Database(server.url("api_token_payments"))
    register = a_register(database, tmp_path_factory.mktemp("token"), {1: 2, 2: 3, 3: 5})
    office = register.office
    cash = a_token(register)
    register.clock.set("2022-02-01 09:00:00")
    office.read()
    tokens = Tokens(office)
    app = make_v1(office, tokens, now=office.house.now, limit=OPEN)
    with TestClient(app, raise_server_exceptions=False) as client:
        made = Story(World(register.firm, client, tokens), register, cash)
        made.world.order("R1", f"/products/P1/record-dates/{DAY}/fixing", {}, key="fix")
        yield made
    office.close()
    database.close()
    server.drop_database("api_token_payments")


@pytest.fixture(scope="module")
def terms(story: Story) -> Any:
    body = {"token": story.cash, "payer": PAYER.address, "evidence_ref": "DEED-1"}
    told = story.world.order("R1", TERMS, body, key="terms")
    assert told.status_code == 201, told.text
    return told.json()


def test_terms__before_and_after__are_told(story: Story) -> None:
    assert story.ask(TERMS)["yen_token"] is None
    by_bank = story.declared("D-BANK")
    assert by_bank["yen_token"] is None
    path = f"{RUNS}/D-BANK/token-payments"
    assert story.ask(path)["items"] == []
    asked = story.world.order("R1", path, {}, mode="dry_run").json()
    assert asked["refusal"]["reason"] == "payment_way_other"


def test_terms__token_off_the_list_or_without_a_payer__are_refused(story: Story) -> None:
    wrong = {"token": "0x" + 40 * "7", "payer": PAYER.address, "evidence_ref": "DEED-1"}
    assert refused(story.world.order("R1", TERMS, wrong)) == "cash_not_allowed"
    half = {"token": story.cash, "evidence_ref": "DEED-1"}
    assert refused(story.world.order("R1", TERMS, half)) == "field_missing"


def test_pay__signed_by_two__pays_once(story: Story, terms: Any) -> None:
    assert story.ask(TERMS) == terms
    assert terms["payment_contract"] == story.register.office.deployment.disbursement
    run = story.declared("D-1")
    assert run["yen_token"] == terms["yen_token"]
    path = f"{RUNS}/D-1/token-payments"
    made = ordered(story.world, "R1", path, {}, maker="issue-1", key="pay-1")
    assert made.status_code == 201, made.text
    command = made.json()["command"]
    again = ordered(story.world, "R1", path, {}, maker="issue-1", key="pay-1")
    assert again.json()["command"] == command
    assert story.states("D-1") == dict.fromkeys(NETS, ("sent", "token", 1))
    assert story.has(1) == 0
    other = story.world.order(
        "R1", path, {"maker": {"account": account("issue-1")}}, mode="prepare"
    )
    assert refused(other) == "payment_nothing_due"
    assert approved(story.world, "R1", command, by="issue-2").status_code == 201
    story.settle(command)
    assert story.states("D-1") == dict.fromkeys(NETS, ("paid", "token", 1))
    total = sum(NETS.values())
    told = story.ask(path)
    assert [(each["state"], each["records"], each["total"]) for each in told["items"]] == [
        ("settled", 3, total)
    ]
    assert told["sums"] == {
        "agree": True,
        "register_lines": 3,
        "register_yen": total,
        "ledger_lines": 3,
        "ledger_yen": total,
        "apart": [],
    }
    assert [story.has(number) for number in (1, 2, 3)] == [yen_ * 10**6 for yen_ in NETS.values()]


def test_pay__payee_refused_by_the_token__is_owed_and_released_to_the_bank(
    story: Story, terms: Any
) -> None:
    story.declared("D-2")
    sender = story.register.office.sender
    sender.send(yen(story.cash, "bar", story.register.firm.address(2), True, True), by=PAYER)
    path = f"{RUNS}/D-2/token-payments"
    command = ordered(story.world, "R1", path, {}, maker="issue-1", key="pay-2").json()["command"]
    approved(story.world, "R1", command, by="issue-2")
    story.settle(command)
    assert story.states("D-2")["IV-2"] == ("held", "token", 1)
    (owed,) = [
        each["payee"]
        for each in story.ask("/products/P1/unpaid")["items"]
        if each["distribution"] == "D-2"
    ]
    assert (owed["holder"], owed["hold"]) == ("IV-2", "returned")
    body = {"lines": [owed["line"]], "way": "bank"}
    assert story.world.order("R1", f"{RUNS}/D-2/releases", body).status_code == 201
    assert story.states("D-2")["IV-2"] == ("payable", "bank", 1)
    assert story.ask(path)["sums"]["agree"]


def test_pay__payer_without_funds__is_refused_and_nothing_is_kept(story: Story, terms: Any) -> None:
    story.declared("D-3")
    sender, contract = story.register.office.sender, terms["payment_contract"]
    sender.send(yen(story.cash, "approve", contract, 1), by=PAYER)
    path = f"{RUNS}/D-3/token-payments"
    body = {"maker": signed("issue-1", prepared(
        story.world, "R1", path, {}, maker="issue-1", key="pay-3"))}  # fmt: skip
    assert refused(story.world.order("R1", path, body, key="pay-3")) == "payment_funds_too_low"
    assert story.ask(path)["items"] == []
    assert set(story.states("D-3").values()) == {("payable", "token", None)}


def test_pay__of_another_product__is_not_found(story: Story) -> None:
    assert PRODUCT == "P1"
    for path in ("/products/P9/payment-terms", "/products/P9/distributions/D-1/token-payments"):
        assert refused(story.world.ask("R1", path)) == "not_found"
