"""Lists, screenings and releases as they are stored.

given versions of a list
├── when one is loaded: it should be in force, with every entry as it was read
├── when it is loaded again: nothing should change; when an older one is: refused
├── when the next one is loaded: only what changed should be written, and every version be there as it was
├── the stored delta of any two should be that of the lists themselves
└── when an entry was tampered with: it should be noticed before anybody is compared with it
given investors
├── whoever was not compared with the list, under the name and thresholds in force, should be due, with the cause
└── a page should go on after another, and never show whose data may not be used
given a screening
├── it should come back as it was, without a name in its row
└── a proposal and a release should come back, and a proposal be approved once
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from tests.storage.builders import START, new_investor
from tests.storage.compliance_builders import (
    LATER,
    LIST,
    NEW_THRESHOLDS,
    a_release,
    a_screening,
    proposed,
    screened,
)
from tests.support.screening import listed, sanctions_list

from genbo.compliance.screening import Listed, Outcome, Trigger, delta
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.storage.investors import Investors
from genbo.storage.sanctions import USUAL, SanctionsLists
from genbo.storage.screenings import Screenings
from genbo.storage.vault import Vault

ONE, TWO, THREE = (InvestorId(f"IV-{number}") for number in (1, 2, 3))
NAME = "test-list"


def load(connection: Connection, entries: Iterable[Listed], *, day: int = 1) -> int:
    lists = SanctionsLists(connection)
    return lists.load(sanctions_list(entries, day=day), at=LATER, by="x")


def register(connection: Connection, vault: Vault, *ids: InvestorId) -> None:
    Investors(connection, vault).register([new_investor(each) for each in ids], at=START, by="x")


# Lists -----------------------------------------------------------------------------------------------

A, B, C = (listed(f"E-{letter}", f"Name {letter}") for letter in "ABC")
B2 = listed("E-B", "Name B", "Alias B", births=("1970-01-02",))


def test_load__versions__are_each_as_they_were_read(connection: Connection) -> None:
    lists = SanctionsLists(connection)
    assert load(connection, [B, A]) == 1
    assert load(connection, [B, A]) == 1
    assert load(connection, [A, B2, C], day=2) == 2
    assert load(connection, [C, B2], day=3) == 3
    assert lists.entries(NAME, 1) == (A, B)
    assert lists.entries(NAME, 2) == (A, B2, C)
    assert lists.entries(NAME, 3) == (B2, C)
    assert lists.in_force()[NAME] == (3, sanctions_list([C, B2], day=3).version)
    with pytest.raises(Refusal) as caught:
        load(connection, [B, A])
    assert caught.value.reason is Reason.SCREENING_LIST_KNOWN
    rows = connection.scalar(text("SELECT count(*) FROM sanctions_entry"))
    assert rows == 4  # A, B, B as it became, C: a list costs what changes in it


_ENTRIES = st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from(["x", "y"]), min_size=1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(versions=st.lists(_ENTRIES, min_size=2, max_size=4))
def test_delta__any_versions__is_that_of_the_lists(
    connection: Connection, versions: list[dict[str, str]]
) -> None:
    read = [
        sanctions_list(
            [listed(f"E-{key}", f"Name {name}") for key, name in entries.items()], day=day
        )
        for day, entries in enumerate(versions, start=1)
    ]
    if len({each.version.digest for each in read}) < len(read):
        return  # the same file twice
    savepoint = connection.begin_nested()
    lists = SanctionsLists(connection)
    numbers = [lists.load(each, at=LATER, by="x") for each in read]
    for older in range(len(read) - 1):
        for newer in range(older + 1, len(read)):
            stored = lists.delta(NAME, numbers[older], numbers[newer])
            plain = delta(read[older], read[newer])
            assert set(stored.fresh) == set(plain.fresh)
            assert (stored.before, stored.after) == (plain.before, plain.after)
            for kind in ("added", "changed", "removed", "touched"):
                assert getattr(stored, kind) == getattr(plain, kind)
    savepoint.rollback()


def test_entries__tampered_with__are_not_used(connection: Connection) -> None:
    load(connection, [A, B])
    connection.execute(
        text("UPDATE sanctions_entry SET names = '{Somebody}' WHERE entry_id = 'E-A'")
    )
    with pytest.raises(Fault) as caught:
        SanctionsLists(connection).entries(NAME, 1)
    assert caught.value.reason is Reason.INVARIANT_BROKEN


# Who is due ------------------------------------------------------------------------------------------


def due(connection: Connection, number: int = 1) -> dict[str, tuple[int | None, Trigger]]:
    thresholds = SanctionsLists(connection).thresholds().version
    found = Screenings(connection).due(NAME, number, thresholds)
    assert len(found) == Screenings(connection).count_due(NAME, number, thresholds)
    return {each.investor: (each.before, each.trigger) for each in found}


def test_due__by_list_name_and_thresholds__is_whoever_must_be_compared(
    connection: Connection, vault: Vault
) -> None:
    register(connection, vault, ONE, TWO, THREE)
    screenings = screened(connection)
    onboarding = (None, Trigger.ONBOARDING)
    assert due(connection) == {TWO: onboarding, THREE: onboarding}
    Investors(connection, vault).rename(
        ONE,
        name="別の氏名",
        registered_address="東京都架空区 9",
        effective=date(2022, 3, 1),
        at=LATER,
        by="x",
    )
    assert due(connection)[ONE] == (None, Trigger.NAME_CHANGE)
    screenings.keep([a_screening(version=2, outcome=Outcome.CLEAR)], at=LATER, by="x")
    assert ONE not in due(connection)
    load(connection, [*LIST.entries, listed("E-9", "Nine")], day=2)
    assert due(connection, 2)[ONE] == (1, Trigger.LIST_CHANGE)
    SanctionsLists(connection).set_thresholds(NEW_THRESHOLDS, at=LATER, by="x")
    assert due(connection, 2)[ONE] == (None, Trigger.POLICY_CHANGE)


def test_due__restricted_or_erased__is_never_asked_for(
    connection: Connection, vault: Vault
) -> None:
    register(connection, vault, ONE, TWO, THREE)
    load(connection, [A])
    Investors(connection, vault).erase(ONE, at=LATER, by="x", ground="ORDER-1")
    connection.execute(text(restriction(connection)))
    assert set(due(connection)) == {THREE}


def restriction(connection: Connection) -> str:
    """An INSERT that fills whatever the table wants."""
    rows = connection.execute(
        text(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'use_restriction' AND is_nullable = 'NO'"
        )
    ).all()
    values = {"timestamp with time zone": "now()", "date": "current_date", "text": "'x'"}
    given_ = {name: f"'{TWO}'" if name == "investor_id" else values[kind] for name, kind in rows}
    return (
        f"INSERT INTO use_restriction ({', '.join(given_)}) VALUES ({', '.join(given_.values())})"
    )


def test_due__page_by_page__is_everybody_once(connection: Connection, vault: Vault) -> None:
    register(connection, vault, ONE, TWO, THREE)
    load(connection, [A])
    screenings = Screenings(connection)
    first = screenings.due(NAME, 1, USUAL.version, most=2)
    rest = screenings.due(NAME, 1, USUAL.version, most=2, after=first[-1].investor)
    assert [each.investor for each in (*first, *rest)] == [ONE, TWO, THREE]
    assert [each.investor for each in screenings.due(NAME, 1, USUAL.version, among=[TWO])] == [TWO]


# Screenings and releases -----------------------------------------------------------------------------


def test_keep__a_screening__comes_back_as_it_was(connection: Connection, vault: Vault) -> None:
    register(connection, vault, ONE)
    screenings = screened(connection)
    assert screenings.last([ONE]) == [a_screening()] == screenings.open()
    assert screenings.last_open(ONE, NAME) == a_screening()
    assert screenings.keep([a_screening()], at=LATER + timedelta(days=1), by="y") == 0
    row = connection.scalar(text("SELECT to_jsonb(screening)::text FROM screening"))
    assert "Akuma" not in row
    assert "氏名" not in row
    with pytest.raises(Refusal) as caught:
        screenings.last_open(ONE, "another")
    assert caught.value.reason is Reason.SCREENING_UNKNOWN


def test_release__proposal_and_approval__come_back_and_once(
    connection: Connection, vault: Vault
) -> None:
    register(connection, vault, ONE)
    screenings = proposed(connection)
    assert [each.id for each in screenings.proposals()] == ["REL-1"]
    assert screenings.releases([ONE]) == []
    waiting = screenings.proposal("REL-1")
    assert waiting.proposal == a_release().proposal
    screenings.release("REL-1", a_release())
    assert screenings.releases([ONE]) == [a_release()]
    assert screenings.proposals() == []
    assert [each.id for each in screenings.proposals(waiting=False)] == ["REL-1"]
    for id in ("REL-1", "REL-2"):
        with pytest.raises(Refusal) as caught:
            screenings.proposal(id)
        assert caught.value.reason is Reason.RELEASE_UNKNOWN


def test_thresholds__version_used_before__is_refused(connection: Connection) -> None:
    lists = SanctionsLists(connection)
    assert lists.thresholds() == USUAL
    lists.set_thresholds(NEW_THRESHOLDS, at=LATER, by="x")
    assert lists.thresholds() == NEW_THRESHOLDS
    with pytest.raises(Refusal) as caught:
        lists.set_thresholds(NEW_THRESHOLDS, at=LATER, by="x")
    assert caught.value.reason is Reason.FIELD_INVALID
