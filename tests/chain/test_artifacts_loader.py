"""The shipped artifacts as the wrappers read them.

given every artifact
├── its selectors should be the compiler's
└── a name that two functions share should be refused, their signatures accepted
given running code
├── when only its immutables differ: it should be the same version
└── when any other byte differs: it should not
given a creator and a number
└── the address of the contract should be the one the chain gives
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genbo.chain import artifacts
from genbo.chain.addresses import contract_address
from genbo.kernel import Address

FOLDER = Path(artifacts.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "manifest")


@pytest.mark.parametrize("name", NAMES)
def test_selectors__are_the_compilers(name: str) -> None:
    raw = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    interface = artifacts.load(name).interface
    found = {entry.signature: entry.selector.hex() for entry in interface.functions}
    assert found == raw["methodIdentifiers"]


def test_function__name_shared_by_two__needs_the_signature() -> None:
    interface = artifacts.load("SecurityToken").interface
    with pytest.raises(KeyError, match="forcedTransfer"):
        interface.function("forcedTransfer")
    assert interface.function("forcedTransfer(address,address,uint256)").inputs[2] == "uint256"
    with pytest.raises(KeyError):
        interface.function("seize")


def test_masked__only_immutables_may_differ() -> None:
    token = artifacts.load("SecurityToken")
    code = bytearray(token.running_code)
    for places in token.immutables.values():
        for start, length in places:
            code[start : start + length] = b"\xaa" * length
    assert bytes(code) != token.running_code
    assert token.masked(bytes(code)) == token.masked(token.running_code)
    code[10] ^= 1
    assert token.masked(bytes(code)) != token.masked(token.running_code)
    assert len(token.immutables) == 3


def test_load__no_such_artifact() -> None:
    with pytest.raises(KeyError, match="make contracts"):
        artifacts.load("Nothing")


@pytest.mark.parametrize(
    ("nonce", "expected"),
    # The example of the yellow paper's readers: contracts of 0x6ac7..., numbers 0 to 3.
    [
        (0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d"),
        (1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8"),
        (2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91"),
        (3, "0xffFd933A0bC612844eaF0C6Fe3E5b8E9B6C1d19c"),
    ],
)
def test_contract_address__known_examples(nonce: int, expected: str) -> None:
    creator = Address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    assert contract_address(creator, nonce) == expected


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**40])
def test_contract_address__as_the_engine_computes_it(nonce: int) -> None:
    from eth._utils.address import generate_contract_address

    creator = Address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    expected = generate_contract_address(bytes.fromhex(creator[2:]), nonce)
    assert bytes.fromhex(contract_address(creator, nonce)[2:]) == expected
