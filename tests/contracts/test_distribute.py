"""Action 2: distribution from the initial beneficiary, whole or not at all. Outcomes: distribute.tree."""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Error, error, event
from tests.contracts.stage import ISSUED, NONE32, REKEY_ACT, RETAIL, Stage, act, ref

DISTRIBUTE = 3


def test_distribute__to_several__moves_and_announces(
    stage: Stage, distributor: Person, beneficiary: Person, ann: Person, bob: Person
) -> None:
    rows = ([ann.address, bob.address, ann.address], [10, 20, 30])
    assert distributor.does(stage.token("distribute", *rows, ref("DIST-2"))) == [
        event("Movement", ref("DIST-2"), DISTRIBUTE, 3, 0, NONE32),
        event("Transfer", beneficiary.address, ann.address, 10),
        event("Transfer", beneficiary.address, bob.address, 20),
        event("Transfer", beneficiary.address, ann.address, 30),
    ]
    assert (stage.balance(ann), stage.balance(bob)) == (2 + 40, 51 + 20)
    assert (stage.balance(beneficiary), stage.total) == (1_000 - 60, ISSUED)


def test_distribute__everything__leaves_none(
    stage: Stage, distributor: Person, beneficiary: Person, ann: Person
) -> None:
    distributor.does(stage.token("distribute", [ann.address], [1_000], ref("DIST-2")))
    assert (stage.balance(beneficiary), stage.balance(ann)) == (0, 1_002)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("bad", ["unverified", "zero units", "beneficiary", "too many"])
def test_distribute__one_bad_row__changes_nothing(
    stage: Stage, distributor: Person, beneficiary: Person, bad: str, at: int
) -> None:
    """R-JSTOA-6.1.1.2: a batch applies completely or not at all."""
    rows = [(stage.ann.address, 10), (stage.bob.address, 20)]
    row, expected = {
        "unverified": (
            (stage.stranger.address, 1),
            error("TokenUnverified", stage.stranger.address),
        ),
        "zero units": ((stage.ann.address, 0), error("TokenZeroUnits")),
        "beneficiary": ((beneficiary.address, 1), error("TokenSameAddress", beneficiary.address)),
        "too many": (
            (stage.ann.address, 1_001),
            error("ERC20InsufficientBalance", beneficiary.address, 1_000, 1_001 + (0, 10, 30)[at]),
        ),
    }[bad]
    rows.insert(at, row)
    before = stage.everything()
    call = stage.token("distribute", *map(list, zip(*rows, strict=True)), ref("DIST-2"))
    assert distributor.refused(call) == expected
    assert stage.everything() == before
    assert stage.token.ask("isReferenceUsed", ref("DIST-2")) is False


def test_distribute__more_than_is_free__refused_with_what_is_free(
    stage: Stage, distributor: Person, restrictor: Person, beneficiary: Person
) -> None:
    restrictor.does(stage.token("freezePartialTokens", beneficiary.address, 990))
    rows = ([stage.ann.address, stage.bob.address], [10, 1])
    assert distributor.refused(stage.token("distribute", *rows, ref("DIST-2"))) == error(
        "ERC7943InsufficientUnfrozenBalance", beneficiary.address, 11, 10
    )
    assert distributor.may(stage.token("distribute", rows[0][:1], [10], ref("DIST-2")))


def test_distribute__allotment_made_before_the_verdict_ran_out__refused_at_execution(
    stage: Stage, distributor: Person, restrictor: Person, ann: Person
) -> None:
    """D.1.3: what counts is the moment of the act."""
    until = stage.now + 100
    restrictor.does(stage.token("setVerdict", ann.address, until, RETAIL, False))
    allotment = stage.token("distribute", [ann.address, stage.bob.address], [5, 5], ref("DIST-2"))
    assert distributor.may(allotment)
    stage.advance_to(until)
    before = stage.everything()
    assert distributor.refused(allotment) == error("TokenVerdictExpired", ann.address, until)
    assert stage.everything() == before


def test_distribute__nothing_issued__refused(unissued: Stage, distributor: Person) -> None:
    call = unissued.token("distribute", [unissued.ann.address], [1], ref("DIST-1"))
    expected: Error = error("ERC20InsufficientBalance", unissued.beneficiary.address, 0, 1)
    assert distributor.refused(call) == expected


def test_distribute__beneficiary_re_keyed__goes_on_from_the_new_address(
    stage: Stage, distributor: Person, repairer: TwoPersons, beneficiary: Person, spare: Person
) -> None:
    repairer.does(stage.token(REKEY_ACT, beneficiary.address, spare.address, act("KEY-1")))
    call = stage.token("distribute", [stage.ann.address], [7], ref("DIST-2"))
    assert distributor.does(call)[1] == event("Transfer", spare.address, stage.ann.address, 7)
    assert (stage.balance(spare), stage.balance(beneficiary)) == (993, 0)
