"""Trades through the interface (R-PROGMAT-VIS-2, D.4.7).

given an issue, and distributions to customers of B1 and B2
├── when the registrar or the issuer asks: every movement
├── when a broker asks: those with a side that is its customer, the other side as a pseudonym
├── when it is asked between two instants, page by page, or by reference: those, each once
└── when nothing of it is seen: 404
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import World, refused
from tests.api.test_positions import items, pages

TRADES = "/products/P1/trades"
REFS = {"R1": ["I-1", "A-1", "A-2", "A-3"], "A1": ["I-1", "A-1", "A-2", "A-3"]} | {
    "B1": ["A-1", "A-2"],
    "B2": ["A-3"],
    "C1": ["A-3"],
}


def refs(rows: list[dict[str, Any]]) -> list[str]:
    """Of acts: a batch of an act adds its rows after a slash."""
    return [each["ref"].partition("/")[0] for each in rows]


@pytest.mark.parametrize("who", REFS)
def test_trades__of_a_product__are_those_that_are_seen(world: World, who: str) -> None:
    found = items(world.ask(who, TRADES))
    assert refs(found) == REFS[who]
    assert pages(world, who, TRADES) == found


def test_trades__of_a_customer__show_the_other_side_as_a_pseudonym(world: World) -> None:
    (mine,) = items(world.ask("B2", TRADES))
    assert (mine["kind"], mine["units"]) == ("distribute", 400)
    assert mine["recipient"] == {"address": world.firm.address(3), "investor": "IV-3"}
    assert mine["sender"] == {"address": world.firm.address(0), "investor": None}
    (issued, *_) = items(world.ask("R1", TRADES))
    assert issued["sender"] is None


def test_trades__of_a_reference__are_its_movements(world: World) -> None:
    assert refs(items(world.ask("R1", f"{TRADES}?ref=A-2/1-1"))) == ["A-2"]
    assert refused(world.ask("B2", f"{TRADES}?ref=A-2/1-1")) == "not_found"
    assert refused(world.ask("R1", f"{TRADES}?ref=A-9")) == "not_found"
    assert refused(world.ask("B3", f"{TRADES}?ref=A-2/1-1")) == "not_found"


def test_trades__between_two_instants__are_those_from_the_first_and_before_the_second(
    world: World,
) -> None:
    found = items(world.ask("R1", TRADES))
    first, third = found[1], next(each for each in found if each["at"] > found[1]["at"])
    stretch = {"since": first["at"], "until": third["at"]}
    expected = [each for each in found if first["at"] <= each["at"] < third["at"]]
    assert expected
    assert items(world.ask("R1", TRADES, params=stretch)) == expected
    assert items(world.ask("R1", TRADES, params={"until": "2020-01-01"})) == []


def test_trades__for_who_takes_no_part__are_not_there(world: World) -> None:
    for who in ("R2", "A2", "B3", "C2", "F1"):
        assert refused(world.ask(who, TRADES)) == "not_found"
    assert refused(world.ask("PF", TRADES)) == "route_unknown"
