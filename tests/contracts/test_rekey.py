"""Re-keying: the holder stays, the address changes, and nothing is shed on the way. Outcomes: rekey.tree."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import error, event
from tests.contracts.stage import (
    BANNED,
    CAP,
    CORPORATE,
    DUE,
    EVIDENCE,
    ISSUED,
    NONE32,
    REKEY_ACT,
    RETAIL,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

REKEY = 11
REKEY_BARE = "recoveryAddress(address,address,address)"
BLOCKED, ADDRESS_FROZEN, OWN, RETIRED = 3 << 224, 1 << 226, 1 << 227, 1 << 233
LATER = VERIFIED_UNTIL


def rekey(stage: Stage, old: Person, new: Person, reference: str = "KEY-1") -> Call:
    return stage.token(REKEY_ACT, old.address, new.address, act(reference))


def test_rekey__everything_the_word_has__moves_along(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person
) -> None:
    token = stage.token
    restrictor.does(token("setFrozenTokens", bob.address, 60))
    restrictor.does(token("setLockUp", bob.address, LATER))
    restrictor.does(token("setOwnAccount", bob.address, True))
    restrictor.does(token("setVerdict", bob.address, LATER - 1, 9, True))
    restrictor.does(token("setAddressFrozen", bob.address, True))
    word = stage.word(bob)
    papers = act("KEY-1", delivery=20220301)
    assert repairer.does(token(REKEY_ACT, bob.address, spare.address, papers)) == [
        event("Movement", ref("KEY-1"), REKEY, 1, 20220301, EVIDENCE),
        event("Rekeyed", bob.address, spare.address, ref("KEY-1")),
        event("Frozen", bob.address, 0),
        event("Frozen", spare.address, 60),
        event("Transfer", bob.address, spare.address, 51),
    ]
    assert stage.word(spare) == word
    assert stage.word(bob) == word >> 160 << 160 | RETIRED
    assert stage.total == ISSUED


def test_rekey__of_erc_3643__moves_along_and_says_so_without_papers(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person
) -> None:
    restrictor.does(stage.token("setFrozenTokens", bob.address, 60))
    word, identity = stage.word(bob), stage.stranger.address
    call = stage.token(REKEY_BARE, bob.address, spare.address, identity)
    answer = stage.node.call(to=stage.token.address, data=call.data, sender=repairer.address)
    assert int.from_bytes(answer.value, "big") == 1
    assert repairer.does(call) == [
        event("Movement", NONE32, REKEY, 1, 0, NONE32),
        event("Rekeyed", bob.address, spare.address, NONE32),
        event("Frozen", bob.address, 0),
        event("Frozen", spare.address, 60),
        event("Transfer", bob.address, spare.address, 51),
        event("RecoverySuccess", bob.address, spare.address, identity),
    ]
    assert (stage.word(spare), stage.total) == (word, ISSUED)
    assert repairer.refused(call) == error("TokenRetired", bob.address)


def test_rekey__no_freeze__says_nothing_of_one(
    stage: Stage, repairer: TwoPersons, bob: Person, spare: Person
) -> None:
    done = repairer.does(rekey(stage, bob, spare))
    assert [each.name for each in done] == ["Movement", "Rekeyed", "Transfer"]


def test_rekey__empty_address__moves_its_standing(
    stage: Stage, repairer: TwoPersons, restrictor: Person, stranger: Person, spare: Person
) -> None:
    restrictor.does(stage.token("setVerdict", stranger.address, LATER, RETAIL, False))
    done = repairer.does(rekey(stage, stranger, spare))
    assert done[-1] == event("Transfer", stranger.address, spare.address, 0)
    assert stage.reason(stage.bob, spare, 1) == 0
    assert stage.reason(stage.bob, stranger, 1) == 16


@pytest.mark.parametrize("form", [REKEY_ACT, REKEY_BARE])
@pytest.mark.parametrize("what", ["balance", "frozen", "retired", "itself", "zero"])
def test_rekey__target_taken__refused_with_it(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person, what: str,
    form: str,
) -> None:  # fmt: skip
    new = {"balance": stage.ann.address, "itself": bob.address, "zero": ZERO_ADDRESS}.get(
        what, spare.address
    )
    if what == "frozen":
        restrictor.does(stage.token("setFrozenTokens", spare.address, 1))
    if what == "retired":
        repairer.does(rekey(stage, spare, stage.person(20), "KEY-0"))
    before = stage.everything()
    last = act("KEY-1") if form == REKEY_ACT else bob.address
    call = stage.token(form, bob.address, new, last)
    assert repairer.refused(call) == error("TokenTargetNotEmpty", new)
    assert stage.everything() == before


@pytest.mark.parametrize("what", ["retired", "zero"])
def test_rekey__of_nobody__refused_with_it(
    stage: Stage, repairer: TwoPersons, bob: Person, spare: Person, what: str
) -> None:
    old = ZERO_ADDRESS
    if what == "retired":
        repairer.does(rekey(stage, bob, stage.person(20), "KEY-0"))
        old = bob.address
    call = stage.token(REKEY_ACT, old, spare.address, act("KEY-1"))
    assert repairer.refused(call) == error("TokenRetired", old)


@pytest.mark.parametrize(
    ("function", "arguments", "bits"),
    [
        ("setVerdict", (LATER, RETAIL, True), BLOCKED),
        ("setAddressFrozen", (True,), ADDRESS_FROZEN),
        ("setLockUp", (LATER,), LATER << 192),
    ],
)
@pytest.mark.parametrize("side", ["old", "new", "both"])
def test_rekey__restricted_on_either_side__stays_restricted(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person,
    function: str, arguments: tuple[object, ...], bits: int, side: str,
) -> None:  # fmt: skip
    """A key change sheds no block, no order and no lock-up, not even those of the new address."""
    word = stage.word(bob)
    for who in {"old": [bob], "new": [spare], "both": [bob, spare]}[side]:
        restrictor.does(stage.token(function, who.address, *arguments))
    repairer.does(rekey(stage, bob, spare))
    assert stage.word(spare) == word | bits
    assert stage.reason(spare, stage.corp, 1) != 0


def test_rekey__lock_ups_on_both_sides__the_later_holds(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person
) -> None:
    for old, new in ((LATER, LATER - 9), (LATER - 9, LATER)):
        stage.take_back_to(stage.offered)
        restrictor.does(stage.token("setLockUp", bob.address, old))
        restrictor.does(stage.token("setLockUp", spare.address, new))
        repairer.does(rekey(stage, bob, spare))
        assert stage.word(spare) >> 192 & 0xFFFFFFFF == LATER


def test_rekey__target_verified_as_another_class__has_the_holders_verdict(
    stage: Stage, repairer: TwoPersons, restrictor: Person, corp: Person, spare: Person
) -> None:
    """The holder does not change, so neither does the verdict; the new address's own gives it nothing."""
    restrictor.does(stage.token("setVerdict", spare.address, 2**32 - 1, BANNED, False))
    restrictor.does(stage.token("setOwnAccount", spare.address, True))
    restrictor.does(stage.token("setVerdict", corp.address, LATER - 7, CORPORATE, False))
    word = stage.word(corp)
    repairer.does(rekey(stage, corp, spare))
    assert stage.word(spare) == word


