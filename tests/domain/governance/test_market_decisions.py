"""The market that follows from decisions, and the life of an order.

given decisions about the market
├── when the last one closed or stopped it: the hours should open nothing
├── when an operator opened it after that: they should
├── when it was resumed: it should still be closed
├── when a group was switched: the last switch should count, and take two persons
└── as known at an instant: nothing that was recorded later should count
given an order
├── when its day is over, even at night: it should be refused for good
├── when something passing stands against it: it should be asked again
└── it should come to no state that is not on its tree
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.market import CALENDAR, MARKET, PRODUCT, SET_UP, TRADING, instants, jst

from genbo.governance.market import (
    BookClosingRule,
    ClosingCause,
    Decision,
    DecisionKind,
    Market,
    OrderState,
    Override,
    Schedule,
    TransferOrder,
    market_known,
    may_deliver,
)
from genbo.governance.market.order import OPEN, PASSING, TRANSITIONS, require_transition
from genbo.kernel import InvestorId, Reason, Reference, Refusal, Units, business_date, end_of_day

OF_MARKET = (
    DecisionKind.CLOSED,
    DecisionKind.OPENED,
    DecisionKind.STOPPED,
    DecisionKind.RESUMED,
)


def decision(kind: DecisionKind, minutes: int = 0, group: str | None = None) -> Decision:
    return Decision(
        kind=kind,
        by="operator-1",
        at=SET_UP + timedelta(minutes=minutes),
        why="-",
        group=group,
        approved_by=None if group is None else "operator-2",
    )


def known(*decisions: Decision, at: object = TRADING) -> Market:
    return market_known(
        calendar=CALENDAR,
        schedule=MARKET.schedule,
        decisions=decisions,
        at=at,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("kinds", "stopped", "closed"),
    [
        ((), False, False),
        ((DecisionKind.CLOSED,), False, True),
        ((DecisionKind.CLOSED, DecisionKind.OPENED), False, False),
        ((DecisionKind.STOPPED,), True, True),
        ((DecisionKind.STOPPED, DecisionKind.RESUMED), False, True),
        ((DecisionKind.STOPPED, DecisionKind.RESUMED, DecisionKind.OPENED), False, False),
    ],
)
def test_market__after_decisions__is_what_the_last_ones_made_it(
    kinds: tuple[DecisionKind, ...], stopped: bool, closed: bool
) -> None:
    market = known(*(decision(kind, number) for number, kind in enumerate(kinds)))
    assert (market.is_stopped, market.is_closed) == (stopped, closed)
    assert market.should_be_open(TRADING) is not closed


@given(kinds=st.lists(st.sampled_from(OF_MARKET), max_size=8))
def test_market__any_decisions__opens_only_after_an_operator_did(kinds: list[DecisionKind]) -> None:
    market = known(*(decision(kind, number) for number, kind in enumerate(kinds)))
    last = [kind for kind in kinds if kind is not DecisionKind.RESUMED][-1:]
    assert market.should_be_open(TRADING) is (
        last in ([], [DecisionKind.OPENED]) and not market.is_stopped
    )


@given(
    kinds=st.lists(st.sampled_from(OF_MARKET), max_size=8),
    cut=st.integers(-1, 9),
)
def test_market__known_at_an_instant__ignores_what_came_later(
    kinds: list[DecisionKind], cut: int
) -> None:
    decisions = [decision(kind, number) for number, kind in enumerate(kinds)]
    at = SET_UP + timedelta(minutes=cut)
    before = [each for each in decisions if each.at <= at]
    then, so_far = known(*decisions, at=at), known(*before, at=at)
    assert (then.is_stopped, then.is_closed) == (so_far.is_stopped, so_far.is_closed)


def test_market__known_before_anything_was_recorded__has_nothing() -> None:
    override = Override(
        day=date(2022, 2, 7), is_business_day=False, by="x", at=TRADING, why="a typhoon"
    )
    market = market_known(
        calendar=CALENDAR.overridden(override),
        schedule=MARKET.schedule,
        decisions=[],
        at=SET_UP - timedelta(seconds=1),
    )
    assert market.schedule == Schedule()
    assert market.calendar.overrides == ()


def test_group__switched__last_one_counts_and_takes_two() -> None:
    off, on = (
        decision(DecisionKind.GROUP_OFF, 1, "TC-01"),
        decision(DecisionKind.GROUP_ON, 2, "TC-01"),
    )
    assert not known(off).group("TC-01").is_enabled
    assert known(off, on).group("TC-01").is_enabled
    alone = Decision(
        kind=DecisionKind.GROUP_ON, by="a", approved_by="a", at=SET_UP, why="-", group="TC-01"
    )
    with pytest.raises(Refusal) as refused:
        known(alone)
    assert refused.value.reason is Reason.SAME_PERSON


@pytest.mark.parametrize(
    ("kind", "group"), [(DecisionKind.CLOSED, "TC-01"), (DecisionKind.GROUP_ON, None)]
)
def test_decision__group_does_not_fit_its_kind__is_a_defect(
    kind: DecisionKind, group: str | None
) -> None:
    with pytest.raises(ValueError, match="a decision"):
        decision(kind, group=group)


def test_book_closing_rule__without_days__closes_nothing() -> None:
    rule = BookClosingRule(
        product=PRODUCT.product,
        cause=ClosingCause.REDEMPTION,
        days=None,
        by="x",
        at=SET_UP,
        why="-",
    )
    assert rule.around(date(2022, 2, 7)) is None


# Orders ---------------------------------------------------------------------------------------------


def an_order(day: date) -> TransferOrder:
    return TransferOrder(
        trade=Reference("T-1"),
        product=PRODUCT.product,
        source=InvestorId("IV-1"),
        target=InvestorId("IV-2"),
        units=Units(3),
        delivery_date=day,
        accepted_at=SET_UP,
        accepted_by="broker-1",
    )


def test_deliver__day_is_over_at_night__is_refused_for_good() -> None:
    day = date(2022, 2, 4)
    night = jst("2022-02-05 00:00")
    answer = may_deliver(an_order(day), PRODUCT, at=night, market=MARKET)
    assert answer.refusal is not None
    assert answer.refusal.reason is Reason.DELIVERY_PASSED
    assert answer.refusal.reason not in PASSING


@given(at=instants, days=st.integers(-3, 3))
def test_deliver__allowed__only_on_its_day_within_the_hours(at: object, days: int) -> None:
    day = business_date(at) + timedelta(days=days)  # type: ignore[arg-type,operator]
    answer = may_deliver(an_order(day), PRODUCT, at=at, market=MARKET)  # type: ignore[arg-type]
    if answer.is_allowed:
        assert days == 0
        assert MARKET.should_be_open(at)  # type: ignore[arg-type]
    if at >= end_of_day(day):  # type: ignore[operator]
        assert answer.refusal is not None
        assert answer.refusal.reason not in PASSING


@given(before=st.sampled_from(list(OrderState)), after=st.sampled_from(list(OrderState)))
def test_order__any_two_states__follow_only_as_the_tree_says(
    before: OrderState, after: OrderState
) -> None:
    if after in TRANSITIONS[before]:
        require_transition(before, after)
    else:
        with pytest.raises(ValueError, match="does not go"):
            require_transition(before, after)
    assert (before in OPEN) is bool(TRANSITIONS[before])
