"""Action 11 and the market, time, and what keeps a history going: where everything is refused, nothing is learned."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.contracts.machine.drawn import KEYS
from tests.contracts.machine.repairs import RepairRules
from tests.contracts.stage import CAP, CORPORATE, PERMITTED, RETAIL, TERMS_HASH, ref

from genbo.kernel import ZERO_ADDRESS, Address
from genbo.token.control_word import MARKET_CLOSED, STOPPED, TRANSFER_DISABLED
from genbo.token.hold import Hold


class Together(RepairRules):
    """All rules."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.steps = 0
        self.under_stop = 0

    # The platform --------------------------------------------------------------------------------

    @property
    def stopped(self) -> bool:
        return self.model.control.has(STOPPED)

    def platform_writes(self, function: str, by: Any, mask: int, bits: int, *more: Any) -> None:
        self.at(1)
        by.does(self.stage.platform(function, *more))
        self.model.set_control_bits(mask=mask, bits=bits)
        self.seen.done[function] += 1
        self.compare()

    @precondition(lambda self: not self.stopped)
    @rule(closed=st.sampled_from([True, False, False]))
    def market(self, closed: bool) -> None:
        function = "closeMarket" if closed else "openMarket"
        mask = STOPPED | MARKET_CLOSED
        bits = MARKET_CLOSED if closed else 0
        self.platform_writes(function, self.stage.market_operator, mask, bits)

    @precondition(lambda self: not self.stopped)
    @rule(enabled=st.sampled_from([True, True, False]))
    def group(self, enabled: bool) -> None:
        bits = 0 if enabled else TRANSFER_DISABLED
        more = (ref("G1"), enabled)
        self.platform_writes("setTransferEnabled", self.hand, TRANSFER_DISABLED, bits, *more)

    @precondition(lambda self: not self.stopped)
    @rule()
    def stop(self) -> None:
        mask = STOPPED | MARKET_CLOSED
        self.platform_writes("stop", self.stage.stopper, mask, mask)

    def resume(self) -> None:
        """Not a rule: a stop ends after a few attempts, or it would last for the rest of a history."""
        self.under_stop = 0
        mask = STOPPED | MARKET_CLOSED
        self.platform_writes("resume", self.stage.resumer, mask, MARKET_CLOSED)

    @rule()
    def abstain(self) -> None:
        """The simplest history is nothing but this, and every search begins with it."""

    # Time ----------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 30, 2_000, 10**6 + 1]))
    def wait(self, seconds: int) -> None:
        self.stage.advance_to(self.stage.now + seconds)
        self.compare()

    # Between the two ends of a hold -----------------------------------------------------------------

    def meanwhile(self, what: str, hold: Hold) -> None:
        number = self.accounts.index(hold.holder)
        word = self.model.account(hold.holder)
        if what == "split":
            self.split(self.random.choice([2, 3, 7]), "now", "new")
        elif what == "seizure":
            to = next(n for n in (1, 2, 3) if n != number)
            units = word.unfrozen + self.random.randint(0, hold.units)
            self.seize(number, to, units)
        elif what == "redemption":
            units = word.unfrozen + self.random.randint(1, hold.units)
            self.redeem([(number, units)], "new", 1)
        elif what == "re-keying":
            words = {n: self.model.account(self.accounts[n]) for n in KEYS}
            fresh = [n for n, w in words.items() if not (w.balance or w.frozen or w.retired)]
            self.rekey_to(number, self.random.choice(fresh or [7]), self.act("new"))
        elif what == "freeze":
            self.freeze(number, self.random.choice([1, "free", "all", "all"]))
        elif what == "verdict ends":
            self.set_verdict(number, self.random.choice([1, "never"]), RETAIL, False, True)
        elif what == "expiry":
            if hold.expiry - self.stage.now <= 1_000:
                self.stage.advance_to(max(hold.expiry - 1, self.stage.now + 1))
                self.compare()
        else:
            self.sync([number])

    # Keeping going -------------------------------------------------------------------------------

    def keep_going(self) -> None:
        if self.clearing:
            return
        self.clearing = True
        try:
            self.steps += 1
            if self.stopped:
                self.under_stop += 1
                if self.under_stop > 3:
                    self.resume()
            elif self.steps % 4 == 0:
                self.clear_the_product()
            elif self.steps % 4 == 2:
                self.clear_an_account(self.accounts[self.random.randrange(7)])
        finally:
            self.clearing = False

    def who_tries(self) -> list[bool]:
        """Sometimes one person tries first, and is refused where it lifts something."""
        return [True, False] if self.random.random() < 0.3 else [False]

    def clear_the_product(self) -> None:
        control, now = self.model.control, self.stage.now
        if control.has(MARKET_CLOSED):
            self.market(False)
        if control.has(TRANSFER_DISABLED):
            self.group(True)
        for alone in self.who_tries():
            if control.rule != ZERO_ADDRESS:
                self.set_rule("none", alone)
            if control.permitted_classes & PERMITTED != PERMITTED:
                self.set_permitted_classes(PERMITTED, alone)
            if control.product_lock_up_until > now:
                self.set_product_lock_up("never", alone)
        figures, digest = self.model.supply, self.model.terms_digest
        complete = figures.legal_category and digest and self.model.initial_beneficiary
        if not complete or figures.cap < 500 or figures.redemption_date > now + 10**5:
            whom = self.model.initial_beneficiary or self.accounts[0]
            self.set_terms_to(101, TERMS_HASH, whom, max(figures.cap, CAP), now)

    def clear_an_account(self, it: Address) -> None:
        word, number = self.model.account(it), self.accounts.index(it)
        if word.retired:
            return
        permitted = self.random.choice([RETAIL, CORPORATE])
        for alone in self.who_tries():
            if word.verified_until < self.stage.now + 100 or word.blocked_to_send:
                self.set_verdict(number, "forever", permitted, False, alone)
            if word.address_frozen:
                self.set_address_frozen(number, False, alone)
            if word.lock_up_until > self.stage.now:
                self.set_lock_up(number, "never", alone)
        held = self.model.held(it).cover
        if word.frozen > word.balance and held < word.frozen:
            self.both(
                "setFrozenTokens",
                self.token("setFrozenTokens", it, held),
                lambda m: m.set_frozen_tokens(account=it, units=held),
            )
