"""Holds: units promised to a buyer, kept in the seller's own account. Outcomes: holds.tree."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.contracts.actors import Person
from tests.contracts.handle import Error, Event, error, event
from tests.contracts.situations import SITUATIONS, Transfer
from tests.contracts.stage import RETAIL, VERIFIED_UNTIL, Stage, act, ref

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

HOLD, OTHER = ref("PROMISE-1"), ref("PROMISE-2")
LATER = 24 * 3_600
UNLIMITED = 2**256 - 1
STANDING, EXECUTED, RELEASED = 1, 2, 3
FORCED = "forcedTransfer(address,address,uint256)"
RE_KEY = "recoveryAddress(address,address,(bytes32,bytes32,uint32))"


class Holding:
    """Bob's holds for corp, with the agent as notary."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.token = stage, stage.token
        self.seller, self.buyer = stage.bob, stage.corp
        self.notary = stage.person(30)
        self.expiry = stage.now + LATER

    def create(self, **changed: Any) -> Call:
        """The holder's call: ten units for corp until tomorrow."""
        values: dict[str, Any] = {
            "holdId": HOLD,
            "to": self.buyer.address,
            "units": 10,
            "expiry": self.expiry,
            "notary": self.notary.address,
        }
        return self.token("createHold", *(values | changed).values())

    def stands(self, **changed: Any) -> Holding:
        self.seller.does(self.create(**changed))
        return self

    def deliver(self, hold: bytes = HOLD) -> Call:
        return self.token("executeHold", hold)

    def release(self, hold: bytes = HOLD) -> Call:
        return self.token("releaseHold", hold)

    def delivers(self, hold: bytes = HOLD) -> list[Event]:
        return self.notary.does(self.deliver(hold))

    def delivery_refused(self, hold: bytes = HOLD) -> Error:
        return self.notary.refused(self.deliver(hold))

    def expires(self) -> None:
        """It is the first second at which the hold no longer binds."""
        self.stage.advance_to(self.expiry)

    def of(self, hold: bytes = HOLD) -> tuple[Any, ...]:
        """holder, to, notary, units, expiry, state."""
        answer: tuple[Any, ...] = self.token.ask("holdOf", hold)
        return answer

    def state(self, hold: bytes = HOLD) -> int:
        return int(self.of(hold)[-1])

    def figures(self, who: Person | None = None) -> tuple[int, int, int]:
        """Balance, frozen, held."""
        address = (who or self.seller).address
        held = int(self.token.ask("heldUnits", address))
        return self.stage.balance(address), self.stage.frozen(address), held


@pytest.fixture
def hold(stage: Stage) -> Holding:
    return Holding(stage)


@pytest.fixture
def standing(hold: Holding) -> Holding:
    """Ten of bob's 51 units are held for corp."""
    return hold.stands()


@pytest.fixture
def due(ready: Stage) -> Holding:
    """The same when redemption is due, so that everything can happen in between."""
    return Holding(ready).stands()


# Creating -------------------------------------------------------------------------------------------


def test_hold__stays_with_the_holder_and_counts_as_frozen(hold: Holding) -> None:
    """The seller remains holder of record: no transfer, no third party's balance."""
    seller, buyer = hold.seller.address, hold.buyer.address
    assert hold.seller.does(hold.create()) == [
        event("HoldCreated", HOLD, seller, buyer, hold.notary.address, 10, hold.expiry),
        event("Frozen", seller, 10),
    ]
    assert hold.of() == (seller, buyer, hold.notary.address, 10, hold.expiry, STANDING)
    assert hold.figures() == (51, 10, 10)
    assert hold.figures(hold.buyer) == (400, 0, 0)
    assert hold.stage.balance(hold.token.address) == hold.stage.balance(hold.notary.address) == 0


def test_hold__beside_a_freeze__adds_up(hold: Holding, restrictor: Person) -> None:
    restrictor.does(hold.token("freezePartialTokens", hold.seller.address, 20))
    hold.stands()
    assert hold.figures() == (51, 30, 10)
    restrictor.does(hold.token("freezePartialTokens", hold.seller.address, 5))
    assert hold.figures() == (51, 35, 10)


