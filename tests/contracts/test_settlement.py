"""Delivery versus payment, trade by trade. Outcomes: settlement.tree; bad signatures: signatures.tree."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from tests.contracts.actors import Person
from tests.contracts.handle import Error, Handle, error, error_of, event
from tests.contracts.market import (
    INSTRUCT,
    LATER,
    PRICE,
    SETTLE,
    TRADE,
    UNLIMITED,
    YEN,
    Market,
)
from tests.contracts.situations import SITUATIONS, Situation, Transfer
from tests.contracts.stage import DUE, RETAIL, VERIFIED_UNTIL, Stage, act, ref
from tests.contracts.typed import Words, sign

from contract_sources import CONTRACTS
from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS, Refusal

AMOUNT = 5 * PRICE
STANDING, EXECUTED, RELEASED = 1, 2, 3
PAYMENT = ref("PAY-1")
BY_PATH = pytest.mark.parametrize("function", [SETTLE, INSTRUCT])


@pytest.fixture
def market(stage: Stage) -> Market:
    return Market.on(stage)


def member(words: Words, name: str) -> Any:
    return words.values[words.members.index(name)]


def traded(market: Market, function: str, **changed: Any) -> Words:
    """The trade for that path."""
    return market.trade(**changed) if function == SETTLE else market.bank_trade(**changed)


# Units against yen on the chain ---------------------------------------------------------------------


def test_settle__both_signed__units_and_yen_change_hands(market: Market) -> None:
    """Sent by somebody without a part in it."""
    seller, buyer = market.seller.address, market.buyer.address
    assert market.sends(market.signed(market.trade())) == [
        event("TransferReference", TRADE),
        event("Transfer", seller, buyer, 5),
        event("Transfer", buyer, seller, AMOUNT),
        event("TradeSettled", TRADE, market.token.address, market.yen.address, 5, AMOUNT),
    ]
    assert (market.stage.balance(seller), market.stage.balance(buyer)) == (46, 405)
    assert (market.yen_of(seller), market.yen_of(buyer)) == (YEN + AMOUNT, YEN - AMOUNT)


def test_settle__leaves_nothing_behind(market: Market) -> None:
    """Neither units nor yen rest here, not even for a moment between transactions."""
    market.sends(market.signed(market.trade()))
    assert market.stage.balance(market.settlement.address) == 0
    assert market.yen_of(market.settlement.address) == 0


@pytest.mark.parametrize("by", ["seller", "buyer", "agent"])
def test_settle__whoever_sends_it__is_the_same(market: Market, by: str) -> None:
    who: Person = getattr(market, by)
    who.does(market.signed(market.trade()))
    assert market.stage.balance(market.buyer) == 405


@BY_PATH
def test_trade__signed_in_the_other_order__is_refused(market: Market, function: str) -> None:
    """The same two signatures, each in the other's place."""
    trade = traded(market, function)
    first, second = (sign(who, market.domain, trade) for who in (market.buyer, market.seller))
    call = market.settlement(function, trade.values, first, second)
    assert market.anybody.refused(call) == error(
        "SettlementSignatureInvalid", market.seller.address
    )


@BY_PATH
@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_trade__without_one_signature__is_refused(market: Market, function: str, side: str) -> None:
    """Neither can be brought into a trade by the other, nor sign for the other."""
    trade = traded(market, function)
    other = "buyer" if side == "seller" else "seller"
    call = market.signed(trade, function, **{side: getattr(market, other)})
    assert market.anybody.refused(call) == error(
        "SettlementSignatureInvalid", getattr(market, side).address
    )


WORDS = ["tradeId", "token", "buyer", "units", "amount", "agent", "nonce", "deadline"]


@pytest.mark.parametrize(
    ("function", "name"),
    # Bank money has one form, so `cash` cannot be another there.
    [(path, name) for path in (SETTLE, INSTRUCT) for name in WORDS] + [(SETTLE, "cash")],
)
def test_trade__of_other_words_than_were_signed__is_refused(
    market: Market, function: str, name: str
) -> None:
    """Every word counts: none can be changed after signing."""
    trade = traded(market, function)
    old = member(trade, name)
    changed: dict[str, Any] = {
        "tradeId": ref("TRADE-2"),
        "token": market.yen.address,
        "buyer": market.third.address,
        "cash": hostile(market, "AnswersNothing").address if name == "cash" else None,
        "agent": market.anybody.address,
    }
    words = trade.with_(**{name: changed.get(name, old + 1 if isinstance(old, int) else None)})
    signatures = [sign(who, market.domain, trade) for who in (market.seller, market.buyer)]
    call = market.settlement(function, words.values, *signatures)
    assert market.anybody.refused(call) == error(
        "SettlementSignatureInvalid", market.seller.address
    )


@BY_PATH
def test_trade__digest__is_what_a_wallet_computes(market: Market, function: str) -> None:
    trade = traded(market, function)
    assert market.settlement.ask("tradeDigest", trade.values) == market.digest(trade)


