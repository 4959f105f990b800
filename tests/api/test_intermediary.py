"""What an intermediary reads of its clients (R-PROGMAT-ROLE-F).

given an intermediary that introduced one client who consents to sight, and one who does not
├── when it asks for investors: both
├── when it asks for holdings: those of the one who consents
├── when it asks for trades: those of both, as one side, without an address and without the other side
└── when it asks for a name: of its clients, and nobody else's
"""

from __future__ import annotations

import pytest
from httpx import Response
from tests.api.conftest import World, refused
from tests.api.test_positions import held, items, pages
from tests.support.office import PRODUCT
from tests.support.people import F1

from genbo.kernel import InvestorId
from genbo.storage.parties import Parties

P1 = "/products/P1"


@pytest.fixture(scope="module", autouse=True)
def clients(world: World) -> None:
    house = world.firm.office.house
    with house.database.begin() as connection:
        parties = Parties(connection)
        parties.handle(PRODUCT, F1.id, at=house.now(), by="registrar-1")
        for client, consents in (("IV-2", True), ("IV-3", False)):
            parties.introduce(
                InvestorId(client), F1.id, consents_to_sight=consents, at=house.now(), by="x"
            )


def test_investors__of_an_intermediary__are_its_clients(world: World) -> None:
    found = items(world.ask("F1", "/investors"))
    assert [each["investor"] for each in found] == ["IV-2", "IV-3"]
    assert pages(world, "F1", "/investors") == found
    assert refused(world.ask("F1", "/investors/IV-1")) == "not_found"


def test_holdings__of_an_intermediary__are_those_that_it_may_see(world: World) -> None:
    assert held(world.ask("F1", f"{P1}/positions")) == {"IV-2": 51}
    assert held(world.ask("F1", "/investors/IV-2/positions")) == {"IV-2": 51}
    assert refused(world.ask("F1", "/investors/IV-3/positions")) == "not_found"
    address = world.firm.address(3)
    assert refused(world.ask("F1", f"{P1}/positions/{address}")) == "not_found"
    assert world.ask("F1", f"{P1}/totals").json()["holders"] == 1
    assert {each["investor"] for each in items(world.ask("F1", f"{P1}/lots"))} == {"IV-2"}


def test_trades__of_an_intermediary__are_its_clients_side(world: World) -> None:
    found = items(world.ask("F1", f"{P1}/trades"))
    assert [each["recipient"] for each in found] == [
        {"address": None, "investor": "IV-2"},
        {"address": None, "investor": "IV-3"},
    ]
    assert [(each["sender"], each["tx"]) for each in found] == [(None, None), (None, None)]
    assert pages(world, "F1", f"{P1}/trades") == found
    ref = found[1]["ref"]
    assert items(world.ask("F1", f"{P1}/trades?ref={ref}")) == [found[1]]
    assert refused(world.ask("F1", f"{P1}/trades?ref=A-1/1-1")) == "not_found"
    early = world.ask("F1", f"{P1}/trades", params={"until": found[0]["at"]})
    assert items(early) == []


def test_names__of_clients__are_told_to_their_intermediary(world: World) -> None:
    def ask(*investors: str) -> Response:
        return world.client.post(
            "/v1/investors/names",
            json={"investors": list(investors), "purpose": "notice"},
            headers={"Authorization": "Bearer F1:reference"},
        )

    assert ask("IV-2", "IV-3").status_code == 200
    assert refused(ask("IV-2", "IV-1")) == "not_found"
