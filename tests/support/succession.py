"""A product with a life behind it, for moving it to a new token: holders in every state that there is.

Built once per session on a chain of its own; a test takes it back to where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import pytest
from eth_utils.crypto import keccak
from tests.support.chain import (
    CARRIER,
    CLASS,
    EVERYBODY,
    GENESIS,
    VERIFIED_UNTIL,
    Stage,
    build,
    investor,
    terms,
)

from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.holding_limit_rule import HoldingLimitRule
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.deploy import deploy_product, plan_product
from genbo.chain.development import person
from genbo.chain.documents import deploy_documents, plan_documents
from genbo.chain.hexes import address_of
from genbo.chain.keys import KeySigner
from genbo.chain.sender import Sender
from genbo.chain.steps import collect_from
from genbo.chain.successor.succession import Hands, Succession
from genbo.governance import Duty
from genbo.kernel import Address, Digest, ProductId, Reference
from genbo.token import Act

OLD = ProductId("P7")
NEW = ProductId("P7.2")
HOLDERS = 450
SMALL = 20
OTHER_CLASS = 5
EVIDENCE = Digest("0x" + "ee" * 32)
GROUP = "G7"

SELLER, BUYER = investor(1), investor(2)
"""Two holders who have keys."""


def holder(number: int) -> Address:
    """An address that nobody has the key of; what happens to it is done by duties."""
    return address_of(keccak(b"holder %d" % number)[12:])


BLOCKED, UNVERIFIED, EXPIRED = holder(3), holder(4), holder(5)
FROZEN, HALF_FROZEN, OVER_FROZEN = holder(6), holder(7), holder(8)
LOCKED, OWN, OTHER = holder(9), holder(10), holder(11)
REKEYED, REKEYED_ONCE, REKEYED_TWICE = holder(12), holder(9_001), holder(9_002)
EMPTY_BLOCKED = holder(9_003)
"""Never held a unit and must never receive one."""


@dataclass(frozen=True)
class Life:
    """The chain, and the product on it."""

    stage: Stage

    @cached_property
    def token(self) -> SecurityToken:
        return SecurityToken(self.stage.node, self.stage.deployment.tokens[OLD].address)

    @cached_property
    def services(self) -> TokenServices:
        return TokenServices(self.stage.node, self.token.address)

    @property
    def succession(self) -> Succession:
        return Succession(product=OLD, successor=NEW, reference="SUC-1")

    def hands(self, sender: Sender | None = None, **changed: object) -> Hands:
        """All owners of all Safes, one officer of compliance, and a carrier with no duty."""
        usual = Hands(
            sender=sender or self.stage.sender,
            collect=collect_from(EVERYBODY),
            carrier=CARRIER,
            persons={Duty.RESTRICTOR: person("compliance-1")},
        )
        return replace(usual, **changed)  # type: ignore[arg-type]

    def hold(self, ref: str, *, for_: timedelta, by: KeySigner = SELLER) -> None:
        """The seller promises 10 units to the buyer."""
        call = self.services.create_hold(
            Reference(ref),
            BUYER.address,
            10,
            expiry=self.stage.node.stamp().at + for_,
            notary=CARRIER.address,
        )
        self.stage.sender.send(call, by=by)

    def later(self, days: float) -> datetime:
        """Lets time pass; the instant of the next block."""
        at = self.stage.node.stamp().at + timedelta(days=days)
        self.stage.node.advance_to(at)
        return at


def live(holders: int = HOLDERS) -> Life:
    """Issue, distributions on four days, trades, two splits most holders were not touched by since, and restrictions
    of every kind.
    """
    stage = build(genesis_at=GENESIS)
    beneficiary = investor(0).address
    given = terms(
        OLD,
        transfer_control_id=GROUP,
        authorised_cap=5_000_000,
        permitted_classes=1 << CLASS | 1 << OTHER_CLASS,
    )
    plan = plan_product(stage.node, stage.deployment, given)
    deployment = deploy_product(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    papers = plan_documents(stage.node, deployment, OLD, carrier=CARRIER.address)
    deployment = deploy_documents(papers, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    stage = replace(stage, deployment=deployment)
    life = Life(stage)
    token, node = life.token, stage.node
    people = [SELLER.address, BUYER.address, *(holder(number) for number in range(3, holders))]

    def restrict(call: object) -> None:
        stage.alone(call, "compliance-1")  # type: ignore[arg-type]

    def verify(accounts: list[Address], until: datetime, investor_class: int = CLASS) -> None:
        for first in range(0, len(accounts), 200):
            part = accounts[first : first + 200]
            restrict(token.batch_set_verdict(part, until=until, investor_class=investor_class))

    soon = node.stamp().at + timedelta(days=40)
    restrict(token.enable_holder_count())
    verify([beneficiary, *people], VERIFIED_UNTIL)
    verify([EXPIRED], soon)
    verify([OTHER], VERIFIED_UNTIL, OTHER_CLASS)
    stage.alone(stage.platform.open_market(), "market-1")
    stage.together(token.issue([beneficiary], [100_000], Act(ref=Reference("I-1"))), Duty.ISSUER)
    for day in range(4):
        part = people[day::4]
        units = [20 + (number % 50) for number in range(len(part))]
        call = token.distribute(part, units, Reference(f"D-{day}"))
        stage.alone(call, "distribution-1")
        life.later(3)
    stage.sender.send(token.transfer(BUYER.address, 5, Reference("T-1")), by=SELLER)
    stage.sender.send(token.transfer(SELLER.address, 2), by=BUYER)
    stage.together(token.split(10, Act(ref=Reference("S-1")), epoch=0), Duty.ISSUER)
    stage.sender.send(token.transfer(BUYER.address, 30), by=SELLER)
    rule = stage.sender.send(HoldingLimitRule.create(token.address, most=9_000), by=CARRIER)
    assert rule.created is not None
    restrict(token.set_rule(rule.created))

    restrict(token.freeze(HALF_FROZEN, 35))
    restrict(token.set_frozen_units(OVER_FROZEN, 1_000_000))
    restrict(token.set_address_frozen(FROZEN, frozen=True))
    restrict(token.set_lock_up(LOCKED, until=node.stamp().at + timedelta(days=400)))
    restrict(token.set_own_account(OWN, own_account=True))
    for old, new in ((REKEYED, REKEYED_ONCE), (REKEYED_ONCE, REKEYED_TWICE)):
        act = Act(ref=Reference(f"K-{new[2:8]}"), evidence=EVIDENCE)
        stage.together(token.rekey(old, new, act), Duty.REPAIRER)
    stage.together(token.split(3, Act(ref=Reference("S-2")), epoch=1), Duty.ISSUER)
    life.later(60)  # the verdict of EXPIRED ends
    restrict(token.set_verdict(BLOCKED, until=VERIFIED_UNTIL, investor_class=CLASS, blocked=True))
    restrict(token.set_verdict(EMPTY_BLOCKED, until=None, blocked=True))
    restrict(token.set_verdict(UNVERIFIED, until=None))
    restrict(token.set_product_lock_up(until=node.stamp().at + timedelta(days=1)))
    restrict(token.set_permitted_classes(1 << CLASS))  # OTHER's class is no longer one of them
    registry = stage.deployment.tokens[OLD].documents
    assert registry is not None
    documents = DocumentRegistry(node, registry)
    for name in ("PROSPECTUS", "TRUST"):
        call = documents.set_document(name, uri=f"urn:genbo:{name}", digest=EVIDENCE)
        stage.together(call, Duty.DOCUMENT_KEEPER)
    return life


def _taken_back(built: Life) -> Iterator[Life]:
    snapshot = built.stage.node.snapshot()
    yield built
    built.stage.node.revert(snapshot)
    built.stage.sender.forget()


@pytest.fixture(scope="session")
def built_life() -> Life:
    return live()


@pytest.fixture
def life(built_life: Life) -> Iterator[Life]:
    """The product with all its holders; whatever a test does is taken back."""
    yield from _taken_back(built_life)


@pytest.fixture(scope="session")
def built_small_life() -> Life:
    return live(SMALL)


@pytest.fixture
def small_life(built_small_life: Life) -> Iterator[Life]:
    """The same life with few holders, for tests in which their number does not matter."""
    yield from _taken_back(built_small_life)
