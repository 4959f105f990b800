"""ERC-7943 (uRWA) for fungible tokens, clause by clause. Outcomes: erc7943.tree; the interface id: erc165.tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contracts.actors import Actor, Person
from tests.contracts.handle import error, event
from tests.contracts.situations import SITUATIONS, Situation, Transfer
from tests.contracts.stage import BANNED, VERIFIED_UNTIL, Stage, act, ref
from tests.contracts.typed import Words, sign, token_domain

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

MOST = 2**80 - 1
UNLIMITED = 2**256 - 1
FORCED = "forcedTransfer(address,address,uint256)"
BY_SITUATION = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.reason)


def can_send(stage: Stage, who: Actor | str) -> bool:
    return bool(stage.token.ask("canSend", who if isinstance(who, str) else who.address))


def can_receive(stage: Stage, who: Actor | str) -> bool:
    return bool(stage.token.ask("canReceive", who if isinstance(who, str) else who.address))


def can_transfer(stage: Stage, giver: str, to: str, units: int) -> bool:
    return bool(stage.token.ask("canTransfer", giver, to, units))


# canSend, canReceive --------------------------------------------------------------------------------


def test_account_checks__speak_of_the_account_alone(
    stage: Stage, bob: Person, restrictor: Person
) -> None:
    """MUST NOT encode anything of a transfer: neither units held nor units frozen change them."""
    restrictor.does(
        stage.token("setVerdict", stage.spare.address, VERIFIED_UNTIL, 0, False)
    )  # verified, without a unit
    restrictor.does(stage.token("setFrozenTokens", bob.address, MOST))
    for who in (stage.spare, bob, stage.corp):
        assert (can_send(stage, who), can_receive(stage, who)) == (True, True)


@BY_SITUATION
def test_account_checks__deny__exactly_whom_the_transfer_would_be_refused_for(
    ready: Stage, bob: Person, corp: Person, situation: Situation
) -> None:
    """A giver's restriction denies sending, a recipient's receiving; the rest is no account's."""
    transfer = Transfer(bob, corp.address)
    situation.prepare(ready, transfer)
    of_giver = situation.reason.startswith("sender_")
    of_recipient = situation.reason.startswith("recipient_")
    assert can_send(ready, bob) is not of_giver
    assert can_receive(ready, transfer.to) is not of_recipient


def test_account_checks__one_way_only__are_told_apart(
    stage: Stage, bob: Person, restrictor: Person
) -> None:
    """A lock-up keeps a holder from sending and not from receiving."""
    restrictor.does(stage.token("setLockUp", bob.address, VERIFIED_UNTIL))
    assert (can_send(stage, bob), can_receive(stage, bob)) == (False, True)


@pytest.mark.parametrize("state", ["stopped", "closed", "ended", "rule"])
def test_checks__in_any_state__do_not_fail(ready: Stage, bob: Person, state: str) -> None:
    """MUST NOT revert: addresses nobody has, figures no balance has, a rule that burns its gas, a full stop."""
    if state == "ended":
        everybody = [ready.beneficiary, ready.ann, bob, ready.corp]
        ready.issuer.does(ready.token("redeemAll", [who.address for who in everybody], act("END")))
    elif state == "rule":
        ready.restrictor.does(ready.token("setRule", ready.create("BrokenRule", 1)))
    elif state == "stopped":
        ready.stopper.does(ready.platform("stop"))
    else:
        ready.market_operator.does(ready.platform("closeMarket"))
    accounts = (bob.address, ready.spare.address, ready.token.address, ZERO_ADDRESS)
    for account in accounts:
        can_send(ready, account)
        can_receive(ready, account)
        for to in accounts:
            for units in (0, 1, MOST + 1, UNLIMITED):
                assert can_transfer(ready, account, to, units) is False


# canTransfer ----------------------------------------------------------------------------------------

_AUTHORISED = ("address,address,uint256,uint256,uint256,bytes32", VERIFIED_UNTIL, ref("T-1"))


