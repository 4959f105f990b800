"""A netted batch: many trades, one position a party, all or nothing. Outcomes: settlement_batch.tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contracts.actors import Person
from tests.contracts.handle import error, error_of, event
from tests.contracts.market import LATER, PRICE, UNLIMITED, YEN, Market
from tests.contracts.situations import SITUATIONS, Situation, Transfer
from tests.contracts.stage import DUE, RETAIL, VERIFIED_UNTIL, Stage, ref
from tests.contracts.typed import Words, sign

from contract_sources import CONTRACTS
from genbo.chain.call import Call
from genbo.kernel import Address

BATCH = ref("BATCH-1")
UNITS = 100
"""What everybody in the crowd begins with."""
MOST = 8


class Crowd:
    """Eight holders of a hundred units each, ready to trade, ascending by address."""

    _built: ClassVar[WeakKeyDictionary[Stage, Crowd]] = WeakKeyDictionary()

    @classmethod
    def on(cls, stage: Stage) -> Crowd:
        market = Market.on(stage)
        if stage not in cls._built:
            cls._built[stage] = cls(market)
        crowd = cls._built[stage]
        crowd.back()
        return crowd

    def __init__(self, market: Market) -> None:
        self.market, self.stage, self.token = market, market.stage, market.token
        people = [self.stage.person(60 + number) for number in range(MOST)]
        self.people = sorted(people, key=lambda who: int(who.address, 16))
        accounts = [who.address for who in people]
        self.stage.restrictor.does(
            self.token("batchSetVerdict", accounts, VERIFIED_UNTIL, RETAIL, False)
        )
        self.stage.distributor.does(
            self.token("distribute", accounts, [UNITS] * MOST, ref("DIST-9"))
        )
        for who in people:
            market.ready(who)
        self._snapshot = self.stage.node.snapshot()

    def back(self) -> None:
        """Everybody has what they began with."""
        self.stage.take_back_to(self._snapshot)

    def batch(self, positions: Sequence[tuple[int, int]], **changed: Any) -> Words:
        """The first people's net positions: units and yen, received where positive."""
        nets = {
            who.address: position
            for who, position in zip(self.people[: len(positions)], positions, strict=True)
        }
        return self.market.batch(nets, **changed)

    def signed(self, batch: Words) -> Call:
        return self.market.signed_batch(batch, self.people)

    def holdings(self) -> list[tuple[int, int]]:
        """Everybody's units and yen."""
        return [(self.stage.balance(who), self.market.yen_of(who)) for who in self.people]


@pytest.fixture
def crowd(stage: Stage) -> Crowd:
    return Crowd.on(stage)


THREE = [(-5, 5 * PRICE), (3, -3 * PRICE), (2, -2 * PRICE)]
"""The first sells to the other two."""


# All in order ---------------------------------------------------------------------------------------


def test_batch__all_signed__each_moves_its_net_only(crowd: Crowd) -> None:
    batch = crowd.batch(THREE)
    first, second, third = (who.address for who in crowd.people[:3])
    assert crowd.market.sends(crowd.signed(batch)) == [
        event("TransferReference", BATCH),
        event("Transfer", first, second, 3),
        event("TransferReference", BATCH),
        event("Transfer", first, third, 2),
        event("Transfer", second, first, 3 * PRICE),
        event("Transfer", third, first, 2 * PRICE),
        event("BatchSettled", BATCH, crowd.token.address, crowd.market.yen.address, 3),
    ]
    assert crowd.holdings()[:4] == [
        (95, YEN + 5 * PRICE),
        (103, YEN - 3 * PRICE),
        (102, YEN - 2 * PRICE),
        (100, YEN),
    ]
    assert crowd.stage.balance(crowd.market.settlement.address) == 0
    assert crowd.market.yen_of(crowd.market.settlement.address) == 0


def test_batch__digest__is_what_a_wallet_computes(crowd: Crowd) -> None:
    for positions in (THREE, [(0, 0), (0, 0)]):
        batch = crowd.batch(positions)
        asked = crowd.market.settlement.ask("batchDigest", batch.values)
        assert asked == crowd.market.digest(batch)


