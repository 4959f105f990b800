"""Rotation (鍵の更新): every key is wrapped anew by the first key on the ring; what the keys seal is not touched.

It goes on where it stood: what is not wrapped by that key yet is what remains. Each step is one transaction, so the
work may be killed anywhere, several processes may share it, and until it ends both key-encryption keys are needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.key_wrapping import OwnedKey
from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import data_key_of, owner_key_of, secret_of
from genbo.storage.tables import investor_key, owner_key, vault_secret
from genbo.storage.vault import Vault
from genbo.storage.vault_secrets import FINGERPRINT
from genbo.storage.witness import vouch

AT_ONCE = 500
"""Keys of one step: as many as one audit entry vouches for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of wrapped keys."""

    table: Table
    name: str
    """The column that says whose a key is."""
    owned: Callable[[str, bytes], OwnedKey]


KINDS = (
    Kind(vault_secret, "name", secret_of),
    Kind(owner_key, "owner", owner_key_of),
    Kind(investor_key, "investor_id", lambda who, key: data_key_of(InvestorId(who), key)),
)
"""Every table of wrapped keys, the few first."""


class Rotation:
    """The wrapping of one database, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def wrapped_by(self) -> dict[str, int]:
        """How many keys each key-encryption key wraps, by its id."""
        counts: dict[str, int] = {}
        for kind in KINDS:
            kek_id = kind.table.c.kek_id
            rows = self._connection.execute(
                select(kek_id, func.count())
                .where(kind.table.c.wrapped_key.is_not(None))
                .group_by(kek_id)
            )
            for found, count in rows:
                counts[found] = counts.get(found, 0) + count
        return dict(sorted(counts.items()))

    def remaining(self) -> int:
        """How many keys are not wrapped by the first key on the ring yet."""
        counts = self.wrapped_by()
        return sum(counts.values()) - counts.get(self._vault.ring.id, 0)

    def step(self, *, at: datetime, by: str, most: int = AT_ONCE) -> int:
        """Wraps up to `most` keys of one table anew; how many that were. Keys that another process is at are left to
        it, so 0 means that nothing is left for this one.

        Raises:
            Fault: as `KeyRing.rewrap`; nothing of the step is kept.
        """
        # With a secret of its own the database no longer needs the key file for fingerprints.
        self._vault.secrets.make(self._connection, FINGERPRINT, at=at, by=by)
        for kind in KINDS:
            if rows := self._waiting(kind, most):
                self._rewrap(kind, rows)
                self._audit(kind, rows, at=at, by=by)
                return len(rows)
        return 0

    def _waiting(self, kind: Kind, most: int) -> Sequence[Any]:
        table = kind.table
        return self._connection.execute(
            select(table.c[kind.name].label("whose"), table.c.kek_id, table.c.wrapped_key)
            .where(table.c.kek_id != self._vault.ring.id, table.c.wrapped_key.is_not(None))
            .order_by(table.c[kind.name])
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()

    def _rewrap(self, kind: Kind, rows: Sequence[Any]) -> None:
        renewed = self._vault.ring.rewrap(
            [(row.kek_id, kind.owned(row.whose, row.wrapped_key)) for row in rows]
        )
        new = [
            {kind.name: row.whose, "kek_id": self._vault.ring.id, "wrapped_key": wrapped}
            for row, wrapped in zip(rows, renewed, strict=True)
        ]
        rewrite(self._connection, kind, new)

    def _audit(self, kind: Kind, rows: Sequence[Any], *, at: datetime, by: str) -> None:
        facts: dict[str, AuditFact] = {
            "keys": len(rows),
            "from": sorted({row.kek_id for row in rows}),
            "to": self._vault.ring.id,
        }
        entry = AuditEntry(
            at=at,
            action=AuditAction.KEYS_REWRAPPED,
            actor=by,
            facts=facts,
            rows=vouch_all(self._connection, kind.table, kind.name, [row.whose for row in rows]),
        )
        AuditLog(self._connection).append([entry])


def rewrite(connection: Connection, kind: Kind, rows: Sequence[bulk.Row]) -> None:
    """Writes the columns of `rows` over those of the same owners. The audit entry is the caller's."""
    columns = list(rows[0])
    with bulk.given(connection, kind.table, columns, rows) as these:
        connection.execute(
            update(kind.table)
            .where(kind.table.c[kind.name] == these.new.c[kind.name])
            .values({name: these.new.c[name] for name in columns if name != kind.name}),
            these.parameters,
        )


def vouch_all(
    connection: Connection, table: Table, name: str, values: Sequence[str]
) -> dict[str, str]:
    """What one entry says of all rows whose column `name` is among `values`."""
    vouched = vouch(connection, table, bulk.among(table.c[name], values))
    return {row: digest for each in vouched.values() for row, digest in each.items()}
