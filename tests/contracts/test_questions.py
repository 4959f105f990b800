"""The question equals the act: ERC-1404, ERC-7943, ERC-165. Outcomes: questions.tree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Handle, error, event
from tests.contracts.situations import LATER, SITUATIONS, Situation, Transfer, ordinary
from tests.contracts.stage import DUE, RETAIL, Stage, ref

from genbo.chain import artifacts
from genbo.chain.refusals import refusal_of
from genbo.compliance.reasons import reason_numbered
from genbo.kernel import Reason

UNLIMITED = 2**256 - 1


def answers(stage: Stage, transfer: Transfer) -> set[int]:
    """The reason, from every form of the question; one element when they agree."""
    token, giver = stage.token, transfer.giver.address
    row = (giver, transfer.to, transfer.units)
    number = token.ask("reasonOf", *row)
    assert token.ask("canTransfer", *row) is (number == 0)
    return {number, token.ask("detectTransferRestriction", *row)}


def forms(stage: Stage, transfer: Transfer) -> list[tuple[Person, str, tuple[object, ...]]]:
    """The act, in every form; ann spends for bob."""
    giver, to, units = transfer.giver, transfer.to, transfer.units
    return [
        (giver, "transfer", (to, units)),
        (giver, "transferWithReference", (to, units, ref("T-9"))),
        (giver, "batchTransfer", ([to], [units])),
        (stage.ann, "transferFrom", (giver.address, to, units)),
    ]


def test_question__nothing_in_the_way__allowed_and_done(ready: Stage) -> None:
    transfer = ordinary(ready)
    ready.bob.does(ready.token("approve", ready.ann.address, UNLIMITED))
    assert answers(ready, transfer) == {0}
    for actor, function, arguments in forms(ready, transfer):
        actor.does(ready.token(function, *arguments))
    assert (ready.balance(ready.bob), ready.balance(ready.corp)) == (11, 439)


@pytest.mark.parametrize("situation", [pytest.param(each, id=each.reason) for each in SITUATIONS])
def test_question__one_thing_in_the_way__equals_the_act(ready: Stage, situation: Situation) -> None:
    transfer = ordinary(ready)
    ready.bob.does(ready.token("approve", ready.ann.address, UNLIMITED))
    situation.prepare(ready, transfer)
    expected = situation.error(ready, transfer)

    assert answers(ready, transfer) == {situation.number}
    assert reason_numbered(situation.number) == Reason(situation.reason)
    assert ready.token.ask("messageForTransferRestriction", situation.number) == situation.reason
    before = ready.everything()
    for actor, function, arguments in forms(ready, transfer):
        assert actor.refused(ready.token(function, *arguments)) == expected, function
    assert ready.everything() == before


@pytest.mark.parametrize("situation", [pytest.param(each, id=each.reason) for each in SITUATIONS])
def test_refusal__as_the_service_reads_it__has_the_same_reason(
    ready: Stage, situation: Situation
) -> None:
    """The typed errors shared by both sides are told apart by the address."""
    transfer = ordinary(ready)
    situation.prepare(ready, transfer)
    call = ready.token("transfer", transfer.to, transfer.units)
    data = transfer.giver.refusal_data(call)
    assert data is not None
    refusal = refusal_of(data, call=call, sender=transfer.giver.address)
    assert refusal.reason == Reason(situation.reason)


def test_questions__all_in_the_way_at_once__are_asked_in_the_order_of_the_numbers(
    ready: Stage,
) -> None:
    transfer = ordinary(ready)
    for situation in sorted(SITUATIONS, key=lambda each: -each.number):
        if situation.number == 22:
            continue  # a rule that works and one that is broken exclude each other
        situation.prepare(ready, transfer)
        assert answers(ready, transfer) == {situation.number}, situation.reason
        if situation.number not in (13, 6, 4):  # where the balance is gone, the older facts are too
            expected = situation.error(ready, transfer)
            call = ready.token("transfer", transfer.to, transfer.units)
            assert transfer.giver.refused(call) == expected


def test_situations__cover__every_reason_of_a_transfer() -> None:
    numbers = [situation.number for situation in SITUATIONS]
    assert numbers == list(range(1, 24))
    assert [reason_numbered(n) for n in numbers] == [Reason(each.reason) for each in SITUATIONS]


# A spender ----------------------------------------------------------------------------------------


def test_transfer_from__allowance_too_low__refused_before_anything_else(
    ready: Stage, token: Handle, stopper: Person
) -> None:
    bob, ann, corp = ready.bob.address, ready.ann, ready.corp.address
    stopper.does(ready.platform("stop"))
    assert token.ask("detectTransferRestrictionFrom", ann.address, bob, corp, 6) == 24
    assert token.ask("messageForTransferRestriction", 24) == "insufficient_allowance"
    assert ann.refused(token("transferFrom", bob, corp, 6)) == error(
        "ERC20InsufficientAllowance", ann.address, 5, 6
    )
    assert token.ask("detectTransferRestrictionFrom", ann.address, bob, corp, 5) == 1
    assert ann.refused(token("transferFrom", bob, corp, 5)) == error("TokenStopped")


def test_transfer_from__allowance__is_used_up_and_never_twice(ready: Stage, token: Handle) -> None:
    bob, ann, corp = ready.bob.address, ready.ann, ready.corp.address
    ann.does(token("transferFrom", bob, corp, 5))
    assert token.ask("allowance", bob, ann.address) == 0
    assert ann.refused(token("transferFrom", bob, corp, 1)) == error(
        "ERC20InsufficientAllowance", ann.address, 0, 1
    )
    assert token.ask("detectTransferRestrictionFrom", ann.address, bob, corp, 1) == 24


def test_transfer_from__refused__keeps_the_allowance(ready: Stage, token: Handle) -> None:
    bob, ann = ready.bob.address, ready.ann
    assert ann.refused(token("transferFrom", bob, ready.stranger.address, 5)) == error(
        "TokenUnverified", ready.stranger.address
    )
    assert token.ask("allowance", bob, ann.address) == 5


def test_transfer_from__unlimited_allowance__is_not_decreased(ready: Stage, token: Handle) -> None:
    bob, ann, corp = ready.bob.address, ready.ann, ready.corp.address
    ready.bob.does(token("approve", ann.address, UNLIMITED))
    ann.does(token("transferFrom", bob, corp, 5))
    assert token.ask("allowance", bob, ann.address) == UNLIMITED
    ready.bob.does(token("approve", ann.address, UNLIMITED - 1))
    ann.does(token("transferFrom", bob, corp, 5))
    assert token.ask("allowance", bob, ann.address) == UNLIMITED - 6
    for absurd in (52, 2**80, UNLIMITED):
        ready.bob.does(token("approve", ann.address, UNLIMITED))
        assert token.ask("detectTransferRestrictionFrom", ann.address, bob, corp, absurd) == 13


def test_approve__again__replaces_and_says_so(ready: Stage, token: Handle) -> None:
    bob, ann = ready.bob, ready.ann.address
    for units in (7, 0, UNLIMITED):
        assert bob.does(token("approve", ann, units)) == [
            event("Approval", bob.address, ann, units)
        ]
        assert token.ask("allowance", bob.address, ann) == units


def test_approve__zero_address__refused(ready: Stage, token: Handle) -> None:
    nobody = "0x" + 40 * "0"
    assert ready.bob.refused(token("approve", nobody, 1)) == error("ERC20InvalidSpender", nobody)


# Whether an account can send or receive -----------------------------------------------------------


@pytest.mark.parametrize(
    "situation",
    [pytest.param(each, id=each.reason) for each in SITUATIONS if each.number not in (13, 15)],
)
def test_can_send_can_receive__one_thing_in_the_way__follow_the_standing_of_the_account(
    ready: Stage, situation: Situation
) -> None:
    """Amount, market, lock-up of the product and the extra rule are other questions (ERC-7943)."""
    transfer = ordinary(ready)
    situation.prepare(ready, transfer)
    assert ready.token.ask("canSend", transfer.giver.address) is (not 6 <= situation.number <= 12)
    assert ready.token.ask("canReceive", transfer.to) is (not 15 <= situation.number <= 21)


def test_can_receive__zero_address__no(token: Handle) -> None:
    assert token.ask("canReceive", "0x" + 40 * "0") is False
    assert token.ask("canSend", "0x" + 40 * "0") is False


def test_can_send_can_receive__stranger__no(ready: Stage, token: Handle) -> None:
    assert token.ask("canSend", ready.stranger.address) is False
    assert token.ask("canReceive", ready.stranger.address) is False


def test_can_receive__locked_up__yes(ready: Stage, restrictor: Person) -> None:
    restrictor.does(ready.token("setLockUp", ready.bob.address, LATER))
    assert ready.token.ask("canReceive", ready.bob.address) is True
    assert ready.token.ask("canSend", ready.bob.address) is False


# To the second ------------------------------------------------------------------------------------


def test_verdict__last_second_and_the_next__holds_and_does_not(
    ready: Stage, releaser: TwoPersons
) -> None:
    until = DUE + 1_000
    token, bob = ready.token, ready.bob
    releaser.does(token("setVerdict", bob.address, until, RETAIL, False))
    ready.next_block_at(until - 1)
    bob.does(token("transfer", ready.corp.address, 1))
    assert ready.reason(bob, ready.corp, 1) == 0
    ready.next_block_at(until)
    assert bob.refused(token("transfer", ready.corp.address, 1)) == error(
        "TokenVerdictExpired", bob.address, until
    )
    ready.advance_to(until)
    assert (ready.reason(bob, ready.corp, 1), ready.reason(ready.corp, bob, 1)) == (10, 20)


@pytest.mark.parametrize("function", ["setLockUp", "setProductLockUp"])
def test_lock_up__last_second_and_the_next__holds_and_does_not(
    ready: Stage, function: str, restrictor: Person
) -> None:
    until = DUE + 1_000
    token, bob = ready.token, ready.bob
    own = function == "setLockUp"
    restrictor.does(token(function, *([bob.address] if own else []), until))
    ready.next_block_at(until - 1)
    locked = (
        error("TokenLockedUp", bob.address, until) if own else error("TokenProductLockedUp", until)
    )
    assert bob.refused(token("transfer", ready.corp.address, 1)) == locked
    ready.next_block_at(until)
    bob.does(token("transfer", ready.corp.address, 1))
    assert ready.now == until
    assert ready.reason(bob, ready.corp, 1) == 0


# Which interfaces ---------------------------------------------------------------------------------


INHERITED = ("IERC1404", "IERC3009", "IERC3643Surface", "IERC7943Fungible", "IHolds", "TestYen")
"""What `ISecurityToken` takes over from the standards; an interface id counts own functions only (ERC-165)."""


def selectors(artifact: str) -> set[bytes]:
    return {entry.selector for entry in artifacts.load(artifact).interface.functions}


def interface_id(artifact: str, *, without: Sequence[str] = ()) -> bytes:
    own = selectors(artifact) - {each for other in without for each in selectors(other)}
    return reduce(lambda a, b: bytes(x ^ y for x, y in zip(a, b, strict=True)), own)


def test_erc_7943__interface__is_the_published_one(token: Handle) -> None:
    assert interface_id("IERC7943Fungible").hex() == "3edbb4c4"


@pytest.mark.parametrize(
    ("standard", "number"),
    [
        ("ERC-165", "01ffc9a7"),
        ("ERC-20", "36372b07"),
        ("ERC-20 metadata", "a219a025"),
        ("ERC-7943", "3edbb4c4"),
        ("ERC-1404", interface_id("IERC1404").hex()),
        ("ours", interface_id("ISecurityToken", without=INHERITED).hex()),
    ],
)
def test_interface__ours__is_supported(token: Handle, standard: str, number: str) -> None:
    assert token.ask("supportsInterface", bytes.fromhex(number)) is True


@pytest.mark.parametrize("number", ["ffffffff", "00000000", "80ac58cd"])
def test_interface__any_other__is_not_supported(token: Handle, number: str) -> None:
    assert token.ask("supportsInterface", bytes.fromhex(number)) is False
