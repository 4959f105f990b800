"""Issuance: actions 1, 2, 4, 5 and 6 (発行, 配布, 償還, 追加発行, 分割), and the terms."""

from collections.abc import Sequence
from dataclasses import replace

from genbo.kernel import (
    MAX_UNITS,
    ZERO_ADDRESS,
    Address,
    Digest,
    ProductId,
    Reason,
    Reference,
    Refusal,
)
from genbo.token.act import Act
from genbo.token.control_word import PRODUCT_ENDED
from genbo.token.judgement import amount_refusal, sender_refusal
from genbo.token.model.state import State, whole

MAX_SPLIT_FACTOR = 1_000_000
"""The most by which one split may."""
MAX_CUMULATIVE_FACTOR = 2**160 - 1
"""The most by which all splits together may multiply a holding."""
_MAX_EPOCH = 2**16 - 1


class Issuance(State):
    """Where the total issued changes, but for a redistribution of burned units."""

    # ----------------------------------------------- issuer: issue, additional issue, terms

    @whole
    def issue(
        self, *, recipients: Sequence[Address], units: Sequence[int], act: Act, now: int
    ) -> None:
        """Actions 1 and 5 (発行, 追加発行)."""
        self._require_live()
        self._require_same_length(recipients, units)
        self._use(act.ref)
        self._issue(recipients, units, now)

    @whole
    def mint(self, *, recipient: Address, units: int, now: int) -> None:
        """`issue` to one recipient, without papers."""
        self._require_live()
        self._issue([recipient], [units], now)

    @whole
    def batch_mint(self, *, recipients: Sequence[Address], units: Sequence[int], now: int) -> None:
        """`issue` without papers."""
        self._require_live()
        self._require_same_length(recipients, units)
        self._issue(recipients, units, now)

    @whole
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
        if self.supply.ever_issued and initial_beneficiary != self.initial_beneficiary:
            raise Refusal(Reason.BENEFICIARY_FIXED, account=self.initial_beneficiary)
        self.supply = replace(
            self.supply,
            legal_category=legal_category,
            cap=authorised_cap,
            redemption_date=redemption_date,
        )
        self.terms_digest = terms_digest
        self.initial_beneficiary = initial_beneficiary

    # ---------------------------------------------------------------- distributor: distribute

    @whole
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
            if amount and recipient == source:
                raise Refusal(Reason.SAME_ADDRESS, account=source)
            self._require_units(amount)
            given += amount
            self._refuse(amount_refusal(source, giver, given))
            self._receive(source, recipient, amount, now)
        self._put(source, replace(giver, balance=giver.balance - given))

    # --------------------------------------------------------------------- issuer: redemption

    @whole
    def redeem(
        self, *, holders: Sequence[Address], units: Sequence[int], act: Act, now: int
    ) -> None:
        """Action 4 (償還): extinguishes units, a blocked holder's too."""
        self._require_live()
        ref = self._use(act.ref)
        self._write(self._burned, ref, self._redeem(holders, units, now))

    @whole
    def burn(self, *, holder: Address, units: int, now: int) -> None:
        """`redeem` of one holder, without papers."""
        self._require_live()
        self._redeem([holder], [units], now)

    @whole
    def batch_burn(self, *, holders: Sequence[Address], units: Sequence[int], now: int) -> None:
        """`redeem` without papers."""
        self._require_live()
        self._redeem(holders, units, now)

    @whole
    def redeem_all(self, *, holders: Sequence[Address], act: Act, now: int) -> None:
        """All units of the holders; the product ends when none is left anywhere."""
        self._require_live()
        ref = self._use(act.ref)
        self._require_due(now)
        destroyed = 0
        for holder in holders:
            balance = self.balance_of(holder)
            self._take(holder, balance)
            destroyed += balance
        self._write(self._burned, ref, destroyed)
        self.supply = replace(self.supply, total=self.supply.total - destroyed)
        if self.supply.total == 0:
            self.control = self.control.with_bits(PRODUCT_ENDED, PRODUCT_ENDED)

    # -------------------------------------------------------------------------- issuer: split

    @whole
    def split(self, *, factor: int, epoch: int, act: Act) -> None:
        """Action 6 (分割): each unit becomes `factor` units, frozen, held and burned ones too.

        `epoch` is how many splits there were when this one was decided, so no decision splits twice.
        """
        self._require_live()
        if not 2 <= factor <= MAX_SPLIT_FACTOR:
            raise Refusal(Reason.SPLIT_FACTOR_INVALID, factor=factor)
        if not act.ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        if epoch != self.control.epoch:
            raise Refusal(Reason.SPLIT_EPOCH_INVALID, epoch=epoch, expected=self.control.epoch)
        total = self.supply.total
        if total == 0:
            raise Refusal(Reason.ZERO_UNITS)
        cumulative = self._cumulative_factor * factor
        if (
            total * factor > MAX_UNITS
            or cumulative > MAX_CUMULATIVE_FACTOR
            or self.control.epoch == _MAX_EPOCH
        ):
            raise Refusal(Reason.SPLIT_OVERFLOW, total=total, factor=factor)
        self._multiply(factor, epoch + 1)
        self._cumulative_factor = cumulative
        self.control = replace(self.control, epoch=epoch + 1)
        self.supply = replace(
            self.supply, total=total * factor, cap=_saturated(self.supply.cap * factor)
        )

    # -------------------------------------------------------------------------- issuer: close

    @whole
    def close(self, *, successor: ProductId, successor_total: int | None, act: Act) -> None:
        """The product goes on as `successor`, which carries as many units; here nothing moves any more.

        `successor_total` is None where the platform has no such other product, or it has ended.
        """
        self._require_live()
        self._use_with_evidence(act.ref, act.evidence)
        if successor_total is None:
            raise Refusal(Reason.SUCCESSOR_INVALID, successor=successor)
        total = self.supply.total
        if successor_total != total:
            raise Refusal(
                Reason.SUCCESSOR_DIFFERS, successor=successor, units=total, total=successor_total
            )
        self.control = self.control.with_bits(PRODUCT_ENDED, PRODUCT_ENDED)

    # ---------------------------------------------------------------------------------- inside

    def _multiply(self, factor: int, epoch: int) -> None:
        for address, word in list(self._accounts.items()):
            self._put(address, word.scaled(factor, epoch=epoch))
        for ref, burned in list(self._burned.items()):
            self._write(self._burned, ref, _saturated(burned * factor))
        for ref, hold in list(self._holds.items()):
            self._write(self._holds, ref, replace(hold, units=_saturated(hold.units * factor)))
        for account, held in list(self._held.items()):
            more = replace(
                held,
                claims=_saturated(held.claims * factor),
                cover=_saturated(held.cover * factor),
            )
            self._write(self._held, account, more)

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

    def _issue(self, recipients: Sequence[Address], units: Sequence[int], now: int) -> None:
        self._require_complete()
        total = self.supply.total
        for recipient, amount in zip(recipients, units, strict=True):
            self._require_units(amount)
            self._receive(ZERO_ADDRESS, recipient, amount, now)
            total = self._within_cap(total + amount)
        issued = self.supply.ever_issued or bool(recipients)
        self.supply = replace(self.supply, total=total, ever_issued=issued)

    def _redeem(self, holders: Sequence[Address], units: Sequence[int], now: int) -> int:
        self._require_same_length(holders, units)
        self._require_due(now)
        for holder, amount in zip(holders, units, strict=True):
            self._require_units(amount)
            self._take(holder, amount)
        destroyed = sum(units)
        self.supply = replace(self.supply, total=self.supply.total - destroyed)
        return destroyed


def _saturated(units: int) -> int:
    """Nothing larger than a word holds can exist."""
    return min(units, MAX_UNITS)
