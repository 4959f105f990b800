"""A database for each test, and a node whose pool and blocks the tests have in their hand."""

from collections.abc import Iterator

import pytest
from tests.storage.conftest import database, server
from tests.support.chain import anvil

from genbo.chain.remote import RemoteNode

__all__ = ["database", "server"]


@pytest.fixture(scope="session")
def local_node() -> Iterator[RemoteNode]:
    """A local node with the usual market for gas."""
    with anvil("--no-request-size-limit") as (_, node):
        yield node
