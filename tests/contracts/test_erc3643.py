"""The token surface of ERC-3643, as existing tools call it. Outcomes: erc3643.tree; papers and reasons elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eth_utils import keccak
from tests.contracts.actors import Actor, Person
from tests.contracts.handle import Event, error, event
from tests.contracts.stage import CORPORATE, RETAIL, VERIFIED_UNTIL, Stage

from contract_sources import ROOT
from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

ABI: list[dict[str, Any]] = json.loads(
    (ROOT / "src/genbo/chain/artifacts/SecurityToken.json").read_text("utf-8")
)["abi"]

FUNCTIONS = [
    "onchainID() view returns (address)",
    "version() view returns (string)",
    "identityRegistry() view returns (address)",
    "compliance() view returns (address)",
    "paused() view returns (bool)",
    "isFrozen(address) view returns (bool)",
    "getFrozenTokens(address) view returns (uint256)",
    "setAddressFrozen(address,bool)",
    "freezePartialTokens(address,uint256)",
    "unfreezePartialTokens(address,uint256)",
    "forcedTransfer(address,address,uint256) returns (bool)",
    "mint(address,uint256)",
    "burn(address,uint256)",
    "recoveryAddress(address,address,address) returns (bool)",
    "batchTransfer(address[],uint256[])",
    "batchForcedTransfer(address[],address[],uint256[])",
    "batchMint(address[],uint256[])",
    "batchBurn(address[],uint256[])",
    "batchSetAddressFrozen(address[],bool[])",
    "batchFreezePartialTokens(address[],uint256[])",
    "batchUnfreezePartialTokens(address[],uint256[])",
    # Of the registry and the compliance, which the token is itself:
    "isVerified(address) view returns (bool)",
    "canTransfer(address,address,uint256) view returns (bool)",
]
EVENTS = [
    "RecoverySuccess(address,address,address)",
    "AddressFrozen(address,bool,address)",
    "TokensFrozen(address,uint256)",
    "TokensUnfrozen(address,uint256)",
]
LEFT_OUT = [
    # One platform stops all products; nobody pauses one of them alone.
    "pause()",
    "unpause()",
    # A token does not change what it is.
    "setName(string)",
    "setSymbol(string)",
    "setOnchainID(address)",
    "setIdentityRegistry(address)",
    "setCompliance(address)",
    # Who may act stands in the access manager.
    "addAgent(address)",
    "removeAgent(address)",
    "isAgent(address)",
    "owner()",
    "transferOwnership(address)",
    # What a compliance of another kind would be told.
    "transferred(address,address,uint256)",
    "created(address,uint256)",
    "destroyed(address,uint256)",
    # Nothing takes coins, or calls that are none.
    "deposit()",
]
FORCED = "forcedTransfer(address,address,uint256)"
RECOVER = "recoveryAddress(address,address,address)"


def declared(entry: dict[str, Any]) -> str:
    inputs = ",".join(each["type"] for each in entry["inputs"])
    outputs = ",".join(each["type"] for each in entry.get("outputs", []))
    view = " view" if entry.get("stateMutability") in ("view", "pure") else ""
    return f"{entry['name']}({inputs}){view}" + (f" returns ({outputs})" if outputs else "")


# The interface --------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", FUNCTIONS)
def test_functions__are_declared_as_the_standard_has_them(expected: str) -> None:
    assert expected in {declared(each) for each in ABI if each["type"] == "function"}


@pytest.mark.parametrize("expected", EVENTS)
def test_events__are_declared_as_the_standard_has_them(expected: str) -> None:
    assert expected in {declared(each) for each in ABI if each["type"] == "event"}


@pytest.mark.parametrize("signature", LEFT_OUT)
def test_left_out__is_refused_to_everybody(stage: Stage, signature: str) -> None:
    """Refused without a word, as by any contract that has no such function; not quietly accepted."""
    types = signature.partition("(")[2][:-1]
    data = keccak(text=signature)[:4] + bytes(32 * (types.count(",") + 1) if types else 0)
    assert data[:4] not in stage.token.interface.by_selector
    actors: list[Actor] = [stage.admin, stage.issuer, stage.repairer, stage.restrictor, stage.bob]
    for who in actors:
        assert who.refused(Call(stage.token.address, data, signature)) == error("")
    assert stage.bob.refused(Call(stage.token.address, b"", "nothing")) == error("")


# What tools read ------------------------------------------------------------------------------------


def test_reads__the_token_is_its_own_registry_and_compliance(stage: Stage, bob: Person) -> None:
    """A tool that follows `identityRegistry` and `compliance` finds the questions answered where it lands."""
    token = stage.token
    assert token.ask("identityRegistry") == token.ask("compliance") == token.address
    assert (token.ask("onchainID"), token.ask("version")) == (ZERO_ADDRESS, "1")
    assert token.ask("isVerified", bob.address) is True
    assert token.ask("canTransfer", bob.address, stage.corp.address, 51) is True


@pytest.mark.parametrize("state", ["closed", "stopped", "disabled", "ended"])
def test_paused__while_ordinary_transfers_are_off(ready: Stage, bob: Person, state: str) -> None:
    token = ready.token
    assert token.ask("paused") is False
    if state == "closed":
        ready.market_operator.does(ready.platform("closeMarket"))
    elif state == "stopped":
        ready.stopper.does(ready.platform("stop"))
    elif state == "disabled":
        group = ready.platform.ask("groupOf", token.address)
        ready.repairer.does(ready.platform("setTransferEnabled", group, False))
    else:
        everybody = [who.address for who in (ready.beneficiary, ready.ann, bob, ready.corp)]
        papers = (b"END".ljust(32, b"\0"), b"\1" * 32, 0)
        ready.issuer.does(token("redeemAll", everybody, papers))
    assert token.ask("paused") is True
    assert not bob.may(token("transfer", ready.corp.address, 0))


def test_is_verified__while_a_verdict_holds(stage: Stage, releaser: Actor) -> None:
    """Neither before the first, nor once it ran out, nor when it says blocked, nor of a replaced address."""
    token, spare = stage.token, stage.spare.address
    soon = stage.now + 100

    def verdict(until: int, blocked: bool = False) -> bool:
        releaser.does(token("setVerdict", spare, until, RETAIL, blocked))
        return bool(token.ask("isVerified", spare))

    assert token.ask("isVerified", spare) is False
    assert verdict(soon) is True
    assert verdict(soon, blocked=True) is False
    assert verdict(soon) is True
    stage.advance_to(soon - 1)
    assert token.ask("isVerified", spare) is True
    stage.advance_to(soon)
    assert token.ask("isVerified", spare) is False
    stage.repairer.does(token(RECOVER, stage.bob.address, stage.person(41).address, ZERO_ADDRESS))
    assert token.ask("isVerified", stage.bob.address) is False
    assert token.ask("isVerified", stage.person(41).address) is True


# What a transfer needs ------------------------------------------------------------------------------


def test_transfer__each_condition_of_the_standard__is_asked(stage: Stage, bob: Person) -> None:
    """MUST: free units, a verified recipient, neither wallet frozen, no pause, the compliance's rules."""
    token, to = stage.token, stage.corp.address
    call = token("transfer", to, 10)
    limited = stage.create("LimitRule", 9)
    start = stage.node.snapshot()

    def refused_after(who: Actor, act: Call) -> str:
        stage.take_back_to(start)
        who.does(act)
        return bob.refused(call).name

    restrictor, address = stage.restrictor, bob.address
    freeze = token("freezePartialTokens", address, 42)
    assert refused_after(restrictor, freeze) == "ERC7943InsufficientUnfrozenBalance"
    unverified = token("setVerdict", to, 0, CORPORATE, False)
    assert refused_after(restrictor, unverified) == "TokenUnverified"
    for frozen in (address, to):
        order = token("setAddressFrozen", frozen, True)
        assert refused_after(restrictor, order) == "TokenAddressFrozen"
    closed = stage.platform("closeMarket")
    assert refused_after(stage.market_operator, closed) == "TokenMarketClosed"
    assert refused_after(restrictor, token("setRule", limited)) == "TokenRuleRefused"


