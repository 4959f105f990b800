"""Nobody else: everybody calls everything, and only what may happen happens. Outcomes: nobody_else.tree.

All roles, holders, spenders, notaries and strangers call random functions with random arguments. After each call that
goes through, the token is asked about everybody, and what changed is judged by who called what (`anybody/`).

`FUZZ_PROFILE=long` (`make fuzz`) searches for hundreds of histories; without it they are few, and always the same.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from tests.contracts.actors import Person
from tests.contracts.anybody.arguments import Arguments
from tests.contracts.anybody.cast import HOLDERS, Cast, Member
from tests.contracts.anybody.facts import facts
from tests.contracts.anybody.invariants import check
from tests.contracts.anybody.step import BY_SPENDER, TRANSFER, Standing, Step
from tests.contracts.machine import profile
from tests.contracts.stage import DUE, TERMS_HASH, Stage, act
from tests.contracts.typed import Words, sign, split, token_domain

from genbo.chain.hexes import address_of
from genbo.chain.interface import Entry
from genbo.governance import Contract
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address

HISTORIES, STEPS = 14, 100
BY_HOLDER = {*TRANSFER, "approve", "createHold"}
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
    """Offered; everybody has their duties, and bob, ann and corp allow each other some units."""

    stage: Stage
    cast: Cast
    snapshot: str
    rules: list[Address]


class Anybody(RuleBasedStateMachine):
    def __init__(self, scene: Scene, seen: Seen) -> None:
        super().__init__()
        self.stage, self.cast, self.seen = scene.stage, scene.cast, seen
        self.rules = scene.rules
        self.stage.take_back_to(scene.snapshot)
        self.functions = callable_functions(self.stage)
        members = (member.address for member in self.cast.everybody)
        contracts = (self.stage.token.address, self.stage.settlement.address)
        self.pool = [*members, *contracts, ZERO_ADDRESS]
        """Every address that was ever named."""
        self.refs: list[bytes] = []
        self.holds: list[bytes] = []
        self.facts = facts(self.stage, self.pool)

    @rule(number=st.integers(0, 10_000), chance=st.integers(0, 2**48))
    def somebody_calls_something(self, number: int, chance: int) -> None:
        choice = random.Random(chance)
        if self.facts.control.has(1) and choice.random() < 0.4:
            self.call(choice, Contract.PLATFORM, self.stage.platform.interface.function("resume"))
            return
        contract, entry = self.functions[number % len(self.functions)]
        self.call(choice, contract, entry)

    # One call ------------------------------------------------------------------------------------

    def call(self, choice: random.Random, contract: Contract, entry: Entry) -> None:
        stage = self.stage
        if choice.random() < 0.03:
            self.pool.append(address_of(choice.randbytes(20)))
            self.facts = facts(stage, self.pool)
        caller, hold_id = self.caller(choice, contract, entry)
        words = Arguments(
            choice,
            self.facts,
            caller=caller.address,
            pool=self.pool,
            rules=self.rules,
            refs=self.refs,
            holds=self.holds,
        ).of(entry)
        if hold_id is not None and "holdId" in words and choice.random() < 0.9:
            words["holdId"] = hold_id
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
        if isinstance(caller.actor, Person):
            caller.actor.sends(call, gas=4_000_000)
        else:
            caller.actor.sends(call)
        after = facts(stage, self.pool)
        prefix = "" if contract is Contract.TOKEN else "Platform."
        check(
            Step(
                function=prefix + entry.name,
                caller=caller.address,
                duties=caller.duties,
                arguments=words,
                before=self.facts,
                after=after,
                hold=standing,
                allowance=allowed,
                signer=signer,
            )
        )
        self.facts = after
        self.seen.done[entry.name] += 1
        if entry.name.startswith("createHold"):
            self.holds.append(words["holdId"])
        if contract is Contract.TOKEN and entitled:
            assert caller in entitled, entry.name

    def caller(
        self, choice: random.Random, contract: Contract, entry: Entry
    ) -> tuple[Member, bytes | None]:
        """Mostly one who may; often one who may not. And the hold the call is about."""
        hold_id = choice.choice(self.holds) if self.holds else None
        if choice.random() < 0.25:
            return choice.choice(self.cast.everybody), hold_id
        entitled = self.cast.entitled(contract, entry.signature)
        if entitled:
            return choice.choice(entitled), hold_id
        if entry.name in ("executeHold", "releaseHold") and hold_id is not None:
            standing = self.hold({"holdId": hold_id})
            notary = self.cast.member(standing.notary) if standing is not None else None
            if notary is not None:
                return notary, hold_id
        holders = self.cast.holders
        having = [each for each in holders if self.facts.accounts[each.address].unfrozen]
        return choice.choice(having or holders), hold_id

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
        if "from" not in words or not isinstance(words["from"], str):
            return 0
        return int(self.stage.token.ask("allowance", words["from"], caller.address))


def callable_functions(stage: Stage) -> list[tuple[Contract, Entry]]:
    """What can be called here; what holders do stands several times, because it is done most."""
    token = [e for e in stage.token.interface.functions if e.writes and e.name != "close"]
    often = [e for e in token if e.name in {*BY_HOLDER, *BY_SPENDER, "executeHold", "releaseHold"}]
    names = ("stop", "resume", "openMarket", "openMarket", "closeMarket", "setTransferEnabled")
    platform = [stage.platform.interface.function(name) for name in names]
    return [
        *((Contract.TOKEN, each) for each in [*token, *often, *often]),
        *((Contract.PLATFORM, each) for each in platform),
    ]


@pytest.fixture(scope="module")
def scene(_built: Stage) -> Scene:
    stage = _built
    stage.take_back_to(stage.unissued)
    cast, token = Cast(stage), stage.token
    cast.grant()
    stage.restrictor.does(token("enableHolderCount"))
    first = stage.beneficiary.address
    stage.issuer.does(token("setTerms", 101, TERMS_HASH, first, MAX_UNITS, stage.now))
    stage.issuer.does(token("issue", [first], [2_000], act("ISSUE-1")))
    people = [stage.person(n) for n in range(1, 4)]
    holders = [who.address for who in people]
    stage.distributor.does(token("distribute", holders, [200, 300, 400], bytes(31) + b"\1"))
    for who in people:
        for spender in holders:
            who.does(token("approve", spender, 10**9))
    rules = [stage.create("LimitRule", 50), stage.create("BrokenRule", 0), stage.spare.address]
    assert stage.now < DUE
    return Scene(stage, cast, stage.node.snapshot(), rules)


@pytest.mark.slow
def test_any_history__by_anybody__moves_only_what_may_move(stage: Stage, scene: Scene) -> None:
    seen = Seen()
    for number in profile.seeds(HISTORIES):

        def begin() -> Anybody:
            return Anybody(scene, seen)

        if number is not None:
            seed(number)(begin)
        run_state_machine_as_test(begin, settings=profile.settings(steps=STEPS))

    functions = {entry.name for _, entry in callable_functions(stage)} - {"setControlBits"}
    assert functions - set(seen.done) <= {"reverseTransfer", "redistributeBurned"}
    assert sum(seen.refused_to_others.values()) >= 100
    assert HOLDERS == 6