@pytest.mark.parametrize(
    ("units", "amount"), [(0, AMOUNT), (5, 0), (0, 0)], ids=["payment", "gift", "nothing"]
)
def test_settle__of_nothing_on_one_side__is_what_both_signed(
    market: Market, units: int, amount: int
) -> None:
    market.sends(market.signed(market.trade(units=units, amount=amount)))
    assert market.stage.balance(market.buyer) == 400 + units
    assert market.yen_of(market.seller) == YEN + amount


def test_settle__with_oneself__is_judged_and_moves_nothing(market: Market) -> None:
    seller = market.seller
    before = market.everything()
    market.sends(market.signed(market.trade(buyer=seller.address), buyer=seller))
    assert market.everything() == before
    too_many = market.trade(buyer=seller.address, units=52)
    assert market.anybody.refused(market.signed(too_many, buyer=seller)) == error(
        "ERC20InsufficientBalance", seller.address, 51, 52
    )


def test_settle__between_holders_who_traded_before__costs_at_most_90000_gas(
    market: Market,
) -> None:
    """The target of the design: unlimited allowances, existing holders, a seller's second number of 256."""
    first, second = (market.signed(market.trade(tradeId=ref(f"TRADE-2024-000{n}"))) for n in (1, 2))
    market.sends(first)
    assert market.anybody.sends(second).gas_used <= 90_000


# Refused legs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "situation",
    [s for s in SITUATIONS if s.reason not in ("recipient_invalid", "insufficient_balance")],
    ids=lambda s: s.reason,
)
def test_settle__delivery_refused__no_yen_moves(market: Market, situation: Situation) -> None:
    """Every path checks the recipient, and all else, like a transfer does."""
    stage = market.stage
    call = market.signed(market.trade(units=10, deadline=DUE + LATER))
    stage.advance_to(DUE)
    transfer = Transfer(market.seller, market.buyer.address, units=10)
    situation.prepare(stage, transfer)
    before = market.everything()
    assert market.anybody.refused(call) == situation.error(stage, transfer)
    assert market.everything() == before


def test_settle__too_few_units_or_no_allowance__no_yen_moves(market: Market) -> None:
    seller, settlement = market.seller, market.settlement.address
    assert market.anybody.refused(market.signed(market.trade(units=52))) == error(
        "ERC20InsufficientBalance", seller.address, 51, 52
    )
    seller.does(market.token("approve", settlement, 4))
    assert market.anybody.refused(market.signed(market.trade())) == error(
        "ERC20InsufficientAllowance", settlement, 4, 5
    )
    seller.does(market.token("approve", settlement, 5))
    market.sends(market.signed(market.trade()))
    assert market.token.ask("allowance", seller.address, settlement) == 0


def test_settle__too_little_yen_or_no_allowance__no_unit_moves(market: Market) -> None:
    buyer, settlement = market.buyer, market.settlement.address
    too_much = market.signed(market.trade(amount=YEN + 1))
    assert market.anybody.refused(too_much) == error(
        "ERC20InsufficientBalance", buyer.address, YEN, YEN + 1
    )
    buyer.does(market.yen("approve", settlement, AMOUNT - 1))
    assert market.anybody.refused(market.signed(market.trade())) == error(
        "ERC20InsufficientAllowance", settlement, AMOUNT - 1, AMOUNT
    )
    assert market.stage.balance(buyer) == 400


SOURCE = (CONTRACTS / "mocks" / "HostileCash.sol").read_text("utf-8")
FAULTS = dict(re.findall(r"^    (\w+),? // (\d+)", SOURCE, re.MULTILINE))
HARMLESS = ("AnswersNothing", "ReEnters")


def hostile(market: Market, fault: str) -> Handle:
    """A yen token with that fault, on the list, with everybody's allowance."""
    cash = market.allowed_cash("HostileCash", int(FAULTS[fault]))
    for party in (market.seller, market.buyer, market.third):
        market.ready(party, cash)
    return cash


def refusal_by(market: Market, fault: str, cash: Handle, payee: str, amount: int) -> Error:
    """What a payment of that amount comes to in the yen token with that fault."""
    arrived = {"PaysNothing": 0, "TakesAFee": amount - 1, "PaysTooMuch": amount + 1}
    if fault in arrived:
        return error("SettlementPaymentIncomplete", payee, amount, arrived[fault])
    return {
        "Reverts": error("Error", "no payment today"),
        "BurnsAllGas": error(""),
    }.get(fault, error("SafeERC20FailedOperation", cash.address))


def test_faults__in_the_source__are_numbered_from_zero() -> None:
    assert [int(number) for number in FAULTS.values()] == list(range(10))


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in HARMLESS])
def test_settle__in_a_yen_token_with_a_fault__moves_no_unit(market: Market, fault: str) -> None:
    cash = hostile(market, fault)
    call = market.signed(market.trade(cash=cash.address))
    before = (*market.everything(), market.yen_of(market.seller, cash))
    expected = refusal_by(market, fault, cash, market.seller.address, AMOUNT)
    assert market.anybody.refused(call) == expected
    with pytest.raises(Refusal):
        market.anybody.sends(call, gas=1_000_000)
    assert (*market.everything(), market.yen_of(market.seller, cash)) == before
    assert market.settlement.ask("isNonceUsed", market.seller.address, 7) is False