def _authorised(kind: str) -> Callable[[Stage, str, int], Call]:
    def call(stage: Stage, to: str, units: int) -> Call:
        types, until, nonce = _AUTHORISED
        words = Words(kind, (stage.bob.address, to, units, 0, until, nonce))
        signature = sign(stage.bob, token_domain(stage), words)
        name = kind[0].lower() + kind[1:]
        return stage.token(f"{name}({types},bytes)", *words.values, signature)

    return call


PUBLIC: dict[str, tuple[str, Callable[[Stage, str, int], Call]]] = {
    "transfer": ("bob", lambda s, to, n: s.token("transfer", to, n)),
    "transferFrom": ("ann", lambda s, to, n: s.token("transferFrom", s.bob.address, to, n)),
    "transferWithReference": (
        "bob",
        lambda s, to, n: s.token("transferWithReference", to, n, ref("T-1")),
    ),
    "transferFromWithReference": (
        "ann",
        lambda s, to, n: s.token("transferFromWithReference", s.bob.address, to, n, ref("T-1")),
    ),
    "batchTransfer": ("bob", lambda s, to, n: s.token("batchTransfer", [to], [n])),
    "transferWithAuthorization": ("stranger", _authorised("TransferWithAuthorization")),
    "createHold": (
        "bob",
        lambda s, to, n: s.token(
            "createHold", ref("H-1"), to, n, VERIFIED_UNTIL, s.stranger.address
        ),
    ),
    "createHoldFrom": (
        "ann",
        lambda s, to, n: s.token(
            "createHoldFrom",
            s.bob.address,
            ref("H-1"),
            to,
            n,
            VERIFIED_UNTIL,
            s.stranger.address,
        ),
    ),
}
"""Every way of a holder to give units, with who calls it: all of them to a recipient and for units of the caller's
choice. (The recipient's own form of an authorisation: erc3009.tree.)"""


@BY_SITUATION
def test_can_transfer__says_no__and_no_public_transfer_succeeds(
    ready: Stage, bob: Person, ann: Person, corp: Person, situation: Situation
) -> None:
    """MUST say no where canSend or canReceive does, or any other restriction would refuse; then public transfers
    MUST NOT succeed."""
    bob.does(ready.token("approve", ann.address, UNLIMITED))
    transfer = Transfer(bob, corp.address)
    situation.prepare(ready, transfer)
    assert can_transfer(ready, bob.address, transfer.to, transfer.units) is False
    refused = situation.error(ready, transfer)
    for by, call in PUBLIC.values():
        assert getattr(ready, by).refused(call(ready, transfer.to, transfer.units)) == refused


@pytest.mark.parametrize("function", PUBLIC)
def test_can_transfer__says_yes__and_each_public_transfer_succeeds(
    ready: Stage, bob: Person, ann: Person, corp: Person, function: str
) -> None:
    bob.does(ready.token("approve", ann.address, UNLIMITED))
    assert can_transfer(ready, bob.address, corp.address, 51) is True
    by, call = PUBLIC[function]
    getattr(ready, by).does(call(ready, corp.address, 51))


@pytest.mark.parametrize("frozen", [0, 1, 50, 51, 52, MOST])
def test_can_transfer__looks_at_what_is_not_frozen(
    stage: Stage, bob: Person, corp: Person, restrictor: Person, frozen: int
) -> None:
    """MUST validate that the amount does not exceed it. Beyond the balance, where the text leaves the refusal to
    ERC-20, it says no as well: more than the balance is more than what is not frozen, and the act refuses."""
    restrictor.does(stage.token("setFrozenTokens", bob.address, frozen))
    free = max(0, 51 - frozen)
    allowed = {
        n: can_transfer(stage, bob.address, corp.address, n) for n in (0, free, free + 1, 52)
    }
    assert allowed == {0: True, free: True, free + 1: False, 52: False}


# setFrozenTokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, 1, 51, 52, MOST])
def test_set_frozen__fires_and_answers_true(
    stage: Stage, bob: Person, restrictor: Person, amount: int
) -> None:
    """MUST emit; MUST allow more than is held. Also where the figure stays what it was."""
    call = stage.token("setFrozenTokens", bob.address, amount)
    answer = stage.node.call(to=stage.token.address, data=call.data, sender=restrictor.address)
    assert answer.value == (1).to_bytes(32, "big")
    assert restrictor.does(call) == [event("Frozen", bob.address, amount)]
    assert stage.frozen(bob) == amount