def test_hold__of_all_that_is_free__is_taken_and_of_one_more_refused(
    hold: Holding, restrictor: Person
) -> None:
    restrictor.does(hold.token("freezePartialTokens", hold.seller.address, 20))
    assert hold.seller.refused(hold.create(units=32)) == error(
        "ERC7943InsufficientUnfrozenBalance", hold.seller.address, 32, 31
    )
    hold.stands(units=31)
    assert hold.seller.refused(hold.create(holdId=OTHER, units=1)) == error(
        "ERC7943InsufficientUnfrozenBalance", hold.seller.address, 1, 0
    )


REFUSED_AT_CREATION = [s for s in SITUATIONS if s.reason != "insufficient_unfrozen_balance"]


@pytest.mark.parametrize("situation", REFUSED_AT_CREATION, ids=lambda s: s.reason)
def test_hold__where_a_transfer_would_be_refused__is_refused(ready: Stage, situation: Any) -> None:
    """Every question of a transfer, in its order: a hold must not be a way around one."""
    hold, transfer = Holding(ready), Transfer(ready.bob, ready.corp.address)
    situation.prepare(ready, transfer)
    call = hold.create(to=transfer.to, units=transfer.units)
    assert hold.seller.refused(call) == situation.error(ready, transfer)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"holdId": bytes(32)}, error("TokenReferenceMissing"), id="no-reference"),
        pytest.param({"units": 0}, error("TokenZeroUnits"), id="nothing"),
        pytest.param({"units": 2**80}, error("TokenUnitsTooLarge", 2**80), id="too-much"),
        pytest.param({"units": 52}, error("ERC20InsufficientBalance", "bob", 51, 52), id="more"),
        pytest.param({"to": "bob"}, error("TokenSameAddress", "bob"), id="to-oneself"),
        pytest.param({"expiry": 0}, error("HoldExpiryInvalid", 0), id="no-expiry"),
        pytest.param({"expiry": "now"}, error("HoldExpiryInvalid", "now"), id="over-at-once"),
        pytest.param(
            {"notary": ZERO_ADDRESS}, error("HoldExpiryInvalid", "expiry"), id="no-notary"
        ),
    ],
)
def test_hold__malformed__is_refused(
    hold: Holding, changed: dict[str, Any], expected: Error
) -> None:
    facts = {
        "bob": hold.seller.address,
        "now": hold.stage.now + 1,  # the second of the block it would stand in
        "expiry": hold.expiry,
    }
    call = hold.create(**{name: facts.get(value, value) for name, value in changed.items()})
    arguments = [facts.get(fact, fact) for fact in expected.arguments]
    assert hold.seller.refused(call) == error(expected.name, *arguments)


@pytest.mark.parametrize("end", [STANDING, EXECUTED, RELEASED])
def test_hold__under_a_reference_that_was_held__is_refused(standing: Holding, end: int) -> None:
    """Whatever became of it, whoever asks: one trade, one hold."""
    if end == EXECUTED:
        standing.delivers()
    if end == RELEASED:
        standing.notary.does(standing.release())
    refused = error("HoldExists", HOLD)
    assert standing.seller.refused(standing.create(units=1)) == refused
    assert standing.buyer.refused(standing.create(to=standing.seller.address)) == refused


def test_hold__by_a_spender__takes_the_allowance(hold: Holding, stranger: Person) -> None:
    seller = hold.seller

    def call(units: int, hold_id: bytes = HOLD) -> Call:
        return hold.token(
            "createHoldFrom",
            seller.address,
            hold_id,
            hold.buyer.address,
            units,
            hold.expiry,
            hold.notary.address,
        )

    assert stranger.refused(call(10)) == error(
        "ERC20InsufficientAllowance", stranger.address, 0, 10
    )
    seller.does(hold.token("approve", stranger.address, 12))
    stranger.does(call(10))
    assert hold.of()[0] == seller.address
    assert hold.token.ask("allowance", seller.address, stranger.address) == 2
    assert stranger.refused(call(3, OTHER)) == error(
        "ERC20InsufficientAllowance", stranger.address, 2, 3
    )
    seller.does(hold.token("approve", stranger.address, UNLIMITED))
    stranger.does(call(3, OTHER))
    assert hold.token.ask("allowance", seller.address, stranger.address) == UNLIMITED


# While it stands ------------------------------------------------------------------------------------


