"""ERC-1404 and its form for spenders, clause by clause. Outcomes: erc1404.tree."""

from __future__ import annotations

import pytest
from tests.contracts.actors import Actor, Person
from tests.contracts.handle import error
from tests.contracts.situations import SITUATIONS, Situation, Transfer
from tests.contracts.stage import Stage

from genbo.compliance.reasons import reason_numbered
from genbo.kernel import ZERO_ADDRESS

ALLOWED = 0
INSUFFICIENT_BALANCE, UNVERIFIED_RECIPIENT, INSUFFICIENT_ALLOWANCE = 13, 19, 24
UNLIMITED = 2**256 - 1
LAST = INSUFFICIENT_ALLOWANCE


def code(stage: Stage, giver: Actor, to: str, units: int) -> int:
    return int(stage.token.ask("detectTransferRestriction", giver.address, to, units))


def code_for(stage: Stage, spender: Actor, giver: Actor, to: str, units: int) -> int:
    arguments = (spender.address, giver.address, to, units)
    return int(stage.token.ask("detectTransferRestrictionFrom", *arguments))


# The holder's own transfer --------------------------------------------------------------------------


@pytest.mark.parametrize("units", [0, 1, 51])
def test_code__of_a_transfer_that_succeeds__is_zero(
    stage: Stage, bob: Person, corp: Person, units: int
) -> None:
    """Zero is reserved for success."""
    assert code(stage, bob, corp.address, units) == ALLOWED
    bob.does(stage.token("transfer", corp.address, units))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.reason)
def test_code__of_a_transfer_that_is_refused__is_not_zero(
    ready: Stage, bob: Person, ann: Person, corp: Person, situation: Situation
) -> None:
    """MUST be evaluated inside `transfer` and `transferFrom`: both refuse where the code is not zero."""
    transfer = Transfer(bob, corp.address)
    bob.does(ready.token("approve", ann.address, UNLIMITED))
    situation.prepare(ready, transfer)
    units = transfer.units
    assert code(ready, bob, transfer.to, units) == situation.number
    assert code_for(ready, ann, bob, transfer.to, units) == situation.number
    refused = situation.error(ready, transfer)
    assert bob.refused(ready.token("transfer", transfer.to, units)) == refused
    assert ann.refused(ready.token("transferFrom", bob.address, transfer.to, units)) == refused


# The transfer by a spender --------------------------------------------------------------------------


@pytest.fixture
def spender(stage: Stage, bob: Person, stranger: Person) -> Person:
    """Whom bob allows ten."""
    bob.does(stage.token("approve", stranger.address, 10))
    return stranger


def test_spenders_code__beyond_the_allowance__says_so_before_anything_else(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    for to in (corp.address, stage.spare.address, ZERO_ADDRESS):
        for units in (11, 52, UNLIMITED):
            assert code_for(stage, spender, bob, to, units) == INSUFFICIENT_ALLOWANCE
            assert spender.refused(stage.token("transferFrom", bob.address, to, units)) == error(
                "ERC20InsufficientAllowance", spender.address, 10, units
            )


def test_spenders_code__within_the_allowance__is_the_transfers(
    stage: Stage, spender: Person, bob: Person, ann: Person, corp: Person
) -> None:
    assert code_for(stage, spender, bob, corp.address, 10) == ALLOWED
    assert code_for(stage, spender, bob, stage.spare.address, 10) == UNVERIFIED_RECIPIENT
    ann.does(stage.token("approve", spender.address, 10))
    assert code_for(stage, spender, ann, corp.address, 3) == INSUFFICIENT_BALANCE
    spender.does(stage.token("transferFrom", bob.address, corp.address, 10))
    assert code_for(stage, spender, bob, corp.address, 1) == INSUFFICIENT_ALLOWANCE


def test_spenders_code__of_zero_units__needs_no_allowance(
    stage: Stage, bob: Person, ann: Person, corp: Person
) -> None:
    assert code_for(stage, ann, bob, corp.address, 0) == ALLOWED
    ann.does(stage.token("transferFrom", bob.address, corp.address, 0))


def test_spenders_code__without_limit__asks_for_the_balance(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    bob.does(stage.token("approve", spender.address, UNLIMITED))
    assert code_for(stage, spender, bob, corp.address, UNLIMITED) == INSUFFICIENT_BALANCE


def test_spenders_code__of_the_owner_itself__asks_for_an_allowance(
    stage: Stage, bob: Person, corp: Person
) -> None:
    assert code_for(stage, bob, bob, corp.address, 1) == INSUFFICIENT_ALLOWANCE


# Messages -------------------------------------------------------------------------------------------


def message(stage: Stage, number: int) -> str:
    return str(stage.token.ask("messageForTransferRestriction", number))


def test_messages__one_for_each_code__as_the_reason_table_has_them(stage: Stage) -> None:
    messages = [message(stage, number) for number in range(LAST + 1)]
    assert messages[0] == "allowed"
    assert messages[1:] == [str(reason_numbered(number)) for number in range(1, LAST + 1)]
    assert len(set(messages)) == LAST + 1
    assert {s.number for s in SITUATIONS} | {ALLOWED, LAST} == set(range(LAST + 1))


@pytest.mark.parametrize("number", [LAST + 1, 128, 255])
def test_messages__for_a_code_that_no_refusal_has__does_not_fail(stage: Stage, number: int) -> None:
    assert message(stage, number) == "unknown"
