"""What users do for themselves, right after a good sign-in: change the password, enrol a second factor.

Both take the outcome of that sign-in, which is never stored: a session that somebody found open is not enough.
"""

from datetime import datetime

from genbo.governance.audit_action import AuditAction
from genbo.governance.users.one_time_code import CodeVerdict, SecondFactor, check_code
from genbo.governance.users.password_history import replace_password
from genbo.governance.users.signing_in import Admission, SignInOutcome, SignInRules
from genbo.governance.users.user import Changed, User, updated
from genbo.kernel import Reason, Refusal


def change_password(
    proof: SignInOutcome, *, password: str, rules: SignInRules, at: datetime
) -> Changed:
    """The user with a password of the user's own choice.

    Raises:
        Refusal: `sign_in_refused` when `proof` admits nobody; `password_weak`, `password_reused`.
    """
    user, _ = _admitted(proof)
    return Changed(
        user=replace_password(user, password, rules, chosen_at=at, by=user.id, at=at),
        action=AuditAction.PASSWORD_CHANGED,
    )


def enrol_second_factor(
    proof: SignInOutcome, *, secret: str, code: str, rules: SignInRules, at: datetime
) -> Changed:
    """The user with a device that has just shown the right code; that code is used up by it.

    Raises:
        Refusal: `sign_in_refused` when `proof` admits nobody, or to change the password only; `code_refused`.
    """
    user, admission = _admitted(proof)
    if admission is Admission.CHANGE_PASSWORD:
        raise Refusal(Reason.SIGN_IN_REFUSED)
    verdict, factor = check_code(SecondFactor(secret=secret), code, at, drift=rules.code_drift)
    if verdict is not CodeVerdict.ACCEPTED:
        raise Refusal(Reason.CODE_REFUSED)
    return Changed(
        user=updated(user, at=at, by=user.id, second_factor=factor),
        action=AuditAction.SECOND_FACTOR_ENROLLED,
    )


def _admitted(proof: SignInOutcome) -> tuple[User, Admission]:
    admission = proof.require_admission()
    if proof.user is None:
        raise ValueError("an admission of nobody")
    return proof.user, admission
