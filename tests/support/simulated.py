"""SimulatedChain: a chain of plain Python that says what the contract would say, and misbehaves as real nodes do.

Every act goes through the reference model, and what comes of it stands in blocks as the bytes of real events. The chain
forks at any depth; the node forgets its latest blocks, does not answer, answers an error, answers another range than it
was asked, answers twice; each at a moment that a story names, in the middle of a reading too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from eth_abi.abi import encode
from tests.support.ledger import TokenLedger, a_hash

from genbo.chain import artifacts
from genbo.chain.decode import PRODUCT_REGISTERED
from genbo.chain.deployments import Deployment, TokenRecord
from genbo.chain.hexes import address_bytes, address_of
from genbo.chain.node import At, BlockUnknown, Header, RawLog, Topics
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    Finality,
    ProductId,
    Reason,
    Refusal,
    to_bytes32,
)
from genbo.register.model import (
    AddressFrozen,
    LedgerEvent,
    LockUpSet,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
    VerdictGiven,
)
from genbo.token.movement import MovementKind

CHAIN = 1337
PRODUCT = ProductId("P1")
PLATFORM = address_of(bytes(19) + b"\x91")
TOKEN = address_of(bytes(19) + b"\x92")
FIRST = 2
"""The block of the deployment; the ones before are of no interest."""

_EVENTS = artifacts.load("SecurityToken").interface

Act = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method of `TokenLedger` with its arguments."""


@dataclass(frozen=True)
class _Block:
    header: Header
    logs: tuple[RawLog, ...]
    ledger: TokenLedger
    """As it stood after this block; never changed."""


class SimulatedChain:
    """The chain and its only node: the part of `Node` that a reader needs."""

    def __init__(self, ledger: TokenLedger, *, confirmations: int = 0, depth: int = 4_096) -> None:
        """The product stands in the block FIRST; what the ledger said so far is in the next one."""
        said, ledger.events = ledger.events, []
        self.blocks: list[_Block] = []
        self.finality = Finality(confirmations=confirmations, reorganisation_depth=depth)
        self.highest = 0
        """The highest block there ever was."""
        self._salt = 0
        self._moods: list[tuple[str, int]] = []
        self._later: list[tuple[int, Callable[[], None]]] = []
        registered = (
            PRODUCT_REGISTERED,
            to_bytes32(PRODUCT),
            bytes(12) + address_bytes(TOKEN),
            to_bytes32("G1"),
        )
        for number in range(FIRST + 1):
            self._append(ledger, [[(PLATFORM, registered, b"")]] if number == FIRST else [])
        self._append(ledger, [_logs_of(said)])

    def deployment(self) -> Deployment:
        """The record of it, with the product."""
        nobody = address_of(bytes(20))
        others = dict.fromkeys(
            (
                *("duty_manager", "factory", "acts", "services", "settlement"),
                *("anchor", "safe_singleton", "safe_factory", "safe_handler"),
            ),
            nobody,
        )
        return Deployment(
            chain_id=CHAIN,
            first_block=FIRST,
            first_block_hash=self.blocks[FIRST].header.stamp.hash,
            platform=PLATFORM,
            safes={},
            operators={},
            code_hashes={},
            tokens={
                PRODUCT: TokenRecord(address=TOKEN, block=FIRST, code_hash=Digest("0x" + "00" * 32))
            },
            **others,  # type: ignore[arg-type]
        )

    # What happens on it -----------------------------------------------------------------------------

    @property
    def ledger(self) -> TokenLedger:
        """As it stands now."""
        return self.blocks[-1].ledger

    def mine(self, acts: Sequence[Act]) -> None:
        """One block with these acts, a transaction each; what the token refuses leaves no trace."""
        ledger = copy.deepcopy(self.ledger)
        transactions = []
        for name, arguments, named in acts:
            tried = copy.deepcopy(ledger)
            try:
                getattr(tried, name)(*arguments, **named)
            except Refusal:
                continue
            said, tried.events = tried.events, []
            ledger = tried
            if said:
                transactions.append(_logs_of(said))
        self._append(ledger, transactions)

    def fork(self, depth: int, blocks: Sequence[Sequence[Act]]) -> None:
        """The latest `depth` blocks were never there; these are, instead. The beginning always stands."""
        self._salt += 1
        keep = max(len(self.blocks) - depth, FIRST + 2)
        del self.blocks[keep:]
        for acts in blocks:
            self.mine(acts)

    def _append(
        self,
        ledger: TokenLedger,
        transactions: Sequence[Sequence[tuple[Address, tuple[bytes, ...], bytes]]],
    ) -> None:
        number = len(self.blocks)
        before = self.blocks[-1].header.stamp if self.blocks else None
        at = ledger.now if before is None else max(ledger.now, before.at + timedelta(seconds=1))
        parent = a_hash("nothing") if before is None else before.hash
        stamp = BlockStamp(CHAIN, number, a_hash(parent, self._salt, transactions), at)
        logs: list[RawLog] = []
        for index, transaction in enumerate(transactions):
            tx = a_hash(stamp.hash, index)
            for address, topics, data in transaction:
                logs.append(RawLog(number, stamp.hash, len(logs), tx, address, topics, data))
        header = Header(stamp=stamp, parent_hash=parent, gas_limit=30_000_000, base_fee=0)
        self.blocks.append(_Block(header, tuple(logs), ledger))
        self.highest = max(self.highest, number)

    # How it misbehaves --------------------------------------------------------------------------------

    def be(self, mood: str, times: int) -> None:
        """For the next `times` questions: `away`, `error`, `wide`, `ahead`, `twice`, or `short:<n>`
        blocks."""
        self._moods += [(mood, times)]

    def later(self, questions: int, happens: Callable[[], None]) -> None:
        """Something happens after so many more questions."""
        self._later.append((questions, happens))

    def calm(self) -> None:
        """From now on it is a good node."""
        self._moods.clear()
        self._later.clear()

    def _asked(self) -> str:
        """Counts a question; the mood in which it is answered. Raises what is no answer."""
        due = [happens for left, happens in self._later if left <= 0]
        self._later = [(left - 1, happens) for left, happens in self._later if left > 0]
        for happens in due:
            happens()
        if not self._moods:
            return ""
        mood, times = self._moods[0]
        self._moods[:1] = [(mood, times - 1)] if times > 1 else []
        if mood == "away":
            raise Fault(Reason.NODE_UNREACHABLE, url="simulated")
        if mood == "error":
            raise Fault(Reason.NODE_UNREACHABLE, url="simulated", problem="internal error")
        return mood

    def _visible(self, mood: str) -> list[_Block]:
        """All blocks, or those that it has not forgotten; those of the deployment it always knows."""
        name, _, count = mood.partition(":")
        if name != "short":
            return self.blocks
        return self.blocks[: max(len(self.blocks) - int(count), FIRST + 1)]

    # What it answers --------------------------------------------------------------------------------------

    @property
    def chain_id(self) -> int:
        return CHAIN

    def header(self, number: int | None = None) -> Header:
        blocks = self._visible(self._asked())
        if number is None:
            return blocks[-1].header
        if not 0 <= number < len(blocks):
            raise BlockUnknown(number)
        return blocks[number].header

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        return [self.header(number) for number in numbers]

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        mood = self._asked()
        if mood == "wide":
            first, last = 0, last + 3
        if mood == "ahead":
            last += 3
        logs = [
            log
            for block in self._visible(mood)[first : last + 1]
            for log in block.logs
            if log.address in addresses
            and (not topics or topics[0] is None or log.topics[0] in topics[0])
        ]
        return logs * 2 if mood == "twice" else logs