def test_held_units__cannot_be_sent__the_rest_can(standing: Holding) -> None:
    seller, ann = standing.seller, standing.stage.ann
    assert seller.refused(standing.token("transfer", ann.address, 42)) == error(
        "ERC7943InsufficientUnfrozenBalance", seller.address, 42, 41
    )
    seller.does(standing.token("transfer", ann.address, 41))
    assert standing.figures() == (10, 10, 10)
    standing.buyer.does(standing.token("transfer", seller.address, 5))
    assert standing.figures() == (15, 10, 10)


@pytest.mark.parametrize("units", [0, 9])
def test_held_units__are_not_set_free_by_lifting_a_freeze(standing: Holding, units: int) -> None:
    """Two persons lift what was frozen by order, not what was promised to a buyer."""
    seller, releaser = standing.seller.address, standing.stage.releaser
    releaser.does(standing.token("freezePartialTokens", seller, 5))
    held = error("HoldUnitsHeld", seller, 10)
    assert releaser.refused(standing.token("setFrozenTokens", seller, units)) == held
    assert releaser.refused(standing.token("unfreezePartialTokens", seller, 15 - units)) == held
    releaser.does(standing.token("setFrozenTokens", seller, 10))
    assert standing.figures() == (51, 10, 10)


# Delivering -----------------------------------------------------------------------------------------


def test_delivery__moves_under_the_trades_reference(standing: Holding) -> None:
    seller, buyer = standing.seller.address, standing.buyer.address
    assert standing.delivers() == [
        event("HoldExecuted", HOLD),
        event("TransferReference", HOLD),
        event("Frozen", seller, 0),
        event("Transfer", seller, buyer, 10),
    ]
    assert (standing.figures(), standing.figures(standing.buyer)) == ((41, 0, 0), (410, 0, 0))
    assert standing.state() == EXECUTED


@pytest.mark.parametrize("by", ["bob", "corp", "stranger", "admin", "repairer", "releaser"])
def test_delivery__not_by_the_notary__is_refused(standing: Holding, by: str) -> None:
    who = getattr(standing.stage, by)
    assert who.refused(standing.deliver()) == error("HoldNotNotary", HOLD, who.address)


def test_delivery__in_the_last_second__is_made(standing: Holding) -> None:
    standing.stage.next_block_at(standing.expiry - 1)
    standing.delivers()
    assert (standing.stage.now, standing.state()) == (standing.expiry - 1, EXECUTED)


def test_delivery__from_the_expiry_on__is_refused(standing: Holding) -> None:
    expired = error("HoldExpired", HOLD, standing.expiry)
    standing.stage.advance_to(standing.expiry - 1)  # the next act happens at the expiry
    assert standing.delivery_refused() == expired
    standing.stage.advance_to(standing.expiry + 10 * LATER)
    assert standing.delivery_refused() == expired


NOT_BETWEEN = {
    "insufficient_balance": "the units are those of the hold",
    "insufficient_unfrozen_balance": "below, with what is frozen by order",
    "recipient_invalid": "the recipient is the hold's",
    "sender_retired": "the hold follows a re-keying, below",
    "product_ended": "the held units are redeemed then, below",
}


@pytest.mark.parametrize(
    "situation", [s for s in SITUATIONS if s.reason not in NOT_BETWEEN], ids=lambda s: s.reason
)
def test_delivery__after_a_reason_came_up__is_refused(due: Holding, situation: Any) -> None:
    """A verdict that lapsed, a lock-up, an order, the market, the rule: judged at delivery, not at the promise."""
    transfer = Transfer(due.stage.bob, due.buyer.address)
    situation.prepare(due.stage, transfer)
    before = due.stage.everything()
    assert due.delivery_refused() == situation.error(due.stage, transfer)
    assert due.stage.everything() == before
    assert due.state() == STANDING


@pytest.mark.parametrize(("side", "facts"), [("seller", "bob"), ("buyer", "corp")])
def test_delivery__after_a_verdict_ran_out_by_itself__is_refused(
    hold: Holding, restrictor: Person, side: str, facts: str
) -> None:
    """Nobody does anything: the time passes between promise and delivery."""
    soon = hold.stage.now + LATER // 2
    who = getattr(hold.stage, facts).address
    restrictor.does(hold.token("setVerdict", who, soon, RETAIL, False))
    hold.stands()
    hold.stage.advance_to(soon)
    assert hold.delivery_refused() == error("TokenVerdictExpired", who, soon)


