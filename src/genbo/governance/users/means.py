"""Means of sign-in (ログオン手段): what two persons change about how a user signs in.

Removing a second factor, binding a user to an identity at the identity provider (OpenID Connect), and releasing that
binding: whoever could do it alone could become the user. A bound user signs in through the provider only.

    given a proposal
    ├── when there is nothing to remove or to release, or the identity is somebody's: refused
    └── when maker, approver and the user are three, with evidence: done
        └── a removed second factor leaves the user's permissions resting (`suspension`)
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import InstitutionId
from genbo.governance.users.ports import UserDirectory
from genbo.governance.users.suspension import suspended
from genbo.governance.users.two_persons import (
    digest_of,
    instant,
    require_administrator,
    require_evidence,
    require_other,
    require_same,
)
from genbo.governance.users.user import Changed, User, UserId, UserStatus, updated
from genbo.governance.users.work import Level
from genbo.kernel import Digest, Reason, Refusal


class MeansAct(StrEnum):
    """What is done to the way a user signs in."""

    REMOVE_SECOND_FACTOR = "remove_second_factor"
    """二要素認証の解除: the device is lost; the user enrols another one at the next logon."""
    BIND_IDENTITY = "bind_identity"
    """外部認証への紐付け: the user signs in through the identity provider from now on."""
    UNBIND_IDENTITY = "unbind_identity"
    """外部認証の解除: back to password and code."""


_ACTIONS: Final = {
    MeansAct.REMOVE_SECOND_FACTOR: AuditAction.SECOND_FACTOR_REMOVED,
    MeansAct.BIND_IDENTITY: AuditAction.IDENTITY_BOUND,
    MeansAct.UNBIND_IDENTITY: AuditAction.IDENTITY_UNBOUND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansProposal:
    """A change of that kind that waits for its approver."""

    act: MeansAct
    user: UserId
    institution: InstitutionId
    identity: Digest | None
    """Keyed digest of the subject to bind; None where nothing is bound."""
    maker: UserId
    evidence: Digest
    made_at: datetime

    def digest(self) -> Digest:
        """Over everything above: what the approver approves."""
        return digest_of(
            {
                "act": self.act,
                "user": self.user,
                "institution": self.institution,
                "identity": self.identity or "",
                "maker": self.maker,
                "evidence": self.evidence,
                "made_at": instant(self.made_at),
            }
        )


def propose_means(
    act: MeansAct,
    *,
    user: User,
    maker: User,
    identity: Digest | None = None,
    directory: UserDirectory,
    evidence: Digest,
    at: datetime,
) -> MeansProposal:
    """The proposal, when it could be approved as things are. `identity` belongs to a binding, and to nothing else.

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `powers_suspended`, `same_person`, `evidence_missing`,
            `second_factor_missing`, `identity_missing`, `identity_taken`.
    """
    if (act is MeansAct.BIND_IDENTITY) != (identity is not None):
        raise ValueError("an identity belongs to a binding, and a binding to an identity")
    require_administrator(maker, user.institution, Level.MAKE)
    require_other(maker.id, "maker", user.id, "the user concerned")
    require_evidence(evidence, f"{act} {user.id}")
    _require_possible(act, user, identity, directory)
    return MeansProposal(
        act=act,
        user=user.id,
        institution=user.institution.id,
        identity=identity,
        maker=maker.id,
        evidence=evidence,
        made_at=at,
    )


def approve_means(
    proposal: MeansProposal,
    *,
    approved: Digest,
    user: User,
    approver: User,
    directory: UserDirectory,
    at: datetime,
) -> Changed:
    """The user who signs in another way from now on. `approved` is the digest that the approver read.

    Raises:
        Refusal: those of `propose_means`, about the approver; `proposal_differs`.
        ValueError: when `user` is not the one of the proposal: a bug of the caller.
    """
    if (user.id, user.institution.id) != (proposal.user, proposal.institution):
        raise ValueError("a proposal about another user")
    require_same(approved, proposal.digest())
    require_administrator(approver, user.institution, Level.APPROVE)
    require_other(approver.id, "approver", proposal.maker, "maker")
    require_other(approver.id, "approver", user.id, "the user concerned")
    _require_possible(proposal.act, user, proposal.identity, directory)
    columns: dict[str, Any] = (
        {"second_factor": None}
        if proposal.act is MeansAct.REMOVE_SECOND_FACTOR
        else {"identity": proposal.identity}
    )
    changed = updated(user, at=at, by=approver.id, **columns)
    if not changed.has_second_factor:
        changed = suspended(changed, by=proposal.maker)
    return Changed(user=changed, action=_ACTIONS[proposal.act])


def _require_possible(
    act: MeansAct, user: User, identity: Digest | None, directory: UserDirectory
) -> None:
    if user.status is UserStatus.DELETED:
        raise Refusal(Reason.USER_NOT_ACTIVE, user=user.id, status=user.status.value)
    if act is MeansAct.REMOVE_SECOND_FACTOR and user.second_factor is None:
        raise Refusal(Reason.SECOND_FACTOR_MISSING, user=user.id)
    if act is MeansAct.UNBIND_IDENTITY and user.identity is None:
        raise Refusal(Reason.IDENTITY_MISSING, user=user.id)
    if identity is not None and directory.identity_is_taken(identity):
        raise Refusal(Reason.IDENTITY_TAKEN, user=user.id)