def test_set_frozen__again__overwrites(stage: Stage, bob: Person) -> None:
    """Up by one person, down by two; the figure is the last one, never a sum."""
    for amount in (10, 30, 20, 0):
        assert stage.releaser.does(stage.token("setFrozenTokens", bob.address, amount)) == [
            event("Frozen", bob.address, amount)
        ]
        assert stage.frozen(bob) == amount


def test_set_frozen__above_the_balance__holds_back_what_comes_in(
    stage: Stage, bob: Person, corp: Person, restrictor: Person
) -> None:
    restrictor.does(stage.token("setFrozenTokens", bob.address, 100))
    corp.does(stage.token("transfer", bob.address, 59))
    assert bob.refused(stage.token("transfer", corp.address, 11)) == error(
        "ERC7943InsufficientUnfrozenBalance", bob.address, 11, 10
    )
    bob.does(stage.token("transfer", corp.address, 10))
    assert (stage.balance(bob), stage.frozen(bob)) == (100, 100)


@pytest.mark.parametrize("by", ["bob", "stranger", "issuer", "repairer", "distributor", "admin"])
def test_set_frozen__without_the_duty__is_refused(stage: Stage, bob: Person, by: str) -> None:
    """MUST be restricted in access."""
    who: Actor = getattr(stage, by)
    call = stage.token("setFrozenTokens", bob.address, 1)
    assert who.refused(call) == error(
        "TokenDutyMissing", who.address, stage.token.selector("setFrozenTokens")
    )


# forcedTransfer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "frozen", "left"),
    [
        pytest.param(20, 0, 0, id="nothing-frozen"),
        pytest.param(20, 31, 31, id="only-free-units"),
        pytest.param(21, 31, 30, id="one-frozen-unit"),
        pytest.param(51, 31, 0, id="all-of-it"),
        pytest.param(20, 51, 31, id="only-frozen-units"),
        pytest.param(20, 60, 40, id="frozen-above-the-balance"),
    ],
)
def test_forced_transfer__fires_in_the_standards_order(
    stage: Stage, bob: Person, corp: Person, restrictor: Person, units: int, frozen: int, left: int
) -> None:
    """MUST emit both events; where frozen units go, MUST unfreeze them first and say so before the transfer."""
    restrictor.does(stage.token("setFrozenTokens", bob.address, frozen))
    call = stage.token(FORCED, bob.address, corp.address, units)
    answer = stage.node.call(to=stage.token.address, data=call.data, sender=stage.repairer.address)
    assert answer.value == (1).to_bytes(32, "big")
    shrunk = [event("Frozen", bob.address, left)] if left != frozen else []
    standard = [each for each in stage.repairer.does(call) if each.name != "Movement"]
    assert standard == [
        *shrunk,
        event("Transfer", bob.address, corp.address, units),
        event("ForcedTransfer", bob.address, corp.address, units),
    ]
    assert (stage.balance(bob), stage.balance(corp)) == (51 - units, 400 + units)
    assert stage.frozen(bob) == left


@pytest.mark.parametrize(
    "situation",
    [s for s in SITUATIONS if s.reason.startswith(("recipient_", "rule_"))],
    ids=lambda s: s.reason,
)
def test_forced_transfer__to_who_may_not_receive__is_refused(
    ready: Stage, bob: Person, corp: Person, situation: Situation
) -> None:
    """MUST revert where canReceive says no. The extra rule is asked as well."""
    transfer = Transfer(bob, corp.address)
    situation.prepare(ready, transfer)
    call = ready.token(FORCED, bob.address, transfer.to, transfer.units)
    assert ready.repairer.refused(call) == situation.error(ready, transfer)


