"""Access (利用者): people come in, and administrators look after them. Each act is one transaction.

Who acts (`by`) has proved to be that user before; whether that user may, is judged here on the rows as they stand, and
held until the act is stored. A sign-in that is refused is stored and committed first, and refused then.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from genbo.bootstrap.reach import hold_in_reach
from genbo.bootstrap.staff_columns import canonical
from genbo.config import Settings
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    AccountKind,
    Attempt,
    Changed,
    Founder,
    Level,
    PasswordRules,
    SignInOutcome,
    SignInRules,
    User,
    UserId,
    change_password,
    confirm,
    delete,
    disable,
    enable,
    enrol_second_factor,
    erase,
    found,
    register_user,
    reset_password,
    sign_in,
    sign_in_by_identity,
    unlock,
)
from genbo.governance.users.signing_in import Cause, refused
from genbo.governance.users.two_persons import require_administrator
from genbo.kernel import Refusal
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.user_list import StaffName, UserList
from genbo.storage.users import Users
from genbo.storage.vault import Vault


def rules_of(settings: Settings) -> SignInRules:
    """The security policy that the environment sets (R-JSTOA-6.2.3b)."""
    return SignInRules(
        most_failures=settings.sign_in_failures,
        longest_disuse=timedelta(days=settings.disuse_days),
        password_age=timedelta(days=settings.password_days),
        passwords=PasswordRules(shortest=settings.password_length),
    )


Done = TypeVar("Done")

Standing = Callable[[User, User, datetime], Changed]
"""An act of an administrator on another user: the user, the administrator, the instant."""


class Access:
    """The door, and what administrators do."""

    def __init__(self, database: Database, vault: Vault, rules: SignInRules | None = None) -> None:
        self._database = database
        self._vault = vault
        self.rules = rules or SignInRules()

    # The first two -----------------------------------------------------------------------------------

    def found(
        self, first: Founder, second: Founder, *, institution: InstitutionId, at: datetime
    ) -> tuple[User, User]:
        """Registers the first two administrators, where there is nobody yet.

        Raises:
            Refusal: as `governance.users.found`, `staff_columns.canonical`, `Parties.institution`.
        """
        with self._database.begin() as connection:
            users = self._users(connection)
            users.lock()
            two = found(
                _canonical(first),
                _canonical(second),
                institution=Parties(connection).institution(institution),
                directory=users,
                rules=self.rules,
                at=at,
            )
            users.found(two, at=at)
        return two

    # The door ----------------------------------------------------------------------------------------

    def sign_in(self, user: UserId, attempt: Attempt, *, at: datetime) -> SignInOutcome:
        """Lets a user in by password and code.

        Raises:
            Refusal: `sign_in_refused`, without facts, once it is stored.
        """
        return self._signed_in(user, attempt, at, lambda users, outcome: outcome)

    def sign_in_by_identity(self, issuer: str, subject: str, *, at: datetime) -> SignInOutcome:
        """Lets in the user who is bound to a subject that the identity provider has proved.

        Raises:
            Refusal: `sign_in_refused`, without facts, once it is stored.
        """
        with self._database.begin() as connection:
            users = self._users(connection)
            known = users.of_identity(users.identity_of(issuer, subject))
            outcome = sign_in_by_identity(known, at, rules=self.rules)
            users.settle(outcome, at=at)
        outcome.require_admission()
        return outcome

    def note_unproved(self, problem: str, *, at: datetime) -> None:
        """Notes that what came back from the identity provider proves nobody's identity, and why, in words of ours."""
        with self._database.begin() as connection:
            outcome = refused(None, Cause.IDENTITY_UNPROVED)
            self._users(connection).settle(outcome, at=at, problem=problem)

    # What users do for themselves --------------------------------------------------------------------

    def change_password(
        self, user: UserId, attempt: Attempt, *, password: str, at: datetime
    ) -> None:
        """Gives a user who shows the present password and a code another password.

        Raises:
            Refusal: `sign_in_refused`, `password_weak`, `password_reused`; the code is used up by it.
        """

        def act(users: Users, proof: SignInOutcome) -> None:
            changed = change_password(proof, password=password, rules=self.rules, at=at)
            users.keep(changed.user, changed.action, actor=user, at=at)

        self._signed_in(user, attempt, at, act)

    def enrol(
        self, user: UserId, attempt: Attempt, *, secret: str, code: str, at: datetime
    ) -> None:
        """Enrols the device that shows `code` as the second factor of a user who shows the password.

        Raises:
            Refusal: `sign_in_refused`, `code_refused`.
        """

        def act(users: Users, proof: SignInOutcome) -> None:
            changed = enrol_second_factor(proof, secret=secret, code=code, rules=self.rules, at=at)
            users.keep(changed.user, changed.action, actor=user, at=at)

        self._signed_in(user, attempt, at, act)

    # What administrators do --------------------------------------------------------------------------

    def register(
        self,
        *,
        id: UserId,
        institution: InstitutionId,
        branch_code: str,
        branch_name: str,
        section_group: str,
        kind: AccountKind,
        name: str,
        employee_code: str,
        initial_password: str,
        by: UserId,
        at: datetime,
    ) -> None:
        """Registers a user without any permission. Raises as `register_user`, `staff_columns.canonical`."""
        columns = canonical(
            branch_code=branch_code,
            branch_name=branch_name,
            section_group=section_group,
            name=name,
            employee_code=employee_code,
        )
        with self._database.begin() as connection:
            users = self._users(connection)
            (administrator,) = users.hold(by)
            changed = register_user(
                id=id,
                institution=Parties(connection).institution(institution),
                kind=kind,
                initial_password=initial_password,
                directory=users,
                rules=self.rules,
                by=administrator,
                at=at,
                **columns,
            )
            users.add(changed.user, actor=by, at=at)

    def unlock(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Raises as `governance.users.unlock`; as all below, `not_found` for a user out of reach."""
        self._stand(user, by, at, lambda one, who, now: unlock(one, by=who, at=now))

    def enable(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Raises as `governance.users.enable`."""
        self._stand(user, by, at, lambda one, who, now: enable(one, by=who, at=now))

    def disable(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Raises as `governance.users.disable`."""
        self._stand(user, by, at, lambda one, who, now: disable(one, by=who, at=now))

    def delete(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Raises as `governance.users.delete`."""
        self._stand(user, by, at, lambda one, who, now: delete(one, by=who, at=now))

    def reset_password(
        self, user: UserId, *, initial_password: str, by: UserId, at: datetime
    ) -> None:
        """Raises as `governance.users.reset_password`."""
        self._stand(
            user,
            by,
            at,
            lambda one, who, now: reset_password(
                one, initial_password=initial_password, rules=self.rules, by=who, at=now
            ),
        )

    def confirm(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Raises as `governance.users.confirm`."""
        self._stand(user, by, at, lambda one, who, now: confirm(one, by=who, at=now))

    def erase(self, user: UserId, *, by: UserId, at: datetime) -> None:
        """Destroys what says who a deleted user was. Raises as `governance.users.erase`."""
        with self._database.begin() as connection:
            users = self._users(connection)
            one, who = hold_in_reach(users, user, by=by)
            users.erase(erase(one, by=who, at=at).user, by=by, at=at)

    def names(
        self, users: Collection[UserId], *, by: UserId, at: datetime
    ) -> dict[UserId, StaffName]:
        """Who the users are, for an administrator of theirs; leaves an entry.

        Raises:
            Refusal: `not_found`, `user_not_active`, `permission_missing`, `powers_suspended`.
        """
        with self._database.begin() as connection:
            stored = self._users(connection)
            for user in users:
                one, who = hold_in_reach(stored, user, by=by)
                require_administrator(who, one.institution, Level.MAKE, Level.APPROVE)
            return UserList(connection).names(users, self._vault, by=by, at=at)

    # Inside ------------------------------------------------------------------------------------------

    def _users(self, connection: Connection) -> Users:
        return Users(connection, self._vault)

    def _signed_in(
        self,
        user: UserId,
        attempt: Attempt,
        at: datetime,
        act: Callable[[Users, SignInOutcome], Done],
    ) -> Done:
        """What `act` makes of a good sign-in, in its transaction. Whatever is refused, the sign-in itself is kept."""
        refusal: Refusal | None = None
        with self._database.begin() as connection:
            users = self._users(connection)
            outcome = sign_in(users.find(user, hold=True), attempt, at, rules=self.rules)
            users.settle(outcome, at=at)
            try:
                outcome.require_admission()
                return act(users, outcome)
            except Refusal as said:
                # The rules refuse before anything of the act was written.
                refusal = said
        raise refusal

    def _stand(self, user: UserId, by: UserId, at: datetime, act: Standing) -> None:
        with self._database.begin() as connection:
            users = self._users(connection)
            one, who = hold_in_reach(users, user, by=by)
            changed = act(one, who, at)
            users.keep(changed.user, changed.action, actor=by, at=at)


def _canonical(founder: Founder) -> Founder:
    columns = canonical(
        branch_code=founder.branch_code,
        branch_name=founder.branch_name,
        section_group=founder.section_group,
        name=founder.name,
        employee_code=founder.employee_code,
    )
    return replace(founder, id=founder.id, password=founder.password, **columns)
