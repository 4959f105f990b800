"""Grants and revocations (権限の付与・剥奪): proposed by one administrator, approved by another (R-JSTOA-FIG3.3).

    given a proposal to grant
    ├── when the role of the institution has no such part in the matrix: refused
    ├── when the account kind does not admit it: refused
    ├── when the person has no second factor: refused
    ├── when it excludes something the person holds: refused, with the pair
    └── when maker, approver and the person are three, with evidence: granted
    given a proposal to revoke
    └── when the person holds it: revoked by the same two

What is asked when it is proposed is asked again when it is approved: the person may hold something else by then.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import InstitutionId
from genbo.governance.users.conflict import conflict
from genbo.governance.users.two_persons import (
    digest_of,
    instant,
    require_administrator,
    require_evidence,
    require_other,
    require_same,
)
from genbo.governance.users.user import Changed, User, UserId, UserStatus, updated
from genbo.governance.users.work import Level, Permission, permitted
from genbo.kernel import Digest, Reason, Refusal


class GrantAct(StrEnum):
    """What is done to a permission."""

    GRANT = "grant"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A grant or a revocation that waits for its approver. Made by `propose`; leaves `PERMISSION_PROPOSED`."""

    act: GrantAct
    user: UserId
    institution: InstitutionId
    permission: Permission
    maker: UserId
    evidence: Digest
    """Digest of the decision it rests on."""
    made_at: datetime

    def digest(self) -> Digest:
        """Over everything above: what the approver approves."""
        return digest_of(
            {
                "act": self.act,
                "user": self.user,
                "institution": self.institution,
                "permission": str(self.permission),
                "maker": self.maker,
                "evidence": self.evidence,
                "made_at": instant(self.made_at),
            }
        )


def propose(
    act: GrantAct,
    permission: Permission,
    *,
    user: User,
    maker: User,
    evidence: Digest,
    at: datetime,
) -> Proposal:
    """The proposal, when it could be approved as things are.

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `same_person`, `evidence_missing`,
            `permission_not_of_role`, `permission_not_of_kind`, `second_factor_missing`, `duties_exclude` with `held`
            and `asked`, `permission_unchanged`.
    """
    require_administrator(maker, user.institution, Level.MAKE)
    require_other(maker.id, "maker", user.id, "the user concerned")
    require_evidence(evidence, f"{act} {permission}")
    _require_possible(act, permission, user)
    return Proposal(
        act=act,
        user=user.id,
        institution=user.institution.id,
        permission=permission,
        maker=maker.id,
        evidence=evidence,
        made_at=at,
    )


def approve(
    proposal: Proposal, *, approved: Digest, user: User, approver: User, at: datetime
) -> Changed:
    """The user with the permission granted or revoked. `approved` is the digest that the approver read.

    Raises:
        Refusal: those of `propose`, about the approver; `proposal_differs`.
        ValueError: when `user` is not the one of the proposal: a bug of the caller.
    """
    if (user.id, user.institution.id) != (proposal.user, proposal.institution):
        raise ValueError("a proposal about another user")
    require_same(approved, proposal.digest())
    require_administrator(approver, user.institution, Level.APPROVE)
    require_other(approver.id, "approver", proposal.maker, "maker")
    require_other(approver.id, "approver", user.id, "the user concerned")
    _require_possible(proposal.act, proposal.permission, user)
    changed = {proposal.permission}
    if proposal.act is GrantAct.GRANT:
        permissions, action = user.permissions | changed, AuditAction.PERMISSION_GRANTED
    else:
        permissions, action = user.permissions - changed, AuditAction.PERMISSION_REVOKED
    return Changed(
        user=updated(user, at=at, by=approver.id, permissions=permissions), action=action
    )


def _require_possible(act: GrantAct, permission: Permission, user: User) -> None:
    granting = act is GrantAct.GRANT
    if granting:
        _require_assignable(permission, user)
    if (permission in user.permissions) == granting:
        raise Refusal(
            Reason.PERMISSION_UNCHANGED,
            user=user.id,
            permission=str(permission),
            act=act.value,
        )


def _require_assignable(permission: Permission, user: User) -> None:
    """Whether the person may ever hold it beside what the person holds."""
    if user.status is UserStatus.DELETED:
        raise Refusal(Reason.USER_NOT_ACTIVE, user=user.id, status=user.status.value)
    role = user.institution.role
    if permission not in permitted(role):
        raise Refusal(
            Reason.PERMISSION_NOT_OF_ROLE, permission=str(permission), role=role.value, user=user.id
        )
    if not user.kind.admits(permission):
        raise Refusal(
            Reason.PERMISSION_NOT_OF_KIND,
            permission=str(permission),
            kind=user.kind.value,
            user=user.id,
        )
    if not user.has_second_factor:
        # Otherwise whoever sets the password of that person acts, and reads, as that person.
        raise Refusal(Reason.SECOND_FACTOR_MISSING, user=user.id)
    held = conflict(user.permissions, permission)
    if held is not None:
        raise Refusal(Reason.DUTIES_EXCLUDE, user=user.id, held=str(held), asked=str(permission))
