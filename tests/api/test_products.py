"""Products through the interface.

given a product
├── when an institution that takes part asks: it gets it, with a version
├── when it has that version: 304
├── when it asks for the list: its products, and only those
└── when an institution that does not take part asks: 404, as for one that does not exist
"""

from __future__ import annotations

import pytest
from tests.api.conftest import World, refused


@pytest.mark.parametrize("who", ["R1", "C1", "B1", "B2", "A1"])
def test_product__of_one_that_takes_part__is_told_with_its_version(world: World, who: str) -> None:
    answer = world.ask(who, "/products/P1")
    assert answer.status_code == 200
    assert answer.json()["product"] == "P1"
    assert answer.json()["record_dates"] == ["01-31", "07-31"]
    again = world.client.get(
        "/v1/products/P1",
        headers={
            "Authorization": f"Bearer {who}:reference",
            "If-None-Match": answer.headers["ETag"],
        },
    )
    assert again.status_code == 304
    assert again.content == b""


def test_product__of_others__is_not_there(world: World) -> None:
    mine, nobodys = world.ask("R2", "/products/P1"), world.ask("R2", "/products/P9")
    assert (mine.status_code, refused(mine)) == (404, "not_found")
    assert (nobodys.status_code, refused(nobodys)) == (404, "not_found")


def test_products__listed__are_those_of_the_institution(world: World) -> None:
    assert [each["product"] for each in world.ask("B1", "/products").json()["items"]] == ["P1"]
    assert world.ask("R2", "/products").json() == {"items": [], "next": None}
