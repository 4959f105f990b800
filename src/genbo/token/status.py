"""ProductStatus (受益権ステータス, R-PROGMAT-T3.11): where a product stands in its life."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from genbo.kernel import Reason, Refusal


class ProductStatus(StrEnum):
    """The closed list of statuses."""

    DRAFT = "draft"
    """起案: terms may still be incomplete; no token."""
    SET = "set"
    """設定: terms complete, token created, all units with the initial beneficiary."""
    OFFERING = "offering"
    """募集: being distributed."""
    ACTIVE = "active"
    """取引可: held by investors."""
    SUSPENDED = "suspended"
    """停止中: transfers off by a decision about this product."""
    REDEEMING = "redeeming"
    """償還中: redemption has begun."""
    REDEEMED = "redeemed"
    """償還済: no unit is left; final."""


TRANSITIONS: Mapping[ProductStatus, frozenset[ProductStatus]] = MappingProxyType(
    {
        ProductStatus.DRAFT: frozenset({ProductStatus.SET}),
        ProductStatus.SET: frozenset({ProductStatus.OFFERING, ProductStatus.REDEEMING}),
        ProductStatus.OFFERING: frozenset(
            {ProductStatus.ACTIVE, ProductStatus.SUSPENDED, ProductStatus.REDEEMING}
        ),
        ProductStatus.ACTIVE: frozenset(
            # An additional issue is offered again.
            {ProductStatus.OFFERING, ProductStatus.SUSPENDED, ProductStatus.REDEEMING}
        ),
        ProductStatus.SUSPENDED: frozenset(
            {ProductStatus.OFFERING, ProductStatus.ACTIVE, ProductStatus.REDEEMING}
        ),
        # Units redeemed by mistake are redistributed, and the product lives on.
        ProductStatus.REDEEMING: frozenset({ProductStatus.ACTIVE, ProductStatus.REDEEMED}),
        ProductStatus.REDEEMED: frozenset(),
    }
)
"""From each status, those it may go to. What is not listed never happens."""


def move_on(status: ProductStatus, wanted: ProductStatus) -> ProductStatus:
    """`wanted`, when a product of `status` may go there.

    Raises:
        Refusal: `status_unreachable`, with the statuses it may go to.
    """
    allowed = TRANSITIONS[status]
    if wanted not in allowed:
        raise Refusal(
            Reason.STATUS_UNREACHABLE,
            status=status.value,
            wanted=wanted.value,
            allowed=", ".join(each.value for each in ProductStatus if each in allowed) or "-",
        )
    return wanted
