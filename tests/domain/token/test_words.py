"""The words are laid out as the contract lays them out.

given any account word
    it should come back from its 256 bits unchanged, each field at the bits the contract names
given the Solidity constants
    it should use the same bits
"""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import MAX_UNITS, Address
from genbo.token.account_word import AccountWord
from genbo.token.control_word import ControlWord

CONTRACTS = Path(__file__).parents[3] / "contracts" / "token"

units = st.integers(0, MAX_UNITS)
seconds = st.integers(0, 2**32 - 1)
words = st.builds(
    AccountWord,
    balance=units,
    frozen=units,
    verified_until=seconds,
    lock_up_until=seconds,
    blocked_to_send=st.booleans(),
    blocked_to_receive=st.booleans(),
    address_frozen=st.booleans(),
    own_account=st.booleans(),
    investor_class=st.integers(0, 31),
    retired=st.booleans(),
    epoch=st.integers(0, 2**16 - 1),
)
controls = st.builds(
    ControlWord,
    rule=st.integers(0, 2**160 - 1).map(lambda raw: Address(f"0x{raw:040x}")),
    bits=st.integers(0, 15),
    epoch=st.integers(0, 2**16 - 1),
    product_lock_up_until=seconds,
    permitted_classes=seconds,
)


@given(words)
def test_account_word__packed_and_unpacked__is_the_same(word: AccountWord) -> None:
    assert AccountWord.unpack(word.pack()) == word
    assert word.pack() < 2**256


@given(controls)
def test_control_word__packed_and_unpacked__is_the_same(word: ControlWord) -> None:
    assert ControlWord.unpack(word.pack()) == word


def test_account_word__each_field__stands_at_its_bits() -> None:
    assert AccountWord(balance=1).pack() == 1
    assert AccountWord(frozen=1).pack() == 1 << 80
    assert AccountWord(verified_until=1).pack() == 1 << 160
    assert AccountWord(lock_up_until=1).pack() == 1 << 192
    assert AccountWord(epoch=1).pack() == 1 << 240
    assert AccountWord(investor_class=31).pack() == 31 << 228


def test_account_word__flags__are_the_constants_of_the_contract() -> None:
    source = (CONTRACTS / "AccountWord.sol").read_text()
    bits = dict(re.findall(r"uint256 constant (\w+) = 1 << (\d+);", source))
    assert AccountWord(blocked_to_send=True).pack() == 1 << int(bits["BLOCKED_TO_SEND"])
    assert AccountWord(blocked_to_receive=True).pack() == 1 << int(bits["BLOCKED_TO_RECEIVE"])
    assert AccountWord(address_frozen=True).pack() == 1 << int(bits["ADDRESS_FROZEN"])
    assert AccountWord(own_account=True).pack() == 1 << int(bits["OWN_ACCOUNT"])
    assert AccountWord(retired=True).pack() == 1 << int(bits["RETIRED"])


def test_control_word__bits__are_the_constants_of_the_contract() -> None:
    source = (CONTRACTS / "ControlWord.sol").read_text()
    bits = dict(re.findall(r"uint16 constant (\w+) = (\d+);", source))
    from genbo.token import control_word

    for name in ("STOPPED", "MARKET_CLOSED", "TRANSFER_DISABLED", "PRODUCT_ENDED"):
        assert getattr(control_word, name) == int(bits[name])
    assert ControlWord(bits=1).pack() == 1 << 160
    assert ControlWord(epoch=1).pack() == 1 << 176
    assert ControlWord(product_lock_up_until=1).pack() == 1 << 192
    assert ControlWord(permitted_classes=1).pack() == 1 << 224


@given(balance=units, frozen=units, data=st.data())
def test_seized__any_units__frees_nothing_that_stays(
    balance: int, frozen: int, data: st.DataObject
) -> None:
    word = AccountWord(balance=balance, frozen=frozen)
    taken = data.draw(st.integers(0, balance))
    left = word.seized(taken)
    assert left.balance == balance - taken
    assert left.frozen == frozen - max(0, taken - word.unfrozen)
    assert left.unfrozen == max(0, word.unfrozen - taken)
