"""Permissions (権限): what two persons granted and nobody revoked. A row that was revoked stays, with its end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from genbo.governance.users import Permission, UserId, permission_named
from genbo.storage.access_proposals import ProposalId
from genbo.storage.tables import user_permission as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A permission of a user, in force or revoked."""

    permission: Permission
    granted_at: datetime
    proposal: ProposalId | None
    """None for what the first administrators were founded with."""
    revoked_at: datetime | None
    revocation: ProposalId | None


class Permissions:
    """The permissions of users who are held, in one transaction. The audit entry is that of the user (`Users.keep`),
    and vouches for the row that each act here returns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def grant(
        self, user: UserId, permission: Permission, *, proposal: ProposalId, at: datetime
    ) -> dict[str, str]:
        """Adds a permission."""
        self._connection.execute(
            insert(table).values(
                user_id=user, permission=str(permission), granted_at=at, proposal_id=proposal
            )
        )
        return self._vouched(user, permission)

    def revoke(
        self, user: UserId, permission: Permission, *, proposal: ProposalId, at: datetime
    ) -> dict[str, str]:
        """Ends a permission."""
        self._connection.execute(
            update(table)
            .where(
                table.c.user_id == user,
                table.c.permission == str(permission),
                table.c.revoked_at.is_(None),
            )
            # A clock that went back does not end a permission before it began.
            .values(revoked_at=func.greatest(table.c.granted_at, at), revocation_id=proposal)
        )
        return self._vouched(user, permission)

    def history(self, user: UserId) -> list[Held]:
        """Everything the user holds or held, the oldest first."""
        rows = self._connection.execute(
            select(table)
            .where(table.c.user_id == user)
            .order_by(table.c.granted_at, table.c.permission)
        )
        return [
            Held(
                permission=permission_named(row.permission),
                granted_at=row.granted_at,
                proposal=row.proposal_id,
                revoked_at=row.revoked_at,
                revocation=row.revocation_id,
            )
            for row in rows
        ]

    def _vouched(self, user: UserId, permission: Permission) -> dict[str, str]:
        where = (table.c.user_id == user, table.c.permission == str(permission))
        rows = vouch(self._connection, table, *where)
        return {row: digest for each in rows.values() for row, digest in each.items()}
