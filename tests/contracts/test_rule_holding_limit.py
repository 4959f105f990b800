"""`HoldingLimitRule`: at most so many units an investor; and rules that fail, on every path.

Outcomes: rule_holding_limit.tree; rules in general: rules.tree.
"""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person
from tests.contracts.handle import Error, Handle, error
from tests.contracts.market import INSTRUCT, SETTLE, Market
from tests.contracts.paths import PATHS, Path
from tests.contracts.stage import CORPORATE, VERIFIED_UNTIL, Stage, act, ref

from genbo.chain import artifacts
from genbo.chain.call import creation
from genbo.chain.node import Reverted

PAPERS = "(bytes32,bytes32,uint32)"
RE_KEY = f"recoveryAddress(address,address,{PAPERS})"
MOST = 60
"""Bob has 51 of them, ann 2, corp 400."""


def plugged(stage: Stage, most: int = MOST) -> Handle:
    rule = stage.at("HoldingLimitRule", stage.create("HoldingLimitRule", stage.token.address, most))
    stage.restrictor.does(stage.token("setRule", rule.address))
    return rule


@pytest.fixture
def rule(stage: Stage) -> Handle:
    """At most sixty units each."""
    return plugged(stage)


def refused(rule: Handle, giver: Person, to: Person, units: int) -> Error:
    return error("TokenRuleRefused", rule.address, giver.address, to.address, units)


# Coming into being ----------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [0, 2**80, 2**256 - 1])
def test_rule__of_an_impossible_limit__is_not_made(stage: Stage, most: int) -> None:
    artifact = artifacts.load("HoldingLimitRule")
    call = creation(artifact, stage.token.address, most)
    with pytest.raises(Reverted) as refusal:
        stage.node.rehearse(sender=stage.stranger.address, to=None, data=call.data)
    entry = artifact.interface.errors[refusal.value.data[:4]]
    assert (entry.name, entry.decode_inputs(refusal.value.data)) == (
        "HoldingLimitInvalid",
        {"most": most},
    )


@pytest.mark.parametrize("most", [1, 2**80 - 1])
def test_rule__says_what_it_limits(stage: Stage, most: int) -> None:
    rule = plugged(stage, most)
    assert (rule.ask("token"), rule.ask("most")) == (stage.token.address, most)


# Up to the limit ------------------------------------------------------------------------------------


def test_limit__up_to_it_and_not_beyond(
    stage: Stage, rule: Handle, bob: Person, corp: Person
) -> None:
    assert corp.refused(stage.token("transfer", bob.address, 10)) == refused(rule, corp, bob, 10)
    assert stage.reason(corp, bob, 10) == 22
    corp.does(stage.token("transfer", bob.address, 9))
    assert corp.refused(stage.token("transfer", bob.address, 1)) == refused(rule, corp, bob, 1)
    assert stage.balance(bob) == MOST


def test_limit__rows_of_one_batch__count_together(
    stage: Stage, rule: Handle, ann: Person, corp: Person
) -> None:
    """Ann has two, and the second row finds what the first left."""
    rows = ([ann.address, ann.address], [30, 29])
    assert corp.refused(stage.token("batchTransfer", *rows)) == refused(rule, corp, ann, 29)
    distribution = stage.token("distribute", *rows, ref("DIST-2"))
    assert stage.distributor.refused(distribution) == refused(rule, stage.beneficiary, ann, 29)
    corp.does(stage.token("batchTransfer", [ann.address] * 2, [30, 28]))
    assert stage.balance(ann) == MOST


def test_limit__what_was_given_away__can_be_received_again(
    stage: Stage, rule: Handle, bob: Person, ann: Person, corp: Person
) -> None:
    corp.does(stage.token("transfer", bob.address, 9))
    bob.does(stage.token("transfer", ann.address, 20))
    corp.does(stage.token("transfer", bob.address, 20))
    assert (stage.balance(bob), stage.balance(ann)) == (60, 22)


def test_limit__who_is_above_it__receives_nothing_and_gives_freely(
    stage: Stage, rule: Handle, bob: Person, ann: Person, corp: Person
) -> None:
    """Corp held four hundred before there was a limit: nothing is taken away from it."""
    assert bob.refused(stage.token("transfer", corp.address, 1)) == refused(rule, bob, corp, 1)
    bob.does(stage.token("transfer", corp.address, 0))  # nothing is not more than before
    corp.does(stage.token("transfer", ann.address, 58))
    corp.does(stage.token("transfer", corp.address, 342))  # to oneself
    assert stage.balance(corp) == 342


# The initial beneficiary ----------------------------------------------------------------------------


def test_limit__initial_beneficiary__is_not_limited(
    stage: Stage, rule: Handle, beneficiary: Person, corp: Person
) -> None:
    """The whole issue lies there before it is distributed."""
    corp.does(stage.token("transfer", beneficiary.address, 400))
    stage.issuer.does(stage.token("issue", [beneficiary.address], [547], act("ISSUE-2")))
    assert stage.balance(beneficiary) == 1_947


