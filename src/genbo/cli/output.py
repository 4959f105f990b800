"""Output: one answer, for a person or for a machine.

With `--json` a command prints exactly one JSON document on standard output, an error included; everything else
it has to say (progress, remarks) goes to standard error, so that a pipe never breaks.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from genbo.cli.files.problems import FileProblems
from genbo.compliance.reasons import Language, explain
from genbo.kernel import BlockStamp, Refusal

_WIDE = 200
"""Columns where no terminal sets a width: a table in a file is not folded."""


class PipeClosed(Exception):
    """Whoever read the answer has gone, as `head` does."""


class _People(Console):
    """A console that writes whole lines and any character."""

    def __init__(self, *, stderr: bool) -> None:
        stream = sys.stderr if stderr else sys.stdout
        with suppress(AttributeError, ValueError):
            # A terminal that cannot show a character gets another one, not an error.
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        super().__init__(
            stderr=stderr,
            highlight=False,
            emoji=False,
            soft_wrap=True,
            width=None if stream.isatty() else _WIDE,
        )

    def on_broken_pipe(self) -> None:
        raise PipeClosed


class Output:
    """Where a command's answer goes."""

    def __init__(self, *, as_json: bool = False, language: Language = Language.EN) -> None:
        self.as_json = as_json
        self.language = language
        self._people = _People(stderr=as_json)

    def say(self, text: str = "", style: str | None = None) -> None:
        """A line for people; on standard error when the answer is JSON."""
        self._people.print(text, style=style, markup=False)

    def heading(self, text: str) -> None:
        """The title of what follows."""
        self.say()
        self.say(text, style="bold")

    def answer(self, document: Mapping[str, Any]) -> None:
        """The machine's answer; prints nothing for people, who were told by `say` and `table`."""
        if self.as_json:
            text = json.dumps(document, ensure_ascii=False, indent=2, default=plain)
            try:
                sys.stdout.buffer.write(
                    text.encode() + b"\n"
                )  # UTF-8, whatever the terminal speaks
                sys.stdout.buffer.flush()
            except BrokenPipeError:
                raise PipeClosed from None

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows under headings; numbers stand right, with thousands separators."""
        listed = [tuple(row) for row in rows]
        table = Table(box=None, pad_edge=False, header_style="dim")
        for at, column in enumerate(columns):
            numeric = bool(listed) and all(isinstance(row[at], int) for row in listed)
            table.add_column(column, justify="right" if numeric else "left", overflow="fold")
        for row in listed:
            table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
        self._people.print(table)

    @contextmanager
    def progress(self, what: str, total: int | None) -> Iterator["Bar"]:
        """A bar for long work: how much is done, how much there is (None: nobody knows), when it will end."""
        columns = (
            TextColumn("    {task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._people, transient=False) as progress:
            task = progress.add_task(what, total=total)
            yield Bar(lambda done: progress.advance(task, done))

    @contextmanager
    def waiting(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar for whoever waits at a terminal: told how much is done so far, on standard error, gone at the end."""
        columns = (
            TextColumn("    {task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
        )
        console = _People(stderr=True)
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as progress:
            task = progress.add_task(what, total=total)
            yield lambda done: progress.update(task, completed=done)

    def refusal(self, refusal: Refusal) -> None:
        """Why not, and what to do: one line, or for a file one line for each of its problems and their number."""
        problems = refusal.each() if isinstance(refusal, FileProblems) else [refusal]
        if self.as_json:
            error = self._told(refusal)
            if isinstance(refusal, FileProblems):
                error |= {"problems": [self._told(each) for each in problems]}
            self.answer({"error": error})
            return
        console = _People(stderr=True)
        for each in problems:
            explained = explain(each, self.language)
            console.print(" ".join(f"{each.reason.value}: {explained}".split()), markup=False)
        if isinstance(refusal, FileProblems):
            console.print(refusal.count(self.language), markup=False)

    def _told(self, refusal: Refusal) -> dict[str, Any]:
        explained = explain(refusal, self.language)
        return {
            "reason": refusal.reason.value,
            "facts": refusal.facts,
            "sentence": explained.sentence,
            "remedy": explained.remedy,
        }


class Bar:
    """A running progress bar."""

    def __init__(self, advance: Callable[[int], None]) -> None:
        self._advance = advance

    def done(self, count: int = 1) -> None:
        """`count` more are done."""
        self._advance(count)


def plain(value: object) -> object:
    """A value of ours as JSON has it."""
    if isinstance(value, BlockStamp):
        return {
            "chain_id": value.chain_id,
            "number": value.number,
            "hash": value.hash,
            "at": value.at.isoformat(),
        }
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)
