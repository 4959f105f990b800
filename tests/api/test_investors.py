"""Investors through the interface (R-PROGMAT-VIS-4, D.1.5, D.5.5).

given customers of B1 and B2
├── when a firm asks for its customers, or a registrar for its holders: those, without a name
├── when somebody else asks for one: 404, as for one that does not exist
├── when names are asked for with a purpose: all of them and a reading is recorded, or none
├── when an issuer asks for a name without a disclosure: a purpose is missing
└── when a purpose is none, or none is given: refused, and nothing is opened
"""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Response
from tests.api.conftest import World, refused
from tests.api.test_positions import items, pages

from genbo.governance import AuditAction
from genbo.storage.audit import AuditLog

CUSTOMERS = {"B1": ["IV-1", "IV-2"], "B2": ["IV-3", "IV-4"], "C1": ["IV-3", "IV-4"]}
SEEN = {**CUSTOMERS, "R1": ["IV-1", "IV-2", "IV-3", "IV-4"]}


def names(world: World, who: str, body: dict[str, Any], *, scope: str = "reference") -> Response:
    return world.client.post(
        "/v1/investors/names", json=body, headers={"Authorization": f"Bearer {who}:{scope}"}
    )


def readings(world: World) -> int:
    """How many readings of personal data were recorded."""
    with world.firm.office.house.database.read() as connection:
        entries = AuditLog(connection).entries(action=AuditAction.PERSONAL_DATA_READ)
        return sum(1 for _ in entries)


@pytest.mark.parametrize("who", SEEN)
def test_investors__listed__are_those_of_the_firm(world: World, who: str) -> None:
    found = items(world.ask(who, "/investors"))
    assert [each["investor"] for each in found] == SEEN[who]
    assert pages(world, who, "/investors") == found
    assert all(each["verdict"]["aml_class"] == "clear" for each in found)
    assert not any("name" in each for each in found)


@pytest.mark.parametrize("who", ["R2", "B3", "C2", "F1"])
def test_investors__of_others__are_not_there(world: World, who: str) -> None:
    assert items(world.ask(who, "/investors")) == []
    for path in ("/investors/IV-1", "/investors/IV-1/wallets", "/investors/IV-9"):
        assert refused(world.ask(who, path)) == "not_found"


def test_investors__for_who_sees_ids_alone__are_no_route(world: World) -> None:
    for who in ("A1", "PF"):
        assert refused(world.ask(who, "/investors")) == "route_unknown"
        assert refused(world.ask(who, "/investors/IV-1")) == "route_unknown"


def test_investor__of_another_broker__is_not_there(world: World) -> None:
    """D.5.5."""
    assert refused(world.ask("B2", "/investors/IV-1")) == "not_found"
    assert refused(world.ask("B2", "/investors/IV-1/positions")) == "not_found"


@pytest.mark.parametrize("who", SEEN)
def test_investor__of_the_firm__is_told_with_its_version(world: World, who: str) -> None:
    path = f"/investors/{SEEN[who][0]}"
    answer = world.ask(who, path)
    assert answer.json()["verdict"]["holds_until"] == "2030-01-01T00:00:00Z"
    again = world.client.get(
        f"/v1{path}",
        headers={
            "Authorization": f"Bearer {who}:reference",
            "If-None-Match": answer.headers["ETag"],
        },
    )
    assert (again.status_code, again.content) == (304, b"")


def test_wallets__of_an_investor__are_told_with_their_state(world: World) -> None:
    for who in ("R1", "B2", "C1"):
        (wallet,) = items(world.ask(who, "/investors/IV-3/wallets"))
        assert (wallet["product"], wallet["state"]) == ("P1", "active")
        assert wallet["address"] == world.firm.address(3)
    assert items(world.ask("B2", "/investors/IV-3/wallets?product=P2")) == []


def test_names__with_a_purpose__are_told_and_the_reading_is_recorded(world: World) -> None:
    before = readings(world)
    answer = names(world, "B2", {"investors": ["IV-4", "IV-3"], "purpose": "notice"})
    assert answer.status_code == 200, answer.text
    assert [each["investor"] for each in answer.json()["items"]] == ["IV-3", "IV-4"]
    assert all(each["name"] and not each["erased"] for each in answer.json()["items"])
    assert readings(world) > before


def test_names__of_one_that_is_not_theirs__open_nothing(world: World) -> None:
    before = readings(world)
    for who in ("B2", "R2", "F1"):
        answer = names(world, who, {"investors": ["IV-1"], "purpose": "notice"})
        assert refused(answer) == "not_found"
    assert refused(names(world, "B2", {"investors": ["IV-3", "IV-1"], "purpose": "notice"})) == (
        "not_found"
    )
    assert readings(world) == before


def test_names__for_an_issuer_without_a_disclosure__are_refused(world: World) -> None:
    """D.1.5."""
    answer = names(world, "A1", {"investors": ["IV-1"], "purpose": "notice"})
    assert (answer.status_code, refused(answer)) == (403, "purpose_missing")


def test_names__without_a_purpose__are_refused(world: World) -> None:
    before = readings(world)
    for body in (
        {"investors": ["IV-3"]},
        {"investors": ["IV-3"], "purpose": "curiosity"},
        {"investors": [], "purpose": "notice"},
    ):
        assert refused(names(world, "B2", body)) == "request_malformed"
    assert refused(
        names(world, "B2", {"investors": ["IV-3"], "purpose": "notice"}, scope="update")
    ) == ("scope_missing")
    assert refused(names(world, "PF", {"investors": ["IV-3"], "purpose": "notice"})) == (
        "route_unknown"
    )
    assert readings(world) == before
