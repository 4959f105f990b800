"""The workbench: a platform with one product on the embedded chain, and one account that holds the duties alone.

The duties of two persons are granted to a single key here, so that an act's own cost can be told from that of the
Safe around it; the Safe's figures stand beside. Everything is the same in every run, addresses and times included, so
every run gives the same gas.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from genbo.chain.accounts import account_of
from genbo.chain.call import Call
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.deploy import (
    collect_from,
    deploy_platform,
    deploy_product,
    plan_platform,
    plan_product,
)
from genbo.chain.desk import Desk
from genbo.chain.development import cast, development_parameters, person
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner, development_key
from genbo.chain.networks import EMBEDDED_CHAIN_ID
from genbo.chain.safe import send_by_safe
from genbo.chain.sender import Sender
from genbo.governance import Duty
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reference
from genbo.token import Act, LedgerTerms

PRODUCT = ProductId("BENCH")
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
TOMORROW = BEGINNING + timedelta(days=1)
EVIDENCE = Digest("0x" + "e7" * 32)
ALONE = (
    Duty.ISSUER,
    Duty.DISTRIBUTOR,
    Duty.RESTRICTOR,
    Duty.RELEASER,
    Duty.REPAIRER,
    Duty.PRODUCT_CREATOR,
    Duty.ANCHORER,
    Duty.CASH_ADMIN,
)
"""The duties that the bench's own account holds, so that it can act without a Safe."""


def terms(product: ProductId) -> LedgerTerms:
    """Complete terms of a product that may be redeemed at once and permits every class."""
    return LedgerTerms(
        product_id=product,
        name="Bench",
        symbol="BENCH",
        legal_category=101,
        terms_digest=EVIDENCE,
        transfer_control_id="BENCH",
        initial_beneficiary=account_of(
            InvestorId("I0"), PRODUCT, chain_id=EMBEDDED_CHAIN_ID
        ).address,
        authorised_cap=10**12,
        redemption_date=1,
        permitted_classes=0b111111,
    )


class Bench:
    """A platform with one product, the market open, and a notebook of what transactions cost."""

    def __init__(self) -> None:
        self.node = EmbeddedNode(genesis_at=BEGINNING)
        self.sender = Sender(self.node)
        self.gas: dict[str, float] = {}
        """Name of a figure to gas: of the whole transaction, or of one row of a batch."""
        self._refs = 0
        plan = plan_platform(
            self.node, development_parameters(), deployer=person("deployer").address
        )
        deployment = deploy_platform(plan, self.sender, deployer=person("deployer"))
        self.deployment = deploy_product(
            plan_product(self.node, deployment, terms(PRODUCT)),
            self.sender,
            collect=collect_from([signer for _, signer in cast().values()]),
            by=person("deployer"),
        )
        self._desk = Desk(self.deployment, cast())
        address = self.deployment.tokens[PRODUCT].address
        self.token = SecurityToken(self.node, address)
        self.services = TokenServices(self.node, address)
        self.platform = Platform(self.node, self.deployment.platform)
        self.manager = DutyManager(self.node, self.deployment.duty_manager)
        self.direct = development_key(50)
        for duty in ALONE:
            self.under_duty(self.manager.grant(duty, self.direct.address), Duty.ADMIN)
        self.under_duty(self.platform.open_market(), Duty.MARKET_OPERATOR)

    def holder(self, number: int) -> KeySigner:
        """Investor number so and so."""
        return account_of(InvestorId(f"I{number}"), PRODUCT, chain_id=self.node.chain_id)

    def holders(self, first: int, count: int) -> list[Address]:
        """The addresses of that many investors."""
        return [self.holder(number).address for number in range(first, first + count)]

    def ref(self, kind: str = "ACT") -> Reference:
        """A reference as long as those of practice, never used before."""
        self._refs += 1
        return Reference(f"{kind}-2024-{self._refs:06}")

    def act(self) -> Act:
        """The papers of an administrative movement."""
        return Act(ref=self.ref(), evidence=EVIDENCE)

    def does(self, call: Call, *, by: KeySigner | None = None) -> int:
        """Has the call made, by the bench's own account unless somebody is named; its gas."""
        return self.sender.send(call, by=by or self.direct).gas_used

    def cost(self, name: str, call: Call, *, by: KeySigner | None = None, rows: int = 1) -> None:
        """Notes what one transaction costs, per row of a batch."""
        used = self.does(call, by=by)
        self.gas[name] = used if rows == 1 else round(used / rows, 1)

    def cost_by_desk(self, name: str, call: Call, duty: Duty) -> None:
        """Notes what it costs when whoever holds the duty in production acts: a person, or a Safe of two."""
        self.gas[name] = self.under_duty(call, duty)

    def under_duty(self, call: Call, duty: Duty) -> int:
        """Has whoever holds the duty in production make the call; its gas."""
        hands = self._desk.hands_of(duty)
        keys = [key for _, key in hands.people]
        if hands.account == keys[0].address:
            return self.sender.send(call, by=keys[0]).gas_used
        carrier = person("deployer")
        return send_by_safe(self.sender, hands.account, call, owners=keys, by=carrier).gas_used

    def verify(self, accounts: Sequence[Address]) -> None:
        """Gives these investors a verdict without noting what it costs."""
        self.does(self.token.batch_set_verdict(accounts, until=FOREVER))
