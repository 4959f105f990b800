"""What a hit stops, and how it ends.

given an investor and the lists in force
├── it should pass when every list is clear under the names and thresholds in force
├── when no list is in force, a list was not screened, or the screening is stale
│   └── it should be refused (fail closed)
├── when a list has a hit, a possible match or an unmatchable name
│   └── it should be refused with that reason, the hit first, and no name in it
└── when an old screening hit and the new version was not screened
    └── it should still be the hit
given a match
├── it should be released by a maker and an approver who differ, neither of whom screened, with evidence
├── it should stay released in the next version of the list while the entry reads the same
└── it should block again for another entry, a changed entry, a changed name, or by hand on another version
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.screening import (
    EVIDENCE,
    NOW,
    THRESHOLDS,
    customer,
    listed,
    sanctions_list,
    screened,
)

from genbo.compliance.reasons import explain
from genbo.compliance.screening import (
    AmlClass,
    Ground,
    Outcome,
    Release,
    SanctionsList,
    Screening,
    Subject,
    Thresholds,
    aml_class,
    approve_release,
    propose_release,
    screening_refusal,
)
from genbo.kernel import Digest, Reason, Refusal

ENTRY = listed("e-1", "Zalto Omu Karimo")
LIST = sanctions_list([ENTRY])
OTHER = sanctions_list([listed("o-1", "Minato Harue")], name="other-list")
LISTED, HARMLESS = customer("Zalto Omu Karimo"), customer("Sakura Midori")
LIKE = customer("Zalta Omu Karino")
UNREAD = customer()


def gate(
    *screenings: Screening,
    lists: tuple[SanctionsList, ...] = (LIST,),
    releases: tuple[Release, ...] = (),
    version: int = 1,
    thresholds: Thresholds = THRESHOLDS,
) -> Refusal | None:
    return screening_refusal(
        LISTED.investor,
        subject_version=version,
        lists=[each.version for each in lists],
        thresholds=thresholds,
        screenings=screenings,
        releases=releases,
    )


def released(screening: Screening, ground: Ground = Ground.OTHER_PERSON) -> Release:
    proposal = propose_release(
        screening, ground=ground, maker="user-maker", evidence=EVIDENCE, at=NOW
    )
    return approve_release(proposal, approver="user-approver", at=NOW)


def test_gate__every_list_clear__passes() -> None:
    assert gate(screened(HARMLESS, LIST), screened(HARMLESS, OTHER), lists=(LIST, OTHER)) is None
    assert aml_class(None) is AmlClass.CLEAR


def test_gate__nothing_to_rely_on__is_refused() -> None:
    clear = screened(HARMLESS, LIST)
    stranger = screened(replace(HARMLESS, investor="inv-2"), LIST)
    newer = sanctions_list([ENTRY, listed("e-2", "Sakura Midori")], day=2)
    for refusal, reason in [
        (gate(clear, lists=()), Reason.SCREENING_MISSING),
        (gate(), Reason.SCREENING_MISSING),
        (gate(stranger), Reason.SCREENING_MISSING),
        (gate(clear, lists=(LIST, OTHER)), Reason.SCREENING_MISSING),
        (gate(clear, lists=(newer,)), Reason.SCREENING_STALE),
        (gate(clear, version=2), Reason.SCREENING_STALE),
        (gate(clear, thresholds=Thresholds(version="new")), Reason.SCREENING_STALE),
    ]:
        assert refusal is not None
        assert refusal.reason is reason
        assert aml_class(refusal) is AmlClass.REVIEW


@pytest.mark.parametrize(
    ("subject", "reason", "klass"),
    [
        (LISTED, Reason.SCREENING_HIT, AmlClass.BLOCKED),
        (LIKE, Reason.SCREENING_POSSIBLE, AmlClass.REVIEW),
        (UNREAD, Reason.SCREENING_UNMATCHABLE, AmlClass.REVIEW),
    ],
)
def test_gate__anything_found__is_refused_with_its_reason_and_no_name(
    subject: Subject, reason: Reason, klass: AmlClass
) -> None:
    refusal = gate(screened(subject, LIST))
    assert refusal is not None
    assert (refusal.reason, aml_class(refusal)) == (reason, klass)
    said = (str(refusal) + str(explain(refusal))).lower()
    assert "inv-1" in said
    assert not [word for word in ("zalto", "zalta", "山田") if word in said]


def test_gate__a_hit_on_the_second_list__is_named_before_what_is_missing_on_the_first() -> None:
    refusal = gate(screened(LISTED, LIST), lists=(OTHER, LIST))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_HIT


def test_gate__screened_again__the_last_one_counts() -> None:
    later = screened(HARMLESS, LIST, at=NOW + timedelta(hours=1))
    assert gate(later, screened(LISTED, LIST)) is None
    last = screened(LISTED, LIST, at=NOW + timedelta(hours=2))
    assert gate(later, last) is not None


def test_gate__old_hit_new_version_not_screened__is_still_the_hit_until_released() -> None:
    newer = sanctions_list([ENTRY, listed("e-2", "Sakura Midori")], day=2)
    hit = screened(LISTED, LIST)
    refusal = gate(hit, lists=(newer,))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_HIT
    refusal = gate(hit, lists=(newer,), releases=(released(hit),))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_STALE


@pytest.mark.parametrize("subject", [LISTED, LIKE])
def test_release__by_two_others_with_evidence__lets_pass(subject: Subject) -> None:
    found = screened(subject, LIST)
    assert gate(found, releases=(released(found),)) is None


@pytest.mark.parametrize(
    ("maker", "approver"),
    [
        ("user-screener", "user-approver"),
        ("user-maker", "user-maker"),
        ("user-maker", "user-screener"),
    ],
)
def test_release__one_person_in_two_parts__is_refused(maker: str, approver: str) -> None:
    with pytest.raises(Refusal) as refused:
        approve_release(
            propose_release(
                screened(LISTED, LIST),
                ground=Ground.OTHER_PERSON,
                maker=maker,
                evidence=EVIDENCE,
                at=NOW,
            ),
            approver=approver,
            at=NOW,
        )
    assert refused.value.reason is Reason.SCREENING_SAME_PERSON


@pytest.mark.parametrize("evidence", [None, Digest("0x" + "0" * 64)])
def test_release__no_evidence__is_refused(evidence: Digest | None) -> None:
    with pytest.raises(Refusal) as refused:
        propose_release(
            screened(LISTED, LIST),
            ground=Ground.AUTHORISED,
            maker="user-maker",
            evidence=evidence,
            at=NOW,
        )
    assert refused.value.reason is Reason.EVIDENCE_MISSING


def test_release__of_a_clear_screening__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        released(screened(HARMLESS, LIST))
    assert refused.value.reason is Reason.SCREENING_CLEAR


@pytest.mark.parametrize(
    ("subject", "ground", "allowed"),
    [
        (LISTED, Ground.READ_BY_HAND, "other_person, authorised"),
        (UNREAD, Ground.OTHER_PERSON, "read_by_hand"),
    ],
)
def test_release__a_ground_that_does_not_fit__is_refused(
    subject: Subject, ground: Ground, allowed: str
) -> None:
    with pytest.raises(Refusal) as refused:
        released(screened(subject, LIST), ground)
    assert refused.value.reason is Reason.FIELD_INVALID
    assert refused.value.facts["allowed"] == allowed


def test_release__entry_unchanged_in_the_next_version__still_lets_pass() -> None:
    grant = released(screened(LISTED, LIST))
    newer = sanctions_list([ENTRY, listed("e-2", "Sakura Midori")], day=2)
    assert gate(screened(LISTED, newer), lists=(newer,), releases=(grant,)) is None


@pytest.mark.parametrize(
    "entries",
    [
        [ENTRY, listed("e-2", "Zalto Omu Karimo")],
        [listed("e-1", "Zalto Omu Karimo", births=("1960",))],
    ],
)
def test_release__another_or_a_changed_entry__blocks_again(entries: list) -> None:  # type: ignore[type-arg]
    grant = released(screened(LISTED, LIST))
    newer = sanctions_list(entries, day=2)
    refusal = gate(screened(LISTED, newer), lists=(newer,), releases=(grant,))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_HIT


def test_release__name_changed_since__blocks_again() -> None:
    grant = released(screened(LISTED, LIST))
    renamed = screened(replace(LISTED, version=2), LIST)
    refusal = gate(renamed, version=2, releases=(grant,))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_HIT


def test_release__of_another_list_or_investor__covers_nothing() -> None:
    grant = released(screened(LISTED, LIST))
    assert not grant.covers(screened(LISTED, sanctions_list([ENTRY], name="other-list")))
    assert not grant.covers(screened(replace(LISTED, investor="inv-2"), LIST))
    assert grant.investor == LISTED.investor


def test_release__read_by_hand__holds_for_that_version_alone() -> None:
    by_hand = screened(UNREAD, LIST)
    assert by_hand.outcome is Outcome.UNMATCHABLE
    grant = released(by_hand, Ground.READ_BY_HAND)
    assert gate(by_hand, releases=(grant,)) is None
    newer = sanctions_list([ENTRY, listed("e-2", "Sakura Midori")], day=2)
    refusal = gate(screened(UNREAD, newer), lists=(newer,), releases=(grant,))
    assert refusal is not None
    assert refusal.reason is Reason.SCREENING_UNMATCHABLE
