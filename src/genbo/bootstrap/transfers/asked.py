"""What an institution asks about a transfer, and how that was judged."""

from dataclasses import dataclass
from datetime import date

from genbo.chain.signing import Domain
from genbo.custody import Key
from genbo.governance.institutions import Institution
from genbo.governance.market import Authorisation, DeliveryWindow, StoredOrder, TransferOrder
from genbo.governance.market.order import PASSING
from genbo.kernel import InvestorId, ProductId, Reason, Reference, Refusal, Units

TILL_DELIVERY = frozenset(
    {
        Reason.SENDER_LOCKED_UP,
        Reason.INSUFFICIENT_BALANCE,
        Reason.INSUFFICIENT_UNFROZEN_BALANCE,
    }
)
"""What may be otherwise on the delivery date, so an order for a later window is accepted all the same."""


def may_pass(refusal: Refusal) -> bool:
    """Whether it may be otherwise on the delivery date."""
    return refusal.reason in TILL_DELIVERY or refusal.reason in PASSING


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAsk:
    """A transfer as it is asked for."""

    product: ProductId
    trade: Reference
    """取引ID (T2.2)."""
    source: InvestorId
    target: str
    """The taker's id, or the address that speaks for the taker in this product: a broker knows another's customer by
    the pseudonym."""
    units: Units
    delivery_date: date | None = None
    lag: int = 0
    """Otherwise so many business days after the trade date."""
    authorisation: Authorisation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks."""

    institution: Institution
    by: str
    """As the records name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A transfer, judged."""

    ask: TransferAsk
    source: Key | None = None
    """The giver's active key in the product."""
    target: Key | None = None
    keeps_own_key: bool = False
    """Whether the giver's key is kept outside, so that the order has to carry its signature."""
    known: StoredOrder | None = None
    """The order of that trade, where there is one."""
    window: DeliveryWindow | None = None
    """When it is planned to be delivered."""
    order: TransferOrder | None = None
    """As it would be stored."""
    domain: Domain | None = None
    """What a signature over it is bound to."""
    never: tuple[Refusal, ...] = ()
    """Why it is not taken as an order at all."""
    now: tuple[Refusal, ...] = ()
    """What stands against it at this moment, by calendar, ledger and screening."""

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Everything that stands against it."""
        return (*self.never, *self.now)

    @property
    def bar(self) -> Refusal | None:
        """Why it is not accepted as an order; None when it is. Where nothing of the calendar stands against it the
        order would be executed at once, so only what the market or a screening may change by itself lets it wait."""
        if self.never:
            return self.never[0]
        waits = any(each.reason in PASSING for each in self.now)
        passing = may_pass if waits else (lambda each: each.reason in PASSING)
        return next((each for each in self.now if not passing(each)), None)

    @property
    def is_due(self) -> bool:
        """Whether it can be executed at this moment."""
        return not self.never and not self.now
