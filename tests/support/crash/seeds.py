"""Seeds: one number says which act is killed where, how often, and who finishes it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.support.crash.acts import ACTS, Ordered
from tests.support.crash.judge import Standing, judge, look
from tests.support.crash.killer import At, Life, Plan
from tests.support.crash.watched_node import Pool
from tests.support.crash.world import ANN, World

from genbo.bootstrap.office import Office
from genbo.kernel import Fault, Reason, Refusal
from genbo.storage.outbox import StoredOutbox

_MOST_ROUNDS = 600


@dataclass(frozen=True)
class Seed:
    """One killing."""

    act: str
    kills: tuple[Plan, ...]
    """Where each life ends, one after the other; the one after the last lives on."""
    service_first: bool = False
    """Whether the service goes on before the client asks again; otherwise the client does."""
    late: int = 0
    """A node that puts transactions into blocks only after it was asked so many times; 0: at once."""
    forgets: bool = False
    """Whether that node forgets, with each kill, what it has taken and not yet put into a block."""

    def __str__(self) -> str:
        kills = ", ".join(f"Plan(At.{each.at.name}, {each.number})" for each in self.kills)
        rest = "".join(
            f", {name}={value!r}"
            for name in ("service_first", "late", "forgets")
            if (value := getattr(self, name))
        )
        return f'Seed("{self.act}", ({kills},){rest})'


@dataclass(frozen=True)
class Size:
    """How many places there are to die at in one act."""

    lines: int
    """Lines that are done, one after the other."""
    contacts: int
    """Statements, commits and questions, before and after."""
    places: int
    """Different lines and contacts among them."""


@dataclass(frozen=True)
class Verdict:
    """What became of a seed."""

    seed: Seed
    died_at: tuple[str, ...]
    """Where; fewer than planned when it was done before."""
    wrong: tuple[str, ...]


class Seeds:
    """Runs seeds in one world."""

    def __init__(self, world: World, *, thorough_every: int = 20, renew_every: int = 150) -> None:
        self.world = world
        self._thorough_every = thorough_every
        self._renew_every = renew_every
        self._numbers = itertools.count(1)
        self._standing: Standing | None = None
        """As the last seed left it."""

    def next_number(self) -> int:
        """A number that no act has had."""
        return next(self._numbers)

    def size(self, name: str) -> Size:
        """Does an act once, killed nowhere, and counts."""
        act, number = ACTS[name], self.next_number()
        before = look(self.world)
        act.prepare(self.world, number)
        life = Life(noting=True)
        self.world.live(life, lambda office: order(office, act, number))
        finish(self.world, act, number, service_first=True)
        after = look(self.world)
        wrong = judge(self.world, before, after, act, number, thorough=False)
        assert not wrong, (name, wrong)
        return Size(life.lines, life.contacts, len(life.places))

    def run(self, seed: Seed) -> Verdict:
        """Kills, lets it be finished, and judges."""
        world, act, number = self.world, ACTS[seed.act], self.next_number()
        if number % self._renew_every == 0:
            self.renew()
        before = self._standing or look(world)
        act.prepare(world, number)
        pool = Pool(world.chain, late=seed.late) if seed.late else None
        died: list[str] = []
        wrong: list[str] = []
        for life_number, plan in enumerate((*seed.kills, None)):
            life = Life(plan)
            try:
                if life_number == 0 and plan is not None:
                    world.live(life, lambda office: order(office, act, number), pool)
                else:
                    finish(
                        world,
                        act,
                        number,
                        life,
                        pool=pool,
                        service_first=seed.service_first,
                    )
            except Exception as error:
                if not _told(error, life):
                    wrong.append(f"{type(error).__name__}: {error}")
            if life.died_at is not None:
                died.append(life.died_at)
            if pool is not None and seed.forgets and life.dead:
                pool.forget()
        after = look(world)
        thorough = number % self._thorough_every == 0
        wrong += judge(world, before, after, act, number, thorough=thorough)
        self._standing = after
        if wrong:
            self.renew()
        return Verdict(seed, tuple(died), tuple(wrong))

    def renew(self) -> None:
        """Takes the world back to its beginning."""
        self.world.renew()
        self._standing = None


def finish(
    world: World,
    act: Ordered,
    number: int,
    life: Life | None = None,
    *,
    pool: Pool | None = None,
    service_first: bool = False,
) -> None:
    """Another process: the client asks again under its key, and the service works until nothing is left to do."""

    def work(office: Office) -> None:
        office.ring.add(ANN)
        if service_first:
            _serve(office)
        order(office, act, number)
        _serve(office)
        if act.tampered is not None and number % 5 == 0:
            _refuses_another_body(office, act, number)

    world.live(life or Life(), work, pool)


def _serve(office: Office) -> None:
    """What the roles of a running service do, in turns."""
    for _ in range(_MOST_ROUNDS):
        with office.house.database.read() as connection:
            left = StoredOutbox(connection, office.deployment.chain_id).accounts_with_work()
        jobs = office.bulk.running()
        if not left and not jobs:
            break
        office.courier.turn_all()
        for job in jobs:
            office.bulk.step(job)
    else:
        raise AssertionError("the service does not come to an end")
    office.read(patience=0)


_TOLD = {At.DATABASE: Reason.DATABASE_UNREACHABLE, At.NODE: Reason.NODE_UNREACHABLE}


def _told(error: Exception, life: Life) -> bool:
    """Whether it is the clear word on the trouble that this life was in for."""
    return (
        life.plan is not None
        and life.died_at is not None
        and isinstance(error, Fault)
        and error.reason is _TOLD.get(life.plan.at)
    )


def order(office: Office, act: Ordered, number: int) -> None:
    """Orders the act and waits for it; a refusal that it is there for is heard."""
    try:
        act.order(office, number)
    except Refusal as refusal:
        if not act.refuses or isinstance(refusal, Fault):
            raise
    else:
        assert not act.refuses, "nobody heard of the refusal"


def _refuses_another_body(office: Office, act: Ordered, number: int) -> None:
    assert act.tampered is not None
    try:
        act.tampered(office, number)
    except Refusal as refusal:
        if refusal.reason is not Reason.COMMAND_KEY_REUSED:
            raise
    else:
        raise AssertionError("another body under the same key was taken")


def enumerated(name: str, size: Size, *, every: int) -> Iterator[Seed]:
    """Every so-many-th contact of an act, the client asking again."""
    for number in range(1, size.contacts + 1, every):
        yield Seed(name, (Plan(At.CONTACT, number),), service_first=number % 2 == 0)


def drawn(sizes: Mapping[str, Size], *, seed: int) -> Iterator[Seed]:
    """Seeds without end, the same for the same number."""
    dice = random.Random(seed)
    names = sorted(sizes)
    while True:
        name = dice.choice(names)
        size = sizes[name]

        def plan(size: Size = size) -> Plan:
            at = dice.choices(list(At), (4, 4, 1, 1))[0]
            return Plan(at, dice.randint(1, size.lines if at is At.LINE else size.contacts))

        kills = (plan(), plan()) if dice.random() < 0.25 else (plan(),)
        late = dice.choice((0, 0, 0, 1, 2, 3))
        yield Seed(
            name,
            kills,
            service_first=dice.random() < 0.5,
            late=late,
            forgets=bool(late) and dice.random() < 0.3,
        )
