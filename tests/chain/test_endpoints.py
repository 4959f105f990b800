"""Several nodes of one chain, behind real connections that fail in every way there is.

given two nodes of one chain
├── when the preferred one does not answer, stalls, hangs up, cuts an answer short or errs within a batch
│   └── it should have the answer of the other
├── when it is well again: it should be asked again, after a rest
├── when it lacks a block that the other has: it should have the other's answer
├── when a read names a block that the one asked does not have: the other's state should never be taken for it
└── when none answers: it should be a fault that names the preferred one
given a transaction
├── it should reach every node that answers
├── when one has it already: it should count as taken
├── when one refuses it and the other is away: it should be refused
└── when none answers: it should be unreachable, not failed
given nodes that are not of one chain
├── when ids differ, or the block of the deployment: they should be refused, by name
├── when one has not come so far: it should be left alone until it has
└── when another machine answers after a rest: it should not be believed
given a reader
├── it should read a whole sequence from one node
├── when that node goes away in the middle: it should begin the range again at the other
├── when that node has ceased to follow the chain: it should go on at the other
├── when what that node says of the logs cannot be: it should ask the other before it gives up
├── when that node fails at some questions only: it should be asked less and less often
├── when what is left lags behind what was read: it should wait, and take nothing back
└── when the other is on another branch: it should be taken back as in a reorganisation
given two nodes that disagree
├── nothing beyond the last block they share should be agreed, however far back that is
├── it should stay so while the other one is away, and end when they agree again
└── a node that merely lags should contradict nothing
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from eth_utils.crypto import keccak
from tests.support.chain import GENESIS, Stage, build, investor
from tests.support.proxy import proxy

from genbo.chain.cursor import Batch, Cursor, RolledBack
from genbo.chain.decode import TRANSFER
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.endpoints import STUCK, Endpoints
from genbo.chain.hexes import hex_of
from genbo.chain.rpc import serve
from genbo.governance import Duty
from genbo.kernel import BlockStamp, Fault, Reason, Reference
from genbo.token import Act

SECONDS = 1.0
"""How long a node may take here."""


class Clock:
    """A clock that a test moves: rests end when it says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Pair:
    """Two nodes, each behind a proxy, and what sees them as one."""

    def __init__(self, stack: ExitStack, first: EmbeddedNode, second: EmbeddedNode) -> None:
        self.nodes = first, second
        self.first, self.second = (
            stack.enter_context(proxy(stack.enter_context(serve(node)))) for node in self.nodes
        )
        self.clock = Clock()
        self.both = Endpoints(
            [self.first.url, self.second.url], seconds=SECONDS, monotonic=self.clock
        )
        stack.callback(self.both.close)
        self.forget()

    def forget(self) -> None:
        self.first.asked.clear()
        self.second.asked.clear()

    def rest(self) -> None:
        """Every rest is over."""
        self.clock.now += 100


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def grown(*seconds: int) -> EmbeddedNode:
    """A chain with a block at each of these times; the same times give the same chain."""
    node = EmbeddedNode(genesis_at=GENESIS)
    for each in seconds:
        node.advance_to(GENESIS + timedelta(seconds=each))
    return node


@pytest.fixture
def pair(stack: ExitStack) -> Pair:
    """Two nodes of one chain of five blocks."""
    return Pair(stack, grown(*range(10, 60, 10)), grown(*range(10, 60, 10)))


# Questions ----------------------------------------------------------------------------------------------


def test_question__all_well__goes_to_the_preferred_one(pair: Pair) -> None:
    assert pair.both.header().stamp.number == 5
    assert pair.both.headers([1, 3])[1].stamp == pair.nodes[0].stamp(3)
    assert pair.both.stamp(2) == pair.nodes[0].stamp(2)
    assert len(pair.first.asked) == 4
    assert pair.second.asked == []


