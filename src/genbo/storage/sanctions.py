"""Sanctions lists (制裁対象者リスト) in their versions, and the thresholds they are read with.

An entry stands once for all the versions that have it unchanged, so a daily list costs what changed in it. Whenever a
version is read its entries are compared with the digest that the audit chain vouches for.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, text, update

from genbo.compliance.screening import Delta, Kind, Listed, ListVersion, SanctionsList, Thresholds
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Digest, Fault, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import sanctions_entry as entry_table
from genbo.storage.tables import sanctions_list as table
from genbo.storage.tables import screening_thresholds as thresholds_table
from genbo.storage.witness import vouch

USUAL = Thresholds(version="usual")
"""The thresholds in force until an operator sets others."""


class SanctionsLists:
    """The lists, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, new: SanctionsList, *, at: datetime, by: str) -> int:
        """Brings a version into force; its number. The version in force once more changes nothing.

        Raises:
            Refusal: `screening_list_known` for a file that was in force before another one.
        """
        version = new.version
        self._connection.exec_driver_sql("LOCK TABLE sanctions_list IN SHARE ROW EXCLUSIVE MODE")
        known = self._connection.execute(
            select(table.c.number, table.c.digest)
            .where(table.c.list_name == version.name)
            .order_by(table.c.number)
        ).all()
        for row in known:
            if row.digest == version.digest:
                if row is known[-1]:
                    return int(row.number)
                raise Refusal(
                    Reason.SCREENING_LIST_KNOWN, list=version.name, number=int(row.number)
                )
        number = int(known[-1].number) + 1 if known else 1
        if not known:
            self._ensure_thresholds(at=at, by=by)
        self._connection.execute(
            insert(table).values(
                list_name=version.name,
                number=number,
                source=version.source,
                published=version.published,
                digest=version.digest,
                entries=version.entries,
                entries_digest=_digest_of(each.digest for each in _by_id(new.entries)),
                loaded_at=at,
                loaded_by=by,
            )
        )
        changed = self._write_entries(version.name, number, new.entries)
        rows = vouch(
            self._connection, table, table.c.list_name == version.name, table.c.number == number
        )
        facts: dict[str, AuditFact] = {
            "list": version.name,
            "number": number,
            "file": version.digest,
            "entries": version.entries,
            "changed": changed,
        }
        self._append(AuditAction.LIST_LOADED, rows[version.name, number], facts, at=at, by=by)
        return number

    def in_force(self) -> dict[str, tuple[int, ListVersion]]:
        """The version in force of every list, with its number, by the list's name."""
        rows = self._connection.execute(select(table).order_by(table.c.list_name, table.c.number))
        return {row.list_name: (int(row.number), _version(row)) for row in rows}

    def version(self, name: str, number: int) -> ListVersion:
        """One version. Raises KeyError."""
        row = self._connection.execute(
            select(table).where(table.c.list_name == name, table.c.number == number)
        ).one_or_none()
        if row is None:
            raise KeyError((name, number))
        return _version(row)

    def entries(self, name: str, number: int) -> tuple[Listed, ...]:
        """Every entry of a version, by id.

        Raises:
            Fault: `invariant_broken` when the entries are not those that were loaded.
        """
        rows = self._connection.execute(
            select(entry_table)
            .where(entry_table.c.list_name == name, _in_version(number))
            .order_by(entry_table.c.entry_id)
        )
        found = tuple(_by_id(map(_listed, rows)))
        told = self._connection.scalar(
            select(table.c.entries_digest).where(
                table.c.list_name == name, table.c.number == number
            )
        )
        if _digest_of(each.digest for each in found) != told:
            problem = f"the entries of version {number} of the list {name} were tampered with"
            raise Fault(Reason.INVARIANT_BROKEN, problem=problem)
        return found

    def delta(self, name: str, before: int, after: int) -> Delta:
        """What changed between two versions of a list."""
        columns = entry_table.c
        touched = self._connection.scalars(
            select(columns.entry_id)
            .distinct()
            .where(
                columns.list_name == name,
                or_(
                    columns.from_number.between(before + 1, after),
                    columns.until_number.between(before + 1, after),
                ),
            )
        ).all()
        old, new = self._some(name, before, touched), self._some(name, after, touched)
        changed = frozenset(each for each in old.keys() & new.keys() if old[each] != new[each])
        added = frozenset(new.keys() - old.keys())
        return Delta(
            before=self.version(name, before),
            after=self.version(name, after),
            added=added,
            changed=changed,
            removed=frozenset(old.keys() - new.keys()),
            fresh=tuple(new[each] for each in sorted(added | changed)),
        )

    # Thresholds ----------------------------------------------------------------------------------

    def thresholds(self) -> Thresholds:
        """The thresholds in force."""
        row = self._connection.execute(
            select(thresholds_table).order_by(thresholds_table.c.number.desc()).limit(1)
        ).one_or_none()
        return USUAL if row is None else _thresholds(row)

    def all_thresholds(self) -> dict[str, Thresholds]:
        """Every thresholds that ever were in force, by version."""
        rows = self._connection.execute(select(thresholds_table))
        return {row.version: _thresholds(row) for row in rows}

    def set_thresholds(
        self, new: Thresholds, *, at: datetime, by: str, approvers: Sequence[str] = ()
    ) -> None:
        """Brings thresholds into force: everybody is screened again under them. Who may is decided before.

        Args:
            approvers: who else said so.

        Raises:
            Refusal: `field_invalid` for a version that there is already.
        """
        # One after the other, so that two at once do not take one number.
        self._connection.execute(
            text("LOCK TABLE screening_thresholds IN SHARE ROW EXCLUSIVE MODE")
        )
        self._ensure_thresholds(at=at, by=by)
        if new.version in self.all_thresholds():
            raise Refusal(
                Reason.FIELD_INVALID, field="version", value=new.version, allowed="a new version"
            )
        self._add_thresholds(new, at=at, by=by, approvers=approvers)

    def _ensure_thresholds(self, *, at: datetime, by: str) -> None:
        if not self.all_thresholds():
            self._add_thresholds(USUAL, at=at, by=by)

    def _add_thresholds(
        self, new: Thresholds, *, at: datetime, by: str, approvers: Sequence[str] = ()
    ) -> None:
        columns = thresholds_table.c
        number = int(self._connection.scalar(select(func.max(columns.number))) or 0) + 1
        self._connection.execute(
            insert(thresholds_table).values(
                number=number,
                version=new.version,
                possible=new.possible,
                hit=new.hit,
                birth_years=new.birth_years,
                set_at=at,
                set_by=by,
            )
        )
        rows = vouch(self._connection, thresholds_table, columns.number == number)
        facts: dict[str, AuditFact] = {
            "version": new.version,
            "possible": new.possible,
            "hit": new.hit,
            "birth_years": new.birth_years,
            "approved_by": ", ".join(approvers) or None,
        }
        self._append(AuditAction.THRESHOLDS_SET, rows[(new.version,)], facts, at=at, by=by)

    # Inside --------------------------------------------------------------------------------------

    def _write_entries(self, name: str, number: int, entries: Iterable[Listed]) -> int:
        """Ends what is not in the new version, begins what is new in it; how many that were together."""
        new = {each.id: (each, each.digest) for each in entries}
        rows = self._connection.execute(
            select(entry_table.c.entry_id, entry_table.c.digest).where(
                entry_table.c.list_name == name, entry_table.c.until_number.is_(None)
            )
        )
        standing = {row.entry_id: row.digest for row in rows}
        ended = [id for id, digest in standing.items() if id not in new or new[id][1] != digest]
        begun = [each for id, each in new.items() if standing.get(id) != each[1]]
        self._connection.execute(
            update(entry_table)
            .where(
                entry_table.c.list_name == name,
                entry_table.c.until_number.is_(None),
                bulk.among(entry_table.c.entry_id, ended),
            )
            .values(until_number=number)
        )
        for start in range(0, len(begun), _ROWS_AT_ONCE):
            self._connection.execute(
                insert(entry_table),
                [
                    {
                        "list_name": name,
                        "entry_id": each.id,
                        "from_number": number,
                        "kind": each.kind.value,
                        "names": list(each.names),
                        "births": list(each.births),
                        "programs": list(each.programs),
                        "digest": digest,
                    }
                    for each, digest in begun[start : start + _ROWS_AT_ONCE]
                ],
            )
        return len(ended) + len(begun)

    def _some(self, name: str, number: int, ids: Iterable[str]) -> dict[str, Listed]:
        rows = self._connection.execute(
            select(entry_table).where(
                entry_table.c.list_name == name,
                _in_version(number),
                bulk.among(entry_table.c.entry_id, ids),
            )
        )
        return {row.entry_id: _listed(row) for row in rows}

    def _append(
        self,
        action: AuditAction,
        rows: dict[str, str],
        facts: dict[str, AuditFact],
        *,
        at: datetime,
        by: str,
    ) -> None:
        AuditLog(self._connection).append(
            [AuditEntry(at=at, action=action, actor=by, facts=facts, rows=rows)]
        )


_ROWS_AT_ONCE = 5_000


def _in_version(number: int) -> ColumnElement[bool]:
    until = entry_table.c.until_number
    return (entry_table.c.from_number <= number) & (until.is_(None) | (until > number))


def _by_id(entries: Iterable[Listed]) -> list[Listed]:
    return sorted(entries, key=lambda each: each.id)


def _digest_of(digests: Iterable[Digest]) -> Digest:
    digest = hashlib.sha256()
    for each in digests:
        digest.update(bytes.fromhex(each[2:]))
    return Digest("0x" + digest.hexdigest())


def _version(row: Row[Any]) -> ListVersion:
    return ListVersion(
        name=row.list_name,
        source=row.source,
        published=row.published,
        digest=Digest(row.digest),
        entries=row.entries,
    )


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        id=row.entry_id,
        kind=Kind(row.kind),
        names=tuple(row.names),
        births=tuple(row.births),
        programs=tuple(row.programs),
    )


def _thresholds(row: Row[Any]) -> Thresholds:
    return Thresholds(
        version=row.version, possible=row.possible, hit=row.hit, birth_years=row.birth_years
    )
