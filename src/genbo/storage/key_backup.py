"""Key ring file (鍵束ファイル): the wrapped keys as they are now, so that a backup from before a rotation can be used.

A backup holds the wrapped keys of its day. Once the key-encryption key of that day is destroyed, nobody opens them:
that is how an erasure reaches into backups (decision 0023). Whoever lives is in the key ring file, wrapped by the key
of today; the erased are in it as erased. The file shows ids and wrapped keys, and no person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Fault, Reason
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import KeyRing
from genbo.storage.rotation import AT_ONCE, KINDS, Kind, rewrite, vouch_all
from genbo.storage.tables import blind_index, investor

FORMAT = "genbo key ring 1"
_ERASED = ("destroyed_at", "destroyed_by", "destroyed_for")
_INVESTORS = next(kind for kind in KINDS if kind.table.name == "investor_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a key ring file changed."""

    opened: int
    """Keys that are those of the file now."""
    erased: int
    """Investors whom the file has as erased, and the database had not."""


def export_keys(connection: Connection, ring: KeyRing) -> bytes:
    """Every wrapped key, as UTF-8 JSON that ends with a newline; the same database gives the same bytes."""
    document: dict[str, Any] = {"format": FORMAT, "kek_id": ring.id}
    for kind in KINDS:
        rows = connection.execute(select(kind.table).order_by(kind.table.c[kind.name]))
        document[kind.table.name] = [_written(kind, row._mapping) for row in rows]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def restore_keys(
    connection: Connection, ring: KeyRing, content: bytes, *, file: str, at: datetime, by: str
) -> Restored:
    """Puts the keys of a key ring file into a database that was restored from a backup. Whoever is in the file and
    not in the backup is left out. Each key is opened once before it is kept.

    Raises:
        Fault: `file_unreadable` when it is no key ring file; as `KeyRing.unwrap`.
    """
    opened = erased = 0
    for kind, living, gone in _parsed(content, file):
        standing = _standing(connection, kind)
        rows = [row for row in living if row[kind.name] in standing]
        ring.unwrap(
            [(row["kek_id"], kind.owned(row[kind.name], row["wrapped_key"])) for row in rows]
        )
        for batch in _batches(rows):
            rewrite(connection, kind, batch)
            _audit(connection, kind, batch, at=at, by=by)
        opened += len(rows)
        for batch in _batches([row for row in gone if row[kind.name] in standing]):
            _erase(connection, batch, at=at, by=by)
            erased += len(batch)
    return Restored(opened=opened, erased=erased)


_Rows = list[dict[str, Any]]


def _written(kind: Kind, row: Mapping[Any, Any]) -> dict[str, str]:
    whose = {kind.name: row[kind.name]}
    if row["wrapped_key"] is not None:
        return whose | {"kek_id": row["kek_id"], "wrapped_key": row["wrapped_key"].hex()}
    return whose | {name: str(row[name]) for name in _ERASED}


def _parsed(content: bytes, file: str) -> list[tuple[Kind, _Rows, _Rows]]:
    """Of each kind the rows of those who live, and of the erased."""
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise ValueError
        return [(kind, *_read(kind, document[kind.table.name])) for kind in KINDS]
    except (ValueError, KeyError, TypeError):
        problem = "it is not a key ring file"
        raise Fault(Reason.FILE_UNREADABLE, file=file, problem=problem) from None


def _read(kind: Kind, rows: Sequence[Mapping[str, str]]) -> tuple[_Rows, _Rows]:
    living: _Rows = [
        {
            kind.name: str(row[kind.name]),
            "kek_id": str(row["kek_id"]),
            "wrapped_key": bytes.fromhex(row["wrapped_key"]),
        }
        for row in rows
        if "wrapped_key" in row
    ]
    gone: _Rows = [
        {
            kind.name: str(row[kind.name]),
            "wrapped_key": None,
            "destroyed_at": datetime.fromisoformat(row["destroyed_at"]),
            "destroyed_by": str(row["destroyed_by"]),
            "destroyed_for": str(row["destroyed_for"]),
        }
        for row in rows
        if "wrapped_key" not in row
    ]
    return living, gone


def _standing(connection: Connection, kind: Kind) -> set[str]:
    """Whoever has a key in the database."""
    return set(
        connection.scalars(
            select(kind.table.c[kind.name]).where(kind.table.c.wrapped_key.is_not(None))
        )
    )


def _batches(rows: _Rows) -> list[_Rows]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]


def _erase(connection: Connection, rows: _Rows, *, at: datetime, by: str) -> None:
    ids = [row["investor_id"] for row in rows]
    rewrite(connection, _INVESTORS, rows)
    connection.execute(delete(blind_index).where(bulk.among(blind_index.c.investor_id, ids)))
    connection.execute(
        update(investor)
        .where(bulk.among(investor.c.investor_id, ids))
        .values(status="erased", updated_at=at, updated_by=by)
    )
    more = vouch_all(connection, investor, "investor_id", ids)
    _audit(connection, _INVESTORS, rows, at=at, by=by, more=more)


def _audit(
    connection: Connection,
    kind: Kind,
    rows: _Rows,
    *,
    at: datetime,
    by: str,
    more: Mapping[str, str] | None = None,
) -> None:
    vouched = vouch_all(connection, kind.table, kind.name, [row[kind.name] for row in rows])
    entry = AuditEntry(
        at=at,
        action=AuditAction.KEYS_RESTORED,
        actor=by,
        facts={"keys": len(rows)},
        rows={**vouched, **(more or {})},
    )
    AuditLog(connection).append([entry])