@pytest.mark.parametrize(("frozen", "free"), [(41, 10), (42, 9), (51, 0), (2**80 - 1, 0)])
def test_delivery__with_units_frozen_by_order_meanwhile__needs_enough_free_ones(
    standing: Holding, restrictor: Person, frozen: int, free: int
) -> None:
    """The hold is lifted before its units are judged: they are not frozen twice."""
    seller = standing.seller.address
    restrictor.does(standing.token("freezePartialTokens", seller, frozen))
    if free >= 10:
        standing.delivers()
        assert standing.figures() == (41, frozen, 0)
    else:
        # Where the word cannot hold the sum, it holds the most it can: order and promise overlap, order first.
        assert standing.delivery_refused() == error(
            "ERC7943InsufficientUnfrozenBalance", seller, 10, free
        )


# Releasing ------------------------------------------------------------------------------------------


def test_release__by_the_notary__at_any_time(standing: Holding) -> None:
    assert standing.notary.does(standing.release()) == [
        event("HoldReleased", HOLD, standing.notary.address),
        event("Frozen", standing.seller.address, 0),
    ]
    assert (standing.figures(), standing.state()) == ((51, 0, 0), RELEASED)
    standing.seller.does(standing.token("transfer", standing.buyer.address, 51))


@pytest.mark.parametrize("by", ["bob", "corp", "stranger", "admin", "releaser"])
def test_release__by_anybody__from_the_expiry_on_only(standing: Holding, by: str) -> None:
    who = getattr(standing.stage, by)
    assert who.refused(standing.release()) == error("HoldNotExpired", HOLD, standing.expiry)
    standing.stage.advance_to(standing.expiry - 1)  # the next act happens at the expiry
    assert event("HoldReleased", HOLD, who.address) in who.does(standing.release())
    assert standing.figures() == (51, 0, 0)


def test_release__leaves_what_is_frozen_by_order(standing: Holding, restrictor: Person) -> None:
    restrictor.does(standing.token("freezePartialTokens", standing.seller.address, 45))
    assert standing.figures() == (51, 55, 10)
    standing.notary.does(standing.release())
    assert standing.figures() == (51, 45, 0)


@pytest.mark.parametrize(
    "situation",
    [s for s in SITUATIONS if s.number > 1 and s.reason != "recipient_invalid"],
    ids=lambda s: s.reason,
)
def test_release__after_the_expiry__needs_nothing_else(due: Holding, situation: Any) -> None:
    """No verdict, no market, no group, no end of a lock-up, no rule: units must not be trapped by a dead promise."""
    situation.prepare(due.stage, Transfer(due.stage.bob, due.buyer.address))
    due.expires()
    due.stage.stranger.does(due.release())
    assert due.state() == RELEASED
    holder = due.of()[0]
    assert due.token.ask("heldUnits", holder) == 0


@pytest.mark.parametrize("side", ["bob", "corp"])
def test_release__after_a_verdict_has_lapsed__frees_the_units(
    hold: Holding, restrictor: Person, side: str
) -> None:
    soon = hold.stage.now + LATER // 2
    who = getattr(hold.stage, side).address
    restrictor.does(hold.token("setVerdict", who, soon, RETAIL, False))
    hold.stands()
    hold.expires()
    assert hold.token.ask("isVerified", who) is False
    hold.stage.stranger.does(hold.release())
    assert hold.figures() == (51, 0, 0)


def test_release__under_a_full_stop__waits_for_the_resumption(standing: Holding) -> None:
    stage = standing.stage
    standing.expires()
    stage.stopper.does(stage.platform("stop"))
    for who in (standing.notary, stage.stranger):
        assert who.refused(standing.release()) == error("TokenStopped")
    stage.resumer.does(stage.platform("resume"))
    stage.stranger.does(standing.release())
    assert standing.figures() == (51, 0, 0)


@pytest.mark.parametrize("end", [EXECUTED, RELEASED])
def test_hold__at_its_end__is_neither_delivered_nor_released(standing: Holding, end: int) -> None:
    standing.notary.does(standing.deliver() if end == EXECUTED else standing.release())
    over = error("HoldNotStanding", HOLD, end)
    assert standing.delivery_refused() == over
    assert standing.notary.refused(standing.release()) == over
    standing.expires()
    assert standing.stage.stranger.refused(standing.release()) == over


