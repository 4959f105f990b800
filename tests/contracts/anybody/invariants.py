"""What must hold of every step, whoever made it. Judged from the token's answers before and after, by no model."""

from __future__ import annotations

from collections.abc import Iterator

from tests.contracts.anybody.step import (
    BY_SIGNATURE,
    BY_SPENDER,
    DELIVER,
    HOLD,
    ISSUE,
    LET_GO,
    REDEEM,
    REKEY,
    TRANSFER,
    Step,
)

from genbo.governance import Duty
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address
from genbo.token.account_word import AccountWord
from genbo.token.control_word import (
    COUNT_HOLDERS,
    MARKET_CLOSED,
    PRODUCT_ENDED,
    STOPPED,
    TRANSFER_DISABLED,
)

Account = tuple[Address, AccountWord, AccountWord]


def check(step: Step) -> None:
    """All of them."""
    nothing_runs_under_stop(step)
    sums_are_exact(step)
    if step.function == "split":
        a_split_leaves_every_share(step)
        return
    the_total_changes_by_issue_and_redemption_alone(step)
    whoever_receives_has_a_positive_verdict(step)
    whoever_gives_has_agreed(step)
    nobody_else_freezes(step)
    what_is_frozen_or_held_stays(step)
    what_is_locked_or_closed_stays(step)
    restrictions_are_lifted_by_two_persons(step)
    retired_is_for_good(step)


def changed(step: Step) -> Iterator[Account]:
    """Every account with its word before and after."""
    for account, after in step.after.accounts.items():
        yield account, step.before.accounts[account], after


def rekeyed(step: Step) -> tuple[Address, Address] | None:
    """The old and the new address of a re-keying."""
    if step.function != REKEY:
        return None
    old, new, *_ = step.arguments.values()
    return old, new


# (c), (d), (e) ------------------------------------------------------------------------------------


def sums_are_exact(step: Step) -> None:
    after = step.after
    balances = [word.balance for word in after.accounts.values()]
    assert sum(balances) == after.total
    if after.control.has(COUNT_HOLDERS):
        assert after.holders == sum(balance > 0 for balance in balances)
    for account, word in after.accounts.items():
        assert after.held[account] <= min(word.frozen, word.balance), account
    assert after.accounts[ZERO_ADDRESS].balance == 0


def a_split_leaves_every_share(step: Step) -> None:
    before, after = step.before, step.after
    factor = step.arguments["factor"]
    assert Duty.ISSUER in step.duties
    assert after.total == before.total * factor
    assert after.control.epoch == before.control.epoch + 1
    for account, was, word in changed(step):
        assert word.balance == was.balance * factor, account
        assert word.frozen == min(was.frozen * factor, MAX_UNITS), account
        assert after.held[account] == min(before.held[account] * factor, MAX_UNITS), account
        # Everything else of the word is as it was.
        rest = 0xFFFF << 240 | MAX_UNITS | MAX_UNITS << 80
        assert word.pack() & ~rest == was.pack() & ~rest, account


def the_total_changes_by_issue_and_redemption_alone(step: Step) -> None:
    difference = step.after.total - step.before.total
    if difference > 0:
        undone = step.function == "redistributeBurned" and Duty.REPAIRER in step.duties
        assert undone or (step.function in ISSUE and Duty.ISSUER in step.duties)
    if difference < 0:
        assert step.function in REDEEM
        assert Duty.ISSUER in step.duties


# (b) ----------------------------------------------------------------------------------------------


def whoever_receives_has_a_positive_verdict(step: Step) -> None:
    for account, was, word in changed(step):
        if word.balance <= was.balance:
            continue
        if (moved := rekeyed(step)) is not None:
            assert account == moved[1]
            assert word.balance == step.before.accounts[moved[0]].balance
            continue
        assert word.verified_until > step.after.now, account
        barred = word.blocked_to_receive or word.address_frozen or word.retired
        assert not barred, account
        assert step.after.control.permits(word.investor_class), account
        assert account != ZERO_ADDRESS


# (a) ----------------------------------------------------------------------------------------------


def whoever_gives_has_agreed(step: Step) -> None:
    """A balance falls by the holder's own act, by whom the holder allowed, or by two persons."""
    if step.is_repair or step.is_redemption:
        return
    for account, was, word in changed(step):
        given = was.balance - word.balance
        if given <= 0:
            continue
        if step.function == "distribute":
            assert Duty.DISTRIBUTOR in step.duties
            assert account == step.before.beneficiary
        elif step.function in TRANSFER:
            assert account == step.caller
        elif step.function in BY_SPENDER:
            assert account == step.arguments["from"]
            assert given <= step.allowance
        elif step.function in BY_SIGNATURE:
            assert account == step.arguments["from"]
            assert account in step.agreed
        elif step.function == "Settlement.settle":
            assert account == step.arguments["seller"]
            assert {account, step.arguments["buyer"]} <= step.agreed
            assert given == step.arguments["units"]
        else:
            hold = step.hold
            assert step.function in DELIVER, step.function
            assert hold is not None
            assert (account, notary_of(step)) == (hold.holder, hold.notary)
            assert given == hold.units
            assert step.after.now < hold.expiry
            assert (
                step.after.accounts[hold.to].balance - step.before.accounts[hold.to].balance
                == given
            )


