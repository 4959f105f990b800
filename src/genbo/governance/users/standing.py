"""Standing (利用者の登録と状態): registering a user, and what another person does to one.

    active ──► locked     too many failures (`sign_in`)
       │          └─────► active     unlock, by another person
       ├────────────────► disabled   disable, by another person; or for want of use (`sign_in`)
       │                     └─────► active     enable, by another person
       └────────────────► deleted    from any of them, for good

Everything here is done by one administrator other than the user. What would make somebody else of the user takes two:
another second factor, another identity (`means`), and acting again after a reset (`suspension`).
"""

from datetime import datetime

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import Institution
from genbo.governance.users.password import hash_password, require_good
from genbo.governance.users.password_history import replace_password
from genbo.governance.users.ports import UserDirectory
from genbo.governance.users.signing_in import SignInRules
from genbo.governance.users.suspension import suspended
from genbo.governance.users.two_persons import (
    require_administrator,
    require_other,
)
from genbo.governance.users.user import (
    TRANSITIONS,
    AccountKind,
    Changed,
    User,
    UserId,
    UserStatus,
    updated,
)
from genbo.governance.users.work import Level
from genbo.kernel import Reason, Refusal, to_bytes32


def register_user(
    *,
    id: UserId,
    institution: Institution,
    branch_code: str,
    branch_name: str,
    section_group: str,
    kind: AccountKind,
    name: str,
    employee_code: str,
    initial_password: str,
    directory: UserDirectory,
    rules: SignInRules,
    by: User,
    at: datetime,
) -> Changed:
    """A new user without any permission, who must change the initial password at the first logon.

    Raises:
        Refusal: `user_not_active` or `permission_missing` about `by`; `key_malformed` for the id; `field_missing`;
            `user_twice` when the id was ever used or the employee code is taken (R-PROGMAT-T14.1, T14.7);
            `password_weak`.
    """
    require_administrator(by, institution, Level.MAKE, Level.APPROVE)
    to_bytes32(id)
    required = {"branch_code": branch_code, "user_name": name, "employee_code": employee_code}
    for field, value in required.items():
        if not value.strip():
            raise Refusal(Reason.FIELD_MISSING, field=field)
    if directory.id_was_used(id):
        raise Refusal(Reason.USER_TWICE, user=id, field="user_id")
    if directory.employee_code_is_taken(institution.id, employee_code):
        raise Refusal(Reason.USER_TWICE, user=id, field="employee_code")
    require_good(initial_password, rules.passwords, own_words=(id, name, employee_code))
    user = User(
        id=id,
        institution=institution,
        branch_code=branch_code,
        branch_name=branch_name,
        section_group=section_group,
        kind=kind,
        name=name,
        employee_code=employee_code,
        password_hash=hash_password(initial_password, rules.hashing),
        created_at=at,
        created_by=by.id,
        updated_at=at,
        updated_by=by.id,
        active_since=at,
    )
    return Changed(user=user, action=AuditAction.USER_REGISTERED)


def unlock(user: User, *, by: User, at: datetime) -> Changed:
    """A locked user is active again, without failures (R-PROGMAT-T14.13).

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `same_person`, `user_status_unreachable`.
    """
    _require_status(user, UserStatus.LOCKED, UserStatus.ACTIVE)
    return _moved(user, UserStatus.ACTIVE, AuditAction.USER_UNLOCKED, by, at)


def enable(user: User, *, by: User, at: datetime) -> Changed:
    """A disabled user is active again. Refusals as for `unlock`."""
    _require_status(user, UserStatus.DISABLED, UserStatus.ACTIVE)
    return _moved(user, UserStatus.ACTIVE, AuditAction.USER_ENABLED, by, at)


def disable(user: User, *, by: User, at: datetime) -> Changed:
    """The user cannot sign in any more until somebody else enables it. Refusals as for `unlock`."""
    return _moved(user, UserStatus.DISABLED, AuditAction.USER_DISABLED, by, at)


def delete(user: User, *, by: User, at: datetime) -> Changed:
    """The user is gone for good; the id stays taken. Refusals as for `unlock`."""
    return _moved(user, UserStatus.DELETED, AuditAction.USER_DELETED, by, at)


def reset_password(
    user: User, *, initial_password: str, rules: SignInRules, by: User, at: datetime
) -> Changed:
    """Another password, to be changed at the next logon. Does not unlock. What the user may do rests from now on, until
    somebody else confirms that it is the same person (`suspension`).

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `same_person`, `password_weak`, `password_reused`.
    """
    _require_another(user, by)
    reset = replace_password(user, initial_password, rules, chosen_at=None, by=by.id, at=at)
    return Changed(user=suspended(reset, by=by.id), action=AuditAction.PASSWORD_RESET)


def erase(user: User, *, by: User, at: datetime) -> Changed:
    """Name and employee code of a deleted user are to be destroyed; id, dates and what the user did stay.

    Raises:
        Refusal: `user_not_active` about `by`, `permission_missing`, `same_person`; `user_status_unreachable` when the
            user was not deleted.
    """
    require_other(by.id, "the administrator", user.id, "the user concerned")
    require_administrator(by, user.institution, Level.MAKE, Level.APPROVE)
    if user.status is not UserStatus.DELETED:
        raise Refusal(
            Reason.USER_STATUS_UNREACHABLE, user=user.id, status=user.status.value, wanted="erased"
        )
    return Changed(user=updated(user, at=at, by=by.id), action=AuditAction.USER_ERASED)


def _require_another(user: User, by: User) -> None:
    require_other(by.id, "the administrator", user.id, "the user concerned")
    require_administrator(by, user.institution, Level.MAKE, Level.APPROVE)
    if user.status is UserStatus.DELETED:
        raise Refusal(Reason.USER_NOT_ACTIVE, user=user.id, status=user.status.value)


def _require_status(user: User, status: UserStatus, wanted: UserStatus) -> None:
    if user.status is not status:
        raise Refusal(
            Reason.USER_STATUS_UNREACHABLE,
            user=user.id,
            status=user.status.value,
            wanted=wanted.value,
        )


def _moved(user: User, to: UserStatus, action: AuditAction, by: User, at: datetime) -> Changed:
    _require_another(user, by)
    if to not in TRANSITIONS[user.status]:
        raise Refusal(
            Reason.USER_STATUS_UNREACHABLE,
            user=user.id,
            status=user.status.value,
            wanted=to.value,
        )
    if to is not UserStatus.ACTIVE:
        return Changed(user=updated(user, at=at, by=by.id, status=to), action=action)
    active = updated(user, at=at, by=by.id, status=to, failed_password_count=0, active_since=at)
    return Changed(user=active, action=action)
