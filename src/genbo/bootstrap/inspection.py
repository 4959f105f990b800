"""Inspection: gathers the accounts of one truth that `reconciliation` compares.

Three of them: what the token contract answers at one block, what the register has stored, and what a fresh fold of
the stored raw logs gives. All of the database is seen at one instant, and the chain at the block to which it was read,
so a system may be inspected while it works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.replay import beside, rows_apart
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.decode import Decoder
from genbo.chain.deployments import Deployment
from genbo.chain.node import Node, RawLog
from genbo.kernel import UTC, Address, BlockStamp, Fault, ProductId, Reason, Units
from genbo.reconciliation.invariants import Account, ProductAccounts
from genbo.reconciliation.retrace import Retraced, account_of, retrace
from genbo.register import LedgerEvent, Lot, Position
from genbo.storage.cursor import Cursors
from genbo.storage.digest import derived_digest
from genbo.storage.engine import Database
from genbo.storage.events import Events
from genbo.storage.register import Register
from genbo.token import AccountWord


@dataclass(frozen=True, slots=True)
class Inspection:
    """The accounts of every product, at one block."""

    stamp: BlockStamp
    accounts: list[ProductAccounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the database has of one product."""

    positions: Sequence[Position]
    lots: Sequence[Lot]
    stored_digest: str
    rebuilt_digest: str
    rows_apart: tuple[str, ...]
    retraced: Retraced


def inspect(node: Node, database: Database, deployment: Deployment) -> Inspection:
    """The accounts at the block to which the register was read. Changes nothing.

    Raises:
        Fault: `deployment_missing` when nothing was ever read; `node_unreachable`, `database_unreachable`.
    """
    with database.begin() as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor = Cursors(connection, deployment.chain_id).get()
        if cursor is None or cursor.last is None:
            raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=deployment.chain_id)
        stamp = cursor.last
        kept = _kept(connection, deployment, stamp)
    return Inspection(
        stamp,
        [_accounts(node, deployment, product, kept[product], at=stamp) for product in kept],
    )


def _kept(
    connection: Connection, deployment: Deployment, stamp: BlockStamp
) -> dict[ProductId, _Kept]:
    register = Register(connection, deployment.chain_id)
    products = list(deployment.tokens)
    stored = {
        product: (
            register.positions(product),
            register.lots(product),
            derived_digest(connection, product),
        )
        for product in products
    }
    events = stored_events(connection, deployment, stamp)
    retraced = {product: retrace(events, product=product) for product in products}
    kept = {}
    with beside(connection) as schema:
        for product in products:
            register.save(retraced[product].history)
            positions, lots, digest = stored[product]
            rebuilt = derived_digest(connection, product)
            kept[product] = _Kept(
                positions=positions,
                lots=lots,
                stored_digest=digest,
                rebuilt_digest=rebuilt,
                rows_apart=() if rebuilt == digest else rows_apart(connection, schema, product),
                retraced=retraced[product],
            )
    return kept


def _accounts(
    node: Node, deployment: Deployment, product: ProductId, kept: _Kept, *, at: BlockStamp
) -> ProductAccounts:
    token = SecurityToken(node, deployment.token_of(product).address)
    told = kept.retraced
    register = {each.address: account_of(each) for each in kept.positions}
    # The chain is asked about every address that appeared, those too that the register has lost.
    appeared = {each.address for changes in told.history for each in changes.positions}
    addresses = sorted(register.keys() | appeared)
    words = token.accounts(addresses, at=at).value
    in_lots: dict[Address, int] = {}
    for lot in kept.lots:
        in_lots[lot.address] = in_lots.get(lot.address, 0) + int(lot.units)
    return ProductAccounts(
        product=product,
        stamp=at,
        total_supply=int(token.total_supply(at=at).value),
        issued_less_redeemed=told.issued_less_redeemed,
        chain=dict(zip(addresses, map(account_of_word, words), strict=True)),
        register=register,
        lots=in_lots,
        stored_digest=kept.stored_digest,
        replayed_digest=kept.rebuilt_digest,
        rows_apart=kept.rows_apart,
        receipts=told.receipts,
        splits=told.splits,
        rekeyed=told.rekeyed,
    )


def stored_events(
    connection: Connection, deployment: Deployment, at: BlockStamp
) -> list[LedgerEvent]:
    """Every event since the deployment, decoded once more from the raw logs that stand."""
    raw = Events(connection, deployment.chain_id).standing(deployment.first_block, at.number)
    logs = [
        RawLog(
            block=event.stamp.number,
            block_hash=event.stamp.hash,
            log_index=event.log_index,
            tx=event.tx,
            address=event.address,
            topics=event.topics,
            data=event.data,
        )
        for event in raw
    ]
    products = {token.address: product for product, token in deployment.tokens.items()}
    return Decoder(products).decode(logs, {event.stamp.number: event.stamp for event in raw})


def account_of_word(word: AccountWord) -> Account:
    """What the contract says of an address, as the checks compare it."""
    until = datetime.fromtimestamp(word.lock_up_until, UTC) if word.lock_up_until else None
    return Account(
        units=Units(word.balance),
        frozen=Units(word.frozen),
        address_frozen=word.address_frozen,
        locked_until=until,
    )
