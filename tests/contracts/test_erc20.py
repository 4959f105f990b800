"""ERC-20 and ERC-6093, clause by clause. Outcomes: erc20.tree; what else a transfer is asked: questions.tree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.contracts.actors import Person
from tests.contracts.handle import error, event
from tests.contracts.stage import DUE, ISSUED, Stage, act, ref

from contract_sources import ROOT
from genbo.kernel import ZERO_ADDRESS

UNLIMITED = 2**256 - 1
ABI: list[dict[str, Any]] = json.loads(
    (ROOT / "src/genbo/chain/artifacts/SecurityToken.json").read_text("utf-8")
)["abi"]


def declared(kind: str, name: str) -> str:
    """The entry of the ABI as the standard would write it."""
    entry = next(each for each in ABI if each["type"] == kind and each.get("name") == name)
    inputs = [
        each["type"] + (" indexed" if each.get("indexed") else "") for each in entry["inputs"]
    ]
    outputs = [each["type"] for each in entry.get("outputs", [])]
    mutability = f" {entry['stateMutability']}" if kind == "function" else ""
    return f"{name}({','.join(inputs)}){mutability}" + (
        f" returns ({','.join(outputs)})" if outputs else ""
    )


# The interface --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expected",
    [
        "name() view returns (string)",
        "symbol() view returns (string)",
        "totalSupply() view returns (uint256)",
        "balanceOf(address) view returns (uint256)",
        "transfer(address,uint256) nonpayable returns (bool)",
        "transferFrom(address,address,uint256) nonpayable returns (bool)",
        "approve(address,uint256) nonpayable returns (bool)",
        "allowance(address,address) view returns (uint256)",
    ],
)
def test_functions__are_declared_as_the_standard_has_them(expected: str) -> None:
    assert declared("function", expected.partition("(")[0]) == expected


def test_decimals__are_zero_and_pure(stage: Stage) -> None:
    """The standard leaves mutability open: a view that reads nothing is pure here."""
    assert declared("function", "decimals") == "decimals() pure returns (uint8)"
    assert stage.token.ask("decimals") == 0


@pytest.mark.parametrize(
    "expected",
    [
        "Transfer(address indexed,address indexed,uint256)",
        "Approval(address indexed,address indexed,uint256)",
    ],
)
def test_events__are_declared_as_the_standard_has_them(expected: str) -> None:
    assert declared("event", expected.partition("(")[0]) == expected


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ERC20InsufficientBalance", ["address sender", "uint256 balance", "uint256 needed"]),
        ("ERC20InvalidReceiver", ["address receiver"]),
        (
            "ERC20InsufficientAllowance",
            ["address spender", "uint256 allowance", "uint256 needed"],
        ),
        ("ERC20InvalidSpender", ["address spender"]),
    ],
)
def test_errors__have_the_arguments_and_names_of_erc6093(name: str, arguments: list[str]) -> None:
    entry = next(each for each in ABI if each["type"] == "error" and each["name"] == name)
    assert [f"{each['type']} {each['name']}" for each in entry["inputs"]] == arguments


def test_name_and_symbol__are_the_products(stage: Stage) -> None:
    assert (stage.token.ask("name"), stage.token.ask("symbol")) == ("First residence", "FIRST")


# Balances -------------------------------------------------------------------------------------------


def test_total__after_every_kind_of_movement__is_the_sum_of_balances(
    stage: Stage, bob: Person, ann: Person, corp: Person
) -> None:
    """Issue, distribution, transfer, split, redemption: nobody's units are counted twice or left out."""

    def adds_up(total: int) -> bool:
        holders = (stage.beneficiary, ann, bob, corp, stage.stranger, stage.spare)
        return stage.total == total == sum(stage.balance(who) for who in holders)

    assert adds_up(ISSUED)
    bob.does(stage.token("transfer", ann.address, 7))
    assert adds_up(ISSUED)
    stage.issuer.does(stage.token("issue", [ann.address], [47], act("ISSUE-2")))
    assert adds_up(1_500)
    stage.issuer.does(stage.token("split", 10, 0, act("SPLIT-1")))
    assert adds_up(15_000)
    stage.advance_to(DUE)
    stage.issuer.does(stage.token("redeem", [corp.address], [4_000], act("RED-1")))
    assert adds_up(11_000)


