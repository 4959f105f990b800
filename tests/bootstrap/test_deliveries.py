"""Market hours and the delivery of orders, by the routines of a whole office, on an embedded chain.

given hours from nine to six
├── when they begin and end: the market on the ledger should be opened and closed, once each
├── when an operator closed it, here or on the ledger: it should stay closed until an operator opens it
├── when it was stopped and resumed: it should stay closed until an operator opens it
└── when nobody set any hours: it should be left alone
given an order placed at any hour
├── when the market opens on its delivery date: it should be delivered by itself, once
├── when it is withdrawn before: nothing should move
├── when its taker is not eligible any more, or its units are gone: it should be refused with the reason
├── when its day is over, or nobody's key is at hand: it should not be executed
├── when its group is off, or the book is closed: it should wait
└── when the same trade is placed again: it should be the same order, and another one refused
given a book-closing rule
└── when its window begins: the product should be locked up on the ledger until its end, and no longer
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.storage.builders import new_investor
from tests.support.chain import GENESIS
from tests.support.market import jst
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.deliveries import Deliveries, Placed, place_order, withdraw_order
from genbo.bootstrap.followed import follow_orders
from genbo.bootstrap.market import (
    close_market,
    market_known_at,
    market_now,
    open_market,
    override_day,
    set_book_closing,
    set_hours,
    switch_group,
)
from genbo.bootstrap.market_hours import CloseBooks, OpenAndClose
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.routine import Routine
from genbo.chain.contracts.platform import MarketStatus
from genbo.chain.embedded import EmbeddedNode
from genbo.governance import Duty
from genbo.governance.market import (
    BookClosingRule,
    ClosingCause,
    MarketHours,
    OrderState,
    Override,
    Session,
    StoredOrder,
)
from genbo.kernel import Digest, InvestorId, Reason, Reference, Refusal, Units
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.verdicts import Verdict
from genbo.token import Act

ANNE, BORIS = InvestorId("IV-1"), InvestorId("IV-2")
GROUP = "TC-KDX"
ISSUE = Act(ref=Reference("I-1"), evidence=Digest("0x" + 64 * "a"))


def verdict(investor: InvestorId) -> Verdict:
    return Verdict(
        investor_id=investor,
        checked_at=GENESIS,
        expires_at=datetime(2040, 1, 1, tzinfo=UTC),
        investor_class=1,
        aml_class="clear",
        evidence_ref="KYC-1",
    )


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Iterator[Firm]:
    """Anne holds 40 units, Boris none; hours from nine to six from 11 August 2021 on."""
    made = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    new, verdicts = [new_investor(ANNE), new_investor(BORIS)], [verdict(ANNE), verdict(BORIS)]
    register_investors(made.office, new, verdicts, by="r-1")
    accounts = {ANNE: made.address(1), BORIS: made.address(2)}
    open_accounts(made.office, PRODUCT, accounts, by="r-1")
    made.verify([0, 1, 2])
    made.issue(100)
    made.office.act(
        made.office.token(PRODUCT).distribute([made.address(1)], [40], Reference("D-1")),
        Duty.DISTRIBUTOR,
        product=PRODUCT,
    )
    hours(made, (9, 18))
    yield made
    made.office.close()


def hours(firm: Firm, *sessions: tuple[int, int]) -> None:
    set_hours(
        firm.office,
        MarketHours(
            effective=date(2021, 8, 11),
            sessions=tuple(Session(time(opens), time(closes)) for opens, closes in sessions),
            by="operator-1",
            at=firm.office.house.now(),
            why="the hours agreed on",
        ),
    )


def at(firm: Firm, text: str) -> None:
    """It becomes that time in Japan, and every routine has its turns."""
    node = firm.office.house.node
    assert isinstance(node, EmbeddedNode)
    node.advance_to(jst(text).astimezone(UTC))
    turns(firm)


def turns(firm: Firm) -> None:
    """The routines, and the sender beside them, until nothing is left to do."""
    office = firm.office
    routines: tuple[Routine, ...] = (OpenAndClose(office), CloseBooks(office), Deliveries(office))
    for _ in range(20):
        office.read()
        busy = [routine.step() for routine in routines]
        sent = [not turn.idle for turn in office.courier.turn_all()]
        if not any(busy) and not any(sent):
            return
    raise AssertionError("the routines never rest")


def status(firm: Firm) -> MarketStatus:
    return firm.office.platform.status().value


def place(firm: Firm, trade: str = "T-1", units: int = 3, **more: object) -> Placed:
    return place_order(
        firm.office,
        PRODUCT,
        Reference(trade),
        source=ANNE,
        target=BORIS,
        units=Units(units),
        by="broker-1",
        **more,  # type: ignore[arg-type]
    )


def order(firm: Firm, trade: str = "T-1") -> StoredOrder:
    with firm.office.house.database.read() as connection:
        return TransferOrders(connection).get(PRODUCT, Reference(trade))


def acts(firm: Firm, what: str) -> int:
    with firm.office.house.database.read() as connection:
        found = Commands(connection, firm.office.deployment.chain_id).all()
    return sum(1 for each in found if each.command.what == what)


def refusal(attempt: object, *arguments: object, **named: object) -> Reason:
    with pytest.raises(Refusal) as caught:
        attempt(*arguments, **named)  # type: ignore[operator]
    return caught.value.reason


# Hours ----------------------------------------------------------------------------------------------


def test_hours__begin_and_end__market_opens_and_closes_once(firm: Firm) -> None:
    at(firm, "2021-08-11 08:00")
    assert status(firm) is MarketStatus.CLOSED
    at(firm, "2021-08-11 09:00")
    assert status(firm) is MarketStatus.OPEN
    turns(firm)
    at(firm, "2021-08-11 17:59")
    assert status(firm) is MarketStatus.OPEN
    at(firm, "2021-08-11 18:00")
    assert status(firm) is MarketStatus.CLOSED
    assert (
        acts(firm, "open the market") == 2
    )  # the first one by hand, when the platform was founded
    at(firm, "2021-08-14 10:00")  # a Saturday
    assert status(firm) is MarketStatus.CLOSED


def test_hours__operator_closed__stays_closed_until_an_operator_opens(firm: Firm) -> None:
    at(firm, "2021-08-11 10:00")
    close_market(firm.office, why="an incident")
    assert status(firm) is MarketStatus.CLOSED
    at(firm, "2021-08-12 10:00")
    assert status(firm) is MarketStatus.CLOSED
    view = market_now(firm.office)
    assert view.market.is_closed
    assert open_market(firm.office, why="repaired").status is MarketStatus.OPEN
    before = market_known_at(firm.office, jst("2021-08-11 12:00"))
    assert before.is_closed
    assert not market_now(firm.office).market.is_closed


def test_hours__operator_opens_outside_of_them__schedule_opens_when_it_is_time(
    firm: Firm,
) -> None:
    at(firm, "2021-08-11 10:00")
    close_market(firm.office, why="an incident")
    at(firm, "2021-08-11 20:00")
    assert open_market(firm.office, why="repaired").status is MarketStatus.CLOSED
    at(firm, "2021-08-12 09:00")
    assert status(firm) is MarketStatus.OPEN


def test_hours__closed_past_this_registry__stays_closed(firm: Firm) -> None:
    at(firm, "2021-08-11 10:00")
    firm.office.act(firm.office.platform.close_market(), Duty.MARKET_OPERATOR)
    turns(firm)
    at(firm, "2021-08-12 10:00")
    assert status(firm) is MarketStatus.CLOSED


def test_hours__stopped_and_resumed__stays_closed_until_an_operator_opens(firm: Firm) -> None:
    office = firm.office
    at(firm, "2021-08-11 10:00")
    office.act(office.platform.stop(), Duty.STOPPER)
    turns(firm)
    assert market_now(office).market.is_stopped
    assert refusal(open_market, office, why="too soon") is Reason.PLATFORM_STOPPED
    assert refusal(close_market, office, why="twice") is Reason.PLATFORM_STOPPED
    office.act(office.platform.resume(), Duty.RESUMER)
    at(firm, "2021-08-12 10:00")
    assert status(firm) is MarketStatus.CLOSED
    open_market(office, why="all is well")
    assert status(firm) is MarketStatus.OPEN


def test_hours__day_is_made_a_holiday__market_stays_closed(firm: Firm) -> None:
    at(firm, "2021-08-11 20:00")
    override_day(
        firm.office,
        Override(
            day=date(2021, 8, 12),
            is_business_day=False,
            by="operator-1",
            at=firm.office.house.now(),
            why="a typhoon",
        ),
    )
    at(firm, "2021-08-12 10:00")
    assert status(firm) is MarketStatus.CLOSED
    at(firm, "2021-08-13 10:00")
    assert status(firm) is MarketStatus.OPEN


def test_hours__nobody_set_any__market_is_left_alone(database: Database, tmp_path: Path) -> None:
    made = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    at(made, "2021-08-14 03:00")
    assert status(made) is MarketStatus.OPEN
    made.office.close()


# Orders ---------------------------------------------------------------------------------------------


def test_order__units_between_two_lots__is_refused(firm: Firm) -> None:
    with firm.office.house.database.begin() as connection:
        connection.execute(
            text("UPDATE product SET terms = jsonb_set(terms, '{application_step}', '5')")
        )
    with pytest.raises(Refusal) as refused:
        place(firm, units=7)
    assert refused.value.reason is Reason.NOT_A_LOT_MULTIPLE
    assert refused.value.facts["step"] == 5


def test_d_10_3__closed_at_18__order_queued_forced_transfer_executes(firm: Firm) -> None:
    """D.10.3: closed by T16 at 18:00; a transfer order is queued and not executed; a forced transfer under a court
    order executes; at the next opening the order executes by itself."""
    office = firm.office
    at(firm, "2021-08-12 17:30")
    assert status(firm) is MarketStatus.OPEN
    at(firm, "2021-08-12 18:00")
    assert status(firm) is MarketStatus.CLOSED
    at(firm, "2021-08-12 18:30")
    placed = place(firm, units=5)
    assert placed.answer.refusal is not None
    assert placed.answer.refusal.reason is Reason.MARKET_CLOSED
    assert placed.window.delivery_date == date(2021, 8, 13)
    turns(firm)
    assert order(firm).state is OrderState.WAITING
    assert firm.balances([1, 2]) == [40, 0]

    court = Act(ref=Reference("COURT-1"), evidence=Digest("0x" + 64 * "c"))
    call = office.token(PRODUCT).forced_transfer(firm.address(1), firm.address(2), 10, court)
    office.act(call, Duty.REPAIRER, product=PRODUCT, ref=court.ref)
    assert firm.balances([1, 2]) == [30, 10]
    assert order(firm).state is OrderState.WAITING

    at(firm, "2021-08-13 08:59")
    assert firm.balances([1, 2]) == [30, 10]
    at(firm, "2021-08-13 09:00")
    assert order(firm).state is OrderState.DELIVERED
    assert firm.balances([1, 2]) == [25, 15]
    assert order(firm).attempt == 1
    turns(firm)
    assert firm.balances([1, 2]) == [25, 15]


def test_order__withdrawn_before_delivery__nothing_moves(firm: Firm) -> None:
    at(firm, "2021-08-12 20:00")
    place(firm)
    cancel = Reference("C-1")
    taken_back = withdraw_order(firm.office, PRODUCT, Reference("T-1"), by="b-1", cancel=cancel)
    assert (taken_back.state, taken_back.cancelled_by) == (OrderState.WITHDRAWN, cancel)
    at(firm, "2021-08-13 10:00")
    assert firm.balances([1, 2]) == [40, 0]
    again = refusal(withdraw_order, firm.office, PRODUCT, Reference("T-1"), by="b-1")
    assert again is Reason.ORDER_NOT_OPEN
    unknown = refusal(withdraw_order, firm.office, PRODUCT, Reference("T-9"), by="b-1")
    assert unknown is Reason.ORDER_UNKNOWN


def test_order__same_trade_again__is_the_same_order(firm: Firm) -> None:
    at(firm, "2021-08-12 20:00")
    first = place(firm)
    at(firm, "2021-08-12 20:30")
    assert place(firm).stored == first.stored
    assert refusal(place, firm, units=4) is Reason.ORDER_DIFFERS
    at(firm, "2021-08-13 09:00")
    assert place(firm).stored.state is OrderState.DELIVERED
    turns(firm)
    assert firm.balances([1, 2]) == [37, 3]


def test_order__taker_is_blocked_meanwhile__is_refused_for_good(firm: Firm) -> None:
    office = firm.office
    at(firm, "2021-08-12 20:00")
    place(firm)
    until = datetime(2040, 1, 1, tzinfo=UTC)
    token = office.token(PRODUCT)
    block = token.set_verdict(firm.address(2), until=until, investor_class=1, blocked=True)
    office.act(block, Duty.RESTRICTOR, product=PRODUCT)
    assert refusal(place, firm, "T-2") is Reason.RECIPIENT_BLOCKED
    at(firm, "2021-08-13 09:00")
    assert (order(firm).state, order(firm).reason) == (
        OrderState.REFUSED,
        Reason.RECIPIENT_BLOCKED,
    )
    assert firm.balances([1, 2]) == [40, 0]


def test_order__more_than_is_there__is_accepted_and_refused_on_its_day(firm: Firm) -> None:
    at(firm, "2021-08-12 20:00")
    placed = place(firm, units=41)
    assert placed.stored.state is OrderState.WAITING
    at(firm, "2021-08-13 09:00")
    assert order(firm).reason is Reason.INSUFFICIENT_BALANCE


def test_order__day_is_over__is_not_executed(firm: Firm) -> None:
    at(firm, "2021-08-12 10:00")
    close_market(firm.office, why="an incident")
    place(firm)
    turns(firm)
    assert order(firm).reason is Reason.MARKET_CLOSED
    at(firm, "2021-08-13 00:00")
    assert (order(firm).state, order(firm).reason) == (OrderState.REFUSED, Reason.DELIVERY_PASSED)
    open_market(firm.office, why="repaired")
    at(firm, "2021-08-13 10:00")
    assert firm.balances([1, 2]) == [40, 0]


def test_order__for_a_day_to_come__waits_for_it(firm: Firm) -> None:
    at(firm, "2021-08-12 10:00")
    placed = place(firm, lag=2)
    assert placed.stored.order.delivery_date == date(2021, 8, 16)
    at(firm, "2021-08-13 10:00")
    assert firm.balances([1, 2]) == [40, 0]
    at(firm, "2021-08-16 09:00")
    assert firm.balances([1, 2]) == [37, 3]
    saturday = refusal(place, firm, "T-2", delivery_date=date(2021, 8, 21))
    assert saturday is Reason.DELIVERY_NOT_BUSINESS_DAY


def test_order__nobodys_key_is_at_hand__waits_for_the_holder(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genbo.bootstrap.deliveries.holder_signer", lambda *_, **__: None)
    at(firm, "2021-08-12 10:00")
    place(firm)
    turns(firm)
    assert (order(firm).state, order(firm).reason) == (OrderState.WAITING, Reason.KEY_MISSING)
    assert firm.balances([1, 2]) == [40, 0]


def test_order__group_is_off__waits_until_two_persons_switch_it_on(firm: Firm) -> None:
    office = firm.office
    at(firm, "2021-08-12 10:00")
    one = refusal(switch_group, office, GROUP, enabled=False, why="-", by=("repair-1",))
    assert one is Reason.APPROVALS_TOO_FEW
    switch_group(office, GROUP, enabled=False, why="a file is late")
    group = market_now(office).market.group(GROUP)
    assert (group.is_enabled, group.by, group.approved_by) == (False, "repair-1", "repair-2")
    place(firm)
    turns(firm)
    assert order(firm).reason is Reason.TRANSFER_DISABLED
    switch_group(office, GROUP, enabled=True, why="it came")
    turns(firm)
    assert order(firm).state is OrderState.DELIVERED


def test_order__market_closes_before_the_ledger_has_it__is_asked_again(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act is on its way when an operator closes: the ledger refuses it, and the order goes on waiting."""
    office = firm.office
    at(firm, "2021-08-12 10:00")
    place(firm)
    with monkeypatch.context() as patch:
        patch.setattr(office.courier, "turn", lambda _: None)
        assert Deliveries(office).step()
    assert order(firm).state is OrderState.ORDERED
    assert refusal(withdraw_order, office, PRODUCT, Reference("T-1"), by="b") is (
        Reason.ORDER_NOT_OPEN
    )
    close_market(office, why="an incident")
    turns(firm)
    assert (order(firm).state, order(firm).reason) == (OrderState.WAITING, Reason.MARKET_CLOSED)
    open_market(office, why="repaired")
    turns(firm)
    assert (order(firm).state, order(firm).attempt) == (OrderState.DELIVERED, 2)
    assert firm.balances([1, 2]) == [37, 3]


