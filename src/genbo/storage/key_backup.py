"""Key ring file (鍵束ファイル): the wrapped keys as they are now, so that a backup from before a rotation can be used.

A backup holds the wrapped keys of its day. Once the key-encryption key of that day is destroyed, nobody opens them:
that is how an erasure reaches into backups (decision 0023). Whoever lives is in the key ring file, wrapped by the key
of today; the erased are in it as erased. The file shows ids and wrapped keys, and no person.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Fault, InvestorId, Reason
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import KeyRing, data_key_of, secret_of
from genbo.storage.tables import blind_index, investor, investor_key, vault_secret
from genbo.storage.vault_secrets import NAMES
from genbo.storage.witness import vouch

FORMAT = "genbo key ring 1"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a key ring file changed."""

    opened: int
    """Investors whose key is the one of the file now."""
    erased: int
    """Investors whom the file has as erased, and the database had not."""


def export_keys(connection: Connection, ring: KeyRing) -> bytes:
    """Every wrapped key, as UTF-8 JSON that ends with a newline; the same database gives the same bytes."""
    keys = connection.execute(select(investor_key).order_by(investor_key.c.investor_id))
    secrets = connection.execute(select(vault_secret).order_by(vault_secret.c.name))
    document = {
        "format": FORMAT,
        "kek": ring.id,
        "secrets": [
            {"name": row.name, "kek": row.kek_id, "key": row.wrapped_key.hex()} for row in secrets
        ],
        "keys": [
            {"investor": row.investor_id, "kek": row.kek_id, "key": row.wrapped_key.hex()}
            if row.wrapped_key is not None
            else {
                "investor": row.investor_id,
                "destroyed_at": row.destroyed_at.isoformat(),
                "destroyed_by": row.destroyed_by,
                "destroyed_for": row.destroyed_for,
            }
            for row in keys
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def restore_keys(
    connection: Connection, ring: KeyRing, content: bytes, *, file: str, at: datetime, by: str
) -> Restored:
    """Puts the keys of a key ring file into a database that was restored from a backup. Investors of the file whom the
    backup does not have are left out. Each key is opened once before it is kept.

    Raises:
        Fault: `file_unreadable` when it is no key ring file; as `KeyRing.unwrap`.
    """
    document = _parsed(content, file)
    living, gone = document
    ring.unwrap(
        [(row["kek_id"], data_key_of(row["investor_id"], row["wrapped_key"])) for row in living]
    )
    known = set(connection.scalars(select(investor_key.c.investor_id)))
    standing = set(
        connection.scalars(
            select(investor_key.c.investor_id).where(investor_key.c.wrapped_key.is_not(None))
        )
    )
    living = [row for row in living if row["investor_id"] in known]
    gone = [row for row in gone if row["investor_id"] in standing]
    _secrets(connection, ring, content, at=at, by=by)
    for start in range(0, len(living), _AT_ONCE):
        batch = living[start : start + _AT_ONCE]
        _update(connection, investor_key, batch)
        _audit(connection, [investor_key], batch, at=at, by=by)
    for start in range(0, len(gone), _AT_ONCE):
        batch = gone[start : start + _AT_ONCE]
        ids = [row["investor_id"] for row in batch]
        _update(connection, investor_key, batch)
        connection.execute(delete(blind_index).where(bulk.among(blind_index.c.investor_id, ids)))
        connection.execute(
            update(investor)
            .where(bulk.among(investor.c.investor_id, ids))
            .values(status="erased", updated_at=at, updated_by=by)
        )
        _audit(connection, [investor_key, investor], batch, at=at, by=by)
    return Restored(opened=len(living), erased=len(gone))


_Rows = list[dict[str, Any]]
_NOT_DESTROYED = {"destroyed_at": None, "destroyed_by": None, "destroyed_for": None}


def _parsed(content: bytes, file: str) -> tuple[_Rows, _Rows]:
    """The rows of those who live, and of the erased."""
    try:
        document = json.loads(content)
        if document["format"] != FORMAT or {each["name"] for each in document["secrets"]} - {
            *NAMES
        }:
            raise ValueError
        living = [
            {
                "investor_id": InvestorId(each["investor"]),
                "kek_id": each["kek"],
                "wrapped_key": bytes.fromhex(each["key"]),
                **_NOT_DESTROYED,
            }
            for each in document["keys"]
            if "key" in each
        ]
        gone = [
            {
                "investor_id": InvestorId(each["investor"]),
                "kek_id": document["kek"],
                "wrapped_key": None,
                "destroyed_at": datetime.fromisoformat(each["destroyed_at"]),
                "destroyed_by": each["destroyed_by"],
                "destroyed_for": each["destroyed_for"],
            }
            for each in document["keys"]
            if "key" not in each
        ]
    except (ValueError, KeyError, TypeError):
        raise Fault(
            Reason.FILE_UNREADABLE, file=file, problem="it is not a key ring file"
        ) from None
    return living, gone


def _secrets(
    connection: Connection, ring: KeyRing, content: bytes, *, at: datetime, by: str
) -> None:
    for each in json.loads(content)["secrets"]:
        name, wrapped = each["name"], bytes.fromhex(each["key"])
        ring.unwrap([(each["kek"], secret_of(name, wrapped))])
        changed = connection.execute(
            update(vault_secret)
            .where(vault_secret.c.name == name)
            .values(kek_id=each["kek"], wrapped_key=wrapped)
        )
        if changed.rowcount:
            rows = vouch(connection, vault_secret, vault_secret.c.name == name)[(name,)]
            entry = AuditEntry(
                at=at, action=AuditAction.KEYS_RESTORED, actor=by, subject=name, rows=rows
            )
            AuditLog(connection).append([entry])


def _update(connection: Connection, table: Table, rows: _Rows) -> None:
    columns = list(rows[0])
    with bulk.given(connection, table, columns, rows) as these:
        connection.execute(
            update(table)
            .where(table.c.investor_id == these.new.c.investor_id)
            .values({name: these.new.c[name] for name in columns[1:]}),
            these.parameters,
        )


def _audit(
    connection: Connection, tables: Sequence[Table], rows: _Rows, *, at: datetime, by: str
) -> None:
    ids = [row["investor_id"] for row in rows]
    vouched = {
        name: digest
        for table in tables
        for row in vouch(connection, table, bulk.among(table.c.investor_id, ids)).values()
        for name, digest in row.items()
    }
    entry = AuditEntry(
        at=at,
        action=AuditAction.KEYS_RESTORED,
        actor=by,
        facts={"keys": len(rows)},
        rows=vouched,
    )
    AuditLog(connection).append([entry])
