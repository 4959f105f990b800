"""Leads (送信担当): who sends for a signer. One process at a time, by a lock that the database keeps for exactly as
long as the connection of whoever holds it lives.

A process that is killed loses its connection, and with it the lock: the next one takes over at once. Should a process
keep running while its connection is gone, the epoch refuses whatever it still wants to keep.
"""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from genbo.governance.ports import Lead
from genbo.kernel import Address
from genbo.storage.engine import Database
from genbo.storage.outbox import StoredOutbox


class Leads:
    """The signers that this process sends for. Safe to use from several threads."""

    def __init__(
        self, database: Database, chain_id: int, *, by: str, clock: Callable[[], datetime]
    ) -> None:
        """`by`: which process this is, for people who look at the table."""
        self._database = database
        self._chain_id = chain_id
        self._by = by
        self._clock = clock
        self._guard = threading.RLock()
        self._connection: Connection | None = None
        self._held: dict[Address, Lead] = {}

    def take(self, signer: Address) -> Lead | None:
        """The right to send for the signer; None while another process has it.

        Raises:
            Fault: `database_unreachable`.
        """
        with self._guard:
            if (lead := self._held.get(signer)) is not None and self._alive():
                return lead
            if not self._lock(signer):
                return None
            with self._database.begin() as connection:
                lead = StoredOutbox(connection, self._chain_id).take_lead(
                    signer, by=self._by, at=self._clock()
                )
            self._held[signer] = lead
            return lead

    def drop(self, signer: Address) -> None:
        """Gives the signer up, after another process was found to have it."""
        with self._guard:
            self._held.pop(signer, None)

    def close(self) -> None:
        """Gives everything up."""
        with self._guard:
            self._held.clear()
            if self._connection is not None:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None

    # Inside --------------------------------------------------------------------------------------

    def _lock(self, signer: Address) -> bool:
        with self._database.faults():
            connection = self._open()
            got = connection.scalar(
                text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key(signer)}
            )
        return bool(got)

    def _open(self) -> Connection:
        if self._connection is None or not self._alive():
            self.close()
            self._connection = self._database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
        return self._connection

    def _alive(self) -> bool:
        """Whether the connection that keeps the locks still lives; without it nothing is held."""
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            self.close()
            return False
        return True

    def _key(self, signer: Address) -> int:
        named = f"genbo sender\n{self._chain_id}\n{signer}".encode()
        return int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)
