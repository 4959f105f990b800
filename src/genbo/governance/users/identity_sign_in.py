"""Sign-in through an identity provider (外部認証, OpenID Connect): whose the identity is, and may the user enter.

The provider has proved who somebody is (`providers.oidc`); it says nothing about what that person may do here.

    given an identity that no user is bound to    refused: unknown_identity
    given the user who is bound to it
    ├── deleted, disabled or locked               refused: that
    ├── unused for longer than allowed            refused: unused; the user is disabled
    └── active                                    admitted in full, last logon now
"""

from datetime import datetime

from genbo.governance.audit_action import AuditAction
from genbo.governance.users.signing_in import (
    CLOSED,
    Admission,
    Cause,
    SignInOutcome,
    SignInRules,
    disused,
    refused,
)
from genbo.governance.users.user import User, updated


def sign_in_by_identity(user: User | None, at: datetime, *, rules: SignInRules) -> SignInOutcome:
    """What becomes of somebody whom the provider has vouched for. `user` is the one bound to the identity."""
    if user is None:
        return refused(None, Cause.UNKNOWN_IDENTITY)
    if closed := CLOSED.get(user.status):
        return refused(user, closed)
    if (outcome := disused(user, at, rules)) is not None:
        return outcome
    admitted = updated(user, at=at, by=user.id, failed_password_count=0, last_logon_at=at)
    return SignInOutcome(
        user=admitted, admission=Admission.FULL, actions=(AuditAction.USER_SIGNED_IN,)
    )
