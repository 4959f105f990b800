"""The register's figures are those of the user stories (requirements, part D).

given the common fixture: 1,453 units, 503 holders
    it should keep lots with their days of acquisition through every kind of movement
    it should answer for a record date as it was at 24:00 JST, whatever came after
"""

from datetime import date, datetime, timedelta

import pytest
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, Address, end_of_day
from genbo.register import Changes, Lot, RegisterFold, lines, provenance
from genbo.register.as_of import holdings_as_of, lots_as_of, positions_as_of, total_as_of
from genbo.token.movement import MovementKind

SETTLOR = an_address(1)
SET_DAY = datetime(2021, 8, 11, 10, tzinfo=JST)


def holder(number: int) -> Address:
    """H1, H2, ... of the common fixture."""
    return an_address(1_000 + number)


H1, H2, H3, H10, H504, H600 = (holder(number) for number in (1, 2, 3, 10, 504, 600))


def fold(ledger: TokenLedger) -> tuple[RegisterFold, list[Changes]]:
    register = RegisterFold()
    return register, [register.apply(event) for event in ledger.events]


def dated(register: RegisterFold, ledger: TokenLedger, address: Address) -> list[tuple[int, date]]:
    """Units and days of acquisition at the address, as the printed register shows them."""
    own = [lot for lot in register.lots(ledger.product) if lot.address == address]
    return [(int(line.units), line.acquired) for line in lines(own)]


@pytest.fixture
def common() -> TokenLedger:
    """P1 issued and distributed on 2021-08-11."""
    ledger = TokenLedger(at=SET_DAY, beneficiary=SETTLOR, cap=1_453)
    allotment = {H1: 2, H2: 51, H3: 400} | {holder(number): 2 for number in range(4, 504)}
    ledger.verify(SETTLOR, *allotment, H504, H600)
    ledger.issue(1_453, ref="ISSUE")
    ledger.distribute(allotment, ref="ALLOT")
    return ledger


def test_issue__given_a_trust__is_one_lot_of_the_set_date() -> None:
    ledger = TokenLedger(at=SET_DAY, beneficiary=SETTLOR, cap=1_453)
    ledger.verify(SETTLOR)
    ledger.issue(1_453, ref="ISSUE")
    register, _ = fold(ledger)
    (lot,) = register.lots(ledger.product)
    assert (lot.units, lot.acquired, lot.address) == (1_453, date(2021, 8, 11), SETTLOR)
    assert register.total(ledger.product) == 1_453


def test_distribute__common_fixture__is_503_holders(common: TokenLedger) -> None:
    _, history = fold(common)
    holdings = holdings_as_of(history, product=common.product, at=common.now + timedelta(days=1))
    assert len(holdings) == 503
    assert sum(holding.units for holding in holdings) == 1_453


def test_split__with_a_held_quantity__scales_all_and_keeps_days(common: TokenLedger) -> None:
    """D.1.4."""
    common.tomorrow(30)
    common.freeze(H2, 5)
    common.now = datetime(2022, 4, 1, tzinfo=JST)
    common.split(10, ref="SPLIT")
    register, history = fold(common)
    assert register.total(common.product) == 14_530
    units = {each.address: each for each in register.positions(common.product)}
    assert (units[H1].units, units[H2].units, units[H3].units) == (20, 510, 4_000)
    assert units[H2].frozen == 50
    assert {lot.acquired for lot in register.lots(common.product)} == {date(2021, 8, 11)}
    before = positions_as_of(history, product=common.product, at=end_of_day(date(2022, 3, 31)))
    assert before[H2].frozen == 5


