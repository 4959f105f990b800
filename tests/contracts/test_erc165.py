"""ERC-165, clause by clause. Outcomes: erc165.tree."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

import pytest
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.stage import Stage

from contract_sources import ROOT
from genbo.chain.call import Call

NO_INTERFACE = 0xFFFFFFFF

# The standards' functions, as their texts spell them, and the ids that the texts or common use give them.
STANDARDS: dict[str, tuple[int, list[str]]] = {
    "ERC-165": (0x01FFC9A7, ["supportsInterface(bytes4)"]),
    "ERC-20": (
        0x36372B07,
        [
            "totalSupply()",
            "balanceOf(address)",
            "transfer(address,uint256)",
            "transferFrom(address,address,uint256)",
            "approve(address,uint256)",
            "allowance(address,address)",
        ],
    ),
    "ERC-20 metadata": (0xA219A025, ["name()", "symbol()", "decimals()"]),
    "ERC-2612": (
        0x9D8FF7DA,
        [
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            "nonces(address)",
            "DOMAIN_SEPARATOR()",
        ],
    ),
    "ERC-7943": (
        0x3EDBB4C4,
        [
            "forcedTransfer(address,address,uint256)",
            "setFrozenTokens(address,uint256)",
            "canSend(address)",
            "canReceive(address)",
            "getFrozenTokens(address)",
            "canTransfer(address,address,uint256)",
        ],
    ),
    "ERC-1404": (
        0xAB84A5C8,
        [
            "detectTransferRestriction(address,address,uint256)",
            "messageForTransferRestriction(uint8)",
        ],
    ),
}
OURS = ("IERC3009", "IERC3643Surface", "IHolds", "IERC7943Fungible", "IERC1404")


def interface_id(functions: list[str]) -> int:
    """The selectors of the functions, combined by exclusive or."""
    selectors = (int.from_bytes(keccak(text=each)[:4], "big") for each in functions)
    return reduce(int.__xor__, selectors, 0)


def functions_of(interface: str) -> list[str]:
    path = ROOT / "src/genbo/chain/artifacts" / f"{interface}.json"
    artifact: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return list(artifact["methodIdentifiers"])


def supports(stage: Stage, number: int) -> bool:
    return bool(stage.token.ask("supportsInterface", number.to_bytes(4, "big")))


@pytest.mark.parametrize("standard", STANDARDS)
def test_supports__the_standards__yes(stage: Stage, standard: str) -> None:
    """MUST answer true for every interface the contract implements; the ids are their functions'."""
    number, functions = STANDARDS[standard]
    assert interface_id(functions) == number
    assert supports(stage, number)
    assert set(functions) <= set(functions_of("SecurityToken"))


@pytest.mark.parametrize("interface", OURS)
def test_supports__the_surfaces_in_this_repository__yes(stage: Stage, interface: str) -> None:
    assert supports(stage, interface_id(functions_of(interface)))


def test_supports__what_no_interface_can_be__no(stage: Stage) -> None:
    """MUST answer false for 0xffffffff."""
    assert not supports(stage, NO_INTERFACE)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(0, id="nothing"),
        pytest.param(1, id="one"),
        pytest.param(0x80AC58CD, id="ERC-721"),
        pytest.param(0xD9B67A26, id="ERC-1155"),
        pytest.param(0xBF1EF5FE, id="ERC-7943 for ERC-721"),
        pytest.param(0x3EDBB4C5, id="one bit beside ERC-7943"),
    ],
)
def test_supports__anything_else__no(stage: Stage, number: int) -> None:
    assert not supports(stage, number)


def test_detection__by_the_standards_own_bytes__finds_it(stage: Stage, stranger: Person) -> None:
    """The 36 bytes that the standard has a detector send; a word answers each."""

    def ask(number: int) -> bytes:
        data = bytes.fromhex("01ffc9a7") + number.to_bytes(4, "big") + bytes(28)
        return stage.node.call(to=stage.token.address, data=data, sender=stranger.address).value

    yes, no = (1).to_bytes(32, "big"), bytes(32)
    assert (ask(0x01FFC9A7), ask(NO_INTERFACE), ask(0x3EDBB4C4)) == (yes, no, yes)


@pytest.mark.parametrize("number", [0x01FFC9A7, 0x3EDBB4C4, NO_INTERFACE])
def test_answer__costs_at_most_30000_gas(stage: Stage, stranger: Person, number: int) -> None:
    """MUST. Counted with cold storage and code, as the first question of a transaction is."""
    data = stage.token("supportsInterface", number.to_bytes(4, "big")).data
    carried = 21_000 + sum(4 if byte == 0 else 16 for byte in data)
    call = Call(stage.token.address, data, "ask")
    sent = stranger.sends(call, gas=carried + 30_000)
    assert sent.gas_used - carried <= 30_000