@pytest.mark.parametrize("how", ["stalls", "cuts", "hangs_up", "errs", "garbles"])
def test_question__preferred_one_fails__the_other_answers(pair: Pair, how: str) -> None:
    getattr(pair.first, how)()
    began = time.monotonic()
    headers = pair.both.headers([1, 2, 3, 4, 5])
    assert [each.stamp for each in headers] == [pair.nodes[1].stamp(n) for n in range(1, 6)]
    assert time.monotonic() - began < 2 * SECONDS + 0.5
    assert pair.first.spoiled == 1
    assert pair.both.header().stamp.number == 5


def test_question__preferred_one_is_well_again__is_asked_after_a_rest(pair: Pair) -> None:
    pair.first.hangs_up()
    pair.both.header()
    pair.first.well()
    pair.forget()
    for _ in range(3):
        pair.both.header()
    assert pair.first.asked == []  # it rests
    pair.rest()
    pair.both.header()
    assert pair.first.asked[0] == "eth_chainId"  # who is it now?
    assert pair.first.asked[-1] == "eth_getBlockByNumber"


def test_question__preferred_one_fails_again_and_again__rests_longer(pair: Pair) -> None:
    pair.first.hangs_up()
    asked = []
    for _ in range(60):
        before = pair.first.spoiled
        pair.both.header()
        asked.append(pair.first.spoiled > before)
        pair.clock.now += 1.0
    assert [second for second, each in enumerate(asked) if each] == [0, 1, 3, 7, 15, 31]


def test_question__block_that_only_the_other_has__is_answered(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10, 20), grown(10, 20, 30, 40))
    assert pair.both.header(4).stamp == pair.nodes[1].stamp(4)
    with pytest.raises(LookupError):
        pair.both.header(5)


def test_question__at_a_block_of_the_other__is_never_answered_from_another_branch(
    stack: ExitStack,
) -> None:
    pair = Pair(stack, grown(10, 20, 33), grown(10, 20, 30))
    holder = investor(1).address
    here, there = (node.stamp(3) for node in pair.nodes)
    assert here != there
    assert pair.both.balance(holder, here).stamp == here
    pair.forget()
    assert pair.both.balance(holder, there).stamp == there
    assert pair.second.asked  # the preferred one has another block 3
    pair.second.hangs_up()
    with pytest.raises(LookupError):
        pair.both.balance(holder, there)


def test_question__nobody_answers__is_a_fault(pair: Pair) -> None:
    pair.first.hangs_up()
    pair.second.stalls()
    for _ in range(2):
        with pytest.raises(Fault) as fault:
            pair.both.header()
        assert fault.value.reason is Reason.NODE_UNREACHABLE
        assert fault.value.facts["url"] in (pair.first.url, pair.second.url)
    pair.second.well()
    assert pair.both.header().stamp.number == 5  # nobody was well, so those that rest were asked


def test_question__both_say_why_not__is_told(pair: Pair) -> None:
    pair.first.errs()
    pair.second.errs()
    with pytest.raises(Fault) as fault:
        pair.both.headers([1, 2, 3])
    assert fault.value.facts["problem"] == "internal error"


@pytest.mark.parametrize("how", ["stalls", "cuts", "hangs_up", "errs", "garbles"])
def test_endpoints__one_is_away_from_the_start__the_other_is_enough(pair: Pair, how: str) -> None:
    getattr(pair.first, how)()
    both = Endpoints([pair.first.url, pair.second.url], seconds=SECONDS, monotonic=pair.clock)
    assert both.header().stamp.number == 5
    pair.first.well()
    pair.rest()
    pair.forget()
    assert both.header().stamp.number == 5
    assert pair.first.asked
    both.close()


# Transactions -------------------------------------------------------------------------------------------


def a_transaction(node: EmbeddedNode) -> bytes:
    someone = investor(7)
    return someone.sign_transaction(
        {
            "chainId": node.chain_id,
            "nonce": node.nonce(someone.address),
            "gas": 21_000,
            "value": 0,
            "gasPrice": 0,
            "data": b"",
            "to": investor(8).address,
        }
    )


