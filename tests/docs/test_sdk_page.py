"""What the page of the broker's library says is there.

given docs/sdk.md
├── each of its Python blocks should be Python, and import what there is
├── each error and each public name should stand in it or with the calls
└── it should name no error that there is not
"""

from __future__ import annotations

import ast
import re

import pytest

import genbo_sdk
from contract_sources import ROOT

PAGE = (ROOT / "docs" / "sdk.md").read_text("utf-8")
CALLS = (ROOT / "docs" / "sdk-calls.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("\n")[0] for block in BLOCKS])
def test_block__each__imports_what_there_is(block: str) -> None:
    tree = ast.parse(block)
    imported = [
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "genbo_sdk"
        for name in node.names
    ]
    assert imported
    assert set(imported) <= set(genbo_sdk.__all__)


def test_names__each_public_one__is_explained() -> None:
    told = set(re.findall(r"\w+", PAGE + CALLS))
    assert set(genbo_sdk.__all__) - {"__version__"} <= told


def test_errors__of_the_table__are_all_there_are() -> None:
    table = PAGE.split("| error |")[1].split("\n\n")[0]
    named = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    kinds = {
        name
        for name in genbo_sdk.__all__
        if isinstance(kind := getattr(genbo_sdk, name), type) and issubclass(kind, Exception)
    }
    assert named == kinds - {"GenboError", "Refused"}
