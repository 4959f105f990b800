"""Cursor: one reader for all tokens, block range by block range, that notices when the chain changes its mind.

It keeps nothing itself. Whoever stores the events commits them together with `through`, and starts the next cursor
from there; so a process killed anywhere reads every log exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from genbo.chain.decode import PRODUCT_REGISTERED, Decoder
from genbo.chain.hexes import address_of
from genbo.chain.node import BlockUnknown, Header, Node, RawLog
from genbo.chain.views import Views
from genbo.kernel import Address, BlockStamp, Fault, ProductId, Reason, from_bytes32
from genbo.register.model import LedgerEvent

SPAN = 2_000
"""Blocks asked for at once; fewer when the node finds that too many, or when they hold too many logs."""
LOGS = 8_000
"""Logs that an answer should have at most: some megabytes, which a processor still keeps at hand."""
_FIRST_REACH = 64
CHECKPOINTS = 4_096
"""Blocks remembered, to find where a reorganisation began."""
_OF_THE_NODE = (Reason.NODE_UNREACHABLE, Reason.INVARIANT_BROKEN)
"""What another node may not have: it may be the answer that is broken, and not the ledger."""
ATTEMPTS = 5
"""Readings of one range before giving up on a chain that changes under the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A product that appeared on the platform."""

    product: ProductId
    token: Address
    group: str
    """移転実行可否制御ID."""
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Everything that happened in the blocks from `first` to `through`."""

    first: int
    through: BlockStamp
    stamps: Mapping[int, BlockStamp]
    """The blocks that have logs, and the last one."""
    logs: tuple[RawLog, ...]
    """As the ledger keeps them, the platform's included."""
    events: tuple[LedgerEvent, ...]
    registered: tuple[Registration, ...]
    after: str | None = None
    """Hash of the block before `first`."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The chain was reorganised: what was read after `to` did not happen. None: nothing of it did."""

    to: BlockStamp | None
    first: int = field(default=0, compare=False)
    """The earliest block that is known not to stand any more; between `to` and this one nothing was read."""
    depth: int = field(default=0, compare=False)
    """Blocks from that one to the last that was read."""


