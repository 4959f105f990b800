"""Challenges (保有証明のチャレンジ): what addresses were asked to sign, and which of it was met. Each is good once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from genbo.custody import Challenge, Deployment
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import challenge as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedChallenge:
    """A challenge as it was issued."""

    challenge: Challenge
    custodian: str
    """保管者ID: who keeps the private key."""
    issued_at: datetime
    met_at: datetime | None


class StoredChallenges:
    """The challenges of one deployment, in one transaction. A `custody.Challenges`."""

    def __init__(self, connection: Connection, deployment: Deployment, *, by: str) -> None:
        """`by`: who issues or meets them."""
        self._connection = connection
        self._deployment = deployment
        self._by = by

    def issue(self, challenge: Challenge, *, custodian: str, at: datetime) -> None:
        """Keeps a challenge, so that it can be met."""
        self._connection.execute(
            insert(table).values(
                nonce=challenge.nonce,
                product_id=challenge.product,
                investor_id=challenge.investor,
                address=challenge.address,
                keeper_id=custodian,
                issued_at=at,
                issued_by=self._by,
                expires_at=challenge.expires,
            )
        )
        self._audit(AuditAction.CHALLENGE_ISSUED, challenge, at=at)

    def get(self, nonce: Digest) -> IssuedChallenge:
        """The challenge of those random bytes. Raises Refusal(challenge_unknown)."""
        row = self._connection.execute(select(table).where(table.c.nonce == nonce)).one_or_none()
        if row is None:
            raise Refusal(Reason.CHALLENGE_UNKNOWN)
        return IssuedChallenge(
            challenge=Challenge(
                nonce=Digest(row.nonce),
                deployment=self._deployment,
                product=ProductId(row.product_id),
                investor=InvestorId(row.investor_id),
                address=Address(row.address),
                expires=row.expires_at,
            ),
            custodian=row.keeper_id,
            issued_at=row.issued_at,
            met_at=row.met_at,
        )

    def spend(self, challenge: Challenge, *, at: datetime) -> bool:
        """Marks it as met, once for all; False when it was before, or was never issued."""
        spent = self._connection.execute(
            update(table)
            .where(table.c.nonce == challenge.nonce, table.c.met_at.is_(None))
            .values(met_at=at)
        )
        if not spent.rowcount:
            return False
        self._audit(AuditAction.CHALLENGE_MET, challenge, at=at)
        return True

    def _audit(self, action: AuditAction, challenge: Challenge, *, at: datetime) -> None:
        rows = vouch(self._connection, table, table.c.nonce == challenge.nonce)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=self._by,
                    subject=challenge.investor,
                    product=challenge.product,
                    facts={"address": challenge.address},
                    rows=next(iter(rows.values())),
                )
            ]
        )
