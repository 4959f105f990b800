"""Audience (通知先): which institutions are told of a thing, and how much of it. The rule is that of `visibility`.

    a movement             whoever sees the trade, each side as it sees that side
    a holding's condition  whoever sees the holding (freeze, lock-up, verdict)
    a product              whoever sees the product
    a command, an order    the registrar of the product, who ordered it, and the firms of who gives

A side is told as it is seen: a registrar and an issuer learn the investor's id; a firm learns that of its own customer
and the address of the other side; an intermediary learns the id of its client, no address and no other side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from genbo.governance.institutions import (
    CustomerParties,
    Institution,
    InstitutionId,
    InstitutionRole,
    ProductParties,
    Sight,
    TradeParties,
    sight_of_holding,
    sight_of_person,
    sight_of_product,
    view_trade,
)

_WHOLE_REGISTER = frozenset({InstitutionRole.REGISTRAR, InstitutionRole.ISSUER})


class Shown(Enum):
    """How a side is told."""

    WHOLE = "whole"
    """Address and investor id."""
    ADDRESS = "address"
    """仮名: the address alone."""
    INVESTOR = "investor"
    """The investor id alone."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Hearer:
    """An institution that is told of a movement."""

    institution: InstitutionId
    sender: Shown
    recipient: Shown


class Audience:
    """Who is told, among the institutions there are. A bulk act asks the same again and again: answers are
    remembered."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self._institutions: Mapping[InstitutionId, Institution] = {
            each.id: each for each in institutions
        }
        self._trades: dict[tuple[object, ...], tuple[Hearer, ...]] = {}
        self._holdings: dict[tuple[object, ...], tuple[tuple[InstitutionId, Shown], ...]] = {}

    def everybody(self) -> tuple[InstitutionId, ...]:
        """All of them, for what is about nobody: the market."""
        return tuple(sorted(self._institutions))

    def of_product(self, product: ProductParties) -> tuple[InstitutionId, ...]:
        """Who is told of a product's own affairs."""
        return tuple(
            each.id
            for each in self._concerned(product)
            if sight_of_product(each, product) is Sight.ITSELF
        )

    def of_trade(
        self,
        product: ProductParties,
        sender: CustomerParties | None,
        recipient: CustomerParties | None,
    ) -> tuple[Hearer, ...]:
        """Who is told of a movement. A side of nobody's customer (None) is told as an address."""
        key = (product.product, _firms(sender), _firms(recipient))
        known = self._trades.get(key)
        if known is None:
            known = self._trades[key] = self._of_trade(
                TradeParties(product=product, sender=sender, recipient=recipient)
            )
        return known

    def of_holding(
        self, product: ProductParties, customer: CustomerParties | None
    ) -> tuple[tuple[InstitutionId, Shown], ...]:
        """Who is told of the condition of a holding."""
        key = (product.product, _firms(customer))
        known = self._holdings.get(key)
        if known is None:
            known = self._holdings[key] = tuple(self._of_holding(product, customer))
        return known

    def of_order(
        self,
        product: ProductParties | None,
        giver: CustomerParties | None,
        maker: InstitutionId | None,
    ) -> tuple[InstitutionId, ...]:
        """Who is told of a command or an order: the registrar, who ordered it, and the firms of who gives."""
        told: list[InstitutionId] = []
        if product is not None:
            told.append(product.registrar)
        if maker is not None:
            told.append(maker)
        if giver is not None:
            for firm in (giver.broker, giver.custodian):
                viewer = None if firm is None else self._institutions.get(firm)
                if viewer is not None and sight_of_person(viewer, giver) is Sight.ITSELF:
                    told.append(viewer.id)
        return tuple(each for each in dict.fromkeys(told) if each in self._institutions)

    # Inside --------------------------------------------------------------------------------------

    def _of_trade(self, trade: TradeParties) -> tuple[Hearer, ...]:
        found = []
        for each in self._concerned(trade.product, trade.sender, trade.recipient):
            view = view_trade(each, trade)
            if view.trade is Sight.ITSELF:
                found.append(
                    Hearer(
                        institution=each.id,
                        sender=_shown(each, trade.sender, view.sender),
                        recipient=_shown(each, trade.recipient, view.recipient),
                    )
                )
        return tuple(found)

    def _of_holding(
        self, product: ProductParties, customer: CustomerParties | None
    ) -> Iterable[tuple[InstitutionId, Shown]]:
        for each in self._concerned(product, customer):
            if customer is None:
                if each.role in _WHOLE_REGISTER and sight_of_product(each, product) is Sight.ITSELF:
                    yield each.id, Shown.WHOLE
            elif sight_of_holding(each, customer, product) is Sight.ITSELF:
                client = each.role is InstitutionRole.INTERMEDIARY
                yield each.id, Shown.INVESTOR if client else Shown.WHOLE

    def _concerned(
        self, product: ProductParties, *customers: CustomerParties | None
    ) -> list[Institution]:
        """Whoever could be told at all, in the order of their ids."""
        ids = {product.registrar, *product.issuers, *product.firms}
        for each in customers:
            if each is not None:
                ids |= {firm for firm in (each.broker, each.custodian, each.intermediary) if firm}
        return [self._institutions[each] for each in sorted(ids) if each in self._institutions]


def _shown(viewer: Institution, customer: CustomerParties | None, sight: Sight) -> Shown:
    if viewer.role in _WHOLE_REGISTER:
        return Shown.WHOLE
    if viewer.role is InstitutionRole.INTERMEDIARY:
        return Shown.INVESTOR if sight is Sight.ITSELF else Shown.NOTHING
    return Shown.WHOLE if customer is not None and sight is Sight.ITSELF else Shown.ADDRESS


def _firms(customer: CustomerParties | None) -> tuple[object, ...] | None:
    """What of a customer decides who is told: its firms, and not who it is."""
    if customer is None:
        return None
    return (
        customer.broker,
        customer.custodian,
        customer.intermediary,
        customer.consents_to_intermediary,
        tuple(each.product for each in customer.registers),
    )
