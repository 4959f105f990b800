"""Machine credentials (機関の認証情報): what an institution's systems show the API (R-PROGMAT-API-1 to 4).

A credential belongs to one institution and to one scope: reading and changing are two credentials, so one that leaks
never does both. It is issued by two persons. Its secret is random, 256 bits, shown once; what is kept is its SHA-256,
which is enough for a secret that nobody can guess. A credential with a public key has no secret: the institution keeps
the private key, and proves itself by a signature. One with a certificate is good only over connections with it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import Institution
from genbo.governance.users.machine_key import PublicKey
from genbo.governance.users.two_persons import (
    digest_of,
    instant,
    require_administrator,
    require_evidence,
    require_other,
    require_same,
)
from genbo.governance.users.user import User, UserId
from genbo.governance.users.work import Level
from genbo.kernel import Digest, Reason, Refusal, to_bytes32

CredentialId = NewType("CredentialId", str)
"""認証情報ID: public, never used again."""

SHORTEST_SECRET = 43
"""Characters of 256 bits in base64."""


class Scope(StrEnum):
    """What a credential is for."""

    REFERENCE = "reference"
    """参照系: reads."""
    UPDATE = "update"
    """更新系: registers, instructs, writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialProposal:
    """A credential that waits for its approver."""

    id: CredentialId
    institution: Institution
    scope: Scope
    valid_from: datetime
    valid_until: datetime
    """The first instant at which it is not valid any more."""
    public_key: PublicKey | None = None
    """公開鍵: by which its system proves itself, instead of a secret."""
    certificate: str | None = None
    """証明書: thumbprint (`x5t#S256`) of the client certificate that its system connects with."""
    maker: UserId
    evidence: Digest
    made_at: datetime

    def digest(self) -> Digest:
        """Over everything above: what the approver approves."""
        content: dict[str, str] = {
            "id": self.id,
            "institution": self.institution.id,
            "scope": self.scope,
            "valid_from": instant(self.valid_from),
            "valid_until": instant(self.valid_until),
            "maker": self.maker,
            "evidence": self.evidence,
            "made_at": instant(self.made_at),
        }
        if self.public_key is not None:
            content["public_key"] = self.public_key.jwk
        if self.certificate is not None:
            content["certificate"] = self.certificate
        return digest_of(content)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCredential:
    """A credential in force, or that was."""

    id: CredentialId
    institution: Institution
    scope: Scope
    secret_hash: bytes | None = field(repr=False)
    """SHA-256 of the secret; None for a credential with a public key."""
    public_key: PublicKey | None = None
    certificate: str | None = None
    valid_from: datetime
    valid_until: datetime
    maker: UserId
    approver: UserId
    evidence: Digest
    issued_at: datetime
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is valid then: begun, not ended, not revoked."""
        revoked = self.revoked_at is not None and self.revoked_at <= at
        return self.valid_from <= at < self.valid_until and not revoked


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose system asks, with which credential. What it may see and do is decided elsewhere, from this."""

    credential: CredentialId
    institution: Institution
    scope: Scope

    @property
    def actor(self) -> str:
        """How the records name it."""
        return f"machine:{self.credential}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialChanged:
    """What an act made of a credential, and the entry it leaves in the audit chain."""

    credential: MachineCredential
    action: AuditAction


def new_credential_secret() -> str:
    """A fresh random secret, 256 bits. Shown once, to the institution."""
    return secrets.token_urlsafe(32)


def propose_credential(
    *,
    id: CredentialId,
    institution: Institution,
    scope: Scope,
    valid_from: datetime,
    valid_until: datetime,
    public_key: PublicKey | None = None,
    certificate: str | None = None,
    maker: User,
    evidence: Digest,
    at: datetime,
) -> CredentialProposal:
    """The proposal of a credential for an institution.

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `evidence_missing`, `key_malformed`; `field_invalid` when it
            would end before it begins.
    """
    require_administrator(maker, institution, Level.MAKE)
    to_bytes32(id)
    require_evidence(evidence, id)
    if valid_until <= valid_from:
        raise Refusal(
            Reason.FIELD_INVALID,
            field="valid_until",
            value=instant(valid_until),
            allowed=f"after {instant(valid_from)}",
        )
    return CredentialProposal(
        id=id,
        institution=institution,
        scope=scope,
        valid_from=valid_from,
        valid_until=valid_until,
        public_key=public_key,
        certificate=certificate,
        maker=maker.id,
        evidence=evidence,
        made_at=at,
    )


def issue_credential(
    proposal: CredentialProposal,
    *,
    approved: Digest,
    approver: User,
    secret: str | None,
    at: datetime,
) -> CredentialChanged:
    """The credential, when another administrator approves exactly the proposal.

    Args:
        secret: of `new_credential_secret`; None, exactly when the credential has a public key.

    Raises:
        Refusal: `proposal_differs`, `user_not_active`, `permission_missing`, `same_person`.
        ValueError: when the secret is too short to be random, or there are two proofs or none: a bug of the caller.
    """
    require_same(approved, proposal.digest())
    require_administrator(approver, proposal.institution, Level.APPROVE)
    require_other(approver.id, "approver", proposal.maker, "maker")
    if (secret is None) != (proposal.public_key is not None):
        raise ValueError("a credential has a secret or a public key")
    if secret is not None and len(secret) < SHORTEST_SECRET:
        raise ValueError("a secret that is not 256 random bits")
    credential = MachineCredential(
        id=proposal.id,
        institution=proposal.institution,
        scope=proposal.scope,
        secret_hash=None if secret is None else _hashed(secret),
        public_key=proposal.public_key,
        certificate=proposal.certificate,
        valid_from=proposal.valid_from,
        valid_until=proposal.valid_until,
        maker=proposal.maker,
        approver=approver.id,
        evidence=proposal.evidence,
        issued_at=at,
    )
    return CredentialChanged(credential=credential, action=AuditAction.CREDENTIAL_ISSUED)


def revoke_credential(
    credential: MachineCredential, *, by: User, at: datetime
) -> CredentialChanged:
    """The credential, good for nothing from `at` on. One person does it: a leak does not wait. Again: the first stands.

    Raises:
        Refusal: `user_not_active`, `permission_missing`.
    """
    require_administrator(by, credential.institution, Level.MAKE, Level.APPROVE)
    revoked_at = at if credential.revoked_at is None else min(at, credential.revoked_at)
    return CredentialChanged(
        credential=replace(credential, revoked_at=revoked_at),
        action=AuditAction.CREDENTIAL_REVOKED,
    )


def authenticate(
    credential: MachineCredential | None, *, secret: str, scope: Scope, at: datetime
) -> Institution:
    """Whose systems are asking. The caller writes `AuditAction.CREDENTIAL_REFUSED` for every refusal.

    Raises:
        Refusal: `credential_refused`, without facts, when there is none of that id, its secret is another, or it is
            not valid at `at`; `scope_missing` when it is good, but not for `scope` (R-PROGMAT-API-3).
    """
    kept = None if credential is None else credential.secret_hash
    fits = hmac.compare_digest(kept or bytes(32), _hashed(secret))
    if credential is None or not fits or not credential.holds(at):
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    if credential.scope is not scope:
        raise Refusal(Reason.SCOPE_MISSING, credential=credential.id, scope=scope.value)
    return credential.institution


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
