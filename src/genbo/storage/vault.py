"""The vault: personal data (個人情報), sealed with a key per investor.

Each investor has a data key (AES-256-GCM). It is stored wrapped by the key-encryption key, which is not in the
database. A sealed value is bound to its table, column and row, so it opens nowhere else. Opening names a purpose
and leaves a row in `reading`, and an entry in the audit chain that vouches for that row. Once use of somebody's data is
restricted, only purposes that the law demands open it. Destroying the data key erases the investor; what that means for
backups taken before is decision 0023.

Plain values are in no log, error or representation. They are in the memory of this process for as long as somebody
holds what was opened.
"""

import hmac
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update

from genbo.compliance.privacy import WHILE_RESTRICTED, Purpose
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.key_wrapping import KeyWrapper, OwnedKey
from genbo.kernel import Fault, InvestorId, Reason, Refusal, business_date
from genbo.storage import bulk, tables
from genbo.storage.audit import AuditLog
from genbo.storage.keyring import KeyRing, data_key_of
from genbo.storage.sealing import Erased, Opened, Opener, Place, Sealer
from genbo.storage.vault_secrets import BLIND_INDEX, FINGERPRINT, NAMES, VaultSecrets
from genbo.storage.witness import vouch

__all__ = ["Erased", "Opened", "Opener", "Place", "Purpose", "Reading", "Sealer", "Vault"]

