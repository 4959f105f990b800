"""Market (市場): the operator's decisions, and the market as it is now, from what was recorded and from the ledger.

What is decided here goes to the ledger with the decision in one transaction. What is decided on the ledger - a stop, a
group that two persons switched - is noted here when it is seen, so both tell the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.platform import MarketStatus
from genbo.governance import Duty
from genbo.governance.market import (
    BookClosing,
    BookClosingRule,
    ClosingCause,
    Decision,
    DecisionKind,
    Market,
    MarketHours,
    Override,
    ProductControls,
)
from genbo.kernel import UTC, ProductId, Reason, Refusal, business_date
from genbo.providers import calendar
from genbo.storage.commands import Commands
from genbo.storage.market import ON_LEDGER, Announced, MarketRecords
from genbo.storage.products import Products
from genbo.token import ControlWord, ProductTerms
from genbo.token.control_word import PRODUCT_ENDED
from genbo.token.record_date import adjusted

ANNOUNCED = Announced(is_holiday=calendar.is_bank_holiday, version=calendar.VERSION)
"""Japan's bank holidays."""

_LONGEST_CLOSING = timedelta(days=120)
"""Book closings around days further back do not reach into the present."""
_LEDGER = "ledger"
"""Who decided, where no command of ours did."""


def records(connection: Connection) -> MarketRecords:
    """What was recorded about the market."""
    return MarketRecords(connection, ANNOUNCED)


@dataclass(frozen=True, slots=True)
class MarketView:
    """The market at an instant."""

    market: Market
    status: MarketStatus
    """開閉局ステータス (T16.1) on the ledger."""
    at: datetime


def market_now(office: Office) -> MarketView:
    """The market as it is now. Raises Fault as the node and the database do."""
    follow_market(office)
    at = office.house.now()
    status = office.platform.status().value
    with office.house.database.read() as connection:
        market = records(connection).market(at=at)
    stopped = status is MarketStatus.STOPPED
    return MarketView(replace(market, is_stopped=stopped), status, at)


def market_known_at(office: Office, at: datetime) -> Market:
    """The market as it was known at an instant of the past: by what an answer of then was given."""
    with office.house.database.read() as connection:
        return records(connection).market(at=at)


# Products --------------------------------------------------------------------------------------------


def controls_of(
    office: Office,
    connection: Connection,
    product: ProductId,
    *,
    market: Market,
    at: datetime,
    word: ControlWord | None = None,
) -> ProductControls:
    """What decides for one product at `at`: its terms, its book, and the ledger's word on it.

    Args:
        word: the ledger's word, where it was just read.

    Raises:
        Refusal: `product_unknown`.
    """
    terms = Products(connection).get(product).terms
    rules = records(connection).book_closings(product, at=at)
    word = word or office.token(product).control().value
    lock_up = word.product_lock_up_until
    return ProductControls(
        product=product,
        group=terms.transfer_control_id,
        set_date=terms.set_date,
        redemption_date=_redemption(terms, market),
        is_ended=word.has(PRODUCT_ENDED),
        lock_up_until=datetime.fromtimestamp(lock_up, UTC) if lock_up else None,
        closings=closings_of(terms, rules, market=market, at=at),
    )


def closings_of(
    terms: ProductTerms,
    rules: dict[ClosingCause, BookClosingRule],
    *,
    market: Market,
    at: datetime,
) -> tuple[BookClosing, ...]:
    """The book closings of a product that are not long past at `at`, by its rules around its days."""
    is_holiday = market.calendar.is_holiday
    since = business_date(at) - _LONGEST_CLOSING
    found: list[BookClosing | None] = []
    if rule := rules.get(ClosingCause.RECORD_DATE):
        days = terms.record_dates(until=terms.redemption_date, is_holiday=is_holiday)
        found += [rule.around(day) for day in days if day >= since]
    if rule := rules.get(ClosingCause.REDEMPTION):
        found.append(rule.around(_redemption(terms, market)))
    return tuple(each for each in found if each is not None)


def _redemption(terms: ProductTerms, market: Market) -> date:
    """償還日 after its adjustment."""
    return adjusted(terms.redemption_date, terms.holiday_adjustment, market.calendar.is_holiday)


# Decisions -------------------------------------------------------------------------------------------


def override_day(
    office: Office, override: Override, *, connection: Connection | None = None
) -> None:
    """Makes a day other than announced. Raises Refusal as `MarketRecords.override`."""
    with office.house.database.within(connection) as connection:
        records(connection).override(override)


def set_hours(office: Office, hours: MarketHours, *, connection: Connection | None = None) -> None:
    """Records a further version of the hours, in the caller's transaction where there is one."""
    with office.house.database.within(connection) as connection:
        records(connection).set_hours(hours)


def set_book_closing(
    office: Office, rule: BookClosingRule, *, connection: Connection | None = None
) -> None:
    """Records a further rule of a product's book. Raises Refusal(product_unknown, field_invalid)."""
    with office.house.database.within(connection) as connection:
        Products(connection).get(rule.product)
        rule.around(business_date(rule.at))  # whether the days can be a closing at all
        records(connection).close_book(rule)


