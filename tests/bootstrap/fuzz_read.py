"""The long search for a story in which the register comes out wrong: `make fuzz-read`.

Bounded by a number of stories and by a time, whichever ends first. A story that fails is printed as it stands, made as
short as it can be; it belongs among the examples of `test_replay_equality.py`. `make test` does not run this file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.storage.conftest import TEMPLATE
from tests.support.chain import anvil
from tests.support.local_node import (
    LocalPlatform,
    live_and_reorganise,
    require_same_as_straight,
)
from tests.support.recorded import record, unread
from tests.support.story import Step, a_chain, play, stories

from genbo.chain.endpoints import Endpoints
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer


@pytest.fixture
def bound(request: pytest.FixtureRequest) -> Callable[[str], int]:
    """The arguments of the search."""
    return lambda name: int(request.config.getoption(f"--fuzz-{name}"))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """A line for whoever waits."""

    def told(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")  # noqa: T201

    return told


def test_stories(
    database: Database, bound: Callable[[str], int], say: Callable[[str], None]
) -> None:
    """A simulated chain, as in `test_replay_equality.py`, for long."""
    record(database, a_chain(0).deployment())
    began = time.monotonic()
    told, failed = [0], [False]

    @seed(bound("seed"))
    @settings(
        max_examples=bound("examples"),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(story=stories, confirmations=st.integers(0, 3), span=st.integers(1, 8))
    def tell(story: list[Step], confirmations: int, span: int) -> None:
        # Once one has failed, the time is spent on making it short.
        if time.monotonic() - began < bound("seconds") or failed[0]:
            told[0] += 1
            unread(database)
            try:
                play(database, story, confirmations=confirmations, span=span)
            except BaseException:
                failed[0] = True
                raise

    tell()
    say(f"{told[0]} stories, {time.monotonic() - began:.0f} s, seed {bound('seed')}: all the same")


@pytest.mark.anvil
def test_local_node(
    server: EmbeddedServer, bound: Callable[[str], int], say: Callable[[str], None]
) -> None:
    """A real node, taken back and reorganised, for long; a new one for each round."""
    began = time.monotonic()
    rounds = 0
    while rounds < bound("rounds") and time.monotonic() - began < bound("seconds"):
        number = bound("seed") + rounds
        with ExitStack() as stack:
            url, platform = _local_platform(stack)
            name = f"round_{rounds}"
            server.create_database(name, template=TEMPLATE)
            stack.callback(server.drop_database, name)
            database = Database(server.url(name))
            stack.callback(database.close)
            record(database, platform.deployment)
            try:
                live_and_reorganise(url, platform, database, seed=number, turns=150)
                require_same_as_straight(platform, database)
            except Exception as error:
                error.add_note(f"round with seed {number}")
                raise
        rounds += 1
    say(f"{rounds} rounds, {time.monotonic() - began:.0f} s, seed {bound('seed')}: all the same")


def _local_platform(stack: ExitStack) -> tuple[str, LocalPlatform]:
    url, _ = stack.enter_context(anvil("--accounts", "104"))
    endpoints = Endpoints([url])
    stack.callback(endpoints.close)
    return url, LocalPlatform(endpoints)
