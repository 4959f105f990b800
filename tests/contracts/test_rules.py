"""The one extra rule a product may plug in: it can refuse everything, and break nothing. Outcomes: rules.tree."""

from __future__ import annotations

import re

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import error
from tests.contracts.stage import REKEY_ACT, Stage, act

from contract_sources import CONTRACTS
from genbo.kernel import ZERO_ADDRESS, Refusal

SOURCE = (CONTRACTS / "mocks" / "Rules.sol").read_text("utf-8")
FAULTS = re.findall(r"^    (\w+),? // (\d+)", SOURCE, re.MULTILINE)
BY_FAULT = pytest.mark.parametrize(
    "number", [pytest.param(int(number), id=name) for name, number in FAULTS]
)


@pytest.fixture
def limited(stage: Stage, restrictor: Person) -> str:
    """At most 10 units per movement."""
    rule = stage.create("LimitRule", 10)
    restrictor.does(stage.token("setRule", rule))
    return rule


@pytest.fixture
def broken(stage: Stage, restrictor: Person, number: int) -> str:
    rule = stage.create("BrokenRule", number)
    restrictor.does(stage.token("setRule", rule))
    return rule


def test_faults__in_the_source__are_numbered_from_zero() -> None:
    assert [int(number) for _, number in FAULTS] == list(range(9))


def test_rule__says_yes_or_no__is_followed(
    stage: Stage, limited: str, bob: Person, corp: Person
) -> None:
    bob.does(stage.token("transfer", corp.address, 10))
    assert (stage.balance(bob), stage.reason(bob, corp, 10)) == (41, 0)
    assert bob.refused(stage.token("transfer", corp.address, 11)) == error(
        "TokenRuleRefused", limited, bob.address, corp.address, 11
    )
    assert (stage.reason(bob, corp, 11), stage.balance(bob)) == (22, 41)


def test_rule__says_no__is_asked_last(stage: Stage, limited: str, bob: Person) -> None:
    assert stage.reason(bob, stage.stranger, 11) == 19
    assert stage.reason(bob, stage.corp, 52) == 13


@BY_FAULT
def test_rule__broken__closes_and_never_opens(
    stage: Stage, broken: str, bob: Person, corp: Person
) -> None:
    before = stage.everything()
    assert bob.refused(stage.token("transfer", corp.address, 1)) == error("TokenRuleFailed", broken)
    assert stage.reason(bob, corp, 1) == 23
    assert stage.token.ask("canTransfer", bob.address, corp.address, 1) is False
    assert stage.everything() == before
    assert stage.node.storage(broken, 0).value == 0


@BY_FAULT
def test_rule__broken__costs_a_bounded_amount_of_gas(
    stage: Stage, broken: str, bob: Person, corp: Person
) -> None:
    """Whoever transfers pays for the rule; a rule must not be able to burn a whole block."""
    call = stage.token("transfer", corp.address, 1)
    with pytest.raises(Refusal, match="rule_failed") as failed:
        bob.sends(call, gas=1_000_000)
    receipt = stage.node.receipt(str(failed.value.facts["tx"]))
    assert receipt is not None
    assert receipt.gas_used < 500_000


@BY_FAULT
def test_rule__broken__leaves_what_gives_nothing(
    ready: Stage, releaser: TwoPersons, bob: Person, number: int
) -> None:
    """Redemption, restriction, split and re-keying are not the rule's business."""
    ready.restrictor.does(ready.token("setRule", ready.create("BrokenRule", number)))
    ready.issuer.does(ready.token("redeem", [bob.address], [1], act("RED-1")))
    ready.issuer.does(ready.token("split", 2, 0, act("SPLIT-1")))
    ready.restrictor.does(ready.token("setAddressFrozen", bob.address, True))
    ready.repairer.does(ready.token(REKEY_ACT, bob.address, ready.spare.address, act("KEY-1")))
    assert ready.balance(ready.spare) == 100


def test_rule__without_code__closes(stage: Stage, restrictor: Person, bob: Person) -> None:
    nobody = stage.stranger.address
    restrictor.does(stage.token("setRule", nobody))
    assert bob.refused(stage.token("transfer", stage.corp.address, 1)) == error(
        "TokenRuleFailed", nobody
    )


@BY_FAULT
def test_rule__removed_by_two_persons__runs_again(
    stage: Stage, broken: str, releaser: TwoPersons, restrictor: Person, bob: Person, corp: Person
) -> None:
    assert restrictor.refused(stage.token("setRule", ZERO_ADDRESS)) == error(
        "TokenReleaseNeedsTwoPersons", restrictor.address
    )
    releaser.does(stage.token("setRule", ZERO_ADDRESS))
    bob.does(stage.token("transfer", corp.address, 1))
    assert stage.balance(bob) == 50


@pytest.mark.parametrize("gas", [60_000, 90_000, 150_000, 200_000, 240_000])
def test_rule__too_little_gas_left_for_it__never_opens(
    stage: Stage, limited: str, bob: Person, corp: Person, gas: int
) -> None:
    """A sender who starves the rule of gas gets a refusal or runs out, and where it still answers, its answer."""
    before = stage.everything()
    with pytest.raises(Refusal, match=r"rule_refused|rule_failed|transaction_failed"):
        bob.sends(stage.token("transfer", corp.address, 11), gas=gas)
    assert stage.everything() == before
