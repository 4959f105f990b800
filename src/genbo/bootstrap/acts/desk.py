"""Act desk (処理窓口): turns the words of an order into addresses and calls of one product.

An order that is repeated must become the same call, also after a re-keying; so a person is looked up as of the moment
in which the order under that key was first taken.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from genbo.bootstrap.office import Office
from genbo.chain.contracts.base import as_address
from genbo.chain.contracts.security_token import SecurityToken
from genbo.governance import Stored
from genbo.kernel import Address, InvestorId, ProductId, Reason, Refusal, Refusals
from genbo.storage.wallets import Wallets

MOST_TOLD = 100
"""So many of the things that are wrong are listed."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a product: by id, whose address the registry knows, or by address."""

    investor: InvestorId | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDesk:
    """One order about one product."""

    office: Office
    product: ProductId
    known_since: datetime | None = None
    """When what is under this key was ordered; None while there is nothing."""
    known: Stored | None = None
    """The command under this key."""

    @property
    def token(self) -> SecurityToken:
        return self.office.token(self.product)

    def address(self, party: Party) -> Address:
        """The party's address. Raises as `addresses`."""
        if party.address is not None:
            return as_address(party.address.lower())
        assert party.investor is not None
        return self.addresses([party.investor])[party.investor]

    def addresses(self, investors: Collection[InvestorId]) -> dict[InvestorId, Address]:
        """The address that speaks for each.

        Raises:
            Refusal: `key_unknown` for each who has none in the product, known elsewhere or not.
        """
        with self.office.house.database.read() as connection:
            found = Wallets(connection).speaking(self.product, investors, at=self.known_since)
        missing = [
            Refusal(Reason.KEY_UNKNOWN, investor=investor, product=self.product)
            for investor in dict.fromkeys(investors)
            if investor not in found
        ]
        if missing:
            raise Refusals(missing[:MOST_TOLD]) if len(missing) > 1 else missing[0]
        return found