def test_hold__that_never_was__is_neither_delivered_nor_released(hold: Holding) -> None:
    never = error("HoldNotStanding", OTHER, 0)
    assert hold.delivery_refused(OTHER) == never
    assert hold.notary.refused(hold.release(OTHER)) == never
    assert hold.of(OTHER) == (ZERO_ADDRESS, ZERO_ADDRESS, ZERO_ADDRESS, 0, 0, 0)


# In between: re-keying ------------------------------------------------------------------------------


def re_key(hold: Holding, old: Person, new: Person, reference: str) -> None:
    hold.stage.repairer.does(hold.token(RE_KEY, old.address, new.address, act(reference)))


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("end", [EXECUTED, RELEASED])
def test_hold__of_a_re_keyed_seller__follows(standing: Holding, times: int, end: int) -> None:
    """The new key is the same holder: what it promised, it promised."""
    keys = [standing.seller, *(standing.stage.person(50 + n) for n in range(times))]
    for number, (old, new) in enumerate(pairwise(keys)):
        re_key(standing, old, new, f"KEY-{number}")
        assert standing.figures(old) == (0, 0, 0)
    seller = keys[-1]
    assert standing.of()[0] == seller.address
    assert standing.figures(seller) == (51, 10, 10)
    assert seller.refused(standing.token("transfer", standing.buyer.address, 42)) == error(
        "ERC7943InsufficientUnfrozenBalance", seller.address, 42, 41
    )
    if end == EXECUTED:
        assert event("Transfer", seller.address, standing.buyer.address, 10) in standing.delivers()
        assert standing.figures(seller) == (41, 0, 0)
    else:
        standing.expires()
        standing.stage.stranger.does(standing.release())
        assert standing.figures(seller) == (51, 0, 0)


def test_hold__of_a_seller_re_keyed_to_the_buyers_address__frees_the_units(
    hold: Holding, restrictor: Person
) -> None:
    """Two people found to be one: delivery to oneself moves nothing."""
    spare = hold.stage.spare
    restrictor.does(hold.token("setVerdict", spare.address, VERIFIED_UNTIL, RETAIL, False))
    hold.stands(to=spare.address)
    re_key(hold, hold.seller, spare, "KEY-1")
    assert event("Transfer", spare.address, spare.address, 10) in hold.delivers()
    assert (hold.figures(spare), hold.state()) == ((51, 0, 0), EXECUTED)


def test_hold__for_a_re_keyed_buyer__is_released_and_not_delivered(standing: Holding) -> None:
    """The recipient of a hold is fixed: nobody redirects it, so the trade is instructed anew."""
    buyer, spare = standing.buyer, standing.stage.spare
    re_key(standing, buyer, spare, "KEY-1")
    assert standing.delivery_refused() == error("TokenRetired", buyer.address)
    standing.notary.does(standing.release())
    standing.seller.does(standing.create(holdId=OTHER, to=spare.address))
    standing.delivers(OTHER)
    assert standing.figures(spare) == (410, 0, 0)


# In between: split ----------------------------------------------------------------------------------


@pytest.mark.parametrize("factors", [(2,), (3, 7), (10, 10, 10)], ids=str)
@pytest.mark.parametrize("end", [EXECUTED, RELEASED])
def test_hold__through_splits__is_multiplied_exactly(
    standing: Holding, restrictor: Person, factors: tuple[int, ...], end: int
) -> None:
    restrictor.does(standing.token("freezePartialTokens", standing.seller.address, 4))
    times = 1
    for epoch, factor in enumerate(factors):
        papers = act(f"SPLIT-{epoch}")
        standing.stage.issuer.does(standing.token("split", factor, epoch, papers))
        times *= factor
    assert standing.figures() == (51 * times, 14 * times, 10 * times)
    assert standing.of()[3] == 10 * times
    if end == EXECUTED:
        standing.delivers()
        assert standing.figures() == (41 * times, 4 * times, 0)
        assert standing.figures(standing.buyer) == (410 * times, 0, 0)
    else:
        standing.notary.does(standing.release())
        assert standing.figures() == (51 * times, 4 * times, 0)


def test_holds__before_and_after_a_split__do_not_mix(standing: Holding) -> None:
    standing.stage.issuer.does(standing.token("split", 10, 0, act("SPLIT-1")))
    standing.stands(holdId=OTHER, units=7)
    assert standing.figures() == (510, 107, 107)
    standing.delivers(HOLD)
    assert standing.figures() == (410, 7, 7)
    standing.delivers(OTHER)
    assert standing.figures() == (403, 0, 0)


