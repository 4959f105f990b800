"""Screening (AML/CFT照合): whether a customer is on a sanctions list, and who says that it does not matter.

Promises: names are compared by kana and romaji and never by a guess at kanji; what cannot be compared is said to be
unmatchable and blocks; every match says why; nothing stored holds a name; and a hit ends only by two persons, neither
of whom screened, with evidence.
"""

from genbo.compliance.screening.gate import aml_class, screening_refusal
from genbo.compliance.screening.index import NameIndex
from genbo.compliance.screening.likeness import Basis, Likeness, likeness
from genbo.compliance.screening.listed import Delta, Listed, ListVersion, SanctionsList, delta
from genbo.compliance.screening.names import Kind, ReadName, read_name
from genbo.compliance.screening.release import (
    Ground,
    Proposal,
    Release,
    approve_release,
    propose_release,
)
from genbo.compliance.screening.screen import (
    Agreement,
    Match,
    Outcome,
    Screening,
    StatedName,
    Subject,
    Thresholds,
    Trigger,
    carry,
    screen,
    screen_all,
)
from genbo.masters import AmlClass

__all__ = [
    "Agreement",
    "AmlClass",
    "Basis",
    "Delta",
    "Ground",
    "Kind",
    "Likeness",
    "ListVersion",
    "Listed",
    "Match",
    "NameIndex",
    "Outcome",
    "Proposal",
    "ReadName",
    "Release",
    "SanctionsList",
    "Screening",
    "StatedName",
    "Subject",
    "Thresholds",
    "Trigger",
    "aml_class",
    "approve_release",
    "carry",
    "delta",
    "likeness",
    "propose_release",
    "read_name",
    "screen",
    "screen_all",
    "screening_refusal",
]
