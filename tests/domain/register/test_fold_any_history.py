"""Whatever happens on a ledger, the register follows it.

given any history that the token model allows
    it should hold what the model holds, at every address: units, freezes, lock-ups (1, 9)
    it should have lots that add up to the positions and to the total (1)
    it should multiply everything exactly at a split (10)
given an instant in the midst of it
    it should be asked for the register as of then what it said then, whatever was corrected later (I-19)
given the same history cut anywhere, with the fold restored from what was kept
    it should give the same changes (2)
given the same history, with what was kept forgotten from time to time
    it should give the same changes (2)
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, Refusal
from genbo.register import Changes, RegisterFold, UnitsSplit
from genbo.register.as_of import lots_as_of, positions_as_of, total_as_of
from genbo.register.memory import MemoryRegister

PEOPLE = [an_address(number) for number in range(1, 7)]
START = datetime(2021, 8, 11, 10, tzinfo=JST)

person = st.sampled_from(PEOPLE)
units = st.integers(0, 30)
ref = st.integers(0, 30).map(lambda number: f"R{number}")
some = st.dictionaries(person, st.integers(1, 20), min_size=1, max_size=3)
Step = Callable[[TokenLedger], None]


def _steps() -> st.SearchStrategy[Step]:
    return st.one_of(
        st.builds(lambda a, b, n: lambda ledger: ledger.transfer(a, b, n), person, person, units),
        st.builds(
            lambda a, b, n, r: lambda ledger: ledger.transfer(a, b, n, ref=r),
            person,
            person,
            units,
            ref,
        ),
        st.builds(lambda rows, r: lambda ledger: ledger.issue(rows, ref=r), some, ref),
        st.builds(lambda rows, r: lambda ledger: ledger.distribute(rows, ref=r), some, ref),
        st.builds(lambda rows, r: lambda ledger: ledger.redeem(rows, ref=r), some, ref),
        st.builds(lambda k, r: lambda ledger: ledger.split(k, ref=r), st.integers(2, 3), ref),
        st.builds(lambda a, n: lambda ledger: ledger.freeze(a, n), person, units),
        st.builds(
            lambda a, yes: lambda ledger: ledger.freeze_address(a, yes), person, st.booleans()
        ),
        st.builds(
            lambda a, days: lambda ledger: ledger.lock_up(a, START + timedelta(days=days)),
            person,
            st.integers(0, 20),
        ),
        st.builds(
            lambda a, b, n, r: lambda ledger: ledger.force(a, b, n, ref=r),
            person,
            person,
            units,
            ref,
        ),
        st.builds(
            lambda o, a, b, n, r: lambda ledger: ledger.reverse(o, a, b, n, ref=r),
            ref,
            person,
            person,
            units,
            ref,
        ),
        st.builds(
            lambda a, b, n, r: lambda ledger: ledger.redistribute(a, b, n, incident=r),
            person,
            person,
            units,
            ref,
        ),
        st.builds(
            lambda o, a, n, r: lambda ledger: ledger.redistribute_burned(o, a, n, incident=r),
            ref,
            person,
            units,
            ref,
        ),
        st.builds(lambda a, b, r: lambda ledger: ledger.rekey(a, b, ref=r), person, person, ref),
        st.builds(lambda days: lambda ledger: ledger.tomorrow(days), st.integers(1, 3)),
    )


def a_ledger(steps: list[Step]) -> TokenLedger:
    """The history of those steps that the token allows."""
    ledger = TokenLedger(at=START, beneficiary=PEOPLE[0])
    ledger.verify(*PEOPLE[:5])
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({PEOPLE[1]: 20, PEOPLE[2]: 30}, ref="ALLOT")
    for step in steps:
        try:
            step(ledger)
        except Refusal:
            continue
    return ledger


histories = st.lists(_steps(), max_size=40).map(a_ledger)


@settings(max_examples=150, deadline=None)
@given(histories)
def test_fold__any_history__holds_what_the_token_holds(ledger: TokenLedger) -> None:
    register = RegisterFold()
    for event in ledger.events:
        before = sum(lot.units for lot in register.lots(ledger.product))
        register.apply(event)
        lots = sum(lot.units for lot in register.lots(ledger.product))
        positions = sum(each.units for each in register.positions(ledger.product))
        assert lots == positions == register.total(ledger.product)
        if isinstance(event, UnitsSplit):
            assert (before, lots) == (event.total_before, event.total_after)

    found = {each.address: each for each in register.positions(ledger.product)}
    held = dict.fromkeys(PEOPLE, 0)
    for lot in register.lots(ledger.product):
        held[lot.address] += lot.units
    for address, word in ledger.token.accounts.items():
        position = found[address]
        assert position.units == held[address] == word.balance
        assert position.frozen == word.frozen
        assert position.address_frozen == word.address_frozen
        assert position.retired == word.retired
        until = position.locked_until
        assert (0 if until is None else int(until.timestamp())) == word.lock_up_until
        verified = position.verified_until
        assert (0 if verified is None else int(verified.timestamp())) == word.verified_until
    assert register.total(ledger.product) == ledger.token.supply.total


@settings(max_examples=100, deadline=None)
@given(histories, st.data())
def test_as_of__any_instant_of_any_history__is_what_the_register_said_then(
    ledger: TokenLedger, data: st.DataObject
) -> None:
    register, product = RegisterFold(), ledger.product
    days = sorted({event.position.stamp.at for event in ledger.events})
    last = data.draw(st.sampled_from(days))
    history, then = [], None
    for event in ledger.events:
        if then is None and event.position.stamp.at > last:
            then = _said(register, ledger)
        history.append(register.apply(event))
    at = last + timedelta(seconds=1)
    found = {
        each.address: each for each in positions_as_of(history, product=product, at=at).values()
    }
    told = (
        found,
        lots_as_of(history, product=product, at=at),
        total_as_of(history, product=product, at=at),
    )
    assert told == (then or _said(register, ledger))


def _said(register: RegisterFold, ledger: TokenLedger) -> tuple[object, ...]:
    """Positions, lots and total as they are."""
    positions = {each.address: each for each in register.positions(ledger.product)}
    lots = sorted(
        register.lots(ledger.product), key=lambda lot: (lot.address, lot.acquired, lot.id)
    )
    return positions, lots, register.total(ledger.product)


@settings(max_examples=150, deadline=None)
@given(histories, st.data())
def test_fold__cut_and_restored__gives_the_same_changes(
    ledger: TokenLedger, data: st.DataObject
) -> None:
    through = RegisterFold()
    whole = [through.apply(event) for event in ledger.events]
    cut = data.draw(st.integers(0, len(whole)))
    kept = MemoryRegister(whole[:cut])
    again = RegisterFold(history=kept, state=kept.open_state())
    assert [again.apply(event) for event in ledger.events[cut:]] == whole[cut:]
    assert list(again.lots(ledger.product)) == list(through.lots(ledger.product))


@settings(max_examples=100, deadline=None)
@given(histories, st.data())
def test_fold__forgets_what_its_history_has__gives_the_same_changes(
    ledger: TokenLedger, data: st.DataObject
) -> None:
    """At any time, and up to any block that is kept; what is kept may lag behind."""
    through = RegisterFold()
    whole = [through.apply(event) for event in ledger.events]
    kept = MemoryRegister()
    fold = RegisterFold(history=kept)
    waiting: list[Changes] = []
    for event, expected in zip(ledger.events, whole, strict=True):
        assert fold.apply(event) == expected
        waiting.append(expected)
        if data.draw(st.integers(0, 3)) == 0:
            # Whole blocks only, as the service keeps them.
            block = event.position.stamp.number
            upto = block - data.draw(st.integers(1, 3))
            while waiting and _block(waiting[0]) <= upto:
                kept.record(waiting.pop(0))
            fold.forget(upto=upto)


def _block(changes: Changes) -> int:
    rows = (*changes.positions, *changes.trades)
    return rows[0].position.stamp.number if rows else 0


@settings(max_examples=60, deadline=None)
@given(histories)
def test_fold__any_history__every_lot_names_a_parent_that_was_closed_with_it(
    ledger: TokenLedger,
) -> None:
    register = RegisterFold()
    every = MemoryRegister()
    for event in ledger.events:
        changes = register.apply(event)
        every.record(changes)
        closed = {each.id for each in changes.closed}
        assert all(lot.parent is None or lot.parent in closed for lot in changes.opened)
        for lot in changes.opened:
            if lot.parent is not None:
                assert every.lot(ledger.product, lot.parent).product == ledger.product
