"""One function says whether a transfer may run, why not, and until when.

given instants around sessions, holidays, record date, redemption and delivery date
└── it should answer as the vectors say
given a switch that somebody set
├── when the platform is stopped: nothing should run
├── when the market or the group is off, the product ended or locked up: it should be the ledger's own reason
└── when several things stand against it: it should be the one that the token names
given any instant
├── until the answer's end a yes should stay a yes, no no become one, and then it should be another answer
└── the schedule should say open exactly when the clock allows transfers
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.market import (
    ALL_DAY,
    CLOSINGS,
    MARKET,
    OFF,
    PRODUCT,
    TRADING,
    group,
    instants,
    jst,
    markets,
    rows,
    said,
)

from genbo.governance.market import (
    ActKind,
    Market,
    ProductControls,
    Schedule,
    may_execute,
)
from genbo.kernel import Reason, Refusal, business_date

# The vectors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("market_vectors.csv"), ids=lambda row: row["note"])
def test_may_execute__vector__answers_yes_or_the_reason_and_until_when(
    row: dict[str, str],
) -> None:
    answer = may_execute(
        PRODUCT,
        at=jst(row["at"]),
        market=MARKET,
        delivery_date=date.fromisoformat(row["delivery_date"]) if row["delivery_date"] else None,
        kind=ActKind(row["kind"]),
    )
    found = "yes" if answer.refusal is None else answer.refusal.reason.value
    assert found == row["answer"]
    assert answer.until == (jst(row["until"]) if row["until"] else None)
    if answer.refusal is not None and answer.until is not None and "until" in answer.refusal.facts:
        assert answer.refusal.facts["until"] == int(answer.until.timestamp())


def test_vectors__read__name_each_reason_of_the_calendar() -> None:
    found = {row["answer"] for row in rows("market_vectors.csv")}
    assert found == {
        "yes",
        "market_closed",
        "book_closed",
        "delivery_not_due",
        "delivery_passed",
        "delivery_not_business_day",
        "delivery_outside_life",
    }


# Switches ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ActKind)
def test_may_execute__stopped__nothing_runs(kind: ActKind) -> None:
    answer = may_execute(PRODUCT, at=TRADING, market=replace(MARKET, is_stopped=True), kind=kind)
    assert answer.refusal is not None
    assert answer.refusal.reason is Reason.PLATFORM_STOPPED
    assert answer.until is None


LOCKED = replace(PRODUCT, lock_up_until=TRADING + timedelta(hours=1))
ENDED = replace(LOCKED, is_ended=True)


@pytest.mark.parametrize(
    ("market", "product", "reason"),
    [
        (replace(MARKET, is_closed=True, **OFF), ENDED, Reason.MARKET_CLOSED),
        (replace(MARKET, **OFF), ENDED, Reason.TRANSFER_DISABLED),
        (MARKET, ENDED, Reason.PRODUCT_ENDED),
        (MARKET, LOCKED, Reason.PRODUCT_LOCKED_UP),
        (MARKET, PRODUCT, None),
    ],
)
def test_may_execute__several_things_against_it__is_what_the_token_names_first(
    market: Market, product: ProductControls, reason: Reason | None
) -> None:
    answer = may_execute(product, at=TRADING, market=market)
    assert (answer.refusal.reason if answer.refusal else None) is reason
    assert may_execute(product, at=TRADING, market=market, kind=ActKind.ADMINISTRATIVE).is_allowed


def test_may_execute__group_unknown__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        may_execute(replace(PRODUCT, group="TC-99"), at=TRADING, market=MARKET)
    assert refused.value.reason is Reason.GROUP_UNKNOWN


def test_group__switched_by_one_person__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        replace(group(is_enabled=True), approved_by="registrar-1")
    assert refused.value.reason is Reason.SAME_PERSON


def test_book_closing__ends_before_it_begins__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        replace(CLOSINGS[0], first=3)
    assert refused.value.reason is Reason.FIELD_INVALID


# Any instant ------------------------------------------------------------------------------------


@given(
    at=instants,
    ahead=st.one_of(st.none(), st.integers(-3, 6)),
    share=st.floats(0, 1),
    market=markets,
)
def test_may_execute__until_its_end__a_yes_stays_and_no_no_becomes_one(
    at: datetime, ahead: int | None, share: float, market: Market
) -> None:
    day = None if ahead is None else business_date(at) + timedelta(days=ahead)
    answer = said(at, day, market=market)
    if answer[1] is None:
        return
    assert answer[1] > at
    within = at + (answer[1] - timedelta(seconds=1) - at) * share
    if answer[0] is None:
        assert said(within, day, market=market) == answer
    else:
        assert said(within, day, market=market)[0] is not None
    assert said(answer[1], day, market=market) != answer


@given(at=instants, market=markets)
def test_should_be_open__any_instant__is_when_nothing_but_the_product_stands_against_it(
    at: datetime, market: Market
) -> None:
    assert market.should_be_open(at) is (said(at, market=market)[0] is not Reason.MARKET_CLOSED)
    change = market.next_change(at)
    assert change is not None
    assert market.should_be_open(change) is not market.should_be_open(at)
    assert market.should_be_open(change - timedelta(seconds=1)) is market.should_be_open(at)
    assert not replace(market, is_closed=True).should_be_open(at)
    assert not replace(market, is_stopped=True).should_be_open(at)


@pytest.mark.parametrize(
    ("at", "delivery_date", "answer"),
    [
        ("2022-01-31 23:59", None, (None, "2022-02-01 00:00")),
        ("2022-02-01 00:00", None, (Reason.BOOK_CLOSED, "2022-02-03 00:00")),
        ("2022-02-02 23:59", None, (Reason.BOOK_CLOSED, "2022-02-03 00:00")),
        ("2022-02-03 00:00", None, (None, "2022-02-05 00:00")),
        ("2022-02-03 23:59", date(2022, 2, 3), (None, "2022-02-04 00:00")),
        ("2022-02-04 00:00", date(2022, 2, 3), (Reason.DELIVERY_PASSED, None)),
        ("2022-02-03 23:59", date(2022, 2, 4), (Reason.DELIVERY_NOT_DUE, "2022-02-04 00:00")),
        ("2022-02-04 00:00", date(2022, 2, 4), (None, "2022-02-05 00:00")),
    ],
)
def test_may_execute__market_open_all_day__turns_at_midnight_in_japan(
    at: str, delivery_date: date | None, answer: tuple[Reason | None, str | None]
) -> None:
    until = None if answer[1] is None else jst(answer[1])
    assert said(jst(at), delivery_date, market=ALL_DAY) == (answer[0], until)


def test_may_execute__lock_up_over__is_a_yes_from_that_instant_on() -> None:
    assert LOCKED.lock_up_until is not None
    before = LOCKED.lock_up_until - timedelta(seconds=1)
    assert not may_execute(LOCKED, at=before, market=MARKET).is_allowed
    assert may_execute(LOCKED, at=LOCKED.lock_up_until, market=MARKET).is_allowed


def test_next_opening__no_hours_at_all__is_unknown() -> None:
    answer = may_execute(PRODUCT, at=TRADING, market=replace(MARKET, schedule=Schedule()))
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.until) == (Reason.MARKET_CLOSED, None)
