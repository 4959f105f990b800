"""Nothing is left out: every tree has its tests, every typed error and every event is looked for somewhere here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from genbo.chain import artifacts
from genbo.compliance.reasons import UNUSED_ERRORS
from genbo.governance import Contract

HERE = Path(__file__).parent
TESTS = sorted(HERE.glob("test_*.py"))
WITHOUT_TREE = {"test_whole", "test_artifacts"}
"""This file; and the artifacts', which has its tree in its docstring."""

SOURCE = "".join(path.read_text("utf-8") for path in sorted(HERE.rglob("*.py")))

MET_ELSEWHERE = {"TokenSuccessorInvalid", "TokenSuccessorDiffers", "ProductSucceeded"}
"""Of `close`: the successor procedure's tests meet them from the chain side, by reason and by event."""

LIBRARY_ERRORS = {"InvalidShortString", "StringTooLong"}
"""OpenZeppelin's, of its EIP-712 names; ours are short constants, so they cannot occur."""
LIBRARY_EVENTS = {"EIP712DomainChanged"}
"""Declared by ERC-5267; our domains never change."""


def test_trees__each_test_file__has_one() -> None:
    trees = {path.stem for path in HERE.glob("*.tree")}
    assert trees == {
        path.stem.removeprefix("test_") for path in TESTS if path.stem not in WITHOUT_TREE
    }


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in TESTS])
def test_names__each_test__says_what_and_outcome(path: Path) -> None:
    names = re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    assert names
    assert [name for name in names if name.count("__") < 1] == []


@pytest.mark.parametrize("contract", list(Contract))
def test_errors__each_typed_error__is_looked_for(contract: Contract) -> None:
    errors = {entry.name for entry in artifacts.load(contract).interface.errors.values()}
    wanted = errors - set(UNUSED_ERRORS) - LIBRARY_ERRORS - MET_ELSEWHERE
    missing = {name for name in wanted if f'"{name}"' not in SOURCE}
    assert missing == set()


@pytest.mark.parametrize("contract", list(Contract))
def test_errors__declared_and_never_used__stand_nowhere_in_the_code(contract: Contract) -> None:
    errors = {entry.name for entry in artifacts.load(contract).interface.errors.values()}
    assert {name for name in errors & set(UNUSED_ERRORS) if f'error("{name}"' in SOURCE} == set()


@pytest.mark.parametrize("contract", list(Contract))
def test_events__each_event__is_looked_for_with_its_arguments(contract: Contract) -> None:
    events = {entry.name for entry in artifacts.load(contract).interface.events.values()}
    wanted = events - LIBRARY_EVENTS - MET_ELSEWHERE
    assert {name for name in wanted if f'event("{name}"' not in flat(SOURCE)} == set()


def flat(text: str) -> str:
    """The formatter's line breaks inside calls, undone."""
    return re.sub(r"\(\s+", "(", re.sub(r"\s+", " ", text))
