"""Credentials of a sandbox: every institution gets one for reading and one for changing, as on a real installation.

Two administrators of the platform manager are founded, the one proposes and the other approves. Their passwords are
random and forgotten; what a sandbox must not have in common with a real installation is people.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from genbo.bootstrap.access import Access
from genbo.bootstrap.office import Office
from genbo.bootstrap.second_person import SecondPerson
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import CredentialId, Founder, Scope, UserId
from genbo.kernel import Digest

_MAKER, _APPROVER = UserId("ADMIN-1"), UserId("ADMIN-2")
_EVIDENCE = Digest("0x" + 64 * "5")
"""A sandbox is decided on by whoever starts it."""
_LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCredential:
    """What a system of an institution shows."""

    institution: InstitutionId
    scope: Scope
    id: CredentialId
    secret: str = field(repr=False)


def issue_credentials(
    office: Office, institutions: Iterable[InstitutionId], *, founders: InstitutionId, at: datetime
) -> Iterator[SandboxCredential]:
    """Issues two credentials to each institution, once an installation without users has its first administrators.

    Args:
        founders: the platform manager, whose people look after the users of everybody.

    Raises:
        Refusal: `access_founded` where there are users already; as `SecondPerson`.
    """
    house = office.house
    Access(house.database, house.vault).found(
        _founder(_MAKER, "1"), _founder(_APPROVER, "2"), institution=founders, at=at
    )
    two = SecondPerson(house.database, house.vault)
    for institution in institutions:
        for scope in Scope:
            proposed = two.propose_credential(
                institution=institution,
                scope=scope,
                valid_from=at,
                valid_until=at + _LIFE,
                by=_MAKER,
                evidence=_EVIDENCE,
                key=f"sandbox/{institution}/{scope}",
                at=at,
            )
            approved = two.approve(
                proposed.id, digest=proposed.proposal.digest(), by=_APPROVER, at=at
            )
            assert approved.credential is not None
            assert approved.secret is not None
            yield SandboxCredential(
                institution=institution, scope=scope, id=approved.credential, secret=approved.secret
            )


def _founder(id: UserId, number: str) -> Founder:
    return Founder(
        id=id,
        branch_code="001",
        branch_name="本店",
        section_group="試験課",
        name=f"見本管理者{number}",
        employee_code=f"E-{number}",
        password=f"Aa1-{secrets.token_urlsafe(24)}",
    )
