"""Another way to sign in, and what a reset leaves of a user's powers.

given a change of the means of sign-in
├── when it is not by two others on evidence, or there is nothing to change: it should be refused
├── when a second factor is removed: it should be enrolled again, and the permissions should rest
├── when an identity is bound: the user should sign in through the provider only
└── when it is somebody else's identity: it should be refused
given a reset
├── it should leave no permission that counts
├── when somebody confirms who had a part in it, or before the user has a password and a device: it should be refused
└── when another administrator confirms: everything should count again
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.people import (
    AT,
    EVIDENCE,
    PASSWORD,
    RULES,
    administrator,
    user,
    with_device,
)

from genbo.governance import AuditAction
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    Admission,
    Attempt,
    Cause,
    Founder,
    Level,
    MeansAct,
    MeansProposal,
    User,
    UserId,
    UserStatus,
    approve_means,
    confirm,
    erase,
    found,
    permission_named,
    propose_means,
    reset_password,
    sign_in,
    sign_in_by_identity,
)
from genbo.kernel import Digest, Reason, Refusal

LATER = AT + timedelta(hours=1)
ADMIN = administrator("ADMIN-1", Level.MAKE)
APPROVER = administrator("ADMIN-2", Level.APPROVE)
IDENTITY = Digest("0x" + 64 * "1")
ISSUES, READS = permission_named("issue:make"), permission_named("register:read")
ONE = with_device(user("U1", ISSUES, READS))


class Nobody:
    """A directory in which every identity is free, or every one is taken."""

    def __init__(self, *, taken: bool = False, users: bool = False) -> None:
        self._taken, self._users = taken, users

    def has_users(self) -> bool:
        return self._users

    def id_was_used(self, user: UserId) -> bool:
        return False

    def identity_is_taken(self, identity: Digest) -> bool:
        return self._taken

    def employee_code_is_taken(self, institution: InstitutionId, code: str) -> bool:
        return False


def proposed(
    one: User = ONE, act: MeansAct = MeansAct.REMOVE_SECOND_FACTOR, **parts
) -> MeansProposal:  # type: ignore[no-untyped-def]
    identity = IDENTITY if act is MeansAct.BIND_IDENTITY else None
    given = {"maker": ADMIN, "evidence": EVIDENCE, "directory": Nobody(), "identity": identity}
    return propose_means(act, user=one, at=LATER, **(given | parts))


def approved(proposal: MeansProposal, one: User = ONE, **parts):  # type: ignore[no-untyped-def]
    given = {"approved": proposal.digest(), "approver": APPROVER, "directory": Nobody()}
    return approve_means(proposal, user=one, at=LATER, **(given | parts))


def test_second_factor__removed_by_two_others__is_enrolled_again_and_powers_rest() -> None:
    changed = approved(proposed())
    assert changed.action is AuditAction.SECOND_FACTOR_REMOVED
    assert changed.user.updated_by == APPROVER.id
    assert (changed.user.permissions, changed.user.powers) == ({ISSUES, READS}, frozenset())
    outcome = sign_in(changed.user, Attempt(password=PASSWORD), LATER, rules=RULES)
    assert outcome.admission is Admission.ENROL


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"maker": replace(ADMIN, id=ONE.id)}, Reason.SAME_PERSON),
        ({"maker": APPROVER}, Reason.PERMISSION_MISSING),
        ({"evidence": ""}, Reason.EVIDENCE_MISSING),
        ({"one": user()}, Reason.SECOND_FACTOR_MISSING),
        ({"act": MeansAct.UNBIND_IDENTITY}, Reason.IDENTITY_MISSING),
        (
            {"act": MeansAct.BIND_IDENTITY, "directory": Nobody(taken=True)},
            Reason.IDENTITY_TAKEN,
        ),
        ({"one": replace(ONE, status=UserStatus.DELETED)}, Reason.USER_NOT_ACTIVE),
    ],
)
def test_means__proposal_that_may_not_be__is_refused(parts, reason) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused:
        proposed(**parts)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"approver": replace(APPROVER, id=ADMIN.id)}, Reason.SAME_PERSON),
        ({"approver": replace(APPROVER, id=ONE.id)}, Reason.SAME_PERSON),
        ({"approver": ADMIN}, Reason.PERMISSION_MISSING),
        ({"approved": Digest("0x" + 64 * "9")}, Reason.PROPOSAL_DIFFERS),
        ({"one": user()}, Reason.SECOND_FACTOR_MISSING),
    ],
)
def test_means__approval_that_may_not_be__is_refused(parts, reason) -> None:  # type: ignore[no-untyped-def]
    """Or one administrator could set a password, enrol a device, and sign in as the second person."""
    with pytest.raises(Refusal) as refused:
        approved(proposed(), **parts)
    assert refused.value.reason is reason


def test_proposal__any_part_differs__has_another_digest() -> None:
    proposal = proposed(act=MeansAct.BIND_IDENTITY)
    others = [
        replace(proposal, act=MeansAct.UNBIND_IDENTITY),
        replace(proposal, user="U2"),
        replace(proposal, institution="R2"),
        replace(proposal, identity=Digest("0x" + 64 * "2")),
        replace(proposal, maker="ADMIN-9"),
        replace(proposal, evidence=Digest("0x" + 64 * "d")),
        replace(proposal, made_at=AT),
    ]
    assert len({proposal.digest(), *(each.digest() for each in others)}) == 1 + len(others)


def test_identity__bound__lets_in_through_the_provider_and_in_no_other_way() -> None:
    bound = approved(proposed(act=MeansAct.BIND_IDENTITY)).user
    assert (bound.identity, bound.powers) == (IDENTITY, {ISSUES, READS})
    typed = sign_in(bound, Attempt(password=PASSWORD), LATER, rules=RULES)
    assert (typed.admission, typed.cause, typed.user) == (None, Cause.BOUND, bound)
    outcome = sign_in_by_identity(bound, LATER, rules=RULES)
    assert outcome.admission is Admission.FULL
    assert outcome.user is not None
    assert outcome.user.last_logon_at == LATER
    released = approved(proposed(bound, MeansAct.UNBIND_IDENTITY), bound).user
    assert released.identity is None


def test_identity__released_from_a_user_without_device__lets_powers_rest() -> None:
    bound = replace(ONE, second_factor=None, identity=IDENTITY)
    assert approved(proposed(bound, MeansAct.UNBIND_IDENTITY), bound).user.powers == frozenset()


@pytest.mark.parametrize("status", [each for each in UserStatus if each is not UserStatus.ACTIVE])
def test_sign_in_by_identity__user_is_not_active__is_refused(status: UserStatus) -> None:
    bound = replace(ONE, identity=IDENTITY, status=status)
    outcome = sign_in_by_identity(bound, LATER, rules=RULES)
    assert (outcome.admission, outcome.cause, outcome.user) == (None, Cause(status.value), bound)


def test_sign_in_by_identity__nobody_is_bound__is_refused() -> None:
    outcome = sign_in_by_identity(None, LATER, rules=RULES)
    assert (outcome.user, outcome.cause) == (None, Cause.UNKNOWN_IDENTITY)
    with pytest.raises(Refusal):
        outcome.require_admission()


def test_sign_in_by_identity__unused_for_too_long__disables() -> None:
    late = AT + 2 * RULES.longest_disuse
    outcome = sign_in_by_identity(replace(ONE, identity=IDENTITY), late, rules=RULES)
    assert outcome.cause is Cause.UNUSED
    assert outcome.user is not None
    assert outcome.user.status is UserStatus.DISABLED


# ── What a reset leaves


def reset(one: User = ONE, by: User = ADMIN) -> User:
    given = f"Given-To-You-99-{by.id[-1]}"
    return reset_password(one, initial_password=given, rules=RULES, by=by, at=LATER).user


def test_reset__of_somebody_with_permissions__leaves_none_that_counts() -> None:
    after = reset()
    assert (after.permissions, after.powers) == ({ISSUES, READS}, frozenset())
    assert after.suspended_by == {ADMIN.id}


def test_reset__of_somebody_without_permissions__suspends_nothing() -> None:
    assert reset(user("U1")).suspended_by == frozenset()


def test_confirm__by_another_once_the_user_is_ready__lets_everything_count() -> None:
    ready = replace(reset(), password_changed_at=LATER)
    changed = confirm(ready, by=APPROVER, at=LATER)
    assert changed.action is AuditAction.POWERS_CONFIRMED
    assert changed.user.powers == {ISSUES, READS}
    assert changed.user.updated_by == APPROVER.id


@pytest.mark.parametrize(
    ("one", "by", "reason"),
    [
        (replace(reset(), password_changed_at=LATER), ADMIN, Reason.SAME_PERSON),
        (
            replace(reset(reset(), APPROVER), password_changed_at=LATER),
            ADMIN,
            Reason.SAME_PERSON,
        ),
        (
            replace(reset(), password_changed_at=LATER),
            replace(APPROVER, id=ONE.id),
            Reason.SAME_PERSON,
        ),
        (replace(reset(), password_changed_at=LATER), user(), Reason.PERMISSION_MISSING),
        (reset(), APPROVER, Reason.PASSWORD_NOT_CHOSEN),
        (
            replace(reset(), password_changed_at=LATER, second_factor=None),
            APPROVER,
            Reason.SECOND_FACTOR_MISSING,
        ),
        (ONE, APPROVER, Reason.POWERS_NOT_SUSPENDED),
        (replace(reset(), status=UserStatus.LOCKED), APPROVER, Reason.USER_NOT_ACTIVE),
    ],
)
def test_confirm__not_by_another_or_not_ready__is_refused(
    one: User, by: User, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        confirm(one, by=by, at=LATER)
    assert refused.value.reason is reason


def test_erase__user_was_not_deleted__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        erase(ONE, by=ADMIN, at=LATER)
    assert refused.value.reason is Reason.USER_STATUS_UNREACHABLE
    gone = erase(replace(ONE, status=UserStatus.DELETED), by=ADMIN, at=LATER)
    assert gone.action is AuditAction.USER_ERASED


# ── The first two


def founder(id_: str = "ADMIN-1", code: str = "E-1", **parts) -> Founder:  # type: ignore[no-untyped-def]
    given = {"name": f"創業 {id_}", "password": PASSWORD, "branch_code": "001"}
    return Founder(
        id=UserId(id_),
        employee_code=code,
        **{"branch_name": "本店", "section_group": ""} | given | parts,  # type: ignore[arg-type]
    )


def founded(first: Founder, second: Founder, **parts):  # type: ignore[no-untyped-def]
    given = {"institution": ONE.institution, "directory": Nobody()}
    return found(first, second, rules=RULES, at=AT, **(given | parts))


def test_found__two_persons__one_proposes_and_the_other_approves() -> None:
    first, second = founded(founder(), founder("ADMIN-2", "E-2"))
    assert [str(each) for each in first.permissions | second.permissions] != []
    assert first.permissions == {permission_named("users:make")}
    assert second.permissions == {permission_named("users:approve")}
    assert sign_in(first, Attempt(password=PASSWORD), AT, rules=RULES).admission is Admission.ENROL


@pytest.mark.parametrize(
    ("second", "parts", "reason"),
    [
        (founder("ADMIN-2", "E-2"), {"directory": Nobody(users=True)}, Reason.ACCESS_FOUNDED),
        (founder("ADMIN-1", "E-2"), {}, Reason.SAME_PERSON),
        (founder("ADMIN-2", "E-1"), {}, Reason.USER_TWICE),
        (founder("ADMIN-2", "E-2", password="short"), {}, Reason.PASSWORD_WEAK),
        (founder("ADMIN-2", "E-2", name=" "), {}, Reason.FIELD_MISSING),
        (founder("二人目", "E-2"), {}, Reason.KEY_MALFORMED),
    ],
)
def test_found__otherwise__is_refused(second, parts, reason) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused:
        founded(founder(), second, **parts)
    assert refused.value.reason is reason


def test_found__institution_whose_people_look_after_no_users__is_refused() -> None:
    from tests.support.people import C1

    with pytest.raises(Refusal) as refused:
        founded(founder(), founder("ADMIN-2", "E-2"), institution=C1)
    assert refused.value.reason is Reason.PERMISSION_NOT_OF_ROLE


@pytest.mark.parametrize("text", ["", "issue", "issue:", "issue:makes", ":make", "issue:make:x"])
def test_permission_named__none_of_that_name__is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        permission_named(text)
    assert refused.value.reason is Reason.FIELD_INVALID