_DATA_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who opens sealed data, when and why."""

    purpose: Purpose
    actor: str
    at: datetime


class Vault:
    """Makes, finds and destroys the data keys."""

    def __init__(self, kek: KeyWrapper, *others: KeyWrapper) -> None:
        """With the key that wraps from now on, and others that still open, as during a rotation."""
        self.ring = KeyRing(kek, *others)
        self.secrets = VaultSecrets(self.ring)

    def __repr__(self) -> str:
        return f"Vault({self.ring!r})"

    def prepare(self, connection: Connection, *, at: datetime, by: str) -> None:
        """Makes the secrets of a new database. One that has investors from before there were secrets gets them with its
        first rotation, or when its index is made."""
        if connection.scalar(select(tables.investor_key.c.investor_id).limit(1)) is None:
            for name in NAMES:
                self.secrets.make(connection, name, at=at, by=by)

    def fingerprint(self, connection: Connection, content: bytes) -> bytes:
        """32 bytes that stand for content which may hold personal data: without a key that only the vault opens, nobody
        can find the content by trying. The same for the life of a database, whatever wraps its keys.

        A database from before it had a secret of its own for this keeps the fingerprints of its key file until its
        first rotation, so that an import that was interrupted goes on as the same one.

        Raises:
            Fault: `setting_invalid` when its key-encryption key is not here, or it has no secret and no key file.
        """
        secret = self.secrets.get(connection, FINGERPRINT)
        if secret is not None:
            return hmac.digest(secret, content, "sha256")
        key = tables.investor_key
        first = select(key.c.kek_id).order_by(key.c.created_at).limit(1)
        file_key = self.ring.file_key(connection.scalar(first) or self.ring.id)
        if file_key is None:
            raise Fault(
                Reason.SETTING_INVALID,
                setting="GENBO_KEK",
                problem="the database has no secret for fingerprints yet: run `genbo vault rotate`",
            )
        return file_key.fingerprint(content)

    def blind_digest(self, connection: Connection, field: str, form: str) -> bytes | None:
        """What stands in the blind index for a search form; None while the database has no index."""
        secret = self.secrets.get(connection, BLIND_INDEX)
        if secret is None:
            return None
        return hmac.digest(secret, f"{field}\x1f{form}".encode(), "sha256")

    def enrol(
        self, connection: Connection, investors: Collection[InvestorId], *, at: datetime
    ) -> Sealer:
        """Makes the data keys of new investors, whose rows in `investor` exist. The audit entry is the caller's, who
        registers them.

        Raises:
            Fault: as `KeyWrapper.wrap`.
        """
        self.prepare(connection, at=at, by="genbo")
        keys = {investor: os.urandom(_DATA_KEY) for investor in investors}
        wrapped = self.ring.wrap([data_key_of(investor, key) for investor, key in keys.items()])
        bulk.insert_new(
            connection,
            tables.investor_key,
            [
                {
                    "investor_id": investor,
                    "kek_id": self.ring.id,
                    "wrapped_key": each,
                    "created_at": at,
                }
                for investor, each in zip(keys, wrapped, strict=True)
            ],
        )
        return Sealer({investor: AESGCM(key) for investor, key in keys.items()})

    def sealer(self, connection: Connection, investors: Collection[InvestorId]) -> Sealer:
        """To seal more of investors that are enrolled.

        Raises:
            Refusal: `investor_unknown`, also for an erased one: nothing new is kept of them.
            Fault: as `KeyRing.unwrap`.
        """
        keys, erased = self._unwrap(connection, investors)
        for investor in erased:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        return Sealer(keys)

    def opener(
        self,
        connection: Connection,
        investors: Collection[InvestorId],
        *,
        fields: Collection[str],
        reading: Reading,
    ) -> Opener:
        """To open `fields` of `investors`; writes down that it happens, in the same transaction.

        Raises:
            Refusal: `investor_unknown`; `use_restricted` when use of one of them is restricted, and the law does not
                demand this purpose.
            Fault: `setting_invalid` when another key-encryption key wraps their keys; as `KeyRing.unwrap`.
        """
        _refuse_restricted(connection, investors, reading.purpose)
        keys, erased = self._unwrap(connection, investors)
        self.note_reading(connection, investors, fields, reading)
        return Opener(keys, erased)

    def note_reading(
        self,
        connection: Connection,
        investors: Collection[InvestorId],
        fields: Collection[str],
        reading: Reading,
    ) -> None:
        """Writes down that sealed data is opened or searched, whose, and why."""
        table = tables.reading
        number = connection.scalar(
            insert(table)
            .values(
                at=reading.at,
                actor=reading.actor,
                purpose=reading.purpose.value,
                fields=sorted(fields),
                investors=sorted(investors),
            )
            .returning(table.c.reading_id)
        )
        AuditLog(connection).append(
            [
                AuditEntry(
                    at=reading.at,
                    action=AuditAction.PERSONAL_DATA_READ,
                    actor=reading.actor,
                    subject=next(iter(investors)) if len(investors) == 1 else None,
                    facts={
                        "reading": number,
                        "purpose": reading.purpose.value,
                        "fields": sorted(fields),
                        "investors": len(investors),
                    },
                    rows=vouch(connection, table, table.c.reading_id == number)[(number,)],
                )
            ]
        )

    def new_wrapped_key(self, bound: bytes) -> tuple[str, bytes]:
        """A fresh data key, wrapped for the place `bound`; the id of the key that wraps it, and the wrapped one."""
        key = OwnedKey(name="a new owner", owner=bound, content=os.urandom(_DATA_KEY))
        return self.ring.id, self.ring.wrap([key])[0]

    def unwrapped(self, bound: bytes, kek_id: str, wrapped: bytes, *, whose: str) -> bytes:
        """The data key that was wrapped for the place `bound`.

        Raises:
            Fault: as `KeyRing.unwrap`.
        """
        key = OwnedKey(name=whose, owner=bound, content=wrapped)
        return self.ring.unwrap([(kek_id, key)])[0]

    def destroy(
        self, connection: Connection, investor: InvestorId, *, at: datetime, by: str, ground: str
    ) -> Erased:
        """Destroys the data key: what was sealed for the investor cannot be opened any more, and is not found by the
        blind index.

        A second destruction changes nothing and returns the mark of the first.

        Args:
            ground: reference of the decision, such as the end of the retention period.

        Raises:
            Refusal: `investor_unknown`.
        """
        key = tables.investor_key
        destroyed = connection.execute(
            update(key)
            .where(key.c.investor_id == investor, key.c.destroyed_at.is_(None))
            .values(wrapped_key=None, destroyed_at=at, destroyed_by=by, destroyed_for=ground)
        )
        if destroyed.rowcount:
            index = tables.blind_index
            connection.execute(index.delete().where(index.c.investor_id == investor))
            AuditLog(connection).append(
                [
                    AuditEntry(
                        at=at,
                        action=AuditAction.KEY_DESTROYED,
                        actor=by,
                        subject=investor,
                        facts={"ground": ground},
                        rows=vouch(connection, key, key.c.investor_id == investor)[(investor,)],
                    )
                ]
            )
        erased_at = connection.scalar(
            select(key.c.destroyed_at).where(key.c.investor_id == investor)
        )
        if erased_at is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        return Erased(investor=investor, at=erased_at)

    def _unwrap(
        self, connection: Connection, investors: Collection[InvestorId]
    ) -> tuple[dict[InvestorId, AESGCM], dict[InvestorId, Erased]]:
        key = tables.investor_key
        rows = connection.execute(
            select(key.c.investor_id, key.c.kek_id, key.c.wrapped_key, key.c.destroyed_at).where(
                bulk.among(key.c.investor_id, investors)
            )
        ).all()
        living = [row for row in rows if row.wrapped_key is not None]
        plain = self.ring.unwrap(
            [
                (row.kek_id, data_key_of(InvestorId(row.investor_id), row.wrapped_key))
                for row in living
            ]
        )
        keys = {
            InvestorId(row.investor_id): AESGCM(each)
            for row, each in zip(living, plain, strict=True)
        }
        erased = {
            InvestorId(row.investor_id): Erased(
                investor=InvestorId(row.investor_id), at=row.destroyed_at
            )
            for row in rows
            if row.wrapped_key is None
        }
        for investor in investors:
            if investor not in keys and investor not in erased:
                raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        return keys, erased


def _refuse_restricted(
    connection: Connection, investors: Collection[InvestorId], purpose: Purpose
) -> None:
    if purpose in WHILE_RESTRICTED:
        return
    table = tables.use_restriction
    row = connection.execute(
        select(table.c.investor_id, table.c.restricted_at)
        .where(bulk.among(table.c.investor_id, investors))
        .order_by(table.c.investor_id)
        .limit(1)
    ).one_or_none()
    if row is not None:
        raise Refusal(
            Reason.USE_RESTRICTED,
            investor=row.investor_id,
            purpose=purpose.value,
            since=business_date(row.restricted_at).isoformat(),
        )
