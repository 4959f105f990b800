"""Invariant 3 with real processes, a real node and a real database: SIGKILL, and one who takes over.

given a process that does an act
├── when it ends between two lines, without a word
│   └── whoever asks again should find it done once
└── when it is killed at any moment
    └── whoever asks again should find it done once
given a service with its roles in threads, and bulk work that waits
└── when it is killed at any moment, and again: the next should go on, and each row be done once
given a process that sends for a signer
├── when it stands still
│   ├── nobody else should send for the signer
│   └── when it is killed then: the next should take over at once, and finish
├── when the database has lost its lock, and another has taken over and finished
│   └── when it goes on, it should do no harm
└── when another begins at the same time
    └── they should take turns, and each act be done once
"""

from __future__ import annotations

import random
import signal
import time

import pytest
from sqlalchemy import text
from tests.support.crash.acts import ACTS, distribution
from tests.support.crash.killer import At, Life, Plan
from tests.support.crash.processes import (
    EXITED_AT_ITS_PLACE,
    LOST_ITS_DATABASE,
    Processes,
    exit_at_once,
    stop_itself,
)

from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.bootstrap.service import Service
from genbo.chain.development import person

pytestmark = pytest.mark.anvil

WRITING = ("issue", "transfer", "forced transfer", "distribution")


def require_once(processes: Processes, name: str, number: int, before: object) -> None:
    """Finishes the act, and has it judged."""
    processes.finish(name, number)
    assert processes.wrong(name, number, before, thorough=True) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "contact"),
    [("issue", 95), ("transfer", 101), ("forced transfer", 118), ("distribution", 240)],
)
def test_process__ends_itself_between_two_lines__is_done_once(
    processes: Processes, name: str, contact: int
) -> None:
    number, before = processes.begin(name)
    life = Life(Plan(At.CONTACT, contact), die=exit_at_once)
    assert processes.act(name, number, life).wait() == EXITED_AT_ITS_PLACE
    require_once(processes, name, number, before)


@pytest.mark.parametrize("name", WRITING)
def test_process__killed_at_any_moment__is_done_once(processes: Processes, name: str) -> None:
    dice = random.Random(name)
    for _ in range(2):
        number, before = processes.begin(name)
        child = processes.act(name, number)
        time.sleep(dice.uniform(0.02, 0.4))
        child.kill()
        require_once(processes, name, number, before)


def serve(office: Office) -> None:
    """What `genbo up --role sender --role jobs` does, until it is killed."""
    with Service(office, (Role.SENDER, Role.JOBS), tell=lambda *_: None).running():
        while True:
            time.sleep(1)


def test_service__killed_while_it_works__is_followed_by_the_next(processes: Processes) -> None:
    dice = random.Random(7)
    number, before = processes.begin("distribution")
    job, rows = distribution(number, processes.world.deployment.chain_id)
    office = Office(processes.world.calm(), processes.world.deployment)
    office.bulk.order(job, rows)
    for _ in range(3):
        service = processes.fork(serve)
        time.sleep(dice.uniform(0.1, 0.4))
        service.kill()
    last = processes.fork(serve)
    deadline = time.monotonic() + 20
    while office.bulk.running():
        assert time.monotonic() < deadline, office.bulk.progress(job.id)
        time.sleep(0.05)
    last.kill()
    require_once(processes, "distribution", number, before)


class Backends:
    """What the database has of the lock of the carrier, who sends for the Safes."""

    def __init__(self, processes: Processes) -> None:
        self._database = processes.world.aside

    def holders(self) -> list[int]:
        """The processes of the server that hold a sender's lock."""
        with self._database.read() as connection:
            return list(
                connection.scalars(
                    text(
                        "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                        " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
                    )
                )
            )

    def lose(self) -> None:
        """Ends the connection that holds the lock, and those in the middle of a transaction. One that is idle stays:
        on it the overtaken process goes on, and the epoch is what refuses it."""
        (pid,) = self.holders()
        with self._database.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND (pid = :pid OR state LIKE 'idle in transaction%')"
                ),
                {"pid": pid},
            )

    def epoch(self) -> int:
        with self._database.read() as connection:
            return int(
                connection.scalar(
                    text("SELECT epoch FROM signer WHERE address = :address"),
                    {"address": person("carrier-1").address},
                )
                or 0
            )


@pytest.fixture
def backends(processes: Processes) -> Backends:
    return Backends(processes)


# Contacts from the moment on at which the sender has its lead, to its last one before the act is done.
PLACES = (58, 70, 82, 94, 106)


def test_sender__stands_still_and_is_killed__is_followed_at_once(
    processes: Processes, backends: Backends
) -> None:
    number, before = processes.begin("issue")
    child = processes.act("issue", number, Life(Plan(At.CONTACT, 106), die=stop_itself))
    assert child.await_stopped()
    held, epoch = backends.holders(), backends.epoch()
    assert len(held) == 1
    other = processes.act("issue", number)
    time.sleep(0.5)
    assert (backends.holders(), backends.epoch()) == (held, epoch)  # the other only waits
    child.kill()
    assert other.wait() == 0
    assert backends.epoch() == epoch + 1
    require_once(processes, "issue", number, before)


@pytest.mark.parametrize("place", PLACES)
def test_sender__overtaken_while_it_stood_still__does_no_harm(
    processes: Processes, backends: Backends, place: int
) -> None:
    number, before = processes.begin("issue")
    child = processes.act("issue", number, Life(Plan(At.CONTACT, place), die=stop_itself))
    assert child.await_stopped()
    epoch = backends.epoch()
    backends.lose()
    processes.finish("issue", number)
    assert processes.wrong("issue", number, before, thorough=False) == []
    assert backends.epoch() > epoch
    child.send(signal.SIGCONT)
    assert child.wait() in (0, LOST_ITS_DATABASE)
    require_once(processes, "issue", number, before)


def test_senders__two_at_the_same_time__take_turns(processes: Processes) -> None:
    """Both order acts of one Safe and of one person; each has the chance to send for both."""
    acts = {}
    for name in ("issue", "forced transfer", "issue", "forced transfer"):
        acts[next(processes.numbers)] = name
    before = processes.begin("issue")[1]

    def all_of(numbers: list[int]) -> object:
        def work(office: Office) -> None:
            for number in numbers:
                ACTS[acts[number]].order(office, number)

        return work

    children = [
        processes.fork(all_of(list(acts))),  # type: ignore[arg-type]
        processes.fork(all_of(list(reversed(acts)))),  # type: ignore[arg-type]
    ]
    assert [child.wait() for child in children] == [0, 0]
    assert before is not None
    with processes.world.aside.read() as connection:
        rows = connection.execute(
            text(
                "SELECT key, count(*) AS count FROM command JOIN outbox USING (command_id)"
                " WHERE key = ANY(:keys) AND command.state = 'final' GROUP BY key"
            ),
            {"keys": [f"k{number}" for number in acts]},
        ).all()
    assert sorted((row.key, row.count) for row in rows) == sorted((f"k{n}", 1) for n in acts)
