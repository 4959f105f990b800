"""Followed (受渡の確認): what became of the acts that were sent for orders, many at once."""

from collections.abc import Sequence
from datetime import datetime

from genbo.bootstrap.office import Office
from genbo.governance import CommandId, CommandState
from genbo.governance.market import OrderState, StoredOrder
from genbo.governance.market.order import PASSING
from genbo.kernel import Refusal
from genbo.storage.commands import Commands
from genbo.storage.transfer_orders import TransferOrders

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
    ended = {each.id: each.outcome.refusal() for each in commands if each.state in _ENDED}
    if ended and _note(office, ordered, ended, by=by):
        return True
    moved = False
    for account in sorted({each.command.account for each in commands if each.id not in ended}):
        turn = office.courier.turn(office.courier.signer_for(account))
        moved = moved or (turn is not None and not turn.idle)
    return moved


def _note(
    office: Office,
    ordered: Sequence[StoredOrder],
    ended: dict[CommandId, Refusal | None],
    *,
    by: str,
) -> bool:
    """Notes it of the orders that another process has not noted meanwhile."""
    at = office.house.now()
    over = [each.order for each in ordered if each.command in ended]
    with office.house.database.begin() as connection:
        orders = TransferOrders(connection)
        claimed = [
            each
            for each in orders.claim_all({(each.product, each.trade) for each in over})
            if each.state is OrderState.ORDERED and each.command in ended
        ]
        delivered = [each for each in claimed if ended[_command(each)] is None]
        orders.deliver_all(delivered, at=at, by=by)
        for each in claimed:
            if (refusal := ended[_command(each)]) is not None:
                stop_order(orders, each, refusal, at=at, by=by)
    return bool(claimed)


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
