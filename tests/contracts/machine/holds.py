"""Holds: made by holder or spender, delivered and released by the notary, released by anybody after the expiry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.contracts.machine.drawn import KEYS, holder, part, quantity, taker
from tests.contracts.machine.holders import HolderRules

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import reference_word
from genbo.kernel import Address, Reference
from genbo.token.hold import Hold, HoldState

expiry = st.sampled_from([*[5, 20, 1_000, "forever"] * 6, 1, 0, -1, "never"])
notary = st.sampled_from([*KEYS, *KEYS, 8])
meanwhile = st.sampled_from(
    ["split", "seizure", "redemption", "re-keying", "freeze", "verdict ends", "expiry", "sync"]
)
which_hold = st.sampled_from([*["standing"] * 6, "any", "R1", None])

HAPPENED = {
    *("delivered", "released by its notary", "released by another after the expiry"),
    *("delivered after a split", "delivered after a re-keying", "released after a re-keying"),
    *("released without cover", "released with a verdict run out", "refused: cover seized"),
    *("released under an order", "refused: frozen by order since"),
}
"""What must have happened to holds before a search counts as one."""


class HoldRules(HolderRules):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.made: dict[Reference, tuple[Address, int]] = {}
        """Holder and units of each hold as it was made."""

    @rule(giver=holder, to=taker, units=part, until=expiry, who=notary)
    def create_hold(self, giver: int, to: int, units: Any, until: Any, who: int) -> None:
        self.make(self.giver(giver), None, to, units, until, who)

    @rule(giver=holder, spender=holder, to=taker, units=quantity, until=expiry, who=notary)
    def create_hold_from(
        self, giver: int, spender: int, to: int, units: Any, until: Any, who: int
    ) -> None:
        owner, by = self.allowed(giver, spender)
        self.make(self.accounts.index(owner), self.accounts.index(by), to, units, until, who)

    def make(
        self, giver: int, spender: int | None, to: int, units: Any, until: Any, who: int
    ) -> None:
        now = self.at(1)
        holder, recipient = self.accounts[giver], self.accounts[self.taker(to)]
        by = self.accounts[who]
        n, end = self.units(units, holder), self.second(until)
        used = self.random.random() < 0.1
        its = self.random.choice([None, *self.holds]) if used else self.ref("new")
        words = (reference_word(its), recipient, n, end, by)
        common: dict[str, Any] = {
            "holder": holder,
            "ref": its,
            "recipient": recipient,
            "units": n,
            "expiry": end,
            "notary": by,
            "now": now,
        }
        if spender is None:
            done = self.both(
                "createHold",
                self.token("createHold", *words),
                lambda m: m.create_hold(**common),
                by=self.key(giver),
            )
        else:
            done = self.both(
                "createHoldFrom",
                self.token("createHoldFrom", holder, *words),
                lambda m: m.create_hold_from(spender=self.accounts[spender], **common),
                by=self.key(spender),
            )
        if done and its is not None:
            self.holds.append(its)
            self.made[its] = (holder, n)

    @rule(which=which_hold, by_notary=st.sampled_from([True, True, True, False]), who=holder)
    def execute_hold(self, which: str | None, by_notary: bool, who: int) -> None:
        self.end("executeHold", which, by_notary, who)

    @rule(which=which_hold, by_notary=st.booleans(), who=holder)
    def release_hold(self, which: str | None, by_notary: bool, who: int) -> None:
        self.end("releaseHold", which, by_notary, who)

    @rule(which=which_hold, who=holder)
    def release_after_the_expiry(self, which: str | None, who: int) -> None:
        """Waits for it where it is near."""
        its, hold = self.pick(which)
        if hold is not None and 0 < hold.expiry - self.stage.now <= 1_000:
            self.stage.advance_to(hold.expiry - self.random.choice([0, 1, 2]))
        self.end("releaseHold", its, False, who)

    @rule(
        giver=holder,
        to=taker,
        units=part,
        who=st.sampled_from(KEYS),
        meanwhile=st.lists(meanwhile, min_size=1, max_size=2),
        delivers=st.sampled_from([True, True, False]),
        by_notary=st.sampled_from([True, True, False]),
    )
    def promise(
        self,
        giver: int,
        to: int,
        units: Any,
        who: int,
        meanwhile: list[str],
        delivers: bool,
        by_notary: bool,
    ) -> None:
        """A hold from its beginning to its end, and what may happen to it in between."""
        before = len(self.holds)
        self.make(self.giver(giver), None, to, units, self.random.choice([20, 1_000]), who)
        if len(self.holds) == before:
            return
        its = self.holds[-1]
        for each in meanwhile:
            hold = self.model.hold(its)
            assert hold is not None
            self.meanwhile(each, hold)
        if delivers:
            self.end("executeHold", its, by_notary, who)
        else:
            self.end("releaseHold", its, by_notary, who)

    @rule(
        giver=holder,
        to=taker,
        who=st.sampled_from(KEYS),
        what=st.sampled_from(["re-keying", "freeze", "seizure", "split"]),
    )
    def promise_and_deliver(self, giver: int, to: int, who: int, what: str) -> None:
        """The way that matters most, so that it is gone more often."""
        self.promise(giver, to, "half", who, [what], True, True)

    def meanwhile(self, what: str, hold: Hold) -> None:
        """Something happens to the holder of a standing hold."""
        raise NotImplementedError

    def pick(self, which: str | None) -> tuple[Reference | None, Hold | None]:
        found = [(each, self.model.hold(each)) for each in self.holds]
        standing = [each for each, h in found if h and h.state is HoldState.STANDING]
        if which == "standing" and standing:
            its: Reference | None = self.random.choice(standing)
        elif which in ("standing", "any") and self.holds:
            its = self.random.choice(self.holds)
        else:
            its = None if which is None else Reference(which)
        return its, None if its is None else self.model.hold(its)

    def end(self, function: str, which: str | None, by_notary: bool, who: int) -> None:
        now = self.at(1)
        its, hold = self.pick(which)
        caller = hold.notary if hold is not None and by_notary else self.accounts[who]
        call: Call = self.token(function, reference_word(its))
        act: Callable[[Any], None] = (
            (lambda m: m.execute_hold(ref=its, caller=caller, now=now))
            if function == "executeHold"
            else (lambda m: m.release_hold(ref=its, caller=caller, now=now))
        )
        notes = self.notes(function, its, hold, caller, now)
        done = self.both(function, call, act, by=self.key_of(caller), either_side=True)
        self.seen.held.update(note for note in notes if note.startswith("refused") is not done)

    def notes(
        self, function: str, its: Reference | None, hold: Hold | None, caller: Address, now: int
    ) -> list[str]:
        """What it will have been, done or refused."""
        if hold is None or its is None or hold.state is not HoldState.STANDING:
            return []
        word, held = self.model.account(hold.holder), self.model.held(hold.holder)
        holder, units = self.made[its]
        by_order = word.frozen - held.cover
        if function == "executeHold":
            able = caller == hold.notary and now < hold.expiry
            short = able and held.cover < hold.units and word.balance >= hold.units
            return [
                "delivered",
                *(["delivered after a split"] if hold.units > units else []),
                *(["delivered after a re-keying"] if hold.holder != holder else []),
                *(["refused: cover seized"] if able and held.cover < hold.units else []),
                *(
                    ["refused: frozen by order since"]
                    if able and not short and by_order > word.balance - held.cover
                    else []
                ),
            ]
        expired = word.verified_until <= now
        return [
            "released by its notary"
            if caller == hold.notary
            else "released by another after the expiry",
            *(["released after a re-keying"] if hold.holder != holder else []),
            *(["released without cover"] if held.cover < hold.units else []),
            *(["released with a verdict run out"] if expired else []),
            *(["released under an order"] if by_order else []),
        ]