# Freezing -------------------------------------------------------------------------------------------


def test_freeze_address__alone_and_in_a_batch__stops_both_directions(
    stage: Stage, restrictor: Person, releaser: Actor
) -> None:
    token, bob, ann = stage.token, stage.bob, stage.ann
    by = restrictor.address
    assert restrictor.does(token("setAddressFrozen", bob.address, True)) == [
        event("AddressFrozen", bob.address, True, by)
    ]
    assert token.ask("isFrozen", bob.address) is True
    for giver, to in ((bob, ann), (ann, bob)):
        assert giver.refused(token("transfer", to.address, 1)) == error(
            "TokenAddressFrozen", bob.address
        )
    pair = [bob.address, ann.address]
    assert releaser.does(token("batchSetAddressFrozen", pair, [False, True])) == [
        event("AddressFrozen", bob.address, False, releaser.address),
        event("AddressFrozen", ann.address, True, releaser.address),
    ]
    assert [token.ask("isFrozen", who) for who in pair] == [False, True]


def test_freeze_units__alone_and_in_a_batch__adds_and_subtracts(
    stage: Stage, restrictor: Person, releaser: Actor
) -> None:
    token, bob, corp = stage.token, stage.bob.address, stage.corp.address

    def says(name: str, who: str, difference: int, now: int) -> list[Event]:
        return [event(name, who, difference), event("Frozen", who, now)]

    assert restrictor.does(token("freezePartialTokens", bob, 20)) == says(
        "TokensFrozen", bob, 20, 20
    )
    assert restrictor.does(token("batchFreezePartialTokens", [bob, corp, bob], [5, 7, 1])) == [
        *says("TokensFrozen", bob, 5, 25),
        *says("TokensFrozen", corp, 7, 7),
        *says("TokensFrozen", bob, 1, 26),
    ]
    assert releaser.does(token("unfreezePartialTokens", bob, 6)) == says(
        "TokensUnfrozen", bob, 6, 20
    )
    assert releaser.does(token("batchUnfreezePartialTokens", [corp, bob], [7, 20])) == [
        *says("TokensUnfrozen", corp, 7, 0),
        *says("TokensUnfrozen", bob, 20, 0),
    ]
    assert (stage.frozen(bob), stage.frozen(corp)) == (0, 0)


