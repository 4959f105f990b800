"""A small system that runs: the example's product, without investors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, inside, running

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Its data folder."""
    data = tmp_path_factory.mktemp("system") / "data"
    with running("up", "--port", 0, "--json", data=data) as up:
        up.await_document()
        registered = inside("firm", "register", EXAMPLE / "firms.yaml", data=data)
        assert registered.code == 0, registered.err
        created = inside("product", "create", EXAMPLE / "product.yaml", data=data)
        assert created.code == 0, created.err
        yield data
        assert up.end().code == 0
