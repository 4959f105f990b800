"""Inspections (閲覧): a register or a certificate that was issued, to whom, why, and how much of it (B.1)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Refusal

_REQUESTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_MOST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRequest:
    """Who wants to see the register, and why. Made by `inspection_request`, which checks it."""

    requester: str
    """請求者: id of an institution, an investor or a document; never a name."""
    reason: str
    """閲覧の理由; no personal data."""


def inspection_request(*, requester: str, reason: str) -> InspectionRequest:
    """The request, where both are said.

    Raises:
        Refusal: `field_missing`; `field_invalid` for a requester that is no id: names do not belong in this record.
    """
    requester, reason = requester.strip(), " ".join(reason.split())
    for field, text in (("requester", requester), ("reason", reason)):
        if not text:
            raise Refusal(Reason.FIELD_MISSING, field=field, allowed=_ALLOWED[field])
    if not _REQUESTER.fullmatch(requester):
        # What was typed may be a name, so it is not repeated.
        raise Refusal(Reason.FIELD_INVALID, field="requester", allowed=_ALLOWED["requester"])
    if len(reason) > _MOST_WORDS or not reason.isprintable():
        raise Refusal(Reason.FIELD_INVALID, field="reason", allowed=_ALLOWED["reason"])
    return InspectionRequest(requester=requester, reason=reason)


_ALLOWED = {
    "requester": "the id of an institution, an investor or a document: 1 to 64 of A-Z a-z 0-9 . _ : / -",
    "reason": f"one line of at most {_MOST_WORDS} characters, without personal data",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One document that was issued."""

    id: str
    kind: Literal["register", "certificate"]
    product: ProductId
    investor: InvestorId | None = None
    """Whose entries, of a certificate."""
    extent: str
    institution: InstitutionId | None = None
    """As which institution it was asked for; None for the registrar itself."""
    as_of: datetime
    block: int
    facts_digest: Digest
    """SHA-256 of what was issued, without names."""
    lots: int
    form: str
    language: str
    request: InspectionRequest
    purpose: str
    at: datetime
    by: str
