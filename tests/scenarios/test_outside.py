"""A node and a database of one's own, by their addresses.

given a node by its address (a local one from npm)
└── it should be deployed on, followed and checked, with the database in the data folder
given an external database
├── it should refuse one at the wrong migration, and leave it as it is
├── it should work with one that was migrated on request
├── it should belong to one deployment from then on
└── it should need a key of its own for personal data, and nothing is made before
given a node that goes away
└── it should be waited for by what runs, and told to who asks
"""

from __future__ import annotations

import base64
import secrets
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.support.chain import anvil
from tests.support.command import EXAMPLE, Ran, await_none_of, inside, running

from genbo.storage.folder import lock_folder
from genbo.storage.migrations import latest
from genbo.storage.server import EmbeddedServer, embedded_server

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Somebody else's database server."""
    folder = tmp_path_factory.mktemp("server")
    with lock_folder(folder) as locked, embedded_server(locked, durable=False) as running_server:
        yield running_server


@pytest.fixture
def database(server: EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database, by its address."""
    name = "outside"
    server.create_database(name)
    yield server.url(name).render_as_string(hide_password=False)
    server.drop_database(name)


@pytest.fixture
def kek(tmp_path: Path) -> Path:
    path = tmp_path / "kek"
    path.touch(mode=0o600)
    path.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    return path


def ask(url: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(question).fetchall()


def tables(url: str) -> int:
    return int(ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0][0])


# A node ------------------------------------------------------------------------------------------------


@pytest.mark.anvil
def test_node__by_url__is_deployed_on_followed_and_checked(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with anvil("--accounts", "20") as (url, _):

        def genbo(*arguments: object, **settings: object) -> Ran:
            return inside(*arguments, data=data, **{"node_url": url, **settings})

        with running("up", "--json", data=data, node_url=url, chain_id=31337) as up:
            started = up.await_document()
            assert (started["chain_id"], started["node_url"]) == (31337, None)
            assert genbo("firm", "register", EXAMPLE / "firms.yaml").code == 0
            assert genbo("product", "create", EXAMPLE / "product.yaml").code == 0
            imported = genbo(
                "investor", "import", EXAMPLE / "other-investors.csv", "--product", PRODUCT
            )
            assert imported.code == 0, imported.err
            assert genbo("check", "--json").document["holds"] is True
            # The address of the node may hold a secret: whoever comes in has to know it.
            unknown = inside("check", data=data)
            assert (unknown.code, "GENBO_NODE_URL" in unknown.line) == (2, True)
            other = genbo("check", chain_id=1)
            assert (other.code, other.line.split(":")[0]) == (2, "chain_mismatch")
            assert up.end(signal.SIGINT).code == 0
        alone = genbo("check", "--json")
        assert (alone.code, alone.document["holds"]) == (0, True)
        assert not (data / "chain.bin").exists()
    for arguments in (("check",), ("up", "--once")):
        gone = inside(*arguments, data=data, node_url=url)
        assert gone.code == 2
        assert gone.line.startswith(f"node_unreachable: The node at {url} does not answer.")
    await_none_of(tmp_path)


@pytest.mark.anvil
def test_node__another_chain_of_the_same_id__is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with anvil() as (url, _):
        assert inside("up", "--once", data=data, node_url=url).code == 0
    with anvil("--timestamp", "1700000000") as (url, node):
        refused = inside("up", "--once", data=data, node_url=url)
        assert (refused.code, refused.line.split(":")[0]) == (2, "chain_mismatch")
        assert node.stamp().number == 0  # nothing was deployed


@pytest.mark.anvil
def test_node__not_for_development__is_not_given_keys_that_everybody_knows(tmp_path: Path) -> None:
    with anvil("--chain-id", "12345") as (url, node):
        refused = inside("up", "--once", data=tmp_path / "data", node_url=url)
        assert (refused.code, refused.line.split(":")[0]) == (2, "development_key_refused")
        assert node.stamp().number == 0
    assert not (tmp_path / "data" / "deployments").exists()


@pytest.mark.anvil
def test_node__goes_away__is_waited_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with ExitStack() as node:
        url, _ = node.enter_context(anvil())
        with running("up", data=data, node_url=url) as up:
            up.await_line("Ctrl-C ends it.")
            node.close()
            up.await_line("node_unreachable: ")
            assert up.process.poll() is None
            assert up.end().code == 0
    await_none_of(tmp_path)


# A database --------------------------------------------------------------------------------------------


def test_database__empty__is_refused_and_stays_empty(
    tmp_path: Path, database: str, kek: Path
) -> None:
    data = tmp_path / "data"
    refused = inside("up", "--once", "--port", 0, data=data, database_url=database, kek_file=kek)
    assert refused.code == 2
    assert refused.line == (
        f"database_migration: The database is at migration none, this version of Genbo needs {latest()}. "
        "Migrate it (`genbo up --migrate`), or use the version of Genbo it belongs to."
    )
    assert tables(database) == 0
    assert not data.exists()


def test_database__migrated_on_request__works_and_is_bound(
    tmp_path: Path, database: str, kek: Path
) -> None:
    def genbo(*arguments: object, **settings: object) -> Ran:
        given = {"data": tmp_path / "data", "database_url": database, "kek_file": kek}
        return inside(*arguments, **{**given, **settings})

    up = genbo("up", "--once", "--migrate", "--port", 0, "--json")
    assert up.code == 0, up.err
    assert genbo("firm", "register", EXAMPLE / "firms.yaml").code == 0
    assert genbo("product", "create", EXAMPLE / "product.yaml").code == 0
    imported = genbo("investor", "import", EXAMPLE / "investors.csv", "--product", PRODUCT)
    assert imported.code == 0, imported.err
    assert not (tmp_path / "data" / "postgres").exists()
    assert genbo("check", "--json").document["holds"] is True
    assert genbo("register", "show", "--product", PRODUCT, "--names", "--json").code == 0

    # Another chain finds the database taken, and nothing is deployed on it.
    elsewhere = genbo("up", "--once", "--port", 0, data=tmp_path / "elsewhere")
    assert (elsewhere.code, elsewhere.line.split(":")[0]) == (2, "wiring_mismatch")
    assert not (tmp_path / "elsewhere" / "deployments").exists()

    # A database of a later version is not touched, on request neither.
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("check",), ("up", "--once"), ("up", "--once", "--migrate")):
        refused = genbo(*arguments)
        assert refused.code == 2
        assert refused.line.startswith("database_migration: The database is at migration 9999, ")


def test_database__through_the_door__is_that_of_the_settings(
    tmp_path: Path, database: str, kek: Path
) -> None:
    settings = {"data": tmp_path / "data", "database_url": database, "kek_file": kek}
    with running("up", "--migrate", "--port", 0, "--json", **settings) as up:
        up.await_document()
        assert inside("firm", "register", EXAMPLE / "firms.yaml", **settings).code == 0
        assert inside("product", "create", EXAMPLE / "product.yaml", **settings).code == 0
        assert inside("check", "--json", **settings).document["holds"] is True
        assert ask(database, "SELECT product_id FROM product") == [(PRODUCT,)]
        assert up.end().code == 0


def test_database__without_a_key_of_its_own__is_refused(
    tmp_path: Path, database: str, kek: Path
) -> None:
    given = {"data": tmp_path / "data", "database_url": database}
    kek.chmod(0o644)
    for settings, problem in (
        ({}, "is needed with GENBO_DATABASE_URL"),
        ({"kek_file": kek}, f"chmod 600 {kek}"),
        ({"kek_file": tmp_path / "none"}, "No such file or directory"),
    ):
        refused = inside("up", "--once", "--port", 0, **given, **settings)
        assert (refused.code, refused.out) == (2, "")
        assert refused.line.startswith("setting_invalid: The setting GENBO_KEK_FILE cannot be used")
        assert problem in refused.line
    assert tables(database) == 0
    assert not (tmp_path / "data").exists()
