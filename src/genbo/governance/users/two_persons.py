"""Two persons (2名): who may change whom, and what counts as another person (R-JSTOA-FIG3.2, FIG3.3).

The administrators of an institution look after its own users; those of the platform manager look after everybody's, for
a custodian and an intermediary have none. Nobody does it for himself.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime

from genbo.governance.institutions import Institution, InstitutionRole
from genbo.governance.users.user import User, UserId
from genbo.governance.users.work import Level, Permission, Work
from genbo.kernel import UTC, Digest, Reason, Refusal

_DIGEST = re.compile(r"0x[0-9a-f]{64}")


def require_administrator(by: User, over: Institution, *levels: Level) -> None:
    """Nothing where `by` may look after the users of `over`, holding `users` at one of the levels.

    Raises:
        Refusal: `user_not_active`, `permission_missing`, `powers_suspended`.
    """
    if not by.is_active:
        raise Refusal(Reason.USER_NOT_ACTIVE, user=by.id, status=by.status.value)
    reaches = (
        by.institution.id == over.id or by.institution.role is InstitutionRole.PLATFORM_MANAGER
    )
    wanted = frozenset(Permission(Work.USERS, level) for level in levels)
    if not reaches or by.permissions.isdisjoint(wanted):
        named = " or ".join(str(Permission(Work.USERS, level)) for level in levels)
        raise Refusal(Reason.PERMISSION_MISSING, user=by.id, permission=named)
    if by.powers.isdisjoint(wanted):
        raise Refusal(Reason.POWERS_SUSPENDED, user=by.id)


def require_other(one: UserId, as_: str, other: UserId, is_: str) -> None:
    """Nothing where the two are different persons.

    Raises:
        Refusal: `same_person`.
    """
    if one == other:
        raise Refusal(Reason.SAME_PERSON, account=one, role=as_, other=is_)


def require_evidence(evidence: Digest, about: str) -> None:
    """Nothing where the digest names a document.

    Raises:
        Refusal: `evidence_missing`.
    """
    if not _DIGEST.fullmatch(evidence) or int(evidence, 16) == 0:
        raise Refusal(Reason.EVIDENCE_MISSING, ref=about)


def digest_of(content: Mapping[str, str]) -> Digest:
    """SHA-256 over the content as JSON, by which maker and approver mean the same thing."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


def instant(at: datetime) -> str:
    """An instant as digests have it: UTC."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def require_same(approved: Digest, proposed: Digest) -> None:
    """Nothing where what is approved is what was proposed.

    Raises:
        Refusal: `proposal_differs`.
    """
    if approved != proposed:
        raise Refusal(Reason.PROPOSAL_DIFFERS, approved=approved, proposed=proposed)
