"""Jobs (一括処理): many rows of one act. They go out in batches, each whole or not at all, and each a command.

A batch that the contract refuses is cut in half, until the row that cannot succeed stands alone: that one is refused
with its reason, all others are done. A job goes on where it stood, however often it is interrupted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from genbo.governance.command import CommandId
from genbo.kernel import Address, Digest, Fact, ProductId, Reason, Reference, Refusal, Units

JobId = NewType("JobId", str)
"""一括処理ID: 32 hexadecimal digits, made from the chain and the idempotency key."""


class JobState(StrEnum):
    """What became of a job."""

    RUNNING = "running"
    """処理中: rows are left, or on their way."""
    DONE = "done"
    """終了: every row was done, or refused by itself."""
    CANCELLED = "cancelled"
    """中止: no further batch goes out; what was sent stands."""


class BatchState(StrEnum):
    """What became of a batch."""

    OPEN = "open"
    """処理中"""
    DONE = "done"
    """完了: all its rows."""
    CUT = "cut"
    """分割: refused as a whole, and tried again in halves."""
    REFUSED = "refused"
    """拒否: one row that cannot succeed."""


class JobKind(StrEnum):
    """Acts that take many rows."""

    VERDICT = "verdict"
    """適格性の登録: rows are addresses; arguments `until` (UTC seconds), `investor_class`, `blocked`; `lift` where
    "blocked" may be taken back, by two persons."""
    ISSUE = "issue"
    """発行: rows are addresses and units; arguments `evidence`, `delivery_date`."""
    DISTRIBUTE = "distribute"
    """配布: rows are addresses and units."""
    TRANSFER = "transfer"
    """移転: a holder's own, rows are addresses and units."""
    REDEEM = "redeem"
    """償還: rows are addresses and units; or addresses alone, all of whose units end; the last one ends the product.
    Arguments `evidence`, `delivery_date`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One row of a job."""

    address: Address
    units: Units | None = None


def id_under(chain_id: int, key: str) -> JobId:
    """The id of a job under an idempotency key: the same for the same key on the same chain."""
    named = f"genbo job\n{chain_id}\n{key}".encode()
    return JobId(hashlib.sha256(named).hexdigest()[:32])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A bulk act as it was ordered."""

    key: str
    """Idempotency key."""
    chain_id: int
    kind: JobKind
    product: ProductId
    ref: Reference | None
    arguments: Mapping[str, Fact]
    """What all rows share; see `JobKind`."""
    maker: str
    people: tuple[str, ...] = ()
    """Names of those who act; empty: whoever holds the duty."""
    account: Address | None = None
    """The holder, for a holder's own act."""

    @property
    def id(self) -> JobId:
        return id_under(self.chain_id, self.key)

    def body_digest(self, rows: Sequence[JobRow]) -> Digest:
        """SHA-256 over the body with its rows."""
        body = [
            self.kind,
            self.product,
            self.ref,
            dict(self.arguments),
            self.maker,
            self.people,
            self.account,
            [[row.address, row.units] for row in rows],
        ]
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows `first` to `last`, both included, that go out in one transaction."""

    first: int
    """From 0."""
    last: int
    command: CommandId
    state: BatchState = BatchState.OPEN

    @property
    def rows(self) -> int:
        return self.last - self.first + 1

    @property
    def part(self) -> str:
        """Its rows as people count them, from 1: what tells its reference and its key from those of other batches."""
        return part_of(self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefused:
    """A row that cannot succeed, and why."""

    ordinal: int
    address: Address
    reason: Reason
    facts: Mapping[str, Fact]

    def refusal(self) -> Refusal:
        """As it was raised, with the row's number as people count it."""
        return Refusal(self.reason, **{**self.facts, "row": self.ordinal + 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is."""

    job: JobId
    state: JobState
    of: int
    """Rows in all."""
    done: int
    refused: int
    under_way: int
    """Rows in batches whose outcome is not known yet."""
    began: datetime
    at: datetime

    @property
    def rate(self) -> int:
        """Rows a second since it began, rounded down."""
        seconds = (self.at - self.began).total_seconds()
        return int((self.done + self.refused) / seconds) if seconds > 0 else 0

    @property
    def expected_end(self) -> datetime | None:
        """When it will end if it goes on like this; None while nothing can be said."""
        left = self.of - self.done - self.refused
        if not left:
            return self.at
        return self.at + timedelta(seconds=-(-left // self.rate)) if self.rate else None


def part_of(first: int, last: int) -> str:
    """The rows `first` to `last` as people count them, from 1."""
    return f"{first + 1}-{last + 1}"


def halves(first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The two halves of a refused batch: the first and last row of each."""
    middle = (first + last) // 2
    return (first, middle), (middle + 1, last)


def require_room(ref: Reference | None, rows: int) -> None:
    """Nothing where the reference leaves room for the row numbers of a batch.

    Raises:
        Refusal: `key_malformed`.
    """
    most = 32 - 1 - len(part_of(rows - 1, rows - 1))
    if ref is not None and len(ref) > most:
        raise Refusal(Reason.KEY_MALFORMED, key=ref, most=most)
