"""The embedded server and the data folder.

given a data folder
    when a server is started in it
        it should run, listen on no network, and be gone when the block ends
    when the process that started it is interrupted, terminated, killed or just ends
        it should be gone too, and the folder should start again with everything that was committed
    when another process, or another block of this one, uses the folder
        it should be refused with the folder and the process
    when its path is too long for a socket
        it should start all the same
    when it is of another major version, or cannot be used
        it should be refused in one line
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.server import embedded_server, find_server

OWNER = """
import signal, sys, time
from pathlib import Path
from sqlalchemy import text
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.server import embedded_server

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts without it

with lock_folder(Path(sys.argv[1])) as folder, embedded_server(folder) as server:
    database = Database(server.url())
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS said (word text)"))
        connection.execute(text("INSERT INTO said VALUES ('committed')"))
    print("ready", flush=True)
    if sys.argv[2] == "stay":
        time.sleep(600)
"""


@contextlib.contextmanager
def owner(folder: Path, then: str = "stay") -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs a server in `folder` and has committed a word."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), then],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def server_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def gone(pid: int, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def words(folder: Path) -> list[str]:
    """What was committed in `folder`, asked of a server of our own."""
    with lock_folder(folder) as locked, embedded_server(locked) as server:
        database = Database(server.url())
        with database.read() as connection:
            said = list(connection.scalars(text("SELECT word FROM said")))
        database.close()
        return said


def test_server__started__listens_on_a_socket_alone_and_ends_with_the_block(tmp_path: Path) -> None:
    with lock_folder(tmp_path) as locked, embedded_server(locked) as server:
        pid = server_pid(tmp_path)
        database = Database(server.url())
        with database.read() as connection:
            for name, value in {
                "listen_addresses": "",
                "server_version_num": "18",
                "TimeZone": "UTC",
                "log_min_error_statement": "panic",
                "data_checksums": "on",
                "fsync": "on",
            }.items():
                shown = connection.scalar(text(f"SHOW {name}"))
                assert str(shown).startswith(value), name
        database.close()
        assert (tmp_path / "postgres").stat().st_mode & 0o077 == 0
    assert gone(pid, within=0.1)
    assert (tmp_path / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_server__owner_is_stopped__is_gone_and_starts_again(
    tmp_path: Path, number: signal.Signals
) -> None:
    with owner(tmp_path) as process:
        pid = server_pid(tmp_path)
        os.killpg(process.pid, number)  # as a terminal does: the whole group
        process.wait(10)
        assert words(tmp_path) == ["committed"]
    assert gone(pid)


def test_server__owner_ends__is_gone(tmp_path: Path) -> None:
    with owner(tmp_path, then="leave") as process:
        process.wait(10)
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    assert words(tmp_path) == ["committed"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_server__owner_and_warden_are_killed__is_gone_and_recovers(tmp_path: Path) -> None:
    with owner(tmp_path) as process:
        pid = server_pid(tmp_path)
        warden = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        assert warden not in (1, process.pid)
        process.kill()
        os.kill(warden, signal.SIGKILL)
        process.wait(10)
        assert words(tmp_path) == ["committed"]
    assert gone(pid)


def test_server__itself_is_killed__recovers(tmp_path: Path) -> None:
    with owner(tmp_path) as process:
        os.kill(server_pid(tmp_path), signal.SIGKILL)
        process.kill()
        process.wait(10)
    assert words(tmp_path) == ["committed"]


def test_initialise__killed_halfway__starts_over(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with lock_folder(tmp_path) as locked, embedded_server(locked, durable=False):
        assert not (tmp_path / "postgres.new").exists()


def test_lock__another_process_has_it__is_refused_at_once(tmp_path: Path) -> None:
    with owner(tmp_path) as process:
        started = time.monotonic()
        with pytest.raises(Fault) as caught, lock_folder(tmp_path):
            pass
        assert time.monotonic() - started < 1
        assert caught.value.reason is Reason.DATA_FOLDER_IN_USE
        assert caught.value.facts == {"folder": str(tmp_path), "pid": process.pid}
        found = find_server(tmp_path)
        assert found is not None
        database = Database(found.url())
        with database.read() as connection:  # reading beside the owner is possible
            assert connection.scalar(text("SELECT word FROM said")) == "committed"
        database.close()
    with lock_folder(tmp_path):
        assert find_server(tmp_path) is None


def test_lock__this_process_has_it__is_refused(tmp_path: Path) -> None:
    with lock_folder(tmp_path):
        with pytest.raises(Fault) as caught, lock_folder(tmp_path):
            pass
        assert caught.value.facts["pid"] == os.getpid()
    with lock_folder(tmp_path):
        pass


def test_lock__folder_cannot_be_made__is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Fault) as caught, lock_folder(tmp_path / "file" / "data"):
        pass
    assert caught.value.reason is Reason.SETTING_INVALID


def test_server__path_too_long_for_a_socket__starts_and_cleans_up(tmp_path: Path) -> None:
    deep = tmp_path / ("long-" * 12) / ("longer-" * 12)
    with lock_folder(deep) as locked, embedded_server(locked, durable=False) as server:
        sockets = Path(str(server.url().query["host"]))
        database = Database(server.url())
        with database.read() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        database.close()
        found = find_server(deep)
        assert found is not None
        assert found.url() == server.url()
    assert not sockets.exists()


def test_server__cluster_of_another_version__is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with (
        lock_folder(tmp_path) as locked,
        pytest.raises(Fault) as caught,
        embedded_server(locked),
    ):
        pass
    assert caught.value.facts == {"actual": "PostgreSQL 16", "expected": "PostgreSQL 18"}


def test_server__cluster_is_damaged__says_what_the_server_said(tmp_path: Path) -> None:
    with lock_folder(tmp_path) as locked:
        with embedded_server(locked, durable=False):
            pass
        (tmp_path / "postgres" / "postgresql.conf").write_text("nonsense = 1\n")
        with pytest.raises(Fault) as caught, embedded_server(locked, durable=False):
            pass
    assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    assert "FATAL" in str(caught.value.facts["problem"])
    assert "\n" not in str(caught.value)
