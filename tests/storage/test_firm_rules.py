"""The rules of tables T3, T5 and T8 to T13 where they are kept: in the repository.

given a firm, a trust contract or a product
    when it is registered or changed in any usual writing
        it should be kept in one form
    when a cell is wrong
        it should be refused, with the field and without the value
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from tests.storage.builders import P1, deploy
from tests.support.firms import a_contract, a_firm

from genbo.kernel import Reason, Refusal
from genbo.masters import BankAccount, Contact, FirmKind
from genbo.storage.firms import Firms
from genbo.storage.products import Products
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Purpose, Reading, Vault

NOW = datetime(2021, 7, 20, tzinfo=UTC)
READING = Reading(purpose=Purpose.REGISTER, actor="registrar-1", at=NOW)
SETTLOR = a_firm(FirmKind.SETTLOR, "S9")
ACCOUNT = BankAccount(
    bank_code="９９９０",
    bank_name_kana="カクウ",
    branch_code="001",
    branch_name_kana="ホンテン",
    account_kind="1",
    account_number="42",
    account_holder_kana="株式会社ミドリ",
)


@pytest.fixture
def firms(connection: Connection, vault: Vault) -> Firms:
    return Firms(connection, vault)


def test_register__usual_writings__are_kept_in_one_form(firms: Firms) -> None:
    contact = Contact(postal_code="1500041", phone="０３−１２３４−５６７８")
    firms.register(
        replace(SETTLOR, name=" 架空株式会社 ", contact=contact, account=ACCOUNT), at=NOW, by="x"
    )
    kept = firms.with_contact(FirmKind.SETTLOR, "S9", reading=READING)
    assert kept.name == "架空株式会社"
    assert kept.contact == Contact(postal_code="150-0041", phone="03-1234-5678")
    assert kept.account is not None
    assert (kept.account.bank_code, kept.account.account_number) == ("9990", "0000042")
    assert kept.account.account_holder_kana == "ｶ)ﾐﾄﾞﾘ"

    firms.change(SETTLOR, at=NOW, by="x")  # says nothing of the contact
    assert firms.with_contact(FirmKind.SETTLOR, "S9", reading=READING).contact == kept.contact
    firms.change(replace(SETTLOR, contact=Contact()), at=NOW, by="x")  # says that there is none
    assert firms.with_contact(FirmKind.SETTLOR, "S9", reading=READING).contact == Contact()


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"name": " "}, Reason.FIELD_MISSING, "settlor_name"),
        ({"id": "花子"}, Reason.FIELD_INVALID, "settlor_id"),
        ({"contact": Contact(email="hush")}, Reason.FIELD_INVALID, "contact_email"),
        ({"contact": Contact(postal_code="hush")}, Reason.FIELD_INVALID, "contact_postal_code"),
        (
            {"account": replace(ACCOUNT, account_number="hush")},
            Reason.FIELD_INVALID,
            "settlement_account_number",
        ),
        (
            {"account": replace(ACCOUNT, account_kind="")},
            Reason.FIELD_MISSING,
            "settlement_account_kind",
        ),
        ({"custodian_id": "C1"}, Reason.FIELD_UNKNOWN, "custodian_id"),
    ],
)
def test_register__cell_wrong__is_refused_without_the_value(
    firms: Firms, change: dict[str, object], reason: Reason, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        firms.register(replace(SETTLOR, **change), at=NOW, by="x")  # type: ignore[arg-type]
    assert (caught.value.reason, caught.value.facts["field"]) == (reason, field)
    assert "hush" not in str(caught.value)
    with pytest.raises(Refusal) as unknown:
        firms.get(FirmKind.SETTLOR, "S9")
    assert unknown.value.reason is Reason.FIRM_UNKNOWN


def test_contract__name_is_none__is_refused(connection: Connection) -> None:
    contracts = TrustContracts(connection)
    with pytest.raises(Refusal) as caught:
        contracts.register(replace(a_contract("TC-9"), name="一行目\n二行目"), at=NOW, by="x")
    assert caught.value.facts["field"] == "trust_contract_name"
    contracts.register(replace(a_contract("TC-9"), name=" 架空信託 "), at=NOW, by="x")
    assert contracts.get("TC-9").name == "架空信託"


def test_product__name_or_comment_is_none__is_refused(connection: Connection) -> None:
    deploy(connection)
    products = Products(connection)
    for act, field in (
        (
            lambda: products.rename(
                P1, name="一行目\n二行目", effective=NOW.date(), at=NOW, by="x"
            ),
            "name",
        ),
        (
            lambda: products.comment(P1, first="a\x07b", second=None, at=NOW, by="x"),
            "free_comment_1",
        ),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert (caught.value.reason, caught.value.facts["field"]) == (Reason.FIELD_INVALID, field)
