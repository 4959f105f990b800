"""The sixteen tables: whoever opens the database finds them by the names of the consortium's report.

given the schema `progmat`
├── it should have the sixteen tables with their 219 columns in order, each explained in both languages
├── it should show each with the rights of whoever asks
└── it should show the ledger's side as the register has it: lots, movements, transfers without a reference
given a product and an investor with several names
└── it should show the one that holds today
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, text
from tests.storage.builders import (
    CHAIN,
    P1,
    START,
    Ledger,
    account,
    deploy,
    new_investor,
    raw,
    stamp,
)

from genbo.kernel import InvestorId
from genbo.masters.catalogue import TABLES
from genbo.storage.investors import Investors
from genbo.storage.journal import RegisterJournal
from genbo.storage.products import Products
from genbo.storage.vault import Vault
from genbo.storage.wallets import Wallet, Wallets

NAMES = {
    3: "beneficial_right",
    4: "transfer_control",
    8: "safekeeping_firm",
    15: "import_file_control",
    16: "market_control",
}
"""Names that the report gives in other words."""


def name_of(number: int) -> str:
    return NAMES.get(number, TABLES[number].name.replace(" ", "_"))


def rows(connection: Connection, query: str) -> Sequence[dict[str, object]]:
    return [dict(row._mapping) for row in connection.execute(text(query))]


def test_schema__catalogue__is_there_column_by_column(connection: Connection) -> None:
    found = rows(
        connection,
        "SELECT c.relname, a.attname, col_description(c.oid, a.attnum) AS comment"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relnamespace = 'progmat'::regnamespace ORDER BY c.relname, a.attnum",
    )
    expected = [
        {
            "relname": name_of(table.number),
            "attname": field.column,
            "comment": f"{field.name_ja}: {field.description} ({field.id})",
        }
        for table in sorted(TABLES.values(), key=lambda each: name_of(each.number))
        for field in table.fields
    ]
    assert len(expected) == 219
    assert found == expected


def test_schema__each_view__has_the_rights_of_whoever_asks(connection: Connection) -> None:
    views = rows(
        connection,
        "SELECT relname, reloptions, obj_description(oid) AS comment FROM pg_class"
        " WHERE relnamespace = 'progmat'::regnamespace",
    )
    assert len(views) == 16
    assert all(each["reloptions"] == ["security_invoker=true"] for each in views)
    assert {str(each["comment"]).split(":")[0] for each in views} == {
        table.name_ja for table in TABLES.values()
    }


def test_ledger_side__movements__are_shown_as_the_register_has_them(
    connection: Connection, vault: Vault
) -> None:
    deploy(connection)
    people = [InvestorId(f"IV-{number}") for number in (1, 2, 3)]
    Investors(connection, vault).register([new_investor(each) for each in people], at=START, by="x")
    Wallets(connection).assign(
        [
            Wallet(product_id=P1, address=account(n), investor_id=person, valid_from=START)
            for n, person in enumerate(people, 1)
        ],
        at=START,
        by="x",
    )
    ledger = Ledger()
    ledger.issue(10, ref="I-1")
    ledger.at(2, datetime(2022, 1, 31, 15, tzinfo=UTC)).transfer(1, 2, 4, ref="T-1")
    ledger.at(3).transfer(1, 3, 1)
    journal = RegisterJournal(connection, CHAIN)
    journal.cursors.start(1)
    events, changes = ledger.hush()
    journal.keep(events=events, changes=changes, raw=raw(events), upto=stamp(3))
    tokens = rows(connection, "SELECT * FROM progmat.token ORDER BY quantity")
    assert [(each["investor_id"], each["quantity"]) for each in tokens] == [
        ("IV-3", 1),
        ("IV-2", 4),
        ("IV-1", 5),
    ]
    assert {each["issuer_info"] for each in tokens} == {"R1"}
    moved = rows(connection, "SELECT * FROM progmat.transfer ORDER BY transfer_tx_id")
    told = {
        (
            each["transfer_type"],
            each["from_investor_id"],
            each["to_investor_id"],
            each["quantity"],
            each["delivery_date"],
        )
        for each in moved
    }
    assert (
        "transfer",
        "IV-1",
        "IV-2",
        4,
        date(2022, 2, 1),
    ) in told  # 24:00 in Japan is the next day
    assert ("issue", None, "IV-1", 10, date(2021, 8, 11)) in told
    assert all(each["token_tx_id"] for each in moved)
    sent = next(each for each in moved if each["to_investor_id"] == "IV-2")
    held = {each["token_tx_id"] for each in tokens if each["investor_id"] in ("IV-1", "IV-2")}
    listed = sent["token_tx_id"]
    assert isinstance(listed, list)
    assert any(each.rsplit(":", 1)[0] in held for each in listed)
    assert sent["creator_id"] == "B1"


def test_names__several_versions__the_one_of_today_is_shown(
    connection: Connection, vault: Vault
) -> None:
    deploy(connection)
    products = Products(connection)
    products.rename(P1, name="今日の名称", effective=date(2022, 1, 1), at=START, by="x")
    products.rename(P1, name="遠い先の名称", effective=date(2999, 1, 1), at=START, by="x")
    (product,) = rows(connection, "SELECT name, record_date_1 FROM progmat.beneficial_right")
    assert product == {"name": "今日の名称", "record_date_1": "01-31"}
    Investors(connection, vault).register([new_investor()], at=START, by="x")
    (person,) = rows(connection, "SELECT investor_name, investor_status FROM progmat.investor")
    assert person["investor_status"] == "active"
    sealed = person["investor_name"]
    assert isinstance(sealed, bytes)
    assert "氏名".encode() not in sealed
