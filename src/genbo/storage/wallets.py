"""Wallets (鍵情報): which address speaks for which investor, product by product.

One active address per investor and product, so holdings of one investor cannot be joined across products by reading
the chain. An address belongs to its investor for ever; a replaced one stays listed (R-PROGMAT-T6).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, or_, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import wallet as table
from genbo.storage.witness import vouch

_IS_ACTIVE = and_(table.c.valid_from.is_not(None), table.c.valid_until.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """An address of an investor in a product."""

    product_id: ProductId
    address: Address
    investor_id: InvestorId
    valid_from: datetime | None
    """The first instant it speaks for the investor; None while it waits for a verdict."""
    valid_until: datetime | None = None
    """The first instant it no longer speaks for the investor; None while it does."""


class Wallets:
    """The wallets, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def assign(self, wallets: Sequence[Wallet], *, at: datetime, by: str) -> int:
        """Adds wallets, all or none; returns how many were new. Adding the same again changes nothing.

        Args:
            at: when they are added, for the audit chain; may differ from when they begin to hold.
            by: who adds them.

        Raises:
            Refusal: `target_not_empty` when an address is another investor's; `investor_exists` when the investor has
                another active address in the product, which only re-keying replaces.
        """
        if not wallets:
            return 0
        for product in {each.product_id for each in wallets}:
            self._refuse_taken(product, [each for each in wallets if each.product_id == product])
        ours = and_(
            bulk.among(table.c.product_id, {each.product_id for each in wallets}),
            bulk.among(table.c.address, {each.address for each in wallets}),
        )
        known = {
            tuple(row) for row in self._connection.execute(select(*table.primary_key).where(ours))
        }
        added = bulk.insert_new(
            self._connection,
            table,
            [
                {
                    "product_id": each.product_id,
                    "address": each.address,
                    "investor_id": each.investor_id,
                    "valid_from": each.valid_from,
                    "valid_until": each.valid_until,
                }
                for each in wallets
            ],
        )
        if added:
            investors = {(each.product_id, each.address): each.investor_id for each in wallets}
            AuditLog(self._connection).append(
                AuditEntry(
                    at=at,
                    action=AuditAction.WALLET_ASSIGNED,
                    actor=by,
                    subject=investors[key],
                    product=key[0],
                    rows=row,
                )
                for key, row in vouch(self._connection, table, ours).items()
                if key in investors and key not in known
            )
        return added

    def replace(
        self,
        product: ProductId,
        investor: InvestorId,
        *,
        new: Address,
        at: datetime,
        by: str,
        evidence: Digest | None = None,
    ) -> Address:
        """Makes `new` the investor's address from `at` on; returns the one it replaces. A waiting key of the investor
        begins to speak thereby.

        Args:
            evidence: the application or order it rests on.

        Raises:
            Refusal: `holding_unknown` when there is none to replace; `target_not_empty` when `new` is in use.
        """
        old = self._connection.scalar(
            update(table)
            .where(
                table.c.product_id == product,
                table.c.investor_id == investor,
                _IS_ACTIVE,
            )
            .values(valid_until=at, replaced_by=new, evidence=evidence)
            .returning(table.c.address)
        )
        if old is None:
            raise Refusal(Reason.HOLDING_UNKNOWN, investor=investor, product=product)
        rows = vouch(self._connection, table, table.c.product_id == product, table.c.address == old)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.WALLET_REPLACED,
                    actor=by,
                    subject=investor,
                    product=product,
                    rows=rows[product, old],
                )
            ]
        )
        if self._registered(product, investor, new, at=at, by=by):
            return Address(old)
        added = self.assign(
            [Wallet(product_id=product, address=new, investor_id=investor, valid_from=at)],
            at=at,
            by=by,
        )
        if added == 0:  # an address that was replaced once does not come back
            raise Refusal(Reason.TARGET_NOT_EMPTY, account=new)
        return Address(old)

    def owners(self, product: ProductId) -> dict[Address, InvestorId]:
        """Every address ever used in the product and whose it is."""
        rows = self._connection.execute(
            select(table.c.address, table.c.investor_id).where(table.c.product_id == product)
        )
        return {Address(row.address): InvestorId(row.investor_id) for row in rows}

    def active(self, product: ProductId) -> dict[InvestorId, Address]:
        """The address that speaks for each investor of the product now."""
        rows = self._connection.execute(
            select(table.c.investor_id, table.c.address).where(
                table.c.product_id == product, _IS_ACTIVE
            )
        )
        return {InvestorId(row.investor_id): Address(row.address) for row in rows}

    def speaking(
        self, product: ProductId, investors: Collection[InvestorId], *, at: datetime | None = None
    ) -> dict[InvestorId, Address]:
        """The address that spoke for each of `investors` at that instant; by default the one that does now."""
        spoke = _IS_ACTIVE
        if at is not None:
            spoke = and_(
                table.c.valid_from <= at,
                or_(table.c.valid_until.is_(None), table.c.valid_until > at),
            )
        rows = self._connection.execute(
            select(table.c.investor_id, table.c.address).where(
                table.c.product_id == product, bulk.among(table.c.investor_id, investors), spoke
            )
        )
        return {InvestorId(row.investor_id): Address(row.address) for row in rows}

    def of_investor(self, product: ProductId, investor: InvestorId) -> list[Wallet]:
        """The investor's addresses in the product, first to last."""
        return self._list(
            select(table)
            .where(table.c.product_id == product, table.c.investor_id == investor)
            .order_by(table.c.valid_from.nulls_last(), table.c.valid_until.nulls_last())
        )

    def of(self, investor: InvestorId, *, product: ProductId | None = None) -> list[Wallet]:
        """The investor's addresses, in every product or in one, first to last."""
        query = select(table).where(table.c.investor_id == investor)
        if product is not None:
            query = query.where(table.c.product_id == product)
        return self._list(
            query.order_by(
                table.c.product_id,
                table.c.valid_from.nulls_last(),
                table.c.valid_until.nulls_last(),
            )
        )

    def of_addresses(self, product: ProductId, addresses: Collection[Address]) -> list[Wallet]:
        """The wallets with those addresses."""
        return self._list(
            select(table).where(
                table.c.product_id == product, bulk.among(table.c.address, addresses)
            )
        )

    def _registered(
        self, product: ProductId, investor: InvestorId, address: Address, *, at: datetime, by: str
    ) -> bool:
        """Lets a waiting key of the investor speak; whether it was one."""
        ours = and_(table.c.product_id == product, table.c.address == address)
        moved = self._connection.execute(
            update(table)
            .where(ours, table.c.investor_id == investor, table.c.valid_from.is_(None))
            .values(valid_from=at)
        )
        if moved.rowcount:
            AuditLog(self._connection).append(
                [
                    AuditEntry(
                        at=at,
                        action=AuditAction.WALLET_REGISTERED,
                        actor=by,
                        subject=investor,
                        product=product,
                        rows=vouch(self._connection, table, ours)[product, address],
                    )
                ]
            )
        return bool(moved.rowcount)

    def _refuse_taken(self, product: ProductId, new: Sequence[Wallet]) -> None:
        owners: dict[Address, InvestorId] = {}
        for each in (*self.of_addresses(product, [each.address for each in new]), *new):
            if owners.setdefault(each.address, each.investor_id) != each.investor_id:
                raise Refusal(Reason.TARGET_NOT_EMPTY, account=each.address)
        active = self._list(
            select(table).where(
                table.c.product_id == product,
                bulk.among(table.c.investor_id, [each.investor_id for each in new]),
                _IS_ACTIVE,
            )
        )
        addresses: dict[InvestorId, Address] = {}
        for each in (*active, *(each for each in new if each.valid_until is None)):
            if addresses.setdefault(each.investor_id, each.address) != each.address:
                raise Refusal(Reason.INVESTOR_EXISTS, investor=each.investor_id)

    def _list(self, query: Select[tuple[object, ...]]) -> list[Wallet]:
        return [
            Wallet(
                product_id=ProductId(row.product_id),
                address=Address(row.address),
                investor_id=InvestorId(row.investor_id),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
            for row in self._connection.execute(query)
        ]
