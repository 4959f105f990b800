"""Judging (移転の可否判定): everything that stands against transfers, of many at once with few questions.

given a transfer that an institution asks for
├── when it does not see the product, or the giver is not its customer: `not_found`, recorded
├── when the taker has no address in the product: `key_unknown` of its own customer, otherwise `not_found`
├── when an order has the trade id: what was ordered, or `order_differs`
├── otherwise every reason is collected: the amount, the day, the authorisation; the calendar, the market on the ledger,
│   giver and taker on the ledger, screening and the registry
└── the ledger has the last word when it is executed
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from genbo.bootstrap.market import controls_of, records
from genbo.bootstrap.office import Office
from genbo.bootstrap.transfers.asked import Asker, Judged, TransferAsk
from genbo.bootstrap.transfers.signatures import signature_refusals
from genbo.chain.signing import Domain
from genbo.custody import Key, KeyState
from genbo.governance.institutions import (
    InstitutionId,
    Sight,
    Subject,
    require_seen,
)
from genbo.governance.market import (
    Market,
    ProductControls,
    StoredOrder,
    TransferOrder,
    delivery_window,
    may_deliver,
)
from genbo.kernel import Address, Fault, InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.keys import keys_of
from genbo.storage.products import Product, Products
from genbo.storage.tables import investor as investor_table
from genbo.storage.tables import product as product_table
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.viewing import answer_not_found, seen_by
from genbo.storage.words import Words
from genbo.token import AccountWord, ControlWord
from genbo.token.judgement import (
    amount_refusal,
    lock_up_refusal,
    market_refusal,
    recipient_refusal,
    sender_refusal,
)

Asked = tuple[Asker, TransferAsk]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one institution sees of what was asked."""

    products: frozenset[str]
    customers: frozenset[str]


@dataclass(slots=True, kw_only=True)
class _Product:
    """What decides about transfers of one product."""

    stored: Product
    controls: ProductControls
    domain: Domain
    """What a signature for its token is bound to."""
    word: ControlWord
    keys: Mapping[InvestorId, Key]
    """Active ones."""
    accounts: Mapping[Address, AccountWord]


