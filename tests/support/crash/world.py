"""The world that processes die in: one chain and one database that outlive them all.

It holds one product with an issue, holders with keys, and an open market. Each life opens its own house and office on
it, as a process does that was started anew. From time to time the world is taken back to its beginning, so that the
ten-thousandth seed costs what the first one did.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.storage.builders import TERMS
from tests.support.chain import investor
from tests.support.crash.killer import Killer, Life
from tests.support.crash.watched_node import Pool, SmallBlocks, WatchedNode
from tests.support.firms import record_firms

from genbo.bootstrap.creation import create_product
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner
from genbo.chain.sender import Sender
from genbo.governance import Duty
from genbo.kernel import Address, Digest, ProductId, Reference, Units
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.keyfile import development_kek
from genbo.storage.migrations import migrate
from genbo.storage.server import EmbeddedServer, embedded_server
from genbo.storage.vault import Vault
from genbo.token import Act, parse_terms

P1 = ProductId("P1")
CLASS = 1
GENESIS = datetime(2021, 8, 10, tzinfo=UTC)
VERIFIED_UNTIL = datetime(2031, 1, 1, tzinfo=UTC)
EVIDENCE = Digest("0x" + "ee" * 32)

BENEFICIARY, ANN, BOB, CARL, DORA = (investor(number) for number in range(5))
"""Holders with keys. Ann's acts go through the outbox; Carl and Dora act by themselves, outside the service."""
HOLDERS: Sequence[KeySigner] = tuple(investor(number) for number in range(10, 20))
STRANGER = investor(30)
"""Nobody verified this one."""

SMALL_BLOCK = 560_000
"""Gas of a block, as the lives see it: a batch has room for a few rows."""

_FIRST = "crash_first"


@dataclass
class World:
    """One chain, one database."""

    server: EmbeddedServer
    chain: Any
    """A `Node`: in this process, or a local one."""
    folder: Path
    deployment: Deployment
    vault: Vault
    database: Database
    """As the lives reach it."""
    aside: Database
    """As the judge reaches it, whom nobody kills."""
    killer: Killer
    sender: Sender
    """Sends for those who act outside the service."""
    snapshot: str | None
    """Where the chain began; None for a chain that is not taken back."""
    _numbers: Iterator[int]
    _name: str

    @property
    def token(self) -> SecurityToken:
        return SecurityToken(self.chain, self.deployment.token_of(P1).address)

    @property
    def accounts(self) -> list[Address]:
        """Everybody who may hold a unit, and the stranger who may not."""
        people = (BENEFICIARY, ANN, BOB, CARL, DORA, *HOLDERS, STRANGER)
        return [each.address for each in people]

    def house(self, pool: Pool | None = None) -> House:
        """The house as one life sees it."""
        node = WatchedNode(SmallBlocks(self.chain, SMALL_BLOCK), self.killer, pool)
        return House(
            node=node,
            database=self.database,
            vault=self.vault,
            deployments=self.folder / "deployments",
            folder=self.folder,
        )

    def calm(self) -> House:
        """A house that nobody watches, for the judge."""
        return House(
            node=self.chain,
            database=self.aside,
            vault=self.vault,
            deployments=self.folder / "deployments",
            folder=self.folder,
        )

    def live(self, life: Life, work: Callable[[Office], None], pool: Pool | None = None) -> None:
        """A process: opens its office and works, until it ends or is ended. Its connections end with it.

        Raises what the work raises; nothing when it was killed.
        """
        office: Office | None = None
        with self.killer.watching(life):
            try:
                office = Office(self.house(pool), self.deployment)
                work(office)
            except BaseException:
                if not life.dead:
                    raise
            finally:
                self.killer.pause()
                if office is not None and not life.dead:
                    office.close()
                self.database.engine.dispose(close=not life.dead)

    def of_another_process(self, chain: Any) -> World:
        """The same world with connections of its own, for a process that was forked off."""
        database = Database(self.server.url(self._name))
        return replace(
            self,
            chain=chain,
            database=database,
            aside=database,
            killer=Killer(database.engine),
            sender=Sender(chain),
        )

    def renew(self) -> None:
        """Takes chain and database back to their beginning, where the chain lets itself be taken back."""
        if self.snapshot is None:
            return
        self.database.close()
        self.aside.close()
        self.server.drop_database(self._name)
        self._name = f"crash_{next(self._numbers)}"
        self.server.create_database(self._name, template=_FIRST)
        self.database = Database(self.server.url(self._name))
        self.aside = Database(self.server.url(self._name))
        self.killer = Killer(self.database.engine)
        self.chain.revert(self.snapshot)
        self.sender.forget()


@contextmanager
def world(folder: Path, chain: Any = None) -> Iterator[World]:
    """A world in that folder, until the block ends.

    Args:
        chain: a local node that outlives processes; by default a chain in this process.
    """
    with lock_folder(folder) as locked, embedded_server(locked, durable=False) as server:
        server.create_database(_FIRST)
        first = Database(server.url(_FIRST))
        migrate(first)
        embedded = EmbeddedNode(genesis_at=GENESIS) if chain is None else None
        chain = chain or embedded
        made = World(
            server=server,
            chain=chain,
            folder=folder,
            deployment=_found(chain, first, folder),
            vault=Vault(development_kek(folder)),
            database=first,
            aside=Database(server.url(_FIRST)),
            killer=Killer(first.engine),
            sender=Sender(chain),
            snapshot=None if embedded is None else embedded.snapshot(),
            _numbers=itertools.count(),
            _name=_FIRST if embedded is None else "crash_none",
        )
        made.renew()
        try:
            yield made
        finally:
            made.database.close()
            made.aside.close()


def _found(chain: Any, database: Database, folder: Path) -> Deployment:
    house = House(
        node=chain,
        database=database,
        vault=Vault(development_kek(folder)),
        deployments=folder / "deployments",
        folder=folder,
    )
    office = found_office(house, echo=lambda *_: None)
    furnish(office)
    office.close()
    database.engine.dispose()
    return office.deployment


def furnish(office: Office) -> None:
    """The product, its issue, and holders with units."""
    with office.house.database.begin() as connection:
        record_firms(connection)
    terms = parse_terms({**TERMS, "authorised_cap": 10**12})
    token = create_product(
        office,
        terms,
        initial_beneficiary=BENEFICIARY.address,
        by="registrar-1",
        echo=lambda *_: None,
    )
    people = [each.address for each in (BENEFICIARY, ANN, BOB, CARL, DORA, *HOLDERS)]
    verdict = token.batch_set_verdict(people, until=VERIFIED_UNTIL, investor_class=CLASS)
    office.act(verdict, Duty.RESTRICTOR, product=P1)
    office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
    issue = token.issue([BENEFICIARY.address], [10_000_000], Act(ref=Reference("I-0")))
    office.act(issue, Duty.ISSUER, product=P1, ref=Reference("I-0"))
    rows = [(each.address, Units(100_000)) for each in (ANN, BOB, CARL, DORA)]
    for _ in office.distribute(P1, rows, ref=Reference("D-0")):
        pass
