"""D.5 and D.1.5 of the requirements by the library, against a registry that is served.

The people are those of the sandbox: H3 of B2 has the 400 units of the story, H8 takes the place of H700, and the
register has 8 holders where the story has 503. The delivery is of today, for the ledger's time is the present.

given the delegating broker B2, whose keys C1 keeps (D.5)
├── .1 when it registers corporations: the right check digit is accepted, the wrong one refused, and so are twelve
│      digits for an individual; no number is repeated
├── .2 when it orders 50 units from H3: delivered without its signature, C1 sees the order, and no act asks B2 to sign
├── .3 when its reading credential changes something: refused, and on record
├── .4 when it hands in its book of 349: the register says 350, and a case is opened until 18:00 with both numbers and
│      the block; C1 is told; B2 closes it with no less than a cause, or escalates it, and then C1 closes it
├── .5 when it asks for B1's customer: not there
└── .6 when it asks for C1's balance certificate: 350 and 50, signed by C1's own key, checked without asking anybody,
       and the same bytes after later movements; of a day that is not over there is none
given the asset manager A1 (D.1.5)
├── it should see the number of holders and the total
├── when it asks for a name: refused without a purpose on record
└── when another manager asks for the product: not there
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta, timezone
from typing import Any

import pytest

from genbo_sdk import (
    CertificateRefused,
    Client,
    ClientSecret,
    Conflict,
    Invalid,
    LocalSigner,
    NotAllowed,
    NotFound,
    Reason,
    SigningRefused,
    models,
    sign_balance_certificate,
    verify_balance_certificate,
)
from genbo_sdk.sandbox import Sandbox

CORPORATION: dict[str, Any] = {
    "kind": "corporation",
    "name": "試験商事株式会社",
    "registered_address": "東京都架空区見本町1丁目1番1号",
}
JST = timezone(timedelta(hours=9))
SECONDS = 30
PERSON: dict[str, Any] = {**CORPORATION, "kind": "individual", "name": "試験　花子"}


@pytest.fixture(scope="module")
def b2(sandbox: Sandbox) -> Iterator[Client]:
    with sandbox.client("B2", language="ja") as client:
        yield client


@pytest.fixture(scope="module")
def delivered(b2: Client, sandbox: Sandbox) -> Iterator[models.TransferOrder]:
    """D.5.2: 50 units from H3 to H8, and back when all have looked."""
    assert held(b2, sandbox)["H3"] == 400
    order = b2.transfers.order(**between("H3", "H8", 50, sandbox))
    done = b2.wait_final(order)
    until_read(b2, sandbox, done)
    yield done
    back = b2.transfers.order(**between("H8", "H3", 50, sandbox))
    until_read(b2, sandbox, b2.wait_final(back))


def between(giver: str, taker: str, units: int, sandbox: Sandbox) -> dict[str, Any]:
    trade = f"D5-{uuid.uuid4().hex[:12]}"
    return {
        "product": sandbox.product, "trade": trade, "from_": giver, "to": taker, "units": units,
    }  # fmt: skip


def held(client: Client, sandbox: Sandbox, as_of: Any = None) -> dict[str | None, int]:
    return {
        each.investor: each.units for each in client.positions.list(sandbox.product, as_of=as_of)
    }


def until_read(client: Client, sandbox: Sandbox, order: models.TransferOrder) -> None:
    assert order.block is not None
    client.wait_read(sandbox.product, order.block)


def book(
    said: Mapping[str, int], delivered: models.TransferOrder, sandbox: Sandbox
) -> dict[str, Any]:
    lines = [models.BookLineIn(investor=name, units=units) for name, units in said.items()]
    return {"product": sandbox.product, "lines": lines, "as_of": delivered.block}


def until_told(client: Client, case: str, most: int) -> list[str]:
    """The types of what is told of the case, once there are so many."""
    deadline = time.monotonic() + SECONDS
    while True:
        found = [
            each.type
            for each in client.events.list(type=["reconciliation"])
            if each.data.get("case") == case
        ]
        if len(found) >= most or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


# D.5 ------------------------------------------------------------------------------------------------


def test_d5_1__corporate_numbers__are_accepted_by_their_check_digit(b2: Client) -> None:
    made = b2.investors.register(**CORPORATION, corporate_number="7000012050002")
    assert (made.broker, made.custodian, made.safekeeping_kind) == ("B2", "C1", "delegated")
    before = len(b2.investors.list().all())
    for known, number, reason in (
        (CORPORATION, "8000012050002", Reason.FIELD_INVALID),
        (PERSON, "123456789018", Reason.INDIVIDUAL_NUMBER_REFUSED),
        (PERSON, "999999999999", Reason.INDIVIDUAL_NUMBER_REFUSED),
    ):
        with pytest.raises(Invalid) as told:
            b2.investors.register(**known, corporate_number=number)
        assert (told.value.reason, told.value.facts["field"]) == (reason, "corporate_number")
        assert number not in f"{told.value}{json.dumps(dict(told.value.facts))}"
    assert len(b2.investors.list().all()) == before


def test_d5_2__order_of_50__is_delivered_without_a_signature_of_b2(
    b2: Client, delivered: models.TransferOrder, sandbox: Sandbox
) -> None:
    assert (delivered.state, delivered.units, delivered.is_signed) == ("delivered", 50, False)
    with sandbox.client("C1") as custodian:
        seen = custodian.transfers.get(sandbox.product, delivered.trade)
        assert (seen.state, seen.tx) == ("delivered", delivered.tx)
    (moved,) = b2.trades.list(sandbox.product, ref=delivered.trade)
    assert (moved.kind, moved.units, moved.block) == ("transfer", 50, delivered.block)
    assert "H3" not in sandbox.holder_keys
    with pytest.raises(
        NotFound
    ) as told:  # neither a maker's nor an approver's signature is for it to give
        b2.commands.approve(
            delivered.command or "", account="0x" + 40 * "1", signature="0x" + 130 * "1"
        )
    assert told.value.reason is Reason.ROUTE_UNKNOWN


def test_d5_3__reading_credential_that_changes__is_refused_and_on_record(
    b2: Client, delivered: models.TransferOrder, sandbox: Sandbox
) -> None:
    credential, secret = sandbox.credential("B2", "reference")
    earlier = b2.audit.entries(subject=credential).all()
    with Client(sandbox.base_url, update=ClientSecret(credential, secret)) as wrong:
        for change in (
            lambda: wrong.transfers.withdraw(sandbox.product, delivered.trade),
            lambda: wrong.investors.register(**PERSON),
            lambda: wrong.transfers.order(**between("H3", "H8", 1, sandbox)),
        ):
            with pytest.raises(NotAllowed) as told:
                change()
            assert told.value.reason is Reason.SCOPE_MISSING
    recorded = b2.audit.entries(subject=credential).all()[len(earlier) :]
    assert [each.facts["reason"] for each in recorded] == 3 * ["scope_missing"]
    assert all(each.action == "registry:credential:refused" for each in recorded)
    with sandbox.client("B1") as b1:
        assert b1.audit.entries(subject=credential).all() == []


def test_d5_4__daily_check__opens_a_case_for_350_against_349(
    b2: Client, delivered: models.TransferOrder, sandbox: Sandbox
) -> None:
    position = b2.positions.of_investor("H3", product=sandbox.product)
    assert [each.units for each in position.items] == [350]
    assert sum(each.units for each in b2.lots.list(sandbox.product, investor="H3")) == 350
    register = {name: units for name, units in held(b2, sandbox, delivered.block).items() if name}
    assert b2.reconciliation.check_book(**book(register, delivered, sandbox)).agrees
    checked = b2.reconciliation.check_book(**book(register | {"H3": 349}, delivered, sandbox))
    (difference,) = checked.differences
    case = b2.reconciliation.case(difference.case)
    assert (case.holder, case.register_units, case.book_units) == ("H3", 350, 349)
    assert case.block == checked.block
    assert (case.block.number, case.state) == (delivered.block, models.CaseState.OPEN)
    assert case.due_at.astimezone(JST).strftime("%H:%M") == "18:00"
    again = b2.reconciliation.check_book(**book(register | {"H3": 349}, delivered, sandbox))
    assert again == checked
    assert [each.case for each in b2.reconciliation.cases(state=[models.CaseState.OPEN])] == [
        case.case
    ]
    evidence = "0x" + 64 * "9"
    with pytest.raises(Invalid):
        b2.reconciliation.close_case(case.case, cause="it will be nothing", evidence=evidence)
    with sandbox.client("C1") as c1, sandbox.client("B1") as b1:
        with pytest.raises(NotFound):
            b1.reconciliation.case(case.case)
        assert c1.reconciliation.case(case.case) == case
        with pytest.raises(Conflict) as told:
            c1.reconciliation.close_case(
                case.case, cause=models.Cause.BOOK_ENTRY_WRONG, evidence=evidence
            )
        assert told.value.reason is Reason.CASE_WITH_OTHERS
        escalated = b2.reconciliation.escalate_case(case.case)
        assert escalated.state is models.CaseState.ESCALATED
        with pytest.raises(Conflict) as told:
            b2.reconciliation.close_case(
                case.case, cause=models.Cause.BOOK_ENTRY_WRONG, evidence=evidence
            )
        assert (told.value.reason, told.value.facts["whose"]) == (
            Reason.CASE_WITH_OTHERS,
            "C1, R1",
        )
        closed = c1.reconciliation.close_case(
            case.case, cause=models.Cause.BOOK_ENTRY_WRONG, evidence=evidence
        )
        assert (closed.state, closed.cause) == (models.CaseState.CLOSED, "book_entry_wrong")
        for client in (b2, c1):
            assert until_told(client, case.case, 3) == [
                f"reconciliation.case_{each}" for each in ("opened", "escalated", "closed")
            ]
    again = b2.reconciliation.check_book(**book(register | {"H3": 349}, delivered, sandbox))
    assert [each.case for each in again.differences] == [case.case]


def test_d5_5__customer_of_another_broker__is_not_there(b2: Client, sandbox: Sandbox) -> None:
    for ask in (
        lambda: b2.investors.get("H1"),
        lambda: b2.positions.of_investor("H1"),
        lambda: b2.investors.wallets("H1", product=sandbox.product),
        lambda: b2.investors.names(investors=["H1"], purpose=models.Purpose.NOTICE),
    ):
        with pytest.raises(NotFound) as told:
            ask()
        assert (told.value.reason, told.value.facts["asked"]) == (Reason.NOT_FOUND, "H1")
    told_of = b2.explain_transfer(product=sandbox.product, from_="H1", to="H3", units=1)
    assert [each.reason for each in told_of.reasons] == [Reason.NOT_FOUND]
    assert "H1" not in held(b2, sandbox)


def test_d5_6__balance_certificate__is_350_and_50_signed_and_stays(
    b2: Client, delivered: models.TransferOrder, sandbox: Sandbox
) -> None:
    assert delivered.block is not None
    whose = {"chain_id": sandbox.chain_id, "platform": sandbox.platform}
    key = LocalSigner.from_key(sandbox.duty_keys["custody-1"])
    with sandbox.client("C1") as c1:
        with pytest.raises(Conflict) as told:
            c1.certificates.issue_prepare(
                sandbox.product, broker="B2", as_of=delivered.delivery_date
            )
        assert told.value.reason is Reason.AS_OF_NOT_FINAL
        asked: dict[str, Any] = {
            "product": sandbox.product, "broker": "B2", "as_of": delivered.block,
        }  # fmt: skip
        prepared = c1.certificates.issue_prepare(**asked)
        books = {name: units for name, units in held(c1, sandbox, delivered.block).items() if name}
        parties = {"custodian": "C1", "broker": "B2", "product": sandbox.product}
        with pytest.raises(SigningRefused):
            sign_balance_certificate(
                key, prepared, **whose, **parties, expected=books | {"H3": 349}
            )
        signature = sign_balance_certificate(key, prepared, **whose, **parties, expected=books)
        certifier = models.CertifierIn(account=key.address, signature=signature)
        issued = c1.certificates.issue(**asked, certifier=certifier)
    given = b2.certificates.get(issued.certificate)
    told_of = verify_balance_certificate(given, signers=[key.address], **whose)
    assert (told_of.units["H3"], told_of.units["H8"]) == (350, 50)
    assert (told_of.custodian, told_of.broker, told_of.block) == ("C1", "B2", delivered.block)
    assert "H1" not in told_of.units
    with pytest.raises(CertificateRefused):
        verify_balance_certificate(given, signers=["0x" + 40 * "1"], **whose)

    for giver, taker in (("H3", "H8"), ("H8", "H3")):
        moved = b2.transfers.order(**between(giver, taker, 1, sandbox))
        until_read(b2, sandbox, b2.wait_final(moved))
        assert b2.certificates.get(issued.certificate) == given
    assert [each.certificate for each in b2.certificates.list(sandbox.product)] == [
        issued.certificate
    ]
    with sandbox.client("B1") as b1, pytest.raises(NotFound):
        b1.certificates.get(issued.certificate)


# D.1.5 ----------------------------------------------------------------------------------------------


def test_d1_5__asset_manager__sees_holders_and_total_and_no_name(sandbox: Sandbox) -> None:
    with sandbox.client("A1") as a1, sandbox.client("A2") as a2:
        totals = a1.positions.totals(sandbox.product)
        assert (totals.total_issued, totals.whole) == (1_453, True)
        holders = {each.investor for each in a1.positions.list(sandbox.product, holding=True)}
        assert totals.holders == len(holders) >= 8
        for purpose in models.Purpose:
            with pytest.raises(NotAllowed) as refused:
                a1.investors.names(investors=["H1"], purpose=purpose)
            assert (refused.value.reason, dict(refused.value.facts)) == (
                Reason.PURPOSE_MISSING,
                {"investor": "H1"},
            )
        for ask in (
            lambda: a2.products.get(sandbox.product),
            lambda: a2.positions.totals(sandbox.product),
            lambda: a2.register.list(sandbox.product).all(),
        ):
            with pytest.raises(NotFound) as told:
                ask()
            assert told.value.reason is Reason.NOT_FOUND
        assert a2.products.list().all() == []
