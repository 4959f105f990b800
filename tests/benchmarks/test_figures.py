"""The benchmarks, small: they say what they promise, and nothing has become several times slower.

Floors are processor time, a third as fast as measured, because the machine that tests may be busy with other things.
"""

import json

from benchmarks import as_of, events, memory

PYTHON_MICROSECONDS = 120
"""Processor time of Python for an event, from JSON to rows; measured: about 40."""
DATABASE_MICROSECONDS = 90
"""Measured: about 30."""


def test_events__a_small_reading__says_its_rate_and_its_shares() -> None:
    found = json.loads(json.dumps(events.report([500, 5_000], holders=300)))
    assert [
        each["events"] >= size for each, size in zip(found["readings"], (500, 5_000), strict=True)
    ]
    assert len(found["seconds_per_event_compared_with_the_size_before"]) == 1
    last = found["readings"][-1]
    assert last["events_per_second"] > 0
    assert last["logs"] > last["events"]
    spent = last["microseconds_per_event"]
    assert set(spent["stages_by_themselves"]) == {"parse", "decode", "fold", "rows"}
    assert sum(spent["stages_by_themselves"].values()) < PYTHON_MICROSECONDS
    assert spent["processor_python"] < PYTHON_MICROSECONDS
    assert spent["processor_database"] < DATABASE_MICROSECONDS
    assert found["met"] == (found["events_per_second"] >= found["target"])


def test_events__read_twice__come_to_the_same_digest() -> None:
    first, second = events.report([400, 400], holders=50)["readings"]
    assert first["digest"] == second["digest"]


def test_as_of__ten_times_the_history__takes_about_as_long() -> None:
    found = json.loads(json.dumps(as_of.report([800, 8_000], holders=500)))
    short, long = (each["as_of"] for each in found["readings"])
    assert set(short) == set(long) == {"early", "middle", "late"}
    # The same date and the same answer, ten times the history behind it.
    assert short["early"]["date"] == long["early"]["date"]
    assert short["early"]["lots"] == long["early"]["lots"]
    assert long["early"]["positions_ms"] < 3 * short["early"]["positions_ms"] + 10
    assert long["early"]["lots_ms"] < 3 * short["early"]["lots_ms"] + 10
    assert found["slowest_positions_ms"] < 3 * found["target_ms"]


def test_memory__a_small_reading__says_its_figures_and_stays() -> None:
    found = json.loads(json.dumps(memory.report(9_000, every=3_000, holders=100)))
    assert [each["events"] // 3_000 for each in found["figures"]] == [1, 2, 3]
    first, *_, last = (each["resident_megabytes"] for each in found["figures"])
    assert last < first + 60
    assert all(each["open_lots"] > 0 and each["addresses"] > 100 for each in found["figures"])