@pytest.mark.parametrize(
    "situation",
    [s for s in SITUATIONS if s.reason.startswith("sender_") and s.reason != "sender_retired"],
    ids=lambda s: s.reason,
)
def test_forced_transfer__from_who_cannot_send__moves(
    ready: Stage, bob: Person, corp: Person, situation: Situation
) -> None:
    """MAY bypass what restricts the giver. (A retired address has no units left to take.)"""
    situation.prepare(ready, Transfer(bob, corp.address))
    assert can_send(ready, bob) is False
    before = ready.balance(corp)
    ready.repairer.does(ready.token(FORCED, bob.address, corp.address, 10))
    assert (ready.balance(bob), ready.balance(corp)) == (41, before + 10)


def test_forced_transfer__of_more_than_the_balance__is_refused_by_erc20s_error(
    stage: Stage, bob: Person, corp: Person
) -> None:
    """MUST perform the necessary validations."""
    call = stage.token(FORCED, bob.address, corp.address, 52)
    assert stage.repairer.refused(call) == error("ERC20InsufficientBalance", bob.address, 51, 52)


@pytest.mark.parametrize("by", ["bob", "corp", "stranger", "issuer", "restrictor", "releaser"])
def test_forced_transfer__without_the_duty__is_refused(
    stage: Stage, bob: Person, corp: Person, by: str
) -> None:
    """MUST be restricted in access."""
    who: Actor = getattr(stage, by)
    assert who.refused(stage.token(FORCED, bob.address, corp.address, 1)) == error(
        "TokenDutyMissing", who.address, stage.token.selector(FORCED)
    )


# Creation and destruction ---------------------------------------------------------------------------


@pytest.mark.parametrize("until", [0, 1, VERIFIED_UNTIL], ids=["unverified", "expired", "class"])
def test_creation__for_whom_can_receive_denies__is_refused(stage: Stage, until: int) -> None:
    """SHOULD respect canReceive, though a duty does it."""
    to = stage.spare.address
    stage.restrictor.does(stage.token("setVerdict", to, until, BANNED, False))
    assert can_receive(stage, to) is False
    expected = {
        0: error("TokenUnverified", to),
        1: error("TokenVerdictExpired", to, 1),
        VERIFIED_UNTIL: error("TokenClassNotPermitted", to, BANNED),
    }[until]
    assert stage.issuer.refused(stage.token("mint", to, 1)) == expected
    assert stage.issuer.refused(stage.token("issue", [to], [1], act("I-2"))) == expected


@pytest.mark.parametrize("form", ["burn", "redeem"])
def test_destruction__of_frozen_units__says_so_before_the_transfer(
    stage: Stage, redemption_day: int, bob: Person, form: str
) -> None:
    """By duty, MAY take frozen units of an account that cannot send; then MUST update and say so first."""
    stage.restrictor.does(stage.token("setFrozenTokens", bob.address, 31))
    stage.restrictor.does(stage.token("setAddressFrozen", bob.address, True))
    assert can_send(stage, bob) is False
    call = {
        "burn": stage.token("burn", bob.address, 25),
        "redeem": stage.token("redeem", [bob.address], [25], act("RED-1")),
    }[form]
    standard = [each for each in stage.issuer.does(call) if each.name != "Movement"]
    assert standard == [
        event("Frozen", bob.address, 26),
        event("Transfer", bob.address, ZERO_ADDRESS, 25),
    ]
    assert (stage.balance(bob), stage.frozen(bob)) == (26, 26)


# Errors ---------------------------------------------------------------------------------------------


def test_errors__within_the_balance__name_what_is_not_frozen(
    stage: Stage, bob: Person, corp: Person, restrictor: Person
) -> None:
    """SHOULD be the standard's own within the balance, and the base standard's beyond it."""
    restrictor.does(stage.token("setFrozenTokens", bob.address, 50))
    for units, refused in {
        2: error("ERC7943InsufficientUnfrozenBalance", bob.address, 2, 1),
        51: error("ERC7943InsufficientUnfrozenBalance", bob.address, 51, 1),
        52: error("ERC20InsufficientBalance", bob.address, 51, 52),
    }.items():
        assert bob.refused(stage.token("transfer", corp.address, units)) == refused
