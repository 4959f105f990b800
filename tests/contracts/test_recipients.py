"""No path pays a recipient who was not asked (invariant 8), and repair overrides the giver's restrictions.

Outcomes: recipients.tree.
"""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.functions import FUNCTIONS, Action
from tests.contracts.handle import Error, error
from tests.contracts.paths import PATHS, Path
from tests.contracts.situations import LATER, RECIPIENT, SENDER, Situation, Transfer
from tests.contracts.stage import CORPORATE, VERIFIED_UNTIL, Stage, act, ref

from genbo.governance import Contract

BY_PATH = [pytest.param(path, id=path.signature) for path in PATHS]
BY_RECIPIENT = [pytest.param(each, id=each.reason) for each in RECIPIENT]
GIVING = {
    Action.TRANSFER,
    Action.ADDITIONAL_ISSUE,
    Action.DISTRIBUTE,
    Action.FORCED,
    Action.REDISTRIBUTE,
    Action.REVERSE,
}


@pytest.fixture
def newcomer(ready: Stage, restrictor: Person) -> Person:
    """Verified, without units."""
    person = ready.person(10)
    restrictor.does(ready.token("setVerdict", person.address, VERIFIED_UNTIL, CORPORATE, False))
    return person


def test_paths__table__has_every_function_that_gives_units() -> None:
    giving = {
        signature
        for (contract, signature), row in FUNCTIONS.items()
        if contract is Contract.TOKEN and row.action in GIVING
    }
    holds = {each for each in giving if "Hold" in each}
    assert {each.partition("(")[0] for each in holds} == {
        *("createHold", "createHoldFrom", "executeHold")
    }
    assert {path.signature for path in PATHS} == giving - holds


@pytest.mark.parametrize("path", BY_PATH)
def test_recipient__in_good_standing__receives(ready: Stage, newcomer: Person, path: Path) -> None:
    path.actor(ready, newcomer.address).does(path.call(ready, newcomer.address, 1))
    assert ready.balance(newcomer) == 1


@pytest.mark.parametrize("path", BY_PATH)
@pytest.mark.parametrize("situation", BY_RECIPIENT)
def test_recipient__in_bad_standing__refused_on_every_path(
    ready: Stage, newcomer: Person, path: Path, situation: Situation
) -> None:
    transfer = Transfer(ready.bob, newcomer.address)
    situation.prepare(ready, transfer)
    call = path.call(ready, transfer.to, 1)
    before = ready.everything()
    assert path.actor(ready, transfer.to).refused(call) == situation.error(ready, transfer)
    assert ready.everything() == before


@pytest.mark.parametrize("situation", BY_RECIPIENT)
def test_recipient_of_a_hold__in_bad_standing__refused_at_its_creation(
    ready: Stage, newcomer: Person, situation: Situation
) -> None:
    transfer = Transfer(ready.bob, newcomer.address)
    situation.prepare(ready, transfer)
    words = (transfer.to, 1, VERIFIED_UNTIL, ready.ann.address)
    expected = situation.error(ready, transfer)
    assert ready.bob.refused(ready.token("createHold", ref("HOLD-2"), *words)) == expected
    by_ann = ready.token("createHoldFrom", ready.bob.address, ref("HOLD-2"), *words)
    assert ready.ann.refused(by_ann) == expected


@pytest.mark.parametrize(
    "situation", [pytest.param(each, id=each.reason) for each in RECIPIENT if each.number != 15]
)
def test_recipient_of_a_hold__in_bad_standing_meanwhile__refused_at_delivery_and_release_is_free(
    ready: Stage, newcomer: Person, situation: Situation
) -> None:
    transfer, token = Transfer(ready.bob, newcomer.address), ready.token
    words = (newcomer.address, 10, VERIFIED_UNTIL, ready.ann.address)
    ready.bob.does(token("createHold", ref("HOLD-2"), *words))
    situation.prepare(ready, transfer)
    before = ready.everything()
    deliver = token("executeHold", ref("HOLD-2"))
    assert ready.ann.refused(deliver) == situation.error(ready, transfer)
    assert ready.everything() == before
    ready.ann.does(token("releaseHold", ref("HOLD-2")))
    assert (ready.balance(ready.bob), ready.frozen(ready.bob)) == (51, 0)


@pytest.mark.parametrize("rule", ["says no", "broken"])
def test_extra_rule__asked_at_creation_and_at_delivery_of_a_hold(
    ready: Stage, newcomer: Person, restrictor: Person, rule: str
) -> None:
    token, to = ready.token, newcomer.address
    words = (to, 10, VERIFIED_UNTIL, ready.ann.address)
    ready.bob.does(token("createHold", ref("HOLD-2"), *words))
    address = ready.create("LimitRule", 0) if rule == "says no" else ready.stranger.address
    restrictor.does(token("setRule", address))
    expected = (
        error("TokenRuleRefused", address, ready.bob.address, to, 10)
        if rule == "says no"
        else error("TokenRuleFailed", address)
    )
    assert ready.ann.refused(token("executeHold", ref("HOLD-2"))) == expected
    assert ready.bob.refused(token("createHold", ref("HOLD-3"), *words)) == expected


