"""Machine credentials, apart by scope (R-PROGMAT-API-1 to 4, D.5.3).

given a proposal of a credential
├── when maker, approver, evidence or dates are not right: it should be refused
└── otherwise: it should be issued, by two persons, and keep no secret
given a machine that shows a credential
├── when there is none, the secret is wrong, or it is not valid then: it should be refused, all the same way
├── when it is good for the other scope: it should be refused by that name
└── otherwise: it should be its institution's
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.people import AT, B1, B2, EVIDENCE, administrator, user

from genbo.governance import AuditAction
from genbo.governance.users import (
    CredentialId,
    Level,
    MachineCredential,
    Scope,
    UserStatus,
    authenticate,
    issue_credential,
    new_credential_secret,
    propose_credential,
    revoke_credential,
)
from genbo.kernel import Digest, Reason, Refusal

MAKER = administrator("ADMIN-1", Level.MAKE, of=B2)
APPROVER = administrator("ADMIN-2", Level.APPROVE, of=B2)
UNTIL = AT + timedelta(days=365)
SECRET = new_credential_secret()
SECOND = timedelta(seconds=1)


def proposal(**columns):  # type: ignore[no-untyped-def]
    return propose_credential(
        **{
            "id": CredentialId("B2-READ-1"),
            "institution": B2,
            "scope": Scope.REFERENCE,
            "valid_from": AT,
            "valid_until": UNTIL,
            "maker": MAKER,
            "evidence": EVIDENCE,
            "at": AT,
            **columns,
        }
    )


def issued(**columns) -> MachineCredential:  # type: ignore[no-untyped-def]
    asked = proposal(**columns)
    return issue_credential(
        asked, approved=asked.digest(), approver=APPROVER, secret=SECRET, at=AT
    ).credential


def test_issue__by_two_on_evidence__keeps_the_persons_and_not_the_secret() -> None:
    asked = proposal()
    changed = issue_credential(
        asked, approved=asked.digest(), approver=APPROVER, secret=SECRET, at=AT
    )
    assert changed.action is AuditAction.CREDENTIAL_ISSUED
    assert (changed.credential.maker, changed.credential.approver) == ("ADMIN-1", "ADMIN-2")
    assert SECRET not in repr(changed)
    assert SECRET.encode() not in changed.credential.secret_hash
    assert changed.credential.secret_hash.hex() not in repr(changed)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"maker": user(of=B2)}, Reason.PERMISSION_MISSING),
        ({"maker": administrator("ADMIN-1", Level.MAKE, of=B1)}, Reason.PERMISSION_MISSING),
        ({"maker": replace(MAKER, status=UserStatus.LOCKED)}, Reason.USER_NOT_ACTIVE),
        ({"evidence": Digest("")}, Reason.EVIDENCE_MISSING),
        ({"id": ""}, Reason.KEY_MALFORMED),
        ({"valid_until": AT}, Reason.FIELD_INVALID),
    ],
)
def test_propose__not_right__is_refused(columns, reason) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused:
        proposal(**columns)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("approver", "reason"),
    [
        (administrator("ADMIN-1", Level.APPROVE, of=B2), Reason.SAME_PERSON),
        (MAKER, Reason.PERMISSION_MISSING),
        (administrator("ADMIN-9", Level.APPROVE, of=B1), Reason.PERMISSION_MISSING),
    ],
)
def test_issue__no_second_person__is_refused(approver, reason) -> None:  # type: ignore[no-untyped-def]
    asked = proposal()
    with pytest.raises(Refusal) as refused:
        issue_credential(asked, approved=asked.digest(), approver=approver, secret=SECRET, at=AT)
    assert refused.value.reason is reason


def test_issue__other_scope_than_was_read__is_refused() -> None:
    read, stands = proposal(), proposal(scope=Scope.UPDATE)
    with pytest.raises(Refusal) as refused:
        issue_credential(stands, approved=read.digest(), approver=APPROVER, secret=SECRET, at=AT)
    assert refused.value.reason is Reason.PROPOSAL_DIFFERS


def test_issue__guessable_secret__is_a_bug() -> None:
    asked = proposal()
    with pytest.raises(ValueError, match="random"):
        issue_credential(asked, approved=asked.digest(), approver=APPROVER, secret="secret", at=AT)


def test_authenticate__good_one__is_its_institution_from_first_to_last_instant() -> None:
    credential = issued()
    for at in (AT, UNTIL - SECOND):
        found = authenticate(credential, secret=SECRET, scope=Scope.REFERENCE, at=at)
        assert found == B2


def test_authenticate__none_wrong_early_late_or_revoked__are_the_same_refusal() -> None:
    good = issued()
    revoked = revoke_credential(good, by=MAKER, at=AT + SECOND)
    assert revoked.action is AuditAction.CREDENTIAL_REVOKED
    assert authenticate(revoked.credential, secret=SECRET, scope=Scope.REFERENCE, at=AT) == B2
    cases = [
        (None, SECRET, AT),
        (None, "", AT),
        (good, "", AT),
        (good, SECRET[:-1], AT),
        (good, "\ud800", AT),
        (good, SECRET, AT - SECOND),
        (good, SECRET, UNTIL),
        (revoked.credential, SECRET, AT + SECOND),
    ]
    for credential, secret, at in cases:
        with pytest.raises(Refusal) as refused:
            authenticate(credential, secret=secret, scope=Scope.REFERENCE, at=at)
        assert refused.value.args == (Reason.CREDENTIAL_REFUSED.value, {})


@pytest.mark.parametrize("scope", Scope)
def test_authenticate__other_scope__is_refused_by_name(scope: Scope) -> None:
    """D.5.3 and R-PROGMAT-API-3: a reference credential never writes, and the other never reads."""
    credential = issued(scope=scope)
    (other,) = set(Scope) - {scope}
    assert authenticate(credential, secret=SECRET, scope=scope, at=AT) == B2
    with pytest.raises(Refusal) as refused:
        authenticate(credential, secret=SECRET, scope=other, at=AT)
    assert refused.value.reason is Reason.SCOPE_MISSING
    assert refused.value.facts == {"credential": "B2-READ-1", "scope": other.value}


def test_revoke__by_one_administrator__is_enough_and_a_later_one_does_not_undo_it() -> None:
    first = revoke_credential(issued(), by=APPROVER, at=AT + SECOND).credential
    again = revoke_credential(first, by=MAKER, at=AT + 5 * SECOND).credential
    assert again.revoked_at == AT + SECOND
    with pytest.raises(Refusal) as refused:
        revoke_credential(first, by=administrator("X", Level.MAKE, of=B1), at=AT)
    assert refused.value.reason is Reason.PERMISSION_MISSING
