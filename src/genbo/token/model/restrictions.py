"""Restrictions: action 7 (移転の制限), by investor, by class, by time, by quantity."""

from collections.abc import Sequence
from dataclasses import replace

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Reason, Refusal
from genbo.token.account_word import MAX_CLASS, AccountWord
from genbo.token.control_word import COUNT_HOLDERS
from genbo.token.judgement import RuleAnswer
from genbo.token.model.state import State, whole


class Restrictions(State):
    """One person raises a restriction; lifting one takes two (`lifts_restriction` tells which is which)."""

    # -------------------------------------------------------------------------------- verdicts

    @whole
    def set_verdict(
        self, *, accounts: Sequence[Address], until: int, investor_class: int, blocked: bool
    ) -> None:
        """`setVerdict` and `batchSetVerdict`: whom compliance lets hold, until when, as what."""
        self._require_running()
        if investor_class > MAX_CLASS:
            raise Refusal(Reason.CLASS_UNKNOWN, investor_class=investor_class)
        for account in accounts:
            word = self._active(account)
            self._put(
                account,
                replace(
                    word,
                    verified_until=until,
                    investor_class=investor_class,
                    blocked_to_send=blocked,
                    blocked_to_receive=blocked,
                ),
            )

    # --------------------------------------------------------------------------------- freezes

    @whole
    def set_address_frozen(self, *, account: Address, frozen: bool) -> None:
        """Freezes or unfreezes the whole address."""
        self._require_running()
        self._set_address_frozen(account, frozen)

    @whole
    def batch_set_address_frozen(
        self, *, accounts: Sequence[Address], frozen: Sequence[bool]
    ) -> None:
        """Several at once."""
        self._require_running()
        self._require_same_length(accounts, frozen)
        for account, each in zip(accounts, frozen, strict=True):
            self._set_address_frozen(account, each)

    @whole
    def set_frozen_tokens(self, *, account: Address, units: int) -> None:
        """Sets the frozen units to exactly `units`, which may exceed the balance."""
        self._require_running()
        word = self._active(account)
        if units > MAX_UNITS:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)
        self._set_frozen(account, word, units)

    @whole
    def freeze_partial_tokens(self, *, account: Address, units: int) -> None:
        """Freezes `units` more."""
        self._require_running()
        self._freeze(account, units)

    @whole
    def batch_freeze_partial_tokens(
        self, *, accounts: Sequence[Address], units: Sequence[int]
    ) -> None:
        """Several at once."""
        self._require_running()
        self._require_same_length(accounts, units)
        for account, amount in zip(accounts, units, strict=True):
            self._freeze(account, amount)

    @whole
    def unfreeze_partial_tokens(self, *, account: Address, units: int) -> None:
        """Unfreezes `units`; always a release."""
        self._require_running()
        self._unfreeze(account, units)

    @whole
    def batch_unfreeze_partial_tokens(
        self, *, accounts: Sequence[Address], units: Sequence[int]
    ) -> None:
        """Several at once."""
        self._require_running()
        self._require_same_length(accounts, units)
        for account, amount in zip(accounts, units, strict=True):
            self._unfreeze(account, amount)

    def _set_address_frozen(self, account: Address, frozen: bool) -> None:
        self._put(account, replace(self._active(account), address_frozen=frozen))

    def _freeze(self, account: Address, units: int) -> None:
        word = self._active(account)
        self._require_units(units)
        self._set_frozen(account, word, min(word.frozen + units, MAX_UNITS))

    def _unfreeze(self, account: Address, units: int) -> None:
        word = self._active(account)
        if units == 0:
            raise Refusal(Reason.ZERO_UNITS)
        if units > word.frozen:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)
        self._set_frozen(account, word, word.frozen - units)

    def _set_frozen(self, account: Address, word: AccountWord, units: int) -> None:
        """Units under a hold are promised to a buyer: a lower freeze must not set them free."""
        cover = self.held(account).cover
        if units < cover:
            raise Refusal(Reason.HOLD_UNITS_HELD, account=account, held=cover)
        self._put(account, replace(word, frozen=units))

    # -------------------------------------------------------------- time, classes, rule, holders

    @whole
    def set_lock_up(self, *, account: Address, until: int) -> None:
        """The holder may not send before `until`."""
        self._require_running()
        self._put(account, replace(self._active(account), lock_up_until=until))

    @whole
    def set_own_account(self, *, account: Address, own_account: bool) -> None:
        """Marks a firm's own account (自己口)."""
        self._require_running()
        self._put(account, replace(self._active(account), own_account=own_account))

    @whole
    def set_product_lock_up(self, *, until: int) -> None:
        """Nobody may transfer the product before `until`."""
        self._require_running()
        self.control = replace(self.control, product_lock_up_until=until)

    @whole
    def set_permitted_classes(self, *, permitted_classes: int) -> None:
        """Which investor classes may hold."""
        self._require_running()
        self.control = replace(self.control, permitted_classes=permitted_classes)

    @whole
    def set_rule(self, *, rule: Address, answer: RuleAnswer | None = None) -> None:
        """Plugs in the extra rule `rule`, which answers as `answer` does; zero removes it."""
        self._require_running()
        self.control = replace(self.control, rule=rule)
        self._rule_answer = answer

    @whole
    def enable_holder_count(self) -> None:
        """Counts holders from the first unit on."""
        self._require_running()
        if self.supply.ever_issued:
            raise Refusal(Reason.COUNTING_TOO_LATE)
        self.control = self.control.with_bits(COUNT_HOLDERS, COUNT_HOLDERS)

    # ---------------------------------------------------------------------------- raise or lift

    def lifts_restriction(
        self,
        *,
        now: int,
        account: Address = ZERO_ADDRESS,
        blocked: bool | None = None,
        address_frozen: bool | None = None,
        frozen: int | None = None,
        lock_up_until: int | None = None,
        product_lock_up_until: int | None = None,
        permitted_classes: int | None = None,
        rule: Address | None = None,
    ) -> bool:
        """Whether setting the named figures to the given values lifts a restriction.

        Raising takes one person (RESTRICTOR), lifting takes two (RELEASER as well). A lock-up that
        has run out restricts nobody, so shortening it lifts nothing.
        """
        word = self.account(account)
        return (
            (blocked is False and (word.blocked_to_send or word.blocked_to_receive))
            or (address_frozen is False and word.address_frozen)
            or (frozen is not None and frozen < word.frozen)
            or (lock_up_until is not None and lock_up_until < word.lock_up_until > now)
            or (
                product_lock_up_until is not None
                and product_lock_up_until < self.control.product_lock_up_until > now
            )
            or (
                permitted_classes is not None
                and bool(permitted_classes & ~self.control.permitted_classes)
            )
            or (rule is not None and self.control.rule != ZERO_ADDRESS)
        )
