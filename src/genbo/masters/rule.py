"""Rule: what may stand in one cell, and the one way of writing it that is kept.

A rule reads text and gives the canonical value, or refuses. It never repeats the text: what stands in the wrong cell
may be anybody's personal data.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from unicodedata import category

from genbo.kernel import Reason, Refusal, to_bytes32

__all__ = ["ID", "LINE", "LONGEST_LINE", "NOTE", "Rule", "narrow", "one_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is allowed in a cell, in words, and how its text is read."""

    allowed: str
    allowed_ja: str
    read: Callable[[str], str] = field(repr=False)
    """Text to canonical value; raises `ValueError`, or a `Refusal` that has a reason of its own. The
    canonical value reads as itself."""

    def __call__(self, text: str, *, field: str) -> str:
        """The canonical value of `text`.

        Raises:
            Refusal: `field_invalid` with `field` and what is allowed, or the rule's own reason.
        """
        try:
            return self.read(text)
        except ValueError:
            raise Refusal(Reason.FIELD_INVALID, field=field, allowed=self.allowed) from None
        except Refusal as refusal:
            raise Refusal(refusal.reason, **{"field": field, **refusal.facts}) from None


# Full-width letters, digits and signs stand 0xFEE0 above the ASCII ones; hyphens have many looks.
_NARROW = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(" "): None, ord("\N{IDEOGRAPHIC SPACE}"): None}
    | dict.fromkeys(map(ord, "‐‑‒–—―−ー－ｰ"), "-")
)


def narrow(text: str) -> str:
    """A code as keyboards without a Japanese mode write it: half width, plain hyphens, no spaces."""
    return text.replace(" ", "") if text.isascii() else text.translate(_NARROW)


def one_of(values: Iterable[str]) -> Rule:
    """One of a few code words."""
    codes = tuple(values)
    known = frozenset(codes)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError
        return text

    return Rule(", ".join(codes), "、".join(codes), read)


LONGEST_LINE = 200
_NOT_ON_A_LINE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_PLAIN = re.compile(r"[!-~ぁ-んァ-ー一-龠０-９Ａ-Ｚａ-ｚ 　]+")


def _line(text: str) -> str:
    line = text.strip()
    if not line or len(line) > LONGEST_LINE:
        raise ValueError
    # Nearly every name passes the first question, which is thirty times as fast as the second.
    if not _PLAIN.fullmatch(line) and any(category(sign) in _NOT_ON_A_LINE for sign in line):
        raise ValueError
    return line


def _note(text: str) -> str:
    note = text.strip()
    if any(category(sign) in _NOT_ON_A_LINE and sign not in "\n\t" for sign in note):
        raise ValueError
    return note


def _id(text: str) -> str:
    try:
        to_bytes32(text)
    except Refusal:
        raise ValueError from None  # the refusal would repeat what stands there
    return text


LINE = Rule(
    f"1 to {LONGEST_LINE} characters on one line",
    f"1行、1〜{LONGEST_LINE}文字",
    _line,
)
"""A name or an address, kept sign by sign: normalising Unicode would print another variant of a name's kanji."""
NOTE = Rule("text of any number of lines", "文章（改行可）", _note)
"""Something to print or to read, never interpreted."""
ID = Rule(
    "1 to 32 of the characters A-Z a-z 0-9 . _ : / -",
    "英数字で始まる、英数字と . _ : / - の1〜32文字",
    _id,
)
"""An id or reference, as the ledger can carry it."""
