"""Nobody else: everybody calls everything, and only what may happen happens. Outcomes: nobody_else.tree.

All roles, holders, spenders, notaries, agents and strangers call random functions with random arguments. After each
call that goes through, the token is asked about everybody, and what changed is judged by who called what (`anybody/`).

`FUZZ_PROFILE=long` (`make fuzz`) searches for hundreds of histories; without it they are few, and always the same.
"""

from __future__ import annotations

import pytest
from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test
from tests.contracts.actors import Person
from tests.contracts.anybody.anybody import Scene, Seen, callable_functions
from tests.contracts.anybody.cast import Cast
from tests.contracts.anybody.trades import CALLS_BACK, GOOD, Everybody
from tests.contracts.machine import profile
from tests.contracts.stage import TERMS_HASH, Stage, act, ref

from genbo.kernel import MAX_UNITS

HISTORIES, STEPS = 20, 100
PAYS_NOTHING, TAKES_A_FEE, RE_ENTERS = 4, 5, 9
"""Faults of `HostileCash`."""
YEN = 10**9


@pytest.fixture(scope="module")
def scene(_built: Stage) -> Scene:
    stage = _built
    stage.take_back_to(stage.unissued)
    cast, token = Cast(stage), stage.token
    cast.grant()
    stage.restrictor.does(token("enableHolderCount"))
    first = stage.beneficiary.address
    stage.issuer.does(token("setTerms", 101, TERMS_HASH, first, MAX_UNITS, stage.now))
    stage.issuer.does(token("issue", [first], [2_000], act("ISSUE-1")))
    people = [stage.person(n) for n in range(1, 4)]
    holders = [who.address for who in people]
    stage.distributor.does(token("distribute", holders, [200, 300, 400], ref("DIST-1")))
    for who in people:
        for spender in holders:
            who.does(token("approve", spender, 10**9))
    cash = {
        GOOD: stage.at("TestYen", stage.create("TestYen")),
        "pays nothing": stage.at("HostileCash", stage.create("HostileCash", PAYS_NOTHING)),
        "takes a fee": stage.at("HostileCash", stage.create("HostileCash", TAKES_A_FEE)),
        CALLS_BACK: stage.at("HostileCash", stage.create("HostileCash", RE_ENTERS)),
    }
    settlement = stage.settlement
    for yen in cash.values():
        stage.issuer.does(settlement("allowCash", yen.address, True))
    for holder in cast.holders:
        assert isinstance(holder.actor, Person)
        holder.actor.does(token("approve", settlement.address, 10**9))
        for yen in cash.values():
            holder.actor.does(yen("mint", holder.address, YEN))
            holder.actor.does(yen("approve", settlement.address, YEN))
    rules = [stage.create("LimitRule", 50), stage.create("BrokenRule", 0), stage.spare.address]
    return Scene(stage, cast, stage.node.snapshot(), rules, cash)


@pytest.mark.slow
def test_any_history__by_anybody__moves_only_what_may_move(stage: Stage, scene: Scene) -> None:
    seen = Seen()
    for number in profile.seeds(HISTORIES):

        def begin() -> Everybody:
            return Everybody(scene, seen)

        if number is not None:
            seed(number)(begin)
        run_state_machine_as_test(begin, settings=profile.settings(steps=STEPS))

    print(seen)
    functions = {entry.name for _, entry in callable_functions(stage)} - {"setControlBits"}
    functions |= {"settle", "settle, calling back", "instruct", "confirmPayment", "abort"}
    never = {"enableHolderCount"}  # units were issued before
    seldom = {"batchUnfreezePartialTokens"}  # random lists seldom fit; its single form is reached
    assert functions - set(seen.done) - seldom == never
    assert sum(seen.refused_to_others.values()) >= 100
