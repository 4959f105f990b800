"""Products through the interface.

given a product
├── when an institution that takes part asks: it gets it, with a version
├── when it has that version: 304
├── when it asks for the list: its products, and only those
├── when it asks for the coupons of what is no bond: none; of a bond: rates, days and amounts as decimals
└── when an institution that does not take part asks: 404, as for one that does not exist
"""

from __future__ import annotations

import pytest
import yaml
from tests.api.conftest import World, refused

from contract_sources import ROOT
from genbo.api.product import BondCoupon, Product
from genbo.entitlements import bond_of, coupons
from genbo.providers.calendar import is_bank_holiday
from genbo.storage.products import Product as StoredProduct
from genbo.token import ProductStatus, parse_terms

BOND = ROOT / "examples" / "marui-first-bond" / "product.yaml"


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


def test_coupons__of_what_is_no_bond__are_none(world: World) -> None:
    assert world.ask("B1", "/products/P1").json()["bond"] is None
    assert world.ask("B1", "/products/P1/coupons").json() == {"items": []}
    assert refused(world.ask("R2", "/products/P1/coupons")) == "not_found"


def test_bond__told__has_its_interest_and_coupons() -> None:
    terms = parse_terms(yaml.safe_load(BOND.read_text("utf-8")))
    stored = StoredProduct(terms=terms, status=ProductStatus.SET, chain_id=None, address=None)
    told = Product.of(stored).model_dump(mode="json")["bond"]
    assert told == {
        "rate": "0.3",
        "points_rate": "0.7",
        "coupons_a_year": 1,
        "interest_from": "2022-06-18",
        "first_coupon": None,
        "end_of_month": False,
        "day_count": "periods",
        "planned_quantity": 10_000,
    }
    (coupon,) = coupons(bond_of(terms), is_holiday=is_bank_holiday)
    assert BondCoupon.of(coupon).model_dump(mode="json") == {
        "due": "2023-06-17",
        "payable": "2023-06-16",
        "after": "2022-06-17",
        "days": 365,
        "is_broken": False,
        "income_per_unit": "30",
        "points_per_unit": "70",
    }
