"""Ticking (進捗): whoever waits for a long document hears how many of its rows are written, and may end it there."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Tick: TypeAlias = Callable[[int], None]
"""Hears how many rows are written. What it raises ends the document."""

EVERY = 500
"""Rows between two ticks."""


def silent(_: int) -> None:
    """Nobody waits."""


def ticking(rows: Iterable[T], tick: Tick) -> Iterator[T]:
    """The rows, told as they are taken."""
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            tick(number)
        yield row
