"""Another version of the token's code: new services and acts beside the old ones, for the products to come.

Tokens keep the code they were created with for good. A version counts from here on for new products, and for those
that move to it (`chain.successor`); the record remembers what the others run, so that `verify` can tell them apart
from tokens that run something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from eth_utils.crypto import keccak

from genbo.chain import artifacts
from genbo.chain.addresses import contract_address
from genbo.chain.call import creation
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.token_factory import TokenFactory
from genbo.chain.deploy import wiring
from genbo.chain.deployments import Deployment, TokenRecord
from genbo.chain.keys import Signer
from genbo.chain.node import Node
from genbo.chain.sender import Sender
from genbo.chain.steps import Collect, Echo, Step, Steps, carry_out
from genbo.governance import Contract, Duty
from genbo.kernel import Address, Digest, Fault, Reason

_PARTS = ("SecurityToken", "TokenActs", "TokenServices")
"""What makes up a version."""


@dataclass(frozen=True, slots=True)
class CodePlan:
    """The steps that bring a version to the chain."""

    deployment: Deployment
    carrier: Address
    nonce: int
    """The carrier's number of the first step: both addresses follow from it."""
    services: Address
    acts: Address
    disbursement: Address | None
    """The payment contract; None where it stands already."""
    steps: tuple[Step, ...]


def plan_code(node: Node, deployment: Deployment, *, carrier: Address) -> CodePlan:
    """Resolves everything and sends nothing: the version is that of this package.

    Two persons approve the new code with its acts, and withdraw what was approved before. A platform that was deployed
    before there was a payment contract gets one, wired by ADMIN's Safe.
    """
    nonce = node.nonce(carrier)
    services, acts, payments = (contract_address(carrier, nonce + number) for number in range(3))
    stamp = node.stamp()
    factory = TokenFactory(node, deployment.factory)
    steps = Steps(node, deployment, stamp)
    steps.by_carrier(creation(artifacts.load("TokenServices")), creates=services)
    create_acts = creation(artifacts.load("TokenActs"), deployment.duty_manager, services)
    steps.by_carrier(create_acts, creates=acts)
    missing = deployment.disbursement is None
    if missing:
        manager = DutyManager(node, deployment.duty_manager)
        neighbours = (manager.address, deployment.anchor, deployment.settlement)
        steps.by_carrier(creation(artifacts.load("Disbursement"), *neighbours), creates=payments)
        wires = wiring(manager, Contract.DISBURSEMENT, payments)
        steps.by_safe(Duty.ADMIN, manager.together("wire the payments to the duties", wires))
    ours = Digest(artifacts.load("SecurityToken").code_hash)
    for code_hash in factory.approved(deployment.first_block, stamp).value:
        if code_hash != ours:
            withdraw = factory.approve_code(code_hash, None)
            steps.by_safe(Duty.PRODUCT_CREATOR, withdraw)
    steps.by_safe(Duty.PRODUCT_CREATOR, factory.approve_code(ours, acts))
    return CodePlan(
        deployment=deployment,
        carrier=carrier,
        nonce=nonce,
        services=services,
        acts=acts,
        disbursement=payments if missing else None,
        steps=steps.all(),
    )


def deploy_code(
    plan: CodePlan,
    sender: Sender,
    *,
    collect: Collect,
    by: Signer,
    echo: Echo = lambda _: None,
) -> Deployment:
    """Sends the steps; the deployment with the version recorded, and what its tokens ran until now.

    Raises:
        Refusal: `approvals_too_few` before anything is sent.
        Fault: `transaction_failed` when the carrier's key was used in between (plan again).
    """
    node = sender.node
    if by.address != plan.carrier or node.nonce(by.address) != plan.nonce:
        raise Fault(
            Reason.TRANSACTION_FAILED, problem="the carrier sent something else: plan again"
        )
    carry_out(plan.steps, sender, collect=collect, by=by, echo=echo)
    before = plan.deployment
    return replace(
        before,
        acts=plan.acts,
        services=plan.services,
        disbursement=plan.disbursement or before.disbursement,
        code_hashes={
            **before.code_hashes,
            **{name: artifacts.load(name).running_hash for name in (*_PARTS, "Disbursement")},
        },
        tokens={
            product: record if record.live_hash else _earlier(node, before, record)
            for product, record in before.tokens.items()
        },
    )


def _earlier(node: Node, deployment: Deployment, record: TokenRecord) -> TokenRecord:
    """The record of a token that stays with the version it was created with."""
    return replace(
        record,
        acts=deployment.acts,
        services=deployment.services,
        live_hash=live_hash(node.code(record.address).value),
    )


def live_hash(code: bytes) -> str:
    """keccak256 of running code as it stands, immutables included."""
    return "0x" + keccak(code).hex()
