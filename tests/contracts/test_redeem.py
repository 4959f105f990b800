"""Action 4: redemption on or after its date. Outcomes: redeem.tree; restricted holders: recipients.tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import error, event
from tests.contracts.stage import (
    CAP,
    DUE,
    EVIDENCE,
    ISSUED,
    NONE32,
    TERMS_HASH,
    Stage,
    act,
    ref,
)

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

REDEEM = 5
ENDED = 8 << 160

FORMS: dict[str, Callable[[Stage], Call]] = {
    "redeem": lambda s: s.token("redeem", [s.bob.address], [1], act("RED-1")),
    "burn": lambda s: s.token("burn", s.bob.address, 1),
    "batchBurn": lambda s: s.token("batchBurn", [s.bob.address], [1]),
    "redeemAll": lambda s: s.token("redeemAll", [s.bob.address], act("RED-1")),
}


@pytest.mark.parametrize("form", FORMS)
def test_redeem__before_the_date__refused_to_the_second(
    stage: Stage, issuer: TwoPersons, form: str
) -> None:
    """R-JSTOA-6.1.1.4c."""
    call = FORMS[form](stage)
    stage.next_block_at(DUE - 1)
    assert issuer.refused(call) == error("TokenRedemptionNotDue", DUE, DUE - 1)
    stage.next_block_at(DUE)
    assert issuer.may(call)


@pytest.mark.parametrize("form", FORMS)
def test_redeem__no_date_set__refused(stage: Stage, issuer: TwoPersons, form: str) -> None:
    beneficiary = stage.beneficiary.address
    issuer.does(stage.token("setTerms", 101, TERMS_HASH, beneficiary, CAP, 0))
    stage.next_block_at(DUE)
    assert issuer.refused(FORMS[form](stage)) == error("TokenRedemptionNotDue", 0, DUE)


def test_redeem__when_due__destroys_and_announces(
    redemption_day: int, stage: Stage, issuer: TwoPersons, ann: Person, bob: Person
) -> None:
    papers = act("RED-1", delivery=20260811)
    rows = ([bob.address, ann.address, bob.address], [10, 2, 1])
    assert issuer.does(stage.token("redeem", *rows, papers)) == [
        event("Movement", ref("RED-1"), REDEEM, 3, 20260811, EVIDENCE),
        event("Transfer", bob.address, ZERO_ADDRESS, 10),
        event("Transfer", ann.address, ZERO_ADDRESS, 2),
        event("Transfer", bob.address, ZERO_ADDRESS, 1),
    ]
    assert (stage.balance(bob), stage.balance(ann), stage.total) == (40, 0, ISSUED - 13)
    assert stage.token.ask("burnedUnder", ref("RED-1")) == 13
    assert redemption_day == DUE


def test_burn__without_papers__is_announced_and_cannot_be_recreated(
    redemption_day: int, stage: Stage, issuer: TwoPersons, ann: Person, bob: Person
) -> None:
    assert issuer.does(stage.token("burn", bob.address, 3)) == [
        event("Movement", NONE32, REDEEM, 1, 0, NONE32),
        event("Transfer", bob.address, ZERO_ADDRESS, 3),
    ]
    assert issuer.does(stage.token("batchBurn", [ann.address, bob.address], [2, 8])) == [
        event("Movement", NONE32, REDEEM, 2, 0, NONE32),
        event("Transfer", ann.address, ZERO_ADDRESS, 2),
        event("Transfer", bob.address, ZERO_ADDRESS, 8),
    ]
    assert (stage.balance(bob), stage.total) == (40, ISSUED - 13)
    assert stage.token.ask("burnedUnder", NONE32) == 0
    assert stage.repairer.refused(
        stage.token("redistributeBurned", NONE32, bob.address, 1, ref("INC-1"), EVIDENCE)
    ) == error("TokenNotBurned", NONE32, 0, 1)


@pytest.mark.parametrize("form", ["redeem", "batchBurn"])
def test_redeem__more_than_a_holder_has__refused_with_the_balance(
    redemption_day: int, stage: Stage, issuer: TwoPersons, ann: Person, bob: Person, form: str
) -> None:
    papers = (act("RED-1"),) if form == "redeem" else ()
    before = stage.everything()
    one = stage.token(form, [ann.address, bob.address], [2, 52], *papers)
    assert issuer.refused(one) == error("ERC20InsufficientBalance", bob.address, 51, 52)
    twice = stage.token(form, [bob.address, bob.address], [50, 2], *papers)
    assert issuer.refused(twice) == error("ERC20InsufficientBalance", bob.address, 1, 2)
    assert stage.everything() == before


def test_redeem__frozen_units__free_ones_go_first(
    redemption_day: int, stage: Stage, issuer: TwoPersons, restrictor: Person, bob: Person
) -> None:
    restrictor.does(stage.token("freezePartialTokens", bob.address, 20))
    assert issuer.does(stage.token("redeem", [bob.address], [31], act("RED-1")))[1:] == [
        event("Transfer", bob.address, ZERO_ADDRESS, 31)
    ]
    assert (stage.balance(bob), stage.frozen(bob)) == (20, 20)
    assert issuer.does(stage.token("redeem", [bob.address], [5], act("RED-2")))[1:] == [
        event("Frozen", bob.address, 15),
        event("Transfer", bob.address, ZERO_ADDRESS, 5),
    ]
    assert (stage.balance(bob), stage.frozen(bob)) == (15, 15)


def test_redeem_all__units_left_elsewhere__goes_on(
    redemption_day: int, stage: Stage, issuer: TwoPersons, ann: Person, bob: Person
) -> None:
    stranger = stage.stranger.address
    holders = [bob.address, stranger, ann.address, bob.address]
    assert issuer.does(stage.token("redeemAll", holders, act("RED-1"))) == [
        event("Movement", ref("RED-1"), REDEEM, 4, 0, EVIDENCE),
        event("Transfer", bob.address, ZERO_ADDRESS, 51),
        event("Transfer", stranger, ZERO_ADDRESS, 0),
        event("Transfer", ann.address, ZERO_ADDRESS, 2),
        event("Transfer", bob.address, ZERO_ADDRESS, 0),
    ]
    assert stage.total == ISSUED - 53
    assert stage.token.ask("burnedUnder", ref("RED-1")) == 53
    assert stage.token.ask("controlWord") & ENDED == 0
    assert stage.reason(stage.corp, stage.beneficiary, 1) == 0


def test_redeem_all__none_left_anywhere__ends_the_product(
    redemption_day: int, stage: Stage, issuer: TwoPersons
) -> None:
    people = [who.address for who in (stage.ann, stage.bob, stage.corp)]
    issuer.does(stage.token("redeemAll", people, act("RED-1")))
    done = issuer.does(stage.token("redeemAll", [stage.beneficiary.address], act("RED-2")))
    assert done == [
        event("Movement", ref("RED-2"), REDEEM, 1, 0, EVIDENCE),
        event("Transfer", stage.beneficiary.address, ZERO_ADDRESS, 1_000),
        event("ProductClosed", ref("RED-2")),
    ]
    assert stage.total == 0
    assert stage.token.ask("controlWord") & ENDED == ENDED
    assert stage.token.ask("supply") == (0, CAP, DUE, 101, True)
    assert stage.reason(stage.ann, stage.bob, 0) == 4


def test_redeem__last_unit_by_rows__leaves_the_product_open(
    redemption_day: int, stage: Stage, issuer: TwoPersons
) -> None:
    """Only "redeem all" ends a product, so that an error can still be repaired."""
    holders = [who.address for who in (stage.beneficiary, stage.ann, stage.bob, stage.corp)]
    issuer.does(stage.token("redeem", holders, [1_000, 2, 51, 400], act("RED-1")))
    assert stage.total == 0
    assert stage.token.ask("controlWord") & ENDED == 0
    stage.repairer.does(
        stage.token(
            "redistributeBurned", ref("RED-1"), stage.bob.address, 51, ref("INC-1"), EVIDENCE
        )
    )
    assert (stage.balance(stage.bob), stage.total) == (51, 51)
