"""A whole office on a local node and an embedded database that is as safe as in production, and who is waited for."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from genbo.bootstrap.creation import create_product
from genbo.bootstrap.firms import register_firms
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.chain.accounts import account_of
from genbo.chain.remote import RemoteNode, connect
from genbo.cli.files.firms import read_firms
from genbo.cli.files.terms import read_terms
from genbo.governance import Duty, Job, JobKind, JobRow
from genbo.kernel import Address, Fault, InvestorId, ProductId
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.keyfile import development_kek
from genbo.storage.migrations import migrate
from genbo.storage.server import embedded_server
from genbo.storage.vault import Vault
from genbo.token import parse_terms

ROOT = Path(__file__).resolve().parent.parent
ANVIL = ROOT / "node_modules" / ".bin" / "anvil"
EXAMPLE = ROOT / "examples" / "shibuya-jinnan" / "product.yaml"


@dataclass(frozen=True)
class Place:
    """An office with one product, its market open."""

    office: Office
    product: ProductId
    beneficiary: Address


@contextmanager
def local_office(
    folder: Path,
    *,
    cap: int,
    arguments: tuple[str, ...] = (),
    terms_apart: Mapping[str, object] | None = None,
) -> Iterator[Place]:
    """An office on a new local node; everything ends with the block.

    Args:
        terms_apart: terms that are other than those of the example.
    """
    with (
        _node(arguments) as node,
        lock_folder(folder) as locked,
        embedded_server(locked) as server,
        closing(Database(server.url())) as database,
    ):
        migrate(database)
        house = House(
            node=node,
            database=database,
            vault=Vault(development_kek(folder)),
            deployments=folder / "deployments",
            folder=folder,
            clock=lambda: datetime.now(UTC),
        )
        office = found_office(house, echo=lambda _: None)
        firms = read_firms(EXAMPLE.parent / "firms.yaml")
        register_firms(house, firms, at=datetime.now(UTC), by="registrar-1")
        terms = parse_terms(
            {**read_terms(EXAMPLE).as_fields(), "authorised_cap": cap, **(terms_apart or {})}
        )
        beneficiary = account_of(
            InvestorId("IV-SETTLOR"), terms.product_id, chain_id=node.chain_id
        ).address
        create_product(
            office, terms, initial_beneficiary=beneficiary, by="issue-1", echo=lambda _: None
        )
        office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
        verify(office, terms.product_id, [beneficiary], key="settlor")
        try:
            yield Place(office, terms.product_id, beneficiary)
        finally:
            office.close()


def verify(office: Office, product: ProductId, accounts: list[Address], *, key: str) -> None:
    """Gives these accounts a verdict."""
    job = Job(
        key=key,
        chain_id=office.deployment.chain_id,
        kind=JobKind.VERDICT,
        product=product,
        ref=None,
        arguments={
            "until": int(datetime(2040, 1, 1, tzinfo=UTC).timestamp()),
            "investor_class": 1,
            "blocked": 0,
        },
        maker="compliance-1",
    )
    for _ in office.carry_out_job(job, [JobRow(address=each) for each in accounts]):
        pass


class Shares:
    """Seconds spent waiting for the node and for the database, from its making on."""

    def __init__(self, office: Office) -> None:
        self.node = self.database = 0.0
        self._watch_database(office.house.database)
        self._watch_node(office.house.node)

    def told(self, seconds: float) -> dict[str, float]:
        """Parts of one."""
        return {
            "node": round(self.node / seconds, 2),
            "database": round(self.database / seconds, 2),
            "python": round(1 - (self.node + self.database) / seconds, 2),
        }

    def _watch_database(self, database: Database) -> None:
        began: list[float] = []

        @event.listens_for(database.engine, "before_cursor_execute")
        def before(*_: Any) -> None:
            began.append(time.perf_counter())

        @event.listens_for(database.engine, "after_cursor_execute")
        def after(*_: Any) -> None:
            self.database += time.perf_counter() - began.pop()

        commit = database.engine.dialect.do_commit

        def timed_commit(connection: Any) -> None:
            started = time.perf_counter()
            commit(connection)
            self.database += time.perf_counter() - started

        database.engine.dialect.do_commit = timed_commit  # type: ignore[method-assign]

    def _watch_node(self, node: Any) -> None:
        assert isinstance(node, RemoteNode)
        provider = node._web3.provider
        for name in ("make_request", "make_batch_request"):
            setattr(provider, name, self._timed(getattr(provider, name)))

    def _timed(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return ask(*arguments, **named)
            finally:
                self.node += time.perf_counter() - started

        return timed


@contextmanager
def _node(arguments: tuple[str, ...]) -> Iterator[RemoteNode]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Without pruning every block's state stays in memory.
    process = subprocess.Popen(
        [
            ANVIL,
            *("--port", str(port), "--silent", "--prune-history", "256", "--no-request-size-limit"),
            *("--base-fee", "0", "--gas-price", "0", "--block-time", "1", "--mixed-mining"),
            *arguments,
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answering(url: str) -> RemoteNode:
    for _ in range(100):
        try:
            return connect(url)
        except Fault:
            time.sleep(0.05)
    raise RuntimeError("the local node did not start")
