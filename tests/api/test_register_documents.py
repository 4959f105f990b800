"""The register as a file, through the interface (A.2.5, B.1, D.1.5, R-PROGMAT-VIS-1 to 4).

given a register with customers of two brokers
├── when the register is asked for as a file
│   ├── the registrar gets it in full, an issuer without names, a broker its own customers
│   ├── more than that is refused, and whoever sees nothing of the product is told that nothing is there
│   ├── the same request gives the same bytes, in every form, with its digests in the headers
│   └── it leaves an inspection with requester and reason, and a reading with its purpose where names are in it
├── when a certificate is asked for: by the registrar alone, naming nobody else
├── when a listing is asked for: as far as it is seen; nobody is named, nothing is recorded
└── when a file is sent to be proved
    ├── its own bytes are proven; changed ones are told where, without the names
    └── of another's product, or no file of ours: refused
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text
from tests.api.conftest import World, refused

from genbo.reporting import Form
from genbo.storage.inspections import Inspections

REGISTER = "/products/P1/register-documents"
WHY = {"requester": "T-1", "reason": "record date"}


def ask(world: World, who: str, path: str, body: Any, *, scope: str = "reference") -> Response:
    """A reading that is sent as a POST, without a key."""
    return world.client.post(
        f"/v1{path}", json=body, headers={"Authorization": f"Bearer {who}:{scope}"}
    )


def prove(world: World, who: str, content: bytes) -> Response:
    return world.client.post(
        "/v1/register-documents/verifications",
        content=content,
        headers={
            "Authorization": f"Bearer {who}:reference",
            "Content-Type": "application/octet-stream",
        },
    )


def count(world: World, table: str) -> int:
    with world.firm.office.house.database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def pinned(world: World) -> str:
    """The block of now, so that every answer is of the same state."""
    block = world.ask("R1", "/products/P1/totals").json()["block"]["number"]
    return f"block:{block}"


def as_json(world: World, who: str, **more: Any) -> dict[str, Any]:
    answer = ask(world, who, REGISTER, {**WHY, "form": "json", **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_register__by_role__has_what_the_role_may_see(world: World) -> None:
    full = as_json(world, "R1")
    assert full["extent"] == "full"
    names = {line["investor_id"]: line["name"] for line in full["lines"]}
    assert names["IV-1"] == "氏名 IV-1"
    assert set(names) == {None, "IV-1", "IV-2", "IV-3"}
    reduced = as_json(world, "A1")
    assert reduced["extent"] == "reduced"
    assert {line.get("name") for line in reduced["lines"]} == {None}
    for who, customers in (("B1", {"IV-1", "IV-2"}), ("B2", {"IV-3"}), ("C1", {"IV-3"})):
        own = as_json(world, who)
        assert own["extent"] == "own_customers"
        assert {line["investor_id"]: line["name"] for line in own["lines"]} == {
            each: f"氏名 {each}" for each in customers
        }


@pytest.mark.parametrize(
    ("who", "extent", "reason"),
    [
        ("B1", "full", "extent_not_open"),
        ("B1", "reduced", "extent_not_open"),
        ("A1", "own_customers", "extent_not_open"),
        ("A1", "full", "purpose_missing"),
        ("R2", "full", "not_found"),
        ("A2", "reduced", "not_found"),
        ("PF", "full", "route_unknown"),
    ],
)
def test_register__more_than_is_theirs__is_refused_and_leaves_no_inspection(
    world: World, who: str, extent: str, reason: str
) -> None:
    before = count(world, "inspection")
    assert refused(ask(world, who, REGISTER, {**WHY, "extent": extent})) == reason
    assert count(world, "inspection") == before


@pytest.mark.parametrize("form", list(Form))
def test_register__any_form__is_the_same_bytes_with_their_digest(world: World, form: Form) -> None:
    asked = {**WHY, "form": form.value, "as_of": pinned(world)}
    first, second = (ask(world, "R1", REGISTER, asked) for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.content == second.content
    digest = hashlib.sha256(first.content).hexdigest()
    assert first.headers["ETag"] == f'"{digest}"'
    assert first.headers["X-Content-SHA256"] == "0x" + digest
    assert first.headers["X-Block"] == asked["as_of"].removeprefix("block:")
    reduced = ask(world, "R1", REGISTER, {**asked, "extent": "reduced"})
    assert first.headers["X-Facts-SHA256"] == as_json_header(world, asked["as_of"])
    assert reduced.headers["X-Content-SHA256"] != first.headers["X-Content-SHA256"]


def as_json_header(world: World, as_of: str) -> str:
    """The digest without names is the same whatever the form."""
    answer = ask(world, "R1", REGISTER, {**WHY, "form": "json", "as_of": as_of})
    return str(answer.headers["X-Facts-SHA256"])


def test_register__given_out__is_in_the_inspection_log_and_its_reading_with_its_purpose(
    world: World,
) -> None:
    readings = count(world, "reading")
    asked = {"requester": "DOC-7", "reason": "a court asked", "purpose": "order", "form": "csv"}
    answer = ask(world, "B1", REGISTER, asked)
    assert answer.headers["Content-Type"].startswith("text/csv")
    with world.firm.office.house.database.read() as connection:
        latest = next(
            each
            for each in Inspections(connection).all()
            if each.id == answer.headers["X-Inspection"]
        )
        reading = connection.execute(
            text("SELECT actor, purpose FROM reading WHERE purpose = 'order'")
        ).one()
    assert (latest.request.requester, latest.request.reason) == ("DOC-7", "a court asked")
    assert (latest.institution, latest.by, latest.purpose) == (
        "B1",
        "machine:K-B1-reference",
        "order",
    )
    assert tuple(reading) == ("machine:K-B1-reference", "order")
    assert count(world, "reading") == readings + 1
    assert ask(world, "A1", REGISTER, WHY).status_code == 200
    assert count(world, "reading") == readings + 1, "a reduced one names nobody"


@pytest.mark.parametrize("body", [{}, {"requester": "T-1"}, {**WHY, "requester": "山田 太郎"}])
def test_register__without_requester_and_reason__is_refused(
    world: World, body: dict[str, str]
) -> None:
    answer = ask(world, "R1", REGISTER, body)
    assert answer.status_code == 422
    assert "山田" not in answer.text


def test_certificate__of_one_holder__names_nobody_else_and_is_the_registrars(world: World) -> None:
    asked = {**WHY, "investor": "IV-1", "form": "json"}
    answer = ask(world, "R1", "/products/P1/certificates", asked)
    assert answer.status_code == 200, answer.text
    assert {line["investor_id"] for line in answer.json()["lines"]} == {"IV-1"}
    assert "IV-2" not in answer.text
    assert refused(ask(world, "B1", "/products/P1/certificates", asked)) == "route_unknown"
    nobody = {**asked, "investor": "IV-4"}
    assert refused(ask(world, "R1", "/products/P1/certificates", nobody)) == "holding_unknown"


def test_listings__as_far_as_seen__name_nobody_and_record_nothing(world: World) -> None:
    before = count(world, "inspection"), count(world, "reading")
    held = {
        "R1": {"": 539, "IV-1": 10, "IV-2": 51, "IV-3": 400},
        "B1": {"IV-1": 10, "IV-2": 51},
    }
    for who, expected in held.items():
        told = world.ask(who, f"{REGISTER}/holdings").json()
        assert {line["investor_id"]: line["units"] for line in told["lines"]} == expected
        assert told["total_issued"] == 1_000
        changed = world.ask(who, f"{REGISTER}/changes", params={"since": "block:1"})
        assert changed.status_code in (200, 404), changed.text
    for form in ("csv", "xlsx", "pdf"):
        answer = world.ask("A1", f"{REGISTER}/holdings", params={"form": form})
        assert answer.status_code == 200
        assert "氏名".encode() not in answer.content
    assert refused(world.ask("R2", f"{REGISTER}/holdings")) == "not_found"
    assert (count(world, "inspection"), count(world, "reading")) == before


def test_changes__between_two_blocks__lead_from_what_was_to_what_is(world: World) -> None:
    first = world.firm.office.deployment.first_block
    told = world.ask("R1", f"{REGISTER}/changes", params={"since": f"block:{first}"})
    assert told.status_code == 200, told.text
    assert (told.json()["total_before"], told.json()["total_after"]) == (0, 1_000)
    backwards = world.ask(
        "R1",
        f"{REGISTER}/changes",
        params={"since": pinned(world), "as_of": f"block:{first}"},
    )
    assert refused(backwards) == "field_invalid"


def test_provenance__of_every_lot__goes_back_to_the_issue(world: World) -> None:
    told = world.ask("R1", f"{REGISTER}/provenance", params={"investor": "IV-1"}).json()
    assert told["units"] == 10
    assert told["lots"][0]["steps"][0]["kind"] == "issue"
    csv = world.ask("A1", f"{REGISTER}/provenance", params={"form": "csv"})
    assert csv.status_code == 200
    pdf = world.ask("R1", f"{REGISTER}/provenance", params={"form": "pdf"})
    assert refused(pdf) == "field_invalid"
    lot = world.ask("R1", f"{REGISTER}/provenance", params={"lot": "1.2.3"})
    assert refused(lot) == "lot_unknown"
    assert refused(world.ask("B1", f"{REGISTER}/provenance")) == "route_unknown"


@pytest.mark.parametrize("form", list(Form))
def test_verification__of_the_bytes_that_were_issued__is_proven(world: World, form: Form) -> None:
    issued = ask(world, "R1", REGISTER, {**WHY, "form": form.value}).content
    told = prove(world, "R1", issued).json()
    assert (told["verdict"], told["differences"], told["product"]) == ("proven", [], "P1")


def test_verification__changed_copy__tells_where_and_no_name(world: World) -> None:
    issued = ask(world, "R1", REGISTER, {**WHY, "form": "json"}).content
    changed = issued.replace("氏名 IV-2".encode(), "別人 IV-2".encode())
    document = json.loads(issued)
    line = next(each for each in document["lines"] if each["investor_id"] == "IV-2")
    assert changed != issued
    answer = prove(world, "R1", changed)
    told = answer.json()
    assert told["verdict"] == "falsified"
    assert [(each["lot"], each["field"]) for each in told["differences"]] == [(line["lot"], "name")]
    assert "氏名" not in answer.text
    assert "別人" not in answer.text


def test_verification__by_others_or_of_no_file__is_refused(world: World) -> None:
    issued = ask(world, "R1", REGISTER, {**WHY, "form": "json"}).content
    assert refused(prove(world, "R2", issued)) == "not_found"
    assert refused(prove(world, "A1", issued)) == "route_unknown"
    assert refused(prove(world, "R1", b"nothing of ours")) == "printout_unreadable"
    named = issued.replace(b'"product":"P1"', '"product":"山田"'.encode(), 1)
    assert named != issued
    assert refused(prove(world, "R1", named)) == "printout_unreadable"
    assert refused(prove(world, "R1", b"{" + 40_000_000 * b" ")) == "request_too_large"
