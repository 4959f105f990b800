"""One world for all seeds of a session; and one on a local node, for real processes."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from tests.support.chain import anvil
from tests.support.crash.acts import ACTS
from tests.support.crash.processes import Processes
from tests.support.crash.seeds import Seeds, Size
from tests.support.crash.world import world


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeds]:
    """Where processes are killed in the middle of their lines."""
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # the dead cannot tidy up
    with world(tmp_path_factory.mktemp("crash")) as made:
        yield Seeds(made)


@pytest.fixture(scope="session")
def sizes(seeds: Seeds) -> dict[str, Size]:
    """How many places each act has to die at."""
    return {name: seeds.size(name) for name in ACTS}


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Where real processes are killed; the local node and the server of the database outlive them."""
    with (
        anvil("--accounts", "130") as (url, node),
        world(tmp_path_factory.mktemp("processes"), node) as made,
    ):
        running = Processes(made, url)
        try:
            yield running
        finally:
            running.end()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long `make crash` searches; `make test` does not."""
    group = parser.getgroup("crash", "the search of make crash")
    group.addoption("--crash-seeds", type=int, default=3_000, help="seeds at most")
    group.addoption("--crash-seconds", type=float, default=900, help="seconds at most")
    group.addoption("--crash-from", type=int, default=1, help="what the seeds are drawn by")
    group.addoption("--crash-acts", default="", help="acts, with commas between; empty: all")
    group.addoption("--crash-processes", type=int, default=200, help="real processes at most")