# Creating, destroying, forcing ----------------------------------------------------------------------


def transfers(events: list[Event]) -> list[Event]:
    return [each for each in events if each.name == "Transfer"]


def test_mint__alone_and_in_a_batch__creates(stage: Stage) -> None:
    token, bob, ann = stage.token, stage.bob.address, stage.ann.address
    assert transfers(stage.issuer.does(token("mint", bob, 4))) == [
        event("Transfer", ZERO_ADDRESS, bob, 4)
    ]
    assert transfers(stage.issuer.does(token("batchMint", [ann, bob, ann], [1, 2, 3]))) == [
        event("Transfer", ZERO_ADDRESS, who, units) for who, units in ((ann, 1), (bob, 2), (ann, 3))
    ]
    assert (stage.balance(bob), stage.balance(ann), stage.total) == (57, 6, 1_463)


def test_burn__alone_and_in_a_batch__asks_nobodys_verdict(
    stage: Stage, redemption_day: int, restrictor: Person
) -> None:
    token, bob, corp = stage.token, stage.bob.address, stage.corp.address
    restrictor.does(token("setVerdict", bob, 0, RETAIL, True))
    restrictor.does(token("setAddressFrozen", corp, True))
    assert transfers(stage.issuer.does(token("burn", bob, 4))) == [
        event("Transfer", bob, ZERO_ADDRESS, 4)
    ]
    assert transfers(stage.issuer.does(token("batchBurn", [corp, bob], [100, 47]))) == [
        event("Transfer", corp, ZERO_ADDRESS, 100),
        event("Transfer", bob, ZERO_ADDRESS, 47),
    ]
    assert (stage.balance(bob), stage.balance(corp), stage.total) == (0, 300, 1_302)


def test_forced_transfer__in_a_batch__moves_row_by_row(stage: Stage) -> None:
    token, bob, corp, ann = (
        stage.token,
        stage.bob.address,
        stage.corp.address,
        stage.ann.address,
    )
    call = token("batchForcedTransfer", [bob, corp, bob], [ann, bob, corp], [51, 10, 10])
    moved = [
        each for each in stage.repairer.does(call) if each.name in ("Transfer", "ForcedTransfer")
    ]
    assert moved == [
        event(name, *row)
        for row in ((bob, ann, 51), (corp, bob, 10), (bob, corp, 10))
        for name in ("Transfer", "ForcedTransfer")
    ]
    assert [stage.balance(who) for who in (bob, corp, ann)] == [0, 400, 53]


def test_creation_and_force__to_the_unverified__are_refused(stage: Stage, bob: Person) -> None:
    """They ask for the recipient's verdict, and pass over the rest that a transfer asks of the giver."""
    stranger = stage.stranger.address
    refused = error("TokenUnverified", stranger)
    assert stage.issuer.refused(stage.token("mint", stranger, 1)) == refused
    assert stage.repairer.refused(stage.token(FORCED, bob.address, stranger, 1)) == refused


