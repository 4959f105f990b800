"""What registering a user needs to know of all the others."""

from typing import Protocol

from genbo.governance.institutions import InstitutionId
from genbo.governance.users.user import UserId
from genbo.kernel import Digest


class UserDirectory(Protocol):
    """Every user there is or was."""

    def has_users(self) -> bool:
        """Whether anybody was ever registered."""
        ...

    def id_was_used(self, user: UserId) -> bool:
        """Whether a user has or had that id, deleted ones included."""
        ...

    def identity_is_taken(self, identity: Digest) -> bool:
        """Whether a user who is not deleted is bound to that identity."""
        ...

    def employee_code_is_taken(self, institution: InstitutionId, code: str) -> bool:
        """Whether a user of that institution who is not deleted has that employee code."""
        ...
