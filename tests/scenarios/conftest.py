"""One demo for the session, with its files, and the system it left behind, running."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.command import Ran, genbo, running


@dataclass(frozen=True)
class Told:
    """A demo that was run to its end."""

    ran: Ran
    out: Path
    """Its files."""
    data: Path
    """Its chain and database, at rest."""


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("demo")
    out, data = folder / "out", folder / "data"
    ran = genbo("demo", "--json", "--out", out, "--data", data)
    return Told(ran, out, data)


@pytest.fixture(scope="module")
def kept(told: Told) -> Iterator[Path]:
    """The data folder of the demo, in which `genbo up` runs."""
    with running("up", "--port", 0, "--json", data=told.data) as up:
        up.await_document()
        yield told.data
        assert up.end().code == 0
