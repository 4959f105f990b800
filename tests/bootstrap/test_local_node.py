"""A real node that is taken back and reorganised, and a real database.

given a platform on a local node that lives, reverts to snapshots and reorganises, read at any moment
└── it should have the same rows as one straight reading (invariant 2), and hold what the token holds (invariant 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.support.chain import anvil
from tests.support.local_node import (
    LocalPlatform,
    live_and_reorganise,
    require_same_as_straight,
)
from tests.support.recorded import record

from genbo.chain.endpoints import Endpoints
from genbo.storage.engine import Database
from genbo.storage.events import Events


@pytest.fixture(scope="module")
def node() -> Iterator[tuple[str, LocalPlatform]]:
    with ExitStack() as stack:
        url, _ = stack.enter_context(anvil("--accounts", "104"))
        endpoints = Endpoints([url])
        stack.callback(endpoints.close)
        yield url, LocalPlatform(endpoints)


@pytest.mark.anvil
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_register__real_node_taken_back__is_that_of_one_straight_reading(
    node: tuple[str, LocalPlatform], database: Database, seed: int
) -> None:
    url, platform = node
    record(database, platform.deployment)
    live_and_reorganise(url, platform, database, seed=seed, turns=60)
    with database.read() as connection:
        assert Events(connection, platform.deployment.chain_id).count(orphaned=True) > 0
    assert platform.stands
    require_same_as_straight(platform, database)
