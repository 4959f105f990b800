"""An allotment file is taken as a whole or not at all.

given a file (D.1.2)
    it should list every line that is wrong, and the sum against the offering
given units that were issued on top, split or redeemed since (R-JSTOA-6.1.1.5)
    the offering should be everything that was ever offered, in units of today
given a verdict that ran out between the file and the execution (D.1.3)
    it should be refused at execution, though it was valid when the file was made
given an investor of a class that may not hold
    it should be ineligible, with the reason the token will give
"""

from datetime import datetime, timedelta

import pytest
from tests.storage.builders import stamp, word
from tests.support.ledger import TokenLedger, an_address

from genbo.compliance.allotment import (
    Application,
    OfferingLimits,
    Standing,
    judge_allotment,
    offered_in_all,
)
from genbo.compliance.eligibility import Verdict, ineligible
from genbo.kernel import JST, InvestorId, ProductId, Reason, Refusal, Units
from genbo.register import LogPosition, TotalIssued
from genbo.token import InvestorClass

MADE = datetime(2021, 8, 6, 15, tzinfo=JST)
LIMITS = OfferingLimits(minimum=Units(2), step=Units(1), offering=Units(1_453))
GOOD = Standing(verified_until=MADE + timedelta(days=365), blocked=False)


def rows(*given: tuple[str, int]) -> list[Application]:
    return [
        Application(line=line, investor=InvestorId(investor), units=Units(units))
        for line, (investor, units) in enumerate(given, start=2)
    ]


def judged(
    applications: list[Application],
    *,
    limits: OfferingLimits = LIMITS,
    at: datetime = MADE,
    **others: Standing | None,
) -> list[tuple[int, Reason]]:
    standings = {each.investor: GOOD for each in applications}
    for investor, standing in others.items():
        standings.pop(InvestorId(investor), None)
        if standing is not None:
            standings[InvestorId(investor)] = standing
    findings = judge_allotment(applications, limits=limits, standings=standings, at=at)
    return [(finding.line, finding.refusal.reason) for finding in findings]


def test_file__all_lines_right__has_no_finding() -> None:
    assert judged(rows(("H1", 2), ("H2", 51))) == []


def test_file__below_the_minimum__names_the_line() -> None:
    """D.1.2: H900 applies for 1 unit; H1 and H2 are fine."""
    assert judged(rows(("H1", 2), ("H900", 1), ("H2", 51))) == [(3, Reason.BELOW_MINIMUM_LOT)]


def test_file__over_the_offering__is_refused_as_a_whole() -> None:
    """D.1.2: 1,460 applied for against 1,453."""
    applications = rows(("H1", 1_000), ("H2", 460))
    findings = judge_allotment(
        applications,
        limits=LIMITS,
        standings={each.investor: GOOD for each in applications},
        at=MADE,
    )
    assert [each.refusal.reason for each in findings] == [Reason.OVER_OFFERING_QUANTITY]
    assert findings[0].refusal.facts == {"applied": 1_460, "offering": 1_453}
    assert judged(rows(("H1", 1_000), ("H2", 453))) == []


@pytest.mark.parametrize(("units", "fine"), [(10, True), (15, True), (12, False), (9, False)])
def test_file__steps_above_the_minimum__are_kept(units: int, fine: bool) -> None:
    limits = OfferingLimits(minimum=Units(10), step=Units(5), offering=Units(100))
    assert (judged(rows(("H1", units)), limits=limits) == []) is fine


def test_file__several_wrong_lines__are_all_listed() -> None:
    found = judged(
        rows(("H1", 1), ("H2", 2), ("H2", 3), ("H3", 2), ("H4", 2), ("H5", 2)),
        H3=None,
        H4=Standing(verified_until=None, blocked=False),
        H5=Standing(verified_until=MADE + timedelta(days=1), blocked=True),
    )
    assert found == [
        (2, Reason.BELOW_MINIMUM_LOT),
        (4, Reason.INVESTOR_TWICE),
        (5, Reason.INVESTOR_UNKNOWN),
        (6, Reason.RECIPIENT_UNVERIFIED),
        (7, Reason.RECIPIENT_BLOCKED),
    ]


