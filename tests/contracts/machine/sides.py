"""Sides: the token on the ledger and the pure model of it; every act is made on both, and both are compared.

Nothing is compared with what a test expects: the one side is what the other is judged by.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from tests.contracts.actors import Person
from tests.contracts.handle import events_of
from tests.contracts.machine.agreement import Agreement
from tests.contracts.machine.drawn import EVIDENCE, FOREVER, KEYS, LIMIT, PEOPLE, Row
from tests.contracts.machine.said import said
from tests.contracts.machine.storage import (
    BENEFICIARY,
    CONTROL,
    HOLDER_COUNT,
    TERMS_HASH,
    Storage,
    storage,
)
from tests.contracts.replay import Replay
from tests.contracts.stage import Stage

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import digest_word, reference_word
from genbo.chain.node import Reverted
from genbo.chain.refusals import refusal_of
from genbo.kernel import ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.act import Act
from genbo.token.control_word import COUNT_HOLDERS, PRODUCT_ENDED, ControlWord
from genbo.token.hold import HoldState
from genbo.token.model import TokenModel


@dataclass(frozen=True)
class Seen:
    """Where the search has been, over all histories."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    """States in which question, model and act were asked for the same transfer."""
    held: Counter[str] = field(default_factory=Counter)
    """What happened to holds."""


@dataclass(frozen=True)
class Setting:
    """What every history has: one key that holds every duty, extra rules on the ledger, and another product."""

    stage: Stage
    rules: dict[str, Address]
    other_total: int
    """Units of the other product, `P2`."""


@dataclass(frozen=True)
class Start:
    """A state in which histories begin, on all sides."""

    snapshot: str
    model: TokenModel
    replay: Replay
    allowances: frozenset[tuple[Address, Address]] = frozenset()


class Sides(RuleBasedStateMachine):
    """Both sides, and how what was drawn becomes an act."""

    def __init__(self, setting: Setting, seen: Seen, starts: Sequence[Start]) -> None:
        super().__init__()
        stage = self.stage = setting.stage
        self.token, self.rules = stage.token, setting.rules
        self.other_total, self.seen, self.starts = setting.other_total, seen, starts
        people = (Address(stage.person(number).address) for number in KEYS)
        self.accounts = [*people, ZERO_ADDRESS]
        self.hand = stage.person(900)
        """Holds every duty."""
        self.officer = stage.restrictor
        """RESTRICTOR alone."""
        self.random = random.Random(0)
        self.now = 0
        self.clearing = False
        self.fresh = 0
        self.refs: list[Reference] = []
        self.burns: list[Reference] = []
        self.holds: list[Reference] = []
        self.allowances: set[tuple[Address, Address]] = set()
        self.authorisations: set[tuple[Address, Reference]] = set()
        self.agreement = Agreement(self)
        self.model: TokenModel
        self.replay: Replay
        self.begin(starts[0])

    def begin(self, start: Start) -> None:
        """All sides stand where the start says."""
        self.stage.take_back_to(start.snapshot)
        self.model, self.replay = copy.deepcopy((start.model, start.replay))
        self.allowances = set(start.allowances)
        self.now = self.stage.now

    def here(self) -> Start:
        """Where all sides stand now."""
        sides = copy.deepcopy((self.model, self.replay))
        return Start(self.stage.node.snapshot(), *sides, frozenset(self.allowances))

    # The two sides -------------------------------------------------------------------------------

    def at(self, seconds: int) -> int:
        """The next block is made so many seconds after the last; its time."""
        self.keep_going()
        self.now = self.stage.now + seconds
        self.stage.next_block_at(self.now)
        return self.now

    def keep_going(self) -> None:
        """Clears the way from time to time (`way`)."""

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

        `either_side`: the typed error does not tell as which party the account was judged, because one account
        plays both parts or the call names nobody.
        """
        actor = by or self.hand
        expected = self.expect(model_act, alone=lifts and actor is self.officer, actor=actor)
        asked_only = expected is not None and self.random.random() < 0.9
        refusal = self.ask(call, actor) if asked_only else self.send(call, actor)
        assert said(refusal, either_side) == said(expected, either_side), name
        (self.seen.done if refusal is None else self.seen.refused)[name] += 1
        if refusal is not None:
            self.seen.reasons[refusal.reason] += 1
        self.compare(nothing_happened=asked_only)
        return refusal is None

    def expect(
        self, model_act: Callable[[TokenModel], None], *, alone: bool, actor: Person
    ) -> Refusal | None:
        """What the model says. It knows no duties: one who lifts alone is refused by us, on a copy of it."""
        model = copy.deepcopy(self.model) if alone else self.model
        needs_two = Refusal(Reason.RELEASE_NEEDS_TWO_PERSONS, caller=actor.address)
        try:
            model_act(model)
        except Refusal as refusal:
            # Whether units are held is asked after whether two persons lift.
            held = alone and refusal.reason is Reason.HOLD_UNITS_HELD
            return needs_two if held else refusal
        return needs_two if alone else None

    def send(self, call: Call, actor: Person) -> Refusal | None:
        """Makes the act; where it is refused, a failed transaction stands in a block."""
        try:
            sent = actor.sends(call, gas=3_000_000)
        except Refusal as refusal:
            refusal.facts.pop("tx", None)
            return refusal
        self.replay.transaction(events_of(sent.logs, {self.token.address: "SecurityToken"}))
        return None

    def ask(self, call: Call, actor: Person) -> Refusal | None:
        """What would be said to the act at the next block: for what is refused anyway, so that it costs no block."""
        try:
            self.stage.node.rehearse(sender=actor.address, to=call.to, data=call.data)
        except Reverted as refused:
            return refusal_of(refused.data, call=call, sender=actor.address)
        return None

    # Comparing -----------------------------------------------------------------------------------

    def compare(self, *, nothing_happened: bool = False) -> None:
        """All that both sides know is alike. Where no block was made, another transfer is asked about."""
        with storage(self.stage) as slots:
            if not nothing_happened:
                self.compare_storage(slots)
                self.compare_answers(slots)
                self.compare_replay()
            self.agreement.check(slots)
        self.model_adds_up()

    def compare_storage(self, slots: Storage) -> None:
        """Every account and every figure of the product, as written."""
        model, figures = self.model, self.model.supply
        for each in self.accounts:
            assert slots.account(each) == model.account(each), each
            assert slots.held(each) == model.held(each), each
        assert slots.slot(CONTROL) == model.control.pack()
        assert slots.factor(slots.epoch) == model.split_factor
        assert slots.slot(HOLDER_COUNT) == model.holder_count
        assert slots.slot(BENEFICIARY) == int(model.initial_beneficiary or "0", 16)
        assert slots.slot(TERMS_HASH).to_bytes(32, "big") == digest_word(model.terms_digest)
        assert slots.supply() == (
            *(figures.total, figures.cap, figures.redemption_date),
            *(figures.legal_category, figures.ever_issued),
        )

    def compare_replay(self) -> None:
        """Whoever knows the events alone knows the same."""
        replay, model = self.replay, self.model
        for each in self.accounts:
            assert replay.account(each) == model.account(each), each
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
        assert replay.ended == model.control.has(PRODUCT_ENDED)
        assert replay.counts == model.control.has(COUNT_HOLDERS)
        for each in self.holds[-2:]:
            hold = model.hold(each)
            assert hold is not None
            units, state = replay.holds[each]
            assert (units, state) == (hold.units, hold.state), each

    def compare_answers(self, slots: Storage) -> None:
        """What the token answers; a few questions each time."""
        ask, word, model = self.token.interface.encode, reference_word, self.model
        figures = model.supply
        one, other = self.random.sample(self.accounts, 2)
        expected: list[tuple[bytes, Any]] = [
            (ask("accountWord", one), model.account(one).pack()),
            (ask("balanceOf", other), model.balance_of(other)),
            (ask("getFrozenTokens", other), model.account(other).frozen),
            (ask("heldUnits", one), model.held(one).cover),
            self.random.choice(
                [
                    (ask("totalSupply"), figures.total),
                    (ask("controlWord"), model.control.pack()),
                    (ask("holderCount"), model.holder_count),
                    (ask("splitFactor"), model.split_factor),
                    (ask("initialBeneficiary"), int(model.initial_beneficiary or "0", 16)),
                    (ask("nonces", one), model.permit_count(one)),
                ]
            ),
        ]
        for pair in self.some(sorted(self.allowances), 1):
            expected.append((ask("allowance", *pair), model.allowance(*pair)))
        for each in self.some(self.refs[-3:], 1) + self.some(self.refs, 1):
            questions = {
                "isReferenceUsed": model.is_reference_used,
                "isReversed": model.is_reversed,
                "burnedUnder": model.burned_under,
            }
            for function, answer in self.some(list(questions.items()), 2):
                expected.append((ask(function, word(each)), answer(each)))
        for who, each in self.some(sorted(self.authorisations), 1):
            used = model.is_authorisation_used(who, each)
            expected.append((ask("authorizationState", who, word(each)), used))
        for question, answer in expected:
            assert int.from_bytes(slots.answer(question), "big") == answer
        for each in [*self.holds[-1:], *self.some(self.holds, 1)]:
            self.compare_hold(each, slots.answer(ask("holdOf", word(each))))

    def compare_hold(self, ref: Reference, answer: bytes) -> None:
        holder, to, notary, units, expiry, state = self.token.interface.function(
            "holdOf"
        ).decode_outputs(answer)[0]
        hold = self.model.hold(ref)
        if hold is None:
            assert state == HoldState.NONE
            return
        parties = (hold.holder.lower(), hold.recipient.lower(), hold.notary.lower())
        assert (holder, to, notary) == parties
        assert (units, expiry, state) == (hold.units, hold.expiry, hold.state)

    def model_adds_up(self) -> None:
        """The sum of balances is the total, and no account is left out of the comparison."""
        model = self.model
        words = model.accounts
        assert sum(word.balance for word in words.values()) == model.supply.total
        assert set(words) <= set(self.accounts)
        for each, word in words.items():
            held = model.held(each)
            assert held.cover <= min(word.frozen, word.balance, held.claims)

    def some(self, of: Sequence[Any], most: int) -> list[Any]:
        return self.random.sample(of, min(most, len(of)))

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

    def giver(self, drawn: int) -> int:
        """The account drawn, or mostly one that has something free to give."""
        now, model = self.stage.now, self.model
        able = [
            n
            for n in KEYS
            if model.account(self.accounts[n]).unfrozen
            and model.can_send(self.accounts[n], now=now)
        ]
        return self.random.choice(able) if able and self.random.random() < 0.8 else drawn

    def taker(self, drawn: int) -> int:
        """The account drawn, or mostly one that may receive."""
        now = self.stage.now
        able = [n for n in KEYS if self.model.can_receive(self.accounts[n], now=now)]
        return self.random.choice(able) if able and self.random.random() < 0.7 else drawn

    def units(self, drawn: Any, giver: Address) -> int:
        word = self.model.account(giver)
        relative = {
            "all": word.balance,
            "half": (word.unfrozen + 1) // 2,
            "all but one": max(0, word.balance - 1),
            "all and one": word.balance + 1,
            "free": word.unfrozen,
            "free and one": word.unfrozen + 1,
            "frozen": word.frozen,
            "held": self.model.held(giver).cover,
            "not held": max(0, word.frozen - self.model.held(giver).cover),
        }
        return relative[drawn] if isinstance(drawn, str) else int(drawn)

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
        ends = {"never": 0, "forever": FOREVER}
        return ends[drawn] if isinstance(drawn, str) else self.now + int(drawn)

    def key(self, number: int) -> Person:
        return self.stage.person(number)

    def key_of(self, address: Address) -> Person:
        """The key of an account; anybody's where it is nobody's (the zero address)."""
        number = self.accounts.index(address)
        return self.key(number if number in KEYS else 7)

    def restricting(self, alone: bool) -> Person:
        return self.officer if alone else self.hand

    def rule_answer(self, kind: str) -> Callable[[Address, Address, int], bool] | None:
        """What the extra rule of that name says; None where it is broken."""
        return (lambda giver, to, units: units <= LIMIT) if kind == "limit" else None