# transfer -------------------------------------------------------------------------------------------


def answers(stage: Stage, who: Person, function: str, *arguments: Any) -> bytes:
    """What the function answers its caller."""
    data = stage.token(function, *arguments).data
    return stage.node.call(to=stage.token.address, data=data, sender=who.address).value


YES = (1).to_bytes(32, "big")


def test_transfer__moves_fires_and_answers_true(stage: Stage, bob: Person, corp: Person) -> None:
    assert answers(stage, bob, "transfer", corp.address, 50) == YES
    assert bob.does(stage.token("transfer", corp.address, 50)) == [
        event("Transfer", bob.address, corp.address, 50)
    ]
    assert (stage.balance(bob), stage.balance(corp)) == (1, 450)


def test_transfer__of_zero__is_a_transfer_like_any_other(
    stage: Stage, bob: Person, corp: Person, stranger: Person
) -> None:
    """MUST be treated as normal: fires, answers true, and is refused where one unit would be."""
    before = stage.everything()
    assert answers(stage, bob, "transfer", corp.address, 0) == YES
    assert bob.does(stage.token("transfer", corp.address, 0)) == [
        event("Transfer", bob.address, corp.address, 0)
    ]
    assert bob.refused(stage.token("transfer", stranger.address, 0)) == error(
        "TokenUnverified", stranger.address
    )
    assert stage.everything() == before


@pytest.mark.parametrize("units", [52, 2**80, UNLIMITED])
def test_transfer__of_more_than_the_balance__is_refused(
    stage: Stage, bob: Person, corp: Person, units: int
) -> None:
    """SHOULD throw; the error's `balance` MUST be less than `needed`."""
    assert bob.refused(stage.token("transfer", corp.address, units)) == error(
        "ERC20InsufficientBalance", bob.address, 51, units
    )


@pytest.mark.parametrize("units", [0, 1])
def test_transfer__to_the_zero_address__is_refused(stage: Stage, bob: Person, units: int) -> None:
    refused = error("ERC20InvalidReceiver", ZERO_ADDRESS)
    assert bob.refused(stage.token("transfer", ZERO_ADDRESS, units)) == refused
    assert (
        bob.refused(stage.token("transferWithReference", ZERO_ADDRESS, units, ref("T-1")))
        == refused
    )


# transferFrom ---------------------------------------------------------------------------------------


@pytest.fixture
def spender(stage: Stage, bob: Person, stranger: Person) -> Person:
    """Somebody without verdict or units, whom bob allows ten."""
    bob.does(stage.token("approve", stranger.address, 10))
    return stranger