@pytest.mark.parametrize("at", [0, 1, 2])
def test_batches__with_one_row_refused__are_taken_back_whole(
    ready: Stage, bob: Person, at: int
) -> None:
    token, to, stranger = ready.token, ready.corp.address, ready.stranger.address
    people, units = [to, to, to], [1, 1, 1]
    wrong = [*people[:at], stranger, *people[at + 1 :]]
    too_many = [*units[:at], 10_000, *units[at + 1 :]]
    nothing = [*units[:at], 0, *units[at + 1 :]]
    before = ready.everything()
    for who, call in (
        (bob, token("batchTransfer", wrong, units)),
        (ready.repairer, token("batchForcedTransfer", [bob.address] * 3, wrong, units)),
        (ready.issuer, token("batchMint", wrong, units)),
        (ready.issuer, token("batchBurn", people, too_many)),
        (ready.releaser, token("batchUnfreezePartialTokens", [stranger] * 3, too_many)),
        (ready.restrictor, token("batchFreezePartialTokens", people, nothing)),
    ):
        assert not who.may(call), call.what
    assert ready.everything() == before


# Recovery -------------------------------------------------------------------------------------------


def test_recovery__moves_everything_fires_and_answers_true(
    stage: Stage, restrictor: Person
) -> None:
    token, bob, new = stage.token, stage.bob.address, stage.spare.address
    identity = stage.person(42).address
    restrictor.does(token("freezePartialTokens", bob, 20))
    restrictor.does(token("setLockUp", bob, VERIFIED_UNTIL))
    rest = stage.word(bob)
    call = token(RECOVER, bob, new, identity)
    answer = stage.node.call(to=token.address, data=call.data, sender=stage.repairer.address)
    assert answer.value == (1).to_bytes(32, "big")
    events = stage.repairer.does(call)
    assert event("RecoverySuccess", bob, new, identity) in events
    assert transfers(events) == [event("Transfer", bob, new, 51)]
    assert stage.word(new) == rest
    assert (stage.balance(bob), token.ask("isVerified", bob)) == (0, False)


# Lists and duties -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "function", "arguments"),
    [
        ("bob", "batchTransfer", (["a"], [])),
        ("repairer", "batchForcedTransfer", (["a"], ["a", "a"], [1])),
        ("repairer", "batchForcedTransfer", (["a"], ["a"], [1, 1])),
        ("issuer", "batchMint", (["a", "a"], [1])),
        ("issuer", "batchBurn", (["a"], [1, 2])),
        ("restrictor", "batchSetAddressFrozen", (["a"], [])),
        ("restrictor", "batchFreezePartialTokens", ([], [1])),
        ("releaser", "batchUnfreezePartialTokens", (["a", "a"], [1])),
    ],
)
def test_batches__of_lists_that_differ__are_refused(
    stage: Stage, by: str, function: str, arguments: tuple[list[Any], ...]
) -> None:
    who: Actor = getattr(stage, by)
    lists = [[stage.ann.address if each == "a" else each for each in row] for row in arguments]
    lengths = [len(row) for row in lists]
    other = next(length for length in lengths[1:] if length != lengths[0])
    assert who.refused(stage.token(function, *lists)) == error(
        "TokenLengthMismatch", lengths[0], other
    )


def test_every_act__without_the_duty__is_refused(stage: Stage, stranger: Person) -> None:
    """Agents' functions in the standard; here each asks for a duty of its own."""
    token, a = stage.token, stage.ann.address
    acts = {
        "setAddressFrozen": (a, True),
        "batchSetAddressFrozen": ([a], [True]),
        "freezePartialTokens": (a, 1),
        "batchFreezePartialTokens": ([a], [1]),
        "unfreezePartialTokens": (a, 1),
        "batchUnfreezePartialTokens": ([a], [1]),
        FORCED: (a, stage.bob.address, 1),
        "batchForcedTransfer": ([a], [stage.bob.address], [1]),
        "mint": (a, 1),
        "batchMint": ([a], [1]),
        "burn": (a, 1),
        "batchBurn": ([a], [1]),
        RECOVER: (a, stage.spare.address, ZERO_ADDRESS),
    }
    for function, arguments in acts.items():
        for who in (stranger, stage.ann):
            assert who.refused(token(function, *arguments)) == error(
                "TokenDutyMissing", who.address, token.selector(function)
            )
