"""Questions: may this transfer be, and if not, why. Asked at an instant, answered as the act answers."""

from genbo.kernel import Address, Reason, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.judgement import (
    amount_refusal,
    lock_up_refusal,
    market_refusal,
    recipient_refusal,
    sender_refusal,
)
from genbo.token.model.state import State


class Questions(State):
    """The one judgement of an ordinary transfer, and what anyone may ask of it."""

    def refusal_of(
        self, *, sender: Address, recipient: Address, units: int, now: int
    ) -> Refusal | None:
        """Why an ordinary transfer would be refused, with the facts; None when it would succeed."""
        return self._judge(sender, self.account(sender), recipient, units, now)

    def reason_of(
        self, *, sender: Address, recipient: Address, units: int, now: int
    ) -> Reason | None:
        """The code alone, as the contract's `reasonOf`."""
        refusal = self.refusal_of(sender=sender, recipient=recipient, units=units, now=now)
        return None if refusal is None else refusal.reason

    def reason_of_from(
        self, *, spender: Address, sender: Address, recipient: Address, units: int, now: int
    ) -> Reason | None:
        """As `reason_of`, for a transfer by a spender."""
        if self.allowance(sender, spender) < units:
            return Reason.INSUFFICIENT_ALLOWANCE
        return self.reason_of(sender=sender, recipient=recipient, units=units, now=now)

    def can_send(self, address: Address, *, now: int) -> bool:
        """Whether the account may send at all, whatever the amount and the market."""
        word = self.account(address)
        return (
            sender_refusal(address, word, self.control, now=now) is None
            and now >= word.lock_up_until
        )

    def can_receive(self, address: Address, *, now: int) -> bool:
        """Whether the account may receive at all."""
        return recipient_refusal(address, self.account(address), self.control, now=now) is None

    def _judge(
        self, sender: Address, giver: AccountWord, recipient: Address, units: int, now: int
    ) -> Refusal | None:
        """The questions in their order; `giver` is the sender's account as it is to be judged."""
        return (
            market_refusal(self.control, now=now)
            or sender_refusal(sender, giver, self.control, now=now)
            or lock_up_refusal(sender, giver, now=now)
            or amount_refusal(sender, giver, units)
            or recipient_refusal(recipient, self.account(recipient), self.control, now=now)
            or self._rule(sender, recipient, units)
        )