def test_verdict__ran_out_after_the_file_was_made__is_refused_at_execution() -> None:
    """D.1.3, by the judgement and by the token."""
    executed = datetime(2021, 8, 11, 10, tzinfo=JST)
    yesterday = Standing(verified_until=executed - timedelta(days=1), blocked=False)
    applications = rows(("H1", 2))
    assert judged(applications, at=MADE, H1=yesterday) == []
    assert judged(applications, at=executed, H1=yesterday) == [
        (2, Reason.RECIPIENT_VERDICT_EXPIRED)
    ]

    settlor, h1, h2 = (an_address(number) for number in (1, 2, 3))
    ledger = TokenLedger(at=executed, beneficiary=settlor)
    ledger.verify(settlor, h2)
    ledger.verify(h1, until=executed - timedelta(days=1))
    ledger.issue(1_453, ref="ISSUE")
    with pytest.raises(Refusal) as refusal:
        ledger.distribute({h2: 51, h1: 2}, ref="ALLOT")
    assert refusal.value.reason is Reason.RECIPIENT_VERDICT_EXPIRED
    assert ledger.token.balance_of(h2) == 0


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (None, Reason.RECIPIENT_UNVERIFIED),
        (Verdict(until=None, investor_class=InvestorClass.INDIVIDUAL), Reason.RECIPIENT_UNVERIFIED),
        (
            Verdict(until=MADE, investor_class=InvestorClass.INDIVIDUAL),
            Reason.RECIPIENT_VERDICT_EXPIRED,
        ),
        (
            Verdict(
                until=MADE + timedelta(seconds=1),
                investor_class=InvestorClass.INDIVIDUAL,
                blocked=True,
            ),
            Reason.RECIPIENT_BLOCKED,
        ),
        (
            Verdict(until=MADE + timedelta(seconds=1), investor_class=InvestorClass.PROFESSIONAL),
            Reason.RECIPIENT_CLASS_NOT_PERMITTED,
        ),
        (
            Verdict(until=MADE + timedelta(seconds=1), investor_class=InvestorClass.INDIVIDUAL),
            None,
        ),
    ],
)
def test_ineligible__asked_before__gives_the_tokens_reason(
    verdict: Verdict | None, reason: Reason | None
) -> None:
    refusal = ineligible(
        verdict,
        account=an_address(1),
        permitted_classes=frozenset({InvestorClass.INDIVIDUAL}),
        at=MADE,
    )
    assert (None if refusal is None else refusal.reason) is reason


# The offering --------------------------------------------------------------------------------------------


def totals(*changes: tuple[int, int]) -> list[TotalIssued]:
    """Total issued and split factor after each change."""
    return [
        TotalIssued(
            product=ProductId("P1"),
            units=Units(units),
            factor=factor,
            position=LogPosition(stamp=stamp(number), log_index=0, tx=word(number)),
        )
        for number, (units, factor) in enumerate(changes, 1)
    ]


@pytest.mark.parametrize(
    ("changes", "offering"),
    [
        ((), 1_453),  # set, and not issued yet
        (((1_453, 1),), 1_453),
        (((1_453, 1), (1_953, 1)), 1_953),  # 500 on top
        (((1_453, 1), (14_530, 10)), 14_530),
        (((1_453, 1), (14_530, 10), (15_000, 10)), 15_000),
        (((1_453, 1), (1_500, 1), (15_000, 10)), 15_000),
        (((1_453, 1), (1_000, 1), (1_200, 1)), 1_653),  # 453 redeemed, then 200 on top
    ],
)
def test_offering__after_each_history__is_all_that_was_offered(
    changes: tuple[tuple[int, int], ...], offering: int
) -> None:
    assert offered_in_all(1_453, totals(*changes)) == offering
