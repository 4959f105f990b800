"""Release (解除): two persons say, with evidence, that what a screening found does not stand in the way.

Neither of them is who screened. A release is about exactly the entries that were looked at, as they read that day:
another entry, a changed one, or a change of the customer's name blocks again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genbo.compliance.screening.screen import Outcome, Screening
from genbo.kernel import Digest, InvestorId, Reason, Refusal


class Ground(StrEnum):
    """Why a match does not stand in the way."""

    OTHER_PERSON = "other_person"
    """別人: the listed one is somebody else."""
    AUTHORISED = "authorised"
    """許可: the authority has permitted it."""
    READ_BY_HAND = "read_by_hand"
    """目視確認: an unmatchable name was compared by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The maker's half of a release."""

    screening: Screening
    ground: Ground
    maker: str
    """User id (T14)."""
    evidence: Digest
    """Digest of the file in which the decision is argued."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A proposal that a second person approved."""

    proposal: Proposal
    approver: str
    """User id (T14)."""
    at: datetime

    @property
    def investor(self) -> InvestorId:
        """Whom it is about."""
        return self.proposal.screening.investor

    def covers(self, screening: Screening) -> bool:
        """Whether all that `screening` found was looked at.

        A name compared by hand was compared with one version of the list, so that holds for this version alone.
        """
        seen = self.proposal.screening
        if (seen.investor, seen.subject_version) != (screening.investor, screening.subject_version):
            return False
        if seen.list.name != screening.list.name:
            return False
        if screening.unread and seen.list != screening.list:
            return False
        known = {(match.entry, match.entry_digest) for match in seen.matches}
        return known >= {(match.entry, match.entry_digest) for match in screening.matches}


def propose_release(
    screening: Screening, *, ground: Ground, maker: str, evidence: Digest | None, at: datetime
) -> Proposal:
    """The maker's half.

    Raises:
        Refusal: `screening_clear` when there is nothing to release; `evidence_missing`; `screening_same_person` when
            the maker is who screened; `field_invalid` when the ground does not fit the outcome.
    """
    if screening.outcome is Outcome.CLEAR:
        raise Refusal(Reason.SCREENING_CLEAR, investor=screening.investor, list=screening.list.name)
    if evidence is None or not int(evidence, 16):
        raise Refusal(Reason.EVIDENCE_MISSING, ref=screening.investor)
    by_hand = screening.outcome is Outcome.UNMATCHABLE
    fitting = [each for each in Ground if (each is Ground.READ_BY_HAND) == by_hand]
    if ground not in fitting:
        raise Refusal(
            Reason.FIELD_INVALID, field="ground", value=ground, allowed=", ".join(fitting)
        )
    _another(maker, "maker", {"screener": screening.by})
    return Proposal(screening=screening, ground=ground, maker=maker, evidence=evidence, at=at)


def approve_release(proposal: Proposal, *, approver: str, at: datetime) -> Release:
    """The approver's half.

    Raises:
        Refusal: `screening_same_person` when the approver is the maker or who screened.
    """
    others = {"maker": proposal.maker, "screener": proposal.screening.by}
    _another(approver, "approver", others)
    return Release(proposal=proposal, approver=approver, at=at)


def _another(person: str, role: str, others: dict[str, str]) -> None:
    for other, who in others.items():
        if person == who:
            raise Refusal(Reason.SCREENING_SAME_PERSON, person=person, role=role, other=other)
