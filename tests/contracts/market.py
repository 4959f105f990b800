"""The market: a yen token, the settlement contract, and parties who are ready to trade.

Bob sells and corp buys, unless a test says otherwise. Both have allowed the settlement contract without limit on the
token and on the yen token, so does ann; each of the three has a hundred million yen. The agent has no units.
Built once on the stage as offered; every test gets it as it was built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from tests.contracts.actors import Actor, Person
from tests.contracts.handle import Event, Handle
from tests.contracts.stage import Stage, ref
from tests.contracts.typed import Domain, Words, digest, sign

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS, Address

UNLIMITED = 2**256 - 1
YEN = 100_000_000
PRICE = 1_012_000
"""Yen per unit, as in requirements D.4."""
LATER = 24 * 3_600
"""A deadline is a day away."""
TRADE = ref("TRADE-1")

SETTLE = "settle"
INSTRUCT = "instruct"


class Market:
    """Everything that delivery versus payment needs."""

    _built: ClassVar[WeakKeyDictionary[Stage, Market]] = WeakKeyDictionary()

    @classmethod
    def on(cls, stage: Stage) -> Market:
        """The market on that stage, as it was built."""
        if stage not in cls._built:
            stage.take_back_to(stage.offered)
            cls._built[stage] = cls(stage)
        market = cls._built[stage]
        stage.take_back_to(market._snapshot)
        for contract in (market.settlement, market.yen):
            # Another test may have had another contract at the same address.
            stage.at(contract.name, contract.address)
        market._nonces = count(7)
        return market

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.token = stage.token
        self.seller, self.buyer, self.third = stage.bob, stage.corp, stage.ann
        self.agent = stage.person(30)
        self.anybody = stage.person(31)
        """Somebody without a part in anything: carries what others signed."""
        self.settlement = stage.at("Settlement", stage.deployment.settlement)
        self.yen = self.allowed_cash("TestYen")
        for party in (self.seller, self.buyer, self.third):
            self.ready(party)
        self._nonces = count(7)
        self._snapshot = stage.node.snapshot()

    # Preparing ---------------------------------------------------------------------------------------

    def allowed_cash(self, artifact: str, *arguments: Any) -> Handle:
        """A new yen token, on the list."""
        cash = self.stage.at(artifact, self.stage.create(artifact, *arguments))
        self.stage.issuer.does(self.settlement("allowCash", cash.address, True))
        return cash

    def ready(self, party: Person, cash: Handle | None = None) -> None:
        """Gives the party its yen, and the settlement contract its allowances."""
        cash = cash or self.yen
        party.does(cash("mint", party.address, YEN))
        for asset in (self.token, cash):
            party.does(asset("approve", self.settlement.address, UNLIMITED))

    # What is signed ----------------------------------------------------------------------------------

    @property
    def domain(self) -> Domain:
        chain_id = self.stage.node.chain_id
        return Domain("Genbo Settlement", "1", chain_id, self.settlement.address)

    def nonce(self) -> int:
        """A number that nobody used."""
        return next(self._nonces)

    def trade(self, **changed: Any) -> Words:
        """Bob sells five units to corp, for yen on the chain."""
        values: dict[str, Any] = {
            "tradeId": TRADE,
            "token": self.token.address,
            "seller": self.seller.address,
            "buyer": self.buyer.address,
            "units": 5,
            "cash": self.yen.address,
            "amount": 5 * PRICE,
            "agent": ZERO_ADDRESS,
            "nonce": self.nonce(),
            "deadline": self.stage.now + LATER,
        }
        return Words("Trade", tuple((values | changed).values()))

    def bank_trade(self, **changed: Any) -> Words:
        """The same for money at a bank, which the agent confirms."""
        return self.trade(**{"cash": ZERO_ADDRESS, "agent": self.agent.address, **changed})

    def batch(self, nets: Mapping[Address, tuple[int, int]], **changed: Any) -> Words:
        """The net positions, party by party: units and yen, received where positive."""
        parties = sorted(nets, key=lambda address: int(address, 16))
        values: dict[str, Any] = {
            "batchId": ref("BATCH-1"),
            "token": self.token.address,
            "cash": self.yen.address,
            "participants": parties,
            "units": [nets[party][0] for party in parties],
            "amounts": [nets[party][1] for party in parties],
            "nonce": self.nonce(),
            "deadline": self.stage.now + LATER,
        }
        return Words("NetBatch", tuple((values | changed).values()))

    # Acting ------------------------------------------------------------------------------------------

    def signed(
        self,
        trade: Words,
        function: str = SETTLE,
        *,
        seller: Person | None = None,
        buyer: Person | None = None,
    ) -> Call:
        """The trade with both signatures, ready for anybody to send."""
        signatures = [
            sign(who, self.domain, trade) for who in (seller or self.seller, buyer or self.buyer)
        ]
        return self.settlement(function, trade.values, *signatures)

    def signed_batch(self, batch: Words, parties: Sequence[Person]) -> Call:
        """The batch with the signatures of its participants, in their order."""
        keys = {party.address: party for party in parties}
        order = batch.values[batch.members.index("participants")]
        signatures = [sign(keys[address], self.domain, batch) for address in order]
        return self.settlement("settleNet", batch.values, signatures)

    def digest(self, words: Words) -> bytes:
        return digest(self.domain, words)

    def sends(self, call: Call) -> list[Event]:
        """Anybody sends it; what it says, in order."""
        return self.anybody.does(call)

    # What is where -----------------------------------------------------------------------------------

    def yen_of(self, who: Actor | Address, cash: Handle | None = None) -> int:
        address = who if isinstance(who, str) else who.address
        return int((cash or self.yen).ask("balanceOf", address))

    def everything(self) -> tuple[Any, ...]:
        """All that the token says, and everybody's yen."""
        parties = (self.seller, self.buyer, self.third)
        yen = tuple(self.yen_of(party) for party in parties)
        held = tuple(self.token.ask("heldUnits", party.address) for party in parties)
        return (*self.stage.everything(), yen, held)
