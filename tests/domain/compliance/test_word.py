"""What the ledger should say of an investor's addresses.

given what the registry knows of an investor
├── when the verdict or the AML class blocks: blocked, whatever else is known
├── when the investor is not active, in review, without a verdict, or it was taken back: closed
├── when screening stands against the investor: closed
└── else: open until the verdict runs out, in whole seconds
given any of it
└── it should never be open where anything speaks against holding, and say so in one word
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.compliance.word import BLOCKED, CLOSED, Known, Word, against, word_for
from genbo.kernel import Reason, Refusal

UNTIL = datetime(2026, 4, 1, 9, tzinfo=UTC)
STANDS = Refusal(Reason.SCREENING_MISSING, investor="IV-1")


def known(**more: object) -> Known:
    values: dict[str, object] = {
        "until": UNTIL,
        "investor_class": 1,
        "blocked": False,
        "status": "active",
        "aml_class": "clear",
    }
    return Known(**(values | more))  # type: ignore[arg-type]


def test_word_for__nothing_against__is_open_until_the_verdict_runs_out() -> None:
    word = word_for(known(until=UNTIL + timedelta(microseconds=700)))
    assert word == Word(UNTIL, False)
    assert word.opens(at=UNTIL - timedelta(seconds=1))
    assert not word.opens(at=UNTIL)


@pytest.mark.parametrize(
    "bad",
    [
        {"until": None},
        {"status": "applied"},
        {"status": "suspended"},
        {"status": "closed"},
        {"status": "erased"},
        {"aml_class": "review"},
    ],
)
def test_word_for__not_good__is_closed(bad: dict[str, object]) -> None:
    assert word_for(known(**bad)) == CLOSED
    assert against(known(**bad)) is not None


def test_word_for__screening_stands_against__is_closed() -> None:
    assert word_for(known(), screening=STANDS) == CLOSED


@pytest.mark.parametrize("bad", [{"blocked": True}, {"aml_class": "blocked"}])
def test_word_for__blocked__is_blocked_whatever_else(bad: dict[str, object]) -> None:
    assert word_for(known(**bad)) == BLOCKED
    assert word_for(known(status="suspended", until=None, **bad), screening=STANDS) == BLOCKED


@given(
    until=st.none() | st.just(UNTIL),
    blocked=st.booleans(),
    status=st.sampled_from(["applied", "active", "suspended", "closed", "erased"]),
    aml_class=st.sampled_from(["clear", "review", "blocked"]),
    screening=st.none() | st.just(STANDS),
)
def test_word_for__anything__opens_exactly_where_nothing_speaks_against(
    until: datetime | None,
    blocked: bool,
    status: str,
    aml_class: str,
    screening: Refusal | None,
) -> None:
    told = known(until=until, blocked=blocked, status=status, aml_class=aml_class)
    word = word_for(told, screening=screening)
    opens = word.opens(at=UNTIL - timedelta(days=1))
    assert opens == (against(told) is None and screening is None)
    assert word.blocked == (blocked or aml_class == "blocked")
