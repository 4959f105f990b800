"""Action 6: split. Outcomes: split.tree."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils import keccak
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import error, event
from tests.contracts.stage import (
    CAP,
    CORPORATE,
    DUE,
    EVIDENCE,
    ISSUED,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)

from genbo.kernel import MAX_UNITS


def people(stage: Stage) -> list[Person]:
    return [stage.beneficiary, stage.ann, stage.bob, stage.corp]


def stored(stage: Stage, who: Person) -> int:
    """The account's storage slot itself, pending splits not applied: slot 0 is the mapping of accounts."""
    slot = int.from_bytes(keccak(encode(["address", "uint256"], [who.address, 0])), "big")
    return stage.node.storage(stage.token.address, slot).value


def test_split__units_outstanding__multiplies_everything_at_once(
    stage: Stage, issuer: TwoPersons, restrictor: Person, bob: Person
) -> None:
    restrictor.does(stage.token("freezePartialTokens", bob.address, 7))
    bob.does(stage.token("approve", stage.ann.address, 9))
    held = {who: stage.balance(who) for who in people(stage)}
    rest = {who: stage.word(who) >> 160 & (1 << 80) - 1 for who in people(stage)}
    papers = act("SPLIT-1", delivery=20220401)
    assert issuer.does(stage.token("split", 10, 0, papers)) == [
        event("Split", ref("SPLIT-1"), 1, 10, ISSUED, 10 * ISSUED, 20220401, EVIDENCE),
    ]
    assert {who: stage.balance(who) for who in held} == {who: 10 * n for who, n in held.items()}
    assert stage.frozen(bob) == 70
    assert (stage.total, stage.cap) == (10 * ISSUED, 10 * CAP)
    assert {who: stage.word(who) >> 160 & (1 << 80) - 1 for who in people(stage)} == rest
    assert {stage.word(who) >> 240 for who in (*people(stage), stage.spare)} == {1}
    assert stage.token.ask("controlWord") >> 176 & 0xFFFF == 1
    assert stage.token.ask("allowance", bob.address, stage.ann.address) == 9


def test_split__any_number_of_holders__costs_the_same(stage: Stage, issuer: TwoPersons) -> None:
    few = issuer.sends(stage.token("split", 2, 0, act("SPLIT-1"))).gas_used
    stage.take_back_to(stage.offered)
    holders = [stage.person(100 + n).address for n in range(60)]
    stage.restrictor.does(stage.token("batchSetVerdict", holders, VERIFIED_UNTIL, CORPORATE, False))
    stage.distributor.does(stage.token("distribute", holders, [1] * 60, ref("DIST-2")))
    many = issuer.sends(stage.token("split", 2, 0, act("SPLIT-1"))).gas_used
    assert abs(many - few) < 100  # a signature has a zero byte more or less


def test_split__account_untouched_for_several_epochs__has_them_all(
    stage: Stage, issuer: TwoPersons, restrictor: Person, bob: Person, corp: Person, ann: Person
) -> None:
    restrictor.does(stage.token("freezePartialTokens", corp.address, 3))
    before = stored(stage, corp)
    for number, factor in enumerate((2, 3, 7, 10), 1):
        issuer.does(stage.token("split", factor, number - 1, act(f"SPLIT-{number}")))
        if number == 2:
            bob.does(stage.token("transfer", ann.address, 6))  # bob and ann are written in epoch 2
    assert stored(stage, corp) == before  # nobody wrote it
    assert (stage.balance(corp), stage.frozen(corp)) == (400 * 420, 3 * 420)
    assert stage.balance(bob) == (51 * 6 - 6) * 70
    assert stage.balance(ann) == (2 * 6 + 6) * 70
    corp.does(stage.token("transfer", bob.address, 420))
    assert (stage.balance(corp), stage.frozen(corp)) == (399 * 420, 3 * 420)
    assert stage.word(corp) == stored(stage, corp)
    assert sum(stage.balance(who) for who in people(stage)) == stage.total == ISSUED * 420


def test_split__account_never_used__is_empty_in_every_epoch(
    stage: Stage, issuer: TwoPersons, restrictor: Person, spare: Person
) -> None:
    issuer.does(stage.token("split", 1_000_000, 0, act("SPLIT-1")))
    assert (stage.balance(spare), stage.frozen(spare)) == (0, 0)
    restrictor.does(stage.token("setVerdict", spare.address, VERIFIED_UNTIL, CORPORATE, False))
    stage.bob.does(stage.token("transfer", spare.address, 1))
    assert stage.balance(spare) == 1
    issuer.does(stage.token("split", 2, 1, act("SPLIT-2")))
    assert stage.balance(spare) == 2


