"""Actions 8, 9, 10 and re-keying."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.contracts.machine.compliance import ComplianceRules
from tests.contracts.machine.drawn import account, evidence, part, quantity, reference, taker, trade
from tests.contracts.stage import REKEY_ACT, RETAIL

from genbo.chain.contracts.encoding import act_struct, digest_word, reference_word
from genbo.kernel import ZERO_ADDRESS, Digest, Reference
from genbo.token.act import Act

FORCED = "forcedTransfer(address,address,uint256"
REKEY_BARE = "recoveryAddress(address,address,address)"


class RepairRules(ComplianceRules):
    @rule(
        giver=account,
        to=taker,
        units=quantity,
        which=reference,
        papers=evidence,
        bare=st.booleans(),
    )
    def forced_transfer(
        self, giver: int, to: int, units: Any, which: str | None, papers: Digest | None, bare: bool
    ) -> None:
        self.force(
            self.giver(giver), self.taker(to), units, None if bare else self.act(which, papers)
        )

    def seize(self, giver: int, to: int, units: int) -> None:
        self.force(giver, to, units, self.act("new"))

    def force(self, giver: int, to: int, units: Any, order: Act | None) -> None:
        now = self.at(1)
        sender, recipient = self.accounts[giver], self.accounts[to]
        n = self.units(units, sender)
        call = (
            self.token(f"{FORCED})", sender, recipient, n)
            if order is None
            else self.token(
                f"{FORCED},(bytes32,bytes32,uint32))", sender, recipient, n, act_struct(order)
            )
        )
        self.both(
            "forcedTransfer",
            call,
            lambda m: m.forced_transfer(
                sender=sender, recipient=recipient, units=n, act=order, now=now
            ),
        )

    @rule(
        drawn=st.lists(st.tuples(account, taker, part), max_size=3),
        short=st.sampled_from([*[False] * 5, True]),
    )
    def batch_forced_transfer(self, drawn: list[tuple[int, int, Any]], short: bool) -> None:
        now = self.at(1)
        givers = [self.accounts[self.giver(giver)] for giver, _, _ in drawn]
        takers = [self.accounts[self.taker(to)] for _, to, _ in drawn]
        units = [self.units(each, giver) for giver, (_, _, each) in zip(givers, drawn, strict=True)]
        takers = takers[:-1] if short else takers
        self.both(
            "batchForcedTransfer",
            self.token("batchForcedTransfer", givers, takers, units),
            lambda m: m.batch_forced_transfer(
                senders=givers, recipients=takers, units=units, now=now
            ),
            either_side=True,
        )

    @rule(lost=account, to=taker, units=quantity, which=reference, papers=evidence)
    def redistribute(
        self, lost: int, to: int, units: Any, which: str | None, papers: Digest | None
    ) -> None:
        now, lost = self.at(1), self.giver(lost)
        source, recipient = self.accounts[lost], self.accounts[self.taker(to)]
        n, incident = self.units(units, source), self.ref(which)
        words = (reference_word(incident), digest_word(papers))
        self.both(
            "redistribute",
            self.token("redistribute", source, recipient, n, *words),
            lambda m: m.redistribute(
                lost=source,
                recipient=recipient,
                units=n,
                incident=incident,
                evidence=papers,
                now=now,
            ),
        )

    @rule(
        to=taker,
        units=st.one_of(quantity, st.just("burned"), st.just("burned")),
        which=reference,
        papers=evidence,
    )
    def redistribute_burned(
        self, to: int, units: Any, which: str | None, papers: Digest | None
    ) -> None:
        if not self.burns:
            self.redeem([(self.giver(1), 1)], "new", 1)
        left = [each for each in self.burns if self.model.burned_under(each)]
        burn = self.random.choice([*left * 3, *self.burns[-1:], Reference("R1")])
        now = self.at(1)
        recipient = self.accounts[self.taker(to)]
        n = self.model.burned_under(burn) if units == "burned" else self.units(units, recipient)
        incident = self.ref(which)
        words = (reference_word(incident), digest_word(papers))
        self.both(
            "redistributeBurned",
            self.token("redistributeBurned", reference_word(burn), recipient, n, *words),
            lambda m: m.redistribute_burned(
                burn_ref=burn,
                recipient=recipient,
                units=n,
                incident=incident,
                evidence=papers,
                now=now,
            ),
        )

    @rule(
        which_trade=trade,
        giver=account,
        to=taker,
        units=quantity,
        which=reference,
        papers=evidence,
    )
    def reverse(
        self,
        which_trade: str | None,
        giver: int,
        to: int,
        units: Any,
        which: str | None,
        papers: Digest | None,
    ) -> None:
        now, giver = self.at(1), self.giver(giver)
        original = self.ref(which_trade)
        sender, recipient = self.accounts[giver], self.accounts[self.taker(to)]
        n, order = self.units(units, sender), self.act(which, papers)
        word = reference_word(original)
        self.both(
            "reverseTransfer",
            self.token("reverseTransfer", word, sender, recipient, n, act_struct(order)),
            lambda m: m.reverse_transfer(
                original_ref=original,
                sender=sender,
                recipient=recipient,
                units=n,
                act=order,
                now=now,
            ),
        )

    @rule(
        old=account,
        new=st.sampled_from([4, 5, 6, 7, 4, 5, 6, 1, 8]),
        which=st.one_of(st.just("bare"), reference),
        papers=evidence,
    )
    def rekey(self, old: int, new: int, which: str | None, papers: Digest | None) -> None:
        if self.random.random() < 0.3:
            self.burden(new)
        self.rekey_to(old, new, None if which == "bare" else self.act(which, papers))

    def rekey_to(self, old: int, new: int, order: Act | None) -> None:
        self.at(1)
        source, target = self.accounts[old], self.accounts[new]
        if order is None:
            self.both(
                "recoveryAddress",
                self.token(REKEY_BARE, source, target, self.accounts[7]),
                lambda m: m.recovery_address(old=source, new=target),
            )
            return
        self.both(
            "recoveryAddress",
            self.token(REKEY_ACT, source, target, act_struct(order)),
            lambda m: m.recovery_address(old=source, new=target, act=order),
        )

    def burden(self, number: int) -> None:
        """Restricts the account in one way: what it was forbidden must not be shed by a new holder."""
        if self.accounts[number] == ZERO_ADDRESS:
            return
        kind = self.random.randrange(3)
        if kind == 0:
            self.set_verdict(number, "forever", RETAIL, True, False)
        elif kind == 1:
            self.set_address_frozen(number, True, True)
        else:
            self.set_lock_up(number, "forever", True)
