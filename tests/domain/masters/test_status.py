"""What an investor may become, and which version of a name holds.

given an investor of each status
    when it is to take each other status
        it should go where the table says, and name the possible ones where it does not
    when it is to be closed while it holds units
        it should refuse with how many
given an AML class
    when it changes
        it should need a second person exactly when a block is lifted
given versions of a name
    when a day is asked for
        it should be the last that took effect by then, and the later recorded of two; or the first ever
"""

from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import (
    INVESTOR_TRANSITIONS,
    AmlClass,
    InvestorStatus,
    leaves_block,
    move_investor_on,
    version_on,
)

ONE = InvestorId("IV-1")
S = InvestorStatus
POSSIBLE = {
    (S.APPLIED, S.ACTIVE),
    (S.APPLIED, S.CLOSED),
    (S.ACTIVE, S.SUSPENDED),
    (S.ACTIVE, S.CLOSED),
    (S.SUSPENDED, S.ACTIVE),
    (S.SUSPENDED, S.CLOSED),
    (S.CLOSED, S.ERASED),
}


@pytest.mark.parametrize(("status", "wanted"), product(S, S))
def test_status__each_to_each__goes_where_the_table_says(status: S, wanted: S) -> None:
    if status is wanted or (status, wanted) in POSSIBLE:
        assert move_investor_on(status, wanted, units=0, investor=ONE) is wanted
        return
    with pytest.raises(Refusal) as caught:
        move_investor_on(status, wanted, units=0, investor=ONE)
    assert caught.value.reason is Reason.INVESTOR_STATUS_UNREACHABLE
    reachable = [after.value for after in S if (status, after) in POSSIBLE]
    assert caught.value.facts == {
        "investor": ONE,
        "status": status.value,
        "wanted": wanted.value,
        "allowed": ", ".join(reachable) or "-",
    }


def test_status__close_with_units__is_refused_with_how_many() -> None:
    with pytest.raises(Refusal) as caught:
        move_investor_on(S.ACTIVE, S.CLOSED, units=3, investor=ONE)
    assert caught.value.reason is Reason.INVESTOR_HOLDS_UNITS
    assert caught.value.facts == {"investor": ONE, "units": 3}
    assert move_investor_on(S.ACTIVE, S.SUSPENDED, units=3) is S.SUSPENDED


def test_status__only_active__receives() -> None:
    assert [each for each in S if each.receives] == [S.ACTIVE]
    assert set(INVESTOR_TRANSITIONS) == set(S)
    assert INVESTOR_TRANSITIONS[S.ERASED] == frozenset()


def test_aml_class__changes__needs_two_persons_to_lift_a_block() -> None:
    A = AmlClass  # noqa: N806  a short name in a table
    lifting = {(before, after) for before, after in product(A, A) if leaves_block(before, after)}
    assert lifting == {(A.BLOCKED, A.CLEAR), (A.BLOCKED, A.REVIEW)}
    assert [each for each in A if not each.moves] == [A.BLOCKED]


@dataclass(frozen=True)
class Named:
    version: int
    effective: date


def test_version__recorded_late_or_corrected__is_the_one_that_holds() -> None:
    one, march, corrected, february = (
        Named(1, date(2021, 7, 1)),
        Named(2, date(2022, 3, 1)),
        Named(3, date(2022, 3, 1)),
        Named(4, date(2022, 2, 1)),
    )
    names = [march, february, one, corrected]
    assert version_on(names, date(1999, 1, 1)) is one
    assert version_on(names, date(2022, 1, 31)) is one
    assert version_on(names, date(2022, 2, 28)) is february
    assert version_on(names, date(2022, 3, 1)) is corrected
    assert version_on([], date(2022, 3, 1)) is None


@given(
    st.lists(st.tuples(st.dates(), st.integers(1, 9)), unique_by=lambda each: each[1]), st.dates()
)
def test_version__any_history__no_other_holds_better(
    history: list[tuple[date, int]], day: date
) -> None:
    names = [Named(version, effective) for effective, version in history]
    held = version_on(names, day)
    assert (held is None) == (not names)
    if held is not None and held.effective <= day:
        for other in names:
            assert other.effective > day or (other.effective, other.version) <= (
                held.effective,
                held.version,
            )
