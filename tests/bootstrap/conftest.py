"""A database for each test, the chain of the development cast, and the arguments of the long search."""

import time

import pytest
from tests.storage.conftest import database, server
from tests.support.chain import built_stage, stage

__all__ = ["built_stage", "database", "server", "stage"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """For `fuzz_read.py`."""
    group = parser.getgroup("fuzz", "the long search for a wrong register")
    group.addoption("--fuzz-examples", type=int, default=3_000, help="stories, at most")
    group.addoption("--fuzz-rounds", type=int, default=40, help="rounds on a local node, at most")
    group.addoption("--fuzz-seconds", type=int, default=600, help="for each of the two, at most")
    group.addoption(
        "--fuzz-seed", type=int, default=time.time_ns() % 2**32, help="for the same ones again"
    )
