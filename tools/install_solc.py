"""Put a Solidity compiler where py-solc-x and ape look for one, without a download of our own.

A native solc of the pinned version is used where there is one (already in the folder, or on PATH).
Otherwise the npm package `solc`, fetched by `npm ci`, answers through tools/solc-npm.js.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAND_IN = ROOT / "tools" / "solc-npm.js"


def compiler_folder() -> Path:
    """Where py-solc-x looks: SOLCX_BINARY_PATH, by default `.solcx` in the checkout."""
    return Path(os.environ.setdefault("SOLCX_BINARY_PATH", str(ROOT / ".solcx")))


def pinned_version() -> str:
    """The one version in package.json; ape-config.yaml names the same (checked by a test)."""
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    return str(package["devDependencies"]["solc"])


def reported_version(executable: Path) -> str | None:
    """What `executable --version` says, or None if it does not run."""
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"^Version: (\d+\.\d+\.\d+)", answer.stdout, re.MULTILINE)
    return match.group(1) if match else None


def native_on_path() -> Path | None:
    """The `solc` on PATH, but not the one beside this Python: slither brings that, and it asks the network."""
    found = shutil.which("solc")
    if found is None or Path(found).parent == Path(sys.executable).parent:
        return None
    return Path(found)


def install() -> str:
    """Make `solc-v<version>` answer, and say in one line what answers."""
    version = pinned_version()
    target = compiler_folder() / f"solc-v{version}"
    if target.exists() and not target.is_symlink() and reported_version(target) == version:
        return f"solc {version}: native, installed before"

    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    native = native_on_path()
    if native and reported_version(native) == version:
        target.symlink_to(native.resolve())
        return f"solc {version}: native, from PATH"

    target.symlink_to(os.path.relpath(STAND_IN, target.parent.resolve()))
    if reported_version(target) != version:
        target.unlink()
        raise SystemExit(f"solc {version} does not answer: run `npm ci` first")
    return f"solc {version}: WebAssembly, from npm"


if __name__ == "__main__":
    sys.stdout.write(install() + "\n")
