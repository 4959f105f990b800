"""Market hours (市場時間): the routines that keep the ledger's switches as the calendar wants them.

Each act is a command whose idempotency key names the window, so it happens once however many processes run. What an
operator or a stop closed is never opened here: after that only an operator opens.
"""

from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.market import closings_of, follow_market, records
from genbo.bootstrap.office import Office
from genbo.chain.call import Call
from genbo.chain.contracts.platform import MarketStatus
from genbo.governance import Duty, Stored
from genbo.governance.command import ENDED
from genbo.governance.market import Market
from genbo.kernel import UTC, Fault, ProductId, Reason
from genbo.storage.commands import Commands
from genbo.storage.market import MarketRecords
from genbo.storage.products import Products

_BY = "genbo"
"""Who acts by schedule."""


class OpenAndClose:
    """Opens and closes the market on the ledger by schedule. A `Routine`; without any hours it leaves it alone."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._seen = -1
        """The block up to which the ledger was followed."""

    def step(self) -> bool:
        """Whether anything was ordered or noted."""
        office = self._office
        with office.house.database.read() as connection:
            held = records(connection)
            has_hours = bool(held.schedule().versions)
            is_looked_at = held.was_open(office.deployment.chain_id) is not None
        if not has_hours and not is_looked_at:
            return False
        news = False
        if (number := office.now().number) != self._seen:
            news = follow_market(office)
            self._seen = number
        if not has_hours:
            return news
        at = office.house.now()
        with office.house.database.begin() as connection:
            held = records(connection)
            held.lock()
            order = self._due(connection, held, at)
        return bool(order) or news

    def _due(self, connection: Connection, held: MarketRecords, at: datetime) -> bool:
        market = held.market(at=at)
        wanted = market.should_be_open(at)
        opened = self._find(connection, _opening_key(market, at)) if wanted else None
        status = self._office.platform.status().value  # asked after the command was looked up
        if status is MarketStatus.STOPPED or wanted is (status is MarketStatus.OPEN):
            return False
        if not wanted:
            return self._close(connection, held, market, at)
        if opened is None:
            platform = self._office.platform
            return _order(
                self._office,
                connection,
                platform.open_market(),
                Duty.MARKET_OPERATOR,
                _opening_key(market, at),
            )
        return _turn(self._office, opened)

    def _close(
        self, connection: Connection, held: MarketRecords, market: Market, at: datetime
    ) -> bool:
        key = f"market-close/{_named(market.next_opening(at))}"
        closed = self._find(connection, key)
        if closed is not None and not _has_ended(closed):
            return _turn(self._office, closed)
        if closed is not None:  # opened again outside of the hours, by somebody else
            key += f"/{self._office.now().number}"
        call = self._office.platform.close_market()
        held.note_status(self._office.deployment.chain_id, is_open=False, at=at, by=_BY)
        return _order(self._office, connection, call, Duty.MARKET_OPERATOR, key)

    def _find(self, connection: Connection, key: str) -> Stored | None:
        return Commands(connection, self._office.deployment.chain_id).find(key)


class CloseBooks:
    """Locks a product up on the ledger for as long as its book is closed; it runs out by itself. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether anything was ordered."""
        office = self._office
        at = office.house.now()
        with office.house.database.read() as connection:
            held = records(connection)
            products = [each for each in held.products_with_closings() if office.has_token(each)]
            if not products:
                return False
            market = held.market(at=at)
            due = {
                product: until
                for product in products
                if (until := self._closed_until(connection, held, product, market, at))
            }
        ordered = [self._lock_up(product, until) for product, until in due.items()]
        return any(ordered)

    def _closed_until(
        self,
        connection: Connection,
        held: MarketRecords,
        product: ProductId,
        market: Market,
        at: datetime,
    ) -> datetime | None:
        """Until when the book is closed at `at`; None when it is open."""
        terms = Products(connection).get(product).terms
        rules = held.book_closings(product, at=at)
        periods = [
            each.period(market.calendar) for each in closings_of(terms, rules, market=market, at=at)
        ]
        closed = [period.closes for period in periods if period.opens <= at < period.closes]
        return max(closed, default=None)

    def _lock_up(self, product: ProductId, until: datetime) -> bool:
        token = self._office.token(product)
        if token.control().value.product_lock_up_until >= int(until.timestamp()):
            return False
        with self._office.house.database.begin() as connection:
            return _order(
                self._office,
                connection,
                token.set_product_lock_up(until=until),
                Duty.RESTRICTOR,
                f"book-closing/{product}/{_named(until)}",
                product=product,
            )


def _order(
    office: Office,
    connection: Connection,
    call: Call,
    duty: Duty,
    key: str,
    *,
    product: ProductId | None = None,
) -> bool:
    """Stores the act as a command; whether it is new. Nothing where nobody's key for it is at hand: then a process
    does it that has one."""
    try:
        order = office.orders.under_duty(call, duty, key=key, product=product)
    except Fault as fault:
        if fault.reason is Reason.KEY_MISSING:
            return False
        raise
    stored, new = order.store(connection)
    return new or _turn(office, stored)


def _turn(office: Office, stored: Stored) -> bool:
    """A turn for whoever sends it; whether that moved anything."""
    if stored.state in ENDED:
        return False
    turn = office.courier.turn(office.courier.signer_for(stored.command.account))
    return turn is not None and not turn.idle


def _has_ended(stored: Stored) -> bool:
    """Whether its transaction stands in a block, or never will."""
    return stored.state in ENDED or stored.outcome.block is not None


def _opening_key(market: Market, at: datetime) -> str:
    """Names the opening that `at` falls into."""
    return f"market-open/{_named(market.closing_after(at))}"


def _named(at: datetime | None) -> str:
    return "never" if at is None else f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
