"""The wrappers speak for every function of our contracts, typed.

given every function of our contracts that changes something
└── some wrapper should make exactly that call (or it should be listed here with the reason why none does)
given a live chain
├── reads should answer with typed values and the block they were read at
└── many accounts read at once should be what they are one by one
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.chain import (
    ANN,
    BENEFICIARY,
    BOB,
    CLASS,
    PRODUCT,
    STRANGER,
    VERIFIED_UNTIL,
    Stage,
    investor,
    terms,
)

from genbo.chain import artifacts
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.encoding import act_struct, seconds
from genbo.chain.contracts.platform import MarketStatus, Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_factory import TokenFactory, salt_of
from genbo.governance import Duty
from genbo.kernel import Address, Digest, Reason, Reference, Refusal, Units
from genbo.token import Act

A = Address("0x00000000000000000000000000000000000000AA")
B = Address("0x00000000000000000000000000000000000000bb")
ACT = Act(ref=Reference("R-1"))
REF = Reference("R-2")

TOKEN = SecurityToken(None, A)  # type: ignore[arg-type]
PLATFORM = Platform(None, A)  # type: ignore[arg-type]
FACTORY = TokenFactory(None, A)  # type: ignore[arg-type]
MANAGER = DutyManager(None, A)  # type: ignore[arg-type]
WHEN = datetime(2022, 1, 1, tzinfo=UTC)

CALLS = {
    "SecurityToken": [
        TOKEN.transfer(B, 1),
        TOKEN.transfer(B, 1, REF),
        TOKEN.transfer_from(A, B, 1),
        TOKEN.batch_transfer([B], [1]),
        TOKEN.approve(B, 1),
        TOKEN.issue([B], [1], ACT),
        TOKEN.redeem([B], [1], ACT),
        TOKEN.redeem_all([B], ACT),
        TOKEN.split(2, ACT),
        TOKEN.set_terms(
            legal_category=1,
            terms_digest=None,
            initial_beneficiary=None,
            authorised_cap=1,
            redemption_date=WHEN,
        ),
        TOKEN.mint(B, 1),
        TOKEN.batch_mint([B], [1]),
        TOKEN.burn(B, 1),
        TOKEN.batch_burn([B], [1]),
        TOKEN.distribute([B], [1], REF),
        TOKEN.set_verdict(B, until=WHEN),
        TOKEN.batch_set_verdict([B], until=None, blocked=True),
        TOKEN.set_address_frozen(B, frozen=True),
        TOKEN.set_frozen_units(B, 1),
        TOKEN.freeze(B, 1),
        TOKEN.unfreeze(B, 1),
        TOKEN.set_lock_up(B, until=WHEN),
        TOKEN.set_own_account(B, own_account=True),
        TOKEN.set_product_lock_up(until=None),
        TOKEN.set_permitted_classes(3),
        TOKEN.set_rule(None),
        TOKEN.forced_transfer(A, B, 1),
        TOKEN.forced_transfer(A, B, 1, ACT),
        TOKEN.redistribute(A, B, 1, incident=REF, evidence=None),
        TOKEN.redistribute_burned(REF, B, 1, incident=REF, evidence=None),
        TOKEN.reverse_transfer(REF, A, B, 1, ACT),
        TOKEN.rekey(A, B, ACT),
        TOKEN.sync([A]),
    ],
    "Platform": [
        PLATFORM.stop(),
        PLATFORM.resume(),
        PLATFORM.open_market(),
        PLATFORM.close_market(),
        PLATFORM.create_group("G", enabled=True),
        PLATFORM.set_transfer_enabled("G", enabled=False),
        PLATFORM.assign_group(B, "G"),
    ],
    "TokenFactory": [
        FACTORY.approve_code(Digest("0x" + "11" * 32)),
        FACTORY.create(artifacts.load("SecurityToken"), terms(), salt_of(PRODUCT)),
    ],
}

NOT_WRAPPED = {
    "setControlBits(uint16,uint16)": "the platform contract alone may call it",
    "register(bytes32,address,bytes32)": "the factory contract alone may call it",
}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_function_that_writes__has_a_wrapper(name: str) -> None:
    interface = artifacts.load(name).interface
    writes = {entry.signature for entry in interface.functions if entry.writes}
    made = {interface.by_selector[call.data[:4]].signature for call in CALLS[name]}
    assert made == writes - NOT_WRAPPED.keys()
    for call in CALLS[name]:
        entry = interface.by_selector[call.data[:4]]
        values = entry.decode_inputs(call.data).values()
        assert entry.encode(*values) == call.data
        assert call.to == A
        assert call.what


def test_what_is_missing__goes_to_the_ledger_as_zero() -> None:
    assert act_struct(Act(ref=None)) == (bytes(32), bytes(32), 0)
    assert seconds(None) == 0


@pytest.mark.parametrize(
    "at",
    [datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 8, tzinfo=UTC), datetime(2022, 1, 1)],  # noqa: DTZ001
)
def test_time__that_the_ledger_cannot_hold__is_refused(at: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        TOKEN.set_lock_up(B, until=at)
    assert refused.value.reason is Reason.TIME_MALFORMED


# On a live chain ------------------------------------------------------------------------------------


def test_reads__are_typed_and_carry_their_block(stage: Stage) -> None:
    token = stage.token
    beneficiary, ann, bob = (investor(n).address for n in (BENEFICIARY, ANN, BOB))
    before = stage.node.stamp()
    stage.verified(BENEFICIARY, ANN)
    stage.alone(stage.platform.open_market(), "market-1")
    stage.together(token.issue([beneficiary], [1_000], Act(ref=Reference("I-1"))), Duty.ISSUER)
    stage.alone(token.distribute([ann], [300], Reference("D-1")), "distribution-1")
    stage.alone(token.freeze(ann, 400), "compliance-1")
    until = stage.node.stamp().at + timedelta(days=1)
    stage.alone(token.set_lock_up(ann, until=until), "compliance-1")
    stage.alone(token.set_own_account(ann, own_account=True), "compliance-1")
    stage.hold(token.approve(bob, 2**256 - 1), ANN)

    word = token.account(ann)
    assert word.stamp == stage.node.stamp()
    assert (word.value.balance, word.value.frozen, word.value.unfrozen) == (300, 400, 0)
    assert word.value.verified_until == int(VERIFIED_UNTIL.timestamp())
    assert word.value.lock_up_until == int(until.timestamp())
    assert (word.value.investor_class, word.value.own_account) == (CLASS, True)
    assert token.frozen_units(ann).value == 400
    assert token.allowance(ann, bob).value == 2**256 - 1
    assert token.total_supply().value == token.supply().value.total == 1_000
    assert token.supply().value.ever_issued
    assert token.is_reference_used(Reference("I-1")).value
    assert not token.is_reference_used(Reference("I-2")).value
    assert not token.is_reversed(Reference("T-1")).value
    assert token.burned_under(Reference("B-1")).value == 0
    assert token.reason_of(ann, bob, 1).value is Reason.SENDER_LOCKED_UP
    assert token.reason_of(beneficiary, ann, 1).value is None
    assert token.can_transfer(beneficiary, ann, 1).value
    assert not token.can_transfer(beneficiary, investor(STRANGER).address, 1).value
    assert stage.platform.status().value is MarketStatus.OPEN
    assert stage.platform.stopped_by().value is None
    assert stage.platform.tokens(0, 10).value == [token.address]
    assert stage.platform.tokens(1, 10).value == []

    # The same questions at the block before all this.
    assert token.account(ann, before).value.balance == 0
    assert token.account(ann, before).stamp == before
    assert token.total_supply(before.number).value == 0
    assert stage.platform.status(before).value is MarketStatus.CLOSED

    stage.alone(stage.platform.stop(), "operator-1")
    stopped = stage.platform.stopped_by()
    assert stopped.value == stage.parameters.operators[Duty.STOPPER][0]
    assert stage.platform.status().value is MarketStatus.STOPPED


def test_many_accounts__are_what_they_are_one_by_one(stage: Stage) -> None:
    stage.verified(ANN, BOB)
    accounts = [investor(number).address for number in range(5)]
    words = stage.token.accounts(accounts)
    assert words.value == [stage.token.account(each, words.stamp).value for each in accounts]
    balances = stage.token.balances_of(accounts, words.stamp)
    assert balances.value == [Units(0)] * 5
    assert balances.stamp == words.stamp
    assert stage.token.accounts([]).value == []
