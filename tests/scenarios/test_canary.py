"""The canary test (invariant 4: no personal data outside the vault).

given personal strings that occur nowhere else, seeded through every door by which personal data enters
├── it should show them where they were asked for, so that the doors are open
├── when the whole system is searched for every trace of them: as text in every encoding, hex, base64, case-folded, and
│   their digests without a secret
│   ├── it should find none in a table, as COPY writes it
│   ├── it should find none in a file of the data folder: chain, database with indexes and log (WAL), logs
│   ├── it should find none in what any process said, refusals of what was wrong included
│   └── it should find none in a dump of the database
└── when somebody has the dump and another key-encryption key
    └── it should open nobody
given a trace of one anywhere
└── it should be found, so that this test can fail
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from eth_utils import keccak
from sqlalchemy import Connection
from tests.support.backup import dumped
from tests.support.canary import CANARIES, Search, copies, words_of
from tests.support.command import EXAMPLE, Ran, genbo, inside, running
from tests.support.database import database_behind
from tests.support.firms import BRANCH, a_firm

from genbo.kernel import UTC, Fault, InvestorId
from genbo.masters import Contact, FirmKind
from genbo.storage.banks import Banks
from genbo.storage.firms import Firms
from genbo.storage.investors import PERSONAL_FIELDS, Investor, Investors, NewInvestor
from genbo.storage.keyfile import KeyEncryptionKey, read_kek
from genbo.storage.server import find_server
from genbo.storage.vault import Purpose, Reading, Vault

PRODUCT = "SHIBUYA-JINNAN"
NOW = datetime(2024, 1, 10, 3, tzinfo=UTC)
FILE_NAME = f"{CANARIES['staff_name']}.csv"
ONE = InvestorId("IV-CANARY1")
TWO = InvestorId("IV-CANARY2")


@dataclass
class Seeded:
    """A running system, and what its commands said."""

    data: Path
    outside: Path
    """Where the files of people stand: what is imported and what is printed."""
    said: list[str] = field(default_factory=list)
    """What must show no canary."""
    shown: list[str] = field(default_factory=list)
    """What was asked for and may."""

    def run(self, *arguments: object, shows: bool = False, code: int = 0, stdin: str = "") -> Ran:
        """A command, with what it reads from standard input."""
        before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
        try:
            ran = inside(*arguments, data=self.data)
        finally:
            sys.stdin = before
        assert ran.code == code, ran.err
        self.said.append(ran.err)
        (self.shown if shows else self.said).append(ran.out)
        return ran

    def file(self, *arguments: object, by: str = "issue-1", code: int = 0) -> dict[str, Any]:
        """`genbo file`, by somebody."""
        named = ("--as", by) if arguments[0] != "list" else ()
        document: dict[str, Any] = self.run(
            "file", *arguments, *named, "--json", code=code
        ).document
        return document

    def find(self, kind: str, value: str) -> list[str]:
        """A search, with the value on standard input."""
        asked = ("vault", "find", "--field", kind, "--purpose", "order", "--json")
        return list(self.run(*asked, stdin=value).document["investors"])


# Doors -----------------------------------------------------------------------------------------------


def import_by_file(system: Seeded) -> None:
    """`genbo investor import`, with an account in a product."""
    row = {
        "investor_id": ONE,
        "investor_type": "corporation",
        "investor_class": "corporation",
        "investor_name": CANARIES["name"],
        "registered_address": CANARIES["registered_address"],
        "contact_postal_code": "150-0041",
        "corporate_number": CANARIES["corporate_number"],
        "safekeeping_kind": "self",
        "verified_at": "2024-01-10",
        "verified_until": "2090-01-10",
        "kyc_evidence": "KYC-1",
    }
    path = system.outside / "investors.csv"
    write(path, row)
    process = genbo("investor", "import", path, "--product", PRODUCT, "--json", data=system.data)
    assert process.code == 0, process.err
    system.said += [process.out, process.err]
    again = system.run("investor", "import", path, "--product", PRODUCT, code=2)
    assert ONE in again.err


def import_refused(system: Seeded) -> None:
    """The same with every cell wrong in turn: the refusal must not repeat it."""
    right = {
        "investor_id": "IV-CANARY9",
        "investor_type": "individual",
        "investor_class": "individual",
        "investor_name": CANARIES["name"],
        "registered_address": CANARIES["registered_address"],
        "safekeeping_kind": "self",
    }
    wrong = [
        right | {column: CANARIES["staff_name"]}
        for column in ("investor_id", "investor_type", "investor_class", "safekeeping_kind")
    ]
    wrong += [
        right | {column: CANARIES["birth_date"]}
        for column in ("corporate_number", "contact_postal_code", "verified_at", "custodian_id")
    ]
    path = system.outside / "wrong.csv"
    write(path, *wrong)
    for lang in ("en", "ja"):
        system.run("investor", "import", path, "--lang", lang, code=2)
        system.run("investor", "import", path, "--lang", lang, "--json", code=2)


def files_by_two_persons(system: Seeded) -> None:
    """`genbo file`: in Shift_JIS, under a name that is a person's, with one file that is refused; and out again."""
    row = {
        "investor_id": "IV-CANARY3",
        "investor_type": "individual",
        "investor_class": "individual",
        "investor_name": CANARIES["new_name"],
        "registered_address": CANARIES["registered_address"],
        "contact_phone": CANARIES["contact_phone"],
        "safekeeping_kind": "self",
    }
    path = system.outside / FILE_NAME
    for cells, code in ((row | {"investor_type": CANARIES["birth_date"]}, 2), (row, 0)):
        write(path, cells, encoding="cp932")
        key = system.file("announce", "investor", "--of", path)["file_id"]
        system.file("receive", key, path)
        system.file("check", key, path, code=code)
    system.file("approve", key, by="issue-2")
    system.file("apply", key, path, by="issue-2")
    system.file("export", "investor", system.outside / "out.csv", "--purpose", "register")
    system.file("list")