@pytest.mark.parametrize("count", range(3, MOST + 1))
def test_batch__of_3_to_8__takes_no_more_movements_than_it_must(crowd: Crowd, count: int) -> None:
    """Every other one gives, the last takes what is left: at most one movement less than participants, each way."""
    units = [(-1) ** n * (10 + n) for n in range(count - 1)]
    amounts = [(-1) ** (n + 1) * (1_000 + n) for n in range(count - 1)]
    positions = [*zip(units, amounts, strict=True), (-sum(units), -sum(amounts))]
    events = crowd.market.sends(crowd.signed(crowd.batch(positions)))
    of_units = sum(each.name == "TransferReference" for each in events)  # one before each
    of_yen = sum(each.name == "Transfer" for each in events) - of_units
    assert 0 < of_units <= count - 1
    assert 0 < of_yen <= count - 1
    assert crowd.holdings() == [
        (UNITS + a, YEN + b) for a, b in [*positions, *[(0, 0)] * (MOST - count)]
    ]


def test_batch__one_with_no_position__is_in_it_by_its_signature(crowd: Crowd) -> None:
    """Its trades came to nothing; without its consent nothing of the batch settles all the same."""
    batch = crowd.batch([*THREE, (0, 0)])
    call = crowd.signed(batch)
    signatures = [sign(who, crowd.market.domain, batch) for who in crowd.people[:3]]
    without = crowd.market.settlement("settleNet", batch.values, [*signatures, b""])
    assert crowd.market.anybody.refused(without) == error(
        "SettlementSignatureInvalid", crowd.people[3].address
    )
    crowd.market.sends(call)
    assert crowd.holdings()[3] == (100, YEN)


def test_batch__units_only_or_yen_only__settles(crowd: Crowd) -> None:
    market = crowd.market
    market.sends(crowd.signed(crowd.batch([(-5, 0), (5, 0)])))
    market.sends(crowd.signed(crowd.batch([(0, 7), (0, -7)], batchId=ref("BATCH-2"))))
    market.sends(crowd.signed(crowd.batch([(0, 0), (0, 0)], batchId=ref("BATCH-3"))))
    assert crowd.holdings()[:2] == [(95, YEN + 7), (105, YEN - 7)]


TRADES = st.integers(3, MOST).flatmap(
    lambda count: st.lists(
        st.tuples(
            st.permutations(range(count)).map(lambda order: (order[0], order[1])),
            st.integers(1, 12),
            st.integers(0, 5_000_000),
        ),
        min_size=1,
        max_size=7,
    )
)
"""Seller and buyer, units, yen. Nobody runs out: seven trades of twelve units are fewer than a hundred."""


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(trades=TRADES)
def test_batch__of_random_trades__leaves_what_one_by_one_leaves(
    crowd: Crowd, trades: list[tuple[tuple[int, int], int, int]]
) -> None:
    crowd.back()
    people, market = crowd.people, crowd.market
    net = {who.address: [0, 0] for pair, _, _ in trades for who in (people[n] for n in pair)}
    for number, ((giver, taker), units, amount) in enumerate(trades):
        seller, buyer = people[giver], people[taker]
        trade = market.trade(
            tradeId=ref(f"T-{number}"),
            seller=seller.address,
            buyer=buyer.address,
            units=units,
            amount=amount,
        )
        market.sends(market.signed(trade, seller=seller, buyer=buyer))
        for who, sign_ in ((seller, -1), (buyer, 1)):
            net[who.address][0] += sign_ * units
            net[who.address][1] -= sign_ * amount
    one_by_one = crowd.holdings()

    crowd.back()
    positions: dict[Address, tuple[int, int]] = {
        address: (units, amount) for address, (units, amount) in net.items()
    }
    market.sends(crowd.signed(market.batch(positions)))
    assert crowd.holdings() == one_by_one


# Lists that do not fit ------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "amounts"), [(1, 0), (-1, 0), (0, 1), (0, -1), (7, -3)], ids=str)
def test_batch__whose_sums_are_not_zero__is_refused(crowd: Crowd, units: int, amounts: int) -> None:
    (first, yen), *rest = THREE
    call = crowd.signed(crowd.batch([(first + units, yen + amounts), *rest]))
    assert crowd.market.anybody.refused(call) == error("SettlementBatchUnbalanced", units, amounts)


