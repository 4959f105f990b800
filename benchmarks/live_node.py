"""A node of a market that goes on while it is being read. It keeps the blocks of the latest question and no others."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from benchmarks.market import CHAIN_ID, FIRST_BLOCK, Block, Market, stamp
from genbo.chain.networks import finality_on
from genbo.chain.node import At, BlockUnknown, Header, RawLog, Topics
from genbo.chain.raw_logs import logs_of
from genbo.kernel import Address, BlockStamp, Finality


class LiveNode:
    """A `Node` that knows nothing but blocks and logs."""

    def __init__(self, market: Market) -> None:
        self._blocks = market.blocks()
        self._kept: deque[Block] = deque()
        self.head = FIRST_BLOCK
        """The latest block it admits to."""
        self.events = 0
        """In the blocks it has made so far."""

    @property
    def chain_id(self) -> int:
        return CHAIN_ID

    @property
    def finality(self) -> Finality:
        return finality_on(CHAIN_ID)

    def header(self, number: int | None = None) -> Header:
        number = self.head if number is None else number
        if number > self.head:
            raise BlockUnknown(str(number))
        return Header(
            stamp=stamp(number),
            parent_hash=stamp(number - 1).hash,
            gas_limit=30_000_000,
            base_fee=0,
        )

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        return [self.header(number) for number in numbers]

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        kept = self._kept
        while kept and kept[0].stamp.number < first:
            kept.popleft()
        while not kept or kept[-1].stamp.number < last:
            block = next(self._blocks)
            self.events += block.events
            kept.append(block)
        said = ",".join(log for each in kept if each.stamp.number <= last for log in each.logs)
        return logs_of(f'{{"jsonrpc":"2.0","id":1,"result":[{said}]}}'.encode())