class Cursor:
    """Reads forward from where it stands."""

    def __init__(
        self,
        node: Node,
        *,
        platform: Address,
        first_block: int,
        registered: Sequence[Registration] = (),
        checkpoints: Sequence[BlockStamp] = (),
        lag: int = 0,
        span: int = SPAN,
        remembered: int = CHECKPOINTS,
    ) -> None:
        """
        Args:
            first_block: where to begin when nothing was read yet.
            registered: the products known from earlier readings.
            checkpoints: blocks read before, oldest first; the last is where to go on. The further back they
                reach, the less has to be read again after a deep reorganisation.
            lag: how many of the latest blocks to leave unread, on networks where they are not final.
            remembered: how many checkpoints to keep.
        """
        self._node = node
        self._platform = platform
        self._first_block = first_block
        self._lag = lag
        self._span = span
        self._reach = min(span, _FIRST_REACH)
        """Blocks to ask for next."""
        self._registered = {each.token: each for each in registered}
        self._products = {each.token: each.product for each in registered}
        self._remembered = remembered
        self._checkpoints = list(checkpoints[-remembered:])

    @property
    def through(self) -> BlockStamp | None:
        """The last block read."""
        return self._checkpoints[-1] if self._checkpoints else None

    def read(self) -> Iterator[Batch | RolledBack]:
        """Everything there is to read now."""
        while (found := self.next()) is not None:
            yield found

    def next(self) -> Batch | RolledBack | None:
        """The next range, or the news that earlier ones no longer hold; None when there is nothing new.

        Raises:
            Fault: `node_unreachable`, `node_behind`; `invariant_broken` as `Decoder.decode`.
        """
        for _ in range(ATTEMPTS):
            view = self.view()
            try:
                found = self._attempt(view)
            except (_Moved, BlockUnknown):
                continue
            except Fault as fault:
                if fault.reason in _OF_THE_NODE and self._leave(view, fault):
                    continue
                raise
            if isinstance(found, Batch):
                self._accept(found)
            return found
        restless = Fault(
            Reason.NODE_UNREACHABLE, problem="the chain changed during every attempt to read it"
        )
        self._leave(view, restless)
        raise restless

    def view(self) -> Node:
        """The node for one sequence of questions; where there are several, one that has come as far as this cursor.

        Raises:
            Fault: `node_unreachable`, `node_behind`.
        """
        if not isinstance(self._node, Views):
            return self._node
        return self._node.view(-1 if self.through is None else self.through.number)

    def _leave(self, view: Node, fault: Fault) -> bool:
        return isinstance(self._node, Views) and self._node.leave(view, fault)

    def _attempt(self, view: Node) -> Batch | RolledBack | None:
        through = self.through
        target = view.header().stamp.number - self._lag
        first = self._first_block if through is None else through.number + 1
        if first > target:
            return None if through is None or _stands(view, through) else self._roll_back(view)
        last = min(first + self._reach - 1, target)
        # The end first, then the beginning, and the end once more below: so a reorganisation at any moment between
        # shows at one of the three. The other way round, the beginning could be of the chain before it.
        closing = view.header(last)
        opening = closing if first == last else view.header(first)
        if through is not None and opening.parent_hash != through.hash:
            return self._roll_back(view)
        logs, registered = self._logs(view, first, last)
        stamps = _stamps(view, logs, closing)
        if view.header(last).stamp != closing.stamp:
            raise _Moved
        products = {**self._products, **{each.token: each.product for each in registered}}
        return Batch(
            first=first,
            through=closing.stamp,
            stamps=stamps,
            logs=tuple(logs),
            events=tuple(Decoder(products).decode(logs, stamps)),
            registered=tuple(registered),
            after=opening.parent_hash,
        )

    def _accept(self, batch: Batch) -> None:
        for each in batch.registered:
            self._registered[each.token] = each
            self._products[each.token] = each.product
        if len(batch.logs) > LOGS:
            self._reach = max(1, self._reach // 2)
        elif len(batch.logs) < LOGS // 2:
            self._reach = min(self._span, self._reach * 2)
        self._checkpoints += sorted(batch.stamps.values())
        del self._checkpoints[: -self._remembered]

    def _logs(self, view: Node, first: int, last: int) -> tuple[list[RawLog], list[Registration]]:
        """The logs of the platform and of all tokens, those included that appear within the range."""
        known: dict[Address, Registration] = dict(self._registered)
        while True:
            logs = logs_between(view, [self._platform, *known], first, last)
            _require_asked(logs, first, last)
            appeared = [
                each
                for log in logs
                if log.address == self._platform
                and (each := self._registration(log)) is not None
                and each.token not in known
            ]
            if not appeared:
                new = [each for token, each in known.items() if token not in self._registered]
                return logs, new
            known.update({each.token: each for each in appeared})

    def _registration(self, log: RawLog) -> Registration | None:
        if log.topics[0] != PRODUCT_REGISTERED:
            return None
        return Registration(
            product=ProductId(from_bytes32(log.topics[1])),
            token=address_of(log.topics[2][12:]),
            group=from_bytes32(log.topics[3]),
            block=log.block,
        )

    def _roll_back(self, view: Node) -> RolledBack:
        through = fallen = self._checkpoints[-1]
        while self._checkpoints and not _stands(view, self._checkpoints[-1]):
            fallen = self._checkpoints.pop()
        to = self.through
        kept = -1 if to is None else to.number
        for token in [t for t, each in self._registered.items() if each.block > kept]:
            del self._registered[token]
            del self._products[token]
        return RolledBack(to, first=fallen.number, depth=through.number - fallen.number + 1)


def _stands(view: Node, stamp: BlockStamp) -> bool:
    try:
        return view.header(stamp.number).stamp.hash == stamp.hash
    except BlockUnknown:
        return False


def _stamps(view: Node, logs: Sequence[RawLog], closing: Header) -> dict[int, BlockStamp]:
    numbers = sorted({log.block for log in logs} - {closing.stamp.number})
    stamps = {header.stamp.number: header.stamp for header in view.headers(numbers)}
    stamps[closing.stamp.number] = closing.stamp
    if any(stamps[log.block].hash != log.block_hash for log in logs):
        raise _Moved
    return stamps


def _require_asked(logs: Sequence[RawLog], first: int, last: int) -> None:
    """Raises _Moved unless these are logs of that range, in ledger order and each once."""
    before = (first, -1)
    for log in logs:
        place = (log.block, log.log_index)
        if place <= before:
            raise _Moved
        before = place
    if before[0] > last:
        raise _Moved


def logs_between(node: Node, addresses: Sequence[Address], first: int, last: int) -> list[RawLog]:
    """The logs of these contracts in that range of blocks; in halves where the node finds it too much.

    Raises Fault(node_unreachable).
    """
    try:
        return node.logs(addresses=addresses, first=first, last=last)
    except Fault as fault:
        if fault.reason is not Reason.NODE_UNREACHABLE or "problem" not in fault.facts:
            raise  # no answer at all
        if first == last:
            raise
    middle = (first + last) // 2
    earlier = logs_between(node, addresses, first, middle)
    return earlier + logs_between(node, addresses, middle + 1, last)


class _Moved(Exception):
    """The chain was reorganised while a range was being read, or the node answered something else than was asked."""
