"""Positions, lots and totals through the interface (R-PROGMAT-API-1, R-PROGMAT-VIS-1 to 4, D.1.5, D.5.4).

given holdings of customers of B1 and B2
├── when the registrar or the issuer asks: everybody's, and the whole is what was issued
├── when a broker, or its custodian, asks: those of its customers, to the unit
├── when somebody asks who sees none of it: 404, as for what does not exist
├── when it is asked page by page: the same as at once, each once, and the pages are of one state
├── when a cursor was changed, or is of another question: it is refused
└── when it is asked as of before: what stood then
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from httpx import Response
from tests.api.conftest import World, refused
from tests.support.office import PRODUCT

from genbo.kernel import Reference

P1 = "/products/P1"
EVERYBODY = {None: 539, "IV-1": 10, "IV-2": 51, "IV-3": 400, "IV-4": 0}
B1S, B2S = {"IV-1": 10, "IV-2": 51}, {"IV-3": 400, "IV-4": 0}
SEEN: dict[str, dict[str | None, int]] = {
    "R1": EVERYBODY,
    "A1": EVERYBODY,
    "B1": {**B1S},
    "B2": {**B2S},
    "C1": {**B2S},
}
BLIND = ("R2", "A2", "B3", "C2", "F1")
"""Roles that see holdings, without a part in the product."""


def pages(world: World, who: str, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every row, one a page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        asked = {**query, "limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = world.ask(who, path, params=asked)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) <= 1
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


def items(answer: Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def held(answer: Response) -> dict[str | None, int]:
    """Units by investor."""
    return {each["investor"]: each["units"] for each in items(answer)}


# Positions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", SEEN)
def test_positions__of_a_product__are_those_that_are_seen(world: World, who: str) -> None:
    answer = world.ask(who, f"{P1}/positions")
    assert held(answer) == SEEN[who]
    assert answer.json()["block"]["number"] > 0
    one_by_one = pages(world, who, f"{P1}/positions")
    assert one_by_one == items(answer)
    with_units = pages(world, who, f"{P1}/positions", holding=True)
    assert with_units == [each for each in one_by_one if each["units"]]


@pytest.mark.parametrize("who", BLIND)
@pytest.mark.parametrize(
    "path", ["positions", "lots", "totals", "positions?investor=IV-1", "lots?investor=IV-1"]
)
def test_register__of_a_product_of_others__is_not_there(world: World, who: str, path: str) -> None:
    assert refused(world.ask(who, f"{P1}/{path}")) == "not_found"
    assert refused(world.ask("R1", f"/products/P9/{path}")) == "not_found"


def test_positions__for_the_platform_manager__are_no_route(world: World) -> None:
    for path in ("positions", "lots", "totals", f"positions/{world.firm.address(1)}"):
        assert refused(world.ask("PF", f"{P1}/{path}")) == "route_unknown"


@pytest.mark.parametrize("who", SEEN)
def test_position__at_an_address__is_told_to_who_sees_it(world: World, who: str) -> None:
    for number, units in enumerate((539, 10, 51, 400, 0)):
        investor = f"IV-{number}" if number else None
        address = str(world.firm.address(number))
        answer = world.ask(who, f"{P1}/positions/{address.lower()}")
        if investor in SEEN[who]:
            position = answer.json()["position"]
            assert (position["units"], position["investor"]) == (units, investor)
            assert position["address"] == address
            assert position["free"] == units
        else:
            assert refused(answer) == "not_found"


@pytest.mark.parametrize("who", SEEN)
def test_positions__of_an_investor__are_told_to_who_sees_it(world: World, who: str) -> None:
    for investor, units in ((name, EVERYBODY[name]) for name in EVERYBODY if name):
        for path in (
            f"/investors/{investor}/positions",
            f"/investors/{investor}/positions?product=P1",
            f"{P1}/positions?investor={investor}",
        ):
            answer = world.ask(who, path)
            if investor in SEEN[who]:
                assert held(answer) == {investor: units}
            else:
                assert refused(answer) == "not_found"


def test_positions__of_an_address_that_is_none__is_refused(world: World) -> None:
    assert refused(world.ask("R1", f"{P1}/positions/0x12")) == "request_malformed"


# Totals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "holders"), [("R1", 4), ("A1", 4), ("B1", 2), ("B2", 1), ("C1", 1)]
)
def test_totals__of_a_product__are_told_with_the_holders_that_are_seen(
    world: World, who: str, holders: int
) -> None:
    """D.1.5: the issuer sees how many hold it, and the total."""
    answer = world.ask(who, f"{P1}/totals").json()
    assert answer["total_issued"] == 1_000
    assert answer["holders"] == holders
    assert answer["whole"] == (who in ("R1", "A1"))


# Lots ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", SEEN)
def test_lots__of_a_product__are_those_that_are_seen(world: World, who: str) -> None:
    found = items(world.ask(who, f"{P1}/lots"))
    by_investor: dict[str | None, int] = {}
    for each in found:
        by_investor[each["investor"]] = by_investor.get(each["investor"], 0) + each["units"]
    assert by_investor == {name: units for name, units in SEEN[who].items() if units}
    assert all(each["acquired"] for each in found)
    assert pages(world, who, f"{P1}/lots") == found


def test_lots__of_an_investor__are_only_its(world: World) -> None:
    (lot,) = items(world.ask("B2", f"{P1}/lots?investor=IV-3"))
    assert (lot["units"], lot["kind"], lot["ref"]) == (400, "distribute", "A-3/1-1")
    assert refused(world.ask("B2", f"{P1}/lots?investor=IV-1")) == "not_found"
    assert items(world.ask("B2", f"{P1}/lots?investor=IV-4")) == []


def test_provenance__of_a_lot__is_told_as_far_as_it_is_seen(world: World) -> None:
    (lot,) = items(world.ask("R1", f"{P1}/lots?investor=IV-3"))
    path = f"{P1}/lots/{lot['lot']}/provenance"
    whole = world.ask("R1", path).json()["lots"]
    assert (whole[0]["kind"], whole[-1]["kind"]) == ("distribute", "issue")
    assert [each["parent"] for each in whole] == [*(each["lot"] for each in whole[1:]), None]
    assert whole[0] == lot
    assert [each["lot"] for each in world.ask("B2", path).json()["lots"]] == [lot["lot"]]
    assert refused(world.ask("B1", path)) == "not_found"
    assert refused(world.ask("R1", f"{P1}/lots/1.2.3/provenance")) == "not_found"


# As of -----------------------------------------------------------------------------------------------


def test_register__as_of_before__is_what_stood_then(world: World) -> None:
    trades = items(world.ask("R1", f"{P1}/trades"))
    to_three = next(each for each in trades if each["ref"] == "A-3/1-1")
    before, after = f"block:{to_three['block'] - 1}", f"block:{to_three['block']}"
    for who in ("R1", "B2"):
        assert held(world.ask(who, f"{P1}/positions?as_of={before}"))["IV-3"] == 0
        assert held(world.ask(who, f"{P1}/positions?as_of={after}"))["IV-3"] == 400
        lots = items(world.ask(who, f"{P1}/lots?as_of={before}"))
        assert not [each for each in lots if each["investor"] == "IV-3"]
        assert items(world.ask(who, f"{P1}/lots?as_of={after}&investor=IV-3"))[0]["units"] == 400
    assert (
        sum(each["units"] for each in items(world.ask("R1", f"{P1}/lots?as_of={before}"))) == 1_000
    )
    address = world.firm.address(3)
    then = world.ask("B2", f"{P1}/positions/{address}?as_of={before}").json()
    assert then["position"]["units"] == 0
    assert world.ask("R1", f"{P1}/totals?as_of={before}").json()["holders"] == 3
    assert world.ask("R1", f"{P1}/totals?as_of=2020-01-01").json()["total_issued"] == 0
    assert items(world.ask("R1", f"{P1}/positions?as_of=2020-01-01")) == []
    assert refused(world.ask("R1", f"{P1}/positions?as_of=yesterday")) == "time_malformed"


@pytest.mark.parametrize(
    "as_of",
    ["0001-01-01T00:00:00Z", "0001-01-01", "9999-12-31", "block:0", "block:999999999999999999"],
)
@pytest.mark.parametrize("path", ["positions", "lots", "totals", "register"])
def test_register__as_of_the_ends_of_time__is_answered(world: World, as_of: str, path: str) -> None:
    answer = world.ask("R1", f"{P1}/{path}", params={"as_of": as_of})
    assert answer.status_code in (200, 422), answer.text


# Cursors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        ["x"],
        [1, 2],
        ["1", "0x"],
        [1, "a b"],
        [1, "\x00"],
        [1, "\ud800"],
        [2**70, "0x"],
        [1, "0x", 3],
        [True, "0x"],
        [None, "0x"],
    ],
)
def test_positions__with_a_changed_cursor__are_refused(world: World, key: list[object]) -> None:
    given = world.ask("R1", f"{P1}/positions?limit=1").json()["next"]
    content = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps([content[0], key]).encode()).decode().rstrip("=")
    answer = world.ask("R1", f"{P1}/positions", params={"limit": 1, "cursor": changed})
    assert refused(answer) == "cursor_invalid"
    other = world.ask("R1", f"{P1}/lots", params={"cursor": given})
    assert refused(other) == "cursor_invalid"


def test_positions__pages__are_of_one_state_whatever_happens_between(world: World) -> None:
    """The last of this module: it changes the register."""
    for who, path, known in (
        ("B2", "positions", 400),
        ("R1", "positions", 1_000),
        ("R1", "lots", 1_000),
    ):
        first = world.ask(who, f"{P1}/{path}?limit=1").json()
        for _ in world.firm.office.distribute(
            PRODUCT, world.firm.allotment([4], 2), ref=Reference(f"A-between-{who}-{path}")
        ):
            pass
        rest = world.ask(who, f"{P1}/{path}", params={"cursor": first["next"]}).json()
        known_now = sum(each["units"] for each in [*first["items"], *rest["items"]])
        assert known_now == known
        known_then = held(world.ask("B2", f"{P1}/positions"))
        assert known_then["IV-4"] >= 2
