"""Judgement: who may give, who may receive, and why not.

Reads as a table, one line per case, in the order in which the reasons are numbered; the same order
as `contracts/compliance/TransferRules.sol`. Each question answers with the refusal or with None.
"""

from collections.abc import Callable
from typing import TypeAlias

from genbo.kernel import ZERO_ADDRESS, Address, Reason, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.control_word import (
    MARKET_CLOSED,
    PRODUCT_ENDED,
    STOPPED,
    TRANSFER_DISABLED,
    ControlWord,
)

RuleAnswer: TypeAlias = Callable[[Address, Address, int], bool | None]
"""The extra rule: sender, recipient, units to yes or no; None when it fails to answer."""


def market_refusal(control: ControlWord, *, now: int) -> Refusal | None:
    """Whether ordinary transfers of the product run at all."""
    if control.has(STOPPED):
        return Refusal(Reason.PLATFORM_STOPPED)
    if control.has(MARKET_CLOSED):
        return Refusal(Reason.MARKET_CLOSED)
    if control.has(TRANSFER_DISABLED):
        return Refusal(Reason.TRANSFER_DISABLED)
    if control.has(PRODUCT_ENDED):
        return Refusal(Reason.PRODUCT_ENDED)
    if now < control.product_lock_up_until:
        return Refusal(Reason.PRODUCT_LOCKED_UP, until=control.product_lock_up_until)
    return None


def sender_refusal(
    account: Address, word: AccountWord, control: ControlWord, *, now: int
) -> Refusal | None:
    """Whether the account may give at all; lock-up and amount are asked apart."""
    if word.retired:
        return Refusal(Reason.SENDER_RETIRED, account=account)
    if word.address_frozen:
        return Refusal(Reason.SENDER_FROZEN, account=account)
    if word.blocked_to_send:
        return Refusal(Reason.SENDER_BLOCKED, account=account)
    if word.verified_until == 0:
        return Refusal(Reason.SENDER_UNVERIFIED, account=account)
    if now >= word.verified_until:
        return Refusal(Reason.SENDER_VERDICT_EXPIRED, account=account, until=word.verified_until)
    if not control.permits(word.investor_class):
        return Refusal(
            Reason.SENDER_CLASS_NOT_PERMITTED, account=account, investor_class=word.investor_class
        )
    return None


def lock_up_refusal(account: Address, word: AccountWord, *, now: int) -> Refusal | None:
    """Whether the holder is under a lock-up of his own."""
    if now < word.lock_up_until:
        return Refusal(Reason.SENDER_LOCKED_UP, account=account, until=word.lock_up_until)
    return None


def amount_refusal(account: Address, word: AccountWord, units: int) -> Refusal | None:
    """Whether the account has `units` free to give."""
    if units > word.balance:
        return Refusal(
            Reason.INSUFFICIENT_BALANCE, account=account, balance=word.balance, needed=units
        )
    if units > word.unfrozen:
        return Refusal(
            Reason.INSUFFICIENT_UNFROZEN_BALANCE,
            account=account,
            needed=units,
            unfrozen=word.unfrozen,
        )
    return None


def recipient_refusal(
    account: Address, word: AccountWord, control: ControlWord, *, now: int
) -> Refusal | None:
    """Whether the account may receive; asked on every path, repair included (R-JSTOA-6.1.1.8c)."""
    if account == ZERO_ADDRESS:
        return Refusal(Reason.RECIPIENT_INVALID, account=account)
    if word.retired:
        return Refusal(Reason.RECIPIENT_RETIRED, account=account)
    if word.address_frozen:
        return Refusal(Reason.RECIPIENT_FROZEN, account=account)
    if word.blocked_to_receive:
        return Refusal(Reason.RECIPIENT_BLOCKED, account=account)
    if word.verified_until == 0:
        return Refusal(Reason.RECIPIENT_UNVERIFIED, account=account)
    if now >= word.verified_until:
        return Refusal(Reason.RECIPIENT_VERDICT_EXPIRED, account=account, until=word.verified_until)
    if not control.permits(word.investor_class):
        return Refusal(
            Reason.RECIPIENT_CLASS_NOT_PERMITTED,
            account=account,
            investor_class=word.investor_class,
        )
    return None


def rule_refusal(
    control: ControlWord,
    answer: RuleAnswer | None,
    *,
    sender: Address,
    recipient: Address,
    units: int,
) -> Refusal | None:
    """What the product's extra rule says; a rule that does not answer refuses."""
    if control.rule == ZERO_ADDRESS:
        return None
    verdict = answer(sender, recipient, units) if answer is not None else None
    if verdict is None:
        return Refusal(Reason.RULE_FAILED, rule=control.rule)
    if not verdict:
        return Refusal(
            Reason.RULE_REFUSED,
            rule=control.rule,
            sender=sender,
            recipient=recipient,
            units=units,
        )
    return None
