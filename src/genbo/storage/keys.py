"""Keys (鍵情報, R-PROGMAT-T6) as custody sees them: the rows of `wallet`, with their state and where they come from.

Whoever asks for the extent of a tree has the tree to himself until the transaction ends, so two processes never hand
out one index.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.custody import AssignedAddress, Extent, Key, KeyState, PublicKey
from genbo.custody.memory import KeysInMemory
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Address, InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import address_tree
from genbo.storage.tables import wallet as table
from genbo.storage.witness import vouch


class StoredKeys:
    """The keys, in one transaction. A `custody.Keys`."""

    def __init__(self, connection: Connection, *, at: datetime, by: str) -> None:
        """
        Args:
            at: when whatever is kept here is done, for the audit chain.
            by: who does it.
        """
        self._connection = connection
        self._at = at
        self._by = by

    def of_investor(self, product: ProductId, investor: InvestorId) -> Sequence[Key]:
        """The investor's keys in the product, first to last."""
        return keys_of(self._connection, product, [investor])

    def at_address(self, address: Address) -> Key | None:
        """The key of that address. One that was only assigned may be so in several products; then any of them."""
        row = self._connection.execute(
            select(table).where(table.c.address == address).order_by(table.c.product_id).limit(1)
        ).one_or_none()
        return None if row is None else _key(row)

    def extent(self, tree: str) -> Extent:
        """How much of the tree was handed out; nobody else hands anything out until the transaction ends.

        Raises:
            Refusal: `tree_unknown`.
        """
        return extent_of(self._connection, tree)

    def keep(self, key: Key) -> None:
        """Keeps a new key, or what became of one.

        Raises:
            Refusal: `address_in_use` when somebody else has just taken the address.
        """
        before = self._connection.execute(
            select(table)
            .where(table.c.product_id == key.product, table.c.address == key.address)
            .with_for_update()
        ).one_or_none()
        if before is None:
            added = self._connection.execute(
                insert(table).values(_row(key)).on_conflict_do_nothing().returning(table.c.address)
            ).one_or_none()
            if added is None:
                raise Refusal(Reason.ADDRESS_IN_USE, account=key.address)
        else:
            self._connection.execute(
                update(table)
                .where(table.c.product_id == key.product, table.c.address == key.address)
                .values(
                    valid_from=key.valid_from,
                    valid_until=key.valid_until,
                    replaced_by=key.replaced_by,
                    evidence=key.evidence,
                )
            )
        audit_keys(self._connection, [key], at=self._at, by=self._by)


class KeysInBulk(KeysInMemory):
    """The keys of many investors in one product, read at once and kept at once. A `custody.Keys`.

    The addresses of one tree are new as long as nobody proved one of them: those are known here.
    """

    def __init__(
        self,
        connection: Connection,
        product: ProductId,
        investors: Collection[InvestorId],
        *,
        at: datetime,
        by: str,
        tree: str | None = None,
    ) -> None:
        """
        Args:
            tree: of which addresses are handed out; it is ours until the transaction ends.

        Raises:
            Refusal: `tree_unknown`.
        """
        super().__init__()
        self._connection = connection
        self._at = at
        self._by = by
        for key in keys_of(connection, product, investors):
            super().keep(key)
        if tree is not None:
            for key in _proved(connection):
                super().keep(key)
            self._extents[tree] = extent_of(connection, tree)
        self._kept: dict[Address, Key] = {}
        self._known = set(self._keys)

    def keep(self, key: Key) -> None:
        super().keep(key)
        self._kept[key.address] = key

    def write(self) -> int:
        """Writes what was kept; how many keys that are.

        Raises:
            Refusal: `address_in_use` when somebody else has taken one of the addresses.
        """
        new = [key for address, key in self._kept.items() if address not in self._known]
        old = [key for address, key in self._kept.items() if address in self._known]
        if bulk.insert_new(self._connection, table, [_row(key) for key in new]) != len(new):
            raise Refusal(Reason.ADDRESS_IN_USE, account=new[0].address)
        if old:
            rows = [_row(key) for key in old]
            names = ["product_id", "address", *_CHANGING]
            with bulk.given(self._connection, table, names, rows) as these:
                self._connection.execute(
                    update(table)
                    .where(
                        table.c.product_id == these.new.c.product_id,
                        table.c.address == these.new.c.address,
                    )
                    .values({name: these.new.c[name] for name in _CHANGING}),
                    these.parameters,
                )
        written = list(self._kept.values())
        audit_keys(self._connection, written, at=self._at, by=self._by)
        self._known |= self._kept.keys()
        self._kept = {}
        return len(written)


