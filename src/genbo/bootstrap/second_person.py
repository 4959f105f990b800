"""The second person (2人目の承認): changes of access that one administrator proposes and another approves.

A proposal is ordered under an idempotency key of its maker; ordered again, it is the same. The approver approves the
digest of what was read. Everything is judged again at the approval, on the rows as they stand, which are held.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.reach import hold_in_reach
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    CredentialId,
    CredentialProposal,
    GrantAct,
    Level,
    MeansAct,
    MeansProposal,
    Permission,
    Proposal,
    PublicKey,
    Scope,
    UserId,
    approve,
    approve_means,
    issue_credential,
    new_credential_secret,
    propose,
    propose_credential,
    propose_means,
)
from genbo.governance.users.two_persons import require_administrator
from genbo.kernel import Digest
from genbo.storage.access_proposals import (
    AccessProposals,
    ProposalId,
    StoredProposal,
    body_digest,
    proposal_id,
)
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.permissions import Permissions
from genbo.storage.users import Users
from genbo.storage.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody at an identity provider."""

    issuer: str
    name: str = field(repr=False)
    """The `sub` of its tokens; it may be an address, so it is kept as a keyed digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What an approval came to."""

    proposal: StoredProposal
    credential: CredentialId | None = None
    secret: str | None = field(default=None, repr=False)
    """Of a new credential without a public key: shown once, kept nowhere."""


