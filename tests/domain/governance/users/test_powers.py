"""Powers: what may be held, what excludes each other, and how it is granted (R-JSTOA-6.2.3a, FIG3.1 to 3.3).

given the matrix A.1.6
├── it should grant on the ledger exactly what `governance.matrix` grants, post by post
└── it should grant off the ledger what the table of the requirement says, and nothing in empty cells
given two permissions
└── they should exclude each other as the rules say, in either order, and never for reading
given a grant
├── when role, kind, evidence or persons are not right: it should be refused with that reason
├── when it excludes something held: it should be refused with the pair
├── when something changed between proposal and approval: it should be judged again
└── otherwise: it should be done, by two other persons, with its audit action
given any sequence of grants: nobody should ever hold two that exclude each other
"""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.people import (
    AT,
    B1,
    C1,
    EVIDENCE,
    INSTITUTIONS,
    PLATFORM,
    R1,
    R2,
    administrator,
    of_kind,
    with_device,
)
from tests.support.people import (
    user as without_device,
)

from genbo.governance import EXCLUDES, AuditAction, Duty, Role
from genbo.governance.institutions import ROLES, InstitutionRole
from genbo.governance.matrix import duties_of
from genbo.governance.users import (
    DUTIES_OF_WORK,
    OFF_LEDGER,
    AccountKind,
    GrantAct,
    Level,
    Permission,
    User,
    UserStatus,
    Work,
    approve,
    conflict,
    exclude_each_other,
    permitted,
    permitted_to_post,
    propose,
)
from genbo.kernel import Digest, Reason, Refusal

LATER = AT + timedelta(hours=1)


def user(*given_, **parts) -> User:  # type: ignore[no-untyped-def]
    """A user who has enrolled a second factor."""
    return with_device(without_device(*given_, **parts))


MAKER = administrator("ADMIN-1", Level.MAKE)
APPROVER = administrator("ADMIN-2", Level.APPROVE)
EVERYTHING = [Permission(work, level) for work in Work for level in Level]


def may(text: str) -> Permission:
    work, level = text.split(":")
    return Permission(Work(work), Level(level))


def granted(one: User, text: str, maker: User = MAKER, approver: User = APPROVER) -> User:
    proposal = propose(
        GrantAct.GRANT, may(text), user=one, maker=maker, evidence=EVIDENCE, at=LATER
    )
    return approve(proposal, approved=proposal.digest(), user=one, approver=approver, at=LATER).user


# ── The matrix

PERSONAL = {
    # post: personal data, register output, users and permissions, as A.1.6 has them (True: not "-", not "none")
    Role.PLATFORM_OPERATOR: (False, False, True),
    Role.REGISTRAR: (True, True, True),
    Role.ISSUER: (True, True, True),
    Role.PAYMENT_OPERATOR: (True, False, False),
    Role.RECONCILIATION_OFFICER: (True, True, False),
    Role.BROKER: (True, True, True),
    Role.DELEGATING_BROKER: (True, True, True),
    Role.INTERMEDIARY: (True, False, False),
    Role.COMPLIANCE: (True, True, False),
    Role.AUDITOR: (True, True, False),
}


@pytest.mark.parametrize("post", Role)
def test_post__on_the_ledger__holds_the_duties_of_the_matrix(post: Role) -> None:
    held: set[Duty] = set()
    for permission in permitted_to_post(post):
        duties = DUTIES_OF_WORK.get(permission.work, frozenset())
        if permission.level in (Level.MAKE, Level.APPROVE) and duties <= duties_of(post):
            held |= duties
    assert held == duties_of(post)


def test_works__together__take_every_duty_that_people_hold() -> None:
    assert frozenset().union(*DUTIES_OF_WORK.values()) == set(Duty) - {Duty.FACTORY}


@pytest.mark.parametrize("post", Role)
def test_post__personal_data_register_and_users__are_as_the_requirement_has_them(
    post: Role,
) -> None:
    held = permitted_to_post(post)
    asked = (may("personal_data:read"), may("register:read"), may("users:make"))
    assert tuple(each in held for each in asked) == PERSONAL[post]
    assert set(OFF_LEDGER) == set(Role)


def test_post__auditor__only_reads() -> None:
    assert {each.level for each in permitted_to_post(Role.AUDITOR)} == {Level.READ}


def test_post__reconciliation_officer__never_transfers() -> None:
    works = {each.work for each in permitted_to_post(Role.RECONCILIATION_OFFICER)}
    assert works.isdisjoint({Work.TRANSFER, Work.PAYMENT, Work.REPAIR})


def test_platform_manager__people__have_no_business_rights_and_read_no_person() -> None:
    works = {each.work for each in permitted(InstitutionRole.PLATFORM_MANAGER)}
    assert works == {Work.MARKET, Work.STOP, Work.RESUME, Work.USERS}


def test_institution__without_node__makes_nothing_on_the_ledger() -> None:
    for role, facts in ROLES.items():
        if facts.node is None:
            making = {each.work for each in permitted(role) if each.level is Level.MAKE}
            assert making <= {Work.USERS, Work.RECONCILIATION}, role


