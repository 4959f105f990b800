"""`HolderLimitRule`: at most so many holders. Outcomes: rule_holder_limit.tree; rules in general: rules.tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from weakref import WeakKeyDictionary

import pytest
from tests.contracts.actors import Actor, Person
from tests.contracts.handle import Error, Handle, error, error_of, event
from tests.contracts.market import PRICE, UNLIMITED, YEN
from tests.contracts.stage import DUE, EVIDENCE, ISSUED, RETAIL, VERIFIED_UNTIL, Stage, act, ref
from tests.contracts.typed import Domain, Words, sign, token_domain

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.node import Reverted
from genbo.kernel import ZERO_ADDRESS

FORCED = "forcedTransfer(address,address,uint256)"
PAPERS = "(bytes32,bytes32,uint32)"
RE_KEY = f"recoveryAddress(address,address,{PAPERS})"
PRIVATE_PLACEMENT = 49


class Counted:
    """A product that counts its holders, with people verified to hold it."""

    def __init__(self, stage: Stage, people: int) -> None:
        self.stage, self.token = stage, stage.token
        done = stage.restrictor.does(self.token("enableHolderCount"))
        assert done == [event("HolderCountEnabled")]
        self.people = [stage.person(100 + number) for number in range(people)]
        accounts = [who.address for who in self.people]
        for at in range(0, people, 50):
            stage.restrictor.does(
                self.token("batchSetVerdict", accounts[at : at + 50], VERIFIED_UNTIL, RETAIL, False)
            )

    def limited_to(self, most: int) -> Handle:
        rule = self.stage.at(
            "HolderLimitRule", self.stage.create("HolderLimitRule", self.token.address, most)
        )
        self.stage.restrictor.does(self.token("setRule", rule.address))
        return rule

    def issue(self, to: Sequence[Actor], units: Sequence[int], name: str = "ISSUE-1") -> Call:
        return self.token("issue", [who.address for who in to], list(units), act(name))

    @property
    def count(self) -> int:
        return int(self.token.ask("holderCount"))

    def holders(self, accounts: Sequence[str]) -> int:
        """Counted by asking everybody."""
        return sum(self.stage.balance(account) > 0 for account in accounts)

    def refused(self, rule: Handle, giver: str, to: Actor, units: int) -> Error:
        return error("TokenRuleRefused", rule.address, giver, to.address, units)


def creation_refused(stage: Stage, *arguments: object) -> Error:
    """What the constructor says."""
    call = creation(artifacts.load("HolderLimitRule"), *arguments)
    with pytest.raises(Reverted) as refusal:
        stage.node.rehearse(sender=stage.stranger.address, to=None, data=call.data)
    data = refusal.value.data
    entry = artifacts.load("HolderLimitRule").interface.errors.get(data[:4])
    if entry is None:
        return error_of(data)
    facts = [
        stage.token.address if isinstance(value, str) and value.startswith("0x") else value
        for value in entry.decode_inputs(data).values()
    ]
    return error(entry.name, *facts)


# Coming into being ----------------------------------------------------------------------------------


def test_rule__for_a_product_that_does_not_count__is_not_made(stage: Stage) -> None:
    """Its count would be zero for ever: the rule would open what it should close."""
    assert creation_refused(stage, stage.token.address, 49) == error(
        "HolderLimitNotCounted", stage.token.address
    )


def test_rule__of_nobody_or_for_no_token__is_not_made(unissued: Stage) -> None:
    counted = Counted(unissued, 0)
    assert creation_refused(unissued, counted.token.address, 0) == error("HolderLimitInvalid", 0)
    assert creation_refused(unissued, unissued.stranger.address, 49) == error("")


def test_rule__says_what_it_limits(unissued: Stage) -> None:
    rule = Counted(unissued, 0).limited_to(PRIVATE_PLACEMENT)
    assert (rule.ask("token"), rule.ask("most")) == (unissued.token.address, PRIVATE_PLACEMENT)


# Counting -------------------------------------------------------------------------------------------


def test_counting__after_the_first_issue__is_refused(stage: Stage, restrictor: Person) -> None:
    """A count that began late would be wrong for ever."""
    assert restrictor.refused(stage.token("enableHolderCount")) == error("TokenCountingTooLate")
    assert stage.token.ask("holderCount") == 0


def test_counting__through_every_kind_of_movement__is_never_wrong(unissued: Stage) -> None:
    """Sixty random acts; after each the count is what asking everybody gives. It restricts nobody by itself."""
    counted = Counted(unissued, 6)
    stage, token, dice = unissued, unissued.token, Random(3643)
    accounts = [who.address for who in counted.people]
    keys = list(counted.people)
    stage.issuer.does(counted.issue([stage.beneficiary], [ISSUED]))
    everybody = [stage.beneficiary.address, *accounts]
    assert counted.count == 1
    stage.distributor.does(token("distribute", accounts[:4], [10, 20, 30, 40], ref("DIST-1")))
    stage.advance_to(DUE)
    epoch = kinds = 0

    def give(number: int) -> Call | None:
        giver, to = dice.sample(keys, 2)
        held = stage.balance(giver)
        units = held if dice.random() < 0.5 else held // 2
        kind = number % 4
        if kind == 0:
            giver.does(token("transfer", to.address, units))
            return None
        if held == 0:
            return None
        if kind == 1:
            stage.repairer.does(token(FORCED, giver.address, to.address, held))
        elif kind == 2:
            hold = ref(f"HOLD-{number}")
            words = (to.address, held, VERIFIED_UNTIL, stage.stranger.address)
            giver.does(token("createHold", hold, *words))
            assert counted.count == counted.holders(everybody)
            act_ = dice.choice(["executeHold", "releaseHold"])
            stage.stranger.does(token(act_, hold))
        else:
            stage.issuer.does(token("burn", giver.address, units or 1))
        return None

    for number in range(60):
        if number % 15 == 7:
            stage.issuer.does(token("split", 3, epoch, act(f"SPLIT-{number}")))
            epoch += 1
        elif number % 15 == 11:
            place = dice.randrange(len(keys))
            new = stage.person(200 + number)
            papers = act(f"KEY-{number}")
            stage.repairer.does(token(RE_KEY, keys[place].address, new.address, papers))
            keys[place] = new
            everybody.append(new.address)
        elif number % 15 == 13:
            to = dice.choice(keys).address
            stage.issuer.does(token("mint", to, 5))
        else:
            give(number)
        kinds += 1
        assert counted.count == counted.holders(everybody), number
    assert (kinds, epoch) == (60, 4)


# A private placement --------------------------------------------------------------------------------


_PLACED: WeakKeyDictionary[Stage, tuple[Counted, Handle, str]] = WeakKeyDictionary()
"""Built once: forty-nine rows that ask a rule take a while."""


@pytest.fixture
def placed(unissued: Stage) -> tuple[Counted, Handle]:
    """Forty-nine holders of ten units each, as many as may be."""
    if unissued not in _PLACED:
        counted = Counted(unissued, PRIVATE_PLACEMENT + 1)
        rule = counted.limited_to(PRIVATE_PLACEMENT)
        first, last = counted.people[:-2], counted.people[-2]
        unissued.issuer.does(counted.issue(first, [10] * len(first)))
        unissued.issuer.does(counted.issue([last], [10], "ISSUE-2"))
        _PLACED[unissued] = counted, rule, unissued.node.snapshot()
    counted, rule, snapshot = _PLACED[unissued]
    unissued.take_back_to(snapshot)
    return counted, rule


def test_placement__the_49th_is_let_in_and_the_50th_refused(placed: tuple[Counted, Handle]) -> None:
    """Requirements B.2: 49 or fewer. By issue as by transfer."""
    counted, rule = placed
    newcomer, stage = counted.people[-1], counted.stage
    assert counted.count == PRIVATE_PLACEMENT
    assert stage.issuer.refused(counted.issue([newcomer], [1], "ISSUE-3")) == counted.refused(
        rule, ZERO_ADDRESS, newcomer, 1
    )
    giver = counted.people[0]
    assert giver.refused(counted.token("transfer", newcomer.address, 9)) == counted.refused(
        rule, giver.address, newcomer, 9
    )
    assert stage.token.ask("canTransfer", giver.address, newcomer.address, 9) is False


def test_placement__who_gives_everything_makes_room(placed: tuple[Counted, Handle]) -> None:
    counted, _ = placed
    giver, newcomer = counted.people[0], counted.people[-1]
    giver.does(counted.token("transfer", newcomer.address, 10))
    assert counted.count == PRIVATE_PLACEMENT
    other = counted.people[1]
    assert not other.may(counted.token("transfer", giver.address, 9))  # now giver is the 50th
    other.does(counted.token("transfer", giver.address, 10))


def test_placement__who_redeems_everything_makes_room(placed: tuple[Counted, Handle]) -> None:
    counted, _ = placed
    stage, newcomer = counted.stage, counted.people[-1]
    stage.advance_to(DUE)
    stage.issuer.does(counted.token("burn", counted.people[0].address, 9))
    transfer = counted.token("transfer", newcomer.address, 1)
    assert not counted.people[1].may(transfer)
    stage.issuer.does(counted.token("burn", counted.people[0].address, 1))
    counted.people[1].does(transfer)
    assert counted.count == PRIVATE_PLACEMENT


def test_placement__who_holds_already_receives_as_before(placed: tuple[Counted, Handle]) -> None:
    counted, _ = placed
    first, second = counted.people[:2]
    first.does(counted.token("transfer", second.address, 4))
    counted.stage.issuer.does(counted.issue([first], [100], "ISSUE-3"))
    assert (counted.stage.balance(first), counted.count) == (106, PRIVATE_PLACEMENT)


# At the limit: every path ---------------------------------------------------------------------------


class Full(Counted):
    """Three may hold, three do: the initial beneficiary with 40, two people with 20 each. The fourth is verified."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, 3)
        self.giver, self.other, self.newcomer = self.people
        self.rule = self.limited_to(3)
        stage.issuer.does(self.issue([stage.beneficiary], [80]))
        pair = [self.giver.address, self.other.address]
        stage.distributor.does(self.token("distribute", pair, [20, 20], ref("DIST-1")))
        self.giver.does(self.token("approve", self.other.address, UNLIMITED))

    def signed(self) -> Call:
        """The giver's authorisation for the newcomer."""
        values = (self.giver.address, self.newcomer.address, 1, 0, VERIFIED_UNTIL, ref("T-1"))
        words = Words("TransferWithAuthorization", values)
        signature = sign(self.giver, token_domain(self.stage), words)
        types = "address,address,uint256,uint256,uint256,bytes32,bytes"
        return self.token(f"transferWithAuthorization({types})", *words.values, signature)

    def traded(self) -> Call:
        """The giver's sale to the newcomer, for yen on the chain."""
        stage = self.stage
        settlement = stage.at("Settlement", stage.deployment.settlement)
        yen = stage.at("TestYen", stage.create("TestYen"))
        stage.issuer.does(settlement("allowCash", yen.address, True))
        self.newcomer.does(yen("mint", self.newcomer.address, YEN))
        self.newcomer.does(yen("approve", settlement.address, UNLIMITED))
        self.giver.does(self.token("approve", settlement.address, UNLIMITED))
        parties = (self.giver.address, self.newcomer.address)
        cash = (yen.address, PRICE, ZERO_ADDRESS, 1, VERIFIED_UNTIL)
        trade = Words("Trade", (ref("T-1"), self.token.address, *parties, 1, *cash))
        domain = Domain("Genbo Settlement", "1", stage.node.chain_id, settlement.address)
        signatures = [sign(who, domain, trade) for who in (self.giver, self.newcomer)]
        return settlement("settle", trade.values, *signatures)