def test_send__reaches_every_node(pair: Pair) -> None:
    tx = pair.both.send_raw(a_transaction(pair.nodes[0]))
    for node in pair.nodes:
        receipt = node.receipt(tx)
        assert receipt is not None
        assert receipt.succeeded


@pytest.mark.parametrize("how", ["stalls", "hangs_up", "cuts"])
def test_send__one_is_away__reaches_the_other(pair: Pair, how: str) -> None:
    getattr(pair.first, how)()
    tx = pair.both.send_raw(a_transaction(pair.nodes[0]))
    assert pair.nodes[1].receipt(tx) is not None


@pytest.mark.parametrize(
    "words", ["already known", "AlreadyKnown", "Known transaction", "transaction already imported"]
)
def test_send__one_has_it_already__counts_as_taken(pair: Pair, words: str) -> None:
    raw = a_transaction(pair.nodes[0])
    pair.second.hangs_up()
    tx = pair.both.send_raw(raw)
    pair.second.well()
    pair.rest()

    pair.first.errs(method="eth_sendRawTransaction", words=words)
    pair.second.hangs_up(method="eth_sendRawTransaction")
    assert pair.both.send_raw(raw) == tx


def test_send__refused_by_one_while_the_other_is_away__is_refused(pair: Pair) -> None:
    pair.second.hangs_up()
    with pytest.raises(Fault) as fault:
        pair.both.send_raw(b"\x01\x02")
    assert fault.value.reason is Reason.TRANSACTION_FAILED


def test_send__refused_by_one_and_taken_by_the_other__is_taken(pair: Pair) -> None:
    pair.first.errs(method="eth_sendRawTransaction")
    tx = pair.both.send_raw(a_transaction(pair.nodes[0]))
    assert pair.nodes[1].receipt(tx) is not None


def test_hand_in__many__each_is_taken_when_one_node_has_it(pair: Pair) -> None:
    raw = a_transaction(pair.nodes[0])
    assert pair.both.hand_in([raw, b"\x01\x02"])[0] is None
    tx = hex_of(keccak(raw))
    for node in pair.nodes:
        assert node.receipt(tx) is not None
    taken, refused = pair.both.hand_in([raw, b"\x01\x02"])  # the same once more
    assert taken is None
    assert refused is not None
    (there,) = pair.both.inclusions([tx])
    assert there is not None
    assert there.block == 6
    assert [each[0] for each in pair.both.block_transactions(6)] == [tx]
    assert pair.both.used(investor(7).address).value == 1


@pytest.mark.parametrize("how", ["stalls", "hangs_up", "cuts", "errs"])
def test_hand_in__one_node_fails__is_taken_by_the_other(pair: Pair, how: str) -> None:
    raw = a_transaction(pair.nodes[0])
    getattr(pair.first, how)(method="eth_sendRawTransaction")
    assert pair.both.hand_in([raw]) == [None]
    assert pair.nodes[1].receipt(hex_of(keccak(raw))) is not None


def test_hand_in__nobody_answers__is_unreachable(pair: Pair) -> None:
    pair.first.hangs_up()
    pair.second.cuts()
    with pytest.raises(Fault) as fault:
        pair.both.hand_in([a_transaction(pair.nodes[0])])
    assert fault.value.reason is Reason.NODE_UNREACHABLE


def test_send__nobody_answers__is_unreachable_and_not_failed(pair: Pair) -> None:
    pair.first.hangs_up()
    pair.second.stalls()
    with pytest.raises(Fault) as fault:
        pair.both.send_raw(a_transaction(pair.nodes[0]))
    assert fault.value.reason is Reason.NODE_UNREACHABLE


# Who is there -------------------------------------------------------------------------------------------


