"""What institutions are told: each what it may see, in order, without a gap, when it is final, once.

given the world of tests.support.sight
└── what each institution is told of every movement should be what its desk shows of it
given a whole office
├── when units are issued, distributed, frozen: registrar, issuer and firms should be told, with the block
├── when the market closes, is stopped: everybody should be told
├── when a command is queued, sent, final, refused: its registrar should be told, once each, with reason and facts
├── when an order waits, and is delivered or refused: the registrar and the giver's firms should be told
├── when a bulk act ends, a product's status changes: it should be told
└── whatever is told: numbers should have no gap, and no name should be in it
given what is told
├── when the step is rolled back before it is committed: the next one should tell the same, once
├── when two processes tell at once: one of them should, and the other should do nothing
├── when a block is not final yet: nothing of it should be told
└── when the chain takes back what was final: it should be said, and what stands be told anew
"""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text
from tests.bootstrap.test_deliveries import ANNE, BORIS, at, firm, hours, turns
from tests.bootstrap.test_finality import a_simulated, an_indexer, mine
from tests.bootstrap.test_sight import desk, world
from tests.storage.builders import CHAIN, START, stamp
from tests.support.office import PRODUCT, Firm
from tests.support.people import F1, INSTITUTIONS
from tests.support.sight import MOVEMENTS, PRODUCTS, where
from tests.support.simulated import SimulatedChain

from genbo.bootstrap.deliveries import place_order, withdraw_order
from genbo.bootstrap.ledger_notices import LedgerNotices
from genbo.bootstrap.market import close_market
from genbo.bootstrap.notices import TellNotices
from genbo.bootstrap.office import Office
from genbo.governance import Duty
from genbo.governance.institutions import InstitutionId, InstitutionRole
from genbo.governance.market import OrderState
from genbo.governance.notices import Audience, Notice, Telling
from genbo.kernel import Digest, ProductId, Reason, Reference, Refusal, Units
from genbo.register import LogPosition, UnitsMoved
from genbo.storage.engine import Database
from genbo.storage.notice_sources import NoticeSources
from genbo.storage.notices import Notices
from genbo.storage.parties import Parties
from genbo.storage.transfer_orders import TransferOrders
from genbo.token import Act, MovementKind

__all__ = ["firm", "world"]
REGISTRAR, ISSUER = InstitutionId("R1"), InstitutionId("A1")


# Who is told -----------------------------------------------------------------------------------------


def movements() -> list[UnitsMoved]:
    """The movements of the world as the ledger said them."""
    return [
        UnitsMoved(
            product=product,
            position=LogPosition(stamp=stamp(block), log_index=0, tx="0x" + f"{block:064x}"),
            kind=kind,
            source=where(source, product),
            target=where(target, product),
            units=Units(units),
            delivery_date=START.date(),
            ref=Reference(ref),
            evidence=None,
            reverses=Reference("X-1") if kind is MovementKind.REDISTRIBUTE else None,
        )
        for block, (product, kind, source, target, units, ref) in enumerate(MOVEMENTS, start=2)
    ]


@pytest.fixture(scope="module")
def tellings(world: Database) -> list[Telling]:
    with world.read() as connection:
        parties = Parties(connection).product_parties(list(PRODUCTS))
        audience = Audience(Parties(connection).institutions())
        sources = NoticeSources(connection, CHAIN)
        return list(LedgerNotices(audience, parties, sources.holders).of(movements()))


