"""Product market (銘柄の取引可否): what decides whether a product may be transferred at this moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from genbo.bootstrap.market import controls_of, records
from genbo.bootstrap.office import Office
from genbo.chain.contracts.platform import MarketStatus
from genbo.governance.market import (
    Answer,
    BankCalendar,
    Market,
    ProductControls,
    TransferGroup,
    may_execute,
)
from genbo.kernel import ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMarket:
    """The controls of one product, and what they come to."""

    controls: ProductControls
    market: Market
    status: MarketStatus
    """開閉局ステータス (T16.1) on the ledger."""
    answer: Answer
    at: datetime

    @property
    def group(self) -> TransferGroup:
        """The switch of its transfer-enable group (T4)."""
        return self.market.group(self.controls.group)

    @property
    def is_transferable(self) -> bool:
        """Whether nothing stands against an ordinary transfer now, as far as the market decides it."""
        return self.answer.is_allowed and self.status is MarketStatus.OPEN


def market_of(office: Office, product: ProductId) -> ProductMarket:
    """The market of one product as it is now. It changes nothing.

    Raises:
        Refusal: `product_unknown`, also for one that has no token yet.
        Fault: as the node and the database do.
    """
    at = office.house.now()
    status = office.platform.status().value
    with office.house.database.read() as connection:
        known = records(connection).market(at=at)
        market = replace(known, is_stopped=status is MarketStatus.STOPPED)
        controls = controls_of(office, connection, product, market=market, at=at)
    return ProductMarket(
        controls=controls,
        market=market,
        status=status,
        answer=may_execute(controls, at=at, market=market),
        at=at,
    )


def calendar_now(office: Office) -> BankCalendar:
    """The business days as they are known now."""
    with office.house.database.read() as connection:
        return records(connection).calendar()