def test_endpoints__of_different_ids__are_refused_by_name(stack: ExitStack) -> None:
    other = EmbeddedNode(genesis_at=GENESIS, chain_id=1337)
    urls = [stack.enter_context(serve(node)) for node in (grown(), other)]
    with pytest.raises(Fault) as fault:
        Endpoints(urls, seconds=SECONDS)
    assert fault.value.reason is Reason.CHAIN_MISMATCH
    assert (fault.value.facts["url"], fault.value.facts["actual"]) == (urls[1], 1337)


def test_bind__one_has_another_block_there__is_refused_by_name(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10, 20), grown(10, 21))
    pair.both.bind(1, pair.nodes[0].stamp(1).hash)
    with pytest.raises(Fault) as fault:
        pair.both.bind(2, pair.nodes[0].stamp(2).hash)
    assert fault.value.reason is Reason.CHAIN_MISMATCH
    assert fault.value.facts["url"] == pair.second.url


def test_bind__one_has_not_come_so_far__is_left_alone_until_it_has(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10), grown(10, 20))
    pair.both.bind(2, pair.nodes[1].stamp(2).hash)
    assert pair.both.header().stamp.number == 2
    pair.rest()
    assert pair.both.header().stamp.number == 2
    pair.nodes[0].advance_to(GENESIS + timedelta(seconds=20))
    pair.rest()
    pair.forget()
    assert pair.both.header().stamp.number == 2
    assert pair.second.asked == []


def test_bind__nobody_has_the_block__is_refused(pair: Pair) -> None:
    with pytest.raises(Fault) as fault:
        pair.both.bind(9, "0x" + "ab" * 32)
    assert fault.value.reason is Reason.CHAIN_MISMATCH
    assert "no such block" in str(fault.value.facts["actual"])


def test_question__another_machine_answers_after_a_rest__is_not_believed(
    stack: ExitStack, pair: Pair
) -> None:
    pair.both.bind(1, pair.nodes[0].stamp(1).hash)
    pair.first.hangs_up()
    pair.both.header()
    elsewhere = stack.enter_context(serve(grown(11, 22, 33, 44, 55, 66)))
    pair.first.upstream = ("127.0.0.1", int(elsewhere.rpartition(":")[2]))
    pair.first.well()
    pair.rest()
    assert pair.both.header().stamp == pair.nodes[1].stamp(5)
    (look, _) = pair.both.look()
    assert look.trouble is not None
    assert look.trouble.reason is Reason.CHAIN_MISMATCH


# Reading ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twins() -> tuple[Stage, Stage]:
    """The same life on two chains: block by block the same, and each goes on by itself."""
    return build(), build()


@pytest.fixture
def stages(twins: tuple[Stage, Stage]) -> Iterator[tuple[Stage, Stage]]:
    before = [stage.node.snapshot() for stage in twins]
    yield twins
    for stage, snapshot in zip(twins, before, strict=True):
        stage.node.revert(snapshot)
        stage.sender.forget()


@pytest.fixture
def reading(stack: ExitStack, stages: tuple[Stage, Stage]) -> Pair:
    assert stages[0].node.stamp() == stages[1].node.stamp()
    return Pair(stack, stages[0].node, stages[1].node)


def a_cursor(pair: Pair, stage: Stage, span: int = 5) -> Cursor:
    return Cursor(
        pair.both,
        platform=stage.deployment.platform,
        first_block=stage.deployment.first_block,
        span=span,
    )


def straight(stage: Stage) -> list[object]:
    """The logs, read from one node."""
    cursor = Cursor(
        stage.node, platform=stage.deployment.platform, first_block=stage.deployment.first_block
    )
    return [log for found in cursor.read() if isinstance(found, Batch) for log in found.logs]


