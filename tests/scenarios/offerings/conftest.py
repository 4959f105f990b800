"""A database without a row for each offering, which lives as long as the tests of a module."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from tests.storage.conftest import BARE, server

from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer

__all__ = ["server"]

_numbers = itertools.count()


@pytest.fixture(scope="module")
def new_database(server: EmbeddedServer) -> Iterator[Callable[[], Database]]:
    """Makes a migrated database; what was made is gone after the module."""
    made: list[tuple[str, Database]] = []

    def new() -> Database:
        name = f"offering_{next(_numbers)}"
        server.create_database(name, template=BARE)
        made.append((name, Database(server.url(name))))
        return made[-1][1]

    yield new
    for name, database in made:
        database.close()
        server.drop_database(name)