# ── What excludes each other


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("issue:make", "issue:approve", True),
        ("payment:make", "reconciliation:make", True),
        ("payment:approve", "reconciliation:make", True),
        ("transfer:request", "reconciliation:make", True),
        ("stop:make", "resume:make", True),
        ("stop:make", "resume:approve", True),
        ("restrict:make", "issue:make", True),
        ("release:approve", "issue:make", True),
        ("distribute:make", "repair:approve", True),
        ("issue:request", "restrict:request", False),
        ("issue:make", "repair:approve", False),
        ("restrict:make", "release:make", False),
        ("payment:make", "reconciliation:read", False),
        ("issue:read", "issue:approve", False),
        ("users:make", "users:approve", True),
    ],
)
def test_exclusion__two_permissions__is_as_the_rules_say_in_either_order(
    one: str, other: str, excluded: bool
) -> None:
    assert exclude_each_other(may(one), may(other)) is excluded
    assert exclude_each_other(may(other), may(one)) is excluded


def test_exclusion__each_pair_of_the_ledger__is_an_exclusion_of_works() -> None:
    for pair in EXCLUDES:
        first, second = pair
        works = [
            next(work for work, duties in DUTIES_OF_WORK.items() if duties == {duty})
            for duty in (first, second)
        ]
        for level in (Level.MAKE, Level.APPROVE):
            assert exclude_each_other(Permission(works[0], level), Permission(works[1], level))


@pytest.mark.parametrize("permission", EVERYTHING, ids=str)
def test_exclusion__reading_and_itself__is_none(permission: Permission) -> None:
    assert not exclude_each_other(permission, permission)
    for work in Work:
        assert not exclude_each_other(permission, Permission(work, Level.READ))


# ── Granting


def test_grant__by_two_others_on_evidence__is_done_and_named() -> None:
    one = user()
    proposal = propose(
        GrantAct.GRANT, may("issue:make"), user=one, maker=MAKER, evidence=EVIDENCE, at=AT
    )
    changed = approve(proposal, approved=proposal.digest(), user=one, approver=APPROVER, at=LATER)
    assert changed.action is AuditAction.PERMISSION_GRANTED
    assert changed.user.permissions == {may("issue:make")}
    assert (changed.user.updated_by, changed.user.updated_at) == (APPROVER.id, LATER)


def test_revocation__by_two_others__takes_that_permission_and_no_other() -> None:
    one = granted(granted(user(), "issue:make"), "register:read")
    proposal = propose(
        GrantAct.REVOKE, may("issue:make"), user=one, maker=MAKER, evidence=EVIDENCE, at=LATER
    )
    changed = approve(proposal, approved=proposal.digest(), user=one, approver=APPROVER, at=LATER)
    assert changed.action is AuditAction.PERMISSION_REVOKED
    assert changed.user.permissions == {may("register:read")}


def test_grant__excludes_something_held__is_refused_with_the_pair() -> None:
    one = granted(user(of=C1), "payment:make", *_platform_administrators())
    with pytest.raises(Refusal) as refused:
        granted(one, "reconciliation:make", *_platform_administrators())
    assert refused.value.reason is Reason.DUTIES_EXCLUDE
    assert refused.value.facts == {
        "user": "U1",
        "held": "payment:make",
        "asked": "reconciliation:make",
    }


@pytest.mark.parametrize(
    ("held", "asked", "of"),
    [
        ("issue:make", "issue:approve", R1),
        ("stop:make", "resume:approve", PLATFORM),
        ("restrict:make", "issue:approve", R1),
        ("distribute:make", "repair:make", R1),
    ],
)
def test_grant__maker_and_approver_or_duties_that_exclude__is_refused(held, asked, of) -> None:  # type: ignore[no-untyped-def]
    one = granted(user(of=of, kind=AccountKind.APPROVER), held, *_platform_administrators())
    with pytest.raises(Refusal) as refused:
        granted(one, asked, *_platform_administrators())
    assert refused.value.facts == {"user": "U1", "held": held, "asked": asked}


def _platform_administrators() -> tuple[User, User]:
    return (
        administrator("PF-1", Level.MAKE, of=PLATFORM),
        administrator("PF-2", Level.APPROVE, of=PLATFORM),
    )


