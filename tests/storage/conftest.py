"""One embedded server for the session; a fresh database, copied from a migrated template, for each test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.support.firms import record_firms

from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.keyfile import development_kek
from genbo.storage.migrations import migrate
from genbo.storage.server import EmbeddedServer, embedded_server
from genbo.storage.vault import Vault

TEMPLATE = "genbo_template"
"""A migrated database with the firms of the tests."""
BARE = "genbo_bare"
"""A migrated database without a row."""

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    folder: Path = tmp_path_factory.mktemp("data")
    with lock_folder(folder) as locked, embedded_server(locked, durable=False) as running:
        running.create_database(BARE)
        bare = Database(running.url(BARE))
        migrate(bare)
        bare.close()
        running.create_database(TEMPLATE, template=BARE)
        template = Database(running.url(TEMPLATE))
        with template.begin() as firms:
            record_firms(firms)
        template.close()
        yield running


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[Database]:
    """A migrated database with the firms of the tests, that nobody else uses."""
    name = f"test_{next(_numbers)}"
    server.create_database(name, template=TEMPLATE)
    fresh = Database(server.url(name))
    yield fresh
    fresh.close()
    server.drop_database(name)


@pytest.fixture(scope="session")
def migrated(server: EmbeddedServer) -> Iterator[Database]:
    """A migrated database in which nothing is ever committed."""
    server.create_database("migrated", template=TEMPLATE)
    shared = Database(server.url("migrated"))
    yield shared
    shared.close()


@pytest.fixture
def empty_database(server: EmbeddedServer) -> Iterator[Database]:
    """A database without any table."""
    name = f"empty_{next(_numbers)}"
    server.create_database(name)
    fresh = Database(server.url(name))
    yield fresh
    fresh.close()
    server.drop_database(name)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a development key."""
    return Vault(development_kek(tmp_path))


@pytest.fixture
def connection(migrated: Database) -> Iterator[Connection]:
    """A transaction that is not kept: the cheap way for whatever needs one only."""
    with migrated.engine.connect() as open_connection:
        yield open_connection
