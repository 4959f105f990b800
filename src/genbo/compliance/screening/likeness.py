"""Likeness: how alike two names are, from 0 to 100, and on what that rests."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from genbo.compliance.screening.names import ReadName


class Basis(StrEnum):
    """Why two names were found alike."""

    SAME = "same"
    """The same words in the same order."""
    OTHER_ORDER = "other_order"
    """The same words; family and given name the other way round."""
    SAME_SOUND = "same_sound"
    """Another spelling of the same sounds: another romaji system, long vowels, spaces."""
    PART = "part"
    """Two words or more of one name are all in the other."""
    SIMILAR = "similar"
    """Letters differ; the score is the share of letters in common."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of two names, 0 to 100, with what it rests on."""

    score: int
    basis: Basis


_SAME_SOUND, _SIMILAR_AT_MOST, _PART = 98, 97, 90
_PART_LETTERS = 8
"""Fewest letters that part of a name must have in common to count as such."""


def likeness(one: ReadName, other: ReadName) -> Likeness:
    """How alike two names are. Symmetric; equal names have 100."""
    if one.words == other.words:
        return Likeness(100, Basis.SAME)
    if sorted(one.words) == sorted(other.words):
        return Likeness(100, Basis.OTHER_ORDER)
    ours, theirs = one.orders, other.orders
    if one.joined in theirs or other.joined in ours:
        return Likeness(_SAME_SOUND, Basis.SAME_SOUND)
    score = fuzz.ratio("".join(sorted(one.sounds)), "".join(sorted(other.sounds)))
    for order in ours:
        score = max(score, fuzz.ratio(order, other.joined, score_cutoff=score))
    for order in theirs[1:]:
        score = max(score, fuzz.ratio(one.joined, order, score_cutoff=score))
    similar = min(int(score), _SIMILAR_AT_MOST)
    if similar < _PART and _is_part(one, other):
        return Likeness(_PART, Basis.PART)
    return Likeness(similar, Basis.SIMILAR)


def _is_part(one: ReadName, other: ReadName) -> bool:
    short, long = sorted((set(one.sounds), set(other.sounds)), key=len)
    return len(short) >= 2 and short <= long and sum(map(len, short)) >= _PART_LETTERS
