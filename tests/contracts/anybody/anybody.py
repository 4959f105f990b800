"""Anybody: random calls by everybody, one a step; each that goes through is judged (`invariants`)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from tests.contracts.actors import Person
from tests.contracts.anybody.arguments import Arguments
from tests.contracts.anybody.cast import Cast, Member
from tests.contracts.anybody.facts import facts
from tests.contracts.anybody.invariants import check
from tests.contracts.anybody.step import BY_SPENDER, TRANSFER, Standing, Step
from tests.contracts.handle import Handle
from tests.contracts.stage import PERMITTED, Stage, ref
from tests.contracts.typed import Words, sign, split, token_domain

from genbo.chain.call import Call
from genbo.chain.hexes import address_of
from genbo.chain.interface import Entry, Interface
from genbo.governance import Contract
from genbo.kernel import ZERO_ADDRESS, Address
from genbo.token.account_word import AccountWord
from genbo.token.control_word import MARKET_CLOSED, STOPPED, TRANSFER_DISABLED

SIGNED = {
    "transferWithAuthorization": "TransferWithAuthorization",
    "receiveWithAuthorization": "ReceiveWithAuthorization",
    "cancelAuthorization": "CancelAuthorization",
    "permit": "Permit",
}


@dataclass(frozen=True)
class Seen:
    """Where the search has been."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refused_to_others: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Scene:
    """Offered; everybody has their duties, and holders allow each other and the settlement contract some units."""

    stage: Stage
    cast: Cast
    snapshot: str
    rules: list[Address]
    cash: dict[str, Handle]
    """Yen tokens on the settlement list, by what is the matter with them."""


