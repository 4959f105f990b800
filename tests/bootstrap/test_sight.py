"""The desk of an institution: what it is told, and what it is told instead (A.2.1, R-PROGMAT-VIS-1 to 4, R-DAIWA-15).

given the world of tests.support.sight
├── products, persons, holdings, trades: every institution should be told what the rules say, and `not_found` else
├── when something is not there, and when it is not theirs
│   └── the answers should be the same, and each should leave the same entry
├── when what is asked for is no id, such as a name somebody typed
│   └── neither the answer nor the entry should repeat it
├── when a name is opened
│   └── it should leave a reading with its purpose; nothing when one of several is not theirs
└── when an issuer asks for a name
    ├── without a disclosure: it should be told that a purpose is missing
    ├── under one: it should be told the name, and the entry names the disclosure
    └── after it was ended: as without
given the figures of D.1.5, D.4.7, D.5.5 and D.10.4
└── it should answer what they say
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, timedelta

import pytest
from tests.storage.builders import CHAIN, START, Ledger, account, deploy, new_investor, word
from tests.storage.conftest import TEMPLATE
from tests.support.people import A1, A2, B1, B2, B3, C2, F1, INSTITUTIONS, PLATFORM, R1, R2, R3
from tests.support.sight import (
    CUSTOMERS,
    DISCLOSED,
    MOVEMENTS,
    NOW,
    P1,
    P2,
    P3,
    PRODUCTS,
    address_of,
    furnish,
    trade_parties,
    where,
)

from genbo.bootstrap.sight import InstitutionDesk
from genbo.governance import AuditAction
from genbo.governance.institutions import (
    DisclosureId,
    Institution,
    InstitutionId,
    InstitutionRole,
    Sight,
    propose_disclosure,
    sight_of_holding,
    sight_of_person,
    sight_of_product,
    view_trade,
)
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Reference, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.disclosures import Disclosures
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.partial_sight import RowDigest
from genbo.storage.register import Register
from genbo.storage.server import EmbeddedServer
from genbo.storage.vault import Purpose, Vault
from genbo.storage.wallets import Wallet, Wallets

VAULT = Vault(KeyEncryptionKey(bytes(32)))
H1, H2, H3, H4, H9 = (InvestorId(f"H{n}") for n in (1, 2, 3, 4, 9))
DAY = date(2021, 8, 20)
NOBODY = Institution(id=InstitutionId("X9"), role=InstitutionRole.REGISTRAR)


@pytest.fixture(scope="module")
def world(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("sights", template=TEMPLATE)
    database = Database(server.url("sights"))
    with database.begin() as connection:
        furnish(connection, VAULT)
    yield database
    database.close()
    server.drop_database("sights")


def desk(database: Database, viewer: Institution, *, by: str = "user-1") -> InstitutionDesk:
    return InstitutionDesk(database, VAULT, chain_id=CHAIN, institution=viewer.id, by=by, at=NOW)


def told(ask: Callable[[], object]) -> Reason | None:
    """The reason of the refusal; None when there is an answer."""
    try:
        ask()
    except Refusal as refusal:
        return refusal.reason
    return None


def last_entries(database: Database, action: AuditAction, number: int) -> list[dict[str, object]]:
    with database.read() as connection:
        found = [dict(each.members) for each in AuditLog(connection).entries(action=action)]
    return found[-number:]


@pytest.mark.parametrize("viewer", [*INSTITUTIONS, NOBODY], ids=lambda it: it.id)
def test_desk__each_institution__is_told_what_the_rules_say(
    world: Database, viewer: Institution
) -> None:
    asking = desk(world, viewer)
    for product, parties in PRODUCTS.items():
        seen = sight_of_product(viewer, parties) is Sight.ITSELF
        assert told(lambda it=product: asking.product(it)) is (None if seen else Reason.NOT_FOUND)
        assert (product in {each.product_id for each in asking.products()}) is seen
    for investor, customer in CUSTOMERS.items():
        sight = sight_of_person(viewer, customer)
        itself = sight is Sight.ITSELF
        assert (investor in {each.investor_id for each in asking.investors()}) is itself
        assert told(lambda it=investor: asking.investor(it)) is (
            None if itself else Reason.NOT_FOUND
        )
        named = sight_of_person(viewer, customer, DISCLOSED) is Sight.ITSELF
        expected = (
            None
            if named
            else Reason.PURPOSE_MISSING
            if sight is Sight.PSEUDONYM
            else Reason.NOT_FOUND
        )
        assert (
            told(lambda it=investor: asking.names([it], on=DAY, purpose=Purpose.REGISTER))
            is expected
        )


@pytest.mark.parametrize("viewer", [*INSTITUTIONS, NOBODY], ids=lambda it: it.id)
def test_desk__each_institution__is_told_the_holdings_that_the_rules_say(
    world: Database, viewer: Institution
) -> None:
    for product, parties in PRODUCTS.items():
        holders = {
            each.investor
            for each in CUSTOMERS.values()
            if parties in each.registers and sight_of_holding(viewer, each, parties) is Sight.ITSELF
        }
        known = sight_of_product(viewer, parties) is Sight.ITSELF
        if not holders and not known:
            assert told(lambda it=product: desk(world, viewer).register(it)) is Reason.NOT_FOUND
            continue
        register = desk(world, viewer).register(product)
        assert set(register.owners.values()) == holders
        assert {register.owners[each.address] for each in register.positions} == holders
        assert {register.owners[each.address] for each in register.lots} <= holders
        assert int(register.total) == (100 * int(product[1:]) if known else 0)


@pytest.mark.parametrize("viewer", [*INSTITUTIONS, NOBODY], ids=lambda it: it.id)
def test_desk__each_institution__is_told_the_trades_that_the_rules_say(
    world: Database, viewer: Institution
) -> None:
    """The trade, and of each side as much as the rules say: who it is, a pseudonym, or nothing."""
    for product, _, source, target, units, ref in MOVEMENTS:
        if ref.startswith("D-"):
            continue  # several movements of one reference
        parties = trade_parties(product, where(source, product), where(target, product))
        view = view_trade(viewer, parties)
        # A firm reads trades with the chain of their product, so of products that it handles.
        unhandled = (
            viewer.role is not InstitutionRole.INTERMEDIARY
            and sight_of_product(viewer, PRODUCTS[product]) is not Sight.ITSELF
        )
        asked = product, Reference(ref)
        if view.trade is not Sight.ITSELF or unhandled:
            assert told(lambda it=asked: desk(world, viewer).trades(*it)) is Reason.NOT_FOUND
            continue
        found = desk(world, viewer).trades(*asked)
        if viewer.role is InstitutionRole.INTERMEDIARY and view.sender is view.recipient:
            assert len(found) == 2  # each side by itself
            continue
        (trade,) = found
        assert int(trade.units) == units
        for side, sight, who in (
            (trade.sender, view.sender, source),
            (trade.recipient, view.recipient, target),
        ):
            if who is None or sight is Sight.NOTHING:
                assert side is None
                continue
            assert side is not None
            investor = InvestorId(who.removesuffix(" before"))
            own = sight is Sight.ITSELF or viewer.role is InstitutionRole.ISSUER
            assert side.investor == (investor if own else None)
            masked = viewer.role is InstitutionRole.INTERMEDIARY
            assert side.address == (None if masked else where(who, product))


def test_not_found__what_is_not_there_and_what_is_not_theirs__are_answered_and_recorded_alike(
    world: Database,
) -> None:
    """R-PROGMAT-VIS-1: "not found", not "forbidden", and logged."""
    asking = desk(world, R1, by="user-7")
    for theirs, nowhere, ask in (
        (P2, ProductId("P9"), lambda it: asking.product(it)),
        (P2, ProductId("P9"), lambda it: asking.register(it)),
        (P2, ProductId("P9"), lambda it: asking.commands(it)),
        (InvestorId("H6"), H9, lambda it: asking.investor(it)),
        (
            InvestorId("H6"),
            H9,
            lambda it: asking.names([it], on=DAY, purpose=Purpose.REGISTER),
        ),
        (Reference("T-4"), Reference("T-9"), lambda it: asking.trades(P2, it)),
    ):
        answers = []
        for asked in (theirs, nowhere):
            with pytest.raises(Refusal) as caught:
                ask(asked)
            assert caught.value.reason is Reason.NOT_FOUND
            answers.append({**caught.value.facts, "asked": "it"})
        assert answers[0] == answers[1]
        one, other = last_entries(world, AuditAction.NOT_FOUND_ANSWERED, 2)
        assert (one["subject"], other["subject"]) == (theirs, nowhere)
        assert one["actor"] == other["actor"] == "user-7"
        assert one["facts"] == other["facts"]
        assert one["facts"]["institution"] == "R1"  # type: ignore[index]


def test_not_found__somebody_typed_a_name__is_nowhere_repeated(world: Database) -> None:
    with pytest.raises(Refusal) as caught:
        desk(world, R1).investor(InvestorId("架空 太郎"))
    assert "架空" not in repr(caught.value.facts)
    (entry,) = last_entries(world, AuditAction.NOT_FOUND_ANSWERED, 1)
    assert entry["subject"] is None
    assert "架空" not in repr(entry)


def test_names__of_customers__are_told_as_of_the_day_and_recorded(world: Database) -> None:
    found = desk(world, B2, by="user-3").names([H3], on=date(2021, 9, 2), purpose=Purpose.NOTICE)
    assert found[H3].name == "新氏名 H3"
    assert desk(world, B2).names([H3], on=DAY, purpose=Purpose.NOTICE)[H3].name == "氏名 H3"
    entry, _ = last_entries(world, AuditAction.PERSONAL_DATA_READ, 2)
    assert (entry["actor"], entry["subject"]) == ("user-3", "H3")
    assert entry["facts"]["purpose"] == "notice"  # type: ignore[index]


def test_names__one_of_several_is_not_theirs__none_is_opened(world: Database) -> None:
    before = last_entries(world, AuditAction.PERSONAL_DATA_READ, 1_000)
    with pytest.raises(Refusal) as caught:
        desk(world, B1).names([H1, H2, H3], on=DAY, purpose=Purpose.NOTICE)
    assert caught.value.facts["asked"] == H3
    assert last_entries(world, AuditAction.PERSONAL_DATA_READ, 1_000) == before


def test_commands__registrar_and_others__are_told_their_own(world: Database) -> None:
    assert {each.command.product for each in desk(world, R1).commands(P1)} == {P1}
    assert desk(world, B1).commands(P1) == []
    assert told(lambda: desk(world, B1).commands(P3)) is Reason.NOT_FOUND


def test_intermediary__reference_of_its_client__is_told_without_the_other_side(
    world: Database,
) -> None:
    (trade,) = desk(world, F1).trades(P1, Reference("T-1"))
    assert trade.sender is not None
    assert (trade.sender.investor, trade.sender.address) == (H1, None)
    assert trade.recipient is None


# The figures of D, by the numbers they have there ------------------------------------------------------


def test_d_1_5__asset_manager_counts_no_names_no_other_products(database: Database) -> None:
    """D.1.5: the asset manager's key sees holder count 503 and total 1,453; a request for a name is refused without
    recorded purpose; a request for another manager's product is not found."""
    holders = [InvestorId(f"IV-{number}") for number in range(1, 504)]
    ledger = Ledger()
    ledger.issue(1453, to=1, ref="I-1")
    for number in range(2, 504):
        ledger.transfer(1, number, 2, ref="D-1")
    with database.begin() as connection:
        deploy(connection)
        Investors(connection, VAULT).register(
            [new_investor(each) for each in holders], at=START, by="x"
        )
        Wallets(connection).assign(
            [
                Wallet(product_id=P1, address=account(number), investor_id=each, valid_from=START)
                for number, each in enumerate(holders, start=1)
            ],
            at=START,
            by="x",
        )
        Register(connection, CHAIN).save(ledger.changes)
    manager = desk(database, A1)
    register = manager.register(P1)
    assert (register.holders, int(register.total)) == (503, 1453)
    ask = lambda: manager.names([holders[0]], on=DAY, purpose=Purpose.NOTICE)  # noqa: E731
    assert told(ask) is Reason.PURPOSE_MISSING
    assert told(lambda: manager.product(P2)) is Reason.NOT_FOUND
    assert told(lambda: desk(database, A2).product(P1)) is Reason.NOT_FOUND

    proposed = propose_disclosure(
        id=DisclosureId("D-1"),
        product=PRODUCTS[P1],
        to=A1,
        purpose="notice of the meeting of beneficiaries",
        basis=Digest(word(7)),
        valid_from=NOW,
        valid_until=NOW + timedelta(days=14),
        at=NOW,
        by="registrar-1",
    )
    with database.begin() as connection:
        Disclosures(connection).propose(proposed)
    assert told(ask) is Reason.PURPOSE_MISSING
    with database.begin() as connection:
        with pytest.raises(Refusal) as caught:
            Disclosures(connection).approve(proposed.id, at=NOW, by="registrar-1")
        assert caught.value.reason is Reason.SAME_PERSON
        Disclosures(connection).approve(proposed.id, at=NOW, by="registrar-2")
    assert manager.names(holders[:1], on=DAY, purpose=Purpose.NOTICE)[holders[0]].name
    (used,) = last_entries(database, AuditAction.DISCLOSURE_USED, 1)
    assert (used["subject"], used["actor"]) == ("D-1", "user-1")
    with database.begin() as connection:
        Disclosures(connection).end(proposed.id, at=NOW, by="registrar-1")
    assert told(ask) is Reason.PURPOSE_MISSING


