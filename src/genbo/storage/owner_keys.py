"""Owner keys (所有者別データ鍵): the vault for what belongs to no investor, such as the contact at a firm.

An owner is named by what it is and its id, `custodian:C1`. Its data key is made when something is first sealed for it,
and is wrapped as an investor's is; opening names a purpose and leaves the same trace.
"""

from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import owner_key as table
from genbo.storage.vault import Erased, Opener, Place, Reading, Sealer, Vault
from genbo.storage.witness import vouch


class OwnerKeys:
    """The data keys of owners, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def seal(self, owner: str, place: Place, value: str, *, at: datetime, by: str) -> bytes:
        """`value` as it may be stored at `place`; the owner gets a key when it has none."""
        return Sealer(self._key(owner, at=at, by=by)).seal(InvestorId(owner), place, value)

    def sealer(self, owner: str, *, at: datetime, by: str) -> Sealer:
        """To seal several values of an owner, who gets a key when it has none."""
        return Sealer(self._key(owner, at=at, by=by))

    def judge(self, owner: str) -> Opener:
        """To open what the service itself has to know of an owner, such as the secret of a device, in order to judge an
        act. Nothing of it is shown to anybody, so it is no reading."""
        return self._opener(owner)

    def destroy(self, owner: str, *, at: datetime, by: str, ground: str) -> dict[str, str]:
        """Destroys the data key: what was sealed for the owner cannot be opened any more. The row, for the caller's
        entry to vouch for; empty when there was no key to destroy."""
        destroyed = self._connection.execute(
            update(table)
            .where(table.c.owner == owner, table.c.destroyed_at.is_(None))
            .values(wrapped_key=None, destroyed_at=at, destroyed_by=by, destroyed_for=ground)
        )
        if not destroyed.rowcount:
            return {}
        return vouch(self._connection, table, table.c.owner == owner)[(owner,)]

    def opener(self, owner: str, *, fields: list[str], reading: Reading) -> Opener:
        """To open `fields` of what the owner has sealed; writes down that it happens.

        An owner that never sealed anything has nothing to open.
        """
        self._vault.note_reading(self._connection, [InvestorId(owner)], fields, reading)
        return self._opener(owner)

    def _opener(self, owner: str) -> Opener:
        destroyed_at = self._connection.scalar(
            select(table.c.destroyed_at).where(table.c.owner == owner)
        )
        if destroyed_at is not None:
            whose = InvestorId(owner)
            return Opener({}, {whose: Erased(investor=whose, at=destroyed_at)})
        return Opener(self._stored(owner), {})

    def _key(self, owner: str, *, at: datetime, by: str) -> dict[InvestorId, AESGCM]:
        if stored := self._stored(owner):
            return stored
        kek, wrapped = self._vault.new_wrapped_key(_place().bound_to(InvestorId(owner)))
        row = {"owner": owner, "kek_id": kek, "wrapped_key": wrapped, "created_at": at}
        if bulk.insert_new(self._connection, table, [row]):
            AuditLog(self._connection).append(
                [
                    AuditEntry(
                        at=at,
                        action=AuditAction.OWNER_KEY_MADE,
                        actor=by,
                        subject=owner,
                        rows=vouch(self._connection, table, table.c.owner == owner)[(owner,)],
                    )
                ]
            )
        return self._stored(owner)  # another transaction may have been first

    def _stored(self, owner: str) -> dict[InvestorId, AESGCM]:
        row = self._connection.execute(select(table).where(table.c.owner == owner)).one_or_none()
        if row is None:
            return {}
        if row.wrapped_key is None:
            raise ValueError("nothing new is sealed for whoever was erased")
        bound = _place().bound_to(InvestorId(owner))
        key = self._vault.unwrapped(bound, row.kek_id, row.wrapped_key, whose=owner)
        return {InvestorId(owner): AESGCM(key)}


def _place() -> Place:
    return Place(table="owner_key", column="wrapped_key")
