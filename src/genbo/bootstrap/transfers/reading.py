"""Orders (移転の注文) as institutions see them: those of their customers, and for a registrar those of its products."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from genbo.bootstrap.deliveries import withdraw_in
from genbo.bootstrap.office import Office
from genbo.bootstrap.transfers.asked import Asker
from genbo.custody import KeyState
from genbo.governance import Outcome
from genbo.governance.institutions import InstitutionRole, Sight, Subject, require_seen
from genbo.governance.market import StoredOrder
from genbo.kernel import Address, ProductId, Reason, Reference, Refusal
from genbo.storage import bulk
from genbo.storage.commands import Commands
from genbo.storage.keys import keys_of
from genbo.storage.tables import investor as investor_table
from genbo.storage.tables import product as product_table
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.viewing import answer_not_found, seen_by


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    """An order as far as the institution sees it."""

    stored: StoredOrder
    outcome: Outcome
    """Of its last act."""
    target: Address | None
    """The pseudonym of the taker."""
    sees_taker: bool
    """Whether the taker's id is for the institution to see."""


def read_order(
    office: Office, asker: Asker, product: ProductId, trade: Reference, *, at: datetime
) -> SeenOrder:
    """The order of a trade. Raises Refusal(not_found)."""
    with office.house.database.begin() as connection:
        found = _seen(office, connection, asker, product, trade, at)
        if found is not None:
            return found
        refusal = _not_found(connection, asker, trade, at)
    raise refusal


def withdraw(
    office: Office,
    connection: Connection,
    asker: Asker,
    product: ProductId,
    trade: Reference,
    *,
    cancel: Reference | None,
    at: datetime,
) -> SeenOrder:
    """Takes an order that was read before back, before it is delivered, in a transaction of the caller's.

    Raises:
        Refusal: `order_not_open`.
    """
    withdraw_in(connection, product, trade, by=asker.by, cancel=cancel, at=office.house.now())
    seen = _seen(office, connection, asker, product, trade, at)
    assert seen is not None
    return seen


def _seen(
    office: Office,
    connection: Connection,
    asker: Asker,
    product: ProductId,
    trade: Reference,
    at: datetime,
) -> SeenOrder | None:
    found = TransferOrders(connection).some({(product, trade)})
    if not found:
        return None
    stored = found[0]
    order = stored.order
    with seen_by(connection, asker.institution.id, at=at):
        its = product_table.c.product_id
        sees_product = connection.scalar(select(its).where(its == product)) is not None
        ids = investor_table.c.investor_id
        customers = connection.scalars(
            select(ids).where(bulk.among(ids, [order.source, order.target]))
        ).all()
    if not sees_product or order.source not in customers:
        return None
    if asker.institution.role is InstitutionRole.INTERMEDIARY:
        return None
    acts = Commands(connection, office.deployment.chain_id)
    act = None if stored.command is None else acts.get(stored.command)
    active = (
        key.address
        for key in keys_of(connection, product, [order.target])
        if key.state is KeyState.ACTIVE
    )
    return SeenOrder(
        stored=stored,
        outcome=Outcome() if act is None else act.outcome,
        target=next(active, None),
        sees_taker=order.target in customers,
    )


def _not_found(connection: Connection, asker: Asker, trade: Reference, at: datetime) -> Refusal:
    try:
        require_seen(Sight.NOTHING, subject=Subject.TRADE, asked=trade)
    except Refusal as refusal:
        answer_not_found(connection, refusal, institution=asker.institution.id, at=at, by=asker.by)
        return refusal
    raise AssertionError("what is nothing was seen")


SCREENED = frozenset(
    {
        Reason.SCREENING_MISSING,
        Reason.SCREENING_STALE,
        Reason.SCREENING_POSSIBLE,
        Reason.SCREENING_UNMATCHABLE,
        Reason.SCREENING_HIT,
        Reason.VERDICT_OVERTAKEN,
    }
)


def told(seen: SeenOrder) -> Refusal | None:
    """Why it waits or was refused, as its broker may know it: what screening says of another broker's customer is not
    told, only that he may not receive."""
    stored = seen.stored
    if stored.reason is None:
        return None
    about_taker = stored.facts.get("investor") == stored.order.target
    if stored.reason in SCREENED and about_taker and not seen.sees_taker:
        return Refusal(Reason.RECIPIENT_BLOCKED, account=str(seen.target))
    return Refusal(stored.reason, **stored.facts)
