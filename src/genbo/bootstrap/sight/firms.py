"""Firms (関係機関) and their people, as far as one institution sees them.

of institutions
├── the platform manager sees every one: it gives them access
├── a registrar and an issuer see the firms that handle their products
└── everybody sees itself
of users
├── every institution sees its own, without their names
├── the platform manager sees the ids of everybody's
└── otherwise: `not_found`
"""

from dataclasses import dataclass

from genbo.bootstrap.sight.looking import Looking
from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole
from genbo.governance.users import CredentialId, MachineCredential, UserId
from genbo.storage.credentials import Credentials
from genbo.storage.parties import Parties
from genbo.storage.user_list import UserLine, UserList

_SUBJECT = "institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenUsers:
    """Users of an institution."""

    users: list[UserLine]
    whole: bool
    """Whether more than their ids and statuses is for the reader."""


class Firms:
    """What one institution sees of institutions and their users."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def institutions(self) -> list[Institution]:
        """Those that it sees, by id."""
        with self._looking.viewing() as connection:
            everybody = self._looking.role_in(connection) is InstitutionRole.PLATFORM_MANAGER
            seen = Parties(connection).seen()
        with self._looking.database.read() as connection:
            found = Parties(connection).institutions()
        return [each for each in found if everybody or each.id in seen]

    def institution(self, asked: InstitutionId) -> Institution:
        """One of them. Raises Refusal(not_found)."""
        for each in self.institutions():
            if each.id == asked:
                return each
        raise self._looking.not_found(_SUBJECT, asked)

    def users(
        self, institution: InstitutionId, *, after: UserId | None = None, most: int
    ) -> SeenUsers:
        """Users of an institution by id, those after `after`, `most` at most. Raises Refusal(not_found)."""
        own = institution == self._looking.institution
        if not own and self._looking.role is not InstitutionRole.PLATFORM_MANAGER:
            raise self._looking.not_found(_SUBJECT, institution)
        self.institution(institution)
        with self._looking.database.read() as connection:
            found = UserList(connection).page(institution, after=after, most=most)
        return SeenUsers(users=found, whole=own)

    def credential(self, asked: CredentialId) -> MachineCredential | None:
        """The credential that asks, where it is one that is stored."""
        with self._looking.database.read() as connection:
            return Credentials(connection).find(asked)
