"""A firm's book beside the register, the cases of what differs, and balance certificates, through the interface.

given the book of the delegating broker B2, whose customer IV-3 holds 400 units at the custodian C1
├── when it agrees: recorded, no case
├── when it says 349
│   ├── a case is opened, until 18:00 JST, with both numbers and the block; B2, C1 and the registrar are told
│   ├── the same book again, now or at a later block: no second case
│   └── somebody else asks for the case: not there
├── when it comes from many at once: one comparison, one case
├── when it names a customer of B1, by id or by address, or another product: not there, nothing is recorded
├── when it is of an instant that may still change: refused
└── when a line is about nobody, or a holder stands in it twice: refused
given the case
├── B2 closes it with a cause of the list and evidence, and with nothing less; C1 and R1 may not while it is B2's
├── when it is closed: nothing more happens to it; the difference that comes again is another case
├── when 18:00 passes: escalated by itself, once; then C1 or R1 closes it, and B2 does not
└── when B2 does not know the cause: it escalates
given C1's balance certificate for B2
├── when it is asked about or prepared: nothing is stored; what is to be signed is the same whenever it is asked
├── when the day is not over, the broker is not C1's, or the product is not: refused
├── when a key signs that nobody recorded, or something else was signed: refused
├── when a key of C1 signed: B2 and C1 read it, B1 does not; the same once more is the same
├── when units moved afterwards: the bytes are the same, and the certificate of another instant says the new number
└── when the key was ended: what it signed stays, and it signs no more
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from tests.api.conftest import World, refused
from tests.support.office import PRODUCT

from genbo.bootstrap.balance_certificates import approve_certifier, end_certifier, take_certifier
from genbo.bootstrap.books import EscalateCases
from genbo.bootstrap.notices import TellNotices
from genbo.chain.development import CERTIFIER_KEY
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import development_key, development_secret
from genbo.governance.institutions import InstitutionId
from genbo.kernel import JST, Digest, Reason, Reference, Refusal

BOOKS, CASES = "/products/P1/books", "/difference-cases"
CERTIFICATES = "/products/P1/balance-certificates"
C1 = InstitutionId("C1")
EVIDENCE = "0x" + 64 * "9"
CAUSE = {"cause": "book_entry_missing", "evidence": EVIDENCE}
NOTICE = Digest("0x" + 64 * "6")
OURS = development_key(CERTIFIER_KEY).address


def book(units: int | None, *more: dict[str, Any], **body: Any) -> dict[str, Any]:
    lines = [] if units is None else [{"investor": "IV-3", "units": units}]
    return {"lines": [*lines, *more], **body}


def compared(world: World, units: int, **body: Any) -> Any:
    told = world.order("B2", BOOKS, book(units, **body))
    assert told.status_code == 201, told.text
    return told.json()


def cases(world: World, who: str = "B2", **query: Any) -> list[Any]:
    told = world.ask(who, CASES, params=query)
    assert told.status_code == 200, told.text
    return list(told.json()["items"])


def a_block(world: World) -> None:
    node = world.firm.office.house.node
    assert isinstance(node, EmbeddedNode)
    node.mine([])
    world.firm.office.read()


def it_becomes(world: World, text: str) -> None:
    """That time in Japan, read by the register."""
    node = world.firm.office.house.node
    assert isinstance(node, EmbeddedNode)
    node.advance_to(datetime.fromisoformat(f"{text}+09:00").astimezone(UTC))
    world.firm.office.read()


# Books -----------------------------------------------------------------------------------------------


def test_book__that_agrees__is_recorded_without_a_case(world: World) -> None:
    told = compared(world, 400)
    assert (told["agrees"], told["differences"], told["lines"]) == (True, [], 1)
    assert told["block"]["number"] <= world.firm.office.now().number
    by_address = {"address": world.firm.address(3).lower(), "units": 400}
    assert world.order("B2", BOOKS, book(None, by_address)).json()["agrees"]
    empty_handed = world.order("B2", BOOKS, book(400, {"investor": "IV-4", "units": 0}))
    assert empty_handed.json()["agrees"]


def test_book__that_differs__opens_one_case_and_tells_both_sides(world: World) -> None:
    before = [each["case"] for each in cases(world)]
    told = compared(world, 349)
    (difference,) = told["differences"]
    assert (told["agrees"], difference["register_units"], difference["book_units"]) == (
        False,
        400,
        349,
    )
    (case,) = [each for each in cases(world) if each["case"] not in before]
    assert (case["case"], case["check"], case["state"]) == (
        difference["case"],
        told["check"],
        "open",
    )
    assert (case["holder"], case["register_units"], case["book_units"]) == ("IV-3", 400, 349)
    assert case["block"] == told["block"]
    assert (case["institution"], case["custodian"], case["registrar"]) == ("B2", "C1", "R1")
    due = datetime.fromisoformat(case["due_at"]).astimezone(JST)
    assert (due.hour, due.minute) == (18, 0)

    assert compared(world, 349) == told  # sent again, under another key
    a_block(world)
    later = compared(world, 349)
    assert later["block"]["number"] > told["block"]["number"]
    assert later["differences"] == told["differences"]
    assert [each["case"] for each in cases(world)] == [*before, case["case"]]

    path = f"{CASES}/{case['case']}"
    for who in ("B2", "C1", "R1"):
        assert world.ask(who, path).json() == case
    for who in ("B1", "R2"):
        assert refused(world.ask(who, path)) == "not_found"
        assert cases(world, who) == []
    while TellNotices(world.firm.office).step():
        pass
    for who, told_of in (("B2", 1), ("C1", 1), ("R1", 1), ("B1", 0)):
        events = world.ask(who, "/events", params={"limit": 1000}).json()["items"]
        opened = [each for each in events if each["type"] == "reconciliation.case_opened"]
        assert len(opened) == told_of, who
        for each in opened:
            assert each["data"]["case"] == case["case"]
            assert (each["data"]["register"], each["data"]["book"]) == ("400", "349")
    closed = world.order("B2", f"{path}/closing", CAUSE)
    assert closed.json()["state"] == "closed"


def test_book__from_many_at_once__is_one_comparison_with_one_case(world: World) -> None:
    block = f"block:{world.firm.office.now().number}"
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: compared(world, 345, as_of=block), range(8)))
    assert all(each == told[0] for each in told)
    (difference,) = told[0]["differences"]
    assert [each["case"] for each in cases(world, state="open")] == [difference["case"]]
    world.order("B2", f"{CASES}/{difference['case']}/closing", CAUSE)


def test_book__of_somebody_elses_customer__is_not_there(world: World) -> None:
    before = world.firm.office.now()
    for line, asked in (
        ({"investor": "IV-1", "units": 10}, "IV-1"),
        ({"address": world.firm.address(1), "units": 10}, None),  # no id: it is not repeated
        ({"investor": "IV-99", "units": 10}, "IV-99"),
    ):
        told = world.order("B2", BOOKS, book(400, line))
        assert (refused(told), told.json()["facts"].get("asked")) == ("not_found", asked)
    assert refused(world.order("B2", "/products/P9/books", book(400))) == "not_found"
    assert world.firm.office.now() == before


def test_book__of_what_may_change__is_refused(world: World) -> None:
    head = world.firm.office.now()
    today = head.at.astimezone(JST).date().isoformat()
    for as_of in (f"block:{head.number + 5}", today):
        told = world.order("B2", BOOKS, book(400, as_of=as_of))
        assert (told.status_code, refused(told)) == (409, Reason.AS_OF_NOT_FINAL.value)
    told = world.order("B2", BOOKS, book(400, as_of="2020-01-01"))
    assert (refused(told), told.json()["facts"]["field"]) == ("field_invalid", "as_of")
    assert compared(world, 400, as_of=f"block:{head.number}")["agrees"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([{"units": 1}], "request_malformed"),
        ([{"investor": "IV-3", "address": "0x" + 40 * "1", "units": 1}], "request_malformed"),
        ([{"investor": "IV-3", "units": -1}], "request_malformed"),
        ([{"investor": "IV-3", "units": 1}, {"investor": "IV-3", "units": 1}], "field_invalid"),
    ],
)
def test_book__with_a_line_about_nobody_or_twice__is_refused(
    world: World, lines: list[Any], reason: str
) -> None:
    assert refused(world.order("B2", BOOKS, {"lines": lines})) == reason


# Cases -----------------------------------------------------------------------------------------------


def an_open_case(world: World, units: int) -> str:
    (difference,) = compared(world, units)["differences"]
    return str(difference["case"])


def test_case__is_closed_with_a_cause_by_whose_book_it_is(world: World) -> None:
    case = an_open_case(world, 348)
    path = f"{CASES}/{case}/closing"
    for body in ({}, {"cause": "book_entry_missing"}, {**CAUSE, "cause": "unknown"}):
        assert refused(world.order("B2", path, body)) == "request_malformed"
    for who in ("C1", "R1"):
        told = world.order(who, path, CAUSE)
        assert (refused(told), told.json()["facts"]["whose"]) == (
            Reason.CASE_WITH_OTHERS.value,
            "B2",
        )
    assert refused(world.order("B1", path, CAUSE)) == "not_found"
    told = world.order("B2", path, CAUSE, key="close-1")
    assert (told.json()["state"], told.json()["cause"]) == ("closed", "book_entry_missing")
    assert world.order("B2", path, CAUSE, key="close-1").json() == told.json()
    for again in ("closing", "escalation"):
        body = CAUSE if again == "closing" else None
        assert (
            refused(world.order("B2", f"{CASES}/{case}/{again}", body)) == Reason.CASE_CLOSED.value
        )
    a_block(world)
    other = an_open_case(world, 348)
    assert other != case
    world.order("B2", f"{CASES}/{other}/closing", CAUSE)


def test_case__whose_deadline_passes__is_escalated_by_itself_once(world: World) -> None:
    case = an_open_case(world, 347)
    due = datetime.fromisoformat(world.ask("B2", f"{CASES}/{case}").json()["due_at"])
    routine = EscalateCases(world.firm.office)
    it_becomes(world, due.astimezone(JST).strftime("%Y-%m-%dT17:59:00"))
    assert not routine.step()
    it_becomes(world, due.astimezone(JST).strftime("%Y-%m-%dT18:00:00"))
    assert routine.step()
    assert not routine.step()
    assert world.ask("B2", f"{CASES}/{case}").json()["state"] == "escalated"
    told = world.order("B2", f"{CASES}/{case}/closing", CAUSE)
    assert (refused(told), told.json()["facts"]["whose"]) == ("case_with_others", "C1, R1")
    assert case in [each["case"] for each in cases(world, "C1", state="escalated", product="P1")]
    closed = world.order("C1", f"{CASES}/{case}/closing", {**CAUSE, "cause": "register_corrected"})
    assert closed.json()["state"] == "closed"
    while TellNotices(world.firm.office).step():
        pass
    events = world.ask("C1", "/events", params={"limit": 1000}).json()["items"]
    told_of = [each["type"] for each in events if each["data"].get("case") == case]
    assert told_of == [f"reconciliation.case_{each}" for each in ("opened", "escalated", "closed")]


def test_case__of_unknown_cause__is_escalated_by_whose_book_it_is(world: World) -> None:
    case = an_open_case(world, 346)
    for who in ("C1", "B1"):
        told = refused(world.order(who, f"{CASES}/{case}/escalation"))
        assert told == ("case_with_others" if who == "C1" else "not_found")
    assert refused(world.order("R1", f"{CASES}/{case}/escalation")) == "route_unknown"
    assert world.order("B2", f"{CASES}/{case}/escalation").json()["state"] == "escalated"
    assert refused(world.order("B2", f"{CASES}/{case}/escalation")) == "case_with_others"
    assert world.order("R1", f"{CASES}/{case}/closing", CAUSE).json()["state"] == "closed"


def test_cases__page_by_page__are_all_of_them(world: World) -> None:
    every = [each["case"] for each in cases(world, limit=1000)]
    assert len(every) >= 3
    found, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = world.ask("B2", CASES, params=query).json()
        found += [each["case"] for each in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert found == every


# Certificates ----------------------------------------------------------------------------------------


def wanted(as_of: str, **more: Any) -> dict[str, Any]:
    return {"broker": "B2", "as_of": as_of, **more}


def prepared(world: World, as_of: str) -> Any:
    told = world.order("C1", CERTIFICATES, wanted(as_of), mode="prepare")
    assert told.status_code == 200, told.text
    return told.json()


def signature_of(number: int, typed_data: dict[str, Any]) -> dict[str, str]:
    """Made with a library of others."""
    signed = Account.sign_message(
        encode_typed_data(full_message=typed_data), development_secret(number)
    )
    return {
        "account": development_key(number).address,
        "signature": "0x" + bytes(signed.signature).hex(),
    }


def issued(world: World, as_of: str, number: int = CERTIFIER_KEY) -> Any:
    by = signature_of(number, prepared(world, as_of)["sign"]["typed_data"])
    return world.order("C1", CERTIFICATES, wanted(as_of, certifier=by))


def units(certificate: Any) -> dict[str, int]:
    document = json.loads(certificate["document"])
    return {each["investor"]: int(each["units"]) for each in document["lines"]}


@pytest.fixture(scope="module")
def yesterday(world: World) -> str:
    """A day that is over."""
    day = world.firm.office.now().at.astimezone(JST).date()
    it_becomes(world, f"{day}T23:59:59")
    a_block(world)
    a_block(world)
    return day.isoformat()


def test_certificate__of_what_is_not_theirs_or_not_over__is_refused(
    world: World, yesterday: str
) -> None:
    today = world.firm.office.now().at.astimezone(JST).date().isoformat()
    assert today != yesterday
    told = world.order("C1", CERTIFICATES, wanted(today))
    assert (told.status_code, refused(told)) == (409, "as_of_not_final")
    asked = world.order("C1", CERTIFICATES, wanted(today), mode="dry_run").json()
    assert (asked["allowed"], asked["refusal"]["reason"]) == (False, "as_of_not_final")
    for broker in ("B1", "R1", "X9"):
        told = world.order("C1", CERTIFICATES, {"broker": broker, "as_of": yesterday})
        assert (refused(told), told.json()["facts"]["asked"]) == ("not_found", broker)
    elsewhere = world.order("C1", "/products/P9/balance-certificates", wanted(yesterday))
    assert refused(elsewhere) == "not_found"
    assert refused(world.order("C1", CERTIFICATES, wanted(yesterday))) == "request_malformed"


def test_certificate__signed_by_a_key_of_the_custodian__is_the_same_whenever_it_is_read(
    world: World, yesterday: str
) -> None:
    office = world.firm.office
    assert world.order("C1", CERTIFICATES, wanted(yesterday), mode="dry_run").json()["allowed"]
    first = prepared(world, yesterday)
    assert prepared(world, yesterday) == first
    digest = hashlib.sha256(first["document"].encode()).hexdigest()
    assert first["document_digest"] == f"0x{digest}"
    assert first["sign"]["typed_data"]["message"]["document"] == f"0x{digest}"

    # nobody recorded the key; then one person did
    for _ in range(2):
        told = issued(world, yesterday)
        assert (told.status_code, refused(told)) == (403, Reason.CERTIFIER_UNKNOWN.value)
        take_certifier(office, C1, OURS, evidence=NOTICE, by="x")
    with pytest.raises(Refusal) as same:
        approve_certifier(office, C1, OURS, by="x")
    assert same.value.reason is Reason.SAME_PERSON
    approve_certifier(office, C1, OURS, by="y")

    # something else was signed, or by somebody else
    other = signature_of(
        CERTIFIER_KEY, prepared(world, f"block:{office.now().number}")["sign"]["typed_data"]
    )
    wrong = world.order("C1", CERTIFICATES, wanted(yesterday, certifier=other))
    assert refused(wrong) == "signature_invalid"
    assert refused(issued(world, yesterday, 24)) == "certifier_unknown"
    assert world.ask("B2", CERTIFICATES).json()["items"] == []

    told = issued(world, yesterday)
    assert told.status_code == 201, told.text
    certificate = told.json()
    assert certificate["document"] == first["document"]
    assert units(certificate) == {"IV-3": 400}
    assert issued(world, yesterday).json() == certificate
    path = f"/balance-certificates/{certificate['certificate']}"
    for who in ("B2", "C1"):
        assert world.ask(who, path).json() == certificate
    assert refused(world.ask("B1", path)) == "not_found"
    assert world.ask("B1", CERTIFICATES).json()["items"] == []

    # units arrive afterwards
    for _ in office.distribute(PRODUCT, world.firm.allotment([3], 50), ref=Reference("A-LATER")):
        pass
    office.read()
    assert prepared(world, yesterday) == first
    assert world.ask("B2", path).json() == certificate
    now = f"block:{office.now().number}"
    assert units(issued(world, now).json()) == {"IV-3": 450}
    assert len(world.ask("B2", CERTIFICATES).json()["items"]) == 2

    end_certifier(office, C1, OURS, by="x")
    assert refused(issued(world, now)) == "certifier_unknown"
    assert world.ask("B2", path).json() == certificate


def test_certificate__that_says_something_else_of_the_same_instant__is_refused(
    world: World, yesterday: str
) -> None:
    second = 25
    key = development_key(second).address
    office = world.firm.office
    take_certifier(office, C1, key, evidence=NOTICE, by="x")
    approve_certifier(office, C1, key, by="y")
    at = f"block:{office.now().number}"
    assert issued(world, at, second).status_code == 201
    with office.house.database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE balance_certificate SET digest = sha256('x'), certificate_id = 'BC-' || repeat('0', 24)"
            " WHERE as_of = %s",
            (at,),
        )
    assert refused(issued(world, at, second)) == Reason.CERTIFICATE_EXISTS.value
