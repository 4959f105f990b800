"""Commands, the transactions that carry them, and jobs: the pure rules.

given a command
├── it should have the id of its key and chain, and the digest of its whole body
├── it should never leave `final`, `refused` and `superseded`
└── when its duty is held by two: it should need two persons
given an entry of the outbox and what a node said
├── when an attempt stands deep enough: it should be done, or failed
├── when it stands, not deep enough: it should be mined
├── when it stood and does not any more: it should be handed in again
├── when somebody else's final transaction has the number: it should be lost
└── when there is silence: it should be unknown after patience, and nothing else, ever
given a job
├── halves of a batch should be its rows, each once
└── when its reference is too long for row numbers: it should be refused
"""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.governance import (
    POWERS,
    Attempt,
    Command,
    CommandId,
    CommandState,
    Duty,
    Entry,
    EntryState,
    Holder,
    Progress,
    Seen,
    dispatch,
    needs_two_persons,
)
from genbo.governance import command as command_module
from genbo.governance.dispatch import Judgement, Observation, holes, judge
from genbo.governance.job import JobId, JobState, halves, part_of, require_room
from genbo.kernel import Address, Digest, ProductId, Reason, Reference, Refusal

A, B = Address("0x" + 40 * "1"), Address("0x" + 40 * "2")
AT = datetime(2026, 1, 5, tzinfo=UTC)
PATIENCE = timedelta(seconds=60)
COMMAND = Command(
    key="k-1",
    chain_id=1337,
    what="issue 10",
    maker="issue-1",
    maker_account=A,
    account=B,
    duty=Duty.ISSUER,
    to=A,
    data=b"\x01\x02",
    product=ProductId("P1"),
    ref=Reference("I-1"),
    evidence=Digest("0x" + 64 * "a"),
)
OTHER = {
    "chain_id": 1,
    "what": "issue 11",
    "maker": "issue-2",
    "account": A,
    "duty": Duty.REPAIRER,
    "to": B,
    "data": b"\x01\x03",
    "product": ProductId("P2"),
    "ref": Reference("I-2"),
    "evidence": None,
}
NOT_BODY = {"key", "maker_account", "gas"}
"""The key names the body, the maker's account follows from the maker, and gas is how it is sent."""


def test_body__every_field__changes_the_digest() -> None:
    assert OTHER.keys() | NOT_BODY == {each.name for each in fields(Command)}
    digests = {replace(COMMAND, **{name: value}).body_digest() for name, value in OTHER.items()}  # type: ignore[arg-type]
    assert len(digests | {COMMAND.body_digest()}) == len(OTHER) + 1


def test_id__same_key_and_chain__is_the_same() -> None:
    assert replace(COMMAND, what="something else").id == COMMAND.id
    assert replace(COMMAND, key="k-2").id != COMMAND.id
    assert replace(COMMAND, chain_id=1).id != COMMAND.id


def test_states__ended__are_never_left() -> None:
    ended = {CommandState.FINAL, CommandState.REFUSED, CommandState.SUPERSEDED}
    assert ended == command_module.ENDED
    assert command_module.TRANSITIONS.keys() == set(CommandState)
    for state in ended:
        for after in CommandState:
            with pytest.raises(ValueError, match="does not go"):
                command_module.require_transition(state, after)


def test_states__sent__is_refused_or_final_or_queued_again_and_never_withdrawn() -> None:
    assert command_module.TRANSITIONS[CommandState.SENT] == {
        CommandState.FINAL,
        CommandState.REFUSED,
        CommandState.QUEUED,
    }


@pytest.mark.parametrize("power", POWERS, ids=lambda power: power.duty.name)
def test_two_persons__by_duty__as_the_powers_say(power: object) -> None:
    duty = power.duty  # type: ignore[attr-defined]
    assert needs_two_persons(duty) == (power.held_by is Holder.TWO_PERSONS)  # type: ignore[attr-defined]


def test_two_persons__holders_own_act__needs_one() -> None:
    assert not needs_two_persons(None)


# Entries --------------------------------------------------------------------------------------------


def entry(state: EntryState, *, age: float = 0) -> Entry:
    attempt = Attempt(tx=Digest("0x" + 64 * "1"), raw=b"\x01", price=1, tip=1, signed_at=AT)
    return Entry(
        signer=A,
        nonce=7,
        command=CommandId("c"),
        account=A,
        gas=21_000,
        state=state,
        since=AT - timedelta(seconds=age),
        attempts=(attempt,),
    )


