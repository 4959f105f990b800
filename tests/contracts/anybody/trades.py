"""Trades: delivery versus payment among the holders, in yen tokens good and bad, and in bank money.

A yen token that calls back is aimed at the very trade, or at anything else anybody could call.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.contracts.actors import Person
from tests.contracts.anybody.anybody import Anybody
from tests.contracts.anybody.arguments import Arguments
from tests.contracts.anybody.cast import Member
from tests.contracts.anybody.step import Standing
from tests.contracts.handle import Handle
from tests.contracts.stage import ref
from tests.contracts.typed import Domain, Words, sign

from genbo.kernel import ZERO_ADDRESS, Address

GOOD, CALLS_BACK = "good", "calls back"


@dataclass
class Open:
    """A trade for bank money that was instructed."""

    trade_id: bytes
    agent: Address


class Everybody(Anybody):
    """With the market."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.open: list[Open] = []
        self.nonce = 0
        chain_id = self.stage.node.chain_id
        self.market = Domain("Genbo Settlement", "1", chain_id, self.stage.settlement.address)

    def trade(self, choice: random.Random) -> None:
        if self.open and choice.random() < 0.35:
            self.end(choice)
        else:
            self.begin(choice)

    # One trade -----------------------------------------------------------------------------------

    def begin(self, choice: random.Random) -> None:
        holders = self.cast.holders
        able = [each for each in holders if self.facts.can_give(each.address)] or holders
        takers = [each for each in holders if self.facts.can_receive(each.address)] or holders
        seller, buyer, agent = choice.choice(able), choice.choice(takers), choice.choice(holders)
        in_bank_money = choice.random() < 0.4
        matter = choice.choice(sorted(self.cash))
        free = self.facts.accounts[seller.address].unfrozen
        self.nonce += 1
        words = {
            "tradeId": ref(f"TRADE-{self.nonce}"),
            "token": self.stage.token.address,
            "seller": seller.address,
            "buyer": buyer.address,
            "units": choice.choice([1, free, (free + 1) // 2, free + 1, 0]),
            "cash": ZERO_ADDRESS if in_bank_money else self.cash[matter].address,
            "amount": choice.choice([100, 100, 7, 10**12]),
            "agent": agent.address if in_bank_money else ZERO_ADDRESS,
            "nonce": choice.choice([self.nonce, self.nonce, self.nonce, 1]),
            "deadline": self.facts.now + choice.choice([600, 600, 60, 0]),
        }
        trade = Words("Trade", tuple(words.values()))
        signers = [seller, buyer]
        if choice.random() < 0.15:
            signers[choice.randrange(2)] = self.cast.others[0]
        signatures = [self.signature(signer, trade) for signer in signers]
        function = "instruct" if in_bank_money else "settle"
        call = self.stage.settlement(function, trade.values, *signatures)
        if matter == CALLS_BACK and not in_bank_money:
            self.aim(choice, call.data)
        carrier = choice.choice([*self.cast.others[:2], seller, buyer])
        self.stage.next_block_at(self.stage.now + choice.choice([1, 1, 5]))
        if not carrier.actor.may(call):
            self.seen.refused[function] += 1
            return
        yen = None if in_bank_money else self.cash[matter]
        before = self.yen(yen, seller, buyer)
        self.send(carrier, call)
        agreed = frozenset(signer.address for signer in signers)
        self.judge(f"Settlement.{function}", carrier, words, agreed=agreed)
        if yen is not None:
            paid = words["amount"] if seller != buyer else 0
            assert paid == 0 or matter in (GOOD, CALLS_BACK), matter
            assert self.yen(yen, seller, buyer) == (before[0] + paid, before[1] - paid)
        else:
            self.open.append(Open(words["tradeId"], agent.address))
            self.holds.append(words["tradeId"])
        self.seen.done[function if matter != CALLS_BACK else f"{function}, calling back"] += 1

    def end(self, choice: random.Random) -> None:
        """The agent confirms or gives up; or somebody else tries."""
        found = choice.choice(self.open[-3:])
        agent = self.cast.member(found.agent)
        assert agent is not None
        caller = agent if choice.random() < 0.7 else choice.choice(self.cast.everybody)
        function = choice.choice(["confirmPayment", "confirmPayment", "abort"])
        more = [ref("PAYMENT")] if function == "confirmPayment" else []
        settlement = self.stage.settlement
        call = settlement(function, self.stage.token.address, found.trade_id, *more)
        self.stage.next_block_at(self.stage.now + choice.choice([1, 1, 60]))
        if not caller.actor.may(call):
            self.seen.refused[function] += 1
            return
        hold = Standing(*self.stage.token.ask("holdOf", found.trade_id))
        self.send(caller, call)
        words = {"agent": found.agent, "settlement": settlement.address}
        self.judge(f"Settlement.{function}", caller, words, hold=hold)
        self.seen.done[function] += 1

    # Parts ---------------------------------------------------------------------------------------

    def signature(self, signer: Member, trade: Words) -> bytes:
        assert isinstance(signer.actor, Person)
        return sign(signer.actor, self.market, trade)

    def yen(self, cash: Handle | None, *parties: Member) -> tuple[int, ...]:
        if cash is None:
            return ()
        return tuple(int(cash.ask("balanceOf", party.address)) for party in parties)

    def aim(self, choice: random.Random, trade: bytes) -> None:
        """The yen token will make this call from within the payment: the trade again, or any other."""
        cash, token = self.cash[CALLS_BACK], self.stage.token
        target, data = self.stage.settlement.address, trade
        if choice.random() < 0.6:
            writing = [entry for entry in token.interface.functions if entry.writes]
            entry = choice.choice(writing)
            words = Arguments(
                choice,
                self.facts,
                caller=cash.address,
                pool=self.pool,
                keys=[holder.address for holder in self.cast.holders],
                rules=self.rules,
                refs=self.refs,
                holds=self.holds,
                preset={},
            ).of(entry)
            target, data = token.address, entry.encode(*words.values())
        self.send(self.cast.others[0], cash("aim", target, data))