@pytest.mark.parametrize("fault", HARMLESS)
def test_settle__in_an_unusual_yen_token__settles(market: Market, fault: str) -> None:
    """Some pay and answer nothing; one that is not aimed at anything pays like any other."""
    cash = hostile(market, fault)
    market.sends(market.signed(market.trade(cash=cash.address)))
    assert (market.stage.balance(market.buyer), market.yen_of(market.seller, cash)) == (
        405,
        YEN + AMOUNT,
    )


# A yen token that calls back ------------------------------------------------------------------------


@pytest.fixture
def callback(market: Market) -> Handle:
    """The yen token that makes one call of our choice in the middle of its next payment."""
    return hostile(market, "ReEnters")


def aim(market: Market, cash: Handle, call: Call) -> None:
    market.anybody.does(cash("aim", call.to, call.data))


def inside(cash: Handle) -> Error | None:
    """How the call from within ended: None when it succeeded."""
    assert cash.ask("reEntries") == 1
    return None if cash.ask("succeeded") else error_of(cash.ask("answer"))


def test_re_entry__with_the_same_trade__settles_once(market: Market, callback: Handle) -> None:
    trade = market.trade(cash=callback.address)
    call = market.signed(trade)
    aim(market, callback, call)
    market.sends(call)
    assert inside(callback) == error(
        "SettlementNonceUsed", market.seller.address, member(trade, "nonce")
    )
    assert (market.stage.balance(market.buyer), market.yen_of(market.seller, callback)) == (
        405,
        YEN + AMOUNT,
    )


def test_re_entry__with_another_trade_of_the_seller__settles_neither(
    market: Market, callback: Handle
) -> None:
    """Two payments at once cannot be told apart, so neither counts; one after the other, both do."""
    first, second = (
        market.signed(market.trade(tradeId=ref(f"T-{n}"), cash=callback.address)) for n in (1, 2)
    )
    aim(market, callback, second)
    before = market.everything()
    assert market.anybody.refused(first) == error(
        "SettlementPaymentIncomplete", market.seller.address, AMOUNT, 2 * AMOUNT
    )
    assert market.everything() == before


def test_re_entry__with_a_trade_of_others__settles_both(market: Market, callback: Handle) -> None:
    third = market.third
    market.buyer.does(market.token("transfer", third.address, 10))
    inner = market.trade(tradeId=ref("T-2"), seller=third.address, cash=callback.address)
    aim(market, callback, market.signed(inner.with_(amount=PRICE), seller=third))
    market.sends(market.signed(market.trade(cash=callback.address)))
    assert inside(callback) is None
    assert [market.stage.balance(who) for who in (market.seller, market.buyer, third)] == [
        46,
        400,
        7,
    ]
    assert market.yen_of(third, callback) == YEN + PRICE


def test_re_entry__as_the_agent_of_another_trade__delivers_that_too(
    market: Market, callback: Handle
) -> None:
    """The yen token is the agent here: its word counts for its trade, whenever it gives it."""
    bank = market.bank_trade(tradeId=ref("T-2"), agent=callback.address, units=2)
    market.sends(market.signed(bank, INSTRUCT))
    confirm = market.settlement("confirmPayment", market.token.address, ref("T-2"), PAYMENT)
    aim(market, callback, confirm)
    market.sends(market.signed(market.trade(cash=callback.address)))
    assert inside(callback) is None
    assert market.stage.balance(market.buyer) == 400 + 5 + 2


@pytest.mark.parametrize("function", ["transferFrom", "createHoldFrom", "cancelNonce"])
def test_re_entry__of_its_own_accord__gets_nothing(
    market: Market, callback: Handle, function: str
) -> None:
    """Whoever is in the middle of a settlement is nobody in particular to the token."""
    seller, buyer = market.seller.address, market.buyer.address
    calls = {
        "transferFrom": market.token("transferFrom", seller, buyer, 1),
        "createHoldFrom": market.token(
            "createHoldFrom", seller, ref("T-2"), buyer, 1, VERIFIED_UNTIL, callback.address
        ),
        "cancelNonce": market.settlement("cancelNonce", 8),
    }
    aim(market, callback, calls[function])
    market.sends(market.signed(market.trade(cash=callback.address)))
    if function == "cancelNonce":  # its own number 8, which is nobody else's
        assert inside(callback) is None
        assert market.settlement.ask("isNonceUsed", seller, 8) is False
    else:
        assert inside(callback) == error("ERC20InsufficientAllowance", callback.address, 0, 1)
    assert market.stage.balance(market.buyer) == 405


# The list of yen tokens -----------------------------------------------------------------------------


def test_settle__in_a_yen_token_that_is_not_on_the_list__is_refused(market: Market) -> None:
    unknown = market.stage.create("TestYen")
    assert market.anybody.refused(market.signed(market.trade(cash=unknown))) == error(
        "SettlementCashNotAllowed", unknown
    )
    nobody = market.signed(market.trade(cash=ZERO_ADDRESS))
    assert market.anybody.refused(nobody) == error("SettlementCashNotAllowed", ZERO_ADDRESS)