def told(
    state: EntryState,
    *,
    age: float = 0,
    block: int | None = None,
    succeeded: bool = True,
    final: int = 10,
    competitor: str | None = None,
) -> Judgement:
    seen = None
    if block is not None:
        seen = Seen(tx=Digest("0x" + 64 * "1"), block=block, succeeded=succeeded, gas_used=1)
    observed = Observation(
        seen=seen, final=final, competitor=None if competitor is None else Digest(competitor)
    )
    return judge(entry(state, age=age), observed, at=AT, patience=PATIENCE)


OPEN = sorted(dispatch.OPEN)


@pytest.mark.parametrize("state", OPEN)
def test_entry__stands_deep_enough__is_over(state: EntryState) -> None:
    assert told(state, block=10).state is EntryState.DONE
    assert told(state, block=10, succeeded=False).state is EntryState.FAILED


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("succeeded", [True, False])
def test_entry__stands_not_deep_enough__is_mined(state: EntryState, succeeded: bool) -> None:
    assert told(state, block=11, succeeded=succeeded).state is EntryState.MINED


def test_entry__stood_and_does_not__is_handed_in_again() -> None:
    judged = told(EntryState.MINED)
    assert (judged.state, judged.again, judged.seen) == (EntryState.SENT, True, None)


@pytest.mark.parametrize("state", OPEN)
def test_entry__competitor_is_final__is_lost_unless_ours_stands(state: EntryState) -> None:
    assert told(state, competitor="0x" + 64 * "9").state is EntryState.LOST
    assert told(state, block=9, competitor="0x" + 64 * "9").state is EntryState.DONE


@given(age=st.floats(0, 10**8), state=st.sampled_from(OPEN))
def test_entry__silence__is_never_an_end(age: float, state: EntryState) -> None:
    judged = told(state, age=age)
    assert judged.state in dispatch.OPEN
    if state is EntryState.SENT:
        late = age >= PATIENCE.total_seconds()
        assert judged.state is (EntryState.UNKNOWN if late else EntryState.SENT)


@pytest.mark.parametrize("state", EntryState)
@pytest.mark.parametrize("block", [None, 5, 15])
@pytest.mark.parametrize("succeeded", [True, False])
def test_judgement__whatever_is_observed__is_a_transition_of_the_tree(
    state: EntryState, block: int | None, succeeded: bool
) -> None:
    if state not in dispatch.OPEN:
        with pytest.raises(ValueError, match="does not go"):
            dispatch.require_transition(state, EntryState.SENT)
        return
    dispatch.require_transition(state, told(state, block=block, succeeded=succeeded).state)


@given(
    used=st.integers(0, 20), next_number=st.integers(0, 30), given_out=st.sets(st.integers(0, 30))
)
def test_holes__are_wanted_by_the_chain_and_nobodys(
    used: int, next_number: int, given_out: set[int]
) -> None:
    found = holes(used=used, next_number=next_number, given=given_out)
    assert found == sorted(found)
    assert all(used <= number < next_number and number not in given_out for number in found)
    assert set(found) | given_out >= set(range(used, next_number))


# Jobs -----------------------------------------------------------------------------------------------


@given(first=st.integers(0, 1000), rows=st.integers(2, 700))
def test_halves__of_a_batch__are_its_rows_once(first: int, rows: int) -> None:
    (a, b), (c, d) = halves(first, first + rows - 1)
    assert [*range(a, b + 1), *range(c, d + 1)] == list(range(first, first + rows))
    assert b >= a
    assert d >= c


@given(rows=st.integers(1, 10**6), length=st.integers(1, 32))
def test_reference__with_row_numbers__fits_or_is_refused(rows: int, length: int) -> None:
    ref = Reference("R" * length)
    longest = f"{ref}/{part_of(rows - 1, rows - 1)}"
    if len(longest) <= 32:
        require_room(ref, rows)
    else:
        with pytest.raises(Refusal) as refused:
            require_room(ref, rows)
        assert refused.value.reason is Reason.KEY_MALFORMED


def test_progress__half_way__expects_the_end_at_the_same_rate() -> None:
    now = Progress(
        job=JobId("j"),
        state=JobState.RUNNING,
        of=1_000,
        done=400,
        refused=100,
        under_way=50,
        began=AT,
        at=AT + timedelta(seconds=10),
    )
    assert now.rate == 50
    assert now.expected_end == AT + timedelta(seconds=20)
    assert replace(now, done=0, refused=0).expected_end is None
