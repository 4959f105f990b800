"""The vault: personal data (個人情報), sealed with a key per investor.

Each investor has a data key (AES-256-GCM). It is stored wrapped by the key-encryption key, which is not in the
database. A sealed value is bound to its table, column and row, so it opens nowhere else. Opening names a purpose
and leaves a row in `reading`, and an entry in the audit chain that vouches for that row. Destroying the data key
erases the investor: every copy of the sealed values, in backups too, is unreadable from then on, as far as the wrapped
key is gone from those backups or the key-encryption key is.

Plain values are in no log, error or representation. They are in the memory of this process for as long as somebody
holds what was opened.
"""

import hmac
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.storage import bulk, tables
from genbo.storage.audit import AuditLog
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.witness import vouch

_FORMAT = b"\x01"
_NONCE = 12
_DATA_KEY = 32


class Purpose(StrEnum):
    """Why sealed data is opened (利用目的). A closed list: what is not here is no purpose."""

    REGISTER = "register"
    """原簿: writing or printing the statutory register"""
    CERTIFICATE = "certificate"
    """記載事項証明: a holder's own extract"""
    PAYMENT = "payment"
    """支払: distributions and redemption money"""
    NOTICE = "notice"
    """通知: mail to the holder"""
    VERIFICATION = "verification"
    """本人確認: judging evidence"""
    ORDER = "order"
    """法令・命令: a court, an authority or an audit asks"""
    ADDRESSES = "addresses"
    """アドレスの作成: fresh addresses are derived below an extended public key"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who opens sealed data, when and why."""

    purpose: Purpose
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sealed value stands. It opens there only."""

    table: str
    column: str
    row: str = ""
    """What tells the rows of one investor apart, where a table has several."""

    def bound_to(self, investor: InvestorId) -> bytes:
        return "\x1f".join((self.table, self.column, investor, self.row)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an opened value is when the investor was erased: a mark that prints as one."""

    investor: InvestorId
    at: datetime

    def __str__(self) -> str:
        return f"（消去済 erased {self.at:%Y-%m-%d}）"


class Sealer:
    """Seals values of the investors it was made for. It opens nothing."""

    def __init__(self, keys: Mapping[InvestorId, AESGCM]) -> None:
        self._keys = keys

    def seal(self, investor: InvestorId, place: Place, value: str) -> bytes:
        """`value` as it may be stored at `place`."""
        nonce = os.urandom(_NONCE)
        sealed = self._keys[investor].encrypt(nonce, value.encode(), place.bound_to(investor))
        return _FORMAT + nonce + sealed

    def __repr__(self) -> str:
        return f"Sealer({len(self._keys)} investors)"


class Opener:
    """Opens values of the investors it was made for; that it was made is on record."""

    def __init__(
        self, keys: Mapping[InvestorId, AESGCM], erased: Mapping[InvestorId, Erased]
    ) -> None:
        self._keys = keys
        self._erased = erased

    def open(self, investor: InvestorId, place: Place, sealed: bytes) -> str | Erased:
        """The value that was sealed at `place`, or the mark of an erased investor.

        Raises:
            Fault: `invariant_broken` when the value was changed, or stems from another place.
        """
        if mark := self._erased.get(investor):
            return mark
        try:
            if sealed[:1] != _FORMAT:
                raise InvalidTag
            nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
            return self._keys[investor].decrypt(nonce, body, place.bound_to(investor)).decode()
        except InvalidTag:
            raise Fault(
                Reason.INVARIANT_BROKEN,
                problem=f"the sealed {place.table}.{place.column} of {investor} was tampered with",
            ) from None

    def __repr__(self) -> str:
        return f"Opener({len(self._keys)} investors)"


