"""Split followed (分割後の条件): the terms in the registry follow the splits that the ledger has carried out for good,
whoever ordered them (R-JSTOA-6.1.1.6)."""

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.security_token import SecurityToken
from genbo.kernel import ProductId, Refusal
from genbo.storage.cursor import Cursors
from genbo.storage.events import Events, RawEvent
from genbo.storage.products import Products

_BY = "ledger"
"""Who changed the terms: the ledger did."""


def follow_splits(office: Office, first: int) -> int:
    """Writes into the terms the splits that are final from the block `first` on; the block to go on from. What is
    written already is left as it is."""
    chain_id = office.deployment.chain_id
    with office.house.database.read() as connection:
        cursor = Cursors(connection, chain_id).get()
        if cursor is None or cursor.final is None or cursor.final.number < first:
            return first
        topic = SecurityToken.interface().event("Split").topic
        events = Events(connection, chain_id).standing(first, cursor.final.number, topic=topic)
    if events:
        office.reload()  # a product that another process has created is not passed over
    products = {token.address: name for name, token in office.deployment.tokens.items()}
    for event in events:
        if (product := products.get(event.address)) is not None:
            _follow(office, product, event)
    return cursor.final.number + 1


def splits_after(
    connection: Connection, office: Office, product: ProductId, block: int
) -> list[tuple[int, int]]:
    """Number and factor of each split of a product behind a block, as far as the ledger was read."""
    token = office.deployment.tokens.get(product)
    cursor = Cursors(connection, office.deployment.chain_id).get()
    if token is None or cursor is None:
        return []
    topic = SecurityToken.interface().event("Split").topic
    events = Events(connection, office.deployment.chain_id)
    standing = events.standing(block + 1, cursor.next_block, topic=topic)
    return [_told(each) for each in standing if each.address == token.address]


def _told(event: RawEvent) -> tuple[int, int]:
    """Which split it was, from 1, and into how many."""
    epoch, factor = (int.from_bytes(event.data[at : at + 32], "big") for at in (0, 32))
    return epoch, factor


def _follow(office: Office, product: ProductId, event: RawEvent) -> None:
    epoch, factor = _told(event)
    with office.house.database.begin() as connection:
        products = Products(connection)
        if epoch <= products.splits_written(product):
            return
        try:
            products.split(product, factor=factor, at=event.stamp.at, by=_BY)
        except Refusal:
            return  # the price would not be whole yen; `genbo check` tells that terms and ledger differ


class Splits:
    """Looks for splits in what was read since it last looked. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._next = office.deployment.first_block

    def step(self) -> bool:
        """Whether anything new was read."""
        before, self._next = self._next, follow_splits(self._office, self._next)
        return self._next > before
