"""What sending needs from a memory that survives everything. Each `Outbox` is one transaction: all of it is kept, or
none."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from genbo.governance.command import Command, CommandId, Signed, Stored
from genbo.governance.dispatch import Attempt, Entry, EntryState, Seen
from genbo.kernel import Address, Refusal


class LeadLost(Exception):
    """Another process sends for this signer now: what this one was about to keep was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The right to send for one signer. Whoever takes it raises the epoch, so that whoever had it before is refused."""

    signer: Address
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What an entry is from now on."""

    entry: Entry
    state: EntryState
    seen: Seen | None = None
    refusal: Refusal | None = None
    """Why the contract refused; for a failed one."""


class BeforeSending(Protocol):
    """The last question before commands are signed and sent: what compliance has to say by then. Those against which
    nothing stands are left out."""

    def __call__(self, commands: Sequence[Command]) -> Mapping[CommandId, Refusal]: ...


class Outbox(Protocol):
    """Commands that wait, and the transactions that carry them."""

    def waiting(self, accounts: Collection[Address], *, most: int) -> list[Stored]:
        """Queued commands of these accounts, first come first."""

    def command(self, command: CommandId) -> Stored:
        """One command as it stands."""

    def open(self, signer: Address) -> list[Entry]:
        """Entries that are still looked after, by number."""

    def numbers(self, signer: Address, *, first: int) -> tuple[int, frozenset[int]]:
        """The first number that was never given out, and those from `first` on that were."""

    def add(self, lead: Lead, entries: Sequence[Entry]) -> None:
        """Keeps new entries with their bytes; their commands are sent from here on. Raises LeadLost."""

    def bump(self, lead: Lead, entry: Entry, attempt: Attempt, *, at: datetime) -> None:
        """Keeps another attempt for the same number. Raises LeadLost."""

    def settle(self, lead: Lead, settled: Sequence[Settled], *, at: datetime) -> None:
        """Keeps what became of entries, and of their commands with them. Raises LeadLost."""

    def refuse(self, lead: Lead, command: CommandId, refusal: Refusal, *, at: datetime) -> None:
        """Keeps that a command was refused before it was sent. Raises LeadLost: whoever sends now may have sent it."""

    def safe_signatures(self, command: CommandId, *, nonce: int) -> list[Signed]:
        """Owners' signatures over the Safe transaction of that number."""

    def sign_for_safe(self, lead: Lead, command: CommandId, signed: Signed, *, nonce: int) -> None:
        """Keeps an owner's signature over the Safe transaction of that number. Raises LeadLost: the number may be
        an old one by now."""


class OpenOutbox(Protocol):
    """Begins a transaction; it is kept when the block ends, and not at all when it raises."""

    def __call__(self) -> AbstractContextManager[Outbox]: ...
