"""Reach (管轄): whose users an administrator looks after. Everybody else's are not found."""

from genbo.governance.institutions import InstitutionRole
from genbo.governance.users import User, UserId
from genbo.kernel import Reason, Refusal
from genbo.storage.users import Users


def hold_in_reach(users: Users, user: UserId, *, by: UserId) -> tuple[User, User]:
    """The user and whoever acts on the user, both held: of one institution, or `by` of the platform's.

    Raises:
        Refusal: `not_found`, in the same words for a user of another institution and for one who does not exist.
    """
    one, who = users.hold(user, by)
    platform = who.institution.role is InstitutionRole.PLATFORM_MANAGER
    if one.institution.id != who.institution.id and not platform:
        raise Refusal(Reason.NOT_FOUND, subject="user", asked=user[:64])
    return one, who
