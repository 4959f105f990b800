"""Whatever chain, node and process do on the way, the register is that of one straight reading (invariant 2).

given a chain that forks, a node that misbehaves, a process that is killed and begins again, ranges of any length
└── when everything is calm again
    ├── it should have the same derived rows and raw events as one straight reading, byte for byte
    ├── it should hold what the token holds
    └── nothing should ever be final that does not lie deep enough
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.decoded import events_of
from tests.support.recorded import record, unread
from tests.support.story import PEOPLE, Step, a_chain, play, stories

from genbo.register import UnitsMoved
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer

GOOD, OTHER = PEOPLE[1], PEOPLE[2]


@pytest.fixture(scope="module")
def read_into(server: EmbeddedServer) -> Iterator[Database]:
    """One database for all stories; each begins with nothing read."""
    server.create_database("stories", template="genbo_template")
    database = Database(server.url("stories"))
    record(database, a_chain(0).deployment())
    yield database
    database.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories, confirmations=st.integers(0, 3), span=st.integers(1, 8))
# A fork in the middle of a reading, then a kill while it is taken back.
@example(
    story=[
        ("mine", [[("transfer", (GOOD, OTHER, 5), {"ref": "R1"})], []]),
        ("later", 3, ("fork", 3, [[("transfer", (GOOD, OTHER, 7), {"ref": "R1"})]])),
        ("read",),
        ("fork", 1, [[("split", (2,), {"ref": "R2"})], []]),
        ("killed", 12),
        ("mood", "short:3", 4),
        ("read",),
    ],
    confirmations=0,
    span=1,
)
# A fork between the two headers of a range, found by the long search: the first was of the chain before it, so what
# had been read below was never taken back.
@example(
    story=[
        ("mine", [[], [("transfer", (GOOD, OTHER, 1), {})], [("transfer", (GOOD, OTHER, 1), {})]]),
        ("read",),
        ("mine", [[], []]),
        ("later", 2, ("fork", 4, [[], [], [("transfer", (GOOD, OTHER, 2), {})], [], [], []])),
        ("read",),
    ],
    confirmations=0,
    span=8,
)
# A node that answers more than it was asked, and everything twice.
@example(
    story=[
        ("mood", "wide", 40),
        ("read",),
        ("mood", "twice", 40),
        ("read",),
        ("mood", "ahead", 40),
        ("read",),
        ("mine", [[("issue", ({GOOD: 3},), {"ref": "R3"})]]),
    ],
    confirmations=2,
    span=2,
)
def test_register__any_story__is_that_of_one_straight_reading(
    read_into: Database, story: list[Step], confirmations: int, span: int
) -> None:
    unread(read_into)
    play(read_into, story, confirmations=confirmations, span=span)


def test_simulated_chain__its_bytes__say_what_the_model_did() -> None:
    """The simulation would prove nothing if it wrote other events than the model made."""
    chain = a_chain(0)
    chain.mine(
        [
            ("freeze", (GOOD, 15), {}),
            ("force", (GOOD, OTHER, 10), {"ref": "F"}),
            ("reverse", ("F", OTHER, GOOD, 10), {"ref": "B"}),
        ]
    )
    chain.mine([("split", (3,), {"ref": "S"}), ("rekey", (GOOD, PEOPLE[5]), {"ref": "K"})])
    kinds = [event.kind.name for event in events_of(chain) if isinstance(event, UnitsMoved)]
    assert kinds == ["ISSUE", "DISTRIBUTE", "DISTRIBUTE", "FORCED", "REVERSE", "REKEY"]
    back = next(e for e in events_of(chain) if isinstance(e, UnitsMoved) and e.reverses)
    assert (back.reverses, back.ref, int(back.units)) == ("F", "B", 10)
    assert len([log for block in chain.blocks for log in block.logs]) == 19
