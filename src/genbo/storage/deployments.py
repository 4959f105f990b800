"""Deployments (配備): which contracts of ours live on which chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Address, Fault, Reason
from genbo.storage.audit import AuditLog
from genbo.storage.tables import deployment as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The contracts of one chain."""

    chain_id: int
    first_block: int
    """Nothing of ours is older than this block; the cursor starts here."""
    first_block_hash: str
    """Tells apart two chains that carry the same id, such as two embedded ones."""
    duty_manager: Address
    platform: Address
    factory: Address
    safes: Mapping[str, Address]
    """The Safe accounts that hold duties of two persons, by name."""
    record: Mapping[str, Any]
    """The deployment file as it was written."""


class Deployments:
    """The deployments, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, deployment: Deployment, *, at: datetime, by: str) -> None:
        """Keeps the deployment of its chain. The same once more changes nothing.

        Args:
            at: when it is recorded, for the audit chain.
            by: who records it.

        Raises:
            Fault: `wiring_mismatch` when the chain has another deployment, `chain_mismatch` when it is another chain
                of the same id: history of one chain never mixes with another's.
        """
        added = self._connection.execute(
            insert(table)
            .values({name: getattr(deployment, name) for name in table.c.keys()})  # noqa: SIM118
            .on_conflict_do_nothing(index_elements=[table.c.chain_id])
            .returning(table.c.chain_id)
        ).one_or_none()
        if added is not None:
            self._audit(deployment, at=at, by=by)
        stored = self.get(deployment.chain_id)
        if stored.first_block_hash != deployment.first_block_hash:
            raise Fault(
                Reason.CHAIN_MISMATCH,
                actual=f"{deployment.chain_id} {deployment.first_block_hash}",
                expected=f"{stored.chain_id} {stored.first_block_hash}",
            )
        for name in ("duty_manager", "platform", "factory"):
            if getattr(stored, name) != getattr(deployment, name):
                raise Fault(
                    Reason.WIRING_MISMATCH,
                    what=name,
                    actual=getattr(deployment, name),
                    expected=getattr(stored, name),
                )

    def get(self, chain_id: int) -> Deployment:
        """The deployment on that chain.

        Raises:
            Fault: `deployment_missing`.
        """
        row = self._connection.execute(
            select(table).where(table.c.chain_id == chain_id)
        ).one_or_none()
        if row is None:
            raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=chain_id)
        return Deployment(**row._mapping)

    def all(self) -> list[Deployment]:
        """Every deployment, by chain id."""
        rows = self._connection.execute(select(table).order_by(table.c.chain_id))
        return [Deployment(**row._mapping) for row in rows]

    def _audit(self, deployment: Deployment, *, at: datetime, by: str) -> None:
        chain_id = deployment.chain_id
        rows = vouch(self._connection, table, table.c.chain_id == chain_id)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.DEPLOYMENT_RECORDED,
                    actor=by,
                    subject=str(chain_id),
                    facts={"platform": deployment.platform},
                    rows=rows[(chain_id,)],
                )
            ]
        )
