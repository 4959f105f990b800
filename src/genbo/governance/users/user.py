"""User (利用者): a person who works for an institution, by the columns of table T14.

One person is one user: the employee code is unique within the institution, the id is never used again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NewType

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import Institution
from genbo.governance.users.one_time_code import SecondFactor
from genbo.governance.users.work import ADMINISTRATION, Level, Permission
from genbo.kernel import Digest

UserId = NewType("UserId", str)
"""ユーザID: personal, never shared, never used again (R-PROGMAT-T14.1)."""


class AccountKind(StrEnum):
    """アカウント区分 (R-PROGMAT-T14.5): a user has exactly one, so no person has two that conflict."""

    OPERATOR = "operator"
    """担当者: makes, requests, reads."""
    APPROVER = "approver"
    """承認者: approves as well; never what the same person makes."""
    ADMINISTRATOR = "administrator"
    """管理者: users and duties, and no business."""
    AUDITOR = "auditor"
    """監査人: reads, and nothing else."""

    def admits(self, permission: Permission) -> bool:
        """Whether a user of this kind may hold the permission."""
        if (permission.work in ADMINISTRATION) != (self is AccountKind.ADMINISTRATOR):
            return False
        return permission.level in _LEVELS[self]


_LEVELS: Final[Mapping[AccountKind, frozenset[Level]]] = MappingProxyType(
    {
        AccountKind.OPERATOR: frozenset({Level.READ, Level.REQUEST, Level.MAKE}),
        AccountKind.APPROVER: frozenset(Level),
        AccountKind.ADMINISTRATOR: frozenset({Level.READ, Level.MAKE, Level.APPROVE}),
        AccountKind.AUDITOR: frozenset({Level.READ}),
    }
)


class UserStatus(StrEnum):
    """ユーザステータス (R-PROGMAT-T14.13)."""

    ACTIVE = "active"
    """有効."""
    LOCKED = "locked"
    """ロック: too many failures; another person unlocks."""
    DISABLED = "disabled"
    """無効: by an administrator, or for want of use; another person enables."""
    DELETED = "deleted"
    """削除: for good."""


TRANSITIONS: Final[Mapping[UserStatus, frozenset[UserStatus]]] = MappingProxyType(
    {
        UserStatus.ACTIVE: frozenset({UserStatus.LOCKED, UserStatus.DISABLED, UserStatus.DELETED}),
        UserStatus.LOCKED: frozenset({UserStatus.ACTIVE, UserStatus.DISABLED, UserStatus.DELETED}),
        UserStatus.DISABLED: frozenset({UserStatus.ACTIVE, UserStatus.DELETED}),
        UserStatus.DELETED: frozenset(),
    }
)
"""Status to the statuses that may follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One row of T14, with what was granted. Made by `register_user`, changed by the acts of this package.

    Instants know their zone; tables and pages show them in JST.
    """

    id: UserId
    institution: Institution
    branch_code: str
    branch_name: str
    section_group: str
    kind: AccountKind
    name: str = field(repr=False)
    """ユーザ名: personal data of staff (R-PROGMAT-T14.6)."""
    employee_code: str = field(repr=False)
    """社員番号: unique within the institution (R-PROGMAT-T14.7)."""
    password_hash: str = field(repr=False)
    """Argon2id, as a PHC string (R-PROGMAT-T14.8)."""
    password_hash_prev1: str | None = field(default=None, repr=False)
    password_hash_prev2: str | None = field(default=None, repr=False)
    failed_password_count: int = 0
    """Failed sign-ins since the last good one or the last unlock, a wrong code counted like a wrong password."""
    last_logon_at: datetime | None = None
    status: UserStatus = UserStatus.ACTIVE
    password_changed_at: datetime | None = None
    """When the user chose the password; None while it is one that somebody else set, to be changed at next logon."""
    created_at: datetime
    created_by: UserId
    updated_at: datetime
    updated_by: UserId
    active_since: datetime
    """When the user was registered, unlocked or enabled last; disuse is counted from here or from the last logon."""
    permissions: frozenset[Permission] = frozenset()
    """What two persons granted and nobody revoked."""
    second_factor: SecondFactor | None = None
    identity: Digest | None = None
    """Keyed digest of the subject at the identity provider (OpenID Connect) as which the user signs in, and in no other
    way; None for a user with a password."""
    suspended_by: frozenset[UserId] = frozenset()
    """Who reset the password or had the second factor removed since the last confirmation; see `suspension`."""

    def __post_init__(self) -> None:
        instants = (self.created_at, self.updated_at, self.active_since)
        if any(at.tzinfo is None for at in instants):
            raise ValueError("an instant without a zone")
        if self.updated_at < self.created_at:
            raise ValueError("a user that was changed before it was created")  # R-PROGMAT-T14.17

    @property
    def is_active(self) -> bool:
        return self.status is UserStatus.ACTIVE

    @property
    def has_second_factor(self) -> bool:
        """Whether a sign-in shows more than a password: a code here, or whatever the identity provider asks for."""
        return self.second_factor is not None or self.identity is not None

    @property
    def powers(self) -> frozenset[Permission]:
        """The permissions that count now: those that were granted, or none while they rest."""
        return frozenset() if self.suspended_by else self.permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What an act made of a user, and the entry it leaves in the audit chain."""

    user: User
    action: AuditAction


def updated(user: User, *, at: datetime, by: UserId, **columns: Any) -> User:
    """`user` with other columns, and with who changed it when (R-PROGMAT-T14.17, T14.18).

    A clock that went back does not take `updated_at` back.
    """
    return replace(user, updated_at=max(at, user.updated_at), updated_by=by, **columns)
