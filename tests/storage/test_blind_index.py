"""Blind index: equality, and nothing more.

given investors with names, numbers and accounts
├── when somebody searches for a value
│   ├── it should find exactly those who have it, by a former name too
│   └── it should leave a reading and an entry that say what was searched, and not the value
├── when the table is read without the key
│   └── it should show who is equal, and no value that a guess without the key confirms
├── when an investor is erased
│   └── it should not be found, and have no row
└── when the field is none
    └── it should be refused
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select
from tests.storage.builders import new_investor

from genbo.compliance.privacy import SEARCHED
from genbo.governance import AuditAction
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.blind_index import BlindIndex
from genbo.storage.investors import Investors
from genbo.storage.reindex import reindex
from genbo.storage.vault import Purpose, Reading, Vault

NOW = datetime(2022, 1, 31, 15, tzinfo=UTC)
READING = Reading(purpose=Purpose.ORDER, actor="registrar-1", at=NOW)
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")


@pytest.fixture
def investors(connection: Connection, vault: Vault) -> Investors:
    """IV-1 and IV-2, of whom IV-1 was renamed."""
    made = Investors(connection, vault)
    made.register([new_investor(ONE), new_investor(TWO)], at=NOW, by="x")
    made.rename(
        ONE,
        name="架空　改子",
        registered_address="東京都架空区 9",
        effective=NOW.date(),
        at=NOW,
        by="x",
    )
    return made


@pytest.fixture
def index(connection: Connection, vault: Vault, investors: Investors) -> BlindIndex:
    return BlindIndex(connection, vault)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", "氏名 IV-1", [ONE]),
        ("name", "架空 改子", [ONE]),
        ("name", "氏名 IV-2", [TWO]),
        ("name", "氏名", []),
        ("name_folded", "氏名ＩＶ１", [ONE]),
        ("name_folded", "架空改子", [ONE]),
        ("corporate_number", "氏名 IV-1", []),
    ],
)
def test_find__value__is_exactly_whoever_has_it(
    index: BlindIndex, field: str, value: str, expected: list[str]
) -> None:
    assert index.find(field, value, reading=READING) == expected


def test_find__asked__is_on_record_without_the_value(
    index: BlindIndex, connection: Connection
) -> None:
    index.find("name", "氏名 IV-1", reading=READING)
    index.find("name", "居ない人", reading=READING)
    rows = connection.execute(select(tables.reading).order_by(tables.reading.c.reading_id)).all()
    assert [(row.purpose, row.fields, row.investors) for row in rows] == [
        ("order", ["blind_index.name"], ["IV-1"]),
        ("order", ["blind_index.name"], []),
    ]
    log = AuditLog(connection)
    log.settle()
    entries = list(log.entries(action=AuditAction.PERSONAL_DATA_READ))
    assert len(entries) == 2
    assert "居ない人" not in str([each.members for each in entries])


def test_table__read_without_the_key__shows_equality_alone(
    index: BlindIndex, connection: Connection, vault: Vault
) -> None:
    twin = new_investor("IV-3")
    investors = Investors(connection, vault)
    investors.register([twin], at=NOW, by="x")
    investors.rename(
        InvestorId("IV-3"),
        name="架空　改子",
        registered_address="x",
        effective=NOW.date(),
        at=NOW,
        by="x",
    )
    table = tables.blind_index
    same = connection.execute(
        select(table.c.field, func.count()).group_by(table.c.field, table.c.digest)
    ).all()
    assert sorted(count for field, count in same if field == "name") == [1, 1, 1, 2]
    digests = set(connection.scalars(select(table.c.digest)))
    value = "架空 改子".encode()
    for guess in (value, b"name\x1f" + value):
        assert hashlib.sha256(guess).digest() not in digests
        assert hmac.digest(bytes(32), guess, "sha256") not in digests
    rows = connection.execute(select(table)).all()
    by_field = {field: {row.digest for row in rows if row.field == field} for field in SEARCHED}
    assert by_field["name"].isdisjoint(by_field["name_folded"])


def test_find__erased__has_no_row(
    index: BlindIndex, investors: Investors, connection: Connection, vault: Vault
) -> None:
    investors.erase(ONE, at=NOW, by="x", ground="RET-1")
    table = tables.blind_index
    assert set(connection.scalars(select(table.c.investor_id))) == {TWO}
    assert index.find("name", "氏名 IV-1", reading=READING) == []
    reindex(connection, vault, at=NOW, by="keeper")
    assert set(connection.scalars(select(table.c.investor_id))) == {TWO}
    assert index.find("name", "氏名 IV-2", reading=READING) == [TWO]


def test_find__field_unknown__is_refused(index: BlindIndex) -> None:
    with pytest.raises(Refusal) as caught:
        index.find("contact_phone", "03", reading=READING)
    assert caught.value.reason is Reason.FIELD_UNKNOWN
