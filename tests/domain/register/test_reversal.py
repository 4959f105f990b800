"""A reversal must mirror the trade it names.

given a trade of 5 units from S to Y
    it should accept the same units from Y back to S, in today's units after a split
    it should refuse other parties, another quantity, an unknown trade, a redemption
"""

from datetime import datetime

import pytest
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, Address, Reason, Reference, Refusal
from genbo.register import RegisterFold
from genbo.register.memory import MemoryRegister
from genbo.register.reversal import require_mirror

SETTLOR, S, Y, Z = (an_address(number) for number in range(1, 5))


@pytest.fixture
def ledger() -> TokenLedger:
    ledger = TokenLedger(at=datetime(2022, 3, 23, tzinfo=JST), beneficiary=SETTLOR)
    ledger.verify(SETTLOR, S, Y, Z)
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({S: 7}, ref="A-1")
    ledger.transfer(S, Y, 5, ref="T-1")
    ledger.redeem({S: 1}, ref="RED")
    return ledger


def ask(
    ledger: TokenLedger, original: str, sender: Address, recipient: Address, units: int, factor: int
) -> None:
    register = RegisterFold()
    history = MemoryRegister([register.apply(event) for event in ledger.events])
    require_mirror(
        product=ledger.product,
        original=Reference(original),
        sender=sender,
        recipient=recipient,
        units=units,
        factor=factor,
        history=history,
    )


def test_reversal__mirrors_the_trade__is_accepted(ledger: TokenLedger) -> None:
    ask(ledger, "T-1", Y, S, 5, 1)


def test_reversal__after_a_split__counts_todays_units(ledger: TokenLedger) -> None:
    ledger.split(10, ref="SPLIT")
    ask(ledger, "T-1", Y, S, 50, 10)
    with pytest.raises(Refusal):
        ask(ledger, "T-1", Y, S, 5, 10)


@pytest.mark.parametrize(
    ("original", "sender", "recipient", "units", "reason", "field"),
    [
        ("T-9", Y, S, 5, Reason.TRADE_UNKNOWN, None),
        ("RED", Y, S, 1, Reason.TRADE_UNKNOWN, None),
        ("ISSUE", SETTLOR, S, 100, Reason.TRADE_UNKNOWN, None),
        ("T-1", Z, S, 5, Reason.REVERSAL_MISMATCH, "sender"),
        ("T-1", Y, Z, 5, Reason.REVERSAL_MISMATCH, "recipient"),
        ("T-1", S, Y, 5, Reason.REVERSAL_MISMATCH, "sender"),
        ("T-1", Y, S, 4, Reason.REVERSAL_MISMATCH, "units"),
    ],
)
def test_reversal__does_not_mirror__is_refused(
    ledger: TokenLedger,
    original: str,
    sender: Address,
    recipient: Address,
    units: int,
    reason: Reason,
    field: str | None,
) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(ledger, original, sender, recipient, units, 1)
    assert refusal.value.reason is reason
    assert refusal.value.facts.get("field") == field
