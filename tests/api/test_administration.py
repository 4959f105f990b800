"""What is set up around products and people: drafts, firms, introductions, KYC sessions, disclosures, the schedule.

given a registrar with a trust contract
├── when it drafts a product: it stands in draft, without a token; other terms take its place
│   ├── when a field is wrong: every wrong one is named
│   ├── when it is of another trustee's contract: `contract_unknown`
│   └── when its token stands: `product_exists`
├── when it proposes a disclosure: another of its credentials approves, the same one is refused; it ends at once
└── when it closes a book: the rule is recorded
given the platform manager
├── when it admits a firm and lets it handle a product: once
└── when it sets hours or overrides a day: recorded; what cannot be is refused
given a broker
├── when it has a customer checked: the provider has taken the session, and the same request is the same session
└── when it names an intermediary: what it consents to is recorded
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.api.conftest import World, refused
from tests.storage.builders import TERMS
from tests.support.people import R1

from genbo.bootstrap.creation import create_product
from genbo.chain.accounts import account_of
from genbo.governance.users import Caller, CredentialId, Scope
from genbo.kernel import InvestorId, ProductId
from genbo.providers.kyc import WebhookKyc
from genbo.providers.kyc.twin import KycTwin, serving
from genbo.storage.kyc import KycSessions
from genbo.token import parse_terms

BASIS = "0x" + 64 * "b"
DRAFT = {**TERMS, "product_id": "P-NEW", "isin": None, "symbol": "NEW"}


@pytest.fixture(scope="module")
def second(world: World) -> str:
    """Another credential of the registrar."""
    world.tokens.known["R1b:update"] = Caller(CredentialId("K-R1-second"), R1, Scope.UPDATE)
    return "R1b"


@pytest.fixture
def twin(world: World) -> Iterator[KycTwin]:
    with serving() as serves:
        provider = WebhookKyc(serves.parameters("http://127.0.0.1:9/kyc/callbacks"))
        world.client.app.state.kyc = provider  # type: ignore[attr-defined]
        yield serves
        world.client.app.state.kyc = None  # type: ignore[attr-defined]
        provider.close()


# Products ----------------------------------------------------------------------------------------


def test_draft__of_ones_own_contract__stands_until_its_token_does(world: World) -> None:
    made = world.order("R1", "/products", {"terms": DRAFT})
    assert (made.status_code, made.json()["status"], made.json()["token"]) == (201, "draft", None)
    changed = {**DRAFT, "set_quantity": 900}
    other = world.order("R1", "/products", {"terms": changed})
    assert other.json()["set_quantity"] == 900
    assert other.json()["terms_digest"] != made.json()["terms_digest"]
    assert world.ask("R1", "/products/P-NEW").json()["set_quantity"] == 900

    office, terms = world.firm.office, parse_terms(changed)
    holder = account_of("IV-0", ProductId("P-NEW"), chain_id=office.deployment.chain_id)
    token = create_product(
        office, terms, initial_beneficiary=holder.address, by="issue-1", echo=lambda _: None
    )
    found = world.ask("R1", "/products/P-NEW").json()
    assert (found["status"], found["token"]) == ("set", token.address)
    assert refused(world.order("R1", "/products", {"terms": DRAFT})) == "product_exists"


def test_draft__with_wrong_fields__names_each(world: World) -> None:
    wrong = {**DRAFT, "set_quantity": "many", "colour": "red"}
    answer = world.order("R1", "/products", {"terms": wrong})
    assert answer.status_code == 422
    assert {each["facts"]["field"] for each in answer.json()["problems"]} == {
        "set_quantity",
        "colour",
    }


def test_draft__of_another_trustee__is_refused(world: World) -> None:
    other = {**DRAFT, "product_id": "P-FOREIGN"}
    assert refused(world.order("R2", "/products", {"terms": other})) == "contract_unknown"


# Firms -------------------------------------------------------------------------------------------


def test_firm__that_is_admitted__handles_a_product_once(world: World) -> None:
    new = {"institution": "B9", "role": "delegating_broker"}
    assert refused(world.order("PF", "/institutions", new)) == "field_missing"
    admitted = world.order("PF", "/institutions", {**new, "custodian": "C1"})
    assert (admitted.status_code, admitted.json()["custodian"]) == (201, "C1")
    twice = world.order("PF", "/institutions", {**new, "custodian": "C1"})
    assert refused(twice) == "institution_exists"
    first = world.order("PF", "/products/P1/firms", {"institution": "B9"})
    again = world.order("PF", "/products/P1/firms", {"institution": "B9"})
    assert [each.json()["new"] for each in (first, again)] == [True, False]
    wrong = world.order("PF", "/products/P1/firms", {"institution": "A1"})
    assert refused(wrong) == "field_invalid"


def test_introduction__of_a_customer__is_recorded_for_an_intermediary_alone(world: World) -> None:
    named = {"institution": "F1", "consent": True}
    told = world.order("B1", "/investors/IV-1/introduction", named)
    assert (told.status_code, told.json()) == (201, {"investor": "IV-1", **named})
    wrong = world.order("B1", "/investors/IV-1/introduction", {**named, "institution": "B2"})
    assert refused(wrong) == "field_invalid"
    foreign = world.order("B1", "/investors/IV-3/introduction", named)
    assert refused(foreign) == "not_found"


# KYC ---------------------------------------------------------------------------------------------


def test_kyc__of_a_customer__is_taken_by_the_provider_once(world: World, twin: KycTwin) -> None:
    path = "/investors/IV-1/kyc-sessions"
    asked = world.order("B1", path, {}, key="kyc-1", mode="dry_run")
    assert asked.json()["allowed"]
    started = world.order("B1", path, {}, key="kyc-1")
    assert started.status_code == 201
    again = world.order("B1", path, {}, key="kyc-1")
    assert again.json() == started.json()
    assert started.json()["url"].startswith("http")
    with world.firm.office.house.database.read() as connection:
        session = KycSessions(connection).get(
            started.json()["session"], provider=started.json()["provider"]
        )
    assert (session.investor, session.started_by) == (InvestorId("IV-1"), "machine:K-B1-update")
    assert session.provider_ref is not None


def test_kyc__without_a_provider__says_so(world: World) -> None:
    away = world.order("B1", "/investors/IV-1/kyc-sessions", {})
    assert (away.status_code, refused(away)) == (404, "not_found")


def test_kyc__while_the_provider_is_away__goes_on_under_the_same_key(
    world: World, twin: KycTwin
) -> None:
    app, path = world.client.app, "/investors/IV-2/kyc-sessions"
    near = app.state.kyc  # type: ignore[attr-defined]
    nobody = replace(twin.parameters("http://127.0.0.1:9/x"), sessions_url="http://127.0.0.1:9/s")
    app.state.kyc = WebhookKyc(nobody)  # type: ignore[attr-defined]
    away = world.client.post(  # past the question, which asks nobody outside
        f"/v1{path}",
        json={},
        headers={"Authorization": "Bearer B1:update", "Idempotency-Key": "kyc-2"},
    )
    assert (away.status_code, refused(away)) == (503, "kyc_provider_unreachable")
    app.state.kyc = near  # type: ignore[attr-defined]
    assert world.order("B1", path, {}, key="kyc-2").status_code == 201


# Disclosures -------------------------------------------------------------------------------------


def test_disclosure__proposed_by_one__is_approved_by_another(world: World, second: str) -> None:
    until = "2026-12-31T15:00:00Z"
    new = {"to": "A1", "purpose": "statutory notices", "basis": BASIS, "valid_until": until}
    proposed = world.order("R1", "/products/P1/disclosures", new)
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    path = f"/disclosures/{proposed.json()['disclosure']}"
    assert world.ask("A1", "/disclosures").json()["items"] == []
    assert refused(world.order("R1", f"{path}/approval")) == "same_person"
    assert refused(world.order("R2", f"{path}/approval")) == "disclosure_unknown"
    approved = world.order(second, f"{path}/approval")
    assert approved.json()["state"] == "holds"
    told = world.ask("A1", "/disclosures").json()["items"]
    assert [each["purpose"] for each in told] == ["statutory notices"]
    ended = world.order("R1", f"{path}/ending")
    assert ended.json()["state"] == "ended"
    assert refused(world.order("R1", f"{path}/ending")) == "disclosure_not_open"


def test_disclosure__to_no_issuer_or_without_an_offset__is_refused(world: World) -> None:
    new = {"to": "B1", "purpose": "notices", "basis": BASIS, "valid_until": "2026-12-31T15:00:00Z"}
    assert refused(world.order("R1", "/products/P1/disclosures", new)) == "field_invalid"
    bare = {**new, "to": "A1", "valid_until": "2026-12-31T15:00:00"}
    assert refused(world.order("R1", "/products/P1/disclosures", bare)) == "request_malformed"


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"])
def test_disclosure__until_after_the_calendar__is_refused_and_the_others_are_told(
    world: World, until: str
) -> None:
    new = {"to": "A1", "purpose": "notices", "basis": BASIS, "valid_until": until}
    assert refused(world.order("R1", "/products/P1/disclosures", new)) == "time_malformed"
    before = {**new, "valid_until": "2027-01-01T00:00:00Z"}
    before["valid_from"] = "0001-01-01T00:00:00+14:00"
    assert refused(world.order("R1", "/products/P1/disclosures", before)) == "time_malformed"
    for who in ("R1", "A1"):
        assert world.ask(who, "/disclosures").status_code == 200


# The schedule ------------------------------------------------------------------------------------


def test_hours__in_order__are_set_and_others_refused(world: World) -> None:
    two = [{"opens": "09:00", "closes": "11:30"}, {"opens": "12:30", "closes": "00:00"}]
    body = {"effective": "2026-05-01", "sessions": two, "why": "agreed"}
    made = world.order("PF", "/market/hours", body)
    assert (made.status_code, made.json()["sessions"]) == (201, two)
    wrong = world.order("PF", "/market/hours", {**body, "sessions": two[::-1]})
    assert refused(wrong) == "market_hours_invalid"
    passed = world.order("PF", "/market/hours", {**body, "effective": "2020-01-06"})
    assert refused(passed) == "calendar_day_passed"


def test_override__of_a_day__changes_the_calendar(world: World) -> None:
    body = {"day": "2026-06-10", "business_day": False, "why": "the bank closes"}
    assert world.order("PF", "/calendar/overrides", body).status_code == 201
    days = world.ask("R1", "/calendar?first=2026-06-10&last=2026-06-10").json()["days"]
    assert days == [{"day": "2026-06-10", "business_day": False}]
    again = world.order("PF", "/calendar/overrides", body)
    assert refused(again) == "calendar_unchanged"


def test_book__around_a_record_date__is_closed(world: World) -> None:
    body = {"cause": "record_date", "days": [-1, 0], "why": "the contract"}
    made = world.order("R1", "/products/P1/book-closings", body)
    assert (made.status_code, made.json()["days"]) == (201, [-1, 0])
    wrong = world.order("R1", "/products/P1/book-closings", {**body, "days": [1, 0]})
    assert refused(wrong) == "field_invalid"
    assert refused(world.order("R2", "/products/P1/book-closings", body)) == "not_found"
