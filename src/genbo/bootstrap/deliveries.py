"""Deliveries (受渡): orders are taken at any hour, and carried out in a window of their delivery date.

One function, `standing_against`, answers when an order is placed and again when it is executed; what the two can differ
in is what happened between. The ledger has the last word (R-PROGMAT-CTL-8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.followed import follow_orders, stop_order
from genbo.bootstrap.holder_keys import holder_signer
from genbo.bootstrap.market import controls_of, market_now
from genbo.bootstrap.office import Office
from genbo.bootstrap.orders import Order
from genbo.chain.contracts.token_services import TokenServices
from genbo.custody import Key, KeyState
from genbo.governance.market import (
    Answer,
    DeliveryWindow,
    Market,
    OrderState,
    ProductControls,
    StoredOrder,
    TransferOrder,
    delivery_window,
    may_deliver,
)
from genbo.governance.market.order import PASSING
from genbo.kernel import Address, Fault, InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.kernel import business_date as day_of
from genbo.storage.keys import keys_of
from genbo.storage.products import Products
from genbo.storage.transfer_orders import TransferOrders
from genbo.token.judgement import (
    amount_refusal,
    lock_up_refusal,
    market_refusal,
    recipient_refusal,
    sender_refusal,
)

_BY = "genbo"
"""Who carries orders out."""

_TILL_DELIVERY = frozenset(
    {
        Reason.SENDER_LOCKED_UP,
        Reason.INSUFFICIENT_BALANCE,
        Reason.INSUFFICIENT_UNFROZEN_BALANCE,
    }
)
"""What may be otherwise on the delivery date, so an order is accepted all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order as it was accepted."""

    stored: StoredOrder
    window: DeliveryWindow
    """When it is planned to be delivered."""
    answer: Answer
    """What stands against it at this moment."""


def place_order(
    office: Office,
    product: ProductId,
    trade: Reference,
    *,
    source: InvestorId,
    target: InvestorId,
    units: Units,
    by: str,
    delivery_date: date | None = None,
    lag: int = 0,
) -> Placed:
    """Accepts an order to transfer, whatever the hour. The same trade once more is the same order.

    Args:
        trade: 取引ID: moves units once.
        delivery_date: 受渡日, where one was agreed on.
        lag: otherwise so many business days after the trade date.

    Raises:
        Refusal: `zero_units`, `not_a_lot_multiple` (R-PROGMAT-T2.8), `same_address`, `key_unknown` for a party without
            an address in the product; `order_differs`; what stands against the delivery date, as `delivery_window`;
            what the token says against the parties today (`recipient_unverified` and its like), lock-up and amount
            apart.
    """
    if units <= 0:
        raise Refusal(Reason.ZERO_UNITS)
    view = market_now(office)
    at, market = view.at, view.market
    with office.house.database.begin() as connection:
        step = int(Products(connection).get(product).terms.application_step)
        if int(units) % step:
            raise Refusal(
                Reason.NOT_A_LOT_MULTIPLE,
                investor=source,
                applied=int(units),
                minimum=step,
                step=step,
            )
        orders = TransferOrders(connection)
        known = _known(orders, product, trade)
        controls = controls_of(office, connection, product, market=market, at=at)
        accepted = at if known is None else known.order.accepted_at
        agreed = delivery_date or (None if known is None else known.order.delivery_date)
        if known is None:
            window = delivery_window(
                controls, accepted=at, market=market, lag=lag, delivery_date=agreed
            )
            day = window.delivery_date
        else:
            assert agreed is not None
            window, day = _window_of(known, controls, market), agreed
        order = TransferOrder(
            trade=trade,
            product=product,
            source=source,
            target=target,
            units=units,
            delivery_date=day,
            accepted_at=accepted,
            accepted_by=by,
        )
        parties = _parties(connection, product, source, target)
        against = parties_refusal(
            office, connection, order, *(key.address for key in parties), at=at
        )
        if known is None and against is not None and not _may_pass(against):
            raise against
        stored, _ = orders.accept(order)
    answer = may_deliver(order, controls, at=at, market=market)
    if answer.refusal is None and against is not None:
        answer = Answer(against, None)
    return Placed(stored=stored, window=window, answer=answer)


def withdraw_order(
    office: Office,
    product: ProductId,
    trade: Reference,
    *,
    by: str,
    cancel: Reference | None = None,
) -> StoredOrder:
    """Takes an order back before it is delivered; nothing moves on the ledger (R-PROGMAT-CTL-2).

    Args:
        cancel: 取引ID of the trade that cancels it (T2.11).

    Raises:
        Refusal: `order_unknown`; `order_not_open` once its act is on the way, or has ended.
    """
    with office.house.database.begin() as connection:
        at = office.house.now()
        return withdraw_in(connection, product, trade, by=by, cancel=cancel, at=at)


def withdraw_in(
    connection: Connection,
    product: ProductId,
    trade: Reference,
    *,
    by: str,
    cancel: Reference | None,
    at: datetime,
) -> StoredOrder:
    """As `withdraw_order`, in a transaction of the caller's."""
    orders = TransferOrders(connection)
    stored = orders.get(product, trade)
    claimed = orders.claim(product, trade, wait=True)  # the routine holds it for a moment only
    if claimed is None or claimed.state is not OrderState.WAITING:
        state = (claimed or stored).state.value
        raise Refusal(Reason.ORDER_NOT_OPEN, trade=trade, state=state)
    return orders.move(claimed, OrderState.WITHDRAWN, at=at, by=by, cancelled_by=cancel)


