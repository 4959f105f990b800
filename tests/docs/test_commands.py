"""Every command that a page shows can be typed.

given the commands in code spans and indented blocks of the documentation
├── it should know each command and sub-command
└── it should know each option shown with it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from contract_sources import ROOT
from genbo.cli.commands import commands

PAGES = sorted(
    path
    for path in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("[!.n]*/README.md"))
)

SHOWN = re.compile(r"(?:`|^    (?:\.venv/bin/)?)genbo ([a-z][^`\n]*)", re.MULTILINE)
"""`genbo ...` in a code span, or at the beginning of an indented line."""


def shown() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        text = re.sub(r"(`[^`\n]*)\n([^`\n]*`)", r"\1 \2", page.read_text("utf-8"))
        for match in SHOWN.finditer(text):
            yield page, match[1].split("#")[0].strip()


def problem(line: str) -> str | None:
    """What cannot be typed in `genbo <line>`; None when everything is known."""
    command: Any = typer.main.get_command(commands)
    words = line.split()
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        found = command.commands.get(words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    options = {name for option in command.params for name in option.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word not in options]
    return f"no option {unknown[0]}" if unknown else None


def test_commands__each_that_a_page_shows__exists() -> None:
    lines = list(shown())
    assert {line.split()[0] for _, line in lines} >= {"demo", "up", "check", "register"}
    problems = {f"{page.name}: genbo {line}": problem(line) for page, line in lines}
    assert {line: why for line, why in problems.items() if why} == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("shwo", "no command shwo"),
        ("register prnt", "no command prnt"),
        ("register show --asof 2022-01-31", "no option --asof"),
        ("register show --as-of 2022-01-31", None),
    ],
)
def test_commands__misspelt__is_noticed(line: str, expected: str | None) -> None:
    assert problem(line) == expected
