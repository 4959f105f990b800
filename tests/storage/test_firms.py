"""Firms, contracts, banks: what refers to another master finds it, and what was said before is kept.

given a firm
├── when it is registered: it should be found, its contact sealed and opened for a purpose alone
├── when it should have access and has none, or names a custodian or a bank that is none: it should be refused
├── when it is registered twice: it should be refused
└── when it is changed: it should keep its maker, and a former row that an entry vouched for
given a trust contract
├── when a party is not registered: it should be refused
└── when the trustee has used its number: it should be refused
given a product
├── when it is renamed: it should have the name of the day that is asked for
└── when its trust contract is unknown: it should be refused
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from tests.storage.builders import P1, START, TERMS, deploy, investor, new_investor
from tests.support.firms import BRANCH, a_contract, a_firm

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Reason, Refusal
from genbo.masters import BankAccount, Contact, Firm, FirmKind
from genbo.storage.audit import AuditLog
from genbo.storage.firms import Firms
from genbo.storage.investors import Investors
from genbo.storage.products import Products
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.token import parse_terms

LATER = START + timedelta(days=1)
CONTACT = Contact(addressee="架空 担当", phone="03-0000-0000", email="someone@example.invalid")
ACCOUNT = BankAccount(
    bank_code=BRANCH.bank_code,
    bank_name_kana=BRANCH.bank_name_kana,
    branch_code=BRANCH.branch_code,
    branch_name_kana=BRANCH.branch_name_kana,
    account_kind="1",
    account_number="0000001",
    account_holder_kana="ｶ)ｶｸｳ",
)


@pytest.fixture
def firms(connection: Connection, vault: Vault) -> Firms:
    return Firms(connection, vault)


def a_settlor(**more: object) -> Firm:
    return replace(a_firm(FirmKind.SETTLOR, "S9"), **more)  # type: ignore[arg-type]


def test_register__settlor__is_found_with_its_contact_closed(firms: Firms) -> None:
    firms.register(a_settlor(contact=CONTACT, account=ACCOUNT), at=START, by="x")
    assert firms.get(FirmKind.SETTLOR, "S9") == a_settlor(account=ACCOUNT)
    assert "架空 担当" not in repr(firms.get(FirmKind.SETTLOR, "S9"))


def test_contact__opened__names_a_purpose_and_leaves_a_trace(
    firms: Firms, connection: Connection
) -> None:
    firms.register(a_settlor(contact=CONTACT), at=START, by="x")
    reading = Reading(purpose=Purpose.NOTICE, actor="U1", at=LATER)
    assert firms.with_contact(FirmKind.SETTLOR, "S9", reading=reading).contact == CONTACT
    rows = connection.execute(text("SELECT purpose, investors, fields FROM reading")).all()
    assert [(row.purpose, row.investors) for row in rows] == [("notice", ["settlor:S9"])]
    stored = connection.execute(text("SELECT settlor::text FROM settlor WHERE settlor_id = 'S9'"))
    assert "担当" not in stored.scalar_one()


@pytest.mark.parametrize(
    ("firm", "reason"),
    [
        (a_firm(FirmKind.TRUSTEE, "R9"), Reason.INSTITUTION_UNKNOWN),
        (a_settlor(account=replace(ACCOUNT, branch_code="002")), Reason.BANK_UNKNOWN),
        (a_settlor(custodian_id="C1"), Reason.FIELD_UNKNOWN),
        (a_firm(FirmKind.SETTLOR, "S1"), Reason.FIRM_EXISTS),
        (replace(a_firm(FirmKind.TRUSTEE, "C1"), contact=CONTACT), Reason.FIELD_UNKNOWN),
    ],
)
def test_register__refers_to_what_is_not__is_refused(
    firms: Firms, firm: Firm, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        firms.register(firm, at=START, by="x")
    assert refused.value.reason is reason


def test_change__settlor__keeps_what_it_said_and_who_made_it(
    firms: Firms, connection: Connection
) -> None:
    firms.register(a_settlor(contact=CONTACT), at=START, by="maker")
    firms.change(a_settlor(name="新名称株式会社"), at=LATER, by="other")
    log = AuditLog(connection)
    log.settle()
    told = {
        digest
        for entry in log.entries(first=1)
        for row, digest in entry.members["rows"].items()
        if row == "settlor/S9"
    }
    former = connection.execute(
        text(
            "SELECT \"row\" ->> 'settlor_name' AS name, until_by,"
            " encode(sha256(convert_to(jsonb_strip_nulls(\"row\")::text, 'UTF8')), 'hex') AS digest"
            " FROM former_row WHERE row_key = 'S9'"
        )
    ).one()
    assert (former.name, former.until_by) == (a_settlor().name, "other")
    assert former.digest in {each.removeprefix("0x") for each in told}
    made = connection.execute(
        text("SELECT created_by, updated_by FROM settlor WHERE settlor_id = 'S9'")
    ).one()
    assert tuple(made) == ("maker", "other")
    assert firms.with_contact(
        FirmKind.SETTLOR, "S9", reading=Reading(purpose=Purpose.NOTICE, actor="U1", at=LATER)
    ) == a_settlor(name="新名称株式会社", contact=CONTACT)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE settlor SET created_by = 'somebody' WHERE settlor_id = 'S1'",
        "UPDATE former_row SET until_by = 'somebody'",
        "DELETE FROM former_row",
    ],
)
def test_database__rewriting_of_the_past__is_refused(
    firms: Firms, connection: Connection, statement: str
) -> None:
    firms.change(a_firm(FirmKind.SETTLOR, "S1"), at=LATER, by="other")
    with pytest.raises(DBAPIError, match=r"are set once|append only"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        (replace(a_contract("TC-9"), settlor=InstitutionId("S9")), Reason.FIRM_UNKNOWN),
        (a_contract("TC-9", "R9"), Reason.FIRM_UNKNOWN),
        (replace(a_contract("TC-9"), number="2021-TC-1"), Reason.CONTRACT_EXISTS),
        (a_contract("TC-1"), Reason.CONTRACT_EXISTS),
    ],
)
def test_contract__wrong_party_or_number__is_refused(
    connection: Connection, contract: object, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        TrustContracts(connection).register(contract, at=START, by="x")  # type: ignore[arg-type]
    assert refused.value.reason is reason


def test_contract__same_number_with_another_trustee__is_another_contract(
    connection: Connection,
) -> None:
    other = replace(a_contract("TC-9", "R2"), number="2021-TC-1")
    TrustContracts(connection).register(other, at=START, by="x")
    assert TrustContracts(connection).get("TC-9") == other


def test_product__renamed__has_the_name_of_the_day(connection: Connection) -> None:
    deploy(connection)
    products = Products(connection)
    first = str(TERMS["name"])
    products.rename(P1, name="第二の名称", effective=date(2022, 4, 1), at=LATER, by="x")
    products.rename(P1, name="訂正した名称", effective=date(2022, 4, 1), at=LATER, by="x")
    assert products.name_on(P1, date(2020, 1, 1)) == first
    assert products.name_on(P1, date(2022, 3, 31)) == first
    assert products.name_on(P1, date(2022, 4, 1)) == "訂正した名称"


def test_product__unknown_contract_or_agent__is_refused(connection: Connection) -> None:
    products = Products(connection)
    for change, reason in (
        ({"trust_contract_id": "TC-9"}, Reason.CONTRACT_UNKNOWN),
        ({"beneficiary_agent_id": "BA-9"}, Reason.FIRM_UNKNOWN),
    ):
        with pytest.raises(Refusal) as refused:
            products.add(parse_terms(TERMS | change), at=START, by="x")
        assert refused.value.reason is reason


def test_investor__unknown_broker__is_refused(connection: Connection, vault: Vault) -> None:
    stranger = replace(new_investor(), investor=replace(investor(), safekeeping_id="B9"))
    with pytest.raises(Refusal) as refused:
        Investors(connection, vault).register([stranger], at=START, by="x")
    assert (refused.value.reason, refused.value.facts["firm"]) == (Reason.FIRM_UNKNOWN, "B9")


def test_change__clock_behind_the_row__is_as_old_as_the_row(
    firms: Firms, connection: Connection
) -> None:
    """Blocks of a development chain may be ahead of the machine's clock."""
    firms.register(a_settlor(), at=LATER, by="x")
    firms.change(a_settlor(name="新名称株式会社"), at=START, by="y")
    row = connection.execute(
        text("SELECT created_at, updated_at FROM settlor WHERE settlor_id = 'S9'")
    ).one()
    assert row.created_at == row.updated_at == LATER
