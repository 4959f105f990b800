"""TokenModel: what the contract of one product must do, in plain Python.

The reference model: the same acts, the same order of questions, the same reasons with the same
facts as `contracts/token/`. A state machine drives both together. It does not judge duties (who
may call is the access manager's question); `lifts_restriction` tells which restrictions need the
releaser.

An act either happens whole, or is refused and leaves nothing behind. Times are UTC seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.account_word import MAX_CLASS, AccountWord
from genbo.token.act import Act
from genbo.token.control_word import PLATFORM_BITS, PRODUCT_ENDED, STOPPED, ControlWord
from genbo.token.judgement import (
    RuleAnswer,
    amount_refusal,
    lock_up_refusal,
    market_refusal,
    recipient_refusal,
    rule_refusal,
    sender_refusal,
)

UNLIMITED = 2**256 - 1
"""An allowance that is not used up."""

MAX_SPLIT_FACTOR = 1_000_000
_MAX_CUMULATIVE_FACTOR = 2**160 - 1
_MAX_EPOCH = 2**16 - 1
_ABSENT = object()

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The product's own figures."""

    total: int = 0
    """Total issued (総発行数量)."""
    cap: int
    """Units that may be outstanding at most."""
    redemption_date: int
    """First UTC second at which units may be redeemed; 0 when not set."""
    legal_category: int
    """0 when not decided."""
    ever_issued: bool = False


def _whole(
    act: Callable[Concatenate["TokenModel", P], R],
) -> Callable[Concatenate["TokenModel", P], R]:
    """The act happens whole or not at all: a refusal restores everything it wrote."""

    @wraps(act)
    def run(self: "TokenModel", /, *args: P.args, **kwargs: P.kwargs) -> R:
        self._journal.clear()
        figures = (self.control, self.supply, self.terms_digest, self.initial_beneficiary)
        rest = (self._cumulative_factor, self._rule_answer)
        try:
            return act(self, *args, **kwargs)
        except Refusal:
            self.control, self.supply, self.terms_digest, self.initial_beneficiary = figures
            self._cumulative_factor, self._rule_answer = rest
            for table, key, before in reversed(self._journal):
                if before is _ABSENT:
                    del table[key]
                else:
                    table[key] = before
            raise

    return run