def test_settle__in_a_yen_token_taken_off_the_list__is_refused(market: Market) -> None:
    """Also what was signed before; put on again, the same signatures settle."""
    call = market.signed(market.trade())
    issuer, yen = market.stage.issuer, market.yen.address
    assert issuer.does(market.settlement("allowCash", yen, False)) == [
        event("CashAllowed", yen, False)
    ]
    assert market.anybody.refused(call) == error("SettlementCashNotAllowed", yen)
    assert market.settlement.ask("isCashAllowed", yen) is False
    issuer.does(market.settlement("allowCash", yen, True))
    market.sends(call)


def test_list__zero_address__is_refused(market: Market) -> None:
    """It means bank money, which has no token and an agent."""
    call = market.settlement("allowCash", ZERO_ADDRESS, True)
    assert market.stage.issuer.refused(call) == error("SettlementCashNotAllowed", ZERO_ADDRESS)


@pytest.mark.parametrize(
    "by", ["bob", "corp", "stranger", "restrictor", "releaser", "repairer", "admin", "distributor"]
)
def test_list__without_the_duty__is_refused(market: Market, by: str) -> None:
    who = getattr(market.stage, by)
    call = market.settlement("allowCash", market.yen.address, False)
    assert who.refused(call) == error(
        "SettlementDutyMissing", who.address, market.settlement.selector("allowCash")
    )


def test_list__one_of_the_two_persons_alone__is_refused(market: Market) -> None:
    call = market.settlement("allowCash", market.yen.address, False)
    for person in market.stage.issuer.persons:
        assert person.refused(call).name == "SettlementDutyMissing"


# Tokens that are none -------------------------------------------------------------------------------


def test_settle__in_a_token_that_says_no__pays_nothing(market: Market) -> None:
    """Ours refuse by reverting. One that answers "false" must not be paid for either."""
    token = market.stage.create("FalseToken")
    assert market.anybody.refused(market.signed(market.trade(token=token))) == error(
        "SettlementDeliveryFailed", token
    )


def test_settle__in_no_token__pays_nothing(market: Market) -> None:
    for nothing in (market.anybody.address, market.yen.address):
        for function in (SETTLE, INSTRUCT):
            trade = traded(market, function, token=nothing)
            assert market.anybody.refused(market.signed(trade, function)) == error("")


# Time -----------------------------------------------------------------------------------------------


@BY_PATH
def test_trade__in_the_last_second__is_taken_and_later_refused(
    market: Market, function: str
) -> None:
    deadline = market.stage.now + 100
    in_time = traded(market, function, deadline=deadline)
    too_late = traded(market, function, deadline=deadline, tradeId=ref("TRADE-2"))
    calls = [market.signed(trade, function) for trade in (in_time, too_late)]
    market.stage.next_block_at(deadline)
    market.sends(calls[0])
    assert market.stage.now == deadline
    assert market.anybody.refused(calls[1]) == error("SettlementDeadlinePassed", deadline)


# Numbers --------------------------------------------------------------------------------------------


@BY_PATH
def test_nonces__in_any_order__are_used_once(market: Market, function: str) -> None:
    """A seller can sign any number of trades at once; they settle in any order, or never."""
    seller = market.seller.address
    numbers = [256, 0, UNLIMITED, 255, 1, 2**128]
    for at, number in enumerate(numbers):
        trade = traded(market, function, nonce=number, units=1, tradeId=ref(f"T-{at}"))
        assert market.settlement.ask("isNonceUsed", seller, number) is False
        market.sends(market.signed(trade, function))
        assert market.settlement.ask("isNonceUsed", seller, number) is True
    for at, number in enumerate(numbers):
        again = traded(market, function, nonce=number, units=1, tradeId=ref(f"U-{at}"))
        assert market.anybody.refused(market.signed(again, function)) == error(
            "SettlementNonceUsed", seller, number
        )


@BY_PATH
def test_trade__a_second_time__is_refused(market: Market, function: str) -> None:
    trade = traded(market, function)
    call = market.signed(trade, function)
    market.sends(call)
    assert market.anybody.refused(call) == error(
        "SettlementNonceUsed", market.seller.address, member(trade, "nonce")
    )


def test_nonces__of_two_sellers__are_each_ones_own(market: Market) -> None:
    market.sends(market.signed(market.trade(nonce=9)))
    back = market.trade(
        nonce=9,
        tradeId=ref("TRADE-2"),
        seller=market.buyer.address,
        buyer=market.seller.address,
    )
    market.sends(market.signed(back, seller=market.buyer, buyer=market.seller))
    assert market.stage.balance(market.seller) == 51


@BY_PATH
def test_nonce__made_void_by_the_seller__settles_nothing(market: Market, function: str) -> None:
    seller = market.seller
    assert seller.does(market.settlement("cancelNonce", 7)) == [
        event("NonceCancelled", seller.address, 7)
    ]
    used = error("SettlementNonceUsed", seller.address, 7)
    for trade_id in ("TRADE-1", "TRADE-2"):
        trade = traded(market, function, nonce=7, tradeId=ref(trade_id))
        assert market.anybody.refused(market.signed(trade, function)) == used
    assert seller.refused(market.settlement("cancelNonce", 7)) == used
    market.sends(market.signed(traded(market, function, nonce=8), function))