@pytest.mark.parametrize(
    ("at", "in_snapshot"),
    [
        ("2022-01-31T14:59:59+00:00", True),
        ("2022-01-31T15:00:00+00:00", False),
        ("2022-01-31T15:00:01+00:00", False),
    ],
)
def test_as_of__transfer_around_midnight_jst__counts_until_24_hours(
    common: TokenLedger, at: str, in_snapshot: bool
) -> None:
    """D.2.1: the snapshot of 2022-01-31 is what stood at 24:00 JST."""
    common.now = datetime.fromisoformat(at)
    common.transfer(H2, H504, 3, ref="T-1")
    _, history = fold(common)
    record_date = end_of_day(date(2022, 1, 31))
    holdings = holdings_as_of(history, product=common.product, at=record_date)
    units = {each.address: each.units for each in holdings}
    assert len(units) == (504 if in_snapshot else 503)
    assert units[H2] == (48 if in_snapshot else 51)
    assert sum(units.values()) == total_as_of(history, product=common.product, at=record_date)
    lots = lots_as_of(history, product=common.product, at=record_date)
    assert sum(lot.units for lot in lots) == 1_453


def test_as_of__later_history__does_not_change_the_answer(common: TokenLedger) -> None:
    """I-19: a past snapshot is never rewritten."""
    record_date = end_of_day(date(2022, 1, 31))
    _, history = fold(common)
    before = lots_as_of(history, product=common.product, at=record_date)
    common.now = datetime(2022, 2, 1, 9, tzinfo=JST)
    common.transfer(H2, H1, 3, ref="T-1")
    common.reverse("T-1", H1, H2, 3, ref="V-1")
    common.split(10, ref="SPLIT")
    common.redeem({H3: 400}, ref="RED")
    _, history = fold(common)
    assert lots_as_of(history, product=common.product, at=record_date) == before


def test_forced_transfer__court_order__leaves_41_and_the_total(common: TokenLedger) -> None:
    """D.2.6."""
    common.now = datetime(2022, 3, 1, 10, tzinfo=JST)
    common.lock_up(H2, datetime(2023, 1, 1, tzinfo=JST))
    common.force(H2, H600, 10, ref="令和4-ル-1".encode().hex()[:20])
    register, _ = fold(common)
    units = {each.address: each.units for each in register.positions(common.product)}
    assert (units[H2], units[H600]) == (41, 10)
    assert register.total(common.product) == 1_453
    assert dated(register, common, H600) == [(10, date(2022, 3, 1))]


@pytest.fixture
def sale() -> TokenLedger:
    """D.4: S holds 3 of 2021-08-11 and 4 of 2021-12-01; the trade is delivered on 2022-03-23."""
    ledger = TokenLedger(at=SET_DAY, beneficiary=SETTLOR)
    ledger.verify(SETTLOR, S, Y, Z)
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({S: 3}, ref="A-1")
    ledger.now = datetime(2021, 12, 1, 10, tzinfo=JST)
    ledger.distribute({S: 4}, ref="A-2")
    ledger.now = datetime(2022, 3, 23, 10, tzinfo=JST)
    return ledger


S, Y, Z = an_address(21), an_address(22), an_address(23)
FIRST, SECOND, DELIVERY = date(2021, 8, 11), date(2021, 12, 1), date(2022, 3, 23)


def test_sale__until_delivery__shows_the_seller(sale: TokenLedger) -> None:
    """D.4.1."""
    sale.transfer(S, Y, 5, ref="T-1")
    _, history = fold(sale)
    before = holdings_as_of(history, product=sale.product, at=end_of_day(date(2022, 3, 22)))
    assert {each.address: each.units for each in before} == {SETTLOR: 93, S: 7}


