"""Secrets of the vault (保管庫の秘密): what keyed digests are made with. They are stored wrapped, as data keys are,
so they survive a change of the key-encryption key and work with every provider.
"""

import os
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import KeyRing, secret_of
from genbo.storage.tables import vault_secret as table
from genbo.storage.witness import vouch

BLIND_INDEX = "blind_index"
FINGERPRINT = "fingerprint"
NAMES = (BLIND_INDEX, FINGERPRINT)
_SIZE = 32


class VaultSecrets:
    """The secrets of one database, as one process reads them."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._plain: dict[tuple[str, bytes], bytes] = {}
        """By what is stored, so that one that another process renewed, or that was rolled back, is not used."""

    def __repr__(self) -> str:
        return "VaultSecrets()"

    def get(self, connection: Connection, name: str) -> bytes | None:
        """The 32 bytes of that name; None while the database has none.

        Raises:
            Fault: as `KeyRing.unwrap`.
        """
        row = connection.execute(
            select(table.c.kek_id, table.c.wrapped_key).where(table.c.name == name)
        ).one_or_none()
        if row is None:
            return None
        known = (name, row.wrapped_key)
        if known not in self._plain:
            wrapped = (row.kek_id, secret_of(name, row.wrapped_key))
            self._plain[known] = self._ring.unwrap([wrapped])[0]
        return self._plain[known]

    def make(self, connection: Connection, name: str, *, at: datetime, by: str) -> None:
        """Makes a secret where there is none yet."""
        known = select(table.c.name).where(table.c.name == name)
        if connection.scalar(known) is None:
            self._write(connection, name, at=at, by=by, renew=False)

    def renew(self, connection: Connection, name: str, *, at: datetime, by: str) -> None:
        """Makes a secret in place of the one there is: digests made with that one mean nothing any more."""
        self._write(connection, name, at=at, by=by, renew=True)

    def _write(
        self, connection: Connection, name: str, *, at: datetime, by: str, renew: bool
    ) -> None:
        (wrapped,) = self._ring.wrap([secret_of(name, os.urandom(_SIZE))])
        statement = insert(table).values(
            name=name, kek_id=self._ring.id, wrapped_key=wrapped, created_at=at
        )
        new = statement.excluded
        statement = (
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={
                    "kek_id": new.kek_id,
                    "wrapped_key": new.wrapped_key,
                    "created_at": func.greatest(table.c.created_at, new.created_at),
                },
            )
            if renew
            else statement.on_conflict_do_nothing(index_elements=["name"])
        )
        made = connection.execute(statement.returning(table.c.name)).one_or_none()
        if made is not None:
            entry = AuditEntry(
                at=at,
                action=AuditAction.VAULT_SECRET_MADE,
                actor=by,
                subject=name,
                rows=vouch(connection, table, table.c.name == name)[(name,)],
            )
            AuditLog(connection).append([entry])
