"""The list of users (利用者一覧): what may be known of them without opening anything, and, for whom it may, names."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    AccountKind,
    Permission,
    UserId,
    UserStatus,
    permission_named,
)
from genbo.storage import bulk
from genbo.storage.tables import app_user as table
from genbo.storage.tables import user_permission
from genbo.storage.user_seal import UserSeal
from genbo.storage.vault import Purpose, Reading, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """What may be known of a user without opening anything."""

    id: UserId
    institution: InstitutionId
    branch_code: str
    kind: AccountKind
    status: UserStatus
    last_logon_at: datetime | None
    permissions: tuple[Permission, ...]
    suspended: bool
    """Whether the permissions rest, since a reset."""
    second_factor: bool
    identity: bool
    """Whether the user signs in through the identity provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffName:
    """Name and employee code of a user. Opened: handle with care."""

    user: UserId
    name: str = field(repr=False)
    employee_code: str = field(repr=False)


class UserList:
    """The users as lists show them, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, institution: InstitutionId | None = None) -> list[UserLine]:
        """Every user, or those of an institution, by id. Opens nothing."""
        query = _LINES.order_by(table.c.user_id)
        if institution is not None:
            query = query.where(table.c.institution_id == institution)
        return [_line(row) for row in self._connection.execute(query)]

    def page(
        self, institution: InstitutionId, *, after: UserId | None = None, most: int
    ) -> list[UserLine]:
        """Users of an institution by id, those after `after`, `most` at most. Opens nothing."""
        query = _LINES.where(table.c.institution_id == institution).order_by(table.c.user_id)
        if after is not None:
            query = query.where(table.c.user_id > after)
        return [_line(row) for row in self._connection.execute(query.limit(most))]

    def names(
        self, users: Collection[UserId], vault: Vault, *, by: UserId, at: datetime
    ) -> dict[UserId, StaffName]:
        """Names and employee codes, for a person who looks after users; leaves a reading and an entry for each.

        Users of no such id are left out.
        """
        rows = self._connection.execute(
            select(table.c.user_id, table.c.user_name, table.c.employee_code)
            .where(bulk.among(table.c.user_id, users))
            .order_by(table.c.user_id)
        )
        reading = Reading(purpose=Purpose.ADMINISTRATION, actor=by, at=at)
        seal = UserSeal(self._connection, vault)
        found: dict[UserId, StaffName] = {}
        for row in rows.all():
            user = UserId(row.user_id)
            sealed = {"user_name": row.user_name, "employee_code": row.employee_code}
            opened = seal.read(user, sealed, reading=reading)
            found[user] = StaffName(
                user=user, name=opened["user_name"], employee_code=opened["employee_code"]
            )
        return found


_HELD = (
    select(func.array_agg(user_permission.c.permission))
    .where(user_permission.c.user_id == table.c.user_id, user_permission.c.revoked_at.is_(None))
    .scalar_subquery()
)
_LINES = select(table, _HELD.label("held"))


def _line(row: Row[Any]) -> UserLine:
    return UserLine(
        id=UserId(row.user_id),
        institution=InstitutionId(row.institution_id),
        branch_code=row.branch_code,
        kind=AccountKind(row.account_kind),
        status=UserStatus(row.user_status),
        last_logon_at=row.last_logon_at,
        permissions=tuple(sorted(map(permission_named, row.held or ()), key=str)),
        suspended=bool(row.suspended_by),
        second_factor=row.second_factor_secret is not None,
        identity=row.oidc_subject is not None,
    )
