"""A database for each test, the chain of the development cast, a node whose pool and blocks the tests have in their
hand, and the arguments of the long search."""

import time
from collections.abc import Iterator

import pytest
from tests.storage.conftest import database, server, vault
from tests.support.chain import anvil, built_stage, stage

from genbo.chain.remote import RemoteNode, connect

__all__ = ["built_stage", "database", "server", "stage", "vault"]


@pytest.fixture(scope="session")
def local_url() -> Iterator[str]:
    """A local node with the usual market for gas."""
    with anvil("--no-request-size-limit") as (url, _):
        yield url


@pytest.fixture(scope="session")
def local_node(local_url: str) -> RemoteNode:
    return connect(local_url)


def pytest_addoption(parser: pytest.Parser) -> None:
    """For `fuzz_read.py`."""
    group = parser.getgroup("fuzz", "the long search for a wrong register")
    group.addoption("--fuzz-examples", type=int, default=3_000, help="stories, at most")
    group.addoption("--fuzz-rounds", type=int, default=40, help="rounds on a local node, at most")
    group.addoption("--fuzz-seconds", type=int, default=600, help="for each of the two, at most")
    group.addoption(
        "--fuzz-seed", type=int, default=time.time_ns() % 2**32, help="for the same ones again"
    )
