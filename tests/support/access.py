"""An installation with every institution and two administrators of the platform, through the service's own doors.

Nothing is put into tables by hand: people are founded or registered, choose passwords, enrol devices, and are granted
what two others decide. Each act happens half a minute after the one before, so that every code is a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from tests.support.people import AT, EVIDENCE, INSTITUTIONS, PASSWORD, PLATFORM, RULES

from genbo.bootstrap.access import Access
from genbo.bootstrap.machines import Machines
from genbo.bootstrap.second_person import Approved, SecondPerson
from genbo.governance.institutions import Institution
from genbo.governance.users import (
    AccountKind,
    Attempt,
    Founder,
    GrantAct,
    SignInOutcome,
    User,
    UserId,
    new_secret,
    permission_named,
)
from genbo.storage.access_proposals import StoredProposal
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.users import Users
from genbo.storage.vault import Vault

MAKER, APPROVER = UserId("PF-1"), UserId("PF-2")
INITIAL = "Given-To-You-99"


def name_of(user: str) -> str:
    return f"架空 {user} 太郎"


def code_of(user: str) -> str:
    return f"EMPLOYEE-{user}-7788"


@dataclass
class Installation:
    """One database with its people."""

    database: Database
    vault: Vault
    now: datetime = AT
    devices: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.access = Access(self.database, self.vault, RULES)
        self.second = SecondPerson(self.database, self.vault)
        self.machines = Machines(self.database, self.vault)

    def later(self) -> datetime:
        self.now += timedelta(seconds=30)
        return self.now

    # People ------------------------------------------------------------------------------------------

    def admit_institutions(self) -> None:
        with self.database.begin() as connection:
            parties = Parties(connection)
            there = {each.id for each in parties.institutions()}
            for each in INSTITUTIONS:
                if each.id not in there:
                    parties.admit(each, at=AT, by="cli:registrar")

    def found(self) -> None:
        first, second = (self.founder(each) for each in (MAKER, APPROVER))
        self.access.found(first, second, institution=PLATFORM.id, at=self.later())
        for each in (MAKER, APPROVER):
            self.passwords[each] = PASSWORD
            self.enrol(each)

    def founder(self, user: str) -> Founder:
        return Founder(
            id=UserId(user),
            branch_code="001",
            branch_name="本店",
            section_group="",
            name=name_of(user),
            employee_code=code_of(user),
            password=PASSWORD,
        )

    def register(
        self,
        user: str,
        of: Institution,
        kind: AccountKind = AccountKind.OPERATOR,
        *,
        by: UserId = MAKER,
        **columns: str,
    ) -> UserId:
        """A user who still has the initial password."""
        self.access.register(
            **(  # type: ignore[arg-type]
                {
                    "branch_code": "001",
                    "branch_name": "本店",
                    "section_group": "原簿課",
                    "name": name_of(user),
                    "employee_code": code_of(user),
                    "initial_password": INITIAL,
                }
                | columns
            ),
            id=UserId(user),
            institution=of.id,
            kind=kind,
            by=by,
            at=self.later(),
        )
        self.passwords[user] = INITIAL
        return UserId(user)

    def settle_in(
        self, user: str, of: Institution, kind: AccountKind = AccountKind.OPERATOR
    ) -> UserId:
        """A user with a password of the user's own and a device."""
        self.register(user, of, kind)
        self.choose(user, PASSWORD)
        self.enrol(user)
        return UserId(user)

    def choose(self, user: str, password: str) -> None:
        self.access.change_password(
            UserId(user), self.attempt(user), password=password, at=self.now
        )
        self.passwords[user] = password

    def enrol(self, user: str) -> None:
        attempt, secret = self.attempt(user), new_secret()
        code = pyotp.TOTP(secret).at(self.now)
        self.access.enrol(UserId(user), attempt, secret=secret, code=code, at=self.now)
        self.devices[user] = secret

    # Acts --------------------------------------------------------------------------------------------

    def attempt(self, user: str, password: str | None = None) -> Attempt:
        """What the user types now, half a minute later."""
        now = self.later()
        device = self.devices.get(user)
        return Attempt(
            password=self.passwords[user] if password is None else password,
            code=None if device is None else pyotp.TOTP(device).at(now),
        )

    def sign_in(self, user: str, password: str | None = None) -> SignInOutcome:
        return self.access.sign_in(UserId(user), self.attempt(user, password), at=self.now)

    def propose(
        self, user: str, permission: str, act: GrantAct = GrantAct.GRANT, *, key: str | None = None
    ) -> StoredProposal:
        now = self.later()
        return self.second.propose_permission(
            act,
            permission_named(permission),
            user=UserId(user),
            by=MAKER,
            evidence=EVIDENCE,
            key=key or f"{act}-{user}-{permission}-{now.timestamp():.0f}",
            at=now,
        )

    def approve(self, proposal: StoredProposal, by: UserId = APPROVER) -> Approved:
        return self.second.approve(proposal.id, digest=proposal.digest, by=by, at=self.later())

    def grant(self, user: str, permission: str) -> None:
        self.approve(self.propose(user, permission))

    def revoke(self, user: str, permission: str) -> None:
        self.approve(self.propose(user, permission, GrantAct.REVOKE))

    def user(self, user: str) -> User:
        with self.database.read() as connection:
            return Users(connection, self.vault).get(UserId(user))


def installed(database: Database, vault: Vault) -> Installation:
    """An installation whose two administrators are ready to act."""
    here = Installation(database, vault)
    here.admit_institutions()
    here.found()
    return here