def close_market(office: Office, *, why: str, by: str | None = None) -> MarketView:
    """閉局: one operator closes the market; the schedule does not open it again before `open_market`.

    Args:
        by: name of the operator's key; by default the first at hand.

    Raises:
        Refusal: `platform_stopped`.
        Fault: `key_missing`, and as `Office.act`.
    """
    view = market_now(office)
    if view.status is MarketStatus.STOPPED:
        raise Refusal(Reason.PLATFORM_STOPPED)
    _decide(office, DecisionKind.CLOSED, why=why, by=by, act=view.status is MarketStatus.OPEN)
    return market_now(office)


def open_market(office: Office, *, why: str, by: str | None = None) -> MarketView:
    """開局: an operator lets the market open again: at once within the hours, or where there are none; else the
    schedule opens it when its time has come. After a stop two others have resumed the platform before, as the
    contracts want it (R-JSTOA-6.1.1.11c).

    Raises:
        Refusal: `platform_stopped`.
        Fault: `key_missing`, and as `Office.act`.
    """
    view = market_now(office)
    if view.status is MarketStatus.STOPPED:
        raise Refusal(Reason.PLATFORM_STOPPED)
    market = view.market
    due = not market.schedule.versions or market.closing_after(view.at) is not None
    act = due and view.status is MarketStatus.CLOSED
    _decide(office, DecisionKind.OPENED, why=why, by=by, act=act)
    return market_now(office)


def _decide(office: Office, kind: DecisionKind, *, why: str, by: str | None, act: bool) -> None:
    hands = office.orders.hands_of(Duty.MARKET_OPERATOR, (by,) if by else ())
    name = hands.people[0][0]
    decision = Decision(kind=kind, by=name, at=office.house.now(), why=why)

    def note(connection: Connection) -> None:
        held = records(connection)
        held.lock()
        held.decide(decision)

    if not act:
        with office.house.database.begin() as connection:
            note(connection)
        return
    platform = office.platform
    opens = kind is DecisionKind.OPENED
    call = platform.open_market() if opens else platform.close_market()
    office.act(call, Duty.MARKET_OPERATOR, by=(name,), effects=note)


def switch_group(
    office: Office, group: str, *, enabled: bool, why: str, by: Sequence[str] = ()
) -> None:
    """Switches a transfer-enable group on the ledger, by two persons (R-PROGMAT-T4.2); T4 follows the ledger.

    Raises:
        Refusal: `group_unknown`, `approvals_too_few`; the contract's own reason.
        Fault: as `Office.act`.
    """
    call = office.platform.set_transfer_enabled(group, enabled=enabled)
    office.act(call, Duty.TRANSFER_CONTROLLER, by=by)
    follow_market(office, why=why)


# What the ledger decided -----------------------------------------------------------------------------


def follow_market(office: Office, *, why: str | None = None) -> bool:
    """Notes what was decided on the ledger: a stop, its end, the switch of a group, the status. Whether there was any
    news.

    Args:
        why: for what somebody has just ordered here.
    """
    at = office.house.now()
    platform = office.platform
    with office.house.database.begin() as connection:
        held = records(connection)
        held.lock()
        status = platform.status().value  # asked now, so that it is not older than what was noted
        market = held.market(at=at)
        news: list[Decision] = []
        if (status is MarketStatus.STOPPED) is not market.is_stopped:
            news.append(_stop_or_resume(office, status, at))
        was_open = held.was_open(office.deployment.chain_id)
        if was_open and status is MarketStatus.CLOSED and market.should_be_open(at):
            why_closed = "seen on the ledger: closed within the hours"
            news.append(Decision(kind=DecisionKind.CLOSED, by=_LEDGER, at=at, why=why_closed))
        for group in held.groups(office.deployment.chain_id):
            enabled = platform.is_transfer_enabled(group).value
            known = market.groups.get(group)
            if known is None or known.is_enabled is not enabled:
                news.append(_switched(office, connection, group, enabled, at, why))
        for decision in news:
            held.decide(decision)
        is_open = status is MarketStatus.OPEN
        noted = held.note_status(office.deployment.chain_id, is_open=is_open, at=at, by=_LEDGER)
    return bool(news) or noted


def _stop_or_resume(office: Office, status: MarketStatus, at: datetime) -> Decision:
    if status is not MarketStatus.STOPPED:
        return Decision(
            kind=DecisionKind.RESUMED, by=ON_LEDGER, at=at, why="seen on the ledger: resumed"
        )
    stopper = office.platform.stopped_by().value or _LEDGER
    return Decision(kind=DecisionKind.STOPPED, by=stopper, at=at, why="seen on the ledger: stopped")


def _switched(
    office: Office,
    connection: Connection,
    group: str,
    enabled: bool,
    at: datetime,
    why: str | None,
) -> Decision:
    """The switch of a group, by who ordered it where a command of ours did."""
    call = office.platform.set_transfer_enabled(group, enabled=enabled)
    ordered = Commands(connection, office.deployment.chain_id).calling(call.to, call.data)
    by, approved_by = _LEDGER, ON_LEDGER
    if ordered is not None and ordered.approvers:
        by, approved_by = ordered.command.maker, ", ".join(ordered.approvers)
    return Decision(
        kind=DecisionKind.GROUP_ON if enabled else DecisionKind.GROUP_OFF,
        by=by,
        approved_by=approved_by,
        at=at,
        why=why or "seen on the ledger",
        group=group,
    )