def test_split__frozen_above_the_balance__saturates_and_never_frees(
    stage: Stage, issuer: TwoPersons, restrictor: Person, bob: Person
) -> None:
    restrictor.does(stage.token("setFrozenTokens", bob.address, MAX_UNITS // 2 + 1))
    issuer.does(stage.token("split", 2, 0, act("SPLIT-1")))
    assert (stage.balance(bob), stage.frozen(bob)) == (102, MAX_UNITS)
    issuer.does(stage.token("split", 1_000_000, 1, act("SPLIT-2")))
    assert (stage.balance(bob), stage.frozen(bob)) == (102_000_000, MAX_UNITS)
    assert stage.reason(bob, stage.corp, 1) == 14


@pytest.mark.parametrize("touched", [False, True])
def test_split__frozen_figure__is_the_same_touched_between_or_not(
    stage: Stage, issuer: TwoPersons, restrictor: Person, bob: Person, touched: bool
) -> None:
    """Saturating once or twice comes to the same."""
    restrictor.does(stage.token("setFrozenTokens", bob.address, MAX_UNITS // 5))
    for number, factor in enumerate((3, 2), 1):
        issuer.does(stage.token("split", factor, number - 1, act(f"SPLIT-{number}")))
        if touched:
            stage.stranger.does(stage.token("sync", [bob.address]))
    assert stage.frozen(bob) == MAX_UNITS
    assert stage.balance(bob) == 306


def test_split__cap_that_does_not_fit__saturates(stage: Stage, issuer: TwoPersons) -> None:
    beneficiary = stage.beneficiary.address
    issuer.does(stage.token("setTerms", 101, TERMS_HASH, beneficiary, MAX_UNITS // 3, DUE))
    issuer.does(stage.token("split", 4, 0, act("SPLIT-1")))
    assert stage.cap == MAX_UNITS
    assert stage.total == 4 * ISSUED


def test_split__cap__keeps_its_share_of_room(stage: Stage, issuer: TwoPersons) -> None:
    issuer.does(stage.token("split", 10, 0, act("SPLIT-1")))
    left = 10 * (CAP - ISSUED)
    assert issuer.refused(stage.token("mint", stage.ann.address, left + 1)) == error(
        "TokenCapExceeded", 10 * CAP, 10 * CAP + 1
    )
    assert issuer.may(stage.token("mint", stage.ann.address, left))


@pytest.mark.parametrize("factor", [0, 1, 1_000_001, 2**80, 2**256 - 1])
def test_split__factor_out_of_range__refused_with_it(
    stage: Stage, issuer: TwoPersons, factor: int
) -> None:
    """1:1 is no split, and 2:1 would leave fractions (R-JSTOA-6.1.1.6c)."""
    before = stage.everything()
    assert issuer.refused(stage.token("split", factor, 0, act("SPLIT-1"))) == error(
        "TokenSplitFactorInvalid", factor
    )
    assert stage.everything() == before
    assert issuer.may(stage.token("split", 1_000_000, 0, act("SPLIT-1")))


def test_split__total_that_does_not_fit__refused_with_both(
    stage: Stage, issuer: TwoPersons
) -> None:
    token = stage.token
    beneficiary = stage.beneficiary.address
    issuer.does(token("setTerms", 101, TERMS_HASH, beneficiary, MAX_UNITS, DUE))
    issuer.does(token("mint", beneficiary, MAX_UNITS // 2 - ISSUED + 1))
    total = MAX_UNITS // 2 + 1
    assert issuer.refused(token("split", 2, 0, act("SPLIT-1"))) == error(
        "TokenSplitOverflow", total, 2
    )
    stage.advance_to(DUE)
    issuer.does(token("burn", beneficiary, 1))
    issuer.does(token("split", 2, 0, act("SPLIT-1")))
    assert stage.total == 2 * (total - 1) <= MAX_UNITS


def test_split__all_splits_together_beyond_their_bound__refused(
    redemption_day: int, stage: Stage, issuer: TwoPersons
) -> None:
    """Redeeming between splits keeps the total small; the product of the factors is bounded all the same."""
    token = stage.token
    holders = [who.address for who in people(stage)]
    issuer.does(token("redeem", holders[1:], [2, 51, 400], act("RED-0")))
    issuer.does(token("burn", holders[0], 999))
    cumulative, number = 1, 0
    while cumulative * 100_000 < 2**160:
        number += 1
        issuer.does(token("split", 100_000, number - 1, act(f"SPLIT-{number}")))
        cumulative *= 100_000
        issuer.does(token("burn", holders[0], 99_999))
    last = (2**160 - 1) // cumulative
    assert (stage.total, number, last) == (1, 9, 1_461)
    for factor in (last + 1, 1_000_000):
        assert issuer.refused(token("split", factor, 9, act("SPLIT-10"))) == error(
            "TokenSplitOverflow", 1, factor
        )
    issuer.does(token("split", last, 9, act("SPLIT-10")))
    assert stage.balance(stage.beneficiary) == last
    assert stage.balance(stage.bob) == stage.balance(stage.spare) == 0


def test_split__the_same_decision_again__refused_with_both_epochs(
    stage: Stage, issuer: TwoPersons
) -> None:
    """What the two persons signed once splits once: the epoch in it is past, whatever its reference."""
    first = stage.token("split", 10, 0, act("SPLIT-1"))
    issuer.does(first)
    for again in (first, stage.token("split", 10, 0, act("SPLIT-2"))):
        assert issuer.refused(again) == error("TokenSplitEpochInvalid", 0, 1)
    assert issuer.refused(stage.token("split", 10, 2, act("SPLIT-2"))) == error(
        "TokenSplitEpochInvalid", 2, 1
    )
    assert stage.total == 10 * ISSUED
    issuer.does(stage.token("split", 10, 1, act("SPLIT-1")))
    assert stage.total == 100 * ISSUED


def test_split__holds__are_multiplied_and_delivered_multiplied(
    stage: Stage, issuer: TwoPersons, bob: Person, corp: Person, ann: Person
) -> None:
    token, words = stage.token, (corp.address, 20, VERIFIED_UNTIL, ann.address)
    bob.does(token("createHold", ref("HOLD-2"), *words))
    issuer.does(token("split", 3, 0, act("SPLIT-1")))
    issuer.does(token("split", 7, 1, act("SPLIT-2")))
    assert token.ask("holdOf", ref("HOLD-2"))[3] == token.ask("heldUnits", bob.address) == 420
    assert (stage.balance(bob), stage.frozen(bob)) == (51 * 21, 420)
    ann.does(token("executeHold", ref("HOLD-2")))
    assert (stage.balance(bob), stage.frozen(bob)) == (31 * 21, 0)
    assert stage.balance(corp) == 420 * 21
    assert stage.total == ISSUED * 21


def test_split__nothing_outstanding__refused(unissued: Stage, issuer: TwoPersons) -> None:
    assert issuer.refused(unissued.token("split", 2, 0, act("SPLIT-1"))) == error("TokenZeroUnits")


def test_sync__pending_splits__are_written_and_nothing_else_changes(
    stage: Stage, issuer: TwoPersons, stranger: Person
) -> None:
    issuer.does(stage.token("split", 3, 0, act("SPLIT-1")))
    issuer.does(stage.token("split", 5, 1, act("SPLIT-2")))
    before = stage.everything()
    accounts = [*people(stage), stage.spare]
    assert stranger.does(stage.token("sync", [who.address for who in accounts])) == []
    assert stage.everything() == before
    assert [stored(stage, who) for who in accounts] == [stage.word(who) for who in accounts]
    assert stranger.does(stage.token("sync", [who.address for who in accounts])) == []
    assert stage.everything() == before


def test_split__units_issued_after__are_not_multiplied(
    stage: Stage, issuer: TwoPersons, ann: Person
) -> None:
    issuer.does(stage.token("split", 10, 0, act("SPLIT-1")))
    issuer.does(stage.token("mint", ann.address, 5))
    assert (stage.balance(ann), stage.total) == (25, 10 * ISSUED + 5)


def test_redistribution__units_burned_before_a_split__are_restored_as_they_would_be(
    ready: Stage, issuer: TwoPersons, repairer: TwoPersons, corp: Person
) -> None:
    """R-JSTOA-6.1.1.9b: the total after the repair is what it would have been without the error."""
    total = ready.total
    issuer.does(ready.token("split", 10, 0, act("SPLIT-1")))
    restored = ready.token(
        "redistributeBurned", ref("BURN-1"), corp.address, 10, ref("INC-1"), EVIDENCE
    )
    assert ready.token.ask("burnedUnder", ref("BURN-1")) == 10
    repairer.does(restored)
    assert ready.total == 10 * (total + 1)
    assert ready.token.ask("burnedUnder", ref("BURN-1")) == 0
