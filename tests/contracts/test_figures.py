"""The figures of requirements part D that stand on the ledger, with the 503 holders of its common fixture.

Outcomes: figures.tree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.contracts.actors import Actor, Person, TwoPersons
from tests.contracts.handle import error, event
from tests.contracts.stage import (
    CORPORATE,
    DUE,
    EVIDENCE,
    ISSUED,
    RETAIL,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)

from genbo.chain.call import Call
from genbo.kernel import Reason, Refusal

JST = timezone(timedelta(hours=9))
ZERO = "0x" + 40 * "0"
FORCED = "forcedTransfer(address,address,uint256,(bytes32,bytes32,uint32))"


def jst(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=JST).timestamp())


REDEEMABLE = jst(2026, 5, 1)
HOLDINGS = {1: 2, 2: 51, 3: 400, **dict.fromkeys(range(4, 504), 2)}


def holder(number: int) -> str:
    """H1, H2, H3 have keys here (`person`); of the others the address is enough."""
    return f"0x{number:040d}"


@pytest.fixture(scope="module")
def offering_state(_built: Stage) -> str:
    """P1 "KDX-like" as distributed on 2021-08-11: the snapshot every test here begins with."""
    stage, token = _built, _built.token
    stage.take_back_to(stage.unissued)
    retail = [stage.person(1).address, stage.person(2).address]
    retail += [holder(number) for number in range(4, 504)]
    stage.restrictor.does(token("batchSetVerdict", retail, VERIFIED_UNTIL, RETAIL, False))
    stage.restrictor.does(
        token("setVerdict", stage.person(3).address, VERIFIED_UNTIL, CORPORATE, False)
    )
    beneficiary = stage.beneficiary.address
    stage.issuer.does(token("setTerms", 101, TERMS_HASH, beneficiary, ISSUED, REDEEMABLE))
    stage.next_block_at(jst(2021, 8, 11, 9))
    stage.issuer.does(token("issue", [beneficiary], [ISSUED], act("ISSUE-1", delivery=20210811)))
    to = [address_of(stage, number) for number in HOLDINGS]
    stage.distributor.does(token("distribute", to, list(HOLDINGS.values()), ref("ALLOT-1")))
    state = stage.node.snapshot()
    assert (stage.total, stage.balance(beneficiary), DUE > REDEEMABLE) == (1_453, 0, True)
    return state


def address_of(stage: Stage, number: int) -> str:
    return stage.person(number).address if number <= 3 else holder(number)


@pytest.fixture
def offering(stage: Stage, offering_state: str) -> Stage:
    stage.take_back_to(offering_state)
    return stage


@pytest.fixture
def h2(offering: Stage) -> Person:
    return offering.person(2)


def held(stage: Stage, *numbers: int) -> list[int]:
    return [stage.balance(address_of(stage, number)) for number in numbers]


def total_of_all(stage: Stage) -> int:
    return sum(held(stage, *HOLDINGS))


# D.1 ----------------------------------------------------------------------------------------------


def test_d_1_1__issue_again__no_change(offering: Stage, issuer: TwoPersons) -> None:
    beneficiary = offering.beneficiary.address
    again = offering.token("issue", [beneficiary], [1], act("ISSUE-1"))
    assert issuer.refused(again) == error("TokenReferenceUsed", ref("ISSUE-1"))
    above = offering.token("issue", [beneficiary], [1], act("ISSUE-2"))
    assert issuer.refused(above) == error("TokenCapExceeded", 1_453, 1_454)
    assert offering.total == total_of_all(offering) == 1_453


def test_d_1_4__split_one_to_ten_with_a_held_quantity__scales_all_of_it(
    offering: Stage, issuer: TwoPersons, restrictor: Person, h2: Person
) -> None:
    restrictor.does(offering.token("freezePartialTokens", h2.address, 5))
    for factor in (1, 0):
        refused = issuer.refused(offering.token("split", factor, 0, act("SPLIT-1")))
        assert refused == error("TokenSplitFactorInvalid", factor)
    offering.next_block_at(jst(2022, 4, 1))
    done = issuer.does(offering.token("split", 10, 0, act("SPLIT-1", delivery=20220401)))
    assert done == [event("Split", ref("SPLIT-1"), 1, 10, 1_453, 14_530, 20220401, EVIDENCE)]
    assert offering.total == 14_530
    assert held(offering, 1, 2, 3) == [20, 510, 4_000]
    assert offering.frozen(h2) == 50
    assert total_of_all(offering) == 14_530
    assert offering.reason(h2, offering.person(1), 460) == 0
    assert offering.reason(h2, offering.person(1), 461) == 14


# D.2.6 --------------------------------------------------------------------------------------------


@pytest.fixture
def creditor(offering: Stage) -> str:
    """H600, not yet verified."""
    return holder(600)


def court_order(stage: Stage, h2: Person, creditor: str) -> Call:
    """令和4年(ル)第1号: 10 units."""
    papers = act("R4-RU-1", delivery=20220301)
    return stage.token(FORCED, h2.address, creditor, 10, papers)


def test_d_2_6__court_order_against_a_locked_up_frozen_holder__takes_ten(
    offering: Stage, repairer: TwoPersons, restrictor: Person, h2: Person, creditor: str
) -> None:
    token = offering.token
    restrictor.does(token("setLockUp", h2.address, VERIFIED_UNTIL))
    restrictor.does(token("setAddressFrozen", h2.address, True))
    restrictor.does(token("setFrozenTokens", h2.address, 51))
    order = court_order(offering, h2, creditor)

    assert repairer.refused(order) == error("TokenUnverified", creditor)
    restrictor.does(token("setVerdict", creditor, VERIFIED_UNTIL, RETAIL, False))
    for person in repairer.persons:
        assert person.refused(order) == error(
            "TokenDutyMissing", person.address, token.selector(FORCED)
        )
    with pytest.raises(Refusal) as one_signature:
        repairer.sends(order, signed_by=repairer.owners[:1])
    assert one_signature.value.reason is Reason.APPROVALS_TOO_FEW

    offering.next_block_at(jst(2022, 3, 1, 10))
    assert repairer.does(order) == [
        event("Movement", ref("R4-RU-1"), 7, 1, 20220301, EVIDENCE),
        event("Frozen", h2.address, 41),
        event("Transfer", h2.address, creditor, 10),
        event("ForcedTransfer", h2.address, creditor, 10),
    ]
    assert (offering.balance(h2), offering.balance(creditor)) == (41, 10)
    assert (offering.frozen(h2), offering.total) == (41, 1_453)
    assert repairer.refused(order) == error("TokenReferenceUsed", ref("R4-RU-1"))
    assert offering.balance(h2) == 41


# D.10 ---------------------------------------------------------------------------------------------


def eleven(stage: Stage) -> dict[str, tuple[Actor, Call]]:
    """One call of each action; the eleventh, stop, is what was done already."""
    h1, h2, h3 = (stage.person(number).address for number in (1, 2, 3))
    call: Callable[..., Call] = stage.token
    return {
        "issue": (stage.issuer, call("issue", [h1], [1], act("X-1"))),
        "distribute": (stage.distributor, call("distribute", [h1], [1], ref("X-2"))),
        "transfer": (stage.person(2), call("transfer", h1, 1)),
        "additional issue": (stage.issuer, call("mint", h1, 1)),
        "redeem": (stage.issuer, call("redeem", [h2], [1], act("X-3"))),
        "split": (stage.issuer, call("split", 10, 0, act("X-4"))),
        "restrict": (stage.restrictor, call("setAddressFrozen", h2, True)),
        "forced": (stage.repairer, call(FORCED, h2, h1, 1, act("X-5"))),
        "redistribute": (stage.repairer, call("redistribute", h2, h1, 1, ref("X-6"), EVIDENCE)),
        "reverse": (stage.repairer, call("reverseTransfer", ref("T-1"), h2, h3, 1, act("X-7"))),
        "stop": (stage.operator("operator-2"), stage.platform("stop")),
    }


def test_d_10_1__one_operator_stops__all_fail_and_reads_work(
    offering: Stage, stopper: Person
) -> None:
    offering.next_block_at(jst(2026, 6, 1, 10))
    stopper.does(offering.platform("stop"))
    assert offering.now == jst(2026, 6, 1, 10)
    attempts = eleven(offering)
    assert len(attempts) == 11
    for name, (actor, call) in attempts.items():
        expected = (
            error("PlatformAlreadyStopped", stopper.address)
            if name == "stop"
            else error("TokenStopped")
        )
        assert actor.refused(call) == expected, name
        with pytest.raises(Refusal) as refused:
            actor.sends(call)
        reason = Reason.ALREADY_STOPPED if name == "stop" else Reason.PLATFORM_STOPPED
        assert refused.value.reason is reason, name

    assert held(offering, 1, 2, 3) == [2, 51, 400]
    assert (offering.total, total_of_all(offering)) == (1_453, 1_453)
    assert offering.reason(offering.person(2), offering.person(1), 1) == 1
    moved = [each for each in offering.logs_of(offering.token) if each.name == "Transfer"]
    assert len(moved) == 1 + 503


def test_d_10_2__two_others_resume_and_repair__the_total_is_restored(
    offering: Stage, stopper: Person, resumer: TwoPersons, issuer: TwoPersons,
    repairer: TwoPersons, market_operator: Person,
) -> None:  # fmt: skip
    token, platform, h10 = offering.token, offering.platform, holder(10)
    offering.next_block_at(jst(2026, 6, 1, 9))
    assert offering.total == 1_453
    issuer.does(token("redeem", [h10], [2], act("FAULT-1")))  # in error
    assert (offering.total, offering.balance(h10)) == (1_451, 0)
    offering.next_block_at(jst(2026, 6, 1, 10))
    stopper.does(platform("stop"))

    for person in (stopper, offering.operator("operator-2"), *resumer.persons):
        assert person.refused(platform("resume")) == error(
            "PlatformDutyMissing", person.address, platform.selector("resume")
        )
    for signer in resumer.owners:
        with pytest.raises(Refusal) as refused:
            resumer.sends(platform("resume"), signed_by=[signer])
        assert refused.value.reason is Reason.APPROVALS_TOO_FEW

    resumer.does(platform("resume"))
    assert platform.ask("status") == 1  # market closed
    assert offering.reason(offering.person(2), offering.person(1), 1) == 2
    repaired = token("redistributeBurned", ref("FAULT-1"), h10, 2, ref("INCIDENT-1"), EVIDENCE)
    assert repairer.does(repaired) == [
        event("Movement", ref("INCIDENT-1"), 8, 1, 0, EVIDENCE),
        event("Reversed", ref("FAULT-1"), ref("INCIDENT-1")),
        event("Transfer", ZERO, h10, 2),
    ]
    assert (offering.total, offering.balance(h10), total_of_all(offering)) == (1_453, 2, 1_453)
    assert repairer.refused(repaired) == error("TokenReferenceUsed", ref("INCIDENT-1"))
    market_operator.does(platform("openMarket"))
    assert offering.reason(offering.person(2), offering.person(1), 1) == 0


def test_d_10_3__market_closed__transfer_waits_and_the_court_order_runs(
    offering: Stage, market_operator: Person, repairer: TwoPersons, restrictor: Person,
    h2: Person, creditor: str,
) -> None:  # fmt: skip
    restrictor.does(offering.token("setVerdict", creditor, VERIFIED_UNTIL, RETAIL, False))
    offering.next_block_at(jst(2026, 6, 1, 18))
    market_operator.does(offering.platform("closeMarket"))
    transfer = offering.token("transfer", offering.person(1).address, 3)
    assert h2.refused(transfer) == error("TokenMarketClosed")
    repairer.does(court_order(offering, h2, creditor))
    assert (offering.balance(h2), offering.balance(creditor)) == (41, 10)
    market_operator.does(offering.platform("openMarket"))
    h2.does(transfer)
    assert held(offering, 1, 2) == [5, 38]
    assert datetime.fromtimestamp(offering.now, UTC).year == 2026