def test_nonce__made_void_by_anybody_else__does_not_matter(market: Market) -> None:
    """The buyer withdraws by the trade, not by a number: numbers are the seller's."""
    for who in (market.buyer, market.anybody):
        who.does(market.settlement("cancelNonce", 7))
    market.sends(market.signed(market.trade(nonce=7)))


# Withdrawing ----------------------------------------------------------------------------------------


@BY_PATH
@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_trade__that_a_party_withdrew_from__is_refused(
    market: Market, function: str, side: str
) -> None:
    who: Person = getattr(market, side)
    trade = traded(market, function)
    digest = market.digest(trade)
    assert who.does(market.settlement("cancelTrade", digest)) == [
        event("TradeCancelled", digest, who.address)
    ]
    assert market.anybody.refused(market.signed(trade, function)) == error(
        "SettlementTradeCancelled", digest, who.address
    )
    other = trade.with_(amount=member(trade, "amount") + 1)
    market.sends(market.signed(other, function))  # another agreement, under the same number


def test_trade__that_both_withdrew_from__names_the_seller(market: Market) -> None:
    trade = market.trade()
    digest = market.digest(trade)
    for who in (market.buyer, market.seller):
        who.does(market.settlement("cancelTrade", digest))
    assert market.anybody.refused(market.signed(trade)) == error(
        "SettlementTradeCancelled", digest, market.seller.address
    )


@BY_PATH
def test_trade__that_somebody_else_withdrew_from__goes_on(market: Market, function: str) -> None:
    """Anybody may say so of any digest; only what a party says counts."""
    trade = traded(market, function)
    for who in (market.anybody, market.third, market.agent):
        who.does(market.settlement("cancelTrade", market.digest(trade)))
    market.sends(market.signed(trade, function))


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_trade__withdrawn_from_too_late__stays_done(market: Market, side: str) -> None:
    """What was settled is settled; what was instructed is the agent's to confirm or to give up."""
    who: Person = getattr(market, side)
    settled = market.trade(tradeId=ref("T-2"))
    market.sends(market.signed(settled))
    instructed = market.bank_trade()
    market.sends(market.signed(instructed, INSTRUCT))
    before = market.everything()
    for trade in (settled, instructed):
        who.does(market.settlement("cancelTrade", market.digest(trade)))
    assert market.everything() == before
    market.agent.does(market.settlement("confirmPayment", market.token.address, TRADE, PAYMENT))
    assert market.stage.balance(market.buyer) == 410


# Bank money: instructing ----------------------------------------------------------------------------


def hold(market: Market, trade_id: bytes = TRADE) -> tuple[Any, ...]:
    """holder, to, notary, units, expiry, state."""
    answer: tuple[Any, ...] = market.token.ask("holdOf", trade_id)
    return answer


def confirm(market: Market, trade_id: bytes = TRADE) -> Call:
    return market.settlement("confirmPayment", market.token.address, trade_id, PAYMENT)


def abort(market: Market, trade_id: bytes = TRADE) -> Call:
    return market.settlement("abort", market.token.address, trade_id)


def release(market: Market, trade_id: bytes = TRADE) -> Call:
    return market.token("releaseHold", trade_id)


@pytest.fixture
def instructed(market: Market) -> Words:
    """Five units are held for the buyer until the deadline; the agent waits for the money."""
    trade = market.bank_trade()
    market.sends(market.signed(trade, INSTRUCT))
    return trade


def test_instruct__holds_the_units_in_the_sellers_account(market: Market) -> None:
    """The seller stays holder of record; this contract only speaks for the trade."""
    trade = market.bank_trade()
    seller, buyer = market.seller.address, market.buyer.address
    notary, expiry = market.settlement.address, member(trade, "deadline") + 1
    assert market.sends(market.signed(trade, INSTRUCT)) == [
        event("TradeInstructed", TRADE, market.token.address, market.agent.address, AMOUNT),
        event("HoldCreated", TRADE, seller, buyer, notary, 5, expiry),
        event("Frozen", seller, 5),
    ]
    assert hold(market) == (seller, buyer, notary, 5, expiry, STANDING)
    assert (market.stage.balance(seller), market.stage.balance(buyer)) == (51, 400)
    assert market.yen_of(seller) == YEN


def test_instruct__a_trade_against_a_yen_token__is_refused(market: Market) -> None:
    call = market.signed(market.trade(agent=market.agent.address), INSTRUCT)
    assert market.anybody.refused(call) == error("SettlementCashNotAllowed", market.yen.address)


def test_instruct__without_an_agent__is_refused(market: Market) -> None:
    call = market.signed(market.bank_trade(agent=ZERO_ADDRESS), INSTRUCT)
    assert market.anybody.refused(call) == error("SettlementAgentInvalid", ZERO_ADDRESS)


def test_settle__a_trade_against_bank_money__is_refused(market: Market) -> None:
    """Else what was signed for the agent's word could be had for nothing."""
    call = market.signed(market.bank_trade(), SETTLE)
    assert market.anybody.refused(call) == error("SettlementCashNotAllowed", ZERO_ADDRESS)


