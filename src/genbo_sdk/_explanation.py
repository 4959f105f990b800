"""Explanations: why a transfer would be refused, and what to do about it.

given a transfer that is asked about
├── when nothing stands against it: allowed
├── when what stands against it will pass: accepted, with what it waits for
├── when a rule says no, to the transfer or to the question: refused, with every reason that is known
└── when the question cannot be asked (no sign-in, too often, registry away): that error, for it says nothing of the
    transfer
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from genbo_sdk._errors import NotAllowed, RateExceeded, Refused, Told, Unavailable, Words
from genbo_sdk._reason import Reason

if TYPE_CHECKING:
    from genbo_sdk._models import Explained, Problem

_NOTHING_SAID = (NotAllowed, RateExceeded, Unavailable)
_ALLOWED: Mapping[str, str] = {
    "en": "Nothing stands against the transfer.",
    "ja": "この移転を妨げるものはありません。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One thing that stands against a transfer."""

    reason: Reason | None
    facts: Mapping[str, str | int | None]
    words: Mapping[str, Words] = field(repr=False)
    """Language to sentence and remedy."""
    language: str = field(default="en", repr=False)

    @property
    def sentence(self) -> str:
        """What stands against it, in the language that was asked for."""
        told = self.words.get(self.language)
        return told.sentence if told else str(self.reason or "")

    @property
    def remedy(self) -> str:
        """What to do about it."""
        told = self.words.get(self.language)
        return told.remedy if told else ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What would become of a transfer at this moment."""

    allowed: bool
    """Nothing stands against it."""
    accepted: bool
    """An order would be taken, to wait for what passes."""
    reasons: tuple[Why, ...]
    """Everything that stands against it."""
    needs_signature: bool | None = None
    """Whether the giver's key has to sign; None where that is not known."""
    language: str = field(default="en", repr=False)

    def __str__(self) -> str:
        if self.allowed:
            return _ALLOWED[self.language]
        return "\n".join(f"- {each}" for each in self.reasons)


def explained(told: Explained, language: str) -> Explanation:
    """What the registry judged."""
    return Explanation(
        allowed=told.allowed,
        accepted=told.accepted,
        reasons=tuple(_why(each, language) for each in told.refusals),
        needs_signature=told.needs_signature,
        language=language,
    )


def refused(error: Refused, language: str) -> Explanation:
    """What the registry refused to judge. Raises the error itself where it says nothing of the transfer."""
    if isinstance(error, _NOTHING_SAID):
        raise error
    each: Sequence[Told] = error.problems or (error.told,)
    return Explanation(
        allowed=False,
        accepted=False,
        reasons=tuple(_why(one, language) for one in each),
        language=language,
    )


def _why(told: Problem | Told, language: str) -> Why:
    return Why(reason=told.reason, facts=told.facts, words=told.words, language=language)
