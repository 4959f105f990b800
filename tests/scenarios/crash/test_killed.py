"""Invariant 3: a process killed between any two statements neither loses nor doubles a mutation.

given an act of the write path, or the reading of the ledger, whose process is killed
├── at any statement, commit or question to the node, before it or after it was done and before anybody heard
├── between any two lines
├── once more, while another process finishes it
├── with a node that puts transactions into blocks late, or forgets what it has not put into one yet
└── or loses the database, or the node, and goes on
    └── when it was ordered again under its key, and the service has nothing left to do
        └── it should have happened exactly once, and the register should be the chain's
given a command that one more signature makes complete, and the approver's process is killed
└── it should be queued with the signature, or not be signed: what enough have approved waits for nobody
given a seed that ever failed
└── it should not fail again

`make crash` does the same some thousand times over.
"""

from __future__ import annotations

from itertools import islice

import pytest
from tests.support.crash.acts import ACTS, propose_issue
from tests.support.crash.judge import judge, look
from tests.support.crash.killer import At, Life, Plan
from tests.support.crash.seeds import Seed, Seeds, Size, drawn, enumerated, finish

from genbo.bootstrap.office import Office
from genbo.governance import CommandId, CommandState
from genbo.storage.commands import Commands

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""What a dead process still tries at the end of a generator is nobody's concern."""

FAILED_ONCE: tuple[Seed, ...] = (
    # The database was lost while a Safe's signatures were kept: the command was refused for it. The place was the
    # 60th contact; it has moved since, so its neighbours are tried as well.
    *(Seed("issue", (Plan(At.DATABASE, contact),)) for contact in (58, 60, 62, 64)),
    *(Seed("forced transfer", (Plan(At.DATABASE, contact),)) for contact in (60, 62)),
)
"""Add the seed that `make crash` prints. The place it means moves when the code does; it is tried all the same."""

EVERY = {"distribution": 200, "admission": 140}
DRAWN = 20
SPARE = 20
"""By so many contacts one life of an act may be shorter than another: waiting asks more or less often."""


@pytest.mark.parametrize("name", sorted(ACTS))
def test_act__killed_at_every_nth_contact__happened_once(
    seeds: Seeds, sizes: dict[str, Size], name: str
) -> None:
    size = sizes[name]
    every = EVERY.get(name, max(1, size.contacts // 5))
    wrong = [
        f"{verdict.seed} at {verdict.died_at}: {verdict.wrong}"
        for seed in enumerated(name, size, every=every)
        if (verdict := seeds.run(seed)).wrong or (not verdict.died_at and _is_met(seed, size))
    ]
    assert wrong == []


def _is_met(seed: Seed, size: Size) -> bool:
    """Whether the place is met however often a life had to look: the last few contacts are not always."""
    return seed.kills[0].number <= size.contacts - SPARE


def test_any_act__killed_anywhere__happened_once(seeds: Seeds, sizes: dict[str, Size]) -> None:
    wrong = [
        f"{verdict.seed} at {verdict.died_at}: {verdict.wrong}"
        for seed in islice(drawn(sizes, seed=20261120), DRAWN)
        if (verdict := seeds.run(seed)).wrong
    ]
    assert wrong == []


@pytest.mark.parametrize("seed", FAILED_ONCE, ids=str)
def test_seed__that_failed_once__does_not_fail_again(seeds: Seeds, seed: Seed) -> None:
    verdict = seeds.run(seed)
    assert verdict.wrong == (), verdict.died_at


def test_sizes__of_every_act__are_worth_killing_at(sizes: dict[str, Size]) -> None:
    """Should the watch be lost, nothing would ever be killed."""
    assert all(size.contacts > 40 and size.places > 300 for size in sizes.values()), sizes
    assert Plan(At.CONTACT, 1) != Plan(At.LINE, 1)


APPROVING = range(6, 60, 4)
"""Contacts of a life that approves one command."""


def test_approval__killed_at_any_contact__is_queued_or_not_given(seeds: Seeds) -> None:
    world, act = seeds.world, ACTS["approved issue"]
    found: set[tuple[int, CommandState]] = set()
    for contact in APPROVING:
        number, before = seeds.next_number(), look(world)
        aside = Office(world.calm(), world.deployment)
        proposed = propose_issue(aside, number).id

        def approve(office: Office, command: CommandId = proposed) -> None:
            office.approvals.approve(command, name="issue-3")

        world.live(Life(Plan(At.CONTACT, contact)), approve)
        with world.aside.read() as connection:
            stored = Commands(connection, world.deployment.chain_id).get(proposed)
        found.add((len(stored.approvals), stored.state))
        finish(world, act, number)
        assert judge(world, before, look(world), act, number, thorough=False) == []
    seeds.renew()
    assert found == {(1, CommandState.CHECKED), (2, CommandState.QUEUED)}