def sides_told(told: Telling) -> list[tuple[Any, ...]]:
    return [
        (
            told.data["kind"],
            entry["units"],
            *(
                None if entry[side] is None else (entry[side]["address"], entry[side]["investor"])
                for side in ("sender", "recipient")
            ),
        )
        for entry in cast(list[dict[str, Any]], told.data["entries"])
    ]


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda it: it.id)
def test_told__each_institution__is_what_its_desk_shows(
    world: Database, tellings: list[Telling], viewer: Any
) -> None:
    told: dict[tuple[ProductId, str], list[tuple[Any, ...]]] = defaultdict(list)
    for each in tellings:
        if each.institution == viewer.id:
            told[each.product or ProductId(""), str(each.data["ref"])] += sides_told(each)
    seen: dict[tuple[ProductId, str], list[tuple[Any, ...]]] = defaultdict(list)
    for product, *_, ref in dict.fromkeys((each[0], each[5]) for each in MOVEMENTS):
        try:
            trades = desk(world, viewer).trades(product, Reference(ref))
        except Refusal as refusal:
            if refusal.reason is not Reason.NOT_FOUND:
                raise
            continue
        for trade in trades:
            sides = [
                None if side is None else (side.address, side.investor)
                for side in (trade.sender, trade.recipient)
            ]
            seen[product, ref].append((trade.kind.name.lower(), int(trade.units), *sides))
    if viewer is F1:  # its desk shows a movement between two of its clients once for each
        told = {key: _one_by_one(sides) for key, sides in told.items()}  # type: ignore[assignment]
    assert {key: sorted(sides, key=repr) for key, sides in told.items()} == {
        key: sorted(sides, key=repr) for key, sides in seen.items()
    }
    assert bool(told) is (viewer.role is not InstitutionRole.PLATFORM_MANAGER)