@pytest.mark.parametrize("name", ["units", "amounts", "participants", "signatures"])
@pytest.mark.parametrize("by", [-1, 1])
def test_batch__with_one_too_few_or_too_many__is_refused(crowd: Crowd, name: str, by: int) -> None:
    batch = crowd.batch(THREE)
    signatures = [sign(who, crowd.market.domain, batch) for who in crowd.people[:3]]
    extra = crowd.people[3].address if name == "participants" else 0
    if name == "signatures":
        signatures = signatures[:-1] if by < 0 else [*signatures, signatures[0]]
    else:
        old = batch.values[batch.members.index(name)]
        batch = batch.with_(**{name: old[:-1] if by < 0 else [*old, extra]})
    call = crowd.market.settlement("settleNet", batch.values, signatures)
    assert crowd.market.anybody.refused(call) == error("SettlementBatchMalformed")


@pytest.mark.parametrize("positions", [[], [(0, 0)]], ids=["nobody", "one"])
def test_batch__of_fewer_than_two__is_refused(
    crowd: Crowd, positions: list[tuple[int, int]]
) -> None:
    call = crowd.signed(crowd.batch(positions))
    assert crowd.market.anybody.refused(call) == error("SettlementBatchMalformed")


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([1, 0, 2], id="first-two-swapped"),
        pytest.param([0, 2, 1], id="last-two-swapped"),
        pytest.param([2, 1, 0], id="descending"),
        pytest.param([0, 0, 1], id="first-twice"),
        pytest.param([0, 1, 1], id="last-twice"),
    ],
)
def test_batch__not_each_once_and_ascending__is_refused(crowd: Crowd, order: list[int]) -> None:
    """One order only: so nobody can be named twice, and two forms of one batch cannot both settle."""
    people = [crowd.people[number].address for number in order]
    call = crowd.signed(crowd.batch(THREE, participants=people))
    assert crowd.market.anybody.refused(call) == error("SettlementBatchMalformed")


@pytest.mark.parametrize(
    "units",
    [
        pytest.param([-(2**255), 2**255 - 1, 1], id="the-lowest-number"),
        pytest.param([2**255 - 1, 1, -(2**255)], id="a-sum-that-overflows"),
        pytest.param([-(2**80), 2**80, 0], id="more-than-any-balance"),
    ],
)
def test_batch__of_impossible_figures__is_refused(crowd: Crowd, units: list[int]) -> None:
    """By the compiler's own check, or by the token's: never by wrapping around."""
    before = crowd.holdings()
    call = crowd.signed(crowd.batch(THREE, units=units))
    assert not crowd.market.anybody.may(call)
    amounts = crowd.signed(crowd.batch(THREE, amounts=units))
    assert not crowd.market.anybody.may(amounts)
    assert crowd.holdings() == before


# Signatures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", range(3))
def test_batch__without_one_signature__is_refused(crowd: Crowd, missing: int) -> None:
    """Nobody signs for another, and no signature counts twice."""
    batch = crowd.batch(THREE)
    right = [sign(who, crowd.market.domain, batch) for who in crowd.people[:3]]
    before = crowd.holdings()
    for instead in (b"", right[(missing + 1) % 3]):
        signatures = [*right[:missing], instead, *right[missing + 1 :]]
        call = crowd.market.settlement("settleNet", batch.values, signatures)
        assert crowd.market.anybody.refused(call) == error(
            "SettlementSignatureInvalid", crowd.people[missing].address
        )
    assert crowd.holdings() == before


@pytest.mark.parametrize(
    "name", ["batchId", "token", "cash", "units", "amounts", "nonce", "deadline"]
)
def test_batch__of_other_words_than_were_signed__is_refused(crowd: Crowd, name: str) -> None:
    batch = crowd.batch(THREE)
    signatures = [sign(who, crowd.market.domain, batch) for who in crowd.people[:3]]
    changed: dict[str, Any] = {
        "batchId": ref("BATCH-2"),
        "token": crowd.market.yen.address,
        "units": [-6, 3, 3],
        "amounts": [6 * PRICE, -3 * PRICE, -3 * PRICE],
        "nonce": 99,
        "deadline": crowd.stage.now + LATER + 1,
    }
    if name == "cash":
        changed["cash"] = crowd.market.allowed_cash("TestYen").address
    words = batch.with_(**{name: changed[name]})
    call = crowd.market.settlement("settleNet", words.values, signatures)
    assert crowd.market.anybody.refused(call) == error(
        "SettlementSignatureInvalid", crowd.people[0].address
    )


