"""Disclosing: a registrar decides, by two persons, that an issuer may read who holds its product."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.house import House
from genbo.governance.institutions import (
    DecidedDisclosure,
    DisclosureId,
    InstitutionId,
    propose_disclosure,
)
from genbo.kernel import Digest, ProductId, Reason, Refusal
from genbo.storage.disclosures import Disclosures
from genbo.storage.parties import Parties


def propose(
    house: House,
    product: ProductId,
    *,
    to: InstitutionId,
    purpose: str,
    basis: Digest,
    valid_from: datetime,
    valid_until: datetime,
    at: datetime,
    by: str,
    connection: Connection | None = None,
) -> DecidedDisclosure:
    """Proposes that the holders of a product are named to an issuer. Another person approves it.

    Args:
        connection: the caller's transaction, where there is one.

    Raises:
        Refusal: `product_unknown`; `institution_unknown`; as `propose_disclosure`.
    """
    with house.database.within(connection) as connection:
        parties = Parties(connection)
        found = parties.product_parties([product])
        if product not in found:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        proposed = propose_disclosure(
            id=DisclosureId(f"D-{uuid.uuid4().hex[:16]}"),
            product=found[product],
            to=parties.institution(to),
            purpose=purpose,
            basis=basis,
            valid_from=valid_from,
            valid_until=valid_until,
            at=at,
            by=by,
        )
        Disclosures(connection).propose(proposed)
    return proposed


def disclosures_of(house: House, institution: InstitutionId) -> list[DecidedDisclosure]:
    """Those that a registrar decided, and those to an issuer that were put in force, in the order in which they were
    proposed: what is only proposed is the registrar's own affair."""
    with house.database.read() as connection:
        every = Disclosures(connection).all()
    return [
        each
        for each in every
        if each.disclosure.by == institution
        or (each.disclosure.to == institution and each.approved_at is not None)
    ]


def decide(
    connection: Connection,
    disclosure: DisclosureId,
    decision: Callable[[Disclosures], DecidedDisclosure],
    *,
    registrar: InstitutionId,
) -> DecidedDisclosure:
    """Approves or ends a disclosure of the registrar.

    Raises:
        Refusal: `disclosure_unknown`, also for another registrar's; as the decision.
    """
    disclosures = Disclosures(connection)
    if disclosures.get(disclosure).disclosure.by != registrar:
        raise Refusal(Reason.DISCLOSURE_UNKNOWN, disclosure=disclosure)
    return decision(disclosures)
