"""The shipped artifacts are what the sources give.

given the committed artifacts
├── it should carry the hash of today's sources and compiler settings
├── it should carry each file exactly as the manifest has it, none more and none less
├── it should hold no contract above the size every network accepts (EIP-170)
├── it should hold the Safe contracts that the Safe project published
└── when contracts/ is compiled again
    └── it should give the same bytes
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak

from contract_sources import ROOT, sha256, source_hash, source_hashes

ARTIFACTS = ROOT / "src" / "genbo" / "chain" / "artifacts"
LARGEST_CODE = 24_576

SAFE_CODE_HASHES = {
    "Safe": "1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4",
    "SafeL2": "b1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff",
    "SafeProxyFactory": "50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317",
    "CompatibilityFallbackHandler": (
        "7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9"
    ),
}


def artifact(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ARTIFACTS / path).read_text("utf-8"))
    return loaded


def code_size(found: dict[str, Any]) -> int:
    return len(found["deployedBytecode"]) // 2 - 1


def test_artifacts__sources_changed__are_stale() -> None:
    manifest, sources = artifact("manifest.json"), source_hashes()
    assert manifest["sources"] == sources, "run `make contracts`"
    assert manifest["sourceHash"] == source_hash(sources), "settings changed: run `make contracts`"


def test_artifacts__each_file__is_as_the_manifest_has_it() -> None:
    present = {
        path.relative_to(ARTIFACTS).as_posix(): sha256(path.read_bytes())
        for path in ARTIFACTS.rglob("*.json")
        if path.name != "manifest.json"
    }
    assert present == artifact("manifest.json")["artifacts"]


def test_artifacts__each_contract__fits_the_size_limit() -> None:
    sizes = {path.stem: code_size(artifact(path.name)) for path in ours()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_CODE} == {}


def ours() -> list[Path]:
    return [path for path in ARTIFACTS.glob("*.json") if path.name != "manifest.json"]


@pytest.mark.parametrize("name", SAFE_CODE_HASHES)
def test_safe__deployed_code__is_the_published_one(name: str) -> None:
    code = artifact(f"safe/{name}.json")["deployedBytecode"]
    assert keccak(hexstr=code).hex() == SAFE_CODE_HASHES[name]


@pytest.mark.slow
def test_artifacts__compiled_again__are_the_same_bytes() -> None:
    if not (ROOT / "node_modules" / "solc").is_dir():
        pytest.skip("no compiler here: `npm ci` brings it")
    compiler = [sys.executable, ROOT / "tools" / "compile_contracts.py", "--check"]
    answer = subprocess.run(compiler, capture_output=True, text=True, timeout=300, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
