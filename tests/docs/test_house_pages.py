"""The pages that meet a reader first, and the links between all of them.

given the repository
├── it should have a README that fits a screen and needs two commands
├── it should have a README in every top folder, and name each in the map
├── it should have no link that leads nowhere
└── it should name no path of the machine it was written on
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import check_docs
from contract_sources import ROOT

SCREEN = 70
"""Lines of a README that fits one screen."""

MACHINE = re.compile(r"(?<![\w./])/(?:home|root|Users|work)/\w|[A-Z]:\\Users")
"""A folder that exists on one machine only."""

ABOUT_PATHS = {"tests/house/test_pins.py", "tests/docs/test_house_pages.py"}
"""Files that look for such paths, and so have to spell them."""


PRODUCED = ("out/",)
"""What the demo leaves in a checkout; no part of it."""


def files() -> Iterator[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    names = (name for name in listed.stdout.split("\0") if name and not name.startswith(PRODUCED))
    return (path for name in names if (path := ROOT / name).is_file())


def top_folders() -> list[str]:
    names = {path.relative_to(ROOT).parts[0] for path in files() if path.parent != ROOT}
    return sorted(name for name in names if not name.startswith("."))


def machine_paths(text: str) -> list[str]:
    return MACHINE.findall(text)


def test_readme__fits_a_screen() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= SCREEN
    assert max(len(line) for line in lines if not line.startswith("|")) <= 120


def test_readme__needs_two_commands() -> None:
    text = re.sub(r"```.*?```", "", (ROOT / "README.md").read_text("utf-8"), flags=re.DOTALL)
    shown = re.findall(r"^    (\S.*?)(?: +#.*)?$", text, re.MULTILINE)
    assert shown == ["make demo", "make test"]


@pytest.mark.parametrize("folder", top_folders())
def test_top_folder__each__explains_itself(folder: str) -> None:
    readme = ROOT / folder / "README.md"
    assert readme.exists(), f"{folder}/ has no README.md"
    assert len(readme.read_text("utf-8").split()) >= 25, f"{folder}/README.md says nothing"
    assert f"{folder}/" in (ROOT / "README.md").read_text("utf-8"), f"{folder}/ is not on the map"


def test_links__each_inside_the_repository__leads_somewhere() -> None:
    assert list(check_docs.broken_links()) == []


def test_links__one_leads_nowhere__is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.md").write_text("# Here it is\n", "utf-8")
    (tmp_path / "page.md").write_text(
        "[good](there.md#here-it-is) [gone](gone.md) [no such part](there.md#elsewhere)\n", "utf-8"
    )
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    assert list(check_docs.broken_links()) == ["page.md: gone.md", "page.md: there.md#elsewhere"]


def test_machine_paths__no_file__names_one() -> None:
    found = {}
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if name not in ABOUT_PATHS and machine_paths(text):
            found[name] = machine_paths(text)
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "/".join(("cd ", "home", "someone", "genbo")),
        "/".join(("see ", "root", "x")),
        "\\".join(("C:", "Users", "x")),
        "/".join(('"', "work", 'main"')),
    ],
)
def test_machine_paths__one_is_named__is_noticed(text: str) -> None:
    assert machine_paths(text)


@pytest.mark.parametrize("text", ["https://a.example/home/page", "docs/week/plan", "~/.cache"])
def test_machine_paths__something_else__is_left_alone(text: str) -> None:
    assert not machine_paths(text)


def test_changelog__each_line__names_whom_it_affects() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## Unreleased" in text
    added = text[text.index("### Added") : text.index("### Known gaps")]
    lines = re.findall(r"^- (.*)$", added, re.MULTILINE)
    assert len(lines) >= 5
    assert [line for line in lines if not re.match(r"\*\*[^*]+\*\*.*: ", line)] == []
