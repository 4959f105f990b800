"""Transfers: action 3 (移転), by the holder or by whom the holder allowed."""

from collections.abc import Sequence
from dataclasses import replace

from genbo.kernel import ZERO_ADDRESS, Address, Reason, Reference, Refusal
from genbo.token.model.questions import Questions
from genbo.token.model.state import whole

UNLIMITED = 2**256 - 1
"""An allowance that is not used up."""


class Transfers(Questions):
    """The one way by which a holder's units reach another holder."""

    @whole
    def transfer(self, *, sender: Address, recipient: Address, units: int, now: int) -> None:
        """Action 3 (移転). A transfer to oneself is judged like any other and moves nothing."""
        self._transfer(sender, recipient, units, now)

    @whole
    def transfer_from(
        self, *, spender: Address, sender: Address, recipient: Address, units: int, now: int
    ) -> None:
        """Action 3 by a spender; the allowance is judged first."""
        self._spend_allowance(sender, spender, units)
        self._transfer(sender, recipient, units, now)

    @whole
    def transfer_with_reference(
        self,
        *,
        sender: Address,
        recipient: Address,
        units: int,
        ref: Reference | None,
        now: int,
    ) -> None:
        """Action 3 with the trade's own reference on the record; it uses up no reference."""
        self._transfer_with_reference(sender, recipient, units, ref, now)

    @whole
    def transfer_from_with_reference(
        self,
        *,
        spender: Address,
        sender: Address,
        recipient: Address,
        units: int,
        ref: Reference | None,
        now: int,
    ) -> None:
        """`transfer_with_reference` by a spender; the allowance is judged first."""
        self._spend_allowance(sender, spender, units)
        self._transfer_with_reference(sender, recipient, units, ref, now)

    @whole
    def batch_transfer(
        self, *, sender: Address, recipients: Sequence[Address], units: Sequence[int], now: int
    ) -> None:
        """Several transfers of one holder."""
        self._require_same_length(recipients, units)
        for recipient, amount in zip(recipients, units, strict=True):
            self._transfer(sender, recipient, amount, now)

    @whole
    def approve(self, *, owner: Address, spender: Address, units: int) -> None:
        """Sets what `spender` may move for `owner`."""
        self._approve(owner, spender, units)

    # --------------------------------------------------------------------------------- effects

    def _approve(self, owner: Address, spender: Address, units: int) -> None:
        if spender == ZERO_ADDRESS:
            raise Refusal(Reason.SPENDER_INVALID, spender=spender)
        self._write(self._allowances, (owner, spender), units)

    def _spend_allowance(self, owner: Address, spender: Address, units: int) -> None:
        allowed = self.allowance(owner, spender)
        if allowed == UNLIMITED:
            return
        if allowed < units:
            raise Refusal(
                Reason.INSUFFICIENT_ALLOWANCE, spender=spender, allowance=allowed, needed=units
            )
        self._write(self._allowances, (owner, spender), allowed - units)

    def _transfer_with_reference(
        self, sender: Address, recipient: Address, units: int, ref: Reference | None, now: int
    ) -> None:
        if not ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        self._transfer(sender, recipient, units, now)

    def _transfer(self, sender: Address, recipient: Address, units: int, now: int) -> None:
        self._refuse(self.refusal_of(sender=sender, recipient=recipient, units=units, now=now))
        self._move(sender, recipient, units)

    def _move(self, sender: Address, recipient: Address, units: int) -> None:
        """Units that were judged go from one to the other."""
        if sender == recipient:
            return
        giver, taker = self.account(sender), self.account(recipient)
        self._put(sender, replace(giver, balance=giver.balance - units))
        self._put(recipient, replace(taker, balance=taker.balance + units))