@pytest.mark.parametrize(
    ("one", "asked", "reason"),
    [
        (user(of=B1), "issue:make", Reason.PERMISSION_NOT_OF_ROLE),
        (user(of=R1), "stop:make", Reason.PERMISSION_NOT_OF_ROLE),
        (user(of=R1), "issue:approve", Reason.PERMISSION_NOT_OF_KIND),
        (without_device(of=R1), "issue:make", Reason.SECOND_FACTOR_MISSING),
        (without_device(of=R1), "personal_data:read", Reason.SECOND_FACTOR_MISSING),
        (user(of=R1), "users:make", Reason.PERMISSION_NOT_OF_KIND),
        (user(kind=AccountKind.AUDITOR), "issue:make", Reason.PERMISSION_NOT_OF_KIND),
        (user(kind=AccountKind.ADMINISTRATOR), "issue:make", Reason.PERMISSION_NOT_OF_KIND),
        (user("U1", may("issue:make")), "issue:make", Reason.PERMISSION_UNCHANGED),
        (replace(user(), status=UserStatus.DELETED), "issue:make", Reason.USER_NOT_ACTIVE),
    ],
)
def test_grant__not_of_role_kind_or_state__is_refused(
    one: User, asked: str, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        granted(one, asked, *_platform_administrators())
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("maker", "reason"),
    [
        (user("ADMIN-3"), Reason.PERMISSION_MISSING),
        (administrator("ADMIN-3", Level.APPROVE), Reason.PERMISSION_MISSING),
        (administrator("ADMIN-3", Level.MAKE, of=R2), Reason.PERMISSION_MISSING),
        (replace(MAKER, status=UserStatus.LOCKED), Reason.USER_NOT_ACTIVE),
        (replace(MAKER, suspended_by=frozenset({"ADMIN-9"})), Reason.POWERS_SUSPENDED),
        (administrator("U1", Level.MAKE), Reason.SAME_PERSON),
    ],
)
def test_propose__maker_may_not__is_refused(maker: User, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        granted(user(), "issue:make", maker=maker)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("approver", "reason"),
    [
        (administrator("ADMIN-3", Level.MAKE), Reason.PERMISSION_MISSING),
        (administrator("ADMIN-3", Level.APPROVE, of=R2), Reason.PERMISSION_MISSING),
        (replace(APPROVER, status=UserStatus.DISABLED), Reason.USER_NOT_ACTIVE),
        (administrator("ADMIN-1", Level.APPROVE), Reason.SAME_PERSON),
        (administrator("U1", Level.APPROVE), Reason.SAME_PERSON),
    ],
)
def test_approve__approver_may_not__is_refused(approver: User, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        granted(user(), "issue:make", approver=approver)
    assert refused.value.reason is reason


@pytest.mark.parametrize("evidence", ["", "0x", "0x" + 64 * "0", "a decision"])
def test_propose__no_evidence__is_refused(evidence: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(
            GrantAct.GRANT,
            may("issue:make"),
            user=user(),
            maker=MAKER,
            evidence=Digest(evidence),
            at=AT,
        )
    assert refused.value.reason is Reason.EVIDENCE_MISSING


def test_approve__another_proposal_was_read__is_refused() -> None:
    one = user()
    read, stands = (
        propose(GrantAct.GRANT, may(text), user=one, maker=MAKER, evidence=EVIDENCE, at=AT)
        for text in ("register:read", "issue:make")
    )
    with pytest.raises(Refusal) as refused:
        approve(stands, approved=read.digest(), user=one, approver=APPROVER, at=LATER)
    assert refused.value.reason is Reason.PROPOSAL_DIFFERS


def test_proposal__any_part_differs__has_another_digest() -> None:
    proposal = propose(
        GrantAct.GRANT, may("issue:make"), user=user(), maker=MAKER, evidence=EVIDENCE, at=AT
    )
    others = [
        replace(proposal, act=GrantAct.REVOKE),
        replace(proposal, user="U2"),
        replace(proposal, institution="R2"),
        replace(proposal, permission=may("issue:approve")),
        replace(proposal, maker="ADMIN-9"),
        replace(proposal, evidence=Digest("0x" + 64 * "d")),
        replace(proposal, made_at=LATER),
    ]
    assert len({proposal.digest(), *(each.digest() for each in others)}) == 1 + len(others)


def test_approve__something_was_granted_in_between__is_judged_again() -> None:
    one = user(kind=AccountKind.APPROVER)
    proposal = propose(
        GrantAct.GRANT, may("issue:approve"), user=one, maker=MAKER, evidence=EVIDENCE, at=AT
    )
    one = granted(one, "issue:make")
    with pytest.raises(Refusal) as refused:
        approve(proposal, approved=proposal.digest(), user=one, approver=APPROVER, at=LATER)
    assert refused.value.reason is Reason.DUTIES_EXCLUDE


@settings(deadline=None)
@given(
    of=st.sampled_from(INSTITUTIONS),
    kind=st.sampled_from(AccountKind),
    asked=st.lists(st.sampled_from(EVERYTHING), max_size=40),
)
def test_grant__any_sequence__never_joins_what_excludes_each_other(of, kind, asked) -> None:  # type: ignore[no-untyped-def]
    one = of_kind(user(of=of), kind)
    for permission in asked:
        before = one
        try:
            one = granted(one, str(permission), *_platform_administrators())
        except Refusal as refusal:
            if refusal.reason is Reason.DUTIES_EXCLUDE:
                assert conflict(before.permissions, permission) is not None
        else:
            assert one.permissions == before.permissions | {permission}
    assert one.permissions <= permitted(of.role)
    assert all(kind.admits(each) for each in one.permissions)
    assert not any(exclude_each_other(*pair) for pair in combinations(one.permissions, 2))
