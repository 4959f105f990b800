"""What an investor may become: status (投資家ステータス, R-PROGMAT-T7.21) and AML class (AML区分, R-PROGMAT-T7.22).

The statuses of products are in `token/status.py`, those of users in `governance/users/user.py`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from genbo.kernel import InvestorId, Reason, Refusal

__all__ = [
    "FIRST_STATUSES",
    "INVESTOR_TRANSITIONS",
    "AmlClass",
    "InvestorKind",
    "InvestorStatus",
    "SafekeepingKind",
    "leaves_block",
    "move_investor_on",
]


class InvestorKind(StrEnum):
    """個人・法人の別: withholding differs, and an individual has no corporate number."""

    INDIVIDUAL = "individual"
    """個人."""
    CORPORATION = "corporation"
    """法人."""


class SafekeepingKind(StrEnum):
    """保護預り区分 (R-PROGMAT-T7.5): who keeps the key, and so who creates and signs transfers."""

    DIRECT = "direct"
    """直接管理: the broker."""
    DELEGATED = "delegated"
    """カストディ委託: a custodian for the broker."""
    SELF = "self"
    """本人管理: the investor."""


class InvestorStatus(StrEnum):
    """投資家ステータス."""

    APPLIED = "applied"
    """申込: known, not yet accepted."""
    ACTIVE = "active"
    """有効: the only one that receives."""
    SUSPENDED = "suspended"
    """停止: keeps what it holds, receives nothing."""
    CLOSED = "closed"
    """閉鎖: the contract has ended; holds nothing."""
    ERASED = "erased"
    """消去: personal data is gone for good; final."""

    @property
    def receives(self) -> bool:
        """Whether units may come to an investor of this status."""
        return self is InvestorStatus.ACTIVE


class AmlClass(StrEnum):
    """AML区分: what is left of screening for the register and the ledger."""

    CLEAR = "clear"
    """問題なし."""
    REVIEW = "review"
    """確認中."""
    BLOCKED = "blocked"
    """取引停止: neither sends nor receives, from that moment on."""

    @property
    def moves(self) -> bool:
        """Whether units may go to and from an investor of this class: all the ledger learns of it."""
        return self is not AmlClass.BLOCKED


FIRST_STATUSES = (InvestorStatus.APPLIED, InvestorStatus.ACTIVE)
"""Those an investor may be registered with."""

INVESTOR_TRANSITIONS: Mapping[InvestorStatus, frozenset[InvestorStatus]] = MappingProxyType(
    {
        InvestorStatus.APPLIED: frozenset({InvestorStatus.ACTIVE, InvestorStatus.CLOSED}),
        InvestorStatus.ACTIVE: frozenset({InvestorStatus.SUSPENDED, InvestorStatus.CLOSED}),
        InvestorStatus.SUSPENDED: frozenset({InvestorStatus.ACTIVE, InvestorStatus.CLOSED}),
        # Who comes back is registered anew: retention is counted from the end of each contract.
        InvestorStatus.CLOSED: frozenset({InvestorStatus.ERASED}),
        InvestorStatus.ERASED: frozenset(),
    }
)
"""From each status, those it may go to. What is not listed never happens."""


def move_investor_on(
    status: InvestorStatus,
    wanted: InvestorStatus,
    *,
    units: int,
    investor: InvestorId | None = None,
) -> InvestorStatus:
    """`wanted`, when an investor of `status` who holds `units` of all products together may go there. To stay is
    always possible.

    Raises:
        Refusal: `investor_status_unreachable`, with the statuses it may go to; `investor_holds_units`
            when it would be closed with units in hand.
    """
    if wanted is status:
        return wanted
    allowed = INVESTOR_TRANSITIONS[status]
    if wanted not in allowed:
        raise Refusal(
            Reason.INVESTOR_STATUS_UNREACHABLE,
            investor=investor,
            status=status.value,
            wanted=wanted.value,
            allowed=", ".join(each.value for each in InvestorStatus if each in allowed) or "-",
        )
    if wanted is InvestorStatus.CLOSED and units:
        raise Refusal(Reason.INVESTOR_HOLDS_UNITS, investor=investor, units=units)
    return wanted


def leaves_block(before: AmlClass, after: AmlClass) -> bool:
    """Whether the change lifts a block. Any class may follow any other, but a block is raised by one person and lifted
    by two (R-PROGMAT-T7.22; decision 0004)."""
    return not before.moves and after.moves