def test_transfer_from__moves_fires_and_answers_true(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    arguments = (bob.address, corp.address, 4)
    assert answers(stage, spender, "transferFrom", *arguments) == YES
    assert spender.does(stage.token("transferFrom", *arguments)) == [event("Transfer", *arguments)]
    assert (stage.balance(bob), stage.balance(corp)) == (47, 404)
    assert stage.token.ask("allowance", bob.address, spender.address) == 6


def test_transfer_from__as_often_as_the_allowance_lasts__and_not_once_more(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    for _ in range(5):
        spender.does(stage.token("transferFrom", bob.address, corp.address, 2))
    assert spender.refused(stage.token("transferFrom", bob.address, corp.address, 1)) == error(
        "ERC20InsufficientAllowance", spender.address, 0, 1
    )


def test_transfer_from__within_an_unlimited_allowance__leaves_it(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    bob.does(stage.token("approve", spender.address, UNLIMITED))
    spender.does(stage.token("transferFrom", bob.address, corp.address, 51))
    assert stage.token.ask("allowance", bob.address, spender.address) == UNLIMITED


def test_transfer_from__of_zero_without_an_allowance__is_a_transfer_like_any_other(
    stage: Stage, stranger: Person, bob: Person, corp: Person
) -> None:
    arguments = (bob.address, corp.address, 0)
    assert stranger.does(stage.token("transferFrom", *arguments)) == [event("Transfer", *arguments)]


def test_transfer_from__beyond_the_allowance__is_refused_before_anything_else(
    stage: Stage, spender: Person, bob: Person, stranger: Person
) -> None:
    """`allowance` MUST be less than `needed`. Recipient and balance would be refused as well."""
    for to in (stage.corp.address, stage.spare.address, ZERO_ADDRESS):
        assert spender.refused(stage.token("transferFrom", bob.address, to, 52)) == error(
            "ERC20InsufficientAllowance", spender.address, 10, 52
        )


def test_transfer_from__the_owner__needs_an_allowance_too(
    stage: Stage, bob: Person, corp: Person
) -> None:
    """The standard makes no exception for the owner, and neither does the token."""
    assert bob.refused(stage.token("transferFrom", bob.address, corp.address, 1)) == error(
        "ERC20InsufficientAllowance", bob.address, 0, 1
    )


def test_transfer_from__refused__spends_nothing(
    stage: Stage, spender: Person, bob: Person, corp: Person
) -> None:
    stage.restrictor.does(stage.token("freezePartialTokens", bob.address, 51))
    assert spender.refused(stage.token("transferFrom", bob.address, corp.address, 1)) == error(
        "ERC7943InsufficientUnfrozenBalance", bob.address, 1, 0
    )
    assert stage.token.ask("allowance", bob.address, spender.address) == 10


# approve --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, 1, 52, UNLIMITED])
def test_approve__fires_and_answers_true(
    stage: Stage, bob: Person, ann: Person, value: int
) -> None:
    """Whatever the owner has; also when nothing changes, as with zero."""
    assert answers(stage, bob, "approve", ann.address, value) == YES
    assert bob.does(stage.token("approve", ann.address, value)) == [
        event("Approval", bob.address, ann.address, value)
    ]
    assert stage.token.ask("allowance", bob.address, ann.address) == value


def test_approve__again__overwrites(stage: Stage, bob: Person, ann: Person) -> None:
    """Also from one figure straight to another: the contract SHOULD NOT enforce a detour by zero."""
    for value in (10, 3, 0, 5):
        bob.does(stage.token("approve", ann.address, value))
        assert stage.token.ask("allowance", bob.address, ann.address) == value


def test_approve__the_zero_address__is_refused(stage: Stage, bob: Person) -> None:
    for value in (0, 1):
        assert bob.refused(stage.token("approve", ZERO_ADDRESS, value)) == error(
            "ERC20InvalidSpender", ZERO_ADDRESS
        )


def test_allowance__is_one_owners_to_one_spender(
    stage: Stage, bob: Person, ann: Person, corp: Person
) -> None:
    bob.does(stage.token("approve", ann.address, 10))
    pairs = {(a.address, b.address) for a in (bob, ann, corp) for b in (bob, ann, corp)}
    given = {pair for pair in pairs if stage.token.ask("allowance", *pair)}
    assert given == {(bob.address, ann.address)}


# Units come and go ----------------------------------------------------------------------------------


def test_creation__fires_a_transfer_from_the_zero_address(unissued: Stage, ann: Person) -> None:
    """SHOULD."""
    issued = unissued.issuer.does(unissued.token("issue", [ann.address], [9], act("ISSUE-1")))
    assert event("Transfer", ZERO_ADDRESS, ann.address, 9) in issued
    minted = unissued.issuer.does(unissued.token("mint", ann.address, 3))
    assert event("Transfer", ZERO_ADDRESS, ann.address, 3) in minted


def test_destruction__fires_a_transfer_to_the_zero_address(
    stage: Stage, redemption_day: int, bob: Person
) -> None:
    burned = stage.issuer.does(stage.token("burn", bob.address, 3))
    assert event("Transfer", bob.address, ZERO_ADDRESS, 3) in burned
    assert stage.balance(ZERO_ADDRESS) == 0
