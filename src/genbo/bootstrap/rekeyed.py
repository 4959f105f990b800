"""Rekeyed: the table of keys follows what the ledger says about re-keyings, whoever ordered them."""

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.hexes import address_of
from genbo.kernel import Digest, ProductId, Reference, Refusal, from_bytes32
from genbo.storage.commands import Commands
from genbo.storage.cursor import Cursors
from genbo.storage.events import Events, RawEvent
from genbo.storage.wallets import Wallets

_LEDGER = "ledger"
"""Who re-keyed, where no command of ours did."""


def follow_rekeyings(office: Office, first: int) -> int:
    """Writes the re-keyings into the table that the ledger has carried out, for good, from the block `first` on; the
    block to go on from. What is written already is left as it is."""
    chain_id = office.deployment.chain_id
    with office.house.database.read() as connection:
        cursor = Cursors(connection, chain_id).get()
        if cursor is None or cursor.final is None or cursor.final.number < first:
            return first
        topic = SecurityToken.interface().event("Rekeyed").topic
        events = Events(connection, chain_id).standing(first, cursor.final.number, topic=topic)
    if events:
        office.reload()  # a product that another process has created is not passed over
    products = {token.address: name for name, token in office.deployment.tokens.items()}
    for event in events:
        product = products.get(event.address)
        if product is not None:
            _follow(office, product, event)
    return cursor.final.number + 1


def _follow(office: Office, product: ProductId, event: RawEvent) -> None:
    old, new = (address_of(topic[12:]) for topic in event.topics[1:3])
    with office.house.database.begin() as connection:
        wallets = Wallets(connection)
        for wallet in wallets.of_addresses(product, [old]):
            if wallet.valid_from is None or wallet.valid_until is not None:
                continue
            by, evidence = _ordered(connection, office, product, event)
            try:
                with connection.begin_nested():
                    wallets.replace(
                        product,
                        wallet.investor_id,
                        new=new,
                        at=event.stamp.at,
                        by=by,
                        evidence=evidence,
                    )
            except Refusal:
                continue  # the ledger went on at somebody else's address: `genbo check` tells


def _ordered(
    connection: Connection, office: Office, product: ProductId, event: RawEvent
) -> tuple[str, Digest | None]:
    """Who ordered it, and on which evidence."""
    ref = from_bytes32(event.topics[3])
    if not ref:
        return _LEDGER, None
    commands = Commands(connection, office.deployment.chain_id).under(product, Reference(ref))
    done = [each for each in commands if each.outcome.tx == event.tx]
    if not done:
        return _LEDGER, None
    return done[0].command.maker, done[0].command.evidence


class Rekeyings:
    """Looks for re-keyings in what was read since it last looked. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._next = office.deployment.first_block

    def step(self) -> bool:
        """Whether anything new was read."""
        before, self._next = self._next, follow_rekeyings(self._office, self._next)
        return self._next > before
