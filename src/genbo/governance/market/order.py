"""TransferOrder (移転の注文): accepted at any hour, delivered in a window of its delivery date, or never.

waiting ──► ordered ──► delivered   the ledger moved the units, for good
   │           ├──────► waiting     the market closed before it got there: asked again
   │           └──────► refused     the token said no
   ├────────────────────► refused     it can never be delivered, or a rule about the parties says no
   └────────────────────► withdrawn   before delivery, without a movement on the ledger (R-PROGMAT-CTL-2)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from genbo.governance.command import CommandId
from genbo.governance.market.authorisation import Authorisation
from genbo.governance.market.execution import Answer, ProductControls, may_execute, never_delivered
from genbo.governance.market.state import Market
from genbo.kernel import Fact, InvestorId, ProductId, Reason, Reference, Units


class OrderState(StrEnum):
    """What became of an order."""

    WAITING = "waiting"
    """受付済: waits for its window, or for what stands against it to pass."""
    ORDERED = "ordered"
    """指図済: its act is on the way to the ledger."""
    DELIVERED = "delivered"
    """受渡済."""
    REFUSED = "refused"
    """不成立: nothing was moved; an order is not tried again, a new one may be placed."""
    WITHDRAWN = "withdrawn"
    """取下."""


TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.WAITING: frozenset(
            {OrderState.WAITING, OrderState.ORDERED, OrderState.REFUSED, OrderState.WITHDRAWN}
        ),
        OrderState.ORDERED: frozenset(
            {OrderState.DELIVERED, OrderState.WAITING, OrderState.REFUSED}
        ),
        OrderState.DELIVERED: frozenset(),
        OrderState.REFUSED: frozenset(),
        OrderState.WITHDRAWN: frozenset(),
    }
)
"""State to the states that may follow it; a waiting order may go on to wait, for another reason."""

OPEN = frozenset(state for state, following in TRANSITIONS.items() if following)
"""States in which an order is still looked after."""

PASSING = frozenset(
    {
        Reason.PLATFORM_STOPPED,
        Reason.MARKET_CLOSED,
        Reason.TRANSFER_DISABLED,
        Reason.PRODUCT_LOCKED_UP,
        Reason.BOOK_CLOSED,
        Reason.DELIVERY_NOT_DUE,
        Reason.KEY_MISSING,
        Reason.SCREENING_MISSING,
        Reason.SCREENING_STALE,
        Reason.SCREENING_POSSIBLE,
        Reason.SCREENING_UNMATCHABLE,
    }
)
"""What stands against an order for a while: the market, a key elsewhere, a screening that is not done or not judged
yet. Whatever else does, refuses it: an investor who is not eligible at
execution must not become so by waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """One order. Never edited."""

    trade: Reference
    """取引ID (T2.2)."""
    product: ProductId
    source: InvestorId
    target: InvestorId
    units: Units
    delivery_date: date
    """受渡日 (T2.9)."""
    accepted_at: datetime
    accepted_by: str
    authorisation: Authorisation | None = None
    """移転承認: the giver's signature, where his key is elsewhere and the service sends for him."""

    def same_trade(self, other: "TransferOrder") -> bool:
        """Whether the other one orders the same: who gives how much to whom, and when."""
        return (self.source, self.target, self.units, self.delivery_date) == (
            other.source,
            other.target,
            other.units,
            other.delivery_date,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """An order as it stands."""

    order: TransferOrder
    state: OrderState
    changed_at: datetime
    changed_by: str
    attempt: int = 0
    """Acts that were sent to the ledger for it; each has its own idempotency key, and all the same 取引ID."""
    command: CommandId | None = None
    """The last of them."""
    reason: Reason | None = None
    """Why it waits, or was refused."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    cancelled_by: Reference | None = None
    """取消対象 (T2.11): the trade that withdrew it."""


def may_deliver(
    order: TransferOrder, product: ProductControls, *, at: datetime, market: Market
) -> Answer:
    """Whether the market lets the order be delivered at `at`: `may_execute`, once its day is known not to be over.

    So an order of yesterday is refused in the night, and not only when the market opens again.
    """
    never = never_delivered(order.delivery_date, at=at, calendar=market.calendar)
    if never is not None:
        return Answer(never, None)
    return may_execute(product, at=at, market=market, delivery_date=order.delivery_date)


def require_transition(before: OrderState, after: OrderState) -> None:
    """Nothing where `after` may follow `before`. Raises ValueError: then the program is wrong."""
    if after not in TRANSITIONS[before]:
        raise ValueError(f"an order does not go from {before} to {after}")