def test_limit__initial_beneficiary_re_keyed__is_not_limited_under_its_new_key(
    stage: Stage, rule: Handle, beneficiary: Person, corp: Person
) -> None:
    new = stage.person(43)
    stage.repairer.does(stage.token(RE_KEY, beneficiary.address, new.address, act("KEY-1")))
    corp.does(stage.token("transfer", new.address, 400))
    assert stage.balance(new) == 1_400


# Splits, keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("factors", [(2,), (3, 7), (1_000_000,)], ids=str)
def test_limit__grows_with_every_split(
    stage: Stage, rule: Handle, bob: Person, corp: Person, factors: tuple[int, ...]
) -> None:
    times = 1
    for epoch, factor in enumerate(factors):
        stage.issuer.does(stage.token("split", factor, epoch, act(f"SPLIT-{epoch}")))
        times *= factor
    room = 9 * times
    assert corp.refused(stage.token("transfer", bob.address, room + 1)) == refused(
        rule, corp, bob, room + 1
    )
    corp.does(stage.token("transfer", bob.address, room))
    assert stage.balance(bob) == MOST * times


def test_limit__re_keying__is_not_asked(stage: Stage, rule: Handle, corp: Person) -> None:
    """The holder is the same, above the limit or not."""
    new = stage.spare.address
    stage.repairer.does(stage.token(RE_KEY, corp.address, new, act("KEY-1")))
    assert stage.balance(new) == 400


# Every path -----------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(ready: Stage, restrictor: Person) -> Person:
    """Verified, without units."""
    person = ready.person(10)
    restrictor.does(ready.token("setVerdict", person.address, VERIFIED_UNTIL, CORPORATE, False))
    return person


@pytest.mark.parametrize(
    "path",
    # One unit was burned in the state `ready`; more are refused there before a rule is asked.
    [path for path in PATHS if not path.signature.startswith("redistributeBurned")],
    ids=lambda path: path.signature,
)
def test_every_path__beyond_the_limit__is_refused(
    ready: Stage, newcomer: Person, path: Path
) -> None:
    """A limit of two: three are too many by whichever way, for holders and for two persons of the registrar alike."""
    ann_has_room = path.first_fails  # else a row of hers comes first, and she has two already
    rule = plugged(ready, 2 if ann_has_room else 3)
    units = 3 if ann_has_room else 4
    call = path.call(ready, newcomer.address, units)
    who = path.actor(ready, newcomer.address)
    assert who.refused(call) == error(
        "TokenRuleRefused", rule.address, path.giver(ready), newcomer.address, units
    )


FAULTS = ["reverts", "no code", "garbage", "too short", "burns gas"]


def broken(stage: Stage, fault: str) -> str:
    """A rule with that fault, plugged in; its address."""
    numbers = {"reverts": 0, "burns gas": 1, "too short": 4, "garbage": 6}
    address = (
        stage.spare.address if fault == "no code" else stage.create("BrokenRule", numbers[fault])
    )
    stage.restrictor.does(stage.token("setRule", address))
    return address


@pytest.mark.parametrize("fault", FAULTS)
def test_every_path__under_a_rule_that_fails__is_closed(
    ready: Stage, newcomer: Person, fault: str
) -> None:
    """A broken rule refuses everybody everything that gives units; it lets nothing through."""
    address = broken(ready, fault)
    before = ready.everything()
    for path in PATHS:
        who = path.actor(ready, newcomer.address)
        call = path.call(ready, newcomer.address, 1)
        assert who.refused(call) == error("TokenRuleFailed", address), path.signature
    assert ready.everything() == before


@pytest.mark.parametrize("fault", FAULTS)
def test_settlement_and_holds__under_a_rule_that_fails__are_closed(
    stage: Stage, fault: str
) -> None:
    market = Market.on(stage)
    promised = market.bank_trade(tradeId=ref("T-0"))
    market.sends(market.signed(promised, INSTRUCT))
    batch = market.batch(
        {market.seller.address: (-1, 1), market.buyer.address: (1, -1)}, batchId=ref("B-1")
    )
    address = broken(stage, fault)
    failed = error("TokenRuleFailed", address)
    for call in (
        market.signed(market.trade(), SETTLE),
        market.signed(market.bank_trade(), INSTRUCT),
        market.signed_batch(batch, [market.seller, market.buyer]),
    ):
        assert market.anybody.refused(call) == failed
    confirm = market.settlement("confirmPayment", market.token.address, ref("T-0"), ref("PAY-1"))
    assert market.agent.refused(confirm) == failed
    market.agent.does(market.settlement("abort", market.token.address, ref("T-0")))
