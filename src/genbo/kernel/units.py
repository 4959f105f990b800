"""Units (口数, 数量): whole numbers of one product, never fractions and never wei."""

from typing import NewType

from genbo.kernel.reason import Reason
from genbo.kernel.refusal import Refusal

Units = NewType("Units", int)

MAX_UNITS = Units(2**80 - 1)
"""The most an account word can hold; the total issued of a product is bounded by it too."""


def units(value: int) -> Units:
    """`value` as units.

    Raises:
        Refusal: `units_out_of_range` when it is negative, not whole or above `MAX_UNITS`.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_UNITS:
        raise Refusal(Reason.UNITS_OUT_OF_RANGE, value=str(value), most=int(MAX_UNITS))
    return Units(value)
