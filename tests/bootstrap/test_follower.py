"""The follower goes on by itself.

given something that goes away
├── it should be told once, however long it lasts, and once more when reading goes on
├── it should be asked less and less often
├── when another trouble follows: that should be told too
└── when it is a product that is being created: nothing should be told at first
given what does not pass by itself
└── it should end
given a real database and a chain
├── when the connection is lost at any statement of a reading: nothing should be lost or doubled (invariant 3)
├── when the server is stopped and started: it should go on where it stood
└── when the disk is full: it should say so, and go on when there is room
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Connection, event, text
from tests.support.folders import short_folder
from tests.support.recorded import digest, raw_rows, record, unread
from tests.support.simulated import PRODUCT, SimulatedChain
from tests.support.story import PEOPLE, a_chain

from genbo.bootstrap.follower import LONGEST_WAIT, Follower, News
from genbo.bootstrap.indexer import Indexer
from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.migrations import migrate
from genbo.storage.server import embedded_server


class Script:
    """Reads as it is told: a reason to fail with, or None."""

    def __init__(self, *reasons: Reason | None) -> None:
        self._reasons = iter(reasons)
        self.follower = Follower(self._read)

    def _read(self) -> None:
        if (reason := next(self._reasons)) is not None:
            raise Fault(reason)

    def told(self, steps: int) -> list[str | None]:
        """What is told after each step: a reason, `on`, or nothing."""
        said: list[str | None] = []
        for _ in range(steps):
            news = self.follower.step()
            if news is None:
                said.append(None)
            else:
                said.append("on" if news.trouble is None else news.trouble.reason.value)
        return said


AWAY, GONE, FULL = Reason.NODE_UNREACHABLE, Reason.DATABASE_UNREACHABLE, Reason.DATABASE_FULL


def test_step__something_away__is_told_once_and_when_it_is_over() -> None:
    script = Script(None, AWAY, AWAY, AWAY, None, None, AWAY)
    expected = [None, "node_unreachable", None, None, "on", None, "node_unreachable"]
    assert script.told(7) == expected


def test_step__another_trouble_follows__is_told_too() -> None:
    script = Script(AWAY, GONE, GONE, FULL, None)
    expected = ["node_unreachable", "database_unreachable", None, "database_full", "on"]
    assert script.told(5) == expected


def test_step__product_being_created__is_told_when_it_lasts() -> None:
    being, script = Reason.PRODUCT_UNRECORDED, None
    script = Script(being, being, None, being, being, being, None)
    assert script.told(7) == [None, None, None, None, None, "product_unrecorded", "on"]


def test_pause__something_away__grows_to_a_bound() -> None:
    script = Script(*[AWAY] * 8, None)
    pauses = []
    for _ in range(9):
        script.told(1)
        pauses.append(script.follower.pause)
    assert pauses == [1, 2, 4, 8, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT, 1]


def test_trouble__while_it_lasts__is_there_for_whoever_asks() -> None:
    script = Script(FULL, None)
    script.told(1)
    assert script.follower.trouble is not None
    assert script.follower.trouble.reason is FULL
    script.told(1)
    assert script.follower.trouble is None


@pytest.mark.parametrize(
    "reason", [Reason.WIRING_MISMATCH, Reason.INVARIANT_BROKEN, Reason.DATABASE_MIGRATION]
)
def test_step__what_does_not_pass__ends(reason: Reason) -> None:
    with pytest.raises(Fault) as fault:
        Script(reason).told(1)
    assert fault.value.reason is reason


# A real database ----------------------------------------------------------------------------------------


def lived() -> SimulatedChain:
    """A chain with something of every table on it."""
    chain = a_chain(1)
    one, two, three = PEOPLE[1:4]
    chain.mine([("transfer", (one, two, 5), {"ref": "T1"}), ("freeze", (two, 3), {})])
    chain.mine([("split", (2,), {"ref": "S1"}), ("force", (two, three, 4), {"ref": "F1"})])
    chain.mine([("reverse", ("F1", three, two, 4), {"ref": "B1"})])
    return chain


def straight(database: Database, chain: SimulatedChain) -> tuple[str, list[tuple[object, ...]]]:
    """What one straight reading gives."""
    unread(database)
    Indexer(chain, database, chain.deployment()).catch_up()
    return digest(database, PRODUCT), raw_rows(database)


@contextmanager
def cut_at(database: Database, statement: int) -> Iterator[list[int]]:
    """The server ends the connection just before the statement of that number; how many came."""
    came = [0]

    def cut(connection: Connection, cursor: object, sql: str, *_: object) -> None:
        came[0] += 1
        if came[0] == statement + 1:
            driver = connection.connection.driver_connection
            assert driver is not None
            pid = driver.info.backend_pid
            with Database(database.engine.url).begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": pid})

    event.listen(database.engine, "before_cursor_execute", cut)
    try:
        yield came
    finally:
        event.remove(database.engine, "before_cursor_execute", cut)


def test_read__connection_lost_at_any_statement__nothing_lost_or_doubled(
    database: Database,
) -> None:
    chain = lived()
    record(database, chain.deployment())
    expected = straight(database, chain)
    cuts = 0
    while True:
        unread(database)
        follower = Follower(Indexer(chain, database, chain.deployment(), span=3).catch_up)
        with cut_at(database, cuts) as came:
            news = follower.step()
        if came[0] <= cuts:
            assert news is None
            break  # the reading has no more statements
        assert news is not None, cuts
        assert news.trouble is not None
        assert news.trouble.reason is Reason.DATABASE_UNREACHABLE
        assert follower.step() == News(None)
        assert (digest(database, PRODUCT), raw_rows(database)) == expected, cuts
        cuts += 1
    assert cuts > 10


def test_read__disk_full__says_so_and_goes_on_when_there_is_room(database: Database) -> None:
    chain = lived()
    record(database, chain.deployment())
    expected = straight(database, chain)
    for table in ("event_raw", "position", "trade_piece", "block"):
        unread(database)
        with database.begin() as connection:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$;"
                f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION full_disk()"
            )
        follower = Follower(Indexer(chain, database, chain.deployment(), span=3).catch_up)
        news = follower.step()
        assert news is not None
        assert news.trouble is not None
        assert news.trouble.reason is Reason.DATABASE_FULL
        assert follower.step() is None
        with database.begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER full_disk ON {table}")
        assert follower.step() == News(None)
        assert (digest(database, PRODUCT), raw_rows(database)) == expected


def test_read__server_stopped_and_started__goes_on_where_it_stood() -> None:
    chain = a_chain(0)
    with ExitStack() as stack:
        locked = stack.enter_context(lock_folder(stack.enter_context(short_folder()) / "data"))
        running = ExitStack()
        server = running.enter_context(embedded_server(locked, durable=False))
        database = Database(server.url())
        stack.callback(database.close)
        try:
            migrate(database)
            record(database, chain.deployment())
            follower = Follower(Indexer(chain, database, chain.deployment(), span=1).catch_up)
            assert follower.step() is None
            running.close()
            chain.mine([("transfer", (PEOPLE[1], PEOPLE[2], 5), {"ref": "T1"})])
            news = follower.step()
            assert news is not None
            assert news.trouble is not None
            assert news.trouble.reason is Reason.DATABASE_UNREACHABLE
            chain.fork(1, [[("transfer", (PEOPLE[1], PEOPLE[2], 6), {"ref": "T1"})], []])
            assert follower.step() is None
            running.enter_context(embedded_server(locked, durable=False))
            assert follower.step() == News(None)
            read = digest(database, PRODUCT), raw_rows(database)
            assert read == straight(database, chain)
        finally:
            running.close()