def standing_against(
    office: Office,
    connection: Connection,
    order: TransferOrder,
    source: Address,
    target: Address,
    *,
    controls: ProductControls,
    market: Market,
    at: datetime,
) -> Refusal | None:
    """What stands against executing the order at `at`: the calendar's questions, then the token's own about the market,
    which may not have been opened yet, and about the parties."""
    answer = may_deliver(order, controls, at=at, market=market)
    control = office.token(order.product).control().value
    return (
        answer.refusal
        or market_refusal(control, now=int(at.timestamp()))
        or parties_refusal(office, connection, order, source, target, at=at)
    )


def parties_refusal(
    office: Office,
    connection: Connection,
    order: TransferOrder,
    source: Address,
    target: Address,
    *,
    at: datetime,
) -> Refusal | None:
    """What the token says against giver and taker at `at`, in its own words, then what screening does; the extra
    rule of the token only the ledger asks."""
    if source == target:
        return Refusal(Reason.SAME_ADDRESS, account=source)
    token = office.token(order.product)
    control = token.control().value
    giver, taker = token.accounts([source, target]).value
    now = int(at.timestamp())
    return (
        sender_refusal(source, giver, control, now=now)
        or lock_up_refusal(source, giver, now=now)
        or amount_refusal(source, giver, int(order.units))
        or recipient_refusal(target, taker, control, now=now)
        or _screened(office, connection, order)
    )


def _screened(office: Office, connection: Connection, order: TransferOrder) -> Refusal | None:
    """What screening and the registry say against one of the parties; the sender asks the same just before it sends."""
    return office.gate.against(connection, [order.source, order.target])


def _may_pass(refusal: Refusal) -> bool:
    """Whether it may be otherwise on the delivery date."""
    return refusal.reason in _TILL_DELIVERY or refusal.reason in PASSING


