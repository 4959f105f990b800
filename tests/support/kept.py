"""A firm that is founded once for a module: each test gets a copy of its database, and the chain as it stood then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from tests.storage.conftest import TEMPLATE
from tests.support.office import Firm, found_firm

from genbo.bootstrap.office import Office
from genbo.chain.embedded import EmbeddedNode
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer

_numbers = count()


@dataclass(frozen=True)
class Kept:
    """A firm as it stood when it was prepared."""

    server: EmbeddedServer
    name: str
    firm: Firm
    node: EmbeddedNode
    snapshot: str

    @contextmanager
    def copy(self) -> Iterator[Firm]:
        """A firm of the test's own. One at a time: the chain is the same."""
        self.node.revert(self.snapshot)
        name = f"{self.name}_{next(_numbers)}"
        self.server.create_database(name, template=self.name)
        database = Database(self.server.url(name))
        house = replace(self.firm.office.house, database=database)
        firm = Firm(Office(house, house.deployment()))
        try:
            yield firm
        finally:
            firm.office.close()
            database.close()
            self.server.drop_database(name)


@contextmanager
def kept_firm(
    server: EmbeddedServer,
    folder: Path,
    node: EmbeddedNode,
    prepare: Callable[[Firm], object] = lambda _: None,
) -> Iterator[Kept]:
    """Founds a firm and prepares it."""
    name = f"kept_{next(_numbers)}"
    server.create_database(name, template=TEMPLATE)
    database = Database(server.url(name))
    firm = found_firm(node, database, folder)
    prepare(firm)
    firm.office.close()
    database.close()  # a database that somebody uses cannot be copied
    yield Kept(server, name, firm, node, node.snapshot())
    server.drop_database(name)