# The bytes of an event -------------------------------------------------------------------------------------


def _logs_of(events: Sequence[LedgerEvent]) -> list[tuple[Address, tuple[bytes, ...], bytes]]:
    """The logs of one or more transactions of a token; what belongs to one movement stands together."""
    logs: list[tuple[Address, tuple[bytes, ...], bytes]] = []
    announced: list[UnitsMoved] = []
    moves = [event for event in events if isinstance(event, UnitsMoved)]
    for event in events:
        if isinstance(event, UnitsMoved):
            if event.kind is MovementKind.TRANSFER:
                if event.ref is not None:
                    logs.append(_log("TransferReference", to_bytes32(event.ref)))
            elif event not in announced:
                announced = [
                    each
                    for each in moves
                    if (each.kind, each.ref, each.position.stamp)
                    == (event.kind, event.ref, event.position.stamp)
                ]
                logs.append(_movement(event, len(announced)))
                if event.reverses is not None:
                    ref = to_bytes32(event.ref or "")
                    logs.append(_log("Reversed", to_bytes32(event.reverses), ref))
            source, target = (each or "0x" + 40 * "0" for each in (event.source, event.target))
            logs.append(_log("Transfer", source, target, int(event.units)))
        else:
            logs.append(_other(event))
    return logs


def _movement(event: UnitsMoved, count: int) -> tuple[Address, tuple[bytes, ...], bytes]:
    day = event.delivery_date
    number = day.year * 10_000 + day.month * 100 + day.day
    evidence = bytes(32) if event.evidence is None else bytes.fromhex(event.evidence[2:])
    return _log("Movement", to_bytes32(event.ref or ""), int(event.kind), count, number, evidence)


def _other(event: LedgerEvent) -> tuple[Address, tuple[bytes, ...], bytes]:
    match event:
        case UnitsSplit():
            day = event.delivery_date
            number = day.year * 10_000 + day.month * 100 + day.day
            totals = int(event.total_before), int(event.total_after)
            ref = to_bytes32(event.ref or "")
            return _log("Split", ref, event.epoch, event.factor, *totals, number, bytes(32))
        case VerdictGiven():
            accounts = [int(address, 16) for address in event.addresses]
            until = 0 if event.until is None else int(event.until.timestamp())
            return _log("VerdictsSet", accounts, until, event.investor_class, event.blocked)
        case UnitsFrozen():
            return _log("Frozen", event.address, int(event.units))
        case AddressFrozen():
            return _log("AddressFrozen", event.address, event.frozen, event.address)
        case LockUpSet():
            until = 0 if event.until is None else int(event.until.timestamp())
            return _log("LockUpSet", event.address, 0, until)
        case _:
            raise AssertionError(event)


def _log(name: str, *values: Any) -> tuple[Address, tuple[bytes, ...], bytes]:
    entry = _EVENTS.event(name)
    pairs = list(zip(entry.inputs, entry.indexed, values, strict=True))
    topics = [encode([kind], [value]) for kind, indexed, value in pairs if indexed]
    plain = [(kind, value) for kind, indexed, value in pairs if not indexed]
    data = encode([kind for kind, _ in plain], [value for _, value in plain])
    return TOKEN, (entry.topic, *topics), data
