"""Invented institutions and people: three registrars, two custodians, three brokers, two issuers, one intermediary."""

from dataclasses import replace
from datetime import UTC, datetime

from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole, institution
from genbo.governance.users import (
    AccountKind,
    HashParameters,
    Level,
    Permission,
    SecondFactor,
    SignInRules,
    User,
    UserId,
    Work,
)
from genbo.governance.users.password import hash_password
from genbo.kernel import Digest

AT = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
EVIDENCE = Digest("0x" + 64 * "e")
CHEAP = HashParameters(time_cost=1, memory_kib=8, parallelism=1)
"""Real Argon2id, as cheap as it gets: tests hash hundreds of times."""
RULES = SignInRules(hashing=CHEAP)
PASSWORD = "Quiet-Harbour-71"
PASSWORD_HASH = hash_password(PASSWORD, CHEAP)


def _firm(name: str, role: InstitutionRole, custodian: Institution | None = None) -> Institution:
    return institution(id=InstitutionId(name), role=role, custodian=custodian)


PLATFORM = _firm("PF", InstitutionRole.PLATFORM_MANAGER)
R1, R2, R3 = (_firm(f"R{n}", InstitutionRole.REGISTRAR) for n in (1, 2, 3))
C1, C2 = (_firm(f"C{n}", InstitutionRole.CUSTODIAN) for n in (1, 2))
B1 = _firm("B1", InstitutionRole.DIRECT_BROKER)
B2 = _firm("B2", InstitutionRole.DELEGATING_BROKER, C1)
B3 = _firm("B3", InstitutionRole.DELEGATING_BROKER, C2)
A1, A2 = (_firm(f"A{n}", InstitutionRole.ISSUER) for n in (1, 2))
F1 = _firm("F1", InstitutionRole.INTERMEDIARY)
INSTITUTIONS = (PLATFORM, R1, R2, R3, C1, C2, B1, B2, B3, A1, A2, F1)


def user(
    name: str = "U1",
    *permissions: Permission,
    of: Institution = R1,
    kind: AccountKind = AccountKind.OPERATOR,
) -> User:
    """A user who chose the password PASSWORD at AT and has no second factor."""
    return User(
        id=UserId(name),
        institution=of,
        branch_code="001",
        branch_name="本店",
        section_group="原簿課",
        kind=kind,
        name=f"見本 {name}",
        employee_code=f"E-{of.id}-{name}",
        password_hash=PASSWORD_HASH,
        password_changed_at=AT,
        created_at=AT,
        created_by=UserId("ADMIN-0"),
        updated_at=AT,
        updated_by=UserId("ADMIN-0"),
        active_since=AT,
        permissions=frozenset(permissions),
    )


def administrator(name: str, level: Level, *, of: Institution = R1) -> User:
    """An administrator with the permission `users` at that level."""
    return user(name, Permission(Work.USERS, level), of=of, kind=AccountKind.ADMINISTRATOR)


DEVICE_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_device(one: User) -> User:
    """The same user with a second factor, whose secret is `DEVICE_SECRET`."""
    return replace(one, second_factor=SecondFactor(secret=DEVICE_SECRET))


def of_kind(one: User, kind: AccountKind) -> User:
    return replace(one, kind=kind)
