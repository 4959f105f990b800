"""The token on the ledger, the pure model of it, and its events replayed, together through any history.

Outcomes: state_machine.tree.

`GENBO_FUZZ=n` searches for 100 n histories, new ones each time, and shortens one that fails. Without it the histories
are the same each time.
"""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.contracts.actors import Person
from tests.contracts.handle import events_of
from tests.contracts.replay import Replay
from tests.contracts.stage import (
    CAP,
    CORPORATE,
    DUE,
    PERMITTED,
    RETAIL,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    ref,
)

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import act_struct, digest_word, reference_word
from genbo.chain.node import Reverted
from genbo.chain.refusals import refusal_of
from genbo.compliance.reasons import reason_numbered
from genbo.governance import Duty
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.act import Act
from genbo.token.control_word import ControlWord
from genbo.token.model import TokenModel

FUZZ = int(os.environ.get("GENBO_FUZZ", "0"))
SEARCH = settings(
    max_examples=100 * FUZZ if FUZZ else 2,
    stateful_step_count=40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, *([Phase.shrink] if FUZZ else [])],  # shrinking takes minutes
    print_blob=True,
)
SEEDS = [None] if FUZZ else range(28)
"""One search finds mostly variations of a few histories; so many short ones find as many different histories."""

DIGEST = Digest("0x" + TERMS_HASH.hex())
EVIDENCE = Digest("0x" + "e7" * 32)
FOREVER = 2**32 - 1
PEOPLE = range(9)
"""Places of the accounts: 0 beneficiary, 1 ann, 2 bob, 3 corp, 4 to 6 begin unverified, 7 unverified, 8 zero."""
KEYS = range(8)
LIMIT = 50
"""Most units per movement that the working extra rule lets through."""

account = st.sampled_from([*PEOPLE, 1, 2, 3, 1, 2, 3])
holder = st.sampled_from([*KEYS, 1, 2, 3, 1, 2, 3])
small = st.integers(1, 40)
quantity = st.one_of(
    small,
    small,
    st.sampled_from(["all", "all but one", "free", "free and one", "all and one"]),
    st.sampled_from(["all", 0, MAX_UNITS, MAX_UNITS + 1, 2**256 - 1]),
)
reference = st.sampled_from([*["new"] * 8, "R1", "R2", None])
evidence = st.sampled_from([*[EVIDENCE] * 8, None])
moment = st.sampled_from([0, -1, 1, 2, 20, 1_000, 10**6, "never", "forever"])
"""Seconds from the block of the act, or the two ends of what a word can hold."""
investor_class = st.sampled_from([RETAIL, CORPORATE, RETAIL, CORPORATE, 2, 31, 32, 255])
delay = st.sampled_from([1, 1, 1, 2, 15, 500])
trade = st.sampled_from(["T1", "T2", "T3", "T4", "T5", "T6", None])

Row = tuple[int, Any]
rows = st.lists(st.tuples(account, quantity), max_size=4)
good_rows = st.lists(st.tuples(st.sampled_from([1, 2, 3]), small), min_size=1, max_size=4)
any_rows = st.one_of(good_rows, good_rows, rows)


