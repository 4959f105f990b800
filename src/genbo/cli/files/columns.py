"""Columns that several tables have, and the kinds of cells they are made of."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from unicodedata import category

from genbo.cli.files.table import Column
from genbo.kernel import InvestorId, Units, to_bytes32, units

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"\d{1,25}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2105  # the ledger counts seconds in 32 bits, up to 2106
_LONGEST = 200


def key(text: str) -> str:
    """An id or reference as the ledger can carry it."""
    to_bytes32(text)
    return text


def line_of_text(text: str) -> str:
    """Something on one line, in any script: no control characters, no line or paragraph separators."""
    if not text or len(text) > _LONGEST:
        raise ValueError
    if any(category(sign).startswith("C") or category(sign) in ("Zl", "Zp") for sign in text):
        raise ValueError
    return text


def day(text: str) -> date:
    """A day that the ledger can carry too."""
    found = date.fromisoformat(text) if _DAY.fullmatch(text) else date.min
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError
    return found


def whole(text: str) -> Units:
    """A whole number of units: digits and nothing else."""
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return units(int(text))


def one_of(values: Mapping[str, T]) -> Column:
    """One of a few words."""
    return Column(values.__getitem__, ", ".join(values))


def optional(read: Callable[[str], Any], allowed: str) -> Column:
    """A cell that may be empty, in a column that may be missing."""
    return Column(read, f"{allowed}, or nothing", optional=True)


KEY_ALLOWED = "1 to 32 of the characters A-Z a-z 0-9 . _ : / -"
DAY_ALLOWED = f"a day like 2025-03-31, from {_FIRST_YEAR} to {_LAST_YEAR}"

INVESTOR = Column(lambda text: InvestorId(key(text)), KEY_ALLOWED)
UNITS = Column(whole, "a whole number of units")
TEXT = Column(line_of_text, f"1 to {_LONGEST} characters on one line")
