"""The kernel: the words every other part is made of.

Units, ids, block stamps, business time and the base of every refusal. Standard library only: nothing in here
knows a database, a chain or a screen.
"""

from genbo.kernel.finality import REORGANISATION_DEPTH, Finality, final_block
from genbo.kernel.ids import (
    ZERO_ADDRESS,
    Address,
    Digest,
    InvestorId,
    ProductId,
    Reference,
    from_bytes32,
    to_bytes32,
)
from genbo.kernel.reason import Reason
from genbo.kernel.refusal import Fact, Fault, Refusal, Refusals
from genbo.kernel.stamp import BlockStamp
from genbo.kernel.time import (
    JST,
    UTC,
    business_date,
    end_of_day,
    instant_of,
    parse_as_of,
    start_of_day,
)
from genbo.kernel.units import MAX_UNITS, Units, units

__all__ = [
    "JST",
    "MAX_UNITS",
    "REORGANISATION_DEPTH",
    "UTC",
    "ZERO_ADDRESS",
    "Address",
    "BlockStamp",
    "Digest",
    "Fact",
    "Fault",
    "Finality",
    "InvestorId",
    "ProductId",
    "Reason",
    "Reference",
    "Refusal",
    "Refusals",
    "Units",
    "business_date",
    "end_of_day",
    "final_block",
    "from_bytes32",
    "instant_of",
    "parse_as_of",
    "start_of_day",
    "to_bytes32",
    "units",
]
