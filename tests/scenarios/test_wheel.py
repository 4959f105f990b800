"""The built wheel runs the demo where there is neither a checkout nor Node.

given an empty virtual environment, and no Node on the path
└── when the wheel is installed with its server extra, at the pinned versions
    ├── it should bring contracts, migrations, examples and types along, and no tests
    └── it should run the whole demo
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.support.command import ROOT

FONT = "node_modules/@expo-google-fonts/noto-sans-jp"
SOURCES = ("pyproject.toml", "setup.py", "README.md", "src", "examples", FONT)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: building leaves files beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "sources"
    copy.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, copy], check=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel__built__has_everything_that_runs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "genbo/py.typed",
        "genbo_sdk/py.typed",
        "genbo/chain/artifacts/SecurityToken.json",
        "genbo/chain/artifacts/safe/Safe.json",
        "genbo/storage/migrations/versions/0001_foundation.sql",
        "genbo/examples/shibuya-jinnan/product.yaml",
        "genbo/examples/shibuya-jinnan/investors.csv",
        "genbo/reporting/paper/pages.typ",
        "genbo/fonts/NotoSansJP_400Regular.ttf",
        "genbo/fonts/NotoSansJP_700Bold.ttf",
        "genbo/fonts/OFL.txt",
    } <= names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"genbo", "genbo_sdk"}


@pytest.mark.slow
def test_wheel__installed_with_its_server_extra__runs_the_demo_without_node(
    wheel: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=120)
    pip = [home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pinned = ["--require-hashes", "--requirement", ROOT / "requirements" / "server.txt"]
    for arguments in (
        ["install", "--quiet", "--no-compile", *pinned],
        ["install", "--quiet", "--no-deps", wheel],
    ):
        subprocess.run([*pip, *arguments], check=True, timeout=600)
    subprocess.run([*pip, "check"], check=True, timeout=60)

    environment = {"PATH": str(home / "bin"), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    assert shutil.which("node", path=environment["PATH"]) is None
    ran = subprocess.run(
        [home / "bin" / "genbo", "demo", "--json", "--out", tmp_path / "out"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()[-2_000:]
    summary = json.loads(ran.stdout)
    assert summary["invariants"]["holds"] is True
    assert summary["registers"][0]["holders"] == 503
