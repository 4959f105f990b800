"""Auditing: the audit chain recomputed, compared with the rows it speaks of and with what is anchored on the ledger."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from genbo.chain.anchors import FoundAnchor, anchors_between
from genbo.chain.contracts.register_anchor import AnchorKind
from genbo.chain.deployments import Deployment
from genbo.chain.merkle import MerkleTree, Record
from genbo.chain.node import Node
from genbo.governance.audit import FORMAT, ChainedEntry, Misfit, entry_bytes
from genbo.governance.audit_action import AuditAction
from genbo.governance.audit_walk import AuditWalk, anchor_subject, export_line, read_line
from genbo.kernel import Address, Digest, Fault, Reason
from genbo.reconciliation.invariants import Finding, audit_chain
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.witness import rows_apart

_MOST_ROWS = 20
"""Rows apart that are looked at; the first one counts."""
_EVERY = 1_000
"""Entries between two reports of progress."""

Progress = Callable[[int], None]
"""Told how many more entries were gone along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a chain came to."""

    entries: int
    """How many fit."""
    head: str | None
    """Hash of the last entry that fits, 64 hexadecimal digits; None when there is none."""
    subject: str | None
    """Under which subject its days are anchored."""
    days: tuple[date, ...]
    """Days in Japan whose root on the ledger was found right."""
    anchored_through: int
    """The last entry that an anchored day covers; 0 when none is."""
    on_ledger: bool
    """Whether the ledger was asked at all."""
    with_rows: bool
    """Whether the rows that entries vouch for were compared."""
    misfits: tuple[Misfit, ...]
    """What does not fit, by entry; empty when everything fits."""

    @property
    def holds(self) -> bool:
        return not self.misfits


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRoot:
    """The Merkle root over the entries of one day."""

    root: Digest
    leaves: int
    first: int
    last: int
    head: str
    """Hash of the last entry, 64 hexadecimal digits."""


def verify_stored(
    database: Database, node: Node, deployment: Deployment, *, progress: Progress = lambda _: None
) -> Verification:
    """Recomputes the stored chain, compares the rows, and the days that are anchored. Changes nothing.

    Raises:
        Fault: `node_unreachable`, `database_unreachable`.
    """
    # The ledger first: a day that is anchored by now had all of its entries before.
    anchors = _anchors(node, deployment.anchor, first=deployment.first_block)
    with database.read() as connection:
        return verify_seen(connection, anchors, origin=deployment, progress=progress)


def verify_seen(
    connection: Connection,
    anchors: list[FoundAnchor] | None,
    *,
    origin: Deployment | None,
    progress: Progress = lambda _: None,
) -> Verification:
    """As `verify_stored`, of what one transaction sees.

    Args:
        anchors: what stands on the ledger; None when it was not asked.
        origin: the deployment for which the chain must have begun; None when that is not asked either.
    """
    verified = _verify(AuditLog(connection).entries(), anchors, origin=origin, progress=progress)
    rows = [
        Misfit(
            number=row.number,
            what="row",
            expected=f"{row.row} {row.told or 'not there: no entry speaks of it'}",
            found=f"{row.row} {row.found or 'gone'}",
        )
        for row in rows_apart(connection, most=_MOST_ROWS)
    ]
    return _with(verified, rows)


def verify_export(
    lines: Iterable[str], node: Node | None, *, progress: Progress = lambda _: None
) -> Verification:
    """Recomputes an exported chain, and compares it with the ledger when a node is given. Needs no database.

    Raises:
        ValueError: the file is no export of an audit chain.
        Fault: `node_unreachable`; `chain_mismatch` when the node serves another chain.
    """
    reading = iter(lines)
    header = _read_header(next(reading, ""))
    anchors = None
    if node is not None:
        if node.chain_id != header["chain_id"]:
            raise Fault(Reason.CHAIN_MISMATCH, actual=node.chain_id, expected=header["chain_id"])
        anchors = _anchors(node, Address(header["anchor"]), first=header["first_block"])
    verified = _verify(_read_entries(reading), anchors, origin=None, progress=progress)
    said = (header["entries"], header["head"])
    if verified.holds and (verified.entries, verified.head) != said:
        cut = Misfit(
            number=verified.entries + 1,
            what="number",
            expected=f"{said[0]:,} entries with the head {said[1]}, as the first line says",
            found=f"{verified.entries:,} entries with the head {verified.head}",
        )
        return _with(verified, [cut], rows=False)
    return verified


def audit_finding(verified: Verification) -> Finding:
    """Invariant 6, as `genbo check` says it."""
    return audit_chain(
        entries=verified.entries,
        anchored_through=verified.anchored_through,
        wrong=[
            f"entry {each.number or '-'}, {each.what}: expected {each.expected}, found {each.found}"
            for each in verified.misfits
        ],
    )


def export(database: Database, deployment: Deployment) -> Iterator[str]:
    """The stored chain as lines of JSON: a heading, then an entry each. With it `verify_export` needs no database."""
    with database.read() as connection:
        log = AuditLog(connection)
        head = log.head()
        heading = {
            "genbo_audit": FORMAT,
            "chain_id": deployment.chain_id,
            "anchor": deployment.anchor,
            "first_block": deployment.first_block,
            "entries": head.number if head else 0,
            "head": head.hash.hex() if head else None,
        }
        yield json.dumps(heading, sort_keys=True, separators=(",", ":"))
        for entry in log.entries(last=head.number if head else 0):
            yield export_line(entry)


def day_root(entries: Iterable[ChainedEntry]) -> DayRoot | None:
    """The root over the entries of one day; None when there is none.

    A leaf is `merkle.Record(entry_bytes, secret=hash of the entry before)`: whoever is given an entry with that hash
    can have the contract prove that it belongs to the day, and nobody can guess an entry from its leaf.
    """
    day = _Day()
    for entry in entries:
        day.add(entry)
    return day.root()


# Inside ----------------------------------------------------------------------------------------------


class _Day:
    """The entries of one day, as they come."""

    def __init__(self) -> None:
        self._leaves: list[bytes] = []
        self._first = 0
        self._last: ChainedEntry | None = None

    def add(self, entry: ChainedEntry) -> None:
        self._first = self._first or entry.number
        self._last = entry
        self._leaves.append(Record(entry_bytes(entry.members), entry.previous).leaf())

    def root(self) -> DayRoot | None:
        if self._last is None:
            return None
        return DayRoot(
            root=MerkleTree(self._leaves).root,
            leaves=len(self._leaves),
            first=self._first,
            last=self._last.number,
            head=self._last.hash.hex(),
        )


def _verify(
    entries: Iterable[ChainedEntry],
    anchors: list[FoundAnchor] | None,
    *,
    origin: Deployment | None,
    progress: Progress,
) -> Verification:
    walk = AuditWalk()
    subject: str | None = None
    ours: dict[date, FoundAnchor] = {}
    days: dict[date, _Day] = {}
    said: dict[date, int] = {}
    misfits: list[Misfit] = []
    for entry in entries:
        misfit = walk.step(entry)
        if misfit is not None:
            misfits.append(misfit)
            break
        if entry.number == 1:
            subject = anchor_subject(entry)
            ours = {each.day: each for each in anchors or () if each.subject == subject}
            misfits += _origin(walk.origin, origin)
        assert walk.day is not None
        if walk.day in ours:
            days.setdefault(walk.day, _Day()).add(entry)
        if entry.members["action"] == AuditAction.AUDIT_DAY_ANCHORED:
            said[date.fromisoformat(entry.members["facts"]["day"])] = entry.number
        if entry.number % _EVERY == 0:
            progress(_EVERY)
    progress(walk.number % _EVERY)
    roots = {day: each.root() for day, each in days.items()}
    if not misfits and anchors is not None:
        misfits += _anchors_apart(roots, ours, said)
    right = tuple(
        day for day, root in sorted(roots.items()) if root and root.root == ours[day].root
    )
    return Verification(
        entries=walk.number,
        head=walk.hash.hex() if walk.number else None,
        subject=subject,
        days=right,
        anchored_through=max((root.last for day in right if (root := roots[day])), default=0),
        on_ledger=anchors is not None,
        with_rows=False,
        misfits=tuple(misfits),
    )


def _origin(said: Mapping[str, Any], expected: Deployment | None) -> Iterator[Misfit]:
    """The chain begins for the deployment that stands here."""
    if expected is None:
        return
    for name in ("chain_id", "first_block_hash", "platform"):
        wanted = getattr(expected, name)
        if said.get(name) != wanted:
            yield Misfit(
                number=1,
                what="origin",
                expected=f"{name} {wanted}",
                found=f"{name} {said.get(name)}",
            )


def _anchors_apart(
    roots: Mapping[date, DayRoot | None],
    ours: Mapping[date, FoundAnchor],
    said: Mapping[date, int],
) -> Iterator[Misfit]:
    """Days whose root on the ledger is another, and days that are said to be anchored and are not."""
    for day, anchor in sorted(ours.items()):
        root = roots.get(day)
        if root is None or (root.root, root.leaves) != (anchor.root, anchor.leaves):
            yield Misfit(
                number=root.last if root else None,
                what="anchor",
                expected=f"{day}: {anchor.leaves:,} entries, root {anchor.root}, block {anchor.block}",
                found=f"{day}: {root.leaves:,} entries, root {root.root}"
                if root
                else f"{day}: no entries",
            )
    for day, number in sorted(said.items()):
        if day not in ours:
            yield Misfit(
                number=number,
                what="anchor",
                expected=f"{day}: a root on the ledger, as the entry says",
                found=f"{day}: none",
            )


def _with(verified: Verification, more: list[Misfit], *, rows: bool = True) -> Verification:
    """The verification with more that does not fit, by entry."""
    misfits = sorted(
        (*verified.misfits, *more), key=lambda each: (each.number is None, each.number or 0)
    )
    return Verification(
        entries=verified.entries,
        head=verified.head,
        subject=verified.subject,
        days=verified.days,
        anchored_through=verified.anchored_through,
        on_ledger=verified.on_ledger,
        with_rows=rows,
        misfits=tuple(misfits),
    )


def _anchors(node: Node, contract: Address, *, first: int) -> list[FoundAnchor]:
    last = node.stamp().number
    return anchors_between(node, contract, AnchorKind.AUDIT_DAY, first=first, last=last)


def _read_header(line: str) -> dict[str, Any]:
    try:
        header = json.loads(line)
        if header["genbo_audit"] != FORMAT:
            raise ValueError("another format")
        wanted = {"chain_id": int, "anchor": str, "first_block": int, "entries": int}
        if not all(isinstance(header[name], kind) for name, kind in wanted.items()):
            raise ValueError("another heading")
        _ = header["head"]
    except (ValueError, KeyError, TypeError):
        raise ValueError("line 1 is not the heading of an audit export") from None
    return dict(header)


def _read_entries(lines: Iterator[str]) -> Iterator[ChainedEntry]:
    for number, line in enumerate(lines, 2):
        try:
            yield read_line(line)
        except ValueError:
            raise ValueError(f"line {number} is not an entry") from None
