"""Products: stored whole, by their rules of status, and where their token is."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, select
from tests.storage.builders import CHAIN, P1, TERMS, account, deploy

from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage import tables
from genbo.storage.products import Products
from genbo.token import ProductStatus, parse_terms

NOW = datetime(2021, 8, 1, tzinfo=UTC)
LATER = datetime(2021, 9, 1, tzinfo=UTC)


def test_add__complete_terms__come_back_whole(connection: Connection) -> None:
    terms = parse_terms(TERMS)
    added = Products(connection).add(terms, at=NOW, by="registrar-1")
    assert added.terms == terms
    assert added.terms.digest() == terms.digest()
    assert (added.status, added.chain_id, added.address) == (ProductStatus.DRAFT, None, None)
    assert Products(connection).all() == [added]
    row = connection.execute(select(tables.product)).one()
    assert row.terms_digest == terms.digest()
    # Every typed column says what the terms say.
    for name, value in terms.as_fields().items():
        if name in tables.product.c:
            stored = row._mapping[name]
            assert (str(stored) if name.endswith("_date") else stored) == value, name
    assert len([name for name in terms.as_fields() if name in tables.product.c]) == 23
    assert (row.created_by, row.updated_at) == ("registrar-1", NOW)


def test_add__id_taken__is_refused(connection: Connection) -> None:
    products = Products(connection)
    products.add(parse_terms(TERMS), at=NOW, by="registrar-1")
    with pytest.raises(Refusal) as caught:
        products.add(parse_terms(TERMS), at=NOW, by="registrar-1")
    assert caught.value.reason is Reason.PRODUCT_EXISTS


def test_add__isin_taken__is_refused(connection: Connection) -> None:
    products = Products(connection)
    products.add(parse_terms(TERMS), at=NOW, by="registrar-1")
    with pytest.raises(Refusal) as caught:
        products.add(parse_terms(TERMS | {"product_id": "P2"}), at=NOW, by="registrar-1")
    assert caught.value.reason is Reason.FIELD_INVALID
    assert caught.value.facts["field"] == "isin"
    products.add(parse_terms(TERMS | {"product_id": "P3", "isin": None}), at=NOW, by="r-1")
    products.add(parse_terms(TERMS | {"product_id": "P4", "isin": None}), at=NOW, by="r-1")


@pytest.mark.parametrize("day", ["2021-06-01", "2021-08-11", "2021-10-01"])
def test_draft__under_another_name__has_it_on_every_day(connection: Connection, day: str) -> None:
    products = Products(connection)
    products.draft(parse_terms(TERMS), at=NOW, by="registrar-1")
    other = parse_terms(TERMS | {"name": "別の受益権", "set_date": day})
    products.draft(other, at=LATER, by="registrar-1")
    for asked in (date(2021, 1, 1), date(2021, 8, 11), date(2023, 1, 1)):
        assert products.name_on(P1, asked) == "別の受益権"


def test_draft__of_anothers_contract__keeps_its_place(connection: Connection) -> None:
    products = Products(connection)
    drafted = products.draft(parse_terms(TERMS), at=NOW, by="registrar-1", of={"TC-1"})
    other = parse_terms(TERMS | {"set_quantity": 7})
    with pytest.raises(Refusal) as caught:
        products.draft(other, at=LATER, by="registrar-2", of={"TC-2"})
    assert caught.value.reason is Reason.PRODUCT_EXISTS
    assert products.get(P1) == drafted


def test_get__unknown__is_refused(connection: Connection) -> None:
    products = Products(connection)
    for act in (
        lambda: products.get(P1),
        lambda: products.move_on(P1, ProductStatus.SET, at=NOW, by="r"),
        lambda: products.deployed(P1, chain_id=1, address=account(1), at=NOW, by="r"),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.reason is Reason.PRODUCT_UNKNOWN


def test_move_on__listed_transition__is_made_by_somebody(connection: Connection) -> None:
    products = Products(connection)
    products.add(parse_terms(TERMS), at=NOW, by="registrar-1")
    products.move_on(P1, ProductStatus.SET, at=LATER, by="registrar-2")
    assert products.get(P1).status is ProductStatus.SET
    row = connection.execute(select(tables.product)).one()
    assert (row.created_by, row.updated_by, row.updated_at) == ("registrar-1", "registrar-2", LATER)
    with pytest.raises(Refusal) as caught:
        products.move_on(P1, ProductStatus.REDEEMED, at=LATER, by="registrar-2")
    assert caught.value.reason is Reason.STATUS_UNREACHABLE
    assert products.get(P1).status is ProductStatus.SET


def test_deployed__token_elsewhere__is_refused(connection: Connection) -> None:
    deploy(connection)
    products = Products(connection)
    assert products.tokens(CHAIN) == {account(999): P1}
    assert products.tokens(CHAIN + 1) == {}
    products.deployed(P1, chain_id=CHAIN, address=account(999), at=NOW, by="r")
    with pytest.raises(Refusal) as caught:
        products.deployed(P1, chain_id=CHAIN, address=account(998), at=NOW, by="r")
    assert caught.value.facts == {"product": ProductId("P1")}
    assert products.get(P1).address == account(999)
