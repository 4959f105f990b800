"""Sight (閲覧窓口): the one place where an institution asks what it may see (invariant 11).

    an institution asks for a thing
    ├── when it sees the thing: it gets it, as far as it sees it
    ├── when it sees a person as an id, and asks for the name: `purpose_missing` (R-PROGMAT-VIS-4)
    └── otherwise: `not_found`, as for a thing that does not exist; that it was told so is recorded (R-PROGMAT-VIS-1)

The questions go through `Database.viewing`, so what comes back is what the database lets the institution see; nothing
is filtered here. Whether the person who asks may ask at all is decided before (`governance.users.work`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.sight.firms import Firms
from genbo.bootstrap.sight.holdings import Holdings
from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.bootstrap.sight.movements import Movements
from genbo.bootstrap.sight.payees import Payees
from genbo.bootstrap.sight.people import People
from genbo.bootstrap.sight.work import WorkDesk
from genbo.governance import Stored
from genbo.governance.institutions import (
    Institution,
    InstitutionId,
    InstitutionRole,
    Subject,
)
from genbo.kernel import Address, InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.register import Lot, Position, Trade
from genbo.storage.commands import Commands
from genbo.storage.disclosures import Disclosures
from genbo.storage.engine import Database
from genbo.storage.investors import Identity, Investor, Investors
from genbo.storage.partial_sight import ClientTrade, PartialSight, RowDigest
from genbo.storage.products import Product, Products
from genbo.storage.register import AsOf, Register
from genbo.storage.trades import Trades
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.storage.viewing import known_by_id, named, seen_by
from genbo.storage.wallets import Wallets
from genbo.token import MovementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRegister:
    """A register as far as it is seen: all of it, or the holdings of one's own customers."""

    product: ProductId
    total: Units
    """Total issued, whoever holds it."""
    positions: tuple[Position, ...]
    lots: tuple[Lot, ...]
    owners: Mapping[Address, InvestorId]
    """Whose the addresses are."""

    @property
    def holders(self) -> int:
        """How many investors hold something."""
        return len(
            {self.owners.get(each.address, each.address) for each in self.positions if each.units}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A side of a trade."""

    address: Address | None
    """The pseudonym; None for an intermediary, whose clients are named by their ids."""
    investor: InvestorId | None
    """Who it is, where that is for the institution to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTrade:
    """A movement as far as it is seen. A side is None where there is none, or where it is not to be seen at all."""

    product: ProductId
    ref: Reference
    kind: MovementKind
    units: Units
    at: datetime
    sender: Side | None
    recipient: Side | None


class InstitutionDesk:
    """What one institution asks at one instant."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        chain_id: int,
        institution: InstitutionId,
        role: InstitutionRole | None = None,
        by: str,
        at: datetime,
    ) -> None:
        """
        Args:
            role: the role of the institution, where it is known; otherwise the database is asked.
            by: the user or credential of the institution that asks, as the records name it.
            at: when; disclosures hold at instants.
        """
        self._looking = Looking(
            database=database,
            vault=vault,
            chain_id=chain_id,
            institution=institution,
            role=role,
            by=by,
            at=at,
        )
        self._database = database
        self._vault = vault
        self._chain_id = chain_id
        self._institution = institution
        self._by = by
        self._at = at
        self._answer = self._looking.answer
        self._role = self._looking.role_in
        self._not_found = self._looking.not_found

    @property
    def looking(self) -> Looking:
        """How it looks, for desks of other words."""
        return self._looking

    @property
    def holdings(self) -> Holdings:
        """Who holds what."""
        return Holdings(self._looking)

    @property
    def people(self) -> People:
        """Who the investors are."""
        return People(self._looking)

    @property
    def payees(self) -> Payees:
        """Who is owed what is distributed."""
        return Payees(self._looking)

    @property
    def firms(self) -> Firms:
        """Institutions and their users."""
        return Firms(self._looking)

    def work(self, institution: Institution) -> WorkDesk:
        """Bulk acts, orders, files and the record of what was done; `institution` is the one that looks."""
        assert institution.id == self._institution
        return WorkDesk(self._looking, institution)

    @property
    def movements(self) -> Movements:
        """What moved."""
        return Movements(self._looking)

    # Products ------------------------------------------------------------------------------------

    def products(self) -> list[Product]:
        """The institution's products."""
        with self._database.viewing(self._institution, at=self._at) as connection:
            return Products(connection).all()

    def product(self, product: ProductId) -> Product:
        """A product. Raises Refusal(not_found)."""
        return self._answer(Subject.PRODUCT, product, lambda it: Products(it).get(product))

    # Persons -------------------------------------------------------------------------------------

    def investors(self) -> list[Investor]:
        """The institution's customers, and for a registrar the holders of its products; nobody's name."""
        with self._database.viewing(self._institution, at=self._at) as connection:
            return Investors(connection, self._vault).all()

    def investor(self, investor: InvestorId) -> Investor:
        """An investor, without the name. Raises Refusal(not_found)."""
        return self._answer(
            Subject.PERSON, investor, lambda it: Investors(it, self._vault).get(investor)
        )

    def names(
        self, investors: Collection[InvestorId], *, on: date, purpose: Purpose
    ) -> dict[InvestorId, Identity]:
        """Names and statutory addresses as they held on the day `on`: of all of `investors`, or of none. The reading
        is recorded with its purpose; for an issuer the disclosure is its basis, and is recorded too.

        Raises:
            Refusal: `not_found`; `purpose_missing` for an issuer to whom no disclosure holds.
        """
        with self._database.begin() as connection:
            with seen_by(connection, self._institution, at=self._at):
                open_to_us = named(connection, investors)
                as_ids = known_by_id(connection, investors)
                role = self._role(connection)
            unseen = [each for each in investors if each not in open_to_us]
            if not unseen:
                if role is InstitutionRole.ISSUER:
                    Disclosures(connection).use(
                        self._institution, investors, at=self._at, by=self._by
                    )
                reading = Reading(purpose=purpose, actor=self._by, at=self._at)
                return Investors(connection, self._vault).identities(
                    investors, on=on, reading=reading
                )
        if role is InstitutionRole.ISSUER and set(unseen) <= as_ids:
            raise Refusal(Reason.PURPOSE_MISSING, investor=unseen[0])
        asked = next((each for each in unseen if each not in as_ids), unseen[0])
        raise self._not_found(Subject.PERSON, asked)

    # Holdings ------------------------------------------------------------------------------------

    def register(self, product: ProductId, *, as_of: AsOf | None = None) -> SeenRegister:
        """The register of a product, as of an instant or a block. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> SeenRegister | None:
            register = Register(connection, self._chain_id)
            positions = register.positions(product, as_of=as_of)
            if not positions and not is_seen(connection, product):
                return None
            return SeenRegister(
                product=product,
                total=register.total(product, as_of=as_of),
                positions=tuple(positions),
                lots=tuple(register.lots(product, as_of=as_of)),
                owners=Wallets(connection).owners(product),
            )

        return self._answer(Subject.HOLDING, product, ask)

    # Trades --------------------------------------------------------------------------------------

    def trades(self, product: ProductId, ref: Reference) -> list[SeenTrade]:
        """The movements under a reference that the institution has a side in; a registrar and an issuer see all.

        Raises:
            Refusal: `not_found`.
        """

        def ask(connection: Connection) -> list[SeenTrade]:
            if self._role(connection) is InstitutionRole.INTERMEDIARY:
                found = PartialSight(connection).client_trades(product)
                return [_of_client(each) for each in found if each.ref == ref]
            moved = Trades(connection, self._chain_id).trades(product, ref)
            addresses = {side for each in moved for side in (each.source, each.target) if side}
            wallets = Wallets(connection).of_addresses(product, addresses)
            owners = {each.address: each.investor_id for each in wallets}
            return [_of_trade(each, owners) for each in moved]

        return self._answer(Subject.TRADE, ref, ask)

    def digests(self, *, first: int, last: int) -> list[RowDigest]:
        """What the platform manager sees of the blocks `first` to `last` (R-PROGMAT-VIS-3); others see nothing."""
        with self._database.viewing(self._institution, at=self._at) as connection:
            return PartialSight(connection).digests(first=first, last=last)

    # Commands ------------------------------------------------------------------------------------

    def commands(self, product: ProductId) -> list[Stored]:
        """What was ordered for a product, for its registrar; none for others that see the product.

        Raises:
            Refusal: `not_found`.
        """

        def ask(connection: Connection) -> list[Stored] | None:
            if not is_seen(connection, product):
                return None
            return Commands(connection, self._chain_id).all(product=product)

        return self._answer(Subject.PRODUCT, product, ask, may_be_empty=True)


def _of_trade(trade: Trade, owners: Mapping[Address, InvestorId]) -> SeenTrade:
    def side(address: Address | None) -> Side | None:
        if address is None:
            return None
        return Side(address=address, investor=owners.get(address))

    return SeenTrade(
        product=trade.product,
        ref=trade.ref,
        kind=trade.kind,
        units=trade.units,
        at=trade.position.stamp.at,
        sender=side(trade.source),
        recipient=side(trade.target),
    )


def _of_client(trade: ClientTrade) -> SeenTrade:
    client = Side(address=None, investor=trade.client)
    return SeenTrade(
        product=trade.product,
        ref=trade.ref,
        kind=trade.kind,
        units=trade.units,
        at=trade.at,
        sender=client if trade.side == "sender" else None,
        recipient=client if trade.side == "recipient" else None,
    )
