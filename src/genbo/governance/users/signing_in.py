"""Sign-in (ログオン): one function from a user, an attempt and an instant to what becomes of both.

    given no such user                          refused: unknown
    given a user
    ├── bound to an identity provider           refused: bound; that is the only way in
    ├── deleted, disabled or locked             refused: that; nothing changes, however right the password
    ├── unused for longer than allowed          refused: unused; the user is disabled
    └── active
        ├── the password is wrong               refused: wrong_password; one more failure
        ├── a second factor is enrolled, and the code
        │   ├── is missing or wrong             refused: wrong_code; one more failure
        │   └── was used                        refused: code_used; one more failure
        │       (a failure that reaches the limit locks the user)
        └── password and code are right         admitted; no failures, last logon now, hash renewed when outdated
            ├── the password is somebody else's choice, or too old     to change the password, and nothing else
            ├── no second factor is enrolled                           to enrol one, and nothing else
            └── otherwise                                              in full

To the outside every refusal is the same `sign_in_refused` and takes one hash; the cause is for the audit chain.
Two attempts on one user must not run side by side: whoever stores users holds the row from reading to writing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from genbo.governance.audit_action import AuditAction
from genbo.governance.users.one_time_code import (
    DEFAULT_DRIFT,
    CodeVerdict,
    SecondFactor,
    check_code,
)
from genbo.governance.users.password import (
    HashParameters,
    PasswordRules,
    decoy_hash,
    hash_password,
    is_outdated,
    is_password,
)
from genbo.governance.users.user import User, UserStatus, updated
from genbo.kernel import Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """Settings of the door (R-JSTOA-6.2.3b). The defaults are those of A.3 where it has one."""

    most_failures: int = 5
    """R-PROGMAT-T14.11."""
    longest_disuse: timedelta = timedelta(days=90)
    """R-PROGMAT-T14.12."""
    password_age: timedelta = timedelta(days=90)
    """R-PROGMAT-T14.14."""
    code_drift: int = DEFAULT_DRIFT
    """Steps of thirty seconds, either way."""
    hashing: HashParameters = field(default_factory=HashParameters)
    passwords: PasswordRules = field(default_factory=PasswordRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody typed."""

    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


class Admission(StrEnum):
    """What a user who is admitted may do."""

    FULL = "full"
    CHANGE_PASSWORD = "change_password"
    """Nothing before the password is changed."""
    ENROL = "enrol"
    """Nothing before a second factor is enrolled."""


class Cause(StrEnum):
    """Why a sign-in was refused. For the audit chain, not for who tried."""

    UNKNOWN = "unknown"
    BOUND = "bound"
    """A password, of a user who signs in through an identity provider."""
    UNKNOWN_IDENTITY = "unknown_identity"
    """Proved by the identity provider, and no user's."""
    IDENTITY_UNPROVED = "identity_unproved"
    """What came back from the identity provider proves nothing."""
    DELETED = "deleted"
    DISABLED = "disabled"
    LOCKED = "locked"
    UNUSED = "unused"
    WRONG_PASSWORD = "wrong_password"
    WRONG_CODE = "wrong_code"
    CODE_USED = "code_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOutcome:
    """What became of an attempt."""

    user: User | None
    """The user as it is to be stored; None when there is no such user."""
    admission: Admission | None = None
    """None when the sign-in was refused."""
    cause: Cause | None = None
    actions: tuple[AuditAction, ...]
    """Entries for the audit chain, in their order."""

    def require_admission(self) -> Admission:
        """How far the user was admitted.

        Raises:
            Refusal: `sign_in_refused`, without facts.
        """
        if self.admission is None:
            raise Refusal(Reason.SIGN_IN_REFUSED)
        return self.admission


CLOSED: Final = {
    UserStatus.DELETED: Cause.DELETED,
    UserStatus.DISABLED: Cause.DISABLED,
    UserStatus.LOCKED: Cause.LOCKED,
}
"""Status to why nobody in it enters."""


def sign_in(
    user: User | None, attempt: Attempt, at: datetime, *, rules: SignInRules
) -> SignInOutcome:
    """What becomes of `attempt` at the instant `at`; see the tree above."""
    # One hash on every path, so that the time an answer takes says nothing about which it was.
    known_hash = decoy_hash(rules.hashing) if user is None else user.password_hash
    password_is_right = is_password(known_hash, attempt.password)
    if user is None:
        return refused(None, Cause.UNKNOWN)
    if user.identity is not None:
        return refused(user, Cause.BOUND)
    if closed := CLOSED.get(user.status):
        return refused(user, closed)
    if (outcome := disused(user, at, rules)) is not None:
        return outcome
    if not password_is_right:
        return _failed(user, Cause.WRONG_PASSWORD, at, rules)
    factor: SecondFactor | None = None
    if user.second_factor is not None:
        verdict, factor = check_code(
            user.second_factor, attempt.code or "", at, drift=rules.code_drift
        )
        if verdict is not CodeVerdict.ACCEPTED:
            used = verdict is CodeVerdict.USED
            return _failed(user, Cause.CODE_USED if used else Cause.WRONG_CODE, at, rules)
    renewed = (
        hash_password(attempt.password, rules.hashing)
        if is_outdated(user.password_hash, rules.hashing)
        else user.password_hash
    )
    admitted = updated(
        user,
        at=at,
        by=user.id,
        failed_password_count=0,
        last_logon_at=at,
        password_hash=renewed,
        second_factor=factor,
    )
    return SignInOutcome(
        user=admitted,
        admission=_admission(admitted, at, rules),
        actions=(AuditAction.USER_SIGNED_IN,),
    )


def disused(user: User, at: datetime, rules: SignInRules) -> SignInOutcome | None:
    """The refusal of a user who was not there for too long, and is disabled by it; None otherwise."""
    if at - max(user.active_since, user.last_logon_at or user.active_since) <= rules.longest_disuse:
        return None
    disabled = updated(user, at=at, by=user.id, status=UserStatus.DISABLED)
    return refused(disabled, Cause.UNUSED, AuditAction.USER_DISABLED)


def _admission(user: User, at: datetime, rules: SignInRules) -> Admission:
    chosen = user.password_changed_at
    if chosen is None or at - chosen > rules.password_age:
        return Admission.CHANGE_PASSWORD
    return Admission.FULL if user.second_factor is not None else Admission.ENROL


def _failed(user: User, cause: Cause, at: datetime, rules: SignInRules) -> SignInOutcome:
    """One more failure; the user is locked when it is the last that is allowed (R-PROGMAT-T14.11)."""
    count = user.failed_password_count + 1
    locks = count >= rules.most_failures
    status = UserStatus.LOCKED if locks else user.status
    failed = updated(user, at=at, by=user.id, failed_password_count=count, status=status)
    return refused(failed, cause, *((AuditAction.USER_LOCKED,) if locks else ()))


def refused(user: User | None, cause: Cause, *further: AuditAction) -> SignInOutcome:
    """Nobody is admitted, for that cause."""
    return SignInOutcome(user=user, cause=cause, actions=(AuditAction.SIGN_IN_REFUSED, *further))
