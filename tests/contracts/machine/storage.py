"""Storage: one token at the latest block: its slots as written, what it answers, and what an act would do.

Slots are read without running code, so every account can be looked at after every step, the ones nobody touched for
many splits included; and code that reads wrongly cannot hide what was written. Questions are put to `TokenServices`
on the token's storage, as the token itself would run it: that saves the two contracts that hand a question on, and
most of the time of a search. Acts go through the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eth.constants import ZERO_ADDRESS
from eth.exceptions import Revert
from eth.vm.message import Message
from eth_abi import encode
from eth_utils import keccak, to_canonical_address
from tests.contracts.stage import Stage

from genbo.chain import artifacts
from genbo.chain.node import Reverted
from genbo.kernel import MAX_UNITS, Address
from genbo.token.account_word import AccountWord
from genbo.token.hold import HeldUnits

ACCOUNTS, CONTROL, SUPPLY, BENEFICIARY, TERMS_HASH = range(5)
CUMULATIVE_FACTOR, HELD, HOLDER_COUNT = 7, 15, 17
"""Places of the state variables, in the order in which `TokenState.sol` declares them; the first comparison of a
search would fail if one were wrong."""

_TIME, _EPOCH = 2**32 - 1, 2**16 - 1
_GAS = 10_000_000


@dataclass(frozen=True)
class Storage:
    """The slots of one token at the latest block."""

    state: Any
    token: bytes
    services: bytes
    """The code that answers."""

    def answer(self, data: bytes) -> bytes:
        """What the token answers. A refusal raises Reverted."""
        known = data[:4] in artifacts.load("TokenServices").interface.by_selector
        code = self.services if known else self.state.get_code(self.token)
        return self.run(code, data, ZERO_ADDRESS)

    def attempt(self, caller: Address, data: bytes) -> bytes:
        """The act, on this very state and second; whatever it did is taken back. A refusal raises Reverted."""
        return self.run(self.state.get_code(self.token), data, to_canonical_address(caller))

    def run(self, code: bytes, data: bytes, caller: bytes) -> bytes:
        snapshot = self.state.snapshot()
        message = Message(gas=_GAS, to=self.token, sender=caller, value=0, data=data, code=code)
        context = self.state.get_transaction_context_class()(gas_price=0, origin=caller)
        try:
            done = self.state.computation_class.apply_message(self.state, message, context)
        finally:
            self.state.revert(snapshot)
        if done.is_error:
            raise Reverted(bytes(done.error.args[0]) if isinstance(done.error, Revert) else b"")
        return bytes(done.output)

    def slot(self, number: int) -> int:
        return int(self.state.get_storage(self.token, number))

    def of(self, mapping: int, kind: str, key: Any) -> int:
        return self.slot(int.from_bytes(keccak(encode([kind, "uint256"], [key, mapping])), "big"))

    @property
    def epoch(self) -> int:
        return self.slot(CONTROL) >> 176 & _EPOCH

    def factor(self, epoch: int) -> int:
        """By how much the splits up to that epoch multiply a unit of the first issue."""
        return 1 if epoch == 0 else self.of(CUMULATIVE_FACTOR, "uint16", epoch)

    def since(self, epoch: int) -> int:
        """By how much the splits since that epoch multiply."""
        return self.factor(self.epoch) // self.factor(epoch)

    def account(self, address: Address) -> AccountWord:
        """The account, splits since it was written applied here."""
        word = AccountWord.unpack(self.of(ACCOUNTS, "address", address))
        if word.epoch == self.epoch:
            return word
        return word.scaled(self.since(word.epoch), epoch=self.epoch)

    def written_in(self, address: Address) -> int:
        """The epoch the account is expressed in."""
        return self.of(ACCOUNTS, "address", address) >> 240

    def held(self, address: Address) -> HeldUnits:
        """Claims and cover of the account, splits since applied here."""
        raw = self.of(HELD, "address", address)
        factor = self.since(raw >> 160 & _EPOCH)
        return HeldUnits(
            claims=min((raw & MAX_UNITS) * factor, MAX_UNITS),
            cover=min((raw >> 80 & MAX_UNITS) * factor, MAX_UNITS),
        )

    def supply(self) -> tuple[int, int, int, int, bool]:
        """Total, cap, redemption date, legal category, ever issued: as `supply()` answers."""
        raw = self.slot(SUPPLY)
        dates = (raw >> 160 & _TIME, raw >> 192 & 0xFFFF, bool(raw >> 208 & 0xFF))
        return (raw & MAX_UNITS, raw >> 80 & MAX_UNITS, *dates)


@contextmanager
def storage(stage: Stage) -> Iterator[Storage]:
    """The first product's token; one state for as many readings as are made."""
    with stage.node._state(None) as (vm, _):
        services = vm.state.get_code(to_canonical_address(stage.deployment.services))
        yield Storage(vm.state, to_canonical_address(stage.token.address), services)
