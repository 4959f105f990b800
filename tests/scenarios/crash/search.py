"""The long search for a mutation that is lost or doubled: `make crash`. Bounded in count and in time.

It prints what it has found as it goes on, and a JSON document at its end. A seed that failed is printed as it is to be
added to `FAILED_ONCE` of `test_killed.py`.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice, zip_longest

import pytest
from tests.support.crash.acts import ACTS
from tests.support.crash.killer import At, Life, Plan
from tests.support.crash.processes import Processes, exit_at_once
from tests.support.crash.seeds import Seeds, Verdict, drawn, enumerated

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

_EVERY_SECONDS = 15.0
_MOST_FAILED = 20

Say = Callable[[str], None]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Say:
    """Prints past pytest's capture."""

    def print_it(words: str) -> None:
        with capfd.disabled():
            print(words, flush=True)  # noqa: T201

    return print_it


def test_search__thousands_of_seeds__happened_once(
    seeds: Seeds, pytestconfig: pytest.Config, say: Say
) -> None:
    option = pytestconfig.getoption
    names = [name for name in option("--crash-acts").split(",") if name] or list(ACTS)
    sizes = {name: seeds.size(name) for name in names}
    for name, size in sizes.items():
        say(f"{name}: {size.lines:,} lines, {size.contacts:,} contacts, {size.places:,} places")
    began = time.monotonic()
    told = began
    count: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    kills: Counter[str] = Counter()
    places: set[str] = set()
    failed: list[Verdict] = []
    # Every contact of every act, in any order, and as many drawn ones between them.
    dice = random.Random(option("--crash-from"))
    planned = [seed for name, size in sizes.items() for seed in enumerated(name, size, every=1)]
    dice.shuffle(planned)
    others = drawn(sizes, seed=option("--crash-from"))
    pairs = zip_longest(planned, islice(others, max(len(planned), option("--crash-seeds"))))
    mixed = (seed for pair in pairs for seed in pair if seed is not None)
    for seed in islice(mixed, option("--crash-seeds")):
        now = time.monotonic()
        if now - began > option("--crash-seconds") or len(failed) >= _MOST_FAILED:
            break
        verdict = seeds.run(seed)
        count[seed.act] += 1
        seconds[seed.act] += time.monotonic() - now  # type: ignore[assignment]
        kills.update(plan.at.value for plan, _ in zip(seed.kills, verdict.died_at, strict=False))
        places.update(verdict.died_at)
        if verdict.wrong:
            failed.append(verdict)
            say(f"FAILED {seed}\n    at {', '.join(verdict.died_at)}: {'; '.join(verdict.wrong)}")
        if now - told > _EVERY_SECONDS:
            told = now
            say(f"{count.total():,} seeds, {kills.total():,} kills, {len(failed)} failed")
    say(
        json.dumps(
            {
                "seeds": count.total(),
                "seconds": round(time.monotonic() - began),
                "kills": dict(kills),
                "places_died_at": len(places),
                "acts": {
                    name: {
                        "lines": size.lines,
                        "contacts": size.contacts,
                        "places": size.places,
                        "seeds": count[name],
                        "milliseconds": round(1000 * seconds[name] / max(1, count[name])),
                    }
                    for name, size in sizes.items()
                },
                "failed": [str(verdict.seed) for verdict in failed],
            },
            indent=2,
        )
    )
    assert failed == []


def test_search__many_real_processes__happened_once(
    processes: Processes, pytestconfig: pytest.Config, say: Say
) -> None:
    option = pytestconfig.getoption
    dice = random.Random(option("--crash-from"))
    writing = {"issue": 160, "transfer": 140, "forced transfer": 160, "distribution": 900}
    ended: Counter[str] = Counter()
    wrong: list[str] = []
    began = time.monotonic()
    for at in range(option("--crash-processes")):
        if time.monotonic() - began > option("--crash-seconds"):
            break
        name = dice.choice(sorted(writing))
        number, before = processes.begin(name)
        contact = dice.randint(1, writing[name])
        own = at % 2 == 0
        life = Life(Plan(At.CONTACT, contact), die=exit_at_once) if own else None
        child = processes.act(name, number, life)
        if not own:
            time.sleep(dice.uniform(0.005, 0.3))
            child.kill()
        ended[f"exit code {child.wait()}"] += 1
        processes.finish(name, number)
        found = processes.wrong(name, number, before, thorough=at % 10 == 0)
        if found:
            where = f"contact {contact}" if own else "SIGKILL"
            wrong.append(f"{name} at {where}: {found}")
            say(f"FAILED {wrong[-1]}")
    say(json.dumps({"processes": ended.total(), "ended": dict(ended), "failed": wrong}, indent=2))
    assert wrong == []