class Anybody(RuleBasedStateMachine):
    def __init__(self, scene: Scene, seen: Seen) -> None:
        super().__init__()
        self.stage, self.cast, self.seen = scene.stage, scene.cast, seen
        self.rules, self.cash = scene.rules, scene.cash
        self.stage.take_back_to(scene.snapshot)
        self.functions = callable_functions(self.stage)
        some = ("issuer", "restrictor", "repairer", "stranger", "resumer")
        members = [m for m in self.cast.everybody if m in self.cast.holders or m.name in some]
        contracts = (self.stage.token.address, self.stage.settlement.address)
        self.pool = [*(m.address for m in members), *contracts, ZERO_ADDRESS]
        """Every address that was ever named."""
        self.steps = 0
        self.refs: list[bytes] = []
        self.holds: list[bytes] = []
        self.burns: list[bytes] = []
        people = [holder.address for holder in self.cast.holders[1:4]]
        self.allowed = [(owner, spender) for owner in people for spender in people]
        """Owners and those whom they allowed something once."""
        self.alone = next(role for role in self.cast.roles if role.name == "restrictor")
        self.facts = facts(self.stage, self.pool)

    @rule(chance=st.integers(0, 2**32))
    def somebody_calls_something(self, chance: int) -> None:
        """Who, what and with which arguments follows from the chance and the number of the step."""
        self.steps += 1
        if chance == 0:
            return  # the simplest history is nothing but this, and every search begins with it
        choice = random.Random(chance * 1_009 + self.steps)
        if self.facts.control.has(STOPPED) and choice.random() < 0.4:
            self.call(choice, Contract.PLATFORM, self.stage.platform.interface.function("resume"))
            return
        if choice.random() < 0.25:
            self.mend(choice)
        if self.burns and choice.random() < 0.05:  # seldom met otherwise
            functions = self.stage.token.interface
            self.call(choice, Contract.TOKEN, functions.function("redistributeBurned"))
        elif choice.random() < 0.15:
            self.trade(choice)
        else:
            self.call(choice, *choice.choice(self.functions))

    def trade(self, choice: random.Random) -> None:
        """A step of delivery versus payment (`trades`)."""
        raise NotImplementedError

    def mend(self, choice: random.Random) -> None:
        """Takes back one of the things that stop everybody, or stop one: else soon nothing would move."""
        control, functions = self.facts.control, self.stage.token.interface
        function = {
            "setRule": control.rule != ZERO_ADDRESS,
            "setPermittedClasses": control.permitted_classes & PERMITTED != PERMITTED,
            "setProductLockUp": control.product_lock_up_until > self.facts.now,
            "Platform.openMarket": control.has(MARKET_CLOSED),
            "Platform.setTransferEnabled": control.has(TRANSFER_DISABLED),
        }
        amiss = [name for name, true in function.items() if true]
        if amiss:
            name = choice.choice(amiss)
            if name.startswith("Platform."):
                entry = self.stage.platform.interface.function(name.removeprefix("Platform."))
                self.call(choice, Contract.PLATFORM, entry, {"enabled": True, "group": ref("G1")})
                return
            preset = {"rule": ZERO_ADDRESS, "permittedClasses": PERMITTED, "until": 0}
            self.call(choice, Contract.TOKEN, functions.function(name), preset)
            return
        for holder in choice.sample(self.cast.holders, 4):
            who, word = holder.address, self.facts.accounts[holder.address]
            useless = word.retired or (word.balance == 0 and choice.random() < 0.7)
            bound = word.frozen > self.facts.held[who] or not self.facts.can_receive(who)
            if not useless and (bound or word.lock_up_until > self.facts.now):
                self.call(choice, Contract.TOKEN, *self.mended(functions, who, word))
                return

    def mended(
        self, functions: Interface, who: Address, word: AccountWord
    ) -> tuple[Entry, dict[str, Any]]:
        """The call that takes back one restriction of an account."""
        if not self.facts.can_receive(who) and not word.address_frozen:
            verdict = {"until": 2**32 - 1, "class": 0, "blocked": False}
            return functions.function("setVerdict"), {"account": who, **verdict}
        if word.address_frozen:
            return functions.function("setAddressFrozen"), {"account": who, "frozen": False}
        if word.lock_up_until > self.facts.now:
            return functions.function("setLockUp"), {"account": who, "until": 0}
        kept = {"account": who, "amount": self.facts.held[who]}
        return functions.function("setFrozenTokens"), kept

    # One call ------------------------------------------------------------------------------------

    def call(
        self,
        choice: random.Random,
        contract: Contract,
        entry: Entry,
        mending: dict[str, Any] | None = None,
    ) -> None:
        stage = self.stage
        if choice.random() < 0.03:
            self.pool.append(address_of(choice.randbytes(20)))
            self.facts = facts(stage, self.pool)
        if mending is None:
            caller, preset = self.caller(choice, contract, entry)
        else:
            able = [m for m in self.cast.entitled(contract, entry.signature) if m is not self.alone]
            caller, preset = choice.choice(able), mending
        words = Arguments(
            choice,
            self.facts,
            caller=caller.address,
            pool=self.pool,
            keys=[holder.address for holder in self.cast.holders],
            rules=self.rules,
            refs=self.refs,
            holds=self.holds,
            preset=preset,
        ).of(entry)
        signer = self.sign(choice, entry, words) if entry.name in SIGNED else None
        if entry.name == "receiveWithAuthorization" and choice.random() < 0.8:
            caller = self.cast.member(words["to"]) or caller
        handle = stage.token if contract is Contract.TOKEN else stage.platform
        call = handle(entry.signature, *words.values())
        stage.next_block_at(stage.now + choice.choice([1, 1, 1, 1, 5, 60]))
        entitled = self.cast.entitled(contract, entry.signature)
        if not caller.actor.may(call):
            outsider = bool(entitled) and caller not in entitled
            (self.seen.refused_to_others if outsider else self.seen.refused)[entry.name] += 1
            return
        standing, allowed = self.hold(words), self.allowance(words, caller)
        self.send(caller, call)
        self.judge(
            entry.name if contract is Contract.TOKEN else f"Platform.{entry.name}",
            caller,
            words,
            hold=standing,
            allowance=allowed,
            agreed=frozenset() if signer is None else frozenset({signer}),
        )
        self.seen.done[entry.name] += 1
        if entry.name.startswith("createHold"):
            self.holds.append(words["holdId"])
        if entry.name in ("redeem", "redeemAll"):
            self.burns.append(words["act"][0])
        if entry.name in ("approve", "permit"):
            owner = words.get("owner", caller.address)
            if owner in self.pool:
                self.allowed.append((owner, words["spender"]))
        if contract is Contract.TOKEN and entitled:
            assert caller in entitled, entry.name

    def send(self, caller: Member, call: Call) -> None:
        if isinstance(caller.actor, Person):
            caller.actor.sends(call, gas=4_000_000)
        else:
            caller.actor.sends(call)

    def judge(self, function: str, caller: Member, words: dict[str, Any], **more: Any) -> None:
        """Asks what is so now, and whether that may be."""
        after = facts(self.stage, self.pool)
        step = Step(
            function=function,
            caller=caller.address,
            duties=caller.duties,
            arguments=words,
            before=self.facts,
            after=after,
            **more,
        )
        check(step)
        self.facts = after

    def caller(
        self, choice: random.Random, contract: Contract, entry: Entry
    ) -> tuple[Member, dict[str, Any]]:
        """Mostly one who may, often one who may not; and what that settles of the arguments."""
        if choice.random() < 0.25:
            return choice.choice(self.cast.everybody), {}
        if entitled := self.cast.entitled(contract, entry.signature):
            return choice.choice(entitled), self.settled(choice, entry)
        holders = self.cast.holders
        if entry.name in ("executeHold", "releaseHold") and self.holds:
            hold_id = choice.choice(self.holds[-4:])
            standing = self.hold({"holdId": hold_id})
            notary = None if standing is None else self.cast.member(standing.notary)
            return notary or choice.choice(holders), {"holdId": hold_id}
        able = [each for each in holders if self.facts.can_give(each.address)] or holders
        if entry.name in BY_SPENDER or entry.name == "createHoldFrom":
            pairs = [pair for pair in self.allowed if self.facts.can_give(pair[0])]
            owner, spender = choice.choice(pairs or self.allowed)
            name = "holder" if entry.name == "createHoldFrom" else "from"
            return self.cast.member(spender) or choice.choice(able), {name: owner}
        return choice.choice(able), {}

    def settled(self, choice: random.Random, entry: Entry) -> dict[str, Any]:
        """What goes through seldom when it is left to chance."""
        frozen = [who for who in self.pool if self.facts.by_order(who) > 0]
        if entry.name == "unfreezePartialTokens" and frozen:
            who = choice.choice(frozen)
            return {"account": who, "amount": choice.randint(1, self.facts.by_order(who))}
        if entry.name == "redistributeBurned" and self.burns:
            return {"burnRef": choice.choice(self.burns), "units": choice.choice([1, 1, 2, 10**6])}
        return {}

    def sign(self, choice: random.Random, entry: Entry, words: dict[str, Any]) -> Address | None:
        """Puts a signature into the words: mostly the giver's, over these very words; whose it is."""
        fields = [name for name in words if name not in ("signature", "v", "r", "s")]
        giver = self.cast.member(words[fields[0]])
        signer = giver if giver is not None and choice.random() < 0.85 else self.cast.others[0]
        if not isinstance(signer.actor, Person):
            return None
        for name, value in (("validAfter", -1), ("validBefore", 600), ("deadline", 600)):
            if name in words:
                words[name] = self.facts.now + value
        values = [words[name] for name in fields]
        if entry.name == "permit":
            number = self.stage.token.ask("nonces", words["owner"])
            values = [*values[:3], number, values[3]]
        struct = Words(SIGNED[entry.name], tuple(values))
        signature = sign(signer.actor, token_domain(self.stage), struct)
        if "signature" in words:
            words["signature"] = signature
        else:
            words["v"], words["r"], words["s"] = split(signature)
        return signer.address

    def hold(self, words: dict[str, Any]) -> Standing | None:
        if "holdId" not in words:
            return None
        return Standing(*self.stage.token.ask("holdOf", words["holdId"]))

    def allowance(self, words: dict[str, Any], caller: Member) -> int:
        owner = words.get("from", words.get("holder"))
        if not isinstance(owner, str):
            return 0
        return int(self.stage.token.ask("allowance", owner, caller.address))


def callable_functions(stage: Stage) -> list[tuple[Contract, Entry]]:
    """What can be called here; what holders do stands several times, because it is done most."""
    token = [e for e in stage.token.interface.functions if e.writes and e.name != "close"]
    often = [e for e in token if e.name in {*TRANSFER, *BY_SPENDER} or "Hold" in e.name]
    names = ("stop", "resume", "openMarket", "openMarket", "closeMarket", "setTransferEnabled")
    platform = [stage.platform.interface.function(name) for name in names]
    return [
        *((Contract.TOKEN, each) for each in [*token, *often * 4]),
        *((Contract.PLATFORM, each) for each in platform),
    ]
