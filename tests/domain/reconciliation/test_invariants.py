"""The invariants hold for a true history, and each is broken by the fault it is there for.

given a history with every kind of movement
    it should find all five invariants to hold
given one fault in one account of the truth
    it should find exactly the invariant broken that the fault breaks, and say where
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, Units
from genbo.reconciliation import Account, Finding, ProductAccounts, check_all
from genbo.reconciliation.invariants import Receipt, SplitSums
from genbo.reconciliation.retrace import account_of, retrace

SETTLOR, A, B, C, NEW = (an_address(number) for number in range(1, 6))
START = datetime(2021, 8, 11, 10, tzinfo=JST)


@pytest.fixture
def ledger() -> TokenLedger:
    ledger = TokenLedger(at=START, beneficiary=SETTLOR)
    ledger.verify(SETTLOR, A, B)
    ledger.verify(C, until=START + timedelta(days=30))
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({A: 20, B: 30, C: 5}, ref="ALLOT")
    ledger.freeze(A, 7)
    ledger.lock_up(A, START + timedelta(days=400))
    ledger.transfer(B, A, 3, ref="T-1")
    ledger.force(A, B, 18, ref="F-1")  # free units first, then two of the frozen
    ledger.reverse("T-1", A, B, 3, ref="V-1")
    ledger.freeze(B, 4)
    ledger.rekey(B, NEW, ref="KEY")
    ledger.split(10, ref="SPLIT")
    ledger.tomorrow(60)  # C's verdict has run out; what he received before stays lawful
    ledger.redeem({C: 10}, ref="RED")
    return ledger


def accounts_of(ledger: TokenLedger) -> ProductAccounts:
    """The three accounts of one truth: the token model stands for the chain."""
    seen = retrace(ledger.events, product=ledger.product)
    chain = {
        address: Account(
            units=Units(word.balance),
            frozen=Units(word.frozen),
            address_frozen=word.address_frozen,
            locked_until=(
                datetime.fromtimestamp(word.lock_up_until, JST) if word.lock_up_until else None
            ),
        )
        for address, word in ledger.token.accounts.items()
    }
    lots: dict[Any, int] = {}
    for lot in seen.fold.lots(ledger.product):
        lots[lot.address] = lots.get(lot.address, 0) + lot.units
    positions = seen.fold.positions(ledger.product)
    return ProductAccounts(
        product=ledger.product,
        stamp=ledger.events[-1].position.stamp,
        total_supply=ledger.token.supply.total,
        issued_less_redeemed=seen.issued_less_redeemed,
        chain=chain,
        register={each.address: account_of(each) for each in positions},
        lots=lots,
        stored_digest="0xab",
        replayed_digest="0xab",
        receipts=seen.receipts,
        splits=seen.splits,
        rekeyed=seen.rekeyed,
    )


def broken(accounts: ProductAccounts) -> dict[int, Finding]:
    findings = check_all([accounts])
    assert [finding.invariant for finding in findings] == [1, 2, 8, 9, 10]
    return {finding.invariant: finding for finding in findings if not finding.holds}


def test_true_history__every_invariant__holds(ledger: TokenLedger) -> None:
    assert broken(accounts_of(ledger)) == {}


def test_retrace__true_history__counts_what_happened(ledger: TokenLedger) -> None:
    seen = retrace(ledger.events, product=ledger.product)
    assert seen.issued_less_redeemed == 990
    assert [(each.before, each.after) for each in seen.splits] == [(100, 1_000)]
    # Issue, three allotments, the transfer, the forced transfer, the reversal.
    assert len(seen.receipts) == 7
    ((address, before, after),) = seen.rekeyed
    assert (address, before.units, before.frozen) == (NEW, 48, 4)
    assert (after.units, after.frozen) == (48, 4)


def _changed(accounts: ProductAccounts, side: str, address: str, **fields: Any) -> ProductAccounts:
    side_accounts = dict(getattr(accounts, side))
    side_accounts[address] = replace(side_accounts[address], **fields)
    return replace(accounts, **{side: side_accounts})


def test_conservation__one_unit_missing_in_the_register__is_broken_and_named(
    ledger: TokenLedger,
) -> None:
    accounts = accounts_of(ledger)
    units = accounts.register[A].units
    wrong = broken(_changed(accounts, "register", A, units=Units(units - 1)))
    assert set(wrong) == {1}
    assert any(A in line for line in wrong[1].evidence)


@pytest.mark.parametrize("figure", ["total_supply", "issued_less_redeemed"])
def test_conservation__another_total__is_broken(ledger: TokenLedger, figure: str) -> None:
    accounts = accounts_of(ledger)
    wrong = broken(replace(accounts, **{figure: getattr(accounts, figure) + 1}))
    assert set(wrong) == {1}


def test_conservation__lots_and_position_differ__is_broken(ledger: TokenLedger) -> None:
    accounts = accounts_of(ledger)
    moved = {**accounts.lots, A: accounts.lots[A] - 1, NEW: accounts.lots[NEW] + 1}
    assert set(broken(replace(accounts, lots=moved))) == {1}


def test_replay__another_digest__is_broken(ledger: TokenLedger) -> None:
    assert set(broken(replace(accounts_of(ledger), replayed_digest="0xcd"))) == {2}


@pytest.mark.parametrize(
    "fields",
    [{"blocked": True}, {"verified_until": None}, {"verified_until": START}],
)
def test_eligibility__receipt_without_a_standing_verdict__is_broken(
    ledger: TokenLedger, fields: dict[str, Any]
) -> None:
    bad = replace(
        Receipt(
            address=A,
            at=START,
            verified_until=START + timedelta(seconds=1),
            blocked=False,
            where="9.1",
        ),
        **fields,
    )
    accounts = accounts_of(ledger)
    wrong = broken(replace(accounts, receipts=(*accounts.receipts, bad)))
    assert set(wrong) == {8}
    assert "9.1" in wrong[8].evidence[0]


@pytest.mark.parametrize(
    "fields",
    [{"frozen": Units(0)}, {"address_frozen": True}, {"locked_until": None}],
)
def test_restrictions__chain_and_register_differ__is_broken(
    ledger: TokenLedger, fields: dict[str, Any]
) -> None:
    assert set(broken(_changed(accounts_of(ledger), "chain", A, **fields))) == {9}


def test_restrictions__re_keying_shed_a_freeze__is_broken(ledger: TokenLedger) -> None:
    accounts = accounts_of(ledger)
    ((address, before, after),) = accounts.rekeyed
    shed = ((address, before, replace(after, frozen=Units(3))),)
    assert set(broken(replace(accounts, rekeyed=shed))) == {9}


def test_splits__a_unit_lost__is_broken(ledger: TokenLedger) -> None:
    accounts = accounts_of(ledger)
    (good,) = accounts.splits
    lost: SplitSums = replace(good, after=good.after - 1)
    assert set(broken(replace(accounts, splits=(lost,)))) == {10}