@pytest.mark.parametrize(
    "situation",
    [s for s in SITUATIONS if s.reason not in ("recipient_invalid", "insufficient_balance")],
    ids=lambda s: s.reason,
)
def test_instruct__where_a_transfer_would_be_refused__is_refused(
    market: Market, situation: Situation
) -> None:
    stage = market.stage
    call = market.signed(market.bank_trade(units=10, deadline=DUE + LATER), INSTRUCT)
    stage.advance_to(DUE)
    transfer = Transfer(market.seller, market.buyer.address, units=10)
    situation.prepare(stage, transfer)
    assert market.anybody.refused(call) == situation.error(stage, transfer)
    assert hold(market)[-1] == 0


@pytest.mark.parametrize(
    ("changed", "name", "facts"),
    [
        ({"units": 0}, "TokenZeroUnits", ()),
        ({"units": 52}, "ERC20InsufficientBalance", ("seller", 51, 52)),
        ({"units": 2**80}, "TokenUnitsTooLarge", (2**80,)),
        ({"buyer": "seller"}, "TokenSameAddress", ("seller",)),
        ({"tradeId": bytes(32)}, "TokenReferenceMissing", ()),
    ],
)
def test_instruct__what_cannot_be_held__is_refused(
    market: Market, changed: dict[str, Any], name: str, facts: tuple[Any, ...]
) -> None:
    seller = market.seller.address
    values = {key: seller if value == "seller" else value for key, value in changed.items()}
    buyer = market.seller if "buyer" in changed else market.buyer
    call = market.signed(market.bank_trade(**values), INSTRUCT, buyer=buyer)
    arguments = [seller if fact == "seller" else fact for fact in facts]
    assert market.anybody.refused(call) == error(name, *arguments)


def test_instruct__beyond_the_allowance__is_refused(market: Market) -> None:
    settlement = market.settlement.address
    market.seller.does(market.token("approve", settlement, 4))
    assert market.anybody.refused(market.signed(market.bank_trade(), INSTRUCT)) == error(
        "ERC20InsufficientAllowance", settlement, 4, 5
    )


@pytest.mark.parametrize("deadline", [2**32 - 2, 2**32 - 1, 2**32, UNLIMITED])
def test_instruct__with_the_farthest_deadline__holds_as_long_as_a_hold_can(
    market: Market, deadline: int
) -> None:
    market.sends(market.signed(market.bank_trade(deadline=deadline), INSTRUCT))
    assert hold(market)[4] == 2**32 - 1


def test_instruct__under_a_reference_somebody_else_held__is_refused(market: Market) -> None:
    """References of holds are the token's, not a party's. The trade is agreed on anew under another."""
    third = market.third
    third.does(
        market.token(
            "createHold", TRADE, market.buyer.address, 1, VERIFIED_UNTIL, market.anybody.address
        )
    )
    assert market.anybody.refused(market.signed(market.bank_trade(), INSTRUCT)) == error(
        "HoldExists", TRADE
    )
    market.sends(market.signed(market.bank_trade(tradeId=ref("TRADE-2")), INSTRUCT))


def test_hold__that_names_this_contract_without_a_trade__is_delivered_by_nobody(
    market: Market,
) -> None:
    """It is no instruction: nobody can confirm it, and from its expiry on anybody can release it."""
    expiry = market.stage.now + LATER
    notary = market.settlement.address
    market.seller.does(market.token("createHold", TRADE, market.buyer.address, 5, expiry, notary))
    for call in (confirm(market), abort(market)):
        for who in (market.agent, market.seller, market.buyer):
            assert who.refused(call) == error("SettlementNotInstructed", TRADE)
    market.stage.advance_to(expiry)
    market.sends(release(market))
    assert market.stage.frozen(market.seller) == 0


# Bank money: confirming -----------------------------------------------------------------------------


def test_confirm__delivers_under_the_trades_reference(market: Market, instructed: Words) -> None:
    seller, buyer = market.seller.address, market.buyer.address
    assert market.agent.does(confirm(market)) == [
        event("PaymentConfirmed", TRADE, PAYMENT),
        event("HoldExecuted", TRADE),
        event("TransferReference", TRADE),
        event("Frozen", seller, 0),
        event("Transfer", seller, buyer, 5),
    ]
    assert (market.stage.balance(seller), market.stage.balance(buyer)) == (46, 405)
    for call in (confirm(market), abort(market)):
        assert market.agent.refused(call) == error("SettlementNotInstructed", TRADE)


@pytest.mark.parametrize("by", ["seller", "buyer", "third", "anybody"])
def test_confirm_or_abort__not_by_the_agent__is_refused(
    market: Market, instructed: Words, by: str
) -> None:
    """Not even by the party that would lose from it."""
    who: Person = getattr(market, by)
    for call in (confirm(market), abort(market)):
        assert who.refused(call) == error("SettlementNotAgent", who.address, market.agent.address)


