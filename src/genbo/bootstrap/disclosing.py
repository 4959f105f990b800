"""Disclosing: a registrar decides, by two persons, that an issuer may read who holds its product."""

import uuid
from datetime import datetime

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
) -> DecidedDisclosure:
    """Proposes that the holders of a product are named to an issuer. Another person approves it.

    Raises:
        Refusal: `product_unknown`; `institution_unknown`; as `propose_disclosure`.
    """
    with house.database.begin() as connection:
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
