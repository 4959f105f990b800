"""Word (確認結果の記帳): what the ledger should say of an investor's addresses, from what the registry knows.

One rule for the moment a verdict is stored and for the routine that compares ever after, so that they cannot disagree.
It fails closed: whatever is missing or not good closes (R-JSTOA-FIG5.6); only "allowed" and "blocked" reach the ledger
(R-PROGMAT-T7.22).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from genbo.kernel import Refusal

_ACTIVE, _CLEAR, _BLOCKED = "active", "clear", "blocked"


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """What the ledger says, or should say, of one address."""

    until: datetime | None
    """The first second it no longer holds; None: nothing was given, or it was taken back."""
    blocked: bool
    """Neither sends nor receives; taking it back needs two persons."""

    def opens(self, *, at: datetime) -> bool:
        """Whether the address may hold at `at`."""
        return not self.blocked and self.until is not None and at < self.until


CLOSED, BLOCKED = Word(None, False), Word(None, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the registry knows of one investor, as far as the ledger is concerned."""

    until: datetime | None
    """Of the latest verdict; None without one, and for one that was taken back."""
    investor_class: int
    blocked: bool
    """Whether the latest verdict blocks."""
    status: str
    """投資家ステータス (R-PROGMAT-T7.21)."""
    aml_class: str
    """AML区分 (R-PROGMAT-T7.22)."""


def word_for(known: Known, *, screening: Refusal | None = None) -> Word:
    """What the ledger should say.

        blocked by its verdict or its AML class      blocked, at once
        not active, in review, no verdict, revoked   closed
        screening stands against it                  closed: nothing opens before a screening is clear or released
        else                                         open until the verdict runs out

    Args:
        screening: what the gate says; asked only where the word would open something.
    """
    if known.blocked or known.aml_class == _BLOCKED:
        return BLOCKED
    if known.status != _ACTIVE or known.aml_class != _CLEAR or screening is not None:
        return CLOSED
    return Word(None if known.until is None else whole(known.until), False)


def whole(at: datetime) -> datetime:
    """The instant as the ledger can say it: whole seconds, never later."""
    return datetime.fromtimestamp(int(at.timestamp()), UTC)


def against(known: Known) -> str | None:
    """What of the registry itself speaks against holding, as one word for a refusal; None when nothing does."""
    if known.blocked or known.aml_class == _BLOCKED:
        return _BLOCKED
    if known.status != _ACTIVE:
        return known.status
    if known.aml_class != _CLEAR:
        return known.aml_class
    return "no verdict stands" if known.until is None else None
