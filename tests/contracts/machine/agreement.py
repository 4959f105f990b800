"""Agreement, property number one: question, model and act say the same of any transfer, in any state.

The act is tried on the very state and second that was asked about, and taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contracts.machine.drawn import LIMIT
from tests.contracts.machine.said import said
from tests.contracts.machine.storage import Storage

from genbo.chain.call import Call
from genbo.chain.node import Reverted
from genbo.chain.refusals import refusal_of
from genbo.compliance.reasons import reason_numbered
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Reason, Refusal
from genbo.token.control_word import MARKET_CLOSED, PRODUCT_ENDED, STOPPED, TRANSFER_DISABLED
from genbo.token.model import UNLIMITED

if TYPE_CHECKING:
    from tests.contracts.machine.sides import Sides

STATES = {
    *("allowed", "refused", "self-transfer", "zero units"),
    *("sender verdict expired", "recipient verdict expired", "sender locked up"),
    *("product locked up", "frozen above balance", "pending split", "units held"),
    *("stopped", "market closed", "transfers disabled", "product ended"),
    *("sender retired", "recipient retired", "unlimited allowance", "allowance too low"),
    *("rule says no", "rule reverts", "rule burns its gas", "rule has no code"),
}
"""States in which the three must have been compared before a search counts as one."""


class Agreement:
    """Asks all forms of the question about one transfer after every step."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def check(self, slots: Storage) -> None:
        sender, recipient = self.choose_sender(), self.choose_recipient()
        if self.sides.random.random() < 0.1:
            recipient = sender
        units = self.choose_units(sender)
        if self.sides.model.control.rule != ZERO_ADDRESS and self.sides.random.random() < 0.7:
            sender, recipient, units = self.up_to_the_rule() or (sender, recipient, units)
        self.of_the_holder(slots, sender, recipient, units)
        if self.sides.allowances and self.sides.random.random() < 0.5:
            owner, spender = self.sides.random.choice(sorted(self.sides.allowances))
            self.of_a_spender(slots, spender, owner, recipient, self.choose_units(owner))

    # One transfer --------------------------------------------------------------------------------

    def of_the_holder(
        self, slots: Storage, sender: Address, recipient: Address, units: int
    ) -> None:
        sides, row = self.sides, (sender, recipient, units)
        expected = sides.model.refusal_of(
            sender=sender, recipient=recipient, units=units, now=sides.stage.now
        )
        reason = None if expected is None else expected.reason
        number = self.answer(slots, "reasonOf", *row)
        assert reason_numbered(number) == reason, row
        assert self.answer(slots, "detectTransferRestriction", *row) == number, row
        assert self.answer(slots, "canTransfer", *row) == (number == 0), row
        act = sides.token("transfer", recipient, units)
        assert said(self.tried(slots, sender, act)) == said(expected), row
        self.note(slots, sender, recipient, units, reason)

    def of_a_spender(
        self, slots: Storage, spender: Address, owner: Address, recipient: Address, units: int
    ) -> None:
        sides, row = self.sides, (spender, owner, recipient, units)
        reason = sides.model.reason_of_from(
            spender=spender, sender=owner, recipient=recipient, units=units, now=sides.stage.now
        )
        number = self.answer(slots, "detectTransferRestrictionFrom", *row)
        assert reason_numbered(number) == reason, row
        act = sides.token("transferFrom", owner, recipient, units)
        refusal = self.tried(slots, spender, act)
        assert (None if refusal is None else refusal.reason) == reason, row
        if sides.model.allowance(owner, spender) == UNLIMITED:
            sides.seen.judged["unlimited allowance"] += 1
        if reason is Reason.INSUFFICIENT_ALLOWANCE:
            sides.seen.judged["allowance too low"] += 1

    def answer(self, slots: Storage, function: str, *arguments: Any) -> int:
        question = self.sides.token.interface.encode(function, *arguments)
        return int.from_bytes(slots.answer(question), "big")

    def tried(self, slots: Storage, caller: Address, call: Call) -> Refusal | None:
        try:
            slots.attempt(caller, call.data)
        except Reverted as refused:
            return refusal_of(refused.data, call=call, sender=caller)
        return None

    # Which ---------------------------------------------------------------------------------------

    def choose_sender(self) -> Address:
        sides = self.sides
        having = [each for each in sides.accounts if sides.model.balance_of(each)]
        if having and sides.random.random() < 0.8:
            return sides.random.choice(having)
        return sides.random.choice(sides.accounts)

    def up_to_the_rule(self) -> tuple[Address, Address, int] | None:
        """A transfer that nothing hinders but the extra rule, which is asked last; None where there is none."""
        sides, now = self.sides, self.sides.stage.now
        model, choose = sides.model, sides.random.choice
        able = [each for each in sides.accounts if model.can_receive(each, now=now)]
        givers = [each for each in able if model.can_send(each, now=now)]
        givers = [each for each in givers if model.account(each).unfrozen]
        if not givers:
            return None
        sender = choose(givers)
        free = model.account(sender).unfrozen
        return sender, choose(able), min(free, choose([1, LIMIT, LIMIT + 1]))

    def choose_recipient(self) -> Address:
        sides, now = self.sides, self.sides.stage.now
        able = [each for each in sides.accounts if sides.model.can_receive(each, now=now)]
        if able and sides.random.random() < 0.6:
            return sides.random.choice(able)
        return sides.random.choice(sides.accounts)

    def choose_units(self, sender: Address) -> int:
        word = self.sides.model.account(sender)
        edges = (word.unfrozen, word.unfrozen + 1, word.balance, word.balance + 1)
        return self.sides.random.choice([0, 1, *edges, LIMIT, LIMIT + 1, MAX_UNITS, 2**256 - 1])

    # What was seen -------------------------------------------------------------------------------

    def note(
        self, slots: Storage, sender: Address, recipient: Address, units: int, reason: Reason | None
    ) -> None:
        sides, now = self.sides, self.sides.stage.now
        model, control = sides.model, sides.model.control
        giver, taker = model.account(sender), model.account(recipient)
        rules = {address: kind for kind, address in sides.rules.items()}
        rule = rules.get(control.rule, "none")
        pending = giver.balance > 0 and slots.written_in(sender) < control.epoch
        failed = reason is Reason.RULE_FAILED
        states = {
            "allowed": reason is None,
            "refused": reason is not None,
            "self-transfer": sender == recipient,
            "zero units": units == 0,
            "sender verdict expired": 0 < giver.verified_until <= now,
            "recipient verdict expired": 0 < taker.verified_until <= now,
            "sender locked up": giver.lock_up_until > now,
            "product locked up": control.product_lock_up_until > now,
            "frozen above balance": giver.frozen > giver.balance > 0,
            "pending split": pending,
            "units held": model.held(sender).cover > 0,
            "stopped": control.has(STOPPED),
            "market closed": control.has(MARKET_CLOSED),
            "transfers disabled": control.has(TRANSFER_DISABLED),
            "product ended": control.has(PRODUCT_ENDED),
            "sender retired": giver.retired,
            "recipient retired": taker.retired,
            "rule says no": reason is Reason.RULE_REFUSED,
            "rule reverts": failed and rule == "reverts",
            "rule burns its gas": failed and rule == "burns gas",
            "rule has no code": failed and rule == "no code",
        }
        assert set(states) | {"unlimited allowance", "allowance too low"} == STATES
        sides.seen.judged.update(state for state, true in states.items() if true)
