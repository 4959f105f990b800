"""Founding (初期管理者の登録): the first two administrators, before whom there is nobody who could register anybody.

given an installation
├── when it has users, or had: refused, for they do it from then on
├── when the two are one person: refused
├── when the people of that institution look after no users: refused
└── otherwise: one may propose and the other approve, each with a password of that person's own choice
"""

from dataclasses import dataclass, field
from datetime import datetime

from genbo.governance.institutions import Institution
from genbo.governance.users.password import hash_password, require_good
from genbo.governance.users.ports import UserDirectory
from genbo.governance.users.signing_in import SignInRules
from genbo.governance.users.two_persons import require_other
from genbo.governance.users.user import AccountKind, User, UserId
from genbo.governance.users.work import Level, Permission, Work, permitted
from genbo.kernel import Reason, Refusal, to_bytes32

FOUNDING = UserId("founding")
"""Who registers them, for the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """One of the two, as that person typed it."""

    id: UserId
    branch_code: str
    branch_name: str
    section_group: str
    name: str = field(repr=False)
    employee_code: str = field(repr=False)
    password: str = field(repr=False)


def found(
    first: Founder,
    second: Founder,
    *,
    institution: Institution,
    directory: UserDirectory,
    rules: SignInRules,
    at: datetime,
) -> tuple[User, User]:
    """The first may propose, the second approve. Both enrol a second factor before they do anything.

    Raises:
        Refusal: `access_founded`, `same_person`, `permission_not_of_role`, `key_malformed`, `field_missing`,
            `user_twice` for one employee code of two persons, `password_weak`.
    """
    if directory.has_users():
        raise Refusal(Reason.ACCESS_FOUNDED)
    require_other(first.id, "first", second.id, "second")
    if first.employee_code.strip() == second.employee_code.strip():
        raise Refusal(Reason.USER_TWICE, user=second.id, field="employee_code")
    return (
        _founder(first, Level.MAKE, institution, rules, at),
        _founder(second, Level.APPROVE, institution, rules, at),
    )


def _founder(
    one: Founder, level: Level, institution: Institution, rules: SignInRules, at: datetime
) -> User:
    permission = Permission(Work.USERS, level)
    if permission not in permitted(institution.role):
        raise Refusal(
            Reason.PERMISSION_NOT_OF_ROLE,
            permission=str(permission),
            role=institution.role.value,
            user=one.id,
        )
    to_bytes32(one.id)
    required = {
        "branch_code": one.branch_code,
        "user_name": one.name,
        "employee_code": one.employee_code,
    }
    for field_name, value in required.items():
        if not value.strip():
            raise Refusal(Reason.FIELD_MISSING, field=field_name)
    require_good(one.password, rules.passwords, own_words=(one.id, one.name, one.employee_code))
    return User(
        id=one.id,
        institution=institution,
        branch_code=one.branch_code,
        branch_name=one.branch_name,
        section_group=one.section_group,
        kind=AccountKind.ADMINISTRATOR,
        name=one.name,
        employee_code=one.employee_code,
        password_hash=hash_password(one.password, rules.hashing),
        password_changed_at=at,
        created_at=at,
        created_by=FOUNDING,
        updated_at=at,
        updated_by=FOUNDING,
        active_since=at,
        permissions=frozenset({permission}),
    )