@pytest.fixture
def full(unissued: Stage) -> Full:
    return Full(unissued)


PATHS: dict[str, tuple[str, Callable[[Full, str], Call]]] = {
    "transfer": ("giver", lambda f, to: f.token("transfer", to, 1)),
    "transferFrom": (
        "other",
        lambda f, to: f.token("transferFrom", f.giver.address, to, 1),
    ),
    "transferWithReference": (
        "giver",
        lambda f, to: f.token("transferWithReference", to, 1, ref("T-1")),
    ),
    "transferFromWithReference": (
        "other",
        lambda f, to: f.token("transferFromWithReference", f.giver.address, to, 1, ref("T-1")),
    ),
    "batchTransfer": ("giver", lambda f, to: f.token("batchTransfer", [to], [1])),
    "transferWithAuthorization": ("other", lambda f, to: f.signed()),
    "createHold": (
        "giver",
        lambda f, to: f.token("createHold", ref("H-1"), to, 1, VERIFIED_UNTIL, f.other.address),
    ),
    "createHoldFrom": (
        "other",
        lambda f, to: f.token(
            "createHoldFrom",
            f.giver.address,
            ref("H-1"),
            to,
            1,
            VERIFIED_UNTIL,
            f.other.address,
        ),
    ),
    "settle": ("other", lambda f, to: f.traded()),
    "forcedTransfer": ("repairer", lambda f, to: f.token(FORCED, f.giver.address, to, 1)),
    "forcedTransfer with papers": (
        "repairer",
        lambda f, to: f.token(
            f"forcedTransfer(address,address,uint256,{PAPERS})",
            f.giver.address,
            to,
            1,
            act("ORDER-1"),
        ),
    ),
    "batchForcedTransfer": (
        "repairer",
        lambda f, to: f.token("batchForcedTransfer", [f.giver.address], [to], [1]),
    ),
    "redistribute": (
        "repairer",
        lambda f, to: f.token("redistribute", f.giver.address, to, 1, ref("INC-1"), EVIDENCE),
    ),
    "reverseTransfer": (
        "repairer",
        lambda f, to: f.token("reverseTransfer", ref("T-0"), f.giver.address, to, 1, act("REV-1")),
    ),
    "distribute": (
        "distributor",
        lambda f, to: f.token("distribute", [to], [1], ref("DIST-2")),
    ),
    "issue": ("issuer", lambda f, to: f.token("issue", [to], [1], act("ISSUE-2"))),
    "mint": ("issuer", lambda f, to: f.token("mint", to, 1)),
    "batchMint": ("issuer", lambda f, to: f.token("batchMint", [to], [1])),
}