# In between: seizure and redemption -----------------------------------------------------------------


def seize(hold: Holding, units: int) -> None:
    ann = hold.stage.ann.address
    hold.stage.repairer.does(hold.token(FORCED, hold.seller.address, ann, units))


def test_hold__when_free_units_are_seized__stands_covered(standing: Holding) -> None:
    seize(standing, 41)
    assert standing.figures() == (10, 10, 10)
    standing.delivers()
    assert standing.figures() == (0, 0, 0)


@pytest.mark.parametrize("seized", [42, 45, 51])
def test_hold__when_held_units_are_seized__is_not_delivered(standing: Holding, seized: int) -> None:
    """Law goes before promise. The hold stands without cover, and frees nothing that is not there."""
    seize(standing, seized)
    left = 51 - seized
    assert standing.figures() == (left, left, left)
    assert standing.delivery_refused() == error(
        "ERC20InsufficientBalance", standing.seller.address, left, 10
    )
    standing.notary.does(standing.release())
    assert standing.figures() == (left, 0, 0)


def test_hold__when_held_units_are_seized__frees_nothing_frozen_by_order(
    standing: Holding, restrictor: Person
) -> None:
    restrictor.does(standing.token("freezePartialTokens", standing.seller.address, 20))
    seize(standing, 31)  # 21 free, then 10 that are frozen: the hold's first
    assert standing.figures() == (20, 20, 0)
    standing.notary.does(standing.release())
    assert standing.figures() == (20, 20, 0)


def test_hold__without_cover__is_delivered_when_units_come_in_again(standing: Holding) -> None:
    """The promise stands; what came in since is free to keep it, and is not held for it."""
    seize(standing, 51)
    standing.stage.ann.does(standing.token("transfer", standing.seller.address, 15))
    assert standing.figures() == (15, 0, 0)
    standing.delivers()
    assert standing.figures() == (5, 0, 0)


def test_hold__when_held_units_are_redeemed__is_not_delivered(due: Holding) -> None:
    seller = due.seller.address
    due.stage.issuer.does(due.token("redeem", [seller], [45], act("RED-1")))
    assert due.figures() == (6, 6, 6)
    assert due.delivery_refused() == error("ERC20InsufficientBalance", seller, 6, 10)
    due.notary.does(due.release())
    assert due.figures() == (6, 0, 0)


def test_hold__when_the_product_is_redeemed_in_full__is_released_and_not_delivered(
    due: Holding,
) -> None:
    stage = due.stage
    everybody = [who.address for who in (stage.beneficiary, stage.ann, stage.bob, stage.corp)]
    stage.issuer.does(due.token("redeemAll", everybody, act("END")))
    assert due.figures() == (0, 0, 0)
    assert due.delivery_refused() == error("TokenProductEnded")
    due.expires()
    stage.stranger.does(due.release())
    assert (due.figures(), due.state()) == ((0, 0, 0), RELEASED)


# Two at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [EXECUTED, RELEASED])
@pytest.mark.parametrize("second", [EXECUTED, RELEASED])
def test_two_holds__end_each_by_itself(standing: Holding, first: int, second: int) -> None:
    other = standing.stage.ann
    standing.stands(holdId=OTHER, to=other.address, units=20)
    assert standing.figures() == (51, 30, 30)
    balance, frozen = 51, 30
    for hold_id, units, end in ((HOLD, 10, first), (OTHER, 20, second)):
        call = standing.deliver(hold_id) if end == EXECUTED else standing.release(hold_id)
        standing.notary.does(call)
        balance -= units if end == EXECUTED else 0
        frozen -= units
        assert standing.figures() == (balance, frozen, frozen)


def test_two_holds__of_which_a_seizure_took_part__keep_what_cover_is_left(
    standing: Holding,
) -> None:
    """Six units are left for promises of ten and of twenty: whichever is released, the six stay for the other."""
    standing.stands(holdId=OTHER, units=20)
    seize(standing, 45)
    assert standing.figures() == (6, 6, 6)
    standing.notary.does(standing.release(OTHER))
    assert standing.figures() == (6, 6, 6)
    standing.notary.does(standing.release(HOLD))
    assert standing.figures() == (6, 0, 0)
