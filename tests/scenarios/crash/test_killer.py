"""The killer kills, and the judge notices: without this the other tests would show nothing.

given a life that ended in the middle of a transaction
├── what it had written should be gone
├── whatever it still tries with the database or the node should not reach them
└── a new connection of its should not come about
given a life that ended after its commit and before it heard of it
└── what it had written should stand
given an act that happened twice, or not at all, or in the chain alone
└── the judge should say so
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from tests.support.crash.acts import ACTS
from tests.support.crash.judge import judge, look
from tests.support.crash.killer import At, Killed, Life, Plan
from tests.support.crash.seeds import Seeds, finish
from tests.support.crash.world import World

from genbo.bootstrap.office import Office

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

WRITE = text("UPDATE signer SET led_by = :by")


@pytest.fixture
def world(seeds: Seeds) -> Iterator[World]:
    """As it was furnished; whatever a test does is taken back."""
    seeds.renew()
    yield seeds.world
    seeds.renew()


def led_by(world: World) -> set[str]:
    with world.aside.read() as connection:
        return set(connection.scalars(text("SELECT led_by FROM signer")))


def writing(connection: Connection) -> None:
    connection.execute(WRITE, {"by": "the dead"})


def contact_of(world: World, what: str) -> int:
    """The number of a contact, of a life that writes once."""
    found: list[str] = []

    class Listing(Life):
        def contact(self, what: str) -> None:
            found.append(what)
            super().contact(what)

    def work(office: Office) -> None:
        with office.house.database.begin() as connection:
            connection.execute(WRITE, {"by": "nobody"})

    world.live(Listing(), work)
    return found.index(what) + 1


@pytest.mark.parametrize(
    ("what", "stands"),
    [
        ("before UPDATE signer", False),
        ("after UPDATE signer", False),
        ("before COMMIT", False),
        ("after COMMIT", True),
    ],
)
def test_life__ended_at_a_contact__leaves_what_it_had_committed(
    world: World, what: str, stands: bool
) -> None:
    number = contact_of(world, what)
    life = Life(Plan(At.CONTACT, number))

    def work(office: Office) -> None:
        with office.house.database.begin() as connection:
            writing(connection)

    world.live(life, work)
    assert (life.dead, life.died_at) == (True, what)
    assert ("the dead" in led_by(world)) is stands


def test_dead__tries_to_go_on__reaches_nobody(world: World) -> None:
    number = contact_of(world, "after UPDATE signer")
    tried: list[str] = []

    def attempt(office: Office) -> None:
        block = world.chain.stamp()
        for what in ("database", "node"):
            try:
                if what == "node":
                    office.house.node.header()
                else:
                    with office.house.database.begin() as connection:
                        writing(connection)
            except Killed:
                tried.append(what)
        assert world.chain.stamp() == block

    def work(office: Office) -> None:
        try:
            with office.house.database.begin() as connection:
                try:
                    writing(connection)
                finally:
                    connection.commit()  # the politest of endings
        finally:
            attempt(office)

    world.live(Life(Plan(At.CONTACT, number)), work)
    assert tried == ["database", "node"]
    assert "the dead" not in led_by(world)


@pytest.mark.parametrize("name", ["issue", "transfer", "forced transfer"])
def test_judge__act_done_twice__says_so(world: World, name: str) -> None:
    before = look(world)
    for number in (1, 2):
        finish(world, ACTS[name], number)
    wrong = judge(world, before, look(world), ACTS[name], 2, thorough=True)
    assert any("balance" in each for each in wrong), wrong
    assert any("commands came to" in each for each in wrong), wrong


def test_judge__act_not_done__says_so(world: World) -> None:
    before = look(world)
    assert judge(world, before, before, ACTS["issue"], 1, thorough=True) != []


def test_judge__act_that_nobody_committed__says_so(world: World) -> None:
    """Right by its balances; but its transaction never stood in the outbox."""
    before = look(world)
    ACTS["reading"].prepare(world, 1)
    finish(world, ACTS["reading"], 1)
    after = look(world)
    assert judge(world, before, after, ACTS["reading"], 1, thorough=True) == []
    wrong = judge(world, before, after, ACTS["refused transfer"], 1, thorough=True)
    assert any("never committed" in each for each in wrong), wrong


def test_judge__register_behind_the_chain__says_so(world: World) -> None:
    before = look(world)
    ACTS["reading"].prepare(world, 1)
    wrong = judge(world, before, look(world), ACTS["reading"], 1, thorough=True)
    assert any("register" in each for each in wrong), wrong
