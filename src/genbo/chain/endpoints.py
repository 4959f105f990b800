"""Endpoints: several nodes of one chain as one `Node`.

Each question goes to the first node that is well, in the order of the settings; when that does not answer, stalls or
fails, the whole question goes to the next, and the first is asked again after a rest. A transaction goes to all of
them. An answer never mixes two nodes: a sequence of questions that belong together asks one `view`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from genbo.chain.dissent import dissent_between
from genbo.chain.endpoint import NO_SUCH_BLOCK, Anchor, Endpoint, named
from genbo.chain.networks import finality_on
from genbo.chain.node import (
    At,
    BlockUnknown,
    Header,
    Inclusion,
    Node,
    Pinned,
    RawLog,
    Receipt,
    Topics,
)
from genbo.chain.remote import ANSWER_SECONDS, RemoteNode
from genbo.chain.views import Dissent, Look
from genbo.kernel import REORGANISATION_DEPTH, Address, BlockStamp, Fault, Finality, Reason

T = TypeVar("T")

_AWAY = (Reason.NODE_UNREACHABLE, Reason.CHAIN_MISMATCH)
"""Troubles of one node, which another may not have."""

_THREADS_EACH = 4

STUCK = 5
"""Blocks by which a node may be behind another before it is left alone, as one that does not answer: it may have ceased
to follow the chain."""


class Endpoints:
    """A `Node` over one or several addresses, and its `Views`. Safe to use from several threads."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        seconds: float = ANSWER_SECONDS,
        confirmations: int | None = None,
        reorganisation_depth: int = REORGANISATION_DEPTH,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Asks each who it is; it is enough that one answers.

        Args:
            urls: in the order in which they are preferred.
            seconds: how long a node may take for an answer.
            confirmations: as `finality_on`.

        Raises:
            Fault: `node_unreachable` when none answers; `chain_mismatch` when they are of different chains.
        """
        self._endpoints = tuple(
            Endpoint(url, name=name, seconds=seconds, monotonic=monotonic)
            for url, name in zip(urls, named(tuple(urls)), strict=True)
        )
        self._dissents: dict[tuple[str, str], Dissent] = {}
        self._guard = threading.Lock()
        self._threads = ThreadPoolExecutor(
            max_workers=_THREADS_EACH * len(self._endpoints), thread_name_prefix="genbo-node"
        )
        try:
            self._chain_id = self._common_chain_id()
        except BaseException:
            self.close()
            raise
        self._finality = finality_on(
            self._chain_id, confirmations=confirmations, reorganisation_depth=reorganisation_depth
        )

    def close(self) -> None:
        """Ends its threads; nothing is asked any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # Views ---------------------------------------------------------------------------------------

    def bind(self, number: int, block_hash: str) -> None:
        anchor = Anchor(number, block_hash)
        if all(each.anchor == anchor for each in self._endpoints):
            return
        outcomes = self._all(lambda endpoint: endpoint.require(anchor), self._endpoints)
        others = [
            each
            for each in outcomes
            if isinstance(each, Fault) and each.reason is Reason.CHAIN_MISMATCH
        ]
        for fault in others:
            if NO_SUCH_BLOCK not in str(fault.facts["actual"]) or len(others) == len(outcomes):
                raise fault

    def view(self, reaching: int) -> Node:
        found: list[tuple[int, Endpoint, RemoteNode]] = []
        trouble: Fault | None = None
        for endpoint in self._in_order():
            try:
                node = endpoint.node()
                head = node.header().stamp.number
            except Fault as fault:
                endpoint.failed(fault)
                trouble = trouble or fault
                continue
            found.append((head, endpoint, node))
            if found[0][0] > reaching:
                break  # the preferred one has something new; otherwise look how far the others are
        if not found:
            assert trouble is not None  # there is at least one
            raise trouble
        preferred, best = found[0], max(found, key=lambda each: each[0])
        if preferred[0] >= reaching and best[0] - preferred[0] < STUCK:
            return preferred[
                2
            ]  # a block or two are no reason to change: the others may be on a branch
        for head, endpoint, _ in found:
            if best[0] - head >= STUCK:
                behind = Fault(Reason.NODE_BEHIND, url=endpoint.name, head=head, needed=best[0])
                endpoint.failed(behind)
        if best[0] < reaching and trouble is not None:
            raise Fault(Reason.NODE_BEHIND, url=best[1].name, head=best[0], needed=reaching)
        return best[2]

    def leave(self, view: Node, fault: Fault) -> bool:
        for endpoint in self._endpoints:
            if endpoint.is_behind(view):
                endpoint.failed(fault)
        return any(not endpoint.rests for endpoint in self._endpoints)

    def agreed(self, upto: BlockStamp) -> int:
        if len(self._endpoints) == 1:
            return upto.number
        ours = self._holder_of(upto)
        if ours is not None:
            others = [each for each in self._endpoints if each is not ours and not each.rests]
            self._all(lambda other: self._compare(ours, other, upto), others)
        with self._guard:
            parted = [dissent.agreed for dissent in self._dissents.values()]
        return min([upto.number, *parted])

    @property
    def dissents(self) -> list[Dissent]:
        with self._guard:
            return list(self._dissents.values())

    def look(self) -> list[Look]:
        looks = self._all(_look, self._endpoints)
        return [each for each in looks if isinstance(each, Look)]

    # The node's answers ----------------------------------------------------------------------------

    @property
    def chain_id(self) -> int:
        return self._chain_id

    @property
    def finality(self) -> Finality:
        return self._finality

    def header(self, number: int | None = None) -> Header:
        return self._ask(lambda node: node.header(number))

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        return self._ask(lambda node: node.headers(numbers))

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def call(
        self, *, to: Address, data: bytes, at: At = None, sender: Address | None = None
    ) -> Pinned[bytes]:
        return self._ask_at(at, lambda node: node.call(to=to, data=data, at=at, sender=sender))

    def calls(
        self, questions: Sequence[tuple[Address, bytes]], at: At = None
    ) -> Pinned[list[bytes]]:
        return self._ask_at(at, lambda node: node.calls(questions, at))

    def rehearse(self, *, sender: Address, to: Address | None, data: bytes) -> int:
        return self._ask(lambda node: node.rehearse(sender=sender, to=to, data=data))

    def send_raw(self, raw: bytes) -> str:
        """Hands the same bytes to every node that answers; one that has them already has taken them.

        Raises:
            Fault: `node_unreachable` when none answered: whether one took it is not known. `transaction_failed` when
                each that answered refused it.
        """
        outcomes = self._hand_to_all(lambda endpoint: endpoint.node().send_raw(raw))
        taken = [each for each in outcomes if isinstance(each, str)]
        if taken:
            return taken[0]
        refusals = [each for each in outcomes if isinstance(each, Fault)]
        raise next((each for each in refusals if each.reason not in _AWAY), refusals[0])

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        """As `send_raw`, many at once: None for each that one of the nodes has now, otherwise why the first that
        answered has not."""
        outcomes = self._hand_to_all(lambda endpoint: endpoint.node().hand_in(raws))
        answers = [each for each in outcomes if not isinstance(each, Fault)]
        if not answers:
            raise next(each for each in outcomes if isinstance(each, Fault))
        return [
            None if None in problems else problems[0] for problems in zip(*answers, strict=True)
        ]

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        return self._ask(lambda node: node.inclusions(txs))

    def block_transactions(self, number: int) -> list[tuple[str, Address, int]]:
        return self._ask(lambda node: node.block_transactions(number))

    def receipt(self, tx: str) -> Receipt | None:
        return self._ask(lambda node: node.receipt(tx))

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        return self._ask(
            lambda node: node.logs(addresses=addresses, topics=topics, first=first, last=last)
        )

    def nonce(self, address: Address) -> int:
        return self._ask(lambda node: node.nonce(address))

    def used(self, address: Address, at: At = None) -> Pinned[int]:
        return self._ask_at(at, lambda node: node.used(address, at))

    def balance(self, address: Address, at: At = None) -> Pinned[int]:
        return self._ask_at(at, lambda node: node.balance(address, at))

    def code(self, address: Address, at: At = None) -> Pinned[bytes]:
        return self._ask_at(at, lambda node: node.code(address, at))

    def storage(self, address: Address, slot: int, at: At = None) -> Pinned[int]:
        return self._ask_at(at, lambda node: node.storage(address, slot, at))

    # Inside ----------------------------------------------------------------------------------------

    def _common_chain_id(self) -> int:
        ids = self._all(lambda endpoint: endpoint.node().chain_id, self._endpoints)
        found = [
            (endpoint, each)
            for endpoint, each in zip(self._endpoints, ids, strict=True)
            if isinstance(each, int)
        ]
        if not found:
            assert isinstance(ids[0], Fault)
            raise ids[0]
        expected = found[0][1]
        for endpoint, actual in found:
            if actual != expected:
                raise Fault(
                    Reason.CHAIN_MISMATCH, url=endpoint.name, actual=actual, expected=expected
                )
        for endpoint in self._endpoints:
            endpoint.expected_chain_id = expected
        return expected

    def _in_order(self) -> Iterator[Endpoint]:
        """First those that are well, then those that rest: no answer means that none of them answers."""
        resting: list[Endpoint] = []
        for endpoint in self._endpoints:
            if endpoint.rests:
                resting.append(endpoint)
            else:
                yield endpoint
        yield from resting

    def _ask(self, question: Callable[[RemoteNode], T]) -> T:
        """The answer of the first that has one.

        Of those that have none, one that says why not is believed rather than one that says nothing.
        """
        unknown: BlockUnknown | None = None
        said: Fault | None = None
        away: Fault | None = None
        for endpoint in self._in_order():
            try:
                answer = question(endpoint.node())
            except BlockUnknown as problem:
                unknown = problem
                endpoint.answered()
            except Fault as fault:
                if fault.reason not in _AWAY:
                    raise
                if "problem" in fault.facts:
                    said = said or fault
                else:
                    endpoint.failed(fault)
                    away = away or fault
            else:
                endpoint.answered()
                return answer
        problem_of_all = unknown or said or away
        assert problem_of_all is not None  # there is at least one
        raise problem_of_all

    def _ask_at(self, at: At, question: Callable[[RemoteNode], Pinned[T]]) -> Pinned[T]:
        """As `_ask`. When the block is a stamp, which another node may have given, the one that answers has it too."""
        if not isinstance(at, BlockStamp) or len(self._endpoints) == 1:
            return self._ask(question)

        def same_block(node: RemoteNode) -> Pinned[T]:
            answer = question(node)
            if node.header(at.number).stamp.hash != at.hash:
                raise BlockUnknown(at.number)
            return answer

        return self._ask(same_block)

    def _hand_to_all(self, hand: Callable[[Endpoint], T]) -> list[T | Fault]:
        """What every node that is well answers; when none is, those that rest are asked."""
        well = [each for each in self._endpoints if not each.rests] or list(self._endpoints)
        outcomes = self._all(hand, well)
        for endpoint, outcome in zip(well, outcomes, strict=True):
            if not isinstance(outcome, Fault):
                endpoint.answered()
            elif outcome.reason in _AWAY:
                endpoint.failed(outcome)
        return outcomes

    def _all(
        self, question: Callable[[Endpoint], T], endpoints: Sequence[Endpoint]
    ) -> list[T | Fault]:
        """What each of them answers, asked at once; a Fault where it could not."""

        def ask(endpoint: Endpoint) -> T | Fault:
            try:
                return question(endpoint)
            except Fault as fault:
                return fault

        if len(endpoints) == 1:
            return [ask(endpoints[0])]
        return list(self._threads.map(ask, endpoints))

    def _holder_of(self, block: BlockStamp) -> Endpoint | None:
        """The first that is well and has this very block."""
        for endpoint in self._endpoints:
            if not endpoint.rests:
                try:
                    if endpoint.node().header(block.number).stamp.hash == block.hash:
                        return endpoint
                except BlockUnknown:
                    continue
                except Fault as fault:
                    endpoint.failed(fault)
        return None

    def _compare(self, ours: Endpoint, other: Endpoint, upto: BlockStamp) -> None:
        """Notes whether the other contradicts ours; when one does not answer, what was noted before stays."""
        pair = min(ours.name, other.name), max(ours.name, other.name)
        shared = -1 if ours.anchor is None else ours.anchor.number
        try:
            found = dissent_between(
                (ours.name, ours.node()), (other.name, other.node()), upto=upto, shared=shared
            )
        except BlockUnknown:
            return
        except Fault as fault:
            other.failed(fault)  # should it have been ours, the next question tells
            return
        with self._guard:
            if found is None:
                self._dissents.pop(pair, None)
            else:
                self._dissents[pair] = found


def look_at(urls: Sequence[str], *, seconds: float) -> list[Look]:
    """A look at each node by itself, whatever chain it is of; none of them needs to answer."""
    endpoints = [
        Endpoint(url, name=name, seconds=seconds)
        for url, name in zip(urls, named(tuple(urls)), strict=True)
    ]
    with ThreadPoolExecutor(max_workers=len(endpoints)) as threads:
        return list(threads.map(_look, endpoints))


def _look(endpoint: Endpoint) -> Look:
    try:
        node = endpoint.node()
        began = time.perf_counter()
        head = node.header().stamp
    except Fault as fault:
        endpoint.failed(fault)
        return Look(name=endpoint.name, head=None, seconds=None, trouble=fault)
    taken = time.perf_counter() - began
    trouble = endpoint.trouble if endpoint.rests else None
    if trouble is None:
        endpoint.answered()
    return Look(name=endpoint.name, head=head, seconds=taken, trouble=trouble)
