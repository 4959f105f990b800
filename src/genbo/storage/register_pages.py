"""Pages of the register (原簿の頁): positions and lots in parts, each part found by its key.

A page costs what it shows, however long the list is. It is as of a block, so that all pages of a list are of one state
of the register. Whoever sees the register by product gets it by address, also addresses that nobody is registered
for; whoever sees its customers gets it by customer and address.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    Text,
    and_,
    distinct,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.sql.selectable import LateralFromClause

from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Units
from genbo.register import LogPosition, Lot, LotId, Position
from genbo.storage.customers import Customers
from genbo.storage.held import HeldLot, Holding, Key, LotKey
from genbo.storage.register import covers
from genbo.storage.tables import lot, position, wallet
from genbo.token import MovementKind

__all__ = ["HeldLot", "Holding", "Key", "LotKey", "RegisterPages", "owner_of"]


class RegisterPages:
    """Pages of the register of the products on one chain, in one transaction that looks as an institution."""

    def __init__(
        self, connection: Connection, chain_id: int, customers: Customers | None = None
    ) -> None:
        """
        Args:
            customers: whose accounts are listed; None: everybody's.
        """
        self._connection = connection
        self._chain_id = chain_id
        self._customers = customers

    # Positions -------------------------------------------------------------------------------------

    def positions(
        self,
        product: ProductId,
        *,
        upto: int,
        after: Key | None = None,
        most: int,
        holding: bool = False,
    ) -> list[Holding]:
        """What stands at the addresses of a product at the end of the block `upto`, `most` rows at most.

        Args:
            after: `key_of` of the row before.
            holding: only addresses that hold units.
        """
        if self._customers is None:
            return self._by_address(product, upto, after, most, holding=holding)
        then = _position_at(wallet.c.product_id, wallet.c.address, upto)
        query = (
            select(wallet.c.investor_id, wallet.c.product_id, wallet.c.address, *then.c)
            .select_from(
                self._customers.table.join(
                    wallet, wallet.c.investor_id == self._customers.investor_id
                ).join(then, true(), isouter=not holding)
            )
            .where(self._customers.ours, wallet.c.product_id == product)
            .order_by(self._customers.investor_id, wallet.c.address)
            .limit(most)
        )
        if holding:
            query = query.where(then.c.at_units > 0)
        if after is not None:
            begin = tuple_(self._customers.investor_id, wallet.c.address)
            query = query.where(begin > tuple_(*after), self._customers.investor_id >= after[0])
        return [self._holding(row) for row in self._connection.execute(query)]

    def key_of(self, holding: Holding) -> Key:
        """The key of a row of `positions`."""
        if self._customers is None:
            return (holding.address,)
        return (holding.investor or "", holding.address)

    def _by_address(
        self, product: ProductId, upto: int, after: Key | None, most: int, *, holding: bool
    ) -> list[Holding]:
        """Every address that ever appeared has a row that stands; from there to the one of that time."""
        standing = position.alias("standing")
        then = _position_at(standing.c.product_id, standing.c.address, upto)
        query = (
            select(
                owner_of(standing.c.product_id, standing.c.address).label("investor_id"),
                standing.c.product_id,
                standing.c.address,
                *then.c,
            )
            .select_from(standing.join(then, true()))
            .where(standing.c.product_id == product, standing.c.until_block.is_(None))
            .order_by(standing.c.address)
            .limit(most)
        )
        if holding:
            query = query.where(then.c.at_units > 0)
        if after is not None:
            query = query.where(standing.c.address > after[0])
        return [self._holding(row) for row in self._connection.execute(query)]

    def of_investor(
        self, investor: InvestorId, *, upto: int, product: ProductId | None = None
    ) -> list[Holding]:
        """What stands at every address of one investor, by product and address: in all products or in one."""
        then = _position_at(wallet.c.product_id, wallet.c.address, upto)
        query = (
            select(wallet.c.investor_id, wallet.c.product_id, wallet.c.address, *then.c)
            .select_from(wallet.outerjoin(then, true()))
            .where(wallet.c.investor_id == investor)
            .order_by(wallet.c.product_id, wallet.c.address)
        )
        if product is not None:
            query = query.where(wallet.c.product_id == product)
        return [self._holding(row) for row in self._connection.execute(query)]

    def of_address(self, product: ProductId, address: Address, *, upto: int) -> Holding | None:
        """What stands at one address; None where nobody is registered for it and nothing had happened to it."""
        registered = self._connection.execute(
            select(wallet.c.investor_id).where(
                wallet.c.product_id == product, wallet.c.address == address
            )
        ).one_or_none()
        then = _position_at(literal(product, Text), literal(address, Text), upto)
        row = self._connection.execute(select(*then.c)).one_or_none()
        if registered is None and row is None:
            return None
        return Holding(
            product=product,
            address=address,
            investor=None if registered is None else InvestorId(registered.investor_id),
            position=None if row is None else self._position(product, address, row),
        )

    def history(
        self, product: ProductId, address: Address, *, after: tuple[int, int] | None, most: int
    ) -> list[Position]:
        """Everything that ever happened to one address, first to last, `most` at most.

        Args:
            after: block and log index of the row before.
        """
        key = (position.c.from_block, position.c.from_log_index)
        query = (
            select(*(position.c[name].label(f"at_{name}") for name in _AT))
            .where(position.c.product_id == product, position.c.address == address)
            .order_by(*key)
            .limit(most)
        )
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        return [self._position(product, address, row) for row in self._connection.execute(query)]

    def holders(self, product: ProductId, *, upto: int) -> int:
        """How many investors hold something, among those that are listed."""
        if self._customers is None:
            holdings = (
                select(func.coalesce(wallet.c.investor_id, position.c.address))
                .select_from(
                    position.outerjoin(
                        wallet,
                        and_(
                            wallet.c.product_id == position.c.product_id,
                            wallet.c.address == position.c.address,
                        ),
                    )
                )
                .where(position.c.product_id == product)
            )
        else:
            holdings = (
                select(wallet.c.investor_id)
                .select_from(
                    self._customers.table.join(
                        wallet, wallet.c.investor_id == self._customers.investor_id
                    ).join(
                        position,
                        and_(
                            position.c.product_id == wallet.c.product_id,
                            position.c.address == wallet.c.address,
                        ),
                    )
                )
                .where(self._customers.ours, wallet.c.product_id == product)
            )
        found = holdings.where(position.c.units > 0, _stood(position, upto)).subquery()
        return self._connection.scalar(select(func.count(distinct(found.c[0])))) or 0

    # Lots --------------------------------------------------------------------------------------------

    def lots(
        self,
        product: ProductId,
        *,
        upto: int,
        after: LotKey | None = None,
        most: int,
        investor: InvestorId | None = None,
    ) -> list[HeldLot]:
        """The lots of a product at the end of the block `upto`, `most` rows at most.

        Args:
            after: `lot_key_of` of the row before.
            investor: only those of one investor.
        """
        # A lot stood then when it stands now and began before, or when it has ended since.
        stood = (
            and_(lot.c.until_block.is_(None), lot.c.from_block <= upto),
            covers(upto + 1),
        )
        parts = [
            self._lot_part(product, after, most, investor).where(each).subquery() for each in stood
        ]
        found = union_all(*(select(part) for part in parts)).subquery()
        rows = self._connection.execute(
            select(found).order_by(*(found.c[name] for name in self._lot_order)).limit(most)
        )
        return [self._lot(row) for row in rows]

    def lot_key_of(self, held: HeldLot) -> LotKey:
        """The key of a row of `lots`."""
        of_lot = (held.lot.address, held.lot.acquired, *held.lot.id)
        return of_lot if self._customers is None else (held.investor or "", *of_lot)

    @property
    def _lot_order(self) -> tuple[str, ...]:
        of_lot = ("address", "acquired", "from_block", "from_log_index", "ordinal")
        return of_lot if self._customers is None else ("investor_id", *of_lot)

    def _lot_part(
        self, product: ProductId, after: LotKey | None, most: int, investor: InvestorId | None
    ) -> Select[Any]:
        columns: dict[str, ColumnElement[Any]] = {name: lot.c[name] for name in _LOT}
        columns["investor_id"] = wallet.c.investor_id
        registered = and_(
            wallet.c.product_id == lot.c.product_id, wallet.c.address == lot.c.address
        )
        if self._customers is None:
            columns["investor_id"] = owner_of(lot.c.product_id, lot.c.address).label("investor_id")
            query = select(*columns.values()).select_from(lot)
        else:
            columns["investor_id"] = self._customers.investor_id
            query = (
                select(*columns.values())
                .select_from(
                    self._customers.table.join(
                        wallet, wallet.c.investor_id == self._customers.investor_id
                    ).join(lot, registered)
                )
                .where(self._customers.ours)
            )
        order = [columns[name] for name in self._lot_order]
        query = query.where(lot.c.product_id == product).order_by(*order).limit(most)
        if investor is not None:
            query = query.where(self._is_owner(investor))
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(*after), order[0] >= after[0])
        return query

    def _is_owner(self, investor: InvestorId) -> ColumnElement[bool]:
        if self._customers is not None:
            return self._customers.investor_id == investor
        return lot.c.address.in_(
            select(wallet.c.address).where(
                wallet.c.product_id == lot.c.product_id, wallet.c.investor_id == investor
            )
        )

    # Inside ------------------------------------------------------------------------------------------

    def _holding(self, row: Row[Any]) -> Holding:
        return Holding(
            product=ProductId(row.product_id),
            address=Address(row.address),
            investor=None if row.investor_id is None else InvestorId(row.investor_id),
            position=None
            if row.at_units is None
            else self._position(ProductId(row.product_id), Address(row.address), row),
        )

    def _position(self, product: ProductId, address: Address, row: Row[Any]) -> Position:
        return Position(
            product=product,
            address=address,
            units=Units(row.at_units),
            frozen=Units(row.at_frozen),
            address_frozen=row.at_address_frozen,
            locked_until=row.at_locked_until,
            verified_until=row.at_verified_until,
            blocked=row.at_blocked,
            retired=row.at_retired,
            position=LogPosition(
                stamp=BlockStamp(
                    self._chain_id, row.at_from_block, row.at_from_hash, row.at_from_at
                ),
                log_index=row.at_from_log_index,
                tx=row.at_from_tx,
            ),
        )

    def _lot(self, row: Row[Any]) -> HeldLot:
        return HeldLot(
            lot=Lot(
                id=LotId(row.from_block, row.from_log_index, row.ordinal),
                product=ProductId(row.product_id),
                address=Address(row.address),
                units=Units(row.units),
                acquired=row.acquired,
                parent=None
                if row.parent_block is None
                else LotId(row.parent_block, row.parent_log_index, row.parent_ordinal),
                opened=LogPosition(
                    stamp=BlockStamp(self._chain_id, row.from_block, row.from_hash, row.from_at),
                    log_index=row.from_log_index,
                    tx=row.from_tx,
                ),
                opened_by=MovementKind(row.opened_by),
                ref=row.ref,
            ),
            investor=None if row.investor_id is None else InvestorId(row.investor_id),
        )


_AT = (
    *("units", "frozen", "address_frozen", "locked_until", "verified_until", "blocked", "retired"),
    *("from_block", "from_log_index", "from_at", "from_hash", "from_tx"),
)
_LOT = (
    *("product_id", "ordinal", "address", "units", "acquired"),
    *("parent_block", "parent_log_index", "parent_ordinal", "opened_by", "ref"),
    *("from_block", "from_log_index", "from_at", "from_hash", "from_tx"),
)


def owner_of(product: ColumnElement[str], address: ColumnElement[str]) -> ScalarSelect[str]:
    """Whose the address is, asked row by row: a page has few rows, and a join would begin with every wallet."""
    return (
        select(wallet.c.investor_id)
        .where(wallet.c.product_id == product, wallet.c.address == address)
        .scalar_subquery()
    )


def _position_at(
    product: ColumnElement[str], address: ColumnElement[str], upto: int
) -> LateralFromClause:
    """What stood at that address at the end of the block `upto`; its columns are called `at_...`."""
    return (
        select(*(position.c[name].label(f"at_{name}") for name in _AT))
        .where(
            position.c.product_id == product,
            position.c.address == address,
            position.c.from_block <= upto,
        )
        .order_by(position.c.from_block.desc(), position.c.from_log_index.desc())
        .limit(1)
        .lateral("then")
    )


def _stood(source: FromClause, upto: int) -> ColumnElement[bool]:
    return and_(
        source.c.from_block <= upto,
        or_(source.c.until_block.is_(None), source.c.until_block > upto),
    )
