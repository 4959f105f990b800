"""Versions (版): names and addresses that hold from a day on.

The statutory register of January shows the name of January (R-PROGMAT-T3.2, T7.3, T7.4), so a name is never edited: a
further version says from when it holds.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

__all__ = ["Version", "version_on"]


class Version(Protocol):
    """One version of a name or address."""

    @property
    def version(self) -> int:
        """Counts up from 1 in the order in which they were recorded."""

    @property
    def effective(self) -> date:
        """The day from which it holds; it may precede the day it was recorded."""


V = TypeVar("V", bound=Version)


def version_on(versions: Iterable[V], day: date) -> V | None:
    """The version that holds on `day`; None when there is none at all.

    Of two with one effective day the later recorded corrects the earlier. Before the first takes effect the first
    holds: nothing older is known.
    """
    ordered = sorted(versions, key=lambda each: (each.effective, each.version))
    held = [each for each in ordered if each.effective <= day]
    if held:
        return held[-1]
    return ordered[0] if ordered else None
