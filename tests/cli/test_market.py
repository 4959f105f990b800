"""Market, orders and wallets from the command line, beside a running system.

given a system that runs
├── when hours are set: the market should open by itself, and be shown with its next opening
├── when an order is placed: it should be delivered by itself
├── when an operator closes: an order should wait, and be withdrawn without a movement
├── when two persons switch a group: it should be shown
├── when a tree is taken, approved and used: an investor should have a fresh address, active after a verdict
├── when an address is proved: it should wait, once
├── when a holder is re-keyed: by two at once, or proposed by one and approved by another
└── when something is wrong: one line should say so
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import EXAMPLE, Ran, inside, running
from tests.support.keys import SIGNER, TREE

from genbo.cli.session import office
from genbo.custody import ProofForm
from genbo.governance import Duty
from genbo.kernel import JST, Digest, InvestorId, ProductId, Reference
from genbo.token import Act

PRODUCT = "SHIBUYA-JINNAN"
ANNE, BORIS = "IV-ANNE", "IV-BORIS"
HEAD = (
    "investor_id,investor_type,investor_class,investor_name,registered_address,safekeeping_kind,"
    "safekeeping_id,verified_at,verified_until,kyc_evidence\n"
)
ROW = "{0},individual,individual,見本 {0},東京都架空区1番,direct,B1,2026-01-05,2040-03-31,KYC-{0}\n"
EVIDENCE = "0x" + "ee" * 32


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """It runs; Anne holds 40 units of a product that lasts until 2040, and Boris none."""
    folder = tmp_path_factory.mktemp("market")
    data = folder / "data"
    terms = (EXAMPLE / "product.yaml").read_text("utf-8").replace("2024-08-01", "2040-08-01")
    (folder / "product.yaml").write_text(terms, "utf-8")
    (folder / "investors.csv").write_text(HEAD + ROW.format(ANNE) + ROW.format(BORIS), "utf-8")
    with running("up", "--port", 0, "--json", data=data) as up:
        up.await_document()
        for words in (
            ("firm", "register", EXAMPLE / "firms.yaml"),
            ("product", "create", folder / "product.yaml"),
            ("investor", "import", folder / "investors.csv", "--product", PRODUCT),
        ):
            ran = inside(*words, data=data)
            assert ran.code == 0, ran.err
        _issue(data)
        yield data
        assert up.end().code == 0


def _issue(data: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBO_DATA", str(data))
        with office() as working:
            product = ProductId(PRODUCT)
            token = working.token(product)
            beneficiary = token.initial_beneficiary().value
            anne = wallet(data, ANNE)["address"]
            assert beneficiary is not None
            until = datetime(2040, 1, 1, tzinfo=JST)
            verdict = token.set_verdict(beneficiary, until=until, investor_class=5)
            working.act(verdict, Duty.RESTRICTOR, product=product)
            act = Act(ref=Reference("I-1"), evidence=Digest(EVIDENCE))
            working.act(token.issue([beneficiary], [100], act), Duty.ISSUER, product=product)
            given = token.distribute([anne], [40], Reference("D-1"))
            working.act(given, Duty.DISTRIBUTOR, product=product)


def does(data: Path, *words: object) -> Any:
    """The document that the command answers with."""
    ran = inside(*words, "--json", data=data)
    assert ran.code == 0, ran.out + ran.err
    return ran.document


def is_refused(data: Path, *words: object) -> str:
    ran: Ran = inside(*words, "--json", data=data)
    assert ran.code in (1, 2)
    return str(ran.error["reason"])


def wallet(data: Path, investor: str) -> Any:
    """The last address of the investor."""
    return does(data, "wallet", "list", "--product", PRODUCT, "--investor", investor)["wallets"][-1]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def order(data: Path, trade: str) -> Any:
    orders = does(data, "order", "list", "--product", PRODUCT)["orders"]
    return next(each for each in orders if each["trade"] == trade)


def place(trade: str) -> tuple[object, ...]:
    parties = ("--from", ANNE, "--to", BORIS)
    return ("order", "place", "--product", PRODUCT, "--trade", trade, *parties, "--units", 3)


@pytest.fixture(scope="module")
def opened(system: Path) -> Path:
    """Open day and night from today on, which is made a business day."""
    assert does(system, "market", "show")["status"] == "closed"
    assert is_refused(system, *place("T-0")) == "market_closed"  # no hours: nothing to wait for
    assert is_refused(system, "market", "hours", "9-18", "--why", "-") == "field_invalid"
    assert is_refused(system, "market", "hours", "09:00-18:00") == "field_missing"
    does(system, "market", "hours", "00:00-24:00", "--why", "day and night")
    today = datetime.now(JST).date()
    if today.weekday() >= 5:
        why = ("--why", "the tests run today")
        does(system, "market", "override", today, "--business-day", *why)
    until(lambda: does(system, "market", "show")["status"] == "open")
    return system


def test_order__placed_while_open__is_delivered_by_itself(opened: Path) -> None:
    placed = does(opened, *place("T-1"))
    assert placed["against"] is None
    until(lambda: order(opened, "T-1")["state"] == "delivered")
    assert does(opened, *place("T-1"))["state"] == "delivered"
    assert is_refused(opened, *place("T-1")[:-1], 4) == "order_differs"
    assert is_refused(opened, "order", "withdraw", "T-1", "--product", PRODUCT) == "order_not_open"
    assert is_refused(opened, *place("T-2"), "--delivery-date", "soon") == "field_invalid"


def test_market__operator_closes__order_waits_and_is_withdrawn(opened: Path) -> None:
    closed = does(opened, "market", "close", "--why", "an incident")
    assert (closed["status"], closed["closed_by_decision"]) == ("closed", True)
    placed = does(opened, *place("T-3"))
    assert (placed["state"], placed["against"]) == ("waiting", "market_closed")
    shown = inside("order", "list", "--open", data=opened).out
    assert "T-3" in shown
    taken = does(opened, "order", "withdraw", "T-3", "--product", PRODUCT, "--cancel", "C-3")
    assert (taken["state"], taken["cancelled_by"]) == ("withdrawn", "C-3")
    assert does(opened, "market", "open", "--why", "repaired")["status"] == "open"
    known = does(opened, "market", "show", "--as-of", "2026-01-01T12:00")
    assert (known["status"], known["should_be_open"]) == (None, False)
    people = inside("market", "show", data=opened).out
    assert "next opening" in people


def test_market__group_and_book__are_set(opened: Path) -> None:
    groups = does(opened, "market", "show")["groups"]
    (group,) = groups
    switch = ("market", "group", group, "--why", "a file is late")
    assert is_refused(opened, *switch, "--off", "--as", "repair-1") == "approvals_too_few"
    assert does(opened, *switch, "--off")["groups"] == {group: False}
    assert does(opened, *switch, "--on")["groups"] == {group: True}
    book = ("market", "book", "--product", PRODUCT, "--why", "the contract", "--cause")
    assert does(opened, *book, "record_date", "--days", -1, 0)["days"] == [-1, 0]
    assert does(opened, *book, "record_date")["days"] is None
    assert is_refused(opened, *book, "birthday") == "field_invalid"
    assert is_refused(opened, *book, "redemption", "--days", 1, 0) == "field_invalid"


@pytest.fixture(scope="module")
def tree(system: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("keys") / "xpub.txt"
    file.write_text(TREE.serialised() + "\n", "utf-8")
    take = ("wallet", "tree", "take", file, "--owner", "B1", "--as", "repair-1", "--fingerprint")
    assert is_refused(system, *take, "00000000") == "fingerprint_mismatch"
    assert does(system, *take, TREE.fingerprint)["approved_by"] is None
    approve = ("wallet", "tree", "approve", TREE.fingerprint, "--as")
    assert is_refused(system, *approve, "repair-1") == "same_person"
    assert is_refused(system, *approve, "nobody") == "key_missing"
    assert does(system, *approve, "repair-2")["approved_by"] == "repair-2"
    (listed,) = does(system, "wallet", "tree", "list")["trees"]
    assert TREE.serialised() not in str(listed)
    return TREE.fingerprint


def test_wallet__created_below_a_tree__replaces_by_two_persons(system: Path, tree: str) -> None:
    create = ("wallet", "create", "--product", PRODUCT, "--tree", tree, "--investor", ANNE)
    (made,) = does(system, *create)["wallets"]
    assert (made["state"], made["index"]) == ("waiting", 0)
    replace = ("wallet", "replace", "--product", PRODUCT, "--investor", ANNE)
    papers = ("--ref", "REKEY-1", "--evidence", EVIDENCE)
    assert is_refused(system, *replace, *papers[:2], "--evidence", "0x12", "--as", "repair-1") == (
        "field_invalid"
    )
    old, new = does(system, *replace, *papers, "--as", "repair-1", "--as", "repair-2")["wallets"]
    assert (old["state"], new["state"]) == ("replaced", "active")
    assert (old["replaced_by"], old["evidence"]) == (new["address"], EVIDENCE)
    assert new["address"] == made["address"]


def test_wallet__proposed_by_one__table_follows_when_another_approves(
    system: Path, tree: str
) -> None:
    create = ("wallet", "create", "--product", PRODUCT, "--tree", tree, "--investor", BORIS)
    (made,) = does(system, *create)["wallets"]
    replace = ("wallet", "replace", "--product", PRODUCT, "--investor", BORIS)
    papers = ("--ref", "REKEY-2", "--evidence", EVIDENCE, "--as", "repair-1")
    proposed = does(system, *replace, *papers)
    assert proposed["state"] == "checked"
    assert (
        inside("command", "approve", proposed["command"], "--as", "repair-2", data=system).code == 0
    )
    until(lambda: wallet(system, BORIS)["state"] == "active")
    assert wallet(system, BORIS)["address"] == made["address"]


def test_wallet__proved_and_registered__is_active(system: Path, tmp_path: Path) -> None:
    file = tmp_path / "investors.csv"
    file.write_text(HEAD + ROW.format("IV-CLARA"), "utf-8")
    assert inside("investor", "import", file, data=system).code == 0
    who = ("--product", PRODUCT, "--investor", "IV-CLARA")
    ask = ("wallet", "challenge", *who, "--custodian", "B1", "--address")
    assert is_refused(system, *ask, "0x12") == "field_invalid"
    asked = does(system, *ask, SIGNER.address.lower())
    signature = SIGNER.sign_digest(bytes.fromhex(asked["digest_eip712"][2:])).hex()
    prove = ("wallet", "prove", asked["challenge"], "--form", ProofForm.TYPED_DATA, "--signature")
    assert is_refused(system, *prove, "0x" + 65 * "11") == "signature_invalid"
    (proved,) = does(system, *prove, signature)["wallets"]
    assert (proved["state"], proved["address"]) == ("waiting", SIGNER.address)
    assert is_refused(system, *prove, signature) == "challenge_used"
    (registered,) = does(system, "wallet", "register", *who)["wallets"]
    assert (registered["state"], registered["investor"]) == ("active", InvestorId("IV-CLARA"))


def test_system__after_all_of_this__holds(system: Path) -> None:
    assert inside("check", data=system).code == 0
    assert inside("audit", "verify", data=system).code == 0
