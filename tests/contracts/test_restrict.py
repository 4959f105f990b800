"""Action 7: restrictions go up by one person and down by two. Outcomes: restrict.tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Event, error, event
from tests.contracts.stage import (
    BANNED,
    CORPORATE,
    PERMITTED,
    REKEY_ACT,
    RETAIL,
    VERIFIED_UNTIL,
    Stage,
    act,
)

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS

LATER, SOONER = VERIFIED_UNTIL, VERIFIED_UNTIL - 1
RULE_A, RULE_B = f"0x{1:040x}", f"0x{2:040x}"


@dataclass(frozen=True)
class Restriction:
    """A figure that can be raised and lifted. `of` tells whether the account comes first among the arguments."""

    function: str
    up: tuple[Any, ...]
    down: tuple[Any, ...]
    of_account: bool = True
    lift: str = ""
    """The function that lifts it, where it is another one."""

    def raising(self, stage: Stage, account: str) -> Any:
        return stage.token(self.function, *([account] if self.of_account else []), *self.up)

    def lifting(self, stage: Stage, account: str) -> Any:
        first = [account] if self.of_account else []
        return stage.token(self.lift or self.function, *first, *self.down)


RESTRICTIONS = {
    "blocked": Restriction("setVerdict", (LATER, RETAIL, True), (LATER, RETAIL, False)),
    "address frozen": Restriction("setAddressFrozen", (True,), (False,)),
    "frozen figure": Restriction("setFrozenTokens", (20,), (19,)),
    "frozen figure to none": Restriction("setFrozenTokens", (20,), (0,)),
    "frozen units": Restriction("freezePartialTokens", (20,), (1,), lift="unfreezePartialTokens"),
    "lock-up": Restriction("setLockUp", (LATER,), (SOONER,)),
    "lock-up to none": Restriction("setLockUp", (LATER,), (0,)),
    "product lock-up": Restriction("setProductLockUp", (LATER,), (SOONER,), of_account=False),
    "product lock-up to none": Restriction("setProductLockUp", (LATER,), (0,), of_account=False),
    "class": Restriction("setPermittedClasses", (1,), (PERMITTED,), of_account=False),
    "another class": Restriction("setPermittedClasses", (1,), (2,), of_account=False),
    "rule replaced": Restriction("setRule", (RULE_A,), (RULE_B,), of_account=False),
    "rule removed": Restriction("setRule", (RULE_A,), (ZERO_ADDRESS,), of_account=False),
}
EACH = pytest.mark.parametrize("name", RESTRICTIONS)
BATCHES = {
    "batchSetVerdict",
    "batchSetAddressFrozen",
    "batchFreezePartialTokens",
    "batchUnfreezePartialTokens",
}


@EACH
def test_lift__by_one_person__refused(stage: Stage, restrictor: Person, name: str) -> None:
    each, bob = RESTRICTIONS[name], stage.bob.address
    restrictor.does(each.raising(stage, bob))
    before = stage.everything()
    assert restrictor.refused(each.lifting(stage, bob)) == error(
        "TokenReleaseNeedsTwoPersons", restrictor.address
    )
    assert stage.everything() == before


@EACH
def test_lift__by_any_owner_of_the_safe_alone__refused(
    stage: Stage, releaser: TwoPersons, name: str
) -> None:
    """An owner who is a RESTRICTOR too may raise alone; none may lift alone."""
    each, bob = RESTRICTIONS[name], stage.bob.address
    releaser.does(each.raising(stage, bob))
    refusals = {person.refused(each.lifting(stage, bob)).name for person in releaser.persons}
    assert refusals == {"TokenReleaseNeedsTwoPersons", "TokenDutyMissing"}


@EACH
def test_lift__by_two_persons__done(stage: Stage, releaser: TwoPersons, name: str) -> None:
    each, bob = RESTRICTIONS[name], stage.bob.address
    stage.restrictor.does(each.raising(stage, bob))
    before = stage.everything()
    assert releaser.does(each.lifting(stage, bob))
    assert stage.everything() != before


@EACH
def test_lift__by_two_persons_of_other_duties__refused(
    stage: Stage, repairer: TwoPersons, issuer: TwoPersons, name: str
) -> None:
    each, bob = RESTRICTIONS[name], stage.bob.address
    stage.restrictor.does(each.raising(stage, bob))
    for safe in (repairer, issuer, stage.admin):
        assert safe.refused(each.lifting(stage, bob)).name == "TokenDutyMissing"


@EACH
def test_raise__again__needs_one_person(stage: Stage, restrictor: Person, name: str) -> None:
    each, bob = RESTRICTIONS[name], stage.bob.address
    restrictor.does(each.raising(stage, bob))
    if each.function != "setRule":
        assert restrictor.may(each.raising(stage, bob))


def test_lift__table__has_every_function_that_can_lift(stage: Stage) -> None:
    asking = {each.lift or each.function for each in RESTRICTIONS.values()}
    found = {
        e.name
        for e in stage.token.interface.functions
        if e.writes
        and e.name.startswith(("set", "batchSet", "freeze", "unfreeze", "batchUnfreeze"))
        and not e.name.startswith("settle")
    }
    never = {"setTerms", "setControlBits", "setOwnAccount", "freezePartialTokens"}
    assert found - never == asking | BATCHES - {"batchFreezePartialTokens"}


# What is logged, and what holds -------------------------------------------------------------------


def flags(stage: Stage, who: Person) -> int:
    return stage.word(who) >> 224 & 0xFFFF


def entries(accounts: tuple[str, ...], words: tuple[int, ...]) -> tuple[int, ...]:
    """How `VerdictsSet` names accounts: the address, the end of the verdict before (160), the flags before (192)."""
    return tuple(
        int(account, 16) | (word >> 160 & 0xFFFFFFFF) << 160 | (word >> 224 & 0xFFFF) << 192
        for account, word in zip(accounts, words, strict=True)
    )


def test_verdict__given__holds_and_logs_the_words_before(
    stage: Stage, restrictor: Person, releaser: TwoPersons, ann: Person, bob: Person
) -> None:
    before = (stage.word(ann), stage.word(bob))
    accounts = (ann.address, bob.address)
    assert restrictor.does(
        stage.token("batchSetVerdict", list(accounts), SOONER, CORPORATE, True)
    ) == [event("VerdictsSet", entries(accounts, before), SOONER, CORPORATE, True)]
    assert flags(stage, bob) == 0b11 | CORPORATE << 4
    assert stage.word(bob) >> 160 & 0xFFFFFFFF == SOONER
    blocked = stage.word(ann)
    assert releaser.does(stage.token("setVerdict", ann.address, LATER, RETAIL, False)) == [
        event("VerdictsSet", entries((ann.address,), (blocked,)), LATER, RETAIL, False)
    ]
    assert stage.word(ann) == before[0]


def test_verdict__account_twice_in_a_batch__logs_the_word_in_between(
    stage: Stage, restrictor: Person, bob: Person
) -> None:
    before = stage.word(bob)
    call = stage.token("batchSetVerdict", [bob.address, bob.address], SOONER, CORPORATE, True)
    (logged,) = restrictor.does(call)
    twice = (bob.address, bob.address)
    assert logged.arguments[0] == entries(twice, (before, stage.word(bob)))


def test_address_freeze__set_and_lifted__logs_who_did_it(
    stage: Stage, restrictor: Person, releaser: TwoPersons, bob: Person
) -> None:
    assert restrictor.does(stage.token("setAddressFrozen", bob.address, True)) == [
        event("AddressFrozen", bob.address, True, restrictor.address)
    ]
    assert flags(stage, bob) == 0b100
    assert releaser.does(stage.token("setAddressFrozen", bob.address, False)) == [
        event("AddressFrozen", bob.address, False, releaser.address)
    ]
    assert flags(stage, bob) == 0


def test_frozen_units__changed__log_the_figure_after_each_change(
    stage: Stage, restrictor: Person, releaser: TwoPersons, bob: Person
) -> None:
    token, account = stage.token, bob.address
    steps: list[tuple[Person | TwoPersons, str, int, list[Event], int]] = [
        (restrictor, "setFrozenTokens", 10, [], 10),
        (restrictor, "freezePartialTokens", 5, [event("TokensFrozen", account, 5)], 15),
        (releaser, "unfreezePartialTokens", 4, [event("TokensUnfrozen", account, 4)], 11),
        (releaser, "setFrozenTokens", 3, [], 3),
    ]
    for who, function, units, first, figure in steps:
        assert who.does(token(function, account, units)) == [
            *first,
            event("Frozen", account, figure),
        ]
        assert stage.frozen(bob) == figure
        assert stage.balance(bob) == 51


def test_lock_up__set_and_lifted__logs_before_and_after(
    stage: Stage, restrictor: Person, releaser: TwoPersons, bob: Person
) -> None:
    assert restrictor.does(stage.token("setLockUp", bob.address, SOONER)) == [
        event("LockUpSet", bob.address, 0, SOONER)
    ]
    assert restrictor.does(stage.token("setLockUp", bob.address, LATER)) == [
        event("LockUpSet", bob.address, SOONER, LATER)
    ]
    assert releaser.does(stage.token("setLockUp", bob.address, 0)) == [
        event("LockUpSet", bob.address, LATER, 0)
    ]
    assert stage.reason(bob, stage.corp, 1) == 0


def test_product_restrictions__set_and_lifted__log_before_and_after(
    stage: Stage, restrictor: Person, releaser: TwoPersons
) -> None:
    token = stage.token
    assert restrictor.does(token("setProductLockUp", LATER)) == [
        event("ProductLockUpSet", 0, LATER)
    ]
    assert releaser.does(token("setProductLockUp", 0)) == [event("ProductLockUpSet", LATER, 0)]
    assert restrictor.does(token("setPermittedClasses", 2)) == [
        event("PermittedClassesSet", PERMITTED, 2)
    ]
    assert stage.reason(stage.bob, stage.corp, 1) == 11
    assert releaser.does(token("setPermittedClasses", 2**32 - 1)) == [
        event("PermittedClassesSet", 2, 2**32 - 1)
    ]
    assert restrictor.does(token("setRule", RULE_A)) == [event("RuleSet", ZERO_ADDRESS, RULE_A)]
    assert releaser.does(token("setRule", ZERO_ADDRESS)) == [event("RuleSet", RULE_A, ZERO_ADDRESS)]
    assert stage.reason(stage.bob, stage.corp, 1) == 0


def test_own_account__marked_and_unmarked__by_one_person(
    stage: Stage, restrictor: Person, bob: Person
) -> None:
    """自己口 (R-PROGMAT-T8.4) restricts nothing by itself."""
    assert restrictor.does(stage.token("setOwnAccount", bob.address, True)) == [
        event("OwnAccountSet", bob.address, False, True)
    ]
    assert flags(stage, bob) == 0b1000
    assert stage.reason(bob, stage.corp, 1) == 0
    assert restrictor.does(stage.token("setOwnAccount", bob.address, False)) == [
        event("OwnAccountSet", bob.address, True, False)
    ]
    assert flags(stage, bob) == 0


# What lifts nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [0, 1, VERIFIED_UNTIL - 5, 2**32 - 1])
def test_verdict__renewed_or_shortened__by_one_person(
    stage: Stage, restrictor: Person, until: int
) -> None:
    restrictor.does(stage.token("setVerdict", stage.bob.address, until, CORPORATE, False))
    assert stage.word(stage.bob) >> 160 & 0xFFFFFFFF == until


def test_lock_up__run_out__shortened_by_one_person(stage: Stage, restrictor: Person) -> None:
    until = stage.now + 100
    bob = stage.bob.address
    restrictor.does(stage.token("setLockUp", bob, until))
    restrictor.does(stage.token("setProductLockUp", until))
    refused = error("TokenReleaseNeedsTwoPersons", restrictor.address)
    for call in (stage.token("setLockUp", bob, 0), stage.token("setProductLockUp", 0)):
        stage.next_block_at(until - 1)
        assert restrictor.refused(call) == refused
        stage.next_block_at(until)
        assert restrictor.may(call)


def test_frozen_figure__same_again__by_one_person(stage: Stage, restrictor: Person) -> None:
    restrictor.does(stage.token("setFrozenTokens", stage.bob.address, 20))
    restrictor.does(stage.token("setFrozenTokens", stage.bob.address, 20))
    restrictor.does(stage.token("setAddressFrozen", stage.ann.address, False))
    assert stage.frozen(stage.bob) == 20


# What must not happen -----------------------------------------------------------------------------


def test_block__renewed_verdict_in_a_batch_by_one_person__refused_as_a_whole(
    stage: Stage, restrictor: Person, ann: Person, bob: Person, corp: Person
) -> None:
    restrictor.does(stage.token("setVerdict", bob.address, LATER, RETAIL, True))
    before = stage.everything()
    refused = error("TokenReleaseNeedsTwoPersons", restrictor.address)
    for order in ([ann, bob, corp], [bob, ann, corp], [ann, corp, bob]):
        accounts = [who.address for who in order]
        call = stage.token("batchSetVerdict", accounts, LATER, RETAIL, False)
        assert restrictor.refused(call) == refused
    assert stage.everything() == before
    assert restrictor.may(stage.token("batchSetVerdict", accounts, SOONER, BANNED, True))


def test_block__expired_or_unverified_meanwhile__is_still_a_block(
    stage: Stage, restrictor: Person, bob: Person
) -> None:
    restrictor.does(stage.token("setVerdict", bob.address, 0, BANNED, True))
    refused = error("TokenReleaseNeedsTwoPersons", restrictor.address)
    for until, investor_class in ((LATER, RETAIL), (0, BANNED)):
        call = stage.token("setVerdict", bob.address, until, investor_class, False)
        assert restrictor.refused(call) == refused


def test_order__of_a_court__survives_every_verdict(
    stage: Stage, restrictor: Person, releaser: TwoPersons, bob: Person
) -> None:
    restrictor.does(stage.token("setAddressFrozen", bob.address, True))
    restrictor.does(stage.token("freezePartialTokens", bob.address, 5))
    restrictor.does(stage.token("setLockUp", bob.address, LATER))
    for blocked in (False, True, False):
        releaser.does(stage.token("setVerdict", bob.address, LATER, CORPORATE, blocked))
    assert flags(stage, bob) == 0b100 | CORPORATE << 4
    assert stage.frozen(bob) == 5
    assert stage.word(bob) >> 192 & 0xFFFFFFFF == LATER


def test_freeze__above_the_balance__catches_what_comes_later(
    stage: Stage, restrictor: Person, bob: Person, corp: Person
) -> None:
    restrictor.does(stage.token("setFrozenTokens", bob.address, 100))
    assert stage.reason(bob, corp, 1) == 14
    corp.does(stage.token("transfer", bob.address, 60))
    assert (stage.balance(bob), stage.frozen(bob)) == (111, 100)
    assert (stage.reason(bob, corp, 11), stage.reason(bob, corp, 12)) == (0, 14)


def test_freeze__sum_above_the_word__saturates(stage: Stage, restrictor: Person) -> None:
    bob = stage.bob.address
    restrictor.does(stage.token("setFrozenTokens", bob, MAX_UNITS - 1))
    assert restrictor.does(stage.token("freezePartialTokens", bob, 5)) == [
        event("TokensFrozen", bob, 5),
        event("Frozen", bob, MAX_UNITS),
    ]


def test_unfreeze__more_than_is_frozen__refused_with_the_units(
    stage: Stage, restrictor: Person, releaser: TwoPersons
) -> None:
    bob = stage.bob.address
    restrictor.does(stage.token("setFrozenTokens", bob, 20))
    for units in (21, 2**80, 2**256 - 1):
        call = stage.token("unfreezePartialTokens", bob, units)
        assert releaser.refused(call) == error("TokenUnitsTooLarge", units)
    assert releaser.may(stage.token("unfreezePartialTokens", bob, 20))


SETTERS = {
    "setVerdict": (LATER, RETAIL, True),
    "setAddressFrozen": (True,),
    "setFrozenTokens": (5,),
    "freezePartialTokens": (5,),
    "unfreezePartialTokens": (5,),
    "setLockUp": (LATER,),
    "setOwnAccount": (True,),
}


@pytest.mark.parametrize("function", [*SETTERS, *sorted(BATCHES)])
def test_restriction__of_a_retired_or_the_zero_address__refused(
    stage: Stage, repairer: TwoPersons, releaser: TwoPersons, function: str
) -> None:
    bob = stage.bob.address
    repairer.does(stage.token(REKEY_ACT, bob, stage.spare.address, act("KEY-1")))
    for account, expected in (
        (bob, error("TokenRetired", bob)),
        (ZERO_ADDRESS, error("ERC20InvalidReceiver", ZERO_ADDRESS)),
    ):
        if function == "batchSetVerdict":
            call = stage.token(function, [stage.ann.address, account], LATER, RETAIL, True)
        elif function in BATCHES:
            good = stage.ann.address
            releaser.does(stage.token("setFrozenTokens", good, 5))
            value = True if function == "batchSetAddressFrozen" else 5
            call = stage.token(function, [good, account], [value, value])
        else:
            call = stage.token(function, account, *SETTERS[function])
        assert releaser.refused(call) == expected