def test_routines__of_two_processes_at_once__open_once_and_deliver_once(firm: Firm) -> None:
    at(firm, "2021-08-12 20:00")
    for number in range(6):
        place(firm, f"T-{number}")
    other = Firm(Office(firm.office.house, firm.office.deployment))
    node = firm.office.house.node
    assert isinstance(node, EmbeddedNode)
    node.advance_to(jst("2021-08-13 09:00").astimezone(UTC))
    opened = acts(firm, "open the market")
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(turns, each) for each in (firm, other)]:
            done.result()
    turns(firm)
    turns(other)
    assert acts(firm, "open the market") == opened + 1
    assert [order(firm, f"T-{number}").state for number in range(6)] == 6 * [OrderState.DELIVERED]
    assert firm.balances([1, 2]) == [22, 18]
    other.office.close()


def test_deliveries__another_process_has_noted_it_meanwhile__leaves_it_alone(firm: Firm) -> None:
    at(firm, "2021-08-13 10:00")
    place(firm)
    routine = Deliveries(firm.office)
    while order(firm).state is OrderState.WAITING:
        routine.step()
    seen = order(firm)
    assert seen.state is OrderState.ORDERED
    turns(firm)  # the other one, which is faster
    assert order(firm).state is OrderState.DELIVERED
    assert not follow_orders(firm.office, [seen], by="genbo")
    assert order(firm).state is OrderState.DELIVERED


# Book closings --------------------------------------------------------------------------------------


def test_book_closing__window_begins__product_is_locked_up_until_its_end(firm: Firm) -> None:
    office = firm.office
    set_book_closing(
        office,
        BookClosingRule(
            product=PRODUCT,
            cause=ClosingCause.RECORD_DATE,
            days=(-1, 0),
            by="registrar-1",
            at=office.house.now(),
            why="the trust contract",
        ),
    )
    at(firm, "2022-01-27 10:00")
    assert office.token(PRODUCT).control().value.product_lock_up_until == 0
    at(firm, "2022-01-28 10:00")  # the business day before Monday, 31 January
    until = jst("2022-02-01 00:00")
    assert office.token(PRODUCT).control().value.product_lock_up_until == int(until.timestamp())
    placed = place(firm)
    assert placed.window.delivery_date == date(2022, 2, 1)
    at(firm, "2022-02-01 09:00")
    assert order(firm).state is OrderState.DELIVERED
    assert acts(firm, office.token(PRODUCT).set_product_lock_up(until=until).what) == 1
