"""What is final, and how far the register goes back.

given a chain where a block is final when others stand upon it
├── rows should be there up to the latest block, and final only so deep
├── what is final should go on with the chain, and stay when another process reads
└── when the chain is reorganised above it: it should stay; below it: it should go back with the register
given two nodes that disagree below the final depth
├── nothing after the last block they share should become final
└── when they agree again: it should go on
given a reorganisation
├── when it is as deep as is allowed: it should be followed
├── when it is deeper: it should be refused, nothing changed, and followed when more is allowed
├── when all of the chain is another: it should be refused as well
└── when nothing was read between two far blocks: only what was read should count
given an answer
└── it should be final when the blocks it rests on are, and its instant cannot gain another one
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.support.chain import Stage, build
from tests.support.recorded import digest, raw_rows, record
from tests.support.simulated import CHAIN, FIRST, PRODUCT, SimulatedChain
from tests.support.story import PEOPLE, START, a_chain

from genbo.bootstrap.house import House
from genbo.bootstrap.indexer import Indexer
from genbo.bootstrap.settled import settled
from genbo.chain.endpoints import Endpoints
from genbo.chain.node import Node
from genbo.chain.rpc import serve
from genbo.kernel import BlockStamp, Fault, Finality, Reason
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.engine import Database

EMPTY: list[list[Any]] = [[]]


def cursor_of(database: Database, chain_id: int = CHAIN) -> Cursor:
    with database.read() as connection:
        found = Cursors(connection, chain_id).get()
    assert found is not None
    return found


def final(database: Database, chain_id: int = CHAIN) -> int | None:
    found = cursor_of(database, chain_id).final
    return None if found is None else found.number


def a_simulated(
    database: Database, *, confirmations: int = 0, depth: int = 4_096
) -> SimulatedChain:
    chain = a_chain(confirmations)
    chain.finality = Finality(confirmations=confirmations, reorganisation_depth=depth)
    record(database, chain.deployment())
    return chain


def mine(chain: SimulatedChain, blocks: int) -> None:
    for _ in range(blocks):
        chain.mine([("transfer", (PEOPLE[1], PEOPLE[2], 1), {})])


def an_indexer(chain: SimulatedChain, database: Database, span: int = 5) -> Indexer:
    return Indexer(chain, database, chain.deployment(), span=span)


# Depth of what is final ---------------------------------------------------------------------------------


def test_final__blocks_stand_upon_it__follows_the_chain(database: Database) -> None:
    chain = a_simulated(database, confirmations=4)
    an_indexer(chain, database).catch_up()
    assert chain.highest == FIRST + 1
    assert final(database) is None  # nothing of ours lies so deep
    mine(chain, 5)
    reader = an_indexer(chain, database)
    assert reader.catch_up() == chain.header().stamp
    assert final(database) == chain.highest - 4
    assert cursor_of(database).final == chain.header(chain.highest - 4).stamp
    mine(chain, 1)
    an_indexer(chain, database).catch_up()  # another process
    assert final(database) == chain.highest - 4
    reader.catch_up()
    mine(chain, 3)
    reader.catch_up()
    assert final(database) == chain.highest - 4


def test_final__confirmations_none__is_the_latest_block(database: Database) -> None:
    chain = a_simulated(database)
    mine(chain, 3)
    an_indexer(chain, database).catch_up()
    assert cursor_of(database).final == chain.header().stamp


def test_final__reorganised_above_it__stays(database: Database) -> None:
    chain = a_simulated(database, confirmations=4)
    mine(chain, 8)
    reader = an_indexer(chain, database)
    reader.catch_up()
    kept = cursor_of(database).final
    chain.fork(4, EMPTY * 4)
    reader.catch_up()
    assert cursor_of(database).final == kept


def test_final__reorganised_below_it__goes_back_with_the_register(database: Database) -> None:
    chain = a_simulated(database, confirmations=2)
    mine(chain, 8)
    reader = an_indexer(chain, database, span=1)
    reader.catch_up()
    chain.fork(5, EMPTY)
    assert reader.catch_up() == chain.header().stamp
    now = cursor_of(database).final
    assert now is not None
    assert now == chain.header(now.number).stamp
    assert now.number == chain.header().stamp.number - 1  # the last block both chains share


# Nodes that disagree ------------------------------------------------------------------------------------


@pytest.fixture
def twins() -> tuple[Stage, Stage]:
    """Two nodes of one chain; each goes on by itself."""
    return build(), build()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def grow(stage: Stage, *, blocks: int, every: int) -> None:
    for _ in range(blocks):
        stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=every))


def test_final__nodes_disagree__stays_at_the_last_block_they_share(
    twins: tuple[Stage, Stage], database: Database, stack: ExitStack
) -> None:
    here, there = twins
    for stage in twins:
        grow(stage, blocks=5, every=10)
    shared = here.node.stamp()
    assert shared == there.node.stamp()
    grow(here, blocks=9, every=10)
    grow(there, blocks=9, every=11)
    both = Endpoints([stack.enter_context(serve(stage.node)) for stage in twins], confirmations=3)
    stack.callback(both.close)
    record(database, here.deployment)
    reader = Indexer(both, database, here.deployment)
    assert reader.catch_up() == here.node.stamp()
    assert cursor_of(database, both.chain_id).final == shared
    grow(here, blocks=1, every=10)
    reader.catch_up()
    assert cursor_of(database, both.chain_id).final == shared
    (dissent,) = both.dissents
    assert dissent.agreed == shared.number

    there.node.revert(shared.hash)
    grow(there, blocks=10, every=10)
    assert there.node.stamp() == here.node.stamp()
    grow(here, blocks=1, every=10)
    reader.catch_up()
    assert both.dissents == []
    assert final(database, both.chain_id) == here.node.stamp().number - 3


# How far back -------------------------------------------------------------------------------------------


def everything(database: Database) -> tuple[object, ...]:
    return digest(database, PRODUCT), raw_rows(database), cursor_of(database)


def test_depth__just_allowed__is_followed(database: Database) -> None:
    chain = a_simulated(database, depth=5)
    mine(chain, 20)
    reader = an_indexer(chain, database, span=1)
    reader.catch_up()
    chain.fork(5, EMPTY * 6)
    assert reader.catch_up() == chain.header().stamp


@pytest.mark.parametrize("again", [False, True], ids=["running", "begun anew"])
def test_depth__more_than_allowed__is_refused_and_nothing_changed(
    database: Database, again: bool
) -> None:
    chain = a_simulated(database, depth=5)
    mine(chain, 20)
    reader = an_indexer(chain, database, span=1)
    reader.catch_up()
    before = everything(database)
    chain.fork(6, EMPTY * 7)
    for _ in range(2):
        if again:
            reader = an_indexer(chain, database, span=1)
        with pytest.raises(Fault) as fault:
            reader.catch_up()
        assert fault.value.reason is Reason.REORGANISATION_TOO_DEEP
        assert fault.value.facts == {"block": chain.highest - 6, "depth": 6, "allowed": 5}
        assert everything(database) == before
    chain.finality = Finality(reorganisation_depth=6)
    assert an_indexer(chain, database).catch_up() == chain.header().stamp
    assert digest(database, PRODUCT) != before[0]


def test_depth__all_of_it_is_another_chain__is_refused(database: Database) -> None:
    chain = a_simulated(database, depth=5)
    mine(chain, 20)
    reader = an_indexer(chain, database, span=1)
    reader.catch_up()
    before = everything(database)
    chain.fork(100, EMPTY * 30)
    with pytest.raises(Fault) as fault:
        reader.catch_up()
    assert fault.value.reason is Reason.REORGANISATION_TOO_DEEP
    assert everything(database) == before


def test_depth__nothing_read_between_two_far_blocks__only_what_was_read_counts(
    database: Database,
) -> None:
    """After a catch-up in long ranges the last block but one that is remembered may be far away."""
    chain = a_simulated(database, depth=5)
    for _ in range(50):
        chain.mine([])
    reader = an_indexer(chain, database, span=2_000)
    reader.catch_up()
    chain.fork(1, EMPTY * 2)
    assert reader.catch_up() == chain.header().stamp


# Answers ------------------------------------------------------------------------------------------------


class Answers:
    """A house with just enough of it to ask whether an answer is final."""

    def __init__(self, database: Database, chain: SimulatedChain) -> None:
        self.house = House(
            node=cast(Node, chain),
            database=database,
            vault=cast(Any, None),
            deployments=Path(),
            folder=Path(),
        )

    def final(
        self, stamp: BlockStamp, as_of: datetime | None = None, now: datetime | None = None
    ) -> bool:
        return settled(self.house, stamp, as_of=as_of, now=now).final


def test_settled__the_latest_block__is_final_where_blocks_are_final_at_once(
    database: Database,
) -> None:
    chain = a_simulated(database)
    mine(chain, 3)
    an_indexer(chain, database).catch_up()
    answers = Answers(database, chain)
    head = chain.header().stamp
    assert answers.final(head)
    later = head.at + timedelta(days=1)
    assert answers.final(head, as_of=later, now=later)
    assert not answers.final(head, as_of=later, now=later - timedelta(seconds=1))
    assert not answers.final(head, as_of=later)


def test_settled__blocks_that_may_still_change__are_not_final(database: Database) -> None:
    chain = a_simulated(database, confirmations=3)
    mine(chain, 9)
    an_indexer(chain, database).catch_up()
    answers = Answers(database, chain)
    deep, above = (chain.header(chain.highest - depth).stamp for depth in (3, 2))
    now = START + timedelta(days=900)
    assert answers.final(deep)
    assert not answers.final(above)
    assert answers.final(chain.header(5).stamp, as_of=deep.at, now=now)
    # The next block is not final: it might become one before the instant.
    assert not answers.final(deep, as_of=above.at, now=now)
    assert not answers.final(chain.header().stamp, as_of=now, now=now)


def test_settled__nothing_final_yet__is_not_final(database: Database) -> None:
    chain = a_simulated(database, confirmations=100)
    an_indexer(chain, database).catch_up()
    found = settled(Answers(database, chain).house, chain.header().stamp)
    assert (found.final, found.block) == (False, None)
    assert found.document() == {"final": False, "final_block": None}
