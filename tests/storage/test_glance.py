"""Glances: one question in one trip, with the eyes of one institution (invariant 11).

given the world of tests.support.sight
├── every institution, address and investor: a glance should find what a viewing finds
├── many institutions at once: each should be told what it is told alone
├── when the server ends the connection meanwhile: the next glance should be answered all the same
├── when a question fails: the next one should be answered, with other eyes than those before
└── when there is no server: it should be a fault, as anywhere
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from tests.storage.builders import CHAIN
from tests.storage.conftest import TEMPLATE
from tests.storage.visible import VAULT
from tests.support.people import B2, INSTITUTIONS, R1
from tests.support.sight import CUSTOMERS, NOW, OWNERS, PRODUCTS, furnish

from genbo.governance.institutions import Institution
from genbo.kernel import Fault, ProductId, Reason
from genbo.storage.cursor import Cursors
from genbo.storage.engine import Database
from genbo.storage.glance import MOST
from genbo.storage.position_glance import PositionGlance
from genbo.storage.register_pages import Holding, RegisterPages
from genbo.storage.server import EmbeddedServer


@pytest.fixture(scope="module")
def world(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("glances", template=TEMPLATE)
    database = Database(server.url("glances"))
    with database.begin() as connection:
        furnish(connection, VAULT)
    yield database
    database.close()
    server.drop_database("glances")


def glance(world: Database, viewer: Institution) -> PositionGlance:
    return PositionGlance(world, CHAIN, viewer.id, at=NOW)


def everything(world: Database, viewer: Institution) -> dict[object, list[Holding]]:
    """What the institution sees at a glance, by what it asked for."""
    found: dict[object, list[Holding]] = {}
    for product, address in OWNERS:
        seen = glance(world, viewer).of_address(product, address)
        assert seen is not None
        found[product, address] = seen.holdings
    for product in (*PRODUCTS, ProductId("P9")):
        for investor in CUSTOMERS:
            seen = glance(world, viewer).of_investor(product, investor)
            assert seen is not None
            found[product, investor] = seen.holdings
    return found


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda it: it.id)
def test_glance__of_each_institution__finds_what_a_viewing_finds(
    world: Database, viewer: Institution
) -> None:
    seen = everything(world, viewer)
    with world.viewing(viewer.id, at=NOW) as connection:
        pages = RegisterPages(connection, CHAIN)
        for (product, address), investor in OWNERS.items():
            one = pages.of_address(product, address, upto=99)
            assert seen[product, address] == ([] if one is None else [one])
            assert seen[product, investor] == pages.of_investor(investor, upto=99, product=product)
        found = glance(world, viewer).of_address(*next(iter(OWNERS)))
        assert found is not None
        assert found.cursor == Cursors(connection, CHAIN).get()


def test_glance__of_many_at_once__is_never_with_the_eyes_of_another(world: Database) -> None:
    alone = {viewer.id: everything(world, viewer) for viewer in INSTITUTIONS}
    with ThreadPoolExecutor(2 * MOST) as pool:
        together = list(pool.map(lambda it: (it.id, everything(world, it)), 2 * INSTITUTIONS))
    assert all(found == alone[viewer] for viewer, found in together)


def test_glance__after_the_server_ended_its_connections__is_answered(world: Database) -> None:
    before = everything(world, R1)
    with world.begin() as connection:
        ended = connection.scalars(
            text(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    assert any(ended)
    assert everything(world, R1) == before


def test_glance__after_a_question_that_fails__is_with_its_own_eyes(world: Database) -> None:
    before = everything(world, B2)
    with pytest.raises(Fault) as caught:
        world.glance(R1.id, "SELECT * FROM audit", {}, at=NOW)
    assert caught.value.reason is Reason.DATABASE_RIGHTS_MISSING
    assert everything(world, B2) == before
    assert world.glance(B2.id, "SELECT current_user::text", {}, at=NOW) == [("genbo_viewer",)]


def test_glance__without_a_server__is_a_fault() -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Fault) as caught:
        nowhere.glance(R1.id, "SELECT 1", {}, at=NOW)
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    nowhere.close()