class Vault:
    """Makes, finds and destroys the data keys."""

    def __init__(self, kek: KeyEncryptionKey) -> None:
        self._kek = kek
        self._wrapper = AESGCM(kek.secret())

    def __repr__(self) -> str:
        return f"Vault({self._kek.id})"

    def fingerprint(self, content: bytes) -> bytes:
        """32 bytes that stand for content which may hold personal data: without the key-encryption key nobody can
        find the content by trying."""
        return hmac.digest(self._kek.secret(), b"genbo fingerprint\n" + content, "sha256")

    def enrol(
        self, connection: Connection, investors: Collection[InvestorId], *, at: datetime
    ) -> Sealer:
        """Makes the data keys of new investors, whose rows in `investor` exist. The audit entry is the caller's, who
        registers them."""
        keys = {investor: os.urandom(_DATA_KEY) for investor in investors}
        bulk.insert_new(
            connection,
            tables.investor_key,
            [
                {
                    "investor_id": investor,
                    "kek_id": self._kek.id,
                    "wrapped_key": self._wrap(_owner(investor), key),
                    "created_at": at,
                }
                for investor, key in keys.items()
            ],
        )
        return Sealer({investor: AESGCM(key) for investor, key in keys.items()})

    def sealer(self, connection: Connection, investors: Collection[InvestorId]) -> Sealer:
        """To seal more of investors that are enrolled.

        Raises:
            Refusal: `investor_unknown`, also for an erased one: nothing new is kept of them.
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
            Refusal: `investor_unknown`.
            Fault: `setting_invalid` when another key-encryption key wraps their keys.
        """
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
        """Writes down that sealed data is opened, whose, and why."""
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

    def destroy(
        self, connection: Connection, investor: InvestorId, *, at: datetime, by: str, ground: str
    ) -> Erased:
        """Destroys the data key: what was sealed for the investor cannot be opened any more.

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

    def new_wrapped_key(self, bound: bytes) -> tuple[str, bytes]:
        """A fresh data key, wrapped for the place `bound`; the id of the key that wraps it, and the wrapped one."""
        return self._kek.id, self._wrap(bound, os.urandom(_DATA_KEY))

    def _wrap(self, bound: bytes, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._wrapper.encrypt(nonce, key, bound)

    def _unwrap(
        self, connection: Connection, investors: Collection[InvestorId]
    ) -> tuple[dict[InvestorId, AESGCM], dict[InvestorId, Erased]]:
        key = tables.investor_key
        rows = connection.execute(
            select(key.c.investor_id, key.c.kek_id, key.c.wrapped_key, key.c.destroyed_at).where(
                bulk.among(key.c.investor_id, investors)
            )
        )
        keys: dict[InvestorId, AESGCM] = {}
        erased: dict[InvestorId, Erased] = {}
        for row in rows:
            investor = InvestorId(row.investor_id)
            if row.wrapped_key is None:
                erased[investor] = Erased(investor=investor, at=row.destroyed_at)
            else:
                keys[investor] = AESGCM(
                    self.unwrapped(_owner(investor), row.kek_id, row.wrapped_key, whose=investor)
                )
        for investor in investors:
            if investor not in keys and investor not in erased:
                raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        return keys, erased

    def unwrapped(self, bound: bytes, kek_id: str, wrapped: bytes, *, whose: str) -> bytes:
        """The data key that was wrapped for the place `bound`.

        Raises:
            Fault: `setting_invalid` when another key-encryption key wraps it; `invariant_broken` when it was changed.
        """
        if kek_id != self._kek.id:
            raise Fault(
                Reason.SETTING_INVALID,
                setting="GENBO_KEK_FILE",
                problem=f"the database is sealed with key {kek_id}, the file holds {self._kek.id}",
            )
        try:
            return self._wrapper.decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], bound)
        except InvalidTag:
            raise Fault(
                Reason.INVARIANT_BROKEN, problem=f"the data key of {whose} was tampered with"
            ) from None


def _owner(investor: InvestorId) -> bytes:
    return Place(table="investor_key", column="wrapped_key").bound_to(investor)