class Deliveries:
    """Carries out the orders whose time has come. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether any order got further."""
        office = self._office
        at = office.house.now()
        with office.house.database.read() as connection:
            due = TransferOrders(connection).open(upto=day_of(at))
        ordered = [each for each in due if each.state is OrderState.ORDERED]
        waiting = [each for each in due if each.state is OrderState.WAITING]
        moved = follow_orders(office, ordered, by=_BY)
        return self._carry_out(waiting, at) or moved if waiting else moved

    # Inside --------------------------------------------------------------------------------------

    def _carry_out(self, waiting: Sequence[StoredOrder], at: datetime) -> bool:
        """Sends what can be sent by now; whether there was any."""
        office, moved = self._office, False
        market = market_now(office).market
        with office.house.database.read() as connection:
            controls = {
                product: controls_of(office, connection, product, market=market, at=at)
                for product in {each.order.product for each in waiting}
                if office.has_token(product)
            }
        for each in waiting:
            if each.order.product in controls:
                moved = self._try(each, controls[each.order.product], market, at) or moved
        return moved

    def _try(
        self, stored: StoredOrder, controls: ProductControls, market: Market, at: datetime
    ) -> bool:
        """Sends a waiting order's act, or notes what stands against it."""
        office, order = self._office, stored.order
        with office.house.database.begin() as connection:
            orders = TransferOrders(connection)
            claimed = orders.claim(order.product, order.trade)
            if claimed is None or claimed.state is not OrderState.WAITING:
                return False  # another process has it, or somebody withdrew it
            try:
                source, target = _parties(connection, order.product, order.source, order.target)
            except Refusal as gone:
                return stop_order(orders, claimed, gone, at=at, by=_BY)
            against = self._against(
                connection,
                order,
                source.address,
                target.address,
                controls=controls,
                market=market,
                at=at,
            )
            if against is not None:
                return stop_order(orders, claimed, against, at=at, by=_BY)
            act = act_of(office, connection, order, source, target, attempt=claimed.attempt + 1)
            if act is None:
                missing = Refusal(Reason.KEY_MISSING, needed=1, reachable=0)
                return stop_order(orders, claimed, missing, at=at, by=_BY)
            command, _ = act.store(connection)
            orders.move(claimed, OrderState.ORDERED, at=at, by=_BY, command=command.id)
        office.courier.turn(act.command.account)
        return True

    def _against(
        self,
        connection: Connection,
        order: TransferOrder,
        source: Address,
        target: Address,
        *,
        controls: ProductControls,
        market: Market,
        at: datetime,
    ) -> Refusal | None:
        """What stands against it; an order that cannot even be asked about keeps no other from being delivered."""
        try:
            return standing_against(
                self._office,
                connection,
                order,
                source,
                target,
                controls=controls,
                market=market,
                at=at,
            )
        except Fault:
            raise
        except Refusal as unanswered:
            return unanswered


def act_of(
    office: Office,
    connection: Connection,
    order: TransferOrder,
    source: Key,
    target: Key,
    *,
    attempt: int,
) -> Order | None:
    """The act that delivers an order: what its giver authorised, sent by the relay, or his own with his key; None when
    neither key is here."""
    key = f"order/{order.product}/{order.trade}/{attempt}"
    units, given = int(order.units), order.authorisation
    if given is not None:
        if office.relay is None:
            return None
        call = TokenServices(
            office.house.node, office.deployment.token_of(order.product).address
        ).transfer_authorised(
            source.address,
            target.address,
            units,
            after=given.after,
            before=given.before,
            ref=order.trade,
            signature=given.signature,
        )
        return office.orders.of_relay(
            call, relay=office.relay, key=key, product=order.product, ref=order.trade
        )
    signer = holder_signer(
        office.ring,
        connection,
        order.product,
        source.investor,
        source.address,
        chain_id=office.deployment.chain_id,
    )
    if signer is None:
        return None
    office.ring.add(signer)
    return office.orders.of_holder(
        office.token(order.product).transfer(target.address, units, order.trade),
        name=order.source,
        signer=signer,
        key=key,
        product=order.product,
        ref=order.trade,
    )


def _parties(
    connection: Connection, product: ProductId, source: InvestorId, target: InvestorId
) -> tuple[Key, Key]:
    """The active keys of giver and taker. Raises Refusal(key_unknown)."""
    active = {
        key.investor: key
        for key in keys_of(connection, product, {source, target})
        if key.state is KeyState.ACTIVE
    }
    for investor in (source, target):
        if investor not in active:
            raise Refusal(Reason.KEY_UNKNOWN, investor=investor, product=product)
    return active[source], active[target]


def _known(orders: TransferOrders, product: ProductId, trade: Reference) -> StoredOrder | None:
    try:
        return orders.get(product, trade)
    except Refusal:
        return None


def _window_of(stored: StoredOrder, controls: ProductControls, market: Market) -> DeliveryWindow:
    """The window that was planned when the order was accepted, by the calendar of today."""
    return delivery_window(
        controls,
        accepted=stored.order.accepted_at,
        market=market,
        delivery_date=stored.order.delivery_date,
    )
