"""What the shipped artifacts depend on: Solidity files, compiler settings, library version.

Pure reading, no compiler: the test suite uses it to notice stale artifacts in milliseconds.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
DEPENDENCIES = "contracts/.cache/"
"""Where ape copies the libraries; below contracts/, but not ours."""


def render(value: Any) -> str:
    """The one way JSON is written here: sorted keys, two spaces, a newline at the end."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def is_ours(source_id: str) -> bool:
    return source_id.startswith("contracts/") and not source_id.startswith(DEPENDENCIES)


def source_hashes() -> dict[str, str]:
    """Source id (path below the repository) to the hash of its content, for every file of ours."""
    paths = {p.relative_to(ROOT).as_posix(): p for p in CONTRACTS.rglob("*.sol")}
    return {name: sha256(paths[name].read_bytes()) for name in sorted(paths) if is_ours(name)}


def compiler_inputs() -> dict[str, Any]:
    """What changes the byte code besides our sources: compiler settings and library version."""
    solidity = yaml.safe_load((ROOT / "ape-config.yaml").read_text("utf-8"))["solidity"]
    packages = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    return {"solidity": solidity, "openzeppelin": packages["@openzeppelin/contracts"]}


def source_hash(sources: dict[str, str]) -> str:
    """One hash over these sources (sorted path and content) and everything in compiler_inputs."""
    return sha256(render({"sources": sources, "compiler": compiler_inputs()}))
