"""One demo for the session, with its files, and the system it left behind, running. And a new system, deployed once,
of which each test gets its copy."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, Ran, genbo, inside, running

from genbo_sdk.sandbox import Sandbox


@dataclass(frozen=True)
class Told:
    """A demo that was run to its end."""

    ran: Ran
    out: Path
    """Its files."""
    data: Path
    """Its chain and database; see `kept`."""
    at_rest: Path
    """A copy of them in which nothing runs."""


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("demo")
    out, data = folder / "out", folder / "data"
    ran = genbo("demo", "--json", "--out", out, "--data", data)
    subprocess.run(["cp", "-a", data, folder / "at-rest"], check=True)
    return Told(ran, out, data, folder / "at-rest")


@pytest.fixture(scope="module")
def kept(told: Told) -> Iterator[Path]:
    """The data folder of the demo, in which `genbo up` runs."""
    with running("up", "--port", 0, "--json", data=told.data) as up:
        up.await_document()
        yield told.data
        assert up.end().code == 0


@pytest.fixture(scope="session")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded") / "data"
    assert inside("up", "--once", "--port", 0, data=folder).code == 0
    assert inside("firm", "register", EXAMPLE / "firms.yaml", data=folder).code == 0
    return folder


@pytest.fixture
def founded(_founded: Path, tmp_path: Path) -> Path:
    """A data folder in which `genbo up` was started and ended once, and the firms of the example are registered."""
    subprocess.run(["cp", "-a", _founded, tmp_path / "data"], check=True)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for the session: whoever moves units in it moves them back."""
    with Sandbox.start() as started:
        yield started
