"""Commands (指図): every change that somebody orders, with its exact bytes, who ordered it and on what evidence.

A command is stored before anything is done about it, under an idempotency key: the same key with the same body gives
the stored answer, the same key with another body is refused. What became of it:

    draft ──► checked ──► approved ──► queued ──► sent ──► final
      │          │            │           │         ├────► refused   its receipt says the contract refused
      │          │            │           │         └────► queued    somebody else's final transaction took its number
      ├──────────┴────────────┴───────────┴──────────────► refused   the contract would refuse it; nothing was sent
      └──────────┴────────────┴──────────────────────────► superseded  withdrawn, before it was queued

A change of the registry alone that takes two persons goes from approved to final: it is done in the transaction of the
last approval.

`final` and `refused` are never left again. Nothing is refused because time passed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from genbo.governance.duties import Duty, Holder, power_of
from genbo.kernel import Address, Digest, Fact, ProductId, Reason, Reference, Refusal

CommandId = NewType("CommandId", str)
"""指図ID: 32 hexadecimal digits, made from the chain and the idempotency key."""


class CommandState(StrEnum):
    """What became of a command."""

    DRAFT = "draft"
    """起案: stored; nobody has looked at it."""
    CHECKED = "checked"
    """検証済: the contract would do it as it stands now; approvals are collected."""
    APPROVED = "approved"
    """承認済: enough people have signed its exact bytes; a Safe's act waits for signatures over its number."""
    QUEUED = "queued"
    """送信待: it may be sent."""
    SENT = "sent"
    """送信済: its transaction is committed to the outbox; whether it stands in a block is seen there."""
    FINAL = "final"
    """確定: done, and deep enough in the chain."""
    REFUSED = "refused"
    """拒否: a rule said no; nothing was changed."""
    SUPERSEDED = "superseded"
    """取下: withdrawn by its maker before it was queued."""


_BEFORE_SENDING = frozenset({CommandState.REFUSED, CommandState.SUPERSEDED})

TRANSITIONS: Mapping[CommandState, frozenset[CommandState]] = MappingProxyType(
    {
        CommandState.DRAFT: _BEFORE_SENDING | {CommandState.CHECKED},
        CommandState.CHECKED: _BEFORE_SENDING | {CommandState.APPROVED},
        CommandState.APPROVED: _BEFORE_SENDING | {CommandState.QUEUED, CommandState.FINAL},
        CommandState.QUEUED: frozenset({CommandState.SENT, CommandState.REFUSED}),
        CommandState.SENT: frozenset(
            {CommandState.FINAL, CommandState.REFUSED, CommandState.QUEUED}
        ),
        CommandState.FINAL: frozenset(),
        CommandState.REFUSED: frozenset(),
        CommandState.SUPERSEDED: frozenset(),
    }
)
"""State to the states that may follow it."""

ENDED = frozenset(state for state, following in TRANSITIONS.items() if not following)
"""States that are never left."""


def command_id(chain_id: int, key: str) -> CommandId:
    """The id of the command that is or will be ordered under that key on that chain."""
    named = f"genbo command\n{chain_id}\n{key}".encode()
    return CommandId(hashlib.sha256(named).hexdigest()[:32])


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One ordered change. Its body is everything but the key, and is never edited."""

    key: str
    """Idempotency key: chosen by whoever orders, once per act."""
    chain_id: int
    what: str
    """The act in a few words, without personal data."""
    maker: str
    """起案者: a name of the key store or a pseudonym, never a person's name."""
    maker_account: Address
    """The account whose signature shows that the maker ordered it."""
    account: Address
    """The account that acts: the maker's own, or the Safe that holds the duty."""
    duty: Duty | None
    """None for a holder's own act, and for a change of the registry alone."""
    to: Address | None
    """The contract. None for a change of the registry alone: then `data` commits to what was changed."""
    data: bytes
    """The exact bytes of the call."""
    product: ProductId | None = None
    ref: Reference | None = None
    evidence: Digest | None = None
    """Digest of the document the act rests on."""
    gas: int | None = None
    """Gas to allow; None: found by a rehearsal just before it is sent."""

    @property
    def id(self) -> CommandId:
        """The same for the same key on the same chain."""
        return command_id(self.chain_id, self.key)

    @property
    def on_ledger(self) -> bool:
        """Whether it is an act on the chain; otherwise it changes the registry alone."""
        return self.to is not None

    def body_digest(self) -> Digest:
        """SHA-256 over the body, by which two orders under one key are told apart."""
        body = {
            "chain_id": self.chain_id,
            "what": self.what,
            "maker": self.maker,
            "account": self.account,
            "duty": None if self.duty is None else self.duty.name,
            "to": self.to,
            "data": self.data.hex(),
            "product": self.product,
            "ref": self.ref,
            "evidence": self.evidence,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One person's signature over a command's exact content."""

    name: str
    account: Address
    signature: bytes
    """65 bytes r, s, v over the EIP-712 hash of the command."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the chain, or the rule that refused, said."""

    tx: Digest | None = None
    block: int | None = None
    gas_used: int | None = None
    reason: Reason | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def refusal(self) -> Refusal | None:
        """The refusal, as it was raised the first time."""
        return None if self.reason is None else Refusal(self.reason, **self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A command as it stands."""

    command: Command
    state: CommandState
    digest: Digest
    """The EIP-712 hash that its maker and approvers signed."""
    outcome: Outcome
    made_at: datetime
    changed_at: datetime
    approvals: tuple[Signed, ...] = ()
    """The maker's first, where there is one; then the approvers' in the order they came."""

    @property
    def id(self) -> CommandId:
        return self.command.id

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who approved it; never the maker."""
        return tuple(each.name for each in self.approvals if each.name != self.command.maker)


def needs_two_persons(duty: Duty | None) -> bool:
    """Whether an act under this duty happens only on the word of two different people (R-JSTOA-FIG3.2).

    The table is that of the powers: a duty is held by one person or by two, and a RELEASER's act, which lifts what one
    person raised, always takes two.
    """
    return duty is not None and power_of(duty).held_by is Holder.TWO_PERSONS


def require_transition(before: CommandState, after: CommandState) -> None:
    """Nothing where `after` may follow `before`. Raises ValueError: then the program is wrong."""
    if after not in TRANSITIONS[before]:
        raise ValueError(f"a command does not go from {before} to {after}")
