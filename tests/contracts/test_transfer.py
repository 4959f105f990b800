"""Action 3: transfer by the key that speaks for the holder. Outcomes: transfer.tree; refusals: questions.tree."""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person
from tests.contracts.handle import error, event
from tests.contracts.stage import ISSUED, Stage, ref

BALANCE = 2**80 - 1


def test_transfer__in_good_standing__moves_and_logs_once(
    stage: Stage, bob: Person, corp: Person
) -> None:
    assert bob.does(stage.token("transfer", corp.address, 11)) == [
        event("Transfer", bob.address, corp.address, 11)
    ]
    assert (stage.balance(bob), stage.balance(corp), stage.total) == (40, 411, ISSUED)


def test_transfer__answers__true(stage: Stage, bob: Person, corp: Person) -> None:
    for function, arguments in {
        "transfer": (corp.address, 1),
        "transferWithReference": (corp.address, 1, ref("T-1")),
    }.items():
        call = stage.token(function, *arguments)
        answer = stage.node.call(to=stage.token.address, data=call.data, sender=bob.address)
        assert int.from_bytes(answer.value, "big") == 1


def test_transfer__other_fields_of_the_words__stay(stage: Stage, bob: Person, corp: Person) -> None:
    stage.restrictor.does(stage.token("freezePartialTokens", bob.address, 20))
    stage.restrictor.does(stage.token("setLockUp", corp.address, 4_000_000_000))
    stage.restrictor.does(stage.token("setOwnAccount", bob.address, True))
    rest = {who: stage.word(who) & ~BALANCE for who in (bob, corp)}
    bob.does(stage.token("transfer", corp.address, 31))
    assert {who: stage.word(who) & ~BALANCE for who in (bob, corp)} == rest
    assert (stage.balance(bob), stage.balance(corp)) == (20, 431)


def test_transfer__all__leaves_none(stage: Stage, bob: Person, corp: Person) -> None:
    bob.does(stage.token("transfer", corp.address, 51))
    assert (stage.balance(bob), stage.balance(corp)) == (0, 451)


@pytest.mark.parametrize("units", [0, 1, 51])
def test_transfer__to_oneself__moves_nothing(stage: Stage, bob: Person, units: int) -> None:
    before = stage.everything()
    assert bob.does(stage.token("transfer", bob.address, units)) == [
        event("Transfer", bob.address, bob.address, units)
    ]
    assert stage.everything() == before


def test_transfer__to_oneself__is_judged(stage: Stage, bob: Person, restrictor: Person) -> None:
    call = stage.token("transfer", bob.address, 52)
    assert bob.refused(call) == error("ERC20InsufficientBalance", bob.address, 51, 52)
    restrictor.does(stage.token("freezePartialTokens", bob.address, 1))
    assert bob.refused(stage.token("transfer", bob.address, 51)) == error(
        "ERC7943InsufficientUnfrozenBalance", bob.address, 51, 50
    )


def test_batch_transfer__all_in_order__made_one_after_the_other(
    stage: Stage, bob: Person, ann: Person, corp: Person
) -> None:
    rows = ([ann.address, corp.address, bob.address, ann.address], [10, 20, 21, 21])
    assert bob.does(stage.token("batchTransfer", *rows)) == [
        event("Transfer", bob.address, to, units) for to, units in zip(*rows, strict=True)
    ]
    assert [stage.balance(who) for who in (bob, ann, corp)] == [0, 33, 420]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_batch_transfer__one_bad_row__changes_nothing(
    stage: Stage, bob: Person, ann: Person, corp: Person, stranger: Person, at: int
) -> None:
    rows = [(ann.address, 10), (corp.address, 20)]
    before = stage.everything()
    for bad, expected in (
        ((stranger.address, 1), error("TokenUnverified", stranger.address)),
        (
            (ann.address, 52),
            error("ERC20InsufficientBalance", bob.address, 51 - (0, 10, 30)[at], 52),
        ),
    ):
        batch = [*rows[:at], bad, *rows[at:]]
        call = stage.token("batchTransfer", *map(list, zip(*batch, strict=True)))
        assert bob.refused(call) == expected
    assert stage.everything() == before


def test_transfer__along_a_chain__ends_where_it_went(
    stage: Stage, bob: Person, ann: Person, corp: Person
) -> None:
    bob.does(stage.token("transfer", ann.address, 51))
    ann.does(stage.token("transfer", corp.address, 53))
    corp.does(stage.token("transfer", bob.address, 453))
    assert [stage.balance(who) for who in (ann, bob, corp)] == [0, 453, 0]
    assert stage.total == ISSUED


def test_transfer_from__by_a_spender__moves_the_owners_units(
    stage: Stage, bob: Person, ann: Person, corp: Person, stranger: Person
) -> None:
    """The spender needs no verdict: it never holds a unit."""
    bob.does(stage.token("approve", stranger.address, 7))
    assert stranger.does(stage.token("transferFrom", bob.address, corp.address, 4)) == [
        event("Transfer", bob.address, corp.address, 4)
    ]
    assert (stage.balance(bob), stage.balance(corp), stage.balance(ann)) == (47, 404, 2)
    assert stage.token.ask("allowance", bob.address, stranger.address) == 3