_CHANGING = ("valid_from", "valid_until", "replaced_by", "evidence")


def keys_of(
    connection: Connection, product: ProductId, investors: Collection[InvestorId]
) -> list[Key]:
    """The keys of these investors in the product, first to last."""
    return [
        _key(row)
        for row in connection.execute(
            select(table)
            .where(table.c.product_id == product, bulk.among(table.c.investor_id, list(investors)))
            .order_by(*_IN_ORDER)
        )
    ]


def all_keys(connection: Connection, *, product: ProductId | None = None) -> list[Key]:
    """Every key, or those of one product; first to last."""
    query = select(table).order_by(table.c.product_id, *_IN_ORDER)
    if product is not None:
        query = query.where(table.c.product_id == product)
    return [_key(row) for row in connection.execute(query)]


_IN_ORDER = (
    table.c.investor_id,
    table.c.valid_from.nulls_last(),
    table.c.created_at.nulls_first(),
    table.c.tree_index,
    table.c.address,
)


def extent_of(connection: Connection, tree: str) -> Extent:
    """How much of the tree was handed out; the tree is locked. Raises Refusal(tree_unknown)."""
    locked = connection.scalar(
        select(address_tree.c.fingerprint)
        .where(address_tree.c.fingerprint == tree)
        .with_for_update()
    )
    if locked is None:
        raise Refusal(Reason.TREE_UNKNOWN, tree=tree)
    last = select(table.c.tree_index).where(table.c.tree == tree)
    last = last.order_by(table.c.tree_index.desc()).limit(1)
    highest = connection.scalar(last)
    registered = connection.scalar(last.where(table.c.valid_from.is_not(None)))
    return Extent(0 if highest is None else highest + 1, registered)


def _proved(connection: Connection) -> list[Key]:
    """The keys that were proved instead of created: a tree must not hand them out again."""
    query = select(table).where(and_(table.c.tree.is_(None), table.c.public_key.is_not(None)))
    return [_key(row) for row in connection.execute(query)]


_ACTIONS = {
    KeyState.ACTIVE: AuditAction.WALLET_REGISTERED,
    KeyState.REPLACED: AuditAction.WALLET_REPLACED,
}


def audit_keys(connection: Connection, keys: Sequence[Key], *, at: datetime, by: str) -> None:
    """An entry for each key about what has just become of it."""
    if not keys:
        return
    rows = vouch(
        connection,
        table,
        or_(
            *(
                and_(
                    table.c.product_id == product,
                    bulk.among(
                        table.c.address, [key.address for key in keys if key.product == product]
                    ),
                )
                for product in sorted({key.product for key in keys})
            )
        ),
    )
    AuditLog(connection).append(
        AuditEntry(
            at=at,
            action=_action(key),
            actor=by,
            subject=key.investor,
            product=key.product,
            facts=_facts(key),
            rows=rows[key.product, key.address],
        )
        for key in keys
    )


def _action(key: Key) -> AuditAction:
    if key.state is KeyState.WAITING:
        return AuditAction.WALLET_CREATED if key.tree else AuditAction.WALLET_PROVED
    return _ACTIONS[key.state]


def _facts(key: Key) -> dict[str, AuditFact]:
    """Which index of which tree; for a replaced key the new address."""
    if key.state is KeyState.REPLACED:
        return {"replaced_by": key.replaced_by, "evidence": key.evidence}
    return {} if key.tree is None else {"tree": key.tree, "index": key.index}


def _row(key: Key) -> dict[str, Any]:
    return {
        "product_id": key.product,
        "address": key.address,
        "investor_id": key.investor,
        "valid_from": key.valid_from,
        "valid_until": key.valid_until,
        "public_key": key.public.key if isinstance(key.public, PublicKey) else None,
        "keeper_id": key.custodian,
        "tree": key.tree,
        "tree_index": key.index,
        "replaced_by": key.replaced_by,
        "evidence": key.evidence,
        "created_at": key.created,
    }


def _key(row: Row[Any]) -> Key:
    address = Address(row.address)
    return Key(
        investor=InvestorId(row.investor_id),
        product=ProductId(row.product_id),
        custodian=row.keeper_id,
        public=AssignedAddress(address=address)
        if row.public_key is None
        else PublicKey(address=address, key=row.public_key),
        tree=row.tree,
        index=row.tree_index,
        created=row.created_at or row.valid_from,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        replaced_by=row.replaced_by,
        evidence=row.evidence,
    )
