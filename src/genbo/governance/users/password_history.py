"""Replacing a password (パスワードの変更) by or for its user: the history of two (R-PROGMAT-T14.9, T14.10)."""

from datetime import datetime

from genbo.governance.users.password import hash_password, require_good, require_unused
from genbo.governance.users.signing_in import SignInRules
from genbo.governance.users.user import User, UserId, updated


def replace_password(
    user: User,
    password: str,
    rules: SignInRules,
    *,
    chosen_at: datetime | None,
    by: UserId,
    at: datetime,
) -> User:
    """The user with a new password and the two before it kept to compare with.

    `chosen_at` is None for a password that somebody else set.

    Raises:
        Refusal: `password_weak`; `password_reused` for the present one, the previous one and the one before.
    """
    require_good(password, rules.passwords, own_words=(user.id, user.name, user.employee_code))
    present, previous = user.password_hash, user.password_hash_prev1
    require_unused(password, (present, previous, user.password_hash_prev2))
    return updated(
        user,
        at=at,
        by=by,
        password_hash=hash_password(password, rules.hashing),
        password_hash_prev1=present,
        password_hash_prev2=previous,
        password_changed_at=chosen_at,
    )