@pytest.mark.parametrize("path", PATHS)
def test_full__every_path_to_a_newcomer__is_refused(full: Full, path: str) -> None:
    """Two persons or not: nobody makes a holder too many."""
    by, call = PATHS[path]
    who: Actor = getattr(full, by, None) or getattr(full.stage, by)
    giver = {"distributor": full.stage.beneficiary.address, "issuer": ZERO_ADDRESS}.get(
        by, full.giver.address
    )
    asked = call(full, full.newcomer.address)
    assert who.refused(asked) == full.refused(full.rule, giver, full.newcomer, 1)
    full.stage.releaser.does(full.token("setRule", ZERO_ADDRESS))
    assert who.may(asked)  # nothing but the rule stood in the way


def test_full__redistribution_of_what_was_burned__to_a_newcomer_is_refused(full: Full) -> None:
    full.stage.advance_to(DUE)
    full.stage.issuer.does(full.token("redeem", [full.giver.address], [5], act("BURN-1")))
    call = full.token(
        "redistributeBurned", ref("BURN-1"), full.newcomer.address, 1, ref("INC-1"), EVIDENCE
    )
    assert full.stage.repairer.refused(call) == full.refused(
        full.rule, ZERO_ADDRESS, full.newcomer, 1
    )


def test_full__what_makes_no_holder__goes_on(full: Full) -> None:
    """A new key, a split, a transfer to oneself, and one of nothing to somebody without units."""
    full.giver.does(full.token("transfer", full.newcomer.address, 0))
    full.giver.does(full.token("transfer", full.giver.address, 20))
    full.stage.issuer.does(full.token("split", 10, 0, act("SPLIT-1")))
    papers = act("KEY-1")
    full.stage.repairer.does(
        full.token(RE_KEY, full.giver.address, full.stage.spare.address, papers)
    )
    assert (full.count, full.stage.balance(full.stage.spare)) == (3, 200)


