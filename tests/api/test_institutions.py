"""Institutions and their users through the interface (A.2.1).

given the institutions of the tests
├── when an institution asks who it is: its role, and what its credential is for
├── when it asks for institutions: itself, who handles its products, the parties of its contracts; the PF: all
├── when it asks for users: its own, without a name; the platform manager: ids of all
└── when it asks for what it does not see: 404
"""

from __future__ import annotations

import pytest
from tests.api.conftest import World, refused
from tests.api.test_positions import items, pages
from tests.support.people import INSTITUTIONS, R1, user

from genbo.governance.institutions import Institution
from genbo.governance.users import UserId
from genbo.storage.users import Users


@pytest.mark.parametrize("one", INSTITUTIONS, ids=lambda one: one.id)
def test_me__with_a_token__is_who_asks(world: World, one: Institution) -> None:
    for scope in ("reference", "update"):
        answer = world.client.get("/v1/me", headers={"Authorization": f"Bearer {one.id}:{scope}"})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "institution": one.id,
            "role": one.role.value,
            "credential": f"K-{one.id}-{scope}",
            "scope": scope,
            "valid_until": None,
        }


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("B1", ["B1"]),
        ("R1", ["A1", "B1", "B2", "C1", "R1"]),
        ("A1", ["A1", "B1", "B2", "C1", "R1"]),
        ("R2", ["A2", "R2"]),
        ("PF", sorted(each.id for each in INSTITUTIONS)),
    ],
)
def test_institutions__listed__are_those_that_are_seen(
    world: World, who: str, expected: list[str]
) -> None:
    found = items(world.ask(who, "/institutions"))
    assert {each["institution"] for each in found} == set(expected)
    assert pages(world, who, "/institutions") == found
    for each in found:
        assert world.ask(who, f"/institutions/{each['institution']}").json() == each


def test_institution__that_is_not_seen__is_not_there(world: World) -> None:
    assert refused(world.ask("B1", "/institutions/B2")) == "not_found"
    assert refused(world.ask("B1", "/institutions/B9")) == "not_found"


def test_users__of_an_institution__are_told_without_names(world: World) -> None:
    house = world.firm.office.house
    with house.database.begin() as connection:
        for name in ("U-API-1", "U-API-2"):
            Users(connection, house.vault).add(user(name), actor=UserId("x"), at=house.now())
    found = items(world.ask("R1", "/users"))
    assert [each["user"] for each in found][-2:] == ["U-API-1", "U-API-2"]
    assert found[-1]["status"] == "active"
    assert "見本" not in world.ask("R1", "/users").text
    assert pages(world, "R1", "/users") == found
    seen = items(world.ask("PF", f"/users?institution={R1.id}"))
    assert [each["user"] for each in seen] == [each["user"] for each in found]
    assert {each["permissions"] for each in seen} == {None}
    assert refused(world.ask("B1", "/users?institution=R1")) == "not_found"
    assert refused(world.ask("PF", "/users?institution=X9")) == "not_found"
