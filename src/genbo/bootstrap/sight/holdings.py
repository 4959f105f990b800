"""Holdings (保有残高) as far as one institution sees them: positions, lots, totals, and where units came from.

Every answer is of one state of the register, read in one transaction with the block that it is of.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.bootstrap.sight.moment import Moment, moment, moment_of
from genbo.governance.institutions import InstitutionRole, Subject
from genbo.kernel import Address, InvestorId, ProductId, Units
from genbo.register import LotId
from genbo.storage.position_glance import PositionGlance
from genbo.storage.register import AsOf, Register
from genbo.storage.register_pages import HeldLot, Holding, Key, LotKey, RegisterPages
from genbo.storage.wallets import Wallets

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """An answer, and the state of the register that it is of."""

    moment: Moment
    found: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a product comes to."""

    product: ProductId
    total: Units
    """Total issued, whoever holds it."""
    holders: int
    """Investors that hold something, among those whose holdings are seen."""
    whole: bool
    """Whether the holdings of everybody are seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Where a further page begins: after which row, of which state."""

    block: int
    after: Key | LotKey


class Holdings:
    """What one institution sees of who holds what."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def position(
        self, product: ProductId, address: Address, *, as_of: AsOf | None = None
    ) -> Read[Holding]:
        """What stands at one address. Raises Refusal(not_found)."""
        if as_of is None:
            seen = self._glance().of_address(product, address)
            if seen is not None and seen.holdings and seen.cursor.last is not None:
                now = moment_of(seen.cursor, seen.cursor.last)
                return Read(moment=now, found=seen.holdings[0])

        def ask(connection: Connection) -> Read[Holding] | None:
            now = self._moment(connection, as_of)
            found = self._pages(connection).of_address(product, address, upto=now.upto)
            return None if found is None else Read(moment=now, found=found)

        return self._looking.answer(Subject.HOLDING, address, ask)

    def positions(
        self,
        product: ProductId,
        *,
        as_of: AsOf | None = None,
        pin: Pin | None = None,
        most: int,
        holding: bool = False,
    ) -> Read[list[tuple[Key, Holding]]]:
        """What stands at the addresses of a product, each with its key. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> Read[list[tuple[Key, Holding]]] | None:
            if not is_seen(connection, product):
                return None
            now = self._moment(connection, as_of, pin)
            pages = self._pages(connection)
            found = pages.positions(
                product,
                upto=now.upto,
                after=None if pin is None else pin.after,  # type: ignore[arg-type]
                most=most,
                holding=holding,
            )
            return Read(moment=now, found=[(pages.key_of(each), each) for each in found])

        return self._looking.answer(Subject.HOLDING, product, ask)

    def of_investor(
        self, investor: InvestorId, *, as_of: AsOf | None = None, product: ProductId | None = None
    ) -> Read[list[Holding]]:
        """What one investor holds, by product and address. Raises Refusal(not_found) where none of its accounts is
        seen."""
        if as_of is None and product is not None:
            seen = self._glance().of_investor(product, investor)
            if seen is not None and seen.holdings and seen.cursor.last is not None:
                return Read(moment=moment_of(seen.cursor, seen.cursor.last), found=seen.holdings)

        def ask(connection: Connection) -> Read[list[Holding]] | None:
            now = self._moment(connection, as_of)
            found = self._pages(connection).of_investor(investor, upto=now.upto, product=product)
            return Read(moment=now, found=found) if found else None

        return self._looking.answer(Subject.HOLDING, investor, ask)

    def totals(self, product: ProductId, *, as_of: AsOf | None = None) -> Read[Totals]:
        """Total issued and how many hold it. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> Read[Totals] | None:
            if not is_seen(connection, product):
                return None
            now = self._moment(connection, as_of)
            register = Register(connection, self._looking.chain_id)
            role = self._looking.role_in(connection)
            totals = Totals(
                product=product,
                total=register.total(product, as_of=now.upto),
                holders=self._pages(connection).holders(product, upto=now.upto),
                whole=role in (InstitutionRole.REGISTRAR, InstitutionRole.ISSUER),
            )
            return Read(moment=now, found=totals)

        return self._looking.answer(Subject.PRODUCT, product, ask)

    def lots(
        self,
        product: ProductId,
        *,
        as_of: AsOf | None = None,
        pin: Pin | None = None,
        most: int,
        investor: InvestorId | None = None,
    ) -> Read[list[tuple[LotKey, HeldLot]]]:
        """The lots of a product, or of one investor in it, each with its key. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> Read[list[tuple[LotKey, HeldLot]]] | None:
            if not is_seen(connection, product):
                return None
            if investor is not None and not Wallets(connection).of_investor(product, investor):
                return None
            now = self._moment(connection, as_of, pin)
            pages = self._pages(connection)
            found = pages.lots(
                product,
                upto=now.upto,
                after=None if pin is None else pin.after,
                most=most,
                investor=investor,
            )
            return Read(moment=now, found=[(pages.lot_key_of(each), each) for each in found])

        return self._looking.answer(Subject.HOLDING, investor or product, ask)

    def history(
        self,
        product: ProductId,
        address: Address,
        *,
        after: tuple[int, int] | None = None,
        most: int,
    ) -> Read[list[Holding]]:
        """Everything that ever happened to one address, first to last. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> Read[list[Holding]] | None:
            now = self._moment(connection, None)
            found = self._pages(connection).history(product, address, after=after, most=most)
            wallets = Wallets(connection).of_addresses(product, [address])
            if not found and not wallets:
                return None
            owner = wallets[0].investor_id if wallets else None
            return Read(
                moment=now,
                found=[
                    Holding(product=product, address=address, investor=owner, position=each)
                    for each in found
                ],
            )

        return self._looking.answer(Subject.HOLDING, address, ask)

    def provenance(self, product: ProductId, lot: LotId) -> Read[list[HeldLot]]:
        """A lot and the lots that its units came through, the lot first, as far as they are seen.

        Raises:
            Refusal: `not_found`.
        """

        def ask(connection: Connection) -> Read[list[HeldLot]] | None:
            now = self._moment(connection, None)
            found = Register(connection, self._looking.chain_id).provenance(product, lot)
            wallets = Wallets(connection).of_addresses(product, {each.address for each in found})
            owners = {each.address: each.investor_id for each in wallets}
            lots = [HeldLot(lot=each, investor=owners.get(each.address)) for each in found]
            return Read(moment=now, found=lots) if lots else None

        return self._looking.answer(Subject.HOLDING, str(lot), ask)

    # Inside --------------------------------------------------------------------------------------

    def _moment(self, connection: Connection, as_of: AsOf | None, pin: Pin | None = None) -> Moment:
        return moment(
            connection,
            self._looking.chain_id,
            as_of,
            now=self._looking.at,
            pinned=None if pin is None else pin.block,
        )

    def _glance(self) -> PositionGlance:
        looking = self._looking
        return PositionGlance(
            looking.database, looking.chain_id, looking.institution, at=looking.at
        )

    def _pages(self, connection: Connection) -> RegisterPages:
        return RegisterPages(
            connection, self._looking.chain_id, self._looking.customers(connection)
        )
