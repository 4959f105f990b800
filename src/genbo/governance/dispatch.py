"""Dispatch (送信): what is known of each transaction that carries a command, and what follows from it.

An entry is one number (nonce) of one signer. Its bytes are committed before anybody hears of them. Several attempts
may share the number: each offers more for the gas, and at most one of them can ever stand in a block.

    signed ──► sent ──► mined ──► done      it stands deep enough, and succeeded
      │         │         ├─────► failed    it stands deep enough, and the contract refused
      │         │         └─────► sent      the chain was reorganised; the same bytes go out again
      │         ├──► unknown ───► mined     no receipt for a while: that says nothing, and is never called a failure
      │         │      └────────► signed    a higher offer under the same number, committed before it goes out
      └─────────┴──────┴────────► lost      somebody else's final transaction has the number: these never run

What became of an entry is judged here, from what was observed, by a pure rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from genbo.governance.command import CommandId
from genbo.kernel import Address, Digest


class EntryState(StrEnum):
    """What is known of an entry."""

    SIGNED = "signed"
    """署名済: committed here; no node has taken it yet."""
    SENT = "sent"
    """送信済: a node has taken it."""
    UNKNOWN = "unknown"
    """不明: no receipt for longer than patience lasts."""
    MINED = "mined"
    """収録済: in a block that may still be reorganised away."""
    DONE = "done"
    """完了: in a final block, with success."""
    FAILED = "failed"
    """失敗: in a final block, refused by the contract; only its number was used up."""
    LOST = "lost"
    """失効: the number was used by a transaction that is not ours, in a final block."""


_SEEN_OR_LOST = frozenset({EntryState.MINED, EntryState.DONE, EntryState.FAILED, EntryState.LOST})

TRANSITIONS: Mapping[EntryState, frozenset[EntryState]] = MappingProxyType(
    {
        EntryState.SIGNED: _SEEN_OR_LOST | {EntryState.SENT, EntryState.UNKNOWN},
        EntryState.SENT: _SEEN_OR_LOST | {EntryState.UNKNOWN},
        EntryState.UNKNOWN: _SEEN_OR_LOST | {EntryState.SENT, EntryState.SIGNED},
        EntryState.MINED: frozenset(
            {EntryState.DONE, EntryState.FAILED, EntryState.SENT, EntryState.LOST}
        ),
        EntryState.DONE: frozenset(),
        EntryState.FAILED: frozenset(),
        EntryState.LOST: frozenset(),
    }
)
"""State to the states that may follow it."""

OPEN = frozenset(state for state, following in TRANSITIONS.items() if following)
"""States in which an entry is still looked after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One signed transaction."""

    tx: Digest
    raw: bytes
    price: int
    """Wei per gas it offers at most; 0 where gas is free."""
    tip: int
    """Wei per gas of it for the block's maker; equal to `price` on networks from before London."""
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One number of one signer, and the attempts that carry it."""

    signer: Address
    nonce: int
    command: CommandId | None
    """None for a filler: a transaction to oneself that only uses up a number nobody else will."""
    account: Address
    """Who acts: the signer itself, or the Safe whose owners' signatures it carries."""
    gas: int
    state: EntryState
    since: datetime
    """Since when it is in this state."""
    attempts: tuple[Attempt, ...]
    """In the order in which they were signed; the last one offers most."""
    block: int | None = None
    """The block that has it."""
    tx: Digest | None = None
    """The attempt that stands there."""
    gas_used: int | None = None

    @property
    def last(self) -> Attempt:
        """The attempt that offers most."""
        return self.attempts[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A transaction found in a block."""

    tx: Digest
    block: int
    succeeded: bool
    gas_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a node said about one entry."""

    seen: Seen | None
    """The attempt that stands in a block, if one does."""
    final: int
    """The last block that counts as final; -1 when none does."""
    competitor: Digest | None = None
    """A transaction that is not ours, has the number, and stands in a final block. It was looked at itself: a number
    that is merely used up is no evidence, as a node may have forgotten our receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an entry is from now on."""

    state: EntryState
    seen: Seen | None = None
    again: bool = False
    """Whether the same bytes are to be handed in once more."""


def judge(entry: Entry, observed: Observation, *, at: datetime, patience: timedelta) -> Judgement:
    """What became of an entry, by the tree above."""
    if observed.seen is not None:
        return _judge_seen(observed.seen, observed.final)
    if observed.competitor is not None:
        return Judgement(state=EntryState.LOST)
    state = entry.state
    if state is EntryState.MINED:
        state = EntryState.SENT
    elif state is EntryState.SENT and at - entry.since >= patience:
        state = EntryState.UNKNOWN
    return Judgement(state=state, again=True)


def _judge_seen(seen: Seen, final: int) -> Judgement:
    if seen.block > final:
        return Judgement(state=EntryState.MINED, seen=seen)
    state = EntryState.DONE if seen.succeeded else EntryState.FAILED
    return Judgement(state=state, seen=seen)


def holes(*, used: int, next_number: int, given: Collection[int]) -> list[int]:
    """Numbers below `next_number` that the chain still wants and nobody of ours has: everything above would wait for
    them for ever. There are none, unless somebody else used the key and the chain then took that back.

    Args:
        used: how many numbers of the signer the latest block has used up.
        next_number: the first number that was never given out.
        given: every number from `used` on that was given out, whatever became of it.
    """
    taken = set(given)
    return [number for number in range(used, next_number) if number not in taken]


def require_transition(before: EntryState, after: EntryState) -> None:
    """Nothing where `after` may follow `before`. Raises ValueError: then the program is wrong."""
    if before is not after and after not in TRANSITIONS[before]:
        raise ValueError(f"an entry does not go from {before} to {after}")