def register_everything(system: Seeded) -> None:
    """Every sealed field, through the function that the service uses; then a new name and address."""
    at = date(2024, 1, 10)
    personal = {name: value for name, value in CANARIES.items() if name.startswith("contact_")}
    personal |= {
        "payee_bank_code": BRANCH.bank_code,
        "payee_branch_code": BRANCH.branch_code,
        "payee_account_kind": "1",
        "payee_account_number": CANARIES["payee_account_number"],
        "payee_account_holder_kana": CANARIES["payee_account_holder_kana"],
    }
    with vault_of(system) as (connection, vault):
        Banks(connection).load([BRANCH], at=NOW, by="registrar-1", source="0x00")
        investors = Investors(connection, vault)
        new = NewInvestor(
            investor=Investor(
                investor_id=TWO, kind="individual", safekeeping_kind="self", investor_class=1
            ),
            name=f"{CANARIES['name_kana']} {CANARIES['name_romaji']}",
            registered_address=CANARIES["registered_address"],
            effective=at,
            personal=personal,
        )
        investors.register([new], at=NOW, by="registrar-1")
        investors.rename(
            TWO,
            name=CANARIES["new_name"],
            registered_address=CANARIES["new_address"],
            effective=at,
            at=NOW,
            by="registrar-1",
        )


def contact_of_a_firm(system: Seeded) -> None:
    """The person to ask at a firm, who is staff."""
    contact = Contact(addressee=CANARIES["staff_name"], email=CANARIES["contact_email"])
    firm = a_firm(FirmKind.SETTLOR, "S-CANARY")
    with vault_of(system) as (connection, vault):
        Firms(connection, vault).register(replace(firm, contact=contact), at=NOW, by="registrar-1")