def notary_of(step: Step) -> Address:
    """Who speaks to the token: the caller, or the settlement contract for the agent of a trade."""
    if not step.function.startswith("Settlement."):
        return step.caller
    assert step.caller == step.arguments["agent"]
    return Address(step.arguments["settlement"])


def nobody_else_freezes(step: Step) -> None:
    """Holds are made by the holder's will, other freezes by compliance; re-keying moves both."""
    if rekeyed(step) is not None:
        return
    before, after = step.before, step.after
    for account in after.accounts:
        if after.held[account] > before.held[account]:
            assert step.function in HOLD, step.function
            if step.function == "createHold":
                assert account == step.caller
            elif step.function == "createHoldFrom":
                assert account == step.arguments["holder"]
                assert after.held[account] - before.held[account] <= step.allowance
            else:
                assert account == step.arguments["seller"]
                assert {account, step.arguments["buyer"]} <= step.agreed
        if after.by_order(account) > before.by_order(account):
            assert Duty.RESTRICTOR in step.duties, account


def what_is_frozen_or_held_stays(step: Step) -> None:
    if step.is_repair or step.is_redemption:
        return
    before, after = step.before, step.after
    for account, was, word in changed(step):
        lifted = before.held[account] - after.held[account]
        if lifted > 0:
            the_hold_was_ended_by_whom_it_may(step, account, lifted)
        if not step.is_release:
            assert after.by_order(account) >= before.by_order(account), account
        elif after.by_order(account) < before.by_order(account):
            assert after.held[account] == before.held[account], account
        # Only free units go: those that were, and those of the hold that is delivered.
        given = was.balance - word.balance
        assert given <= 0 or given <= was.unfrozen + max(0, lifted), account
        if given > 0:
            assert not was.address_frozen, account
            assert not was.blocked_to_send, account


def the_hold_was_ended_by_whom_it_may(step: Step, account: Address, lifted: int) -> None:
    hold = step.hold
    assert hold is not None
    assert account == hold.holder
    assert lifted <= hold.units
    expired = step.after.now >= hold.expiry
    if step.function in DELIVER:
        assert notary_of(step) == hold.notary
        assert not expired
    else:
        assert step.function in LET_GO, step.function
        assert expired or notary_of(step) == hold.notary


def what_is_locked_or_closed_stays(step: Step) -> None:
    """Time and market: ordinary transfers wait; an offering and repair do not."""
    if step.is_repair or step.is_redemption or step.function == "distribute":
        return
    control, now = step.before.control, step.after.now
    waits = control.has(MARKET_CLOSED) or control.has(TRANSFER_DISABLED)
    waits = waits or control.product_lock_up_until > now
    for account, was, word in changed(step):
        if word.balance < was.balance:
            assert not waits, account
            assert was.lock_up_until <= now, account
            assert 0 < now < was.verified_until, account


def nothing_runs_under_stop(step: Step) -> None:
    before, after = step.before, step.after
    if before.control.has(STOPPED):
        assert (after.accounts, after.held, after.total) == (
            before.accounts,
            before.held,
            before.total,
        ), step.function
    if before.control.has(PRODUCT_ENDED):
        assert after.control.has(PRODUCT_ENDED)
        balances = {account: word.balance for account, word in before.accounts.items()}
        assert {account: word.balance for account, word in after.accounts.items()} == balances


def restrictions_are_lifted_by_two_persons(step: Step) -> None:
    """Of the product: classes, rule, lock-up, stop. Of an account: block, order, lock-up."""
    before, after, now = step.before.control, step.after.control, step.after.now
    if after.permitted_classes & ~before.permitted_classes:
        assert step.is_release
    if before.rule != ZERO_ADDRESS and after.rule != before.rule:
        assert step.is_release
    if after.product_lock_up_until < before.product_lock_up_until > now:
        assert step.is_release
    if before.has(STOPPED) and not after.has(STOPPED):
        assert step.function == "Platform.resume"
        assert Duty.RESUMER in step.duties
        assert after.has(MARKET_CLOSED)
    if after.has(PRODUCT_ENDED) and not before.has(PRODUCT_ENDED):
        assert Duty.ISSUER in step.duties
        assert step.function in ("redeemAll", "close")
    for account, was, word in changed(step):
        lifted = (
            (was.blocked_to_send and not word.blocked_to_send)
            or (was.blocked_to_receive and not word.blocked_to_receive)
            or (was.address_frozen and not word.address_frozen)
            or (word.lock_up_until < was.lock_up_until > now)
        )
        assert not lifted or step.is_release, account
        if word.verified_until != was.verified_until and rekeyed(step) is None:
            assert step.function in ("setVerdict", "batchSetVerdict")
            assert Duty.RESTRICTOR in step.duties


def retired_is_for_good(step: Step) -> None:
    moved = rekeyed(step)
    for account, was, word in changed(step):
        if was.retired:
            assert (word.retired, word.balance, word.frozen) == (True, 0, 0), account
        if moved is None:
            assert word.retired == was.retired, account
        elif account == moved[0]:
            assert (word.retired, word.balance, word.frozen) == (True, 0, 0)
            assert step.after.held[account] == 0
            new = step.after.accounts[moved[1]]
            assert (new.balance, new.frozen) == (was.balance, was.frozen)
            assert step.after.held[moved[1]] == step.before.held[account]
            assert new.lock_up_until >= was.lock_up_until
            assert (new.verified_until, new.investor_class) == (
                was.verified_until,
                was.investor_class,
            )