def test_rekey__unverified_holder__gains_no_verdict_from_the_target(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, spare: Person
) -> None:
    restrictor.does(stage.token("setVerdict", bob.address, 0, BANNED, False))
    restrictor.does(stage.token("setVerdict", spare.address, LATER, RETAIL, False))
    repairer.does(rekey(stage, bob, spare))
    assert stage.reason(spare, stage.corp, 1) == 9


def test_rekey__initial_beneficiary__is_so_at_the_new_address(
    stage: Stage, repairer: TwoPersons, beneficiary: Person, spare: Person
) -> None:
    done = repairer.does(rekey(stage, beneficiary, spare))
    assert done == [
        event("TermsSet", 101, TERMS_HASH, spare.address, CAP, DUE),
        event("Movement", ref("KEY-1"), REKEY, 1, 0, EVIDENCE),
        event("Rekeyed", beneficiary.address, spare.address, ref("KEY-1")),
        event("Transfer", beneficiary.address, spare.address, 1_000),
    ]
    assert stage.token.ask("initialBeneficiary") == spare.address


def test_retired_address__whatever_is_tried__cannot_act_receive_or_be_used_again(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person, spare: Person
) -> None:
    bob.does(stage.token("approve", ann.address, 2**256 - 1))
    repairer.does(rekey(stage, bob, spare))
    retired = error("TokenRetired", bob.address)
    for units in (0, 1):
        assert bob.refused(stage.token("transfer", ann.address, units)) == retired
        assert ann.refused(stage.token("transferFrom", bob.address, ann.address, units)) == retired
        assert ann.refused(stage.token("transfer", bob.address, units)) == retired
    assert stage.issuer.refused(stage.token("mint", bob.address, 1)) == retired
    assert stage.token.ask("canSend", bob.address) is False
    assert stage.token.ask("canReceive", bob.address) is False
    assert spare.does(stage.token("transfer", ann.address, 51))


def test_rekey__again_and_again__ends_at_the_last(
    stage: Stage, repairer: TwoPersons, issuer: TwoPersons, bob: Person
) -> None:
    chain = [bob, *(stage.person(20 + n) for n in range(3))]
    for number, (old, new) in enumerate(pairwise(chain)):
        repairer.does(rekey(stage, old, new, f"KEY-{number}"))
        issuer.does(stage.token("split", 2, number, act(f"SPLIT-{number}")))
    assert [stage.balance(who) for who in chain] == [0, 0, 0, 51 * 8]
    for back in chain[:-1]:
        call = rekey(stage, chain[-1], back, "KEY-9")
        assert repairer.refused(call) == error("TokenTargetNotEmpty", back.address)


def test_rekey__pending_splits__move_multiplied(
    stage: Stage, repairer: TwoPersons, issuer: TwoPersons, restrictor: Person, bob: Person,
    spare: Person,
) -> None:  # fmt: skip
    restrictor.does(stage.token("setFrozenTokens", bob.address, 7))
    issuer.does(stage.token("split", 10, 0, act("SPLIT-1")))
    done = repairer.does(rekey(stage, bob, spare))
    assert done[-1] == event("Transfer", bob.address, spare.address, 510)
    assert (stage.balance(spare), stage.frozen(spare)) == (510, 70)
    assert (stage.balance(bob), stage.frozen(bob)) == (0, 0)
