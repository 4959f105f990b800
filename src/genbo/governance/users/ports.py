"""What registering a user needs to know of all the others."""

from typing import Protocol

from genbo.governance.institutions import InstitutionId
from genbo.governance.users.user import UserId


class UserDirectory(Protocol):
    """Every user there is or was."""

    def id_was_used(self, user: UserId) -> bool:
        """Whether a user has or had that id, deleted ones included."""
        ...

    def employee_code_is_taken(self, institution: InstitutionId, code: str) -> bool:
        """Whether a user of that institution who is not deleted has that employee code."""
        ...
