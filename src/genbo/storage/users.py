"""Users (利用者), table T14: stored as the rules have made them, each change with its audit entries.

A row is held from reading to writing (`hold`), so two sign-ins at once are one after the other, and a code counts once.
Name, employee code and device secret are sealed (`user_seal`). The service opens them to judge an act of the user; what
it shows to a person is a reading (`user_list`). In entries a user is an id.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    AccountKind,
    Permission,
    SecondFactor,
    SignInOutcome,
    User,
    UserId,
    UserStatus,
    permission_named,
)
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.parties import Parties
from genbo.storage.tables import app_user as table
from genbo.storage.tables import user_permission
from genbo.storage.user_seal import WITHOUT_PERSON, UserSeal
from genbo.storage.vault import Vault
from genbo.storage.witness import vouch

DOOR = "sign_in"
"""Who acts where nobody has proved who it is."""

_IDENTITY_INDEX = "app_user_oidc_subject_ix"

_PLAIN = (
    "branch_code",
    "branch_name",
    "section_group",
    "password_hash",
    "password_hash_prev1",
    "password_hash_prev2",
    "failed_password_count",
    "last_logon_at",
    "password_changed_at",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "active_since",
)
"""Columns that are called as in `User`, and stored as they are there."""


class Users:
    """The users, in one transaction. It is the `UserDirectory` of the rules."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._seal = UserSeal(connection, vault)

    # What the rules ask ------------------------------------------------------------------------------

    def has_users(self) -> bool:
        """Whether anybody was ever registered."""
        return bool(self._connection.scalar(select(exists(select(table.c.user_id)))))

    def id_was_used(self, user: UserId) -> bool:
        """Whether a user has or had that id."""
        return self._is_there(table.c.user_id == user)

    def employee_code_is_taken(self, institution: InstitutionId, code: str) -> bool:
        """Whether a user of that institution who is not deleted has that employee code."""
        return self._is_there(
            table.c.institution_id == institution,
            table.c.employee_code_digest == self._code_digest(institution, code),
            table.c.user_status != UserStatus.DELETED,
        )

    def identity_is_taken(self, identity: Digest) -> bool:
        """Whether a user who is not deleted is bound to that identity."""
        return self._is_there(
            table.c.oidc_subject == identity, table.c.user_status != UserStatus.DELETED
        )

    def identity_of(self, issuer: str, subject: str) -> Digest:
        """What stands for a subject of an identity provider. Keyed: nobody finds the subject by trying."""
        return Digest("0x" + self._seal.digest("oidc subject", issuer, subject).hex())

    # Reading -----------------------------------------------------------------------------------------

    def find(self, user: UserId, *, hold: bool = False) -> User | None:
        """The user with that id, if there is one; held until the transaction ends when asked so."""
        return self._user(table.c.user_id == user, hold=hold)

    def get(self, user: UserId) -> User:
        """The user with that id.

        Raises:
            Refusal: `not_found`.
        """
        return self._there(self.find(user), user)

    def hold(self, *users: UserId) -> tuple[User, ...]:
        """Those users, each held until the transaction ends; in the order asked for.

        Raises:
            Refusal: `not_found`.
        """
        # Always in one order, so that two transactions that hold the same two do not wait for each other.
        held = {each: self.find(each, hold=True) for each in sorted(set(users))}
        return tuple(self._there(held[each], each) for each in users)

    def of_identity(self, identity: Digest) -> User | None:
        """The user who is bound to that identity, held; None when nobody is."""
        return self._user(
            table.c.oidc_subject == identity,
            table.c.user_status != UserStatus.DELETED,
            hold=True,
        )

    # Writing -----------------------------------------------------------------------------------------

    def found(self, users: Sequence[User], *, at: datetime) -> None:
        """Stores the first users with their permissions, in whose place nobody else may be founded at once."""
        for user in users:
            self.add(user, actor=user.created_by, at=at)
            for permission in user.permissions:
                self._connection.execute(
                    insert(user_permission).values(
                        user_id=user.id, permission=str(permission), granted_at=at
                    )
                )
                where = user_permission.c.user_id == user.id
                self._audit(
                    user.id,
                    AuditAction.PERMISSION_GRANTED,
                    actor=user.created_by,
                    at=at,
                    facts={"permission": str(permission)},
                    rows=_joined(vouch(self._connection, user_permission, where)),
                )

    def lock(self) -> None:
        """Nobody else registers or changes a user until this transaction ends."""
        self._connection.execute(text("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE"))

    def add(self, user: User, *, actor: UserId, at: datetime) -> None:
        """Stores a user whom `register_user` or `found` made, with a data key of its own.

        Raises:
            Refusal: `user_twice` when somebody else was quicker.
        """
        self._seal.prepare(at=at, by=actor)

        def sealed(column: str, value: str) -> bytes:
            return self._seal.seal(user.id, column, value, at=at, by=actor)

        values = self._columns(user, at=at, by=actor) | {
            "user_id": user.id,
            "institution_id": user.institution.id,
            "user_name": sealed("user_name", user.name),
            "employee_code": sealed("employee_code", user.employee_code),
            "employee_code_digest": self._code_digest(user.institution.id, user.employee_code),
        }
        added = self._connection.execute(
            insert(table).values(values).on_conflict_do_nothing().returning(table.c.user_id)
        ).one_or_none()
        if added is None:
            taken = "user_id" if self.id_was_used(user.id) else "employee_code"
            raise Refusal(Reason.USER_TWICE, user=user.id, field=taken)
        facts: dict[str, AuditFact] = {
            "institution": user.institution.id,
            "kind": user.kind.value,
            "branch": user.branch_code,
        }
        self._audit(
            user.id,
            AuditAction.USER_REGISTERED,
            actor=actor,
            at=at,
            facts=facts,
            rows=self._vouched(user.id),
        )

    def keep(
        self,
        user: User,
        *actions: AuditAction,
        actor: str,
        at: datetime,
        facts: Mapping[str, AuditFact] | None = None,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        """Stores a user who is held, as an act has left it, with an entry for each action.

        Args:
            actor: id of the user who acts, or a part of the system.
            rows: further rows that the entries vouch for.

        Raises:
            Refusal: `identity_taken` when somebody else was bound to it meanwhile.
        """
        try:
            self._connection.execute(
                update(table)
                .where(table.c.user_id == user.id)
                .values(self._columns(user, at=at, by=actor))
            )
        except IntegrityError as error:
            if _IDENTITY_INDEX not in str(error.orig):
                raise
            raise Refusal(Reason.IDENTITY_TAKEN, user=user.id) from None
        vouched = self._vouched(user.id) | dict(rows or {})
        for action in actions:
            self._audit(user.id, action, actor=actor, at=at, facts=facts or {}, rows=vouched)

    def settle(self, outcome: SignInOutcome, *, at: datetime, problem: str | None = None) -> None:
        """Stores what a sign-in has left of the user, and its entries. Of somebody unknown there is an entry alone,
        without what was typed: people type passwords in the wrong field.
        """
        facts: dict[str, AuditFact] = (
            {"cause": outcome.cause.value}
            if outcome.cause is not None
            else {"admission": outcome.admission and outcome.admission.value}
        )
        if problem is not None:
            facts["problem"] = problem
        user = outcome.user
        if user is None:
            for action in outcome.actions:
                self._audit(None, action, actor=DOOR, at=at, facts=facts)
            return
        # Whoever was refused is not shown to be the user.
        actor = DOOR if outcome.admission is None else user.id
        self.keep(user, *outcome.actions, actor=actor, at=at, facts=facts)

    def erase(self, user: User, *, by: UserId, at: datetime) -> None:
        """Destroys the data key of a deleted user: name and employee code cannot be opened any more. Once more changes
        nothing."""
        destroyed = self._seal.destroy(user.id, at=at, by=by)
        if not destroyed:
            return
        self._connection.execute(
            update(table)
            .where(table.c.user_id == user.id)
            .values(updated_at=user.updated_at, updated_by=user.updated_by, **WITHOUT_PERSON)
        )
        rows = self._vouched(user.id) | destroyed
        self._audit(user.id, AuditAction.USER_ERASED, actor=by, at=at, facts={}, rows=rows)

    # Inside ------------------------------------------------------------------------------------------

    def _is_there(self, *where: Any) -> bool:
        return bool(self._connection.scalar(select(exists(select(table.c.user_id).where(*where)))))

    def _there(self, found: User | None, asked: UserId) -> User:
        if found is None:
            raise Refusal(Reason.NOT_FOUND, subject="user", asked=asked[:64])
        return found

    def _user(self, *where: Any, hold: bool) -> User | None:
        query = select(table).where(*where)
        row = self._connection.execute(query.with_for_update() if hold else query).one_or_none()
        if row is None:
            return None
        permissions = self._connection.scalars(
            select(user_permission.c.permission).where(
                user_permission.c.user_id == row.user_id,
                user_permission.c.revoked_at.is_(None),
            )
        )
        return self._made(row, frozenset(map(permission_named, permissions)))

    def _made(self, row: Row[Any], permissions: frozenset[Permission]) -> User:
        user, columns = UserId(row.user_id), row._mapping
        factor = None
        if row.second_factor_secret is not None:
            factor = SecondFactor(
                secret=self._seal.judge(user, "second_factor_secret", row.second_factor_secret),
                last_step=row.second_factor_step,
            )
        return User(
            id=user,
            institution=Parties(self._connection).institution(row.institution_id),
            kind=AccountKind(row.account_kind),
            status=UserStatus(row.user_status),
            name=self._seal.judge(user, "user_name", row.user_name),
            employee_code=self._seal.judge(user, "employee_code", row.employee_code),
            permissions=permissions,
            second_factor=factor,
            identity=row.oidc_subject,
            suspended_by=frozenset(map(UserId, row.suspended_by)),
            **{name: columns[name] for name in _PLAIN},
        )

    def _columns(self, user: User, *, at: datetime, by: str) -> dict[str, Any]:
        """The columns that acts change, and those that are called as in `User`."""
        factor = user.second_factor
        return {name: getattr(user, name) for name in _PLAIN} | {
            "account_kind": user.kind.value,
            "user_status": user.status.value,
            "oidc_subject": user.identity,
            "suspended_by": sorted(user.suspended_by),
            "second_factor_step": None if factor is None else factor.last_step,
            "second_factor_secret": None
            if factor is None
            else self._seal.seal(user.id, "second_factor_secret", factor.secret, at=at, by=by),
        }

    def _code_digest(self, institution: InstitutionId, code: str) -> bytes:
        plain = "".join(unicodedata.normalize("NFKC", code).casefold().split())
        return self._seal.digest("employee code", institution, plain)

    def _vouched(self, user: UserId) -> dict[str, str]:
        return vouch(self._connection, table, table.c.user_id == user)[(user,)]

    def _audit(
        self,
        subject: UserId | None,
        action: AuditAction,
        *,
        actor: str,
        at: datetime,
        facts: Mapping[str, AuditFact],
        rows: Mapping[str, str] | None = None,
    ) -> None:
        entry = AuditEntry(
            at=at, action=action, actor=actor, subject=subject, facts=facts, rows=rows or {}
        )
        AuditLog(self._connection).append([entry])


def _joined(vouched: Mapping[tuple[Any, ...], Mapping[str, str]]) -> dict[str, str]:
    return {row: digest for each in vouched.values() for row, digest in each.items()}
