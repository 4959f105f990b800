"""Replay: one token's accounts and figures rebuilt from its events alone, as an indexer would.

Written from the prose of `ISecurityToken.sol`, apart from the service's own decoder and register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from eth_utils import to_checksum_address
from tests.contracts.handle import Event

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, from_bytes32
from genbo.token.account_word import AccountWord
from genbo.token.hold import HoldState
from genbo.token.movement import MovementKind

CREATING = (
    MovementKind.ISSUE,
    MovementKind.ADDITIONAL_ISSUE,
    MovementKind.REDISTRIBUTE,
    MovementKind.REDEEM,  # "redeem all" of the zero address: zero units, from nobody to nobody
)


def _nothing(*_: object) -> None:
    """An event that repeats what another says, or says nothing about accounts."""


class Replay:
    """What the events so far say."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.accounts: dict[str, AccountWord] = {}
        self.total = 0
        self.cap = 0
        self.epoch = 0
        self.beneficiary = ZERO_ADDRESS
        self.permitted_classes = 0
        self.product_lock_up = 0
        self.rule = ZERO_ADDRESS
        self.ended = False
        self.counts = False
        self.holds: dict[str, tuple[int, HoldState]] = {}
        """Units and state of each hold, by its reference."""
        self.referenced = False
        """The next `Transfer` was announced by a `TransferReference`."""
        self.announced = 0
        """`Transfer` logs that a `Movement` still announces."""
        self.kind = MovementKind.NONE
        self._rekeyed: tuple[str, str] | None = None
        self.transaction(events)

    def account(self, address: str) -> AccountWord:
        return self.accounts.get(address, AccountWord(epoch=self.epoch))

    def transaction(self, events: Iterable[Event]) -> None:
        """The events of whole transactions. A movement never announces more than its own transaction has."""
        for each in events:
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", each.name).lower()
            getattr(self, f"on_{name}", _nothing)(*each.arguments)
        assert self.announced == 0, "a Movement announced transfers that did not come"
        assert not self.referenced, "a TransferReference announced a transfer that did not come"

    def _set(self, address: str, **changed: object) -> None:
        self.accounts[address] = replace(self.account(address), **changed)

    # Movements -----------------------------------------------------------------------------------

    def on_movement(
        self, _ref: bytes, kind: int, count: int, delivery: int, _evidence: bytes
    ) -> None:
        assert self.announced == 0, "a Movement before the last one was over"
        assert not self.referenced, "a Movement between a TransferReference and its transfer"
        self.announced, self.kind = count, MovementKind(kind)
        assert delivery == 0 or 20_000_101 <= delivery <= 99_991_231

    def on_transfer_reference(self, ref: bytes) -> None:
        assert any(ref), "a reference that is none"
        assert self.announced == 0, "a TransferReference within a Movement"
        assert not self.referenced, "a TransferReference before the last one's transfer"
        self.referenced = True

    def on_transfer(self, giver: str, taker: str, units: int) -> None:
        kind = self.kind if self.announced else MovementKind.TRANSFER
        self.announced = max(0, self.announced - 1)
        self.referenced = False
        assert giver != ZERO_ADDRESS or kind in CREATING
        assert taker != ZERO_ADDRESS or kind is MovementKind.REDEEM
        if kind is MovementKind.REKEY:
            assert self._rekeyed == (giver, taker)
            return  # everything moved with Rekeyed
        if giver == ZERO_ADDRESS:
            self.total += units
        else:
            self._set(giver, balance=self.account(giver).balance - units)
        if taker == ZERO_ADDRESS:
            self.total -= units
        else:
            self._set(taker, balance=self.account(taker).balance + units)

    def on_split(
        self,
        ref: bytes,
        epoch: int,
        factor: int,
        before: int,
        after: int,
        _delivery: int,
        _evidence: bytes,
    ) -> None:
        assert any(ref)
        assert (before, after, epoch) == (self.total, self.total * factor, self.epoch + 1)
        self.total, self.epoch, self.cap = after, epoch, min(self.cap * factor, MAX_UNITS)
        self.accounts = {
            address: replace(
                word,
                balance=word.balance * factor,
                frozen=min(word.frozen * factor, MAX_UNITS),
                epoch=epoch,
            )
            for address, word in self.accounts.items()
        }
        self.holds = {
            ref: (min(units * factor, MAX_UNITS), state)
            for ref, (units, state) in self.holds.items()
        }

    def on_rekeyed(self, old: str, new: str, _ref: bytes) -> None:
        self._rekeyed = (old, new)
        word, target = self.account(old), self.account(new)
        self.accounts[new] = replace(
            word,
            blocked_to_send=word.blocked_to_send or target.blocked_to_send,
            blocked_to_receive=word.blocked_to_receive or target.blocked_to_receive,
            address_frozen=word.address_frozen or target.address_frozen,
            lock_up_until=max(word.lock_up_until, target.lock_up_until),
            frozen=0,  # the logs that follow say how much is frozen where
        )
        self.accounts[old] = replace(word, balance=0, retired=True)

    # Restrictions --------------------------------------------------------------------------------

    def on_frozen(self, address: str, units: int) -> None:
        self._set(address, frozen=units)

    def on_verdicts_set(
        self, entries: tuple[int, ...], until: int, kind: int, blocked: bool
    ) -> None:
        for entry in entries:
            address = to_checksum_address(f"0x{entry & 2**160 - 1:040x}")
            before = self.account(address)
            assert entry >> 160 & 2**32 - 1 == before.verified_until
            assert entry >> 192 == before.pack() >> 224 & 0xFFFF, "the flags before"
            self._set(
                address,
                verified_until=until,
                investor_class=kind,
                blocked_to_send=blocked,
                blocked_to_receive=blocked,
            )

    def on_address_frozen(self, address: str, frozen: bool, _by: str) -> None:
        self._set(address, address_frozen=frozen)

    def on_lock_up_set(self, address: str, previous: int, until: int) -> None:
        assert previous == self.account(address).lock_up_until
        self._set(address, lock_up_until=until)

    def on_own_account_set(self, address: str, previous: bool, own: bool) -> None:
        assert previous == self.account(address).own_account
        self._set(address, own_account=own)

    def on_product_lock_up_set(self, previous: int, until: int) -> None:
        assert previous == self.product_lock_up
        self.product_lock_up = until

    def on_permitted_classes_set(self, previous: int, mask: int) -> None:
        assert previous == self.permitted_classes
        self.permitted_classes = mask

    def on_rule_set(self, previous: str, rule: str) -> None:
        assert previous == self.rule
        self.rule = rule

    # Holds ---------------------------------------------------------------------------------------
    # What they freeze, deliver and set free is said by `Frozen` and `Transfer`.

    def on_hold_created(
        self, ref: bytes, holder: str, _to: str, _notary: str, units: int, _expiry: int
    ) -> None:
        name = from_bytes32(ref)
        assert name not in self.holds, "a hold made twice"
        assert units <= self.account(holder).unfrozen, "a hold of units that were not free"
        self.holds[name] = (units, HoldState.STANDING)

    def on_hold_executed(self, ref: bytes) -> None:
        self._end(ref, HoldState.EXECUTED)

    def on_hold_released(self, ref: bytes, _by: str) -> None:
        self._end(ref, HoldState.RELEASED)

    def _end(self, ref: bytes, state: HoldState) -> None:
        units, before = self.holds[from_bytes32(ref)]
        assert before is HoldState.STANDING
        self.holds[from_bytes32(ref)] = (units, state)

    # The product ---------------------------------------------------------------------------------

    def on_terms_set(self, _category: int, _digest: bytes, whom: str, cap: int, _due: int) -> None:
        self.beneficiary, self.cap = whom, cap

    def on_holder_count_enabled(self) -> None:
        assert self.total == 0, "holders counted late"
        self.counts = True

    def on_product_closed(self, _ref: bytes) -> None:
        self.ended = True
