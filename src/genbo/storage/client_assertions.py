"""Client assertions (クライアントアサーション): which ones (`jti`) were taken, so that none is taken twice.

They are shared by every process of a database. What is kept is a digest, until age alone would refuse the assertion.
"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from genbo.governance.users import CredentialId
from genbo.kernel import Digest
from genbo.storage.tables import client_assertion as table


class ClientAssertions:
    """The numbers that were taken, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, credential: CredentialId, number: str, *, until: datetime, at: datetime) -> bool:
        """Whether it is taken now, and was not before. Of several who take it at once, one does.

        Args:
            until: when it may be forgotten.
        """
        old = delete(table).where(table.c.expires_at < at)
        self._connection.execute(old)
        digest = hashlib.sha256(number.encode("utf-8", "surrogatepass")).hexdigest()
        new = insert(table).values(
            credential_id=credential, number_hash=Digest(f"0x{digest}"), expires_at=until
        )
        taken = new.on_conflict_do_nothing().returning(table.c.credential_id)
        return self._connection.scalar(taken) is not None