def test_sale__five_of_seven__takes_first_in_first_out(sale: TokenLedger) -> None:
    """D.4.2: Y has five of the delivery date; two of 2021-12-01 remain with S."""
    sale.transfer(S, Y, 5, ref="T-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == [(5, DELIVERY)]
    assert dated(register, sale, S) == [(2, SECOND)]


def test_reverse__wrong_buyer__restores_the_original_lots(sale: TokenLedger) -> None:
    """D.4.6."""
    sale.transfer(S, Y, 5, ref="T-1")
    sale.reverse("T-1", Y, S, 5, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == []
    assert dated(register, sale, S) == [(3, FIRST), (4, SECOND)]


def test_reverse__recipient_has_older_units__takes_those_of_the_trade(sale: TokenLedger) -> None:
    sale.now = datetime(2022, 3, 1, tzinfo=JST)
    sale.distribute({Y: 4}, ref="A-3")
    sale.now = datetime(2022, 3, 23, 10, tzinfo=JST)
    sale.transfer(S, Y, 5, ref="T-1")
    sale.reverse("T-1", Y, S, 5, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == [(4, date(2022, 3, 1))]


def test_reverse__units_of_the_trade_sold_on__takes_others_and_restores_the_days(
    sale: TokenLedger,
) -> None:
    sale.transfer(S, Y, 5, ref="T-1")
    sale.transfer(Y, Z, 5, ref="T-2")
    sale.tomorrow()
    sale.distribute({Y: 6}, ref="A-3")
    sale.reverse("T-1", Y, S, 5, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == [(1, date(2022, 3, 24))]
    assert dated(register, sale, S) == [(3, FIRST), (4, SECOND)]
    assert dated(register, sale, Z) == [(5, DELIVERY)]


def test_reverse__after_a_split__restores_the_days_in_todays_units(sale: TokenLedger) -> None:
    sale.transfer(S, Y, 5, ref="T-1")
    sale.split(10, ref="SPLIT")
    sale.reverse("T-1", Y, S, 50, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == []
    assert dated(register, sale, S) == [(30, FIRST), (40, SECOND)]


def test_redistribute__burned_by_mistake__restores_total_and_day(common: TokenLedger) -> None:
    """D.10.2: 1,453 before the fault, 1,451 after it, 1,453 after repair."""
    totals = []
    common.now = datetime(2026, 6, 1, 10, tzinfo=JST)
    common.redeem({H10: 2}, ref="FAULT")
    totals.append(fold(common)[0].total(common.product))
    common.redistribute_burned("FAULT", H10, 2, incident="INC-1")
    register, _ = fold(common)
    totals.append(register.total(common.product))
    assert totals == [1_451, 1_453]
    assert dated(register, common, H10) == [(2, date(2021, 8, 11))]


def test_redistribute__in_two_parts__restores_each_day_once(sale: TokenLedger) -> None:
    sale.redeem({S: 7}, ref="FAULT")
    sale.redistribute_burned("FAULT", S, 5, incident="INC-1")
    sale.redistribute_burned("FAULT", S, 2, incident="INC-2")
    register, _ = fold(sale)
    assert dated(register, sale, S) == [(3, FIRST), (4, SECOND)]


def test_redistribute__holder_re_keyed_since__restores_the_days_at_the_new_address(
    sale: TokenLedger,
) -> None:
    """R-JSTOA-6.1.1.9c: the holder is the same, only his key is another."""
    sale.redeem({S: 7}, ref="FAULT")
    sale.rekey(S, Z_NEW, ref="KEY")
    sale.redistribute_burned("FAULT", Z_NEW, 7, incident="INC-1")
    register, _ = fold(sale)
    assert dated(register, sale, Z_NEW) == [(3, FIRST), (4, SECOND)]


def test_reverse__seller_re_keyed_since__restores_the_days_at_the_new_address(
    sale: TokenLedger,
) -> None:
    sale.transfer(S, Y, 5, ref="T-1")
    sale.rekey(S, Z_NEW, ref="KEY")
    sale.reverse("T-1", Y, Z_NEW, 5, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, Z_NEW) == [(3, FIRST), (4, SECOND)]


def test_reverse__buyer_re_keyed_since__restores_the_days(sale: TokenLedger) -> None:
    sale.transfer(S, Y, 5, ref="T-1")
    sale.rekey(Y, Z_NEW, ref="KEY")
    sale.reverse("T-1", Z_NEW, S, 5, ref="V-1")
    register, _ = fold(sale)
    assert dated(register, sale, S) == [(3, FIRST), (4, SECOND)]


Z_NEW = an_address(24)


def test_redistribute__units_still_at_the_lost_address__keep_their_days(sale: TokenLedger) -> None:
    sale.redistribute(S, Y, 5, incident="INC-1")
    register, _ = fold(sale)
    assert dated(register, sale, Y) == [(3, FIRST), (2, SECOND)]
    assert dated(register, sale, S) == [(2, SECOND)]


def test_redistribute__moved_astray_by_the_loser__restores_the_days_before_the_loss(
    sale: TokenLedger,
) -> None:
    """R-JSTOA-6.1.1.9c: the day the units went astray is not a day on which anybody acquired them."""
    sale.transfer(S, Y, 5, ref="ASTRAY")
    sale.tomorrow(3)
    sale.redistribute(Y, S, 4, incident="INC-1")
    register, _ = fold(sale)
    assert dated(register, sale, S) == [(3, FIRST), (3, SECOND)]
    assert sum(units for units, _ in dated(register, sale, Y)) == 1


def test_rekey__with_restrictions__keeps_days_and_sheds_nothing(sale: TokenLedger) -> None:
    until = datetime(2022, 12, 1, tzinfo=JST)
    sale.freeze(S, 6)
    sale.freeze_address(S)
    sale.lock_up(S, until)
    sale.rekey(S, Z_NEW, ref="KEY")
    register, _ = fold(sale)
    assert dated(register, sale, Z_NEW) == [(3, FIRST), (4, SECOND)]
    found = {each.address: each for each in register.positions(sale.product)}
    new, old = found[Z_NEW], found[S]
    assert (new.units, new.frozen, new.address_frozen, new.locked_until) == (7, 6, True, until)
    assert new.verified_until is not None
    assert (old.units, old.frozen, old.retired) == (0, 0, True)
    assert not new.retired


def test_transfer__zero_units_or_to_oneself__changes_no_lot(sale: TokenLedger) -> None:
    register, before = RegisterFold(), 0
    for event in sale.events:
        register.apply(event)
    lots = list(register.lots(sale.product))
    before = len(sale.events)
    sale.transfer(S, S, 7)
    sale.transfer(S, Y, 0)
    for event in sale.events[before:]:
        assert register.apply(event).opened == ()
    assert list(register.lots(sale.product)) == lots


def test_redeem_all__to_zero__leaves_no_lot(common: TokenLedger) -> None:
    people = [each for each, word in common.token.accounts.items() if word.balance]
    common.redeem_all([*people, H504], ref="END")
    register, _ = fold(common)
    assert list(register.lots(common.product)) == []
    assert register.total(common.product) == 0
    assert all(each.units == 0 for each in register.positions(common.product))


def steps_of(history: list[Changes], lot: Lot) -> list[tuple[MovementKind, int]]:
    every = {each.id: each for changes in history for each in changes.opened}
    return [(step.kind, int(step.units)) for step in provenance(lot, every.__getitem__)]


def test_provenance__of_a_sold_unit__goes_back_to_the_issue(sale: TokenLedger) -> None:
    """R-JSTOA-6.2.1.1: every step from issue to now."""
    sale.transfer(S, Y, 5, ref="T-1")
    sale.split(10, ref="SPLIT")
    sale.rekey(Y, Z_NEW, ref="KEY")
    register, history = fold(sale)
    chains = [steps_of(history, lot) for lot in register.lots(sale.product) if lot.address == Z_NEW]
    assert chains == [
        [
            (MovementKind.ISSUE, 100),
            (MovementKind.DISTRIBUTE, 3),
            (MovementKind.TRANSFER, 3),
            (MovementKind.SPLIT, 30),
            (MovementKind.REKEY, 30),
        ],
        [
            (MovementKind.ISSUE, 100),
            (MovementKind.DISTRIBUTE, 4),
            (MovementKind.TRANSFER, 2),
            (MovementKind.SPLIT, 20),
            (MovementKind.REKEY, 20),
        ],
    ]