def _one_by_one(sides: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [
        part
        for kind, units, sender, recipient in sides
        for part in ((kind, units, sender, None), (kind, units, None, recipient))
        if part[2:] != (None, None)
    ]


# A whole office --------------------------------------------------------------------------------------


def tell(firm: Firm) -> None:
    firm.office.read()
    telling = TellNotices(firm.office, logs=7, entries=11)  # so that it takes many steps
    for _ in range(2_000):
        if not telling.step():
            return
    raise AssertionError("telling never rests")


def told(database: Database, institution: str = "R1", after: int = 0) -> list[Notice]:
    with database.read() as connection:
        return Notices(connection).after(InstitutionId(institution), after, most=10_000)


def types(notices: list[Notice]) -> list[str]:
    return [each.type.value for each in notices]


def assert_no_gap(database: Database) -> None:
    with database.read() as connection:
        everybody = [each.id for each in Parties(connection).institutions()]
        for institution in everybody:
            notices = Notices(connection).after(institution, 0, most=10_000)
            assert [each.position for each in notices] == list(range(1, len(notices) + 1))
            numbers: dict[ProductId | None, list[int]] = defaultdict(list)
            for each in notices:
                numbers[each.product].append(each.number)
            for counted in numbers.values():
                assert counted == list(range(1, len(counted) + 1))
            lasts = Notices(connection).lasts(institution)
            assert lasts == {product: len(counted) for product, counted in numbers.items()}


def test_told__story_of_an_office__is_complete_in_order_and_without_a_gap(firm: Firm) -> None:
    database = firm.office.house.database
    tell(firm)
    begun = told(database)
    assert types([each for each in begun if each.stamp is not None])[0] == "market.opened"
    register = [each for each in begun if each.type.family == "register"]
    assert types(register) == ["register.verdict", "register.issue", "register.distribution"]
    verdict, issue, distribution = register
    assert [each["investor"] for each in cast(Any, verdict.data["holders"])] == [
        None,  # the initial beneficiary, for whom nobody registered an address
        ANNE,
        BORIS,
    ]
    assert issue.data["ref"] == "I-1"
    assert issue.final
    assert issue.stamp is not None
    assert issue.occurred_at == issue.stamp.at
    assert distribution.data == {
        "ref": "D-1",
        "kind": "distribute",
        "delivery_date": distribution.data["delivery_date"],
        "reverses": None,
        "tx": distribution.data["tx"],
        "entries": [
            {
                "log_index": cast(Any, distribution.data["entries"])[0]["log_index"],
                "units": 40,
                "sender": {"address": firm.address(0), "investor": None},
                "recipient": {"address": firm.address(1), "investor": ANNE},
            }
        ],
    }
    assert "register.distribution" in types(told(database, "A1"))

    before = begun[-1].position
    token = firm.office.token(PRODUCT)
    firm.office.act(
        token.set_address_frozen(firm.address(1), frozen=True), Duty.RESTRICTOR, product=PRODUCT
    )
    close_market(firm.office, why="evening")
    tell(firm)
    later = told(database, after=before)
    assert "market.closed" in types(later)
    assert "market.closed" in types(told(database, "PF"))
    assert "register.freeze" not in types(told(database, "PF"))
    (freeze,) = [each for each in later if each.type.value == "register.freeze"]
    assert freeze.data["address_frozen"] is True
    assert freeze.data["holders"] == [{"address": firm.address(1), "investor": ANNE}]
    frozen = [each for each in later if each.type.family == "command"]
    assert types([each for each in frozen if each.product == PRODUCT]) == [
        "command.queued",
        "command.sent",
        "command.final",
    ]
    assert_no_gap(database)


def test_told__orders__go_to_the_registrar_and_the_givers_firm(firm: Firm) -> None:
    database = firm.office.house.database
    at(firm, "2021-08-11 20:00")
    place_order(
        firm.office, PRODUCT, Reference("T-1"), source=ANNE, target=BORIS, units=Units(5), by="b-1"
    )
    place_order(
        firm.office, PRODUCT, Reference("T-2"), source=ANNE, target=BORIS, units=Units(5), by="b-1"
    )
    withdraw_order(firm.office, PRODUCT, Reference("T-2"), by="b-1")
    at(firm, "2021-08-12 09:00")
    turns(firm)
    tell(firm)
    orders = [each for each in told(database) if each.type.family == "order"]
    assert [(each.data["order"], each.type.value) for each in orders] == [
        ("T-1", "order.waiting"),
        ("T-2", "order.waiting"),
        ("T-2", "order.withdrawn"),
        ("T-1", "order.waiting"),  # its day has come, and the market is not open yet
        ("T-1", "order.ordered"),
        ("T-1", "order.delivered"),
    ]
    assert [each.final for each in orders] == [False, False, True, False, False, True]
    assert orders[3].data["reason"] == Reason.MARKET_CLOSED
    under_it = types([each for each in told(database) if each.data.get("ref") == "T-1"])
    assert sorted(under_it) == [
        *("command.final", "command.queued", "command.sent"),
        "register.transfer",
    ]
    with database.read() as connection:
        giver = NoticeSources(connection, 1).customers([ANNE])[ANNE].broker
    assert giver is not None
    seen = [each for each in told(database, giver) if each.type.family == "order"]
    assert [each.data for each in seen] == [each.data for each in orders]
    assert all(each.type.family != "order" for each in told(database, "A1"))
    assert_no_gap(database)


def test_told__reason_of_an_order__goes_to_others_without_screening_and_the_other_side(
    firm: Firm,
) -> None:
    """By the rule itself: what a screening finds cannot be brought about here without a list."""
    database = firm.office.house.database
    at(firm, "2021-08-11 20:00")
    placed = place_order(
        firm.office, PRODUCT, Reference("T-1"), source=ANNE, target=BORIS, units=Units(5), by="b-1"
    )
    refusals = [
        Refusal(Reason.SCREENING_POSSIBLE, investor=BORIS, list="L"),
        Refusal(Reason.KEY_UNKNOWN, investor=BORIS, product=PRODUCT),
    ]
    for refusal in refusals:
        with database.begin() as connection:
            orders = TransferOrders(connection)
            claimed = orders.claim(PRODUCT, placed.stored.order.trade)
            assert claimed is not None
            orders.move(
                claimed, OrderState.WAITING, at=firm.office.house.now(), by="genbo", refusal=refusal
            )
        tell(firm)
    with database.read() as connection:
        giver = NoticeSources(connection, 1).customers([ANNE])[ANNE].broker
    assert giver is not None
    whole, less = (
        [each.data for each in told(database, who) if each.data.get("order") == "T-1"][-2:]
        for who in ("R1", giver)
    )
    assert [(each["reason"], each["facts"]) for each in whole] == [
        ("screening_possible", {"investor": BORIS, "list": "L"}),
        ("key_unknown", {"investor": BORIS, "product": PRODUCT}),
    ]
    assert [(each["reason"], each["facts"]) for each in less] == [
        (None, {}),
        ("key_unknown", {"product": PRODUCT}),
    ]
    assert all(BORIS not in repr(each) for each in less)


def test_told__refused_command__has_its_reason_and_facts(firm: Firm) -> None:
    hours(firm)
    act = Act(ref=Reference("I-9"), evidence=Digest("0x" + 64 * "a"))
    with pytest.raises(Refusal) as refused:
        firm.office.act(
            firm.office.token(PRODUCT).issue([firm.address(0)], [10**9], act),
            Duty.ISSUER,
            product=PRODUCT,
            ref=act.ref,
        )
    tell(firm)
    (notice,) = [
        each for each in told(firm.office.house.database) if each.type.value == "command.refused"
    ]
    assert notice.data["reason"] == refused.value.reason
    assert notice.data["facts"] == refused.value.facts
    assert notice.product == PRODUCT


def test_told__whatever_it_is__names_nobody(firm: Firm) -> None:
    tell(firm)
    with firm.office.house.database.read() as connection:
        rows = [str(each) for each in connection.scalars(text("SELECT data::text FROM notice"))]
    assert len(rows) > 20
    for row in rows:
        assert row.isascii(), row  # invented names are Japanese; ids, addresses and reasons are not


# Once, and never lost --------------------------------------------------------------------------------


class Stopped(Exception):
    pass


def test_step__rolled_back__is_told_by_the_next_one_and_once(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = firm.office.house.database
    firm.office.read()
    move = Notices.move

    def die(*_: object, **__: object) -> None:
        raise Stopped

    monkeypatch.setattr(Notices, "move", die)
    with pytest.raises(Stopped):
        TellNotices(firm.office).step()
    assert told(database) == []
    monkeypatch.setattr(Notices, "move", move)
    tell(firm)
    assert types(told(database)).count("register.issue") == 1
    count = len(told(database))
    tell(firm)
    assert len(told(database)) == count


def test_step__another_process_is_at_it__does_nothing(firm: Firm) -> None:
    database = firm.office.house.database
    firm.office.read()
    assert TellNotices(firm.office, logs=1, entries=1).step()
    count = len(told(database))
    deployment = firm.office.deployment
    with database.begin() as connection:
        held = Notices(connection).claim(deployment.chain_id, first_block=deployment.first_block)
        assert held is not None
        assert TellNotices(firm.office).step() is False
    assert len(told(database)) == count
    assert TellNotices(firm.office).step()


# Final -----------------------------------------------------------------------------------------------


def an_office(chain: SimulatedChain, database: Database) -> Office:
    """As much of an office as telling needs."""
    house = SimpleNamespace(database=database)
    return cast(Office, SimpleNamespace(house=house, deployment=chain.deployment()))


@pytest.fixture
def simulated(database: Database) -> tuple[SimulatedChain, Database]:
    return a_simulated(database, confirmations=3), database


def transfers(database: Database) -> list[int]:
    return [
        each.stamp.number
        for each in told(database)
        if each.type.value == "register.transfer" and each.stamp is not None
    ]


def test_step__block_not_final__is_not_told(simulated: tuple[SimulatedChain, Database]) -> None:
    chain, database = simulated
    mine(chain, 10)
    an_indexer(chain, database).catch_up()
    telling = TellNotices(an_office(chain, database))
    while telling.step():
        pass
    heard = transfers(database)
    assert heard[-1:] == [chain.highest - 3]
    chain.fork(3, [[] for _ in range(4)])  # what was not final never was; nobody was told of it
    an_indexer(chain, database).catch_up()
    while telling.step():
        pass
    assert transfers(database) == heard
    assert "ledger.rolled_back" not in types(told(database))


def test_step__chain_takes_back_what_was_final__is_said_and_told_anew(
    simulated: tuple[SimulatedChain, Database],
) -> None:
    chain, database = simulated
    mine(chain, 10)
    reader = an_indexer(chain, database, span=1)
    reader.catch_up()
    telling = TellNotices(an_office(chain, database))
    while telling.step():
        pass
    heard = transfers(database)
    count = len(told(database))
    chain.fork(6, [[] for _ in range(2)])
    mine(chain, 8)
    reader.catch_up()
    while telling.step():
        pass
    again = told(database, after=count)
    assert types(again)[0] == "ledger.rolled_back"
    to_block = cast(int, again[0].data["to_block"])
    assert to_block < heard[-1]
    anew = [each.stamp.number for each in again if each.stamp is not None]
    assert min(anew) > to_block
    standing = {each.stamp.hash for each in again if each.stamp is not None}
    with database.read() as connection:
        kept = {
            "0x" + bytes(each).hex()
            for each in connection.scalars(
                text("SELECT block_hash FROM event_raw WHERE NOT orphaned")
            )
        }
    assert standing <= kept
    assert_no_gap(database)
