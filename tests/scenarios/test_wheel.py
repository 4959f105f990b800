"""The built wheel runs the demo where there is neither a checkout nor Node.

given an empty virtual environment, and no Node on the path
└── when the wheel is installed with its server extra, at the pinned versions
    ├── it should bring contracts, migrations, examples and types along, and no tests
    ├── it should print pages with the font that came along, the same bytes as a checkout
    └── it should run the whole demo
given one in which there is only what the broker's library needs: an HTTP client and pydantic
└── when the wheel is put there
    ├── every public name of the library should be there, and a client be made
    └── importing it should take 200 ms at most
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
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


PRINTED = """
import hashlib
from datetime import datetime, timezone
from genbo.compliance.reasons import Language
from genbo.reporting.paper import Paper, as_pdf
from genbo.reporting.paper.font import REGULAR, font_file
paper = Paper(title="受益権原簿", heads=["架空"], facts=[("名称", "試験信託受益権")], columns=[], rows=[],
              feet=["x"], language=Language.JA)
content = as_pdf(paper, made=datetime(2022, 1, 31, tzinfo=timezone.utc))
print(REGULAR, font_file(REGULAR).parts[-3:-1], hashlib.sha256(content).hexdigest())
"""


def test_wheel__prints_a_page__with_its_own_font_and_the_same_bytes(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")
    told = []
    for place in (tmp_path / "unpacked", ROOT / "src"):
        ran = subprocess.run(
            [sys.executable, "-c", PRINTED],
            env={"PYTHONPATH": str(place), "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        told.append(ran.stdout.split())
    (*own, digest), (*_, expected) = told
    assert own[1:] == ["('genbo',", "'fonts')"]
    assert digest == expected


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


MILLISECONDS = 200
"""Of importing the broker's library."""


def needed(names: Iterator[str] | list[str], found: dict[str, Distribution]) -> None:
    """The distributions of these requirements, and what they need themselves, extras apart."""
    for each in map(Requirement, names):
        name = each.name.lower()
        if name in found or (each.marker and not each.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        needed(found[name].requires or [], found)


@pytest.fixture(scope="module")
def brokers_home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and what it needs without extras, as they are installed here."""
    home = tmp_path_factory.mktemp("broker") / "home"
    command = [sys.executable, "-m", "venv", "--without-pip", home]
    subprocess.run(command, check=True, timeout=120)
    (site,) = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        (metadata,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    asked = "Requires-Dist: "
    wanted = [line.removeprefix(asked) for line in lines if line.startswith(asked)]
    found: dict[str, Distribution] = {}
    needed(wanted, found)
    assert {"httpx", "pydantic"} <= found.keys()
    assert not {"fastapi", "web3", "eth-account", "cryptography"} & found.keys()
    for each in found.values():
        for file in each.files or []:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = site / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), target)
    return home / "bin" / "python"


def test_library__with_an_http_client_and_pydantic_alone__is_all_there(brokers_home: Path) -> None:
    code = """
import importlib.util, genbo_sdk
assert importlib.util.find_spec("fastapi") is None
for name in genbo_sdk.__all__:
    assert getattr(genbo_sdk, name) is not None
with genbo_sdk.Client("http://127.0.0.1:9", reference=genbo_sdk.ClientSecret("K", "s"), deadline=0.1) as client:
    try:
        client.products.list().all()
    except genbo_sdk.Unreachable as error:
        print(error)
"""
    command = [brokers_home, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing was done" in done.stdout


@pytest.mark.parametrize("code", ["import genbo_sdk", "from genbo_sdk import AsyncClient, Client"])
def test_library__imported__takes_200_milliseconds_at_most(brokers_home: Path, code: str) -> None:
    command = [brokers_home, "-X", "importtime", "-c", code]
    subprocess.run(command, capture_output=True, check=True, timeout=60)  # compiles it
    taken = []
    for _ in range(9):
        told = subprocess.run(
            command, capture_output=True, check=True, text=True, timeout=60
        ).stderr
        whole = re.findall(r"^import time:\s*\d+ \|\s*(\d+) \| genbo_sdk", told, re.MULTILINE)
        taken.append(sum(map(int, whole)) / 1000)
    assert min(taken) <= MILLISECONDS, taken  # the machine does other work as well