def search(system: Seeded) -> None:
    """The blind index, asked for each kind of value."""
    assert system.find("name", CANARIES["name"]) == [ONE]
    assert system.find("name", CANARIES["new_name"]) == [TWO, "IV-CANARY3"]
    assert system.find("corporate_number", CANARIES["corporate_number"]) == [ONE]
    account = f"{BRANCH.bank_code}-{BRANCH.branch_code}-1-{CANARIES['payee_account_number']}"
    assert system.find("payee_account", account) == [TWO]
    assert system.find("name_folded", CANARIES["password"]) == []


def print_the_register(system: Seeded) -> None:
    """`genbo register show --names`: into a file outside, and on standard output, where it was asked for."""
    path = system.outside / "register.csv"
    system.run("register", "show", "--product", PRODUCT, "--names", "--csv", path, shows=True)
    system.run("register", "show", "--product", PRODUCT, "--names", "--json", shows=True)


def open_everything(system: Seeded) -> None:
    """Readings of every field, for the record of readings and the audit chain."""
    reading = Reading(purpose=Purpose.ORDER, actor="registrar-1", at=NOW)
    with vault_of(system) as (connection, vault):
        investors = Investors(connection, vault)
        identities = investors.identities([ONE, TWO], on=NOW.date(), reading=reading)
        personal = investors.personal([ONE, TWO], fields=PERSONAL_FIELDS, reading=reading)
    system.said += [repr(identities), repr(personal), str(identities)]
    for each in identities.values():
        system.shown += [str(each.name), str(each.registered_address)]
    system.shown += [str(value) for each in personal.values() for value in each.values()]


def keys_of_the_vault(system: Seeded) -> None:
    """The key ring file, a new index, and what is kept for how long."""
    path = system.data / "keys.json"
    system.run("vault", "keys-export", path)
    system.run("vault", "reindex", "--json")
    system.run("vault", "rotate", "--json")
    system.run("vault", "show")
    system.run("vault", "end", TWO, "--on", "2024-03-31", "--evidence-ref", "END-1")
    system.run("vault", "retention", TWO, "--json")


def look_at_everything(system: Seeded) -> None:
    """Whatever tells of what was done."""
    system.run("audit", "show", "--json")
    system.run("audit", "export", system.data / "audit.jsonl")
    system.run("command", "list", "--json")
    system.run("job", "list", "--json")
    system.run("check", "--json")
    system.run("health", "--json")


DOORS: tuple[Callable[[Seeded], None], ...] = (
    import_by_file,
    import_refused,
    files_by_two_persons,
    register_everything,
    contact_of_a_firm,
    search,
    open_everything,
    keys_of_the_vault,
    print_the_register,
    look_at_everything,
)
"""Every way by which personal data comes in or out, in an order that works."""

NOT_SEEDED = {"password": "users sign in nowhere yet; it was only searched for"}
"""Canaries that no door keeps, and why."""


# The system ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    folder = tmp_path_factory.mktemp("canary")
    system = Seeded(data=folder / "data", outside=folder / "outside")
    system.outside.mkdir()
    with running("up", "--port", 0, "--json", data=system.data) as up:
        up.await_document()
        system.run("firm", "register", EXAMPLE / "firms.yaml")
        system.run("product", "create", EXAMPLE / "product.yaml")
        for door in DOORS:
            door(system)
        yield system
        ended = up.end()
        assert Search().found_in((ended.out + ended.err).encode()) == []


def test_doors__each_canary__was_let_in(seeded: Seeded) -> None:
    """Otherwise finding none would mean nothing."""
    shown = "\n".join([*seeded.shown, (seeded.outside / "wrong.csv").read_text("utf-8")])
    let_in = words_of(shown)
    stdin = {"password"}
    current = {"contact_email", "staff_name", "birth_date"}
    assert let_in | stdin | {"name_kana", "name_romaji"} >= CANARIES.keys() - NOT_SEEDED.keys()
    assert current <= let_in
    assert CANARIES["name"] not in "".join(seeded.said)


