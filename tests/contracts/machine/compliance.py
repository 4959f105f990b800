"""Action 7: restrictions, by one person and by two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.contracts.machine.drawn import (
    FOREVER,
    Row,
    account,
    good_rows,
    investor_class,
    moment,
    quantity,
    rows,
)
from tests.contracts.machine.registrar import RegistrarRules
from tests.contracts.stage import CORPORATE, PERMITTED, RETAIL

from genbo.kernel import ZERO_ADDRESS

figure = st.one_of(quantity, st.sampled_from(["frozen", "held", "not held", "all"]))


class ComplianceRules(RegistrarRules):
    # Verdicts ------------------------------------------------------------------------------------

    @rule(
        who=account, until=moment, kind=investor_class, blocked=st.booleans(), alone=st.booleans()
    )
    def set_verdict(self, who: int, until: Any, kind: int, blocked: bool, alone: bool) -> None:
        now = self.at(1)
        who = self.rather(who, lambda word: word.blocked_to_send)
        it, end = self.accounts[who], self.second(until)
        self.both(
            "setVerdict",
            self.token("setVerdict", it, end, kind, blocked),
            lambda m: m.set_verdict(accounts=[it], until=end, investor_class=kind, blocked=blocked),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(account=it, blocked=blocked, now=now),
        )

    @rule(numbers=st.lists(account, max_size=4), until=moment, blocked=st.booleans())
    def batch_set_verdict(self, numbers: list[int], until: Any, blocked: bool) -> None:
        self.at(1)
        accounts, end = [self.accounts[number] for number in numbers], self.second(until)
        self.both(
            "batchSetVerdict",
            self.token("batchSetVerdict", accounts, end, RETAIL, blocked),
            lambda m: m.set_verdict(
                accounts=accounts, until=end, investor_class=RETAIL, blocked=blocked
            ),
        )

    @rule(numbers=st.lists(st.sampled_from(range(7)), min_size=1, max_size=6))
    def verify(self, numbers: list[int]) -> None:
        """What keeps a history going: these are verified for good, unless they are retired."""
        self.at(1)
        accounts = [
            self.accounts[n] for n in numbers if not self.model.account(self.accounts[n]).retired
        ]
        self.both(
            "batchSetVerdict",
            self.token("batchSetVerdict", accounts, FOREVER, CORPORATE, False),
            lambda m: m.set_verdict(
                accounts=accounts, until=FOREVER, investor_class=CORPORATE, blocked=False
            ),
        )

    # Freezes -------------------------------------------------------------------------------------

    @rule(who=account, frozen=st.booleans(), alone=st.booleans())
    def set_address_frozen(self, who: int, frozen: bool, alone: bool) -> None:
        now = self.at(1)
        it = self.accounts[self.rather(who, lambda word: word.address_frozen)]
        self.both(
            "setAddressFrozen",
            self.token("setAddressFrozen", it, frozen),
            lambda m: m.set_address_frozen(account=it, frozen=frozen),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(account=it, address_frozen=frozen, now=now),
        )

    @rule(
        numbers=st.lists(account, max_size=3),
        frozen=st.lists(st.sampled_from([False, False, True]), max_size=3),
    )
    def batch_set_address_frozen(self, numbers: list[int], frozen: list[bool]) -> None:
        self.at(1)
        accounts = [self.accounts[number] for number in numbers]
        if self.random.random() < 0.8:
            frozen = (frozen * len(accounts) or [False] * len(accounts))[: len(accounts)]
        self.both(
            "batchSetAddressFrozen",
            self.token("batchSetAddressFrozen", accounts, frozen),
            lambda m: m.batch_set_address_frozen(accounts=accounts, frozen=frozen),
        )

    @rule(who=account, units=figure, alone=st.booleans())
    def set_frozen_tokens(self, who: int, units: Any, alone: bool) -> None:
        now = self.at(1)
        it = self.accounts[self.rather(who, lambda word: word.frozen > 0)]
        n = self.units(units, it)
        self.both(
            "setFrozenTokens",
            self.token("setFrozenTokens", it, n),
            lambda m: m.set_frozen_tokens(account=it, units=n),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(account=it, frozen=n, now=now),
        )

    @rule(who=account, units=quantity)
    def freeze(self, who: int, units: Any) -> None:
        self.at(1)
        it = self.accounts[who]
        n = self.units(units, it)
        self.both(
            "freezePartialTokens",
            self.token("freezePartialTokens", it, n),
            lambda m: m.freeze_partial_tokens(account=it, units=n),
            by=self.officer,
        )

    @rule(who=account, units=figure, alone=st.booleans())
    def unfreeze(self, who: int, units: Any, alone: bool) -> None:
        self.at(1)
        it = self.accounts[self.rather(who, lambda word: word.frozen > 0)]
        n = self.units(units, it)
        self.both(
            "unfreezePartialTokens",
            self.token("unfreezePartialTokens", it, n),
            lambda m: m.unfreeze_partial_tokens(account=it, units=n),
            by=self.restricting(alone),
            lifts=True,
        )

    @rule(drawn=st.one_of(good_rows, rows), short=st.booleans())
    def batch_freeze(self, drawn: list[Row], short: bool) -> None:
        self.at(1)
        accounts, units = self.table(drawn)
        units = units[:-1] if short and len(drawn) == 3 else units
        self.both(
            "batchFreezePartialTokens",
            self.token("batchFreezePartialTokens", accounts, units),
            lambda m: m.batch_freeze_partial_tokens(accounts=accounts, units=units),
            by=self.officer,
        )

    @rule(numbers=st.lists(account, min_size=1, max_size=3), units=figure)
    def batch_unfreeze(self, numbers: list[int], units: Any) -> None:
        self.at(1)
        accounts = [
            self.accounts[self.rather(number, lambda word: word.frozen > 0)] for number in numbers
        ]
        amounts = [self.units(units, each) for each in accounts]
        self.both(
            "batchUnfreezePartialTokens",
            self.token("batchUnfreezePartialTokens", accounts, amounts),
            lambda m: m.batch_unfreeze_partial_tokens(accounts=accounts, units=amounts),
        )

    # Time, classes, rule -------------------------------------------------------------------------

    @rule(who=account, until=moment, alone=st.booleans())
    def set_lock_up(self, who: int, until: Any, alone: bool) -> None:
        now = self.at(1)
        who = self.rather(who, lambda word: word.lock_up_until > now)
        it, end = self.accounts[who], self.second(until)
        self.both(
            "setLockUp",
            self.token("setLockUp", it, end),
            lambda m: m.set_lock_up(account=it, until=end),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(account=it, lock_up_until=end, now=now),
        )

    @rule(until=st.sampled_from([0, 1, 20, 20, "never"]), alone=st.booleans())
    def set_product_lock_up(self, until: Any, alone: bool) -> None:
        now = self.at(1)
        end = self.second(until)
        self.both(
            "setProductLockUp",
            self.token("setProductLockUp", end),
            lambda m: m.set_product_lock_up(until=end),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(product_lock_up_until=end, now=now),
        )

    @rule(mask=st.sampled_from([PERMITTED, PERMITTED, 1, 2, 0, 2**32 - 1]), alone=st.booleans())
    def set_permitted_classes(self, mask: int, alone: bool) -> None:
        now = self.at(1)
        self.both(
            "setPermittedClasses",
            self.token("setPermittedClasses", mask),
            lambda m: m.set_permitted_classes(permitted_classes=mask),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(permitted_classes=mask, now=now),
        )

    @rule(who=account, own=st.booleans())
    def set_own_account(self, who: int, own: bool) -> None:
        self.at(1)
        it = self.accounts[who]
        self.both(
            "setOwnAccount",
            self.token("setOwnAccount", it, own),
            lambda m: m.set_own_account(account=it, own_account=own),
            by=self.officer,
        )

    @rule(
        kind=st.sampled_from(
            ["none", "none", "limit", "limit", "reverts", "burns gas", "burns gas", "no code"]
        ),
        alone=st.booleans(),
    )
    def set_rule(self, kind: str, alone: bool) -> None:
        now = self.at(1)
        it = self.rules.get(kind, ZERO_ADDRESS)
        self.both(
            "setRule",
            self.token("setRule", it),
            lambda m: m.set_rule(rule=it, answer=self.rule_answer(kind)),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(rule=it, now=now),
        )