# One who may not ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "situation",
    [
        s
        for s in SITUATIONS
        if s.reason
        not in ("recipient_invalid", "insufficient_balance", "insufficient_unfrozen_balance")
    ],
    ids=lambda s: s.reason,
)
def test_batch__one_participant_may_not__nothing_moves(stage: Stage, situation: Situation) -> None:
    """Bob sells ten to corp and two to ann. Whatever stands in corp's or bob's way, ann gets nothing either."""
    market = Market.on(stage)
    parties = (market.seller, market.buyer, market.third)
    nets = {
        market.seller.address: (-12, 12 * PRICE),
        market.buyer.address: (10, -10 * PRICE),
        market.third.address: (2, -2 * PRICE),
    }
    call = market.signed_batch(market.batch(nets, deadline=DUE + LATER), parties)
    stage.advance_to(DUE)
    transfer = Transfer(market.seller, market.buyer.address, units=10)
    situation.prepare(stage, transfer)
    before = market.everything()
    refused = market.anybody.refused(call)
    expected = situation.error(stage, transfer)
    assert refused.name == expected.name
    # Who is served first depends on the addresses; where the reason is not corp's own, it may be said of ann.
    if situation.reason.startswith(("sender_", "recipient_")):
        assert refused == expected
    assert market.everything() == before


@pytest.mark.parametrize("frozen", [0, 96])
def test_batch__one_has_too_few_units__nothing_moves(
    crowd: Crowd, restrictor: Person, frozen: int
) -> None:
    """The first receives, the second has too little to give, after it gave the rest."""
    giver = crowd.people[1].address
    restrictor.does(crowd.token("setFrozenTokens", giver, frozen))
    units = 5 if frozen else 101
    positions = [(units - 1, 0), (-units, 0), (1, 0)]
    before = crowd.holdings()
    expected = (
        error("ERC7943InsufficientUnfrozenBalance", giver, 1, 0)
        if frozen
        else error("ERC20InsufficientBalance", giver, 0, 1)
    )
    assert crowd.market.anybody.refused(crowd.signed(crowd.batch(positions))) == expected
    assert crowd.holdings() == before


def test_batch__one_has_too_little_yen__nothing_moves(crowd: Crowd) -> None:
    payer = crowd.people[1].address
    positions = [(-5, YEN), (3, -YEN - 1), (2, 1)]
    before = crowd.holdings()
    assert crowd.market.anybody.refused(crowd.signed(crowd.batch(positions))) == error(
        "ERC20InsufficientBalance", payer, 0, 1
    )
    assert crowd.holdings() == before


def test_batch__one_took_its_allowance_back__nothing_moves(crowd: Crowd) -> None:
    settlement, market = crowd.market.settlement.address, crowd.market
    call = crowd.signed(crowd.batch(THREE))
    before = crowd.holdings()
    for who, asset, needed in (
        (crowd.people[2], market.yen, 2 * PRICE),
        (crowd.people[0], crowd.token, 3),
    ):
        who.does(asset("approve", settlement, 0))
        assert market.anybody.refused(call) == error(
            "ERC20InsufficientAllowance", settlement, 0, needed
        )
    assert crowd.holdings() == before


# The yen token --------------------------------------------------------------------------------------

FAULTS = dict(
    re.findall(
        r"^    (\w+),? // (\d+)",
        (CONTRACTS / "mocks" / "HostileCash.sol").read_text("utf-8"),
        re.MULTILINE,
    )
)


def in_hostile_cash(crowd: Crowd, fault: str) -> tuple[Words, str]:
    """The three's batch in a yen token with that fault, and its address."""
    cash = crowd.market.allowed_cash("HostileCash", int(FAULTS[fault]))
    for who in crowd.people[:3]:
        who.does(cash("mint", who.address, YEN))
        who.does(cash("approve", crowd.market.settlement.address, UNLIMITED))
    return crowd.batch(THREE, cash=cash.address), cash.address


@pytest.mark.parametrize(
    "fault", [name for name in FAULTS if name not in ("AnswersNothing", "ReEnters")]
)
def test_batch__in_a_yen_token_with_a_fault__moves_no_unit(crowd: Crowd, fault: str) -> None:
    batch, cash = in_hostile_cash(crowd, fault)
    payee, amount = crowd.people[0].address, 3 * PRICE
    arrived = {"PaysNothing": 0, "TakesAFee": amount - 1, "PaysTooMuch": amount + 1}
    if fault in arrived:
        expected = error("SettlementPaymentIncomplete", payee, amount, arrived[fault])
    else:
        expected = {
            "Reverts": error("Error", "no payment today"),
            "BurnsAllGas": error(""),
        }.get(fault, error("SafeERC20FailedOperation", cash))
    before = crowd.holdings()
    assert crowd.market.anybody.refused(crowd.signed(batch)) == expected
    assert crowd.holdings() == before