def test_tables__copied_as_text_and_binary__show_none(seeded: Seeded) -> None:
    search_all = Search()
    found = {}
    total = 0
    with connected(seeded) as connection:
        for name, content in copies(connection):
            total += len(content)
            if what := search_all.found_in(content):
                found[name] = what
    assert found == {}
    assert total > 50_000


def test_files__chain_database_and_logs__show_none(seeded: Seeded) -> None:
    with connected(seeded) as connection:
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    names = {path.name for path in seeded.data.rglob("*") if path.is_file()}
    assert names >= {"chain.bin", "postgres.log", "audit.jsonl", "keys.json"}
    assert any(path.parent.name == "pg_wal" for path in seeded.data.rglob("0000*"))
    assert Search().found_in_files(seeded.data) == {}


def test_processes__whatever_they_said__shows_none(seeded: Seeded) -> None:
    # The name of a file is told to whoever typed it, in an error about that file; it is kept nowhere.
    said = "\n".join(seeded.said).replace(FILE_NAME, "")
    assert len(said) > 5_000
    assert "IV-CANARY1" in said
    assert Search().found_in(said.encode()) == []


def test_dump__with_wrapped_keys_and_another_kek__shows_and_opens_nobody(
    seeded: Seeded, tmp_path: Path
) -> None:
    server = find_server(seeded.data)
    assert server is not None
    dump = dumped(server.url(), tmp_path / "dump.sql")
    content = dump.read_bytes()
    assert b"COPY public.investor_key" in content
    assert Search().found_in(content) == []
    reading = Reading(purpose=Purpose.ORDER, actor="thief", at=NOW)
    with database_behind(seeded.data) as database, database.begin() as connection:
        thief = Vault(KeyEncryptionKey(hashlib.sha256(b"a guess").digest()))
        with pytest.raises(Fault):
            Investors(connection, thief).identities([ONE], on=NOW.date(), reading=reading)


# It can fail -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trace",
    [
        CANARIES["name"].encode(),
        CANARIES["name"].encode("utf-16-le"),
        CANARIES["name"].encode("cp932"),
        CANARIES["contact_email"].upper().encode(),
        CANARIES["name"].replace("　", "").encode().hex().encode(),
        base64.b64encode(b"x" + CANARIES["registered_address"].encode() + b"yz"),
        keccak(CANARIES["contact_phone"].encode()),
        hashlib.sha256(CANARIES["corporate_number"].encode()).hexdigest().encode(),
        CANARIES["payee_account_number"].encode(),
        b"\\u9298\\u83d3\\u9662\\u3000\\u96a0\\u592a\\u90ce",
    ],
)
def test_search__a_trace_anywhere__is_found(tmp_path: Path, trace: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\0" * 100 + trace + b"\xff" * 100)
    assert list(Search().found_in_files(tmp_path)) == ["deep/file"]


def test_search__a_plain_row__is_found(seeded: Seeded) -> None:
    with connected(seeded) as connection:
        connection.execute("CREATE TABLE leak (words text, bytes bytea)")
        secret = CANARIES["new_address"]
        connection.execute("INSERT INTO leak VALUES (%s, %s)", (secret, secret.encode("cp932")))
        found = {name for name, content in copies(connection) if Search().found_in(content)}
        connection.rollback()
    assert found == {"leak, TEXT", "leak, BINARY"}


# Help ------------------------------------------------------------------------------------------------


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> None:
    columns = sorted({name for row in rows for name in row})
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def vault_of(system: Seeded) -> Iterator[tuple[Connection, Vault]]:
    """A transaction in the running system, as the service has it."""
    with database_behind(system.data) as database, database.begin() as connection:
        yield connection, Vault(read_kek(system.data / "kek.key"))


@contextmanager
def connected(system: Seeded) -> Iterator[psycopg.Connection]:
    """The driver's connection to the running database."""
    server = find_server(system.data)
    assert server is not None
    url = server.url()
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as connection:
        yield connection
