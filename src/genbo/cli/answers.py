"""Answers (秘密の入力): what must not stand on a command line, asked for at the terminal or read from a file.

A command line is seen by everybody on the machine and kept in a history. So passwords, codes, names and employee codes
are typed, unseen where they are secret; or each question is answered by the next line of the file that `--answers`
names, `-` for standard input.
"""

import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from genbo.kernel import Fault, Reason

AnswersFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        help=(
            "File that answers what the command asks, one line each, in the order of the questions; - for standard "
            "input. Without it you are asked at the terminal."
        ),
    ),
]


class Answers:
    """Answers to the questions of one command. Its representation shows none."""

    def __init__(self, file: Path | None) -> None:
        self._lines: list[str] | None = None
        self._file = file
        if file is None:
            return
        try:
            text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "it is not UTF-8"
            raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None
        self._lines = text.splitlines()

    def __repr__(self) -> str:
        return "Answers()"

    def ask(self, question: str) -> str:
        """What is seen while it is typed.

        Raises:
            Fault: `field_missing` when the file has no further line, or there is neither a file nor a terminal.
        """
        return self._next(question, hidden=False)

    def ask_secret(self, question: str) -> str:
        """What is not seen while it is typed. Raises as `ask`."""
        return self._next(question, hidden=True)

    def choose_secret(self, question: str) -> str:
        """A new secret: typed twice at a terminal, where a slip would not be seen. Raises as `ask`."""
        if self._lines is not None:
            return self.ask_secret(question)
        while True:
            first = self.ask_secret(question)
            if first == self.ask_secret(f"{question}, again"):
                return first
            typer.echo("The two differ.", err=True)

    def _next(self, question: str, *, hidden: bool) -> str:
        if self._lines is not None:
            if not self._lines:
                raise Fault(Reason.FIELD_MISSING, field=question, file=str(self._file))
            return self._lines.pop(0)
        if not sys.stdin.isatty():
            raise Fault(Reason.FIELD_MISSING, field=question, allowed="a terminal, or --answers")
        typed: str = typer.prompt(
            question, hide_input=hidden, default="", show_default=False, err=True
        )
        return typed
