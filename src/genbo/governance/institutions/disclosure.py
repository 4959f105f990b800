"""Disclosure (投資家情報の開示): how a registrar comes to name a product's holders to an issuer (R-PROGMAT-VIS-4).

proposed by one person of the registrar, with purpose, basis and time
├── when another person approves it: it holds from its beginning to its end
├── when anybody ends it: it holds no more, at once
└── otherwise: nothing is disclosed
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from genbo.governance.institutions.institution import Institution
from genbo.governance.institutions.role import InstitutionRole
from genbo.governance.institutions.visibility import Disclosure, ProductParties
from genbo.kernel import Digest, Reason, Refusal

DisclosureId = NewType("DisclosureId", str)
"""開示ID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedDisclosure:
    """A disclosure and who decided it."""

    id: DisclosureId
    disclosure: Disclosure
    valid_from: datetime
    valid_until: datetime
    """The first instant it no longer holds."""
    maker: str
    made_at: datetime
    approver: str | None = None
    approved_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether names may be read at that instant."""
        return (
            self.approved_at is not None
            and self.ended_at is None
            and self.valid_from <= at < self.valid_until
        )

    def state(self, at: datetime) -> str:
        """`proposed`, `ahead`, `holds` or `ended`, for people."""
        if self.ended_at is not None or at >= self.valid_until:
            return "ended"
        if self.approved_at is None:
            return "proposed"
        return "holds" if self.holds(at) else "ahead"


def propose_disclosure(
    *,
    id: DisclosureId,
    product: ProductParties,
    to: Institution,
    purpose: str,
    basis: Digest,
    valid_from: datetime,
    valid_until: datetime,
    at: datetime,
    by: str,
) -> DecidedDisclosure:
    """What one person of the product's registrar proposes. It discloses nothing yet.

    Args:
        purpose: what the names are for; ids and words, no personal data.
        basis: digest of the document that allows it.

    Raises:
        Refusal: `field_missing` without a purpose; `field_invalid` when `to` is no issuer of that product, or the time
            ends before it begins or is over.
    """
    if not purpose.strip():
        raise Refusal(Reason.FIELD_MISSING, field="purpose")
    if to.role is not InstitutionRole.ISSUER or to.id not in product.issuers:
        raise Refusal(
            Reason.FIELD_INVALID,
            field="to",
            value=to.id,
            allowed=f"an issuer of {product.product}",
        )
    if valid_until <= max(valid_from, at):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="until",
            value=valid_until.isoformat(),
            allowed="a time that is ahead, and after the beginning",
        )
    return DecidedDisclosure(
        id=id,
        disclosure=Disclosure(
            product=product.product, by=product.registrar, to=to.id, purpose=purpose, basis=basis
        ),
        valid_from=valid_from,
        valid_until=valid_until,
        maker=by,
        made_at=at,
    )


def require_approvable(proposed: DecidedDisclosure, *, at: datetime, by: str) -> None:
    """Nothing, where `by` may approve it now.

    Raises:
        Refusal: `disclosure_not_open` when it is approved or over; `same_person` for its maker (R-JSTOA-FIG3.2).
    """
    state = proposed.state(at)
    if state != "proposed":
        raise Refusal(Reason.DISCLOSURE_NOT_OPEN, disclosure=proposed.id, state=state)
    if by == proposed.maker:
        raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