class SecondPerson:
    """Proposals and their approvals."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    # Proposing ---------------------------------------------------------------------------------------

    def propose_permission(
        self,
        act: GrantAct,
        permission: Permission,
        *,
        user: UserId,
        by: UserId,
        evidence: Digest,
        key: str,
        at: datetime,
    ) -> StoredProposal:
        """Raises as `governance.users.propose`; `command_key_reused`; `not_found`."""
        body = body_digest(act=act, permission=str(permission), user=user, evidence=evidence)
        with self._database.begin() as connection:
            users, proposals = self._users(connection), AccessProposals(connection)
            one, maker = hold_in_reach(users, user, by=by)
            if (stored := proposals.repeated(by, key, body)) is not None:
                return stored
            proposal = propose(act, permission, user=one, maker=maker, evidence=evidence, at=at)
            return proposals.add(proposal, key=key, body=body)

    def propose_means(
        self,
        act: MeansAct,
        *,
        user: UserId,
        subject: Subject | None = None,
        by: UserId,
        evidence: Digest,
        key: str,
        at: datetime,
    ) -> StoredProposal:
        """Raises as `governance.users.propose_means`; `command_key_reused`; `not_found`."""
        with self._database.begin() as connection:
            users, proposals = self._users(connection), AccessProposals(connection)
            identity = None if subject is None else users.identity_of(subject.issuer, subject.name)
            body = body_digest(act=act, user=user, identity=identity or "", evidence=evidence)
            one, maker = hold_in_reach(users, user, by=by)
            if (stored := proposals.repeated(by, key, body)) is not None:
                return stored
            proposal = propose_means(
                act,
                user=one,
                maker=maker,
                identity=identity,
                directory=users,
                evidence=evidence,
                at=at,
            )
            return proposals.add(proposal, key=key, body=body)

    def propose_credential(
        self,
        *,
        institution: InstitutionId,
        scope: Scope,
        valid_from: datetime,
        valid_until: datetime,
        public_key: PublicKey | None = None,
        certificate: str | None = None,
        by: UserId,
        evidence: Digest,
        key: str,
        at: datetime,
    ) -> StoredProposal:
        """Raises as `governance.users.propose_credential`; `command_key_reused`."""
        proofs = {} if public_key is None else {"public_key": public_key.jwk}
        if certificate is not None:
            proofs["certificate"] = certificate
        body = body_digest(
            institution=institution,
            scope=scope,
            valid_from=valid_from.isoformat(),
            valid_until=valid_until.isoformat(),
            evidence=evidence,
            **proofs,
        )
        with self._database.begin() as connection:
            users, proposals = self._users(connection), AccessProposals(connection)
            (maker,) = users.hold(by)
            if (stored := proposals.repeated(by, key, body)) is not None:
                return stored
            proposal = propose_credential(
                id=CredentialId("C" + proposal_id(by, key).removeprefix("A")),
                institution=Parties(connection).institution(institution),
                scope=scope,
                valid_from=valid_from,
                valid_until=valid_until,
                public_key=public_key,
                certificate=certificate,
                maker=maker,
                evidence=evidence,
                at=at,
            )
            return proposals.add(proposal, key=key, body=body)

    # Deciding ----------------------------------------------------------------------------------------

    def approve(self, number: ProposalId, *, digest: Digest, by: UserId, at: datetime) -> Approved:
        """Approves exactly what has that digest, and does it.

        Raises:
            Refusal: `proposal_unknown`, `proposal_not_open`, `proposal_differs`; as the rule of what is proposed.
        """
        with self._database.begin() as connection:
            proposals = AccessProposals(connection)
            stored = proposals.get(number, hold=True)
            one = stored.proposal
            if stored.state != "open":
                proposals.approved(number, by=by, at=at)  # refuses, with the state
            if isinstance(one, CredentialProposal):
                return self._issue(connection, stored, one, digest, by, at)
            self._change(connection, stored, one, digest, by, at)
            return Approved(proposal=proposals.get(number))

    def withdraw(self, number: ProposalId, *, by: UserId, at: datetime) -> StoredProposal:
        """Takes a proposal back, or turns it down: by its maker, or by whoever could approve it.

        Raises:
            Refusal: `proposal_unknown`, `proposal_not_open`, `user_not_active`, `permission_missing`.
        """
        with self._database.begin() as connection:
            proposals = AccessProposals(connection)
            stored = proposals.get(number, hold=True)
            (who,) = self._users(connection).hold(by)
            institution = Parties(connection).institution(stored.institution)
            require_administrator(who, institution, Level.MAKE, Level.APPROVE)
            proposals.withdraw(number, by=by, at=at)
            return proposals.get(number)

    # Inside ------------------------------------------------------------------------------------------

    def _users(self, connection: Connection) -> Users:
        return Users(connection, self._vault)

    def _change(
        self,
        connection: Connection,
        stored: StoredProposal,
        one: Proposal | MeansProposal,
        digest: Digest,
        by: UserId,
        at: datetime,
    ) -> None:
        users, permissions = self._users(connection), Permissions(connection)
        user, approver = users.hold(one.user, by)
        facts: dict[str, str] = {"proposal": stored.id, "maker": one.maker}
        if isinstance(one, MeansProposal):
            changed = approve_means(
                one, approved=digest, user=user, approver=approver, directory=users, at=at
            )
            rows = AccessProposals(connection).approved(stored.id, by=by, at=at)
        else:
            changed = approve(one, approved=digest, user=user, approver=approver, at=at)
            rows = AccessProposals(connection).approved(stored.id, by=by, at=at)
            do = permissions.grant if one.act is GrantAct.GRANT else permissions.revoke
            rows |= do(one.user, one.permission, proposal=stored.id, at=at)
            facts["permission"] = str(one.permission)
        users.keep(changed.user, changed.action, actor=by, at=at, facts=facts, rows=rows)

    def _issue(
        self,
        connection: Connection,
        stored: StoredProposal,
        one: CredentialProposal,
        digest: Digest,
        by: UserId,
        at: datetime,
    ) -> Approved:
        (approver,) = self._users(connection).hold(by)
        secret = new_credential_secret() if one.public_key is None else None
        changed = issue_credential(one, approved=digest, approver=approver, secret=secret, at=at)
        proposals = AccessProposals(connection)
        rows = proposals.approved(stored.id, by=by, at=at)
        Credentials(connection).issue(changed, proposal=stored.id, approved=rows)
        return Approved(proposal=proposals.get(stored.id), credential=one.id, secret=secret)
