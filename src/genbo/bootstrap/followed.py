"""Followed (受渡の確認): what became of the acts that were sent for orders, many at once.

an act that has ended
├── when it is final: its order is delivered
├── when the giver's authorisation was used before it
│   ├── and the ledger moved just these units under the trade: delivered, for whoever saw the signature may send it
│   ├── and the register does not reach that far yet: looked at again
│   └── otherwise: refused
├── when what refused it passes: the order waits
└── otherwise: refused
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.governance import CommandId, CommandState, Stored
from genbo.governance.market import OrderState, StoredOrder, TransferOrder
from genbo.governance.market.order import PASSING
from genbo.kernel import Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.cursor import Cursors
from genbo.storage.keys import keys_of
from genbo.storage.trades import Trades
from genbo.storage.transfer_orders import TransferOrders
from genbo.token import MovementKind

_ENDED = (CommandState.FINAL, CommandState.REFUSED)


def follow_orders(office: Office, ordered: Sequence[StoredOrder], *, by: str) -> bool:
    """Notes what became of the acts of orders; whether any of them got further.

    Args:
        by: who notes it.
    """
    ours = {each.command: each.order for each in ordered if each.command is not None}
    if not ours:
        return False
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id).some(list(ours))
    ended = {each.id: each for each in commands if each.state in _ENDED}
    moved = _note(office, ordered, ended, by=by) if ended else False
    for account in sorted({each.command.account for each in commands if each.id not in ended}):
        turn = office.courier.turn(office.courier.signer_for(account))
        moved = moved or (turn is not None and not turn.idle)
    return moved


def _note(
    office: Office,
    ordered: Sequence[StoredOrder],
    ended: dict[CommandId, Stored],
    *,
    by: str,
) -> bool:
    """Notes it of the orders that another process has not noted meanwhile."""
    at = office.house.now()
    over = [each.order for each in ordered if each.command in ended]
    noted = False
    with office.house.database.begin() as connection:
        orders = TransferOrders(connection)
        delivered = []
        for each in orders.claim_all({(each.product, each.trade) for each in over}):
            if each.state is not OrderState.ORDERED or each.command not in ended:
                continue
            act = ended[_command(each)]
            refusal = act.outcome.refusal()
            moved: bool | None = refusal is None
            if refusal is not None and refusal.reason is Reason.AUTHORISATION_USED:
                moved = _moved(office, connection, each.order, since=act.changed_at)
            if moved is None:
                continue
            noted = True
            if moved:
                delivered.append(each)
            elif refusal is not None:
                stop_order(orders, each, refusal, at=at, by=by)
        orders.deliver_all(delivered, at=at, by=by)
    return noted


def _moved(
    office: Office, connection: Connection, order: TransferOrder, *, since: datetime
) -> bool | None:
    """Whether the ledger moved just these units under the trade, by whomever it was sent; None while the register is
    behind what the act met."""
    chain_id = office.deployment.chain_id
    cursor = Cursors(connection, chain_id).get()
    last = None if cursor is None else cursor.last
    if last is None or (last.number < office.house.node.stamp().number and last.at < since):
        return None
    owner = {
        key.address: key.investor
        for key in keys_of(connection, order.product, [order.source, order.target])
    }
    return any(
        each.source is not None
        and each.target is not None
        and (owner.get(each.source), owner.get(each.target), each.units)
        == (order.source, order.target, order.units)
        for each in Trades(connection, chain_id).trades(order.product, order.trade)
        if each.kind is MovementKind.TRANSFER
    )


def _command(stored: StoredOrder) -> CommandId:
    assert stored.command is not None
    return stored.command


def stop_order(
    orders: TransferOrders, stored: StoredOrder, refusal: Refusal, *, at: datetime, by: str
) -> bool:
    """Lets the order wait for what passes, and refuses it for what does not; whether that is news."""
    waits = refusal.reason in PASSING
    if waits and (stored.state, stored.reason) == (OrderState.WAITING, refusal.reason):
        return False
    state = OrderState.WAITING if waits else OrderState.REFUSED
    orders.move(stored, state, at=at, by=by, refusal=refusal)
    return True