def test_d_4_7__other_side_is_a_pseudonym(world: Database) -> None:
    """D.4.7: B1's query shows the buyer as a pseudonymous id only; the registrar sees both."""
    (trade,) = desk(world, B1).trades(P1, Reference("T-1"))
    assert trade.sender is not None
    assert trade.recipient is not None
    assert trade.sender.investor == H1
    assert (trade.recipient.investor, trade.recipient.address) == (None, address_of(H3, P1))
    assert told(lambda: desk(world, B1).investor(H3)) is Reason.NOT_FOUND
    (both,) = desk(world, R1).trades(P1, Reference("T-1"))
    assert both.sender is not None
    assert both.recipient is not None
    assert (both.sender.investor, both.recipient.investor) == (H1, H3)
    for stranger in (B3, C2, R2, R3):
        assert told(lambda it=stranger: desk(world, it).trades(P1, Reference("T-1"))) is (
            Reason.NOT_FOUND
        )


def test_d_5_5__customer_of_another_broker_not_found(world: Database) -> None:
    """D.5.5: B2 asks for B1's customer."""
    assert told(lambda: desk(world, B2).investor(H1)) is Reason.NOT_FOUND
    assert (
        told(lambda: desk(world, B2).names([H1], on=DAY, purpose=Purpose.VERIFICATION))
        is Reason.NOT_FOUND
    )
    assert H1 not in desk(world, B2).register(P1).owners.values()
    assert desk(world, B1).investor(H1).investor_id == H1


def test_d_10_4__operator_no_name_only_hashes(world: Database) -> None:
    """D.10.4: the operator's credential reads no name; in its view there are only hashes."""
    operator = desk(world, PLATFORM)
    assert told(lambda: operator.names([H1], on=DAY, purpose=Purpose.ORDER)) is Reason.NOT_FOUND
    assert told(lambda: operator.register(P1)) is Reason.NOT_FOUND
    assert told(lambda: operator.trades(P1, Reference("T-1"))) is Reason.NOT_FOUND
    assert (operator.products(), operator.investors()) == ([], [])
    digests = operator.digests(first=0, last=99)
    assert len(digests) > len(MOVEMENTS)
    assert {each.name for each in fields(RowDigest)} == {"kind", "block", "digest"}
    assert all(desk(world, it).digests(first=0, last=99) == [] for it in (R1, B1, A1, F1))
