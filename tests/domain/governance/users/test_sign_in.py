"""Sign-in: the tree of `genbo.governance.users.signing_in`, leaf by leaf, and the life of a locked user (D.10.5).

given no such user: refused
given a user who is deleted, disabled or locked: refused, however right the password, and nothing changes
given a user who was not there for too long: refused, and disabled
given an active user
├── wrong password: refused, one more failure; locked at the limit
├── second factor: code missing, wrong or used: refused, one more failure
├── all right: admitted, failures at zero, last logon now, an outdated hash renewed
└── admitted to change the password, to enrol, or in full
given any history of attempts
└── it should be locked exactly when the limit of failures came in a row, and say nothing personal
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.people import AT, CHEAP, PASSWORD, RULES, administrator, user

from genbo.governance import AuditAction
from genbo.governance.users import (
    Admission,
    Attempt,
    Cause,
    HashParameters,
    Level,
    SecondFactor,
    SignInOutcome,
    User,
    UserStatus,
    change_password,
    enable,
    sign_in,
    unlock,
)
from genbo.governance.users.password import is_outdated
from genbo.kernel import Reason, Refusal

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LATER = AT + timedelta(hours=1)
RIGHT = Attempt(password=PASSWORD)
WRONG = Attempt(password="not it")


def with_device(one: User) -> User:
    return replace(one, second_factor=SecondFactor(secret=SECRET))


def code(at=LATER) -> str:  # type: ignore[no-untyped-def]
    return pyotp.TOTP(SECRET).at(at)


def refused(outcome: SignInOutcome) -> Cause | None:
    """The cause, once it is sure that the outside hears nothing of it."""
    with pytest.raises(Refusal) as refusal:
        outcome.require_admission()
    assert refusal.value.args == (Reason.SIGN_IN_REFUSED.value, {})
    return outcome.cause


def test_sign_in__no_such_user__is_refused_like_any_other() -> None:
    outcome = sign_in(None, RIGHT, LATER, rules=RULES)
    assert refused(outcome) is Cause.UNKNOWN
    assert outcome.user is None
    assert outcome.actions == (AuditAction.SIGN_IN_REFUSED,)


@pytest.mark.parametrize("attempt", [RIGHT, WRONG])
@pytest.mark.parametrize("status", [each for each in UserStatus if each is not UserStatus.ACTIVE])
def test_sign_in__user_is_not_active__is_refused_and_nothing_changes(
    status: UserStatus, attempt: Attempt
) -> None:
    one = replace(user(), status=status)
    outcome = sign_in(one, attempt, LATER, rules=RULES)
    assert refused(outcome) is Cause(status.value)
    assert outcome.user == one


def test_sign_in__unused_for_too_long__is_refused_and_disables() -> None:
    """R-PROGMAT-T14.12."""
    one = user()
    assert sign_in(one, RIGHT, AT + RULES.longest_disuse, rules=RULES).admission
    outcome = sign_in(one, RIGHT, AT + RULES.longest_disuse + timedelta(seconds=1), rules=RULES)
    assert refused(outcome) is Cause.UNUSED
    assert outcome.user is not None
    assert outcome.user.status is UserStatus.DISABLED
    assert outcome.actions == (AuditAction.SIGN_IN_REFUSED, AuditAction.USER_DISABLED)


def test_sign_in__disabled_for_disuse_and_enabled__counts_from_then() -> None:
    long_after = AT + 3 * RULES.longest_disuse
    gone = sign_in(user(), RIGHT, long_after, rules=RULES).user
    assert gone is not None
    back = enable(gone, by=administrator("ADMIN-1", Level.MAKE), at=long_after).user
    assert sign_in(back, RIGHT, long_after, rules=RULES).admission is Admission.CHANGE_PASSWORD


def test_sign_in__wrong_password__counts_one_and_locks_at_the_limit() -> None:
    one = user()
    for failures in range(1, RULES.most_failures + 1):
        outcome = sign_in(one, WRONG, LATER, rules=RULES)
        assert refused(outcome) is Cause.WRONG_PASSWORD
        assert outcome.user is not None
        one = outcome.user
        assert one.failed_password_count == failures
        last = failures == RULES.most_failures
        assert one.status is (UserStatus.LOCKED if last else UserStatus.ACTIVE)
        assert (AuditAction.USER_LOCKED in outcome.actions) == last


@pytest.mark.parametrize(
    ("typed", "cause"),
    [
        (None, Cause.WRONG_CODE),
        ("", Cause.WRONG_CODE),
        ("abc", Cause.WRONG_CODE),
        ("😀", Cause.WRONG_CODE),
    ],
)
def test_sign_in__code_missing_or_wrong__counts_like_a_wrong_password(
    typed: str | None, cause: Cause
) -> None:
    outcome = sign_in(with_device(user()), replace(RIGHT, code=typed), LATER, rules=RULES)
    assert refused(outcome) is cause
    assert outcome.user is not None
    assert outcome.user.failed_password_count == 1


def test_sign_in__code_used_before__is_refused_and_counts() -> None:
    attempt = replace(RIGHT, code=code())
    first = sign_in(with_device(user()), attempt, LATER, rules=RULES)
    assert first.admission is Admission.FULL
    second = sign_in(first.user, attempt, LATER + timedelta(seconds=5), rules=RULES)
    assert refused(second) is Cause.CODE_USED
    assert second.user is not None
    assert second.user.failed_password_count == 1


def test_sign_in__wrong_password_with_right_code__does_not_use_the_code_up() -> None:
    one = with_device(user())
    failed = sign_in(one, replace(WRONG, code=code()), LATER, rules=RULES)
    assert refused(failed) is Cause.WRONG_PASSWORD
    assert sign_in(failed.user, replace(RIGHT, code=code()), LATER, rules=RULES).admission


def test_sign_in__all_right__admits_in_full_and_forgets_failures() -> None:
    one = replace(with_device(user()), failed_password_count=RULES.most_failures - 1)
    outcome = sign_in(one, replace(RIGHT, code=code()), LATER, rules=RULES)
    assert outcome.require_admission() is Admission.FULL
    assert outcome.cause is None
    assert outcome.actions == (AuditAction.USER_SIGNED_IN,)
    after = outcome.user
    assert after is not None
    assert (after.failed_password_count, after.last_logon_at) == (0, LATER)
    assert (after.updated_at, after.updated_by) == (LATER, one.id)
    assert (after.created_at, after.created_by) == (one.created_at, one.created_by)


def test_sign_in__password_set_by_another_or_too_old__admits_to_change_it_alone() -> None:
    """R-PROGMAT-T14.14."""
    set_by_another = replace(user(), password_changed_at=None)
    outcome = sign_in(set_by_another, RIGHT, LATER, rules=RULES)
    assert outcome.admission is Admission.CHANGE_PASSWORD
    limit = AT + RULES.password_age
    old = replace(user(), last_logon_at=limit)
    assert sign_in(old, RIGHT, limit, rules=RULES).admission is Admission.ENROL
    just_over = limit + timedelta(seconds=1)
    assert sign_in(old, RIGHT, just_over, rules=RULES).admission is Admission.CHANGE_PASSWORD


def test_sign_in__no_second_factor__admits_to_enrol_alone() -> None:
    assert sign_in(user(), RIGHT, LATER, rules=RULES).admission is Admission.ENROL


def test_sign_in__parameters_changed__renews_the_hash_of_the_same_password() -> None:
    dearer = replace(RULES, hashing=HashParameters(time_cost=2, memory_kib=16, parallelism=1))
    one = user()
    assert is_outdated(one.password_hash, dearer.hashing)
    kept = sign_in(one, RIGHT, LATER, rules=RULES).user
    renewed = sign_in(one, RIGHT, LATER, rules=dearer).user
    assert kept is not None
    assert renewed is not None
    assert kept.password_hash == one.password_hash
    assert not is_outdated(renewed.password_hash, dearer.hashing)
    assert renewed.password_changed_at == one.password_changed_at
    assert renewed.password_hash_prev1 is None
    assert sign_in(renewed, RIGHT, LATER, rules=dearer).admission
    assert not is_outdated(one.password_hash, CHEAP)


def test_sign_in__full_width_input__is_the_same_password_and_code() -> None:
    wide = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})
    attempt = Attempt(password=PASSWORD.translate(wide), code=code().translate(wide))
    assert sign_in(with_device(user()), attempt, LATER, rules=RULES).admission is Admission.FULL


@pytest.mark.parametrize("password", ["", "\ud800", "x" * 2_000_000, "\0"])
def test_sign_in__anything_typed__is_wrong_and_no_error(password: str) -> None:
    outcome = sign_in(user(), Attempt(password=password), LATER, rules=RULES)
    assert refused(outcome) is Cause.WRONG_PASSWORD


def test_sign_in__every_refusal__takes_exactly_one_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the time of an answer does not tell a user who exists from one who does not."""
    from genbo.governance.users import signing_in as module

    hashes: list[str] = []
    real = module.is_password

    def counted(password_hash: str, password: str) -> bool:
        hashes.append(password_hash)
        return real(password_hash, password)

    monkeypatch.setattr(module, "is_password", counted)
    sign_in(None, WRONG, LATER, rules=RULES)
    for status in UserStatus:
        sign_in(replace(user(), status=status), WRONG, LATER, rules=RULES)
    assert len(hashes) == 1 + len(UserStatus)
    assert all(each.startswith("$argon2id$v=19$m=8,t=1,p=1$") for each in hashes)