@pytest.mark.parametrize("how", ["stalls", "cuts", "hangs_up", "errs", "garbles"])
@pytest.mark.parametrize("method", ["eth_getLogs", "eth_getBlockByNumber"])
def test_read__node_fails_in_the_middle__begins_the_range_again_at_the_other(
    reading: Pair, stages: tuple[Stage, Stage], how: str, method: str
) -> None:
    cursor = a_cursor(reading, stages[0])
    first = cursor.next()
    assert isinstance(first, Batch)
    getattr(reading.first, how)(method=method)
    rest = list(cursor.read())
    assert all(isinstance(found, Batch) for found in rest)
    read = [log for found in (first, *rest) if isinstance(found, Batch) for log in found.logs]
    assert read == straight(stages[1])
    assert reading.first.spoiled >= 1


def test_read__a_sequence__asks_one_node(reading: Pair, stages: tuple[Stage, Stage]) -> None:
    assert isinstance(a_cursor(reading, stages[0]).next(), Batch)
    assert "eth_getLogs" in reading.first.asked
    assert reading.second.asked == []


def test_read__what_is_left_lags__waits_and_takes_nothing_back(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    ahead, behind = stages
    ahead.alone(ahead.platform.open_market(), "market-1")
    cursor = a_cursor(reading, ahead)
    assert all(isinstance(found, Batch) for found in cursor.read())
    reading.first.hangs_up()
    with pytest.raises(Fault) as fault:
        cursor.next()
    assert fault.value.reason is Reason.NODE_BEHIND
    assert fault.value.facts["needed"] == ahead.node.stamp().number
    assert cursor.through == ahead.node.stamp()
    behind.alone(behind.platform.open_market(), "market-1")
    assert cursor.next() is None  # it has caught up, to the very block


def test_read__node_has_ceased_to_follow__goes_on_at_the_other(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    stuck, ahead = stages
    cursor = a_cursor(reading, stuck)
    list(cursor.read())
    for step in range(STUCK):
        ahead.node.advance_to(ahead.node.stamp().at + timedelta(seconds=10 + step))
    assert all(isinstance(found, Batch) for found in cursor.read())
    assert cursor.through == ahead.node.stamp()
    assert reading.both.header().stamp == ahead.node.stamp()  # for every other question too
    while stuck.node.stamp().number < ahead.node.stamp().number:
        number = stuck.node.stamp().number + 1
        stuck.node.advance_to(ahead.node.stamp(number).at)
    reading.rest()
    reading.forget()
    assert cursor.next() is None
    reading.both.header()
    assert reading.first.asked


def test_read__logs_that_cannot_be__are_asked_of_the_other(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    """A movement whose transfers are missing: the ledger would be broken, or this node's index of it."""
    for stage in stages:
        stage.verified(0)
        issue = stage.token.issue([investor(0).address], [5], Act(ref=Reference("I-1")))
        stage.together(issue, Duty.ISSUER)
    expected = straight(stages[1])
    reading.first.forgets_logs(TRANSFER)
    cursor = a_cursor(reading, stages[0])
    read = [log for found in cursor.read() if isinstance(found, Batch) for log in found.logs]
    assert read == expected
    assert reading.both.look()[0].trouble is not None
    reading.second.forgets_logs(TRANSFER)
    with pytest.raises(Fault) as fault:
        list(a_cursor(reading, stages[0]).read())
    assert fault.value.reason is Reason.INVARIANT_BROKEN


def test_read__node_fails_at_some_questions__is_asked_less_and_less_often(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    reading.first.errs(method="eth_getLogs")
    failed = []
    for _ in range(40):
        before = reading.first.spoiled
        assert isinstance(a_cursor(reading, stages[0]).next(), Batch)
        reading.both.header(1)  # which it answers well
        failed.append(reading.first.spoiled > before)
        reading.clock.now += 1.0
    assert sum(failed) <= 7


def test_read__other_is_on_another_branch__is_a_reorganisation(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    shared = stages[0].node.stamp()
    stages[0].alone(stages[0].platform.open_market(), "market-1")
    stages[1].node.advance_to(shared.at + timedelta(days=1))
    stages[1].alone(stages[1].platform.stop(), "operator-1")
    cursor = a_cursor(reading, stages[0])
    list(cursor.read())
    assert cursor.through == stages[0].node.stamp()
    reading.first.hangs_up()
    news, *rest = cursor.read()
    assert news == RolledBack(shared)
    assert isinstance(news, RolledBack)
    assert (news.first, news.depth) == (shared.number + 1, 1)
    logs = [log for found in rest if isinstance(found, Batch) for log in found.logs]
    assert logs == [log for log in straight(stages[1]) if log.block > shared.number]  # type: ignore[attr-defined]


def test_read__every_node_became_shorter__is_a_reorganisation(
    reading: Pair, stages: tuple[Stage, Stage]
) -> None:
    cursor = a_cursor(reading, stages[0])
    list(cursor.read())
    shared = stages[0].node.stamp(stages[0].node.stamp().number - 5)
    for stage in stages:
        stage.node.revert(shared.hash)
    assert isinstance(cursor.next(), RolledBack)


# Disagreement -------------------------------------------------------------------------------------------


def head(node: EmbeddedNode) -> BlockStamp:
    return node.stamp()


@pytest.mark.parametrize("shared", [0, 1, 5, 11, 12])
def test_agreed__two_branches__is_the_last_shared_block(stack: ExitStack, shared: int) -> None:
    common = range(10, 10 + 10 * shared, 10)
    branches = [range(1_000 + salt, 1_000 + 10 * (13 - shared), 10) for salt in (0, 1)]
    pair = Pair(stack, grown(*common, *branches[0]), grown(*common, *branches[1]))
    latest = head(pair.nodes[0])
    assert pair.both.agreed(latest) == shared
    (dissent,) = pair.both.dissents
    assert dissent.agreed == shared
    assert {dissent.one, dissent.other} == {pair.first.url, pair.second.url}
    told = {dissent.one: dissent.one_hash, dissent.other: dissent.other_hash}
    assert told[pair.first.url] == pair.nodes[0].stamp(shared + 1).hash
    assert told[pair.second.url] == pair.nodes[1].stamp(shared + 1).hash


def test_agreed__other_lags__contradicts_nothing(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10, 20, 30, 40), grown(10, 20))
    assert pair.both.agreed(head(pair.nodes[0])) == 4
    assert pair.both.dissents == []


def test_agreed__other_lags_on_another_branch__is_noticed(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10, 20, 30, 40), grown(10, 22))
    assert pair.both.agreed(head(pair.nodes[0])) == 1


def test_agreed__other_goes_away__stays_until_they_agree_again(stack: ExitStack) -> None:
    pair = Pair(stack, grown(10, 20, 30, 40), grown(10, 22))
    latest = head(pair.nodes[0])
    assert pair.both.agreed(latest) == 1
    pair.second.hangs_up()
    assert pair.both.agreed(latest) == 1
    assert len(pair.both.dissents) == 1
    pair.second.well()
    pair.nodes[1].revert(pair.nodes[1].stamp(1).hash)
    for seconds in (20, 30):
        pair.nodes[1].advance_to(GENESIS + timedelta(seconds=seconds))
    pair.rest()
    assert pair.both.agreed(latest) == 4
    assert pair.both.dissents == []


def test_agreed__one_node_alone__is_everything(stack: ExitStack) -> None:
    node = grown(10, 20)
    alone = Endpoints([stack.enter_context(serve(node))], seconds=SECONDS)
    assert alone.agreed(node.stamp()) == 2
    alone.close()


def test_names__two_at_one_host__are_told_apart_without_secrets(stack: ExitStack) -> None:
    url = stack.enter_context(serve(grown(10)))
    both = Endpoints([f"{url}/?key=hush", f"{url}/?key=hushhush"], seconds=SECONDS)
    assert [look.name for look in both.look()] == [url, f"{url} #2"]
    both.close()
