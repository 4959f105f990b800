"""Investors.

given many investors
    when they are registered
        it should take less than a second for 503, and take all of them or none
    when an id, a customer number or a code is not possible
        it should name it
given an investor
    when the name changes on a day
        it should have the old name the day before and the new one from then on (D.2.5)
    when a name was recorded wrongly
        it should have the corrected one, and both versions on record
"""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select
from tests.storage.builders import new_investor

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import tables
from genbo.storage.engine import Database
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.vault import Purpose, Reading, Vault

NOW = datetime(2021, 7, 20, tzinfo=UTC)
READING = Reading(purpose=Purpose.REGISTER, actor="registrar-1", at=NOW)
ONE = InvestorId("IV-1")


def test_register__503_investors__takes_less_than_a_second(
    database: Database, vault: Vault
) -> None:
    new = [
        new_investor(
            f"IV-{number:03}", contact_postal_code="100-0000", payee_account_number="1234567"
        )
        for number in range(503)
    ]
    started = time.perf_counter()
    with database.begin() as connection:
        Investors(connection, vault).register(new, at=NOW, by="registrar-1")
    assert time.perf_counter() - started < 1
    with database.begin() as connection:
        investors = Investors(connection, vault)
        ids = [each.investor_id for each in investors.all()]
        assert ids == [each.investor.investor_id for each in new]
        identities = investors.identities(ids, on=date(2022, 1, 31), reading=READING)
        assert [identities[each].name for each in ids] == [each.name for each in new]
        opened = investors.personal(ids, fields=["payee_account_number"], reading=READING)
        assert {each["payee_account_number"] for each in opened.values()} == {"1234567"}


def refused(connection: Connection, vault: Vault, *new: NewInvestor) -> Refusal:
    count = select(func.count()).select_from(tables.investor)
    before = connection.scalar(count)
    with pytest.raises(Refusal) as caught:
        Investors(connection, vault).register(list(new), at=NOW, by="registrar-1")
    assert connection.scalar(count) == before
    return caught.value


def test_register__id_is_taken__nothing_is_applied(connection: Connection, vault: Vault) -> None:
    Investors(connection, vault).register([new_investor("IV-2")], at=NOW, by="registrar-1")
    refusal = refused(connection, vault, new_investor("IV-1"), new_investor("IV-2"))
    assert refusal.reason is Reason.INVESTOR_EXISTS
    assert refusal.facts == {"investor": "IV-2"}


def test_register__id_twice_in_one_file__nothing_is_applied(
    connection: Connection, vault: Vault
) -> None:
    refusal = refused(connection, vault, new_investor("IV-1"), new_investor("IV-1"))
    assert refusal.facts == {"investor": "IV-1"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "robot"),
        ("safekeeping_kind", "shelf"),
        ("status", "gone"),
        ("aml_class", "perhaps"),
        ("investor_class", 32),
        ("investor_class", -1),
        ("custodian_id", "C1"),
    ],
)
def test_register__code_unknown__field_is_named(
    connection: Connection, vault: Vault, field: str, value: object
) -> None:
    new = new_investor("IV-1")
    wrong = replace(new, investor=replace(new.investor, **{field: value}))
    refusal = refused(connection, vault, wrong)
    assert refusal.reason is Reason.FIELD_INVALID
    assert refusal.facts["field"] == field


def test_register__customer_number_taken__is_named(connection: Connection, vault: Vault) -> None:
    one, two = (
        replace(new, investor=replace(new.investor, broker_customer_id="C-7"))
        for new in (new_investor("IV-1"), new_investor("IV-2"))
    )
    assert refused(connection, vault, one, two).facts["value"] == "C-7"
    other_broker = replace(two, investor=replace(two.investor, safekeeping_id="B2"))
    Investors(connection, vault).register([one, other_broker], at=NOW, by="registrar-1")
    three = replace(one, investor=replace(one.investor, investor_id=InvestorId("IV-3")))
    assert refused(connection, vault, three).facts["field"] == "broker_customer_id"


def test_register__personal_field_unknown__is_named(connection: Connection, vault: Vault) -> None:
    refusal = refused(connection, vault, new_investor("IV-1", my_number="x"))
    assert refusal.reason is Reason.FIELD_UNKNOWN
    assert refusal.facts == {"field": "my_number"}


def test_get__unknown__is_refused(connection: Connection, vault: Vault) -> None:
    investors = Investors(connection, vault)
    for act in (
        lambda: investors.get(ONE),
        lambda: investors.judge(ONE, at=NOW, by="x", status="active"),
        lambda: investors.erase(ONE, at=NOW, by="x", ground="y"),
        lambda: investors.identities([ONE], on=NOW.date(), reading=READING),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.reason is Reason.INVESTOR_UNKNOWN
    assert investors.known([ONE]) == set()


def test_judge__class_changes__rest_stays(connection: Connection, vault: Vault) -> None:
    later = NOW + timedelta(days=1)
    investors = Investors(connection, vault)
    investors.register([new_investor()], at=NOW, by="registrar-1")
    investors.judge(ONE, at=later, by="compliance-1", aml_class="blocked")
    assert investors.get(ONE) == replace(new_investor().investor, aml_class="blocked")
    row = connection.execute(select(tables.investor)).one()
    assert (row.created_at, row.created_by) == (NOW, "registrar-1")
    assert (row.updated_at, row.updated_by) == (later, "compliance-1")


def test_rename__effective_in_march__january_keeps_the_old_name(
    connection: Connection, vault: Vault
) -> None:
    investors = Investors(connection, vault)
    investors.register([new_investor()], at=NOW, by="registrar-1")

    def name_on(day: date) -> str:
        return str(investors.identities([ONE], on=day, reading=READING)[ONE].name)

    def rename(name: str, effective: date) -> int:
        return investors.rename(
            ONE, name=name, registered_address="新住所", effective=effective, at=NOW, by="r-1"
        )

    assert rename("三月", date(2022, 3, 1)) == 2
    assert name_on(date(2022, 1, 31)) == name_on(date(2022, 2, 28)) == "氏名 IV-1"
    assert name_on(date(2022, 3, 1)) == name_on(date(2023, 1, 1)) == "三月"
    assert name_on(date(1999, 1, 1)) == "氏名 IV-1"  # nothing older is known

    assert rename("三月訂正", date(2022, 3, 1)) == 3
    assert name_on(date(2022, 3, 1)) == "三月訂正"
    assert rename("二月", date(2022, 2, 1)) == 4  # recorded late, effective earlier
    assert name_on(date(2022, 2, 28)) == "二月"
    assert name_on(date(2022, 3, 1)) == "三月訂正"
    identity = investors.identities([ONE], on=date(2022, 3, 1), reading=READING)[ONE]
    assert (identity.version, identity.registered_address) == (3, "新住所")
    assert connection.scalar(select(func.count()).select_from(tables.identity)) == 4