def test_locked_user__d_10_5__is_let_in_again_by_another_and_may_not_reuse_passwords() -> None:
    """D.10.5: five failures, the right password refused, unlocked by another, history of two."""
    one, admin = user(), administrator("ADMIN-1", Level.MAKE)
    for _ in range(5):
        outcome = sign_in(one, WRONG, LATER, rules=RULES)
        assert outcome.user is not None
        one = outcome.user
    assert refused(sign_in(one, RIGHT, LATER, rules=RULES)) is Cause.LOCKED
    locked_admin = replace(admin, id=one.id)
    with pytest.raises(Refusal) as own:
        unlock(one, by=locked_admin, at=LATER)
    assert own.value.reason is Reason.SAME_PERSON
    one = unlock(one, by=admin, at=LATER).user

    chosen = [PASSWORD, "Second-Lantern-2", "Third-Lantern-33", "Fourth-Lantern-4"]
    for present, following in pairwise(chosen):
        proof = sign_in(one, Attempt(password=present), LATER, rules=RULES)
        one = change_password(proof, password=following, rules=RULES, at=LATER).user
    for reused in chosen[:0:-1]:  # the present one, the previous one, the one before
        proof = sign_in(one, Attempt(password=chosen[-1]), LATER, rules=RULES)
        with pytest.raises(Refusal) as refusal:
            change_password(proof, password=reused, rules=RULES, at=LATER)
        assert refusal.value.reason is Reason.PASSWORD_REUSED
    proof = sign_in(one, Attempt(password=chosen[-1]), LATER, rules=RULES)
    changed = change_password(proof, password=chosen[0], rules=RULES, at=LATER)
    assert sign_in(changed.user, RIGHT, LATER, rules=RULES).admission


@settings(deadline=None, max_examples=60)
@given(st.lists(st.booleans(), max_size=14))
def test_sign_in__any_attempts__locks_after_the_limit_in_a_row_and_never_before(
    right: list[bool],
) -> None:
    one, in_a_row, locked = user(), 0, False
    for attempt_is_right in right:
        outcome = sign_in(one, RIGHT if attempt_is_right else WRONG, LATER, rules=RULES)
        assert (outcome.admission is not None) == (attempt_is_right and not locked)
        if not locked:
            in_a_row = 0 if attempt_is_right else in_a_row + 1
            locked = in_a_row == RULES.most_failures
        assert outcome.user is not None
        one = outcome.user
        assert (one.status is UserStatus.LOCKED) == locked
        assert one.failed_password_count == in_a_row


def test_repr__of_whatever_has_a_secret__shows_none() -> None:
    one = with_device(user())
    attempt = Attempt(password=PASSWORD, code="123456")
    shown = repr((one, attempt, sign_in(one, attempt, LATER, rules=RULES)))
    for secret in (PASSWORD, "123456", SECRET, one.password_hash, one.name, one.employee_code):
        assert secret not in shown
