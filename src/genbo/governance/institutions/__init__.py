"""Institutions (関係機関): the firms that have access, what each is to the platform, and what it may see."""

from genbo.governance.institutions.disclosure import (
    DecidedDisclosure,
    DisclosureId,
    propose_disclosure,
    require_approvable,
)
from genbo.governance.institutions.institution import (
    BROKERS,
    Institution,
    InstitutionId,
    institution,
)
from genbo.governance.institutions.role import ROLES, InstitutionRole, Node, RoleFacts
from genbo.governance.institutions.sight import SIGHT, Sight, Subject
from genbo.governance.institutions.visibility import (
    CustomerParties,
    Disclosure,
    ProductParties,
    TradeParties,
    TradeView,
    require_person,
    require_seen,
    sight_of_holding,
    sight_of_person,
    sight_of_product,
    view_trade,
)

__all__ = [
    "BROKERS",
    "ROLES",
    "SIGHT",
    "CustomerParties",
    "DecidedDisclosure",
    "Disclosure",
    "DisclosureId",
    "Institution",
    "InstitutionId",
    "InstitutionRole",
    "Node",
    "ProductParties",
    "RoleFacts",
    "Sight",
    "Subject",
    "TradeParties",
    "TradeView",
    "institution",
    "propose_disclosure",
    "require_approvable",
    "require_person",
    "require_seen",
    "sight_of_holding",
    "sight_of_person",
    "sight_of_product",
    "view_trade",
]
