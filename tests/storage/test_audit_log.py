"""The audit log: entries join the chain in the transaction of the change they are about.

given a transaction that adds entries
├── when it commits
│   ├── it should have them at the end of the chain, in their order, each with the hash of the one before
│   └── it should begin the chain, bound to the deployment, when there was none, and take over the rows that are there
├── when it does not commit, or a savepoint is rolled back
│   └── it should have none of those
├── when it holds a fact that the chain has no place for
│   └── it should have nothing of that call
└── when it is not READ COMMITTED
    └── it should be refused whole, because it cannot know the last entry
given several writers at once
├── it should give every number once, without a gap
└── it should keep nobody waiting before the end of a transaction
given the stored chain
├── it should be impossible to change, remove or empty by a statement
└── it should be read by subject, action and command, and know the last entry of a day
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError
from tests.storage.builders import CHAIN, START, add_product, bind, new_investor, word
from tests.storage.conftest import BARE
from tests.support.firms import record_firms

from genbo.governance.audit import FIRST_PREVIOUS, AuditEntry, entry_hash
from genbo.governance.audit_action import AuditAction
from genbo.kernel import ProductId
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.server import EmbeddedServer
from genbo.storage.vault import Vault
from genbo.storage.witness import rows_apart

_NUMBERS = itertools.count()


def entry(number: int = 1, **more: object) -> AuditEntry:
    values: dict[str, object] = {
        "at": START + timedelta(minutes=number),
        "action": AuditAction.COMMAND_SUBMITTED,
        "actor": "issue-1",
        "subject": f"C-{number}",
        "product": ProductId("P1"),
        "command": f"C-{number}",
        "facts": {"units": number, "ref": "REF/1"},
        "rows": {},
    }
    return AuditEntry(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[Database]:
    """A migrated database in which nothing was ever written."""
    name = f"bare_{next(_NUMBERS)}"
    server.create_database(name, template=BARE)
    fresh = Database(server.url(name))
    yield fresh
    fresh.close()
    server.drop_database(name)


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        return [each.number for each in AuditLog(connection).entries()]


def test_append__committed__chains_what_was_added(database: Database) -> None:
    with database.begin() as connection:
        AuditLog(connection).append([entry(1), entry(2)])
    with database.begin() as connection:
        AuditLog(connection).append([entry(3)])
        AuditLog(connection).append([entry(4)])
    with database.read() as connection:
        stored = list(AuditLog(connection).entries())
    assert [each.number for each in stored] == [1, 2, 3, 4, 5]
    previous = FIRST_PREVIOUS
    for each in stored:
        assert each.previous == previous
        assert each.hash == entry_hash(previous, each.members)
        previous = each.hash
    assert stored[1].members == {
        "number": 2,
        "at": "2021-08-11T01:01:00.000000Z",
        "action": "office:command:submitted",
        "actor": "issue-1",
        "subject": "C-1",
        "product": "P1",
        "command": "C-1",
        "facts": {"units": 1, "ref": "REF/1"},
        "rows": {},
    }


def test_append__first_of_all__begins_a_chain_that_is_bound_to_the_deployment(
    database: Database,
) -> None:
    with database.begin() as connection:
        bind(connection)
        AuditLog(connection).append([entry()])
    with database.read() as connection:
        first = AuditLog(connection).entry(1)
    assert first is not None
    assert first.members["action"] == "audit:chain:begun"
    facts = first.members["facts"]
    assert (facts["chain_id"], facts["first_block_hash"]) == (CHAIN, word(1, "b"))
    assert (facts["format"], len(bytes.fromhex(facts["salt"]))) == (1, 32)


def test_append__first_in_a_database_with_rows__takes_them_over(database: Database) -> None:
    """As after a migration from a version without an audit chain."""
    with database.begin() as connection:
        bind(connection)
        record_firms(connection)
        add_product(connection)
        Investors(connection, Vault(KeyEncryptionKey(bytes(32)))).register(
            [new_investor(f"IV-{number:04}") for number in range(700)], at=START, by="x"
        )
    with database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("TRUNCATE audit"))
    with database.begin() as connection:
        AuditLog(connection).append([entry()])
    with database.read() as connection:
        assert rows_apart(connection, most=5) == []
        log = AuditLog(connection)
        taken = list(log.entries(action=AuditAction.ROWS_TAKEN_OVER))
        assert len(taken) == 5  # 500 in each
        assert (
            sum(each.members["facts"]["rows"] for each in taken) == 27 + 4 + 2 + 3 * 700
        )  # of the firms; deployment, product, its name and group; two secrets; each investor
        last = log.head()
        assert last is not None
        assert last.members["action"] == "office:command:submitted"


def test_append__rolled_back__leaves_nothing(database: Database) -> None:
    with contextlib.suppress(LookupError), database.begin() as connection:
        AuditLog(connection).append([entry()])
        raise LookupError
    with database.begin() as connection:
        connection.execute(select(1))
    assert numbers(database) == []


def test_append__savepoint_rolled_back__leaves_what_stood_before_and_after(
    database: Database,
) -> None:
    with database.begin() as connection:
        log = AuditLog(connection)
        log.append([entry(1)])
        with contextlib.suppress(LookupError), connection.begin_nested():
            log.append([entry(2)])
            raise LookupError
        with connection.begin_nested():
            log.append([entry(3)])
    with database.read() as connection:
        subjects = [each.members["subject"] for each in AuditLog(connection).entries()]
    assert subjects == [None, "C-1", "C-3"]


@pytest.mark.parametrize(
    "facts",
    [{"share": 0.5}, {"units": 2**80}, {"name\0": 1}, {"at": START}, {"数量": 1}],
    ids=["float", "too great", "zero", "instant", "not ascii"],
)
def test_append__fact_without_a_place__adds_nothing(
    database: Database, facts: dict[str, object]
) -> None:
    with database.begin() as connection:
        with pytest.raises(ValueError, match=r"audit entry|number too great|not ASCII"):
            AuditLog(connection).append([entry(1), entry(2, facts=facts)])
        AuditLog(connection).append([entry(3)])
    assert numbers(database) == [1, 2]


def test_append__instant_without_a_zone__is_a_bug(connection: Connection) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        AuditLog(connection).append([entry(at=datetime(2022, 1, 1))])  # noqa: DTZ001


def test_append__repeatable_read__is_refused_whole(database: Database) -> None:
    def write() -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            bind(connection)
            AuditLog(connection).append([entry()])

    with pytest.raises(RuntimeError, match="repeatable read"):
        write()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM deployment")) == 0
    assert numbers(database) == []


def test_append__many_writers__give_every_number_once(database: Database) -> None:
    writers, each = 6, 15
    start = threading.Barrier(writers)

    def write(name: int) -> None:
        start.wait()
        for number in range(each):
            with database.begin() as connection:
                AuditLog(connection).append([entry(number, actor=f"writer-{name}")] * 2)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.read() as connection:
        stored = list(AuditLog(connection).entries())
    assert [one.number for one in stored] == list(range(1, writers * each * 2 + 2))
    assert all(later.previous == earlier.hash for earlier, later in itertools.pairwise(stored))
    for name in range(writers):
        own = [one.members for one in stored if one.members["actor"] == f"writer-{name}"]
        assert [one["subject"] for one in own] == [f"C-{n}" for n in range(each) for _ in (1, 2)]


def test_append__long_transaction__keeps_nobody_waiting(database: Database) -> None:
    with database.begin() as slow:
        AuditLog(slow).append([entry(1)])
        with database.begin() as quick:
            AuditLog(quick).append([entry(2)])
        assert numbers(database) == [1, 2]
    assert numbers(database) == [1, 2, 3]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE number = 2", "TRUNCATE audit"],
)
def test_stored_chain__statement_that_changes_it__is_refused(
    database: Database, statement: str
) -> None:
    with database.begin() as connection:
        AuditLog(connection).append([entry(1), entry(2)])
    with pytest.raises(DBAPIError, match="audit is append only"), database.begin() as connection:
        connection.execute(text(statement))
    assert numbers(database) == [1, 2, 3]


def test_entries__asked_by_what_they_are_about__are_found(database: Database) -> None:
    with database.begin() as connection:
        AuditLog(connection).append(
            [entry(1), entry(2), entry(3, subject="C-1", action=AuditAction.COMMAND_FINAL)]
        )
    with database.read() as connection:
        log = AuditLog(connection)
        assert [each.number for each in log.entries(subject="C-1")] == [2, 4]
        assert [each.number for each in log.entries(action=AuditAction.COMMAND_FINAL)] == [4]
        assert [each.number for each in log.entries(command="C-3")] == [4]
        assert [each.number for each in log.entries(first=2, last=3)] == [2, 3]
        head = log.head()
        assert head is not None
        assert head.number == 4
        assert log.entry(5) is None


def test_last_of__day_in_japan__counts_late_entries_to_the_latest_day(database: Database) -> None:
    midnight = datetime(2022, 1, 31, 15, 0, tzinfo=UTC)  # of 31 January to 1 February in Japan
    second = timedelta(seconds=1)
    with database.begin() as connection:
        AuditLog(connection).append(
            [
                entry(at=midnight - second),  # 2, after the beginning
                entry(at=midnight),  # 3
                entry(at=midnight - second),  # 4, late
                entry(at=midnight + timedelta(days=2)),  # 5
            ]
        )
    with database.read() as connection:
        last_of = AuditLog(connection).last_of
        assert last_of(date(2022, 1, 30)) == 0
        assert last_of(date(2022, 1, 31)) == 2
        assert last_of(date(2022, 2, 1)) == 4
        assert last_of(date(2022, 2, 2)) == 4
        assert last_of(date(2022, 2, 3)) == 5
        assert last_of(date(2022, 2, 4)) == 5
