"""Suspension (権限の一時停止): after a reset, what a user may do rests until somebody else confirms the person.

One administrator who sets a password could sign in with it and act as the user. A reset that waited for a second person
would be slow; so one person resets, and leaves nothing to act with or to read by. The confirmation asks for a person
who took no part in it, after the user has chosen a password and enrolled a device: one who has spoken to the user.

    given a user whose permissions rest
    ├── when the password is not the user's own choice, or no second factor is enrolled: refused
    ├── when whoever confirms is the user, or reset anything since the last confirmation: refused
    └── otherwise: they count again
"""

from dataclasses import replace
from datetime import datetime

from genbo.governance.audit_action import AuditAction
from genbo.governance.users.two_persons import require_administrator, require_other
from genbo.governance.users.user import Changed, User, UserId, updated
from genbo.governance.users.work import Level
from genbo.kernel import Reason, Refusal


def suspended(user: User, *, by: UserId) -> User:
    """The user as `by` has reset it. Without a permission there is nothing that could rest."""
    if not user.permissions:
        return user
    return replace(user, suspended_by=user.suspended_by | {by})


def confirm(user: User, *, by: User, at: datetime) -> Changed:
    """The user whose permissions count again, on the word of somebody who had no part in the reset.

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `powers_suspended` about `by`; `powers_not_suspended`;
            `same_person`; `password_not_chosen`, `second_factor_missing`.
    """
    require_administrator(by, user.institution, Level.MAKE, Level.APPROVE)
    if not user.is_active:
        raise Refusal(Reason.USER_NOT_ACTIVE, user=user.id, status=user.status.value)
    if not user.suspended_by:
        raise Refusal(Reason.POWERS_NOT_SUSPENDED, user=user.id)
    require_other(by.id, "who confirms", user.id, "the user concerned")
    for each in sorted(user.suspended_by):
        require_other(by.id, "who confirms", each, "who reset")
    if user.password_changed_at is None and user.identity is None:
        raise Refusal(Reason.PASSWORD_NOT_CHOSEN, user=user.id)
    if not user.has_second_factor:
        raise Refusal(Reason.SECOND_FACTOR_MISSING, user=user.id)
    confirmed = updated(user, at=at, by=by.id, suspended_by=frozenset())
    return Changed(user=confirmed, action=AuditAction.POWERS_CONFIRMED)
