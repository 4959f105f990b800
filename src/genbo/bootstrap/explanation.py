"""Explanation: where in the ledger's history chain and register first part, once it is known that they do.

Two ways are gone, and the earlier place counts. The stored rows are compared with those that a fresh fold of the
stored events gives: exact to the log. And where the chain's own answer differs from the register, the blocks are
halved, with reads of the contract pinned to a block, until the first one that differs is found; a node that keeps old
states must be asked, and when it does not, the explanation says so.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from genbo.bootstrap.inspection import Inspection, account_of_word, stored_events
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.node import BlockUnknown, Node
from genbo.kernel import Address, Fault, ProductId, Reason, Units
from genbo.reconciliation.difference import Difference, earliest, first_row_apart
from genbo.reconciliation.invariants import Account, ProductAccounts
from genbo.reconciliation.retrace import account_of
from genbo.register import RegisterFold
from genbo.register.derived import DerivedRows
from genbo.storage.digest import DERIVED, derived_digest, derived_rows
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.storage.wallets import Wallets

_MOST = 200
"""Addresses that differ and are followed back; of more, these many explain enough."""


def first_difference(
    node: Node, database: Database, deployment: Deployment, inspection: Inspection
) -> Difference | None:
    """Where chain, events and register first part; None when these accounts agree. Changes nothing.

    Raises:
        Fault: `node_unreachable`, `database_unreachable`.
    """
    with database.read() as connection:
        found: list[Difference] = []
        for accounts in inspection.accounts:
            first = earliest(
                [
                    _from_rows(connection, deployment, accounts),
                    _from_chain(connection, node, deployment, accounts),
                ]
            )
            if first is not None:
                owners = Wallets(connection).owners(accounts.product)
                found.append(first.whose(owners))
    return earliest(found)


def _from_rows(
    connection: Connection, deployment: Deployment, accounts: ProductAccounts
) -> Difference | None:
    """The first stored row that does not follow from the stored events."""
    product = accounts.product
    rows = DerivedRows()
    fold = RegisterFold(history=rows)
    for event in stored_events(connection, deployment, accounts.stamp):
        if event.product == product:
            rows.record(fold.apply(event))
    if rows.digest(product) == derived_digest(connection, product):
        return None
    return earliest(
        first_row_apart(
            product,
            table.name,
            expected=rows.rows(product, table.name),
            found=derived_rows(connection, product, table),
        )
        for table in DERIVED
    )


# Against the chain -----------------------------------------------------------------------------------


def _from_chain(
    connection: Connection, node: Node, deployment: Deployment, accounts: ProductAccounts
) -> Difference | None:
    """The first block after which the contract answers something else than the register has."""
    apart = [
        address
        for address in sorted(accounts.chain.keys() | accounts.register.keys())
        if accounts.chain.get(address, _NONE) != accounts.register.get(address, _NONE)
    ][:_MOST]
    if not apart:
        return None
    record = deployment.token_of(accounts.product)
    register = Register(connection, deployment.chain_id)
    sides = _Sides(
        token=SecurityToken(node, record.address),
        product=accounts.product,
        histories={address: _history(register, accounts.product, address) for address in apart},
    )
    return sides.first(before=record.block - 1, last=accounts.stamp.number)


_NONE = Account(units=Units(0), frozen=Units(0), address_frozen=False, locked_until=None)
"""An address to which nothing has happened."""

_History = tuple[list[int], list[Account]]


def _history(register: Register, product: ProductId, address: Address) -> _History:
    """The blocks after which the register has something else of an address, and what."""
    latest = {
        each.position.stamp.number: account_of(each) for each in register.history(product, address)
    }
    return list(latest), list(latest.values())


@dataclass(slots=True)
class _Sides:
    """Chain and register, asked as of any block."""

    token: SecurityToken
    product: ProductId
    histories: Mapping[Address, _History]

    def first(self, *, before: int, last: int) -> Difference:
        """Halves the blocks between one where nothing differs and one where something does."""
        unknown: int | None = None
        agrees, differs = before, last
        while differs - agrees > 1:
            middle = (agrees + differs) // 2
            parted = self._parted(middle)
            if parted is None:
                unknown = agrees = middle  # the node has forgotten; what it remembers is later
            elif parted:
                differs = middle
            else:
                agrees = middle
        exact = unknown is None or agrees > unknown
        address, there, here = (self._parted(differs) or self._parted(last) or [_VANISHED])[0]
        return Difference(
            product=self.product,
            block=differs,
            log_index=None,
            what="what the contract answers after the block",
            expected=_told(there, here),
            found=_told(here, there),
            address=address,
            exact=exact,
            note=None
            if exact
            else f"the node has no state of block {unknown} any more, so it may lie before block {differs}; "
            "ask a node that keeps old states",
        )

    def _parted(self, block: int) -> list[tuple[Address, Account, Account]] | None:
        """The addresses that differ as of a block, with both answers; None when the node has no such state."""
        addresses: Sequence[Address] = list(self.histories)
        try:
            words = self.token.accounts(addresses, at=block).value
        except BlockUnknown:
            return None
        except Fault as fault:
            if fault.reason is Reason.NODE_UNREACHABLE and "problem" in fault.facts:
                return None  # it answered, that it cannot
            raise
        return [
            (address, there, here)
            for address, there in zip(addresses, map(account_of_word, words), strict=True)
            if there != (here := self._register(address, block))
        ]

    def _register(self, address: Address, block: int) -> Account:
        blocks, accounts = self.histories[address]
        place = bisect_right(blocks, block)
        return accounts[place - 1] if place else _NONE


_VANISHED = (Address(""), _NONE, _NONE)
"""Should the chain have come to agree while it was asked."""


def _told(side: Account, other: Account) -> str:
    """The figures of one side in which it is not the other."""
    words = [
        f"{name} {getattr(side, name) if getattr(side, name) is not None else 'none'}"
        for name in ("units", "frozen", "address_frozen", "locked_until")
        if getattr(side, name) != getattr(other, name)
    ]
    return ", ".join(words) or "the same"
