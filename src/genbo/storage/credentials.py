"""Credentials (機関の認証情報): what an institution's systems show the API, without their secrets.

Every refusal leaves an entry, however often a machine asks: a credential that is tried in vain is a finding.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    Caller,
    CredentialChanged,
    CredentialId,
    MachineCredential,
    PublicKey,
    Scope,
    UserId,
)
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage.access_proposals import ProposalId
from genbo.storage.audit import AuditLog
from genbo.storage.parties import Parties
from genbo.storage.tables import access_proposal
from genbo.storage.tables import credential as table
from genbo.storage.witness import vouch

MACHINE = "machine"
"""Who asks where no credential was good."""


class Credentials:
    """The machine credentials, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, credential: CredentialId, *, hold: bool = False) -> MachineCredential | None:
        """The credential with that id, if there is one; held until the transaction ends when asked so."""
        query = _ISSUED.where(table.c.credential_id == credential)
        row = self._connection.execute(
            query.with_for_update(of=table) if hold else query
        ).one_or_none()
        return None if row is None else self._made(row)

    def all(self, institution: InstitutionId | None = None) -> list[MachineCredential]:
        """Every credential, or those of an institution, by id; ended ones too."""
        query = _ISSUED.order_by(table.c.credential_id)
        if institution is not None:
            query = query.where(table.c.institution_id == institution)
        return [self._made(row) for row in self._connection.execute(query)]

    def issue(
        self,
        changed: CredentialChanged,
        *,
        proposal: ProposalId,
        approved: dict[str, str],
    ) -> None:
        """Stores a credential that two persons issued. `approved` is the row of the proposal, as it is now.

        Raises:
            Refusal: `field_invalid` when the id was used before.
        """
        one = changed.credential
        added = self._connection.execute(
            insert(table)
            .values(
                credential_id=one.id,
                institution_id=one.institution.id,
                scope=one.scope.value,
                secret_hash=one.secret_hash,
                public_key=None if one.public_key is None else one.public_key.jwk,
                certificate_hash=_octets(one.certificate),
                valid_from=one.valid_from,
                valid_until=one.valid_until,
                proposal_id=proposal,
                issued_at=one.issued_at,
            )
            .on_conflict_do_nothing()
            .returning(table.c.credential_id)
        ).one_or_none()
        if added is None:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="credential_id",
                value=one.id,
                allowed="an id that was never used",
            )
        facts: dict[str, AuditFact] = {
            "institution": one.institution.id,
            "scope": one.scope.value,
            "maker": one.maker,
            "proposal": proposal,
        }
        if one.public_key is not None:
            facts["public_key"] = one.public_key.thumbprint
        if one.certificate is not None:
            facts["certificate"] = one.certificate
        rows = self._vouched(one.id) | approved
        self._audit(
            one.id, changed.action, by=one.approver, at=one.issued_at, facts=facts, rows=rows
        )

    def revoke(self, changed: CredentialChanged, *, by: UserId, at: datetime) -> None:
        """Stores the end of a credential that is held. Once more, nothing is changed."""
        one = changed.credential
        done = self._connection.execute(
            update(table)
            .where(table.c.credential_id == one.id, table.c.revoked_at.is_(None))
            .values(revoked_at=one.revoked_at, revoked_by=by)
        )
        if done.rowcount:
            self._audit(one.id, changed.action, by=by, at=at, facts={}, rows=self._vouched(one.id))

    def refused(
        self,
        known: MachineCredential | Caller | None,
        refusal: Refusal,
        *,
        scope: Scope | None,
        at: datetime,
        more: Mapping[str, AuditFact] = MappingProxyType({}),
    ) -> None:
        """Notes that a machine was turned away. An id that is none is not noted: it may be a secret in the wrong
        field.

        Args:
            scope: what it wanted to do; None where that was not said.
            more: further facts; no secret, no token, no personal data.
        """
        facts: dict[str, AuditFact] = {"reason": refusal.reason.value, **more}
        if scope is not None:
            facts["scope"] = scope.value
        subject: CredentialId | None = None
        if known is not None:
            subject = known.credential if isinstance(known, Caller) else known.id
            facts["institution"] = known.institution.id
        self._audit(
            subject,
            AuditAction.CREDENTIAL_REFUSED,
            by=MACHINE,
            at=at,
            facts=facts,
            rows={},
        )

    def _made(self, row: Row[Any]) -> MachineCredential:
        return MachineCredential(
            id=CredentialId(row.credential_id),
            institution=Parties(self._connection).institution(row.institution_id),
            scope=Scope(row.scope),
            secret_hash=row.secret_hash,
            public_key=None if row.public_key is None else PublicKey(row.public_key),
            certificate=_thumbprint(row.certificate_hash),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            maker=UserId(row.maker),
            approver=UserId(row.ended_by),
            evidence=Digest(row.content["evidence"]),
            issued_at=row.issued_at,
            revoked_at=row.revoked_at,
        )

    def _vouched(self, credential: CredentialId) -> dict[str, str]:
        return vouch(self._connection, table, table.c.credential_id == credential)[(credential,)]

    def _audit(
        self,
        subject: CredentialId | None,
        action: AuditAction,
        *,
        by: str,
        at: datetime,
        facts: dict[str, AuditFact],
        rows: dict[str, str],
    ) -> None:
        entry = AuditEntry(at=at, action=action, actor=by, subject=subject, facts=facts, rows=rows)
        AuditLog(self._connection).append([entry])


def _octets(thumbprint: str | None) -> bytes | None:
    return None if thumbprint is None else urlsafe_b64decode(f"{thumbprint}=")


def _thumbprint(octets: bytes | None) -> str | None:
    return None if octets is None else urlsafe_b64encode(octets).decode().rstrip("=")


_ISSUED = select(
    table, access_proposal.c.maker, access_proposal.c.ended_by, access_proposal.c.content
).join(access_proposal, access_proposal.c.proposal_id == table.c.proposal_id)
