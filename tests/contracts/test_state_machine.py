"""The token on the ledger, the pure model of it and whoever knows its events alone, together through any history.
Outcomes: state_machine.tree. The machine itself: `machine/`.

`FUZZ_PROFILE=long` (`make fuzz`) searches for hundreds of histories, new ones each time, and shortens one that fails.
Without it the histories are few, and the same each time.
"""

from __future__ import annotations

import pytest
from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test
from tests.contracts.machine import profile
from tests.contracts.machine.agreement import STATES
from tests.contracts.machine.drawn import DIGEST, LIMIT
from tests.contracts.machine.holds import HAPPENED
from tests.contracts.machine.sides import Seen, Setting, Start
from tests.contracts.machine.surroundings import Together
from tests.contracts.replay import Replay
from tests.contracts.stage import (
    CAP,
    CORPORATE,
    DUE,
    PERMITTED,
    RETAIL,
    VERIFIED_UNTIL,
    Stage,
    act,
)

from genbo.governance import Duty
from genbo.token.model import TokenModel

OTHER_TOTAL = 600
HISTORIES = 40


@pytest.fixture(scope="module")
def setting(_built: Stage) -> Setting:
    stage = _built
    stage.take_back_to(stage.unissued)
    hand = stage.person(900).address
    for duty in (
        *(Duty.ISSUER, Duty.DISTRIBUTOR, Duty.RESTRICTOR),
        *(Duty.RELEASER, Duty.REPAIRER, Duty.TRANSFER_CONTROLLER),
    ):
        stage.admin.does(stage.manager("grantRole", int(duty), hand, 0))
    other, heir = stage.product("P2"), stage.beneficiary.address
    stage.restrictor.does(other("setVerdict", heir, VERIFIED_UNTIL, CORPORATE, False))
    stage.issuer.does(other("issue", [heir], [OTHER_TOTAL], act("ISSUE-1")))
    rules = {
        "limit": stage.create("LimitRule", LIMIT),
        "reverts": stage.create("BrokenRule", 0),
        "burns gas": stage.create("BrokenRule", 1),
        "no code": stage.person(901).address,
    }
    return Setting(stage, rules, OTHER_TOTAL)


@pytest.fixture(scope="module")
def starts(setting: Setting) -> list[Start]:
    """As offered: with holders counted or not, redeemable at once or later."""
    stage = setting.stage
    model = TokenModel(
        legal_category=101,
        terms_digest=DIGEST,
        initial_beneficiary=stage.beneficiary.address,
        authorised_cap=CAP,
        redemption_date=DUE,
        permitted_classes=PERMITTED,
    )
    for people, kind in (((0, 1, 2), RETAIL), ((3,), CORPORATE)):
        model.set_verdict(
            accounts=[stage.person(number).address for number in people],
            until=VERIFIED_UNTIL,
            investor_class=kind,
            blocked=False,
        )
    unissued = Start(stage.node.snapshot(), model, Replay(stage.logs_of(stage.token)))
    found = []
    for counted in (False, True):
        for late in (False, True):
            machine = Together(setting, Seen(), [unissued])
            machine.offer(counted=counted, late=late)
            found.append(machine.here())
    return found


@pytest.mark.slow
def test_token_and_model__any_history__agree_after_every_step(
    stage: Stage, setting: Setting, starts: list[Start]
) -> None:
    seen = Seen()
    for number in profile.seeds(HISTORIES):

        def begin() -> Together:
            return Together(setting, seen, starts)

        if number is not None:
            seed(number)(begin)
        run_state_machine_as_test(begin, settings=profile.settings(steps=40))

    # The search went everywhere: every function was done, and refused for most reasons there are.
    functions = {e.name for e in stage.token.interface.functions if e.writes} - {"setControlBits"}
    assert functions <= set(seen.done) | set(seen.refused)
    assert len(functions & set(seen.done)) >= len(functions) - 3, functions - set(seen.done)
    assert len(seen.reasons) >= 40, sorted(seen.reasons)
    # A rule that fails in one way is like one that fails in another; test_rules meets each of them.
    failing = {"rule reverts", "rule burns its gas", "rule has no code"}
    assert set(seen.judged) >= STATES - failing, STATES - set(seen.judged)
    assert set(seen.judged) & failing
    assert set(seen.held) >= HAPPENED, HAPPENED - set(seen.held)
