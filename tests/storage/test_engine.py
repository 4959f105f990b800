"""Database.

given a database
    when it cannot be reached, for whatever reason
        it should say so in one line, soon, without the password
    when a transaction raises
        it should leave nothing
    when something is read
        it should see one instant and be unable to write
    when the server goes away in the middle, of a COPY too
        it should say so
    when a machine of ours vanishes without a word
        the server should notice within half a minute, and free what it held
    when its disk is full
        it should say so, in whatever way it meets it, and go on when there is room
"""

import socket
import time
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer


def unreachable(url: str) -> Fault:
    started = time.monotonic()
    database = Database(url)
    with pytest.raises(Fault) as caught, database.begin():
        pass
    assert time.monotonic() - started < 5
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    shown = "".join(traceback.format_exception(caught.value)) + repr(database)
    assert "hush" not in shown
    assert "\n" not in str(caught.value)
    return caught.value


def test_begin__nobody_listens__says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        fault = unreachable(f"postgresql://genbo:hush@127.0.0.1:{port}/genbo")
    assert fault.facts == {"url": f"127.0.0.1:{port}", "problem": "connection refused"}


def test_begin__server_never_answers__gives_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        fault = unreachable(f"postgresql://genbo:hush@127.0.0.1:{silent.getsockname()[1]}/genbo")
    assert fault.facts["problem"] == "no answer in time"


def test_begin__unknown_database__says_so(server: EmbeddedServer) -> None:
    host = server.url().query["host"]
    fault = unreachable(f"postgresql://genbo:hush@/missing?host={host}")
    assert fault.facts["problem"] == "no such database"


def test_begin__unknown_user__says_so(server: EmbeddedServer) -> None:
    host = server.url().query["host"]
    fault = unreachable(f"postgresql://nobody:hush@/genbo?host={host}")
    assert fault.facts["problem"] == "no such user"


@pytest.mark.parametrize(
    "url",
    [
        "hush",
        "mysql://u:hush@h/d",
        "postgresql://u:hush@h:port/d",
        "postgresql://u:a@hush@h/d",  # the @ of the password is not encoded
    ],
)
def test_database__no_postgresql_address__is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Fault) as caught:
        Database(url)
    assert caught.value.reason is Reason.SETTING_INVALID
    assert "hush" not in "".join(traceback.format_exception(caught.value))


def test_begin__block_raises__nothing_is_kept(database: Database) -> None:
    def half_way() -> None:
        with database.begin() as connection:
            connection.execute(text("CREATE TABLE half (done int)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    with database.read() as connection:
        assert connection.scalar(text("SELECT to_regclass('half')")) is None


def test_begin__statement_fails__its_parameters_are_not_in_the_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.begin() as connection:
        connection.execute(text("SELECT :secret FROM missing"), {"secret": "hush"})
    assert "hush" not in str(caught.value)


def test_read__others_commit_meanwhile__sees_one_instant(database: Database) -> None:
    with database.begin() as writer:
        writer.execute(text("CREATE TABLE said (word text)"))
    count = text("SELECT count(*) FROM said")
    with database.read() as reader:
        assert reader.scalar(count) == 0
        with database.begin() as writer:
            writer.execute(text("INSERT INTO said VALUES ('x')"))
        assert reader.scalar(count) == 0
        with pytest.raises(DBAPIError, match="read-only"):
            reader.execute(text("INSERT INTO said VALUES ('y')"))
    with database.read() as reader:
        assert reader.scalar(count) == 1


def test_begin__server_ends_the_connection__says_so(database: Database) -> None:
    def cut_off() -> None:
        with database.begin() as connection:
            own = connection.scalar(text("SELECT pg_backend_pid()"))
            with database.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
            connection.execute(text("SELECT 1"))

    with pytest.raises(Fault) as caught:
        cut_off()
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    with database.read() as connection:  # and the next transaction has a new connection
        assert connection.scalar(text("SELECT 1")) == 1


def test_begin__server_ends_the_connection_within_a_copy__says_so(database: Database) -> None:
    """COPY goes past SQLAlchemy, straight to the driver."""

    def cut_off() -> None:
        with database.begin() as connection:
            own = connection.scalar(text("SELECT pg_backend_pid()"))
            connection.execute(text("CREATE TEMPORARY TABLE new (word text)"))
            driver = connection.connection.driver_connection
            assert driver is not None
            with driver.cursor() as cursor, cursor.copy("COPY new FROM STDIN") as copy:
                with database.begin() as other:
                    other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
                for _ in range(100_000):
                    copy.write_row(["x" * 100])

    with pytest.raises(Fault) as caught:
        cut_off()
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    with database.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


FULL = """
CREATE TABLE {0} (word text);
CREATE FUNCTION {0}_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER {0}_full BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION {0}_full();
"""


@pytest.mark.parametrize("copied", [False, True], ids=["insert", "copy"])
def test_begin__disk_full__says_so_and_keeps_nothing(database: Database, copied: bool) -> None:
    """The server says it as it does when the disk is full: its SQLSTATE, in the middle of a transaction."""
    with database.begin() as connection:
        connection.exec_driver_sql(FULL.format("said"))
        connection.exec_driver_sql("CREATE TABLE before (word text)")

    def write() -> None:
        with database.begin() as connection:
            connection.execute(text("INSERT INTO before VALUES ('x')"))
            if not copied:
                connection.execute(text("INSERT INTO said VALUES ('x')"))
                return
            driver = connection.connection.driver_connection
            assert driver is not None
            with driver.cursor() as cursor, cursor.copy("COPY said FROM STDIN") as copy:
                copy.write_row(["x"])

    with pytest.raises(Fault) as caught:
        write()
    assert caught.value.reason is Reason.DATABASE_FULL
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER said_full ON said")
    write()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM before")) == 1


def test_server__machine_vanishes__is_told_to_notice_soon(database: Database) -> None:
    """The values that hold where a connection goes over a network; over a socket file nobody can vanish."""
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
    with database.read() as connection:
        idle, interval, count = (
            int(
                connection.scalar(
                    text("SELECT reset_val FROM pg_settings WHERE name = :name"), {"name": name}
                )
            )
            for name in names
        )
    assert 0 < idle + interval * count <= 30
