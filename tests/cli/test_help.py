"""The commands explain themselves, and a command that is misspelt is told how it is spelt.

given any command
├── it should say what it does, what its options mean, and show examples that can be typed
└── it should answer before anything heavy is loaded
given a command line that cannot be understood
└── it should be one line with the way to the help, in both languages and as JSON, and exit code 2
"""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from tests.support.command import genbo, inside

COMMANDS = (
    (),
    ("demo",),
    ("up",),
    ("sandbox",),
    ("check",),
    ("replay",),
    ("health",),
    ("register",),
    ("register", "show"),
    ("register", "print"),
    ("register", "certificate"),
    ("register", "verify"),
    ("register", "anchor"),
    ("register", "holdings"),
    ("register", "changes"),
    ("register", "provenance"),
    ("register", "inspections"),
    ("firm",),
    ("firm", "register"),
    ("firm", "list"),
    ("firm", "handle"),
    ("firm", "introduce"),
    ("product",),
    ("product", "create"),
    ("investor",),
    ("investor", "import"),
    ("disclosure",),
    ("disclosure", "propose"),
    ("disclosure", "approve"),
    ("disclosure", "end"),
    ("disclosure", "list"),
    ("audit",),
    ("audit", "show"),
    ("audit", "verify"),
    ("audit", "export"),
    ("audit", "anchor"),
    ("wallet",),
    ("wallet", "tree"),
    ("wallet", "tree", "take"),
    ("wallet", "tree", "approve"),
    ("wallet", "create"),
    ("wallet", "challenge"),
    ("wallet", "prove"),
    ("wallet", "register"),
    ("wallet", "list"),
    ("wallet", "replace"),
    ("case",),
    ("case", "list"),
    ("certifier",),
    *(("certifier", word) for word in ("take", "approve", "end", "list")),
    ("record-date",),
    *(("record-date", word) for word in ("list", "fix", "show", "late")),
    ("distribution",),
    *(
        ("distribution", word)
        for word in (
            *("declare", "show", "approve", "reject", "correct"),
            *("file", "read", "results", "hold", "release", "unpaid"),
            *("payment-terms", "pay-token", "reconcile-token"),
            *("statements", "points", "coupons", "tax"),
            *("anchor", "prove", "verify"),
        )
    ),
    ("market",),
    ("market", "show"),
    ("market", "hours"),
    ("market", "override"),
    ("market", "open"),
    ("market", "close"),
    ("market", "group"),
    ("market", "book"),
    ("order",),
    ("order", "place"),
    ("order", "list"),
    ("order", "withdraw"),
    ("user",),
    ("user", "found"),
    ("user", "sign-in"),
    ("user", "register"),
    ("user", "unlock"),
    ("user", "grant"),
    ("user", "approve"),
    ("user", "show"),
    ("user", "password"),
    ("user", "enrol"),
    ("user", "confirm"),
    ("user", "bind"),
    ("user", "proposals"),
    ("credential",),
    ("credential", "propose"),
    ("credential", "approve"),
    ("credential", "list"),
    ("credential", "check"),
    ("credential", "revoke"),
    ("vault",),
    ("vault", "show"),
    ("vault", "rotate"),
    ("vault", "renew-token-key"),
    ("vault", "keys-export"),
    ("vault", "keys-restore"),
    ("vault", "find"),
    ("vault", "reindex"),
    ("vault", "retention"),
    ("vault", "end"),
    ("vault", "restrict"),
    ("vault", "hold"),
    ("vault", "lift"),
    ("vault", "erase"),
    ("vault", "approve"),
)
GROUPS = {
    ("register",),
    ("firm",),
    ("product",),
    ("investor",),
    ("audit",),
    ("wallet",),
    ("market",),
    ("order",),
    ("disclosure",),
    ("user",),
    ("credential",),
    ("vault",),
    ("record-date",),
    ("distribution",),
    ("case",),
    ("certifier",),
}
RUNNABLE = [words for words in COMMANDS if words not in {(), ("wallet", "tree"), *GROUPS}]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help__any_command__says_what_it_does_with_examples(
    words: tuple[str, ...], flag: str
) -> None:
    shown = inside(*words, flag)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Usage: {' '.join(('genbo', *words))}")
    assert "Examples:" in shown.out
    examples = [line for line in shown.out.splitlines() if re.match(r"    (\w+=\S+ )?genbo ", line)]
    assert examples
    assert all(" ".join(words) in line for line in examples)


@pytest.mark.parametrize("words", RUNNABLE, ids=" ".join)
def test_help__command_that_answers__has_json_and_lang(words: tuple[str, ...]) -> None:
    shown = inside(*words, "--help").out
    assert "--json" in shown
    assert "--lang <ja|en>" in shown
    options = re.findall(r"^  (?:-\w, )?(--[\w-]+)(.*(?:\n {10,}.*)*)", shown, re.MULTILINE)
    assert len(options) >= 3
    assert all(re.search(r"[A-Z]\w+ .*\.", text, re.DOTALL) for _, text in options)


def test_genbo__alone__is_its_help() -> None:
    assert inside().out == inside("--help").out


def test_version__asked__is_printed_at_once() -> None:
    before = time.monotonic()
    shown = genbo("--version")
    assert (shown.code, shown.out) == (0, "genbo 0.1.0\n")
    assert time.monotonic() - before < 3


def test_help__asked__loads_no_chain_and_no_database() -> None:
    """Those take seconds."""
    script = (
        "import sys; from genbo.cli.main import run; assert run(['up', '--help']) == 0; "
        "print([name for name in ('web3', 'eth', 'sqlalchemy', 'alembic') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("line", "problem", "help"),
    [
        ("shwo", "No such command 'shwo'", "genbo --help"),
        ("register", "Missing command", "genbo register --help"),
        ("register prnt", "No such command 'prnt'", "genbo register --help"),
        ("register show", "Missing option '--product'", "genbo register show --help"),
        ("register show --produkt X", "No such option: --produkt", "genbo register show --help"),
        ("register show --product", "Option '--product' requires an argument", "genbo register show --help"),
        ("check --lang fr", "Invalid value for '--lang'", "genbo check --help"),
        ("up --port many", "Invalid value for '--port'", "genbo up --help"),
        ("product create", "Missing argument 'file'", "genbo product create --help"),
        ("check now", "unexpected extra argument", "genbo check --help"),
    ],
)  # fmt: skip
def test_command_line__misspelt__is_one_line_and_2(line: str, problem: str, help: str) -> None:
    refused = inside(*line.split())
    assert (refused.code, refused.out) == (2, "")
    assert refused.line.startswith("command_invalid: The command cannot be understood: ")
    assert problem in refused.line
    assert refused.line.endswith(f"See `{help}`.")
    as_json = inside(*line.split(), "--json")
    if not line.endswith("--product"):  # which takes --json for its value
        assert (as_json.code, as_json.error["reason"]) == (2, "command_invalid")
        assert as_json.error["facts"]["help"] == help


def test_command_line__bytes_that_are_no_text__is_one_line_and_2() -> None:
    refused = inside("wallet", "show", "--product", b"P-\xff".decode("utf-8", "surrogateescape"))
    assert (refused.code, refused.out) == (2, "")
    assert "argument 4 is not UTF-8 text" in refused.line


def test_command_line__misspelt__is_told_in_japanese() -> None:
    assert inside("register", "show", "--lang", "ja").line.startswith(
        "command_invalid: コマンドを解釈できません：Missing option '--product'"
    )
    assert "コマンドを解釈できません" in inside("register", "show", "--lang=ja").line
