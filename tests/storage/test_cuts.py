"""However a reading is cut, and whatever happens to it on the way, the same rows come out (invariants 2 and 3).

given one chain, read by the indexer that runs in production
    when it is cut into ranges, transactions and readings at random
        it should come to the same digest as a reading in one go
    when the process fails before, within or after a transaction
        it should go on from what is committed and come to the same digest
    when the node goes away in the middle
        it should keep what was read before, and go on when the node is back
    when two processes read it into one database
        it should come to the same digest
    when the chain ends at an earlier block for the while of a reading
        it should have derived rows, raw events and cursor of the same blocks
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.market import FIRST_BLOCK, PRODUCT, Market
from benchmarks.recording import RecordedNode, Recording, record
from benchmarks.registry import DEPLOYMENT, found
from sqlalchemy import text

from genbo.bootstrap.indexer import Indexer
from genbo.chain import cursor as cursor_module
from genbo.kernel import Fault, ProductId, Reason
from genbo.storage.digest import derived_digest
from genbo.storage.engine import Database
from genbo.storage.journal import RegisterJournal
from genbo.storage.server import EmbeddedServer
from genbo.storage.step import Step

EVENTS = 1_500


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder: Path = tmp_path_factory.mktemp("chain")
    return record(Market(holders=40), folder / "chain.json", events=EVENTS)


@pytest.fixture
def node(chain: Recording) -> Iterator[RecordedNode]:
    made = RecordedNode(chain)
    yield made
    made.close()


@pytest.fixture
def registry(database: Database) -> Database:
    found(database)
    return database


@pytest.fixture(scope="module")
def straight(server: EmbeddedServer, chain: Recording) -> str:
    """The digest of a reading in one go."""
    server.create_database("straight", template="genbo_template")
    made = Database(server.url("straight"))
    found(made)
    node = RecordedNode(chain)
    Indexer(node, made, DEPLOYMENT).catch_up()
    node.close()
    digest = digest_of(made)
    made.close()
    return digest


def digest_of(database: Database) -> str:
    with database.read() as connection:
        return derived_digest(connection, ProductId(PRODUCT))


def kept(database: Database) -> tuple[int, int, int]:
    """The cursor, the last block with a raw event, and the last with a derived row."""
    with database.read() as connection:
        raw = connection.scalar(text("SELECT max(block_number) FROM event_raw"))
        derived = connection.scalar(text("SELECT max(from_block) FROM position"))
        cursor = RegisterJournal(connection, DEPLOYMENT.chain_id).cursors.get()
        return (0 if cursor is None else cursor.next_block, raw or 0, derived or 0)


@pytest.mark.parametrize("seed", range(8))
def test_reading__cut_at_random__comes_to_the_same_digest(
    registry: Database,
    node: RecordedNode,
    chain: Recording,
    straight: str,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(cursor_module, "_FIRST_REACH", dice.choice([1, 4, 64]))
    monkeypatch.setattr(cursor_module, "LOGS", dice.choice([1, 30, 300, 8_000]))
    indexer = Indexer(node, registry, DEPLOYMENT)
    node.head = FIRST_BLOCK
    while node.head < chain.last_block:
        node.head = min(node.head + dice.randint(1, 60), chain.last_block)
        if dice.random() < 0.4:  # another process, which knows what is committed and nothing else
            indexer = Indexer(node, registry, DEPLOYMENT, together=dice.choice([1, 40, 10_000]))
        indexer.catch_up()
        next_block, raw, derived = kept(registry)
        assert next_block == node.head + 1
        assert derived <= raw < next_block
    assert digest_of(registry) == straight


@pytest.mark.parametrize("when", ["before", "within", "after"])
def test_reading__process_fails_around_a_transaction__goes_on_from_what_is_committed(
    registry: Database,
    node: RecordedNode,
    straight: str,
    when: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cursor_module, "LOGS", 100)
    monkeypatch.setattr(cursor_module, "_FIRST_REACH", 2)
    keep = Indexer._keep
    keep_step = RegisterJournal.keep_step
    calls = iter(range(1, 1_000_000))

    class Killed(BaseException):
        pass

    def within(self: RegisterJournal, step: Step) -> None:
        keep_step(self, step)
        if when == "within" and next(calls) % 3 == 0:
            raise Killed

    def around(self: Indexer, step: Step) -> None:
        if when == "before" and next(calls) % 3 == 0:
            raise Killed
        keep(self, step)
        if when == "after" and next(calls) % 3 == 0:
            raise Killed

    monkeypatch.setattr(RegisterJournal, "keep_step", within)
    monkeypatch.setattr(Indexer, "_keep", around)
    killed = 0
    for _ in range(200):
        try:
            Indexer(node, registry, DEPLOYMENT, together=100).catch_up()
            break
        except Killed:
            killed += 1
            next_block, raw, derived = kept(registry)
            assert derived <= raw < max(next_block, 1)
    assert killed > 3
    assert digest_of(registry) == straight


def test_reading__node_goes_away_in_the_middle__keeps_what_was_read_before(
    registry: Database,
    node: RecordedNode,
    chain: Recording,
    straight: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cursor_module, "LOGS", 100)
    monkeypatch.setattr(cursor_module, "_FIRST_REACH", 2)
    away = Fault(Reason.NODE_UNREACHABLE, url="recorded")
    answer, asked = node.answer, iter(range(1_000_000))

    def flaky(first: int, last: int) -> bytes:
        if next(asked) % 3 == 2:
            raise away
        return answer(first, last)

    node.answer = flaky  # type: ignore[method-assign]
    indexer = Indexer(node, registry, DEPLOYMENT)  # one transaction would hold it all
    stood = 0
    for _ in range(100):
        try:
            through = indexer.catch_up()
            break
        except Fault as fault:
            if fault is not away:
                raise
            now = kept(registry)[0]
            assert now > stood
            stood = now
    assert through is not None
    assert through.number == chain.last_block
    assert digest_of(registry) == straight


def test_reading__two_processes_in_turns__come_to_the_same_digest(
    registry: Database, chain: Recording, straight: str
) -> None:
    nodes = [RecordedNode(chain, head=FIRST_BLOCK) for _ in range(2)]
    indexers = [Indexer(node, registry, DEPLOYMENT, together=50) for node in nodes]
    for turn, head in enumerate((*range(20, chain.last_block, 23), chain.last_block)):
        nodes[turn % 2].head = head
        indexers[turn % 2].catch_up()
    for node in nodes:
        node.close()
    assert digest_of(registry) == straight
