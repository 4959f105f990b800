"""A chain of the development cast for tests: embedded, platform deployed, one product created, everybody's keys.

Building it takes half a second, so it is built once per session; a test takes the chain back to where it was.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genbo.chain.call import Call
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_factory import TokenFactory
from genbo.chain.deploy import (
    collect_from,
    deploy_platform,
    deploy_product,
    plan_platform,
    plan_product,
)
from genbo.chain.deployments import Deployment
from genbo.chain.development import FIRST_INVESTOR_KEY, cast, development_parameters, person
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner, Signer, development_key
from genbo.chain.parameters import PlatformParameters
from genbo.chain.remote import RemoteNode, connect
from genbo.chain.safe import send_by_safe
from genbo.chain.sender import Sender, Sent
from genbo.governance import Duty
from genbo.kernel import Digest, Fault, ProductId
from genbo.token import LedgerTerms

ROOT = Path(__file__).resolve().parents[2]
GENESIS = datetime(2021, 8, 10, tzinfo=UTC)
VERIFIED_UNTIL = datetime(2031, 1, 1, tzinfo=UTC)
PRODUCT = ProductId("P1")
CLASS = 1

BENEFICIARY, ANN, BOB, STRANGER = 0, 1, 2, 3
"""Numbers of investors; the first three are verified where a test says so."""


def investor(number: int) -> KeySigner:
    """The key of investor so and so."""
    return development_key(FIRST_INVESTOR_KEY + number)


def terms(product: ProductId = PRODUCT, **changed: object) -> LedgerTerms:
    """Complete terms of a product that may be redeemed from 2026-08-11 JST."""
    values: dict[str, object] = {
        "product_id": product,
        "name": "First residence",
        "symbol": "FIRST",
        "legal_category": 101,
        "terms_digest": Digest("0x" + "a1" * 32),
        "transfer_control_id": "G1",
        "initial_beneficiary": investor(BENEFICIARY).address,
        "authorised_cap": 2_000,
        "redemption_date": int(datetime(2026, 8, 10, 15, tzinfo=UTC).timestamp()),
        "permitted_classes": 1 << CLASS,
    }
    return LedgerTerms(**{**values, **changed})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Stage:
    """One chain with everything on it."""

    node: EmbeddedNode
    sender: Sender
    parameters: PlatformParameters
    deployment: Deployment

    @property
    def manager(self) -> DutyManager:
        return DutyManager(self.node, self.deployment.duty_manager)

    @property
    def platform(self) -> Platform:
        return Platform(self.node, self.deployment.platform)

    @property
    def factory(self) -> TokenFactory:
        return TokenFactory(self.node, self.deployment.factory)

    @property
    def token(self) -> SecurityToken:
        return SecurityToken(self.node, self.deployment.tokens[PRODUCT].address)

    def owners(self, duty: Duty) -> list[Signer]:
        """The keys of everybody who owns the Safe of that duty."""
        keys = cast()
        return [keys[owner][1] for owner in self.deployment.safe_of(duty).owners]

    def alone(self, call: Call, name: str) -> Sent:
        """One of the cast acts alone."""
        return self.sender.send(call, by=person(name))

    def together(self, call: Call, duty: Duty) -> Sent:
        """Two owners of the duty's Safe act."""
        return send_by_safe(
            self.sender,
            self.deployment.safe_of(duty).address,
            call,
            owners=self.owners(duty)[:2],
            by=person("deployer"),
        )

    def hold(self, call: Call, number: int) -> Sent:
        """An investor acts."""
        return self.sender.send(call, by=investor(number))

    def create_product(self, product: ProductId) -> Deployment:
        """Another product like the first; the deployment with it."""
        plan = plan_product(self.node, self.deployment, terms(product))
        return deploy_product(plan, self.sender, collect=collect_from(EVERYBODY), by=CARRIER)

    def verified(self, *numbers: int) -> None:
        """Gives these investors a verdict."""
        accounts = [investor(number).address for number in numbers]
        call = self.token.batch_set_verdict(accounts, until=VERIFIED_UNTIL, investor_class=CLASS)
        self.alone(call, "compliance-1")


EVERYBODY: Sequence[Signer] = [key for _, key in cast().values()]
CARRIER = person("deployer")


def build(
    *,
    genesis_at: datetime = GENESIS,
    path: Path | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Stage:
    """A new chain with the platform of the development cast and one product."""
    node = EmbeddedNode(genesis_at=genesis_at, path=path, clock=clock)
    sender = Sender(node)
    parameters = development_parameters()
    plan = plan_platform(node, parameters, deployer=CARRIER.address)
    deployment = deploy_platform(plan, sender, deployer=CARRIER)
    product = plan_product(node, deployment, terms())
    deployment = deploy_product(product, sender, collect=collect_from(EVERYBODY), by=CARRIER)
    return Stage(node, sender, parameters, deployment)


@pytest.fixture(scope="session")
def built_stage() -> Stage:
    return build()


@pytest.fixture
def stage(built_stage: Stage) -> Iterator[Stage]:
    """The chain as it was built; whatever a test does is taken back."""
    snapshot = built_stage.node.snapshot()
    yield built_stage
    built_stage.node.revert(snapshot)
    built_stage.sender.forget()


ANVIL = ROOT / "node_modules" / ".bin" / "anvil"


@contextmanager
def anvil(*arguments: str) -> Iterator[tuple[str, RemoteNode]]:
    """A local node on a free port, ended by its process id: its address and a connection."""
    with anvil_process(*arguments) as (url, _):
        yield url, _answering(url)


@contextmanager
def anvil_process(
    *arguments: str, port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `anvil`, with its process, which may be stopped, continued and ended."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    process = subprocess.Popen(
        [ANVIL, "--port", str(port), "--silent", *arguments], stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _answering(url)
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)  # should it have been stopped
            process.terminate()
        process.wait(timeout=10)


def _answering(url: str) -> RemoteNode:
    for _ in range(100):
        try:
            return connect(url)
        except Fault:
            time.sleep(0.05)
    raise AssertionError("anvil did not start")
