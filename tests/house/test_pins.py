"""What is fetched is named once, exactly, and without the address it came from.

given the files that pin the toolchain
├── it should name one compiler version everywhere
├── it should name Node packages by exact version
├── it should lock every Python package with a hash
└── it should not say where anything was fetched from
"""

from __future__ import annotations

import json
import re

import pytest
import yaml

from contract_sources import ROOT

PINS = [
    "package-lock.json",
    ".npmrc",
    "requirements/dev.txt",
    "requirements/server.txt",
    "requirements/deploy.txt",
]
REQUIREMENTS = [path for path in PINS if path.endswith(".txt")]


def test_compiler__ape_and_npm__name_the_same_version() -> None:
    ape = yaml.safe_load((ROOT / "ape-config.yaml").read_text("utf-8"))
    npm = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert ape["solidity"]["version"] == npm["devDependencies"]["solc"]


def test_node_packages__each__has_an_exact_version() -> None:
    npm = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = {**npm["devDependencies"], **npm["optionalDependencies"]}
    assert [name for name, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


@pytest.mark.parametrize("path", REQUIREMENTS)
def test_python_packages__each__has_a_hash(path: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / path).read_text("utf-8"))[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", PINS)
def test_pins__each_file__is_silent_about_its_origin(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    telling = r'"resolved"|--(extra-)?index-url|--find-links|^registry|file:/|/home/|/root/'
    assert re.findall(telling, text, re.MULTILINE) == []
