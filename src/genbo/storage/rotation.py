"""Rotation (鍵の更新): every key is wrapped anew by the first key on the ring; what the keys seal is not touched.

It goes on where it stood: what is not wrapped by that key yet is what remains. Each step is one transaction, so the
work may be killed anywhere, several processes may share it, and until it ends both key-encryption keys are needed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import data_key_of, secret_of
from genbo.storage.tables import investor_key, vault_secret
from genbo.storage.vault import Vault
from genbo.storage.vault_secrets import FINGERPRINT
from genbo.storage.witness import vouch

AT_ONCE = 500
"""Keys of one step: as many as one audit entry vouches for, and as a service takes in one request."""


class Rotation:
    """The wrapping of one database, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def wrapped_by(self) -> dict[str, int]:
        """How many keys, secrets included, each key-encryption key wraps; by its id."""
        counts: dict[str, int] = {}
        for table, where in (
            (investor_key, investor_key.c.wrapped_key.is_not(None)),
            (vault_secret, vault_secret.c.name.is_not(None)),
        ):
            rows = self._connection.execute(
                select(table.c.kek_id, func.count()).where(where).group_by(table.c.kek_id)
            )
            for kek_id, count in rows:
                counts[kek_id] = counts.get(kek_id, 0) + count
        return dict(sorted(counts.items()))

    def remaining(self) -> int:
        """How many keys are not wrapped by the first key on the ring yet."""
        counts = self.wrapped_by()
        return sum(counts.values()) - counts.get(self._vault.ring.id, 0)

    def step(self, *, at: datetime, by: str, most: int = AT_ONCE) -> int:
        """Wraps up to `most` keys anew; how many that were. The secrets go first. Keys that another process is at are
        left to it, so 0 means that nothing is left for this one.

        Raises:
            Fault: as `KeyRing.rewrap`; nothing of the step is kept.
        """
        # With a key of its own the database no longer needs the key file for fingerprints.
        self._vault.secrets.make(self._connection, FINGERPRINT, at=at, by=by)
        return self._secrets(at=at, by=by) or self._data_keys(at=at, by=by, most=most)

    def _secrets(self, *, at: datetime, by: str) -> int:
        table = vault_secret
        rows = self._connection.execute(
            select(table)
            .where(table.c.kek_id != self._vault.ring.id)
            .order_by(table.c.name)
            .with_for_update(skip_locked=True)
        ).all()
        wrapped = [(row.kek_id, secret_of(row.name, row.wrapped_key)) for row in rows]
        renewed = self._vault.ring.rewrap(wrapped)
        self._replace(table, "name", [row.name for row in rows], renewed)
        self._audit(table, "name", rows, at=at, by=by)
        return len(rows)

    def _data_keys(self, *, at: datetime, by: str, most: int) -> int:
        table = investor_key
        rows = self._connection.execute(
            select(table)
            .where(table.c.kek_id != self._vault.ring.id, table.c.wrapped_key.is_not(None))
            .order_by(table.c.investor_id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        wrapped = [
            (row.kek_id, data_key_of(InvestorId(row.investor_id), row.wrapped_key)) for row in rows
        ]
        renewed = self._vault.ring.rewrap(wrapped)
        self._replace(table, "investor_id", [row.investor_id for row in rows], renewed)
        self._audit(table, "investor_id", rows, at=at, by=by)
        return len(rows)

    def _replace(self, table: Any, key: str, keys: Sequence[str], wrapped: Sequence[bytes]) -> None:
        rows = [
            {key: each, "kek_id": self._vault.ring.id, "wrapped_key": content}
            for each, content in zip(keys, wrapped, strict=True)
        ]
        if not rows:
            return
        with bulk.given(self._connection, table, [key, "kek_id", "wrapped_key"], rows) as these:
            self._connection.execute(
                update(table)
                .where(table.c[key] == these.new.c[key])
                .values(kek_id=these.new.c.kek_id, wrapped_key=these.new.c.wrapped_key),
                these.parameters,
            )

    def _audit(
        self, table: Any, key: str, rows: Sequence[Row[Any]], *, at: datetime, by: str
    ) -> None:
        if not rows:
            return
        names = [row._mapping[key] for row in rows]
        vouched = vouch(self._connection, table, bulk.among(table.c[key], names))
        entry = AuditEntry(
            at=at,
            action=AuditAction.KEYS_REWRAPPED,
            actor=by,
            facts={
                "keys": len(rows),
                "from": sorted({row.kek_id for row in rows}),
                "to": self._vault.ring.id,
            },
            rows={name: digest for row in vouched.values() for name, digest in row.items()},
        )
        AuditLog(self._connection).append([entry])
