"""The register through the interface: with and without names, changes, digests (D.1.5, D.2.5, R-PROGMAT-VIS-3).

given a register with customers of B1 and B2
├── when it is asked for without a purpose: lots and ids, as far as they are seen
├── when it is asked for with a purpose
│   ├── by the registrar: with names and addresses of its day, and the reading is recorded
│   ├── by a broker: those of its customers alone
│   └── by an issuer without a disclosure: refused, and nothing is opened
├── when the changes of one address are asked for: each, first to last
└── when the platform manager asks: digests, and nothing readable
given anybody, without a token
├── when the reasons are asked for: all of them, in both languages
└── when the health is asked for: whether the service answers
"""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Response
from tests.api.conftest import World, refused
from tests.api.test_investors import readings
from tests.api.test_positions import B2S, EVERYBODY, SEEN, items, pages

from genbo.compliance.reasons import Language
from genbo.kernel import Reason

P1 = "/products/P1"


def named(world: World, who: str, **body: Any) -> Response:
    return world.client.post(
        f"/v1{P1}/register",
        json={"purpose": "register", **body},
        headers={"Authorization": f"Bearer {who}:reference"},
    )


def held(rows: list[dict[str, Any]]) -> dict[str | None, int]:
    return {each["lot"]["investor"]: each["lot"]["units"] for each in rows}


@pytest.mark.parametrize("who", SEEN)
def test_register__without_a_purpose__names_nobody(world: World, who: str) -> None:
    before = readings(world)
    found = items(world.ask(who, f"{P1}/register"))
    assert held(found) == {name: units for name, units in SEEN[who].items() if units}
    assert {each["holder"] for each in found} == {None}
    assert pages(world, who, f"{P1}/register") == found
    assert readings(world) == before


def test_register__with_a_purpose__names_the_holders_and_is_recorded(world: World) -> None:
    before = readings(world)
    rows = items(named(world, "R1"))
    assert held(rows) == {name: units for name, units in EVERYBODY.items() if units}
    for each in rows:
        assert (each["holder"] is None) == (each["lot"]["investor"] is None)
        if each["holder"] is not None:
            assert each["holder"]["investor"] == each["lot"]["investor"]
            assert each["holder"]["name"]
            assert each["holder"]["registered_address"]
    assert readings(world) > before
    assert held(items(named(world, "B2"))) == {name: units for name, units in B2S.items() if units}


def test_register__with_a_purpose__comes_in_pages_of_one_state(world: World) -> None:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        body = named(world, "R1", limit=1, cursor=cursor).json()
        found += body["items"]
        cursor = body["next"]
        if cursor is None:
            break
    assert found == items(named(world, "R1"))
    assert refused(world.ask("R1", f"{P1}/register", params={"cursor": "x"})) == "cursor_invalid"


def test_register__for_an_issuer_without_a_disclosure__opens_nothing(world: World) -> None:
    before = readings(world)
    answer = named(world, "A1")
    assert (answer.status_code, refused(answer)) == (403, "purpose_missing")
    assert refused(named(world, "R1", purpose="curiosity")) == "request_malformed"
    assert refused(named(world, "R2")) == "not_found"
    assert readings(world) == before


def test_register__as_of_a_day__is_of_that_day(world: World) -> None:
    then = world.ask("R1", f"{P1}/register?as_of=2020-01-01").json()
    assert (then["items"], then["day"]) == ([], "2020-01-01")
    assert world.ask("R1", f"{P1}/register").json()["day"] == "2026-04-01"


def test_changes__of_an_address__are_told_first_to_last(world: World) -> None:
    path = f"{P1}/positions/{world.firm.address(3)}/changes"
    found = items(world.ask("B2", path))
    assert [each["units"] for each in found][-1] == 400
    assert found[0]["units"] == 0
    assert [each["since"]["block"] for each in found] == sorted(
        each["since"]["block"] for each in found
    )
    assert {each["investor"] for each in found} == {"IV-3"}
    assert pages(world, "B2", path) == found
    assert refused(world.ask("B1", path)) == "not_found"


def test_digests__for_the_platform_manager__say_nothing_readable(world: World) -> None:
    rows = items(world.ask("PF", "/register/digests?first=0&last=1000"))
    assert rows
    assert {name for each in rows for name in each} == {"kind", "block", "digest"}
    assert refused(world.ask("R1", "/register/digests?first=0&last=1000")) == "route_unknown"


def test_reasons__for_everybody__are_all_of_them_in_both_languages(world: World) -> None:
    answer = world.client.get("/v1/reasons").json()["items"]
    assert [each["reason"] for each in answer] == sorted(each.value for each in Reason)
    for each in answer:
        assert set(each["words"]) == {language.value for language in Language}
        assert all(words["sentence"] and words["remedy"] for words in each["words"].values())


def test_health__for_everybody__says_how_far_the_chain_is_read(world: World) -> None:
    answer = world.client.get("/v1/health")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["block"] == world.firm.office.now().number
