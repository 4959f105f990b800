"""Going along an audit chain: whether each entry fits to the one before it, and to which day it belongs.

Needs the entries and nothing else, so whoever is handed them can do it: the service, an auditor with an export.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from genbo.governance.audit import FIRST_PREVIOUS, FORMAT, ChainedEntry, Misfit, entry_hash
from genbo.governance.audit_action import AuditAction

MEMBERS = frozenset(
    ("number", "at", "action", "actor", "subject", "product", "command", "facts", "rows")
)


class AuditWalk:
    """Goes from entry to entry, the first one first."""

    def __init__(self) -> None:
        self.number = 0
        """The last entry that fits."""
        self.hash = FIRST_PREVIOUS
        """Its hash: what the next entry must hold."""
        self.day: date | None = None
        """The day in Japan to which that entry belongs."""
        self.origin: Mapping[str, Any] = {}
        """What the first entry says about the chain: format, chain id, deployment."""

    def step(self, entry: ChainedEntry) -> Misfit | None:
        """Goes on to the next entry; what does not fit there, and then this walk is over."""
        misfit = self._misfit(entry)
        if misfit is None:
            self.number, self.hash = entry.number, entry.hash
            self.day = entry.day if self.day is None else max(self.day, entry.day)
        return misfit

    def _misfit(self, entry: ChainedEntry) -> Misfit | None:
        number = self.number + 1
        if entry.number != number:
            missing = "in its place, or missing" if entry.number > number else "once"
            return Misfit(
                number=number,
                what="number",
                expected=f"entry {number} {missing}",
                found=f"entry {entry.number}",
            )
        if malformed := _malformed(entry):
            return Misfit(
                number=number, what="entry", expected="an entry of this format", found=malformed
            )
        if entry.previous != self.hash:
            return Misfit(
                number=number,
                what="previous",
                expected=self.hash.hex(),
                found=entry.previous.hex(),
            )
        try:
            hashed = entry_hash(self.hash, entry.members)
        except (TypeError, ValueError, RecursionError):  # such as a number that is none of ours
            return Misfit(
                number=number, what="entry", expected="an entry of this format", found="no such"
            )
        if entry.hash != hashed:
            return Misfit(number=number, what="hash", expected=hashed.hex(), found=entry.hash.hex())
        return self._begin(entry) if number == 1 else None

    def _begin(self, entry: ChainedEntry) -> Misfit | None:
        facts = entry.members["facts"]
        if entry.members["action"] != AuditAction.AUDIT_BEGUN or facts.get("format") != FORMAT:
            return Misfit(
                number=1,
                what="origin",
                expected=f"{AuditAction.AUDIT_BEGUN.value}, format {FORMAT}",
                found=f"{entry.members['action']}, format {facts.get('format')}",
            )
        self.origin = facts
        return None


def anchor_subject(first: ChainedEntry) -> str:
    """Under which subject the days of a chain are anchored: named after its first entry, so it is this chain's own."""
    return f"audit/{first.hash.hex()[:24]}"


def export_line(entry: ChainedEntry) -> str:
    """An entry as a line of an export, without its end."""
    return json.dumps(
        {"entry": entry.members, "previous": entry.previous.hex(), "hash": entry.hash.hex()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def read_line(line: str) -> ChainedEntry:
    """The entry that `export_line` wrote.

    Raises:
        ValueError: it is no such line.
    """
    try:
        content = json.loads(line)
        return ChainedEntry(
            number=int(content["entry"]["number"]),
            previous=bytes.fromhex(content["previous"]),
            hash=bytes.fromhex(content["hash"]),
            members=dict(content["entry"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("no entry") from None


def _malformed(entry: ChainedEntry) -> str | None:
    """Why the entry is none of this format."""
    members = entry.members
    if set(members) != MEMBERS:
        return f"members {', '.join(sorted(members))}"[:200]
    if members["number"] != entry.number or not isinstance(members["number"], int):
        return f"number {members['number']}"[:80]
    if not isinstance(members["facts"], dict) or not isinstance(members["rows"], dict):
        return "facts or rows that are no object"
    try:
        _ = entry.at
    except (ValueError, TypeError, AttributeError):
        return f"at {members['at']}"[:80]
    return None