class Judging:
    """Judges transfers of one office."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def judge(
        self, connection: Connection, asked: Sequence[Asked], *, at: datetime
    ) -> list[Judged]:
        """Each of them. Who is told `not_found` is recorded in this transaction.

        Raises:
            Fault: `node_unreachable`, `database_unreachable`.
        """
        seen = self._seen(connection, asked, at)
        parties = [self._parties(connection, seen, asker, ask, at) for asker, ask in asked]
        takers = self._takers(connection, [ask for _, ask in asked])
        known = {
            (each.order.product, each.order.trade): each
            for each in TransferOrders(connection).some(
                {(ask.product, ask.trade) for _, ask in asked}
            )
        }
        market = records(connection).market(at=at)
        open_asks = [ask for (_, ask), no in zip(asked, parties, strict=True) if no is None]
        products = self._products(connection, open_asks, takers, market, at)
        own = self._own_keys(connection, {ask.source for ask in open_asks})
        screened = self._office.gate.against_each(
            connection,
            {ask.source for ask in open_asks}
            | {
                takers[ask.product, ask.target]
                for ask in open_asks
                if (ask.product, ask.target) in takers
            },
        )
        judged: list[Judged] = []
        for (asker, ask), no in zip(asked, parties, strict=True):
            if no is not None:
                judged.append(Judged(ask=ask, never=(no,)))
                continue
            taker = takers.get((ask.product, ask.target))
            place = products[ask.product]
            target = None if taker is None else place.keys.get(taker)
            if taker is None or target is None:
                # Whether there is such an investor is not said of another broker's customer.
                refusal = (
                    Refusal(Reason.KEY_UNKNOWN, investor=taker, product=ask.product)
                    if taker in seen[asker.institution.id].customers
                    else self._not_found(connection, asker, Subject.PERSON, ask.target, at)
                )
                judged.append(Judged(ask=ask, never=(refusal,)))
                continue
            judged.append(
                self._one(
                    asker,
                    ask,
                    place,
                    target=target,
                    known=known.get((ask.product, ask.trade)),
                    market=market,
                    screened=screened,
                    mine=seen[asker.institution.id].customers,
                    keeps_own_key=ask.source in own,
                    at=at,
                )
            )
        return judged

    # Who and what is seen ------------------------------------------------------------------------

    def _seen(
        self, connection: Connection, asked: Sequence[Asked], at: datetime
    ) -> dict[InstitutionId, _Seen]:
        found = {}
        for institution in sorted({asker.institution.id for asker, _ in asked}):
            asks = [ask for asker, ask in asked if asker.institution.id == institution]
            with seen_by(connection, institution, at=at):
                products = product_table.c.product_id
                seen = connection.scalars(
                    select(products).where(bulk.among(products, {each.product for each in asks}))
                ).all()
                ids = investor_table.c.investor_id
                wanted = {each.source for each in asks} | {each.target for each in asks}
                customers = connection.scalars(select(ids).where(bulk.among(ids, wanted))).all()
            found[institution] = _Seen(frozenset(seen), frozenset(customers))
        return found

    def _parties(
        self,
        connection: Connection,
        seen: Mapping[InstitutionId, _Seen],
        asker: Asker,
        ask: TransferAsk,
        at: datetime,
    ) -> Refusal | None:
        """That the institution does not see the product or the giver."""
        sight = seen[asker.institution.id]
        if ask.product not in sight.products or not self._office.has_token(ask.product):
            return self._not_found(connection, asker, Subject.PRODUCT, ask.product, at)
        if ask.source not in sight.customers:
            return self._not_found(connection, asker, Subject.PERSON, ask.source, at)
        return None

    def _not_found(
        self, connection: Connection, asker: Asker, subject: Subject, asked: str, at: datetime
    ) -> Refusal:
        try:
            require_seen(Sight.NOTHING, subject=subject, asked=asked)
        except Refusal as refusal:
            answer_not_found(
                connection, refusal, institution=asker.institution.id, at=at, by=asker.by
            )
            return refusal
        raise AssertionError("what is nothing was seen")

    def _takers(
        self, connection: Connection, asks: Sequence[TransferAsk]
    ) -> dict[tuple[ProductId, str], InvestorId]:
        """Who takes, by product and what was written: an id as it is, an address as its owner's."""
        found: dict[tuple[ProductId, str], InvestorId] = {}
        addresses: dict[ProductId, set[Address]] = {}
        for ask in asks:
            if ask.target.startswith("0x"):
                addresses.setdefault(ask.product, set()).add(Address(ask.target))
            else:
                found[ask.product, ask.target] = InvestorId(ask.target)
        words = Words(connection, self._office.deployment.chain_id)
        for product, listed in addresses.items():
            for address, owner in words.owners(product, sorted(listed)).items():
                found[product, address] = owner
        return found

    def _own_keys(
        self, connection: Connection, investors: Iterable[InvestorId]
    ) -> frozenset[InvestorId]:
        """Those whose keys no custodian keeps."""
        table = investor_table.c
        rows = connection.scalars(
            select(table.investor_id).where(
                bulk.among(table.investor_id, set(investors)),
                table.safekeeping_kind != "delegated",
            )
        )
        return frozenset(InvestorId(each) for each in rows)

    # What decides --------------------------------------------------------------------------------

    def _products(
        self,
        connection: Connection,
        asks: Sequence[TransferAsk],
        takers: Mapping[tuple[ProductId, str], InvestorId],
        market: Market,
        at: datetime,
    ) -> dict[ProductId, _Product]:
        found = {}
        for product in sorted({ask.product for ask in asks}):
            ours = [ask for ask in asks if ask.product == product]
            people = {ask.source for ask in ours} | {
                takers[product, ask.target] for ask in ours if (product, ask.target) in takers
            }
            keys = {
                key.investor: key
                for key in keys_of(connection, product, people)
                if key.state is KeyState.ACTIVE
            }
            addresses = sorted(key.address for key in keys.values())
            name, word, words = self._office.token(product).standing(addresses).value
            found[product] = _Product(
                stored=Products(connection).get(product),
                controls=controls_of(
                    self._office, connection, product, market=market, at=at, word=word
                ),
                domain=Domain.of_token(
                    name,
                    self._office.deployment.token_of(product).address,
                    chain_id=self._office.deployment.chain_id,
                ),
                word=word,
                keys=keys,
                accounts=dict(zip(addresses, words, strict=True)),
            )
        return found

    def _one(
        self,
        asker: Asker,
        ask: TransferAsk,
        place: _Product,
        *,
        target: Key,
        known: StoredOrder | None,
        market: Market,
        screened: Mapping[InvestorId, Refusal],
        mine: frozenset[str],
        keeps_own_key: bool,
        at: datetime,
    ) -> Judged:
        source = place.keys.get(ask.source)
        if source is None:
            missing = Refusal(Reason.KEY_UNKNOWN, investor=ask.source, product=ask.product)
            return Judged(ask=ask, target=target, known=known, never=(missing,))
        now = _standing(ask, source, target, place, screened, mine, at)
        found = Judged(
            ask=ask,
            source=source,
            target=target,
            keeps_own_key=keeps_own_key,
            known=known,
            domain=place.domain,
            now=now,
        )
        if known is not None:
            return _again(found, known, place, market=market, at=at)
        never = list(_malformed(ask, source, target, place))
        try:
            window = delivery_window(
                place.controls,
                accepted=at,
                market=market,
                lag=ask.lag,
                delivery_date=ask.delivery_date,
            )
        except Fault:
            raise
        except Refusal as refusal:
            return replace(found, never=(*never, refusal))
        order = TransferOrder(
            trade=ask.trade,
            product=ask.product,
            source=ask.source,
            target=target.investor,
            units=ask.units,
            delivery_date=window.delivery_date,
            accepted_at=at,
            accepted_by=asker.by,
            authorisation=ask.authorisation,
        )
        now = _with_calendar(now, order, place, market=market, at=at)
        never += signature_refusals(
            self._office.house.node,
            place.domain,
            order,
            source.address,
            target.address,
            window,
            now=int(at.timestamp()),
            at_once=not now,
        )
        return replace(found, window=window, order=order, never=tuple(never), now=now)


