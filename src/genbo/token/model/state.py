"""State: what one token remembers, and the checks and effects that every act is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.control_word import (
    COUNT_HOLDERS,
    PLATFORM_BITS,
    PRODUCT_ENDED,
    STOPPED,
    ControlWord,
)
from genbo.token.hold import HeldUnits, Hold
from genbo.token.judgement import RuleAnswer, recipient_refusal, rule_refusal
from genbo.token.model.supply import Supply

_ABSENT = object()

S = TypeVar("S", bound="State")
P = ParamSpec("P")
R = TypeVar("R")


def whole(act: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """The act happens whole or not at all: a refusal restores everything it wrote."""

    @wraps(act)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
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


class State:
    """Accounts, switches, supply, references and holds of one product."""

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
        self._holds: dict[Reference, Hold] = {}
        self._held: dict[Address, HeldUnits] = {}
        self._used_authorisations: dict[tuple[Address, Reference], bool] = {}
        self._permit_counts: dict[Address, int] = {}
        self._cumulative_factor = 1
        self._rule_answer: RuleAnswer | None = None
        self._journal: list[tuple[dict[Any, Any], Any, Any]] = []

    # ------------------------------------------------------------------------------ anyone asks

    @property
    def accounts(self) -> Mapping[Address, AccountWord]:
        """Every account that was ever written."""
        return MappingProxyType(self._accounts)

    @property
    def split_factor(self) -> int:
        """By how much all splits so far multiply a unit of the first issue."""
        return self._cumulative_factor

    @property
    def holder_count(self) -> int:
        """Accounts with at least one unit; 0 where holders are not counted."""
        if not self.control.has(COUNT_HOLDERS):
            return 0
        return sum(word.balance > 0 for word in self._accounts.values())

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
        """Units destroyed under the reference and not re-created since, splits included."""
        return self._burned.get(ref, 0)

    def held(self, account: Address) -> HeldUnits:
        """What standing holds promise of the account."""
        return self._held.get(account, HeldUnits())

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

    @staticmethod
    def _require_units(units: int) -> None:
        if units == 0:
            raise Refusal(Reason.ZERO_UNITS)
        if units > MAX_UNITS:
            raise Refusal(Reason.UNITS_TOO_LARGE, units=units)

    @staticmethod
    def _require_same_length(accounts: Sequence[Any], units: Sequence[Any]) -> None:
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

    # --------------------------------------------------------------------------------- effects

    def _write(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._journal.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def _put(self, address: Address, word: AccountWord) -> None:
        self._write(self._accounts, address, word)

    def _use(self, ref: Reference | None) -> Reference:
        """The reference is used up: two acts with one reference are one act and one mistake."""
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

    def _receive(self, source: Address, recipient: Address, units: int, now: int) -> None:
        """Gives units outside an ordinary transfer; the recipient is judged all the same."""
        word = self.account(recipient)
        self._refuse(recipient_refusal(recipient, word, self.control, now=now))
        self._refuse(self._rule(source, recipient, units))
        self._put(recipient, replace(word, balance=word.balance + units))

    def _take(self, holder: Address, units: int) -> None:
        """Takes units whatever is frozen: free ones first, then those under holds, then the rest."""
        word = self.account(holder)
        if units > word.balance:
            raise Refusal(
                Reason.INSUFFICIENT_BALANCE, account=holder, balance=word.balance, needed=units
            )
        left = word.seized(units)
        self._put(holder, left)
        held = self.held(holder)
        if held.cover:
            cover = max(0, held.cover - (word.frozen - left.frozen))
            self._write(self._held, holder, replace(held, cover=cover))

    def _seize(self, sender: Address, recipient: Address, units: int, now: int) -> None:
        self._require_units(units)
        if sender == recipient:
            raise Refusal(Reason.SAME_ADDRESS, account=sender)
        self._take(sender, units)
        self._receive(sender, recipient, units, now)

    def _active(self, account: Address) -> AccountWord:
        """The account, unless it is retired: a retired address stays as re-keying left it."""
        if account == ZERO_ADDRESS:
            raise Refusal(Reason.RECIPIENT_INVALID, account=account)
        word = self.account(account)
        if word.retired:
            raise Refusal(Reason.RECIPIENT_RETIRED, account=account)
        return word
