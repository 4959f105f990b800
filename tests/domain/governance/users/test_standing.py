"""A user's standing: registered, locked, disabled, deleted, each by another person.

given a registration
├── when it is not an administrator's, a column is missing, or id or employee code is taken: it should be refused
└── otherwise: it should make a user without permissions, whose first password must be changed
given a user in any status and an act of another person
└── it should lead where the table of transitions leads, and be refused elsewhere
given the same person: every act should be refused
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from tests.support.people import AT, C1, PLATFORM, R1, R2, RULES, administrator, user

from genbo.governance import AuditAction
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    AccountKind,
    Admission,
    Attempt,
    Level,
    User,
    UserId,
    UserStatus,
    delete,
    disable,
    enable,
    register_user,
    sign_in,
    unlock,
)
from genbo.kernel import Reason, Refusal

LATER = AT + timedelta(hours=1)
ADMIN = administrator("ADMIN-1", Level.APPROVE)
INITIAL = "Given-To-You-99"


@dataclass
class Users:
    """A directory in memory."""

    known: list[User] = field(default_factory=list)

    def id_was_used(self, asked: UserId) -> bool:
        return any(each.id == asked for each in self.known)

    def employee_code_is_taken(self, institution: InstitutionId, code: str) -> bool:
        return any(
            each.institution.id == institution and each.employee_code == code
            for each in self.known
            if each.status is not UserStatus.DELETED
        )


def registered(known: Users | None = None, **columns):  # type: ignore[no-untyped-def]
    return register_user(
        **{
            "id": UserId("U7"),
            "institution": R1,
            "branch_code": "001",
            "branch_name": "本店",
            "section_group": "原簿課",
            "kind": AccountKind.OPERATOR,
            "name": "見本 七子",
            "employee_code": "E-0007",
            "initial_password": INITIAL,
            "directory": known or Users(),
            "rules": RULES,
            "by": ADMIN,
            "at": LATER,
            **columns,
        }
    )


def test_register__by_an_administrator__makes_a_user_without_power() -> None:
    changed = registered()
    assert changed.action is AuditAction.USER_REGISTERED
    one = changed.user
    assert (one.status, one.permissions, one.second_factor) == (
        UserStatus.ACTIVE,
        frozenset(),
        None,
    )
    assert (one.created_at, one.created_by) == (one.updated_at, one.updated_by) == (LATER, ADMIN.id)
    outcome = sign_in(one, Attempt(password=INITIAL), LATER, rules=RULES)
    assert outcome.admission is Admission.CHANGE_PASSWORD


@pytest.mark.parametrize(
    ("columns", "reason", "fact"),
    [
        ({"by": user("ADMIN-2")}, Reason.PERMISSION_MISSING, "users:make or users:approve"),
        ({"by": administrator("X", Level.MAKE, of=R2)}, Reason.PERMISSION_MISSING, "X"),
        ({"id": "七"}, Reason.KEY_MALFORMED, "七"),
        ({"branch_code": ""}, Reason.FIELD_MISSING, "branch_code"),
        ({"name": " "}, Reason.FIELD_MISSING, "user_name"),
        ({"employee_code": ""}, Reason.FIELD_MISSING, "employee_code"),
        ({"initial_password": "short"}, Reason.PASSWORD_WEAK, "at least 12 characters"),
    ],
)
def test_register__columns_or_actor_not_right__is_refused(columns, reason, fact) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused:
        registered(**columns)
    assert refused.value.reason is reason
    assert fact in refused.value.facts.values()


def test_register__id_or_employee_code_taken__is_refused_and_a_deleted_id_stays_taken() -> None:
    """R-PROGMAT-T14.1, T14.7."""
    first = registered().user
    for status, columns, taken in (
        (UserStatus.ACTIVE, {}, "user_id"),
        (UserStatus.DELETED, {}, "user_id"),
        (UserStatus.ACTIVE, {"id": "U8"}, "employee_code"),
    ):
        with pytest.raises(Refusal) as refused:
            registered(Users([replace(first, status=status)]), **columns)
        assert refused.value.reason is Reason.USER_TWICE
        assert refused.value.facts["field"] == taken
        assert "E-0007" not in str(refused.value)
    elsewhere = administrator("ADMIN-1", Level.MAKE, of=R2)
    assert registered(Users([first]), id="U8", institution=R2, by=elsewhere).user.id == "U8"
    gone = Users([replace(first, status=UserStatus.DELETED)])
    assert registered(gone, id="U8").user.employee_code == "E-0007"


def test_register__custodian_without_administrators__is_looked_after_by_the_platform() -> None:
    by = administrator("PF-1", Level.MAKE, of=PLATFORM)
    assert registered(institution=C1, by=by).user.institution == C1


ACTS = {
    unlock: {UserStatus.LOCKED: UserStatus.ACTIVE},
    enable: {UserStatus.DISABLED: UserStatus.ACTIVE},
    disable: {
        UserStatus.ACTIVE: UserStatus.DISABLED,
        UserStatus.LOCKED: UserStatus.DISABLED,
    },
    delete: {
        UserStatus.ACTIVE: UserStatus.DELETED,
        UserStatus.LOCKED: UserStatus.DELETED,
        UserStatus.DISABLED: UserStatus.DELETED,
    },
}


@pytest.mark.parametrize("status", UserStatus)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_act__on_a_user_in_any_status__leads_where_the_table_leads(act, status) -> None:  # type: ignore[no-untyped-def]
    one = replace(user(), status=status, failed_password_count=5)
    wanted = ACTS[act].get(status)
    if wanted is None:
        with pytest.raises(Refusal) as refused:
            act(one, by=ADMIN, at=LATER)
        assert refused.value.reason in (Reason.USER_STATUS_UNREACHABLE, Reason.USER_NOT_ACTIVE)
        return
    changed = act(one, by=ADMIN, at=LATER)
    assert changed.user.status is wanted
    assert changed.action.value.endswith(f":{act.__name__.rstrip('e')}ed")
    assert changed.user.failed_password_count == (0 if wanted is UserStatus.ACTIVE else 5)
    assert (changed.user.updated_at, changed.user.updated_by) == (LATER, ADMIN.id)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_act__by_the_user_or_by_nobody_in_charge__is_refused(act) -> None:  # type: ignore[no-untyped-def]
    one = replace(user(), status=next(iter(ACTS[act])))
    for by, reason in (
        (replace(ADMIN, id=one.id), Reason.SAME_PERSON),
        (user("U2"), Reason.PERMISSION_MISSING),
        (administrator("X", Level.MAKE, of=R2), Reason.PERMISSION_MISSING),
        (replace(ADMIN, status=UserStatus.LOCKED), Reason.USER_NOT_ACTIVE),
    ):
        with pytest.raises(Refusal) as refused:
            act(one, by=by, at=LATER)
        assert refused.value.reason is reason


def test_user__instants_that_cannot_be__are_a_bug() -> None:
    """R-PROGMAT-T14.17."""
    with pytest.raises(ValueError, match="before it was created"):
        replace(user(), updated_at=AT - timedelta(seconds=1))
    with pytest.raises(ValueError, match="without a zone"):
        replace(user(), created_at=datetime(2026, 4, 1))  # noqa: DTZ001  the point of the test


def test_user__clock_went_back__never_takes_the_last_change_back() -> None:
    changed = disable(replace(user(), updated_at=LATER), by=ADMIN, at=AT)
    assert changed.user.updated_at == LATER