def _again(
    found: Judged, known: StoredOrder, place: _Product, *, market: Market, at: datetime
) -> Judged:
    """A trade that was ordered before: the same order, or another one."""
    order, ask, target = known.order, found.ask, found.target
    assert target is not None
    same = (order.source, order.target, order.units) == (ask.source, target.investor, ask.units)
    if not same or ask.delivery_date not in (None, order.delivery_date):
        return replace(found, never=(Refusal(Reason.ORDER_DIFFERS, trade=ask.trade),))
    now = _with_calendar(found.now, order, place, market=market, at=at)
    return replace(found, order=order, now=now)


def _with_calendar(
    now: tuple[Refusal, ...],
    order: TransferOrder,
    place: _Product,
    *,
    market: Market,
    at: datetime,
) -> tuple[Refusal, ...]:
    """What stands against it, what the calendar says first; each reason once."""
    calendar = may_deliver(order, place.controls, at=at, market=market).refusal
    if calendar is None:
        return now
    return (calendar, *(each for each in now if each.reason is not calendar.reason))


def _malformed(ask: TransferAsk, source: Key, target: Key, place: _Product) -> Iterable[Refusal]:
    """What is wrong with it whatever the day."""
    step = int(place.stored.terms.application_step)
    if ask.units <= 0:
        yield Refusal(Reason.ZERO_UNITS)
    elif int(ask.units) % step:
        yield Refusal(
            Reason.NOT_A_LOT_MULTIPLE,
            investor=ask.source,
            applied=int(ask.units),
            minimum=step,
            step=step,
        )
    if source.address == target.address:
        yield Refusal(Reason.SAME_ADDRESS, account=source.address)


def _standing(
    ask: TransferAsk,
    source: Key,
    target: Key,
    place: _Product,
    screened: Mapping[InvestorId, Refusal],
    mine: frozenset[str],
    at: datetime,
) -> tuple[Refusal, ...]:
    """What the token says at `at` in its own words, then what screening and the registry do; the extra rule of the
    token only the ledger asks."""
    now = int(at.timestamp())
    word = place.word
    giver, taker = place.accounts[source.address], place.accounts[target.address]
    found = (
        market_refusal(word, now=now),
        sender_refusal(source.address, giver, word, now=now),
        lock_up_refusal(source.address, giver, now=now),
        amount_refusal(source.address, giver, int(ask.units)),
        recipient_refusal(target.address, taker, word, now=now),
        screened.get(ask.source),
        _of_taker(screened.get(target.investor), target, mine),
    )
    return tuple(each for each in found if each is not None)


def _of_taker(refusal: Refusal | None, target: Key, mine: frozenset[str]) -> Refusal | None:
    """What screening says of another broker's customer is not told; only that he may not receive."""
    if refusal is None or target.investor in mine:
        return refusal
    return Refusal(Reason.RECIPIENT_BLOCKED, account=target.address)
