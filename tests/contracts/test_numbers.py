"""Numbers that stand in Solidity and in Python: read from both and compared. Outcomes: numbers.tree."""

from __future__ import annotations

import re

import pytest
from tests.contracts.handle import Handle

from contract_sources import CONTRACTS
from genbo.chain.contracts import token_services
from genbo.chain.contracts.platform import MarketStatus
from genbo.compliance.reasons import REASONS, reason_numbered
from genbo.governance import Duty
from genbo.kernel import MAX_UNITS, Reason
from genbo.token import account_word, control_word, model
from genbo.token.account_word import AccountWord
from genbo.token.control_word import ControlWord
from genbo.token.hold import HoldState
from genbo.token.model import issuance
from genbo.token.movement import MovementKind


def source(path: str) -> str:
    return (CONTRACTS / path).read_text("utf-8")


def enum_in(path: str, name: str) -> list[str]:
    """The members of a Solidity enum, in order, as UPPER_CASE."""
    body = re.search(rf"enum {name} \{{(.*?)\}}", source(path), re.DOTALL)
    assert body is not None
    members = re.sub(r"//[^\n]*", "", body[1]).replace("\n", " ").split(",")
    return [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", member.strip()).upper() for member in members]


def constants_in(path: str) -> dict[str, int]:
    """Numbers and shifts that a Solidity file declares at its top, by name."""
    found = re.findall(r"^u?int\d+ constant (\w+) = (1 << \d+|\d+);", source(path), re.MULTILINE)
    return {name: eval(value) for name, value in found}  # only digits and a shift get here


def test_reasons__solidity_enum__is_the_python_list() -> None:
    names = enum_in("compliance/Reason.sol", "Reason")
    assert names[0] == "NONE"
    assert [Reason[name] for name in names[1:]] == list(Reason)[: len(names) - 1]
    numbered = {entry.number: entry.reason.name for entry in REASONS.values() if entry.number}
    assert numbered == dict(enumerate(names[1:], 1))


def test_reasons__comments__say_the_numbers() -> None:
    said = [int(n) for n in re.findall(r"// (\d+)", source("compliance/Reason.sol"))]
    assert said == list(range(len(enum_in("compliance/Reason.sol", "Reason"))))


def test_message__each_code__is_the_reason(token: Handle) -> None:
    assert token.ask("messageForTransferRestriction", 0) == "allowed"
    count = len(enum_in("compliance/Reason.sol", "Reason"))
    for number in range(1, count):
        reason = reason_numbered(number)
        assert reason is not None
        assert token.ask("messageForTransferRestriction", number) == reason.value
    for number in (count, 255):
        assert token.ask("messageForTransferRestriction", number) == "unknown"


def test_movement_kinds__solidity_enum__is_the_python_list() -> None:
    names = enum_in("token/MovementKind.sol", "MovementKind")
    assert names == [kind.name for kind in sorted(MovementKind)]
    assert [int(kind) for kind in sorted(MovementKind)] == list(range(len(names)))


def test_duties__solidity_constants__are_the_python_list() -> None:
    text = source("governance/Duties.sol")
    found = dict(re.findall(r"uint64 constant DUTY_(\w+) = (\d+);", text))
    assert {name: int(number) for name, number in found.items()} == {
        duty.name: int(duty) for duty in Duty if duty is not Duty.ADMIN
    }
    assert Duty.ADMIN == 0


def test_market_states__solidity_enum__is_the_python_list() -> None:
    assert enum_in("interfaces/IPlatform.sol", "MarketStatus") == [
        status.name for status in sorted(MarketStatus)
    ]


def test_control_bits__solidity_constants__are_the_python_ones() -> None:
    bits = constants_in("token/ControlWord.sol")
    ours = {"STOPPED", "MARKET_CLOSED", "TRANSFER_DISABLED", "PRODUCT_ENDED", "COUNT_HOLDERS"}
    assert set(bits) == ours
    assert bits == {name: getattr(control_word, name) for name in bits}
    assert control_word.PLATFORM_BITS == 7
    assert "PLATFORM_BITS = STOPPED | MARKET_CLOSED | TRANSFER_DISABLED;" in source(
        "token/ControlWord.sol"
    )


def test_hold_states__solidity_enum__is_the_python_list() -> None:
    for states in (HoldState, token_services.HoldState):
        assert enum_in("interfaces/IHolds.sol", "HoldState") == [s.name for s in sorted(states)]
        assert [int(state) for state in sorted(states)] == [0, 1, 2, 3]


def test_split_bounds__solidity_constants__are_the_python_ones() -> None:
    assert f"MAX_SPLIT_FACTOR = {model.MAX_SPLIT_FACTOR:_};" in source("token/Issuance.sol")
    assert "MAX_CUMULATIVE_FACTOR = type(uint160).max;" in source("token/Issuance.sol")
    assert issuance.MAX_CUMULATIVE_FACTOR == 2**160 - 1


@pytest.mark.parametrize(
    ("constant", "word"),
    [
        ("BLOCKED_TO_SEND", AccountWord(blocked_to_send=True)),
        ("BLOCKED_TO_RECEIVE", AccountWord(blocked_to_receive=True)),
        ("ADDRESS_FROZEN", AccountWord(address_frozen=True)),
        ("OWN_ACCOUNT", AccountWord(own_account=True)),
        ("RETIRED", AccountWord(retired=True)),
    ],
)
def test_account_flags__solidity_constants__are_the_python_ones(
    constant: str, word: AccountWord
) -> None:
    assert constants_in("token/AccountWord.sol")[constant] == word.pack()


def test_investor_class__shift_and_most__are_the_python_ones() -> None:
    shift = constants_in("token/AccountWord.sol")["CLASS_SHIFT"]
    assert AccountWord(investor_class=31).pack() == 31 << shift
    most = re.search(r"MAX_CLASS = (\d+)", source("compliance/Restrictions.sol"))
    assert most is not None
    assert int(most[1]) == account_word.MAX_CLASS


def test_most_units__solidity_constant__is_the_python_one() -> None:
    assert "MAX_UNITS = type(uint80).max" in source("token/AccountWord.sol")
    assert MAX_UNITS == 2**80 - 1


def test_words__of_the_product_as_offered__unpack_and_pack_again(token: Handle) -> None:
    raw = token.ask("controlWord")
    assert ControlWord.unpack(raw).pack() == raw
    assert ControlWord.unpack(raw) == ControlWord(permitted_classes=3)
