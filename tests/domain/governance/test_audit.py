"""The audit chain by itself: an encoding that anybody can recompute, and a walk that stops at the first misfit.

given entries with every kind of fact
├── it should hash them as fifteen lines that know nothing of this code do
└── it should read back what an export says
given a chain that fits
└── it should come to its end, and know the day in Japan of each entry, late ones counted to the latest day
given a chain with one thing changed
├── it should stop at the first entry that does not fit, and say what, what was expected and what was found
└── it should not stop before
given the list of actions
└── it should have one tag of three words each, explained in both languages
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.governance.audit import (
    AuditEntry,
    ChainedEntry,
    chain,
    entry_bytes,
    entry_members,
)
from genbo.governance.audit_action import AuditAction
from genbo.governance.audit_walk import AuditWalk, anchor_subject, export_line, read_line
from genbo.kernel import JST, ProductId

START = datetime(2022, 1, 31, 10, tzinfo=JST)


def begun() -> AuditEntry:
    return AuditEntry(
        at=START,
        action=AuditAction.AUDIT_BEGUN,
        actor="genbo",
        facts={"format": 1, "chain_id": 1337, "salt": "00" * 32},
    )


def entry(number: int, **more: Any) -> AuditEntry:
    values: dict[str, Any] = {
        "at": START + timedelta(minutes=number, microseconds=number),
        "action": AuditAction.COMMAND_SUBMITTED,
        "actor": "issue-1",
        "subject": f"C-{number}",
        "product": ProductId("P1"),
        "command": f"C-{number}",
        "facts": {"b": number, "a": ["x", None, True], "ground": '規程 7 "再"\\n\u2028/'},
        "rows": {f"command/C-{number}": f"{number:064x}"},
    }
    return AuditEntry(**(values | more))


def a_chain(length: int = 6) -> list[ChainedEntry]:
    return list(chain([begun(), *(entry(number) for number in range(2, length + 1))]))


# The encoding ----------------------------------------------------------------------------------------


def recomputed(export: list[str]) -> str:
    """What an auditor writes: the head of an exported chain, from its lines and the docstring alone."""

    def told(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ",".join(f"{told(k)}:{told(value[k])}" for k in sorted(value)) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(told, value)) + "]"
        return json.dumps(value, ensure_ascii=False)

    hashed = bytes(32)
    for line in map(json.loads, export):
        assert line["previous"] == hashed.hex()
        hashed = hashlib.sha256(hashed + told(line["entry"]).encode()).digest()
        assert line["hash"] == hashed.hex()
    return hashed.hex()


def test_encoding__recomputed_elsewhere__is_the_same() -> None:
    entries = a_chain()
    assert recomputed([export_line(each) for each in entries]) == entries[-1].hash.hex()


def test_encoding__an_entry__is_these_bytes() -> None:
    """The very bytes, so that nobody changes the encoding without noticing."""
    members = entry_members(2, entry(2, facts={"数".encode().hex(): 1, "a": "é"}))
    assert entry_bytes(members).decode() == (
        '{"action":"office:command:submitted","actor":"issue-1","at":"2022-01-31T01:02:00.000002Z",'
        '"command":"C-2","facts":{"a":"é","e695b0":1},"number":2,"product":"P1",'
        '"rows":{"command/C-2":"0000000000000000000000000000000000000000000000000000000000000002"},'
        '"subject":"C-2"}'
    )


words = st.text(st.sampled_from('ab数é😀"\\/\n\t\x1f\x7f\u2028 '), max_size=6)
facts = st.dictionaries(
    st.text(st.sampled_from('ab"\\_ \n'), max_size=4),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@given(facts)
def test_encoding__any_facts__are_read_back_from_an_export(told: dict[str, Any]) -> None:
    entries = list(chain([begun(), entry(2, facts=told)]))
    lines = [export_line(each) for each in entries]
    assert [read_line(line) for line in lines] == entries
    assert recomputed(lines) == entries[-1].hash.hex()


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", "1", '{"entry": 1}', '{"entry": {"number": "x"}}', "nonsense"]
)
def test_read_line__no_entry__is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"entry|JSON|line|value|Expecting|literal"):
        read_line(line)


# The walk --------------------------------------------------------------------------------------------


def walked(entries: list[ChainedEntry]) -> tuple[AuditWalk, Any]:
    walk = AuditWalk()
    for each in entries:
        if misfit := walk.step(each):
            return walk, misfit
    return walk, None


def test_walk__chain_that_fits__comes_to_its_end() -> None:
    entries = a_chain()
    walk, misfit = walked(entries)
    assert misfit is None
    assert (walk.number, walk.hash) == (6, entries[-1].hash)
    assert walk.origin["chain_id"] == 1337
    assert anchor_subject(entries[0]) == f"audit/{entries[0].hash.hex()[:24]}"
    assert len(anchor_subject(entries[0])) <= 32


def test_walk__late_entry__belongs_to_the_latest_day() -> None:
    midnight = datetime(2022, 1, 31, 15, tzinfo=UTC)
    days = []
    walk = AuditWalk()
    for each in chain(
        [
            begun(),
            entry(2, at=midnight - timedelta(seconds=1)),
            entry(3, at=midnight),
            entry(4, at=midnight - timedelta(days=7)),
        ]
    ):
        assert walk.step(each) is None
        days.append(walk.day)
    assert days == [date(2022, 1, 31), date(2022, 1, 31), date(2022, 2, 1), date(2022, 2, 1)]


def with_member(name: str, value: Any) -> Any:
    return lambda each: replace(each, members={**each.members, name: value})


CHANGES = {
    "at": with_member("at", "2022-01-31T01:04:00.000005Z"),
    "at, malformed": with_member("at", "yesterday"),
    "action": with_member("action", "office:command:approved"),
    "actor": with_member("actor", "issue-2"),
    "subject": with_member("subject", None),
    "product": with_member("product", "P2"),
    "command": with_member("command", "C-5"),
    "facts": with_member("facts", {"b": 5}),
    "facts, too great": with_member("facts", {"b": 2**70}),
    "facts, no object": with_member("facts", []),
    "rows": with_member("rows", {}),
    "one more member": with_member("note", "x"),
    "number within": with_member("number", 5),
    "number": lambda each: replace(each, number=7),
    "previous": lambda each: replace(each, previous=bytes(32)),
    "hash": lambda each: replace(each, hash=bytes(32)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_walk__one_thing_changed__stops_there(what: str) -> None:
    entries = a_chain()
    entries[3] = CHANGES[what](entries[3])
    walk, misfit = walked(entries)
    assert (walk.number, misfit.number) == (3, 4)
    assert misfit.expected != misfit.found
    assert misfit.what in ("number", "entry", "previous", "hash")


@pytest.mark.parametrize(
    ("spoil", "number", "what"),
    [
        (lambda entries: entries.pop(3), 4, "number"),
        (lambda entries: entries.insert(3, entries[2]), 4, "number"),
        (lambda entries: entries.insert(3, replace(entries[2], number=4)), 4, "entry"),
        (lambda entries: entries.pop(0), 1, "number"),
        (lambda entries: entries.__setitem__(slice(2, 4), entries[3:1:-1]), 3, "number"),
    ],
    ids=["removed", "twice", "inserted", "beginning cut", "swapped"],
)
def test_walk__entries_removed_added_or_swapped__stops_there(
    spoil: Any, number: int, what: str
) -> None:
    entries = a_chain()
    spoil(entries)
    _, misfit = walked(entries)
    assert (misfit.number, misfit.what) == (number, what)


def test_walk__entry_rewritten_with_its_hash__stops_at_the_next() -> None:
    entries = a_chain()
    (forged,) = chain([entry(4, actor="x")], after=3, previous=entries[2].hash)
    entries[3] = forged
    _, misfit = walked(entries)
    assert (misfit.number, misfit.what) == (5, "previous")


def test_walk__chain_that_does_not_begin_with_its_beginning__is_none() -> None:
    (first,) = chain([entry(1)])
    _, misfit = walked([first])
    assert (misfit.number, misfit.what) == (1, "origin")
    (first,) = chain([replace(begun(), facts={"format": 2})])
    assert walked([first])[1].found == "audit:chain:begun, format 2"


# The actions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", AuditAction, ids=str)
def test_actions__each__has_three_words_and_both_languages(action: AuditAction) -> None:
    assert re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z_]+", action.value)
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", action.japanese)
    assert action.english
    assert AuditAction.named(action.value) is action


def test_actions__unknown_tag__has_no_name() -> None:
    assert AuditAction.named("office:command:forged") is None
