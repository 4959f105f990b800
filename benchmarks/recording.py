"""A recorded chain: what a node would answer, kept in a file, so that a reading costs no node.

A line per block: its logs as JSON texts with commas between them. Any range of blocks is a piece of the file, and the
piece in brackets is the answer to `eth_getLogs` as it comes over the wire.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.market import CHAIN_ID, FIRST_BLOCK, Market, stamp
from genbo.chain.networks import finality_on
from genbo.chain.node import At, BlockUnknown, Header, RawLog, Topics
from genbo.chain.raw_logs import logs_of
from genbo.kernel import Address, BlockStamp, Finality


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The life of a market, up to a number of events."""

    file: Path
    counts: Sequence[int]
    """Events up to and including each block."""
    starts: Sequence[int]
    """Where in the file each block begins, and where the last one ends."""
    headers: Sequence[Header]
    """One per block."""
    events: int
    logs: int

    @property
    def first_block(self) -> int:
        return FIRST_BLOCK

    @property
    def last_block(self) -> int:
        return FIRST_BLOCK + len(self.starts) - 2

    def block_of(self, events: int) -> int:
        """The first block by which there were so many events."""
        return self.first_block + bisect_left(self.counts, events)


def record(market: Market, file: Path, *, events: int) -> Recording:
    """Writes whole blocks until there are that many events."""
    starts = [0]
    headers = []
    counts: list[int] = []
    said = logs = 0
    with file.open("wb") as out:
        for block in market.blocks():
            separator = ",\n" if logs and block.logs else ""
            starts.append(starts[-1] + out.write((separator + ",\n".join(block.logs)).encode()))
            headers.append(
                Header(
                    stamp=block.stamp,
                    parent_hash=stamp(block.stamp.number - 1).hash,
                    gas_limit=30_000_000,
                    base_fee=0,
                )
            )
            said += block.events
            counts.append(said)
            logs += len(block.logs)
            if said >= events:
                break
    return Recording(
        file=file, counts=counts, starts=starts, headers=headers, events=said, logs=logs
    )


class RecordedNode:
    """A `Node` that has the answers in a file and knows nothing but blocks and logs. Counts the seconds it takes."""

    def __init__(self, recording: Recording, *, head: int | None = None) -> None:
        self._recording = recording
        self.head = recording.last_block if head is None else head
        """The latest block it admits to."""
        self._file = recording.file.open("rb")
        self.seconds_serving = 0.0
        """Handing over answers as bytes: what a node and a network would do."""

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
        started = perf_counter()
        found = Header(
            stamp=stamp(number),
            parent_hash=stamp(number - 1).hash,
            gas_limit=30_000_000,
            base_fee=0,
        )
        self.seconds_serving += perf_counter() - started
        return found

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        return [self.header(number) for number in numbers]

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        started = perf_counter()
        answer = self.answer(first, last)
        self.seconds_serving += perf_counter() - started
        return logs_of(answer)

    def close(self) -> None:
        self._file.close()

    def answer(self, first: int, last: int) -> bytes:
        """The answer to `eth_getLogs`, as a node writes it."""
        starts = self._recording.starts
        begin, end = starts[first - FIRST_BLOCK], starts[last + 1 - FIRST_BLOCK]
        self._file.seek(begin)
        found = self._file.read(end - begin).lstrip(b",\n")
        return b'{"jsonrpc":"2.0","id":1,"result":[' + found + b"]}"
