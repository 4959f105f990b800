"""House: one chain, one database, one vault, as the settings say.

    settings                    chain                       database
    nothing                     in this process, kept in    embedded server in the data folder
                                the data folder
    GENBO_NODE_URL              the node, or several        as below
    GENBO_DATABASE_URL          as above                    that database

While `genbo up` runs, its data folder is taken; other commands find its door there (the address of its chain and the
socket of its database) and go in through it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from genbo.bootstrap.door import Door, find_door
from genbo.bootstrap.interrupts import shielded
from genbo.bootstrap.key_services import open_vault
from genbo.chain.deployments import Deployment, load, path_of, require_same_chain
from genbo.chain.desk import Keys
from genbo.chain.networks import EMBEDDED_CHAIN_ID, finality_on
from genbo.chain.node import Node
from genbo.chain.views import Views
from genbo.config import Settings
from genbo.governance.notices import IpNetwork
from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database
from genbo.storage.folder import DataFolder, lock_folder, make_folder
from genbo.storage.keyfile import development_kek
from genbo.storage.masking import mask_logs
from genbo.storage.migrations import migrate, require_current
from genbo.storage.server import embedded_server, find_server
from genbo.storage.vault import Vault

SECONDS_TO_WAIT_FOR_ANOTHER = 10.0
"""A short command that holds the folder is worth waiting for."""

_CHAIN = "chain.bin"
_DEPLOYMENTS = "deployments"


@dataclass(frozen=True, slots=True)
class House:
    """What a command works with."""

    node: Node
    database: Database
    vault: Vault
    deployments: Path
    """The folder of deployment files."""
    folder: Path
    """The data folder."""
    clock: Callable[[], datetime] | None = None
    """The time; None: that of the latest block."""
    keys: Keys | None = None
    """Signing keys of a key store; None: those of the development cast, where they may sign."""
    webhook_networks: tuple[IpNetwork, ...] = ()
    """Networks that webhooks may lead into although they are not public."""
    screening: str | None = None
    """`required`, `off`, or None for what is usual on the chain (`bootstrap.gate`)."""
    direct_rows: int = 2_000
    """Rows up to which a document is made while its request waits."""
    result_hours: int = 24
    """How long the result of a document job is kept."""

    def now(self) -> datetime:
        """The time, UTC: when whatever is recorded now was done."""
        return self.node.stamp().at if self.clock is None else self.clock()

    def deployment(self) -> Deployment:
        """What stands on this chain.

        Raises:
            Fault: `deployment_missing`; `chain_mismatch` when the folder is of another chain, or the file is of
                another chain of the same id.
        """
        return _deployment(self.node, self.folder)


def recorded_chains(data: Path) -> list[str]:
    """The ids of the chains that have a deployment file in the data folder."""
    return sorted(path.stem for path in (data / _DEPLOYMENTS).glob("*.json"))


@contextmanager
def open_house(
    settings: Settings,
    *,
    genesis_at: datetime,
    clock: Callable[[], datetime] | None = None,
    durable: bool = True,
    begin: bool = False,
    migrating: bool = False,
) -> Iterator[House]:
    """The house that the settings describe; everything it started has ended when the block ends.

    Args:
        genesis_at: time of block 0 where the chain begins in this process.
        clock: time of each new block of a chain in this process; without it blocks are one second apart.
        durable: False trades safety at a power cut for speed; for what is thrown away.
        begin: whether a system may begin here. Then a new folder is furnished, and a folder in use is refused;
            otherwise the folder must have a deployment, and one in use is entered through its door.
        migrating: whether an external database may be brought to the schema of this version.

    Raises:
        Fault: `deployment_missing`, `data_folder_in_use` (by a process that has no door), `node_unreachable`,
            `chain_mismatch`, `database_unreachable`, `database_migration`, `setting_invalid`, `file_unreadable`.
    """
    mask_logs()
    data = settings.data.expanduser().absolute()
    if not begin and not recorded_chains(data):
        raise Fault(Reason.DEPLOYMENT_MISSING, file=str(data / _DEPLOYMENTS))
    keys = _keystore(settings)
    stack = ExitStack()
    try:
        vault = open_vault(settings, stack) if settings.keks else None
        # What others run comes first: when it does not answer, nothing of ours was started or made.
        node = _remote_node(settings, stack)
        database = _external_database(settings, stack, migrating=migrating)
        if node is None or database is None:
            taken = _take(data, stack, begin=begin)
            if isinstance(taken, Door):
                database = database or _database_behind(taken, data, stack)
                node = node or _node_behind(taken, settings, stack)
            else:
                _require_chain_id(settings, EMBEDDED_CHAIN_ID if node is None else node.chain_id)
                _refuse_lost_chain(data, embedded=node is None)
                database = database or _embedded_database(taken, stack, durable=durable)
                node = node or _embedded_node(
                    data, settings, stack, genesis_at=genesis_at, clock=clock
                )
        elif begin:
            make_folder(data)  # of ours there is only the record of the deployment
        _require_chain_id(settings, node.chain_id)
        yield House(
            node=node,
            database=database,
            vault=vault or Vault(development_kek(data)),
            deployments=data / _DEPLOYMENTS,
            folder=data,
            clock=clock,
            keys=keys,
            screening=settings.screening,
            webhook_networks=settings.webhook_reach,
            direct_rows=settings.direct_rows,
            result_hours=settings.result_hours,
        )
    finally:
        with shielded():
            stack.close()


def _deployment(node: Node, data: Path) -> Deployment:
    """What stands on the chain of the node, as a file in the data folder says. Raises as `House.deployment`."""
    folder = data / _DEPLOYMENTS
    try:
        deployment = load(folder, node.chain_id)
    except Fault as fault:
        others = ", ".join(recorded_chains(data))
        if fault.reason is Reason.DEPLOYMENT_MISSING and others:
            raise Fault(
                Reason.CHAIN_MISMATCH, actual=node.chain_id, expected=others, folder=str(folder)
            ) from None
        raise
    if isinstance(node, Views):
        node.bind(deployment.first_block, deployment.first_block_hash)
    require_same_chain(deployment, node)
    return deployment


def _keystore(settings: Settings) -> Keys | None:
    if settings.keys is None or settings.keys_passphrase_file is None:
        return None
    from genbo.chain.keystore import read_keystore  # its library takes a moment to load

    return read_keystore(settings.keys, settings.keys_passphrase_file)


# What others run -----------------------------------------------------------------------------------


def _remote_node(settings: Settings, stack: ExitStack) -> Node | None:
    return _connect(settings.node_urls, settings, stack) if settings.node_urls else None


def _connect(urls: Sequence[str], settings: Settings, stack: ExitStack) -> Node:
    from genbo.chain.endpoints import Endpoints  # its library takes a second to load

    return stack.enter_context(
        closing(
            Endpoints(
                urls,
                seconds=settings.node_seconds,
                confirmations=settings.confirmations,
                reorganisation_depth=settings.reorganisation_depth,
            )
        )
    )


def _external_database(settings: Settings, stack: ExitStack, *, migrating: bool) -> Database | None:
    if settings.database_url is None:
        return None
    database = stack.enter_context(closing(Database(settings.database_url.get_secret_value())))
    if migrating:
        migrate(database)
    else:
        require_current(database)
    return database


def _require_chain_id(settings: Settings, actual: int) -> None:
    if settings.chain_id is not None and actual != settings.chain_id:
        raise Fault(
            Reason.CHAIN_MISMATCH,
            actual=actual,
            expected=settings.chain_id,
            setting="GENBO_CHAIN_ID",
        )


# Through the door ----------------------------------------------------------------------------------


def _take(data: Path, stack: ExitStack, *, begin: bool) -> DataFolder | Door:
    """The data folder, locked; or the door of the process that keeps it."""
    deadline = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
    while True:
        try:
            return stack.enter_context(lock_folder(data))
        except Fault as fault:
            if fault.reason is not Reason.DATA_FOLDER_IN_USE or begin:
                raise
            if door := find_door(data, pid=fault.facts["pid"]):
                return door
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def _database_behind(door: Door, data: Path, stack: ExitStack) -> Database:
    server = find_server(data)
    if server is None:
        raise _in_use(door, data)
    database = stack.enter_context(closing(Database(server.url())))
    require_current(database)
    return database


def _node_behind(door: Door, settings: Settings, stack: ExitStack) -> Node:
    if door.node_url is None:
        # It was started with GENBO_NODE_URL, which may hold a secret and is in no file.
        raise Fault(
            Reason.SETTING_INVALID,
            setting="GENBO_NODE_URL",
            problem=f"is not set, but is for the `genbo up` that runs here (process {door.pid})",
        )
    return _connect((door.node_url,), settings, stack)


def _in_use(door: Door, data: Path) -> Fault:
    return Fault(Reason.DATA_FOLDER_IN_USE, folder=str(data), pid=door.pid)


# In this process -----------------------------------------------------------------------------------


def _refuse_lost_chain(data: Path, *, embedded: bool) -> None:
    """A deployment without its chain: a new chain in its place would only hide the loss."""
    if embedded and path_of(data / _DEPLOYMENTS, EMBEDDED_CHAIN_ID).exists():
        chain = data / _CHAIN
        if not chain.exists():
            raise Fault(
                Reason.FILE_UNREADABLE,
                file=str(chain),
                problem="it is missing, and the deployment beside it was made on it",
            )


def _embedded_database(folder: DataFolder, stack: ExitStack, *, durable: bool) -> Database:
    with shielded():
        server = stack.enter_context(embedded_server(folder, durable=durable))
    database = stack.enter_context(closing(Database(server.url())))
    migrate(database)
    return database


def _embedded_node(
    data: Path,
    settings: Settings,
    stack: ExitStack,
    *,
    genesis_at: datetime,
    clock: Callable[[], datetime] | None,
) -> Node:
    from genbo.chain.embedded import EmbeddedNode  # its engine takes a second to load

    finality = finality_on(
        EMBEDDED_CHAIN_ID,
        confirmations=settings.confirmations,
        reorganisation_depth=settings.reorganisation_depth,
    )
    node = EmbeddedNode(genesis_at=genesis_at, clock=clock, path=data / _CHAIN, finality=finality)
    return stack.enter_context(closing(node))


# The chain alone -----------------------------------------------------------------------------------


@contextmanager
def open_chain(
    settings: Settings, *, genesis_at: datetime, clock: Callable[[], datetime] | None = None
) -> Iterator[tuple[Node, Deployment]]:
    """The chain that the settings describe and what stands on it, for whoever needs no database.

    Raises:
        Fault: as `open_house`, but for what concerns the database; as `House.deployment`.
    """
    data = settings.data.expanduser().absolute()
    if not recorded_chains(data):
        raise Fault(Reason.DEPLOYMENT_MISSING, file=str(data / _DEPLOYMENTS))
    stack = ExitStack()
    try:
        node = _remote_node(settings, stack)
        if node is None:
            taken = _take(data, stack, begin=False)
            if isinstance(taken, Door):
                node = _node_behind(taken, settings, stack)
            else:
                _refuse_lost_chain(data, embedded=True)
                node = _embedded_node(data, settings, stack, genesis_at=genesis_at, clock=clock)
        _require_chain_id(settings, node.chain_id)
        yield node, _deployment(node, data)
    finally:
        with shielded():
            stack.close()


@contextmanager
def open_remote(settings: Settings) -> Iterator[Node | None]:
    """The node that the settings name; None when they name none.

    Raises:
        Fault: `node_unreachable`; `chain_mismatch`.
    """
    with ExitStack() as stack:
        node = _remote_node(settings, stack)
        if node is not None:
            _require_chain_id(settings, node.chain_id)
        yield node