class Together(RuleBasedStateMachine):
    """Both, step by step."""

    done: Counter[str]
    refused: Counter[str]
    reasons: Counter[Reason]

    def __init__(self, stage: Stage, start: str, seen: tuple[Counter[Any], ...]) -> None:
        super().__init__()
        self.stage, self.token = stage, stage.token
        self.done, self.refused, self.reasons = seen
        stage.take_back_to(start)
        self.accounts = [
            *(Address(stage.person(number).address) for number in range(8)),
            ZERO_ADDRESS,
        ]
        self.hand = stage.person(900)
        self.officer = stage.restrictor
        self.rules = {
            "limit": _rules(stage)[0],
            "broken": _rules(stage)[1],
            "empty": self.accounts[7],
        }
        self.model = TokenModel(
            legal_category=101,
            terms_digest=DIGEST,
            initial_beneficiary=self.accounts[0],
            authorised_cap=CAP,
            redemption_date=DUE,
            permitted_classes=PERMITTED,
        )
        for numbers, kind in (((0, 1, 2), RETAIL), ((3,), CORPORATE)):
            self.model.set_verdict(
                accounts=[self.accounts[n] for n in numbers],
                until=VERIFIED_UNTIL,
                investor_class=kind,
                blocked=False,
            )
        self.replay = Replay(stage.logs_of(stage.token))
        self.fresh = 0
        self.burns: list[Reference] = []
        self.allowances: set[tuple[Address, Address]] = set()
        self.refs: list[Reference] = []
        self.random = random.Random(0)
        self.steps = 0
        self.under_stop = 0
        self.clearing = False
        self.now = 0

    # The two sides -------------------------------------------------------------------------------

    def at(self, seconds: int) -> int:
        """The next block is made so many seconds after the last; its time."""
        self.keep_going()
        self.now = self.stage.now + seconds
        self.stage.next_block_at(self.now)
        return self.now

    def both(
        self,
        name: str,
        call: Call,
        model_act: Callable[[TokenModel], None],
        *,
        by: Person | None = None,
        lifts: bool = False,
        either_side: bool = False,
    ) -> bool:
        """Makes the act on both sides, and compares what they say; whether it was done.

        `either_side`: giver and recipient are one, and the typed error does not tell as which it was judged.
        """
        actor = by or self.hand
        expected: Refusal | None = None
        needs_two = lifts and actor is self.officer
        model = copy.deepcopy(self.model) if needs_two else self.model
        try:
            model_act(model)
        except Refusal as said:
            expected = said
        else:
            if needs_two:
                expected = Refusal(Reason.RELEASE_NEEDS_TWO_PERSONS, caller=actor.address)
        refusal = self.try_on_chain(call, actor, hopeless=expected is not None)
        assert _said(refusal, either_side) == _said(expected, either_side), name
        (self.done if refusal is None else self.refused)[name] += 1
        if refusal is not None:
            self.reasons[refusal.reason] += 1
        self.compare()
        return refusal is None

    def try_on_chain(self, call: Call, actor: Person, *, hopeless: bool) -> Refusal | None:
        """Makes the act; one that the model refuses is only asked, so that it costs no block."""
        if not hopeless:
            try:
                sent = actor.sends(call, gas=3_000_000)
            except Refusal as refusal:
                return refusal
            self.replay.transaction(events_of(sent.logs, {self.token.address: "SecurityToken"}))
            return None
        try:
            self.stage.node.rehearse(sender=actor.address, to=call.to, data=call.data)
        except Reverted as refusal:
            return refusal_of(refusal.data, call=call, sender=actor.address)
        return None

    def compare(self) -> None:
        """All that both sides know is alike."""
        ask = self.token.interface.encode
        model, stamp = self.model, self.stage.node.stamp()
        questions = [ask("accountWord", each) for each in self.accounts]
        questions += [
            ask("controlWord"),
            ask("supply"),
            ask("initialBeneficiary"),
            ask("termsHash"),
        ]
        pairs = sorted(self.allowances)
        questions += [ask("allowance", *pair) for pair in pairs]
        refs = [*self.refs[-2:], *self.random.sample(self.refs, min(2, len(self.refs)))]
        for each in refs:
            word = reference_word(each)
            questions += [ask(f, word) for f in ("isReferenceUsed", "isReversed", "burnedUnder")]
        triples = [
            (
                self.random.choice(self.accounts),
                self.random.choice(self.accounts),
                self.random.choice([0, 1, 5, LIMIT, LIMIT + 1, 10**3, MAX_UNITS, 2**200]),
            )
            for _ in range(3)
        ]
        questions += [ask("reasonOf", *triple) for triple in triples]
        raw = self.stage.node.calls([(self.token.address, q) for q in questions], stamp).value
        answers = iter(raw)

        def number() -> int:
            return int.from_bytes(next(answers), "big")

        replay = self.replay
        for each in self.accounts:
            word = model.account(each)
            assert AccountWord.unpack(number()) == word, each
            assert replay.account(each) == word, each
        assert (replay.total, replay.cap) == (model.supply.total, model.supply.cap)
        assert replay.beneficiary == (model.initial_beneficiary or ZERO_ADDRESS)
        assert model.control == ControlWord(
            rule=model.control.rule,
            bits=model.control.bits,
            epoch=replay.epoch,
            product_lock_up_until=replay.product_lock_up,
            permitted_classes=replay.permitted_classes,
        )
        assert replay.rule.lower() == model.control.rule.lower()
        assert replay.ended == bool(model.control.bits & 8)
        assert ControlWord.unpack(number()).pack() == model.control.pack()
        supply = self.token.interface.function("supply").decode_outputs(next(answers))
        figures = model.supply
        assert supply == (
            figures.total,
            figures.cap,
            figures.redemption_date,
            figures.legal_category,
            figures.ever_issued,
        )
        assert number() == int(model.initial_beneficiary or "0", 16)
        assert next(answers) == digest_word(model.terms_digest)
        assert [number() for _ in pairs] == [model.allowance(*pair) for pair in pairs]
        for each in refs:
            assert (number(), number(), number()) == (
                model.is_reference_used(each),
                model.is_reversed(each),
                model.burned_under(each),
            )
        now = int(stamp.at.timestamp())
        for sender, recipient, units in triples:
            reason = model.reason_of(sender=sender, recipient=recipient, units=units, now=now)
            assert reason_numbered(number()) == reason
        assert sum(model.balance_of(each) for each in self.accounts) == figures.total
        assert set(model.accounts) <= set(self.accounts)

    def keep_going(self) -> None:
        """Clears the way from time to time: where everything is refused, nothing is learned."""
        if self.clearing:
            return
        self.clearing = True
        try:
            self.steps += 1
            if self.stopped:
                self.under_stop += 1
                if self.under_stop > 3:
                    self.resume()
            elif self.steps % 3 == 0:
                self.clear_the_product()
            elif self.steps % 3 == 1:
                self.clear_an_account(self.accounts[self.random.randrange(7)])
        finally:
            self.clearing = False

    def clear_the_product(self) -> None:
        """One person tries first, and is refused."""
        control, now = self.model.control, self.stage.now
        if control.bits & 2:
            self.market(False)
        if control.bits & 4:
            self.group(True)
        for alone in (True, False):
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
        """One person tries first, and is refused where it lifts something."""
        word, number = self.model.account(it), self.accounts.index(it)
        if word.retired:
            return
        kind = self.random.choice([RETAIL, CORPORATE])
        for alone in (True, False):
            if word.verified_until < self.stage.now + 100 or word.blocked_to_send:
                self.set_verdict(number, "forever", kind, False, alone)
            if word.address_frozen:
                self.set_address_frozen(number, False, alone)
            if word.lock_up_until > self.stage.now:
                self.set_lock_up(number, "never", alone)
            if word.frozen > word.balance:
                self.set_frozen_tokens(number, "all but one", alone)

    def giver(self, drawn: int) -> int:
        """The account drawn, or one that has something to give."""
        if self.model.balance_of(self.accounts[drawn]) == 0 and self.random.random() < 0.7:
            having = [n for n in KEYS if self.model.balance_of(self.accounts[n])]
            return self.random.choice(having or [drawn])
        return drawn

    def rather(self, drawn: int, interesting: Callable[[AccountWord], bool]) -> int:
        """The account drawn, or as often one of those that are interesting here."""
        if self.clearing:
            return drawn
        found = [n for n in PEOPLE if interesting(self.model.account(self.accounts[n]))]
        return self.random.choice(found) if found and self.random.random() < 0.5 else drawn

    def up_to_the_cap(self, units: list[int]) -> list[int]:
        """As often the units that just fit, or do not."""
        if units and self.random.random() < 0.4:
            room = self.model.supply.cap - self.model.supply.total - sum(units[:-1])
            units = [*units[:-1], max(0, room + self.random.choice([0, 1]))]
        return units

    # Reading what was drawn ----------------------------------------------------------------------

    def units(self, drawn: Any, giver: Address) -> int:
        word = self.model.account(giver)
        return {
            "all": word.balance,
            "all but one": max(0, word.balance - 1),
            "all and one": word.balance + 1,
            "free": word.unfrozen,
            "free and one": word.unfrozen + 1,
        }.get(drawn, drawn)

    def table(
        self, drawn: Sequence[Row], giver: Address | None = None
    ) -> tuple[list[Any], list[int]]:
        """Accounts and units; relative quantities are the giver's, or each account's own."""
        accounts = [self.accounts[number] for number, _ in drawn]
        units = [self.units(each, giver or self.accounts[number]) for number, each in drawn]
        return accounts, units

    def ref(self, drawn: str | None) -> Reference | None:
        if drawn is None:
            return None
        if drawn == "new":
            self.fresh += 1
            drawn = f"N{self.fresh}"
        self.refs.append(Reference(drawn))
        return Reference(drawn)

    def act(self, drawn: str | None, papers: Digest | None = EVIDENCE) -> Act:
        return Act(ref=self.ref(drawn), evidence=papers)

    def second(self, drawn: Any) -> int:
        return (
            {"never": 0, "forever": FOREVER}.get(drawn)
            if isinstance(drawn, str)
            else self.now + drawn
        )  # type: ignore[return-value]

    def key(self, number: int) -> Person:
        return self.stage.person(number)

    def restricting(self, alone: bool) -> Person:
        return self.officer if alone else self.hand

    # The beginning -------------------------------------------------------------------------------

    @initialize(
        given=good_rows,
        late=st.booleans(),
        factors=st.lists(st.sampled_from([2, 3, 10]), max_size=2),
    )
    def offer(self, given: list[tuple[int, int]], late: bool, factors: list[int]) -> None:
        now = self.at(1)
        due = now + (10**6 if late else 5)
        self.set_terms_to(101, TERMS_HASH, self.accounts[0], CAP, due)
        self.issue([(0, 600)], "new", 1)
        self.distribute([*given, (1, 70), (2, 80), (3, 90)], "new", 1)
        self.approve(2, 1, 2**256 - 1)
        for factor in factors:
            self.split(factor, "new")

    # Action 3 ------------------------------------------------------------------------------------

    @rule(giver=holder, to=account, units=quantity, wait=delay)
    def transfer(self, giver: int, to: int, units: Any, wait: int) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender, recipient = self.accounts[giver], self.accounts[to]
        n = self.units(units, sender)
        self.both(
            "transfer",
            self.token("transfer", recipient, n),
            lambda m: m.transfer(sender=sender, recipient=recipient, units=n, now=now),
            by=self.key(giver),
        )

    @rule(giver=holder, to=st.sampled_from([1, 2, 3]), units=st.integers(1, 20), wait=delay)
    def sensible_transfer(self, giver: int, to: int, units: int, wait: int) -> None:
        self.transfer(giver, to, units, wait)

    @rule(giver=holder, to=account, units=quantity, which=reference, wait=delay)
    def transfer_with_reference(
        self, giver: int, to: int, units: Any, which: str | None, wait: int
    ) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender, recipient = self.accounts[giver], self.accounts[to]
        n, its = self.units(units, sender), self.ref(which)
        self.both(
            "transferWithReference",
            self.token("transferWithReference", recipient, n, reference_word(its)),
            lambda m: m.transfer_with_reference(
                sender=sender, recipient=recipient, units=n, ref=its, now=now
            ),
            by=self.key(giver),
        )

    @rule(giver=holder, drawn=any_rows, short=st.booleans(), wait=delay)
    def batch_transfer(self, giver: int, drawn: list[Row], short: bool, wait: int) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender = self.accounts[giver]
        to, units = self.table(drawn, sender)
        units = units[:-1] if short and len(drawn) == 4 else units
        self.both(
            "batchTransfer",
            self.token("batchTransfer", to, units),
            lambda m: m.batch_transfer(sender=sender, recipients=to, units=units, now=now),
            by=self.key(giver),
        )

    @rule(giver=holder, spender=holder, units=st.sampled_from([0, 3, 10, 10**6, 2**256 - 1]))
    def approve(self, giver: int, spender: int, units: int) -> None:
        self.at(1)
        owner, who = self.accounts[giver], self.accounts[spender]
        self.allowances.add((owner, who))
        self.both(
            "approve",
            self.token("approve", who, units),
            lambda m: m.approve(owner=owner, spender=who, units=units),
            by=self.key(giver),
        )

    @rule(giver=holder, spender=holder, to=account, units=quantity, wait=delay)
    def transfer_from(self, giver: int, spender: int, to: int, units: Any, wait: int) -> None:
        now = self.at(wait)
        if self.allowances and self.random.random() < 0.7:
            sender, who = self.random.choice(sorted(self.allowances))
            spender = self.accounts.index(who)
        else:
            sender, who = self.accounts[giver], self.accounts[spender]
        recipient, n = self.accounts[to], self.units(units, sender)
        if self.random.random() < 0.5:
            n = min(n, self.model.allowance(sender, who))
        self.both(
            "transferFrom",
            self.token("transferFrom", sender, recipient, n),
            lambda m: m.transfer_from(
                spender=who, sender=sender, recipient=recipient, units=n, now=now
            ),
            by=self.key(spender),
        )

    # Actions 1 and 5, and the terms --------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def issue(self, drawn: Sequence[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        to, units = self.table(drawn)
        units, papers = self.up_to_the_cap(units), self.act(which, None)
        self.both(
            "issue",
            self.token("issue", to, units, act_struct(papers)),
            lambda m: m.issue(recipients=to, units=units, act=papers, now=now),
        )

    @rule(drawn=good_rows, bare=st.booleans())
    def mint(self, drawn: list[Row], bare: bool) -> None:
        now = self.at(1)
        to, units = self.table(drawn)
        units = self.up_to_the_cap(units)
        if bare and drawn:
            self.both(
                "mint",
                self.token("mint", to[0], units[0]),
                lambda m: m.mint(recipient=to[0], units=units[0], now=now),
            )
        else:
            self.both(
                "batchMint",
                self.token("batchMint", to, units),
                lambda m: m.batch_mint(recipients=to, units=units, now=now),
            )

    @rule(
        category=st.sampled_from([0, 101, 101, 101]),
        digest=st.sampled_from([DIGEST, DIGEST, DIGEST, None]),
        beneficiary=st.sampled_from([0, 0, 0, 1, 8]),
        cap=st.sampled_from([0, 100, CAP, CAP, 5_000, MAX_UNITS]),
        due=moment,
    )
    def set_terms(
        self, category: int, digest: Digest | None, beneficiary: int, cap: int, due: Any
    ) -> None:
        self.at(1)
        whom = self.accounts[beneficiary]
        self.set_terms_to(category, digest_word(digest), whom, cap, self.second(due))

    def set_terms_to(self, category: int, digest: bytes, whom: Address, cap: int, due: int) -> None:
        self.both(
            "setTerms",
            self.token("setTerms", category, digest, whom, cap, due),
            lambda m: m.set_terms(
                legal_category=category,
                terms_digest=Digest("0x" + digest.hex()) if any(digest) else None,
                initial_beneficiary=None if whom == ZERO_ADDRESS else whom,
                authorised_cap=cap,
                redemption_date=due,
            ),
        )

    # Action 2 ------------------------------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def distribute(self, drawn: Sequence[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        to, units = self.table(drawn, self.model.initial_beneficiary or ZERO_ADDRESS)
        its = self.ref(which)
        self.both(
            "distribute",
            self.token("distribute", to, units, reference_word(its)),
            lambda m: m.distribute(recipients=to, units=units, ref=its, now=now),
            either_side=self.model.initial_beneficiary in to,
        )

    # Action 4 ------------------------------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def redeem(self, drawn: list[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        holders, units = self.table(drawn)
        papers = self.act(which, None)
        done = self.both(
            "redeem",
            self.token("redeem", holders, units, act_struct(papers)),
            lambda m: m.redeem(holders=holders, units=units, act=papers, now=now),
        )
        if done and papers.ref is not None:
            self.burns.append(papers.ref)

    @rule(drawn=any_rows, bare=st.booleans())
    def burn(self, drawn: list[Row], bare: bool) -> None:
        now = self.at(1)
        holders, units = self.table(drawn)
        if bare and drawn:
            self.both(
                "burn",
                self.token("burn", holders[0], units[0]),
                lambda m: m.burn(holder=holders[0], units=units[0], now=now),
            )
        else:
            self.both(
                "batchBurn",
                self.token("batchBurn", holders, units),
                lambda m: m.batch_burn(holders=holders, units=units, now=now),
            )

    @rule(
        numbers=st.lists(account, max_size=2),
        everybody=st.sampled_from([*[False] * 15, True]),
        which=reference,
    )
    def redeem_all(self, numbers: list[int], everybody: bool, which: str | None) -> None:
        now = self.at(1)
        if everybody and self.random.random() < 0.3:  # it ends the product, and most of the history
            numbers = list(PEOPLE)
        holders = [self.accounts[number] for number in numbers]
        papers = self.act(which, None)
        done = self.both(
            "redeemAll",
            self.token("redeemAll", holders, act_struct(papers)),
            lambda m: m.redeem_all(holders=holders, act=papers, now=now),
        )
        if done and papers.ref is not None:
            self.burns.append(papers.ref)

    # Action 6 ------------------------------------------------------------------------------------

    @rule(
        factor=st.sampled_from([2, 3, 10, 2, 3, 10, 0, 1, 1_000_000, 1_000_001, 2**256 - 1]),
        which=reference,
    )
    def split(self, factor: int, which: str | None) -> None:
        self.at(1)
        papers = self.act(which, None)
        self.both(
            "split",
            self.token("split", factor, act_struct(papers)),
            lambda m: m.split(factor=factor, act=papers),
        )

    @rule(numbers=st.lists(account, max_size=3))
    def sync(self, numbers: list[int]) -> None:
        """Writes what is pending: nothing that the model could tell apart."""
        if not numbers:
            return  # the simplest history is nothing but this, and every search begins with it
        self.at(1)
        accounts = [self.accounts[number] for number in numbers]
        self.both("sync", self.token("sync", accounts), lambda m: None, by=self.key(7))

    # Action 7 ------------------------------------------------------------------------------------

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

    @rule(who=account, units=quantity, alone=st.booleans())
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

    @rule(who=account, units=st.one_of(quantity, st.just("frozen")), alone=st.booleans())
    def unfreeze(self, who: int, units: Any, alone: bool) -> None:
        self.at(1)
        it = self.accounts[self.rather(who, lambda word: word.frozen > 0)]
        n = self.model.account(it).frozen if units == "frozen" else self.units(units, it)
        self.both(
            "unfreezePartialTokens",
            self.token("unfreezePartialTokens", it, n),
            lambda m: m.unfreeze_partial_tokens(account=it, units=n),
            by=self.restricting(alone),
            lifts=True,
        )

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

    @rule(until=st.sampled_from([0, 1, 20, "never"]), alone=st.booleans())
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

    @rule(kind=st.sampled_from(["limit", "broken", "empty", "none", "none"]), alone=st.booleans())
    def set_rule(self, kind: str, alone: bool) -> None:
        now = self.at(1)
        it = self.rules.get(kind, ZERO_ADDRESS)
        answer = (lambda giver, taker, units: units <= LIMIT) if kind == "limit" else None
        self.both(
            "setRule",
            self.token("setRule", it),
            lambda m: m.set_rule(rule=it, answer=answer),
            by=self.restricting(alone),
            lifts=self.model.lifts_restriction(rule=it, now=now),
        )

    # Actions 8, 9, 10 and re-keying --------------------------------------------------------------

    @rule(
        giver=account,
        to=account,
        units=quantity,
        which=reference,
        papers=evidence,
        bare=st.booleans(),
    )
    def forced_transfer(
        self, giver: int, to: int, units: Any, which: str | None, papers: Digest | None, bare: bool
    ) -> None:
        now, giver = self.at(1), self.giver(giver)
        sender, recipient = self.accounts[giver], self.accounts[to]
        n = self.units(units, sender)
        order = None if bare else self.act(which, papers)
        plain = "forcedTransfer(address,address,uint256"
        call = (
            self.token(f"{plain})", sender, recipient, n)
            if order is None
            else self.token(
                f"{plain},(bytes32,bytes32,uint32))", sender, recipient, n, act_struct(order)
            )
        )
        self.both(
            "forcedTransfer",
            call,
            lambda m: m.forced_transfer(
                sender=sender, recipient=recipient, units=n, act=order, now=now
            ),
        )

    @rule(lost=account, to=account, units=quantity, which=reference, papers=evidence)
    def redistribute(
        self, lost: int, to: int, units: Any, which: str | None, papers: Digest | None
    ) -> None:
        now, lost = self.at(1), self.giver(lost)
        source, recipient = self.accounts[lost], self.accounts[to]
        n, incident = self.units(units, source), self.ref(which)
        self.both(
            "redistribute",
            self.token(
                "redistribute",
                source,
                recipient,
                n,
                reference_word(incident),
                digest_word(papers),
            ),
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
        to=account,
        units=st.one_of(quantity, st.just("burned"), st.just("burned")),
        which=reference,
        papers=evidence,
    )
    def redistribute_burned(
        self, to: int, units: Any, which: str | None, papers: Digest | None
    ) -> None:
        now = self.at(1)
        left = [each for each in self.burns if self.model.burned_under(each)]
        burn = self.random.choice([*left, *self.burns[-1:], Reference("R1")])
        if left and self.random.random() < 0.5:
            burn, to = left[-1], self.random.choice([1, 2, 3])
            self.clearing = True
            self.clear_an_account(self.accounts[to])
            self.clearing = False
            now = self.at(1)
        recipient = self.accounts[to]
        n = self.model.burned_under(burn) if units == "burned" else self.units(units, recipient)
        incident = self.ref(which)
        self.both(
            "redistributeBurned",
            self.token(
                "redistributeBurned",
                reference_word(burn),
                recipient,
                n,
                reference_word(incident),
                digest_word(papers),
            ),
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
        to=account,
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
        sender, recipient = self.accounts[giver], self.accounts[to]
        n, order = self.units(units, sender), self.act(which, papers)
        self.both(
            "reverseTransfer",
            self.token(
                "reverseTransfer",
                reference_word(original),
                sender,
                recipient,
                n,
                act_struct(order),
            ),
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
        which=reference,
        papers=evidence,
    )
    def rekey(self, old: int, new: int, which: str | None, papers: Digest | None) -> None:
        self.at(1)
        if self.random.random() < 0.4:
            old = self.random.choice([1, 2, 3])
            self.clearing = True
            self.burden(new)
            self.clearing = False
            self.at(1)
        source, target, order = self.accounts[old], self.accounts[new], self.act(which, papers)
        self.both(
            "recoveryAddress",
            self.token("recoveryAddress", source, target, act_struct(order)),
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

    # Action 11 -----------------------------------------------------------------------------------

    def platform_writes(self, function: str, by: Any, mask: int, bits: int, *more: Any) -> None:
        self.at(1)
        by.does(self.stage.platform(function, *more))
        self.model.set_control_bits(mask=mask, bits=bits)
        self.done[function] += 1
        self.compare()

    @property
    def stopped(self) -> bool:
        return bool(self.model.control.bits & 1)

    @precondition(lambda self: not self.stopped)
    @rule(closed=st.sampled_from([True, False, False]))
    def market(self, closed: bool) -> None:
        function = "closeMarket" if closed else "openMarket"
        self.platform_writes(function, self.stage.market_operator, 3, 2 if closed else 0)

    @precondition(lambda self: not self.stopped)
    @rule(enabled=st.sampled_from([True, True, False]))
    def group(self, enabled: bool) -> None:
        function = "setTransferEnabled"
        self.platform_writes(function, self.hand, 4, 0 if enabled else 4, ref("G1"), enabled)

    @precondition(lambda self: not self.stopped)
    @rule()
    def stop(self) -> None:
        self.platform_writes("stop", self.stage.stopper, 3, 3)

    def resume(self) -> None:
        """Not a rule: a stop ends after a few attempts, or it would last for the rest of a history."""
        self.under_stop = 0
        self.platform_writes("resume", self.stage.resumer, 3, 2)

    # Time ----------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 30, 2_000, 10**6 + 1]))
    def wait(self, seconds: int) -> None:
        self.stage.advance_to(self.stage.now + seconds)
        self.compare()


def _said(refusal: Refusal | None, either_side: bool) -> tuple[str, dict[str, Any]] | None:
    """Reason and facts; the case of an address is no fact."""
    if refusal is None:
        return None
    facts = {n: v.lower() if isinstance(v, str) else v for n, v in refusal.facts.items()}
    reason = refusal.reason.value
    return (reason.replace("sender_", "recipient_") if either_side else reason), facts


_RULES: list[Address] = []


def _rules(stage: Stage) -> list[Address]:
    return _RULES


@pytest.fixture(scope="module")
def start(_built: Stage) -> str:
    """As before the issue; one key holds every duty, and the extra rules are on the ledger."""
    stage = _built
    stage.take_back_to(stage.unissued)
    hand = stage.person(900).address
    for duty in (
        Duty.ISSUER,
        Duty.DISTRIBUTOR,
        Duty.RESTRICTOR,
        Duty.RELEASER,
        Duty.REPAIRER,
        Duty.TRANSFER_CONTROLLER,
    ):
        stage.admin.does(stage.manager("grantRole", int(duty), hand, 0))
    _RULES[:] = [stage.create("LimitRule", LIMIT), stage.create("BrokenRule", 0)]
    return stage.node.snapshot()


@pytest.mark.slow
def test_token_and_model__any_history__agree_after_every_step(stage: Stage, start: str) -> None:
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    reasons: Counter[Reason] = Counter()
    seen = (done, refused, reasons)
    for number in SEEDS:

        def begin() -> Together:
            return Together(stage, start, seen)

        if number is not None:
            seed(number)(begin)
        run_state_machine_as_test(begin, settings=SEARCH)

    # The search went everywhere: every function was done, and refused for most reasons there are.
    functions = {e.name for e in stage.token.interface.functions if e.writes} - {"setControlBits"}
    assert functions <= set(done) | set(refused)
    assert len(functions & set(done)) >= len(functions) - 3, functions - set(done)
    assert len(reasons) >= 25, sorted(reasons)
