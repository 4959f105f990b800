"""The audit chain (監査記録): one entry per change and per reading of personal data, each with the hash of the one
before it (invariant 6).

How to recompute it, in any language. An entry is a JSON object with these members:

    number    1, 2, 3 ... without a gap
    at        when it happened, UTC, as 2022-01-31T15:00:00.000000Z
    action    `source:subject:action`, one of `AuditAction`
    actor     who did it: an account or a part of the system, never a person's name
    subject   id of what it is about, or null
    product   product id (受益権ID), or null
    command   id of the command it belongs to, or null
    facts     an object: ids, counts, digests; never personal data
    rows      an object: "table/key" of each row that was written, to the SHA-256 of that row (64 hexadecimal digits)

Its bytes are that object as UTF-8: members of every object in ascending order of their names, no space between signs,
no character escaped that JSON does not demand, whole numbers only (up to 2**53 - 1; greater ones are text). Then

    hash = SHA-256(hash of the entry before it, 32 bytes, followed by the bytes of the entry)

and the hash before the first entry is 32 zero bytes. The first entry (`audit:chain:begun`) names the chain id and the
deployment and carries 32 random bytes, so no two chains share a hash and nobody can guess an entry from one.

A day of the chain is a day in Japan (JST). An entry belongs to the latest day that it or any entry before it names,
so the days stand in the order of the numbers, and an entry that arrives late cannot slip into a day that is closed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import orjson

from genbo.governance.audit_action import AuditAction
from genbo.kernel import UTC, ProductId, business_date

FORMAT: Final = 1
"""Which encoding the chain uses; the first entry says it."""

FIRST_PREVIOUS: Final = bytes(32)
"""The hash that stands before the first entry."""

MAX_WHOLE: Final = 2**53 - 1
"""The greatest whole number that every JSON reader keeps exactly."""

AuditFact: TypeAlias = "str | int | bool | Sequence[AuditFact] | Mapping[str, AuditFact] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What happened; its number and hash are given to it when it joins the chain."""

    at: datetime
    """UTC."""
    action: AuditAction
    actor: str
    """Who did it: an account or a part of the system such as `indexer`; never a person's name."""
    subject: str | None = None
    """Id of what it is about, such as an investor id."""
    product: ProductId | None = None
    command: str | None = None
    """Id of the command it belongs to."""
    facts: Mapping[str, AuditFact] = field(default_factory=dict)
    """Ids, counts and digests. Never personal data."""
    rows: Mapping[str, str] = field(default_factory=dict)
    """`table/key` of each row that was written, to its digest; see `genbo.storage.witness`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEntry:
    """An entry in its place."""

    number: int
    previous: bytes
    """Hash of the entry before it, 32 bytes."""
    hash: bytes
    """32 bytes."""
    members: Mapping[str, Any]
    """The entry as `entry_members` has it."""

    @property
    def at(self) -> datetime:
        """When it happened, UTC."""
        at: str = self.members["at"]
        if not at.endswith("Z"):
            raise ValueError("an instant that is not UTC")
        return datetime.fromisoformat(at)

    @property
    def day(self) -> date:
        """The day in Japan that the entry itself names."""
        return business_date(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """The first thing that does not fit."""

    number: int | None
    """The entry; None when it is about no entry, such as a row that none speaks of."""
    what: str
    """What does not fit: `number`, `previous`, `hash`, `entry`, `row`, `anchor`, `origin`."""
    expected: str
    found: str


def entry_members(number: int, entry: AuditEntry) -> dict[str, Any]:
    """The JSON object of an entry at its place.

    Raises:
        ValueError: when the entry holds what the encoding has no place for: an instant without a zone, a number that
            is not whole or too great, a sign that no database keeps. A bug of the caller.
    """
    if entry.at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return {
        "number": number,
        "at": instant(entry.at),
        "action": entry.action.value,
        "actor": _text(entry.actor),
        "subject": entry.subject and _text(entry.subject),
        "product": entry.product and _text(entry.product),
        "command": entry.command and _text(entry.command),
        "facts": _plain(entry.facts),
        "rows": {_name(row): _text(digest) for row, digest in entry.rows.items()},
    }


def instant(at: datetime) -> str:
    """An instant as entries write it: UTC, with six digits of a second."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_bytes(members: Mapping[str, Any]) -> bytes:
    """The bytes of an entry that are hashed."""
    return orjson.dumps(members, option=orjson.OPT_SORT_KEYS)


def entry_hash(previous: bytes, members: Mapping[str, Any]) -> bytes:
    """The hash of an entry that follows the entry with the hash `previous`."""
    return hashlib.sha256(previous + entry_bytes(members)).digest()


def chain(
    entries: Iterable[AuditEntry], *, after: int = 0, previous: bytes = FIRST_PREVIOUS
) -> Iterator[ChainedEntry]:
    """The entries in their order, each at its place behind entry number `after` with the hash `previous`."""
    for number, entry in enumerate(entries, after + 1):
        members = entry_members(number, entry)
        hashed = entry_hash(previous, members)
        yield ChainedEntry(number=number, previous=previous, hash=hashed, members=members)
        previous = hashed


def _plain(value: Any) -> Any:
    """A fact as JSON has it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) > MAX_WHOLE:
            raise ValueError("a number too great for JSON: write it as text")
        return int(value)
    if isinstance(value, Mapping):
        return {_name(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise ValueError(f"an audit entry has no place for {type(value).__name__}")


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("a zero character in an audit entry")
    return str(value)


def _name(name: str) -> str:
    # Names are sorted: among ASCII names every language finds the same order.
    if not name.isascii():
        raise ValueError("a name of a fact that is not ASCII")
    return _text(name)
