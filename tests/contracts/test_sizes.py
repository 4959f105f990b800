"""Every contract fits every network. Outcomes: sizes.tree."""

from __future__ import annotations

import json
import sys
from importlib.resources import files

import pytest

MOST_CODE = 24_576
MOST_CREATION_CODE = 49_152


def sizes() -> dict[str, tuple[int, int]]:
    """Contract to bytes that run and bytes that create, largest first; interfaces have none."""
    folder = files("genbo.chain.artifacts")
    paths = [*folder.iterdir(), *folder.joinpath("safe").iterdir()]
    found = {}
    for path in paths:
        if path.name.endswith(".json") and path.name != "manifest.json":
            artifact = json.loads(path.read_text("utf-8"))
            running = len(artifact["deployedBytecode"]) // 2 - 1
            creating = len(artifact["bytecode"]) // 2 - 1
            if running:
                found[artifact["contractName"]] = (running, creating)
    return dict(sorted(found.items(), key=lambda each: -each[1][0]))


def test_sizes__each_contract__is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    found = sizes()
    assert {"SecurityToken", "TokenActs", "TokenServices", "Settlement", "Safe"} <= found.keys()
    with capsys.disabled():
        sys.stdout.write("\nbytes of code, of 24,576\n")
        for name, (running, _) in found.items():
            sys.stdout.write(f"{running:>7,}  {name}\n")


@pytest.mark.parametrize("name", sizes())
def test_sizes__each_contract__fits(name: str) -> None:
    running, creating = sizes()[name]
    assert running < MOST_CODE
    assert creating < MOST_CREATION_CODE