class TokenModel:
    """One product: accounts, switches, supply, references."""

    def __init__(
        self,
        *,
        legal_category: int,
        terms_digest: Digest | None,
        initial_beneficiary: Address | None,
        authorised_cap: int,
        redemption_date: int,
        permitted_classes: int,
        control_bits: int = 0,
    ) -> None:
        self.control = ControlWord(
            bits=control_bits & PLATFORM_BITS, permitted_classes=permitted_classes
        )
        self.supply = Supply(
            cap=authorised_cap, redemption_date=redemption_date, legal_category=legal_category
        )
        self.terms_digest = terms_digest
        self.initial_beneficiary = initial_beneficiary
        self._accounts: dict[Address, AccountWord] = {}
        self._allowances: dict[tuple[Address, Address], int] = {}
        self._used: dict[Reference, bool] = {}
        self._reversed: dict[Reference, bool] = {}
        self._burned: dict[Reference, int] = {}
        self._cumulative_factor = 1
        self._rule_answer: RuleAnswer | None = None
        self._journal: list[tuple[dict[Any, Any], Any, Any]] = []

    # ------------------------------------------------------------------------------ anyone asks

    @property
    def accounts(self) -> Mapping[Address, AccountWord]:
        """Every account that was ever written."""
        return MappingProxyType(self._accounts)

    def account(self, address: Address) -> AccountWord:
        """The account as it stands now, all splits included."""
        word = self._accounts.get(address)
        return AccountWord(epoch=self.control.epoch) if word is None else word

    def balance_of(self, address: Address) -> int:
        """Units at the address."""
        return self.account(address).balance

    def allowance(self, owner: Address, spender: Address) -> int:
        """Units that `spender` may still move for `owner`; a split does not enlarge it."""
        return self._allowances.get((owner, spender), 0)

    def is_reference_used(self, ref: Reference) -> bool:
        """Whether an administrative act used up this reference."""
        return ref in self._used

    def is_reversed(self, original_ref: Reference) -> bool:
        """Whether the trade of this reference was reversed."""
        return original_ref in self._reversed

    def burned_under(self, ref: Reference) -> int:
        """Units destroyed under the reference and not re-created since."""
        return self._burned.get(ref, 0)

    def refusal_of(
        self, *, sender: Address, recipient: Address, units: int, now: int
    ) -> Refusal | None:
        """Why an ordinary transfer would be refused, with the facts; None when it would succeed."""
        giver, taker = self.account(sender), self.account(recipient)
        return (
            market_refusal(self.control, now=now)
            or sender_refusal(sender, giver, self.control, now=now)
            or lock_up_refusal(sender, giver, now=now)
            or amount_refusal(sender, giver, units)
            or recipient_refusal(recipient, taker, self.control, now=now)
            or self._rule(sender, recipient, units)
        )

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

    # --------------------------------------------------------------------- the holder: action 3

    @_whole
    def transfer(self, *, sender: Address, recipient: Address, units: int, now: int) -> None:
        """Action 3 (移転). A transfer to oneself is judged like any other and moves nothing."""
        self._transfer(sender, recipient, units, now)

    @_whole
    def transfer_from(
        self, *, spender: Address, sender: Address, recipient: Address, units: int, now: int
    ) -> None:
        """Action 3 by a spender; the allowance is judged first."""
        allowed = self.allowance(sender, spender)
        if allowed != UNLIMITED:
            if allowed < units:
                raise Refusal(
                    Reason.INSUFFICIENT_ALLOWANCE, spender=spender, allowance=allowed, needed=units
                )
            self._write(self._allowances, (sender, spender), allowed - units)
        self._transfer(sender, recipient, units, now)

    @_whole
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
        if not ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        self._transfer(sender, recipient, units, now)

    @_whole
    def batch_transfer(
        self, *, sender: Address, recipients: Sequence[Address], units: Sequence[int], now: int
    ) -> None:
        """Several transfers of one holder."""
        self._require_same_length(recipients, units)
        for recipient, amount in zip(recipients, units, strict=True):
            self._transfer(sender, recipient, amount, now)

    @_whole
    def approve(self, *, owner: Address, spender: Address, units: int) -> None:
        """Sets what `spender` may move for `owner`."""
        if spender == ZERO_ADDRESS:
            raise Refusal(Reason.SPENDER_INVALID, spender=spender)
        self._write(self._allowances, (owner, spender), units)

    # ----------------------------------------------- issuer: issue, additional issue, terms

    @_whole
    def issue(
        self, *, recipients: Sequence[Address], units: Sequence[int], act: Act, now: int
    ) -> None:
        """Actions 1 and 5 (発行, 追加発行)."""
        self._require_live()
        self._use(act.ref)
        self._issue(recipients, units, now)

    @_whole
    def mint(self, *, recipient: Address, units: int, now: int) -> None:
        """`issue` to one recipient, without papers."""
        self._require_live()
        self._issue([recipient], [units], now)

    @_whole
    def batch_mint(self, *, recipients: Sequence[Address], units: Sequence[int], now: int) -> None:
        """`issue` without papers."""
        self._require_live()
        self._issue(recipients, units, now)

    @_whole
    def set_terms(
        self,
        *,
        legal_category: int,
        terms_digest: Digest | None,
        initial_beneficiary: Address | None,
        authorised_cap: int,
        redemption_date: int,
    ) -> None:
        """Completes or changes the terms."""
        self._require_live()
        if authorised_cap < self.supply.total:
            raise Refusal(Reason.CAP_EXCEEDED, cap=authorised_cap, would_be=self.supply.total)
        self.supply = replace(
            self.supply,
            legal_category=legal_category,
            cap=authorised_cap,
            redemption_date=redemption_date,
        )
        self.terms_digest = terms_digest
        self.initial_beneficiary = initial_beneficiary

    # ---------------------------------------------------------------- distributor: distribute

    @_whole
    def distribute(
        self,
        *,
        recipients: Sequence[Address],
        units: Sequence[int],
        ref: Reference | None,
        now: int,
    ) -> None:
        """Action 2 (配布), from the initial beneficiary. Lock-ups do not hinder an offering."""
        self._require_live()
        self._require_same_length(recipients, units)
        self._use(ref)
        source = self.initial_beneficiary or ZERO_ADDRESS
        giver = self.account(source)
        self._refuse(sender_refusal(source, giver, self.control, now=now))
        given = 0
        for recipient, amount in zip(recipients, units, strict=True):
            self._require_units(amount)
            if recipient == source:
                raise Refusal(Reason.SAME_ADDRESS, account=source)
            given += amount
            self._refuse(amount_refusal(source, giver, given))
            self._receive(source, recipient, amount, now)
        self._put(source, replace(giver, balance=giver.balance - given))

    # --------------------------------------------------------------------- issuer: redemption

    @_whole
    def redeem(
        self, *, holders: Sequence[Address], units: Sequence[int], act: Act, now: int
    ) -> None:
        """Action 4 (償還): extinguishes units, a blocked holder's too."""
        self._require_live()
        ref = self._use(act.ref)
        self._write(self._burned, ref, self._redeem(holders, units, now))

    @_whole
    def burn(self, *, holder: Address, units: int, now: int) -> None:
        """`redeem` of one holder, without papers."""
        self._require_live()
        self._redeem([holder], [units], now)

    @_whole
    def batch_burn(self, *, holders: Sequence[Address], units: Sequence[int], now: int) -> None:
        """`redeem` without papers."""
        self._require_live()
        self._redeem(holders, units, now)

    @_whole
    def redeem_all(self, *, holders: Sequence[Address], act: Act, now: int) -> None:
        """All units of the holders; the product ends when none is left anywhere."""
        self._require_live()
        ref = self._use(act.ref)
        self._require_due(now)
        destroyed = 0
        for holder in holders:
            word = self.account(holder)
            destroyed += word.balance
            self._put(holder, word.seized(word.balance))
        self._write(self._burned, ref, destroyed)
        self.supply = replace(self.supply, total=self.supply.total - destroyed)
        if self.supply.total == 0:
            self.control = self.control.with_bits(PRODUCT_ENDED, PRODUCT_ENDED)

    # -------------------------------------------------------------------------- issuer: split

    @_whole
    def split(self, *, factor: int, act: Act) -> None:
        """Action 6 (分割): each unit becomes `factor` units, frozen ones too."""
        self._require_live()
        if not 2 <= factor <= MAX_SPLIT_FACTOR:
            raise Refusal(Reason.SPLIT_FACTOR_INVALID, factor=factor)
        self._use(act.ref)
        total = self.supply.total
        if total == 0:
            raise Refusal(Reason.ZERO_UNITS)
        cumulative = self._cumulative_factor * factor
        if (
            total * factor > MAX_UNITS
            or cumulative > _MAX_CUMULATIVE_FACTOR
            or self.control.epoch == _MAX_EPOCH
        ):
            raise Refusal(Reason.SPLIT_OVERFLOW, total=total, factor=factor)
        epoch = self.control.epoch + 1
        for address, word in list(self._accounts.items()):
            self._put(address, word.scaled(factor, epoch=epoch))
        self._cumulative_factor = cumulative
        self.control = replace(self.control, epoch=epoch)
        self.supply = replace(
            self.supply, total=total * factor, cap=min(self.supply.cap * factor, MAX_UNITS)
        )

    # ------------------------------------------------------------------ restrictor: action 7

    @_whole
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

    @_whole
    def set_address_frozen(self, *, account: Address, frozen: bool) -> None:
        """Freezes or unfreezes the whole address."""
        self._require_running()
        self._put(account, replace(self._active(account), address_frozen=frozen))

    @_whole
    def set_frozen_tokens(self, *, account: Address, units: int) -> None:
        """Sets the frozen units to exactly `units`, which may exceed the balance."""
        self._require_running()
        word = self._active(account)
        if units > MAX_UNITS:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)
        self._put(account, replace(word, frozen=units))

    @_whole
    def freeze_partial_tokens(self, *, account: Address, units: int) -> None:
        """Freezes `units` more."""
        self._require_running()
        word = self._active(account)
        self._require_units(units)
        self._put(account, replace(word, frozen=min(word.frozen + units, MAX_UNITS)))

    @_whole
    def unfreeze_partial_tokens(self, *, account: Address, units: int) -> None:
        """Unfreezes `units`; always a release."""
        self._require_running()
        word = self._active(account)
        if units == 0:
            raise Refusal(Reason.ZERO_UNITS)
        if units > word.frozen:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)
        self._put(account, replace(word, frozen=word.frozen - units))

    @_whole
    def set_lock_up(self, *, account: Address, until: int) -> None:
        """The holder may not send before `until`."""
        self._require_running()
        self._put(account, replace(self._active(account), lock_up_until=until))

    @_whole
    def set_own_account(self, *, account: Address, own_account: bool) -> None:
        """Marks a firm's own account (自己口)."""
        self._require_running()
        self._put(account, replace(self._active(account), own_account=own_account))

    @_whole
    def set_product_lock_up(self, *, until: int) -> None:
        """Nobody may transfer the product before `until`."""
        self._require_running()
        self.control = replace(self.control, product_lock_up_until=until)

    @_whole
    def set_permitted_classes(self, *, permitted_classes: int) -> None:
        """Which investor classes may hold."""
        self._require_running()
        self.control = replace(self.control, permitted_classes=permitted_classes)

    @_whole
    def set_rule(self, *, rule: Address, answer: RuleAnswer | None = None) -> None:
        """Plugs in the extra rule `rule`, which answers as `answer` does; zero removes it."""
        self._require_running()
        self.control = replace(self.control, rule=rule)
        self._rule_answer = answer

    # ------------------------------------------------------------ repairer: actions 8, 9, 10

    @_whole
    def forced_transfer(
        self,
        *,
        sender: Address,
        recipient: Address,
        units: int,
        now: int,
        act: Act | None = None,
    ) -> None:
        """Action 8 (強制移転); without `act` the ERC-7943 form, which carries no papers."""
        self._require_live()
        if act is not None:
            self._use_with_evidence(act.ref, act.evidence)
        self._seize(sender, recipient, units, now)

    @_whole
    def redistribute(
        self,
        *,
        lost: Address,
        recipient: Address,
        units: int,
        incident: Reference | None,
        evidence: Digest | None,
        now: int,
    ) -> None:
        """Action 9 (再配布): total issued does not change; once per incident."""
        self._require_live()
        self._use_with_evidence(incident, evidence)
        self._seize(lost, recipient, units, now)

    @_whole
    def redistribute_burned(
        self,
        *,
        burn_ref: Reference,
        recipient: Address,
        units: int,
        incident: Reference | None,
        evidence: Digest | None,
        now: int,
    ) -> None:
        """Action 9 where the units are gone: re-creates what `burn_ref` destroyed by mistake."""
        self._require_live()
        self._use_with_evidence(incident, evidence)
        self._require_units(units)
        burned = self.burned_under(burn_ref)
        if units > burned:
            raise Refusal(Reason.NOT_BURNED, burn_ref=burn_ref, burned=burned, asked=units)
        total = self._within_cap(self.supply.total + units)
        self._receive(ZERO_ADDRESS, recipient, units, now)
        self._write(self._burned, burn_ref, burned - units)
        self.supply = replace(self.supply, total=total)

    @_whole
    def reverse_transfer(
        self,
        *,
        original_ref: Reference | None,
        sender: Address,
        recipient: Address,
        units: int,
        act: Act,
        now: int,
    ) -> None:
        """Action 10 (逆移転): from the wrong recipient back; once per trade."""
        self._require_live()
        if not original_ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        if original_ref in self._reversed:
            raise Refusal(Reason.ALREADY_REVERSED, original_ref=original_ref)
        self._write(self._reversed, original_ref, True)
        self._use_with_evidence(act.ref, act.evidence)
        self._seize(sender, recipient, units, now)

    @_whole
    def recovery_address(self, *, old: Address, new: Address, act: Act) -> None:
        """Re-keying (鍵の更新): the whole account moves; what `new` was forbidden stays so."""
        self._require_live()
        self._use_with_evidence(act.ref, act.evidence)
        word, target = self.account(old), self.account(new)
        if old == ZERO_ADDRESS or word.retired:
            raise Refusal(Reason.SENDER_RETIRED, account=old)
        empty = target.balance == 0 and target.frozen == 0 and not target.retired
        if new in (ZERO_ADDRESS, old) or not empty:
            raise Refusal(Reason.TARGET_NOT_EMPTY, account=new)
        self._put(
            new,
            replace(
                word,
                blocked_to_send=word.blocked_to_send or target.blocked_to_send,
                blocked_to_receive=word.blocked_to_receive or target.blocked_to_receive,
                address_frozen=word.address_frozen or target.address_frozen,
                lock_up_until=max(word.lock_up_until, target.lock_up_until),
            ),
        )
        self._put(old, replace(word, balance=0, frozen=0, retired=True))
        if old == self.initial_beneficiary:
            self.initial_beneficiary = new

    # ------------------------------------------------------------------ the platform: action 11

    def set_control_bits(self, *, mask: int, bits: int) -> None:
        """Action 11 (停止), market open and close, transfer-enable: the platform writes its bits."""
        self.control = self.control.with_bits(mask & PLATFORM_BITS, bits)

    # ---------------------------------------------------------------------------------- checks

    @staticmethod
    def _refuse(refusal: Refusal | None) -> None:
        if refusal is not None:
            raise refusal

    def _require_running(self) -> None:
        if self.control.has(STOPPED):
            raise Refusal(Reason.PLATFORM_STOPPED)

    def _require_live(self) -> None:
        self._require_running()
        if self.control.has(PRODUCT_ENDED):
            raise Refusal(Reason.PRODUCT_ENDED)

    def _require_complete(self) -> None:
        """R-JSTOA-6.1.1.1b: no unit exists while a term that the law asks for is missing."""
        for missing, present in (
            ("legalCategory", self.supply.legal_category),
            ("termsHash", self.terms_digest),
            ("authorisedCap", self.supply.cap),
            ("initialBeneficiary", self.initial_beneficiary),
        ):
            if not present:
                raise Refusal(Reason.PRODUCT_INCOMPLETE, missing=missing)

    def _require_due(self, now: int) -> None:
        due = self.supply.redemption_date
        if due == 0 or now < due:
            raise Refusal(Reason.REDEMPTION_NOT_DUE, redemption_date=due, now=now)

    @staticmethod
    def _require_units(units: int) -> None:
        if units == 0:
            raise Refusal(Reason.ZERO_UNITS)
        if units > MAX_UNITS:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)

    @staticmethod
    def _require_same_length(accounts: Sequence[Address], units: Sequence[int]) -> None:
        if len(accounts) != len(units):
            raise Refusal(Reason.LENGTH_MISMATCH, accounts=len(accounts), quantities=len(units))

    def _within_cap(self, total: int) -> int:
        if total > self.supply.cap:
            raise Refusal(Reason.CAP_EXCEEDED, cap=self.supply.cap, would_be=total)
        return total

    def _rule(self, sender: Address, recipient: Address, units: int) -> Refusal | None:
        return rule_refusal(
            self.control, self._rule_answer, sender=sender, recipient=recipient, units=units
        )

    def _active(self, account: Address) -> AccountWord:
        """The account, unless it is retired: a retired address stays as re-keying left it."""
        if account == ZERO_ADDRESS:
            raise Refusal(Reason.RECIPIENT_INVALID, account=account)
        word = self.account(account)
        if word.retired:
            raise Refusal(Reason.RECIPIENT_RETIRED, account=account)
        return word

    # --------------------------------------------------------------------------------- effects

    def _write(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._journal.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def _put(self, address: Address, word: AccountWord) -> None:
        self._write(self._accounts, address, word)

    def _use(self, ref: Reference | None) -> Reference:
        if not ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        if ref in self._used:
            raise Refusal(Reason.REFERENCE_USED, ref=ref)
        self._write(self._used, ref, True)
        return ref

    def _use_with_evidence(self, ref: Reference | None, evidence: Digest | None) -> None:
        used = self._use(ref)
        if not evidence:
            raise Refusal(Reason.EVIDENCE_MISSING, ref=used)

    def _transfer(self, sender: Address, recipient: Address, units: int, now: int) -> None:
        self._refuse(self.refusal_of(sender=sender, recipient=recipient, units=units, now=now))
        if sender == recipient:
            return
        giver, taker = self.account(sender), self.account(recipient)
        self._put(sender, replace(giver, balance=giver.balance - units))
        self._put(recipient, replace(taker, balance=taker.balance + units))

    def _receive(self, source: Address, recipient: Address, units: int, now: int) -> None:
        """Gives units outside an ordinary transfer; the recipient is judged all the same."""
        word = self.account(recipient)
        self._refuse(recipient_refusal(recipient, word, self.control, now=now))
        self._refuse(self._rule(source, recipient, units))
        self._put(recipient, replace(word, balance=word.balance + units))

    def _issue(self, recipients: Sequence[Address], units: Sequence[int], now: int) -> None:
        self._require_same_length(recipients, units)
        self._require_complete()
        total = self.supply.total
        for recipient, amount in zip(recipients, units, strict=True):
            self._require_units(amount)
            self._receive(ZERO_ADDRESS, recipient, amount, now)
            total = self._within_cap(total + amount)
        self.supply = replace(self.supply, total=total, ever_issued=True)

    def _redeem(self, holders: Sequence[Address], units: Sequence[int], now: int) -> int:
        self._require_same_length(holders, units)
        self._require_due(now)
        for holder, amount in zip(holders, units, strict=True):
            self._require_units(amount)
            self._take(holder, amount)
        destroyed = sum(units)
        self.supply = replace(self.supply, total=self.supply.total - destroyed)
        return destroyed

    def _take(self, holder: Address, units: int) -> None:
        """Takes units whatever is frozen."""
        word = self.account(holder)
        if units > word.balance:
            raise Refusal(
                Reason.INSUFFICIENT_BALANCE, account=holder, balance=word.balance, needed=units
            )
        self._put(holder, word.seized(units))

    def _seize(self, sender: Address, recipient: Address, units: int, now: int) -> None:
        self._require_units(units)
        if sender == recipient:
            raise Refusal(Reason.SAME_ADDRESS, account=sender)
        self._take(sender, units)
        self._receive(sender, recipient, units, now)
