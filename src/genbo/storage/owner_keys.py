"""Owner keys (所有者別データ鍵): the vault for what belongs to no investor, such as the contact at a firm.

An owner is named by what it is and its id, `custodian:C1`. Its data key is made when something is first sealed for it,
and is wrapped as an investor's is; opening names a purpose and leaves the same trace.
"""

from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import owner_key as table
from genbo.storage.vault import Opener, Place, Reading, Sealer, Vault
from genbo.storage.witness import vouch


class OwnerKeys:
    """The data keys of owners, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def seal(self, owner: str, place: Place, value: str, *, at: datetime, by: str) -> bytes:
        """`value` as it may be stored at `place`; the owner gets a key when it has none."""
        return Sealer(self._key(owner, at=at, by=by)).seal(InvestorId(owner), place, value)

    def opener(self, owner: str, *, fields: list[str], reading: Reading) -> Opener:
        """To open `fields` of what the owner has sealed; writes down that it happens.

        An owner that never sealed anything has nothing to open.
        """
        self._vault.note_reading(self._connection, [InvestorId(owner)], fields, reading)
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
        bound = _place().bound_to(InvestorId(owner))
        key = self._vault.unwrapped(bound, row.kek_id, row.wrapped_key, whose=owner)
        return {InvestorId(owner): AESGCM(key)}


def _place() -> Place:
    return Place(table="owner_key", column="wrapped_key")
