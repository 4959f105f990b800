"""The gate: whether screening stands against a movement, asked before it executes (R-JSTOA-6.3.2).

Fails closed: who was not screened against every list in force, under the names and thresholds in force, does not pass
(R-JSTOA-FIG5.6).
"""

from collections.abc import Iterable, Sequence

from genbo.compliance.screening.listed import ListVersion
from genbo.compliance.screening.release import Release
from genbo.compliance.screening.screen import Outcome, Screening, Thresholds
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import AmlClass

_REFUSED = {
    Outcome.HIT: Reason.SCREENING_HIT,
    Outcome.POSSIBLE: Reason.SCREENING_POSSIBLE,
    Outcome.UNMATCHABLE: Reason.SCREENING_UNMATCHABLE,
}


def screening_refusal(
    investor: InvestorId,
    *,
    subject_version: int,
    lists: Sequence[ListVersion],
    thresholds: Thresholds,
    screenings: Iterable[Screening],
    releases: Iterable[Release],
) -> Refusal | None:
    """Why `investor` may neither give nor receive now; None when every list in force is clear or released.

    `lists` are the versions in force, of which there must be one at least. A hit is named before anything else.
    """
    if not lists:
        return Refusal(Reason.SCREENING_MISSING, investor=investor)
    own = [each for each in screenings if each.investor == investor]
    granted = list(releases)
    found = [
        refusal
        for version in lists
        if (refusal := _on_list(investor, subject_version, version, thresholds, own, granted))
    ]
    return next((each for each in found if each.reason is Reason.SCREENING_HIT), None) or next(
        iter(found), None
    )


def aml_class(refusal: Refusal | None) -> AmlClass:
    """The class that follows from what the gate says: a hit blocks, anything else that is open is in review."""
    if refusal is None:
        return AmlClass.CLEAR
    return AmlClass.BLOCKED if refusal.reason is Reason.SCREENING_HIT else AmlClass.REVIEW


def _on_list(
    investor: InvestorId,
    subject_version: int,
    version: ListVersion,
    thresholds: Thresholds,
    own: Sequence[Screening],
    releases: Sequence[Release],
) -> Refusal | None:
    on_list = [each for each in own if each.list.name == version.name]
    in_force = (version, subject_version, thresholds)
    standing = [
        each for each in on_list if (each.list, each.subject_version, each.thresholds) == in_force
    ]
    if not on_list:
        return Refusal(Reason.SCREENING_MISSING, investor=investor, list=version.name)
    last = max(standing or on_list, key=lambda each: each.at)
    if not standing and (
        last.outcome is not Outcome.HIT or any(each.covers(last) for each in releases)
    ):
        return Refusal(Reason.SCREENING_STALE, investor=investor, list=version.name)
    # From here on: what stands, or an old hit, which does not end because something newer was not screened.
    if last.outcome is Outcome.CLEAR or any(release.covers(last) for release in releases):
        return None
    return Refusal(
        _REFUSED[last.outcome],
        investor=investor,
        list=version.name,
        published=last.list.published.isoformat(),
        score=last.score,
        matches=len(last.matches),
    )