@pytest.mark.parametrize("situation", [each for each in RECIPIENT if each.number not in (15, 16)])
def test_recipient__holds_units_already__is_asked_all_the_same(
    ready: Stage, situation: Situation
) -> None:
    transfer = Transfer(ready.bob, ready.corp.address)
    situation.prepare(ready, transfer)
    for path in PATHS:
        call = path.call(ready, ready.corp.address, 1)
        actor = path.actor(ready, ready.corp.address)
        assert actor.refused(call) == situation.error(ready, transfer)


@pytest.mark.parametrize("path", BY_PATH)
def test_recipient__locked_up__receives(
    ready: Stage, newcomer: Person, restrictor: Person, path: Path
) -> None:
    restrictor.does(ready.token("setLockUp", newcomer.address, LATER))
    actor = path.actor(ready, newcomer.address)
    assert actor.may(path.call(ready, newcomer.address, 1))


@pytest.mark.parametrize("path", BY_PATH)
def test_extra_rule__says_no__refused_on_every_path(
    ready: Stage, newcomer: Person, restrictor: Person, path: Path
) -> None:
    rule = ready.create("LimitRule", 0)
    restrictor.does(ready.token("setRule", rule))
    actor = path.actor(ready, newcomer.address)
    first = newcomer.address if path.first_fails else ready.ann.address
    assert actor.refused(path.call(ready, newcomer.address, 1)) == error(
        "TokenRuleRefused", rule, path.giver(ready), first, 1
    )


@pytest.mark.parametrize("path", BY_PATH)
def test_extra_rule__broken__refused_on_every_path(
    ready: Stage, newcomer: Person, restrictor: Person, path: Path
) -> None:
    restrictor.does(ready.token("setRule", ready.stranger.address))  # no code there
    actor = path.actor(ready, newcomer.address)
    assert actor.refused(path.call(ready, newcomer.address, 1)) == error(
        "TokenRuleFailed", ready.stranger.address
    )


# The giver ----------------------------------------------------------------------------------------

STANDING = [each for each in SENDER if each.number in (7, 8, 9, 10, 11, 12, 14)]


@pytest.mark.parametrize("situation", [pytest.param(each, id=each.reason) for each in STANDING])
@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.signature) for path in PATHS if path.by == "repairer"]
)
def test_repair__giver_restricted__happens_all_the_same(
    ready: Stage, repairer: TwoPersons, path: Path, situation: Situation
) -> None:
    situation.prepare(ready, Transfer(ready.bob, ready.corp.address))
    units = 1 if path.gives is None else 51 if path.first_fails else 50  # one went to ann first
    before = ready.balance(ready.corp)
    repairer.does(path.call(ready, ready.corp.address, units))
    assert ready.balance(ready.corp) == before + units
    assert ready.balance(ready.bob) == (51 if path.gives is None else 0)


@pytest.mark.parametrize("situation", [pytest.param(each, id=each.reason) for each in STANDING])
@pytest.mark.parametrize("function", ["redeem", "burn", "batchBurn", "redeemAll"])
def test_redemption__holder_restricted__happens_all_the_same(
    ready: Stage, issuer: TwoPersons, function: str, situation: Situation
) -> None:
    """R-JSTOA-6.1.1.4: a blocked holder is redeemed too; the cash is what is withheld."""
    bob = ready.bob.address
    situation.prepare(ready, Transfer(ready.bob, ready.corp.address))
    arguments = {
        "redeem": ([bob], [51], act("RED-1")),
        "burn": (bob, 51),
        "batchBurn": ([bob, bob], [50, 1]),
        "redeemAll": ([bob], act("RED-1")),
    }
    total = ready.total
    issuer.does(ready.token(function, *arguments[function]))
    assert (ready.balance(bob), ready.frozen(bob), ready.total) == (0, 0, total - 51)


@pytest.mark.parametrize("situation", [pytest.param(each, id=each.reason) for each in SENDER])
def test_distribution__beneficiary_restricted__refused_but_for_a_lock_up(
    ready: Stage, distributor: Person, situation: Situation
) -> None:
    giver = ready.beneficiary
    transfer = Transfer(giver, ready.corp.address)
    situation.prepare(ready, transfer)
    units = 1_001 if situation.number == 13 else 10
    if situation.number == 14:
        ready.restrictor.does(ready.token("setFrozenTokens", giver.address, 991))
    call = ready.token(
        "distribute", [ready.ann.address, ready.corp.address], [1, units - 1], ref("D-2")
    )
    expected: Error | None = {
        6: None,  # the new address is the initial beneficiary from then on
        12: None,
        13: error("ERC20InsufficientBalance", giver.address, 1_000, 1_001),
        14: error("ERC7943InsufficientUnfrozenBalance", giver.address, 10, 9),
    }.get(situation.number, situation.error(ready, transfer))
    if expected is None:
        distributor.does(call)
        assert ready.balance(ready.corp) == 399 + 9
    else:
        before = ready.everything()
        assert distributor.refused(call) == expected
        assert ready.everything() == before


@pytest.mark.parametrize("path", BY_PATH)
def test_product_lock_up__holds__stops_transfers_alone(
    ready: Stage, newcomer: Person, restrictor: Person, path: Path
) -> None:
    restrictor.does(ready.token("setProductLockUp", LATER))
    actor, call = path.actor(ready, newcomer.address), path.call(ready, newcomer.address, 1)
    if path.ordinary:
        assert actor.refused(call) == error("TokenProductLockedUp", LATER)
    else:
        assert actor.may(call)
