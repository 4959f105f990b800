"""Facts: what the token answers about everybody, at one block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.contracts.machine.storage import storage
from tests.contracts.stage import Stage

from genbo.chain.hexes import address_of
from genbo.kernel import Address
from genbo.token.account_word import AccountWord
from genbo.token.control_word import ControlWord


@dataclass(frozen=True)
class Facts:
    """Answers, nothing of our own."""

    now: int
    """UTC seconds of the block."""
    total: int
    holders: int
    control: ControlWord
    beneficiary: Address
    accounts: dict[Address, AccountWord]
    held: dict[Address, int]
    """Units under holds that frozen units still cover."""

    def can_receive(self, account: Address) -> bool:
        """In good standing."""
        word = self.accounts[account]
        barred = word.retired or word.address_frozen or word.blocked_to_receive
        return (
            not barred
            and word.verified_until > self.now + 60
            and self.control.permits(word.investor_class)
        )

    def can_give(self, account: Address) -> bool:
        """In good standing, with something free."""
        word = self.accounts[account]
        return self.can_receive(account) and word.lock_up_until <= self.now and word.unfrozen > 0

    def by_order(self, account: Address) -> int:
        """Frozen units that no hold accounts for."""
        return self.accounts[account].frozen - self.held[account]


def facts(stage: Stage, accounts: Iterable[Address]) -> Facts:
    """The answers at the latest block."""
    ask = stage.token.interface.encode
    words: dict[Address, AccountWord] = {}
    held: dict[Address, int] = {}
    with storage(stage) as slots:

        def number(function: str, *arguments: object) -> int:
            return int.from_bytes(slots.answer(ask(function, *arguments)), "big")

        for each in accounts:
            words[each] = AccountWord.unpack(number("accountWord", each))
            held[each] = number("heldUnits", each)
        return Facts(
            now=stage.now,
            total=number("totalSupply"),
            holders=number("holderCount"),
            control=ControlWord.unpack(number("controlWord")),
            beneficiary=address_of(number("initialBeneficiary").to_bytes(20, "big")),
            accounts=words,
            held=held,
        )
