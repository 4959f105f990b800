"""The stage: one platform, one product, and everybody who plays a part.

Three states are prepared, and every test begins in one of them:

`offered`: 1,453 units issued; ann has 2, bob 51, corp 400, the initial beneficiary the other 1,000. Everybody here is
verified until 2031, ann and bob in class 0, corp in class 1, both permitted. The market is open.
`unissued`: the same, before anything was issued.
`ready`: the redemption date has come, and whatever any function needs to succeed is there: an allowance (bob allows
ann 5), frozen units (5 of the stranger, who has none), a redemption to undo (1 unit of corp under `BURN-1`), a second
transfer-enable group; 2 units of the beneficiary under the hold `HOLD-1` (for bob, ann is the notary) and 3 under the
instructed trade `TRADE-1` (for bob, ann is the agent), 100 yen with corp, a document, a product that was never issued
(`draft`) and one that carries the same total (`successor`); the payee list of `RUN-1` is anchored, with four lines, and
corp has allowed the payment contract 100 yen more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.contracts.actors import Actor, Ledger, Machine, Person, TwoPersons
from tests.contracts.handle import Event, Handle, events_of
from tests.support import chain

from genbo.chain import artifacts
from genbo.chain.call import creation
from genbo.chain.development import cast
from genbo.governance import Contract, Duty, bound_functions
from genbo.kernel import ZERO_ADDRESS, Address, ProductId, to_bytes32
from genbo.token import LedgerTerms

PRODUCT = chain.PRODUCT
GROUP = "G1"
CAP = 2_000
ISSUED = 1_453
TERMS_HASH = bytes.fromhex("a1" * 32)
EVIDENCE = bytes.fromhex("e7" * 32)
NONE32 = bytes(32)
PAYEE_LIST, RECORD_DAY, ROOT = 1, 20260131, b"\xab" * 32
"""Kind, day and root under which the payee list of `RUN-1` is anchored."""

REKEY_ACT = "recoveryAddress(address,address,(bytes32,bytes32,uint32))"
"""Re-keying with papers; the form of ERC-3643 has the same name."""

VERIFIED_UNTIL = int(datetime(2031, 1, 1, tzinfo=UTC).timestamp())
DUE = int(datetime(2026, 8, 10, 15, tzinfo=UTC).timestamp())
"""The redemption date: 2026-08-11 00:00 JST."""

RETAIL, CORPORATE, BANNED = 0, 1, 2
"""Investor classes; the product permits the first two."""
PERMITTED = 1 << RETAIL | 1 << CORPORATE

_BENEFICIARY, _ANN, _BOB, _CORP, _STRANGER, _SPARE = range(6)


def ref(text: str) -> bytes:
    """A reference as the ledger has it."""
    return to_bytes32(text)


def act(
    reference: str | None, *, evidence: bytes = EVIDENCE, delivery: int = 0
) -> tuple[bytes, bytes, int]:
    """The papers of an administrative movement."""
    return (NONE32 if reference is None else ref(reference), evidence, delivery)


class Stage:
    """The platform, the product and the people. One per test session; tests take it back to a state."""

    def __init__(self) -> None:
        built = chain.build()
        self.node, self.sender = built.node, built.sender
        self.parameters = built.parameters
        deployment = self.deployment = built.deployment
        self._names: dict[Address, str] = {}
        self.ledger = Ledger(self.sender, self._names, chain.CARRIER)
        self.manager = self.at("DutyManager", deployment.duty_manager)
        self.platform = self.at("Platform", deployment.platform)
        self.factory = self.at("TokenFactory", deployment.factory)
        self.settlement = self.at("Settlement", deployment.settlement)
        self.anchor = self.at("RegisterAnchor", deployment.anchor)
        assert deployment.disbursement is not None
        self.disbursement = self.at("Disbursement", deployment.disbursement)
        self.token = self.at("SecurityToken", deployment.tokens[PRODUCT].address)
        self.documents: Handle
        self.yen: Handle
        self.draft: Handle
        """A product like the first that was never issued; from `ready` on."""
        self.successor: Handle
        """A product of which as many units were issued as the first has left; from `ready` on."""

        self.admin = self.safe("governance")
        self.issuer = self.safe("issue")
        self.releaser = self.safe("compliance")
        self.repairer = self.safe("repair")
        self.resumer = self.safe("supervision")
        self.distributor = self.operator("distribution-1")
        self.restrictor = self.operator("compliance-1")
        self.stopper = self.operator("operator-1")
        self.market_operator = self.operator("market-1")
        self.anchorer = self.operator("anchor-1")

        self.beneficiary = self.person(_BENEFICIARY)
        self.ann = self.person(_ANN)
        self.bob = self.person(_BOB)
        self.corp = self.person(_CORP)
        self.stranger = self.person(_STRANGER)
        """Somebody nobody ever judged, with no duty and no units."""
        self.spare = self.person(_SPARE)
        """A key nobody has used yet."""

        self.unissued = self._before_issue()
        self.offered = self._offer()
        self.ready = self._make_ready()

    # Who acts, and on what ---------------------------------------------------------------------------

    def at(self, artifact: str, address: Address) -> Handle:
        """The contract at that address; its events count from now on."""
        self._names[address] = artifact
        return Handle(self.node, artifact, address)

    def person(self, number: int) -> Person:
        """Investor number so and so; from 10 on they are nobody's in particular."""
        return Person(self.ledger, chain.investor(number))

    def operator(self, name: str) -> Person:
        """One of the development cast, alone."""
        return Person(self.ledger, chain.person(name))

    def safe(self, name: str) -> TwoPersons:
        signers = {address: signer for address, (_, signer) in cast().items()}
        owners = [signers[owner] for owner in self.parameters.safes[name].owners]
        return TwoPersons(self.ledger, self.deployment.safes[name].address, owners)

    def machine(self, contract: Handle) -> Machine:
        return Machine(self.ledger, contract.address)

    def holder_of(self, duty: Duty) -> Actor:
        """The one who holds the duty here: a person where one suffices, else a Safe or a contract."""
        if duty is Duty.FACTORY:
            return self.machine(self.factory)
        if duty in self.parameters.operators:
            return self._people[self.parameters.operators[duty][0]]
        return next(
            self.safe(name) for name, safe in self.parameters.safes.items() if duty in safe.duties
        )

    def duties_of(self, actor: Actor) -> frozenset[Duty]:
        """The duties an actor was given; none for owners of Safes as such, and for holders."""
        safes = self.parameters.safes
        held = {
            duty
            for name in safes
            if self.safe(name).address == actor.address
            for duty in safes[name].duties
        }
        held |= {duty for duty, who in self.parameters.operators.items() if actor.address in who}
        if actor.address == self.factory.address:
            held.add(Duty.FACTORY)
        return frozenset(held)

    def everybody(self) -> list[Actor]:
        """Every Safe, the whole cast person by person, our contracts, and the holders."""
        contracts = (
            *(self.manager, self.platform, self.factory, self.token),
            *(self.settlement, self.anchor, self.disbursement, self.documents),
        )
        return [
            *(self.safe(name) for name in self.parameters.safes),
            *self._people.values(),
            *(self.machine(contract) for contract in contracts),
            *self._holders,
        ]

    @property
    def _people(self) -> dict[Address, Person]:
        return {address: Person(self.ledger, key) for address, (_, key) in cast().items()}

    def create(self, artifact: str, *arguments: Any) -> Address:
        """A contract of that artifact, put on the ledger by somebody without a duty."""
        sent = self.sender.send(creation(artifacts.load(artifact), *arguments), by=chain.CARRIER)
        assert sent.created is not None
        return sent.created

    # Time and state ----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """UTC seconds of the latest block: the time at which questions are answered."""
        return int(self.node.stamp().at.timestamp())

    def next_block_at(self, at: int) -> None:
        """The next act happens at that UTC second."""
        self.node.next_block_at(datetime.fromtimestamp(at, UTC))

    def advance_to(self, at: int) -> None:
        """Now it is that UTC second; the next act happens one second later."""
        self.node.advance_to(datetime.fromtimestamp(at, UTC))

    def take_back_to(self, snapshot: str) -> None:
        self.node.revert(snapshot)
        self.sender.forget()

    # What the token says -----------------------------------------------------------------------------

    def balance(self, who: Actor | Address) -> int:
        return int(self.token.ask("balanceOf", _address(who)))

    def frozen(self, who: Actor | Address) -> int:
        return int(self.token.ask("getFrozenTokens", _address(who)))

    def word(self, who: Actor | Address) -> int:
        return int(self.token.ask("accountWord", _address(who)))

    @property
    def total(self) -> int:
        return int(self.token.ask("totalSupply"))

    @property
    def cap(self) -> int:
        return int(self.token.ask("supply")[1])

    def reason(self, giver: Actor | Address, taker: Actor | Address, units: int) -> int:
        return int(self.token.ask("reasonOf", _address(giver), _address(taker), units))

    def logs_of(self, contract: Handle) -> list[Event]:
        """All events of the contract so far."""
        logs = self.node.logs(addresses=[contract.address], first=0, last=self.node.stamp().number)
        return events_of(logs, self._names)

    def everything(self) -> tuple[Any, ...]:
        """All that the token says about itself and about everybody here, to see that nothing changed."""
        people = (self.beneficiary, self.ann, self.bob, self.corp, self.stranger, self.spare)
        return (
            self.token.ask("controlWord"),
            self.token.ask("supply"),
            self.token.ask("initialBeneficiary"),
            self.token.ask("termsHash"),
            *(self.word(person) for person in people),
        )

    # Building ----------------------------------------------------------------------------------------

    def terms(self, product: str, **changed: Any) -> LedgerTerms:
        """The terms of another product like the first."""
        return chain.terms(ProductId(product), **changed)

    def product(self, product: str, **changed: Any) -> Handle:
        """Another product, created and wired like the first."""
        plan = chain.plan_product(self.node, self.deployment, self.terms(product, **changed))
        everybody = chain.collect_from(chain.EVERYBODY)
        chain.deploy_product(plan, self.sender, collect=everybody, by=chain.CARRIER)
        return self.at("SecurityToken", plan.token)

    def wire(self, contract: Contract, handle: Handle) -> None:
        """Binds each function of the contract to its duty."""
        by_duty: dict[Duty, list[bytes]] = {}
        for signature, duty in bound_functions(contract):
            by_duty.setdefault(duty, []).append(handle.selector(signature))
        for duty, selectors in by_duty.items():
            wire = self.manager("setTargetFunctionRole", handle.address, selectors, int(duty))
            self.admin.does(wire)

    def _before_issue(self) -> str:
        manager, token = self.manager.address, self.token.address
        self.documents = self.at(
            "DocumentRegistry", self.create("DocumentRegistry", manager, token)
        )
        self.wire(Contract.DOCUMENTS, self.documents)
        self.yen = self.at("TestYen", self.create("TestYen"))
        self.releaser.does(self.token("setPermittedClasses", PERMITTED))
        retail = [who.address for who in (self.beneficiary, self.ann, self.bob)]
        self.restrictor.does(self.token("batchSetVerdict", retail, VERIFIED_UNTIL, RETAIL, False))
        self.restrictor.does(
            self.token("setVerdict", self.corp.address, VERIFIED_UNTIL, CORPORATE, False)
        )
        self.market_operator.does(self.platform("openMarket"))
        return self.node.snapshot()

    def _offer(self) -> str:
        self.issuer.does(self.token("issue", [self.beneficiary.address], [ISSUED], act("ISSUE-1")))
        allotted = {self.ann: 2, self.bob: 51, self.corp: 400}
        self.distributor.does(
            self.token(
                "distribute",
                [who.address for who in allotted],
                list(allotted.values()),
                ref("DIST-1"),
            )
        )
        return self.node.snapshot()

    def _make_ready(self) -> str:
        self.advance_to(DUE)
        self.bob.does(self.token("approve", self.ann.address, 5))
        self.restrictor.does(self.token("freezePartialTokens", self.stranger.address, 5))
        self.issuer.does(self.token("redeem", [self.corp.address], [1], act("BURN-1")))
        self.repairer.does(self.platform("createGroup", ref("G2"), True))
        self.issuer.does(self.documents("setDocument", ref("DOC-1"), "doc:1", EVIDENCE))
        self._make_holds_ready()
        self.corp.does(self.yen("mint", self.corp.address, 100))
        self.corp.does(self.yen("approve", self.disbursement.address, 100))
        self.anchorer.does(self.anchor("anchor", PAYEE_LIST, ref("RUN-1"), RECORD_DAY, ROOT, 5))
        self.draft = self.product("P0")
        self.successor = self.product("P1-2")
        heir = self.beneficiary.address
        self.restrictor.does(self.successor("setVerdict", heir, VERIFIED_UNTIL, CORPORATE, False))
        self.issuer.does(self.successor("issue", [heir], [self.total], act("ISSUE-1")))
        return self.node.snapshot()

    def _make_holds_ready(self) -> None:
        """Something to deliver, something to settle, and the yen for it."""
        token, settlement = self.token, self.settlement.address
        bob, ann = self.bob.address, self.ann.address
        self.beneficiary.does(token("createHold", ref("HOLD-1"), bob, 2, VERIFIED_UNTIL, ann))
        self.beneficiary.does(token("approve", settlement, 3))
        self.bob.does(token("approve", settlement, 10))
        self.corp.does(self.yen("mint", self.corp.address, 100))
        self.corp.does(self.yen("approve", settlement, 100))
        self.issuer.does(self.settlement("allowCash", self.yen.address, True))
        trade = self.trade("TRADE-1", self.beneficiary, self.bob, 3, agent=ann)
        self.stranger.does(self.settlement("instruct", *self.signed(trade)))

    @property
    def run(self) -> tuple[Any, ...]:
        """The struct `PaymentOrder` of `RUN-1`."""
        return (ref("RUN-1"), RECORD_DAY, ROOT, self.yen.address, self.corp.address)

    def trade(
        self,
        trade_id: str,
        seller: Person,
        buyer: Person,
        units: int,
        *,
        amount: int = 100,
        agent: Address = ZERO_ADDRESS,
        nonce: int = 1,
    ) -> tuple[Any, ...]:
        """The struct `Trade`: against the yen token, or bank money where there is an agent."""
        cash = self.yen.address if agent == ZERO_ADDRESS else ZERO_ADDRESS
        parties = (self.token.address, seller.address, buyer.address)
        last = VERIFIED_UNTIL - 1
        return (ref(trade_id), *parties, units, cash, amount, agent, nonce, last)

    def signed(self, trade: tuple[Any, ...]) -> tuple[Any, bytes, bytes]:
        """The trade with the signatures of its seller and its buyer."""
        digest = bytes(self.settlement.ask("tradeDigest", trade))
        keys = {person.address: person.signer for person in self._holders}
        return (trade, *(keys[party].sign_digest(digest) for party in trade[2:4]))

    @property
    def _holders(self) -> tuple[Person, ...]:
        return (self.beneficiary, self.ann, self.bob, self.corp, self.stranger)


def _address(who: Actor | Address) -> Address:
    return who if isinstance(who, str) else who.address
