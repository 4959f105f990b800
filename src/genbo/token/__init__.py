"""The token: what the instrument is.

Terms, legal classes and record dates of a product; kinds of movement; and the pure reference model
of its contract (`model`), which states the rules that `contracts/token/` carries out. Knows
addresses and units; does not know who the holders are.
"""

from genbo.token.account_word import AccountWord
from genbo.token.act import Act
from genbo.token.bond_terms import COUPONS_A_YEAR, BondTerms, DayCount
from genbo.token.classification import (
    InvestorClass,
    LegalCategory,
    LegalForm,
    PerfectionMethod,
    RightKind,
)
from genbo.token.control_word import ControlWord
from genbo.token.hold import HeldUnits, Hold, HoldState
from genbo.token.model import Supply, TokenModel
from genbo.token.movement import MovementKind
from genbo.token.record_date import HolidayAdjustment, RecordDay, adjusted, record_dates
from genbo.token.status import ProductStatus, move_on
from genbo.token.terms import (
    FIELD_NAMES,
    LedgerTerms,
    ProductTerms,
    parse_terms,
    problems_of_terms,
)

__all__ = [
    "COUPONS_A_YEAR",
    "FIELD_NAMES",
    "AccountWord",
    "Act",
    "BondTerms",
    "ControlWord",
    "DayCount",
    "HeldUnits",
    "Hold",
    "HoldState",
    "HolidayAdjustment",
    "InvestorClass",
    "LedgerTerms",
    "LegalCategory",
    "LegalForm",
    "MovementKind",
    "PerfectionMethod",
    "ProductStatus",
    "ProductTerms",
    "RecordDay",
    "RightKind",
    "Supply",
    "TokenModel",
    "adjusted",
    "move_on",
    "parse_terms",
    "problems_of_terms",
    "record_dates",
]
