"""Compliance: who may hold what, and why a movement is refused.

Judges persons and movements from facts; does not know who asks. Promises: every refusal anywhere
has exactly one reason, with its words in Japanese and English, and the same question gives the same
answer before and at the act.
"""

from genbo.compliance.reasons import (
    ERRORS,
    REASONS,
    Explanation,
    Language,
    ReasonEntry,
    explain,
    reason_numbered,
    refusal_from_error,
)

__all__ = [
    "ERRORS",
    "REASONS",
    "Explanation",
    "Language",
    "ReasonEntry",
    "explain",
    "reason_numbered",
    "refusal_from_error",
]