def test_confirm__at_the_token_itself__is_refused(market: Market, instructed: Words) -> None:
    """The notary is this contract: the agent cannot go around it, nor anybody else."""
    for who in (market.agent, market.buyer):
        assert who.refused(market.token("executeHold", TRADE)) == error(
            "HoldNotNotary", TRADE, who.address
        )


def test_confirm__for_another_token_or_trade__is_refused(market: Market, instructed: Words) -> None:
    """An agent speaks for the trades that name it, not for others of the same reference."""
    for token, trade_id in ((market.yen.address, TRADE), (market.token.address, ref("TRADE-2"))):
        call = market.settlement("confirmPayment", token, trade_id, PAYMENT)
        assert market.agent.refused(call) == error("SettlementNotInstructed", trade_id)


def test_confirm__in_the_last_second__delivers(market: Market, instructed: Words) -> None:
    deadline = member(instructed, "deadline")
    market.stage.next_block_at(deadline)
    market.agent.does(confirm(market))
    assert (market.stage.now, hold(market)[-1]) == (deadline, EXECUTED)


AFTER_INSTRUCTION = [
    s
    for s in SITUATIONS
    if s.reason
    not in (
        "insufficient_balance",  # the units are those of the trade
        "insufficient_unfrozen_balance",
        "recipient_invalid",
        "sender_retired",  # the hold follows a re-keying (holds.tree)
        "product_ended",  # the units are redeemed then (holds.tree)
        "rule_refused",  # the rule of that table allows up to nine units
    )
]


@pytest.mark.parametrize("situation", AFTER_INSTRUCTION, ids=lambda s: s.reason)
def test_confirm__after_a_reason_to_refuse_came_up__delivers_nothing(
    market: Market, situation: Situation
) -> None:
    """The payment is not taken for confirmed; the agent can confirm when the reason is gone, or give up."""
    stage = market.stage
    stage.advance_to(DUE)
    market.sends(market.signed(market.bank_trade(), INSTRUCT))
    transfer = Transfer(market.seller, market.buyer.address, units=5)
    situation.prepare(stage, transfer)
    before = market.everything()
    assert market.agent.refused(confirm(market)) == situation.error(stage, transfer)
    assert (market.everything(), hold(market)[-1]) == (before, STANDING)
    if situation.reason == "platform_stopped":
        assert market.agent.refused(abort(market)) == error("TokenStopped")
    else:
        market.agent.does(abort(market))
        assert hold(market)[-1] == RELEASED


def test_confirm__after_the_reason_is_gone__delivers(market: Market, instructed: Words) -> None:
    stage = market.stage
    stage.market_operator.does(stage.platform("closeMarket"))
    assert market.agent.refused(confirm(market)) == error("TokenMarketClosed")
    stage.market_operator.does(stage.platform("openMarket"))
    market.agent.does(confirm(market))
    assert stage.balance(market.buyer) == 405


# Bank money: giving up and running out of time ------------------------------------------------------


def test_abort__frees_the_units_for_good(market: Market, instructed: Words) -> None:
    agent, seller = market.agent.address, market.seller.address
    assert market.agent.does(abort(market)) == [
        event("TradeAborted", TRADE, agent),
        event("HoldReleased", TRADE, market.settlement.address),
        event("Frozen", seller, 0),
    ]
    assert (market.stage.balance(seller), market.stage.frozen(seller)) == (51, 0)
    for call in (confirm(market), abort(market)):
        assert market.agent.refused(call) == error("SettlementNotInstructed", TRADE)


def test_time_out__anybody_releases_at_the_token(market: Market, instructed: Words) -> None:
    deadline = member(instructed, "deadline")
    early = error("HoldNotExpired", TRADE, deadline + 1)
    assert market.seller.refused(release(market)) == early
    market.stage.advance_to(deadline)  # the next act happens a second later
    assert market.agent.refused(confirm(market)) == error("HoldExpired", TRADE, deadline + 1)
    assert market.sends(release(market)) == [
        event("HoldReleased", TRADE, market.anybody.address),
        event("Frozen", market.seller.address, 0),
    ]
    assert market.stage.balance(market.seller) == 51


def test_time_out__by_the_agent__is_possible_too(market: Market, instructed: Words) -> None:
    market.stage.advance_to(member(instructed, "deadline") + LATER)
    market.agent.does(abort(market))
    assert hold(market)[-1] == RELEASED


@pytest.mark.parametrize("how", ["time-out", "abort", "confirmed"])
def test_trade_id__once_it_was_instructed__is_used_up(
    market: Market, instructed: Words, how: str
) -> None:
    """It never delivers later: not by the old signatures, not by the agent, not by new ones under it."""
    if how == "time-out":
        market.stage.advance_to(member(instructed, "deadline"))
        market.sends(release(market))
        assert market.agent.refused(confirm(market)) == error("HoldNotStanding", TRADE, RELEASED)
    else:
        market.agent.does(abort(market) if how == "abort" else confirm(market))
        assert market.agent.refused(confirm(market)) == error("SettlementNotInstructed", TRADE)
    fresh = market.bank_trade()
    assert market.anybody.refused(market.signed(fresh, INSTRUCT)) == error("HoldExists", TRADE)
    old = market.signed(instructed.with_(deadline=market.stage.now + LATER), INSTRUCT)
    assert market.anybody.refused(old) == error(
        "SettlementNonceUsed", market.seller.address, member(instructed, "nonce")
    )
    again = market.bank_trade(tradeId=ref("TRADE-1R"))  # re-instructed under another
    market.sends(market.signed(again, INSTRUCT))
    market.agent.does(confirm(market, ref("TRADE-1R")))


