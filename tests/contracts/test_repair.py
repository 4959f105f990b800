"""Actions 8, 9 and 10: forced transfer, redistribution, reversal. Outcomes: repair.tree; figures: test_figures.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Event, error, event
from tests.contracts.stage import CAP, DUE, EVIDENCE, ISSUED, NONE32, REKEY_ACT, Stage, act, ref

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

FORCED, REDISTRIBUTE, REVERSE = 7, 8, 9
_ACT = "(bytes32,bytes32,uint32)"
PAPERED = f"forcedTransfer(address,address,uint256,{_ACT})"
PLAIN = "forcedTransfer(address,address,uint256)"


def moved(giver: str, taker: str, units: int) -> list[Event]:
    return [event("Transfer", giver, taker, units), event("ForcedTransfer", giver, taker, units)]


# What each announces ------------------------------------------------------------------------------


def test_forced_transfer__on_evidence__moves_and_announces(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person
) -> None:
    papers = act("ORDER-1", delivery=20220301)
    assert repairer.does(stage.token(PAPERED, bob.address, ann.address, 10, papers)) == [
        event("Movement", ref("ORDER-1"), FORCED, 1, 20220301, EVIDENCE),
        *moved(bob.address, ann.address, 10),
    ]
    assert (stage.balance(bob), stage.balance(ann), stage.total) == (41, 12, ISSUED)


def test_forced_transfer__of_erc_7943__moves_and_announces_without_papers(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person
) -> None:
    call = stage.token(PLAIN, bob.address, ann.address, 51)
    answer = stage.node.call(to=stage.token.address, data=call.data, sender=repairer.address)
    assert int.from_bytes(answer.value, "big") == 1
    assert repairer.does(call) == [
        event("Movement", NONE32, FORCED, 1, 0, NONE32),
        *moved(bob.address, ann.address, 51),
    ]
    assert (stage.balance(bob), stage.balance(ann), stage.total) == (0, 53, ISSUED)


def test_redistribution__units_lost_at_an_address__moves_and_announces(
    stage: Stage, repairer: TwoPersons, bob: Person, spare: Person, restrictor: Person
) -> None:
    """R-JSTOA-6.1.1.9: the total does not change, and the lost address needs no key and no verdict."""
    restrictor.does(stage.token("setVerdict", bob.address, 0, 0, True))
    call = stage.token("redistribute", bob.address, stage.ann.address, 51, ref("INC-1"), EVIDENCE)
    assert repairer.does(call) == [
        event("Movement", ref("INC-1"), REDISTRIBUTE, 1, 0, EVIDENCE),
        *moved(bob.address, stage.ann.address, 51),
    ]
    assert (stage.balance(bob), stage.balance(stage.ann), stage.total) == (0, 53, ISSUED)


def test_reversal__of_a_mistaken_trade__moves_back_and_names_it(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person
) -> None:
    bob.does(stage.token("transferWithReference", ann.address, 20, ref("T-1")))
    papers = act("REV-1", delivery=20220301)
    call = stage.token("reverseTransfer", ref("T-1"), ann.address, bob.address, 20, papers)
    assert repairer.does(call) == [
        event("Movement", ref("REV-1"), REVERSE, 1, 20220301, EVIDENCE),
        event("Reversed", ref("T-1"), ref("REV-1")),
        *moved(ann.address, bob.address, 20),
    ]
    assert (stage.balance(bob), stage.balance(ann), stage.total) == (51, 2, ISSUED)
    assert stage.token.ask("isReversed", ref("T-1")) is True


# The giver ----------------------------------------------------------------------------------------

SEIZURES: dict[str, Callable[[Stage, str, str, int], Call]] = {
    "forced": lambda s, a, b, n: s.token(PAPERED, a, b, n, act("ORDER-1")),
    "forced, plain": lambda s, a, b, n: s.token(PLAIN, a, b, n),
    "redistribute": lambda s, a, b, n: s.token("redistribute", a, b, n, ref("INC-1"), EVIDENCE),
    "reverse": lambda s, a, b, n: s.token("reverseTransfer", ref("T-1"), a, b, n, act("REV-1")),
}
BY_SEIZURE = pytest.mark.parametrize("name", SEIZURES)


@BY_SEIZURE
@pytest.mark.parametrize(
    ("frozen", "units", "left"),
    [
        (0, 51, 0),
        (20, 31, 20),  # exactly the free ones
        (20, 32, 19),
        (20, 51, 0),
        (51, 10, 41),
        (60, 10, 50),  # more frozen than held: what is left is all frozen still
        (60, 51, 9),  # the freeze of 9 units that were never there waits for more
    ],
)
def test_seizure__of_frozen_units__frees_nothing_that_stays(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, ann: Person,
    name: str, frozen: int, units: int, left: int,
) -> None:  # fmt: skip
    restrictor.does(stage.token("setFrozenTokens", bob.address, frozen))
    free_before = max(0, 51 - frozen)
    done = repairer.does(SEIZURES[name](stage, bob.address, ann.address, units))
    said = [event("Frozen", bob.address, left)] if left != frozen else []
    assert done[-2 - len(said) :] == [*said, *moved(bob.address, ann.address, units)]
    assert sum(each.name == "Frozen" for each in done) == len(said)
    assert (stage.balance(bob), stage.frozen(bob)) == (51 - units, left)
    free_after = max(0, 51 - units - left)
    assert free_after == max(0, free_before - units)
    assert stage.frozen(ann) == 0


@BY_SEIZURE
def test_seizure__to_the_same_address__refused(
    stage: Stage, repairer: TwoPersons, restrictor: Person, bob: Person, name: str
) -> None:
    restrictor.does(stage.token("setFrozenTokens", bob.address, 51))
    before = stage.everything()
    for units in (1, 51):
        call = SEIZURES[name](stage, bob.address, bob.address, units)
        assert repairer.refused(call) == error("TokenSameAddress", bob.address)
    assert stage.everything() == before


@BY_SEIZURE
def test_seizure__more_than_there_is__refused_as_a_whole(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person, stranger: Person, name: str
) -> None:
    before = stage.everything()
    assert repairer.refused(SEIZURES[name](stage, bob.address, ann.address, 52)) == error(
        "ERC20InsufficientBalance", bob.address, 51, 52
    )
    for nobody in (stranger.address, ZERO_ADDRESS):
        assert repairer.refused(SEIZURES[name](stage, nobody, ann.address, 1)) == error(
            "ERC20InsufficientBalance", nobody, 0, 1
        )
    assert stage.everything() == before


@BY_SEIZURE
def test_seizure__from_a_retired_address__finds_nothing(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person, spare: Person, name: str
) -> None:
    repairer.does(stage.token(REKEY_ACT, bob.address, spare.address, act("KEY-1")))
    assert repairer.refused(SEIZURES[name](stage, bob.address, ann.address, 1)) == error(
        "ERC20InsufficientBalance", bob.address, 0, 1
    )
    assert repairer.may(SEIZURES[name](stage, spare.address, ann.address, 51))


# Once ---------------------------------------------------------------------------------------------


def test_reversal__of_the_same_trade_again__refused(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person
) -> None:
    """R-JSTOA-6.1.1.10b."""
    call = stage.token("reverseTransfer", ref("T-1"), ann.address, bob.address, 1, act("REV-1"))
    repairer.does(call)
    for again in ("REV-1", "REV-2"):
        call = stage.token("reverseTransfer", ref("T-1"), ann.address, bob.address, 1, act(again))
        assert repairer.refused(call) == error("TokenAlreadyReversed", ref("T-1"))
    assert stage.balance(ann) == 1


def test_reversal__recipient_sold_part__refused_with_what_is_there_and_free_for_later(
    stage: Stage, repairer: TwoPersons, bob: Person, ann: Person, corp: Person
) -> None:
    """R-JSTOA-6.1.1.10c, D.4.6: "available 2"."""
    bob.does(stage.token("transferWithReference", ann.address, 5, ref("T-1")))
    ann.does(stage.token("transfer", corp.address, 5))
    call = stage.token("reverseTransfer", ref("T-1"), ann.address, bob.address, 5, act("REV-1"))
    assert repairer.refused(call) == error("ERC20InsufficientBalance", ann.address, 2, 5)
    assert stage.token.ask("isReversed", ref("T-1")) is False
    corp.does(stage.token("transfer", ann.address, 3))
    repairer.does(call)
    assert (stage.balance(bob), stage.balance(ann)) == (51, 0)


def test_reversal__trade_not_named__refused(stage: Stage, repairer: TwoPersons) -> None:
    call = stage.token(
        "reverseTransfer", NONE32, stage.ann.address, stage.bob.address, 1, act("REV-1")
    )
    assert repairer.refused(call) == error("TokenReferenceMissing")


def test_redistribution__same_incident_again__refused_in_both_forms(
    ready: Stage, repairer: TwoPersons
) -> None:
    bob, ann = ready.bob.address, ready.ann.address
    repairer.does(ready.token("redistribute", bob, ann, 3, ref("INC-1"), EVIDENCE))
    for call in (
        ready.token("redistribute", bob, ann, 3, ref("INC-1"), EVIDENCE),
        ready.token("redistributeBurned", ref("BURN-1"), ann, 1, ref("INC-1"), EVIDENCE),
    ):
        assert repairer.refused(call) == error("TokenReferenceUsed", ref("INC-1"))


# What was destroyed -------------------------------------------------------------------------------


def recreate(stage: Stage, burn: bytes, units: int, incident: str) -> Call:
    return stage.token(
        "redistributeBurned", burn, stage.bob.address, units, ref(incident), EVIDENCE
    )


@pytest.fixture
def burned(redemption_day: int, stage: Stage, issuer: TwoPersons) -> Stage:
    """bob lost 20 of his 51 units by a redemption that was a mistake."""
    issuer.does(stage.token("redeem", [stage.bob.address], [20], act("BURN-1")))
    return stage


def test_redistribution__of_burned_units__recreates_and_names_the_burn(
    burned: Stage, repairer: TwoPersons, bob: Person
) -> None:
    assert repairer.does(recreate(burned, ref("BURN-1"), 20, "INC-1")) == [
        event("Movement", ref("INC-1"), REDISTRIBUTE, 1, 0, EVIDENCE),
        event("Reversed", ref("BURN-1"), ref("INC-1")),
        event("Transfer", ZERO_ADDRESS, bob.address, 20),
    ]
    assert (burned.balance(bob), burned.total) == (51, ISSUED)
    assert burned.token.ask("burnedUnder", ref("BURN-1")) == 0


def test_redistribution__more_than_was_burned__refused_with_what_is_left(
    burned: Stage, repairer: TwoPersons
) -> None:
    burn = ref("BURN-1")
    assert repairer.refused(recreate(burned, burn, 21, "INC-1")) == error(
        "TokenNotBurned", burn, 20, 21
    )
    repairer.does(recreate(burned, burn, 15, "INC-1"))
    assert repairer.refused(recreate(burned, burn, 6, "INC-2")) == error(
        "TokenNotBurned", burn, 5, 6
    )
    repairer.does(recreate(burned, burn, 5, "INC-2"))
    assert repairer.refused(recreate(burned, burn, 1, "INC-3")) == error(
        "TokenNotBurned", burn, 0, 1
    )
    assert burned.total == ISSUED


@pytest.mark.parametrize("other", ["NOTHING", "ISSUE-1", "DIST-1"])
def test_redistribution__reference_that_burned_nothing__refused(
    burned: Stage, repairer: TwoPersons, other: str
) -> None:
    assert repairer.refused(recreate(burned, ref(other), 1, "INC-1")) == error(
        "TokenNotBurned", ref(other), 0, 1
    )


def test_redistribution__units_replaced_by_an_issue_meanwhile__refused_above_the_cap(
    burned: Stage, repairer: TwoPersons, issuer: TwoPersons
) -> None:
    """The loss may have been made good by an additional issue: the cap then still holds."""
    left = CAP - (ISSUED - 20)
    issuer.does(burned.token("mint", burned.ann.address, left - 19))
    assert repairer.refused(recreate(burned, ref("BURN-1"), 20, "INC-1")) == error(
        "TokenCapExceeded", CAP, CAP + 1
    )
    repairer.does(recreate(burned, ref("BURN-1"), 19, "INC-1"))
    assert burned.total == CAP
    assert burned.now > DUE