def test_full__distribution__counts_the_giver_until_the_batch_is_done(full: Full) -> None:
    """The last units of the initial beneficiary go in a batch of their own, where they make room."""
    stage, token = full.stage, full.token
    beneficiary = stage.beneficiary.address
    rows = ([full.giver.address, full.newcomer.address], [1, 39])
    together = token("distribute", *rows, ref("DIST-2"))
    assert stage.distributor.refused(together) == full.refused(
        full.rule, beneficiary, full.newcomer, 39
    )
    stage.distributor.does(token("distribute", [full.giver.address], [1], ref("DIST-2")))
    stage.distributor.does(token("distribute", [full.newcomer.address], [39], ref("DIST-3")))
    assert (full.count, stage.balance(beneficiary)) == (3, 0)


def test_full__hold_promised_while_there_was_room__is_delivered_only_while_there_is(
    unissued: Stage,
) -> None:
    counted = Counted(unissued, 4)
    rule = counted.limited_to(3)
    first, second, third, fourth = counted.people
    unissued.issuer.does(counted.issue([first, second], [20, 20]))
    token, notary = counted.token, unissued.stranger
    words = (third.address, 5, VERIFIED_UNTIL, notary.address)
    first.does(token("createHold", ref("H-1"), *words))
    second.does(token("transfer", fourth.address, 5))
    assert notary.refused(token("executeHold", ref("H-1"))) == counted.refused(
        rule, first.address, third, 5
    )
    fourth.does(token("transfer", second.address, 5))
    notary.does(token("executeHold", ref("H-1")))
    assert counted.count == 3


def test_full__rule_taken_off_by_two_persons__is_not_asked(full: Full) -> None:
    assert full.stage.restrictor.refused(full.token("setRule", ZERO_ADDRESS)) == error(
        "TokenReleaseNeedsTwoPersons", full.stage.restrictor.address
    )
    full.stage.releaser.does(full.token("setRule", ZERO_ADDRESS))
    full.giver.does(full.token("transfer", full.newcomer.address, 1))
    assert full.count == 4  # still counted, for a rule to come
