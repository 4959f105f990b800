"""The cursor reads every log of every token exactly once, whatever the chain does meanwhile.

given a chain with products
├── when it is read in ranges of any length, and begun again anywhere: it should give the same logs and events
├── when a product appears within a range: its logs of that range should be there too
├── when there is nothing new: it should say so
├── when the latest blocks are not final: it should leave them
└── when the node finds a range too much: it should ask for halves
given a reorganisation
├── it should first say back to which block, then read the other blocks
├── when it removed a product: the product should be unknown until it appears again
├── when the chain became shorter, or only its latest block changed: it should notice
├── when nothing that was read stands: it should begin anew
└── when it happens while a range is read: it should not mix two chains
given a node that answers no more
└── it should be a fault, and the next reading go on where it stood
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.chain import PRODUCT, Stage, investor

from genbo.chain.cursor import Batch, Cursor, Registration, RolledBack
from genbo.chain.decode import PRODUCT_REGISTERED
from genbo.chain.node import RawLog
from genbo.governance import Duty
from genbo.kernel import Fault, ProductId, Reason, Reference
from genbo.register.model import LedgerEvent, UnitsMoved
from genbo.token import Act

SECOND = ProductId("P2")


def _cursor(stage: Stage, **options: Any) -> Cursor:
    options = {"first_block": stage.deployment.first_block, **options}
    node = options.pop("node", stage.node)
    return Cursor(node, platform=stage.deployment.platform, **options)


def _live(stage: Stage) -> None:
    """Some life: an issue, a distribution, a second product with an issue of its own, a transfer."""
    token = stage.token
    stage.verified(0, 1, 2)
    beneficiary, ann, bob = (investor(number).address for number in range(3))
    stage.alone(stage.platform.open_market(), "market-1")
    stage.together(token.issue([beneficiary], [1_000], Act(ref=Reference("I-1"))), Duty.ISSUER)
    stage.alone(token.distribute([ann, bob], [300, 200], Reference("D-1")), "distribution-1")
    stage.create_product(SECOND)
    stage.node.advance_to(stage.node.stamp().at + timedelta(hours=12))
    stage.hold(token.transfer(bob, 7), 1)


def _all(cursor: Cursor) -> tuple[list[RawLog], list[LedgerEvent], list[Registration]]:
    logs: list[RawLog] = []
    events: list[LedgerEvent] = []
    registered: list[Registration] = []
    for found in cursor.read():
        assert isinstance(found, Batch)
        logs += found.logs
        events += found.events
        registered += found.registered
    return logs, events, registered


def test_read__any_span__gives_the_same(stage: Stage) -> None:
    _live(stage)
    whole = _all(_cursor(stage))
    logs, events, registered = whole
    assert [each.product for each in registered] == [PRODUCT, SECOND]
    assert registered[0].token == stage.token.address
    assert registered[0].group == "G1"
    assert registered[0].block == stage.deployment.tokens[PRODUCT].block
    assert len([event for event in events if isinstance(event, UnitsMoved)]) == 4
    assert any(log.address == stage.deployment.platform for log in logs)
    assert len({(log.block, log.log_index) for log in logs}) == len(logs)
    for span in (1, 2, 3, 7, 1_000):
        assert _all(_cursor(stage, span=span)) == whole


def test_read__begun_again_anywhere__gives_the_same(stage: Stage) -> None:
    _live(stage)
    logs, events, registered = _all(_cursor(stage))
    batches = [each for each in _cursor(stage, span=1).read() if isinstance(each, Batch)]
    for cut in range(len(batches)):
        before = batches[:cut]
        cursor = _cursor(
            stage,
            registered=[each for batch in before for each in batch.registered],
            checkpoints=[batch.through for batch in before],
        )
        rest = _all(cursor)
        assert [log for batch in before for log in batch.logs] + rest[0] == logs
        assert [event for batch in before for event in batch.events] + rest[1] == events
        assert [each for batch in before for each in batch.registered] + rest[2] == registered
        assert cursor.through == stage.node.stamp()


def test_read__stamps_are_those_of_the_blocks(stage: Stage) -> None:
    _live(stage)
    for batch in _cursor(stage, span=5).read():
        assert isinstance(batch, Batch)
        assert set(batch.stamps) == {log.block for log in batch.logs} | {batch.through.number}
        for number, stamp in batch.stamps.items():
            assert stamp == stage.node.stamp(number)
        for event in batch.events:
            assert event.position.stamp == batch.stamps[event.position.stamp.number]


def test_next__nothing_new__says_so(stage: Stage) -> None:
    cursor = _cursor(stage)
    _all(cursor)
    assert cursor.next() is None
    assert cursor.through == stage.node.stamp()
    stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=5))
    batch = cursor.next()
    assert isinstance(batch, Batch)
    assert (batch.logs, batch.events) == ((), ())
    assert batch.through == stage.node.stamp()
    assert batch.first == batch.through.number


def test_next__chain_shorter_than_the_first_block__waits(stage: Stage) -> None:
    beyond = stage.node.stamp().number + 5
    assert _cursor(stage, first_block=beyond).next() is None


def test_lag__leaves_the_latest_blocks(stage: Stage) -> None:
    cursor = _cursor(stage, lag=3)
    _all(cursor)
    assert cursor.through == stage.node.stamp(stage.node.stamp().number - 3)


# Reorganisations ------------------------------------------------------------------------------------


def test_reorganisation__says_back_to_where_and_reads_the_other_blocks(stage: Stage) -> None:
    stage.alone(stage.platform.open_market(), "market-1")
    stage.verified(0, 1)
    issue = stage.token.issue([investor(0).address], [500], Act(ref=Reference("I-1")))
    stage.together(issue, Duty.ISSUER)
    kept = stage.node.stamp()
    stage.hold(stage.token.transfer(investor(1).address, 7), 0)
    stage.hold(stage.token.transfer(investor(1).address, 8), 0)
    cursor = _cursor(stage, span=1)
    _all(cursor)

    stage.node.revert(kept.hash)
    stage.sender.forget()
    for units in (9, 10, 11):
        stage.hold(stage.token.transfer(investor(1).address, units), 0)

    first, *rest = cursor.read()
    assert first == RolledBack(kept)
    moved = [event for batch in rest if isinstance(batch, Batch) for event in batch.events]
    assert [event.units for event in moved if isinstance(event, UnitsMoved)] == [9, 10, 11]
    assert cursor.through == stage.node.stamp()


@pytest.mark.parametrize("blocks_after", [0, 1, 2])
def test_reorganisation__shorter_or_as_long__is_noticed(stage: Stage, blocks_after: int) -> None:
    kept = stage.node.stamp()
    for seconds in (10, 20):
        stage.node.advance_to(kept.at + timedelta(seconds=seconds))
    cursor = _cursor(stage, span=1)
    _all(cursor)
    stage.node.revert(kept.hash)
    for number in range(blocks_after):
        stage.node.advance_to(kept.at + timedelta(seconds=100 + number))
    assert cursor.next() == RolledBack(kept)
    assert all(isinstance(found, Batch) for found in cursor.read())
    assert cursor.through == stage.node.stamp()


def test_reorganisation__of_a_long_range__goes_back_to_a_block_with_logs(stage: Stage) -> None:
    """Not only ends of ranges are remembered: a range of 2,000 blocks need not be read again as a whole."""
    stage.alone(stage.platform.open_market(), "market-1")
    with_logs = stage.node.stamp()
    stage.node.advance_to(with_logs.at + timedelta(days=1))
    cursor = _cursor(stage)
    _all(cursor)
    stage.node.revert(with_logs.hash)
    stage.node.advance_to(with_logs.at + timedelta(days=2))
    assert cursor.next() == RolledBack(with_logs)


def test_reorganisation__removes_a_product(stage: Stage) -> None:
    kept = stage.node.stamp()
    stage.create_product(SECOND)
    cursor = _cursor(stage, span=1)
    assert [each.product for each in _all(cursor)[2]] == [PRODUCT, SECOND]
    stage.node.revert(kept.hash)
    stage.sender.forget()
    stage.node.advance_to(kept.at + timedelta(days=1))
    assert cursor.next() == RolledBack(kept)
    assert _all(cursor)[2] == []
    stage.create_product(SECOND)
    again = _all(cursor)
    assert [each.product for each in again[2]] == [SECOND]


def test_reorganisation__nothing_stands__begins_anew(stage: Stage) -> None:
    whole = _all(_cursor(stage))
    gone = stage.node.stamp()
    cursor = _cursor(
        stage,
        registered=[
            Registration(product=SECOND, token=stage.deployment.factory, group="", block=1)
        ],
        checkpoints=[
            type(gone)(gone.chain_id, number, "0x" + "ab" * 32, gone.at) for number in (2, 4)
        ],
    )
    assert cursor.next() == RolledBack(None)
    assert cursor.through is None
    assert _all(cursor) == whole


class _Unsteady:
    """A node that does something else just before it answers about logs."""

    def __init__(self, inner: Any, before_logs: Callable[[], None]) -> None:
        self._inner = inner
        self._before_logs = before_logs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def logs(self, **how: Any) -> list[RawLog]:
        self._before_logs()
        found: list[RawLog] = self._inner.logs(**how)
        return found


def test_reorganisation__while_a_range_is_read__does_not_mix_two_chains(stage: Stage) -> None:
    stage.alone(stage.platform.open_market(), "market-1")
    kept = stage.node.snapshot()
    stage.alone(stage.platform.close_market(), "market-1")
    turns = iter(range(2))

    def reorganise() -> None:
        if (turn := next(turns, None)) is not None:
            stage.node.revert(kept)
            stage.sender.forget()
            stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=50 + turn))
            stage.alone(stage.platform.stop(), "operator-1")

    found = _all(_cursor(stage, node=_Unsteady(stage.node, reorganise)))
    assert found == _all(_cursor(stage))
    topics = [log.topics[0] for log in found[0]]
    assert stage.platform.interface().event("Stopped").topic in topics
    assert PRODUCT_REGISTERED in topics


@pytest.mark.parametrize("question", range(6))
def test_reorganisation__at_any_question_of_a_reading__is_noticed(
    stage: Stage, question: int
) -> None:
    """Also between the two headers of a range: the first of one chain, the second of the other."""
    kept = stage.node.snapshot()
    start = stage.node.stamp().at
    for seconds in (10, 20):
        stage.node.advance_to(start + timedelta(seconds=seconds))
    asked = [0]

    class Turning:
        """Reorganises before the question of that number, whichever it is."""

        def __getattr__(self, name: str) -> Any:
            found = getattr(stage.node, name)
            if name not in ("header", "headers", "logs"):
                return found

            def answer(*words: Any, **how: Any) -> Any:
                if (
                    name == "headers"
                ):  # a batch is not one moment: its questions are answered one by one
                    return [self.header(number) for number in words[0]]
                asked[0] += 1
                if asked[0] == question + 1:
                    stage.node.revert(kept)
                    for late in (11, 22, 33, 44, 55):
                        stage.node.advance_to(start + timedelta(seconds=late))
                return found(*words, **how)

            return answer

    cursor = _cursor(stage, node=stage.node)
    _all(cursor)
    stage.node.advance_to(start + timedelta(seconds=30))
    stage.node.advance_to(start + timedelta(seconds=40))
    cursor._node = Turning()  # type: ignore[assignment]
    found = list(cursor.read())
    assert any(isinstance(each, RolledBack) for each in found)
    assert cursor.through == stage.node.stamp()


def test_chain_that_changes_all_the_time__is_a_fault(stage: Stage) -> None:
    kept = stage.node.snapshot()
    turn = [0]

    def reorganise() -> None:
        turn[0] += 1
        stage.node.revert(kept)
        stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=turn[0]))

    stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=500))
    cursor = _cursor(stage, node=_Unsteady(stage.node, reorganise))
    with pytest.raises(Fault) as fault:
        cursor.next()
    assert fault.value.reason is Reason.NODE_UNREACHABLE


def test_range_too_much_for_the_node__is_asked_in_halves(stage: Stage) -> None:
    _live(stage)
    asked: list[tuple[int, int]] = []

    class Modest(_Unsteady):
        def logs(self, **how: Any) -> list[RawLog]:
            asked.append((how["first"], how["last"]))
            if how["last"] - how["first"] >= 4:
                raise Fault(Reason.NODE_UNREACHABLE, url="x", problem="more than 10000 results")
            return super().logs(**how)

    assert _all(_cursor(stage, node=Modest(stage.node, lambda: None))) == _all(_cursor(stage))
    assert max(last - first for first, last in asked) >= 4


def test_node_gone__is_a_fault_and_nothing_is_lost(stage: Stage) -> None:
    whole = _all(_cursor(stage))
    answers = [False, True]

    def answer() -> None:
        if not answers.pop(0) if answers else False:
            raise Fault(Reason.NODE_UNREACHABLE, url="x")

    cursor = _cursor(stage, node=_Unsteady(stage.node, answer))
    with pytest.raises(Fault) as gone:
        cursor.next()
    assert gone.value.reason is Reason.NODE_UNREACHABLE
    assert cursor.through is None
    assert _all(cursor) == whole