def test_batch__in_a_yen_token_that_answers_nothing__settles(crowd: Crowd) -> None:
    batch, _ = in_hostile_cash(crowd, "AnswersNothing")
    crowd.market.sends(crowd.signed(batch))
    assert crowd.stage.balance(crowd.people[0]) == 95


def test_batch__called_back_with_itself__settles_once(crowd: Crowd) -> None:
    batch, address = in_hostile_cash(crowd, "ReEnters")
    cash = crowd.stage.at("HostileCash", address)
    call = crowd.signed(batch)
    crowd.market.anybody.does(cash("aim", call.to, call.data))
    crowd.market.sends(call)
    assert (cash.ask("reEntries"), cash.ask("succeeded")) == (1, False)
    nonce = batch.values[batch.members.index("nonce")]
    assert error_of(cash.ask("answer")) == error(
        "SettlementNonceUsed", crowd.people[0].address, nonce
    )
    assert [crowd.stage.balance(who) for who in crowd.people[:3]] == [95, 103, 102]


def test_batch__in_a_yen_token_that_is_not_on_the_list__is_refused(crowd: Crowd) -> None:
    unknown = crowd.stage.create("TestYen")
    call = crowd.signed(crowd.batch(THREE, cash=unknown))
    assert crowd.market.anybody.refused(call) == error("SettlementCashNotAllowed", unknown)


# Numbers, withdrawal, time --------------------------------------------------------------------------


def test_batch__a_second_time__is_refused(crowd: Crowd) -> None:
    """The first participant's number is used; so is it for any other batch or trade under it."""
    batch = crowd.batch(THREE, nonce=9)
    crowd.market.sends(crowd.signed(batch))
    used = error("SettlementNonceUsed", crowd.people[0].address, 9)
    assert crowd.market.anybody.refused(crowd.signed(batch)) == used
    other = crowd.batch(THREE, nonce=9, batchId=ref("BATCH-2"))
    assert crowd.market.anybody.refused(crowd.signed(other)) == used


@pytest.mark.parametrize("number", range(3))
def test_batch__whose_number_was_made_void__matters_for_the_first_only(
    crowd: Crowd, number: int
) -> None:
    who = crowd.people[number]
    who.does(crowd.market.settlement("cancelNonce", 9))
    call = crowd.signed(crowd.batch(THREE, nonce=9))
    if number == 0:
        assert crowd.market.anybody.refused(call) == error("SettlementNonceUsed", who.address, 9)
    else:
        crowd.market.sends(call)


@pytest.mark.parametrize("number", range(3))
def test_batch__that_a_participant_withdrew_from__is_refused(crowd: Crowd, number: int) -> None:
    who = crowd.people[number]
    batch = crowd.batch(THREE)
    digest = crowd.market.digest(batch)
    who.does(crowd.market.settlement("cancelTrade", digest))
    assert crowd.market.anybody.refused(crowd.signed(batch)) == error(
        "SettlementTradeCancelled", digest, who.address
    )


def test_batch__that_somebody_else_withdrew_from__goes_on(crowd: Crowd) -> None:
    batch = crowd.batch(THREE)
    for who in (crowd.market.anybody, crowd.people[3]):
        who.does(crowd.market.settlement("cancelTrade", crowd.market.digest(batch)))
    crowd.market.sends(crowd.signed(batch))


def test_batch__in_the_last_second__settles_and_later_is_refused(crowd: Crowd) -> None:
    deadline = crowd.stage.now + 100
    in_time = crowd.signed(crowd.batch(THREE, deadline=deadline))
    too_late = crowd.signed(crowd.batch(THREE, deadline=deadline, batchId=ref("BATCH-2")))
    crowd.stage.next_block_at(deadline)
    crowd.market.sends(in_time)
    assert crowd.stage.now == deadline
    assert crowd.market.anybody.refused(too_late) == error("SettlementDeadlinePassed", deadline)
