"""Roles by what they see: which roles a reading route is for, from the table of sight (A.2.1).

A role that sees nothing of a subject in readable form is told that the routes about it are not there. An intermediary
sees holdings by the consent of its client, which is asked of each row.
"""

from genbo.governance.institutions import SIGHT, InstitutionRole, Sight, Subject


def seeing(subject: Subject, *sights: Sight) -> frozenset[InstitutionRole]:
    """The roles that see the subject so."""
    return frozenset(role for role in InstitutionRole if SIGHT[role][subject] in sights)


PRODUCT_ROLES = seeing(Subject.PRODUCT, Sight.ITSELF)
PERSON_ROLES = seeing(Subject.PERSON, Sight.ITSELF)
"""Those that see who an investor is."""
NAME_ROLES = PERSON_ROLES | seeing(Subject.PERSON, Sight.PSEUDONYM)
"""Those that may ask for a name: an issuer under a disclosure (R-PROGMAT-VIS-4)."""
HOLDING_ROLES = seeing(Subject.HOLDING, Sight.ITSELF) | {InstitutionRole.INTERMEDIARY}
TRADE_ROLES = seeing(Subject.TRADE, Sight.ITSELF)
DIGEST_ROLES = seeing(Subject.HOLDING, Sight.DIGEST)
"""The platform manager (R-PROGMAT-VIS-3)."""
BY_PRODUCT = frozenset({InstitutionRole.REGISTRAR, InstitutionRole.ISSUER})
"""Those that see a register by product, and not by their customers."""