# Requirements D.4 -----------------------------------------------------------------------------------

JST = timezone(timedelta(hours=9))


def at(text: str) -> int:
    """That hour in Japan, as UTC seconds."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST).timestamp())


TRADED, DELIVERY = at("2022-03-18 10:00"), at("2022-03-23 15:00")
"""Friday; T+2 over the holiday of the 21st. The date is the caller's, the chain knows hours only."""


@pytest.fixture
def sale(market: Market) -> Words:
    """The seller has seven units, and sells five for bank money by 15:00 on the delivery date."""
    stage = market.stage
    market.seller.does(market.token("transfer", market.third.address, 44))
    stage.advance_to(TRADED)
    trade = market.bank_trade(deadline=DELIVERY)
    market.sends(market.signed(trade, INSTRUCT))
    return trade


def test_d4__until_delivery__the_seller_is_holder_and_sells_two_but_not_three(
    market: Market, sale: Words
) -> None:
    """D.4.1, D.4.2."""
    seller, third = market.seller, market.third.address
    assert (market.stage.balance(seller), market.stage.balance(market.buyer)) == (7, 400)
    assert seller.refused(market.token("transfer", third, 3)) == error(
        "ERC7943InsufficientUnfrozenBalance", seller.address, 3, 2
    )
    assert seller.may(market.token("transfer", third, 2))
    market.stage.next_block_at(at("2022-03-23 14:59"))
    market.agent.does(confirm(market))
    assert (market.stage.balance(seller), market.stage.balance(market.buyer)) == (2, 405)


def test_d4__money_not_confirmed_in_time__the_lock_is_released(market: Market, sale: Words) -> None:
    """D.4.3. The same trade does not settle later."""
    market.stage.advance_to(DELIVERY)
    market.sends(release(market))
    assert (market.stage.balance(market.seller), market.stage.frozen(market.seller)) == (7, 0)
    assert market.agent.refused(confirm(market)) == error("HoldNotStanding", TRADE, RELEASED)
    assert market.anybody.refused(market.signed(sale, INSTRUCT)) == error(
        "SettlementDeadlinePassed", DELIVERY
    )


def test_d4__coin_leg__is_one_transaction_or_none(market: Market) -> None:
    """D.4.4."""
    market.sends(market.signed(market.trade()))
    assert (market.stage.balance(market.buyer), market.yen_of(market.seller)) == (
        405,
        YEN + AMOUNT,
    )
    reverting = hostile(market, "Reverts")
    before = market.everything()
    refused = market.signed(market.trade(tradeId=ref("TRADE-2"), cash=reverting.address))
    assert market.anybody.refused(refused) == error("Error", "no payment today")
    assert market.everything() == before


@pytest.mark.parametrize("path", [SETTLE, INSTRUCT])
def test_d4__buyer_turns_blocked__no_delivery_and_no_money(
    market: Market, restrictor: Person, path: str
) -> None:
    """D.4.5: blocked on the 22nd, due on the 23rd."""
    market.stage.advance_to(TRADED)
    trade = traded(market, path, deadline=DELIVERY)
    call = market.signed(trade, path)
    if path == INSTRUCT:
        market.sends(call)
    market.stage.advance_to(at("2022-03-22 12:00"))
    buyer = market.buyer.address
    restrictor.does(market.token("setVerdict", buyer, VERIFIED_UNTIL, RETAIL, True))
    market.stage.advance_to(at("2022-03-23 10:00"))
    blocked = error("TokenBlocked", buyer)
    if path == INSTRUCT:
        assert market.agent.refused(confirm(market)) == blocked
    else:
        assert market.anybody.refused(call) == blocked
    assert (market.yen_of(buyer), market.stage.balance(buyer)) == (YEN, 400)


def test_d4__wrong_buyer__is_reversed_once_and_in_full(market: Market, sale: Words) -> None:
    """D.4.6: by two persons, naming the trade; not twice, and not in part."""
    repairer = market.stage.repairer
    market.agent.does(confirm(market))
    seller, buyer, third = (who.address for who in (market.seller, market.buyer, market.third))
    market.buyer.does(market.token("transfer", third, 403))

    def reverse(reference: str) -> Call:
        return market.token("reverseTransfer", TRADE, buyer, seller, 5, act(reference))

    assert repairer.refused(reverse("REV-1")) == error("ERC20InsufficientBalance", buyer, 2, 5)
    market.third.does(market.token("transfer", buyer, 3))
    repairer.does(reverse("REV-1"))
    assert (market.stage.balance(seller), market.stage.balance(buyer)) == (7, 0)
    assert repairer.refused(reverse("REV-2")) == error("TokenAlreadyReversed", TRADE)
